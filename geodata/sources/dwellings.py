"""Residential floor area of buildings: over what residents are spread, and the proxy where nothing else is known."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

USABLE_SHARE = 0.8
"""Usable floor area as a share of footprint × storeys."""
M2_PER_RESIDENT = 45.0
"""Usable floor area a resident; with `USABLE_SHARE` the proxy 0.8 · footprint · levels / 45 m²."""

DEFAULT_LEVELS = {"residential": 2.0, "retail": 2.0, "unknown": 2.0}
"""Storeys where none are tagged: the terraced or detached house, and the shop with one floor above it."""
LARGE_RESIDENTIAL_M2 = 300.0
LARGE_RESIDENTIAL_LEVELS = 3.0
"""A residential building with a footprint above 300 m² is seldom one house: an apartment building of three storeys."""
HOUSE_SIZED_M2 = (40.0, 500.0)
"""A building of unknown use counts as a house within these footprints: smaller ones are sheds and garages, larger
ones halls, schools and farms, unless they are tagged with three storeys or more."""

SPACING_M = 25.0
"""Residents of whom only the polygon or pixel is known stand on points this far apart, well within one cell."""

Floats = npt.NDArray[np.float64]
Shapes = npt.NDArray[np.object_]


def residential_floor_area_m2(buildings: gpd.GeoDataFrame) -> Floats:
    """Residential floor area of each building (m², gross); 0 where nobody is taken to live.

    `buildings`: the table of that name (footprint_m2, levels, use). All storeys of a residential
    building and of a house-sized one of unknown use count, the storeys above the ground floor of a
    shop; other uses do not. Storeys that are not known are `DEFAULT_LEVELS`.
    """
    use = buildings["use"].fillna("unknown").to_numpy(dtype=object)
    footprint = buildings["footprint_m2"].fillna(0.0).to_numpy(dtype=float)
    tagged = buildings["levels"].to_numpy(dtype=float)
    residential, retail, unknown = use == "residential", use == "retail", use == "unknown"
    default = np.select([use == name for name in DEFAULT_LEVELS], list(DEFAULT_LEVELS.values()), 0.0)
    default = np.where(residential & (footprint > LARGE_RESIDENTIAL_M2), LARGE_RESIDENTIAL_LEVELS, default)
    levels = np.where(np.isnan(tagged), default, tagged)
    smallest, largest = HOUSE_SIZED_M2
    house = unknown & (footprint >= smallest) & ((footprint <= largest) | (tagged >= 3))
    lived_in = np.select([residential | house, retail], [levels, np.maximum(levels - 1.0, 0.0)], 0.0)
    area: Floats = footprint * lived_in
    return area


def centres(buildings: gpd.GeoDataFrame) -> Shapes:
    """The centre of each building, a point."""
    points: Shapes = shapely.centroid(buildings.geometry.to_numpy())
    return points


def spread(polygons: Shapes, residents: Floats, buildings: gpd.GeoDataFrame) -> tuple[Shapes, Floats, int]:
    """Points and the residents at each, and how many polygons had no dwellings.

    `polygons` (metric CRS) have `residents` each. They go to the dwellings with their centre in the
    polygon, by floor area; where there are none, to points spread evenly. The sum is kept.
    """
    floor = residential_floor_area_m2(buildings)
    places = centres(buildings)
    dwelling = np.flatnonzero(floor > 0)
    at, polygon = shapely.STRtree(polygons).query(places[dwelling], predicate="intersects")
    at, first = np.unique(at, return_index=True)  # a centre on a border belongs to one polygon
    polygon, building = polygon[first], dwelling[at]
    total = np.bincount(polygon, weights=floor[building], minlength=len(polygons))
    on_buildings = floor[building] / total[polygon] * residents[polygon]
    points, numbers = [places[building]], [on_buildings]
    without = np.flatnonzero(total == 0)
    for index in without:
        grid = even_points(polygons[index])
        points.append(grid)
        numbers.append(np.full(len(grid), residents[index] / len(grid)))
    return np.concatenate(points), np.concatenate(numbers), len(without)


def even_points(polygon: BaseGeometry) -> Shapes:
    """Points spread evenly over a polygon (metric CRS), at most `SPACING_M` apart; at least one."""
    west, south, east, north = polygon.bounds
    x = west + (east - west) * middles(east - west)
    y = south + (north - south) * middles(north - south)
    grid = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    grid = grid[shapely.contains_xy(polygon, grid[:, 0], grid[:, 1])]
    if not len(grid):
        return np.array([polygon.representative_point()], dtype=object)
    return np.asarray(shapely.points(grid))


def middles(length_m: float) -> Floats:
    """The middles, as shares of a length, of the fewest equal parts at most `SPACING_M` long."""
    parts = max(1, int(np.ceil(length_m / SPACING_M)))
    return (np.arange(parts) + 0.5) / parts
