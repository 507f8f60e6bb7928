"""Demand in a town of two banks and one bridge: who shops where is told by the way, not by the crow."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from command_line import Town
from towns import river_town

from geodata.build import build
from geodata.errors import GeodataError
from geodata.network.times import NO_WAY
from geodata.request import BuildRequest
from geodata.settings import Settings
from geodata.store import Area, Store
from location_model.branch_market import market_of, turnover_known
from location_model.break_even import Costs, break_even
from location_model.catchment import catchment
from location_model.demand import Market, assumptions, market
from location_model.demand_region import CAR_MINUTES, DemandRegion, demand_region
from location_model.find_site import find_site
from location_model.permit import permit_for
from location_model.relocate import FIGURES, PERSONS, Move, move, relocation
from location_model.spending import habits_of
from location_model.towns_beyond import towns_beyond
from location_model.validation.statistics import Estimate


@pytest.fixture(scope="module")
def area(tmp_path_factory: pytest.TempPathFactory) -> Area:
    folder = tmp_path_factory.mktemp("river")
    build(BuildRequest("River", osm=(river_town().write(folder / "river.osm.pbf"),)), Settings(data_dir=folder))
    return Store(folder).open("river")


@pytest.fixture(scope="module")
def region(area: Area) -> DemandRegion:
    return demand_region(area)


def named(area: Area, name: str) -> str:
    premises = area.tables.premises
    return str(premises.loc[premises["name"] == name, "id"].iloc[0])


@pytest.fixture(scope="module")
def vacant(area: Area) -> str:
    premises = area.tables.premises
    return str(premises.loc[premises["state"] == "vacant", "id"].iloc[0])


@pytest.fixture(scope="module")
def bakers(area: Area, region: DemandRegion, vacant: str) -> Market:
    return market_of(area, "bakery", [find_site(area, vacant)], area.data_dir, region=region).market


def test_an_island_is_known_whole_and_all_its_residents_are_there(area: Area, region: DemandRegion) -> None:
    assert region.known == 1.0
    assert region.homes["residents"].sum() == pytest.approx(area.tables.residents["residents"].sum())


def test_over_the_river_the_way_is_that_over_the_bridge(area: Area, region: DemandRegion) -> None:
    """From the west end the other baker stands 290 m off and 6.2 km away: a drive, and more than ten minutes of it."""
    low = area.tables.streets.total_bounds
    south_west = np.array([[low[0] + 60, low[1] + 6], [low[0] + 60, low[1] + 294]])
    ticks = region.ticks(south_west)
    home = int(np.hypot(*(region.home_xy - south_west[0]).T).argmin())
    walk, drive = ticks[home] / 100
    assert walk < 1.5
    assert drive > CAR_MINUTES + 6.0 / 50 * 60  # no faster than 50 km/h over six kilometres


def test_bakers_opposite_one_another_share_the_town_in_halves(bakers: Market) -> None:
    shops = bakers.shops.assign(eur=bakers.world().turnover(bakers.opened))
    south, north = (float(shops.loc[shops["name"] == name, "eur"].iloc[0]) for name in ("Zuid", "Noord"))
    assert south == pytest.approx(north, rel=0.02)
    assert south + north == pytest.approx(bakers.world().spending.sum(), rel=1e-4)
    own_bank = bakers.world().by_home(bakers.row(shops["id"].iloc[0]), bakers.opened)
    y = bakers.region.homes["y"].to_numpy()
    there = np.abs(y - shops["y"].iloc[0]) < 100
    assert own_bank[there].sum() > 0.7 * own_bank.sum()  # as the crow flies it would be a half


def test_turnover_has_an_interval_round_it_that_is_wider_where_less_is_known(bakers: Market) -> None:
    told = bakers.turnover(0)
    assert 0 < told.low < told.value < told.high
    less = replace(bakers, assumed=assumptions(bakers.habits, 0.5))
    assert less.turnover(0).high - less.turnover(0).low > told.high - told.low


def test_a_candidate_takes_nothing_before_it_opens(bakers: Market, vacant: str) -> None:
    row = bakers.row(vacant)
    assert bakers.world().turnover(bakers.opened)[row] == 0
    assert bakers.turnover(row).value > 0


def test_moving_to_the_same_place_changes_nothing(bakers: Market, area: Area) -> None:
    shop = named(area, "Zuid")
    balance = move(bakers, shop, shop).balance()
    for name in ("lost_eur", "won_eur", "net_eur", "own_network_eur", "core_eur", "neighbours_eur"):
        assert balance[name] == Estimate(0.0, 0.0, 0.0)
    assert balance["kept_eur"].value == pytest.approx(bakers.turnover(bakers.row(shop)).value)


@pytest.fixture(scope="module")
def to_the_bridge(bakers: Market, area: Area, vacant: str) -> Move:
    return move(bakers, named(area, "Zuid"), vacant, own=[named(area, "Noord")])


def test_a_move_adds_up(to_the_bridge: Move, bakers: Market) -> None:
    """Kept and lost are the turnover before, kept and won the turnover after; nobody buys more or less than before."""
    world = bakers.world()
    found = dict(zip((*FIGURES, *PERSONS), to_the_bridge.figures(world), strict=True))
    before, after = world.turnover(to_the_bridge.before), world.turnover(to_the_bridge.after)
    assert found["kept_eur"] + found["lost_eur"] == pytest.approx(before[to_the_bridge.start], rel=1e-5)
    assert found["kept_eur"] + found["won_eur"] == pytest.approx(after[to_the_bridge.to], rel=1e-5)
    assert found["net_eur"] == pytest.approx(found["won_eur"] - found["lost_eur"])
    assert found["net_eur"] + found["own_network_eur"] == pytest.approx(0, abs=1e-3 * before.sum())
    retained = found["residents_kept"] / (found["residents_kept"] + found["residents_lost"])
    assert retained == pytest.approx(found["kept_eur"] / before[to_the_bridge.start], rel=1e-6)


def test_near_the_bridge_the_own_other_shop_over_the_river_loses(to_the_bridge: Move) -> None:
    balance = to_the_bridge.balance()
    assert balance["own_network_eur"].value < 0 < balance["net_eur"].value


def test_closing_alone_keeps_nothing_and_the_other_takes_all(bakers: Market, area: Area) -> None:
    closed = move(bakers, named(area, "Zuid"), None, own=[named(area, "Noord")]).balance()
    assert closed["kept_eur"].value == closed["won_eur"].value == 0
    assert closed["net_eur"].value == pytest.approx(-closed["lost_eur"].value)
    assert closed["own_network_eur"].value == pytest.approx(closed["lost_eur"].value, rel=1e-4)


def test_a_relocation_tells_the_move_beside_nothing_and_closing(bakers: Market, area: Area, vacant: str) -> None:
    told = relocation(bakers, named(area, "Zuid"), vacant, costs=Costs(fit_out_eur=1.0)).as_json()
    assert told["to"] == vacant and set(told["net_eur"]) == {"value", "low", "high"}
    assert set(told["do_nothing"]["net_eur"].values()) == {0}
    assert told["close_only"]["kept_eur"]["value"] == 0
    assert {"nl", "en"} == set(told["notes"][0])
    rows = told["neighbourhoods"]
    whole = sum(row["won_eur"] - row["lost_eur"] for row in rows)
    assert whole == pytest.approx(told["net_eur"]["value"], rel=0.02, abs=50)


def test_a_shop_that_is_not_there_cannot_move(bakers: Market, vacant: str, area: Area) -> None:
    with pytest.raises(GeodataError, match="only a shop that is there can move"):
        move(bakers, vacant, named(area, "Zuid"))
    with pytest.raises(GeodataError, match="is no shop of the branch bakery here"):
        move(bakers, named(area, "Midden"), vacant)


def test_years_to_earn_back_follow_the_turnover() -> None:
    costs = Costs(fit_out_eur=60_000, rent_before_eur=20_000, rent_after_eur=26_000, margin=0.4)
    found = break_even(costs, Estimate(50_000, -10_000, 90_000))
    assert found.yearly_eur == Estimate(14_000, -10_000, 30_000)
    assert found.years == (pytest.approx(60_000 / 14_000), 2.0, None)


def test_the_catchment_falls_in_parts_that_hold_half_and_three_quarters(bakers: Market) -> None:
    found = catchment(bakers, 0)
    shares = found.table.groupby("part")["share"].sum()
    assert shares.sum() == pytest.approx(1) and shares["primary"] >= 0.5
    assert found.table["eur"].is_monotonic_decreasing and found.in_study == pytest.approx(1)


def test_a_branch_without_shops_or_spending_is_said(area: Area, region: DemandRegion) -> None:
    with pytest.raises(GeodataError, match="no shop of the branch shoes"):
        market(region, "shoes", habits_of("shoes"))
    assert not turnover_known("finance", area.data_dir) and turnover_known("bakery", area.data_dir)


@pytest.mark.parametrize(
    ("branch", "floor", "before", "indication"),
    [
        ("clothes", 500.0, None, "likely"), ("clothes", 400.0, None, "unlikely"),
        ("clothes", None, None, "area_needed"), ("clothes", 90.0, "bakery", "area_needed"),
        ("cafe", 900.0, None, "not_retail"),
    ],
)  # fmt: skip
def test_permits_are_indicated_from_floor_area_and_category(
    branch: str, floor: float | None, before: str | None, indication: str
) -> None:
    found = permit_for(branch, floor, before)
    assert found.indication == indication
    assert "geen juridisch advies" in found.as_json()["why"]["nl"]


def test_where_built_areas_overlap_everybody_counts_once(small_town: Town) -> None:
    """The same town is built twice, under two names."""
    area = Store(small_town.data).open("town")
    both = demand_region(area)
    assert both.homes["residents"].sum() == pytest.approx(area.region.homes["residents"].sum())
    assert sorted(both.outlets["id"]) == sorted(area.region.outlets["id"])


def test_an_area_that_is_open_already_is_not_read_again(small_town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(small_town.data)
    area = store.open("town")
    others = [store.open(name) for name in store.ids() if name != "town"]
    assert others
    read_anew = demand_region(area)
    monkeypatch.setattr(Store, "open", None)
    handed = demand_region(area, others)
    pd.testing.assert_frame_equal(handed.homes, read_anew.homes)
    pd.testing.assert_frame_equal(handed.outlets, read_anew.outlets)
    assert handed.known == read_anew.known and handed.notes == read_anew.notes


def test_what_the_shops_of_one_owner_take_from_one_another_cancels(to_the_bridge: Move) -> None:
    """Both bakers of the town are his: moving one changes nothing in sum, and its interval does not add up two."""
    balance, together = to_the_bridge.balance(), to_the_bridge.together()
    assert abs(together.value) < 1e-3 * balance["kept_eur"].value
    assert together.high - together.low < balance["net_eur"].high - balance["net_eur"].low


def test_nothing_moves_to_a_shop_that_is_ones_own(bakers: Market, area: Area) -> None:
    with pytest.raises(GeodataError, match="your own shop already"):
        move(bakers, named(area, "Zuid"), named(area, "Noord"), own=[named(area, "Noord")])


def test_a_town_beyond_the_data_counts_with_its_residents_and_no_more_shops_than_in_proportion() -> None:
    """Ten residents a shop near by; a town of 25 then has two and a half shops, and half of another half as many."""
    towns = gpd.GeoDataFrame(
        {"residents": [25.0, 10.0, np.nan]},
        geometry=[shapely.box(2000, 0, 3000, 1000), shapely.box(500, 0, 1500, 1000), shapely.box(9e3, 0, 1e4, 1e3)],
        crs=3812,
    )
    people = pd.DataFrame({"x": [1.0], "y": [1.0], "residents": [100.0]})
    supply = pd.DataFrame({
        "branch": ["bakery"] * 10 + ["shoes", None], "state": ["occupied"] * 11 + ["vacant"], "floor_area_m2": 50.0
    })  # fmt: skip
    found = towns_beyond(towns, shapely.box(0, 0, 1000, 1000), people, supply)
    assert found is not None
    assert found.homes["residents"].tolist() == pytest.approx([25, 5]) and found.homes["by_crow"].all()
    assert found.homes["spread_m"].tolist() == pytest.approx(
        [2 / 3 * 1000 / np.pi**0.5, 2 / 3 * (500_000 / np.pi) ** 0.5]
    )
    shops = found.outlets.set_index("id")["count"]
    assert shops["town/0/bakery"] == pytest.approx(2.5) and shops["town/1/shoes"] == pytest.approx(0.05)
    assert found.outlets["id"].is_unique


def test_who_cannot_be_reached_stays_out_of_reach_of_a_shop_off_the_roads(region: DemandRegion) -> None:
    """Times are two bytes: what is added to "no way" must not begin anew at nought."""
    far = region.home_xy[:1] + np.array([[40_000.0, 0.0]])
    assert (region.ticks(far) == NO_WAY).all()
    near = region.ticks(region.home_xy[:1] + np.array([[0.0, 4_000.0]]))[:, 0]
    assert near.min() >= 100 * (CAR_MINUTES + 1.3 * 3.5 / 40 * 60)


def test_a_known_turnover_is_that_of_today_and_what_the_shop_has_in_it_moves_along(
    bakers: Market, area: Area, vacant: str
) -> None:
    """Zuid takes a fifth more than its size and place let expect: so it would near the bridge."""
    start = named(area, "Zuid")
    expected = bakers.turnover(bakers.row(start)).value
    plain, known = (move(bakers, start, vacant, actual_eur=eur).balance() for eur in (None, 1.2 * expected))
    assert known["kept_eur"].value + known["lost_eur"].value == pytest.approx(1.2 * expected, rel=1e-3)
    after = [b["kept_eur"].value + b["won_eur"].value for b in (plain, known)]
    assert 1.0 < after[1] / after[0] < 1.2  # a little: near the bridge most of the town is his as it is
    stays = move(bakers, start, start, actual_eur=0.9 * expected).balance()
    assert stays["kept_eur"].low == pytest.approx(stays["kept_eur"].high, rel=1e-3)
    assert stays["net_eur"] == Estimate(0.0, 0.0, 0.0)


def test_neighbours_are_the_same_shops_whether_it_moves_or_closes(bakers: Market, area: Area, vacant: str) -> None:
    found = relocation(bakers, named(area, "Zuid"), vacant)
    assert found.close_only["neighbours_eur"].value >= found.balance["neighbours_eur"].value - 1e-6
