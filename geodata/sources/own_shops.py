"""A retailer's own shops: where they are, what they sell and pay, so that the next one is chosen knowing them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
from shapely.geometry.base import BaseGeometry

from geodata.branches import BranchTable, normalise
from geodata.language import T, Text
from geodata.sources.addresses import split_address
from geodata.sources.columns import Layout, map_columns
from geodata.sources.coordinates import OUTSIDE, split_point
from geodata.sources.matching import LOCATION_NEEDED, LOCATION_SYNONYMS, locate_rows, shown_location
from geodata.sources.premises_list import branch_ids
from geodata.sources.rows import all_left_out, because, left_out, of_rows, own_ids, unused_numbers
from geodata.sources.spreadsheet import File, read_spreadsheet
from geodata.sources.values import is_missing, numbers
from geodata.sources.vector import WGS84
from geodata.tables import Reading, empty, validate

SOURCE = "own_shops"
_TURNOVER = ("omzet", "turnover", "chiffre d affaires")
_OF_A_YEAR = tuple(f"{word} {year}" for year in range(2035, 2014, -1) for word in _TURNOVER)
"""Of turnovers of several years the latest counts."""

LAYOUT = Layout(
    SOURCE,
    {
        "id": (
            "winkel id", "winkelnummer", "filiaal", "filiaalnummer", "vestiging", "vestigingsnummer", "shop id",
            "numero magasin",
        ),
        "name": ("naam", "winkel", "winkelnaam", "vestigingsnaam", "shop", "store", "magasin", "nom", "enseigne"),
        "branch": ("branche", "activiteit", "soort zaak", "type zaak", "secteur", "activite"),
        "floor_area": (
            "wvo", "wvo m2", "oppervlakte", "verkoopoppervlakte", "winkelvloeroppervlakte", "sales area",
            "floor area m2", "surface de vente",
        ),
        "turnover": (
            "omzet", "jaaromzet", "omzet per jaar", "omzet eur", "omzet eur per jaar", "turnover eur per year",
            "turnover per year", "annual turnover", "yearly turnover", "annual sales", "revenue", "chiffre d affaires",
            "chiffre d affaires annuel", "ca annuel", *_OF_A_YEAR,
        ),
        "rent": (
            "huur", "huurprijs", "jaarhuur", "huur per jaar", "huur eur", "huur eur per jaar", "rent eur per year",
            "rent per year", "annual rent", "yearly rent", "loyer", "loyer annuel",
        ),
        "premises": ("osm id", "osm", "premises id", "pand", "pand id", "handelspand", "id du local"),
        **LOCATION_SYNONYMS,
    },
    needs=((*LOCATION_NEEDED, "premises", "id"),),
)  # fmt: skip
_OSM_ID = r"(?:node|way|relation)/\d+"
NOWHERE = T("the shop lies in or near none of the areas that are built.")


@dataclass(frozen=True, eq=False)
class Ground:
    """A built area in which shops may lie; its parts are read only when a shop needs them.

    around: its outline with the margin in which shops count (WGS84). books: its `addresses` tables with the id of
    their source. premises: its `premises` table. Tables are in `crs`.
    """

    name: str
    crs: int
    around: Callable[[], BaseGeometry]
    books: Callable[[], Sequence[tuple[str, gpd.GeoDataFrame]]] = tuple
    premises: Callable[[], gpd.GeoDataFrame] | None = None


def read_own_shops(
    path: File, grounds: Sequence[Ground], *, branches: BranchTable, data_dir: Path | None = None
) -> Reading:
    """The `own_shops` table (WGS84) of a list (XLSX, CSV; Dutch, French or English headers), euros a year.

    A shop is where the premises is that it names (in a column of its own, or as its id: `node/1`, `way/1`), else at
    its coordinates, else at its address, in the first of the grounds that has it; an address in another ground's
    municipality, or of a shop with coordinates, is not looked up: there is a Kerkstraat in every town. Columns as in
    `map_columns` (`data_dir`); of turnovers of several years the latest. Nothing is asked of a service outside. Shops
    without a place are skipped with the reason, and so is a shop that stands in the list already: one with the number
    of an earlier row, or with its name at its place. Branches and amounts that cannot be used stand in `doubts`. A
    turnover or floor area of 0 is not known.
    """
    sheet = read_spreadsheet(path)
    rows = map_columns(sheet.frame.columns, LAYOUT, where=str(path), data_dir=data_dir).apply(sheet.frame, LAYOUT)
    said = rows["branch"].mask(is_missing(rows["branch"]))
    branch, unknown = branch_ids(said, pd.Series(pd.NA, index=rows.index, dtype="str"), branches)
    placed = _place(rows, grounds)
    points = placed.points
    again = _listed_already(rows, points)
    found = points.notna() & again.isna()
    table = pd.DataFrame(
        {
            "id": own_ids(rows["id"].where(found), "shop"),
            "name": rows["name"],
            "branch": branch,
            "floor_area_m2": numbers(rows["floor_area"]).where(lambda m2: m2 > 0),
            "turnover_eur_per_year": numbers(rows["turnover"]).where(lambda eur: eur > 0),
            "rent_eur_per_year": numbers(rows["rent"]).where(lambda eur: eur >= 0),
            "premises_id": placed.premises,
        }
    )
    table["name"] = _told_apart(rows[found]).reindex(table.index)
    frame = gpd.GeoDataFrame(table[found], geometry=points[found], crs=WGS84)
    checked = validate("own_shops", frame, where=str(path)) if len(frame) else empty("own_shops", WGS84)
    no_branch = T("this branch is not in the branch table; the row is used without it.")
    no_premises = T("there is no such premises on record; the shop is placed without it.")
    lost = ~is_missing(rows["premises"]) & placed.premises.isna()
    doubts = all_left_out(
        *placed.doubts,
        because(unknown.notna(), "branch", rows["branch"], no_branch),
        *(unused_numbers(rows[field], field) for field in ("floor_area", "turnover", "rent")),
        because(lost, "premises", rows["premises"], no_premises),
    )
    skipped = all_left_out(
        sheet.skipped,
        left_out(placed.reasons, "x, y, street, house_number", _shown(rows)),
        left_out(again, "id, name", _shown(rows)),
    )
    notes = tuple(dict.fromkeys(placed.notes))
    return Reading(checked, SOURCE, sheet.rows_read, skipped, notes, doubts=of_rows(doubts, found))


class _Placed:
    """Where the rows of a list are, filled in ground by ground; a row has a point (WGS84), or a reason why not."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self.rows = rows
        self.at: dict[int, BaseGeometry] = {}
        self.reasons = pd.Series([None] * len(rows), index=rows.index, dtype=object)
        self.premises = pd.Series(pd.NA, index=rows.index, dtype="str")
        self.notes: list[Text] = []
        self.doubts: list[pd.DataFrame] = []

    @property
    def points(self) -> gpd.GeoSeries:
        """The point of each row; missing where it has none."""
        return gpd.GeoSeries(gpd.GeoSeries(self.at, crs=WGS84).reindex(self.rows.index), crs=WGS84)

    @property
    def left(self) -> pd.Series:
        """Which rows have no point yet."""
        return pd.Series(~self.rows.index.isin(list(self.at)), index=self.rows.index)

    def by_name(self, named: pd.Series, units: gpd.GeoDataFrame) -> None:
        """Put the rows that name one of these premises there."""
        where = dict(zip(units["id"], units.geometry.to_crs(WGS84), strict=True))
        here = named[named.isin(where)]
        self.at |= dict(zip(here.index, here.map(where), strict=True))
        self.premises = self.premises.fillna(here)

    def by_place(self, wanted: pd.Series, ground: Ground, books: Sequence[tuple[str, gpd.GeoDataFrame]] = ()) -> None:
        """Look for the wanted rows in one ground, by coordinates and in these address books."""
        located = locate_rows(self.rows[wanted], area=ground.around(), crs=ground.crs, books=books)
        found = located.points.notna()
        self.at |= dict(zip(found.index[found], located.points.to_crs(WGS84)[found], strict=True))
        self.reasons.loc[found.index] = located.reasons.where(~found, None)
        self.notes += located.notes
        self.doubts.append(located.doubts)


def _place(rows: pd.DataFrame, grounds: Sequence[Ground]) -> _Placed:
    placed = _Placed(rows)
    osm = rows["id"].where(rows["id"].fillna("").str.fullmatch(_OSM_ID))
    named = rows["premises"].fillna(osm)
    pair = split_point(rows["point"])
    x, y = (numbers(rows[field].fillna(part)) for field, part in zip("xy", pair, strict=True))
    surveyed = x.notna() & y.notna() & ((x != 0) | (y != 0))
    town = rows["place"].fillna(split_address(rows["address"])["place"]).fillna("").map(normalise)
    towns = {normalise(ground.name) for ground in grounds}
    for ground in grounds:
        if ground.premises is not None and (named.notna() & placed.left).any():
            placed.by_name(named[placed.left], ground.premises())
    for ground in grounds:
        if (wanted := surveyed & placed.left).any():
            placed.by_place(wanted, ground)
    for ground in grounds:
        if (wanted := ~surveyed & placed.left & (~town.isin(towns) | (town == normalise(ground.name)))).any():
            placed.by_place(wanted, ground, ground.books())
    if len(grounds) > 1:
        placed.reasons = placed.reasons.map(lambda reason: NOWHERE if reason == OUTSIDE else reason)
    return placed


def _listed_already(rows: pd.DataFrame, points: gpd.GeoSeries) -> pd.Series:
    """By row a reason where an earlier row with a point is of the same shop, else None."""
    name = rows["name"].fillna("").map(normalise)
    parts = split_address(rows["address"])
    fields = ["street", "house_number", "postcode", "place"]
    written = pd.DataFrame({field: rows[field].fillna(parts[field]) for field in fields})
    complete = written["street"].notna() & written["house_number"].notna()
    address = written.fillna("").agg(" ".join, axis=1).map(normalise)
    place = points.map(lambda point: None if point is None else f"{point.x:.5f} {point.y:.5f}")
    number = rows["id"].mask(is_missing(rows["id"])).str.strip().str.lower()
    reasons = pd.Series([None] * len(rows), index=rows.index, dtype=object)
    for key in (number, (name + " " + place).where(name != ""), (name + " " + address).where((name != "") & complete)):
        known = key[points.notna() & reasons.isna() & key.notna()]
        first = known.index.to_series().groupby(known).transform("min")
        again = first[first != first.index]
        reasons[again.index] = [T("this shop stands in the list already, on row {row}.", row=int(r)) for r in again]
    return reasons


def _told_apart(rows: pd.DataFrame) -> pd.Series:
    """The name of each shop; of shops with the same name their street with it, where it is given."""
    name, parts = rows["name"], split_address(rows["address"])
    street, number = (rows[field].fillna(parts[field]) for field in ("street", "house_number"))
    again = name.notna() & name.fillna("").map(normalise).duplicated(keep=False) & street.notna()
    return name.where(~again, name + ", " + (street + " " + number.fillna("")).str.strip())


def _shown(rows: pd.DataFrame) -> pd.Series:
    """The name of a shop and where it is said to lie."""
    said = rows["name"].fillna(rows["id"]).fillna("") + " " + rows["premises"].fillna("") + " " + shown_location(rows)
    return said.str.split().str.join(" ")
