"""The score adds up, bends where its value functions say, and is withheld where too little is known."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geodata.branches import read_branches
from geodata.errors import GeodataError
from location_model.layers import all_layers
from location_model.presets import preset
from location_model.profile import Criterion, ScoringProfile, ValueFunction, less, more, optimum
from location_model.score import LEAST_COVERAGE, rescore, value_of

FUNCTIONS = [
    more(0, 80),
    less(5, 50),
    optimum(0, 10, 30, 70),
    ValueFunction(((0, 0.2), (10, 0.4), (20, 1.0), (30, 0.0))),
]


def profile(weights: list[float]) -> ScoringProfile:
    pairs = zip(weights, FUNCTIONS, strict=True)
    return ScoringProfile("bakery", tuple(Criterion(f"layer {i}", w, f) for i, (w, f) in enumerate(pairs)))


inputs = arrays(np.float32, (4, 7), elements=st.floats(-20, 100, width=32) | st.just(float("nan")))
weights = st.lists(st.floats(0, 10, width=32), min_size=4, max_size=4).filter(lambda w: sum(w) > 0.01)


@settings(deadline=None)
@given(inputs=inputs, weights=weights)
def test_the_score_is_the_weighted_mean_of_what_is_known_and_its_parts_add_up(
    inputs: np.ndarray, weights: list[float]
) -> None:
    cells = pd.Index([f"c{i}" for i in range(7)])
    scored = rescore(cells, inputs, profile(weights))
    for i, cell in enumerate(cells):
        known = ~np.isnan(inputs[:, i])
        w = np.array(weights)
        coverage = w[known].sum() / w.sum()
        assert scored.coverage[i] == pytest.approx(coverage, abs=1e-5)
        parts = scored.contributions(cell)
        assert [p is None for p in parts.values()] == list(~known | (w[known].sum() == 0))
        if coverage > LEAST_COVERAGE + 1e-5:
            values = [float(value_of(f, x)) for f, x in zip(FUNCTIONS, inputs[:, i], strict=True)]
            expected = 100 * sum(a * v for a, v, k in zip(w, values, known, strict=True) if k) / w[known].sum()
            assert scored.score[i] == pytest.approx(expected, abs=0.02)
            assert sum(p for p in parts.values() if p is not None) == pytest.approx(scored.score[i], abs=0.02)
        elif coverage < LEAST_COVERAGE - 1e-5:
            assert np.isnan(scored.score[i])


@pytest.mark.parametrize(
    "function, x, value",
    [
        (more(0, 80), 40, 0.5),
        (more(0, 80), 200, 1),
        (less(5, 50), 5, 1),
        (less(5, 50), 60, 0),
        (optimum(0, 10, 30, 70), 20, 1),
        (optimum(0, 10, 30, 70), 100, 0.3),
    ],
)
def test_values_by_eye(function: ValueFunction, x: float, value: float) -> None:
    assert float(value_of(function, x)) == pytest.approx(value)


def test_kinds_are_told_apart() -> None:
    assert [f.kind for f in FUNCTIONS[:3]] == ["more", "less", "optimum"]


@pytest.mark.parametrize("points", [((0, 0),), ((0, 0), (0, 1)), ((1, 0), (0, 1)), ((0, 0), (1, 2))])
def test_a_value_function_that_makes_no_sense_is_refused(points: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(GeodataError, match="breakpoints"):
        ValueFunction(points)


def test_all_weights_zero_and_unknown_layers_are_refused() -> None:
    given_profile = profile([1, 1, 1, 1])
    with pytest.raises(GeodataError, match="nothing to score"):
        rescore(pd.Index(["c"]), np.zeros((4, 1), np.float32), profile([0, 0, 0, 0]))
    with pytest.raises(GeodataError, match="cannot be used"):
        given_profile.with_weights({"no such layer": 1.0})
    assert given_profile.with_weights({"layer 1": 5.0}).criteria[1].weight == 5.0


def test_every_branch_has_a_profile_with_a_reason_in_two_languages_on_layers_that_exist() -> None:
    branches = read_branches()
    names = {layer.name for layer in all_layers()} - {"footfall_flow", "footfall_access"}  # parts of footfall_index
    for branch in branches.ids:
        found = preset(branch, branches)
        assert {c.layer for c in found.profile.criteria} == names
        assert 9 <= sum(c.weight for c in found.profile.criteria) <= 14
        assert found.reasoning.to("nl") != found.reasoning.to("en")
