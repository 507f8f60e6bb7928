"""The kernels of trips: pairs of ends in reach, and trips laid on the streets between them."""

import numba
import numpy as np

from geodata.network.trees import FAR, search_tree

UNIT = 2.0**-30
"""Trips are counted in these, as whole numbers: sums come out the same in any order, and parts can be taken back."""


@numba.njit(cache=True, nogil=True)
def gather_pairs(ptr, count, place, metre, into_place, into_metre):  # type: ignore[no-untyped-def]
    """Put one chunk's pairs where its destinations' rows are."""
    at = 0
    for s in range(len(count)):
        for k in range(count[s]):
            into_place[ptr[s] + k] = place[at]
            into_metre[ptr[s] + k] = metre[at]
            at += 1


@numba.njit(cache=True, nogil=True)
def pairs_chunk(  # type: ignore[no-untyped-def]
    indptr, heads, cost, arc_chain, start, end, length, source_chain, source_along, limits, place_ptr,
    place_along, chunk, n_chunks,
):  # fmt: skip
    n_junctions = len(indptr) - 1
    dist, pred, via = (
        np.full(n_junctions, FAR, np.int32),
        np.empty(n_junctions, np.int32),
        np.empty(n_junctions, np.int32),
    )
    settled, reached, heap = np.empty(n_junctions, np.int32), np.empty(len(length), np.int32), np.empty(1024, np.int64)
    count = np.zeros(len(source_chain), np.int64)
    place, metre, size = np.empty(4096, np.int32), np.empty(4096, np.uint16), 0
    for s in range(chunk, len(source_chain), n_chunks):
        n, n_reached, heap = search_tree(
            indptr, heads, cost, arc_chain, start, end, length, source_chain[s], source_along[s], limits[s],
            dist, pred, via, settled, reached, heap,
        )  # fmt: skip
        for r in range(n_reached):
            chain = reached[r]
            to_start, to_end, through = dist[start[chain]], dist[end[chain]], length[chain]
            for q in range(place_ptr[chain], place_ptr[chain + 1]):
                along = place_along[q]
                near = min(to_start + along, to_end + (through - along))
                if r == 0:
                    near = min(near, abs(along - source_along[s]))
                if near > limits[s]:
                    continue
                if size == len(place):
                    larger, farther = np.empty(2 * size, np.int32), np.empty(2 * size, np.uint16)
                    for old in range(size):
                        larger[old] = place[old]
                        farther[old] = metre[old]
                    place, metre = larger, farther
                place[size], metre[size] = q, (near + 500) // 1000
                size += 1
                count[s] += 1
        for i in range(n):
            dist[settled[i]] = FAR
    return count, place[:size], metre[:size]


@numba.njit(cache=True, nogil=True)
def flows_chunk(  # type: ignore[no-untyped-def]
    indptr, heads, cost, arc_chain, start, end, length, source_chain, source_along, limits, place_ptr,
    place_along, place_slot, base, source_slot, sent, drawn, tables, n_slots, chunk, n_chunks,
):  # fmt: skip
    """Trips by slot and purpose, as steps: what begins to run before a slot, less what ends there."""
    n_junctions, n_purposes = len(indptr) - 1, sent.shape[1]
    dist, pred, via = (
        np.full(n_junctions, FAR, np.int32),
        np.empty(n_junctions, np.int32),
        np.empty(n_junctions, np.int32),
    )
    settled, reached, heap = np.empty(n_junctions, np.int32), np.empty(len(length), np.int32), np.empty(1024, np.int64)
    trips, steps = np.zeros((n_junctions, n_purposes), np.int64), np.zeros((n_slots, n_purposes), np.int64)
    for s in range(chunk, len(source_chain), n_chunks):
        own, own_along, own_slot = source_chain[s], source_along[s], source_slot[s]
        n, n_reached, heap = search_tree(
            indptr, heads, cost, arc_chain, start, end, length, own, own_along, limits[s],
            dist, pred, via, settled, reached, heap,
        )  # fmt: skip
        for r in range(n_reached):
            chain = reached[r]
            to_start, to_end, through = dist[start[chain]], dist[end[chain]], length[chain]
            for q in range(place_ptr[chain], place_ptr[chain + 1]):
                along, slot = place_along[q], place_slot[q]
                by_start, by_end = to_start + along, to_end + (through - along)
                near = min(by_start, by_end)
                direct = r == 0 and abs(along - own_along) <= near
                if direct:
                    near = abs(along - own_along)
                if near > limits[s]:
                    continue
                metre = (near + 500) // 1000
                if direct:
                    low, high, junction = min(slot, own_slot), max(slot, own_slot), -1
                elif by_start <= by_end:
                    low, high, junction = base[chain], slot, start[chain]
                else:
                    low, high, junction = slot, base[chain + 1] - 1, end[chain]
                for p in range(n_purposes):
                    t = np.int64(np.rint(sent[q, p] * drawn[s, p] * tables[metre, p] * (1.0 / UNIT)))
                    if t > 0:
                        steps[low, p] += t
                        steps[high, p] -= t
                        if junction >= 0:
                            trips[junction, p] += t
        for i in range(n - 1, -1, -1):
            junction = settled[i]
            dist[junction] = FAR
            low, high, before = base[via[junction]], base[via[junction] + 1] - 1, pred[junction]
            if before == -1:
                high = own_slot
            elif before == -2:
                low = own_slot
            for p in range(n_purposes):
                t = trips[junction, p]
                if t > 0:
                    trips[junction, p] = 0
                    steps[low, p] += t
                    steps[high, p] -= t
                    if before >= 0:
                        trips[before, p] += t
    return steps
