"""Learnt weights find what turnover was made of, never weigh against themselves, and few shops claim little."""

import itertools
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata import hexgrid
from geodata.branches import read_branches
from geodata.errors import GeodataError
from geodata.store import Store
from location_model.learned import learn, usable
from location_model.presets import preset
from location_model.profile import Criterion, ScoringProfile, less, more
from location_model.score import rescore, score_area
from location_model.shop_ranking import ranks_as_turnover
from location_model.shop_values import relative, values_at

LAYERS = ["homes", "passers-by", "rivals", "parking"]


def profile(*weights: float) -> ScoringProfile:
    worth = [more(0, 100), more(0, 100), less(0, 100), more(0, 100)]
    rows = zip(LAYERS, weights, worth, strict=True)
    return ScoringProfile("bakery", tuple(Criterion(*row) for row in rows))


def shops(n: int, seed: int = 0) -> pd.DataFrame:
    """Layer values of n shops, spread over the whole of what they can be worth."""
    values = np.random.default_rng(seed).uniform(0, 100, (n, 4))
    return pd.DataFrame(values, index=[f"W{i}" for i in range(n)], columns=LAYERS)


def turnover(values: pd.DataFrame, weights: tuple[float, ...], noise: float = 0.0) -> dict[str, float]:
    """€ 200,000 and up to € 600,000 more, as the criteria are worth; noise as a share."""
    v = (values / 100).assign(rivals=1 - values["rivals"] / 100).to_numpy()
    made = 200_000 + 600_000 * v @ np.array(weights) / sum(weights)
    made *= 1 + noise * np.random.default_rng(1).normal(size=len(v))
    return dict(zip(values.index, made.tolist(), strict=True))


def weights_of(found: ScoringProfile) -> list[float]:
    return [c.weight for c in found.criteria]


def test_what_turnover_was_made_of_is_found_again() -> None:
    values = shops(40)
    learnt = learn(values, turnover(values, (1, 6, 3, 0)), profile(4, 2, 2, 2))
    assert weights_of(learnt.profile) == pytest.approx([1, 6, 3, 0], abs=0.15)
    assert learnt.loo_error < 0.05 * learnt.start_error < 0.05 * learnt.baseline_error
    assert learnt.better_than_mean and learnt.n == 40
    assert "Learnt from 40 shops" in learnt.claim.to("en") and "Geleerd uit 40 winkels" in learnt.claim.to("nl")


def test_the_starting_weights_stay_when_they_are_right() -> None:
    values = shops(12)
    learnt = learn(values, turnover(values, (4, 2, 2, 2), noise=0.02), profile(4, 2, 2, 2))
    assert weights_of(learnt.profile) == pytest.approx([4, 2, 2, 2]) and learnt.penalty == float("inf")
    assert learnt.loo_error == pytest.approx(learnt.start_error, rel=0.3)
    assert "no reason to change" in learnt.claim.to("en")


def test_turnover_that_has_nothing_to_do_with_the_place_is_not_to_be_relied_on() -> None:
    values = shops(15)
    random = dict(zip(values.index, np.random.default_rng(3).uniform(3e5, 6e5, 15).tolist(), strict=True))
    learnt = learn(values, random, profile(4, 2, 2, 2))
    assert not learnt.better_than_mean
    assert "not to be relied on" in learnt.claim.to("en")
    assert learnt.as_json()["gain"][1] <= 0


@settings(deadline=None, max_examples=15)
@given(seed=st.integers(0, 1000), n=st.integers(8, 12), gaps=st.floats(0, 0.3))
def test_weights_are_never_negative_and_add_up_to_what_they_did(seed: int, n: int, gaps: float) -> None:
    rng = np.random.default_rng(seed)
    values = shops(n, seed).mask(rng.random((n, 4)) < gaps * np.array([0, 0, 1, 1]))
    sold = dict(zip(values.index, rng.uniform(1e5, 9e5, n).tolist(), strict=True))
    learnt = learn(values, sold, profile(5, 3, 2, 0))
    assert min(weights_of(learnt.profile)) >= 0
    assert sum(weights_of(learnt.profile)) == pytest.approx(10, abs=0.03)
    assert weights_of(learnt.profile)[3] == 0  # what weighed nothing has no claim to weigh
    known = np.nan_to_num(values.to_numpy(np.float32), nan=50).T.copy()
    assert np.isfinite(rescore(values.index, known, learnt.profile).score).all()  # a profile like any other


def test_a_shop_left_out_was_not_learnt_from() -> None:
    values = shops(10)
    sold = turnover(values, (1, 6, 3, 0), noise=0.1)
    one, other = (learn(values, sold | {"W3": sales}, profile(4, 2, 2, 2)) for sales in (2e5, 9e5))
    assert one.estimates.loc["W3", "estimated"] == pytest.approx(other.estimates.loc["W3", "estimated"])
    assert one.estimates.loc["W4", "estimated"] != pytest.approx(other.estimates.loc["W4", "estimated"])
    means = [np.mean([sold[k] for k in sold if k != shop]) for shop in sold]
    expected = np.mean([abs(m - sold[shop]) for m, shop in zip(means, sold, strict=True)])
    assert learn(values, sold, profile(4, 2, 2, 2)).baseline_error == pytest.approx(expected)


def test_a_criterion_nothing_is_known_of_keeps_its_part() -> None:
    values = shops(30).assign(parking=np.nan)
    learnt = learn(values, turnover(values.fillna(50), (5, 3, 0, 0)), profile(5, 3, 2, 1))
    assert learnt.profile.criteria[3].weight == pytest.approx(1, abs=0.4)
    assert learnt.profile.criteria[2].weight < 0.2


def test_what_nothing_can_be_learnt_of_keeps_its_part() -> None:
    """Turnover has nothing to do with passers-by here: learnt from, they would weigh next to nothing."""
    values = shops(40)
    sold = turnover(values, (5, 0, 3, 2))
    start = profile(5, 3, 2, 1)
    assert learn(values, sold, start).profile.criteria[1].weight < 0.2
    learnt = learn(values, sold, start, kept=["passers-by"])
    assert learnt.profile.criteria[1].weight == pytest.approx(3, abs=0.5)
    assert learnt.as_json()["kept"] == ["passers-by"]
    assert learnt.loo_error < 0.1 * learnt.start_error  # and the others are learnt as before


def test_an_index_within_a_town_is_told_apart() -> None:
    found = relative(preset("clothes", read_branches()).profile)
    assert "footfall_index" in found and "residents_within_10_min" not in found


def test_fewer_than_eight_are_refused_and_shops_not_used_are_listed_with_why() -> None:
    values = shops(9)
    values.loc["W1", ["homes", "passers-by"]] = np.nan
    sold = turnover(values.fillna(0), (1, 1, 1, 1)) | {"W2": float("nan"), "W3": 0.0, "elders": 1.0}
    with pytest.raises(GeodataError, match="from 8 shops on; 6 can be used") as refused:
        learn(values, sold, profile(4, 2, 2, 2))
    assert "3 tot 7 winkels" in refused.value.text("nl")
    left_out = dict(usable(values, sold, profile(4, 2, 2, 2))[3])
    assert {shop: why.to("en") for shop, why in left_out.items()} == {
        "W1": "too little known about the place", "W2": "no turnover known", "W3": "no turnover known",
        "elders": "no place known",
    }  # fmt: skip


@pytest.mark.parametrize("break_it, says", [("twice", "twice"), ("equal", "same turnover"), ("layer", "no layer")])
def test_input_that_makes_no_sense_is_refused(break_it: str, says: str) -> None:
    values = shops(9)
    sold = dict.fromkeys(values.index, 1e5) if break_it == "equal" else turnover(values, (1, 1, 1, 1))
    values = {"twice": values.set_axis(["W0"] * 9), "equal": values, "layer": values[LAYERS[:3]]}[break_it]
    with pytest.raises(GeodataError, match=says):
        learn(values, sold, profile(4, 2, 2, 2))


def test_five_shops_in_the_right_order_say_so_and_claim_no_more() -> None:
    values = shops(5)
    found = ranks_as_turnover(values, turnover(values, (4, 2, 2, 2)), profile(4, 2, 2, 2))
    assert (found.n, found.right, found.pairs) == (5, 10, 10)
    assert found.kendall == pytest.approx(1) and found.spearman == pytest.approx(1)
    assert found.p_value == pytest.approx(1 / 120)
    assert "no weights, no turnover" in found.claim.to("en") and "geen gewichten" in found.claim.to("nl")


@given(order=st.permutations(range(4)))
def test_chance_is_the_share_of_orders_that_agree_as_well(order: list[int]) -> None:
    values = shops(4)
    ranked = sorted(values.index, key=turnover(values, (4, 2, 2, 2)).__getitem__)
    sold = {shop: 1e5 * (1 + order[i]) for i, shop in enumerate(ranked)}
    found = ranks_as_turnover(values, sold, profile(4, 2, 2, 2))

    def right(given: tuple[int, ...] | list[int]) -> int:
        return sum(a < b for a, b in itertools.combinations(given, 2))

    assert found.right == right(order)
    assert found.p_value == pytest.approx(np.mean([right(p) >= right(order) for p in itertools.permutations(range(4))]))


def test_three_shops_show_nothing_and_two_are_refused() -> None:
    values = shops(3)
    sold = turnover(values, (4, 2, 2, 2))
    found = ranks_as_turnover(values, sold, profile(4, 2, 2, 2))
    assert found.right == 3 and found.p_value == pytest.approx(1 / 6)
    assert "does not show" in found.claim.to("en")
    with pytest.raises(GeodataError, match="2 can be used"):
        ranks_as_turnover(values[:2], sold, profile(4, 2, 2, 2))
    alike = ranks_as_turnover(values, dict.fromkeys(sold, 1e5), profile(4, 2, 2, 2))
    assert alike.p_value == 1 and alike.as_json()["kendall"] is None


def test_shops_that_are_not_on_record_take_the_values_of_the_cell_they_stand_in(squareville_dir: Path) -> None:
    area, branches = Store(squareville_dir).open("squareville"), read_branches()
    start = preset("bakery", branches).profile
    premises = area.tables.premises
    bakers = premises[premises["branch"] == "bakery"].geometry.union_all()
    units = premises[premises.distance(bakers) > 40].iloc[[0, 5]]
    away = units.geometry.translate(500_000)
    table = gpd.GeoDataFrame({"id": ["a", "b", "c"]}, geometry=[*units.geometry, away.iloc[0]], crs=units.crs)
    found = values_at(table, [area, area], branches, start)
    scored = score_area(area, branches, start)
    at = units.geometry.to_crs(4326)
    cells = hexgrid.cells_at(at.x.to_numpy(), at.y.to_numpy(), area.study.resolution)
    for shop, cell in zip(["a", "b"], cells, strict=True):
        assert found.loc[shop].to_dict() == pytest.approx(scored.values(cell), nan_ok=True)
    assert found.loc["c"].isna().all()
