"""Scores and ranks over many draws: weights drawn around those given, inputs within their intervals.

Every draw is one world, the same for all places, so that two places are compared within it.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import numba
import numpy as np
import numpy.typing as npt
from scipy.stats import norm

from geodata.store import Area
from location_model.footfall_estimate import LEVEL, Footfall
from location_model.score import LEAST_COVERAGE, Scored, value_of

WEIGHT_SPREAD = 0.3
"""Standard deviation of a drawn weight, as a share of the weight: a 2 lies between 1.3 and 2.8 in four draws of five.
House choice, not measured: how far off somebody may be who sets sliders from 0 to 5 by feeling."""

STEPS, BLOCK, CHUNK = 32, 100, 500
_ENDS = float(norm.ppf((1 + LEVEL) / 2))  # standard deviations from the middle to the ends of an interval

Float32s = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]
Int32s = npt.NDArray[np.int32]
Rows = npt.NDArray[np.int64]
Number = TypeVar("Number", np.float32, np.int32)


@dataclass(frozen=True, eq=False)
class Interval:
    """80 % interval of a layer on all cells, in its unit; NaN: none, the value is taken as it is.

    same: a label by cell; cells of one label share their error (a street that is busier than thought is so along its
    whole length). None: each cell has its own. area: whose errors these are; those of another have nothing to do with
    them.
    """

    low: npt.ArrayLike
    high: npt.ArrayLike
    same: npt.ArrayLike | None = None
    area: str = ""


Intervals = Mapping[str, Interval]


def drawn_weights(weights: Floats, draws: int, rng: np.random.Generator) -> Floats:
    """Weights around those given, shape (draws, weights).

    Each is multiplied by a gamma deviate of mean 1 and standard deviation `WEIGHT_SPREAD`, by itself. Gamma because a
    weight is never negative, a weight of 0 stays 0, and the score takes no notice of their sum: normalised gamma
    deviates are what a Dirichlet distribution is made of (Devroye 1986, Non-Uniform Random Variate Generation, XI.4).
    In a Dirichlet of one concentration a light weight would be off by a larger share than a heavy one; here the share
    is the same, as for somebody who sets each slider by itself.
    """
    shape = WEIGHT_SPREAD**-2
    return weights * rng.gamma(shape, 1 / shape, size=(draws, len(weights)))


def drawn_scores(scored: Scored, rows: Rows, intervals: Intervals, draws: int, seed: int) -> Float32s:
    """Scores of some cells, by their position, in each draw: shape (draws, cells), NaN where withheld.

    Each draw is scored as `rescore` would: unknown values fall out, and below the least coverage of the drawn weights
    there is no score. The same seed gives the same draws; weights do not depend on which inputs are drawn.

    What is drawn for a place does not depend on which other places are asked for: the error of a line of the map is the
    same in every list and comparison of one area, and another in every other area.

    Inputs of a layer with an interval: half the draws on either side of the value as stored, like a normal deviate
    whose 10th and 90th percentile are the ends, in 32 equally likely steps. Errors of different layers have nothing to
    do with one another. A layer without an interval is taken as it is: nobody has measured how far off it may be, and
    no error is invented.
    """
    used = [(c, scored.inputs[i, rows]) for i, c in enumerate(scored.profile.criteria) if c.weight > 0]
    worth = np.array([value_of(c.value, x) for c, x in used]).reshape(len(used), len(rows))
    known = ~np.isnan(worth)
    column = np.full(len(used), -1)
    steps: list[Floats] = []
    same: list[Rows] = []
    streams: list[tuple[np.random.Generator, int]] = []
    for i, (criterion, x) in enumerate(used):
        if (interval := intervals.get(criterion.layer)) is not None:
            column[i] = len(steps)
            steps.append(np.nan_to_num(value_of(criterion.value, _by_quantile(x, interval, rows))))
            every = np.arange(len(scored.cells)) if interval.same is None else np.asarray(interval.same)
            label = np.unique(every, return_inverse=True)[1]
            same.append(label[rows])
            streams.append((stream(seed, interval.area, criterion.layer), int(label.max()) + 1))
    weights = drawn_weights(np.array([c.weight for c, _ in used], dtype=np.float64), draws, stream(seed))
    scores = np.empty((draws, len(rows)), dtype=np.float32)
    table = np.array(steps, dtype=np.float32).reshape(len(steps), len(rows), STEPS)
    asked, labelled = np.unique(np.array(same, dtype=np.int64).reshape(len(same), len(rows)), return_inverse=True)
    labelled = labelled.reshape(len(same), len(rows))
    for first in range(0, draws, BLOCK):
        part = slice(first, min(first + BLOCK, draws))
        picks = np.zeros((part.stop - first, len(streams), len(asked)), dtype=np.uint8)
        for i, (errors, labels) in enumerate(streams):
            drawn = errors.integers(STEPS, size=(part.stop - first, labels), dtype=np.uint8)
            there = asked < labels
            picks[:, i, there] = drawn[:, asked[there]]
        _score(np.nan_to_num(worth), known.astype(np.float64), weights[part], column, table, labelled, picks,
               scores[part])  # fmt: skip
    return scores


def stream(seed: int, *of: str) -> np.random.Generator:
    """Random numbers of their own for what is named."""
    return np.random.default_rng([seed, *(zlib.crc32(name.encode()) for name in of)])


def _by_quantile(x: Float32s, interval: Interval, rows: Rows) -> Floats:
    """Equally likely values of each cell's input, shape (cells, steps)."""
    here = x.astype(np.float64)
    below = here - np.fmin(np.asarray(interval.low, dtype=np.float64)[rows], here)
    above = np.fmax(np.asarray(interval.high, dtype=np.float64)[rows], here) - here
    z = norm.ppf((np.arange(STEPS) + 0.5) / STEPS) / _ENDS
    return np.asarray(here[:, None] + np.where(z < 0, below[:, None], above[:, None]) * z)


@numba.njit(cache=True, nogil=True)
def _score(  # type: ignore[no-untyped-def]
    worth, known, weights, column, steps, same, picks, scores
):
    """Σ w·v / Σ w over what is known, of each draw and cell. Sums in float64, in the same order for every cell, so that
    equal cells stay equal and a cell that is nowhere behind does not fall behind by rounding.
    """
    n_criteria, n = worth.shape
    above, below = np.empty(n), np.empty(n)
    for d in range(len(weights)):
        above[:] = 0.0
        below[:] = 0.0
        whole = weights[d].sum()
        for c in range(n_criteria):
            w, t = weights[d, c], column[c]
            if t < 0:
                for i in range(n):
                    above[i] += w * worth[c, i]
            else:
                for i in range(n):
                    above[i] += w * steps[t, i, picks[d, t, same[t, i]]]
            for i in range(n):
                below[i] += w * known[c, i]
        least = (LEAST_COVERAGE - 1e-6) * whole
        for i in range(n):
            scores[d, i] = 100.0 * above[i] / below[i] if below[i] >= least else np.nan


def ranks_of(scores: Float32s) -> Int32s:
    """Rank of each cell in each draw, best 1; equal ones share the better rank, those without a score come last."""
    ranks = np.empty(scores.shape, dtype=np.int32)
    places = np.arange(scores.shape[1])
    for first in range(0, len(scores), BLOCK):
        part = slice(first, first + BLOCK)
        # Floats of 0 or more are in the order of their bits: sorting whole numbers that end in the cell's position is
        # many times faster than sorting positions. Without a score: −1, whose bits come before those of 0.
        bits = np.where(np.isnan(scores[part]), np.float32(-1), scores[part]).view(np.int32)
        _rank(np.sort(bits.astype(np.int64) << 32 | places, axis=1), ranks[part])
    return ranks


@numba.njit(cache=True, nogil=True)
def _rank(ordered, ranks):  # type: ignore[no-untyped-def]
    """Ranks of each draw from its scores' bits with the cells' positions, worst first."""
    n = ordered.shape[1]
    for d in range(len(ordered)):
        rank = 1
        for place in range(n):
            key = ordered[d, n - 1 - place]
            if place > 0 and key >> 32 != ordered[d, n - place] >> 32:
                rank = place + 1
            ranks[d, key & 0xFFFFFFFF] = rank


def quantiles(drawn: npt.NDArray[Number], *shares: float) -> npt.NDArray[Number]:
    """Quantiles of each column as values that were drawn, NaN left out; shape (shares, columns)."""
    out = np.empty((len(shares), drawn.shape[1]), dtype=drawn.dtype)
    for first in range(0, drawn.shape[1], CHUNK):
        part = slice(first, first + CHUNK)
        ordered = np.sort(np.ascontiguousarray(drawn[:, part].T), axis=1)
        count = (ordered == ordered).sum(axis=1)
        for i, share in enumerate(shares):
            at = np.maximum(np.ceil(share * count).astype(np.int64) - 1, 0)
            out[i, part] = np.take_along_axis(ordered, at[:, None], axis=1)[:, 0]
    return out


def known_intervals(area: Area, footfall: Footfall) -> Intervals:
    """The inputs of which it is known how far they may be off: footfall, where somebody counted."""
    interval = footfall_interval(area, footfall)
    return {} if interval is None else {"footfall_index": interval}


def footfall_interval(area: Area, footfall: Footfall) -> Interval | None:
    """How far the footfall index of a place may be off as a measure of who passes; None where nobody counted.

    The ends are the indices at which the calibration would expect the low and the high persons per day. Places along
    one line of the map share their error.
    """
    made = footfall.calibration
    if made is None or not made.slope > 0:
        return None
    told, index = footfall.by_cell(), area.grid["footfall_index"].to_numpy(np.float64)
    low, high = (
        index * (told[end] / told["persons_per_day"]).to_numpy() ** (1 / made.slope)
        for end in ("persons_low", "persons_high")
    )
    return Interval(low, high, np.where(footfall.edge >= 0, area.network.edge_line[footfall.edge], -1), area.id)
