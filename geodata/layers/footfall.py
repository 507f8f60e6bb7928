"""Footfall: how busy the street in front is, within this town."""

import numpy as np
import pandas as pd
from scipy.spatial import KDTree

from geodata.language import T
from geodata.layers.base import Context, Floats, Layer

_NEAR_M = 40.0


def busiest_near(ctx: Context, per_edge: Floats) -> pd.Series:
    """Busiest piece of street within 40 m of the centre, the town's busiest cell = 100; NaN away from streets."""
    tree = KDTree(ctx.network.edge_middle)
    k = min(8, len(ctx.network.edge_middle))
    distance, nearest = tree.query(ctx.study.centres, k=[*range(1, k + 1)], distance_upper_bound=_NEAR_M)
    near = np.isfinite(distance)
    values = np.where(near, per_edge[np.where(near, nearest, 0)], np.nan)
    busiest = np.full(len(values), np.nan)
    some = near.any(axis=1)
    busiest[some] = np.nanmax(values[some], axis=1)
    top = np.nanmax(busiest) if some.any() else np.nan
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
