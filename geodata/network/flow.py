"""Trips on the network: people spread over shortest ways to what draws them, summed by piece of street."""

from dataclasses import dataclass

import numba
import numpy as np

from geodata.network.graph import Floats, Ints, Network
from geodata.network.reach import N_CHUNKS, Opportunities

_FAR = np.iinfo(np.int32).max


@dataclass(frozen=True, eq=False)
class Purpose:
    """One kind of trip: every destination draws its weight in trips from the origins around it.

    An origin's share falls with perceived distance as exp(−d / decay_m), up to limit_m.
    """

    name: str
    destinations: Opportunities
    origins: Opportunities
    decay_m: float
    limit_m: float
    trips_per_visit: float = 2.0


def assign(network: Network, arc_cost: Ints, purpose: Purpose) -> Floats:
    """Trips per edge and day, both directions together, shape (edges,). Trips whose shop has nobody near are lost."""
    origin = _at_nodes(network, purpose.origins)
    draw = _at_nodes(network, purpose.destinations)
    sources = np.flatnonzero(draw > 0).astype(np.int32)
    table = np.exp(-np.arange(int(purpose.limit_m) + 2) / purpose.decay_m)
    flow = _assign(
        network.indptr, network.indices, arc_cost, network.arc_edge, len(network.edge_u),
        sources, draw[sources], origin, np.int32(purpose.limit_m * 1000), table, N_CHUNKS,
    )  # fmt: skip
    return np.asarray(flow * purpose.trips_per_visit)


def _at_nodes(network: Network, points: Opportunities) -> Floats:
    used = (points.at.node >= 0) & ~np.isnan(points.weight)
    return np.bincount(points.at.node[used], weights=points.weight[used], minlength=network.n_nodes).astype(np.float64)


@numba.njit(cache=True, nogil=True)
def _push(heap, size, key):  # type: ignore[no-untyped-def]
    if size == len(heap):
        larger = np.empty(2 * len(heap), np.int64)
        larger[:size] = heap
        heap = larger
    i = size
    while i > 0:
        up = (i - 1) >> 2
        if heap[up] <= key:
            break
        heap[i] = heap[up]
        i = up
    heap[i] = key
    return heap


@numba.njit(cache=True, nogil=True)
def _sift(heap, size, key):  # type: ignore[no-untyped-def]
    """Put `key` in place of the smallest of `size` keys."""
    i = 0
    while True:
        child = 4 * i + 1
        if child >= size:
            break
        least = child
        for other in range(child + 1, min(child + 4, size)):
            if heap[other] < heap[least]:
                least = other
        if heap[least] >= key:
            break
        heap[i] = heap[least]
        i = least
    heap[i] = key


@numba.njit(cache=True, nogil=True)
def _search_tree(indptr, indices, cost, source, limit, dist, via, settled, heap):  # type: ignore[no-untyped-def]
    """Bounded Dijkstra from one node. `dist` must be all far; settled nodes come in order of distance.

    `via[node]` is the arc by which the node was reached. Returns the number of settled nodes and the heap, which may
    have grown; the caller sets `dist` back.
    """
    dist[source] = 0
    heap[0] = np.int64(source)
    size, n = 1, 0
    while size > 0:
        key = heap[0]
        size -= 1
        if size > 0:
            _sift(heap, size, heap[size])
        d, node = np.int32(key >> 32), np.int32(key & 0xFFFFFFFF)
        if d > dist[node]:
            continue
        settled[n] = node
        n += 1
        for a in range(indptr[node], indptr[node + 1]):
            further = d + cost[a]
            head = indices[a]
            if further <= limit and further < dist[head]:
                dist[head] = further
                via[head] = a
                heap = _push(heap, size, (np.int64(further) << 32) | np.int64(head))
                size += 1
    return n, heap


@numba.njit(cache=True, nogil=True, parallel=True)
def _assign(  # type: ignore[no-untyped-def]
    indptr, indices, cost, arc_edge, n_edges, sources, draw, origin, limit, table, n_chunks
):
    n_nodes = len(indptr) - 1
    tail = np.empty(len(indices), np.int32)
    for node in range(n_nodes):
        tail[indptr[node] : indptr[node + 1]] = node
    sums = np.zeros((n_chunks, n_edges))
    for chunk in numba.prange(n_chunks):
        dist = np.full(n_nodes, _FAR, np.int32)
        via = np.empty(n_nodes, np.int32)
        settled = np.empty(n_nodes, np.int32)
        trips = np.zeros(n_nodes)
        heap = np.empty(1024, np.int64)
        for s in range(chunk, len(sources), n_chunks):
            n, heap = _search_tree(indptr, indices, cost, sources[s], limit, dist, via, settled, heap)
            total = 0.0
            for i in range(n):
                node = settled[i]
                if origin[node] > 0.0:
                    trips[node] = origin[node] * table[(dist[node] + 500) // 1000]
                    total += trips[node]
            scale = draw[s] / total if total > 0.0 else 0.0
            for i in range(n - 1, -1, -1):
                node = settled[i]
                if i > 0 and trips[node] > 0.0:
                    arc = via[node]
                    sums[chunk, arc_edge[arc]] += trips[node] * scale
                    trips[tail[arc]] += trips[node]
                trips[node] = 0.0
                dist[node] = _FAR
    total_flow = sums[0]
    for chunk in range(1, n_chunks):
        total_flow += sums[chunk]
    return total_flow
