"""A comparison as a workbook: figures with unit and interval, points, values, differences, choices and sources."""

import math
from collections.abc import Mapping

from geodata.language import T
from location_model.compare import Compared, Comparison
from location_model.layers import layer_named
from location_model.permit import CHECK
from location_model.street_class import class_told
from location_model.surveyed import GOODS
from location_model.validation.statistics import Estimate
from pages.ui.compare_words import pair_told, permit_told
from pages.ui.language import _
from pages.ui.sheets import PERCENT, PERCENT_1, TEXT, WHOLE, Book, Cell, Figure, source_lines, write
from pages.ui.tray import LETTERS


def one(value: float | None) -> Estimate | None:
    """A figure without an interval; None where it is not known."""
    return None if value is None or math.isnan(value) else Estimate(value, math.nan, math.nan)


def figures(found: Comparison) -> dict[str, Figure]:
    """Every figure of the comparison by name."""
    sites = found.sites
    share, year, persons = T("share, 0–1"), T("€ a year"), T("persons a day")
    firm = [s.firm for s in sites]
    scores: list[Cell] = [None if f is None else Estimate(f.score, f.score_low, f.score_high) for f in firm]
    feet = [s.footfall for s in sites]
    walked: list[Cell] = [
        None if f is None or f.persons is None else Estimate(f.persons, f.low or 0.0, f.high or 0.0) for f in feet
    ]
    told = {
        "score": Figure(T("Score"), T("0–100"), "0.0", scores),
        "first": Figure(T("Chance to be first"), share, PERCENT, [one(f and f.top_1) for f in firm]),
        "first_three": Figure(T("Chance to be among the first three"), share, PERCENT,
                              [one(f and f.top_3) for f in firm]),
        "coverage": Figure(T("What we know"), T("share of the weight that is known, 0–1"), PERCENT,
                           [one(s.coverage) for s in sites]),
        "street_class": Figure(T("Class of the street"), T("A1 busiest to C"), TEXT,
                               [f and f.street_class and _(class_told(f.street_class)) for f in feet]),
        "persons": Figure(T("Passers-by"), persons, WHOLE, walked),
        "turnover_eur": Figure(T("Expected turnover"), year, WHOLE, [s.turnover for s in sites]),
        "turnover_eur_per_m2": Figure(T("Turnover per m²"), T("€ a year per m²"), WHOLE, [s.eur_per_m2 for s in sites]),
        "rent_eur": Figure(T("Rent"), year, WHOLE, [one(s.rent_eur) for s in sites]),
        "rent_basis": Figure(T("Rent according to"), T("whose figure it is"), TEXT, [_rent_basis(s) for s in sites]),
        "rent_share": Figure(T("Rent share"), T("share of the turnover, 0–1"), PERCENT_1,
                             [s.rent_share for s in sites]),
        "median_minutes": Figure(T("Half of the turnover comes from within"), T("minutes"), "0.0",
                                 [one(s.catchment and s.catchment.median_minutes) for s in sites]),
        "from_municipality": Figure(T("From the municipality itself"), T("share of the turnover, 0–1"), PERCENT,
                                    [one(s.catchment and s.catchment.in_study) for s in sites]),
        "retention": Figure(T("Modelled local retention, with it open"),
                            T("share of what residents spend on this branch in shops, 0–1"), PERCENT_1,
                            [s.retention for s in sites]),
        "floor_area_m2": Figure(T("Floor area"), T("m²"), WHOLE, [one(s.floor_area_m2) for s in sites]),
        "floor_area_basis": Figure(T("Floor area according to"), T("whose figure it is"), TEXT,
                                   [_floor_area_basis(s) for s in sites]),
        "permit": Figure(T("Permit"), T("an indication"), TEXT, [permit_told(s.permit) for s in sites]),
        "id": Figure(T("Unit or hexagon"), T("number in the source, or the H3 cell"), TEXT,
                     [s.named.id for s in sites]),
        "lng": Figure(T("Longitude"), T("°"), "0.0000", [one(s.named.site.lng) for s in sites]),
        "lat": Figure(T("Latitude"), T("°"), "0.0000", [one(s.named.site.lat) for s in sites]),
    }  # fmt: skip
    if (survey := found.surveyed) is not None:
        unit = T("share of what residents spend on {goods}, 0–1", goods=GOODS[survey.goods])
        told["retention_surveyed"] = Figure(
            T("Surveyed local retention, all of the goods group"), unit, PERCENT_1,
            [one(survey.found.share) for _site in sites],
            T("survey, {year}: {source}", year=survey.found.year, source=survey.found.source),
        )  # fmt: skip
    return told


def _rent_basis(site: Compared) -> str | None:
    if site.rent_eur is None:
        return None
    return _(T("asked, according to the list")) if site.rent_listed else _(T("given by you"))


def _floor_area_basis(site: Compared) -> str | None:
    if site.floor_area_m2 is None:
        return None
    return _(T("given by you")) if site.named.floor_area_given else _(T("on record"))


def name(i: int, site: Compared) -> str:
    """A place by its letter and address."""
    return f"{LETTERS[i]} {_(site.named.site.title)}"


def workbook(found: Comparison, asked: Mapping[str, object]) -> bytes:
    """asked: what was chosen, by its label in words."""
    book = Book(found.area)
    columns = {name(i, site): LETTERS[i] for i, site in enumerate(found.sites)}
    book.figures(T("Compare"), columns, figures(found).values())
    _criteria(book, found)
    _differences(book, found)
    book.choices(asked)
    book.sources(notes(found))
    return book.done()


def notes(found: Comparison) -> list[str]:
    """What to know of the figures."""
    return [*(_(note) for note in found.notes), _(CHECK)]


def sources(found: Comparison) -> list[str]:
    """What the figures rest on, a line each."""
    return source_lines(found.area, notes(found))


def _criteria(book: Book, found: Comparison) -> None:
    """Points, then values: a row a criterion, a column a place."""
    criteria = found.robust.scored.profile.criteria
    names = [name(i, site) for i, site in enumerate(found.sites)]
    style = book.style("#,##0.0")
    for title, points in ((T("Points"), True), (T("Values"), False)):
        heads = [_(T("Criterion")), _(T("Unit")), _(T("Weight")), *names]
        sheet = book.sheet(title, heads, [28, 44, 9, *(len(names) * [18])], frozen=3)
        for row, c in enumerate(criteria, start=1):
            layer = layer_named(c.layer)
            unit = T("points of the score") if points else layer.unit
            sheet.write_row(row, 0, [_(layer.title), _(unit), c.weight])
            for column, site in enumerate(found.sites, start=3):
                value = site.contributions[c.layer] if points else site.values[c.layer]
                write(sheet, row, column, value, style)


def _differences(book: Book, found: Comparison) -> None:
    heads = [T("Places"), T("First ahead on the score"), T("Second ahead on the score"),
             T("Difference in turnover (€ a year)"), T("low"), T("high"), T("In words")]  # fmt: skip
    sheet = book.sheet(T("Differences"), [_(h) for h in heads], [*(6 * [14]), 100])
    euro, percent = book.style(WHOLE), book.style(PERCENT)
    for style in (euro, percent):
        style.set_align("top")
    for row, d in enumerate(found.differences, start=1):
        sheet.write_string(row, 0, f"{LETTERS[d.a]} – {LETTERS[d.b]}", book.wrap)
        if d.scores is not None:
            write(sheet, row, 1, d.scores.a_above, percent)
            write(sheet, row, 2, d.scores.b_above, percent)
        write(sheet, row, 3, d.turnover, euro)
        sheet.write_string(row, 6, pair_told(found, d), book.wrap)
