"""Shops that draw the same customers."""

import numpy as np
import pandas as pd

from geodata.branches import BranchTable
from geodata.language import T
from geodata.layers.base import Context, Layer
from geodata.network.reach import Need


def _need(branch: str) -> Need:
    return Need(f"shops:{branch}", 400.0, 100.0)


def complementary(ctx: Context) -> pd.Series:
    """Shops of the branch's complements (branch table), each counted exp(−d / 100 m); NaN without complements."""
    parts = [ctx.sum_of(_need(b)) for b in ctx.asked_branch.complements if b in ctx.branches.by_id]
    if not parts:
        return ctx.series(np.full(len(ctx.study.cells), np.nan))
    return pd.concat(parts, axis=1).sum(axis=1, skipna=False)


def _needs(branches: BranchTable) -> tuple[Need, ...]:
    return tuple(_need(b) for b in branches.ids)


LAYER = Layer(
    name="complementary_shops",
    group="shops",
    title=T("Complementary shops"),
    unit=T("shops near by that draw the same customers, weighted by distance"),
    phrase=T("{value} complementary shops (weighted by distance)"),
    method=T(
        "Shops within 400 m of the branches that draw the same customers (branch table, expert "
        "choice). A shop next door counts 1, one at 100 m 0.37."
    ),
    compute=complementary,
    needs=_needs,
    per_branch=True,
)
