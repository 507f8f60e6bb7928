"""Walking flow: trips between homes, stops and premises, one of the two indices behind footfall."""

import pandas as pd

from geodata.language import T
from geodata.layers.base import Context, Layer
from geodata.layers.footfall import busiest_near


def flow(ctx: Context) -> pd.Series:
    """Trips a day on the busiest piece of street near by, the town's busiest cell = 100; NaN away from streets."""
    return busiest_near(ctx, ctx.walks.flow)


LAYER = Layer(
    name="footfall_flow",
    group="customers",
    title=T("Walking flow"),
    unit=T("flow index, the busiest place in this town = 100"),
    phrase=T("flow index {value}"),
    method=T(
        "Trips on foot from home and from stops to premises, from one shop to the next, and from home to a stop, along "
        "shortest pleasant ways. What people set out on and what premises draw are made to add up."
    ),
    compute=flow,
    needs=lambda branches: (),
    parent="max",
    within_town=True,
    reach_m=600.0,
)
