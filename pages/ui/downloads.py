"""A workbook to take along: the places, the values behind them, the choices made, and the sources."""

import datetime
import io
import math
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import SCRIPT_RUN_CONTEXT_ATTR_NAME
from xlsxwriter.format import Format

from geodata.language import T, Text
from geodata.store import Area
from geodata.study import area_id
from location_model.layers import layer_named
from location_model.presets import LABEL
from location_model.profile import Limits, ScoringProfile
from location_model.score import Scored
from location_model.suggest import Suggestion, Suggestions, ties
from pages.ui import built_from
from pages.ui.language import _, language
from pages.ui.places import INTERVAL, vacant_by

SAMPLE = T("Sample data: Testerep is an invented region.")
PLAIN = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
"""Of workbooks: a name from the map that begins with "=" is a name, not a formula of whoever drew the map."""
DATES = {"nl": "[$-813]d mmm yyyy", "en": "[$-809]d mmm yyyy"}
"""How a date is shown: in Dutch as in Belgium, in English as in the United Kingdom, whatever the reader's Excel."""


@dataclass(frozen=True)
class Asked:
    """What was asked, as the files say it. where: words; start: the weights before they moved."""

    branch: str
    where: str
    vacant: bool
    start: ScoringProfile
    address: str

    @property
    def limits(self) -> Limits:
        return self.start.limits

    def must_haves(self) -> list[tuple[Text, object]]:
        """Each must-have with its value; nothing for those not set."""
        limits = self.limits
        found: list[tuple[Text, object]] = [
            (T("Floor area from (m²)"), limits.min_floor_area_m2),
            (T("Floor area to (m²)"), limits.max_floor_area_m2),
            (T("Units of unknown size"), _(T("left out")) if limits.known_floor_area_only else None),
            (T("Rent to (€ a year)"), limits.max_rent_eur_per_year),
            (T("Units of unknown rent"), _(T("left out")) if limits.known_rent_only else None),
        ]
        if limits.own_shops:
            found.append((T("Own shops in the list"), len(limits.own_shops)))
            found.append((T("Least distance to own shops (m)"), limits.min_own_distance_m))
        found.append((T("Minutes’ drive from your own depot, at most"), limits.max_drive_minutes))
        found.append((T("The hours that matter"), self.start.hours or None))
        return [(label, value) for label, value in found if value is not None]

    def file_name(self, area: Area) -> str:
        """Area, branch, where and must-haves, without ending."""
        limits = self.limits
        low, high, rent = limits.min_floor_area_m2, limits.max_floor_area_m2, limits.max_rent_eur_per_year
        parts = [
            area.id, self.branch, self.where, _(T("vacant")) if self.vacant else "",
            _(T("from {size} m2", size=round(low))) if low is not None else "",
            _(T("to {size} m2", size=round(high))) if high is not None else "",
            _(T("rent to {eur}", eur=str(round(rent)))) if rent is not None else "",
            _(T("own shops")) if limits.own_shops else "",
        ]  # fmt: skip
        return "-".join(area_id(p) for p in parts if p)


def when_asked(write: Callable[[], bytes]) -> Callable[[], bytes]:
    """For a file that is made once somebody asks for it, in a thread of the server: there too, the visit's language."""
    visit = get_script_run_ctx()

    def made() -> bytes:
        thread = threading.current_thread()
        add_script_run_ctx(thread, visit)
        try:
            return write()
        finally:
            delattr(thread, SCRIPT_RUN_CONTEXT_ATTR_NAME)

    return made if visit else write


def together(suggestions: Sequence[Suggestion]) -> list[Suggestion]:
    """The suggestions, each followed by the units at the same place, of the same rank."""
    return [each for s in suggestions for each in (s, *s.others)]


def basis(suggestion: Suggestion) -> str | None:
    """What says that a unit is vacant, in words."""
    return _(vacant_by(suggestion.site.vacant_by)) if suggestion.site.vacant_by else None


def workbook(area: Area, scored: Scored, answer: Suggestions, asked: Asked) -> bytes:
    """Four sheets: places with score and points, the values behind them with units, the choices, the sources."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, PLAIN)
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    wrap, one = book.add_format({"text_wrap": True}), book.add_format({"num_format": "#,##0.0"})
    day = book.add_format({"num_format": DATES[language()], "align": "left"})
    rows = together(answer.sites)
    _places(
        book.add_worksheet(_(T("Places"))), scored, rows, bold, wrap, one, book.add_format({"num_format": "0.0000"})
    )
    _values(book.add_worksheet(_(T("Values"))), scored, rows, bold, one)
    _choices(book.add_worksheet(_(T("Choices"))), area, scored, asked, bold, one, day)
    about = book.add_worksheet(_(T("Sources")))
    about.set_column(0, 0, 110, wrap)
    about.write_column(0, 0, [line for line in _about(area, answer, asked) if line])
    book.close()
    return file.getvalue()


def _places(
    sheet: Any, scored: Scored, rows: Sequence[Suggestion], bold: Format, wrap: Format, one: Format, degrees: Format
) -> None:
    heads = [
        T("Rank"), T("Place"), T("Score (0–100)"), T("score from"), T("score to"), T("Too close to call with rank"),
        T("What we know"), T("Floor area (m²)"), T("Rent (€ a year)"), T("Vacancy"), T("Longitude (°)"),
        T("Latitude (°)"), T("Why"),
    ]  # fmt: skip
    layers = [layer_named(c.layer) for c in scored.profile.criteria]
    titles = [_(h) for h in heads] + [_(T("{title} (points)", title=layer.title)) for layer in layers]
    sheet.write_row(0, 0, titles, bold)
    for row, (s, even) in enumerate(zip(rows, ties(rows), strict=True), start=1):
        site = s.site
        size, rent = (None if x is None else round(x) for x in (site.floor_area_m2, site.rent_eur_per_year))
        close = ", ".join(map(str, sorted({other.rank for other in even} - {s.rank})))
        told = [s.rank, _(site.title), s.score, s.score_low, s.score_high, close, _(s.coverage_told), size, rent]
        sheet.write_row(row, 0, [*told, basis(s), site.lng, site.lat, _(s.why)])
        for column, (_layer, points) in enumerate(s.contributions, start=len(heads)):
            if points is not None:
                sheet.write_number(row, column, points, one)
    sheet.write(len(rows) + 2, 1, _(INTERVAL))
    sheet.freeze_panes(1, 2)
    for first, last, width, style in (
        (0, 0, 6, None), (1, 1, 28, None), (2, 4, 9, one), (5, 5, 20, wrap), (6, 8, 12, None), (9, 9, 36, None),
        (10, 11, 11, degrees), (12, 12, 60, wrap), (13, 12 + len(layers), 13, None),
    ):  # fmt: skip
        sheet.set_column(first, last, width, style)


def _values(sheet: Any, scored: Scored, rows: Sequence[Suggestion], bold: Format, one: Format) -> None:
    layers = [layer_named(c.layer) for c in scored.profile.criteria]
    sheet.write_row(0, 0, [_(T("Rank")), _(T("Place")), *(f"{_(x.title)} ({_(x.unit)})" for x in layers)], bold)
    for row, s in enumerate(rows, start=1):
        sheet.write_row(row, 0, [s.rank, _(s.site.title)])
        for column, value in enumerate(scored.values(s.site.cell).values(), start=2):
            if not math.isnan(value):
                sheet.write_number(row, column, value, one)
    sheet.freeze_panes(1, 2)
    sheet.set_column(1, 1 + len(layers), 22)


def _choices(sheet: Any, area: Area, scored: Scored, asked: Asked, bold: Format, one: Format, day: Format) -> None:
    sheet.set_column(0, 0, 38, bold)
    sheet.set_column(1, 2, 30)
    rows: list[tuple[Text, object]] = [
        (T("Area"), area.name),
        (T("Branch"), asked.branch),
        (T("Where"), asked.where),
        (T("Only vacant units"), _(T("yes")) if asked.vacant else _(T("no"))),
        *asked.must_haves(),
        (T("Address of the page"), asked.address),
        (T("Built"), datetime.date.fromisoformat(area.manifest["built_at"][:10])),
        (T("Version"), area.version),
    ]
    for row, (label, value) in enumerate(rows):
        sheet.write(row, 0, _(label), bold)
        if isinstance(value, datetime.date):
            sheet.write_datetime(row, 1, datetime.datetime.combine(value, datetime.time()), day)
        elif isinstance(value, int | float):
            sheet.write_number(row, 1, value)
        else:
            sheet.write_string(row, 1, str(value))
    first = len(rows) + 1
    heads = (T("Criterion"), T("Weight"), T("Standard weight ({label})", label=LABEL))
    sheet.write_row(first, 0, [_(head) for head in heads], bold)
    standard = {c.layer: c.weight for c in asked.start.criteria}
    for row, c in enumerate(scored.profile.criteria, start=first + 1):
        sheet.write(row, 0, _(layer_named(c.layer).title), bold)
        sheet.write_number(row, 1, c.weight, one)
        sheet.write_number(row, 2, standard[c.layer], one)


def _about(area: Area, answer: Suggestions, asked: Asked) -> list[str]:
    return [
        _(T("Kernwijzer: places for {branch} in {area}", branch=asked.branch, area=area.name)),
        _(SAMPLE) if area.sample else "",
        f"{_(T('score from'))}, {_(T('score to'))}: {_(INTERVAL)}.",
        _(T("An empty cell is not known; it is not zero.")),
        _(T("Units of the same rank stand at the same place, within 15 m.")) if asked.vacant else "",
        *(_(note) for note in answer.notes),
        *(note[language()] for note in area.manifest["notes"]),
        *(source_line(s) for s in area.manifest["sources"]),
        "" if area.sample else "© OpenStreetMap contributors (ODbL)",
    ]  # fmt: skip


def source_line(given: Mapping[str, Any]) -> str:
    """A source of an area with its date, in words."""
    named = ", ".join(given["files"]) or given["id"]
    return _(T("Source: {source}, {vintage}", source=named, vintage=built_from.dated(given)))
