"""The models behind branch suitability, each in closed form: the place, the surroundings, pairs of branches."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_factor, cho_solve
from scipy.special import log_softmax, ndtri
from sklearn.metrics.pairwise import euclidean_distances

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

CLIP = 2.5
"""Normal scores beyond this say no more than "far out"."""
LEAST_SHARE = 0.002
LEAST_WEIGHT = 1e-9
"""Less is what rounding leaves of no neighbour at all."""
PLACE_WEIGHT, DISCRIMINANT_WEIGHT, LIFT_WEIGHT = 0.4, 0.2, 0.25
WIDTH, RIDGE = 2.0, 7.0
_CONTEXT_SPREAD = 0.5
_CHUNK = 4096
_MEAN_SHRINKAGE, _COVARIANCE_SHRINKAGE, _LIFT_SHRINKAGE = 50.0, 0.45, 5.0


class NormalScores:
    """Within-town normal scores: a value's rank among the town's premises, as a normal quantile within ±2.5."""

    def __init__(self, place: Floats) -> None:
        known = [np.sort(column[~np.isnan(column)]) for column in place.T]
        self.sorted = {i: values for i, values in enumerate(known) if len(values) and values[0] < values[-1]}

    def of(self, place: Floats) -> Floats:
        """Scores of the features that differ between premises; 0 (the town's middle) where not known."""
        scores = np.zeros((len(place), len(self.sorted)))
        for column, (i, values) in enumerate(self.sorted.items()):
            x = place[:, i]
            below = (np.searchsorted(values, x) + np.searchsorted(values, x, side="right")) / 2  # ties: middle rank
            scores[:, column] = np.where(np.isnan(x), 0.0, ndtri(below / len(values)))
        return np.asarray(np.clip(scores, -CLIP, CLIP))


class PlaceModel:
    """Kernel ridge regression of branch membership on place features.

    `inverse` is (K + ridge·I)⁻¹: with it, predictions that never saw one or two of the places are exact. `left_out`:
    score of each fitted place under the model without it.
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
        self.left_out = PLACE_WEIGHT * left_out / self.spread

    def kernel(self, z: Floats) -> Floats:
        """exp(−distance / width), distance per feature; shape (places, fitted places)."""
        if not self.z.shape[1]:
            return np.ones((len(z), len(self.z)))
        distance = euclidean_distances(z, None if z is self.z else self.z)
        return np.asarray(np.exp(-distance / (self.width * np.sqrt(z.shape[1]))))

    def score(self, z: Floats) -> Floats:
        """Weighed score of each branch, in spreads over the town's premises."""
        parts = [self.kernel(z[i : i + _CHUNK]) @ self.dual for i in range(0, len(z), _CHUNK)]
        return np.asarray(PLACE_WEIGHT * np.vstack([np.zeros((0, len(self.spread))), *parts]) / self.spread)

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
        return np.asarray(PLACE_WEIGHT * difference / self.spread[branch])


class Discriminant:
    """A shrunken linear discriminant on what a place is like and who its neighbours are."""

    def __init__(self, z: Floats, blocks: Sequence[Floats], codes: Ints, n_classes: int) -> None:
        self.blocks = [_block(weights) for weights in blocks]
        counts = np.bincount(codes, minlength=n_classes).astype(np.float64)
        self.seen = counts > 0
        x = self._features(z, blocks)
        middle = x.mean(axis=0)
        sums = np.zeros((n_classes, x.shape[1]))
        np.add.at(sums, codes, x - middle)
        means = sums / (counts + _MEAN_SHRINKAGE)[:, None]
        within = x - middle - (sums / np.maximum(counts, 1.0)[:, None])[codes]
        covariance = within.T @ within / len(x)
        ridge = max(float(np.trace(covariance)) / max(x.shape[1], 1), 1e-9)
        mixed = (1 - _COVARIANCE_SHRINKAGE) * covariance + _COVARIANCE_SHRINKAGE * ridge * np.eye(x.shape[1])
        self.slope = np.linalg.solve(mixed, means.T)
        prior = np.log(np.maximum(counts, 1e-9) / counts.sum())
        self.intercept = prior - 0.5 * (means.T * self.slope).sum(axis=0) - middle @ self.slope
        self.spread = np.maximum(self._log_share(x).std(axis=0), 1e-9)

    def score(self, z: Floats, blocks: Sequence[Floats]) -> Floats:
        """Weighed score of each branch, shape (places, branches), in spreads over the town's premises."""
        return np.asarray(DISCRIMINANT_WEIGHT * self._log_share(self._features(z, blocks)) / self.spread)

    def _features(self, z: Floats, blocks: Sequence[Floats]) -> Floats:
        return np.hstack([z, *(b.of(w) for b, w in zip(self.blocks, blocks, strict=True))])

    def _log_share(self, x: Floats) -> Floats:
        return np.where(self.seen, log_softmax(x @ self.slope + self.intercept, axis=1), 0.0)


@dataclass(frozen=True)
class _Block:
    """Neighbour shares at one scale: their base, and the spread they are divided by."""

    base: Floats
    spread: float

    def of(self, weights: Floats) -> Floats:
        """Surplus of each class among the neighbours over its share in town (chi-square scaled, one added)."""
        total = weights.sum(axis=1, keepdims=True)
        return np.asarray((weights - total * self.base) / (np.sqrt(self.base) * (total + 1.0)) / self.spread)


def _block(weights: Floats) -> _Block:
    base = base_share(weights.sum(axis=0))
    spread = float(np.sqrt(np.mean(_Block(base, 1.0).of(weights).var(axis=0)))) if weights.size else 0.0
    return _Block(base, max(spread, 1e-9) / _CONTEXT_SPREAD)


def base_share(sums: Floats) -> Floats:
    """Share of each class among all neighbours, at least 0.002; the last axis holds the classes."""
    total = np.maximum(sums.sum(axis=-1, keepdims=True), 1e-9)
    return np.asarray(np.maximum(sums / total, LEAST_SHARE))


def share(weights: Floats) -> Floats:
    """Share of each class among a place's neighbours; 0 without neighbours."""
    total = weights.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(weights, total, out=np.zeros_like(weights), where=total > LEAST_WEIGHT))


def lift(sums: Floats, n: Floats, base: Floats) -> Floats:
    """Logarithm of each class's share around a branch over its share in town, shrunk to 0 by five places.

    sums: shares added over a branch's places. n: how many of those have neighbours.
    """
    return np.asarray(np.log((sums + _LIFT_SHRINKAGE * base) / ((n + _LIFT_SHRINKAGE) * base)))


class Lifts:
    """Co-location: how much more often two branches are neighbours than their numbers in town would give."""

    def __init__(self, weights: Floats, codes: Ints, n_classes: int) -> None:
        sums = np.zeros((n_classes, weights.shape[1]))
        np.add.at(sums, codes, share(weights))
        n = np.bincount(codes, weights=weights.sum(axis=1) > LEAST_WEIGHT, minlength=n_classes)
        self.lift = lift(sums, n[:, None].astype(np.float64), base_share(weights.sum(axis=0)))
        self.spread = np.maximum(self.quality(weights).std(axis=0), 1e-9)

    def quality(self, weights: Floats) -> Floats:
        """Mean lift of a place's neighbours, one added that says nothing; shape (places, branches)."""
        return np.asarray(weights @ self.lift.T / (weights.sum(axis=1, keepdims=True) + 1.0))

    def score(self, weights: Floats) -> Floats:
        """Quality in spreads over the town's premises."""
        return np.asarray(self.quality(weights) / self.spread)
