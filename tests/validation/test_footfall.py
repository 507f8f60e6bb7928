"""The test of footfall, tested: no counter helps to estimate itself, and figures are what they say."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from benchmarks.lausanne import buffered, indices, load, with_few
from geodata.errors import GeodataError
from geodata.network.graph import build_network
from geodata.store import Area
from geodata.tables import validate
from location_model.validation.footfall import betweenness, claim, leave_one_out, skill, validate_footfall


def table(xy: np.ndarray, persons: np.ndarray) -> gpd.GeoDataFrame:
    columns = {"counter": [f"c{i}" for i in range(len(xy))], "persons_per_day": persons, "log_variance": 0.01}
    return gpd.GeoDataFrame(columns, geometry=gpd.points_from_xy(*xy.T)).assign(half_person_per_day=0.5)


def area(n: int, *, sense: float = 1.0, seed: int = 0) -> Area:
    """A street with a counter every 400 m; what they count follows the index (or, with −1, goes against it)."""
    rng = np.random.default_rng(seed)
    xy = np.column_stack([np.arange(n + 1) * 400.0, np.zeros(n + 1)])
    network = build_network([np.arange(n + 1)], [xy], split_m=1000)
    index = rng.lognormal(3, 1.2, n)
    persons = 500 * index**sense * rng.lognormal(0, 0.2, n)
    at = [shapely.Point(network.edge_middle[i]) for i in range(n)]
    counts = pd.DataFrame(
        {
            "counter": [f"c{i}" for i in range(n)],
            "hour_from": 0,
            "hour_to": 24,
            "pedestrians": persons,
            "day_kind": "ordinary",
        }
    )
    premises = pd.DataFrame({"id": [f"node/{i}" for i in range(n)], "state": "occupied", "source": "osm"})
    tables = SimpleNamespace(
        counts=validate("counts", gpd.GeoDataFrame(counts, geometry=at, crs=3812), where="x"),
        premises=validate("premises", gpd.GeoDataFrame(premises, geometry=at, crs=3812), where="x"),
    )
    return cast(
        Area,
        SimpleNamespace(
            id="x",
            name="X",
            tables=tables,
            network=network,
            walks=SimpleNamespace(index=index, accessibility=index, flow=index),
        ),
    )


def test_neither_a_counter_nor_its_surroundings_help_to_estimate_it() -> None:
    xy, index = np.column_stack([np.arange(12) * 200.0, np.zeros(12)]), np.geomspace(1, 50, 12)
    persons = 100 * index
    before = leave_one_out(index, table(xy, persons))
    changed = persons.copy()
    changed[4:7] *= 100  # itself and both within 300 m
    after = leave_one_out(index, table(xy, changed))
    pd.testing.assert_series_equal(
        before.loc[5, ["estimated", "low", "high"]], after.loc[5, ["estimated", "low", "high"]]
    )
    assert before.loc[0, "estimated"] != after.loc[0, "estimated"]
    assert before["counters"].tolist() == [10, *[9] * 10, 10]


def test_counters_all_in_one_place_leave_nothing_to_learn_from() -> None:
    found = leave_one_out(np.ones(3), table(np.zeros((3, 2)), np.ones(3)))
    assert found["estimated"].isna().all()
    nothing = skill(found["counted"], found["estimated"], found["low"], found["high"])
    assert nothing.n == 0
    assert nothing.as_json()["within_2"] is None


def test_figures_checked_by_hand() -> None:
    counted, estimated = np.array([100.0, 200, 400, 800]), np.array([100.0, 450, 300, 700])
    found = skill(counted, estimated, estimated / 2, estimated * 2)
    assert found.rank_correlation.value == pytest.approx(0.8)
    assert found.pairs == pytest.approx(5 / 6)
    assert found.within_2 == found.coverage == 0.75
    assert found.median_error == pytest.approx((0.125 + 0.25) / 2)
    assert found.interval_factor == pytest.approx(2)
    log = np.log(counted)
    assert found.r2 == pytest.approx(1 - ((log - np.log(estimated)) ** 2).sum() / ((log - log.mean()) ** 2).sum())


def test_most_ways_pass_the_middle_of_a_street() -> None:
    """Five nodes in a row, 100 m apart: 4, 6, 6 and 4 pairs pass each piece; up to 200 m only 2, 3, 3 and 2."""
    xy = np.column_stack([np.arange(5) * 100.0, np.zeros(5)])
    network = build_network([np.arange(5)], [xy], split_m=1000)
    order = np.argsort(network.edge_middle[:, 0])
    np.testing.assert_allclose(betweenness(network, xy)[order], [8, 12, 12, 8], rtol=1e-5)  # there and back
    np.testing.assert_allclose(betweenness(network, xy, within_m=200.0)[order], [4, 6, 6, 4], rtol=1e-5)


def test_an_index_that_knows_and_one_that_does_not() -> None:
    knows, blind = validate_footfall(area(30)), validate_footfall(area(30, sense=0.0, seed=3))
    assert knows.model.rank_correlation.low > 0.8
    assert knows.model.within_2 > 0.8
    assert knows.model.r2 > 0.7
    assert knows.baselines["mean"].rank_correlation.value < 0  # a mean without the counter orders against it
    assert "right order" in knows.claim.to("en")
    assert blind.model.rank_correlation.low < 0.2
    assert "tellingen" in blind.claim.to("nl")


def test_the_report_is_one_json_document_and_the_same_each_time() -> None:
    found = json.loads(json.dumps(validate_footfall(area(12), seed=5).as_json()))
    assert found == json.loads(json.dumps(validate_footfall(area(12), seed=5).as_json()))
    assert found["n"] == len(found["scatter"]) == 12
    assert set(found["baselines"]) == {"accessibility", "flow", "premises_150m", "betweenness_500m", "mean"}
    value, low, high = found["model"]["rank_correlation"]
    assert low < value < high
    assert set(found["claim"]) == {"nl", "en"}
    assert all(row["low"] < row["estimated"] < row["high"] for row in found["scatter"])


def test_a_town_without_premises_or_trips_claims_nothing() -> None:
    for index in (np.zeros(12), np.full(12, np.nan)):
        town = area(12)
        empty = SimpleNamespace(counts=town.tables.counts, premises=town.tables.premises.iloc[:0])
        bare = SimpleNamespace(
            id="x",
            name="X",
            tables=empty,
            network=town.network,
            walks=SimpleNamespace(index=index, accessibility=index, flow=index),
        )
        assert "cannot be shown" in validate_footfall(cast(Area, bare)).claim.to("en")


@pytest.mark.parametrize("n", [1, 9])
def test_too_few_counters_get_no_figure(n: int) -> None:
    with pytest.raises(GeodataError, match="too few"):
        validate_footfall(area(n))


def test_no_claim_where_chance_would_do_as_well() -> None:
    rng = np.random.default_rng(0)
    counted, estimated = rng.lognormal(6, 1, 15), rng.lognormal(6, 1, 15)
    chance = skill(counted, estimated, estimated / 3, estimated * 3)
    assert "cannot be shown" in claim(chance, chance).to("en")


@pytest.mark.shared
def test_real_counters_left_out_are_ranked(shared_data: Path) -> None:
    data = load(shared_data / "counts" / "lausanne")
    assert len(data.persons) == 43
    model: Any = next(iter(indices(data).values()))
    found = buffered(model, data)
    assert found["rank_correlation"][0] > 0.5
    assert 0.75 <= found["coverage"] <= 0.88
    few = with_few(model, data, draws=80)
    assert all(0.75 <= few[k]["coverage"] <= 0.88 for k in (3, 5, 10))
    assert all(few[k]["within_2"] > few[k]["within_2_mean_only"] for k in (3, 5, 10))
