"""Site retrieval: hide one premises' branch everywhere, rank all premises' places for that branch, find it back."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations_with_replacement

import numpy as np
import numpy.typing as npt
from scipy.sparse import csc_array, csr_array

from location_model.branch_models import (
    LEAST_WEIGHT,
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
Float32s = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Sites:
    """The premises whose branch is asked for, and all units around them.

    z: normal scores of place features, shape (sites, features). around: weights of all units around each site, a
    matrix a scale, the site itself left out; every unit within a smaller scale is within the largest, the last.
    near: units within the radius of the co-location baseline, as ones. unit: each site's own column. kind: class of
    every unit (branches first, then what is only context).
    """

    z: Floats
    around: tuple[csr_array, ...]
    near: csr_array
    unit: Ints
    kind: Ints
    n_kinds: int
    n_branches: int

    def __len__(self) -> int:
        return len(self.unit)

    @property
    def codes(self) -> Ints:
        """The branch of each site."""
        return self.kind[self.unit]

    def shuffled(self, rng: np.random.Generator) -> Ints:
        """Kinds of all units with the sites' branches dealt out anew: what is found back then is found by chance."""
        kind = self.kind.copy()
        kind[self.unit] = rng.permutation(kind[self.unit])
        return kind

    @cached_property
    def place(self) -> PlaceModel:
        """The place model of these sites; its costly part holds for any labels."""
        return PlaceModel(self.z, self.codes, self.n_branches, WIDTH, RIDGE)

    @cached_property
    def between(self) -> tuple[csc_array, ...]:
        """The part of `around` in which the units are sites: how places see each other."""
        return tuple(around.tocsc()[:, self.unit] for around in self.around)

    @cached_property
    def pairs(self) -> tuple[Ints, Ints, list[Floats], Ints]:
        """Sites near each other, both ways: (i, j, weight of j around i a scale, position of the pair j, i)."""
        widest = self.between[-1].tocoo()
        key = np.sort(widest.row.astype(np.int64) * len(self) + widest.col)
        i, j = np.divmod(key, len(self))
        weights = []
        for between in self.between:
            found = between.tocoo()
            weight = np.zeros(len(key))
            weight[np.searchsorted(key, found.row.astype(np.int64) * len(self) + found.col)] = found.data
            weights.append(weight)
        return i, j, weights, np.searchsorted(key, j * len(self) + i)


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


def model_percentiles(sites: Sites, kind: Ints, *, seed: int = 0, folds: int = FOLDS) -> Floats:
    """Percentile of each site under the model, which saw the branch of neither place of a pair.

    The place model leaves pairs out exactly; the discriminant is fitted without the folds of both; the lifts count
    without the site sought. kind: of all units, the sites' own or shuffled.
    """
    codes = kind[sites.unit]
    place = sites.place
    place.learn(codes, sites.n_branches)
    shown = [around @ np.eye(sites.n_kinds)[kind] for around in sites.around]
    fitted = discriminant_difference(sites, codes, shown, seed=seed, folds=folds)

    def difference(of: Ints, branch: int) -> Floats:
        total = place.pair_difference(of, branch) + fitted[of]
        for between, weights in zip(sites.between, shown, strict=True):
            total += LIFT_WEIGHT / len(shown) * lift_difference(between, weights, of, branch)
        return total

    return percentiles(difference, codes)


def lift_difference(between: csc_array, weights: Floats, of: Ints, branch: int) -> Floats:
    """Co-location quality of sites of one branch minus that of every place, in spreads; shape (of, sites).

    Each of the sites is hidden: from the branch's mean surroundings, from the town's shares, and from its neighbours.
    between: weight of site j around site i. weights: of all kinds around each site.
    """
    seen = between[:, of].toarray()  # how every place sees the sites sought
    own = share(weights[of])
    some = (weights[of].sum(axis=1) > LEAST_WEIGHT).astype(np.float64)
    sums, n = own.sum(axis=0) - own, some.sum() - some
    k, hidden = np.nonzero(seen[of])  # places of the branch that lose a neighbour
    less = weights[of[k]].copy()
    less[:, branch] = np.maximum(less[:, branch] - seen[of[k], hidden], 0.0)
    np.add.at(sums, hidden, share(less) - own[k])
    np.subtract.at(n, hidden, less.sum(axis=1) <= LEAST_WEIGHT)
    base = np.repeat(weights.sum(axis=0)[None, :], len(of), axis=0)
    base[:, branch] = np.maximum(base[:, branch] - seen.sum(axis=0), 0.0)
    lifts = lift(np.maximum(sums, 0.0), n[:, None], base_share(base))
    quality = (lifts @ weights.T - seen.T * lifts[:, [branch]]) / (weights.sum(axis=1) - seen.T + 1.0)
    spread = np.maximum(quality.std(axis=1, keepdims=True), 1e-9)
    return np.asarray((quality[np.arange(len(of)), of][:, None] - quality) / spread)


def discriminant_difference(sites: Sites, codes: Ints, shown: list[Floats], *, seed: int, folds: int) -> Float32s:
    """Discriminant score of each site minus that of every place for the site's branch, shape (sites, sites).

    A model for each pair of folds learns from the other folds, in whose surroundings the held-out branches are
    hidden too. Places near each other do not see each other's branch.
    """
    n = len(sites)
    fold = np.random.default_rng(seed).permutation(n) % folds
    i, j, weights, back = sites.pairs
    pair_folds = np.minimum(fold[i], fold[j]) * folds + np.maximum(fold[i], fold[j])
    order = np.argsort(pair_folds, kind="stable")
    starts = np.searchsorted(pair_folds[order], np.arange(folds * folds + 1))
    member = np.eye(sites.n_kinds)[codes]
    told = [[b[:, fold == f] @ member[fold == f] for f in range(folds)] for b in sites.between]  # by each fold
    difference = np.zeros((n, n), dtype=np.float32)
    where = np.empty(len(i), dtype=np.int64)
    for f, g in combinations_with_replacement(range(folds), 2):
        held = np.flatnonzero((fold == f) | (fold == g))
        train = np.flatnonzero((fold != f) & (fold != g))
        if not len(train) or not len(held):
            continue
        seen = [
            np.maximum((w - by[f] - (by[g] if g != f else 0.0))[train], 0.0) for w, by in zip(shown, told, strict=True)
        ]
        model = Discriminant(sites.z[train], seen, codes[train], sites.n_branches)
        score = np.zeros((n, sites.n_branches))
        score[held] = model.score(sites.z[held], [w[held] for w in shown])
        for a, b in {(f, g), (g, f)}:
            of, among = np.flatnonzero(fold == a), np.flatnonzero(fold == b)
            difference[np.ix_(of, among)] = score[of, codes[of]][:, None] - score[among][:, codes[of]].T
        rows = order[starts[f * folds + g] : starts[f * folds + g + 1]]
        line = np.arange(len(rows))
        hidden = [w[i[rows]] for w in shown]
        for block, weight in zip(hidden, weights, strict=True):
            block[line, codes[j[rows]]] = np.maximum(block[line, codes[j[rows]]] - weight[rows], 0.0)
        apart = model.score(sites.z[i[rows]], hidden)
        where[rows] = line
        branch = codes[i[rows]]
        difference[i[rows], j[rows]] = apart[line, branch] - apart[where[back[rows]], branch]
    return np.asarray(difference)


def jensen_percentiles(sites: Sites) -> Floats:
    """The baseline: co-location quality of Jensen (2006), Q = Σ log₁₀(M)·neighbours, the site's branch hidden.

    M_AB = (N − n_A) / (n_A n_B) Σ_A n_B / (n − n_A); M_AA = (N − 1) / (n_A (n_A − 1)) Σ_A n_A / n, over the neighbours
    of the branches ranked.
    """
    codes, n = sites.codes, len(sites)
    near = sites.near.tocsc()[:, sites.unit].tocsr()
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
