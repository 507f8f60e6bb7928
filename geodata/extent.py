"""Where the data end: the ground an extract covers, and the places where it was cut."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.network.graph import Floats, Network

MARGIN_M = 200.0
"""The outermost streets serve ground this far from them."""

_THIN_M = 50.0
_HULL_RATIO = 0.2
_RING_M = 100.0
_SHORE_M = 400.0


def data_extent(xy: Floats, box: BaseGeometry | None) -> shapely.Polygon:
    """Ground the data cover: concave hull of walkable street nodes + 200 m, within the extract's own box.

    All in metres. A bounding box of nodes would do no good: one long path or coastline blows it up.
    """
    thin = np.unique(np.rint(xy / _THIN_M), axis=0) * _THIN_M
    hull = shapely.buffer(shapely.concave_hull(shapely.MultiPoint(thin), ratio=_HULL_RATIO), MARGIN_M)
    covered = hull if box is None else hull.intersection(box)
    return shapely.Polygon(max(shapely.get_parts(covered), key=lambda part: part.area))


def cut_nodes(network: Network, extent: shapely.Polygon, shores: gpd.GeoSeries) -> npt.NDArray[np.int32]:
    """Nodes where streets go on beyond the data. A shore is a natural end: behind it lies, as we know, nothing."""
    ring = extent.boundary
    points = np.asarray(shapely.points(network.xy))
    shapely.prepare([ring, extent])
    near_ring = shapely.dwithin(ring, points, MARGIN_M + _RING_M) | ~shapely.contains(extent, points)
    nodes = np.flatnonzero(near_ring & network.snappable)
    if len(shores) and len(nodes):
        coast = shapely.union_all(shores.to_numpy())
        shapely.prepare(coast)
        nodes = nodes[~shapely.dwithin(coast, points[nodes], _SHORE_M)]
    return nodes.astype(np.int32)
