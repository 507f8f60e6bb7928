"""Site retrieval: hide one premises' branch everywhere, rank all premises' places for that branch, find it back."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from location_model.branch_models import (
    LIFT_WEIGHT,
    RIDGE,
    WIDTH,
    Discriminant,
    Floats,
    Ints,
    PlaceModel,
    base_share,
    lift,
    share,
)  # fmt: skip

FOLDS = 10


@dataclass(frozen=True, eq=False)
class Sites:
    """The premises whose branch is asked for, and all units around them.

    z: normal scores of place features, shape (sites, features). around: weights of all units around each site, a
    matrix a scale, the site itself left out; every unit within a smaller scale is within the largest, the last.
    near: units within the radius of the co-location baseline, as ones. unit: each site's own column. kind: class of
    every unit (branches first, then vacant and other), `codes` of the sites among them.
    """

    z: Floats
    around: tuple[csr_array, ...]
    near: csr_array
    unit: Ints
    kind: Ints
    n_kinds: int
    n_branches: int

    @property
    def codes(self) -> Ints:
        """The branch of each site."""
        return self.kind[self.unit]

    def __len__(self) -> int:
        return len(self.unit)

    @cached_property
    def place(self) -> PlaceModel:
        """The place model of these sites; its costly part holds for any labels."""
        return PlaceModel(self.z, self.codes, self.n_branches, WIDTH, RIDGE)

    def shuffled(self, rng: np.random.Generator) -> "Sites":
        """The same sites with their branches dealt out anew: what is found back then is found by chance."""
        kind = self.kind.copy()
        kind[self.unit] = rng.permutation(kind[self.unit])
        return replace(self, kind=kind)

    def weights(self, hidden: Ints | None = None) -> list[Floats]:
        """Neighbour weights by class, a matrix a scale; the branches of `hidden` sites are seen by nobody."""
        member = np.eye(self.n_kinds)[self.kind]
        if hidden is not None:
            member[self.unit[hidden]] = 0.0
        return [a @ member for a in self.around]

    @cached_property
    def pairs(self) -> tuple[Ints, Ints, list[Floats], Ints]:
        """Sites near each other, both ways: (i, j, weight of j around i a scale, position of the pair j, i)."""
        column = np.full(len(self.kind), -1)
        column[self.unit] = np.arange(len(self))
        widest = self.around[-1].tocoo()
        i, j = widest.row.astype(np.int64), column[widest.col]
        i, j = i[j >= 0], j[j >= 0]
        order = np.argsort(i * len(self) + j)
        i, j = i[order], j[order]
        weights = [np.asarray(a[i, self.unit[j]]).ravel() for a in self.around]
        return i, j, weights, np.searchsorted(i * len(self) + j, j * len(self) + i)


def percentiles(difference: Callable[[Ints, int], Floats], codes: Ints) -> Floats:
    """Share of the other places that score below each site for its own branch, ties counted half.

    difference(of, branch): score of sites minus that of all places, shape (of, sites).
    """
    found = np.empty(len(codes))
    for branch in np.unique(codes):
        of = np.flatnonzero(codes == branch)
        d = difference(of, int(branch))
        found[of] = ((d > 0).sum(axis=1) + 0.5 * ((d == 0).sum(axis=1) - 1)) / (len(codes) - 1)
    return found


def model_percentiles(sites: Sites, place: PlaceModel, *, seed: int = 0, folds: int = FOLDS) -> Floats:
    """Percentile of each site under the model, which saw the branch of neither place of a pair.

    The place model leaves pairs out exactly; the discriminant is fitted without the folds of both; the lifts count
    without the site sought.
    """
    place.learn(sites.codes, sites.n_branches)
    fitted = discriminant_difference(sites, seed=seed, folds=folds)
    shown = sites.weights()

    def difference(of: Ints, branch: int) -> Floats:
        total = place.pair_difference(of, branch) + fitted[of]
        for around, weights in zip(sites.around, shown, strict=True):
            total += LIFT_WEIGHT / len(shown) * lift_difference(sites, around, weights, of, branch)
        return total

    return percentiles(difference, sites.codes)


def lift_difference(sites: Sites, around: csr_array, weights: Floats, of: Ints, branch: int) -> Floats:
    """Co-location quality of sites of one branch minus that of every place, in spreads; shape (of, sites).

    Each of the sites is hidden: from the branch's mean surroundings, from the town's shares, and from its neighbours.
    """
    seen = around[:, sites.unit[of]].toarray()  # how every place sees the sites sought
    own = share(weights[of])
    sums = own.sum(axis=0) - own
    n = np.full(len(of), float((weights[of].sum(axis=1) > 1e-9).sum())) - (weights[of].sum(axis=1) > 1e-9)
    k, hidden = np.nonzero(seen[of])  # places of the branch that lose a neighbour
    less = weights[of[k]].copy()
    less[:, branch] = np.maximum(less[:, branch] - seen[of[k], hidden], 0.0)
    np.add.at(sums, hidden, share(less) - own[k])
    np.subtract.at(n, hidden, less.sum(axis=1) <= 1e-9)
    base = np.repeat(weights.sum(axis=0)[None, :], len(of), axis=0)
    base[:, branch] = np.maximum(base[:, branch] - seen.sum(axis=0), 0.0)
    lifts = lift(sums, n[:, None], base_share(base))
    quality = (lifts @ weights.T - seen.T * lifts[:, [branch]]) / (weights.sum(axis=1) - seen.T + 1.0)
    spread = np.maximum(quality.std(axis=1, keepdims=True), 1e-9)
    return np.asarray((quality[np.arange(len(of)), of][:, None] - quality) / spread)


def discriminant_difference(sites: Sites, *, seed: int, folds: int) -> Floats:
    """Discriminant score of each site minus that of every place for the site's branch, shape (sites, sites).

    A model for each pair of folds learns from the other folds, in whose surroundings the held-out branches are
    hidden too. Places near each other do not see each other's branch.
    """
    codes, n = sites.codes, len(sites)
    fold = np.random.default_rng(seed).permutation(n) % folds
    i, j, weights, back = sites.pairs
    pair_folds = np.minimum(fold[i], fold[j]) * folds + np.maximum(fold[i], fold[j])
    order = np.argsort(pair_folds, kind="stable")
    starts = np.searchsorted(pair_folds[order], np.arange(folds * folds + 1))
    shown = sites.weights()
    difference = np.zeros((n, n), dtype=np.float32)
    for f in range(folds):
        for g in range(f, folds):
            held = np.flatnonzero((fold == f) | (fold == g))
            train = np.flatnonzero((fold != f) & (fold != g))
            if not len(train) or not len(held):
                continue
            seen = [w[train] for w in sites.weights(hidden=held)]
            model = Discriminant(sites.z[train], seen, codes[train], sites.n_branches)
            score = np.zeros((n, sites.n_branches))
            score[held] = model.score(sites.z[held], [w[held] for w in shown])
            for a, b in {(f, g), (g, f)}:
                of, among = np.flatnonzero(fold == a), np.flatnonzero(fold == b)
                difference[np.ix_(of, among)] = score[of, codes[of]][:, None] - score[among][:, codes[of]].T
            rows = order[starts[f * folds + g] : starts[f * folds + g + 1]]
            if len(rows):
                hidden = [w[i[rows]] for w in shown]
                for block, weight in zip(hidden, weights, strict=True):
                    at = (np.arange(len(rows)), codes[j[rows]])
                    block[at] = np.maximum(block[at] - weight[rows], 0.0)
                apart = model.score(sites.z[i[rows]], hidden)
                where = np.empty(len(i), dtype=np.int64)
                where[rows] = np.arange(len(rows))
                line = np.arange(len(rows))
                branch = codes[i[rows]]
                difference[i[rows], j[rows]] = apart[line, branch] - apart[where[back[rows]], branch]
    return difference


def jensen_percentiles(sites: Sites) -> Floats:
    """The baseline: co-location quality of Jensen (2006), Q = Σ log₁₀(M)·neighbours, the site's branch hidden.

    M_AB = (N − n_A) / (n_A n_B) Σ_A n_B / (n − n_A); M_AA = (N − 1) / (n_A (n_A − 1)) Σ_A n_A / n, over the neighbours
    of the branches ranked.
    """
    codes, n = sites.codes, len(sites)
    near = sites.near[:, sites.unit].tocsr()
    counts = near @ np.eye(sites.n_branches)[codes]
    total = counts.sum(axis=1)
    size = np.bincount(codes, minlength=sites.n_branches).astype(np.float64)

    def difference(of: Ints, branch: int) -> Floats:
        around, among = counts[of], near[of][:, of].toarray() > 0
        others = total[of] - around[:, branch]
        terms = np.divide(around, others[:, None], out=np.zeros_like(around), where=others[:, None] > 0)
        own = np.divide(around[:, branch], total[of], out=np.zeros(len(of)), where=total[of] > 0)
        without = np.divide(around[:, branch] - 1, total[of] - 1, out=np.zeros(len(of)), where=total[of] > 1)
        nb = len(of) - 1.0
        m = (terms.sum(axis=0) - terms) * (n - 1 - nb) / (nb * np.maximum(size, 1.0))
        m[:, branch] = (own.sum() - own - among @ (own - without)) * (n - 2) / (nb * max(nb - 1.0, 1.0))
        strength = np.log10(m, out=np.zeros_like(m), where=m > 1e-12)
        quality = strength @ counts.T - near[of].toarray() * strength[:, [branch]]
        return np.asarray((around * strength).sum(axis=1)[:, None] - quality)

    return percentiles(difference, codes)
