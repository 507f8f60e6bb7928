"""Files to take along: the places as a workbook with units and sources, and as a GeoPackage for a GIS."""

import io
import math
import tempfile
from pathlib import Path

import geopandas as gpd
import xlsxwriter

from geodata.language import T
from geodata.layers import layer_named
from geodata.store import Area
from location_model.presets import LABEL
from location_model.score import Scored
from location_model.suggest import Suggestion, Suggestions
from pages.ui.language import _, date, language
from pages.ui.places import site_id

SAMPLE = T("Sample data: Testerep is an invented region.")


def workbook(area: Area, scored: Scored, answer: Suggestions, branch_name: str) -> bytes:
    """Three sheets: places with score and points, the values behind them with units, and where they come from."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "default_date_format": "d/m/yyyy"})
    bold, wrap = (
        book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
        book.add_format({"text_wrap": True}),
    )
    one = book.add_format({"num_format": "0.0"})
    layers = [layer_named(c.layer) for c in scored.profile.criteria]

    places = book.add_worksheet(_(T("Places")))
    heads = [
        T("Rank"), T("Place"), T("Score (0–100)"), T("What we know (share of the weight)"), T("Floor area (m²)"),
        T("Vacant according to"), T("Longitude (°)"), T("Latitude (°)"), T("Why"),
    ]  # fmt: skip
    titles = [_(h) for h in heads] + [_(T("{title} (points)", title=layer.title)) for layer in layers]
    places.write_row(0, 0, titles, bold)
    for row, s in enumerate(answer.sites, start=1):
        places.write_row(
            row,
            0,
            [s.rank, s.site.name, s.score, s.coverage, s.site.floor_area_m2, s.site.vacant_by, s.site.lng, s.site.lat],
        )
        places.write(row, len(heads) - 1, _(s.why))
        for column, (_layer, points) in enumerate(s.contributions, start=len(heads)):
            if points is not None:
                places.write_number(row, column, points, one)
    places.freeze_panes(1, 2)
    places.set_column(0, 0, 6)
    places.set_column(1, 1, 28)
    places.set_column(2, 7, 13, one)
    places.set_column(8, 8, 60, wrap)
    places.set_column(9, 8 + len(layers), 13)

    values = book.add_worksheet(_(T("Values")))
    values.write_row(0, 0, [_(T("Rank")), _(T("Place")), *(f"{_(x.title)} ({_(x.unit)})" for x in layers)], bold)
    for row, s in enumerate(answer.sites, start=1):
        values.write_row(row, 0, [s.rank, s.site.name])
        for column, value in enumerate(scored.values(s.site.cell).values(), start=2):
            if not math.isnan(value):
                values.write_number(row, column, value, one)
    values.freeze_panes(1, 2)
    values.set_column(1, 1 + len(layers), 22)

    about = book.add_worksheet(_(T("Sources")))
    about.set_column(0, 0, 110, wrap)
    about.write_column(0, 0, [line for line in _about(area, scored, answer, branch_name) if line])
    book.close()
    return file.getvalue()


def _about(area: Area, scored: Scored, answer: Suggestions, branch_name: str) -> list[str]:
    weights = "; ".join(f"{_(layer_named(c.layer).title)} {c.weight:g}" for c in scored.profile.criteria)
    return [
        _(T("Kernwijzer: places for {branch} in {area}", branch=branch_name, area=area.name)),
        _(SAMPLE) if area.sample else "",
        _(T("Built on {day}, version {version}", day=date(area.manifest["built_at"]), version=area.version)),
        _(T("Weights ({label}): {weights}", label=LABEL, weights=weights)),
        _(T("An empty cell is not known; it is not zero.")),
        *(_(note) for note in answer.notes),
        *(note[language()] for note in area.manifest["notes"]),
        *(_source(s["files"], s["id"], s["vintage"]) for s in area.manifest["sources"]),
        "" if area.sample else "© OpenStreetMap contributors (ODbL)",
    ]  # fmt: skip


def _source(files: list[str], source: str, vintage: str | None) -> str:
    known = vintage or _(T("date not known"))
    return _(T("Source: {source}, {vintage}", source=", ".join(files) or source, vintage=known))


def _row(s: Suggestion) -> dict[str, object]:
    given = {"rank": s.rank, "id": site_id(s), "name": s.site.name, "score": s.score, "coverage": s.coverage}
    given |= {"floor_area_m2": s.site.floor_area_m2, "vacant_by": s.site.vacant_by, "why": _(s.why)}
    return given | {f"points_{layer}": points for layer, points in s.contributions}


def geopackage(area: Area, answer: Suggestions) -> bytes:
    """The places as points in the area's metric CRS, in one layer named after the area."""
    frame = gpd.GeoDataFrame(
        [_row(s) for s in answer.sites],
        geometry=gpd.points_from_xy([s.site.lng for s in answer.sites], [s.site.lat for s in answer.sites]),
        crs=4326,
    ).to_crs(area.study.crs)
    frame["source"] = "sample data" if area.sample else "Kernwijzer; © OpenStreetMap contributors (ODbL)"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "places.gpkg"
        frame.to_file(path, layer=area.id, driver="GPKG")
        return path.read_bytes()
