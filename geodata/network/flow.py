"""Trips on the network: people spread over shortest ways to what draws them, summed by piece of street.

A trip runs between an origin and a destination, T = O·a · D·b · f(d): f falls with perceived distance, a and b are the
balancing factors of either end (Wilson's entropy model), so that trips add up to what is known of it. Factors are
estimated once and stored: with the same factors, what some of the origins add can be taken back to the last bit.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal

import numba
import numpy as np

from geodata.network.balancing import Pairs, balancing_factors
from geodata.network.chains import Chains, chains
from geodata.network.graph import Floats, Ints, Network
from geodata.network.reach import N_CHUNKS, Opportunities
from geodata.network.trips import UNIT, flows_chunk, gather_pairs, pairs_chunk


@dataclass(frozen=True, eq=False)
class Purpose:
    """One kind of trip between origins and destinations, both with weights in visits a day or as they compare.

    constrained: the ends whose weights the trips add up to. "destinations": every destination draws its weight from
    the origins around it; "origins": every origin sends its weight; "both": every origin does, and destinations
    keep their proportions as far as the origins allow. f(d) = exp(−d / decay_m), up to limit_m perceived metres.
    """

    name: str
    destinations: Opportunities
    origins: Opportunities
    decay_m: float
    limit_m: float
    trips_per_visit: float = 2.0
    constrained: Literal["destinations", "origins", "both"] = "destinations"


@dataclass(frozen=True, eq=False)
class Balance:
    """Balancing factors by purpose and node, shape (purposes, nodes); NaN where no origin or destination was."""

    origins: Floats
    destinations: Floats


def balance(network: Network, arc_cost: Ints, purposes: Sequence[Purpose]) -> Balance:
    """The factors with which trips add up; ends with nobody in reach get 0, their trips are lost."""
    ground = _Ground(network, arc_cost, purposes)
    reached = ground.pairs()
    origins = np.full((len(purposes), network.n_nodes), np.nan)
    destinations = origins.copy()
    for p, purpose in enumerate(purposes):
        origin, draw, table = ground.origin[p], ground.draw[p], ground.tables[p]
        sent, drawn = balancing_factors(purpose.constrained, origin, draw, reached, table)
        origins[p, ground.places] = np.where(origin > 0, sent, np.nan)
        destinations[p, ground.sources] = np.where(draw > 0, drawn, np.nan)
    return Balance(origins, destinations)


def assign(network: Network, arc_cost: Ints, purposes: Sequence[Purpose], factors: Balance) -> Floats:
    """Trips per purpose and edge a day, both directions together, shape (purposes, edges), in multiples of `UNIT`.

    An arc and its way back must cost the same. `factors` may come from other weights, or a larger set of origins:
    nodes without a factor send and draw nothing.
    """
    ground = _Ground(network, arc_cost, purposes)
    per_visit = np.array([[p.trips_per_visit] for p in purposes])
    sent = ground.origin * np.nan_to_num(factors.origins[:, ground.places])
    drawn = ground.draw * np.nan_to_num(factors.destinations[:, ground.sources]) * per_visit
    return ground.flows(sent, drawn)


class _Ground:
    """Origins and destinations of some purposes laid on the chains of a network."""

    def __init__(self, network: Network, arc_cost: Ints, purposes: Sequence[Purpose]) -> None:
        self.streets: Chains = chains(network, arc_cost)
        if not len(self.streets.arc_chain) and len(network.indices):
            raise ValueError("trips need a network that can be walked both ways")
        origin = np.array([_at_nodes(network, p.origins) for p in purposes])
        draw = np.array([_at_nodes(network, p.destinations) for p in purposes])
        chain = self.streets.chain
        places, self.sources = np.flatnonzero(origin.any(axis=0)), np.flatnonzero(draw.any(axis=0))
        self.places = places[np.argsort(chain[places], kind="stable")]
        self.origin, self.draw = origin[:, self.places], draw[:, self.sources]
        self.place_ptr = np.zeros(len(self.streets.length) + 1, np.int64)
        np.cumsum(np.bincount(chain[self.places], minlength=len(self.streets.length)), out=self.place_ptr[1:])
        limit_m = np.array([int(p.limit_m) for p in purposes])
        metres = np.arange(limit_m.max() + 2)
        self.tables = np.array([np.exp(-metres / p.decay_m) * (metres <= int(p.limit_m)) for p in purposes])
        wanted = (self.draw > 0) * limit_m[:, None]
        self.limits = (wanted.max(axis=0, initial=0) * 1000 + 499).astype(np.int32)

    def pairs(self) -> "Pairs":
        """Every destination with the origins in its reach."""
        s = self.streets
        found = self._in_chunks(pairs_chunk, (*self._search_arguments(), s.along[self.places]))
        count = np.zeros(len(self.sources) + 1, np.int64)
        for part in found:
            count[1:] += part[0]
        ptr = np.cumsum(count)
        place, metre = np.empty(ptr[-1], np.int32), np.empty(ptr[-1], np.uint16)
        for part in found:
            count_here, places_here, metres_here = part
            gather_pairs(ptr, count_here, places_here, metres_here, place, metre)
        return Pairs(ptr, place, metre)

    def flows(self, sent: Floats, drawn: Floats) -> Floats:
        """Trips by purpose and edge, given what origins send and destinations draw, factors included."""
        s = self.streets
        sums = np.zeros((len(sent), len(s.edge_slot) + len(s.length)), np.int64)
        sent, drawn = np.ascontiguousarray(sent.T), np.ascontiguousarray(drawn.T)
        given = (
            *self._search_arguments(), s.along[self.places], s.slot[self.places], s.base, s.slot[self.sources],
            sent, drawn, np.ascontiguousarray(self.tables.T), sums.shape[1],
        )  # fmt: skip
        for part in self._in_chunks(flows_chunk, given):
            sums += part.T
        return np.asarray(np.cumsum(sums, axis=1)[:, s.edge_slot] * UNIT, dtype=np.float64)

    def _search_arguments(self) -> tuple[Any, ...]:
        s = self.streets
        return (
            s.indptr, s.heads, s.cost, s.arc_chain, s.start, s.end, s.length,
            s.chain[self.sources], s.along[self.sources], self.limits, self.place_ptr,
        )  # fmt: skip

    def _in_chunks(self, kernel: Callable[..., Any], given: tuple[Any, ...]) -> list[Any]:
        """Kernels without the lock of Python, in threads: no threading layer of numba's to quarrel about."""
        with ThreadPoolExecutor(min(N_CHUNKS, numba.get_num_threads())) as pool:
            return list(pool.map(lambda chunk: kernel(*given, chunk, N_CHUNKS), range(N_CHUNKS)))


def _at_nodes(network: Network, points: Opportunities) -> Floats:
    used = (points.at.node >= 0) & ~np.isnan(points.weight)
    return np.bincount(points.at.node[used], weights=points.weight[used], minlength=network.n_nodes).astype(np.float64)
