"""Persons per day from an index and few counters, against closed forms, brute force and simulation."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2, norm, t

from geodata.errors import GeodataError
from location_model.calibration import NARROWEST, NOISE_SD, NOISE_WORTH, SLOPE, SLOPE_SD, calibrate, mean_only


def test_one_counter_and_the_slope_of_other_towns() -> None:
    value, low, high = calibrate(10.0, 1000.0).predict([10.0, 20.0, 5.0])
    np.testing.assert_allclose(value, 1000 * np.array([1, 2, 0.5]) ** SLOPE, rtol=1e-6)
    assert (low < value).all()
    assert (value < high).all()
    assert high[1] / low[1] > high[0] / low[0]  # farther from what was counted: less sure


@pytest.mark.parametrize("k", [1, 2, 3])
def test_counters_in_equal_streets_give_students_t(k: int) -> None:
    y = np.random.default_rng(k).normal(7, 0.9, k)
    made = calibrate(np.full(k, 4.0), np.exp(y), level=0.8)
    worth = NOISE_WORTH + k - 1
    scale = np.sqrt((NOISE_WORTH * NOISE_SD**2 + ((y - y.mean()) ** 2).sum()) / worth * (1 + 1 / k))
    expected = t(worth, y.mean(), scale).ppf([0.5, 0.1, 0.9])
    found = [np.log(v.item()) for v in made.predict(4.0)]
    np.testing.assert_allclose(found, expected, atol=1e-4)
    assert ("equally busy" in "".join(note.to("en") for note in made.notes)) == (k > 1)


def test_the_prediction_is_what_trying_every_line_gives() -> None:
    """Against sums over a grid of a, b and the noise, with counts that are not equally sure."""
    x, y, variance, at = np.log([2.0, 5.0, 40.0]), np.array([6.0, 7.5, 8.0]), np.array([0.0, 0.3, 0.05]), np.log(15.0)
    a, b = np.meshgrid(np.linspace(-2, 14, 321), np.linspace(-0.6, 2.0, 131), indexing="ij")
    total, below = 0.0, np.zeros(200)
    steps = np.linspace(2, 13, 200)
    for u in (np.arange(60) + 0.5) / 60:
        noise = NOISE_SD**2 * NOISE_WORTH / chi2(NOISE_WORTH).isf(u)
        weight = norm(SLOPE, SLOPE_SD).pdf(b)
        for xi, yi, vi in zip(x, y, variance, strict=True):
            weight = weight * norm.pdf(yi, a + b * xi, np.sqrt(noise + vi))
        total += weight.sum()
        # b's and a's spread at this place, gathered by value, then blurred with the noise
        mass, edges = np.histogram(a + b * at, bins=400, weights=weight)
        below += norm.cdf((steps[:, None] - (edges[:-1] + edges[1:]) / 2) / np.sqrt(noise)) @ mass
    expected = np.interp([0.5, 0.1, 0.9], below / total, steps)
    found = calibrate(np.exp(x), np.exp(y), log_variance=variance).predict(15.0)
    np.testing.assert_allclose([np.log(v.item()) for v in found], expected, atol=0.02)


def test_fifty_counters_decide_for_themselves() -> None:
    rng = np.random.default_rng(1)
    index = rng.lognormal(3, 1.5, 50)
    made = calibrate(index, 40 * index**1.2 * rng.lognormal(0, 0.2, 50))
    value, low, high = made.predict([10.0, 100.0])
    np.testing.assert_allclose(value, 40 * np.array([10.0, 100.0]) ** 1.2, rtol=0.15)
    assert made.slope == pytest.approx(1.2, abs=0.05)
    assert 0.2 < made.noise_sd < 0.45
    assert (high / low < 3).all()
    assert made.k == 50


@pytest.mark.parametrize("k", [1, 3, 5, 10, 40])
def test_intervals_hold_as_often_as_they_say(k: int) -> None:
    """Towns drawn from what is assumed of towns, each calibrated with k short counts."""
    rng, hits, n = np.random.default_rng(k), 0, 400
    for _ in range(n):
        b, sd = rng.normal(SLOPE, SLOPE_SD), np.sqrt(NOISE_SD**2 * NOISE_WORTH / rng.chisquare(NOISE_WORTH))
        x = rng.normal(2, 1, k + 1)
        y = 5 + b * x + rng.normal(0, sd, k + 1)
        variance = rng.uniform(0, 0.3, k)
        seen = y[:k] + rng.normal(0, np.sqrt(variance))
        _, low, high = calibrate(np.exp(x[:k]), np.exp(seen), log_variance=variance).predict(np.exp(x[k]))
        hits += int(low <= np.exp(y[k]) <= high)
    assert hits / n == pytest.approx(0.8, abs=0.06)


def test_an_unsure_count_weighs_less_and_widens_what_it_is_compared_with() -> None:
    index, persons = [10.0, 10.0], [100.0, 10_000.0]
    even = calibrate(index, persons).predict(10.0)[0]
    first = calibrate(index, persons, log_variance=[0.01, 2.0]).predict(10.0)[0]
    assert 100 < first < even
    made = calibrate(index, persons)
    _, low, high = made.predict(10.0)
    _, lower, higher = made.predict(10.0, log_variance=1.0)
    assert lower < low < high < higher


@given(size=st.floats(0.01, 1000), unit=st.floats(0.01, 1000))
def test_units_do_not_matter(size: float, unit: float) -> None:
    index, persons, at = np.array([1.0, 3.0, 8.0]), np.array([120.0, 100.0, 900.0]), np.array([0.5, 2.0, 20.0])
    one = calibrate(index, persons).predict(at)
    other = calibrate(index * unit, persons * size).predict(at * unit)
    np.testing.assert_allclose(np.array(other), np.array(one) * size, rtol=1e-6)


def test_a_whole_town_is_predicted_as_each_street_alone() -> None:
    made = calibrate([1.0, 3.0, 8.0], [120.0, 100.0, 900.0])
    index = np.append(np.geomspace(0.5, 500, 900), [np.nan, 0.0])
    whole = made.predict(index)
    few = made.predict(index[[0, 450, 899]])
    np.testing.assert_allclose(np.array(whole)[:, [0, 450, 899]], np.array(few), rtol=1e-3)
    assert np.isnan(whole[0][-2])
    assert 0 < whole[0][-1] <= whole[0][0]  # an index of 0: the least that is told apart, not nought persons


def test_what_is_left_out_is_said() -> None:
    index, persons = [1.0, np.nan, 3.0, 5.0, 0.0], [10.0, 20.0, np.nan, 0.0, 5.0]
    made = calibrate(index, persons, stand_in_for_zero=2.0)
    assert made.k == 3
    notes = " ".join(note.to("nl") for note in made.notes)
    assert "2 tellers zonder straat" in notes
    assert "1 teller zag niemand" in notes
    assert made.basis.to("nl") == "gekalibreerd met 3 tellers"
    assert calibrate(1.0, 5.0).basis.to("en") == "calibrated with 1 counter"
    direct = calibrate([1.0, 5.0, 0.5], [10.0, 2.0, 5.0])
    np.testing.assert_allclose(made.predict([2.0]), direct.predict([2.0]))


@pytest.mark.parametrize("nothing", [[], [np.nan, np.nan]])
def test_without_counters_there_is_no_number(nothing: list[float]) -> None:
    with pytest.raises(GeodataError, match="needs a count"):
        calibrate(nothing, nothing)


def test_one_shared_count_is_fitted() -> None:
    value, low, high = calibrate([1.0, 4.0, 20.0, 7.0], [300.0] * 4).predict([1.0, 20.0])
    assert np.isfinite([value, low, high]).all()
    assert value[1] / value[0] < 20**SLOPE  # four equal counts speak against the slope of other towns


def test_an_interval_is_as_wide_as_the_counters_own_errors_ask() -> None:
    """Towns in which most streets follow the line closely and a few not at all: the few do not widen all the rest."""
    rng, held = np.random.default_rng(4), {"own": [], "assumed": []}
    for _ in range(20):
        index = rng.lognormal(3, 1, 240)
        persons = 9 * index**0.7 * np.exp(0.35 * rng.standard_t(2, 240))
        made = calibrate(index[:40], persons[:40])
        for name, as_wide in (("own", made), ("assumed", replace(made, tail=0.1))):
            value, low, high = as_wide.predict(index[40:])
            assert ((low <= value) & (value <= high)).all()
            held[name].append(np.mean((low <= persons[40:]) & (persons[40:] <= high)))
    assert np.mean(held["own"]) == pytest.approx(0.8, abs=0.04)
    assert np.mean(held["assumed"]) > 0.85


def test_too_few_or_too_good_errors_change_little() -> None:
    index = np.geomspace(1, 100, 30)
    assert calibrate(index[:3], [5.0, 900, 7]).tail == pytest.approx(0.1)  # three counters leave no quantile
    perfect = calibrate(index, 5 * index**SLOPE)
    assert norm.isf(perfect.tail) / norm.isf(0.1) == pytest.approx(NARROWEST ** (30 / (30 + NOISE_WORTH)))


def test_the_mean_that_knows_no_streets() -> None:
    assert mean_only([100.0, 10_000.0, np.nan, 0.0]) == pytest.approx(1000)
    assert np.isnan(mean_only([]))
