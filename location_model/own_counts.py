"""Counts made by hand, kept in one file an area: `own_counts/<area>.csv` in the data directory.

The file has the columns that the reader of counts knows, so that it can be given to a build as it is (`--counts`).
It is written whole beside the old one and then swapped; rows that somebody made unreadable stay in it untouched.
"""

import csv
import datetime
import io
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from geodata.count_profile import DAY_KINDS
from geodata.errors import GeodataError
from geodata.language import T

COLUMNS = (
    "counter", "date", "hour_from", "hour_to", "pedestrians", "day_kind", "lon", "lat", "note", "key",
)  # fmt: skip
OWN = "(Tel zelf)"
"""Stands behind the name of a place counted by hand, so that it is never taken for a fixed counter of that name."""
LONGEST_MIN = 12 * 60
SAME_POINT_M = 15.0
_DEGREE_M = 111_000.0
_LOCK_S = 10.0


@dataclass(frozen=True)
class OwnCount:
    """Who walked past, both directions, in one period. start: local time; lng, lat: WGS84; key: of this count alone."""

    key: str
    counter: str
    lng: float
    lat: float
    start: datetime.datetime
    minutes: int
    pedestrians: int
    day_kind: str = "ordinary"
    note: str = ""

    @property
    def place(self) -> str:
        """Where it was, without the mark of a count by hand."""
        return self.counter.partition(f" {OWN[:-1]}")[0]


@dataclass(frozen=True)
class OwnCounts:
    """The counts of an area, oldest first, and the rows of its file that cannot be read."""

    counts: tuple[OwnCount, ...] = ()
    unreadable: tuple[Mapping[str, str], ...] = ()


def file_of(data_dir: Path, area: str) -> Path:
    """Where the counts of an area (its id) are kept."""
    return data_dir / "own_counts" / f"{area}.csv"


def stamp(data_dir: Path, area: str) -> tuple[int, int]:
    """Changes when the counts of an area do: for the key of a cache. (0, 0) without any."""
    try:
        found = file_of(data_dir, area).stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


def read_own_counts(data_dir: Path, area: str) -> OwnCounts:
    """All counts made by hand in an area; none when nobody counted. GeodataError when the file is not one of ours."""
    path = file_of(data_dir, area)
    if not path.exists():
        return OwnCounts()
    try:
        rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig")), delimiter=";"))
        known = not rows or set(COLUMNS) <= set(rows[0])
    except (OSError, UnicodeDecodeError, csv.Error):
        known = False
    if not known:
        raise GeodataError(
            T("the file with your own counts cannot be read."),
            where=str(path),
            remedy=T("Move it elsewhere and count on: a new one is made. Nothing was written over it."),
        )
    good, bad = [], []
    for row in rows:
        count = _read(row)
        if count is None:
            bad.append({name: str(row.get(name) or "") for name in COLUMNS})
        else:
            good.append(count)
    return OwnCounts(tuple(sorted(good, key=lambda c: (c.start, c.key))), tuple(bad))


def save(data_dir: Path, area: str, count: OwnCount) -> OwnCount:
    """Keep a count; one with the same key is replaced, so that sending it twice counts once. Returns it as kept.

    At a new point with a name that is taken, the name gets a number. GeodataError for a count that cannot be, and
    when the file cannot be written: then it is as it was.
    """
    _check(count)
    with _locked(data_dir, area):
        before = read_own_counts(data_dir, area)
        others = [c for c in before.counts if c.key != count.key]
        kept = OwnCount(**{**vars(count), "counter": _name(count, others)})
        _write(file_of(data_dir, area), [*others, kept], before.unreadable)
    return kept


def remove(data_dir: Path, area: str, key: str) -> None:
    """Take a count away; a key that is not there is no error."""
    with _locked(data_dir, area):
        before = read_own_counts(data_dir, area)
        left = [c for c in before.counts if c.key != key]
        if len(left) < len(before.counts):
            _write(file_of(data_dir, area), left, before.unreadable)


def as_csv(counts: Sequence[OwnCount]) -> bytes:
    """The counts as the file for `--counts`."""
    return _text(counts, ()).encode("utf-8-sig")


def _name(count: OwnCount, others: Sequence[OwnCount]) -> str:
    """The name of the place with the mark; numbered where the name is taken by another point."""
    north = np.cos(np.radians(count.lat))
    number, taken = 1, {c.counter: c for c in others}
    while True:
        name = f"{count.place} {OWN}" if number == 1 else f"{count.place} {OWN[:-1]} {number})"
        there = taken.get(name)
        if there is None:
            return name
        away = _DEGREE_M * np.hypot((there.lng - count.lng) * north, there.lat - count.lat)
        if away <= SAME_POINT_M:
            return name
        number += 1


def _check(count: OwnCount) -> None:
    if not count.place.strip() or not np.isfinite([count.lng, count.lat]).all():
        raise GeodataError(T("a count needs a place."), remedy=T("Choose a street first."))
    if not (1 <= count.minutes <= LONGEST_MIN and count.pedestrians >= 0 and count.day_kind in DAY_KINDS):
        raise GeodataError(
            T("this cannot be a count: {persons} persons in {minutes} minutes.", persons=count.pedestrians,
              minutes=count.minutes),
            remedy=T("Check the number and the minutes."),
        )  # fmt: skip


def _read(row: Mapping[str, str | None]) -> OwnCount | None:
    try:
        day = datetime.date.fromisoformat(row["date"] or "")
        begin, end = (datetime.time.fromisoformat(row[name] or "") for name in ("hour_from", "hour_to"))
        length = (end.hour - begin.hour) * 60 + end.minute - begin.minute
        count = OwnCount(
            row["key"] or "", row["counter"] or "", float(row["lon"] or ""), float(row["lat"] or ""),
            datetime.datetime.combine(day, begin), length if length > 0 else length + 24 * 60,
            int(row["pedestrians"] or ""), row["day_kind"] or "", row["note"] or "",
        )  # fmt: skip
        _check(count)
    except (ValueError, KeyError):
        return None
    return count if count.key else None


def _text(counts: Sequence[OwnCount], others: Sequence[Mapping[str, str]]) -> str:
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    for c in sorted(counts, key=lambda c: (c.start, c.key)):
        end = c.start + datetime.timedelta(minutes=c.minutes)
        row = (
            c.counter, c.start.date().isoformat(), f"{c.start:%H:%M}", f"{end:%H:%M}", c.pedestrians, c.day_kind,
            f"{c.lng:.6f}", f"{c.lat:.6f}", " ".join(c.note.split()), c.key,
        )  # fmt: skip
        writer.writerow(dict(zip(COLUMNS, row, strict=True)))
    writer.writerows(others)
    return file.getvalue()


def _write(path: Path, counts: Sequence[OwnCount], unreadable: Sequence[Mapping[str, str]]) -> None:
    fresh = path.with_name(f".{path.name}.new")
    try:
        with fresh.open("w", encoding="utf-8-sig", newline="") as file:
            file.write(_text(counts, unreadable))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        raise GeodataError(
            T("the count could not be written."), where=str(path), remedy=T("Check the disk, and save it again.")
        ) from error


@contextmanager
def _locked(data_dir: Path, area: str) -> Iterator[None]:
    """One writer at a time: two who count at once lose nothing."""
    path = file_of(data_dir, area)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_name(f".{path.name}.lock"), timeout=_LOCK_S):
            yield
    except (OSError, Timeout) as error:
        raise GeodataError(
            T("the count could not be written."), where=str(path), remedy=T("Check the disk, and save it again.")
        ) from error
