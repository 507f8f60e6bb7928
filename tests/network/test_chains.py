"""Chains are a way to store a network, so nothing that is reached may change: against scipy on odd little networks."""

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geodata.network.chains import chains
from geodata.network.graph import Network, Snapped, build_network
from geodata.network.reach import Need, Opportunities, reach


def odd_network(rng: np.random.Generator, *, one_way: bool) -> Network:
    """Bends, parallel streets, loops that come back to their junction, and now and then a ring apart."""
    place = list(rng.uniform(0, 600, (rng.integers(2, 8), 2)))
    n, lines = len(place), []
    for _ in range(rng.integers(1, 12)):
        a, b = rng.integers(0, n, 2)
        bends = rng.integers(3 if a == b else 0, 5)
        lines.append([a, *range(len(place), len(place) + bends), b])
        place += [place[a] + (place[b] - place[a]) * (i + 1) / (bends + 1) + rng.normal(0, 20, 2) for i in range(bends)]
    if rng.random() < 0.4:
        lines.append([*range(len(place), len(place) + 5), len(place)])
        place += list(rng.uniform(0, 300, (5, 2)))
    xy = np.array(place)
    ways = rng.integers(-1, 2, len(lines)).astype(np.int8) if one_way else None
    split = float(rng.choice([30.0, 1e9]))
    return build_network([np.array(ids) for ids in lines], [xy[ids] for ids in lines], split_m=split, oneway=ways)


def distances_mm(network: Network) -> np.ndarray:
    matrix = np.full((network.n_nodes, network.n_nodes), np.inf)
    tail = np.repeat(np.arange(network.n_nodes), np.diff(network.indptr))
    np.minimum.at(matrix, (tail, network.indices), network.arc_mm)
    known = np.isfinite(matrix)
    return dijkstra(csr_array((matrix[known], np.nonzero(known)), shape=matrix.shape))


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("one_way", [False, True])
def test_what_is_reached_is_what_scipy_reaches(seed: int, one_way: bool) -> None:
    rng = np.random.default_rng(seed)
    network = odd_network(rng, one_way=one_way)
    n = network.n_nodes
    at = Snapped(rng.integers(0, n, 8).astype(np.int32), rng.integers(0, 50_000, 8).astype(np.int32))
    places = Snapped(rng.integers(-1, n, 40).astype(np.int32), rng.integers(0, 30_000, 40).astype(np.int32))
    weight = rng.random(8)
    needs = [Need("x", m, d) for m in (20.0, 150.0, 400.0) for d in (None, m / 3)]
    found = reach(network, network.arc_mm, {"x": Opportunities(at, weight)}, needs, places)
    away = distances_mm(network)[at.node][:, places.node] + at.offset_mm[:, None] + places.offset_mm
    for need in needs:
        decay = 1.0 if need.decay is None else np.exp(-np.floor((away + 500) / 1000) / need.decay)
        brute = np.where(away <= need.within * 1000, decay, 0.0).T @ weight
        np.testing.assert_allclose(found[need], np.where(places.node < 0, np.nan, brute), rtol=1e-9, atol=1e-12)


def test_a_street_that_only_bends_is_one_chain() -> None:
    xy = np.array([[0.0, 0.0], [30.0, 0.0], [30.0, 40.0], [60.0, 40.0]])
    network = build_network([np.arange(4)], [xy], split_m=1e9)
    found = chains(network, network.arc_mm)
    assert len(found.indptr) == 3  # two ends
    assert found.length.tolist() == [100_000]
    assert sorted(found.along.tolist()) == [0, 30_000, 70_000, 100_000]
