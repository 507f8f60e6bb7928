"""The municipality's own list of premises: name, branch, floor area, and whether the unit is occupied."""

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process
from shapely.geometry.base import BaseGeometry

from geodata.branches import BranchTable, normalise
from geodata.language import T, TN
from geodata.sources import rents
from geodata.sources.columns import Layout, map_columns
from geodata.sources.matching import LOCATION_NEEDED, LOCATION_SYNONYMS, Geocoder, locate_rows, shown_location
from geodata.sources.rows import (
    all_left_out,
    because,
    left_out,
    of_rows,
    own_ids,
    past_dates,
    unused_dates,
    unused_numbers,
)
from geodata.sources.spreadsheet import read_spreadsheet
from geodata.sources.values import answers, is_missing, numbers
from geodata.tables import Reading, empty, validate

SOURCE = "premises_list"
SALES_SHARE_OF_GROSS = 0.8
"""Sales floor area as a share of gross floor area where only the latter is known (WVO is about 80 % of BVO)."""
NAME_RATIO = 90.0
"""rapidfuzz's ratio (0–100) from which a branch name is taken to be a misspelt known one."""
SHOWN_NAMES = 10
NO_ANSWER = T("this is neither yes nor no; the row is used without it.")
NO_STATE = T("this says neither vacant nor in use; the unit counts as in use.")

LAYOUT = Layout(
    SOURCE,
    {
        "id": (
            "nr pand", "pand id", "pandid", "verkooppunt id", "locatus id", "object id", "objectid", "code",
            "identificatie",
        ),
        "name": ("naam", "handelsnaam", "zaak", "winkel", "winkelnaam", "naam zaak", "nom", "enseigne", "uithangbord"),
        "brand": ("formule", "formulenaam", "merk", "ketennaam", "marque"),
        "chain": ("keten", "filiaal", "filiaalbedrijf", "ketenwinkel", "chaine"),
        "state": ("status", "toestand", "bezetting", "leegstand", "leegstaand", "in gebruik", "etat", "occupation"),
        "branch": (
            "branche", "branche omschrijving", "branchenaam", "activiteit", "soort zaak", "type zaak", "categorie",
            "secteur", "activite",
        ),
        "main_branch": ("hoofdbranche", "hoofdbranche omschrijving", "hoofdcategorie", "branche principale"),
        "floor_area": (
            "wvo", "winkelvloeroppervlakte", "wvo m2", "m2 wvo", "netto handelsoppervlakte", "nho",
            "verkoopoppervlakte", "handelsoppervlakte", "surface de vente", "sales area", "oppervlakte",
        ),
        "gross_floor_area": ("bvo", "bruto vloeroppervlakte", "bvo m2", "brutovloeroppervlakte", "surface brute"),
        "vacant_since": ("leegstand sinds", "leeg sinds", "datum leegstand", "leegstaand sinds", "vacant depuis"),
        "opening_hours": ("openingsuren", "heures d ouverture"),
        **rents.SYNONYMS,
        **LOCATION_SYNONYMS,
    },
    needs=(("name", "brand", "branch"), LOCATION_NEEDED),
    by_words=rents.rent_field,
)  # fmt: skip

_VACANT = ("leeg", "vacan", "vacat", "inoccup", "vide", "te huur", "to let", "onbezet")
_OCCUPIED = ("niet leeg", "bezet", "in gebruik", "occup", "actief", "open", "ingevuld", "verhuurd")


def read_premises(
    path: Path,
    *,
    area: BaseGeometry,
    crs: int,
    branches: BranchTable,
    books: Sequence[tuple[str, gpd.GeoDataFrame]] = (),
    geocode: Geocoder | None = None,
    mapping: Mapping[str, str] | None = None,
    data_dir: Path | None = None,
    today: datetime.date | None = None,
) -> Reading:
    """The `premises` table of a surveyed list (XLSX, CSV; Dutch, French or English headers).

    Places as in `locate_rows` (`area`, `books`, `geocode`), columns as in `map_columns` (`mapping`,
    `data_dir`). A unit is vacant when the status, else the branch, says so. The branch is looked up
    by its name and then by its main branch, a spelling mistake allowed; kinds outside the branch
    table keep their name and have no branch, and a note lists them. Sales floor area is the one
    surveyed, else 0.8 of the gross one; rents as in `read_vacancies`. Rows without a place are skipped with the reason.
    Cells that cannot be used, a date after `today` (the present day unless given) among them, are not known and listed
    in `doubts`.
    """
    sheet = read_spreadsheet(path)
    columns = map_columns(sheet.frame.columns, LAYOUT, where=str(path), given=mapping, data_dir=data_dir)
    rows = columns.apply(sheet.frame, LAYOUT)
    located = locate_rows(rows, area=area, crs=crs, books=books, geocode=geocode)
    stated = _stated(rows["state"], columns.columns.get("state", ""))
    vacant = _vacant(stated, rows["branch"])
    branch, unknown = branch_ids(rows["branch"], rows["main_branch"], branches)
    brand = rows["brand"].fillna(rows["name"])
    said = answers(rows["chain"])
    floor_area, basis = _floor_area(rows)
    rent = rents.yearly_rent(rows, floor_area)
    table = pd.DataFrame(
        {
            "id": own_ids(rows["id"]),
            "name": rows["name"].fillna(rows["brand"]).mask(vacant & is_missing(rows["name"])),
            "brand": rows["brand"],
            "chain": said.where(said.notna(), brand.map(branches.is_chain).astype("boolean")),
            "state": np.where(vacant, "vacant", "occupied"),
            "branch": branch.mask(vacant),
            "kind": rows["branch"].fillna(rows["main_branch"]),
            "vacancy_basis": pd.Series("premises list", index=rows.index, dtype="str").where(vacant),
            "vacant_since": past_dates(rows["vacant_since"], today).where(vacant),
            "floor_area_m2": floor_area,
            "floor_area_basis": basis,
            "rent_eur_per_year": rent,
            "opening_hours": rows["opening_hours"],
            "source": SOURCE,
            "location_method": located.method,
            "location_score": located.score,
        },
        index=rows.index,
    ).join(located.address)
    found = located.points.notna()
    skipped = left_out(located.reasons, "x, y, street, house_number", shown_location(rows))
    notes = [*located.notes, *rents.unclear_rents(sheet.frame.columns, columns)]
    names = sorted(set(unknown[found & ~vacant].dropna()))
    if names:
        shown = ", ".join(names[:SHOWN_NAMES]) + (", …" if len(names) > SHOWN_NAMES else "")
        kinds = TN(
            "one kind is not in the branch table and has no branch: {names}.",
            "{count} kinds are not in the branch table and have no branch: {names}.",
            len(names), names=shown,
        )  # fmt: skip
        notes.append(kinds)
    doubts = all_left_out(
        located.doubts,
        *(unused_numbers(rows[field], field) for field in ("floor_area", "gross_floor_area")),
        rents.unused_rents(rows, rent),
        unused_dates(rows["vacant_since"][vacant], "vacant_since", today),
        because(~is_missing(rows["chain"]) & said.isna(), "chain", rows["chain"], NO_ANSWER),
        because(~is_missing(rows["state"]) & stated.isna() & ~vacant, "state", rows["state"], NO_STATE),
    )
    frame = gpd.GeoDataFrame(table[found], geometry=located.points[found], crs=crs)
    checked = validate("premises", frame, where=str(path)) if len(frame) else empty("premises", crs)
    bad = all_left_out(sheet.skipped, skipped)
    return Reading(checked, SOURCE, sheet.rows_read, bad, tuple(notes), doubts=of_rows(doubts, found))


def branch_ids(names: pd.Series, main: pd.Series, branches: BranchTable) -> tuple[pd.Series, pd.Series]:
    """The branch id of each surveyed name, else of its main branch; and the names that have none."""
    known = branches.by_survey_name
    choices = list(known)
    found: dict[str, str | None] = {}
    for name in {*names.dropna().unique(), *main.dropna().unique()}:
        plain = normalise(name)
        near = None
        if plain not in known and len(plain) > 3:
            near = process.extractOne(plain, choices, scorer=fuzz.ratio, score_cutoff=NAME_RATIO)
        found[name] = known.get(plain) or (known[near[0]] if near is not None else None)
    ids = names.map(found).astype("str")
    ids = ids.where(ids.notna(), main.map(found).astype("str"))
    return ids, names.fillna(main).where(ids.isna())


def _stated(state: pd.Series, header: str) -> pd.Series:
    """Whether the status column, read together with its header, says that a unit is vacant; missing where neither."""
    about_vacancy = any(word in normalise(header) for word in _VACANT)
    yes = answers(state)
    said = _says(state)
    return said.where(said.notna(), yes if about_vacancy else ~yes)


def _vacant(stated: pd.Series, branch: pd.Series) -> pd.Series:
    """True for vacant units: as stated, else by the branch name."""
    said = stated.where(stated.notna(), _says(branch).where(lambda s: s.fillna(False).astype(bool)))
    return said.fillna(False).astype(bool)


def _says(column: pd.Series) -> pd.Series:
    """Whether a text speaks of vacancy (True) or of use (False); missing when of neither."""

    def reading(text: object) -> object:
        plain = normalise(str(text))
        if any(word in plain for word in _OCCUPIED) and not any(word in plain for word in ("inoccup", "onbezet")):
            return False
        return True if any(word in plain for word in _VACANT) else pd.NA

    return column.map(reading, na_action="ignore").astype("boolean")


def _floor_area(rows: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    sales, gross = (numbers(rows[c]).where(lambda v: v > 0) for c in ("floor_area", "gross_floor_area"))
    area = sales.fillna(SALES_SHARE_OF_GROSS * gross)
    basis = pd.Series(np.select([sales.notna(), gross.notna()], ["surveyed", "gross floor area"], ""), index=rows.index)
    return area, basis.mask(area.isna())
