"""What every validation says the same way: a figure with its interval, and ground held out in blocks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.cluster import KMeans

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

RESAMPLES = 2000
LEVEL = 0.95


@dataclass(frozen=True)
class Estimate:
    """A figure and the interval it lies in; NaN = not known."""

    value: float
    low: float
    high: float

    def as_json(self) -> list[float | None]:
        """[value, low, high], null where not known."""
        return [None if np.isnan(x) else round(float(x), 4) for x in (self.value, self.low, self.high)]


UNKNOWN = Estimate(float("nan"), float("nan"), float("nan"))


def as_value(estimate: Estimate) -> dict[str, float]:
    """Whole euros or persons, as commands write them; −0 is 0."""
    return {end: round(getattr(estimate, end)) + 0 for end in ("value", "low", "high")}


def bootstrap(
    statistic: Callable[..., float],
    *samples: npt.NDArray[Any],
    groups: npt.NDArray[Any] | None = None,
    seed: int = 0,
    resamples: int = RESAMPLES,
    level: float = LEVEL,
) -> Estimate:
    """A statistic of rows with its percentile bootstrap interval (Efron & Tibshirani 1993, ch. 13).

    samples: arrays with one row a case, resampled together. groups: a label by case; whole groups are then drawn,
    because neighbours are no independent witnesses. Resamples on which the statistic is NaN (one class only) are
    left out. NaN without cases.
    """
    n = len(samples[0])
    if n == 0:
        return UNKNOWN
    rng = np.random.default_rng(seed)
    members = None if groups is None else [np.flatnonzero(groups == g) for g in np.unique(groups)]
    drawn = np.empty(resamples)
    for i in range(resamples):
        if members is None:
            rows = rng.integers(n, size=n)
        else:
            rows = np.concatenate([members[k] for k in rng.integers(len(members), size=len(members))])
        drawn[i] = statistic(*(s[rows] for s in samples))
    value = float(statistic(*samples))
    drawn = drawn[~np.isnan(drawn)]
    if not len(drawn):
        return Estimate(value, float("nan"), float("nan"))
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return Estimate(value, float(low), float(high))


def mean(values: npt.ArrayLike, *, seed: int = 0, groups: npt.NDArray[Any] | None = None) -> Estimate:
    """The mean of known values and its 95 % bootstrap interval, as `bootstrap` gives it; NaN are left out."""
    given = np.asarray(values, dtype=np.float64)
    known = ~np.isnan(given)
    given = given[known]
    if not len(given):
        return UNKNOWN
    member = np.arange(len(given)) if groups is None else np.unique(groups[known], return_inverse=True)[1]
    sums, sizes = np.bincount(member, weights=given), np.bincount(member).astype(np.float64)
    rng = np.random.default_rng(seed)
    times = rng.multinomial(len(sums), np.full(len(sums), 1 / len(sums)), size=RESAMPLES).astype(np.float64)
    low, high = np.quantile((times @ sums) / (times @ sizes), [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Estimate(float(given.mean()), float(low), float(high))


def paired_difference(
    a: npt.ArrayLike, b: npt.ArrayLike, *, seed: int = 0, groups: npt.NDArray[Any] | None = None
) -> Estimate:
    """Mean of a − b over the same cases and its interval: cases that are hard for both do not widen it."""
    return mean(np.asarray(a, dtype=np.float64) - np.asarray(b, dtype=np.float64), seed=seed, groups=groups)


def spatial_blocks(xy: Floats, n: int, *, seed: int = 0, starts: int = 3) -> Ints:
    """A block number 0 … n − 1 by point (metres, shape (points, 2)): compact pieces of ground, by k-means.

    Fewer blocks where there are fewer places. What is fitted on one block's neighbours only may be tested there.
    starts: the best of so many; with several, most seeds find the same blocks, with one they differ more.
    """
    places = len(np.unique(xy, axis=0))
    return np.asarray(KMeans(min(n, places), n_init=starts, random_state=seed).fit_predict(xy), dtype=np.int64)
