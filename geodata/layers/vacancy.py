"""Vacancy near by."""

import pandas as pd

from geodata.language import T
from geodata.layers.base import Context, Layer
from geodata.network.reach import Need

_VACANT = Need("vacant", 300.0, 100.0)
_OCCUPIED = Need("occupied", 300.0, 100.0)
_FEWEST = 1.0
"""Below one premises' worth of surroundings a share says nothing."""


def vacancy(ctx: Context) -> pd.Series:
    """Vacant over all premises around, in units, weighted exp(−d / 100 m).

    NaN where fewer than one (weighted) premises is near, and everywhere when no vacancy is on record at all:
    vacancy is hardly mapped, so none on record does not mean none.
    """
    vacant, occupied = ctx.sum_of(_VACANT), ctx.sum_of(_OCCUPIED)
    total = vacant + occupied
    known = (total >= _FEWEST) & bool((ctx.tables.premises["state"] == "vacant").any())
    return (100 * vacant / total).where(known)


LAYER = Layer(
    name="vacancy_percent_nearby",
    group="shops",
    title=T("Vacancy around"),
    unit=T("% of the units around that are vacant"),
    phrase=T("{value} % vacancy around"),
    method=T(
        "Vacant units over all units within 300 m along streets, near ones counting more. Not known "
        "where hardly any premises stand, or where no vacancy was surveyed or mapped."
    ),
    compute=vacancy,
    needs=lambda branches: (_VACANT, _OCCUPIED),
)
