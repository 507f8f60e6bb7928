"""Shortest ways from one place to the junctions around it, and the chains of street they touch: a compiled kernel."""

import numba
import numpy as np

FAR = 1 << 30


@numba.njit(cache=True, nogil=True)
def push(heap, size, key):  # type: ignore[no-untyped-def]
    if size == len(heap):
        larger = np.empty(2 * size, np.int64)
        for old in range(size):  # a slice assignment would triple the time to compile
            larger[old] = heap[old]
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
def sift(heap, size, key):  # type: ignore[no-untyped-def]
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
def search_tree(  # type: ignore[no-untyped-def]
    indptr, heads, cost, arc_chain, start, end, length, own, own_along, limit, dist, pred, via, settled, reached, heap,
):  # fmt: skip
    """Bounded Dijkstra over junctions, from a place on the chain `own`; arguments as in `Chains`, `dist` all far.

    Fills `settled` in order of distance, `via` (the chain by which a junction was reached) and `pred` (the junction
    before it, −1 and −2 from the source by its chain's start and end), and `reached`: `own`, then every other chain
    with an end in reach, once. Returns how many settled and reached, and the heap, which may have grown; setting
    `dist` back is the caller's.
    """
    size, n = 0, 0
    for side in range(2):
        at, d = (start[own], own_along) if side == 0 else (end[own], np.int32(length[own] - own_along))
        if d <= limit and d < dist[at]:
            dist[at], pred[at], via[at] = d, -1 - side, own
            heap = push(heap, size, (np.int64(d) << 32) | np.int64(at))
            size += 1
    while size > 0:
        key = heap[0]
        size -= 1
        if size > 0:
            sift(heap, size, heap[size])
        d, node = np.int32(key >> 32), np.int32(key & 0xFFFFFFFF)
        if d > dist[node]:
            continue
        settled[n] = node
        n += 1
        for a in range(indptr[node], indptr[node + 1]):
            further, head = d + cost[a], heads[a]
            if further <= limit and further < dist[head]:
                chain = arc_chain[a]
                dist[head], pred[head], via[head] = further, node, chain if chain >= 0 else ~chain
                heap = push(heap, size, (np.int64(further) << 32) | np.int64(head))
                size += 1
    reached[0], n_reached = own, 1
    for i in range(n):
        for a in range(indptr[settled[i]], indptr[settled[i] + 1]):
            chain = arc_chain[a]
            if chain < 0:
                chain = ~chain
                if dist[start[chain]] < FAR:  # listed from its start
                    continue
            if chain != own:
                reached[n_reached] = chain
                n_reached += 1
    return n, n_reached, heap
