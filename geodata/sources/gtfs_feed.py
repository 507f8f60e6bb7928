"""The files of a GTFS zip: found, decoded and read by columns, whatever the publisher's habits."""

import csv
import io
import itertools
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv

from geodata.errors import GeodataError
from geodata.files import encoding_of, require_file
from geodata.language import T

BLOCK_BYTES = 8 << 20


class Feed:
    """An open GTFS zip. Files may lie in a folder of it, carry a byte-order mark, or be Windows-1252."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._zip = zipfile.ZipFile(path)
        self._members = {PurePosixPath(n).name.lower(): n for n in self._zip.namelist() if "__MACOSX" not in n}
        self.malformed: list[dict[str, object]] = []

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def require(self, *names: str) -> None:
        """Raise GeodataError naming the files that the feed lacks."""
        if missing := [name for name in names if name not in self]:
            raise GeodataError(
                T("the timetable has no {files}.", files=", ".join(missing)),
                where=str(self.path),
                remedy=T("Download the whole GTFS zip of the operator again."),
            )

    def batches(self, name: str, needed: tuple[str, ...], optional: tuple[str, ...] = ()) -> Iterator[pa.Table]:
        """The file in pieces, all columns as text; optional columns that are absent are null.

        Rows with more or fewer fields than the header are left out and noted in `malformed`.
        """
        # stop_times.txt holds no names, and is too large to read twice
        plain = "utf-8" if name == "stop_times.txt" else encoding_of(lambda: self._zip.open(self._members[name]))
        with self._zip.open(self._members[name]) as file:
            encoding = "utf-8-sig" if plain == "utf-8" else plain
            header = next(csv.reader(io.TextIOWrapper(file, encoding=encoding)), [])
        columns = {title.strip().lower(): title for title in header}
        if missing := [column for column in needed if column not in columns]:
            raise GeodataError(
                T("the columns {columns} are missing.", columns=", ".join(missing)),
                where=f"{self.path} ({name})",
                remedy=T("Download the whole GTFS zip of the operator again."),
            )
        wanted = {column: columns.get(column) for column in (*needed, *optional)}
        present = {column: title for column, title in wanted.items() if title is not None}
        with self._zip.open(self._members[name]) as file:
            reader = pacsv.open_csv(
                file,
                read_options=pacsv.ReadOptions(block_size=BLOCK_BYTES, encoding=plain),
                parse_options=pacsv.ParseOptions(invalid_row_handler=lambda row: self._leave_out(name, row)),
                convert_options=pacsv.ConvertOptions(
                    include_columns=list(present.values()),
                    column_types=dict.fromkeys(present.values(), pa.string()),
                    strings_can_be_null=True,
                    null_values=[""],
                ),
            )
            for batch in itertools.chain(reader, [reader.schema.empty_table()]):
                table = pa.table(dict(zip(present, batch.columns, strict=True)))
                for column in wanted.keys() - present.keys():
                    table = table.append_column(column, pa.nulls(len(table), pa.string()))
                yield table

    def frame(self, name: str, needed: tuple[str, ...], optional: tuple[str, ...] = ()) -> pd.DataFrame:
        """A whole file as text; missing values are NaN."""
        whole: pd.DataFrame = pa.concat_tables(self.batches(name, needed, optional)).to_pandas()
        return whole

    def _leave_out(self, name: str, row: pacsv.InvalidRow) -> str:
        self.malformed.append(
            {
                "row": row.number - 1 if row.number else pd.NA,
                "field": name,
                "value": row.text[:80],
                "reason": T(
                    "the row has {actual} fields instead of {expected}.",
                    actual=row.actual_columns,
                    expected=row.expected_columns,
                ),
            }
        )
        return "skip"

    def close(self) -> None:
        """Close the zip."""
        self._zip.close()


@contextmanager
def open_feed(path: Path) -> Iterator[Feed]:
    """A GTFS zip to read from; GeodataError when it is missing, no zip, truncated or damaged inside."""
    require_file(path)
    try:
        feed = Feed(path)
        try:
            yield feed
        finally:
            feed.close()
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        pa.ArrowInvalid,
        OSError,
        UnicodeDecodeError,
        RuntimeError,
    ) as error:
        # zipfile raises a RuntimeError for a zip with a password or an unknown compression
        raise GeodataError(
            T("the timetable cannot be read: {reason}.", reason=str(error).rstrip(".")),
            where=str(path),
            remedy=T("Download the whole GTFS zip of the operator again."),
        ) from error
