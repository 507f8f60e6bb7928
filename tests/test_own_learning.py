"""A retailer's own network: which shops teach something, in which areas, and what is said of the others."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import shapely
from command_line import command, write

from geodata.branches import read_branches
from geodata.errors import GeodataError
from geodata.sources.spreadsheet import Upload
from geodata.store import Area, Store
from location_model.learned import Learned
from location_model.own_learning import learn_from, taught
from location_model.own_shops import OwnNetwork, built_areas, near, own_network, turnover_by_shop
from location_model.presets import starting_profile
from location_model.shop_ranking import Ranking

HEAD = "id;naam;branche;omzet per jaar;lon;lat"


def listed(area: Area, n: int, *more: str) -> str:
    """n own bakeries at premises of the town, the first selling most, and other rows."""
    units = area.tables.premises.iloc[:n]
    at = units.geometry.to_crs(4326)
    rows = [
        f"W{i};Winkel {i};bakkerij;{900 - 31 * i - (i % 3)}.000,00;{x:.7f};{y:.7f}"
        for i, (x, y) in enumerate(zip(at.x, at.y, strict=True))
    ]
    return "\n".join([HEAD, *rows, *more]) + "\n"


def network(area: Area, text: str, *others: Area) -> OwnNetwork:
    return own_network([area, *others], Upload("w.csv", text.encode()), read_branches(), area.data_dir)


def test_the_network_says_where_each_shop_is_and_which_count(area: Area) -> None:
    lng, lat = area.boundary.centroid.coords[0]
    text = listed(
        area, 3, f"S;Schoenen;schoenen;100.000;{lng};{lat}", f"N;Naast;;1;{lng + 0.05};{lat}", "V;Ver;;1;9,0;45,0",
        f"O;Omzetloos;bakkerij;;{lng};{lat}",
    )  # fmt: skip
    found = network(area, text)
    assert found.in_no_area == ["Naast"]
    assert found.of_branch("bakery")["id"].tolist() == ["W0", "W1", "W2", "O"]
    assert found.of_other_branches("bakery") == ["Schoenen"]
    assert found.skipped["row"].tolist() == [6]
    assert turnover_by_shop(found.of_branch("bakery")) == {"W0": 900_000, "W1": 868_000, "W2": 836_000}
    assert near(found.shops, area)["id"].tolist() == ["W0", "W1", "W2", "S", "N", "O"]


def test_eight_shops_teach_weights_and_fewer_an_order_or_nothing(area: Area) -> None:
    start = starting_profile(area, "bakery", read_branches()).profile
    kinds = {}
    for n in (10, 5):
        kinds[n] = taught(network(area, listed(area, n)), [area], read_branches(), start)
    assert isinstance(kinds[10], Learned) and kinds[10].n == 10 and kinds[10].kept == ()
    assert isinstance(kinds[5], Ranking) and kinds[5].n == 5
    with pytest.raises(GeodataError, match="3 shops or more; 2 can be used"):
        taught(network(area, listed(area, 2)), [area], read_branches(), start)
    with pytest.raises(GeodataError, match="from 8 shops on; 5 can be used"):
        learn_from(network(area, listed(area, 5)), [area], read_branches(), start)


def half(area: Area, folder: Path, name: str, *, east: bool) -> Area:
    """The town once more, under another name and with half of its ground."""
    target = folder / "areas" / name / area.folder.name
    shutil.copytree(area.folder, target)
    manifest = json.loads((target / "manifest.json").read_text("utf-8"))
    middle = area.tables.premises.iloc[:10].geometry.to_crs(4326).x.median()
    west_lng, south, east_lng, north = area.boundary.bounds
    part = shapely.box(middle, south, east_lng, north) if east else shapely.box(west_lng, south, middle, north)
    boundary = shapely.geometry.mapping(area.boundary & part)
    write(
        target / "manifest.json",
        json.dumps(manifest | {"study": manifest["study"] | {"id": name, "name": name, "boundary": boundary}}),
    )
    write(folder / "areas" / name / "current.json", json.dumps({"version": area.folder.name}))
    return Store(folder).open(name)


def test_shops_in_two_areas_teach_together_but_nothing_of_an_index_within_a_town(area: Area, tmp_path: Path) -> None:
    west, east = (half(area, tmp_path, name, east=name == "east") for name in ("west", "east"))
    (tmp_path / "areas" / "broken").mkdir()
    write(tmp_path / "areas" / "broken" / "current.json", "{}")
    areas = built_areas(Store(tmp_path), west)
    assert [a.id for a in areas] == ["west", "east"]  # the damaged one is passed over
    found = network(west, listed(area, 10), east)
    assert set(found.shops["area_id"]) == {"west", "east"} and not found.in_no_area
    start = starting_profile(area, "bakery", read_branches()).profile
    learnt = learn_from(found, areas, read_branches(), start)
    assert learnt.kept == ("footfall_index",) and learnt.n == 10
    alone = learn_from(network(area, listed(area, 10)), [area], read_branches(), start)
    assert alone.kept == ()


def test_the_command_learns_and_says_so(area: Area, squareville_dir: Path, tmp_path: Path) -> None:
    shops = write(tmp_path / "winkels.csv", listed(area, 10, "V;Ver;;1;9,0;45,0", "D;Duur;bakkerij;veel;5,9;51,0"))
    asked = ("suggest", "squareville", "--branch", "bakery", "--within", "all", "--data", squareville_dir)
    learning = (*asked, "--own-shops", shops, "--min-distance", "0", "--learn")
    said = command(*learning, "--json")
    assert said.code == 0, said.err
    answer = json.loads(said.out)
    start = starting_profile(area, "bakery", read_branches()).profile
    expected = learn_from(network(area, shops.read_text()), [area], read_branches(), start)
    assert answer["learned"] == json.loads(json.dumps(expected.as_json()))
    assert {"weights", "loo_error", "baseline_error", "claim"} <= set(answer["learned"])
    plain = json.loads(command(*asked, "--json").out)
    assert "learned" not in plain
    assert [s["score"] for s in answer["sites"]] != [s["score"] for s in plain["sites"]]
    weights = np.array(list(answer["learned"]["weights"].values()))
    first = answer["sites"][0]
    parts = [0.0 if x is None else x for x in first["contributions"].values()]
    assert sum(parts) == pytest.approx(first["score"], abs=0.02) and all(np.array(parts)[weights == 0] == 0)
    assert "winkels.csv, row 11" in said.err
    words = command(*learning, language="nl")
    assert "Geleerd uit 10 winkels" in words.err or "De omzet van 10 winkels" in words.err
    assert "Gewichten: " in words.err


def test_the_command_refuses_to_learn_from_few_shops_or_from_none(
    area: Area, squareville_dir: Path, tmp_path: Path
) -> None:
    shops = write(tmp_path / "winkels.csv", listed(area, 5))
    asked = ("suggest", "squareville", "--branch", "bakery", "--learn", "--data", squareville_dir)
    few = command(*asked, "--own-shops", shops)
    assert few.code == 1 and "from 8 shops on; 5 can be used" in few.err
    none = command(*asked, language="nl")
    assert none.code == 1 and "geen lijst van eigen winkels" in none.err
    other = command(*asked[:3], "shoes", *asked[4:], "--own-shops", shops)
    assert other.code == 1 and "Of another branch: Winkel 0, Winkel 1" in other.err
