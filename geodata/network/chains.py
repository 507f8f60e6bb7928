"""The network as its junctions and the chains between them: most nodes of a street map only bend a street."""

from dataclasses import dataclass

import numba
import numpy as np
import numpy.typing as npt

from geodata.network.graph import Ints, Network


@dataclass(frozen=True, eq=False)
class Chains:
    """Junctions, and the chains of street between them, for one cost by arc.

    indptr, heads, cost: arcs from junction to junction. arc_chain: the chain each runs along, ~chain if from its end
    to its start. start, end, length: each chain's ends and cost.
    chain, along: where each node of the network lies, a junction at an end of one of its chains.
    base, slot, edge_slot: a chain of m pieces has the slots base[c] … base[c] + m, one before each piece and one at its
    end; slot is where a node lies in that row, edge_slot the slot before each edge of the network.
    On a network with one-way arcs every node is a junction and a chain of its own, and `arc_chain` is empty.
    """

    indptr: npt.NDArray[np.int64]
    heads: Ints
    cost: Ints
    arc_chain: Ints
    start: Ints
    end: Ints
    length: Ints
    chain: Ints
    along: Ints
    base: Ints
    slot: Ints
    edge_slot: Ints


def chains(network: Network, arc_cost: Ints) -> Chains:
    """The chains of a network; an arc and its way back must cost the same."""
    n = network.n_nodes
    if len(network.indices) != 2 * len(network.edge_u):
        nodes, nothing = np.arange(n, dtype=np.int32), np.zeros(n, np.int32)
        no_arc = np.zeros(0, np.int32)
        return Chains(
            network.indptr, network.indices, arc_cost, no_arc, nodes, nodes, nothing, nodes, nothing,
            np.arange(n + 1, dtype=np.int32), nodes, no_arc,
        )  # fmt: skip
    junction = np.diff(network.indptr) != 2
    _mark_rings(network.indptr, network.indices, network.arc_edge, junction)
    junctions, rank = np.flatnonzero(junction), np.cumsum(junction, dtype=np.int32) - 1
    indptr = np.zeros(len(junctions) + 1, np.int64)
    np.cumsum(np.diff(network.indptr)[junctions], out=indptr[1:])
    heads, cost, arc_chain = np.empty((3, indptr[-1]), np.int32)
    start, end, length = np.zeros((3, len(network.edge_u) + len(junctions)), np.int32)
    chain, along = np.full(n, -1, np.int32), np.zeros(n, np.int32)
    of_edge = np.full(len(network.edge_u), -1, np.int32)
    base, slot, edge_slot = np.zeros(len(start) + 1, np.int32), np.zeros(n, np.int32), np.zeros_like(of_edge)
    k = _walk(
        network.indptr, network.indices, arc_cost, network.arc_edge, junction, junctions, rank,
        heads, cost, arc_chain, start, end, length, chain, along, of_edge, base, slot, edge_slot,
    )  # fmt: skip
    return Chains(
        indptr, heads, cost, arc_chain, start[:k], end[:k], length[:k], chain, along, base[: k + 1], slot, edge_slot
    )


@numba.njit(cache=True, nogil=True)
def _onward(indptr, arc_edge, node, edge):  # type: ignore[no-untyped-def]
    """The arc by which a street goes on through a node that only bends it."""
    arc = indptr[node]
    return arc + 1 if arc_edge[arc] == edge else arc


@numba.njit(cache=True, nogil=True)
def _mark_rings(indptr, indices, arc_edge, junction):  # type: ignore[no-untyped-def]
    """A ring of streets without any junction gets one: its first node."""
    passed = junction.copy()
    for ring in (False, True):
        for node in range(len(junction)):
            if ring and not passed[node]:
                junction[node] = passed[node] = True
            elif ring or not junction[node]:
                continue
            for first in range(indptr[node], indptr[node + 1]):
                arc = first
                while not passed[indices[arc]]:
                    passed[indices[arc]] = True
                    arc = _onward(indptr, arc_edge, indices[arc], arc_edge[arc])


@numba.njit(cache=True, nogil=True)
def _walk(  # type: ignore[no-untyped-def]
    indptr, indices, arc_cost, arc_edge, junction, junctions, rank,
    heads, cost, arc_chain, start, end, length, chain, along, of_edge, base, slot, edge_slot,
):  # fmt: skip
    """Fill the arrays of `Chains`; returns the number of chains. `of_edge`: the chain of its first and last edge."""
    n, out = 0, 0
    for j in range(len(junctions)):
        here = junctions[j]
        for first in range(indptr[here], indptr[here + 1]):
            walked = of_edge[arc_edge[first]]
            if walked >= 0:
                heads[out], cost[out], arc_chain[out] = start[walked], length[walked], ~walked
                at, end_on, here_slot = walked, length[walked], base[walked + 1] - 1
            else:
                node, total, edge = indices[first], arc_cost[first], arc_edge[first]
                of_edge[edge] = n
                last = base[n]
                edge_slot[edge] = last
                while not junction[node]:
                    last += 1
                    chain[node], along[node], slot[node] = n, total, last
                    onward = _onward(indptr, arc_edge, node, edge)
                    node, edge = indices[onward], arc_edge[onward]
                    edge_slot[edge] = last
                    total += arc_cost[onward]
                of_edge[edge] = n
                base[n + 1] = last + 2
                start[n], end[n], length[n] = j, rank[node], total
                heads[out], cost[out], arc_chain[out] = rank[node], total, n
                at, end_on, here_slot = n, 0, base[n]
                n += 1
            if chain[here] < 0:
                chain[here], along[here], slot[here] = at, end_on, here_slot
            out += 1
        if chain[here] < 0:  # no street at all: a chain of nothing but itself
            start[n], end[n], chain[here], slot[here] = j, j, n, base[n]
            base[n + 1] = base[n] + 1
            n += 1
    return n
