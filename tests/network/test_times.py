"""Travel times to shops: against scipy on random streets, one-way streets included."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geodata.network.graph import Network, Snapped, build_network
from geodata.network.times import NO_WAY, ticks_from, ticks_to


def network_of(rng: np.random.Generator, n: int) -> Network:
    """Random lines between n points 100 m apart at most a kilometre, some of them one-way."""
    xy = rng.uniform(0, 1000, (n, 2))
    pairs = [rng.choice(n, 2, replace=False) for _ in range(2 * n)]
    lines = [np.array(p, dtype=np.int64) for p in pairs]
    return build_network(lines, [xy[p] for p in pairs], oneway=rng.integers(-1, 2, len(lines)).astype(np.int8))


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 10_000), limit=st.sampled_from([5.0, 12.0, 600.0]))
def test_times_are_those_of_scipy_from_home_to_shop(seed: int, limit: float) -> None:
    rng = np.random.default_rng(seed)
    network = network_of(rng, 12)
    cost = network.arc_mm
    homes, shops = (
        Snapped(rng.integers(-1, network.n_nodes, k).astype(np.int32), rng.integers(0, 50_000, k).astype(np.int32))
        for k in (7, 4)
    )
    found = ticks_to(network, cost, homes, shops, per_minute=80_000, limit_minutes=limit)
    back = ticks_from(network, cost, homes, shops, per_minute=80_000, limit_minutes=limit)
    assert np.array_equal(back.T, found)  # the same ways, searched from the other end
    graph = np.full((network.n_nodes,) * 2, np.inf)
    tail = np.repeat(np.arange(network.n_nodes), np.diff(network.indptr))
    np.minimum.at(graph, (tail, network.indices), cost)
    graph[np.isinf(graph)] = 0
    ways = dijkstra(csr_array(graph))
    for i in range(7):
        for j in range(4):
            mm = ways[homes.node[i], shops.node[j]] + homes.offset_mm[i] + shops.offset_mm[j]
            if homes.node[i] < 0 or shops.node[j] < 0 or mm > limit * 80_000:
                assert found[i, j] == NO_WAY
            else:
                assert found[i, j] == pytest.approx(mm / 800, abs=0.51)
