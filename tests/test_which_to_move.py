"""Which shop should move: two bakers opposite one another sell as much, unless there is more to it than their place."""

import json
from pathlib import Path

import pytest
from command_line import command
from towns import degrees, river_town

from geodata.build import build
from geodata.errors import GeodataError
from geodata.request import BuildRequest
from geodata.settings import Settings
from location_model.own_cli import judged
from location_model.validation.statistics import Estimate
from location_model.which_to_move import LESS, MORE, NO_TURNOVER, UNCLEAR, ShopGap, ShopGaps

SOUTH, NORTH, MIDDLE = degrees(60, 6), degrees(60, 294), degrees(1500, 150)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("river")
    build(BuildRequest("River", osm=(river_town().write(folder / "river.osm.pbf"),)), Settings(data_dir=folder))
    return folder


def judge(data: Path, folder: Path, *rows: tuple[str, tuple[float, float], str, str]) -> ShopGaps:
    """Own shops: name, place, branch, turnover."""
    return judged({"areas": ["river"], "branch": "bakery", "own_shops": write(folder, *rows)}, data)


def write(folder: Path, *rows: tuple[str, tuple[float, float], str, str]) -> Path:
    path = folder / "winkels.csv"
    lines = [f"{name},{name},{branch},{eur},{lng},{lat}" for name, (lng, lat), branch, eur in rows]
    path.write_text("\n".join(["winkel_id,naam,branche,omzet,lon,lat", *lines]) + "\n", "utf-8")
    return path


def test_shops_that_sell_alike_in_places_alike_do_as_expected(data: Path, tmp_path: Path) -> None:
    """Each is expected to do as the other does: the model is fitted to the other one."""
    first = judge(data, tmp_path, ("Zuid", SOUTH, "bakery", ""), ("Noord", NORTH, "bakery", ""))
    usual = first.shops[0].expected.value
    found = judge(data, tmp_path, *((n, at, "bakery", str(usual)) for n, at in (("Zuid", SOUTH), ("Noord", NORTH))))
    for shop in found.shops:
        assert shop.expected.value == pytest.approx(usual, rel=0.03)
        assert shop.verdict == UNCLEAR and not shop.clear
        assert shop.gap is not None and shop.gap.low < 0 < shop.gap.high
        assert shop.gap.value == pytest.approx(usual - shop.expected.value)


def test_the_shop_that_falls_short_comes_first(data: Path, tmp_path: Path) -> None:
    """Turnovers a hundred times apart cannot both follow from the place."""
    found = judge(data, tmp_path, ("Zuid", SOUTH, "bakery", "3000000"), ("Noord", NORTH, "bakery", "3000"))
    assert [(s.name, s.verdict) for s in found.shops] == [("Noord", LESS), ("Zuid", MORE)]
    for shop in found.shops:
        assert shop.gap is not None and shop.clear
        assert (shop.gap.low > 0) == (shop.name == "Zuid")
        assert shop.expected.low < shop.expected.value < shop.expected.high


def test_a_shop_is_not_judged_by_its_own_turnover(data: Path, tmp_path: Path) -> None:
    expected = {
        eur: judge(data, tmp_path, ("Zuid", SOUTH, "bakery", eur)).shops[0].expected for eur in ("", "9000", "900000")
    }
    assert expected[""] == expected["9000"] == expected["900000"]


def test_shops_that_cannot_be_judged_are_named(data: Path, tmp_path: Path) -> None:
    rows = [("Zuid", SOUTH, "bakery", "50000"), ("Stil", NORTH, "bakery", ""), ("Koffie", MIDDLE, "cafe", "9"),
            ("Over", degrees(3000, 9000), "bakery", "9"), ("Ver", (4.9, 52.3), "bakery", "9")]  # fmt: skip
    found = judge(data, tmp_path, *rows)
    assert [s.name for s in found.shops] == ["Zuid", "Stil"]
    assert found.shops[1].verdict == NO_TURNOVER and found.shops[1].gap is None
    assert found.in_no_area == ("Over",) and found.of_other_branches == ("Koffie",)
    assert [row for row, _ in found.not_placed] == [5]
    with pytest.raises(GeodataError, match="no own shop of the branch bakery stands in an area"):
        judge(data, tmp_path, rows[3], rows[2])


def test_the_gap_is_as_unsure_as_what_is_expected() -> None:
    shop = ShopGap("a", "A", "x", 100.0, Estimate(80, 60, 90))
    assert shop.gap == Estimate(20, 10, 40) and shop.verdict == MORE
    assert ShopGap("a", "A", "x", 70.0, Estimate(80, 60, 90)).verdict == UNCLEAR
    assert ShopGap("a", "A", "x", 50.0, Estimate(80, 60, 90)).verdict == LESS


def test_the_command_says_what_the_library_says_and_can_be_run_again(data: Path, tmp_path: Path) -> None:
    shops = write(tmp_path, ("Zuid", SOUTH, "bakery", "500000"), ("Noord", NORTH, "bakery", "5000"))
    words = ("own", "--own-shops", shops, "--branch", "bakkerij", "--data", data)
    decided = command(*words, "River", "--json", "--decision", tmp_path / "d.json")
    document = json.loads(decided.out)
    assert decided.code == 0 and [s["name"] for s in document["shops"]] == ["Noord", "Zuid"]
    assert set(document["shops"][0]["gap_eur"]) == {"value", "low", "high"}
    assert json.loads(command(*words, "--json").out) == document  # without areas: every one that is built
    assert command("rerun", tmp_path / "d.json", "--data", data).code == 0
    told = command(*words, language="nl")
    assert told.code == 0 and "Noord" in told.out and "verwachten" in told.out
    assert command("own", "--help", language="nl").code == 0
    nowhere = command("own", "Nergens", "--own-shops", shops, "--branch", "bakery", "--data", data)
    assert nowhere.code == 1 and "Nergens" in nowhere.err
    finance = command("own", "--own-shops", shops, "--branch", "finance", "--data", data)
    assert finance.code == 1 and "Traceback" not in finance.err
