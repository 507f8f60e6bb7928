"""From a footfall index to persons per day: a line through what counters saw, held by what other towns taught.

log y = a + b · log(index) + noise. a is free; b ~ N(0.7, 0.3²) and the noise (sd around 0.8, worth 8 counters) are
what was found in towns with many counters, so that one counter already says something and fifty decide for themselves.
The noise is integrated over numerically, everything else in closed form; without measurement noise the prediction is
Student's t (Gelman et al. 2013, Bayesian Data Analysis, ch. 14).

How wide an interval is follows the counters' own errors: each is estimated from the others, and the interval is taken
so that it would have held the share of them that it promises (Kuleshov et al. 2018, Accurate uncertainties), pulled to
what is assumed by the same worth of 8 counters.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from geodata.errors import GeodataError
from geodata.language import T, Text, TN

Floats = npt.NDArray[np.float64]

SLOPE, SLOPE_SD = 0.7, 0.3
NOISE_SD, NOISE_WORTH = 0.8, 8.0
FEWEST_ERRORS = 4
"""Fewer counters have no error that four of five stay below."""
NARROWEST = 0.5
"""However well the counters agree, an interval stays at least this part of its assumed width."""

_NOISES = np.geomspace(0.05, 5.0, 90) ** 2
_LOG_PRIOR = -NOISE_WORTH / 2 * (np.log(_NOISES) + NOISE_SD**2 / _NOISES)
"""Noise variances to integrate over, and the log density of their logarithm: a scaled inverse chi-square."""


@dataclass(frozen=True, eq=False)
class Calibration:
    """What k counters teach about persons per day. Made by `calibrate`.

    level: of the interval. tail: share of the prediction that lies on either side of it. slope: posterior mean of b.
    noise_sd: posterior mean of the residual sd of log persons, between streets of equal index. notes: what was left
    out or set right, in words.
    """

    k: int
    level: float
    tail: float
    slope: float
    noise_sd: float
    notes: tuple[Text, ...]
    floor: float
    _x: Floats
    _y: Floats
    _variance: Floats

    @property
    def basis(self) -> Text:
        """What the numbers stand on, in words."""
        return TN("calibrated with {count} counter", "calibrated with {count} counters", self.k)

    def predict(self, index: npt.ArrayLike, *, log_variance: npt.ArrayLike = 0.0) -> tuple[Floats, Floats, Floats]:
        """Persons per day with an interval: median, low, high, each of the index's shape; NaN where it is NaN.

        log_variance: of a count that is to be compared with it (0: the true mean day).
        """
        given = np.asarray(index, dtype=np.float64)
        known = ~np.isnan(given)
        x = np.log(np.maximum(given[known], self.floor))
        extra = np.broadcast_to(np.asarray(log_variance, dtype=np.float64), given.shape)[known]
        out = [np.full(given.shape, np.nan) for _ in range(3)]
        if x.size:
            found = _quantiles(self._x, self._y, self._variance, x, extra, (0.5, self.tail, 1 - self.tail))
            for values, quantile in zip(out, found, strict=True):
                values[known] = np.exp(quantile)
        return out[0], out[1], out[2]


def calibrate(
    index: npt.ArrayLike,
    persons_per_day: npt.ArrayLike,
    *,
    log_variance: npt.ArrayLike = 0.0,
    stand_in_for_zero: npt.ArrayLike = 0.5,
    level: float = 0.8,
) -> Calibration:
    """Calibrate an index on the counters' mean days; one value a counter, shape (k,).

    index: of the streets they hang in, any positive unit; log_variance: of each mean day, wider for short counts.
    Left out and noted: counters without index (off the network) or without a count. A count of 0 is read as
    `stand_in_for_zero` persons per day (half a person seen); an index of 0 as half the smallest index above 0.
    GeodataError when nothing is left.
    """
    x = np.atleast_1d(np.asarray(index, dtype=np.float64))
    y = np.atleast_1d(np.asarray(persons_per_day, dtype=np.float64))
    variance = np.broadcast_to(np.asarray(log_variance, dtype=np.float64), y.shape)
    least = np.broadcast_to(np.asarray(stand_in_for_zero, dtype=np.float64), y.shape)
    known = ~(np.isnan(x) | np.isnan(y) | np.isnan(variance))
    if not known.any():
        raise GeodataError(
            T("no counter tells how many persons pass: this needs a count."),
            remedy=T("Add a file with counts, or count a quarter of an hour in a few streets yourself."),
        )
    notes = []
    if (~known).any():
        lost = int((~known).sum())
        notes.append(
            TN(
                "{count} counter without a street or a count is left out",
                "{count} counters without a street or a count are left out",
                lost,
            )
        )
    if (zero := int((y[known] <= 0).sum())) > 0:
        notes.append(
            TN(
                "{count} counter saw nobody; half a person stands in",
                "{count} counters saw nobody; half a person stands in",
                zero,
            )
        )
    positive = x[known & (x > 0)]
    floor = float(positive.min()) / 2 if len(positive) else 1.0
    log_x = np.log(np.maximum(x[known], floor))
    log_y = np.log(np.where(y[known] > 0, y[known], least[known]))
    if len(log_x) > 1 and np.ptp(log_x) < 1e-9:
        notes.append(T("all counters stand in equally busy streets, so that the spread between streets is assumed"))
    return _fitted(log_x, log_y, variance[known], floor, level, tuple(notes))


def mean_only(persons_per_day: npt.ArrayLike) -> float:
    """The estimate that knows no streets, to compare with: the geometric mean of the counters; NaN without any."""
    y = np.asarray(persons_per_day, dtype=np.float64)
    y = y[y > 0]
    return float(np.exp(np.log(y).mean())) if len(y) else float("nan")


def _fitted(x: Floats, y: Floats, variance: Floats, floor: float, level: float, notes: tuple[Text, ...]) -> Calibration:
    fit = _fit(x, y, variance)
    slope, noise = float(fit.weight @ fit.slope), float(fit.weight @ np.sqrt(_NOISES))
    return Calibration(len(x), level, _tail(x, y, variance, level), slope, noise, notes, floor, x, y, variance)


def _tail(x: Floats, y: Floats, variance: Floats, level: float) -> float:
    """Share of the prediction below an interval, that above it too: what the level says, below 4 counters."""
    k, assumed = len(x), float(ndtri((1 + level) / 2))
    if k < FEWEST_ERRORS:
        return (1 - level) / 2
    errors = []
    for i in range(k):
        others = np.arange(k) != i
        mean, sd, weight = _mixture(_fit(x[others], y[others], variance[others]), x[i : i + 1], variance[i : i + 1])
        below = float((ndtr((y[i] - mean) / sd) @ weight)[0])
        errors.append(float(ndtri(max(below, 1 - below))))
    needed = max(float(np.quantile(errors, level, method="median_unbiased")) / assumed, NARROWEST)
    return float(ndtr(-assumed * needed ** (k / (k + NOISE_WORTH))))


@dataclass(frozen=True, eq=False)
class _Fit:
    """The line under each noise variance, and how likely that noise is; arrays of shape (noises,).

    The line is centred where a and b are independent: y = centre_y + slope · (x − centre_x).
    """

    weight: Floats
    centre_x: Floats
    centre_y: Floats
    centre_variance: Floats
    slope: Floats
    slope_variance: Floats


def _fit(x: Floats, y: Floats, variance: Floats) -> _Fit:
    precision = 1 / (_NOISES[:, None] + variance)
    total = precision.sum(axis=1)
    centre_x, centre_y = precision @ x / total, precision @ y / total
    dx, dy = x - centre_x[:, None], y - centre_y[:, None]
    sxx, sxy = (precision * dx**2).sum(axis=1), (precision * dx * dy).sum(axis=1)
    slope_precision = sxx + SLOPE_SD**-2
    slope = (sxy + SLOPE * SLOPE_SD**-2) / slope_precision
    misfit = (precision * (dy - slope[:, None] * dx) ** 2).sum(axis=1) + ((slope - SLOPE) / SLOPE_SD) ** 2
    likelihood = 0.5 * (np.log(precision).sum(axis=1) - np.log(total) - np.log(slope_precision) - misfit)
    log_weight = _LOG_PRIOR + likelihood
    weight = np.exp(log_weight - log_weight.max())
    return _Fit(weight / weight.sum(), centre_x, centre_y, 1 / total, slope, 1 / slope_precision)


def _mixture(fit: _Fit, at: Floats, extra: Floats) -> tuple[Floats, Floats, Floats]:
    """The prediction at each place under each noise: mean, sd (places, noises), and the weight of the noise."""
    away = at[:, None] - fit.centre_x
    sd = np.sqrt(_NOISES + extra[:, None] + fit.centre_variance + fit.slope_variance * away**2)
    return fit.centre_y + fit.slope * away, sd, fit.weight


def _quantiles(
    x: Floats, y: Floats, variance: Floats, at: Floats, extra: Floats, levels: Sequence[float]
) -> list[Floats]:
    """Quantiles of the prediction, a mixture of normals over the noise, by bisection; shape of `at` each."""
    if at.size > 400 and np.ptp(extra) == 0:  # a smooth curve of the index: solve it at a few points only
        knots = np.linspace(at.min(), at.max(), 200)
        solved = _quantiles(x, y, variance, knots, np.full(200, extra[0]), levels)
        return [np.interp(at, knots, s) for s in solved]
    mean, sd, weight = _mixture(_fit(x, y, variance), at, extra)
    found = []
    for level in levels:
        low, high = (mean - 9 * sd).min(axis=1), (mean + 9 * sd).max(axis=1)
        for _ in range(50):
            middle = (low + high) / 2
            above = ndtr((middle[:, None] - mean) / sd) @ weight > level
            low, high = np.where(above, low, middle), np.where(above, middle, high)
        found.append((low + high) / 2)
    return found
