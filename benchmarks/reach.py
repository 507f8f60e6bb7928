"""The reach kernel beside cityseer, pandana and scipy, on Newport's streets; and alone on two million nodes."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from benchmarks.beside import ask_peer, beside
from benchmarks.measure import Result, Target, Timing, warm
from benchmarks.newport import MISSING, Newport, at_node, newport
from benchmarks.synthetic import grid_network, opportunities
from geodata.network.graph import Network, Snapped
from geodata.network.reach import Need, Opportunities, reach

LIMITS_M = (400, 800, 1200)
CITYSEER_STEEPNESS = 4.0
"""cityseer's own default: a weight falls to exp(−4) at the limit."""

SHOPS_CITYSEER = "Newport: shops in 400/800/1,200 m with decay, cpu, against cityseer"
SHOPS_PANDANA = "Newport: shops in 400/800/1,200 m with decay, cpu, against pandana"
ALL_CITYSEER = "Newport: all layers on foot in one call, cpu, against cityseer"
EQUAL = "Newport: counts and sums equal to scipy's"
MILLIONS = "2 million nodes: 50,000 shops in 400/800 m with decay, every node"


def measure(peers: Path | None) -> Iterator[Result]:
    """All figures of this group; `peers` is the Python in which the peers are installed."""
    targets = {
        SHOPS_CITYSEER: ("cpu s", Target(100, "ratio", "higher")),
        SHOPS_PANDANA: ("cpu s", Target(5, "ratio", "higher")),
        EQUAL: ("share of sampled nodes", Target(1.0, better="higher")),
        ALL_CITYSEER: ("cpu s", Target(15, "ratio", "higher")),
    }
    if MISSING:
        yield from (Result(name, unit, target, why=MISSING) for name, (unit, target) in targets.items())
    else:
        town = newport()
        shops = town.opportunities["occupied"]
        needs = [Need("occupied", m, d) for m in LIMITS_M for d in (None, m / CITYSEER_STEEPNESS)]
        ours = _ours(town, needs)
        for name, peer, steepness in (
            (SHOPS_CITYSEER, "cityseer", CITYSEER_STEEPNESS), (SHOPS_PANDANA, "pandana", 1.0),
        ):  # fmt: skip
            job = _job("count", [shops], LIMITS_M, (0.0, steepness))
            theirs = ask_peer(peers, peer, town.network, [job], repeats=3)
            agree = np.stack([ours.value[Need("occupied", m)] for m in LIMITS_M])
            yield beside(name, *targets[name], ours.cpu_s, theirs, lambda sums, a=agree: _close(sums[0][0, 0], a))
        yield _equal_to_scipy(town, needs, ours.value, *targets[EQUAL])
        every = _ours(town, town.needs)
        asked, check = _layer_jobs(town, every.value)
        theirs = ask_peer(peers, "cityseer", town.network, asked, repeats=1)
        yield beside(ALL_CITYSEER, *targets[ALL_CITYSEER], every.cpu_s, theirs, check)
    yield _two_million()


def _ours(town: Newport, needs: list[Need] | tuple[Need, ...]) -> "Timing[dict[Need, npt.NDArray[np.float64]]]":
    cost = town.network.arc_mm
    return warm(lambda: reach(town.network, cost, town.opportunities, needs, town.everywhere))


def _job(
    kind: str, given: list[Opportunities], limits: tuple[int, ...], steepness: tuple[float, ...]
) -> dict[str, object]:
    return {
        "kind": kind,
        "node": np.concatenate([o.at.node for o in given]),
        "weight": np.concatenate([o.weight for o in given]),
        "column": np.repeat([f"{i:03}" for i in range(len(given))], [len(o.weight) for o in given]),
        "limits": np.array(limits),
        "steepness": np.array(steepness),
    }


def _layer_jobs(town: Newport, ours: dict[Need, npt.NDArray[np.float64]]):  # type: ignore[no-untyped-def]
    """What the layers need, in as few and light traversals as cityseer allows: it counts premises, we weigh them."""
    weighted = ("residents", "departures", "car_parking")
    counted = sorted({n.column for n in town.needs} - set(weighted))
    steepness = sorted({n.within / n.decay for n in town.needs if n.column in counted and n.decay})
    limits = tuple(sorted({int(n.within) for n in town.needs if n.column in counted}))
    jobs = [_job("count", [town.opportunities[c] for c in counted], limits, tuple(steepness))]
    needs = {n.column: n for n in town.needs if n.column in weighted}
    for column in weighted:
        need = needs[column]
        fall = need.within / need.decay if need.decay else 0.0
        jobs.append(_job("sum", [town.opportunities[column]], (int(need.within),), (fall,)))

    def check(sums: tuple[npt.NDArray[np.float64], ...]) -> bool:
        pairs = [(sums[i][0, 0, 0], ours[needs[c]]) for i, c in enumerate(weighted, start=1)]
        return all(np.corrcoef(theirs, mine)[0, 1] > 0.99 for theirs, mine in pairs)

    return jobs, check


def _close(theirs: npt.NDArray[np.float64], ours: npt.NDArray[np.float64]) -> bool:
    # Peers keep lengths in floating-point metres, so a shop at the very limit may fall on the other side.
    return bool(np.mean(np.abs(theirs - ours) <= 1) > 0.99)


def _equal_to_scipy(
    town: Newport, needs: list[Need], ours: dict[Need, npt.NDArray[np.float64]], unit: str, target: Target
) -> Result:
    """Each sampled node searched by scipy on the same integer millimetres; decay by whole metre, as we define it."""
    network, shops = town.network, town.opportunities["occupied"]
    sample = np.sort(np.random.default_rng(0).choice(network.n_nodes, 500, replace=False))
    distance = dijkstra(shortest_arcs(network), indices=sample, limit=1000.0 * max(LIMITS_M))[:, shops.at.node]
    equal = np.ones(len(sample), dtype=bool)
    for need in needs:
        within = distance <= need.within * 1000
        decay = np.exp(-np.floor((distance + 500) / 1000) / need.decay) if need.decay else 1.0
        brute = np.where(within, decay * shops.weight, 0.0).sum(axis=1)
        mine = ours[need][sample]
        equal &= (brute == mine) if need.decay is None else np.isclose(brute, mine, rtol=1e-9)
    return Result(
        name=EQUAL, unit=unit, target=target, ours=float(equal.mean()), reference=1.0, reference_kind="scipy dijkstra"
    )


def shortest_arcs(network: Network) -> csr_array:
    """The network as scipy takes it: of parallel arcs the shortest."""
    tail = np.repeat(np.arange(network.n_nodes), np.diff(network.indptr))
    order = np.lexsort((network.arc_mm, network.indices, tail))
    tail, head, mm = tail[order], network.indices[order], network.arc_mm[order].astype(np.float64)
    first = np.append(True, (np.diff(tail) != 0) | (np.diff(head) != 0))
    shape = (network.n_nodes, network.n_nodes)
    return csr_array((mm[first], (tail[first], head[first])), shape=shape)


def _two_million() -> Result:
    network = grid_network(2_000_000)
    nodes = opportunities(network, 0.025)
    given = {"shops": at_node(nodes, np.ones(len(nodes)))}
    needs = [Need("shops", m, d) for m in (400, 800) for d in (None, m / CITYSEER_STEEPNESS)]
    everywhere = Snapped(np.arange(network.n_nodes, dtype=np.int32), np.zeros(network.n_nodes, np.int32))
    cost = network.arc_mm
    timing = warm(lambda: reach(network, cost, given, needs, everywhere), repeats=3)
    return Result(MILLIONS, "s", Target(2.0), timing.wall_s)
