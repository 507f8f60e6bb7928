"""Which branch fits which place, learned from where the town's own premises are.

Two closed-form models, added up (weights chosen in advance, the same for every town):
- what the place is like: kernel ridge regression of branch membership on place features (Laplacian kernel on
  within-town normal scores; Rasmussen & Williams 2006, ch. 2 and 6), which needs no neighbour's branch;
- who the neighbours are: a shrunken linear discriminant on place features and neighbour shares (Friedman 1989), and
  the co-location lift of every pair of branches (Jensen 2006, shrunken).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_factor, cho_solve
from scipy.spatial.distance import cdist
from scipy.special import log_softmax
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.preprocessing import QuantileTransformer
from sklearn.utils.validation import check_is_fitted, validate_data

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

CLIP = 2.5
"""Normal scores beyond this say no more than "far out"."""
LEAST_SHARE = 0.002
PLACE_WEIGHT, DISCRIMINANT_WEIGHT, LIFT_WEIGHT = 0.4, 0.2, 0.25
_CONTEXT_SPREAD = 0.5
_MEAN_SHRINKAGE, _COVARIANCE_SHRINKAGE, _LIFT_SHRINKAGE = 50.0, 0.45, 5.0


class BranchFit(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Branch suitability as a scikit-learn classifier.

    X, shape (places, features): place features on any scale (NaN = not known, taken for the middle of the town), then
    one block of columns a distance scale with the weight of the neighbours of each class, the place itself left out.
    context: widths of those blocks. width: of the kernel, in typical distances between two places. ridge: its
    shrinkage. y: branch ids.

    `decision_function` ranks places for a branch (columns follow `classes_`); `predict_log_proba` ranks branches for
    a place, the town's own shares as prior.
    """

    def __init__(self, context: tuple[int, ...] = (), width: float = 2.0, ridge: float = 7.0) -> None:
        self.context = context
        self.width = width
        self.ridge = ridge

    def fit(self, X: npt.ArrayLike, y: npt.ArrayLike) -> Self:  # noqa: N803 - scikit-learn's names
        """Learn from places whose branch is known. ValueError for fewer than two branches or unknown labels."""
        given, labels = validate_data(self, X, y, dtype=np.float64, ensure_all_finite="allow-nan", ensure_min_samples=2)
        self.classes_, codes = np.unique(labels, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError("BranchFit needs at least two classes, got 1 class")
        place, blocks = self._split(given)
        self.scores_ = NormalScores(place)
        z = self.scores_.of(place)
        self.place_ = PlaceModel(z, codes, len(self.classes_), self.width, self.ridge)
        self.neighbours_ = NeighbourModel(z, blocks, codes, len(self.classes_))
        counts = np.bincount(codes, minlength=len(self.classes_))
        self.log_prior_ = np.log(np.maximum(counts / counts.sum(), LEAST_SHARE))
        return self

    def decision_function(self, X: npt.ArrayLike) -> Floats:  # noqa: N803
        """How well each branch fits each place, shape (places, branches): comparable between places, not branches."""
        z, blocks = self._prepare(X)
        return self.place_.score(z) + self.neighbours_.score(z, blocks)

    def predict_log_proba(self, X: npt.ArrayLike) -> Floats:  # noqa: N803
        """Log probability of each branch at each place, shape (places, branches)."""
        return np.asarray(log_softmax(self.decision_function(X) + self.log_prior_, axis=1), dtype=np.float64)

    def predict_proba(self, X: npt.ArrayLike) -> Floats:  # noqa: N803
        """Probability of each branch at each place."""
        return np.exp(self.predict_log_proba(X))

    def predict(self, X: npt.ArrayLike) -> npt.NDArray[Any]:  # noqa: N803
        """The most probable branch of each place."""
        return np.asarray(self.classes_[self.predict_log_proba(X).argmax(axis=1)])

    def _prepare(self, X: npt.ArrayLike) -> tuple[Floats, list[Floats]]:  # noqa: N803
        check_is_fitted(self)
        given = validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan", reset=False)
        place, blocks = self._split(given)
        return self.scores_.of(place), blocks

    def _split(self, given: Floats) -> tuple[Floats, list[Floats]]:
        n_place = given.shape[1] - sum(self.context)
        if n_place < 0:
            raise ValueError("context is wider than X")
        ends = n_place + np.cumsum([0, *self.context])
        return given[:, :n_place], [given[:, a:b] for a, b in pairwise(ends)]

    def __sklearn_tags__(self) -> Any:
        """NaN means not known and is allowed."""
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags


class NormalScores:
    """Within-town normal scores: a value's rank among the town's premises, as a normal quantile within ±2.5."""

    def __init__(self, place: Floats) -> None:
        self.used = np.flatnonzero([len(np.unique(c[~np.isnan(c)])) > 1 for c in place.T])
        self.quantiles = QuantileTransformer(
            n_quantiles=min(1000, len(place)), output_distribution="normal", subsample=None
        )
        if len(self.used):
            self.quantiles.fit(place[:, self.used])

    def of(self, place: Floats) -> Floats:
        """Scores of the features that differ between places; 0 (the town's middle) where not known."""
        if not len(self.used):
            return np.zeros((len(place), 0))
        return np.nan_to_num(np.clip(self.quantiles.transform(place[:, self.used]), -CLIP, CLIP), nan=0.0)


class PlaceModel:
    """Kernel ridge regression of branch membership on place features.

    `inverse` is (K + ridge·I)⁻¹: with it, predictions that never saw one or two of the places are exact.
    """

    def __init__(self, z: Floats, codes: Ints, n_classes: int, width: float, ridge: float) -> None:
        self.z, self.width = z, width
        kernel = self.kernel(z)
        kernel[np.diag_indices_from(kernel)] += ridge
        self.inverse = cho_solve(cho_factor(kernel, overwrite_a=True), np.eye(len(z)))
        self.learn(codes, n_classes)

    def learn(self, codes: Ints, n_classes: int) -> None:
        """Take over (other) labels of the same places."""
        member = np.eye(n_classes)[codes]
        self.target = member - member.mean(axis=0)
        self.dual = self.inverse @ self.target
        left_out = self.target - self.dual / np.diag(self.inverse)[:, None]
        self.spread = np.maximum(left_out.std(axis=0), 1e-9)

    def kernel(self, z: Floats) -> Floats:
        """exp(−distance / width), distance per feature; shape (places, fitted places)."""
        return np.asarray(np.exp(-cdist(z, self.z) / (self.width * np.sqrt(max(z.shape[1], 1)))))

    def score(self, z: Floats) -> Floats:
        """Weighed score of each branch, in spreads over the town's premises."""
        return PLACE_WEIGHT * (self.kernel(z) @ self.dual) / self.spread

    def pair_difference(self, of: Ints, branch: int) -> Floats:
        """Score of the places `of` minus that of every place, the labels of both never seen; shape (of, places).

        Leave-pair-out in closed form: residuals (y − f) of a pair S are (G_SS)⁻¹ (G y)_S with G = (K + ridge·I)⁻¹.
        """
        g, y, dual = self.inverse, self.target[:, branch], self.dual[:, branch]
        own, other, between = np.diag(g)[of][:, None], np.diag(g)[None, :], g[of]
        det = own * other - between**2
        det[np.arange(len(of)), of] = 1.0
        left = y[of][:, None] - (other * dual[of][:, None] - between * dual[None, :]) / det
        right = y[None, :] - (own * dual[None, :] - between * dual[of][:, None]) / det
        difference = left - right
        difference[np.arange(len(of)), of] = 0.0
        return PLACE_WEIGHT * difference / self.spread[branch]


@dataclass(frozen=True)
class _Block:
    """Neighbour shares at one scale: their base, and the spread they are divided by."""

    base: Floats
    spread: float

    def of(self, weights: Floats) -> Floats:
        """Surplus of each class among the neighbours over its share in town (chi-square scaled, one added)."""
        total = weights.sum(axis=1, keepdims=True)
        return (weights - total * self.base) / (np.sqrt(self.base) * (total + 1.0)) / self.spread


class NeighbourModel:
    """A shrunken linear discriminant on place and neighbours, and shrunken co-location lifts."""

    def __init__(self, z: Floats, blocks: Sequence[Floats], codes: Ints, n_classes: int) -> None:
        self.blocks = [_block(weights) for weights in blocks]
        counts = np.bincount(codes, minlength=n_classes).astype(np.float64)
        self.seen = counts > 0
        self._discriminant(self._features(z, blocks), codes, counts)
        self.lifts = [_lift(w, b.base, codes, counts) for w, b in zip(blocks, self.blocks, strict=True)]
        parts = self._parts(z, blocks)
        self.spreads = [np.maximum(p.std(axis=0), 1e-9) for p in parts]
        self.weights = [DISCRIMINANT_WEIGHT, *([LIFT_WEIGHT / max(len(blocks), 1)] * len(blocks))]

    def score(self, z: Floats, blocks: Sequence[Floats]) -> Floats:
        """Weighed score of each branch, shape (places, branches), in spreads over the town's premises."""
        parts = zip(self.weights, self._parts(z, blocks), self.spreads, strict=True)
        total = np.sum([w * p / s for w, p, s in parts], axis=0)
        return np.where(self.seen, total, 0.0)

    def _parts(self, z: Floats, blocks: Sequence[Floats]) -> list[Floats]:
        linear = self._features(z, blocks) @ self.slope + self.intercept
        lifts = [w @ lift.T / (w.sum(axis=1, keepdims=True) + 1.0) for w, lift in zip(blocks, self.lifts, strict=True)]
        return [np.where(self.seen, log_softmax(linear, axis=1), 0.0), *lifts]

    def _features(self, z: Floats, blocks: Sequence[Floats]) -> Floats:
        return np.hstack([z, *(b.of(w) for b, w in zip(self.blocks, blocks, strict=True))])

    def _discriminant(self, x: Floats, codes: Ints, counts: Floats) -> None:
        middle = x.mean(axis=0)
        sums = np.zeros((len(counts), x.shape[1]))
        np.add.at(sums, codes, x - middle)
        means = sums / (counts + _MEAN_SHRINKAGE)[:, None]
        within = x - middle - (sums / np.maximum(counts, 1.0)[:, None])[codes]
        covariance = within.T @ within / len(x)
        ridge = max(np.trace(covariance) / max(x.shape[1], 1), 1e-9)
        mixed = (1 - _COVARIANCE_SHRINKAGE) * covariance + _COVARIANCE_SHRINKAGE * ridge * np.eye(x.shape[1])
        self.slope = np.linalg.solve(mixed, means.T)
        prior = np.log(np.maximum(counts, 1e-9) / counts.sum())
        self.intercept = prior - 0.5 * (means.T * self.slope).sum(axis=0) - middle @ self.slope


def _block(weights: Floats) -> _Block:
    total = weights.sum()
    base = np.maximum(weights.sum(axis=0) / total if total > 0 else np.zeros(weights.shape[1]), LEAST_SHARE)
    plain = _Block(base, 1.0)
    spread = float(np.sqrt(np.mean(plain.of(weights).var(axis=0)))) if weights.size else 0.0
    return _Block(base, max(spread, 1e-9) / _CONTEXT_SPREAD)


def _lift(weights: Floats, base: Floats, codes: Ints, counts: Floats) -> Floats:
    """Logarithm of each class's share around a branch over its share in town, shape (branches, classes)."""
    total = weights.sum(axis=1, keepdims=True)
    share = np.divide(weights, total, out=np.zeros_like(weights), where=total > 0)
    sums = np.zeros((len(counts), weights.shape[1]))
    np.add.at(sums, codes, share)
    with_neighbours = np.bincount(codes, weights=total[:, 0] > 0, minlength=len(counts))[:, None]
    return np.asarray(np.log((sums + _LIFT_SHRINKAGE * base) / ((with_neighbours + _LIFT_SHRINKAGE) * base)))
