"""Branch suitability: what is left out is left out exactly, clusters are recovered, and too little data is said."""

import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.utils.estimator_checks import check_estimator

from geodata.branches import BranchTable, read_branches
from geodata.errors import GeodataError
from geodata.store import Area, Store
from location_model import branch_layer
from location_model.branch_features import _surface, place_features
from location_model.branch_models import Lifts, NormalScores, PlaceModel
from location_model.branch_places import Claims, Suitability, fit_of
from location_model.branchfit import BranchFit
from location_model.layers import branch_context, layer_values
from location_model.presets import SUITABILITY_WEIGHT, starting_profile
from location_model.score import score_area
from location_model.validation import sites as validation_sites

RNG = np.random.default_rng(3)


def test_it_is_a_scikit_learn_estimator() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a check that is skipped
        check_estimator(BranchFit())
    assert clone(BranchFit(context=(3,), ridge=2.0)).get_params() == {"context": (3,), "ridge": 2.0, "width": 2.0}


def test_branches_that_want_other_places_are_told_apart_on_new_places() -> None:
    y = np.repeat(["bakery", "bar", "clothes"], 40)
    x = RNG.normal(size=(120, 5)) + np.repeat(np.eye(3, 5) * 3, 40, axis=0)
    new = RNG.normal(size=(60, 5)) + np.repeat(np.eye(3, 5) * 3, 20, axis=0)
    fitted = BranchFit().fit(x, y)
    assert (fitted.predict(new) == np.repeat(["bakery", "bar", "clothes"], 20)).mean() > 0.85
    assert np.exp(fitted.predict_log_proba(new)).sum(axis=1) == pytest.approx(1.0)


def test_neighbours_alone_tell_branches_apart() -> None:
    """Bakers stand beside grocers, bars beside bars: nothing else differs."""
    y = np.repeat(["bakery", "bar"], 50)
    weights = np.column_stack([RNG.poisson(np.repeat([4, 1], 50)), RNG.poisson(np.repeat([1, 4], 50))])
    x = np.hstack([RNG.normal(size=(100, 3)), weights])
    fitted = BranchFit(context=(2,)).fit(x, y)
    score = fitted.suitability([[0, 0, 0, 5, 0], [0, 0, 0, 0, 5]])
    assert score[0, 0] > score[1, 0] and score[1, 1] > score[0, 1]


def test_the_order_of_rows_does_not_matter_and_unknown_is_the_middle() -> None:
    x, y = RNG.normal(size=(80, 6)), np.repeat(["a", "b", "c", "d"], 20)
    order = RNG.permutation(80)
    new = RNG.normal(size=(7, 6))
    one = BranchFit(context=(2,)).fit(np.abs(x), y).suitability(np.abs(new))
    other = BranchFit(context=(2,)).fit(np.abs(x)[order], y[order]).suitability(np.abs(new))
    assert one == pytest.approx(other)
    scores = NormalScores(x)
    middle = np.where(np.isnan(x[:1] * np.nan), np.nan, 0.0)
    assert (scores.of(middle) == 0.0).all()
    assert scores.of(np.median(x, axis=0)[None, :]) == pytest.approx(0.0)


def test_a_pair_left_out_in_closed_form_is_a_pair_left_out() -> None:
    z, codes = RNG.normal(size=(25, 3)), RNG.integers(0, 3, 25)
    model = PlaceModel(z, codes, 3, width=2.0, ridge=1.5)
    for branch in range(3):
        of = np.flatnonzero(codes == branch)
        found = model.pair_difference(of, branch)
        for row, i in enumerate(of[:4]):
            for j in range(0, 25, 5):
                kept = np.setdiff1d(np.arange(25), [i, j])
                kernel = model.kernel(z)
                dual = np.linalg.solve(kernel[np.ix_(kept, kept)] + 1.5 * np.eye(len(kept)), model.target[kept, branch])
                expected = (kernel[i, kept] - kernel[j, kept]) @ dual
                assert found[row, j] * model.spread[branch] / 0.4 == pytest.approx(expected, abs=1e-9)


def test_a_lift_by_hand() -> None:
    """Two branches in equal number; each bar has bars for neighbours: share 1 against 1/2, shrunk by five places."""
    weights = np.array([[2.0, 0.0]] * 5 + [[0.0, 2.0]] * 5)
    found = Lifts(weights, np.repeat([0, 1], 5), 2)
    assert found.lift[0, 0] == pytest.approx(np.log((5 * 1 + 5 * 0.5) / (10 * 0.5)))
    assert found.lift[0, 1] == pytest.approx(np.log((0 + 5 * 0.5) / (10 * 0.5)))


def test_a_blurred_raster_is_the_sum_of_bells() -> None:
    points, weight = RNG.uniform(0, 500, (60, 2)), RNG.uniform(1, 3, 60)
    places = RNG.uniform(100, 400, (30, 2))
    square = ((places[:, None] - points[None]) ** 2).sum(axis=2)
    exact = (np.exp(-square / (2 * 80**2)) * weight).sum(axis=1)
    assert _surface(points, weight, 80)(places) == pytest.approx(exact, rel=0.05)


@pytest.fixture(scope="module")
def area(quarters_dir: Path) -> Area:
    return Store(quarters_dir).open("quarters")


@pytest.fixture(scope="module")
def suitability(area: Area) -> Suitability:
    return fit_of(area, read_branches())


def test_each_branch_fits_its_own_quarter(suitability: Suitability) -> None:
    vacant = suitability.town.vacant()
    west = vacant.xy[:, 0] < np.median(vacant.xy[:, 0])
    best = suitability.places_for("bakery", vacant)
    assert best.is_monotonic_decreasing and best.between(0, 1).all()
    assert set(best.index[: west.sum() - 1]) <= set(vacant.ids[west])
    row = int(np.flatnonzero(west)[0])
    assert set(suitability.branches_for(vacant, row).index[:2]) == {"bakery", "supermarket"}


def test_three_reasons_in_two_languages(suitability: Suitability) -> None:
    vacant = suitability.town.vacant()
    row = int(vacant.ids.get_loc(suitability.places_for("clothes", vacant).index[0]))
    reasons = suitability.reasons(vacant, "clothes", row)
    assert len(reasons) == 3
    assert [r.points for r in reasons] == sorted((r.points for r in reasons), reverse=True)
    assert all(r.points > 0 and r.text.to("nl") != r.text.to("en") for r in reasons)
    assert any("shoes" in r.text.to("en") or "clothes" in r.text.to("en") or "unit" in r.text.to("en") for r in reasons)
    assert set(reasons[0].as_json()) == {"nl", "en", "points"}


def test_the_best_branches_of_a_place_come_with_reasons_that_speak_for_them(suitability: Suitability) -> None:
    vacant = suitability.town.vacant()
    found = suitability.best(vacant, 3, n=3)
    ranked = suitability.branches_for(vacant, 3)
    assert [f.branch for f in found] == list(ranked.index[:3])
    assert [f.suitability for f in found] == pytest.approx(ranked.iloc[:3].tolist())
    for fit in found:
        assert fit.reasons == suitability.reasons(vacant, fit.branch, 3)
        assert len(fit.reasons) <= 3 and all((r.points > 0) == (fit.suitability >= 0.5) for r in fit.reasons)
    assert suitability.best(vacant, 3) == suitability.best(suitability.town.units(vacant.own[[3]]))
    nothing = replace(suitability, judged=Claims({}))
    assert nothing.best(vacant) == ()


def test_cells_follow_the_quarters_and_stay_unknown_off_the_streets(suitability: Suitability, area: Area) -> None:
    found = branch_layer.kept(area, read_branches())
    cells = layer_values(area, read_branches(), branch_layer.LAYER, branch_context(area, read_branches(), "bakery"))
    x = pd.Series(area.study.centres[:, 0], index=cells.index)
    middle = suitability.town.xy[:, 0].mean()
    assert list(cells.index) == list(area.grid.index)
    assert cells[x < middle - 60].mean() > cells[x > middle + 60].mean() + 20
    assert cells[area.grid["reason"] == "no_street"].isna().all() and cells.between(0, 100).sum() > 50
    pd.testing.assert_frame_equal(found.cells, (100 * suitability.cells()).astype("float32"), check_names=False)


def test_what_was_fitted_is_kept_beside_the_version_and_fitted_again_for_other_branches(
    area: Area, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = read_branches()
    first = branch_layer.kept(area, table)
    with monkeypatch.context() as patch:
        patch.setattr(branch_layer, "by_branch", None)  # nothing may be fitted now
        again = branch_layer.kept(area, table)
    pd.testing.assert_frame_equal(first.cells, again.cells, check_names=False)
    assert again.claims == first.claims
    fewer = BranchTable(table.branches[1:], table.chains)
    monkeypatch.setattr(
        branch_layer, "by_branch", lambda area, branches: pytest.fail("fitted") if branches == table else first
    )
    assert branch_layer.kept(area, fewer) is first


def test_suitability_weighs_only_where_it_may_be_claimed(area: Area) -> None:
    table = read_branches()
    weights = [
        {c.layer: c.weight for c in starting_profile(area, b, table).profile.criteria} for b in ("bakery", "vehicles")
    ]
    name = branch_layer.LAYER.name
    assert weights[0][name] == SUITABILITY_WEIGHT and weights[1][name] == 0
    scored = score_area(area, table, starting_profile(area, "bakery", table).profile)
    known = scored.cells[~np.isnan(scored.score)][0]
    assert scored.contributions(known)[name] is not None


def test_nothing_is_claimed_for_a_branch_that_is_not_there(suitability: Suitability) -> None:
    assert suitability.claims.holds("bakery")
    assert not suitability.claims.holds("vehicles")
    assert "vehicles" not in suitability.cells()
    with pytest.raises(GeodataError, match="too few premises of this branch"):
        suitability.places_for("vehicles", suitability.town.vacant())
    assert "te weinig panden" in suitability.claims.told("vehicles").to("nl")


def test_a_premises_does_not_vote_for_itself(suitability: Suitability) -> None:
    """A known unit judged as a place gets the score of a model of the place without it."""
    town = suitability.town
    place = suitability.model.place_
    one = town.units(town.sites[:1])
    z, _ = suitability.model.split(town.features(one))
    seen = place.score(z)[0]
    judged = suitability._score(one, town.features(one))[0]
    plain = suitability.model.suitability(town.features(one))[0]
    assert judged == pytest.approx(plain - seen + place.left_out[0])
    assert judged[town.kind[town.sites[0]]] < plain[town.kind[town.sites[0]]]


def test_the_report_of_a_town(area: Area, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validation_sites, "PERMUTATIONS", 4)
    report = validation_sites.validate_sites(area, read_branches(), seed=1)
    told = report.as_json()
    assert told["n"] == 160
    for estimate in ("model", "jensen", "density", "permutation"):
        assert set(told[estimate]) == {"percentile", "acc10", "acc20"}
        assert all(low <= value <= high for value, low, high in told[estimate].values())
    model, jensen = (told[estimate]["percentile"][0] for estimate in ("model", "jensen"))
    assert told["difference"][0] == pytest.approx(model - jensen, abs=2e-4)
    assert model > 0.6 and abs(told["permutation"]["percentile"][0] - 0.5) < 0.05
    assert [row["n"] for row in told["branches"]] == [40] * 4
    assert told["branches"] == sorted(told["branches"], key=lambda row: -row["model"][0])
    assert "4 of 4 branches" in told["claim"]["en"] and "4 van de 4 branches" in told["claim"]["nl"]
    assert told == validation_sites.validate_sites(area, read_branches(), seed=1).as_json()


def test_too_few_premises_are_said(squareville_dir: Path) -> None:
    with pytest.raises(GeodataError, match="too few premises to say"):
        fit_of(Store(squareville_dir).open("squareville"), read_branches())


def test_features_do_not_know_branches_and_leave_a_place_out_of_its_surroundings(area: Area) -> None:
    premises = area.tables.premises
    xy = np.column_stack([premises.geometry.x, premises.geometry.y])
    own = np.arange(len(xy))
    found = place_features(area.tables, area.network, xy, own)
    assert found.notna().any(axis=0).drop("levels").all()
    branch = premises["branch"].copy()
    premises["branch"] = branch.sample(frac=1, random_state=1).to_numpy()
    pd.testing.assert_frame_equal(found, place_features(area.tables, area.network, xy, own))
    premises["branch"] = branch
    square = ((xy[:, None] - xy[None]) ** 2).sum(axis=2)
    others = np.where(np.eye(len(xy)) == 1, np.inf, np.sqrt(square))
    assert np.expm1(found["nearest_m"].to_numpy()) == pytest.approx(others.min(axis=1))
    near = np.where(others <= 100, np.exp(-others / 25), 0.0).sum(axis=1)
    assert np.expm1(found["premises_25"].to_numpy()) == pytest.approx(near)
