"""Shops of the same branch near by."""

import pandas as pd

from geodata.branches import BranchTable
from geodata.language import T
from geodata.layers.base import Context, Layer
from geodata.network.reach import Need


def _need(branch: str) -> Need:
    return Need(f"shops:{branch}", 600.0, 200.0)


def competition(ctx: Context) -> pd.Series:
    """Same-branch shops, each counted exp(−d / 200 m) × its floor area over the branch median (1 where unknown)."""
    return ctx.sum_of(_need(ctx.asked_branch.id))


def _needs(branches: BranchTable) -> tuple[Need, ...]:
    return tuple(_need(b) for b in branches.ids)


LAYER = Layer(
    name="competition_shops",
    group="shops",
    title=T("Competition"),
    unit=T("shops of the branch near by, weighted by distance"),
    phrase=T("{value} shops of the same branch near by (weighted by distance)"),
    method=T(
        "Shops of the same branch within 600 m along streets. A shop next door counts 1, one at 200 m "
        "0.37; where floor areas are known a shop twice the usual size counts double."
    ),
    compute=competition,
    needs=_needs,
    per_branch=True,
)
