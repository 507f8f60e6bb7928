"""Residents within ten minutes by bicycle."""

import pandas as pd

from geodata.language import T
from geodata.layers.base import Context, Layer
from geodata.network.reach import Need

_NEED = Need("residents", 600.0, mode="bicycle")


def bicycle(ctx: Context) -> pd.Series:
    """Persons living within 10 minutes at 15 km/h along roads; NaN where no residents are known at all."""
    reached = ctx.sum_of(_NEED)
    return reached if ctx.tables.residents["residents"].sum() > 0 else reached * float("nan")


LAYER = Layer(
    name="residents_within_10_min_bicycle",
    group="access",
    title=T("Residents by bicycle"),
    unit=T("residents within 10 minutes by bicycle"),
    phrase=T("{value} residents within 10 minutes by bicycle"),
    method=T("Residents within 10 minutes at 15 km/h along roads and streets, motorways left out."),
    compute=bicycle,
    needs=lambda branches: (_NEED,),
)
