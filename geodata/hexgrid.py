"""H3 cells: the only file that imports h3. Cells are strings; positions are WGS84 degrees."""

from collections.abc import Sequence

import h3
import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

RESOLUTION = 11
"""About 1,840 m² a cell in Flanders: one or two shop fronts deep."""

Floats = npt.NDArray[np.float64]


def cells_within(area: BaseGeometry, resolution: int = RESOLUTION) -> list[str]:
    """Sorted cells whose centre lies inside a polygon (WGS84)."""
    return sorted(h3.geo_to_cells(area, resolution))


def cells_at(lng: Sequence[float] | Floats, lat: Sequence[float] | Floats, resolution: int = RESOLUTION) -> list[str]:
    """The cell of each point."""
    return [h3.latlng_to_cell(y, x, resolution) for x, y in zip(lng, lat, strict=True)]


def centres(cells: Sequence[str]) -> tuple[Floats, Floats]:
    """Longitude and latitude of each cell's centre."""
    points = np.array([h3.cell_to_latlng(c) for c in cells], dtype=np.float64).reshape(-1, 2)
    return points[:, 1].copy(), points[:, 0].copy()


def polygons(cells: Sequence[str]) -> npt.NDArray[np.object_]:
    """Each cell's hexagon as a shapely polygon (WGS84)."""
    return np.array([shapely.Polygon([(x, y) for y, x in h3.cell_to_boundary(c)]) for c in cells], dtype=object)


def outline(cells: Sequence[str]) -> BaseGeometry:
    """The ground of cells of one resolution as one shape (WGS84); empty without cells."""
    return shapely.geometry.shape(h3.cells_to_geo(list(cells))) if len(cells) else shapely.Polygon()


def parents(cells: Sequence[str], resolution: int) -> list[str]:
    """The cell of a coarser resolution that holds each cell."""
    return [h3.cell_to_parent(c, resolution) for c in cells]


def areas_m2(cells: Sequence[str]) -> Floats:
    """Each cell's own surface on the globe: no two hexagons are quite alike, and none is the average one."""
    return np.array([h3.cell_area(c, unit="m^2") for c in cells], dtype=np.float64)


def neighbours(cell: str, rings: int = 1) -> list[str]:
    """Sorted cells within a number of rings, the cell itself included."""
    return sorted(h3.grid_disk(cell, rings))


def is_cell(text: str) -> bool:
    """Whether a text is an H3 cell."""
    return bool(h3.is_valid_cell(text))


def resolution_of(cell: str) -> int:
    """The resolution of a cell."""
    return int(h3.get_resolution(cell))
