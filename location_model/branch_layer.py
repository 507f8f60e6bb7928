"""Branch suitability as a layer: the model of a town on all its cells, kept beside the version it was fitted to."""

import contextlib
import os
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from geodata.branches import BranchTable
from geodata.errors import GeodataError
from geodata.language import T
from geodata.layers import Context, Layer
from geodata.store import Area
from location_model.branch_places import Claims, fit_of
from location_model.validation.statistics import Estimate

FORMAT = 1
"""Raise it when the model changes: what was kept of before is then fitted again."""

PART = "suitability.parquet"


def suitability(ctx: Context) -> pd.Series:
    """Suitability for the branch asked for, 0–100; all NaN where nothing may be claimed for it, or in a small town."""
    return by_branch(ctx, ctx.branches).values(ctx, ctx.asked_branch.id)


@dataclass(frozen=True, eq=False)
class ByBranch:
    """Suitability of an area's cells by claimed branch, 0–100 (cells × branches), and what may be claimed."""

    cells: pd.DataFrame
    claims: Claims

    def values(self, ctx: Context, branch: str) -> pd.Series:
        """One branch on the cells of the study; NaN where it is not claimed."""
        if branch in self.cells:
            return ctx.series(self.cells[branch].to_numpy(np.float64))
        return ctx.series(np.full(len(ctx.study.cells), np.nan))


def by_branch(area: Area | Context, branches: BranchTable) -> ByBranch:
    """Fit the model and judge all cells; without a branch where the town is too small to say anything."""
    try:
        fitted = fit_of(area, branches)
    except GeodataError:
        return ByBranch(pd.DataFrame(index=pd.Index(area.study.cells, name="cell")), Claims({}))
    return ByBranch((100 * fitted.cells()).astype(np.float32), fitted.claims)


def kept(area: Area, branches: BranchTable) -> ByBranch:
    """The same of a stored area: read back when it was fitted before, with these branches and this model.

    A store that cannot be written is no reason to withhold the answer.
    """
    path = area.folder / PART
    mark = {"format": FORMAT, "branches": list(branches.ids)}
    with contextlib.suppress(OSError, ValueError, KeyError):
        found = pd.read_parquet(path)
        if found.attrs["mark"] == mark and len(found) == len(area.study.cells):
            return ByBranch(found, Claims({b: Estimate(**e) for b, e in found.attrs["retrieval"].items()}))
    fresh = by_branch(area, branches)
    retrieval: dict[str, Any] = {b: asdict(e) for b, e in fresh.claims.retrieval.items()}
    fresh.cells.attrs = {"mark": mark, "retrieval": retrieval}
    with contextlib.suppress(OSError):
        new = path.with_name(f".{path.name}.{os.getpid()}.new")  # two processes may fit at once
        fresh.cells.to_parquet(new)
        new.replace(path)
    return fresh


LAYER = Layer(
    name="branch_suitability_percent",
    group="shops",
    title=T("Suitability for the branch"),
    unit=T("% of the town's premises whose place fits the branch less well"),
    phrase=T("a place that fits the branch better than {value} % of the premises in town"),
    method=T(
        "A model of this town that learns from all its premises which branch settles where: street, buildings, "
        "residents, stops and what the neighbours sell, as the crow flies. It enters the score only for branches whose "
        "true places it finds back better than chance here. It knows where shops are, not whether they do well."
    ),
    compute=suitability,
    needs=lambda branches: (),
    per_branch=True,
    within_town=True,
    reach_m=400.0,
    worth=((30, 0.0), (90, 1.0)),
)
