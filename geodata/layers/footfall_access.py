"""Accessibility: how much lies near along streets, one of the two indices behind footfall."""

import pandas as pd

from geodata.language import T
from geodata.layers.base import Context, Layer
from geodata.layers.footfall import busiest_near


def access(ctx: Context) -> pd.Series:
    """Visits and boardings near by, decayed by exp(−d / 400 m), the town's most central cell = 100; NaN off streets."""
    return busiest_near(ctx, ctx.walks.accessibility)


LAYER = Layer(
    name="footfall_access",
    group="customers",
    title=T("Accessibility on foot"),
    unit=T("accessibility index, the most central place in this town = 100"),
    phrase=T("accessibility index {value}"),
    method=T(
        "Premises and stops within 1,500 m along streets, by the visits and boardings each draws a day (guesses). "
        "One next door counts whole, one at 400 m 0.37."
    ),
    compute=access,
    needs=lambda branches: (),
    parent="mean",
    within_town=True,
    reach_m=1500.0,
)
