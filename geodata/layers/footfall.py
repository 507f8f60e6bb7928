"""Footfall: how busy the street in front is, within this town."""

import numpy as np
import pandas as pd
from scipy.spatial import KDTree

from geodata.language import T
from geodata.layers.base import Context, Layer

_NEAR_M = 40.0


def footfall(ctx: Context) -> pd.Series:
    """Busiest piece of street within 40 m of the centre, the town's busiest cell = 100; NaN away from streets."""
    tree = KDTree(ctx.network.edge_middle)
    distance, nearest = tree.query(
        ctx.study.centres, k=min(8, len(ctx.network.edge_middle)), distance_upper_bound=_NEAR_M
    )
    near = np.isfinite(distance)
    flows = np.where(near, ctx.footfall_per_edge[np.where(near, nearest, 0)], np.nan)
    busiest = np.full(len(flows), np.nan)
    some = near.any(axis=1)
    busiest[some] = np.nanmax(flows[some], axis=1)
    top = np.nanmax(busiest) if some.any() else np.nan
    return ctx.series(100 * busiest / top if top > 0 else busiest * np.nan)


LAYER = Layer(
    name="footfall_index",
    group="customers",
    title=T("Footfall"),
    unit=T("footfall index, the busiest place in this town = 100"),
    phrase=T("footfall index {value}"),
    method=T(
        "Trips on foot between homes, stops and premises, along shortest pleasant ways, summed by "
        "piece of street. A ranking within this town, not a number of persons: open data cannot give "
        "that without counts."
    ),
    compute=footfall,
    needs=lambda branches: (),
    parent="max",
    within_town=True,
    reach_m=600.0,
)
