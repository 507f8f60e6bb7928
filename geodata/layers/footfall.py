"""Footfall: how busy the street in front is, within this town."""

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import KDTree

from geodata.language import T
from geodata.layers.base import Context, Floats, Layer
from geodata.network.graph import Network

NEAR_M = 40.0
"""A place looks out on streets whose middle is this near."""


def busiest_edge(network: Network, xy: Floats, per_edge: Floats) -> npt.NDArray[np.int64]:
    """The edge of the highest value within 40 m of each point (metric CRS), by its middle; −1 where there is none."""
    k = min(8, len(network.edge_middle))
    distance, nearest = KDTree(network.edge_middle).query(xy, k=[*range(1, k + 1)], distance_upper_bound=NEAR_M)
    near = np.isfinite(distance)
    edges = np.where(near, nearest, 0)
    values = np.where(near, per_edge[edges], -1.0)
    best = np.take_along_axis(edges, values.argmax(axis=1)[:, None], axis=1)[:, 0]
    return np.where(near.any(axis=1), best, -1).astype(np.int64)


def busiest_near(ctx: Context, per_edge: Floats) -> pd.Series:
    """The value of each cell's busiest edge, the town's busiest cell = 100; NaN away from streets."""
    edge = busiest_edge(ctx.network, ctx.study.centres, per_edge)
    busiest = np.where(edge >= 0, per_edge[edge], np.nan)
    top = np.nanmax(busiest) if (edge >= 0).any() else np.nan
    return ctx.series(100 * busiest / top if top > 0 else busiest * np.nan)


def footfall(ctx: Context) -> pd.Series:
    """The footfall index, 0–100 within the town: `busiest_near` of flow and accessibility together."""
    return busiest_near(ctx, ctx.walks.index)


LAYER = Layer(
    name="footfall_index",
    group="customers",
    title=T("Footfall"),
    unit=T("footfall index, the busiest place in this town = 100"),
    phrase=T("a footfall index of {value}"),
    method=T(
        "The walking flow and the accessibility of each piece of street added up, each over its mean in this town, "
        "with the sidewalks of one street together. A ranking within this town, not a number of persons: open data "
        "cannot give that without counts."
    ),
    compute=footfall,
    needs=lambda branches: (),
    parent="max",
    within_town=True,
    reach_m=600.0,
)
