"""Customers by postcode as the zones of a market: which homes are of which postcode, and who of them comes."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
from scipy.spatial import KDTree

from geodata.opportunities import coordinates
from location_model.demand_region import DemandRegion
from location_model.huff_fit import Customers
from location_model.sales_customers import FEWEST

ZONE_M = 5000.0
"""Homes farther from the middle of every known postcode are of none; a Belgian one is 5 km wide on average."""


def customer_zones(
    region: DemandRegion, customers: Mapping[str, Mapping[str, float]], places: gpd.GeoDataFrame
) -> Customers | None:
    """Customers of own shops, by id in the market and by postcode, as `fit` takes them; None where none can be used.

    places: where postcodes are (`postcode_places`). A home is of the nearest one within 5 km; homes that stand for a
    whole municipality are of none. Postcodes with fewer than 5 customers over all shops, or none, make up one zone
    together, so that a far postcode without customers still counts as one; that zone is left out with 1 to 4 customers.
    Customers in postcodes that lie in no built area are not used.
    """
    codes = [str(code) for code in places.index]
    seen = {shop: np.array([by_postcode.get(code, 0.0) for code in codes]) for shop, by_postcode in customers.items()}
    if not codes or not sum(float(s.sum()) for s in seen.values()) >= FEWEST:
        return None
    each = np.sum(list(seen.values()), axis=0)
    enough = each >= FEWEST
    rest = int(enough.sum())
    zone_of = np.where(enough, np.cumsum(enough) - 1, rest if not 0 < each[~enough].sum() < FEWEST else -1)
    away, nearest = KDTree(coordinates(places.to_crs(region.area.study.crs))).query(region.home_xy)
    homed = (away <= ZONE_M) & ~region.homes["by_crow"].to_numpy(bool)
    by_zone = np.arange(rest + 1)[:, None] == zone_of[None]
    return Customers(np.where(homed, zone_of[nearest], -1).astype(np.int64), {s: by_zone @ n for s, n in seen.items()})
