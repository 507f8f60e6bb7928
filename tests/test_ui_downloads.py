"""Files to take along hold what the page shows, with units and sources."""

import io
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest

from geodata.branches import read_branches
from geodata.store import Store
from location_model.presets import preset
from location_model.score import score_area
from location_model.suggest import suggest
from pages.ui import downloads


@pytest.fixture(scope="module")
def made(squareville_dir: Path) -> tuple:
    area = Store(squareville_dir).open("squareville")
    scored = score_area(area, read_branches(), preset("clothes", read_branches()).profile)
    return area, scored, suggest(area, scored, n=5, vacant=True)


def test_the_workbook_has_the_places_their_values_and_sources(made: tuple) -> None:
    area, scored, answer = made
    book = openpyxl.load_workbook(io.BytesIO(downloads.workbook(area, scored, answer, "kleding")))
    places, values, about = book.worksheets
    rows = list(places.iter_rows(min_row=2, values_only=True))
    assert [r[1] for r in rows] == [s.site.name for s in answer.sites]
    assert [sum(x or 0 for x in r[9:]) for r in rows] == pytest.approx([s.score for s in answer.sites], abs=1e-3)
    assert {r[5] for r in rows} <= {"shop=vacant", "disused:shop"}
    heads = [c.value for c in values[1]]
    assert all("(" in head for head in heads[2:])  # a unit in every head
    first = [c.value for c in values[2]][2:]
    known = list(scored.values(answer.sites[0].site.cell).values())
    assert [x is None for x in first] == [v != v for v in known]
    text = "\n".join(str(c.value) for (c,) in about.iter_rows())
    assert "squareville.osm.pbf" in text
    assert "OpenStreetMap" in text


def test_the_geopackage_has_the_places_in_metres(made: tuple, tmp_path: Path) -> None:
    area, _scored, answer = made
    path = tmp_path / "p.gpkg"
    path.write_bytes(downloads.geopackage(area, answer))
    frame = gpd.read_file(path)
    assert frame.crs.to_epsg() == area.study.crs
    assert frame["name"].tolist() == [s.site.name for s in answer.sites]
    premises = area.tables.premises.set_index("id").loc[frame["id"]]
    assert frame.geometry.distance(premises.geometry.reset_index(drop=True)).max() < 0.5
