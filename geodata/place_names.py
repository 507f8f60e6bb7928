"""Street and number for any point: people see an address, never a cell."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from scipy.spatial import KDTree

from geodata.opportunities import coordinates
from geodata.tables import Tables

ADDRESS_M = 60.0
STREET_M = 150.0


def name_points(xy: npt.NDArray[np.float64], tables: Tables) -> npt.NDArray[np.object_]:
    """The nearest address within 60 m ("Kerkstraat 12"), else the nearest named street within 150 m, else None."""
    names = np.full(len(xy), None, dtype=object)
    streets = tables.streets[tables.streets["name"].notna() & tables.streets["walkable"]]
    if len(streets) and len(xy):
        tree = shapely.STRtree(streets.geometry.to_numpy())
        point, street = np.asarray(
            tree.query_nearest(np.asarray(shapely.points(xy)), max_distance=STREET_M, all_matches=False)
        )
        names[point] = streets["name"].to_numpy(object)[street]
    if len(tables.addresses) and len(xy):
        distance, nearest = KDTree(coordinates(tables.addresses)).query(xy, distance_upper_bound=ADDRESS_M)
        near = np.isfinite(distance)
        full = (tables.addresses["street"] + " " + tables.addresses["house_number"]).to_numpy(object)
        names[near] = full[np.asarray(nearest)[near]]
    return names


def premises_addresses(premises: gpd.GeoDataFrame, tables: Tables) -> npt.NDArray[np.object_]:
    """Each unit's own street and number; where it has none, what `name_points` finds."""
    own = (premises["street"] + " " + premises["house_number"]).to_numpy(object)
    missing = premises["house_number"].isna().to_numpy() | premises["street"].isna().to_numpy()
    names = np.asarray(own, dtype=object)
    if missing.any():
        names[missing] = name_points(coordinates(premises[missing]), tables)
    return names
