"""Surveyed local retention ("koopbinding"): official shares by goods group, as a survey found them, kept by area."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from geodata.errors import GeodataError
from geodata.files import read_own_table
from geodata.language import T, Text
from geodata.sources.spreadsheet import read_spreadsheet
from geodata.sources.values import numbers

FILE = "retention.csv"
COLUMNS = ("goods", "share_percent", "year", "source")

GOODS: dict[str, Text] = {
    "convenience": T("convenience goods"),
    "shopping": T("shopping goods"),
    "speciality": T("speciality goods"),
    "hospitality": T("hospitality"),
    "services": T("services"),
}


@dataclass(frozen=True)
class Surveyed:
    """A surveyed share of spending that stays (0–1), its year and where it comes from."""

    share: float
    year: str
    source: str


def read_surveyed(path: Path) -> dict[str, Surveyed]:
    """Surveyed retention by goods group: a CSV or XLSX with columns goods, share_percent, year and source.

    GeodataError, naming row and column, for a goods group that is none of the table or a share outside 0–100.
    """
    frame = read_spreadsheet(path).frame
    missing = set(COLUMNS) - set(frame.columns)
    if missing:
        raise GeodataError(
            T("the columns {columns} are missing.", columns=", ".join(sorted(missing))),
            where=str(path),
            remedy=T("A row a goods group: goods, share_percent, year, source."),
        )
    return surveyed_from(frame.to_dict("records"), where=str(path))


def surveyed_from(rows: Sequence[Mapping[Any, Any]], *, where: str) -> dict[str, Surveyed]:
    """Surveyed shares from the rows of a table. GeodataError as `read_surveyed`."""
    found = {}
    for i, row in enumerate(rows, start=1):
        share = float(numbers(pd.Series([row["share_percent"]], dtype="object")).iloc[0])
        if row["goods"] not in GOODS or not 0 <= share <= 100:
            raise GeodataError(
                T("row {row}: {goods}, {share} is no surveyed share.", row=i, goods=str(row["goods"]),
                  share=str(row["share_percent"])),
                where=where,
                remedy=T("Goods groups: {goods}. Shares from 0 to 100.", goods=", ".join(GOODS)),
            )  # fmt: skip
        found[str(row["goods"])] = Surveyed(share / 100, str(row["year"]), str(row["source"]))
    return found


def kept_surveyed(area: str, data_dir: Path) -> dict[str, Surveyed]:
    """The surveyed shares that were kept for an area; none where none were. GeodataError for a damaged file."""
    rows = [row for row in _rows(data_dir) if row["area"] == area]
    return surveyed_from(rows, where=str(data_dir / FILE))


def keep_surveyed(area: str, shares: Mapping[str, Surveyed], data_dir: Path) -> None:
    """Make these the surveyed shares of an area; those of other areas stay. GeodataError for a damaged file."""
    rows = [row for row in _rows(data_dir) if row["area"] != area]
    for goods, found in shares.items():
        told = {"share_percent": f"{100 * found.share:g}", "year": found.year, "source": found.source}
        rows.append({"area": area, "goods": goods, **told})
    fresh = data_dir / f".{FILE}.new"
    with fresh.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ("area", *COLUMNS))
        writer.writeheader()
        writer.writerows(rows)
    fresh.replace(data_dir / FILE)


def _rows(data_dir: Path) -> list[dict[str, str]]:
    if not (data_dir / FILE).exists():
        return []
    return read_own_table(data_dir / FILE, None, {"area", *COLUMNS})
