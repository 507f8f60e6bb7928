"""Residents within five minutes by car."""

import pandas as pd

from geodata.language import T
from geodata.layers.base import Context, Layer
from geodata.network.reach import Need

_NEED = Need("residents", 300.0, mode="car")


def car(ctx: Context) -> pd.Series:
    """Persons living within 5 minutes' drive, one-way streets respected; NaN where no residents are known at all."""
    reached = ctx.sum_of(_NEED)
    return reached if ctx.tables.residents["residents"].sum() > 0 else reached * float("nan")


LAYER = Layer(
    name="residents_within_5_min_car",
    group="access",
    title=T("Residents by car"),
    unit=T("residents within 5 minutes by car"),
    phrase=T("{value} residents within 5 minutes by car"),
    method=T(
        "Residents within 5 minutes' drive on the road network at usual speeds by road class, one-way "
        "streets respected, parking not included."
    ),
    compute=car,
    needs=lambda branches: (_NEED,),
)
