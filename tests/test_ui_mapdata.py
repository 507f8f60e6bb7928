"""What maps fetch: classes with readable borders, streets as lines, cells worth showing."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata import hexgrid
from geodata.store import Area
from pages.ui import cache, mapdata, maps


def test_borders_come_from_an_easy_series() -> None:
    assert mapdata.breaks(np.array([0.0, np.nan, 30.0, 8000.0])) == [500, 700, 1000, 2000, 3000, 5000, 7000]
    assert mapdata.breaks(np.array([0.0, np.nan])) == []


def test_classes_keep_none_and_not_known_apart() -> None:
    values = np.array([np.nan, 0.0, 0.5, 1.0, 4.9, 5.0])
    assert mapdata.classes_of(values, [1.0, 5.0]).tolist() == [-1, 0, 1, 2, 2, 3]


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=50))
def test_classes_rise_with_the_values(values: list[float]) -> None:
    given_values = np.sort(np.array(values))
    borders = mapdata.breaks(given_values)
    classes = mapdata.classes_of(given_values, borders)
    assert borders == sorted(borders)
    assert (np.diff(classes) >= 0).all()
    assert classes.max() <= len(borders) + 1


def test_streets_are_lines_with_a_class_inside_the_area(area: Area) -> None:
    rows = json.loads(mapdata.streets(area))
    named = {3: "pedestrian", 2: "residential"}
    assert {r["c"] for r in rows} == set(named)
    west, south, east, north = area.study.boundary.buffer(0.03).bounds
    assert all(west < x < east and south < y < north for r in rows for x, y in r["p"])


def test_cells_worth_showing_lie_on_streets_and_those_with_most_shops_come_first(area: Area) -> None:
    rows = mapdata.near_shops(area, None, 50)
    around = area.grid["agglomeration_premises"].fillna(0).to_numpy()
    streets = (area.grid["reason"] != "no_street").to_numpy()
    assert len(rows) == 50
    assert streets[rows].all()
    others = np.setdiff1d(np.flatnonzero(streets), rows)
    assert around[rows].min() >= around[others].max()
    core = mapdata.near_shops(area, "core", 50)
    assert (area.grid["core_share"].to_numpy()[core] > 0).sum() == min(50, (area.grid["core_share"] > 0).sum())


def test_texts_are_rounded_to_what_is_known() -> None:
    assert mapdata.texts(np.array([12_347.0, 3.14159, np.nan, 0.0]), str) == ["12000.0", "3.1", "nan", "0.0"]


def test_nothing_on_a_map_points_outside() -> None:
    text = maps.deck([maps.street_lines("/mapdata/a.json")], maps.view_of((3.0, 51.0, 3.1, 51.1))).to_json()
    assert "http" not in text
    assert json.loads(text).get("mapProvider") is None


def test_a_view_holds_what_it_should_show() -> None:
    view = maps.view_of((3.0, 51.0, 3.02, 51.005), width=700, height=500)
    degrees_per_pixel = 360 / 512 / 2**view.zoom
    assert 0.02 <= 700 * degrees_per_pixel <= 0.04
    assert (view.longitude, view.latitude) == (3.01, 51.0025)


def test_an_area_built_with_own_lists_is_private(squareville_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERNWIJZER_DATA", str(squareville_dir))
    key = cache.current("squareville")
    assert cache.private(key) is False
    request = json.loads(cache.area(key).manifest["request"]) | {"premises": "panden.xlsx"}
    monkeypatch.setitem(cache.area(key).manifest, "request", json.dumps(request))
    assert cache.private(key) is True
    assert json.loads(gzip.decompress(cache.streets(key)))


def test_hatching_lies_on_its_cells_and_leaves_the_others() -> None:
    cells = hexgrid.neighbours(hexgrid.cells_at([3.72], [51.05])[0], 2)
    some = cells[:4]
    lines = shapely.multilinestrings([row["p"] for row in json.loads(mapdata.hatching(some))])
    ground = shapely.union_all(hexgrid.polygons(some))
    assert ground.buffer(1e-5).contains(lines)
    assert all(lines.intersects(hexagon) for hexagon in hexgrid.polygons(some))
    assert json.loads(mapdata.hatching([])) == []
