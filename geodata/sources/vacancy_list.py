"""The municipality's vacancy register: which units stand empty, joined to the premises that are known."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from geodata.branches import normalise
from geodata.language import T, Text, TN
from geodata.sources import rents
from geodata.sources.addresses import address_keys
from geodata.sources.columns import Layout, map_columns
from geodata.sources.matching import LOCATION_NEEDED, LOCATION_SYNONYMS, Geocoder, locate_rows, shown_location
from geodata.sources.rows import all_left_out, left_out, of_rows, own_ids, past_dates, unused_dates, unused_numbers
from geodata.sources.spreadsheet import read_spreadsheet
from geodata.sources.values import is_missing, numbers
from geodata.tables import Reading, empty, validate

SOURCE = "vacancy_list"
BASIS = "vacancy list"
SAME_UNIT_M = 15.0
"""A listed unit without a known address is the nearest unit within this distance: about the width of two fronts."""

SAME_ID_M = 250.0
"""A listed unit with the id of a known one is that one when it lies this near."""

LAYOUT = Layout(
    SOURCE,
    {
        "id": ("nr pand", "pand id", "pandid", "object id", "dossier", "dossiernummer", "inventarisnummer", "code"),
        "name": ("naam", "handelsnaam", "laatste gebruiker", "vorige zaak", "nom"),
        "kind": ("aard", "type pand", "soort pand", "bestemming", "functie", "type", "categorie", "gebruik"),
        "floor_area": (
            "wvo", "winkelvloeroppervlakte", "netto handelsoppervlakte", "handelsoppervlakte", "oppervlakte",
            "oppervlakte m2", "surface",
        ),
        "vacant_since": (
            "leegstand sinds", "leegstaand sinds", "leeg sinds", "datum leegstand", "begin leegstand", "vacant depuis",
        ),
        "registered": (
            "datum registratie", "registratiedatum", "inventarisatiedatum", "datum opname", "opnamedatum",
            "datum inventarisatie", "datum administratieve akte", "datum", "date",
        ),
        "struck_off": ("datum schrapping", "schrappingsdatum", "geschrapt op", "einddatum", "datum einde"),
        **rents.SYNONYMS,
        **LOCATION_SYNONYMS,
    },
    needs=(LOCATION_NEEDED,),
    by_words=rents.rent_field,
)  # fmt: skip

_DWELLING = ("woning", "appartement", "studio", "eengezins", "woonhuis", "kamer", "logement", "habitation")
_SHOP = ("handel", "winkel", "commer", "horeca", "pand", "bedrijf", "gemengd")


def read_vacancies(
    path: Path,
    *,
    area: BaseGeometry,
    crs: int,
    books: Sequence[tuple[str, gpd.GeoDataFrame]] = (),
    geocode: Geocoder | None = None,
    mapping: Mapping[str, str] | None = None,
    data_dir: Path | None = None,
    today: datetime.date | None = None,
) -> Reading:
    """A vacancy register or list (XLSX, CSV) as a `premises` table of vacant units.

    Places as in `locate_rows`, columns as in `map_columns`. `vacant_since` is the date of vacancy,
    else of registration, never one after `today` (the present day unless given). A rent is that of a year, where the
    header says whether it is of a month or a year (`rents.rent_field`). Dwellings and units struck off the register
    are left out, and a note says how many; rows without a place are skipped with the reason, and cells that cannot be
    used are listed in `doubts`.
    """
    sheet = read_spreadsheet(path)
    columns = map_columns(sheet.frame.columns, LAYOUT, where=str(path), given=mapping, data_dir=data_dir)
    rows = columns.apply(sheet.frame, LAYOUT)
    kind = rows["kind"].fillna("").map(normalise)
    dwelling = kind.map(lambda k: any(w in k for w in _DWELLING) and not any(w in k for w in _SHOP))
    gone = ~is_missing(rows["struck_off"]) & ~dwelling
    rows = rows[~dwelling.astype(bool) & ~gone]
    located = locate_rows(rows, area=area, crs=crs, books=books, geocode=geocode)
    floor_area = numbers(rows["floor_area"]).where(lambda v: v > 0)
    rent = rents.yearly_rent(rows, floor_area)
    table = pd.DataFrame(
        {
            "id": "vacancy/" + own_ids(rows["id"]),
            "state": "vacant",
            "kind": rows["kind"],
            "vacancy_basis": BASIS,
            "vacant_since": past_dates(rows["vacant_since"], today).fillna(past_dates(rows["registered"], today)),
            "floor_area_m2": floor_area,
            "floor_area_basis": pd.Series("surveyed", index=rows.index, dtype="str").where(floor_area.notna()),
            "rent_eur_per_year": rent,
            "source": SOURCE,
            "location_method": located.method,
            "location_score": located.score,
        },
        index=rows.index,
    ).join(located.address)
    notes: list[Text] = [*located.notes, *rents.unclear_rents(sheet.frame.columns, columns)]
    if dwelling.any():
        n = int(dwelling.sum())
        notes.append(TN("one dwelling in the list is left out.", "{count} dwellings in the list are left out.", n))
    if gone.any():
        struck = TN(
            "one unit struck off the register is left out.",
            "{count} units struck off the register are left out.",
            int(gone.sum()),
        )
        notes.append(struck)
    found = located.points.notna()
    skipped = left_out(located.reasons, "x, y, street, house_number", shown_location(rows))
    doubts = all_left_out(
        located.doubts,
        unused_numbers(rows["floor_area"], "floor_area"),
        rents.unused_rents(rows, rent),
        *(unused_dates(rows[field], field, today) for field in ("vacant_since", "registered")),
    )
    frame = gpd.GeoDataFrame(table[found], geometry=located.points[found], crs=crs)
    checked = validate("premises", frame, where=str(path)) if len(frame) else empty("premises", crs)
    bad = all_left_out(sheet.skipped, skipped)
    return Reading(checked, SOURCE, sheet.rows_read, bad, tuple(notes), doubts=of_rows(doubts, found))


def apply_vacancy(premises: gpd.GeoDataFrame, vacancies: Reading) -> Reading:
    """The premises with the listed units vacant: known ones marked, others added.

    A listed unit is the known one with its id that lies near, else with its address (the nearest of several), else
    the nearest within 15 m that has no other address. A marked unit loses the name, branch, formula and hours
    of its last user, and the rent that user paid; `kind` keeps what it was. A unit that is vacant in both keeps what is
    asked where the list does not say. Both tables are in the same metric CRS.
    """
    listed = vacancies.table
    by_id = _same_id(premises, listed)
    by_address = _same_address(premises, listed, taken=by_id)
    by_place = _nearest(premises, listed, taken=np.where(by_id >= 0, by_id, by_address))
    match = np.select([by_id >= 0, by_address >= 0], [by_id, by_address], by_place)
    known, at = match >= 0, match[match >= 0]
    table = premises.copy()
    rows = table.index[at]
    units = listed[known].set_axis(rows)
    table.loc[rows[table.loc[rows, "state"] != "vacant"], "rent_eur_per_year"] = np.nan
    table.loc[rows, ["state", "vacancy_basis"]] = ["vacant", BASIS]
    table.loc[rows, ["name", "brand", "branch", "opening_hours"]] = None
    table.loc[rows, "chain"] = pd.NA
    table.loc[rows, "vacant_since"] = units.vacant_since.fillna(table.loc[rows, "vacant_since"])
    for value, *about in (("floor_area_m2", "floor_area_basis"), ("rent_eur_per_year",)):
        told = units[units[value].notna()]
        table.loc[told.index, [value, *about]] = told[[value, *about]]
    added = listed[~known]
    whole = gpd.GeoDataFrame(pd.concat([table, added], ignore_index=True), crs=premises.crs) if len(added) else table
    notes = (
        *vacancies.notes,
        TN(
            "one listed unit is a known one, now vacant; {added}.",
            "{count} listed units are known ones, now vacant; {added}.",
            int(known.sum()),
            added=TN("one is added", "{count} are added", len(added)),
        ),
        T("a vacancy register lists long vacancy only: how many units stand empty for a short time is not known."),
    )
    return replace(vacancies, table=validate("premises", whole, where=SOURCE), notes=notes)


def _same_id(premises: gpd.GeoDataFrame, listed: gpd.GeoDataFrame) -> np.ndarray:
    """Position of the premises with the same id, if it lies near: two lists may both count from 1; -1 for none."""
    given = listed["id"].str.removeprefix("vacancy/")
    at = np.asarray(pd.Index(premises["id"].to_numpy()).get_indexer(pd.Index(given.to_numpy())))
    at[given.str.startswith("row/").to_numpy(dtype=bool)] = -1
    far = shapely.distance(listed.geometry.to_numpy(), premises.geometry.to_numpy()[at]) if len(premises) else np.inf
    return np.where(far <= SAME_ID_M, at, -1)


def _same_address(premises: gpd.GeoDataFrame, listed: gpd.GeoDataFrame, *, taken: np.ndarray) -> np.ndarray:
    """Position of the premises with the same street, number and letter, the nearest first; -1 for none."""
    keys = ["street", "number", "letter"]
    left, right = (
        address_keys(t).assign(x=t.geometry.x.to_numpy(), y=t.geometry.y.to_numpy()) for t in (listed, premises)
    )
    left, right = left.assign(row=range(len(left))), right.assign(at=range(len(right)))
    right = right[~right["at"].isin(taken)]
    pairs = left[(left.street != "") & (taken < 0)].dropna(subset=["number"]).merge(right, on=keys, suffixes=("", "_2"))
    pairs = pairs[(pairs.postcode == pairs.postcode_2) | (pairs.postcode == "") | (pairs.postcode_2 == "")]
    pairs = pairs.assign(far=np.hypot(pairs.x - pairs.x_2, pairs.y - pairs.y_2)).sort_values(["far", "row", "at"])
    return _first_come(pairs[["row", "at"]].to_numpy(), len(listed))


def _nearest(premises: gpd.GeoDataFrame, listed: gpd.GeoDataFrame, *, taken: np.ndarray) -> np.ndarray:
    """Position of the nearest free premises within `SAME_UNIT_M` that has no other address; -1 for none."""
    if premises.empty or listed.empty:
        return np.full(len(listed), -1)
    here, there = (np.column_stack([t.geometry.x, t.geometry.y]) for t in (listed, premises))
    mine, theirs = address_keys(listed), address_keys(premises)
    used = set(taken[taken >= 0].tolist())
    pairs = []
    for row in np.flatnonzero(taken < 0):
        for at in cKDTree(there).query_ball_point(here[row], SAME_UNIT_M):
            other = theirs.street.iloc[at] != "" and mine.street.iloc[row] != ""
            if at not in used and not other:
                pairs.append((float(np.hypot(*(here[row] - there[at]))), int(row), int(at)))
    return _first_come(np.array([pair[1:] for pair in sorted(pairs)], dtype=int).reshape(-1, 2), len(listed))


def _first_come(pairs: np.ndarray, n: int) -> np.ndarray:
    """Each row its first partner that is still free; -1 where none is."""
    match, used = np.full(n, -1), set()
    for row, at in pairs:
        if match[row] < 0 and at not in used:
            match[row] = at
            used.add(at)
    return match
