"""Which pieces of network are one street: the carriageway and the sidewalks drawn beside it."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
from scipy.spatial import KDTree

from geodata.network.graph import Floats, Network

ACROSS_M = 14.0
"""From the middle of a street to its sidewalks, and from one sidewalk to the other in most streets."""

APART_M = 2.0
PARALLEL = 0.94
"""Cosine of 20°."""

BESIDE = ("footway", "path", "cycleway", "pedestrian")
"""Classes by which sidewalks are drawn; other streets side by side are streets of their own."""


@dataclass(frozen=True, eq=False)
class Beside:
    """Pairs of edges of one street: `other` runs beside `edge`."""

    edge: npt.NDArray[np.int64]
    other: npt.NDArray[np.int64]

    def summed(self, per_edge: Floats) -> Floats:
        """By edge, the people on all sides of its street."""
        total = per_edge.copy()
        np.add.at(total, self.edge, per_edge[self.other])
        return total


def street_of(network: Network, streets: gpd.GeoDataFrame) -> Beside:
    """Edges that run beside one another within 14 m, at least one of them drawn as a sidewalk or of the same name.

    Of each line beside an edge only the piece level with its middle counts, so that nobody is counted twice.
    `streets` rows are the network's lines.
    """
    ends = network.xy[network.edge_v] - network.xy[network.edge_u]
    length = np.maximum(np.hypot(*ends.T), 1e-9)
    along = ends / length[:, None]
    middle = network.edge_middle
    reach_m = np.hypot(ACROSS_M, length.max(initial=0.0) / 2)
    pairs = KDTree(middle).query_pairs(min(reach_m, 40.0), output_type="ndarray")
    pairs = np.vstack([pairs, pairs[:, ::-1]]) if len(pairs) else np.zeros((0, 2), dtype=np.int64)
    edge, other = pairs.T
    gap = middle[edge] - middle[other]
    forward = np.abs((gap * along[other]).sum(axis=1))
    sideways = np.abs(gap[:, 0] * along[other][:, 1] - gap[:, 1] * along[other][:, 0])
    kind = streets["highway"].isin(BESIDE).to_numpy()[network.edge_line]
    names = streets["name"].fillna("").to_numpy(object)[network.edge_line]
    nameless, same = (names[edge] == "") | (names[other] == ""), names[edge] == names[other]
    together = ((kind[edge] | kind[other]) & nameless) | (same & (names[edge] != ""))
    parallel = np.abs((along[edge] * along[other]).sum(axis=1)) >= PARALLEL
    level = (forward <= length[other] / 2) & (sideways >= APART_M) & (sideways <= ACROSS_M)
    kept = together & parallel & level
    return Beside(edge[kept], other[kept])
