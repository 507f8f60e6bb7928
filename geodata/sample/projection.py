"""From metres on the drawing board to the coordinate systems of the files, and back."""

from functools import cache

import numpy as np
import pyproj

from geodata.sample.region import CRS, ORIGIN, Floats

LAMBERT_72 = 31370
LAEA = 3035


@cache
def _transformer(source: int, target: int) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(source, target, always_xy=True)


def project(points: Floats, epsg: int) -> Floats:
    """Points in metres from the origin, shape (n, 2), in another coordinate system; x (or longitude) first."""
    moved = _transformer(CRS, epsg).transform(points[:, 0] + ORIGIN[0], points[:, 1] + ORIGIN[1])
    return np.column_stack(moved)


def back(points: Floats, epsg: int) -> Floats:
    """Points of another coordinate system in metres from the drawing's origin."""
    moved = _transformer(epsg, CRS).transform(points[:, 0], points[:, 1])
    return np.asarray(np.column_stack(moved) - np.array(ORIGIN))


def to_degrees(points: Floats) -> Floats:
    """Longitude and latitude (WGS84) with seven decimals, as OpenStreetMap keeps them."""
    return np.round(project(points, 4326), 7)
