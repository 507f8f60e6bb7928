"""Vacancy risk: what it sees is counted by eye, a unit's own state never is, and it says when it cannot know."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vacant_towns import quarters, town

from geodata.errors import GeodataError
from location_model.vacancy_risk import LEAST, Units, risk, units_of


def with_a_far_quarter(xy: list[tuple[float, float]], vacant: list[bool]) -> tuple[np.ndarray, np.ndarray]:
    """The units to look at, and 30 vacant and 30 occupied ones so far away that they do not count."""
    far = [(100_000.0 + 5_000 * i, 0.0) for i in range(2 * LEAST)]
    return np.array(xy + far), np.array(vacant + [True, False] * LEAST)


def seen_by(xy: list[tuple[float, float]], vacant: list[bool], **columns: object) -> Units:
    return units_of(town(*with_a_far_quarter(xy, vacant), **columns))


def test_surroundings_are_summed_over_the_other_units() -> None:
    units = seen_by([(0, 0), (25, 0), (0, 100)], [False, True, True])
    to_third = np.hypot(25, 100)
    assert units.near[:2] == pytest.approx([np.exp(-0.5) + np.exp(-2), np.exp(-0.5) + np.exp(-to_third / 50)])
    assert units.around[0] == pytest.approx(np.exp(-25 / 200) + np.exp(-0.5))
    assert units.seen[0] == units.empty[0] == pytest.approx(np.exp(-1) + np.exp(-4))
    assert units.empty[1] == pytest.approx(np.exp(-to_third / 25))  # its own vacancy is not among them
    assert list(units.within_50_m[:3]) == [1, 1, 0] and list(units.within_200_m[:3]) == [2, 2, 2]
    assert units.seen[3] == 0 and units.neighbour_share(0.2)[3] == 0.2  # nobody near: the share it is drawn to


def test_a_shared_building_counts_whole_and_what_is_surveyed_as_it_is() -> None:
    nothing = [float("nan")] * 2 * LEAST
    units = seen_by(
        [(0, 0), (5, 0), (10, 0), (500, 0), (900, 0), (905, 0), (910, 0)],
        [False] * 7,
        floor_area_m2=[80.0, 80.0, 80.0, 80.0, 150.0, 150.0, 0.0, *nothing],
        floor_area_basis=["footprint"] * 4 + ["surveyed"] * 2 + ["footprint"] + [None] * 2 * LEAST,
    )
    assert units.size_m2[:6] == pytest.approx([300, 300, 300, 100, 150, 150])
    assert np.isnan(units.size_m2[6:]).all() and (units.size[6:] == 0).all()
    assert units.size[:6] == pytest.approx([0, 0, 0, np.log(100 / 300), 0, 0])  # against its own way of measuring


@settings(deadline=None, max_examples=20)
@given(flipped=st.integers(0, 79), seed=st.integers(0, 5))
def test_a_units_own_state_changes_nothing_in_what_is_seen_of_it(flipped: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    xy, vacant = rng.uniform(0, 400, (80, 2)), np.arange(80) % 2 == 0
    other = vacant.copy()
    other[flipped] = ~other[flipped]
    before, after = (units_of(town(xy, v)).features(0.2) for v in (vacant, other))
    assert after[flipped] == pytest.approx(before[flipped])
    assert not np.allclose(after, before)  # its neighbours do see it


@pytest.mark.parametrize("vacant", [0, LEAST - 1, 200 - LEAST + 1, 200])
def test_too_few_of_either_kind_are_refused_in_both_languages(vacant: int) -> None:
    xy = np.random.default_rng(0).uniform(0, 1000, (200, 2))
    with pytest.raises(GeodataError, match=f"30 vacant .* there are {vacant}") as refused:
        risk(town(xy, np.arange(200) < vacant), with_neighbours=False)
    assert "leegstandslijst" in refused.value.text("nl")


def test_units_that_all_stand_at_one_place_are_refused() -> None:
    with pytest.raises(GeodataError, match="at 1 places only"):
        risk(town(np.zeros((80, 2)), np.arange(80) % 2 == 0), with_neighbours=True)


def test_units_in_the_margin_are_neighbours_but_get_no_figure() -> None:
    xy, vacant = quarters(np.random.default_rng(1)), np.arange(400) % 4 == 0
    margin = np.arange(400) % 10 == 5
    found = risk(town(xy, vacant, in_study=~margin), with_neighbours=True)
    assert list(found.index) == [f"node/{i}" for i in np.flatnonzero(~margin)]
    assert units_of(town(xy, vacant, in_study=~margin)).seen == pytest.approx(units_of(town(xy, vacant)).seen[~margin])


def test_where_one_street_in_two_is_half_empty_the_neighbours_show_it() -> None:
    rng = np.random.default_rng(2)
    xy = quarters(rng)
    weak = (xy[:, 0] // 800 + xy[:, 1].round(-2) // 800) % 2 == 1
    vacant = rng.random(400) < np.where(weak, 0.6, 0.05)
    found = risk(town(xy, vacant), with_neighbours=True)
    assert ((found["low"] < found["probability"]) & (found["probability"] < found["high"])).mean() > 0.95
    assert found["probability"].between(0, 1).all()
    assert found["probability"][weak].mean() > 0.4 > 0.2 > found["probability"][~weak].mean()
    worst = found.loc[found["probability"].idxmax(), "reasons"][0]
    assert worst.to("en").startswith("raises the risk: ") and "next door" in worst.to("en")
    assert worst.to("nl").startswith("verhoogt het risico: ") and "panden ernaast staat leeg" in worst.to("nl")
    assert all(len(r) <= 3 for r in found["reasons"])
    pd.testing.assert_frame_equal(found, risk(town(xy, vacant), with_neighbours=True))


def test_an_unknown_size_is_never_a_reason() -> None:
    xy = quarters(np.random.default_rng(3))
    size = np.where(np.arange(400) % 2 == 0, np.where(np.arange(400) % 4 == 0, 40.0, 900.0), np.nan)
    found = risk(town(xy, size == 40, floor_area_m2=size, floor_area_basis="surveyed"), with_neighbours=False)
    says = np.array(["m²" in " ".join(map(str, r)) for r in found["reasons"]])
    assert says[::2].all() and not says[1::2].any()
    assert found["probability"].iloc[0::4].min() > 0.5 > found["probability"].iloc[2::4].max()
