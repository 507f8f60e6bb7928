"""Where the rows of a user's list lie: by coordinates, the address file, the map's addresses, or a geocoder."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.language import T, Text, TN
from geodata.sources.addresses import address_book, address_keys, look_up, split_address
from geodata.sources.coordinates import read_coordinates, split_point
from geodata.sources.rows import left_out
from geodata.sources.vector import WGS84

Geocoder = Callable[[str], tuple[float, float] | None]
"""An address in one line → longitude and latitude, or None where it is not known."""

NOT_FOUND = T("the address is not found in the address file or on the map.")

GEOCODED = 0.7
DOUBTFUL = 0.9
"""Rows placed with a lower score are named in a note."""
SHOWN_ROWS = 12

LOCATION_SYNONYMS: dict[str, tuple[str, ...]] = {
    "x": (
        "lon", "lng", "long", "longitude", "lengtegraad", "x coordinaat", "xcoord", "coord x", "lambert x", "x lambert",
        "x lambert72", "x lambert 72", "pos x", "oost",
    ),
    "y": (
        "lat", "latitude", "breedtegraad", "y coordinaat", "ycoord", "coord y", "lambert y", "y lambert",
        "y lambert72", "y lambert 72", "pos y", "noord",
    ),
    "point": ("coordinaten", "coordinates", "geo point", "geo point 2d", "geometrie", "wkt", "locatie gps"),
    "address": ("adres", "volledig adres", "adresse", "locatie"),
    "street": ("straat", "straatnaam", "rue", "street name", "nom de rue"),
    "house_number": ("huisnummer", "huisnr", "nummer", "nr", "house no", "numero", "numero de police", "no"),
    "postcode": ("postnummer", "zip", "zip code", "code postal", "pc", "postal code"),
    "place": (
        "gemeente", "plaats", "stad", "deelgemeente", "woonplaats", "commune", "city", "municipality", "localite",
    ),
}  # fmt: skip
"""The fields of a list that say where a row lies, with the headers they go by."""

LOCATION_NEEDED = ("x", "point", "address", "street")


@dataclass(frozen=True, eq=False)
class Located:
    """For each row of a list its point in the metric CRS (None when not found), and how it was found.

    `method` is coordinates, geocoder or the id of the address book; `score` 0–1 is how good the
    point is. `reasons` has a Text where there is no point; `doubts` lists, as `left_out` does, coordinates that could
    not be used of rows that were placed otherwise. `address` has the columns street,
    house_number, postcode and place, split where the list has them in one column.
    """

    points: gpd.GeoSeries
    method: pd.Series
    score: pd.Series
    reasons: pd.Series
    address: pd.DataFrame
    notes: tuple[Text, ...]
    doubts: pd.DataFrame


def locate_rows(
    rows: pd.DataFrame,
    *,
    area: BaseGeometry,
    crs: int,
    books: Sequence[tuple[str, gpd.GeoDataFrame]] = (),
    geocode: Geocoder | None = None,
) -> Located:
    """Find every row's place.

    `rows` has the fields of `LOCATION_SYNONYMS` as text, missing where unknown. `books` are
    `addresses` tables in `crs` with the id of their source, best first. `geocode` is asked last, once an
    address, and only when given: nothing leaves the machine without it. Points outside `area`
    (WGS84, margin included) do not count as found.
    """
    in_pairs = split_point(rows["point"])
    coordinates = read_coordinates(rows["x"].fillna(in_pairs[0]), rows["y"].fillna(in_pairs[1]), area=area, crs=crs)
    split = split_address(rows["address"])
    address = pd.DataFrame({c: rows[c].fillna(split[c]) for c in ("street", "house_number", "postcode", "place")})
    points = coordinates.points.to_numpy().copy()
    placed = pd.Series(~shapely.is_missing(points), index=rows.index)
    method = pd.Series("coordinates", index=rows.index, dtype="str").where(placed)
    score = pd.Series(1.0, index=rows.index).where(placed)
    keys = address_keys(address)
    known = [(name, address_book(book)) for name, book in books]
    for misspelt in (False, True):
        for name, book in known:
            hits = look_up(keys[score.isna()], book, misspelt=misspelt)
            at = rows.index.get_indexer(hits.index)
            points[at] = shapely.points(hits[["x", "y"]].to_numpy(dtype=float))
            method.iloc[at], score.iloc[at] = name, hits.score
    if geocode is not None:
        for line, members in _lines(address[score.isna()]).items():
            answer = geocode(line)
            if answer is not None and shapely.contains_xy(area, *answer):
                at = rows.index.get_indexer(members)
                points[at] = gpd.GeoSeries.from_xy([answer[0]], [answer[1]], crs=WGS84).to_crs(crs).iloc[0]
                method.iloc[at], score.iloc[at] = "geocoder", GEOCODED
    streets = {street for _, book in known for street in book.street.unique()}
    reasons = _reasons(coordinates.reasons, keys, streets, score.isna())
    notes = (*coordinates.notes, *_notes(method, score))
    elsewhere = coordinates.reasons[score.notna()].map(_placed_otherwise, na_action="ignore")
    doubts = left_out(elsewhere, "x, y", shown_location(rows))
    return Located(gpd.GeoSeries(points, index=rows.index, crs=crs), method, score, reasons, address, notes, doubts)


def _placed_otherwise(reason: Text) -> Text:
    return T("{reason} The row is placed by its address.", reason=reason)


def _lines(address: pd.DataFrame) -> dict[str, pd.Index]:
    """Each address in one line, with the rows that have it."""
    full = address[address.street.notna()].fillna("")
    line = (full.street + " " + full.house_number + ", " + full.postcode + " " + full.place).str.strip(" ,")
    return {str(text): index for text, index in line.groupby(line).groups.items()}


def _reasons(coordinates: pd.Series, keys: pd.DataFrame, streets: set[str], lost: pd.Series) -> pd.Series:
    """Why a row has no place; what is wrong with its coordinates comes first."""
    reasons = pd.Series([None] * len(lost), index=lost.index, dtype=object)
    reasons[lost] = NOT_FOUND
    reasons[lost & keys.street.isin(streets)] = T("the street is known, but this house number or one near it is not.")
    reasons[lost & (keys.street == "")] = T("there are no coordinates and no street.")
    return reasons.mask(lost & coordinates.notna(), coordinates)


def _notes(method: pd.Series, score: pd.Series) -> list[Text]:
    n = {name: int((method == name).sum()) for name in ("coordinates", "address_list", "osm", "geocoder")}
    named = (
        TN("one row is placed by its coordinates.", "{count} rows are placed by their coordinates.", n["coordinates"]),
        TN("one row is placed by the address file.", "{count} rows are placed by the address file.", n["address_list"]),
        TN("one row is placed by the map's addresses.", "{count} rows are placed by the map's addresses.", n["osm"]),
        TN("one row is placed by a geocoder online.", "{count} rows are placed by a geocoder online.", n["geocoder"]),
    )
    notes = [text for text in named if text.count]
    doubtful = [str(row) for row in score.index[score < DOUBTFUL]]
    if doubtful:
        shown = ", ".join(doubtful[:SHOWN_ROWS]) + (", …" if len(doubtful) > SHOWN_ROWS else "")
        near = TN(
            "one row is placed by a near address, check it: {rows}.",
            "{count} rows are placed by a near address, check them: {rows}.",
            len(doubtful), rows=shown,
        )  # fmt: skip
        notes.append(near)
    return notes


def shown_location(rows: pd.DataFrame) -> pd.Series:
    """Where each row says it lies, in one text: what is shown when it is skipped."""
    said = pd.Series("", index=rows.index, dtype="str")
    for name in LOCATION_SYNONYMS:
        said = said + " " + rows[name].fillna("").astype("str")
    return said.str.split().str.join(" ")
