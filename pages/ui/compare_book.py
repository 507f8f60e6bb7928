"""A comparison as a workbook: figures with unit and interval, points, values, differences, choices and sources."""

import datetime
import io
import math
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format

from geodata.language import T, Text
from location_model.compare import Compared, Comparison
from location_model.layers import layer_named
from location_model.permit import CHECK
from location_model.validation.statistics import Estimate
from pages.ui import downloads
from pages.ui.compare_words import pair_told, permit_told
from pages.ui.language import _, language
from pages.ui.tray import LETTERS

PERCENT, PERCENT_1 = "0 %", "0.0 %"
"""How Excel writes a share."""

Figure = tuple[Text, Text, str, list[Estimate | str | None]]
"""What it is, its unit, how it is written, and one for each place."""


def one(value: float | None) -> Estimate | None:
    """A figure without an interval; None where it is not known."""
    return None if value is None or math.isnan(value) else Estimate(value, math.nan, math.nan)


def figures(found: Comparison) -> dict[str, Figure]:
    """Every figure of the comparison by name."""
    sites = found.sites
    share, year, persons = T("share, 0–1"), T("€ a year"), T("persons a day")
    firm = [s.firm for s in sites]
    scores: list[Estimate | str | None] = [
        None if f is None else Estimate(f.score, f.score_low, f.score_high) for f in firm
    ]
    feet = [s.footfall for s in sites]
    walked: list[Estimate | str | None] = [
        None if f is None or f.persons is None else Estimate(f.persons, f.low or 0.0, f.high or 0.0) for f in feet
    ]
    return {
        "score": (T("Score"), T("0–100"), "0.0", scores),
        "first": (T("Chance to be first"), share, PERCENT, [one(f and f.top_1) for f in firm]),
        "first_three": (T("Chance to be among the first three"), share, PERCENT, [one(f and f.top_3) for f in firm]),
        "coverage": (T("What we know"), T("share of the weight that is known, 0–1"), PERCENT,
                     [one(s.coverage) for s in sites]),
        "street_class": (T("Class of the street"), T("A1 busiest to C"), "@", [f and f.street_class for f in feet]),
        "persons": (T("Passers-by"), persons, "#,##0", walked),
        "turnover_eur": (T("Expected turnover"), year, "#,##0", [s.turnover for s in sites]),
        "turnover_eur_per_m2": (T("Turnover per m²"), T("€ a year per m²"), "#,##0", [s.eur_per_m2 for s in sites]),
        "rent_eur": (T("Rent"), year, "#,##0", [one(s.rent_eur) for s in sites]),
        "rent_share": (T("Rent share"), T("share of the turnover, 0–1"), PERCENT_1, [s.rent_share for s in sites]),
        "median_minutes": (T("Half of the turnover comes from within"), T("minutes"), "0.0",
                           [one(s.catchment and s.catchment.median_minutes) for s in sites]),
        "from_municipality": (T("From the municipality itself"), T("share of the turnover, 0–1"), PERCENT,
                              [one(s.catchment and s.catchment.in_study) for s in sites]),
        "retention": (T("Modelled local retention, with it open"),
                      T("share of what residents spend on this branch in shops, 0–1"), PERCENT_1,
                      [s.retention for s in sites]),
        "floor_area_m2": (T("Floor area"), T("m²"), "#,##0", [one(s.floor_area_m2) for s in sites]),
        "permit": (T("Permit"), T("an indication"), "@", [permit_told(s.permit) for s in sites]),
        "id": (T("Unit or hexagon"), T("number in the source, or the H3 cell"), "@", [s.named.id for s in sites]),
        "lng": (T("Longitude"), T("°"), "0.0000", [one(s.named.site.lng) for s in sites]),
        "lat": (T("Latitude"), T("°"), "0.0000", [one(s.named.site.lat) for s in sites]),
    }  # fmt: skip


def name(i: int, site: Compared) -> str:
    """A place by its letter and address."""
    return f"{LETTERS[i]} {_(site.named.site.title)}"


def workbook(found: Comparison, asked: Mapping[str, object]) -> bytes:
    """asked: what was chosen, by its label in words."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    _figures(book, found, bold)
    _criteria(book, found, bold)
    _differences(book, found, bold, wrap)
    _choices(book.add_worksheet(_(T("Choices"))), found, asked, bold, book)
    about = book.add_worksheet(_(T("Sources")))
    about.set_column(0, 0, 110, wrap)
    about.write_column(0, 0, [line for line in sources(found) if line])
    if found.area.sample:
        _mark(book)
    book.close()
    return file.getvalue()


def _mark(book: xlsxwriter.Workbook) -> None:
    """Says on every sheet, on screen and in print, that the data are invented."""
    bold = book.add_format({"bold": True})
    for sheet in book.worksheets():
        sheet.write_string(sheet.dim_rowmax + 2, 0, _(downloads.SAMPLE), bold)
        sheet.set_header(f"&R{_(downloads.SAMPLE)}")


def sources(found: Comparison) -> list[str]:
    """What the figures rest on, a line each."""
    area = found.area
    return [
        _(downloads.SAMPLE) if area.sample else "",
        *(_(note) for note in found.notes),
        _(CHECK),
        _(T("Intervals are 80 %: four in five such values lie between low and high. An empty cell is not known.")),
        *(downloads.source_line(s) for s in area.manifest["sources"]),
        "" if area.sample else "© OpenStreetMap contributors (ODbL)",
    ]


def _figures(book: xlsxwriter.Workbook, found: Comparison, bold: Format) -> None:
    sheet = book.add_worksheet(_(T("Compare")))
    low, high = _(T("low")), _(T("high"))
    heads = [_(T("Figure")), _(T("Unit"))]
    for i, site in enumerate(found.sites):
        heads += [name(i, site), f"{LETTERS[i]}: {low}", f"{LETTERS[i]}: {high}"]
    sheet.write_row(0, 0, heads, bold)
    for row, (title, unit, form, values) in enumerate(figures(found).values(), start=1):
        style = book.add_format({"num_format": form, "align": "left" if form == "@" else "right"})
        shown = _(unit).removesuffix(", 0–1") if form in (PERCENT, PERCENT_1) else _(unit)
        sheet.write_row(row, 0, [_(title), shown])
        for i, value in enumerate(values):
            _write(sheet, row, 2 + 3 * i, value, style)
    sheet.freeze_panes(1, 2)
    sheet.set_column(0, 0, 36)
    sheet.set_column(1, 1, 28)
    sheet.set_column(2, 1 + 3 * len(found.sites), 15)


def _write(sheet: Any, row: int, column: int, value: Estimate | str | None, style: Format) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, value, style)
    elif value is not None:
        for offset, number in enumerate((value.value, value.low, value.high)):
            if not math.isnan(number):
                sheet.write_number(row, column + offset, number, style)


def _criteria(book: xlsxwriter.Workbook, found: Comparison, bold: Format) -> None:
    """Points, then values: a row a criterion, a column a place."""
    criteria = found.robust.scored.profile.criteria
    names = [name(i, site) for i, site in enumerate(found.sites)]
    style = book.add_format({"num_format": "#,##0.0"})
    for title, points in ((T("Points"), True), (T("Values"), False)):
        sheet = book.add_worksheet(_(title))
        sheet.write_row(0, 0, [_(T("Criterion")), _(T("Unit")), _(T("Weight")), *names], bold)
        for row, c in enumerate(criteria, start=1):
            layer = layer_named(c.layer)
            unit = T("points of the score") if points else layer.unit
            sheet.write_row(row, 0, [_(layer.title), _(unit), c.weight])
            for column, site in enumerate(found.sites, start=3):
                value = site.contributions[c.layer] if points else site.values[c.layer]
                if value is not None and not math.isnan(value):
                    sheet.write_number(row, column, value, style)
        sheet.freeze_panes(1, 3)
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 1, 44)
        sheet.set_column(3, 2 + len(names), 18)


def _differences(book: xlsxwriter.Workbook, found: Comparison, bold: Format, wrap: Format) -> None:
    sheet, euro = book.add_worksheet(_(T("Differences"))), book.add_format({"num_format": "#,##0", "valign": "top"})
    percent = book.add_format({"num_format": "0 %", "valign": "top"})
    heads = [T("Places"), T("First ahead on the score"), T("Second ahead on the score"),
             T("Difference in turnover (€ a year)"), T("low"), T("high"), T("In words")]  # fmt: skip
    sheet.write_row(0, 0, [_(h) for h in heads], bold)
    for row, d in enumerate(found.differences, start=1):
        sheet.write_string(row, 0, f"{LETTERS[d.a]} – {LETTERS[d.b]}", wrap)
        if d.scores is not None:
            sheet.write_number(row, 1, d.scores.a_above, percent)
            sheet.write_number(row, 2, d.scores.b_above, percent)
        _write(sheet, row, 3, d.turnover, euro)
        sheet.write_string(row, 6, pair_told(found, d), wrap)
    sheet.set_column(0, 5, 14)
    sheet.set_column(6, 6, 100)


def _choices(
    sheet: Any, found: Comparison, asked: Mapping[str, object], bold: Format, book: xlsxwriter.Workbook
) -> None:
    day = book.add_format({"num_format": downloads.DATES[language()], "align": "left"})
    area = found.area
    built = datetime.date.fromisoformat(area.manifest["built_at"][:10])
    rows: Sequence[tuple[str, object]] = [
        (_(T("Area")), area.name), *asked.items(), (_(T("Built")), built), (_(T("Version")), area.version),
    ]  # fmt: skip
    for row, (label, value) in enumerate(rows):
        sheet.write_string(row, 0, label, bold)
        if isinstance(value, datetime.date):
            sheet.write_datetime(row, 1, datetime.datetime.combine(value, datetime.time()), day)
        else:
            sheet.write_string(row, 1, str(value))
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 80)
