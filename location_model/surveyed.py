"""Surveyed local retention ("koopbinding"): official shares by goods group, as a survey found them, kept by area."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from geodata.branches import normalise, read_branches
from geodata.errors import GeodataError
from geodata.files import read_own_table, write_own_table
from geodata.language import LANGUAGES, T, Text
from geodata.sources.columns import Layout, map_columns
from geodata.sources.spreadsheet import read_spreadsheet
from geodata.sources.values import numbers
from geodata.store import Area

FILE = "retention.csv"
COLUMNS = ("goods", "share_percent", "year", "source")

GOODS: dict[str, Text] = {
    "convenience": T("convenience goods"),
    "shopping": T("shopping goods"),
    "speciality": T("speciality goods"),
    "hospitality": T("hospitality"),
    "services": T("services"),
}

LAYOUT = Layout(
    "surveyed_retention",
    {
        "goods": ("goederen", "goederengroep", "goods group", "groupe de biens"),
        "share_percent": ("aandeel", "aandeel procent", "percent", "percentage", "procent", "koopbinding", "part"),
        "year": ("jaar", "annee"),
        "source": ("bron", "enquete", "survey"),
    },
    needs=(("goods",), ("share_percent",)),
)


@dataclass(frozen=True)
class Surveyed:
    """A surveyed share of spending that stays (0–1), its year and where it comes from; "–" where nobody said."""

    share: float
    year: str
    source: str


def read_surveyed(path: Path) -> dict[str, Surveyed]:
    """Surveyed retention by goods group: a CSV or XLSX with goods and share_percent, and year and source where known.

    Headers in Dutch, English or French; a goods group by its id or its title in either language. GeodataError, naming
    row and column, for a goods group that is none of the table or a share outside 0–100.
    """
    sheet = read_spreadsheet(path).frame
    frame = map_columns(sheet.columns, LAYOUT, where=str(path)).apply(sheet, LAYOUT)
    return surveyed_from(dict(zip(frame.index, frame.to_dict("records"), strict=True)), where=str(path))


def surveyed_from(rows: Mapping[int, Mapping[Any, Any]], *, where: str) -> dict[str, Surveyed]:
    """Surveyed shares from the rows of a table, by their number: 1 for the first below the header.

    GeodataError as `read_surveyed`.
    """
    found = {}
    for i, row in rows.items():
        # no percentage has thousands: a dot is the decimal sign, whatever follows it
        share = float(numbers(pd.Series([row["share_percent"]], dtype="object"), lone_dot="decimal").iloc[0])
        goods = _goods(row["goods"])
        if goods is None:
            raise GeodataError(
                T("row {row}: {goods} is no goods group we know.", row=i, goods=_said(row["goods"])),
                where=where,
                remedy=T("Goods groups: {goods}. Shares from 0 to 100.", goods=", ".join(GOODS)),
            )
        if not 0 <= share <= 100:
            raise GeodataError(
                T("row {row}: {goods}, {share} is no surveyed share.", row=i, goods=str(row["goods"]),
                  share=str(row["share_percent"])),
                where=where,
                remedy=T("Goods groups: {goods}. Shares from 0 to 100.", goods=", ".join(GOODS)),
            )  # fmt: skip
        found[goods] = Surveyed(share / 100, _said(row["year"]), _said(row["source"]))
    return found


def _goods(cell: Any) -> str | None:
    """The id of a goods group, from its id or its title in any language; None for another."""
    known = {normalise(name): goods for goods, title in GOODS.items() for name in (goods, *map(title.to, LANGUAGES))}
    return known.get(normalise(str(cell)))


def _said(cell: Any) -> str:
    return (str(cell).strip() if pd.notna(cell) else "") or "–"


def kept_surveyed(area: str, data_dir: Path) -> dict[str, Surveyed]:
    """The surveyed shares that were kept for an area; none where none were. GeodataError for a damaged file."""
    rows = {i: row for i, row in enumerate(_rows(data_dir), start=1) if row["area"] == area}
    return surveyed_from(rows, where=str(data_dir / FILE))


@dataclass(frozen=True)
class GroupSurveyed:
    """What a survey found for a whole goods group (a key of `GOODS`): another figure than ours for one branch of it."""

    goods: str
    found: Surveyed

    def told(self, share: str) -> Text:
        """In words; `share` as the page writes it."""
        title, year = GOODS[self.goods], self.found.year
        return T("surveyed for {goods} together: {share} ({year})", goods=title, share=share, year=year)

    def as_json(self) -> dict[str, Any]:
        """As commands print it; the share 0–1."""
        return {"goods": self.goods, **asdict(self.found)}


def surveyed_for(area: Area, branch: str) -> tuple[GroupSurveyed | None, list[Text]]:
    """What was kept for an area and the goods group of a branch, None where nothing was; and why it cannot be read.

    It only stands beside other figures, so a damaged file is a note and no error.
    """
    goods = read_branches(area.data_dir).get(branch).goods
    try:
        found = kept_surveyed(area.id, area.data_dir).get(goods)
    except GeodataError as error:
        return None, [T("The surveyed local retention cannot be read: {reason}", reason=error.what)]
    return None if found is None else GroupSurveyed(goods, found), []


def keep_surveyed(area: str, shares: Mapping[str, Surveyed], data_dir: Path) -> None:
    """Make these the surveyed shares of an area; those of other areas stay.

    GeodataError for a damaged file, for a share that could not be read again, and when it cannot be written.
    """
    path = data_dir / FILE
    others = [row for row in _rows(data_dir) if row["area"] != area]
    fresh = [
        {"area": area, "goods": goods, "share_percent": _percent(s.share), "year": s.year, "source": s.source}
        for goods, s in shares.items()
    ]
    surveyed_from(dict(enumerate(fresh, start=1 + len(others))), where=str(path))
    write_own_table(path, ("area", *COLUMNS), [*others, *fresh])


def _percent(share: float) -> str:
    return f"{100 * share:.10f}".rstrip("0").rstrip(".")


def _rows(data_dir: Path) -> list[dict[str, str]]:
    if not (data_dir / FILE).exists():
        return []
    return read_own_table(data_dir / FILE, None, {"area", *COLUMNS})
