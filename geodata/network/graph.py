"""Street networks as arrays: nodes along a space-filling curve, arcs in compressed rows, integer millimetres."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from geodata.errors import GeodataError
from geodata.language import T

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]

SPLIT_M = 40.0
"""Longer pieces of street are cut, so that a door is never far from a node."""

ISLAND_M = 500.0
"""A piece of network shorter than this, apart from the rest, is taken for a mapping slip: nothing snaps to it."""


@dataclass(frozen=True, eq=False)
class Snapped:
    """Points put on a network: the node of each, and the straight way to it in millimetres. Node −1: too far."""

    node: Ints
    offset_mm: Ints

    def __len__(self) -> int:
        return len(self.node)


@dataclass(frozen=True, eq=False)
class Network:
    """A street network.

    xy: node positions in the metric CRS, shape (nodes, 2).
    indptr, indices, arc_edge: arcs leaving each node, their end node, the edge they run along.
    edge_u, edge_v, edge_mm, edge_line: the edges: end nodes, length, and the line they were cut from.
    snappable: nodes that places may be put on.
    """

    xy: Floats
    indptr: npt.NDArray[np.int64]
    indices: Ints
    arc_edge: Ints
    edge_u: Ints
    edge_v: Ints
    edge_mm: Ints
    edge_line: Ints
    snappable: npt.NDArray[np.bool_]

    @property
    def n_nodes(self) -> int:
        return len(self.xy)

    @cached_property
    def arc_mm(self) -> Ints:
        """Length of each arc."""
        return self.edge_mm[self.arc_edge]

    def arc_cost(self, edge_cost: Ints) -> Ints:
        """A cost by edge (milliseconds, perceived millimetres) as a cost by arc."""
        return np.ascontiguousarray(edge_cost[self.arc_edge], dtype=np.int32)

    @cached_property
    def edge_middle(self) -> Floats:
        """Midpoint of each edge, shape (edges, 2)."""
        return (self.xy[self.edge_u] + self.xy[self.edge_v]) / 2

    def snap(self, xy: Floats, *, within_m: float) -> Snapped:
        """Put points on their nearest snappable node; those farther than `within_m` get node −1."""
        nodes = np.flatnonzero(self.snappable)
        if not len(nodes) or not len(xy):
            return Snapped(np.full(len(xy), -1, np.int32), np.zeros(len(xy), np.int32))
        distance, nearest = KDTree(self.xy[nodes]).query(xy, distance_upper_bound=within_m)
        found = np.isfinite(distance)
        node = np.where(found, nodes[np.where(found, nearest, 0)], -1).astype(np.int32)
        return Snapped(node, np.where(found, np.rint(distance * 1000), 0).astype(np.int32))


def build_network(
    lines: Sequence[npt.NDArray[np.int64]],
    xy: Sequence[Floats],
    *,
    snap: npt.NDArray[np.bool_] | None = None,
    oneway: npt.NDArray[np.int8] | None = None,
    split_m: float = SPLIT_M,
    junctions_only: bool = False,
) -> Network:
    """A network from lines that share node ids where they meet.

    lines: node ids of each line; xy: their positions (metres), same lengths.
    snap: lines that places may be put on (default all). oneway: 1 along the line, −1 against it, 0 both (default).
    Pieces of street longer than `split_m` are cut into equal parts; `junctions_only` instead keeps only the nodes
    where lines meet or end, edges as long as the street between them: a coarse graph. GeodataError without any edge.
    """
    counts = np.array([len(ids) for ids in lines], dtype=np.int64)
    if not len(counts) or counts.max() < 2:
        raise GeodataError(T("there is no street to walk on."), remedy=T("Check that the extract covers the area."))
    ids, points = np.concatenate(lines), np.concatenate(xy)
    line_of = np.repeat(np.arange(len(lines)), counts)
    _, first, node = np.unique(ids, return_index=True, return_inverse=True)
    node_xy = points[first]

    step = np.append(0.0, np.hypot(*np.diff(points, axis=0).T))
    along = np.cumsum(step)
    if junctions_only:
        starts = np.cumsum(counts) - counts
        kept = np.bincount(node)[node] > 1
        kept[starts] = kept[starts + counts - 1] = True
        node, line_of, along = node[kept], line_of[kept], along[kept]
    inside = line_of[:-1] == line_of[1:]
    u, v, line, length = node[:-1][inside], node[1:][inside], line_of[:-1][inside], np.diff(along)[inside]
    real = u != v
    u, v, line, length = u[real], v[real], line[real], length[real]
    if not len(u):
        raise GeodataError(T("there is no street to walk on."), remedy=T("Check that the extract covers the area."))
    if junctions_only:
        used, flat = np.unique(np.concatenate([u, v]), return_inverse=True)
        u, v, node_xy = flat[: len(u)], flat[len(u) :], node_xy[used]
    else:
        u, v, line, length, node_xy = _split(u, v, line, length, node_xy, split_m)

    order = _along_curve(node_xy)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    node_xy, u, v = node_xy[order], rank[u], rank[v]
    edge_mm = np.maximum(np.rint(length * 1000), 1).astype(np.int32)

    way = np.zeros(len(lines), np.int8) if oneway is None else oneway
    edges = np.arange(len(u))
    forward, backward = edges[way[line] >= 0], edges[way[line] <= 0]
    tail = np.concatenate([u[forward], v[backward]])
    head = np.concatenate([v[forward], u[backward]])
    edge = np.concatenate([forward, backward])
    by_tail = np.lexsort((head, tail))
    indptr = np.zeros(len(node_xy) + 1, dtype=np.int64)
    np.cumsum(np.bincount(tail, minlength=len(node_xy)), out=indptr[1:])
    return Network(
        xy=np.ascontiguousarray(node_xy),
        indptr=indptr,
        indices=head[by_tail].astype(np.int32),
        arc_edge=edge[by_tail].astype(np.int32),
        edge_u=u.astype(np.int32),
        edge_v=v.astype(np.int32),
        edge_mm=edge_mm,
        edge_line=line.astype(np.int32),
        snappable=_snappable(len(node_xy), u, v, length, line, snap),
    )


def _split(
    u: Any, v: Any, line: Any, length: Floats, xy: Floats, split_m: float
) -> tuple[Any, Any, Any, Floats, Floats]:
    parts = np.maximum(np.ceil(length / split_m - 1e-9).astype(np.int64), 1)
    edge = np.repeat(np.arange(len(u)), parts)
    step = np.arange(len(edge)) - np.repeat(np.cumsum(parts) - parts, parts)
    inner = step > 0
    share = (step / parts[edge])[inner, None]
    added = xy[u[edge[inner]]] * (1 - share) + xy[v[edge[inner]]] * share
    start, end = u[edge].copy(), v[edge].copy()
    start[inner] = len(xy) + np.arange(inner.sum())
    before_inner = np.flatnonzero(inner) - 1
    end[before_inner] = start[inner]
    return start, end, line[edge], (length / parts)[edge], np.vstack([xy, added])


def _along_curve(xy: Floats) -> npt.NDArray[np.int64]:
    distance = gpd.GeoSeries(gpd.points_from_xy(xy[:, 0], xy[:, 1])).hilbert_distance()
    return np.argsort(distance.to_numpy(), kind="stable")


def _snappable(n: int, u: Any, v: Any, length: Floats, line: Any, snap: Any) -> npt.NDArray[np.bool_]:
    _, component = connected_components(coo_array((np.ones(len(u)), (u, v)), shape=(n, n)), directed=False)
    metres = np.bincount(component[u], weights=length, minlength=component.max() + 1)
    whole = (metres >= ISLAND_M) | (metres == metres.max())
    allowed = np.ones(n, np.bool_)
    if snap is not None:
        allowed[:] = False
        for ends in (u, v):
            allowed[ends[snap[line]]] = True
    return np.asarray(allowed & whole[component])
