"""Site retrieval finds back what is there, nothing where nothing is, and nothing that was seen."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from location_model.branch_models import Lifts
from location_model.validation.retrieval import (
    Sites,
    discriminant_difference,
    jensen_percentiles,
    lift_difference,
    model_percentiles,
    percentiles,
)

N, BRANCHES = 120, 4


def around(xy: np.ndarray, scale: float) -> csr_array:
    distance = np.sqrt(((xy[:, None] - xy[None]) ** 2).sum(axis=2))
    weight = np.where(distance <= 4 * scale, np.exp(-distance / scale), 0.0)
    np.fill_diagonal(weight, 0.0)
    return csr_array(weight)


def sites(kind: np.ndarray, xy: np.ndarray, z: np.ndarray) -> Sites:
    distance = np.sqrt(((xy[:, None] - xy[None]) ** 2).sum(axis=2))
    near = csr_array(((distance <= 100) & (distance > 0)).astype(float))
    n = len(kind)
    return Sites(z, (around(xy, 15), around(xy, 60)), near, np.arange(n), kind, BRANCHES + 1, BRANCHES)


@pytest.fixture(scope="module")
def clusters() -> Sites:
    """Each branch in two clumps of its own, ten shops each, and ten a branch anywhere."""
    rng = np.random.default_rng(5)
    kind = np.repeat(np.arange(BRANCHES), 30)
    home = rng.uniform(0, 2000, (2 * BRANCHES, 2))
    xy = np.vstack([
        part
        for b in range(BRANCHES)
        for part in (home[2 * b] + rng.normal(0, 30, (10, 2)), home[2 * b + 1] + rng.normal(0, 30, (10, 2)),
                     rng.uniform(0, 2000, (10, 2)))
    ])  # fmt: skip
    return sites(kind, xy, rng.normal(size=(N, 5)))


@pytest.fixture(scope="module")
def scattered() -> Sites:
    """Branches dealt out at random over places that are each one of a kind."""
    rng = np.random.default_rng(6)
    return sites(
        rng.permutation(np.repeat(np.arange(BRANCHES), 30)), rng.uniform(0, 600, (N, 2)), rng.normal(size=(N, 5))
    )


def test_clusters_are_found_back_and_shuffled_branches_are_not(clusters: Sites) -> None:
    assert model_percentiles(clusters, clusters.kind).mean() > 0.7
    assert jensen_percentiles(clusters).mean() > 0.7
    rng = np.random.default_rng(0)
    chance = [model_percentiles(clusters, clusters.shuffled(rng)).mean() for _ in range(10)]
    assert np.mean(chance) == pytest.approx(0.5, abs=0.03)


def test_what_the_place_tells_is_found_back(scattered: Sites) -> None:
    z = scattered.z + 2.0 * np.eye(BRANCHES, 5)[scattered.kind]
    told = sites(scattered.kind, np.random.default_rng(1).uniform(0, 5000, (N, 2)), z)
    assert model_percentiles(told, told.kind).mean() > 0.8  # 0.88 at most: shops of one branch are alike


def test_memorising_does_not_win(scattered: Sites) -> None:
    """Where a model that saw the answers would find every one back, the test gives chance."""
    place = scattered.place
    seen = place.score(scattered.z)
    memorised = percentiles(lambda of, b: seen[of, b][:, None] - seen[:, b][None, :], scattered.codes)
    assert memorised.mean() > 0.8
    assert model_percentiles(scattered, scattered.kind).mean() == pytest.approx(0.5, abs=0.07)


def test_a_hidden_site_changes_nothing_that_judges_it(scattered: Sites) -> None:
    """Lifts with a site hidden are those of a town in which that unit has no branch at all."""
    codes, between = scattered.codes, scattered.between[1]
    weights = scattered.around[1] @ np.eye(BRANCHES + 1)[codes]
    branch, of = 2, np.flatnonzero(codes == 2)
    found = lift_difference(between, weights, of, branch)
    for row, i in enumerate(of[:5]):
        others = np.delete(np.arange(N), i)
        unseen = np.eye(BRANCHES + 1)[codes]
        unseen[i] = 0.0
        hidden = scattered.around[1] @ unseen
        known = Lifts(hidden[others], codes[others], BRANCHES)
        known_base = hidden.sum(axis=0)  # the site's own surroundings are no secret
        shares = np.maximum(known_base / known_base.sum(), 0.002)
        own = hidden[others][codes[others] == branch]
        mean = (own / np.maximum(own.sum(axis=1, keepdims=True), 1e-12)).sum(axis=0)
        n = (own.sum(axis=1) > 1e-9).sum()
        known.lift[branch] = np.log((mean + 5 * shares) / ((n + 5) * shares))
        quality = known.quality(hidden)[:, branch]
        assert found[row] == pytest.approx((quality[i] - quality) / quality.std(), abs=1e-6)


def test_near_places_do_not_see_each_other(scattered: Sites) -> None:
    """Whether a place's own branch is this or that never changes how it compares for a branch that it is not."""
    rng_seed, folds = 4, 6
    kind = scattered.kind.copy()
    i, j, _, _ = scattered.pairs
    a, b = int(i[0]), int(j[0])
    weights = [w @ np.eye(BRANCHES + 1)[kind] for w in scattered.around]
    before = discriminant_difference(scattered, kind, weights, seed=rng_seed, folds=folds)
    kind[b] = next(k for k in range(BRANCHES) if k not in (kind[a], kind[b]))
    weights = [w @ np.eye(BRANCHES + 1)[kind] for w in scattered.around]
    after = discriminant_difference(scattered, kind, weights, seed=rng_seed, folds=folds)
    assert after[a, b] == pytest.approx(before[a, b], abs=1e-5)


def test_jensen_by_the_published_sums(clusters: Sites) -> None:
    codes, near = clusters.codes, clusters.near.toarray()
    fast = jensen_percentiles(clusters)
    for i in range(0, N, 17):
        branch = codes[i]
        member = np.eye(BRANCHES)[codes]
        member[i] = 0.0
        counts = near @ member
        own = [k for k in np.flatnonzero(codes == branch) if k != i]
        n_a, total = len(own), counts.sum(axis=1)
        strength = np.zeros(BRANCHES)
        for other in range(BRANCHES):
            n_b = member[:, other].sum()
            if other == branch:
                terms = [counts[k, other] / total[k] if total[k] else 0.0 for k in own]
                m = (N - 2) / (n_a * (n_a - 1)) * sum(terms)
            else:
                rest = total - counts[:, branch]
                m = (N - 1 - n_a) / (n_a * n_b) * sum(counts[k, other] / rest[k] for k in own if rest[k])
            strength[other] = np.log10(m) if m > 1e-12 else 0.0
        quality = counts @ strength
        difference = quality[i] - np.delete(quality, i)
        expected = ((difference > 1e-9) + 0.5 * (np.abs(difference) <= 1e-9)).mean()
        assert fast[i] == pytest.approx(expected, abs=0.02)


def test_ties_are_half_and_the_best_is_one() -> None:
    value = np.array([3.0, 1.0, 1.0, 0.0])
    found = percentiles(lambda of, b: value[of][:, None] - value[None, :], np.zeros(4, dtype=np.int64))
    assert found == pytest.approx([1.0, 0.5, 0.5, 0.0])
