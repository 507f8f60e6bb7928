"""Trips on the network against brute force: walking every path, origin by origin; balances against scipy."""

from itertools import pairwise
from typing import Literal

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_chains import odd_network

from geodata.network.flow import Balance, Purpose, assign, balance
from geodata.network.graph import Network, Snapped, build_network
from geodata.network.reach import Opportunities
from geodata.network.trips import UNIT

Ends = Literal["destinations", "origins", "both"]


def at(nodes: np.ndarray, weights: np.ndarray) -> Opportunities:
    return Opportunities(Snapped(nodes.astype(np.int32), np.zeros(len(nodes), np.int32)), weights)


def drawn(rng: np.random.Generator, network: Network, ends: Ends, n: int = 20) -> Purpose:
    nodes = np.arange(network.n_nodes)
    shops, homes = rng.choice(nodes, 5), rng.choice(nodes, n)
    visits, people = rng.uniform(1, 10, 5), rng.uniform(0.5, 3, n)
    return Purpose("visits", at(shops, visits), at(homes, people), 150.0, 500.0, constrained=ends)


def walked(network: Network, purpose: Purpose, factors: Balance, p: int = 0) -> tuple[np.ndarray, dict[int, float]]:
    """Every trip walked along its path: flows by edge, and trips by origin node."""
    graph = nx.Graph()
    for edge, (u, v, mm) in enumerate(zip(network.edge_u, network.edge_v, network.edge_mm, strict=True)):
        if not graph.has_edge(u, v) or graph[u][v]["mm"] > mm:
            graph.add_edge(int(u), int(v), mm=int(mm), edge=edge)
    graph.add_nodes_from(range(network.n_nodes))
    flow, sent = np.zeros(len(network.edge_u)), {}
    for shop, draw in zip(purpose.destinations.at.node.tolist(), purpose.destinations.weight, strict=True):
        distance, paths = nx.single_source_dijkstra(graph, shop, weight="mm")
        for home, person in zip(purpose.origins.at.node.tolist(), purpose.origins.weight, strict=True):
            metre = (distance.get(home, 10**9) + 500) // 1000
            if metre > purpose.limit_m:
                continue
            a, b = factors.origins[p, home], factors.destinations[p, shop]
            trips = purpose.trips_per_visit * person * a * draw * b * np.exp(-metre / purpose.decay_m)
            sent[home] = sent.get(home, 0.0) + trips / purpose.trips_per_visit
            for u, v in pairwise(paths[home]):
                flow[graph[u][v]["edge"]] += trips
    return flow, sent


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10_000), ends=st.sampled_from(["destinations", "origins", "both"]))
def test_flows_equal_trips_walked_one_by_one(seed: int, ends: Ends) -> None:
    rng = np.random.default_rng(seed)
    network = odd_network(rng, one_way=False)
    purpose = drawn(rng, network, ends)
    factors = balance(network, network.arc_mm, [purpose])
    flow = assign(network, network.arc_mm, [purpose], factors)[0]
    expected, _ = walked(network, purpose, factors)
    assert flow.min() >= 0
    np.testing.assert_allclose(flow @ network.edge_mm, expected @ network.edge_mm, rtol=1e-6)
    if len({(u, v) for u, v in np.sort([network.edge_u, network.edge_v], axis=0).T.tolist()}) == len(flow):
        np.testing.assert_allclose(flow, expected, atol=1e-6)


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10_000))
def test_trips_add_up_at_the_ends_that_are_constrained(seed: int) -> None:
    rng = np.random.default_rng(seed)
    network = odd_network(rng, one_way=False)
    both, one = drawn(rng, network, "both"), drawn(rng, network, "destinations")
    factors = balance(network, network.arc_mm, [both, one])
    _, sent = walked(network, both, factors)
    people = np.bincount(both.origins.at.node, weights=both.origins.weight, minlength=network.n_nodes)
    for home, trips in sent.items():
        assert trips == pytest.approx(people[home], rel=1e-9)
    _, sent = walked(network, one, factors, 1)
    served = factors.destinations[1][one.destinations.at.node] > 0
    assert sum(sent.values()) == pytest.approx(one.destinations.weight[served].sum(), rel=1e-9)


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10_000))
def test_what_some_origins_add_is_taken_back_to_the_last_bit(seed: int) -> None:
    """Origins at nodes of their own: the flow of all, less that of some, is the flow of the others, without rest."""
    rng = np.random.default_rng(seed)
    network = odd_network(rng, one_way=False)
    purpose = drawn(rng, network, "both", n=1)
    homes = np.arange(network.n_nodes)
    people = rng.uniform(0, 3, len(homes))
    some = rng.random(len(homes)) < 0.3

    def of(weights: np.ndarray) -> Purpose:
        return Purpose("x", purpose.destinations, at(homes, weights), 150.0, 500.0, constrained="both")

    factors = balance(network, network.arc_mm, [of(people)])
    whole, part, rest = (
        assign(network, network.arc_mm, [of(w)], factors) for w in (people, people * some, people * ~some)
    )
    assert np.array_equal(whole - part, rest)
    assert np.array_equal(rest + part, whole)
    assert np.array_equal(whole / UNIT, np.rint(whole / UNIT))


def test_purposes_in_one_pass_are_as_each_alone() -> None:
    rng = np.random.default_rng(3)
    network = odd_network(rng, one_way=False)
    purposes = [drawn(rng, network, ends) for ends in ("destinations", "origins", "both")]
    together = assign(network, network.arc_mm, purposes, balance(network, network.arc_mm, purposes))
    for p, purpose in enumerate(purposes):
        alone = assign(network, network.arc_mm, [purpose], balance(network, network.arc_mm, [purpose]))
        assert np.array_equal(together[p], alone[0])


def test_all_visits_of_a_shop_pass_its_door() -> None:
    """A T of streets: homes at both ends of the bar, the shop at the foot: every visit walks the stem both ways."""
    stem, bar = np.array([[0.0, 0.0], [0.0, 100.0]]), np.array([[-100.0, 100.0], [0.0, 100.0], [100.0, 100.0]])
    network = build_network([np.array([1, 2]), np.array([3, 2, 4])], [stem, bar], split_m=1000)
    shop = network.snap(np.array([[0.0, 0.0]]), within_m=1.0)
    homes = network.snap(np.array([[-100.0, 100.0], [100.0, 100.0]]), within_m=1.0)
    visits, people = Opportunities(shop, np.array([90.0])), Opportunities(homes, np.array([1.0, 2.0]))
    purpose = Purpose("visits", visits, people, 400.0, 1000.0)
    flow = assign(network, network.arc_mm, [purpose], balance(network, network.arc_mm, [purpose]))
    assert sorted(flow[0].round(6)) == [60, 120, 180]


def test_a_shop_with_nobody_near_draws_no_trips() -> None:
    network = build_network([np.arange(2)], [np.array([[0.0, 0.0], [900.0, 0.0]])])
    ends = [network.snap(np.array([[x, 0.0]]), within_m=1.0) for x in (0.0, 900.0)]
    purpose = Purpose("visits", Opportunities(ends[0], np.ones(1)), Opportunities(ends[1], np.ones(1)), 400.0, 500.0)
    for ends_at in ("destinations", "origins", "both"):
        purpose = Purpose("visits", purpose.destinations, purpose.origins, 400.0, 500.0, constrained=ends_at)
        assert assign(network, network.arc_mm, [purpose], balance(network, network.arc_mm, [purpose])).sum() == 0


def test_demand_beyond_what_the_origins_can_walk_is_shared_out() -> None:
    """One street, 10 people, two shops asking 60 and 30 visits at the same place: 10 trips, two to one."""
    network = build_network([np.arange(3)], [np.array([[0.0, 0.0], [30.0, 0.0], [60.0, 0.0]])], split_m=1000)
    nodes = network.snap(np.array([[0.0, 0.0], [30.0, 0.0], [60.0, 0.0]]), within_m=1.0).node
    shops, homes = at(nodes[[0, 2]], np.array([60.0, 30.0])), at(nodes[[1]], np.array([10.0]))
    purpose = Purpose("visits", shops, homes, 400.0, 500.0, 1.0, "both")
    flow = assign(network, network.arc_mm, [purpose], balance(network, network.arc_mm, [purpose]))[0]
    assert sorted(flow.round(6)) == pytest.approx([10 / 3, 20 / 3], abs=1e-6)
