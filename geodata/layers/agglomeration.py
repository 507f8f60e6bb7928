"""All occupied premises near by: shops, horeca and services."""

import pandas as pd

from geodata.language import T
from geodata.layers.base import Context, Layer
from geodata.network.reach import Need

_NEED = Need("occupied", 450.0, 150.0)


def agglomeration(ctx: Context) -> pd.Series:
    """Occupied premises, each counted exp(−d / 150 m); NaN where the area has no premises on record."""
    reached = ctx.sum_of(_NEED)
    return reached if len(ctx.tables.premises) else reached * float("nan")


LAYER = Layer(
    name="agglomeration_premises",
    group="shops",
    title=T("Shops around"),
    unit=T("occupied premises near by, weighted by distance"),
    phrase=T("{value} premises around (weighted by distance)"),
    method=T(
        "Occupied shops, horeca and services within 450 m along streets. One next door counts 1, one at 150 m 0.37."
    ),
    compute=agglomeration,
    needs=lambda branches: (_NEED,),
)
