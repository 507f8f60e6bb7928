"""Weights from a retailer's own turnover: a starting profile corrected as far as the shops speak for it.

Turnover is taken as a + Σ b·v over the values v (0–1) of the criteria, b ≥ 0: a criterion may weigh nothing, never
against itself. Ridge regression draws the b towards the starting weights, in proportion (Hoerl & Kennard 1970,
towards a target instead of zero; non-negative by Lawson & Hanson 1974).
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import nnls

from geodata.errors import GeodataError
from geodata.language import LANGUAGES, T, Text
from location_model.profile import ScoringProfile
from location_model.score import LEAST_COVERAGE, value_of
from location_model.validation.statistics import Estimate, Floats, paired_difference

FEWEST = 8
PENALTIES = (*np.logspace(-2, 1.5, 8), math.inf)
"""Ridge penalties tried; the last one leaves the starting weights as they are."""

MOST_FOLDS = 20
"""Up to so many shops the penalty is chosen by leaving out one shop at a time, above it by tenths."""


@dataclass(frozen=True, eq=False)
class Learned:
    """A profile learnt from own shops, and how far it may be believed.

    Errors are mean absolute errors of a shop left out, in the unit of the turnover: of the learnt weights (their
    penalty chosen without that shop), of the starting weights, of the mean of the other shops. gain: mean only minus
    learnt, with its 95 % interval. estimates: turnover and estimate by shop, each left out.
    kept: layers of which nothing could be learnt, which kept their part. left_out: shops not used.
    """

    profile: ScoringProfile
    n: int
    loo_error: float
    start_error: float
    baseline_error: float
    gain: Estimate
    penalty: float
    estimates: pd.DataFrame
    kept: tuple[str, ...]
    left_out: tuple[tuple[str, Text], ...]
    claim: Text

    @property
    def better_than_mean(self) -> bool:
        """Whether the whole interval of the gain lies above 0."""
        return self.gain.low > 0

    def as_json(self) -> dict[str, Any]:
        """Weights, errors and what may be claimed."""
        return {
            "n": self.n,
            "weights": {c.layer: c.weight for c in self.profile.criteria},
            "loo_error": round(self.loo_error, 2),
            "start_error": round(self.start_error, 2),
            "baseline_error": round(self.baseline_error, 2),
            "gain": self.gain.as_json(),
            "kept": list(self.kept),
            "left_out": {shop: {language: why.to(language) for language in LANGUAGES} for shop, why in self.left_out},
            "claim": {language: self.claim.to(language) for language in LANGUAGES},
        }


def learn(
    values: pd.DataFrame,
    turnover_by_shop: Mapping[str, float],
    start: ScoringProfile,
    *,
    kept: Collection[str] = (),
    seed: int = 0,
) -> Learned:
    """A profile whose weights follow the turnover of own shops, from 8 shops on.

    values: layer values by shop as `shop_values.values_at` gives them. turnover_by_shop: over the same period, in one
    unit. A value not known counts as the mean of the other shops; a shop without turnover, or with less than 60 % of
    the starting weight known, is left out and listed. The penalty is the largest within one standard error of the best
    (Hastie and others 2009, § 7.10). The weights, to two decimals, add up to what they did; a criterion without a
    starting weight gets none, and the layers `kept` keep their part. GeodataError below 8 usable shops, or with all
    turnovers equal.
    """
    v, y, ids, left_out = usable(values, turnover_by_shop, start)
    if len(y) < FEWEST:
        raise GeodataError(
            T("weights are learnt from {least} shops on; {n} can be used.", least=FEWEST, n=len(y)),
            remedy=T("With 3 to 7 shops, see whether the score ranks them as their turnover does."),
        )
    if np.ptp(y) == 0:
        raise GeodataError(
            T("all shops have the same turnover: there is nothing to learn from."), remedy=T("Check the sales file.")
        )
    weights, layers = np.array([c.weight for c in start.criteria]), [c.layer for c in start.criteria]
    v = np.where((weights > 0) & ~np.isin(layers, list(kept)), v, np.nan)  # nothing is learnt of the others
    rest = [np.arange(len(y)) != i for i in range(len(y))]
    penalty = _penalty(v, y, weights)
    learnt = np.array([_fit(v[k], y[k], weights, _penalty(v[k], y[k], weights)).at(v[~k])[0] for k in rest])
    plain = np.array([_fit(v[k], y[k], weights, math.inf).at(v[~k])[0] for k in rest])
    means = np.array([y[k].mean() for k in rest])
    slopes = _fit(v, y, weights, penalty).slopes
    new = slopes * weights.sum() / slopes.sum() if slopes.sum() > 0 else weights
    gain = paired_difference(np.abs(means - y), np.abs(learnt - y), seed=seed)
    errors = [float(np.abs(x - y).mean()) for x in (learnt, plain, means)]
    return Learned(
        profile=start.with_weights(dict(zip(layers, new.round(2).tolist(), strict=True))),
        n=len(y),
        loo_error=errors[0],
        start_error=errors[1],
        baseline_error=errors[2],
        gain=gain,
        penalty=float(penalty),
        estimates=pd.DataFrame({"turnover": y, "estimated": learnt}, index=ids),
        kept=tuple(kept),
        left_out=left_out,
        claim=_claim(len(y), [e / y.mean() for e in errors], gain, kept=math.isinf(penalty)),
    )


@dataclass(frozen=True, eq=False)
class _Line:
    """Turnover as mean + Σ slope·(v − mean of v); a value not known counts as the mean."""

    means: Floats
    mean_turnover: float
    slopes: Floats

    def at(self, v: Floats) -> Floats:
        """Turnover estimated at places with these values, shape (places, criteria)."""
        return np.asarray(self.mean_turnover + np.where(np.isnan(v), 0.0, v - self.means) @ self.slopes)


def _fit(v: Floats, y: Floats, weights: Floats, penalty: float) -> _Line:
    """Slopes ≥ 0, drawn to s·weights with the best s ≥ 0."""
    known = ~np.isnan(v)
    means = np.where(known, v, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    centred, turnover = np.where(known, v - means, 0.0), y - y.mean()
    share = weights / weights.sum()
    if math.isinf(penalty):
        whole = centred @ share
        slopes = share * max(0.0, float(whole @ turnover) / max(float(whole @ whole), 1e-12))
    else:
        root, p = math.sqrt(penalty), len(weights)
        towards = np.hstack([root * np.eye(p), -root * share[:, None]])
        both = np.vstack([np.hstack([centred, np.zeros((len(y), 1))]), towards])
        slopes = nnls(both, np.concatenate([turnover, np.zeros(p)]))[0][:-1]
    return _Line(means, float(y.mean()), slopes)


def _penalty(v: Floats, y: Floats, weights: Floats) -> float:
    """The largest penalty whose squared error on shops left out is within one standard error of the least."""
    fold = np.arange(len(y)) % (len(y) if len(y) <= MOST_FOLDS else 10)
    squares = np.empty((len(PENALTIES), len(y)))
    for k in np.unique(fold):
        out = fold == k
        for row, penalty in zip(squares, PENALTIES, strict=True):
            row[out] = (_fit(v[~out], y[~out], weights, penalty).at(v[out]) - y[out]) ** 2
    error = squares.mean(axis=1)
    best = int(error.argmin())
    margin = squares[best].std(ddof=1) / math.sqrt(len(y))
    return float(PENALTIES[int(np.flatnonzero(error <= error[best] + margin).max())])


def usable(
    values: pd.DataFrame, turnover_by_shop: Mapping[str, float], profile: ScoringProfile
) -> tuple[Floats, Floats, pd.Index, tuple[tuple[str, Text], ...]]:
    """Values 0–1 (NaN = not known) and turnover of the shops that can be compared, their ids, and the others with why.

    GeodataError for a layer of the profile that `values` lacks, a shop twice, and a profile without any weight.
    """
    layers = [c.layer for c in profile.criteria]
    if missing := [layer for layer in layers if layer not in values]:
        raise GeodataError(T("there is no layer called {name}.", name=missing[0]), remedy=T("`layers` lists them all."))
    if values.index.has_duplicates:
        raise GeodataError(
            T("the shop {shop} is there twice.", shop=str(values.index[values.index.duplicated()][0])),
            remedy=T("Give every shop its own id."),
        )
    weights = np.array([c.weight for c in profile.criteria])
    if not weights.sum() > 0:
        raise GeodataError(
            T("all weights are 0: there is nothing to score on."), remedy=T("Give at least one criterion some weight.")
        )
    v = np.column_stack([value_of(c.value, values[c.layer]) for c in profile.criteria])
    y = np.array([float(turnover_by_shop.get(str(shop), math.nan)) for shop in values.index])
    enough = (~np.isnan(v) @ weights) / weights.sum() >= LEAST_COVERAGE - 1e-9
    sold = np.isfinite(y) & (y > 0)
    left_out = [
        (str(shop), T("no turnover known") if known else T("too little known about the place"))
        for shop, known in zip(values.index[~(enough & sold)], enough[~(enough & sold)], strict=True)
    ]
    placed = set(map(str, values.index))
    left_out += [(shop, T("no place known")) for shop in sorted(set(turnover_by_shop) - placed)]
    good = enough & sold
    return v[good], y[good], values.index[good], tuple(left_out)


def _claim(n: int, errors: Sequence[float], gain: Estimate, *, kept: bool) -> Text:
    learnt, start, mean = (round(100 * float(e)) for e in errors)
    if not gain.low > 0:
        return T(
            "Learnt from {n} shops, and not to be relied on: a shop left out is estimated {learnt} % off, against "
            "{mean} % with the mean of the other shops, a difference that may be chance.",
            n=n,
            learnt=learnt,
            mean=mean,
        )
    if kept:
        return T(
            "The turnover of {n} shops gives no reason to change the starting weights: with them a shop left out is "
            "estimated {start} % off, against {mean} % with the mean of the other shops.",
            n=n,
            start=start,
            mean=mean,
        )
    return T(
        "Learnt from {n} shops: a shop left out is estimated {learnt} % off, against {start} % with the starting "
        "weights and {mean} % with the mean of the other shops. It holds for shops like these.",
        n=n,
        learnt=learnt,
        start=start,
        mean=mean,
    )
