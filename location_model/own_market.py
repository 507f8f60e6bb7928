"""A retailer's own shops among the shops of a market: each is one that is on record, or comes beside them."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

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

    A shop is the premises its list names, if that stands within 30 m of it; else the nearest of the branch within 30 m,
    nearest pairs first, each taken once; else it is not on record and comes along with the floor area of the list.
    """
    mine = own[own["branch"].isna() | (own["branch"] == branch)].to_crs(region.area.study.crs)
    outlets = region.outlets[(region.outlets["branch"] == branch) & (region.outlets["state"] == "occupied")]
    found = pairs(mine, outlets)
    extra = []
    ids = {}
    for row, (shop, (x, y)) in enumerate(zip(mine.to_dict("records"), coordinates(mine), strict=True)):
        ids[str(shop["id"])] = str(outlets["id"].iloc[found[row]]) if row in found else f"own/{shop['id']}"
        if row not in found:
            size = shop["floor_area_m2"]
            floor = None if pd.isna(size) else float(size)
            extra.append(Candidate(ids[str(shop["id"])], float(x), float(y), floor, shop["name"], opened=True))
    return OwnInMarket(ids, tuple(extra))


def pairs(mine: gpd.GeoDataFrame, outlets: pd.DataFrame) -> dict[int, int]:
    """Rows of own shops with the row of the outlet each is: those named by the list first, then by distance.

    mine: in the CRS of the study, with premises_id. outlets: id, x, y in metres. None farther apart than 30 m.
    """
    if not len(mine) or not len(outlets):
        return {}
    away = np.hypot(*(coordinates(mine)[:, None] - outlets[["x", "y"]].to_numpy()[None]).transpose(2, 0, 1))
    named = mine["premises_id"].fillna("").to_numpy(object)[:, None]
    ids = outlets["id"].to_numpy(object)[None]
    bare = outlets["id"].str.replace(r"^.*?/(?=.*/)", "", regex=True).to_numpy(object)[None]  # without its area
    meant = (named == ids) | (named == bare)
    order = [(not meant[i, j], away[i, j], i, j) for i, j in zip(*np.nonzero(away <= SAME_SHOP_M), strict=True)]
    found: dict[int, int] = {}
    for _, _, i, j in sorted(order):
        if i not in found and j not in found.values():
            found[int(i)] = int(j)
    return found
