"""Municipalities: which one is meant, and where it lies.

`nis_mergers.csv` beside this file maps the Flemish municipalities that merged on 1 January 2019
and 1 January 2025 to the ones they became. Old codes and names are those of Statbel's REFNIS list,
new ones those of the municipal map of 2025; which old ones form which new one follows from the
Flemish merger decrees.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from rapidfuzz import process
from shapely.geometry.base import BaseGeometry

from geodata.branches import normalise
from geodata.errors import GeodataError
from geodata.language import T, Text
from geodata.sources.vector import WGS84, find_column, read_polygons

MERGERS = Path(__file__).with_name("nis_mergers.csv")

_NIS_COLUMNS = ("nis", "niscode", "nis_code", "cd_munty_refnis", "cd_refnis", "refnis", "geoitem", "natcode")
_RESIDENTS_COLUMNS = (
    "inwoners", "residents", "population", "bevolking", "aantal_inwoners", "ms_population", "tot_pop", "pop", "totaal",
)  # fmt: skip
_NAME_COLUMNS = (
    "naam", "name", "tx_munty_descr_nl", "tx_munty_dscr_nl", "tx_refnis_nl", "municipality_nl", "gemeente",
    "gemeentenaam", "nameunit", "tx_munty_descr_fr", "nom",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Place:
    """A municipality: name, NIS code (None outside Belgium), boundary (WGS84), and what to know about it."""

    name: str
    nis: str | None
    boundary: BaseGeometry
    notes: tuple[Text, ...] = ()


@cache
def mergers() -> pd.DataFrame:
    """The mergers: nis_old, name_old, nis_new, name_new, since (year), all text."""
    return pd.read_csv(MERGERS, dtype=str)


def current_nis(nis: str) -> str:
    """The NIS code of today for an old one; any other code as it is."""
    known = mergers()
    found = known.loc[known.nis_old == nis, "nis_new"]
    return str(found.iloc[0]) if len(found) else nis


def current_name(name: str) -> str:
    """The name of today of a municipality that merged; any other name as it is.

    Where the merged municipality kept an old name, that name stays.
    """
    known = mergers()
    found = known.loc[known.name_old.map(normalise) == normalise(name), "name_new"]
    return str(found.iloc[0]) if len(found) else name


def read_municipalities(path: Path) -> gpd.GeoDataFrame:
    """Municipalities of a shapefile, GeoPackage or GeoJSON: `nis` (text), `name`, `residents`, polygon in WGS84.

    `nis` is missing where the file has no code, `residents` NaN where it does not say. Raises GeodataError when the
    file cannot be read, has no CRS, or has no column with names.
    """
    frame = read_polygons(path)
    name, nis = find_column(frame, _NAME_COLUMNS), find_column(frame, _NIS_COLUMNS)
    residents = find_column(frame, _RESIDENTS_COLUMNS)
    if name is None:
        raise GeodataError(
            T(
                "no column with the names of municipalities; the columns are {columns}.",
                columns=", ".join(str(c) for c in frame.columns if c != "geometry"),
            ),
            where=str(path),
            remedy=T("Name that column `naam` and the one with the NIS code `nis`."),
        )
    codes = frame[nis].astype("string").str.extract(r"^\s*(\d{5})(?:\.0)?\s*$")[0] if nis else pd.NA
    table = gpd.GeoDataFrame(
        {
            "nis": codes,
            "name": frame[name].astype("string").str.strip(),
            "residents": pd.to_numeric(frame[residents], errors="coerce").astype(float) if residents else np.nan,
        },
        geometry=frame.geometry,
        crs=WGS84,
    )
    return table[table.name.fillna("") != ""].reset_index(drop=True)


def find(frame: gpd.GeoDataFrame, name_or_nis: str, *, where: str = "") -> Place:
    """The municipality of that name or NIS code, whatever the case and accents.

    A municipality that merged is found under its old name or code: the answer is the one it is
    part of now, with a note that says so. When the file is older than the merger, the new
    municipality is put together from the old ones. GeodataError with near names when there is none;
    `where` names the file in that message.
    """
    asked = normalise(name_or_nis)
    if (here := _rows(frame, asked)) is not None:
        return _place(here)
    known = mergers()
    old = known[(known.nis_old == asked) | (known.name_old.map(normalise) == asked)]
    if len(old):
        merged = old.iloc[0]
        if (here := _rows(frame, merged.nis_new)) is not None:
            parts = known.loc[known.nis_new == merged.nis_new, "name_old"]
            note = T(
                "{old} merged into {new} on 1 January {year}; the whole of {new} is used.",
                old=", ".join(parts), new=merged.name_new, year=merged.since,
            )  # fmt: skip
            return _place(here, note)
    new = known[(known.nis_new == asked) | (known.name_new.map(normalise) == asked)]
    parts = frame[frame.nis.isin(new.nis_old)]
    if len(new) and len(parts) == len(new):
        first = new.iloc[0]
        note = T(
            "the file is older than the merger: {new} is put together from {old}.",
            new=first.name_new, old=", ".join(new.name_old),
        )  # fmt: skip
        return Place(first.name_new, first.nis_new, parts.union_all(), (note,))
    raise GeodataError(
        T("there is no municipality called {name}.", name=name_or_nis), where=where, remedy=_nearest(frame, asked)
    )


def _rows(frame: gpd.GeoDataFrame, asked: str) -> gpd.GeoDataFrame | None:
    bare = frame.name.str.replace(r"\s*\(.*\)$", "", regex=True)  # REFNIS writes "Tielt (Tielt)"
    for column in (frame.nis, frame.name.map(normalise), bare.map(normalise)):
        found = frame[(column == asked).fillna(False)]
        if len(found):
            return found
    return None


def _place(rows: gpd.GeoDataFrame, *notes: Text) -> Place:
    first = rows.iloc[0]
    same = rows[rows.nis.eq(first.nis).fillna(True)]
    return Place(str(first["name"]), None if pd.isna(first.nis) else str(first.nis), same.union_all(), notes)


def _nearest(frame: gpd.GeoDataFrame, asked: str) -> Text:
    known = mergers()
    merged = known.name_old[known.nis_new.isin(frame.nis) | known.nis_old.isin(frame.nis)]
    names = {normalise(n): n for n in [*merged, *frame.name]}
    near = [names[match[0]] for match in process.extract(asked, list(names), limit=3, score_cutoff=60)]
    if not near:
        return T("Give the name or the NIS code of a municipality in the file.")
    return T("Nearest: {near}.", near=", ".join(near))
