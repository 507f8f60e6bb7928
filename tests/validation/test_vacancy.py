"""The test of vacancy risk: its figures by brute force, chance where there is nothing to find, and what it claims."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from vacant_towns import quarters, town

from geodata.errors import GeodataError
from location_model.vacancy_risk import units_of
from location_model.validation.statistics import spatial_blocks
from location_model.validation.vacancy import auc, out_of_blocks, reliability, validate_vacancy


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=1, max_size=30))
def test_auc_is_the_share_of_pairs_in_the_right_order(rows: list[tuple[bool, int]]) -> None:
    vacant, score = np.array([v for v, _ in rows]), np.array([s for _, s in rows])
    pairs = [1.0 if a > b else 0.5 if a == b else 0.0 for a in score[vacant] for b in score[~vacant]]
    assert auc(vacant, score) == pytest.approx(np.mean(pairs) if pairs else np.nan, nan_ok=True)


def test_reliability_counts_every_unit_once_in_its_class() -> None:
    probability = np.array([0.0, 0.049, 0.05, 0.35, 0.39, 1.0])
    vacant = np.array([False, False, True, True, False, True])
    bins = reliability(vacant, probability)
    assert [(b.start, b.end, b.n, b.observed) for b in bins] == [
        (0, 0.05, 2, 0), (0.05, 0.1, 1, 1), (0.3, 0.4, 2, 0.5), (0.5, 1, 1, 1),
    ]  # fmt: skip
    assert bins[2].predicted == pytest.approx(0.37) and bins[2].low < 0.5 < bins[2].high


def test_vacancy_dealt_out_at_random_is_found_by_chance_only() -> None:
    rng = np.random.default_rng(4)
    xy = quarters(rng)
    found = []
    for k in range(12):
        units = units_of(town(xy, rng.permutation(np.arange(400) < 80)))
        blocks = spatial_blocks(xy, 8, seed=k, starts=1)
        found.append([auc(units.vacant, out_of_blocks(units, blocks, with_neighbours=w)) for w in (False, True)])
    assert np.mean(found, axis=0) == pytest.approx([0.5, 0.5], abs=0.05)


def test_a_block_without_any_vacancy_outside_it_gets_the_share_outside() -> None:
    xy = quarters(np.random.default_rng(5))
    blocks = spatial_blocks(xy, 8)
    units = units_of(town(xy, blocks == 0))
    found = out_of_blocks(units, blocks, with_neighbours=True)
    assert (found[blocks == 0] == 0).all() and np.isfinite(found).all()


def test_a_town_with_weak_streets_is_reported_with_what_neighbours_add() -> None:
    rng = np.random.default_rng(6)
    xy = quarters(rng)
    weak = np.isin((xy[:, 0] // 800 + 4 * (xy[:, 1].round(-2) // 800)).astype(int), [0, 3, 5])
    report = validate_vacancy(town(xy, rng.random(400) < np.where(weak, 0.55, 0.06)))
    assert report.with_neighbours.auc.value > 0.75 > report.without_neighbours.auc.value
    assert report.with_neighbours.beats_chance and report.difference.low > 0
    assert report.with_neighbours.brier_skill > 0.15 and report.neighbour_share.auc.value > 0.75
    assert sum(b.n for b in report.with_neighbours.reliability) == report.n == 400
    said = json.loads(json.dumps(report.as_json()))
    assert list(said) == [
        "n", "vacant", "without_neighbours", "with_neighbours", "neighbour_share", "difference", "densest_block",
        "seeds", "claim",
    ]  # fmt: skip
    low, high = said["seeds"]["with_neighbours"]["auc"]
    value, *interval = said["with_neighbours"]["auc"]
    assert low <= value <= high and interval[0] < value < interval[1]
    assert {"from", "to", "n", "predicted", "observed"} <= set(said["neighbour_share"]["reliability"][0])
    assert "next door" in said["claim"]["en"] and "ernaast" in said["claim"]["nl"]


def test_a_town_where_nothing_tells_claims_nothing() -> None:
    rng = np.random.default_rng(7)
    report = validate_vacancy(town(quarters(rng, 1500), np.arange(1500) % 40 == 0))
    assert not report.without_neighbours.beats_chance
    assert "Do not use its figures" in report.claim.to("en") and "Gebruik de cijfers niet" in report.claim.to("nl")
    assert "probably missing" in report.claim.to("en")  # 2.5 % of the units


def test_too_few_are_refused() -> None:
    with pytest.raises(GeodataError, match="30 vacant"):
        validate_vacancy(town(quarters(np.random.default_rng(8)), np.arange(400) < 20))
