"""Files to take along hold what the page shows, with units, choices and sources."""

import datetime
import io
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
import streamlit as st

from geodata.branches import read_branches
from geodata.store import Store
from location_model.presets import preset
from location_model.profile import Limits
from location_model.score import score_area
from location_model.suggest import suggest, ties
from pages.ui import downloads, geopackage

ADDRESS = "http://localhost/suggest?area=squareville&min=20"


@pytest.fixture(scope="module")
def made(squareville_dir: Path) -> tuple:
    """Units 250 m apart, so that each stands for others."""
    area = Store(squareville_dir).open("squareville")
    limits = Limits(min_floor_area_m2=20.0, own_shops=((5.5, 51.0),), min_own_distance_m=500.0)
    start = replace(preset("clothes", read_branches()).profile, limits=limits)
    scored = score_area(area, read_branches(), start.with_weights({"footfall_index": 0.5}))
    answer = suggest(area, scored, n=5, vacant=True, spacing_m=250.0)
    assert any(s.others for s in answer.sites)
    return area, scored, answer, downloads.Asked("bloemen, cadeaus en dieren", "Kern", True, start, ADDRESS)


def test_the_workbook_has_the_places_their_values_and_sources(made: tuple) -> None:
    area, scored, answer, asked = made
    book = openpyxl.load_workbook(io.BytesIO(downloads.workbook(area, scored, answer, asked)))
    places, values, _choices, about = book.worksheets
    rows = list(places.iter_rows(min_row=2, values_only=True))
    assert rows[-1][1].startswith("80 %-interval van de score")
    rows = [r for r in rows if r[0]]
    expected = [each for s in answer.sites for each in (s, *s.others)]
    assert [r[:2] for r in rows] == [(s.rank, s.site.name) for s in expected]
    heads = [c.value for c in places[1]]
    points = [i for i, head in enumerate(heads) if head.endswith("(punten)")]
    assert [sum(r[i] or 0 for i in points) for r in rows] == pytest.approx([s.score for s in expected], abs=1e-3)
    low, high = heads.index("score van"), heads.index("score tot")
    assert all(r[low] <= r[2] <= r[high] for r in rows)
    even = [{o.rank for o in others} - {s.rank} for s, others in zip(expected, ties(expected), strict=True)]
    column = heads.index("Niet te onderscheiden van rang")
    assert [set(map(int, (r[column] or "").split(", "))) if r[column] else set() for r in rows] == even
    assert {r[heads.index("Wat we weten")] for r in rows} <= {f"{n} van 10" for n in range(11)}
    assert {r[heads.index("Leegstand")] for r in rows} <= {
        "leegstaand volgens OpenStreetMap",
        "vroegere winkel volgens OpenStreetMap",
    }
    heads = [c.value for c in values[1]]
    assert all("(" in head for head in heads[2:])  # a unit in every head
    first = [c.value for c in values[2]][2:]
    known = list(scored.values(answer.sites[0].site.cell).values())
    assert [x is None for x in first] == [v != v for v in known]
    text = "\n".join(str(c.value) for (c,) in about.iter_rows())
    assert "squareville.osm.pbf" in text
    assert "OpenStreetMap" in text


def test_a_rent_stands_in_the_files_and_one_that_is_not_known_is_empty(made: tuple, tmp_path: Path) -> None:
    area, scored, answer, asked = made
    best = replace(answer.sites[0], site=replace(answer.sites[0].site, rent_eur_per_year=18_000.0), others=())
    answer = replace(answer, sites=(best, *answer.sites[1:]))
    bounded = replace(asked.limits, max_rent_eur_per_year=20_000.0, known_rent_only=True)
    asked = replace(asked, start=replace(asked.start, limits=bounded))
    book = openpyxl.load_workbook(io.BytesIO(downloads.workbook(area, scored, answer, asked)))
    places = book["Plekken"]
    column = [c.value for c in places[1]].index("Huur (€ per jaar)")
    assert [r[column] for r in places.iter_rows(min_row=2, max_row=3, values_only=True)] == [18_000, None]
    said = {r[0]: r[1] for r in book["Keuzes"].iter_rows(values_only=True) if r[0]}
    assert said["Huur tot (€ per jaar)"] == 20_000 and said["Panden waarvan de huur niet gekend is"] == "niet-gebruikt"
    assert "huur-tot-20000" in asked.file_name(area)
    (tmp_path / "places.gpkg").write_bytes(geopackage.geopackage(area, scored, answer, asked))
    rents = gpd.read_file(tmp_path / "places.gpkg", layer=area.id)["rent_eur_per_year"]
    assert rents[0] == 18_000 and rents[1:].isna().all()


def test_the_workbook_says_what_was_asked(made: tuple) -> None:
    area, scored, answer, asked = made
    book = openpyxl.load_workbook(io.BytesIO(downloads.workbook(area, scored, answer, asked)))
    sheet = book["Keuzes"]
    said = {r[0]: r[1:] for r in sheet.iter_rows(values_only=True) if r[0]}
    assert said["Branche"][0] == "bloemen, cadeaus en dieren"
    assert said["Waar"][0] == "Kern"
    assert said["Alleen leegstaande panden"][0] == "ja"
    assert said["Oppervlakte vanaf (m²)"][0] == 20
    assert "Oppervlakte tot (m²)" not in said
    assert said["Eigen winkels in de lijst"][0] == 1
    assert said["Adres van de pagina"][0] == ADDRESS
    built = datetime.datetime.fromisoformat(area.manifest["built_at"][:10])
    assert said["Opgebouwd"][0] == built
    standard = {c.layer: c.weight for c in asked.start.criteria}
    assert said["Passanten"][:2] == (0.5, standard["footfall_index"])


def test_the_workbook_is_in_the_language_of_the_visit(made: tuple, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(st.session_state, "lang", "en")
    book = openpyxl.load_workbook(io.BytesIO(downloads.workbook(*made)))
    assert book.sheetnames == ["Places", "Values", "Choices", "Sources"]
    column = [c.value for c in book["Places"][1]].index("Vacancy")
    bases = {r[column] for r in book["Places"].iter_rows(min_row=2, values_only=True) if r[0]}
    assert bases <= {"vacant according to OpenStreetMap", "former shop according to OpenStreetMap"}


def test_a_name_from_the_map_is_never_a_formula(made: tuple) -> None:
    area, scored, answer, asked = made
    best = answer.sites[0]
    formula = '=HYPERLINK("http://evil.example","Bakkerij")'
    named = replace(best, site=replace(best.site, name=formula, near=False))
    book = openpyxl.load_workbook(io.BytesIO(downloads.workbook(area, scored, replace(answer, sites=(named,)), asked)))
    cell = book["Plekken"].cell(row=2, column=2)
    assert cell.data_type == "s" and cell.value == formula and cell.hyperlink is None


def test_a_file_is_named_after_what_was_asked(made: tuple) -> None:
    area, _scored, _answer, asked = made
    name = asked.file_name(area)
    assert name == "squareville-bloemen-cadeaus-en-dieren-kern-leegstaand-vanaf-20-m2-eigen-winkels"


def test_the_geopackage_has_the_places_in_metres_and_says_what_its_fields_are(made: tuple, tmp_path: Path) -> None:
    area, scored, answer, asked = made
    path = tmp_path / "p.gpkg"
    path.write_bytes(geopackage.geopackage(area, scored, answer, asked))
    frame = gpd.read_file(path, layer=area.id)
    assert frame.crs.to_epsg() == area.study.crs
    expected = [each for s in answer.sites for each in (s, *s.others)]
    assert frame["name"].tolist() == [s.site.name for s in expected]
    assert frame["why"].tolist() == [s.why.to("nl") for s in expected]
    premises = area.tables.premises.set_index("id").loc[frame["id"]]
    assert frame.geometry.distance(premises.geometry.reset_index(drop=True)).max() < 0.5
    cell = expected[0].site.cell
    assert frame.loc[0, "value_footfall_index"] == pytest.approx(scored.values(cell)["footfall_index"])
    assert all(frame[c].dtype == float for c in frame.columns if c.startswith(("points_", "value_")))
    fields = gpd.read_file(path, layer="fields").set_index("field")
    assert set(frame.columns) - {"geometry"} <= set(fields.index)
    assert fields.loc["value_footfall_index", "unit"] == "drukte-index, drukste plek van deze gemeente = 100"
    assert fields.loc["page", "unit"] == ADDRESS
