"""Walking networks of any size: a 75 m grid whose crossings are moved about, the same for the same seed."""

import math

import numpy as np

from geodata.network.graph import Network, build_network

GRID_M = 75.0
MOVED_M = 15.0


def grid_network(n_nodes: int, *, seed: int = 0) -> Network:
    """A network of about `n_nodes` crossings (the nearest square); streets run straight between neighbours.

    Rows and columns are the lines, so that two million nodes are built in seconds. Crossings move by a normal
    deviate of 15 m in each direction. `build_network` numbers nodes along a space-filling curve, as for real towns.
    """
    side = max(round(math.sqrt(n_nodes)), 2)
    place = np.random.default_rng(seed).normal(scale=MOVED_M, size=(side, side, 2))
    place += GRID_M * np.stack(np.meshgrid(np.arange(side), np.arange(side), indexing="ij"), axis=-1)
    node = np.arange(side * side, dtype=np.int64).reshape(side, side)
    lines = [*node, *node.T]
    positions = [*place, *place.transpose(1, 0, 2)]
    return build_network(lines, positions, split_m=math.inf)


def opportunities(network: Network, share: float, *, seed: int = 0) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    """Sorted nodes that carry one opportunity: a share of all."""
    rng = np.random.default_rng(seed)
    return np.sort(rng.choice(network.n_nodes, round(share * network.n_nodes), replace=False)).astype(np.int32)
