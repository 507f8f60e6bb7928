"""The densest cluster of shops: what stands for the core where no core or retail area is on record."""

import geopandas as gpd
import numpy as np
import shapely
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry
from sklearn.cluster import DBSCAN

NEIGHBOUR_M = 100.0
"""Shops within this distance are neighbours: about one block, or both sides of a street and a corner."""
FEWEST_SHOPS = 5
DENSITY_SHARE = 0.25
"""A place belongs to the core when it has this share of the neighbours of the town's densest place,
so that in a city the core is the centre and not everything that its shopping streets chain together."""
FRONT_M = 25.0
"""How far the polygon reaches beyond the shops' points: half a street and the depth of a shop."""


def densest_cluster(premises: gpd.GeoDataFrame) -> tuple[BaseGeometry, int]:
    """The polygon round the largest dense cluster of premises, and how many it holds.

    `premises`: points or polygons in a metric CRS, vacant units included; the polygon is in the same CRS.
    An empty polygon and 0 when fewer than five lie together.
    """
    xy = shapely.get_coordinates(shapely.centroid(premises.geometry.to_numpy()))  # none for missing and empty ones
    if len(xy) < FEWEST_SHOPS:
        return shapely.Polygon(), 0
    tree = cKDTree(xy)
    most = int(tree.query_ball_point(xy, NEIGHBOUR_M, return_length=True).max())
    needed = max(FEWEST_SHOPS, round(DENSITY_SHARE * most))
    labels = DBSCAN(eps=NEIGHBOUR_M, min_samples=needed).fit_predict(xy)
    if labels.max() < 0:
        return shapely.Polygon(), 0
    members = xy[labels == np.bincount(labels[labels >= 0]).argmax()]
    hull = shapely.concave_hull(shapely.MultiPoint(members), ratio=0.3)
    return hull.buffer(FRONT_M), len(members)
