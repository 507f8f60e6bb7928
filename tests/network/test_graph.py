"""Networks drawn by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.errors import GeodataError
from geodata.network.graph import build_network


def test_long_streets_are_cut_into_equal_parts_that_keep_their_length() -> None:
    network = build_network([np.arange(2)], [np.array([[0.0, 0.0], [100.0, 0.0]])], split_m=40.0)
    assert network.n_nodes == 4
    assert sorted(network.edge_mm) == [33333, 33333, 33333]
    assert sorted(network.xy[:, 0].round(2)) == [0, 33.33, 66.67, 100]


def test_streets_meet_only_where_they_share_a_node() -> None:
    crossing = np.array([[-50.0, 0.0], [50.0, 0.0]]), np.array([[0.0, -50.0], [0.0, 50.0]])
    apart = build_network([np.array([1, 2]), np.array([3, 4])], list(crossing), split_m=1000)
    assert apart.n_nodes == 4
    joined = [np.vstack([line[:1], [[0.0, 0.0]], line[1:]]) for line in crossing]
    met = build_network([np.array([1, 9, 2]), np.array([3, 9, 4])], joined, split_m=1000)
    assert met.n_nodes == 5
    assert np.diff(met.indptr).max() == 4


def test_junctions_only_keeps_the_length_of_a_winding_street() -> None:
    bend = np.array([[0.0, 0.0], [30.0, 40.0], [60.0, 0.0]])
    network = build_network([np.arange(3)], [bend], junctions_only=True)
    assert network.n_nodes == 2
    assert network.edge_mm.tolist() == [100_000]


def test_nothing_snaps_to_a_piece_of_street_that_hangs_loose() -> None:
    town = np.array([[0.0, 0.0], [1000.0, 0.0]])
    slip = np.array([[500.0, 20.0], [530.0, 20.0]])
    network = build_network([np.array([1, 2]), np.array([3, 4])], [town, slip])
    snapped = network.snap(np.array([[515.0, 20.0]]), within_m=100.0)
    assert network.xy[snapped.node[0], 1] == 0.0


def test_nothing_snaps_to_streets_where_no_door_opens() -> None:
    tunnel, street = np.array([[0.0, 0.0], [600.0, 0.0]]), np.array([[0.0, 50.0], [600.0, 50.0]])
    network = build_network([np.array([1, 2]), np.array([3, 4])], [tunnel, street], snap=np.array([False, True]))
    snapped = network.snap(np.array([[300.0, 0.0]]), within_m=100.0)
    assert network.xy[snapped.node[0], 1] == 50.0


def test_no_street_is_a_clear_error() -> None:
    with pytest.raises(GeodataError, match="no street"):
        build_network([], [])


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10_000))
def test_every_arc_has_its_way_back_and_lengths_are_those_of_the_lines(seed: int) -> None:
    rng = np.random.default_rng(seed)
    points = rng.uniform(0, 500, (12, 2))
    lines = [rng.choice(12, rng.integers(2, 6), replace=False) for _ in range(6)]
    network = build_network(lines, [points[line] for line in lines])
    tails = np.repeat(np.arange(network.n_nodes), np.diff(network.indptr))
    there = sorted(zip(tails, network.indices, network.arc_mm, strict=True))
    back = sorted(zip(network.indices, tails, network.arc_mm, strict=True))
    assert there == back
    metres = sum(np.hypot(*np.diff(points[line], axis=0).T).sum() for line in lines)
    assert network.edge_mm.sum() / 1000 == pytest.approx(metres, abs=0.001 * len(network.edge_mm))
