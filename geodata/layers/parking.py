"""Car parking near by."""

import pandas as pd

from geodata.language import T
from geodata.layers.base import Context, Layer
from geodata.network.reach import Need

_NEED = Need("car_parking", 400.0, 200.0)


def parking(ctx: Context) -> pd.Series:
    """Public parking places, each counted exp(−d / 200 m); NaN where no car park is on record."""
    reached = ctx.sum_of(_NEED)
    return reached if (ctx.tables.parking["mode"] == "car").any() else reached * float("nan")


LAYER = Layer(
    name="parking_places_nearby",
    group="access",
    title=T("Parking"),
    unit=T("parking places near by, weighted by distance"),
    phrase=T("{value} parking places near by"),
    method=T(
        "Places in car parks within 400 m along streets; a place next door counts 1, one at 200 m "
        "0.37. Places not tagged are estimated from the area (25 m² a car, proxy). Parking along the "
        "street is seldom mapped and not counted."
    ),
    compute=parking,
    needs=lambda branches: (_NEED,),
)
