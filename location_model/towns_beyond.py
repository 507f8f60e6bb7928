"""Municipalities beyond the data: a point each, with their residents and with shops in proportion (proxy)."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

SLIVER = 0.05
"""A smaller part of a municipality that the data leave out is a border drawn twice, not a place people live in."""

MEAN_DISTANCE = 2 / 3
"""Of a disc's radius: how far its points lie from its centre on average."""


@dataclass(frozen=True, eq=False)
class Towns:
    """homes and outlets as in `DemandRegion`; ground: what of the municipalities lies beyond the data."""

    homes: pd.DataFrame
    outlets: pd.DataFrame
    ground: BaseGeometry


def towns_beyond(
    towns: gpd.GeoDataFrame | None, covered: BaseGeometry, people: pd.DataFrame, supply: pd.DataFrame
) -> Towns | None:
    """Residents and shops of the ground that municipalities have beyond `covered`; None where there is none.

    towns: residents and polygons in the study's CRS, those without residents are left out. people, supply: what is
    known nearer by; a municipality gets as many shops of a branch a resident, with the usual floor area, which may be
    less than one shop.
    """
    if towns is None or not len(towns):
        return None
    known = towns[towns["residents"] > 0]
    shapes = known.geometry.to_numpy()
    beyond = shapely.difference(shapes, covered)
    share = shapely.area(beyond) / shapely.area(shapes)
    far = share > SLIVER
    if not far.any():
        return None
    at = shapely.get_coordinates(shapely.point_on_surface(beyond[far]))
    residents = known["residents"].to_numpy(np.float64)[far] * share[far]
    radius = np.sqrt(shapely.area(beyond[far]) / np.pi)
    homes = pd.DataFrame({
        "x": at[:, 0], "y": at[:, 1], "residents": residents, "in_study": False, "by_crow": True,
        "spread_m": MEAN_DISTANCE * radius,
    })  # fmt: skip
    open_now = supply[(supply["state"] == "occupied") & supply["branch"].notna()]
    number, floor = open_now["branch"].value_counts(), open_now.groupby("branch")["floor_area_m2"].median().to_dict()
    per_head = (number / people["residents"].sum()).to_dict()
    shops = [
        pd.DataFrame({
            "id": [f"town/{i}/{branch}" for i in range(len(at))], "name": None, "branch": branch, "state": "occupied",
            "floor_area_m2": floor[branch], "x": at[:, 0], "y": at[:, 1], "in_study": False, "area": None,
            "count": residents * each,
        })
        for branch, each in per_head.items()
    ]  # fmt: skip
    outlets = pd.concat(shops, ignore_index=True) if shops else supply.iloc[:0]
    return Towns(homes, outlets, shapely.union_all(beyond[far]))
