"""A retailer's own shops among the shops of a market: each is one that is on record, or comes beside them."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.spatial import KDTree

from geodata.opportunities import coordinates
from location_model.demand import Candidate
from location_model.demand_region import DemandRegion

SAME_SHOP_M = 30.0
"""A shop of the branch on record nearer than this is taken to be the retailer's own."""


@dataclass(frozen=True, eq=False)
class OwnInMarket:
    """ids: the id in the market of each own shop, by its id in the retailer's list. extra: those not on record."""

    ids: dict[str, str]
    extra: tuple[Candidate, ...]


def own_in_market(region: DemandRegion, branch: str, own: gpd.GeoDataFrame) -> OwnInMarket:
    """Find own shops (table `own_shops`) of a branch in a demand region; shops of another branch are left out.

    A shop is the premises its list names, else the nearest of the branch within 30 m, each taken once, else it is
    not on record and comes along with the floor area of the list.
    """
    mine = own[own["branch"].isna() | (own["branch"] == branch)].to_crs(region.area.study.crs)
    outlets = region.outlets[(region.outlets["branch"] == branch) & (region.outlets["state"] == "occupied")]
    free = pd.Series(True, index=outlets["id"])
    ids: dict[str, str] = {}
    extra = []
    xy = coordinates(mine)
    tree = KDTree(outlets[["x", "y"]].to_numpy(np.float64)) if len(outlets) else None
    for shop, (x, y) in zip(mine.to_dict("records"), xy, strict=True):
        named = shop.get("premises_id")
        found = named if isinstance(named, str) and free.get(named, False) else None
        if found is None and tree is not None:
            near = sorted(tree.query_ball_point((x, y), SAME_SHOP_M))
            found = next((i for i in outlets["id"].iloc[near] if free[i]), None)
        if found is None:
            size = shop["floor_area_m2"]
            found = str(shop["id"])
            extra.append(
                Candidate(found, float(x), float(y), None if pd.isna(size) else float(size), shop["name"], opened=True)
            )
        else:
            free[found] = False
        ids[str(shop["id"])] = str(found)
    return OwnInMarket(ids, tuple(extra))
