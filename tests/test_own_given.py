"""A retailer's own lists in a comparison and a move: shops in other towns count, and customers tell how far people go.

West is a small town of square blocks, Oost a street of houses two kilometres east of it, each built on its own.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
from command_line import Answer, command
from towns import Drawing, degrees, squareville

from geodata.branches import read_branches
from geodata.build import build
from geodata.errors import GeodataError
from geodata.request import BuildRequest
from geodata.settings import Settings
from geodata.sources.spreadsheet import Upload
from geodata.store import Area, Store
from location_model.branch_market import market_of
from location_model.compared import compared
from location_model.customer_zones import customer_zones
from location_model.decision import decide
from location_model.demand_region import DemandRegion, demand_region
from location_model.own_given import own_given
from location_model.own_shops import near, network_around
from location_model.presets import starting_profile
from location_model.profile import profile_as_json
from location_model.relocated import RELOCATE, relocated

HEAD = "winkel_id;naam;branche;omzet;straat;huisnummer;gemeente;lon;lat"
ROWS = (
    "W;Markt;bakkerij;400000;Marktstraat;100;West;;",
    "O;Zee;bakkerij;300000;Zeelaan;7;Oost;;",
    "S;Schoen;schoenen;;Marktstraat;106;West;;",
    "B;Buiten;bakkerij;;;;;{};{}".format(*degrees(300, 9000)),
    "N;Nergens;bakkerij;;Kerkstraat;1;Nergens;;",
)


def oost() -> Drawing:
    town = Drawing()
    town.street(*((2000.0 + 100 * x, 300.0) for x in range(9)), name="Zeelaan")
    for n in range(24):
        house = {
            "addr__street": "Zeelaan",
            "addr__housenumber": str(2 * n + 1),
            "addr__postcode": "8998" if n < 12 else "8999",
        }
        town.building(2010 + n * 30.0, 308, 9, 10, **house)
    town.point(2090.0, 306.0, shop="bakery", name="Zeebakker", addr__street="Zeelaan", addr__housenumber="7")
    town.shore(1900.0, 200.0, 2900.0, 400.0)
    return town


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("towns")
    for name, drawing in (("West", squareville(8)), ("Oost", oost())):
        build(BuildRequest(name, osm=(drawing.write(folder / f"{name}.osm.pbf"),)), Settings(data_dir=folder))
    return folder


@pytest.fixture(scope="module")
def west(data: Path) -> Area:
    return Store(data).open("west")


@pytest.fixture(scope="module")
def vacant(west: Area) -> list[str]:
    return sorted(west.tables.premises.query("state == 'vacant'")["id"])[:2]


@pytest.fixture
def shops(tmp_path: Path) -> Path:
    path = tmp_path / "winkels.csv"
    path.write_text("\n".join([HEAD, *ROWS]) + "\n", "utf-8")
    return path


def run(data: Path, *words: object, language: str = "en") -> Answer:
    return command(*words, "--branch", "bakery", "--data", data, language=language)


def test_an_own_shop_at_an_address_in_another_town_counts(
    data: Path, west: Area, vacant: list[str], shops: Path
) -> None:
    found = network_around(west, shops, data)
    assert dict(zip(found.shops["id"], found.shops["area_id"].fillna(""), strict=True)) == {
        "W": "west", "O": "oost", "S": "west", "B": "",
    }  # fmt: skip
    profile = profile_as_json(starting_profile(west, "bakery", read_branches()).profile)
    asked: dict[str, Any] = {"area": "west", "sites": vacant, "profile": profile, "rents": {}, "own_shops": shops}
    answer = compared(asked, data)
    market = answer.found.market
    assert market is not None and market.assumed.fitted is not None
    assert "turnover of 2 own shops" in market.assumed.fitted.to("en")
    costs: dict[str, Any] = {"to": vacant[0], "branch": "bakery", "costs": None, "from": "W"}
    own = relocated({"area": "west", **costs, "own_shops": shops}, data).found.move.own
    names = market.shops["name"]
    assert len(own) == 2 and {"Zeebakker", "Buiten"} <= set(names.dropna())


def test_what_of_the_list_cannot_be_used_is_said(data: Path, vacant: list[str], shops: Path) -> None:
    for words in (("compare", "west", *vacant), ("relocate", "west", "--from", "W", "--to", vacant[0])):
        answer = run(data, *words, "--own-shops", shops, language="nl")
        assert answer.code == 0, answer.err
        assert "In geen enkel opgebouwd gebied: Buiten" in answer.err
        assert "Van een andere branche: Schoen" in answer.err
        assert "winkels.csv, rij 5 (Nergens" in answer.err
    far = shops.with_name("ver.csv")
    far.write_text("\n".join([HEAD, ROWS[-1]]) + "\n", "utf-8")
    answer = run(data, "compare", "west", *vacant, "--own-shops", far)
    assert answer.code == 0 and "No shop of the list lies in or near West." in answer.err


def test_a_rent_that_is_not_typed_is_that_of_the_list(data: Path, vacant: list[str], tmp_path: Path) -> None:
    own = tmp_path / "huur.csv"
    own.write_text(f"{HEAD};huur per jaar\n{ROWS[0]};12000\n", "utf-8")
    words = ("relocate", "west", "--from", "W", "--to", vacant[0], "--own-shops", own, "--fit-out", "50000", "--json")

    def yearly(*more: str) -> float:
        answer = run(data, *words, *more)
        assert answer.code == 0, answer.err
        return float(json.loads(answer.out)["break_even"]["yearly_eur"]["value"])

    without = yearly()  # nobody knows the rent there: neither counts
    assert yearly("--rent-after", "15000") == pytest.approx(without - 3_000, abs=1)
    assert yearly("--rent-after", "15000", "--rent-before", "9000") == pytest.approx(without - 6_000, abs=1)


def test_a_list_from_memory_gives_what_the_same_list_on_disk_gives(
    data: Path, vacant: list[str], shops: Path, tmp_path: Path
) -> None:
    asked: dict[str, Any] = {"area": "west", "branch": "bakery", "from": "W", "to": vacant[0], "costs": None}
    on_disk, _ = decide(RELOCATE, {**asked, "own_shops": shops}, data)
    before = set(tmp_path.iterdir())
    given, _ = decide(RELOCATE, {**asked, "own_shops": Upload("winkels.csv", shops.read_bytes())}, data)
    assert given.results == on_disk.results and given.inputs == on_disk.inputs
    assert given.arguments["own_shops"] == "winkels.csv" and set(tmp_path.iterdir()) == before


# Customers


def places(*at: tuple[str, float, float]) -> gpd.GeoDataFrame:
    lng, lat = zip(*(degrees(x, y) for _, x, y in at), strict=True)
    frame = gpd.GeoDataFrame({"residents": 1.0}, geometry=gpd.points_from_xy(lng, lat), crs=4326, index=range(len(at)))
    return frame.set_index([[code for code, _, _ in at]])


@pytest.fixture(scope="module")
def region(west: Area) -> DemandRegion:
    return demand_region(west)


def test_homes_are_of_the_nearest_postcode_and_small_ones_are_taken_together(region: DemandRegion) -> None:
    known = places(("9001", 100, 260), ("9002", 2400, 300), ("9003", 500, 260), ("9004", 300, 260))
    seen = {"a": {"9001": 40.0, "9002": 2.0, "9003": 3.0, "6666": 50.0}, "b": {"9002": 4.0}}
    found = customer_zones(region, seen, known)
    assert found is not None
    assert found.by_shop["a"].tolist() == [40, 2, 0] and found.by_shop["b"].tolist() == [0, 4, 0]
    x = region.home_xy[:, 0] - 600_000
    assert set(found.zone[x < 190]) == {0} and set(found.zone[x > 1900]) == {1}
    assert set(found.zone[(x > 210) & (x < 1400)]) == {-1}  # 3 customers there: too few, and not nobody
    nobody = customer_zones(region, {"a": {"9001": 40.0}}, known)
    assert nobody is not None and nobody.by_shop["a"].tolist() == [40, 0]
    assert set(nobody.zone[x > 210]) == {1}  # known to be nobody
    assert customer_zones(region, {"a": {"9001": 4.0, "6666": 99.0}}, known) is None
    far = customer_zones(region, {"a": {"9001": 40.0}}, places(("9001", 9000, 260)))
    assert far is not None and set(far.zone) == {-1}


def test_customers_who_live_near_make_the_decay_steeper(
    data: Path, west: Area, region: DemandRegion, shops: Path
) -> None:
    own = near(network_around(west, shops, data).shops, west).assign(turnover_eur_per_year=np.nan)
    at = places(("9001", 250, 260), ("9002", 2400, 300))

    def decay(near_by: float, far: float) -> float:
        made = market_of(west, "bakery", (), data, own=own, customers={"W": {"9001": near_by, "9002": far}}, places=at)
        assert made.fit is not None and made.fit.customers == near_by + far and made.fit.shops == 0
        assert "live" in made.fit.told.to("en")
        return made.fit.decay.value

    usual = market_of(west, "bakery", (), data, own=own)
    assert usual.fit is None
    assert decay(1000.0, 5.0) > usual.market.assumed.decay_per_minute > decay(100.0, 900.0)


def customer_list(folder: Path, *rows: str) -> Path:
    path = folder / "klanten.csv"
    path.write_text("\n".join(["winkel;postcode;klanten", *rows]) + "\n", "utf-8")
    return path


def test_the_command_fits_to_customers_and_keeps_only_the_name_of_their_list(
    data: Path, vacant: list[str], shops: Path, tmp_path: Path
) -> None:
    lives = customer_list(tmp_path, "Markt;8998;31", "Zee;8999;5", "Elders;8999;9", "Markt;abc;3")
    words = ("compare", "west", *vacant, "--own-shops", shops)
    alone = json.loads(run(data, *words, "--json").out)
    answer = run(data, *words, "--customers", lives, "--decision", tmp_path / "d.json", "--json")
    assert answer.code == 0, answer.err
    assert "Not in the list of own shops: Elders" in answer.err and "one row skipped" in answer.err
    told = json.loads(answer.out)
    assert any("36 customers" in note["en"] for note in told["notes"])
    assert told["sites"][0]["turnover_eur"] != alone["sites"][0]["turnover_eur"]
    kept = json.loads((tmp_path / "d.json").read_text())
    assert [i["name"] for i in kept["inputs"] if i["kind"] == "file"] == ["winkels.csv", "klanten.csv"]
    assert "8999" not in (tmp_path / "d.json").read_text()
    assert run_again(data, tmp_path / "d.json").code == 0


def test_customers_at_postcodes_that_are_not_on_record_are_counted_and_named(
    data: Path, vacant: list[str], shops: Path, tmp_path: Path
) -> None:
    words = ("compare", "west", *vacant, "--own-shops", shops, "--customers")
    some = run(data, *words, customer_list(tmp_path, "Markt;8998;31", "Markt;9999;6", "Zee;9999;2", "Zee;7777;1"))
    assert "klanten.csv: 9 customers do not count" in some.err and "(9999)" in some.err and "7777" not in some.err
    none = run(data, *words, customer_list(tmp_path, "Markt;9999;31"))
    assert "none of the customers' postcodes is on record in the built areas (9999)" in none.err
    few = run(data, *words, customer_list(tmp_path, "Markt;8998;31", "Markt;9999;2"))
    assert "a few customers do not count" in few.err and "9999" not in few.err
    assert "do not count" not in run(data, *words, customer_list(tmp_path, "Markt;8998;31")).err


def run_again(data: Path, file: Path) -> Answer:
    return command("rerun", file, "--data", data)


def test_customers_of_no_shop_we_know_are_refused(data: Path, west: Area, shops: Path, tmp_path: Path) -> None:
    lives = customer_list(tmp_path, "Elders;8999;31")
    with pytest.raises(GeodataError, match="without the list of own shops"):
        own_given(west, "bakery", {"customers": lives}, data)
    with pytest.raises(GeodataError, match="none of these customers"):
        own_given(west, "bakery", {"customers": lives, "own_shops": shops}, data)
    one = shops.with_name("een.csv")
    one.write_text("\n".join([HEAD, ROWS[0]]) + "\n", "utf-8")
    bare = tmp_path / "kaal.csv"
    bare.write_text("postcode;klanten\n8999;31\n8999;2\n", "utf-8")
    given = own_given(west, "bakery", {"customers": bare, "own_shops": one}, data)
    assert given.customers == {"W": {"8999": 33.0}} and replace(given, network=None).not_listed == ()
