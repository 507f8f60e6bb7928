"""Unknown names, and a data directory with damage in it: what is wrong is said, and how to mend it."""

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
from command_line import Town, command, write

from geodata.branches import HERE
from geodata.errors import GeodataError
from geodata.store import Store


@pytest.fixture
def town(small_town: Town, tmp_path: Path) -> Town:
    """The small town in a data directory of its own, to damage, beside another one that is whole."""
    for area in ("town", "whole"):
        shutil.copytree(small_town.data / "areas" / area, tmp_path / "data" / "areas" / area)
    return Town(tmp_path / "data", small_town.osm)


@pytest.mark.parametrize(("language", "near"), [("en", "Nearest: town"), ("nl", "Dichtst in de buurt: town")])
def test_an_unknown_area_has_near_names(town: Town, language: str, near: str) -> None:
    answer = command("suggest", "Towm", "--branch", "bakery", "--data", town.data, language=language)
    assert answer.code == 1 and "Towm" in answer.err and near in answer.err


@pytest.mark.parametrize("asked", ["bakeri", "bakerij"])
def test_an_unknown_branch_has_near_names_in_either_language(town: Town, asked: str) -> None:
    for language, words in (("en", "no branch called"), ("nl", "geen branche")):
        answer = command("suggest", "Town", "--branch", asked, "--data", town.data, language=language)
        assert answer.code == 1 and words in answer.err and "bakery (bakkerij)" in answer.err.lower()
        assert "`branches`" in answer.err


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def test_a_table_is_read_without_the_others(town: Town) -> None:
    stored = Store(town.data).open("town")
    cut(stored.folder / "tables" / "buildings.parquet")
    assert len(stored.table("premises")) and stored.table("premises") is stored.table("premises")
    with pytest.raises(GeodataError, match=r"buildings\.parquet"):
        _ = stored.tables


@pytest.mark.parametrize(
    ("part", "damage"),
    [
        ("grid.parquet", Path.unlink),
        ("core_areas.parquet", Path.unlink),
        ("tables/premises.parquet", cut),
        ("network.npz", cut),
    ],
)
def test_check_names_the_damaged_part_and_building_again_mends_it(
    town: Town, part: str, damage: Callable[[Path], None]
) -> None:
    damage(Store(town.data).open("town").folder / part)
    for language, words in (("en", "gone or damaged"), ("nl", "weg of beschadigd")):
        answer = command("check", "--data", town.data, language=language)
        assert answer.code == 1 and "Traceback" not in answer.err
        assert part in answer.err and words in answer.err and "town" in answer.err and "whole:" not in answer.err
    asked = command("suggest", "Town", "--branch", "bakery", "--data", town.data)
    assert asked.code == 1 and part in asked.err and "Build the area again: town" in asked.err
    assert town.build().code == 0
    assert command("check", "--data", town.data).code == 0


@pytest.mark.parametrize("text", ["{", "[]", '{"version": "nowhere", "fingerprint": "x"}'])
@pytest.mark.parametrize("name", ["current.json", "manifest.json"])
def test_a_garbled_file_of_one_area_hides_no_other(town: Town, name: str, text: str) -> None:
    folder = town.data / "areas" / "town"
    write(folder / name if name == "current.json" else Store(town.data).open("town").folder / name, text)
    listed = command("areas", "--data", town.data, language="nl")
    assert listed.code == 0 and "Whole" in listed.out and "beschadigd" in listed.err
    assert {"town", "whole"} <= set(Store(town.data).names())
    faults = json.loads(command("check", "--json", "--data", town.data).out)["faults"]
    assert list(faults) == ["town"] and "damaged" in faults["town"]
    assert town.build().code == 0 and Store(town.data).verify("town") is None


def test_a_build_from_before_rents_were_read_opens_with_none_known(town: Town) -> None:
    table = Store(town.data).open("town").folder / "tables" / "premises.parquet"
    now = gpd.read_parquet(table)
    now.drop(columns="rent_eur_per_year").to_parquet(table)
    before = Store(town.data).open("town")
    assert before.tables.premises["rent_eur_per_year"].isna().all() and len(before.tables.premises) == len(now)
    assert Store(town.data).verify("town") is None


def test_what_a_killed_build_left_does_no_harm(town: Town) -> None:
    (town.data / "areas" / "town" / ".building-0123456789ab").mkdir()
    assert command("check", "--data", town.data).code == 0
    (town.data / "areas" / "town" / "current.json").unlink()  # the very first build, killed before its end
    assert command("areas", "--data", town.data).code == 0
    assert town.build().code == 0 and Store(town.data).verify("town") is None


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"id;naam\nx;y\n", 1),
        (b"", 1),
        (b"id,name_nl\nx,y,z,w\n", 1),
        (None, 0),
    ],
)
def test_an_own_table_of_branches(town: Town, content: bytes | None, code: int) -> None:
    """None: our own, as a Belgian spreadsheet saves it, with semicolons in Windows-1252."""
    path = town.data / "branches.csv"
    if content is None:
        with (HERE / "branches.csv").open(encoding="utf-8") as ours, path.open("w", encoding="cp1252") as theirs:
            csv.writer(theirs, delimiter=";").writerows(csv.reader(ours))
    else:
        write(path, content)
    answer = command("branches", "--data", town.data)
    assert answer.code == code, answer
    assert code == 0 or ("branches.csv" in answer.err and "Traceback" not in answer.err)


def test_names_with_brackets_are_shown_as_they_are(town: Town, tmp_path: Path) -> None:
    path = write(tmp_path / "lijst[1].csv", "naam;dag;lon;lat\nMarkt [/x];di;2,3;48,8\n")
    answer = town.build("--markets", path)
    assert answer.code == 1 and "lijst[1].csv" in answer.err and "Markt" not in answer.out
