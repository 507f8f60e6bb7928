"""What the workbooks of a comparison and of a move have in common, so that they read alike."""

import datetime
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import xlsxwriter
from xlsxwriter.format import Format

from geodata.language import T, Text
from geodata.store import Area
from location_model.validation.statistics import Estimate
from pages.ui import downloads
from pages.ui.language import _, language

PERCENT, PERCENT_1, WHOLE, TEXT = "0 %", "0.0 %", "#,##0", "@"
"""How Excel writes a share, a whole number and words."""

Cell = Estimate | str | float | None
"""An estimate takes three columns: value, low, high. None and NaN are not known and leave a cell empty."""


class Figure(NamedTuple):
    """What it is, its unit, how it is written, one for each column, and where it comes from."""

    title: Text
    unit: Text
    form: str
    values: Sequence[Cell]
    source: Text | None = None


class Book:
    """A workbook of an area, in the language of the visit."""

    def __init__(self, area: Area) -> None:
        self._area, self._file = area, io.BytesIO()
        self._book = xlsxwriter.Workbook(self._file, downloads.PLAIN)
        self.bold = self._book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.wrap = self._book.add_format({"text_wrap": True, "valign": "top"})

    def style(self, form: str) -> Format:
        """Figures to the right, words to the left."""
        return self._book.add_format({"num_format": form, "align": "left" if form == TEXT else "right"})

    def sheet(self, title: Text, heads: Sequence[str], widths: Sequence[float], *, frozen: int = 0) -> Any:
        """A sheet with its first row of heads, and how wide each column is. frozen: columns that stay in sight."""
        sheet = self._book.add_worksheet(_(title))
        sheet.write_row(0, 0, heads, self.bold)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        if heads:
            sheet.freeze_panes(1, frozen)
        return sheet

    def figures(self, title: Text, columns: Mapping[str, str], figures: Iterable[Figure]) -> None:
        """A row a figure: value, low and high in each column. columns: what heads each, and stands before its ends."""
        rows = list(figures)
        heads = [_(T("Figure")), _(T("Unit"))]
        for name, short in columns.items():
            heads += [name, f"{short}: {_(T('low'))}", f"{short}: {_(T('high'))}"]
        sourced = any(row.source is not None for row in rows)
        heads += [_(T("Where from"))] if sourced else []
        sheet = self.sheet(title, heads, [36, 28, *(3 * len(columns) * [15]), *([44] if sourced else [])], frozen=2)
        for at, row in enumerate(rows, start=1):
            unit = _(row.unit).removesuffix(", 0–1") if row.form in (PERCENT, PERCENT_1) else _(row.unit)
            sheet.write_row(at, 0, [_(row.title), unit])
            for i, value in enumerate(row.values):
                write(sheet, at, 2 + 3 * i, value, self.style(row.form))
            if row.source is not None:
                sheet.write_string(at, 2 + 3 * len(columns), _(row.source))

    def choices(self, asked: Mapping[str, object]) -> None:
        """What was asked, by its label in words, and of which version of the area."""
        sheet = self.sheet(T("Choices"), [], [34, 80])
        day = self._book.add_format({"num_format": downloads.DATES[language()], "align": "left"})
        built = datetime.date.fromisoformat(self._area.manifest["built_at"][:10])
        rows: Sequence[tuple[str, object]] = [
            (_(T("Area")), self._area.name), *asked.items(), (_(T("Built")), built),
            (_(T("Version")), self._area.version),
        ]  # fmt: skip
        for row, (label, value) in enumerate(rows):
            sheet.write_string(row, 0, label, self.bold)
            if isinstance(value, datetime.date):
                sheet.write_datetime(row, 1, datetime.datetime.combine(value, datetime.time()), day)
            else:
                sheet.write_string(row, 1, str(value))

    def sources(self, notes: Iterable[str]) -> None:
        """What the figures rest on, a line each: sample data first, the notes, the sources with their dates."""
        sheet = self.sheet(T("Sources"), [], [])
        sheet.set_column(0, 0, 110, self.wrap)
        sheet.write_column(0, 0, source_lines(self._area, notes))

    def done(self) -> bytes:
        """The file. Sample data are named on every sheet, on screen and in print."""
        if self._area.sample:
            for sheet in self._book.worksheets():
                sheet.write_string(sheet.dim_rowmax + 2, 0, _(downloads.SAMPLE), self.bold)
                sheet.set_header(f"&R{_(downloads.SAMPLE)}")
        self._book.close()
        return self._file.getvalue()


def source_lines(area: Area, notes: Iterable[str]) -> list[str]:
    """The notes and the sources of an area in words, a line each."""
    lines = [
        _(downloads.SAMPLE) if area.sample else "",
        *notes,
        _(T("Intervals are 80 %: four in five such values lie between low and high. An empty cell is not known.")),
        *(downloads.source_line(s) for s in area.manifest["sources"]),
        "" if area.sample else "© OpenStreetMap contributors (ODbL)",
    ]
    return [line for line in lines if line]


def write(sheet: Any, row: int, column: int, value: Cell, style: Format) -> None:
    """Words, a figure, or an estimate with its ends in the two columns beside it."""
    if isinstance(value, str):
        sheet.write_string(row, column, value, style)
        return
    numbers = (value.value, value.low, value.high) if isinstance(value, Estimate) else (value,)
    for offset, number in enumerate(numbers):
        if number is not None and not math.isnan(number):
            sheet.write_number(row, column + offset, number, style)
