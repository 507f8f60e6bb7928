"""Trips: three purposes on Newport's streets, one beside cityseer's demand betweenness, and two million nodes alone."""

import resource
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.beside import ask_peer, beside
from benchmarks.measure import Result, Target, warm
from benchmarks.newport import MISSING, at_node, newport
from benchmarks.synthetic import grid_network, opportunities
from geodata.network.flow import Purpose, assign, balance
from geodata.network.graph import Network
from geodata.network.reach import Opportunities

THREE = "Newport: trips for three purposes, both ends balanced, cpu"
DEMAND = "Newport: visits from home on shortest ways, cpu, against cityseer's demand betweenness"
MILLIONS = "2 million nodes: trips of 500,000 origins to 50,000 shops, 800 m"
MILLIONS_GB = "2 million nodes: peak memory of that process"
VISITS_M, DECAY_M = 1200, 300.0


def measure(peers: Path | None) -> Iterator[Result]:
    """All figures of this group; `peers` is the Python in which the peers are installed."""
    targets = {THREE: ("cpu s", Target(1.5)), DEMAND: ("cpu s", Target(10, "ratio", "higher"))}
    if MISSING:
        yield from (Result(name, unit, target, why=MISSING) for name, (unit, target) in targets.items())
    else:
        town = newport()
        shops, homes, stops = (town.opportunities[c] for c in ("occupied", "residents", "departures"))
        three = (
            Purpose("visits", shops, homes, 400.0, 1200.0, constrained="both"),
            Purpose("chains", shops, shops, 250.0, 600.0, constrained="origins"),
            Purpose("stops", stops, homes, 400.0, 1000.0),
        )
        cpu = warm(lambda: trips(town.network, three)).cpu_s
        yield Result(THREE, *targets[THREE], cpu)
        visits = (Purpose("visits", shops, homes, DECAY_M, VISITS_M, 1.0, "origins"),)
        ours = warm(lambda: trips(town.network, visits))
        job = {
            "kind": "demand",
            "node": np.concatenate([homes.at.node, shops.at.node]),
            "weight": np.concatenate([homes.weight, shops.weight]),
            "column": np.repeat(["o", "d"], [len(homes.weight), len(shops.weight)]),
            "limits": np.array([VISITS_M]),
            "steepness": np.array([VISITS_M / DECAY_M]),
        }
        theirs = ask_peer(peers, "cityseer", town.network, [job], repeats=3)
        passing = through_nodes(town.network, ours.value[0])
        yield beside(
            DEMAND, *targets[DEMAND], ours.cpu_s, theirs, lambda sums: _alike(sums[0][0, 0, 0], passing, homes, shops)
        )
    yield from _two_million()


def trips(network: Network, purposes: tuple[Purpose, ...]) -> npt.NDArray[np.float64]:
    """Balanced and assigned, as a build does it; metric distances, as a peer knows no others."""
    cost = network.arc_mm
    return assign(network, cost, purposes, balance(network, cost, purposes))


def through_nodes(network: Network, per_edge: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Half of what passes on the streets that meet at each node."""
    ends = np.concatenate([network.edge_u, network.edge_v])
    return np.bincount(ends, weights=np.tile(per_edge, 2), minlength=network.n_nodes) / 2


def _alike(
    theirs: npt.NDArray[np.float64], ours: npt.NDArray[np.float64], homes: Opportunities, shops: Opportunities
) -> bool:
    # A peer counts nobody at the node where a trip begins or ends; elsewhere both must see the same people.
    between = np.ones(len(ours), dtype=bool)
    between[homes.at.node] = between[shops.at.node] = False
    return bool(np.corrcoef(theirs[between], ours[between])[0, 1] > 0.99)


def _two_million() -> Iterator[Result]:
    network = grid_network(2_000_000)
    shops, homes = (opportunities(network, share, seed=seed) for seed, share in enumerate((0.025, 0.25)))
    given = (Purpose("visits", *(at_node(n, np.ones(len(n))) for n in (shops, homes)), 300.0, 800.0),)
    timing = warm(lambda: trips(network, given), repeats=2)
    yield Result(MILLIONS, "s", Target(10.0), timing.wall_s)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    yield Result(MILLIONS_GB, "GB", Target(3.0), peak)
