"""Coordinates in users' lists: which system they are in is seen from where they fall."""

from dataclasses import dataclass
from functools import cache

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.language import T, Text, TN
from geodata.sources.values import numbers
from geodata.sources.vector import WGS84

SYSTEMS = {WGS84: "WGS84", 31370: "Lambert 72", 3812: "Lambert 2008"}
"""EPSG codes tried, with the names people know; the study's own CRS is tried after them."""

NEAR_M = 5_000.0
"""A point this far beyond the area still tells which system the list is in."""

OUTSIDE = T("the coordinates lie outside the area.")

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Coordinates:
    """Points of a list in the study's CRS; a row without a usable position has no point and may have a reason."""

    points: gpd.GeoSeries
    reasons: pd.Series
    notes: tuple[Text, ...]


def read_coordinates(x: pd.Series, y: pd.Series, *, area: BaseGeometry, crs: int) -> Coordinates:
    """Points of two columns of text, with decimal commas, in WGS84, Lambert 72, Lambert 2008 or `crs`.

    The system is the one that brings most rows within `area` (WGS84, margin included), x and y
    either way round. Rows that fall inside only in another system, or with x and y swapped, are
    mended and a note says how many. Rows outside the area either way get a reason, as do rows with
    one number missing or unreadable; rows without any coordinates have neither point nor reason.
    """
    first, second = (numbers(column, lone_dot="decimal").to_numpy() for column in (x, y))
    given = (x.notna() | y.notna()).to_numpy()
    complete = np.isfinite(first) & np.isfinite(second) & ((first != 0) | (second != 0))
    metric = gpd.GeoSeries([area], crs=WGS84).to_crs(crs).iloc[0]
    near = metric.buffer(NEAR_M)
    shapely.prepare(near)

    tried: dict[tuple[int, bool], tuple[Floats, Floats, npt.NDArray[np.bool_]]] = {}
    for code in dict.fromkeys([*SYSTEMS, crs]):
        for swapped in (False, True):
            east, north = (second, first) if swapped else (first, second)
            inside = np.zeros(len(first), dtype=bool)
            px, py = _transform(code, crs, np.where(complete, east, np.nan), np.where(complete, north, np.nan))
            ok = np.isfinite(px) & np.isfinite(py)
            inside[ok] = shapely.contains_xy(near, px[ok], py[ok])
            tried[code, swapped] = px, py, inside
    order = sorted(tried, key=lambda option: -int(tried[option][2].sum()))
    chosen = np.full(len(first), -1)
    for rank, option in enumerate(order):
        chosen[(chosen < 0) & tried[option][2]] = rank

    points = np.full(len(first), None, dtype=object)
    for rank, option in enumerate(order):
        rows = chosen == rank
        points[rows] = shapely.points(tried[option][0][rows], tried[option][1][rows])
    reasons = pd.Series([None] * len(first), index=x.index, dtype=object)
    reasons[given & ~complete] = T("the coordinates are incomplete or no numbers.")
    reasons[complete & (chosen < 0)] = OUTSIDE
    return Coordinates(gpd.GeoSeries(points, index=x.index, crs=crs), reasons, _notes(order, chosen))


def split_point(column: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Two columns out of one that holds both numbers: `51.03, 4.0`, `POINT (4.0 51.03)`, `51,03; 4,0`."""
    number = r"(-?\d+(?:[.,]\d+)?)"
    pairs = column.str.extract(rf"{number}\s*[;, ]\s*{number}\D*$")
    return pairs[0], pairs[1]


def _transform(code: int, crs: int, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    if code == WGS84:
        off = (np.abs(x) > 180) | (np.abs(y) > 90)
        x, y = np.where(off, np.nan, x), np.where(off, np.nan, y)
    px, py = _transformer(code, crs).transform(x, y)
    return np.asarray(px), np.asarray(py)


@cache
def _transformer(code: int, crs: int) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(code, crs, always_xy=True)


def _notes(order: list[tuple[int, bool]], chosen: npt.NDArray[np.int_]) -> tuple[Text, ...]:
    if not (chosen >= 0).any():
        return ()
    code, swapped = order[0]
    name = SYSTEMS.get(code, f"EPSG:{code}")
    notes = [T("the coordinates are read as {system}.", system=name)]
    if swapped:
        notes = [T("the coordinates are read as {system}; the columns x and y were swapped.", system=name)]
    other = int((chosen > 0).sum())
    if other:
        mended = TN(
            "one row had x and y swapped or another coordinate system, and was mended.",
            "{count} rows had x and y swapped or another coordinate system, and were mended.",
            other,
        )
        notes.append(mended)
    return tuple(notes)
