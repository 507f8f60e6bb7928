"""The drawing's own street graph, for bus routes and for the simulated walkers."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from geodata.sample.layout import Street
from geodata.sample.region import Floats

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class StreetGraph:
    """Every vertex of the streets as a node (metres); `a`, `b`, `metres` and `street` by edge."""

    nodes: Floats
    a: Ints
    b: Ints
    metres: Floats
    street: Ints

    def nearest(self, points: Floats) -> Ints:
        """The node nearest to each point."""
        return np.asarray(cKDTree(self.nodes).query(points)[1], dtype=np.int64)

    def matrix(self) -> sp.csr_array:
        """Lengths as a symmetric sparse matrix."""
        n = len(self.nodes)
        half = sp.coo_array((self.metres, (self.a, self.b)), shape=(n, n)).tocsr()
        return half.maximum(half.T).tocsr()

    def route(self, stops: Floats) -> Floats:
        """The shortest path that calls at all points in order; shape (nodes on the path, 2)."""
        matrix, via = self.matrix(), self.nearest(stops)
        path: list[int] = [int(via[0])]
        for start, end in pairwise(via):
            before = dijkstra(matrix, indices=[int(end)], return_predecessors=True)[1][0]
            at = int(start)
            while at != end and before[at] >= 0:
                at = int(before[at])
                path.append(at)
        return self.nodes[path]


def street_graph(streets: list[Street], *, leave_out: tuple[str, ...] = ()) -> StreetGraph:
    """The graph of all streets but those of the classes left out."""
    keys: dict[tuple[float, float], int] = {}
    a, b, of = [], [], []
    for i, street in enumerate(streets):
        if street.highway in leave_out:
            continue
        path = [keys.setdefault((x, y), len(keys)) for x, y in street.line.tolist()]
        a += path[:-1]
        b += path[1:]
        of += [i] * (len(path) - 1)
    nodes, start, end = np.array(list(keys)), np.array(a), np.array(b)
    return StreetGraph(nodes, start, end, np.maximum(0.1, np.hypot(*(nodes[end] - nodes[start]).T)), np.array(of))
