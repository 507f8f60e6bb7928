"""The study area: which cells a town has, and in which metric CRS it is measured."""

import re
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from pyproj.aoi import AreaOfInterest
from pyproj.database import query_utm_crs_info
from shapely.geometry.base import BaseGeometry

from geodata import hexgrid
from geodata.branches import normalise

BELGIAN_LAMBERT_2008 = 3812
_BELGIUM = shapely.box(2.5, 49.45, 6.45, 51.6)


@dataclass(frozen=True, eq=False)
class StudyArea:
    """A municipality or any polygon.

    `boundary`, `data_extent`: WGS84 polygons; cells have their centre in their intersection.
    `core_areas`, `retail_areas`: polygons (WGS84) with a `name`; they may be empty.
    `core_basis` says what "the core" is here: "core" (core shopping areas on record), "retail"
    (no core area known, retail areas instead) or "cluster" (the densest cluster of shops).
    """

    id: str
    name: str
    nis: str | None
    boundary: BaseGeometry
    data_extent: BaseGeometry
    core_areas: gpd.GeoDataFrame
    retail_areas: gpd.GeoDataFrame
    core_basis: str
    crs: int
    resolution: int
    cells: tuple[str, ...]
    sample: bool = False

    @cached_property
    def centres(self) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        """Cell centres in the metric CRS, shape (cells, 2)."""
        lng, lat = hexgrid.centres(self.cells)
        to_metric = pyproj.Transformer.from_crs(4326, self.crs, always_xy=True)
        return np.column_stack(to_metric.transform(lng, lat))

    @cached_property
    def hexagons(self) -> gpd.GeoDataFrame:
        """Each cell's hexagon in the metric CRS, in the order of `cells`."""
        return gpd.GeoDataFrame({"cell": list(self.cells)}, geometry=hexgrid.polygons(self.cells), crs=4326).to_crs(
            self.crs
        )


def area_id(name: str) -> str:
    """The id of an area: its name in lower case, without accents, words joined by hyphens.

    An underscore stays: `las_palmas` and `testerep-stad` are both found as people type them.
    """
    return re.sub(r"[^a-z0-9_]+", "-", normalise(name)).strip("-")


def metric_crs(area: BaseGeometry) -> int:
    """EPSG code of the CRS to measure in: Belgian Lambert 2008 in Belgium, else the local UTM zone."""
    point = area.representative_point()
    if _BELGIUM.contains(point):
        return BELGIAN_LAMBERT_2008
    zones = query_utm_crs_info(
        datum_name="WGS 84",
        area_of_interest=AreaOfInterest(point.x, point.y, point.x, point.y),
    )
    return int(zones[0].code)
