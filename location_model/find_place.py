"""An address as somebody types it → the place; and where it is not on record, what was perhaps meant, never a guess."""

import re
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
import pyproj
from rapidfuzz import fuzz, process

from geodata import hexgrid
from geodata.opportunities import coordinates
from geodata.sources.addresses import address_book, address_keys, look_up, split_address, street_key
from geodata.store import Area

_COORDINATES = re.compile(r"\s*(-?\d{1,3}\.\d+)\s*[,; ]\s*(-?\d{1,2}\.\d+)\s*")

NEAR_STREET = 80.0
"""rapidfuzz's ratio (0–100) from which a street may have been meant."""


@dataclass(frozen=True)
class Place:
    """A place by its address. cell: of the study area's resolution."""

    name: str
    cell: str
    lng: float
    lat: float


@dataclass(frozen=True)
class Found:
    """The place itself, or what may have been meant, nearest first; both empty where nothing is alike."""

    place: Place | None
    near: tuple[Place, ...]


def lng_lat(typed: str) -> tuple[float, float] | None:
    """Longitude and latitude typed as `2.91,51.14`; None for anything else."""
    found = _COORDINATES.fullmatch(typed)
    return None if found is None else (float(found.group(1)), float(found.group(2)))


def find_place(area: Area, typed: str, *, n: int = 4) -> Found:
    """Look up "Kerkstraat 12" (abbreviations, accents and a postcode allowed), or a street by its name alone.

    A house number that is not on record gives the nearest numbers of that street, an unknown street those that are
    spelt alike.
    """
    known = _known(area)
    [wanted] = split_address(pd.Series([typed.strip()])).fillna("").to_dict("records")
    street = street_key(wanted["street"])
    if not street or known.empty:
        return Found(None, ())
    book = address_book(known)
    keys = address_keys(pd.DataFrame([wanted]))
    hits = look_up(keys, book)
    streets = known.assign(key=known["street"].map(street_key))
    of_street = streets[streets["key"] == street]
    if len(hits) and float(hits["score"].iloc[0]) == 1.0:
        named = of_street["street"].iloc[0] if len(of_street) else wanted["street"]
        return Found(_place(area, f"{named} {wanted['house_number']}", *hits[["x", "y"]].iloc[0]), ())
    if len(of_street):
        if not wanted["house_number"]:
            return Found(_doors(area, of_street, None, 1)[0], ())
        return Found(None, _doors(area, of_street, float(keys["number"].iloc[0]), n))
    alike = process.extract(
        street, streets["key"].unique().tolist(), scorer=fuzz.ratio, score_cutoff=NEAR_STREET, limit=n
    )
    number = float(keys["number"].iloc[0]) if wanted["house_number"] else None
    doors = [_doors(area, streets[streets["key"] == key], number, 1)[0] for key, _, _ in alike]
    return Found(None, tuple(doors))


def _known(area: Area) -> gpd.GeoDataFrame:
    """Addresses of the map and of the premises, inside the study area."""
    columns = ["street", "house_number", "postcode", "geometry", "in_study"]
    both = pd.concat([area.tables.addresses[columns], area.tables.premises[columns]], ignore_index=True)
    both = gpd.GeoDataFrame(both, crs=area.study.crs)
    return both[both["in_study"] & both["street"].notna() & both["house_number"].notna()].reset_index(drop=True)


def _doors(area: Area, rows: gpd.GeoDataFrame, number: float | None, n: int) -> tuple[Place, ...]:
    """Doors of one street: the nearest numbers, or the one in the middle."""
    numbers = address_keys(rows)["number"]
    wanted = numbers.median() if number is None else number
    order = (numbers - wanted).abs().sort_values(kind="stable").index
    chosen = rows.loc[order].drop_duplicates("house_number").head(n)
    named = (chosen["street"] + " " + chosen["house_number"]) if number is not None else chosen["street"]
    return tuple(_place(area, str(name), x, y) for name, (x, y) in zip(named, coordinates(chosen), strict=True))


def _place(area: Area, name: str, x: float, y: float) -> Place:
    lng, lat = pyproj.Transformer.from_crs(area.study.crs, 4326, always_xy=True).transform(x, y)
    return Place(name, hexgrid.cells_at([lng], [lat], area.study.resolution)[0], float(lng), float(lat))
