"""The higher score here, the higher turnover there: the reasons given are those that make it so, and only then."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pytest
from command_line import command
from hypothesis import given
from hypothesis import strategies as st
from towns import degrees, squareville

from geodata.branches import read_branches
from geodata.build import build
from geodata.request import BuildRequest
from geodata.settings import Settings
from geodata.store import Area, Store
from location_model.both_right import BothRight, both_right, factors
from location_model.compared import compared
from location_model.demand import Candidate, Market, market
from location_model.demand_region import demand_region
from location_model.find_site import find_site
from location_model.presets import starting_profile
from location_model.profile import profile_as_json
from location_model.score import score_area
from location_model.spending import habits_of
from location_model.validation.statistics import Estimate

NEAR, FAR = (300.0, 306.0), (30.0, 30.0)


@pytest.fixture(scope="module")
def area(tmp_path_factory: pytest.TempPathFactory) -> Area:
    folder = tmp_path_factory.mktemp("square")
    build(BuildRequest("Square", osm=(squareville(8).write(folder / "s.osm.pbf"),)), Settings(data_dir=folder))
    return Store(folder).open("square")


@pytest.fixture(scope="module")
def sold(area: Area) -> Market:
    def at(name: str, place: tuple[float, float], floor: float | None) -> Candidate:
        point = gpd.GeoSeries.from_xy(*([x] for x in degrees(*place)), crs=4326).to_crs(area.study.crs).iloc[0]
        return Candidate(name, point.x, point.y, floor)

    sites = [at("small", NEAR, 40.0), at("large", NEAR, 800.0), at("edge", FAR, 40.0), at("bare", NEAR, None)]
    return market(demand_region(area), "bakery", habits_of("bakery", area.data_dir), sites)


def told_of(sold: Market, ids: tuple[str, str], gap: Estimate, points: Sequence[dict[str, float | None]]) -> BothRight:
    found = both_right(sold, (0, 1), ids, (points[0], points[1]), 0, gap)
    assert found is not None
    return found


POINTS: tuple[dict[str, float | None], ...] = (
    {"footfall_index": 30.0, "competition_shops": 2.0, "parking_places_nearby": 4.0, "core": None},
    {"footfall_index": 10.0, "competition_shops": 9.0, "parking_places_nearby": 3.5, "core": 5.0},
)


def test_the_factors_of_a_turnover_are_all_of_it(sold: Market) -> None:
    for name in ("small", "large", "edge", "bare"):
        row = sold.row(name)
        found, opened = factors(sold, row), sold.opened.copy()
        opened[row] = True
        assert found.pull * found.reach_eur * found.share == pytest.approx(sold.world().turnover(opened)[row], rel=1e-5)
    small, large, edge, bare = (factors(sold, sold.row(n)) for n in ("small", "large", "edge", "bare"))
    assert large.pull / small.pull == pytest.approx(20**sold.assumed.size_exponent)
    assert large.reach_eur == pytest.approx(small.reach_eur) and large.share < small.share
    assert edge.reach_eur < small.reach_eur and bare.floor_area_m2 is None


def test_a_larger_shop_on_the_same_spot_sells_more_by_its_floor_area(sold: Market) -> None:
    found = told_of(sold, ("small", "large"), Estimate(-9.0, -12.0, -5.0), POINTS)
    assert (found.scored, found.sold) == (0, 1)
    assert found.points == (("footfall_index", 20.0),)
    assert [name for name, _ in found.ratios] == ["floor_area", "spending", "competition"]
    said = found.told("A", "B").to("en")
    assert said.startswith("Higher score: A, most of all on Footfall (20 points more). More turnover: B, for its floor")
    assert "800 m² against 40 m²" in said and "times as much" in said and "Both can be right" in said
    assert "within reach" not in said.split("Both")[0] and "other shops near leave" not in said
    assert "Hogere score: A" in found.told("A", "B").to("nl")


def test_one_point_is_not_told_as_points(sold: Market) -> None:
    found = told_of(sold, ("small", "large"), Estimate(-9.0, -12.0, -5.0), POINTS)
    said = replace(found, points=(("footfall_index", 1.04),)).told("A", "B")
    assert "(1 punt meer)" in said.to("nl") and "(one point more)" in said.to("en")


def test_a_shop_of_the_same_size_sells_more_by_who_lives_near(sold: Market) -> None:
    found = told_of(sold, ("edge", "small"), Estimate(-9.0, -12.0, -5.0), POINTS)
    assert found.ratios[0][0] == "spending" and found.ratios[0][1] > 1.05
    said = found.told("A", "B").to("en")
    assert "is spent (the nearer" in said and "m²" not in said


def test_nothing_is_said_where_it_is_not_so_beyond_doubt(sold: Market) -> None:
    for gap in (Estimate(-9.0, -12.0, 1.0), Estimate(9.0, 5.0, 12.0), Estimate(0.0, 0.0, 0.0)):
        assert both_right(sold, (0, 1), ("small", "large"), (POINTS[0], POINTS[1]), 0, gap) is None


def test_a_floor_area_that_nobody_knows_is_not_told_as_one(sold: Market) -> None:
    found = told_of(sold, ("small", "bare"), Estimate(-9.0, -12.0, -5.0), POINTS)
    assert "m²" not in found.told("A", "B").to("en") and "a usual one stands in" in found.told("A", "B").to("en")


def test_a_lead_on_what_is_not_known_of_the_other_is_told_as_that(sold: Market) -> None:
    """The one is behind on the only criterion known of both: no word of being ahead on it, or on many."""
    behind: tuple[dict[str, float | None], ...] = (
        {"footfall_index": 40.0, "complementary_shops": 30.0},
        {"footfall_index": 45.0, "complementary_shops": None},
    )
    found = told_of(sold, ("small", "large"), Estimate(-9.0, -12.0, -5.0), behind)
    assert found.points == () and found.alone == (("complementary_shops", 30.0),)
    said = found.told("A", "B").to("en")
    assert "not known of the other place: Complementary shops (30 points)" in said
    assert "many criteria" not in said and "most of all" not in said and "Footfall" not in said
    hardly = ({**behind[0], "footfall_index": 47.0}, behind[1])  # 2 points more on it, 30 on what nobody knows there
    assert "most of all" not in told_of(sold, ("small", "large"), Estimate(-9.0, -12.0, -5.0), hardly).told(
        "A", "B"
    ).to("en")
    even = tuple({"footfall_index": n, "competition_shops": n} for n in (20.5, 20.0))
    told = told_of(sold, ("small", "large"), Estimate(-9.0, -12.0, -5.0), even).told("A", "B").to("en")
    assert "a little on many criteria" in told


@given(st.lists(st.floats(0.0, 30.0), min_size=6, max_size=6))
def test_only_criteria_that_speak_for_the_higher_score_are_named(sold: Market, points: list[float]) -> None:
    names = ("footfall_index", "competition_shops", "parking_places_nearby")
    both = tuple(dict(zip(names, half, strict=True)) for half in (points[:3], points[3:]))
    found = told_of(sold, ("small", "large"), Estimate(-9.0, -12.0, -5.0), both)
    assert all(n == pytest.approx(both[0][name] - both[1][name]) and n >= 1 for name, n in found.points)
    left = [both[0][n] - both[1][n] for n in names if n not in dict(found.points)]
    assert len(found.points) == 2 or max(left) < 1


def test_compare_says_it_when_a_worse_place_is_made_a_hall(quarters_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two vacant units the one that scores best is given 30 m² and the other 3,000: then both reasons are told."""
    area, table = Store(quarters_dir).open("quarters"), read_branches()
    scored = score_area(area, table, starting_profile(area, "clothes", table).profile)
    vacant = area.tables.premises.query("state == 'vacant'")["id"]
    order = sorted(vacant, key=lambda unit: scored.score[scored.rows[find_site(area, unit).site.cell]])
    best, worst = order[-1], order[0]
    words = ("--branch", "clothes", "--data", quarters_dir, "--json")
    plain = json.loads(command("compare", "quarters", best, worst, *words).out)
    assert plain["differences"][0]["both_right"] is None
    sizes = ("--floor-area", f"{best}=30", "--floor-area", f"{worst}=3000")
    [pair] = json.loads(command("compare", "quarters", best, worst, *sizes, *words).out)["differences"]
    assert not pair["score"]["too_close_to_call"] and not pair["turnover_too_close_to_call"]
    both = pair["both_right"]
    assert (both["higher_score"], both["higher_turnover"]) == (best, worst)
    sites = {s["site"]: s for s in plain["sites"]}
    for layer, points in both["points_more"].items():
        gap = sites[best]["contributions"][layer] - sites[worst]["contributions"][layer]
        assert points == pytest.approx(gap, abs=0.01) and points >= 1
    assert next(iter(both["turnover_ratios"])) == "floor_area" and "3,000 m² against 30 m²" in both["told"]["en"]
    answer = command("compare", "quarters", best, worst, *sizes, *words[:-1], language="nl")
    assert answer.code == 0 and both["told"]["nl"] in answer.err
    asked = {"area": "quarters", "sites": [best, worst], "rents": {}, "floor_areas": {best: 30.0, worst: 3000.0},
             "profile": profile_as_json(starting_profile(area, "clothes", table).profile)}  # fmt: skip
    found = compared(asked, quarters_dir).found
    monkeypatch.setattr("location_model.both_right.factors", None)  # worked out once, not each time it is shown
    assert found.as_json()["differences"][0]["both_right"]["points_more"] == both["points_more"]
