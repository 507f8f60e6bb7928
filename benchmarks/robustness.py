"""How firm a ranking is: a thousand draws over all cells of a town, beside scoring each draw anew."""

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.measure import Result, Target, warm
from location_model.draws import Interval, drawn_weights, stream
from location_model.profile import Criterion, ScoringProfile, less, more, optimum
from location_model.robustness import DRAWS, TOPS, robustness
from location_model.score import Scored, rescore

CELLS, LAYERS = 5_000, 14
WHAT = f"{DRAWS:,} robustness draws over {CELLS:,} cells × {LAYERS} criteria"


def measure(_: Path | None) -> Iterator[Result]:
    """Seconds on the clock: with the weights drawn, and with every input drawn too."""
    scored = _town()
    ours = warm(lambda: robustness(scored), repeats=5)
    plain = warm(lambda: _plain(scored), repeats=1)
    kind = "a loop of rescore and rank over the draws"
    found = ours.value.table[[f"top_{k}" for k in TOPS]].reindex(scored.cells).fillna(0.0).to_numpy().T
    if not np.allclose(found, plain.value, atol=2 / DRAWS):  # places a rounding apart may swap in a draw
        kind += ", whose results differ from ours"
    yield Result(f"{WHAT}: weights drawn", "s", Target(1.0), ours.wall_s, plain.wall_s, kind)
    every = {c.layer: Interval(0.8 * x, 1.3 * x) for c, x in zip(scored.profile.criteria, scored.inputs, strict=True)}
    both = warm(lambda: robustness(scored, intervals=every), repeats=5)
    yield Result(f"{WHAT}: weights and every input drawn", "s", Target(1.0), both.wall_s)


def _town() -> Scored:
    rng = np.random.default_rng(0)
    inputs = rng.gamma(2.0, 30.0, size=(LAYERS, CELLS)).astype(np.float32)
    inputs[rng.random(inputs.shape) < 0.1] = np.nan
    functions = cycle([more(0, 100), less(10, 150), optimum(5, 30, 60, 120)])
    criteria = tuple(Criterion(f"layer{i}", 0.5 + i % 3, next(functions)) for i in range(LAYERS))
    return rescore(pd.Index([f"cell{i:04d}" for i in range(CELLS)]), inputs, ScoringProfile("bakery", criteria))


def _plain(scored: Scored) -> npt.NDArray[np.float64]:
    """Share of draws in which each cell is among the first, shape (tops, cells): the definition, a draw at a time."""
    criteria = scored.profile.criteria
    rng = stream(0)
    scores, ranks = np.empty((2, DRAWS, len(scored.cells)))
    for i, weights in enumerate(drawn_weights(np.array([c.weight for c in criteria]), DRAWS, rng)):
        drawn = {c.layer: float(w) for c, w in zip(criteria, weights, strict=True)}
        scores[i] = rescore(scored.cells, scored.inputs, scored.profile.with_weights(drawn)).score
        scores[i, np.isnan(scored.score)] = np.nan
        ranks[i] = pd.Series(scores[i]).rank(ascending=False, method="min")
    for drawn_figures in (scores, ranks):
        pd.DataFrame(drawn_figures).quantile([0.1, 0.5, 0.9])
    return np.array([(ranks <= k).mean(axis=0) for k in TOPS])
