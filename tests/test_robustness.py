"""How firm a ranking is: chances agree with scoring every draw anew, and a choice turns where it is said to turn."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import norm
from test_footfall_estimate import MIDDLE, whole_days

from geodata.branches import read_branches
from geodata.errors import GeodataError
from geodata.store import Store
from location_model.draws import Interval, drawn_weights, footfall_interval, stream
from location_model.flip_point import HEAVIEST, Flip, flip_points
from location_model.footfall_estimate import footfall_of
from location_model.presets import preset
from location_model.profile import Criterion, ScoringProfile, ValueFunction, less, more, optimum
from location_model.robustness import (
    EVEN_POINTS,
    Firmness,
    Pair,
    Robustness,
    percent,
    robustness,
    told,
    told_pair,
    too_close,
)
from location_model.score import Float32s, Scored, rescore, score_area

NAN = float("nan")
LAYERS = ("footfall_index", "residents_within_10_min", "competition_shops", "parking_places_nearby")
FUNCTIONS = (more(0, 100), optimum(0, 20, 60, 100), less(0, 100), ValueFunction(((0, 0.1), (40, 0.9), (100, 0.4))))
SHARE = more(0, 1)
PRECISE = 1e-2
"""A product of leads nearer to 0 may be rounding: scores are float32."""


def profile(weights: list[float], functions: tuple[ValueFunction, ...] = FUNCTIONS) -> ScoringProfile:
    rows = zip(LAYERS, weights, functions, strict=False)
    return ScoringProfile("bakery", tuple(Criterion(*row) for row in rows))


def town(columns: list[list[float]] | Float32s, weights: list[float], *, shares: bool = False) -> Scored:
    """A cell a column; with `shares` the inputs are already worth 0–1."""
    inputs = np.asarray(columns, dtype=np.float32) if isinstance(columns, np.ndarray) else np.float32(columns).T
    functions = (SHARE,) * len(weights) if shares else FUNCTIONS
    cells = pd.Index([f"c{i}" for i in range(inputs.shape[1])])
    return rescore(cells, np.ascontiguousarray(inputs), profile(weights, functions))


def some_town(n: int = 40, unknown: float = 0.3) -> Scored:
    rng = np.random.default_rng(3)
    inputs = rng.uniform(0, 100, (4, n)).astype(np.float32)
    inputs[rng.random(inputs.shape) < unknown] = np.nan
    return town(inputs, [3, 2, 1, 1.5])


hundredths = st.integers(0, 500).map(lambda hundredths: hundredths / 100)
weight_lists = st.lists(hundredths, min_size=4, max_size=4).filter(lambda w: sum(w) > 0.1)


# Draws


def test_a_drawn_weight_is_right_on_average_and_off_by_as_said() -> None:
    drawn = drawn_weights(np.array([2.0, 0.5, 0.0]), 200_000, np.random.default_rng(0))
    assert drawn.mean(axis=0) == pytest.approx([2, 0.5, 0], abs=0.01)
    assert drawn.std(axis=0) == pytest.approx([0.6, 0.15, 0], abs=0.005)
    assert np.quantile(drawn[:, 0], [0.1, 0.9]) == pytest.approx([1.3, 2.8], abs=0.05)
    assert (drawn[:, :2] > 0).all() and (drawn[:, 2] == 0).all()


def test_every_draw_is_scored_as_the_score_itself_is_and_ranks_are_counted() -> None:
    scored, draws, seed = some_town(), 150, 7  # more than one block of draws
    found = robustness(scored, draws=draws, seed=seed)
    given_weights = np.array([c.weight for c in scored.profile.criteria])
    weights = drawn_weights(given_weights, draws, stream(seed))
    assert set(found.cells) | set(found.withheld) == set(scored.cells) and len(found.withheld) > 2
    assert not set(found.cells) & set(found.withheld)
    kept = [scored.rows[cell] for cell in found.cells]
    ranks = np.empty(found.scores.shape)
    for drawn, scores, here in zip(weights, found.scores, ranks, strict=True):
        again = rescore(scored.cells, scored.inputs, scored.profile.with_weights(dict(zip(LAYERS, drawn, strict=True))))
        np.testing.assert_allclose(scores, again.score[kept], atol=1e-3)
        here[:] = [1 + sum(other > s for other in scores) if s == s else 1 + sum(scores == scores) for s in scores]
    for cell, own, scores in zip(found.cells, ranks.T, found.scores.T, strict=True):
        firm, known = found.at(cell), np.sort(scores[scores == scores])
        assert [firm.top_1, firm.top_3, firm.top_10] == [np.mean(own <= k) for k in (1, 3, 10)]
        shares = (0.1, 0.5, 0.9)
        expected = [np.quantile(own, q, method="inverted_cdf") for q in shares]
        assert [firm.rank_low, firm.median_rank, firm.rank_high] == expected
        expected = [np.quantile(known, q, method="inverted_cdf") for q in (0.1, 0.9)]
        assert [firm.score_low, firm.score_high] == expected
        assert firm.with_score == pytest.approx(len(known) / draws)
        assert (firm.ranked, firm.draws, firm.score) == (len(kept), draws, scored.score[scored.rows[cell]])
    assert any(np.isnan(found.scores).any(axis=0)), "a place near the least coverage should be withheld in some draws"


def test_the_same_seed_gives_the_same_draws_and_weights_do_not_depend_on_inputs() -> None:
    scored = some_town()
    first, again, other = (robustness(scored, draws=50, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.scores, again.scores)
    assert not np.allclose(first.scores, other.scores, equal_nan=True)
    exact = Interval(scored.inputs[0], scored.inputs[0])
    known = robustness(scored, intervals={LAYERS[0]: exact}, draws=50, seed=1)
    np.testing.assert_allclose(known.scores, first.scores, atol=1e-4)


@pytest.mark.parametrize("factor", [4.0, 0.3])
def test_scaling_all_weights_changes_nothing(factor: float) -> None:
    scored = some_town()
    scaled = {c.layer: c.weight * factor for c in scored.profile.criteria}
    found = robustness(scored, draws=200)
    other = robustness(rescore(scored.cells, scored.inputs, scored.profile.with_weights(scaled)), draws=200)
    pd.testing.assert_frame_equal(found.table, other.table, atol=1e-4)


def test_a_criterion_of_weight_0_changes_nothing() -> None:
    scored = some_town()
    extra = replace(
        scored.profile, criteria=(Criterion("agglomeration_premises", 0.0, SHARE), *scored.profile.criteria)
    )
    inputs = np.vstack([np.linspace(0, 1, len(scored.cells), dtype=np.float32), scored.inputs])
    np.testing.assert_array_equal(
        robustness(scored, draws=50).scores, robustness(rescore(scored.cells, inputs, extra), draws=50).scores
    )


# Rankings


@settings(deadline=None, max_examples=60)
@given(
    values=arrays(np.float32, (4, 6), elements=st.floats(0, 1, width=32) | st.just(NAN)),
    lift=arrays(np.float32, (4,), elements=st.floats(0, 1, width=32)),
    weights=weight_lists,
)
def test_a_place_that_is_nowhere_less_is_never_behind(values: Float32s, lift: Float32s, weights: list[float]) -> None:
    values[:, 1] = np.minimum(values[:, 0] + lift, 1)
    scored = town(values, weights, shares=True)
    assume(not np.isnan(scored.score[0]))
    found = robustness(scored, draws=40)
    ahead = found.scores[:, found.rows["c1"]] - found.scores[:, found.rows["c0"]]
    assert not (ahead < 0).any()
    better, worse = found.at("c1"), found.at("c0")
    assert better.top_1 >= worse.top_1 and better.rank_high <= worse.rank_high
    pair = found.pair("c0", "c1")
    assert pair.a_above == 0 and pair.ahead in (None, "c1")


@settings(deadline=None, max_examples=40)
@given(values=arrays(np.float32, (4, 6), elements=st.floats(0, 100, width=32) | st.just(NAN)), weights=weight_lists)
def test_places_that_are_the_same_share_their_rank_and_are_too_close_to_call(
    values: Float32s, weights: list[float]
) -> None:
    values[:, 5] = values[:, 2]
    scored = town(values, weights)
    assume(not np.isnan(scored.score[2]))
    found = robustness(scored, draws=40)
    one, other = found.at("c2"), found.at("c5")
    assert replace(one, cell="") == replace(other, cell="")
    assert found.pair("c2", "c5") == Pair("c2", "c5", 0, 0, 40, ())
    if scored.score[2] >= np.nanmax(scored.score) and np.isnan(scored.score[[0, 1, 3, 4]]).all():
        assert one.top_1 == other.top_1 == 1


def test_less_than_a_point_is_not_ahead() -> None:
    found = robustness(town([[0.500, 0.5], [0.509, 0.509], [0.511, 0.511]], [1, 1], shares=True))
    assert found.at("c2").top_1 == 1
    assert found.pair("c1", "c0") == Pair("c1", "c0", 0, 0, 1000, ())
    assert found.pair("c0", "c2").ahead == "c2" and EVEN_POINTS == 1


def test_only_candidates_compete_and_those_withheld_are_named() -> None:
    scored = town([[1, 1], [0.8, 0.8], [0.9, NAN], [0.5, 0.5]], [1, 1], shares=True)
    found = robustness(scored, ["c3", "c1", "c2", "c1"])
    assert (list(found.cells), found.withheld) == (["c1", "c3"], ("c2",))
    assert (found.at("c1").top_1, found.at("c3").median_rank) == (1, 2)
    for cell in ("c0", "c2"):
        with pytest.raises(GeodataError, match="has no rank"):
            found.at(cell)
    with pytest.raises(GeodataError, match="not a place of this area"):
        robustness(scored, ["elsewhere"])
    with pytest.raises(ValueError):
        robustness(scored, draws=0)
    none = robustness(scored, [])
    assert (len(none.table), none.as_json()["places"]) == (0, [])
    assert robustness(scored, ["c2"]).as_json()["withheld"] == 1


def test_a_place_of_which_little_is_known_has_no_score_in_some_draws() -> None:
    scored = town([[1, 1, NAN], [0.2, 0.2, 0.2]], [1, 1, 1.2], shares=True)
    found = robustness(scored)
    firm = found.at("c0")
    assert firm.score == 100 and firm.score_low == firm.score_high == 100
    assert 0.5 < firm.with_score < 0.75 and firm.top_1 == firm.with_score and firm.rank_high == 2
    assert found.pair("c0", "c1").a_above == firm.with_score
    assert found.pair("c0", "c1").ahead is None, "too little known is no reason to choose"


# Inputs


def test_an_input_is_drawn_with_its_interval_as_10th_and_90th_percentile() -> None:
    scored = town([[0.5, 0.5], [0.6, 0.5]], [1, 0], shares=True)
    interval = Interval([0.45, 0.5], [0.55, 0.8])
    found = robustness(scored, intervals={LAYERS[0]: interval}, draws=20_000)
    first, second = found.at("c0"), found.at("c1")
    assert (first.score_low, first.score_high) == pytest.approx((45, 55), abs=0.7)
    assert (second.score_low, second.score_high) == pytest.approx((50, 80), abs=2)
    assert np.median(found.scores, axis=0) == pytest.approx([50, 60], abs=0.8)  # the steps next to the middle


def test_errors_of_two_places_are_their_own_unless_they_share_them() -> None:
    scored = town([[0.5, 0.5], [0.55, 0.5]], [1, 0], shares=True)
    ends = np.array([0.4, 0.45]), np.array([0.6, 0.65])
    own = robustness(scored, intervals={LAYERS[0]: Interval(*ends)}, draws=20_000).pair("c0", "c1")
    sd = 10 / norm.ppf(0.9) * np.sqrt(2)
    expected = norm.cdf((5 - EVEN_POINTS) / sd), norm.cdf((-5 - EVEN_POINTS) / sd)
    assert (own.b_above, own.a_above) == pytest.approx(expected, abs=0.02) and own.ahead is None
    shared = robustness(scored, intervals={LAYERS[0]: Interval(*ends, same=["x", "x"])}).pair("c0", "c1")
    assert (shared.b_above, shared.ahead) == (1, "c1")


def test_what_is_drawn_for_a_place_does_not_depend_on_which_others_are_asked_for() -> None:
    scored = some_town(unknown=0.0)
    lines = np.arange(40) % 17
    intervals = {layer: Interval(0.7 * x, 1.4 * x, lines, "a") for layer, x in zip(LAYERS, scored.inputs, strict=True)}
    del intervals[LAYERS[1]]
    whole = robustness(scored, intervals=intervals, draws=60)
    for asked in (["c7"], ["c31", "c7", "c8"], ["c24", "c7"]):
        some = robustness(scored, asked, intervals=intervals, draws=60)
        for cell in asked:
            np.testing.assert_array_equal(some.scores[:, some.rows[cell]], whole.scores[:, whole.rows[cell]])


def test_errors_in_one_area_have_nothing_to_do_with_those_in_another() -> None:
    scored = town([[0.5, 0.5]], [1, 0], shares=True)

    def drawn(area: str) -> Float32s:
        interval = Interval([0.4], [0.6], ["x"], area)
        return robustness(scored, intervals={LAYERS[0]: interval}, draws=4_000).scores[:, 0]

    assert abs(np.corrcoef(drawn("here"), drawn("there"))[0, 1]) < 0.06
    np.testing.assert_array_equal(drawn("here"), drawn("here"))


def test_ties_of_many_are_those_of_pairs() -> None:
    found = robustness(some_town(unknown=0.1), draws=50)
    close = too_close(found.scores)
    for i, a in enumerate(found.cells):
        for j, b in enumerate(found.cells):
            assert close[i, j] == (i == j or found.pair(a, b).ahead is None)


def test_what_is_not_known_is_not_drawn_and_an_end_on_the_wrong_side_is_no_interval() -> None:
    scored = town([[NAN, 0.5, 0.5], [0.5, 0.5, 0.5]], [1, 2, 2], shares=True)
    found = robustness(scored, intervals={LAYERS[0]: Interval([0.1, 0.6], [0.9, NAN])}, draws=20)
    np.testing.assert_allclose(found.scores, 50, atol=1e-4)


def test_counts_give_the_footfall_index_an_interval(squareville_dir: Path) -> None:
    area = Store(squareville_dir).open("squareville")
    assert footfall_interval(area, footfall_of(area, whole_days(area))) is None
    counted = footfall_of(area, whole_days(area, ("a", 900, MIDDLE, 4000), ("b", 300, 300, 150)))
    interval = footfall_interval(area, counted)
    assert interval is not None and counted.calibration is not None and interval.same is not None
    index, low, high = (np.asarray(x) for x in (area.grid["footfall_index"], interval.low, interval.high))
    told_by = counted.by_cell()
    on = (index > 0) & told_by["persons_per_day"].notna().to_numpy()  # a street quieter than any counted has no number
    assert 0 < on.sum() < (index > 0).sum()
    assert (low[on] < index[on]).all() and (index[on] < high[on]).all() and np.isnan(low[~on]).all()
    expected = (told_by["persons_high"] / told_by["persons_per_day"])[on]
    np.testing.assert_allclose((high[on] / index[on]) ** counted.calibration.slope, expected, rtol=1e-6)
    assert 1 < len(np.unique(np.asarray(interval.same))) < on.sum()
    branches = read_branches()
    scored = score_area(area, branches, preset("clothes", branches).profile)
    best = str(scored.cells[np.nanargmax(scored.score)])
    alone, with_counts = robustness(scored), robustness(scored, intervals={"footfall_index": interval})
    assert with_counts.at(best).top_1 < alone.at(best).top_1


# Flip points


def at(scored: Scored, layer: str, weight: float) -> tuple[float, float]:
    """Scores of the first two cells with another weight for one layer."""
    again = rescore(scored.cells, scored.inputs, scored.profile.with_weights({layer: weight}))
    return float(again.score[0]), float(again.score[1])


def test_flip_points_by_eye() -> None:
    """2 against 1: the first criterion turns it at 1, the second at 2; half of 2 is nearer than twice 1."""
    scored = town([[1, 0], [0, 1]], [2, 1], shares=True)
    first, second = Flip(LAYERS[0], 2.0, 1.0), Flip(LAYERS[1], 1.0, 2.0)
    assert flip_points(scored, "c0", "c1") == flip_points(scored, "c1", "c0") == (first, second)
    assert (first.change, second.change) == (0.5, 1.0)
    assert robustness(scored).pair("c0", "c1").nearest == first


def test_flip_points_with_something_unknown_by_hand() -> None:
    """First: (0.2·1 + 0.9·2) / 3 = 0.667. Second, where the first criterion is not known: 0.6. Equal at t:
    0.2t + 1.8 = 0.6(t + 2), so t = 1.5; the second is then known for 2 of 3.5, too little: no flip point.
    With 0.7 known in a third criterion of weight 2 at both: (0.2t + 3.2) / (t + 4) = 2.6 / 4 at t = 1.333.
    """
    assert flip_points(town([[0.2, 0.9], [NAN, 0.6]], [1, 2], shares=True), "c0", "c1") == ()
    found = flip_points(town([[0.2, 0.9, 0.7], [NAN, 0.6, 0.7]], [1, 2, 2], shares=True), "c0", "c1")
    assert {f.layer: f.weight for f in found}[LAYERS[0]] == pytest.approx(0.6 / 0.45, abs=1e-6)


def test_a_choice_that_no_weight_turns_and_one_that_may_weigh_more() -> None:
    assert flip_points(town([[0.9, 0.5], [0.5, 0.5]], [1, 1], shares=True), "c0", "c1") == ()
    assert flip_points(town([[1, 0], [0, 1]], [HEAVIEST + 1, 1], shares=True), "c0", "c1") == (
        Flip(LAYERS[0], HEAVIEST + 1, 1.0),
    )
    (only,) = flip_points(town([[1, 0], [0.5, 1]], [4, 0], shares=True), "c0", "c1")
    assert (only.layer, only.weight, only.change) == (LAYERS[1], 2.0, float("inf"))
    assert only.as_json() == {"layer": LAYERS[1], "now": 0.0, "weight": 2.0, "change": None}


def test_no_flip_point_where_the_two_are_even_now_or_one_is_withheld() -> None:
    assert flip_points(town([[1, 0], [0, 1]], [1, 1], shares=True), "c0", "c1") == ()
    assert flip_points(town([[1, NAN], [0, 1]], [1, 1], shares=True), "c0", "c1") == ()


@settings(deadline=None, max_examples=60)
@given(values=arrays(np.float32, (4, 2), elements=st.floats(0, 100, width=32) | st.just(NAN)), weights=weight_lists)
def test_the_choice_turns_at_a_flip_point_and_nowhere_else(values: Float32s, weights: list[float]) -> None:
    scored = town(values, weights)
    if np.isnan(scored.score).any():  # too little known for a score: known whole instead
        scored = town(np.nan_to_num(values, nan=50.0), weights)
    found = {flip.layer: flip for flip in flip_points(scored, "c0", "c1")}
    changes = [flip.change for flip in found.values()]
    assert changes == sorted(changes)
    now = {c.layer: c.weight for c in scored.profile.criteria}
    lead = float(np.subtract(*scored.score))
    for flip in found.values():
        assert np.ptp(at(scored, flip.layer, flip.weight)) < 2e-3
        before = np.subtract(*at(scored, flip.layer, flip.weight + 0.02 * (flip.now - flip.weight)))
        beyond = np.subtract(*at(scored, flip.layer, flip.shown))
        assert before * lead > -PRECISE and beyond * lead < PRECISE
    for layer in LAYERS:
        for tenth in range(51):
            if sum(weights) - now[layer] + tenth > 0:
                there = np.subtract(*at(scored, layer, tenth / 10))
                assert layer in found or not there * lead < -PRECISE


@given(now=st.integers(0, 50), weight=st.floats(0.001, HEAVIEST))
def test_the_weight_shown_is_the_first_tenth_beyond(now: int, weight: float) -> None:
    flip = Flip(LAYERS[0], now / 10, weight)
    assume(abs(flip.weight - flip.now) > 1e-5)
    assert flip.shown * 10 == pytest.approx(round(flip.shown * 10))
    assert 0 < abs(flip.shown - weight) <= 0.1 + 1e-6 and (flip.shown > weight) == (weight > flip.now)
    assert Flip(LAYERS[0], 2.0, 0.3).shown == 0.2 and Flip(LAYERS[0], 0.0, 0.3).shown == 0.4


# Words


def firmness(**changed: object) -> Firmness:
    return replace(
        Firmness("c", 80.0, 75.0, 85.0, 0.62, 0.9, 1.0, 1, 1, 4, 1.0, 1234, 1000),
        **changed,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("firm", "english", "dutch"),
    [
        (
            firmness(),
            "First in 62 % of 1,000 draws. In four draws out of five it ranks between 1 and 4 of 1,234.",
            "Op de eerste plaats in 62 % van 1.000 doorrekeningen. "
            "In vier van de vijf doorrekeningen staat ze tussen plaats 1 en 4 van 1.234.",
        ),
        (
            firmness(top_1=0.3, top_3=0.9996, rank_high=1),
            "Among the first three in 99 % of 1,000 draws. In four draws out of five it keeps rank 1 of 1,234.",
            "Bij de eerste drie in 99 % van 1.000 doorrekeningen. "
            "In vier van de vijf doorrekeningen blijft ze op plaats 1 van 1.234.",
        ),
        (
            firmness(top_1=0.0, top_3=0.1, top_10=0.2, rank_low=9, rank_high=30, with_score=0.7),
            "In four draws out of five it ranks between 9 and 30 of 1,234. "
            "In 30 % of the draws too little is known about it for a score.",
            "In vier van de vijf doorrekeningen staat ze tussen plaats 9 en 30 van 1.234. "
            "In 30 % van de doorrekeningen is er te weinig over bekend voor een score.",
        ),
    ],
)
def test_how_firm_a_place_is_in_words(firm: Firmness, english: str, dutch: str) -> None:
    assert [" ".join(said.to(language) for said in told(firm)) for language in ("en", "nl")] == [english, dutch]


def test_two_sites_in_words() -> None:
    flip = Flip(LAYERS[0], 2.0, 1.46)
    close = told_pair(Pair("c0", "c1", 0.5, 0.3, 1000, (flip,)), "Markt 1", "Dorp 2")
    assert [said.to("en") for said in close] == [
        "Too close to call.",
        "The choice turns when Footfall weighs 1.4 instead of 2.",
    ]
    assert [said.to("nl") for said in close] == [
        "Te dicht bij elkaar om te kiezen.",
        "De keuze slaat om wanneer “Passanten” 1,4 weegt in plaats van 2.",
    ]
    clear = told_pair(Pair("c0", "c1", 0.1, 0.8, 1000, ()), "Markt 1", "Dorp 2")
    assert [said.to("nl") for said in clear] == [
        "Dorp 2 ligt voor in 80 % van 1.000 doorrekeningen.",
        "Geen enkel gewicht tot 5 doet op zichzelf de keuze omslaan.",
    ]
    assert [said.to("en") for said in told_pair(Pair("c0", "c1", 0.5, 0.3, 1000, ()), "a", "b")] == [
        "Too close to call."
    ]


def test_never_and_always_are_kept_for_never_and_always() -> None:
    assert [percent(x) for x in (0.0, 0.0004, 0.5, 0.9996, 1.0)] == [0, 1, 50, 99, 100]


def test_it_goes_into_json_as_it_is() -> None:
    found: Robustness = robustness(some_town(), draws=20)
    document = found.as_json([found.cells[0]])
    assert json.loads(json.dumps(document)) == document
    assert [place["cell"] for place in document["places"]] == [found.cells[0]]
    pair = found.pair(found.cells[0], found.cells[1]).as_json()
    assert json.loads(json.dumps(pair)) == pair and pair["too_close_to_call"] in (True, False)
