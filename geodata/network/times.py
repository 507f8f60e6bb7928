"""Travel times from many homes to the shops of a region: one shortest-way search a shop, in a compiled kernel."""

import numba
import numpy as np
import numpy.typing as npt
from scipy.sparse import csc_array, csr_array

from geodata.network.graph import Ints, Network, Snapped
from geodata.network.trees import FAR, push, sift
from geodata.network.turns import KERNELS

Ticks = npt.NDArray[np.uint16]
TICKS_PER_MINUTE = 100
"""Times are kept in hundredths of a minute: two bytes each, up to ten hours and a half."""

NO_WAY = np.uint16(65535)


def ticks_to(
    network: Network, arc_cost: Ints, homes: Snapped, shops: Snapped, *, per_minute: float, limit_minutes: float
) -> Ticks:
    """Time from every home to every shop along a network, in hundredths of a minute, shape (homes, shops).

    arc_cost: cost by arc, and offsets of homes and shops, in a unit of which `per_minute` go in a minute. One-way
    streets are driven from home to shop. NO_WAY beyond the limit, without a way, and for places off the network.
    """
    backwards = csr_array((arc_cost, network.indices, network.indptr), shape=(network.n_nodes,) * 2).tocsc()
    return _ticks(backwards, shops, homes, per_minute, limit_minutes)


def ticks_from(
    network: Network, arc_cost: Ints, starts: Snapped, places: Snapped, *, per_minute: float, limit_minutes: float
) -> Ticks:
    """Time from every start to every place, shape (places, starts), else as `ticks_to`: for few starts and many places.

    One-way streets are driven from start to place.
    """
    onwards = csr_array((arc_cost, network.indices, network.indptr), shape=(network.n_nodes,) * 2)
    return _ticks(onwards, starts, places, per_minute, limit_minutes)


def _ticks(
    arcs: csr_array | csc_array, sources: Snapped, targets: Snapped, per_minute: float, limit_minutes: float
) -> Ticks:
    """One search a source along the arcs, kept in rows of where the search goes on from; shape (targets, sources)."""
    found = np.full((len(targets), len(sources)), NO_WAY, dtype=np.uint16)
    if found.size:
        with KERNELS:
            _search_all(
                arcs.indptr.astype(np.int64), arcs.indices, arcs.data.astype(np.int64), sources.node,
                sources.offset_mm.astype(np.int64), targets.node, targets.offset_mm.astype(np.int64),
                min(int(limit_minutes * per_minute), FAR - 1), per_minute / TICKS_PER_MINUTE, numba.get_num_threads(),
                found,
            )  # fmt: skip
    return found


@numba.njit(cache=True, nogil=True, parallel=True)
def _search_all(  # type: ignore[no-untyped-def]
    indptr, heads, cost, source, begun, target, way, limit, per_tick, n_parts, found
):
    n_nodes = len(indptr) - 1
    for part in numba.prange(n_parts):
        dist = np.full(n_nodes, FAR, np.int64)
        seen = np.empty(n_nodes, np.int64)
        heap = np.empty(1024, np.int64)
        for j in range(part, len(source), n_parts):
            if source[j] < 0 or begun[j] > limit:
                continue
            heap, n = _search(indptr, heads, cost, source[j], begun[j], limit, dist, seen, heap)
            for i in range(len(target)):
                if target[i] >= 0 and dist[target[i]] < FAR:
                    total = dist[target[i]] + way[i]
                    if total <= limit:
                        found[i, j] = min(np.int64(total / per_tick + 0.5), 65534)
            for k in range(n):
                dist[seen[k]] = FAR


@numba.njit(cache=True, nogil=True)
def _search(indptr, heads, cost, source, begun, limit, dist, seen, heap):  # type: ignore[no-untyped-def]
    """Bounded Dijkstra; fills `dist` and lists in `seen` every node whose `dist` must be set back."""
    dist[source] = begun
    seen[0], n = source, 1
    heap = push(heap, 0, (begun << 32) | source)
    size = 1
    while size > 0:
        key = heap[0]
        size -= 1
        if size > 0:
            sift(heap, size, heap[size])
        d, node = key >> 32, key & 0xFFFFFFFF
        if d > dist[node]:
            continue
        for a in range(indptr[node], indptr[node + 1]):
            further, head = d + cost[a], heads[a]
            if further <= limit and further < dist[head]:
                if dist[head] == FAR:
                    seen[n] = head
                    n += 1
                dist[head] = further
                heap = push(heap, size, (further << 32) | np.int64(head))
                size += 1
    return heap, n
