"""The score: Σ w·v / Σ w over what is known, in parts that add up, with the share that is known beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numba
import numpy as np
import numpy.typing as npt
import pandas as pd

from geodata.branches import BranchTable
from geodata.errors import GeodataError
from geodata.language import T
from geodata.store import Area
from location_model.layers import branch_context, layer_named, layer_values
from location_model.profile import MOST_POINTS, ScoringProfile, ValueFunction

LEAST_COVERAGE = 0.6
"""Below this share of known weight a score is withheld (house norm, see the method page)."""

Float32s = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Scored:
    """Every cell of an area scored for one profile.

    inputs: layer values in their own unit, shape (criteria, cells); NaN = not known.
    score: 0–100, NaN where coverage is below 60 %. coverage: 0–1.
    """

    profile: ScoringProfile
    cells: pd.Index
    inputs: Float32s
    score: Float32s
    coverage: Float32s

    @cached_property
    def rows(self) -> dict[str, int]:
        """Position of each cell."""
        return {cell: i for i, cell in enumerate(self.cells)}

    def contributions(self, cell: str) -> dict[str, float | None]:
        """Points of each layer at a cell, w·v / Σ w known × 100, adding up to the score; None where it is not known."""
        i = self.rows[cell]
        known = [c for c, x in zip(self.profile.criteria, self.inputs[:, i], strict=True) if not np.isnan(x)]
        total = sum(c.weight for c in known)
        points: dict[str, float | None] = {c.layer: None for c in self.profile.criteria}
        for criterion, x in zip(self.profile.criteria, self.inputs[:, i], strict=True):
            if criterion in known and total > 0:
                points[criterion.layer] = 100 * criterion.weight * float(value_of(criterion.value, x)) / total
        return points

    def known(self, cell: str) -> tuple[int, int]:
        """How many of the criteria that weigh something are known at a cell, of how many."""
        asked = [c.weight > 0 for c in self.profile.criteria]
        here = ~np.isnan(self.inputs[:, self.rows[cell]])
        return int((here & asked).sum()), sum(asked)

    def values(self, cell: str) -> dict[str, float]:
        """Layer values at a cell in their own unit; NaN = not known."""
        return {c.layer: float(x) for c, x in zip(self.profile.criteria, self.inputs[:, self.rows[cell]], strict=True)}


def score_area(area: Area, branches: BranchTable, profile: ScoringProfile) -> Scored:
    """Score all cells of a stored area. GeodataError for a layer the area does not have."""
    return rescore(area.grid.index, layer_inputs(area, branches, profile), profile)


def layer_inputs(area: Area, branches: BranchTable, profile: ScoringProfile) -> Float32s:
    """The layers of a profile on all cells, shape (criteria, cells), branch layers computed for its branch."""
    layers = [layer_named(c.layer) for c in profile.criteria]
    ctx = branch_context(area, branches, profile.branch) if any(layer.per_branch for layer in layers) else None
    rows = [layer_values(area, branches, layer, ctx).to_numpy(np.float32) for layer in layers]
    return np.ascontiguousarray(np.vstack(rows))


def rescore(cells: pd.Index, inputs: Float32s, profile: ScoringProfile) -> Scored:
    """Score given layer inputs: what runs again when a weight or a value function changes."""
    weights = np.array([c.weight for c in profile.criteria], dtype=np.float32)
    if not weights.sum() > 0:
        raise GeodataError(
            T("all weights are 0: there is nothing to score on."), remedy=T("Give at least one criterion some weight.")
        )
    score, coverage = score_cells(inputs, weights, *ramps([c.value for c in profile.criteria]))
    return Scored(profile, cells, inputs, score, coverage)


def value_of(function: ValueFunction, x: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Value 0–1 of layer values; NaN stays NaN."""
    xs, vs = zip(*function.points, strict=True)
    given = np.asarray(x, dtype=np.float64)
    return np.where(np.isnan(given), np.nan, np.interp(given, xs, vs))


def ramps(functions: Sequence[ValueFunction]) -> tuple[Float32s, Float32s, Float32s, Float32s]:
    """Value functions as sums of clipped ramps, v = v₀ + Σ rise·clip((x − start)·slope, 0, 1): no branches in loops."""
    n = len(functions)
    first = np.array([f.points[0][1] for f in functions], dtype=np.float32)
    start, slope, rise = (np.zeros((n, MOST_POINTS - 1), dtype=np.float32) for _ in range(3))
    slope[:] = 1.0
    for i, function in enumerate(functions):
        for k, ((x0, v0), (x1, v1)) in enumerate(zip(function.points, function.points[1:], strict=False)):
            start[i, k], slope[i, k], rise[i, k] = x0, 1.0 / (x1 - x0), v1 - v0
    return first, start, slope, rise


@numba.njit(cache=True, nogil=True)
def score_cells(  # type: ignore[no-untyped-def]
    inputs, weights, first, start, slope, rise
):
    """Scores 0–100 (NaN below 60 % coverage) and coverage 0–1 of all cells, float32, shape (cells,)."""
    n_layers, n = inputs.shape
    score, coverage = np.empty(n, np.float32), np.empty(n, np.float32)
    whole = np.float32(weights.sum())
    zero, one = np.float32(0.0), np.float32(1.0)
    block = 2048
    for b in range((n + block - 1) // block):
        low, high = b * block, min(n, (b + 1) * block)
        worth, known = np.zeros(block, np.float32), np.zeros(block, np.float32)
        for layer in range(n_layers):
            w = weights[layer]
            value = np.full(block, first[layer], np.float32)
            for k in range(start.shape[1]):
                if rise[layer, k] != zero:
                    s, m, r = start[layer, k], slope[layer, k], rise[layer, k]
                    for i in range(high - low):
                        value[i] += r * min(max((inputs[layer, low + i] - s) * m, zero), one)
            for i in range(high - low):
                here = inputs[layer, low + i] == inputs[layer, low + i]
                known[i] += w if here else zero
                worth[i] += w * value[i] if here else zero
        for i in range(high - low):
            share = known[i] / whole
            coverage[low + i] = share
            enough = share >= np.float32(0.6) - np.float32(1e-6)
            score[low + i] = np.float32(100.0) * worth[i] / known[i] if enough else np.float32(np.nan)
    return score, coverage
