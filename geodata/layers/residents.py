"""Residents within a ten-minute walk."""

import pandas as pd

from geodata.language import T
from geodata.layers.base import Context, Layer
from geodata.network.reach import Need

WALK_M_PER_MINUTE = 80.0
"""4.8 km/h, the usual walking speed in catchment studies."""

_NEED = Need("residents", 10 * WALK_M_PER_MINUTE)


def residents(ctx: Context) -> pd.Series:
    """Persons living within 800 m along streets; NaN where no residents are known at all."""
    reached = ctx.sum_of(_NEED)
    return reached if ctx.tables.residents["residents"].sum() > 0 else reached * float("nan")


LAYER = Layer(
    name="residents_within_10_min",
    group="customers",
    title=T("Residents on foot"),
    unit=T("residents within a 10-minute walk"),
    phrase=T("{value} residents within a 10-minute walk"),
    method=T("Residents that live within 800 m along streets (10 minutes at 4.8 km/h)."),
    compute=residents,
    needs=lambda branches: (_NEED,),
)
