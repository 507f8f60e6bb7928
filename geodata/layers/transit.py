"""Public transport departures near by."""

import pandas as pd

from geodata.language import T
from geodata.layers.base import Context, Layer
from geodata.network.reach import Need

_NEED = Need("departures", 500.0, 250.0)


def transit(ctx: Context) -> pd.Series:
    """Weekday departures, each counted exp(−d / 250 m); NaN where no timetable is known."""
    reached = ctx.sum_of(_NEED)
    return reached if ctx.tables.stops["departures_weekday"].notna().any() else reached * float("nan")


LAYER = Layer(
    name="transit_departures_per_weekday",
    group="access",
    title=T("Public transport"),
    unit=T("departures a weekday near by, weighted by distance"),
    phrase=T("{value} public transport departures a day"),
    method=T(
        "Departures on a weekday from stops within 500 m along streets. A stop next door counts "
        "whole, one at 250 m 0.37. From the timetable's own busiest regular week."
    ),
    compute=transit,
    needs=lambda branches: (_NEED,),
)
