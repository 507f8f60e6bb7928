"""Trips on the network against brute force: walking every path, origin by origin."""

from itertools import pairwise

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.network.flow import Purpose, assign
from geodata.network.graph import build_network
from geodata.network.reach import Opportunities


@settings(deadline=None, max_examples=10)
@given(seed=st.integers(0, 10_000))
def test_flows_equal_trips_walked_one_by_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    points = rng.uniform(0, 600, (25, 2))
    pairs = {tuple(sorted(rng.choice(25, 2, replace=False).tolist())) for _ in range(50)}  # no street twice: no ties
    network = build_network([np.array(p) for p in sorted(pairs)], [points[list(p)] for p in sorted(pairs)])
    nodes = np.flatnonzero(network.snappable)
    shops, homes = rng.choice(nodes, 5), rng.choice(nodes, 20)
    at = [network.snap(network.xy[n], within_m=1.0) for n in (shops, homes)]
    visits, people = rng.uniform(1, 10, 5), rng.uniform(0, 3, 20)
    purpose = Purpose("visits", Opportunities(at[0], visits), Opportunities(at[1], people), 150.0, 500.0)
    flow = assign(network, network.arc_mm, purpose)

    graph = nx.Graph()
    for edge, (u, v, mm) in enumerate(zip(network.edge_u, network.edge_v, network.edge_mm, strict=True)):
        if not graph.has_edge(u, v) or graph[u][v]["mm"] > mm:
            graph.add_edge(int(u), int(v), mm=int(mm), edge=edge)
    expected = np.zeros(len(flow))
    for shop, draw in zip(at[0].node, visits, strict=True):
        distance, paths = nx.single_source_dijkstra(graph, int(shop), cutoff=500_000, weight="mm")
        share = {
            i: person * np.exp(-np.floor((distance[home] + 500) / 1000) / 150)
            for i, (home, person) in enumerate(zip(at[1].node, people, strict=True))
            if home in distance
        }
        for i, part in share.items():
            path = paths[at[1].node[i]]
            for u, v in pairwise(path):
                expected[graph[u][v]["edge"]] += 2 * draw * part / sum(share.values())
    np.testing.assert_allclose(flow.sum(), expected.sum(), rtol=1e-9)
    np.testing.assert_allclose(np.sort(flow), np.sort(expected), atol=1e-9)


def test_all_visits_of_a_shop_pass_its_door() -> None:
    """A T of streets: homes at both ends of the bar, the shop at the foot: every visit walks the stem both ways."""
    stem, bar = np.array([[0.0, 0.0], [0.0, 100.0]]), np.array([[-100.0, 100.0], [0.0, 100.0], [100.0, 100.0]])
    network = build_network([np.array([1, 2]), np.array([3, 2, 4])], [stem, bar], split_m=1000)
    shop = network.snap(np.array([[0.0, 0.0]]), within_m=1.0)
    homes = network.snap(np.array([[-100.0, 100.0], [100.0, 100.0]]), within_m=1.0)
    flow = assign(
        network,
        network.arc_mm,
        Purpose(
            "visits", Opportunities(shop, np.array([90.0])), Opportunities(homes, np.array([1.0, 2.0])), 400.0, 1000.0
        ),
    )
    assert sorted(flow.round(6)) == [60, 120, 180]


def test_a_shop_with_nobody_near_draws_no_trips() -> None:
    network = build_network([np.arange(2)], [np.array([[0.0, 0.0], [900.0, 0.0]])])
    ends = [network.snap(np.array([[x, 0.0]]), within_m=1.0) for x in (0.0, 900.0)]
    purpose = Purpose("visits", Opportunities(ends[0], np.ones(1)), Opportunities(ends[1], np.ones(1)), 400.0, 500.0)
    assert assign(network, network.arc_mm, purpose).sum() == 0
