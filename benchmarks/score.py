"""Scoring again after a weight changed: what a slider waits for in the core."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.measure import Result, Target, warm
from location_model.profile import Criterion, ScoringProfile, less, more, optimum
from location_model.score import LEAST_COVERAGE, rescore, value_of

CELLS, LAYERS = 100_000, 10
NAME = "Score again after a weight changed: 100,000 cells × 10 layers, value functions included"


def measure(_: Path | None) -> Iterator[Result]:
    """The one figure of this group, in milliseconds on the clock."""
    rng = np.random.default_rng(0)
    inputs = rng.gamma(2.0, 30.0, size=(LAYERS, CELLS)).astype(np.float32)
    inputs[rng.random(inputs.shape) < 0.1] = np.nan
    functions = cycle([more(0, 100), less(10, 150), optimum(5, 30, 60, 120)])
    profile = ScoringProfile(
        "bakery", tuple(Criterion(f"layer{i}", 1.0 + i % 3, next(functions)) for i in range(LAYERS))
    )
    cells = pd.RangeIndex(CELLS)
    steps = cycle(np.linspace(0.5, 3.0, 7))

    def step():  # type: ignore[no-untyped-def]
        first = replace(profile.criteria[0], weight=float(next(steps)))
        changed = replace(profile, criteria=(first, *profile.criteria[1:]))
        return changed, rescore(cells, inputs, changed)

    ours = warm(step, repeats=51)
    changed, scored = ours.value
    plain = warm(lambda: _plain(inputs, changed), repeats=5)
    kind = "numpy, np.interp by layer"
    if not np.allclose(scored.score, plain.value, atol=1e-3, equal_nan=True):
        kind += ", whose results differ from ours"
    yield Result(NAME, "ms", Target(2.0), 1000 * ours.wall_s, 1000 * plain.wall_s, kind)


def _plain(inputs: npt.NDArray[np.float32], profile: ScoringProfile) -> npt.NDArray[np.float64]:
    """The definition, written down: Σ w·v / Σ w over what is known, withheld where too little is."""
    weight = np.array([[c.weight] for c in profile.criteria])
    value = np.stack([value_of(c.value, row) for c, row in zip(profile.criteria, inputs, strict=True)])
    known = (weight * ~np.isnan(value)).sum(axis=0)
    with np.errstate(invalid="ignore"):
        score = 100 * np.nansum(weight * value, axis=0) / known
    return np.where(known / weight.sum() >= LEAST_COVERAGE - 1e-6, score, np.nan)
