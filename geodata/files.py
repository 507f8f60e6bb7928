"""What every reader asks of a file before it opens it; and the tables that users may replace, read and written."""

import codecs
import contextlib
import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO

import pandas as pd

from geodata.errors import GeodataError
from geodata.language import T

_CHUNK = 1 << 20


def require_file(path: Path) -> None:
    """Raise GeodataError when the file does not exist, is a folder, is empty, or is a web page or a PDF."""
    where = str(path)
    if path.is_dir():
        raise GeodataError(
            T("this is a folder, not a file."),
            where=where,
            remedy=T("Give the file itself; of a shapefile the .shp in that folder."),
        )
    if not path.is_file():
        raise GeodataError(T("the file does not exist."), where=where, remedy=T("Check the name and the folder."))
    try:
        with path.open("rb") as file:
            head = file.read(256).lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    except OSError as error:
        raise GeodataError(
            T("the file cannot be opened."), where=where, remedy=T("Check the path and the permissions.")
        ) from error
    if path.stat().st_size == 0:
        raise GeodataError(
            T("the file is empty."),
            where=where,
            remedy=T("Copy or download it again; the copy may have been cut off."),
        )
    if head.startswith((b"<!doctype html", b"<html")):
        raise GeodataError(
            T("this is a web page, saved instead of the file."),
            where=where,
            remedy=T("Download the file itself, not the page that leads to it."),
        )
    if head.startswith(b"%pdf-"):
        raise GeodataError(
            T("this is a PDF: figures on a page, not data."),
            where=where,
            remedy=T("Ask whoever made it for the table or the map file behind it."),
        )


def encoding_of(open_file: Callable[[], IO[bytes]]) -> str:
    """UTF-8 when the whole text is that, else Windows-1252: what Belgian publishers use."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with open_file() as file:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def read_own_table(built_in: Path, data_dir: Path | None, needed: set[str]) -> list[dict[str, str]]:
    """Rows of a table of ours as text, or of the user's file of the same name in the data directory, which replaces it.

    GeodataError when it cannot be read or lacks one of the columns `needed`.
    """
    own = data_dir / built_in.name if data_dir else None
    path = own if own and own.exists() else built_in
    require_file(path)
    try:
        with path.open("rb") as file:
            delimiter = ";" if (header := file.readline()).count(b";") > header.count(b",") else ","
        encoding = encoding_of(lambda: path.open("rb"))  # a spreadsheet may have written it
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, sep=delimiter, encoding=encoding)
    except ValueError as error:  # pandas' errors: rows of different lengths, no header
        raise GeodataError(
            T("the table cannot be read: {reason}.", reason=str(error).strip().rstrip(".")),
            where=str(path),
            remedy=T("Remove the file to use the built-in table, or add the columns."),
        ) from error
    if missing := needed - set(frame.columns):
        raise GeodataError(
            T("the columns {columns} are missing.", columns=", ".join(sorted(missing))),
            where=str(path),
            remedy=T("Remove the file to use the built-in table, or add the columns."),
        )
    return [{str(k): str(v) for k, v in row.items()} for row in frame.to_dict("records")]


def write_own_table(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    """Write a table that `read_own_table` reads, whole or not at all; what is in no column is left out.

    GeodataError when it cannot be written; what was there then stays.
    """
    fresh = path.with_name(f".{path.name}.new")
    try:
        with fresh.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
        fresh.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            fresh.unlink()
        raise GeodataError(
            T("the file cannot be written here ({reason}).", reason=error.strerror or type(error).__name__),
            where=str(path),
            remedy=T("Check the folder, its permissions and the room on the disk."),
        ) from error
