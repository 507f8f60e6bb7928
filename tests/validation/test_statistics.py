"""Intervals hold what they should, and blocks cover the ground."""

import numpy as np
import pytest

from location_model.validation.statistics import bootstrap, mean, paired_difference, spatial_blocks


def test_an_interval_holds_the_true_mean_as_often_as_it_says() -> None:
    rng = np.random.default_rng(1)
    inside = [(e := mean(rng.normal(3, 1, 80), seed=i)).low <= 3 <= e.high for i in range(60)]
    assert 0.85 <= np.mean(inside) <= 1.0


def test_what_both_find_hard_does_not_widen_a_paired_difference() -> None:
    rng = np.random.default_rng(1)
    hard = rng.normal(0, 10, 200)
    paired = paired_difference(hard + 1 + rng.normal(0, 0.1, 200), hard)
    assert paired.value == pytest.approx(1, abs=0.05)
    assert paired.high - paired.low < 0.1
    assert mean(hard).high - mean(hard).low > 1


def test_whole_groups_are_drawn_where_neighbours_are_alike() -> None:
    groups = np.repeat(np.arange(10), 50)
    values = np.repeat(np.random.default_rng(1).normal(size=10), 50)
    naive, honest = mean(values), mean(values, groups=groups)
    assert honest.high - honest.low > 3 * (naive.high - naive.low)


def test_nothing_gives_nothing_and_unknown_values_are_left_out() -> None:
    assert mean([]).as_json() == [None, None, None]
    assert mean([1.0, np.nan, 3.0]).value == 2.0
    one_class = bootstrap(lambda y: float("nan") if y.min() == y.max() else float(y.mean()), np.array([0.0, 1.0]))
    assert one_class.as_json() == [0.5, 0.5, 0.5]


def test_the_same_seed_gives_the_same_interval() -> None:
    values = np.arange(20.0)
    assert mean(values, seed=3) == mean(values, seed=3) != mean(values, seed=4)


def test_blocks_are_compact_and_never_more_than_the_places() -> None:
    xy = np.vstack([np.random.default_rng(1).normal(c, 1, (30, 2)) for c in (0.0, 100.0, 200.0)])
    blocks = spatial_blocks(xy, 3)
    assert [len(set(blocks[i : i + 30])) for i in (0, 30, 60)] == [1, 1, 1] and len(set(blocks)) == 3
    assert set(spatial_blocks(np.zeros((5, 2)), 8)) == {0}
