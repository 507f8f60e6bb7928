"""Places like the best shops: a shop's own place is all alike, and what agrees and differs is said."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geodata import hexgrid
from geodata.branches import BranchTable, read_branches
from geodata.errors import GeodataError
from geodata.store import Area
from location_model.choices import choices
from location_model.look_alikes import Best, best_shops, examples, fewer_known, likeness, look_alikes, ranked
from location_model.presets import preset
from location_model.profile import Limits, ScoringProfile
from location_model.score import score_area
from location_model.shop_values import relative


@pytest.fixture(scope="module")
def branches() -> BranchTable:
    return read_branches()


def shops(
    *rows: tuple[str, float | None, float | None], at: list[tuple[float, float]] | None = None
) -> gpd.GeoDataFrame:
    """Own shops: id, turnover, floor area; at these degrees."""
    ids, eur, m2 = map(list, zip(*rows, strict=True))
    points = gpd.GeoSeries.from_xy(*zip(*(at or [(3.0, 51.0)] * len(rows)), strict=True), crs=4326)
    table = {"id": ids, "name": [f"Winkel {i}" for i in ids], "branch": "bakery", "area_id": "squareville"}
    numbers = {"turnover_eur_per_year": np.array(eur, float), "floor_area_m2": np.array(m2, float)}
    return gpd.GeoDataFrame(pd.DataFrame({**table, **numbers}), geometry=points)


def test_the_best_shops_sell_most_or_most_by_the_metre() -> None:
    own = shops(("a", 300e3, 100), ("b", 500e3, 250), ("c", None, 50), ("d", 400e3, None))
    assert best_shops(own, 2)["id"].tolist() == ["b", "d"]
    assert best_shops(own, 9)["id"].tolist() == ["b", "d", "a"]
    assert fewer_known(3, 3) is None and "3 shops instead of 9" in str(fewer_known(3, 9))
    assert best_shops(own, 2, Best.per_m2)["id"].tolist() == ["a", "b"]
    with pytest.raises(GeodataError, match="the turnover is known"):
        best_shops(own[own["id"] == "c"], 2)
    with pytest.raises(GeodataError, match="both turnover and floor area"):
        best_shops(own[own["id"] == "d"], 2, Best.per_m2)


def test_likeness_by_hand() -> None:
    """Weights 3 and 1: apart by 0.2 on the first and 1.0 on the second is (0.6 + 1) / 4 = 0.4 apart."""
    shop, weights = np.array([[0.5, 0.0]]), np.array([3.0, 1.0])
    places = np.array([[0.7, 1.0], [0.5, 0.0], [0.7, np.nan], [np.nan, 0.0]])
    assert likeness(places, shop, weights)[:, 0] == pytest.approx([0.6, 1.0, 0.8, np.nan], nan_ok=True)
    assert np.isnan(likeness(places, shop, np.zeros(2))).all()


@given(values=arrays(float, (2, 5), elements=st.floats(0, 1)), weights=arrays(float, 5, elements=st.floats(0.1, 5)))
def test_likeness_is_the_same_both_ways_and_whole_to_itself(values: np.ndarray, weights: np.ndarray) -> None:
    both = likeness(values, values, weights)
    assert both[0, 1] == pytest.approx(both[1, 0]) and (both >= -1e-9).all()
    assert np.diag(both) == pytest.approx([1, 1])


def profile_of(branches: BranchTable) -> ScoringProfile:
    return replace(preset("bakery", branches).profile, limits=Limits(within="all"))


def test_a_shops_own_place_is_the_first_and_the_others_say_which_shop_they_are_like(
    area: Area, branches: BranchTable
) -> None:
    scored = score_area(area, branches, profile_of(branches))
    cells = choices(area, scored).table["cell"]
    best, worst = cells.iloc[0], cells.iloc[-1]
    at = list(zip(*hexgrid.centres([best, worst]), strict=True))
    own = best_shops(shops(("one", 9.0, 1), ("other", 8.0, 1), at=at), 2)
    model = examples(own, [area], [area.id], branches, scored.profile)
    assert model.apart == () and model.note is None
    found = look_alikes(area, scored, model, n=len(cells))
    assert {found[0].place.site.cell, found[1].place.site.cell} == {best, worst}
    assert {one.shop for one in found[:2]} == {"one", "other"} and found[0].likeness == pytest.approx(1)
    assert found[0].differs == () and "No difference" in str(found[0].told)
    alike = [one.likeness for one in found]
    assert alike == sorted(alike, reverse=True) and [one.place.rank for one in found] == list(range(1, len(found) + 1))
    for one in found:
        assert not set(one.agrees) & set(one.differs) and len(one.agrees) == 2
        assert one.shop_name in str(one.told) and str(round(100 * one.likeness)) in str(one.told)
    middle = found[len(found) // 2]
    mine, theirs = scored.values(middle.place.site.cell), scored.values(best if middle.shop == "one" else worst)
    apart = [mine[layer] != theirs[layer] for layer in middle.differs]
    assert apart and all(apart)
    assert found[0].as_json()["like"] == {"id": found[0].shop, "name": f"Winkel {found[0].shop}"}


def test_between_towns_an_index_within_one_town_is_left_out(area: Area, branches: BranchTable) -> None:
    """The footfall index of the town's busiest street is 100 in every town."""
    scored = score_area(area, branches, profile_of(branches))
    best = choices(area, scored).table["cell"].iloc[0]
    own = best_shops(shops(("one", 9.0, 1), at=list(zip(*hexgrid.centres([best]), strict=True))), 1)
    model = examples(own, [area], [area.id, "elsewhere"], branches, scored.profile)
    assert model.apart == relative(scored.profile) == ("footfall_index",)
    assert "Footfall" in str(model.note)
    found = look_alikes(area, scored, model, n=20)
    assert not any("footfall_index" in (*one.agrees, *one.differs) for one in found)


def test_look_alikes_of_several_areas_are_ranked_together(area: Area, branches: BranchTable) -> None:
    scored = score_area(area, branches, profile_of(branches))
    best = choices(area, scored).table["cell"].iloc[0]
    own = best_shops(shops(("one", 9.0, 1), at=list(zip(*hexgrid.centres([best]), strict=True))), 1)
    found = look_alikes(area, scored, examples(own, [area], [area.id], branches, scored.profile), n=4)
    together = ranked([*(("b", x) for x in found[::2]), *(("a", x) for x in found[1::2])], 3)
    assert [one.place.rank for _, one in together] == [1, 2, 3]
    assert [area for area, _ in together] == ["b", "a", "b"]
    assert [one.place.site for _, one in together] == [one.place.site for one in found[:3]]
