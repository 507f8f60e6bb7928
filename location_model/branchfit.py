"""Which branch fits which place, learned from where the town's own premises are.

Three closed-form models, added up with weights that are the same for every town:
- what the place is like: kernel ridge regression of branch membership on place features (Laplacian kernel on
  within-town normal scores; Rasmussen & Williams 2006, ch. 2 and 6), which needs no neighbour's branch;
- a shrunken linear discriminant on place features and neighbour shares (Friedman 1989);
- the co-location lift of every pair of branches (Jensen 2006, shrunken).
"""

from itertools import pairwise
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy.special import log_softmax
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from location_model.branch_models import (
    LEAST_SHARE,
    LIFT_WEIGHT,
    RIDGE,
    WIDTH,
    Discriminant,
    Floats,
    Lifts,
    NormalScores,
    PlaceModel,
)  # fmt: skip


class BranchFit(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Branch suitability as a scikit-learn classifier.

    X, shape (places, features): place features on any scale (NaN = not known, taken for the middle of the town), then
    one block of columns a distance scale with the weight of the neighbours of each class, the place itself left out.
    context: widths of those blocks. width: of the kernel, in typical distances between two places. ridge: its
    shrinkage. y: branch ids.

    `suitability` ranks places for a branch (columns follow `classes_`); `predict_log_proba` ranks branches for
    a place, the town's own shares as prior.
    """

    def __init__(self, context: tuple[int, ...] = (), width: float = WIDTH, ridge: float = RIDGE) -> None:
        self.context = context
        self.width = width
        self.ridge = ridge

    def fit(self, X: npt.ArrayLike, y: npt.ArrayLike) -> Self:  # noqa: N803 - scikit-learn's names
        """Learn from places whose branch is known. ValueError for fewer than two branches or unknown labels."""
        given, labels = validate_data(self, X, y, dtype=np.float64, ensure_all_finite="allow-nan", ensure_min_samples=2)
        check_classification_targets(labels)
        self.classes_, codes = np.unique(labels, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError("BranchFit needs at least two classes, got 1 class")
        place, blocks = self._split(given)
        self.scores_ = NormalScores(place)
        z = self.scores_.of(place)
        self.place_ = PlaceModel(z, codes, len(self.classes_), self.width, self.ridge)
        self.discriminant_ = Discriminant(z, blocks, codes, len(self.classes_))
        self.lifts_ = [Lifts(weights, codes, len(self.classes_)) for weights in blocks]
        counts = np.bincount(codes, minlength=len(self.classes_))
        self.log_prior_ = np.log(np.maximum(counts / counts.sum(), LEAST_SHARE))
        return self

    def suitability(self, X: npt.ArrayLike) -> Floats:  # noqa: N803
        """How well each branch fits each place, shape (places, branches): comparable between places, not branches."""
        z, blocks = self.split(X)
        score = self.place_.score(z) + self.discriminant_.score(z, blocks)
        for lifts, weights in zip(self.lifts_, blocks, strict=True):
            score += LIFT_WEIGHT / len(blocks) * lifts.score(weights)
        return score

    def predict_log_proba(self, X: npt.ArrayLike) -> Floats:  # noqa: N803
        """Log probability of each branch at each place, shape (places, branches)."""
        return np.asarray(log_softmax(self.suitability(X) + self.log_prior_, axis=1), dtype=np.float64)

    def predict_proba(self, X: npt.ArrayLike) -> Floats:  # noqa: N803
        """Probability of each branch at each place."""
        return np.exp(self.predict_log_proba(X))

    def predict(self, X: npt.ArrayLike) -> npt.NDArray[Any]:  # noqa: N803
        """The most probable branch of each place."""
        best = self.predict_log_proba(X).argmax(axis=1)
        return np.asarray(self.classes_[best])

    def split(self, X: npt.ArrayLike) -> tuple[Floats, list[Floats]]:  # noqa: N803
        """X as the models take it: normal scores of the place features that differ, and the neighbour blocks."""
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
