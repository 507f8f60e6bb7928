"""A user's table, XLSX or text, as text: delimiter, encoding and header row are found, rows keep their number."""

import csv
import datetime
import io
import re
import statistics
import warnings
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import ParseError

import charset_normalizer
import openpyxl
import pandas as pd

from geodata.errors import GeodataError
from geodata.files import require_file
from geodata.language import T

DELIMITERS = ";\t,|"
LOOK_AHEAD = 50
"""Rows looked at to find the delimiter and the header."""

LARGE = 2_000_000
"""Bytes of text from which a table is read in one stroke, where it is regular enough for that."""

MOSTLY_DISTINCT = 0.6
"""The share of a header row that is distinct: a header may stand there twice, a row of one word is none."""

Rows = list[list[str]]

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"  # .xls, and also a workbook that is locked with a password
_OF_ANOTHER_KIND = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"<!DOCTYPE", b"<html")
_EXCEL_ERRORS = {"#N/A", "#N/B", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#VERW!", "#WAARDE!"}


@dataclass(frozen=True)
class Upload:
    """A file that was given in the app: read from memory, never written down."""

    name: str
    body: bytes

    def __str__(self) -> str:
        return self.name

    def read_bytes(self) -> bytes:
        """What is in it. GeodataError when that is nothing."""
        if not self.body:
            raise GeodataError(
                T("the file is empty."),
                where=self.name,
                remedy=T("Copy or download it again; the copy may have been cut off."),
            )
        return self.body


File = Path | Upload


@dataclass(frozen=True, eq=False)
class Sheet:
    """A user's table. `frame` has the file's headers as columns, all text, empty cells missing.

    Its index is the row, 1 for the first row below the header; empty rows are left out but counted.
    `skipped` (row, field, value, reason) lists rows with more cells than there are headers.
    """

    frame: pd.DataFrame
    skipped: pd.DataFrame
    path: File

    @property
    def rows_read(self) -> int:
        """Rows with anything in them, below the header."""
        return len(self.frame) + len(self.skipped)


def read_spreadsheet(path: File) -> Sheet:
    """The table in an XLSX, CSV, TSV or other delimited text file.

    Text may be UTF-8, UTF-16, Windows-1252 or one of the older code pages; the header may stand
    below a title. Of a workbook the first sheet with a table is read. Raises GeodataError when the
    file is missing, empty, of another kind, locked, damaged, or holds no rows below a header.
    """
    if isinstance(path, Path):
        require_file(path)
    raw = path.read_bytes()
    if raw.startswith(_OLD_EXCEL):
        raise GeodataError(
            T("this is an old Excel file, or one locked with a password."),
            where=str(path),
            remedy=T("Open it and save it as .xlsx or .csv, without a password."),
        )
    if raw.lstrip().startswith(_OF_ANOTHER_KIND):  # whatever its name says
        raise _no_table(path)
    if not raw.startswith(b"PK") and len(raw) > LARGE and (large := _large(_decode(raw, path), path)) is not None:
        return large
    tables = _workbook(raw, path) if raw.startswith(b"PK") else [_delimited(raw, path)]
    for rows in tables:
        header = _header_row(rows)
        if header is not None and any(any(row) for row in rows[header + 1 :]):
            return _sheet(rows, header, path)
    raise GeodataError(
        T("there is no table in this file: a row of headers with rows below it."),
        where=str(path),
        remedy=T("Put the names of the columns on one row, and the data below it."),
    )


def _workbook(raw: bytes, path: File) -> list[Rows]:
    try:
        with warnings.catch_warnings(action="ignore"):
            book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
            sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
            tables = [
                [[_cell(value) for value in row] for row in sheet.iter_rows(values_only=True)] for sheet in sheets
            ]
            book.close()
    except (zipfile.BadZipFile, zlib.error, ParseError, KeyError, ValueError, TypeError, OSError, EOFError) as error:
        raise GeodataError(
            T("the workbook cannot be read: it is damaged or not an Excel file."),
            where=str(path),
            remedy=T("Open it in Excel or LibreOffice and save it as .xlsx or .csv again."),
        ) from error
    return tables


def _cell(value: object) -> str:
    """A cell as text that reads back as the same number or date."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, float):
        text = f"{value:.10f}".rstrip("0").rstrip(".")
        return text + "0" if len(text.partition(".")[2]) == 3 else text  # 5.827 is no 5,827 here
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ", timespec="minutes") if value.time() != datetime.time() else f"{value:%Y-%m-%d}"
    text = " ".join(str(value).split())
    return "" if text.upper() in _EXCEL_ERRORS else text


def _delimited(raw: bytes, path: File) -> Rows:
    text = _decode(raw, path)
    first, _, rest = text.partition("\n")
    try:
        if first.strip().lower().startswith("sep="):
            return _parse(rest, first.strip()[4:5] or ";")
        return _parse(text, delimiter_of(text))
    except csv.Error as error:  # a cell of more than 100,000 characters
        raise _no_table(path) from error


def _decode(raw: bytes, path: File) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    if b"\x00" in raw[:4096] or raw.lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"{", b"[{", b"<?xml")):
        raise _no_table(path)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        best = charset_normalizer.from_bytes(raw, cp_isolation=["cp1252", "cp850", "mac_roman"]).best()
        return raw.decode(best.encoding if best else "cp1252", errors="replace")


def _no_table(path: File) -> GeodataError:
    return GeodataError(
        T("this is not an Excel or CSV file."), where=str(path), remedy=T("Give an .xlsx, .csv or .tsv file.")
    )


def delimiter_of(text: str) -> str:
    """The delimiter that cuts most lines into the same number of cells; the most cells of equals."""
    lines = [line for line in text.splitlines() if line.strip()][:LOOK_AHEAD]

    def regularity(delimiter: str) -> tuple[float, int]:
        cells = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        usual = statistics.mode(cells) if cells else 0
        return (cells.count(usual) / len(cells), usual) if usual > 1 else (0.0, 0)

    return max(DELIMITERS, key=regularity)


def _parse(text: str, delimiter: str) -> Rows:
    if text.count('"') % 2:  # a quote that never closes would swallow the rest of the file
        rows = [_parse_line(line, delimiter) for line in text.splitlines()]
    else:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    return [[" ".join(cell.split()) for cell in row] for row in rows]


def _parse_line(line: str, delimiter: str) -> list[str]:
    if line.count('"') % 2:
        return line.split(delimiter)
    return next(csv.reader([line], delimiter=delimiter), [])


def _large(text: str, path: File) -> Sheet | None:
    """A long list of which every row fits the header, as `_sheet` reads it; None where one does not."""
    delimiter = delimiter_of(text[:100_000])
    top = _parse("\n".join(text[:100_000].splitlines()[:LOOK_AHEAD]), delimiter)
    header = _header_row(top)
    if header is None or '"' in text or text[:4].lower() == "sep=":
        return None
    headers = _headers(top[header])
    try:
        with warnings.catch_warnings(action="error", category=pd.errors.ParserWarning):
            frame = pd.read_csv(
                io.StringIO(text), sep=delimiter, header=None, names=headers, skiprows=header + 1, dtype="str",
                keep_default_na=False, na_values=[""], skip_blank_lines=False, index_col=False, quoting=csv.QUOTE_NONE,
            )  # fmt: skip
    except (pd.errors.ParserError, pd.errors.ParserWarning):  # a row has more cells than there are headers
        return None
    at = re.escape(delimiter)
    if re.search(rf"[^\S \r\n]|  |^ | $|{at} | {at}", text, re.MULTILINE):
        frame = frame.apply(lambda column: column.str.replace(r"\s+", " ", regex=True).str.strip())
        frame = frame.mask(frame == "")
    frame.index = pd.RangeIndex(1, len(frame) + 1, name="row")
    return Sheet(frame.dropna(how="all"), pd.DataFrame(columns=["row", "field", "value", "reason"]), path)


def _header_row(rows: Rows) -> int | None:
    """The first row of words, mostly distinct, that is about as wide as the rows below it."""
    filled = [sum(map(bool, row)) for row in rows[:LOOK_AHEAD]]
    wide = [n for n in filled if n]
    if not wide:
        return None
    enough = max(1.0, 0.6 * statistics.mode(wide))
    titles = [
        index
        for index, row in enumerate(rows[:LOOK_AHEAD])
        if filled[index] >= enough and len({*filter(None, row)}) >= MOSTLY_DISTINCT * filled[index]
    ]
    words = (index for index in titles if not any(_is_number(cell) for cell in rows[index]))
    hours = (index for index in titles if not _is_number(next(filter(None, rows[index]))))  # a column 8, 9, 10, …
    return next(words, next(hours, None))


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[+-]?[\d.,' ]*\d", text) is not None and len(text) != 4  # a year may be a header


def _headers(names: list[str]) -> list[str]:
    """The headers up to the last that is filled, each once."""
    width = max((i + 1 for i, name in enumerate(names) if name), default=0)
    headers: list[str] = []
    for i, name in enumerate(names[:width]):
        base, n = name or f"kolom {i + 1}", 2
        unique = base
        while unique in headers:
            unique, n = f"{base} ({n})", n + 1
        headers.append(unique)
    return headers


def _sheet(rows: Rows, header: int, path: File) -> Sheet:
    headers = _headers(rows[header])
    width = len(headers)
    good, numbers, skipped = [], [], []
    for number, row in enumerate(rows[header + 1 :], start=1):
        if not any(row):
            continue
        if any(row[width:]):
            reason = T("the row has {actual} cells and there are {expected} headers.", actual=len(row), expected=width)
            skipped.append({"row": number, "field": "", "value": " | ".join(row)[:80], "reason": reason})
            continue
        good.append((row + [""] * width)[:width])
        numbers.append(number)
    frame = pd.DataFrame(good, columns=headers, index=pd.Index(numbers, name="row", dtype=int), dtype="str")
    return Sheet(frame.mask(frame == ""), pd.DataFrame(skipped, columns=["row", "field", "value", "reason"]), path)
