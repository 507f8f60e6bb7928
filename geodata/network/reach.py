"""Reach: how many opportunities every place can walk to, for all layers in one traversal.

The search runs from the opportunities outward and scatters onto the places it meets, which on an undirected
network (or one whose arcs point towards the places) equals searching from every place, at a fraction of the work.
Only junctions are searched; nodes on the chains of street between them follow from the distances of both ends.
Distance = straight way from the opportunity to its node + shortest path + straight way from the place's node,
in integer millimetres (or milliseconds). Decay is read from a table by whole metre, rounded to the nearest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numba
import numpy as np
import numpy.typing as npt

from geodata.network.chains import chains
from geodata.network.graph import Floats, Ints, Network, Snapped
from geodata.network.turns import KERNELS

N_CHUNKS = 4
"""Work is always cut in as many parts, so that sums come out the same on any number of cores."""

_BLOCK = 32
_FAR = 1 << 30
_BUCKET_BITS = 14
"""Nodes wait in buckets of 2¹⁴ mm (16 m), or as many milliseconds: far cheaper than a heap, and as exact."""


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

    streets = chains(network, arc_cost)
    placed = np.flatnonzero(places.node >= 0)
    chain = streets.chain[places.node[placed]]
    placed = placed[np.argsort(chain, kind="stable")]
    place_ptr = np.zeros(len(streets.length) + 1, dtype=np.int64)
    np.cumsum(np.bincount(chain, minlength=len(streets.length)), out=place_ptr[1:])

    with KERNELS:
        sums = _scatter(
            streets.indptr, streets.heads, streets.cost, streets.arc_chain, streets.start, streets.end, streets.length,
            streets.chain[sources], streets.along[sources], source_ptr, offset, column, weight,
            place_ptr, streets.along[places.node[placed]], places.offset_mm[placed],
            need_ptr.astype(np.int64), limits, table_of, tables, (limits.max() >> _BUCKET_BITS) + 1, N_CHUNKS,
        )  # fmt: skip
    total = np.full((len(places), len(needs)), np.nan)
    total[placed] = sums.sum(axis=0)
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
def _search(indptr, heads, cost, limit, dist, source, met_by, met, first, queue, size):  # type: ignore[no-untyped-def]
    """Shortest ways up to `limit` from the junctions that wait; one whose way gets shorter is looked at again.

    Rows of the queue: junction, distance, next row of the same bucket; `first` has each bucket's first row.
    Lists the junctions met, marking them with the source. Returns how many, and the queue, which may have grown;
    buckets are empty again, `dist` is the caller's to set back.
    """
    n = 0
    for bucket in range((limit >> _BUCKET_BITS) + 1):
        while first[bucket] >= 0:
            row = first[bucket]
            node, d = queue[row, 0], queue[row, 1]
            first[bucket] = queue[row, 2]
            if d > dist[node]:
                continue
            if met_by[node] != source:
                met_by[node] = source
                met[n] = node
                n += 1
            for a in range(indptr[node], indptr[node + 1]):
                further = d + cost[a]
                head = heads[a]
                if further <= limit and further < dist[head]:
                    dist[head] = further
                    if size == len(queue):
                        larger = np.empty((2 * size, 3), np.int32)
                        for old in range(size):  # a slice assignment would triple the time to compile
                            for part in range(3):
                                larger[old, part] = queue[old, part]
                        queue = larger
                    to = further >> _BUCKET_BITS
                    queue[size, 0], queue[size, 1], queue[size, 2] = head, further, first[to]
                    first[to] = size
                    size += 1
    return n, queue


@numba.njit(cache=True, nogil=True)
def _scatter_chunk(  # type: ignore[no-untyped-def]
    indptr, heads, cost, arc_chain, start, end, length,
    source_chain, source_along, source_ptr, offset, column, weight,
    place_ptr, place_along, place_offset, need_ptr, limits, table_of, tables, n_buckets, n_chunks, chunk, sums,
):  # fmt: skip
    """Add what one part of the sources gives to the places' sums."""
    dist = np.full(len(indptr) - 1, _FAR, np.int32)
    met_by, met = np.full(len(dist), -1, np.int32), np.empty(len(dist), np.int32)
    reached = np.empty(len(length), np.int32)
    first = np.full(n_buckets, -1, np.int32)
    queue = np.empty((4096, 3), np.int32)
    for block in range(chunk * _BLOCK, len(source_chain), n_chunks * _BLOCK):
        for s in range(block, min(block + _BLOCK, len(source_chain))):
            limit, k0, k1 = np.int32(-1), source_ptr[s], source_ptr[s + 1]
            for k in range(k0, k1):
                for need in range(need_ptr[column[k]], need_ptr[column[k] + 1]):
                    limit = max(limit, limits[need] - offset[k])
            if limit < 0:
                continue
            own, own_along, size = source_chain[s], source_along[s], np.int64(0)
            for at, d in ((start[own], own_along), (end[own], np.int32(length[own] - own_along))):
                if d <= limit and d < dist[at]:
                    dist[at] = d
                    to = d >> _BUCKET_BITS
                    queue[size, 0], queue[size, 1], queue[size, 2] = at, d, first[to]
                    first[to] = size
                    size += 1
            n, queue = _search(indptr, heads, cost, limit, dist, s, met_by, met, first, queue, size)
            reached[0], n_reached = own, 1
            for i in range(n):
                if len(arc_chain) == 0:
                    if met[i] != own:
                        reached[n_reached] = met[i]
                        n_reached += 1
                    continue
                for a in range(indptr[met[i]], indptr[met[i] + 1]):
                    chain = arc_chain[a]
                    if chain < 0:
                        chain = ~chain
                        if dist[start[chain]] < _FAR:  # listed from its start
                            continue
                    if chain != own:
                        reached[n_reached] = chain
                        n_reached += 1
            for i in range(n_reached):
                chain = reached[i]
                to_start, to_end, through = dist[start[chain]], dist[end[chain]], length[chain]
                for p in range(place_ptr[chain], place_ptr[chain + 1]):
                    along = place_along[p]
                    near = min(to_start + along, to_end + (through - along))
                    if i == 0:
                        near = min(near, abs(along - own_along))
                    near += place_offset[p]
                    if near > limit:
                        continue
                    for k in range(k0, k1):
                        whole, w = near + offset[k], weight[k]
                        metre = np.uint32(whole + 500) // np.uint32(1000)
                        for need in range(need_ptr[column[k]], need_ptr[column[k] + 1]):
                            if whole <= limits[need]:
                                sums[p, need] += w * tables[table_of[need], metre]
            for i in range(n):
                dist[met[i]] = _FAR


@numba.njit(cache=True, nogil=True, parallel=True)
def _scatter(  # type: ignore[no-untyped-def]
    indptr, heads, cost, arc_chain, start, end, length,
    source_chain, source_along, source_ptr, offset, column, weight,
    place_ptr, place_along, place_offset, need_ptr, limits, table_of, tables, n_buckets, n_chunks,
):  # fmt: skip
    sums = np.zeros((n_chunks, len(place_along), len(limits)))
    for chunk in numba.prange(n_chunks):
        _scatter_chunk(
            indptr, heads, cost, arc_chain, start, end, length,
            source_chain, source_along, source_ptr, offset, column, weight,
            place_ptr, place_along, place_offset, need_ptr, limits, table_of, tables, n_buckets, n_chunks,
            chunk, sums[chunk],
        )  # fmt: skip
    return sums
