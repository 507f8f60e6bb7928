"""The region people shop in: homes, outlets and roads within 15 km of an area, as far as its files reach."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.network.graph import Ints, Network
from geodata.opportunities import coordinates

REGION_M = 15_000.0
"""People who live farther from an area than this spend little in it; what they spend is left out."""

DETAIL_M = 1500.0
_COARSE_M = 100.0


@dataclass(frozen=True, eq=False)
class Region:
    """Who lives and who sells within 15 km of an area's boundary; positions in metres in the study's CRS.

    homes: x, y, residents, in_study. outlets: premises with id, name, branch, state, floor_area_m2 (NaN = not known),
    x, y, in_study. roads: streets for cars, junction to junction; road_ms: milliseconds along each arc.
    cut: nodes of `roads` where streets go on beyond the data.
    """

    homes: pd.DataFrame
    outlets: pd.DataFrame
    roads: Network
    road_ms: Ints
    cut: Ints


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
    return table.assign(
        x=xy[:, 0], y=xy[:, 1], in_study=shapely.intersects(study, kept.geometry.to_numpy())
    ).reset_index(drop=True)


def _within_region(points: gpd.GeoDataFrame, study: BaseGeometry) -> gpd.GeoDataFrame:
    shapely.prepare(study)
    return points[shapely.dwithin(study, points.geometry.to_numpy(), REGION_M)].reset_index(drop=True)


def as_arrays(roads: Network, road_ms: Ints, cut: Ints) -> dict[str, Any]:
    """The roads as the store keeps them."""
    return {f"roads_{f.name}": getattr(roads, f.name) for f in fields(Network)} | {"road_ms": road_ms, "road_cut": cut}


def from_store(homes: pd.DataFrame, outlets: pd.DataFrame, arrays: Mapping[str, Any]) -> Region:
    """A region from what the store kept. KeyError where it has none."""
    roads = Network(**{f.name: arrays[f"roads_{f.name}"] for f in fields(Network)})
    return Region(homes, outlets, roads, arrays["road_ms"], arrays["road_cut"])
