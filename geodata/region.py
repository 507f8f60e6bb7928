"""The region people shop in: homes, outlets and roads within 15 km of an area, as far as its files reach."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from shapely.geometry.base import BaseGeometry

from geodata.network.graph import Floats, Ints, Network
from geodata.opportunities import coordinates

REGION_M = 15_000.0
"""People who live farther from an area than this spend little in it; what they spend is left out."""

DETAIL_M = 1500.0
_COARSE_M = 100.0
_FEWEST_NODES = 50


@dataclass(frozen=True, eq=False)
class Region:
    """Who lives and who sells within 15 km of an area's boundary; positions in metres in the study's CRS.

    homes: x, y, residents, in_study. outlets: premises with id, name, branch, state, floor_area_m2 (NaN = not known),
    x, y, in_study. roads: streets for cars, junction to junction; road_ms: milliseconds along each arc.
    coast: stretches of coastline from point to point, land on the left as OpenStreetMap draws it, shape (n, 2, 2).
    towns: municipalities within reach with residents (NaN = not known) and polygon, where a file of them was given.
    """

    homes: pd.DataFrame
    outlets: pd.DataFrame
    roads: Network
    road_ms: Ints
    coast: Floats
    towns: gpd.GeoDataFrame | None = None


def homes_around(residents: gpd.GeoDataFrame, study: BaseGeometry) -> pd.DataFrame:
    """The `homes` of a region: points as given within 1.5 km, farther out joined on squares of 100 m."""
    kept = _within_region(residents, study)
    xy, points = coordinates(kept), kept.geometry.to_numpy()
    table = pd.DataFrame({"x": xy[:, 0], "y": xy[:, 1], "residents": kept["residents"].to_numpy(np.float64)})
    table["in_study"] = shapely.intersects(study, points)
    lived_in = table["residents"] > 0
    near = shapely.dwithin(study, points, DETAIL_M)
    far = table[lived_in & ~near]
    square = [np.floor(far[axis] / _COARSE_M).rename(axis) for axis in ("x", "y")]
    weighted = far.assign(x=far["x"] * far["residents"], y=far["y"] * far["residents"])
    joined = weighted.groupby(square).sum(numeric_only=False).reset_index(drop=True)
    joined[["x", "y"]] = joined[["x", "y"]].div(joined["residents"], axis=0)
    whole = pd.concat([table[lived_in & near], joined.assign(in_study=False)], ignore_index=True)
    return whole.astype({"in_study": bool})


def outlets_around(premises: gpd.GeoDataFrame, study: BaseGeometry) -> pd.DataFrame:
    """The `outlets` of a region."""
    kept = _within_region(premises, study)
    xy, inside = coordinates(kept), shapely.intersects(study, kept.geometry.to_numpy())
    table = pd.DataFrame(kept[["id", "name", "branch", "state", "floor_area_m2"]])
    return table.assign(x=xy[:, 0], y=xy[:, 1], in_study=inside).reset_index(drop=True)


def _within_region(points: gpd.GeoDataFrame, study: BaseGeometry) -> gpd.GeoDataFrame:
    shapely.prepare(study)
    return points[shapely.dwithin(study, points.geometry.to_numpy(), REGION_M)].reset_index(drop=True)


def coast_around(lines: gpd.GeoSeries, near: Floats) -> Floats:
    """The `coast` of a region: coastlines in metres, cut in stretches; those by none of the points `near` left out."""
    ends = [shapely.get_coordinates(line) for line in lines]
    stretches = [np.stack([xy[:-1], xy[1:]], axis=1) for xy in ends if len(xy) > 1]
    if not stretches or not len(near):
        return np.zeros((0, 2, 2))
    every = np.concatenate(stretches)
    low, high = near.min(axis=0) - REGION_M, near.max(axis=0) + REGION_M
    inside = ((every >= low) & (every <= high)).all(axis=(1, 2))
    return np.asarray(every[inside])


def at_sea(coast: Floats, xy: Floats) -> npt.NDArray[np.bool_]:
    """Whether places (metres) lie on the water's side of the nearest stretch of coast; none does without a coast."""
    if not len(coast) or not len(xy):
        return np.zeros(len(xy), dtype=bool)
    tree = shapely.STRtree(np.asarray(shapely.linestrings(coast)))
    at, nearest = tree.query_nearest(shapely.points(xy), all_matches=True)
    begin, end = coast[nearest, 0], coast[nearest, 1]
    along, to = end - begin, xy[at] - begin
    turn = along[:, 0] * to[:, 1] - along[:, 1] * to[:, 0]
    # where two stretches meet at the nearest point, the one seen less aslant tells the side
    sine = turn / np.maximum(np.hypot(*along.T) * np.hypot(*to.T), 1e-9)
    order = np.lexsort((-np.abs(sine), at))
    first = np.diff(at[order], prepend=-1) > 0
    return np.asarray(sine[order][first] < 0)


def as_arrays(roads: Network, road_ms: Ints, coast: Floats) -> dict[str, Any]:
    """Roads and coast as the store keeps them."""
    of_roads = {f"roads_{f.name}": getattr(roads, f.name) for f in fields(Network)}
    return of_roads | {"road_ms": road_ms, "coast": coast}


def towns_around(municipalities: gpd.GeoDataFrame, study: BaseGeometry, crs: int) -> gpd.GeoDataFrame:
    """The `towns` of a region: municipalities within 15 km of the study area (metres), in its CRS."""
    towns = municipalities.to_crs(crs)
    shapely.prepare(study)
    return towns[shapely.dwithin(study, towns.geometry.to_numpy(), REGION_M)].reset_index(drop=True)


def from_store(
    homes: pd.DataFrame, outlets: pd.DataFrame, arrays: Mapping[str, Any], towns: gpd.GeoDataFrame | None
) -> Region:
    """A region from what the store kept. KeyError where it has none."""
    roads = Network(**{f.name: arrays[f"roads_{f.name}"] for f in fields(Network)})
    there_and_back = replace(roads, snappable=roads.snappable & _both_ways(roads))
    return Region(homes, outlets, there_and_back, arrays["road_ms"], arrays["coast"], towns)


def _both_ways(roads: Network) -> npt.NDArray[np.bool_]:
    """Nodes of a stretch of road one can both enter and leave: not the stub of a one-way street at the data's end."""
    arcs = csr_array((np.ones(len(roads.indices), np.int8), roads.indices, roads.indptr), shape=(roads.n_nodes,) * 2)
    _, label = connected_components(arcs, connection="strong")
    size = np.bincount(label)
    return np.asarray(size[label] >= min(_FEWEST_NODES, size.max()))
