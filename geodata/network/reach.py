"""Reach: how many opportunities every place can walk to, for all layers in one traversal.

The search runs from the opportunities outward and scatters onto the places it meets, which on an undirected
network (or one whose arcs point towards the places) equals searching from every place, at a fraction of the work.
Distance = straight way from the opportunity to its node + shortest path + straight way from the place's node,
in integer millimetres (or milliseconds). Decay is read from a table by whole metre, rounded to the nearest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numba
import numpy as np
import numpy.typing as npt

from geodata.network.graph import Floats, Ints, Network, Snapped

N_CHUNKS = 4
"""Work is always cut in as many parts, so that sums come out the same on any number of cores."""

_BLOCK = 32
_FAR = np.iinfo(np.int32).max


@dataclass(frozen=True)
class Need:
    """One thing a layer asks of the network: an opportunity column within a limit, decayed or not.

    `within` and `decay` are metres on foot, seconds by bicycle and car; decay d weighs an opportunity
    by exp(−distance / d), None counts it whole.
    """

    column: str
    within: float
    decay: float | None = None
    mode: str = "walk"

    @property
    def key(self) -> str:
        """The need as a column name."""
        return "|".join([self.mode, self.column, f"{self.within:g}", "" if self.decay is None else f"{self.decay:g}"])


@dataclass(frozen=True, eq=False)
class Opportunities:
    """Weighted points of one kind, on the network; NaN weights are left out."""

    at: Snapped
    weight: Floats


def reach(
    network: Network,
    arc_cost: Ints,
    opportunities: Mapping[str, Opportunities],
    needs: Sequence[Need],
    places: Snapped,
) -> dict[Need, Floats]:
    """For each need, the (decayed) sum of opportunity weights each place reaches, float64, shape (places,).

    NaN where the place itself is too far from any street; 0 where it reaches none.
    """
    columns = sorted({need.column for need in needs})
    needs = sorted(needs, key=lambda n: (columns.index(n.column), n.within, n.decay or 0.0))
    if not needs:
        return {}
    need_ptr = np.searchsorted([columns.index(n.column) for n in needs], np.arange(len(columns) + 1))
    limits = np.array([round(n.within * 1000) for n in needs], dtype=np.int32)
    tables, table_of = _decay_tables(needs)

    node, offset, column, weight = _rows(opportunities, columns)
    order = np.lexsort((column, node))
    node, offset, column, weight = node[order], offset[order], column[order], weight[order]
    sources, starts = np.unique(node, return_index=True)
    source_ptr = np.append(starts, len(node)).astype(np.int64)

    placed = np.flatnonzero(places.node >= 0)
    by_node = placed[np.argsort(places.node[placed], kind="stable")]
    place_ptr = np.zeros(network.n_nodes + 1, dtype=np.int64)
    np.cumsum(np.bincount(places.node[by_node], minlength=network.n_nodes), out=place_ptr[1:])

    total = _scatter(
        network.indptr, network.indices, arc_cost,
        sources.astype(np.int32), source_ptr, offset, column, weight,
        place_ptr, by_node.astype(np.int32), places.offset_mm[by_node].astype(np.int32), len(places),
        need_ptr.astype(np.int64), limits, table_of, tables, N_CHUNKS,
    )  # fmt: skip
    total[places.node < 0] = np.nan
    return {need: total[:, i] for i, need in enumerate(needs)}


def _rows(
    opportunities: Mapping[str, Opportunities], columns: Sequence[str]
) -> tuple[Ints, Ints, npt.NDArray[np.int16], Floats]:
    nodes, offsets, kinds, weights = [], [], [], []
    for i, name in enumerate(columns):
        given = opportunities[name]
        used = (given.at.node >= 0) & (given.weight != 0) & ~np.isnan(given.weight)
        nodes.append(given.at.node[used])
        offsets.append(given.at.offset_mm[used])
        kinds.append(np.full(used.sum(), i, dtype=np.int16))
        weights.append(given.weight[used].astype(np.float64))
    return np.concatenate(nodes), np.concatenate(offsets), np.concatenate(kinds), np.concatenate(weights)


def _decay_tables(needs: Sequence[Need]) -> tuple[Floats, npt.NDArray[np.int64]]:
    metres = np.arange(int(max(n.within for n in needs)) + 2, dtype=np.float64)
    decays = sorted({n.decay for n in needs if n.decay is not None})
    tables = np.ones((len(decays) + 1, len(metres)))
    for i, decay in enumerate(decays, start=1):
        tables[i] = np.exp(-metres / decay)
    return tables, np.array([0 if n.decay is None else decays.index(n.decay) + 1 for n in needs], dtype=np.int64)


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
def search(indptr, indices, cost, source, limit, dist, settled, heap):  # type: ignore[no-untyped-def]
    """Bounded Dijkstra from one node. `dist` must be all far; settled nodes come in order of distance.

    Returns the number of settled nodes and the heap (it may have grown); the caller resets `dist` of what it touched
    by walking the settled nodes and their neighbours.
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
                heap = _push(heap, size, (np.int64(further) << 32) | np.int64(head))
                size += 1
    return n, heap


@numba.njit(cache=True, nogil=True, parallel=True)
def _scatter(  # type: ignore[no-untyped-def]
    indptr, indices, cost, sources, source_ptr, offset, column, weight,
    place_ptr, place, place_offset, n_places, need_ptr, limits, table_of, tables, n_chunks,
):  # fmt: skip
    n_nodes, n_needs = len(indptr) - 1, len(limits)
    sums = np.zeros((n_chunks, n_places, n_needs))
    for chunk in numba.prange(n_chunks):
        dist = np.full(n_nodes, _FAR, np.int32)
        settled = np.empty(n_nodes, np.int32)
        heap = np.empty(1024, np.int64)
        for block in range(chunk * _BLOCK, len(sources), n_chunks * _BLOCK):
            for s in range(block, min(block + _BLOCK, len(sources))):
                limit = np.int32(-1)
                for k in range(source_ptr[s], source_ptr[s + 1]):
                    for need in range(need_ptr[column[k]], need_ptr[column[k] + 1]):
                        limit = max(limit, limits[need] - offset[k])
                if limit < 0:
                    continue
                n, heap = search(indptr, indices, cost, sources[s], limit, dist, settled, heap)
                for i in range(n):
                    node = settled[i]
                    d = dist[node]
                    dist[node] = _FAR
                    for p in range(place_ptr[node], place_ptr[node + 1]):
                        near = d + place_offset[p]
                        if near > limit:
                            continue
                        for k in range(source_ptr[s], source_ptr[s + 1]):
                            whole = near + offset[k]
                            metre = (whole + 500) // 1000
                            for need in range(need_ptr[column[k]], need_ptr[column[k] + 1]):
                                if whole <= limits[need]:
                                    sums[chunk, place[p], need] += weight[k] * tables[table_of[need], metre]
    total = sums[0]
    for chunk in range(1, n_chunks):
        total += sums[chunk]
    return total
