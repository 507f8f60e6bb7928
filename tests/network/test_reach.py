"""The reach kernel against brute force: scipy's shortest paths on the same integer lengths."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geodata.network.graph import Network, Snapped, build_network
from geodata.network.reach import Need, Opportunities, reach


def random_network(seed: int, n_lines: int = 40, oneway: bool = False) -> Network:
    rng = np.random.default_rng(seed)
    points = rng.uniform(0, 600, (30, 2))
    lines = [rng.choice(30, rng.integers(2, 5), replace=False) for _ in range(n_lines)]
    ways = rng.choice([-1, 0, 1], n_lines).astype(np.int8) if oneway else None
    return build_network([line.astype(np.int64) for line in lines], [points[line] for line in lines], oneway=ways)


def brute_force(network: Network, opportunities: Opportunities, need: Need, places: Snapped) -> np.ndarray:
    graph = csr_array((network.arc_mm.astype(float), network.indices, network.indptr), shape=(network.n_nodes,) * 2)
    distance = dijkstra(graph, indices=opportunities.at.node)
    total = np.full(len(places), np.nan)
    for i, (node, offset) in enumerate(zip(places.node, places.offset_mm, strict=True)):
        if node < 0:
            continue
        whole = distance[:, node] + opportunities.at.offset_mm + offset
        near = whole <= need.within * 1000
        metres = np.floor((whole[near] + 500) / 1000)
        decay = np.ones(near.sum()) if need.decay is None else np.exp(-metres / need.decay)
        total[i] = (opportunities.weight[near] * decay).sum()
    return total


def some_points(network: Network, rng: np.random.Generator, n: int) -> Snapped:
    return Snapped(rng.integers(-1, network.n_nodes, n).astype(np.int32), rng.integers(0, 60_000, n).astype(np.int32))


@settings(deadline=None, max_examples=15)
@given(seed=st.integers(0, 10_000), oneway=st.booleans())
def test_reach_equals_shortest_paths(seed: int, oneway: bool) -> None:
    network = random_network(seed, oneway=oneway)
    rng = np.random.default_rng(seed)
    at = some_points(network, rng, 25)
    at = Snapped(np.maximum(at.node, 0), at.offset_mm)
    places = some_points(network, rng, 40)
    given_points = {"a": Opportunities(at, rng.uniform(0, 5, 25)), "b": Opportunities(at, np.ones(25))}
    needs = [Need("a", 300.0), Need("a", 500.0, 120.0), Need("b", 450.0), Need("b", 450.0, 50.0)]
    found = reach(network, network.arc_mm, given_points, needs, places)
    for need in needs:
        np.testing.assert_allclose(
            found[need], brute_force(network, given_points[need.column], need, places), rtol=1e-12
        )


def test_one_street_checked_by_eye() -> None:
    """A street of 300 m: a shop at its west end is 0, 100, 200 and 300 m from its corners."""
    xy = np.array([[0.0, 0.0], [100.0, 0.0], [200.0, 0.0], [300.0, 0.0]])
    network = build_network([np.arange(4)], [xy])
    corners = network.snap(xy, within_m=1.0)
    shop = Opportunities(network.snap(xy[:1], within_m=1.0), np.ones(1))
    found = reach(network, network.arc_mm, {"shop": shop}, [Need("shop", 200.0), Need("shop", 300.0, 100.0)], corners)
    assert found[Need("shop", 200.0)].tolist() == [1, 1, 1, 0]
    np.testing.assert_allclose(found[Need("shop", 300.0, 100.0)], np.exp([0, -1, -2, -3]))


def test_a_place_without_street_is_not_known_and_one_that_reaches_nothing_is_zero() -> None:
    network = build_network([np.arange(2)], [np.array([[0.0, 0.0], [100.0, 0.0]])])
    places = network.snap(np.array([[100.0, 5.0], [5000.0, 5000.0]]), within_m=50.0)
    far_off = Opportunities(Snapped(np.array([-1], np.int32), np.zeros(1, np.int32)), np.ones(1))
    found = reach(network, network.arc_mm, {"shop": far_off}, [Need("shop", 500.0)], places)[Need("shop", 500.0)]
    assert found[0] == 0
    assert np.isnan(found[1])


def test_a_weight_that_is_not_known_is_left_out_of_the_sum() -> None:
    network = build_network([np.arange(2)], [np.array([[0.0, 0.0], [30.0, 0.0]])])
    places = network.snap(network.xy, within_m=1.0)
    weights = Opportunities(network.snap(network.xy, within_m=1.0), np.array([np.nan, 2.0]))
    assert reach(network, network.arc_mm, {"x": weights}, [Need("x", 100.0)], places)[Need("x", 100.0)].tolist() == [
        2,
        2,
    ]


@pytest.mark.parametrize("oneway, expected", [(0, [1, 1]), (1, [1, 0]), (-1, [1, 1])])
def test_customers_drive_along_one_way_streets(oneway: int, expected: list[int]) -> None:
    """The opportunity drives to the place: against the arrow it does not get there."""
    xy = np.array([[0.0, 0.0], [30.0, 0.0]])
    network = build_network([np.arange(2)], [xy], oneway=np.array([oneway], dtype=np.int8))
    home = Opportunities(network.snap(xy[1:], within_m=1.0), np.ones(1))
    places = network.snap(xy[::-1], within_m=1.0)
    assert (
        reach(network, network.arc_mm, {"home": home}, [Need("home", 100.0)], places)[Need("home", 100.0)].tolist()
        == expected
    )
