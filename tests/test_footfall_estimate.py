"""What may be said of footfall: always a class and a rank, persons per day only where somebody counted."""

import datetime

import geopandas as gpd
import numpy as np
import pytest
import shapely
from towns import degrees

from geodata.count_profile import count_profile, persons_per_day
from geodata.store import Area
from geodata.tables import validate
from location_model.calibration import calibrate
from location_model.footfall_estimate import COMPARABLE, footfall_of, two_digits
from location_model.own_count_tables import as_table
from location_model.own_counts import OwnCount
from location_model.street_class import CLASSES, REFERENCES

MIDDLE = 12 * 75.0
"""Marktstraat's northing on the squared paper of Squareville."""


def whole_days(area: Area, *counters: tuple[str, float, float, float], kind: str = "ordinary") -> gpd.GeoDataFrame:
    """Counters with a mean day: name, metres east and north, persons per day."""
    frame = gpd.GeoDataFrame(
        {
            "counter": [c[0] for c in counters],
            "hour_from": 0.0,
            "hour_to": 24.0,
            "pedestrians": [c[3] for c in counters],
            "day_kind": kind,
        },
        geometry=[shapely.Point(degrees(c[1], c[2])) for c in counters],
        crs=4326,
    ).to_crs(area.study.crs)
    return validate("counts", frame, where="test")


def by_hand(area: Area, *counts: tuple[str, float, float, int]) -> gpd.GeoDataFrame:
    noon = datetime.datetime(2026, 11, 19, 12, 0)
    return as_table([OwnCount(n, n, *degrees(x, y), noon, 15, persons) for n, x, y, persons in counts], area)


def cell_on(area: Area, x: float, y: float) -> str:
    from geodata import hexgrid

    lng, lat = degrees(x, y)
    return hexgrid.cells_at([lng], [lat], area.study.resolution)[0]


def test_without_counts_there_is_a_class_and_never_a_number(area: Area) -> None:
    found = footfall_of(area)
    cells = found.by_cell()
    assert cells[["persons_per_day", "persons_low", "persons_high"]].isna().all(axis=None)
    assert found.basis.to("nl") == "eerst tellen"
    assert found.calibration is None
    market, side = (found.at(cell_on(area, 900, y)) for y in (MIDDLE, 75.0))
    assert (market.street_class, side.street_class) == ("A1", "C")
    assert market.busier_than > 0.98
    assert [market.persons, market.low, market.high, market.counted, market.nearest_m, market.mean] == [None] * 6


def test_the_rank_is_the_length_of_street_that_is_quieter(area: Area) -> None:
    found = footfall_of(area)
    index, metres = area.walks.index, area.network.edge_mm / 1000
    cells = found.by_cell()
    for cell in cells.index[found.edge >= 0][::37]:
        here = index[found.edge[found.cells.get_loc(cell)]]
        quieter = (metres[index < here].sum() + metres[index == here].sum() / 2) / metres.sum()
        assert cells.loc[cell, "busier_than"] == pytest.approx(quieter if here > 0 else 0.0, abs=1e-9)
    order = cells.dropna(subset=["busier_than"]).sort_values("busier_than", ascending=False)["street_class"]
    assert list(dict.fromkeys(order)) == [c for c in CLASSES if c in set(order)]


def test_a_place_is_the_street_of_the_layer(area: Area) -> None:
    found, layer = footfall_of(area), area.grid["footfall_index"].to_numpy()
    assert ((found.edge >= 0) == ~np.isnan(layer)).all()
    on = found.edge >= 0
    index = area.walks.index[found.edge[on]]
    np.testing.assert_allclose(index / index.max(), layer[on] / layer[on].max(), atol=1e-5)


def test_one_cell_and_all_cells_say_the_same(area: Area) -> None:
    found = footfall_of(area, whole_days(area, ("a", 900, MIDDLE, 4000), ("b", 300, 300, 150)))
    cells = found.by_cell()
    for cell, row in cells.iloc[::53].iterrows():
        one = found.at(str(cell))
        expected = [None if value != value else value for value in row]
        assert [one.street_class, one.busier_than, one.persons, one.low, one.high] == expected
    most = cells["busier_than"].idxmax()
    assert found.at(*cells.index).busier_than == cells.loc[most, "busier_than"]
    assert found.at("8b19587a5af1fff") is None


def test_counters_give_an_interval_as_calibration_does(area: Area) -> None:
    counts = whole_days(area, ("a", 900, MIDDLE, 4000), ("b", 300, 300, 150), ("c", 1200, MIDDLE, 3000))
    found = footfall_of(area, counts)
    edges = found.table["edge"].to_numpy()
    per_day = persons_per_day(counts, count_profile(counts))
    index = area.walks.index
    made = calibrate(index[edges], per_day["persons_per_day"], log_variance=per_day["log_variance"])
    told = index >= index[edges].min() / 2  # no number for streets quieter than any counted
    assert 0 < told.sum() < len(told)
    by_edge = np.array([found.persons, found.low, found.high])
    np.testing.assert_allclose(by_edge[:, told], np.array(made.predict(index))[:, told])
    assert np.isnan(by_edge[:, ~told]).all()
    market, side = (found.at(cell_on(area, x, y)) for x, y in ((600, MIDDLE), (600, 75.0)))
    assert side.persons < market.persons
    assert market.low < market.persons < market.high
    assert found.basis.to("nl") == "gekalibreerd met 3 tellers"
    assert market.mean == pytest.approx((4000 * 150 * 3000) ** (1 / 3))
    assert market.nearest_m == pytest.approx(300, abs=40)
    assert market.counted is None
    at_counter = found.at(cell_on(area, 900, MIDDLE))
    low, high = at_counter.counted
    assert low * high == pytest.approx(4000**2)
    assert 1 < high / low < 1.5
    assert at_counter.counted_by == "a"


def test_a_counter_round_the_corner_did_not_count_in_this_street(area: Area) -> None:
    found = footfall_of(area, whole_days(area, ("side", 600, MIDDLE - 30, 500), ("b", 300, 300, 150)))
    market, side = (found.at(cell_on(area, 600, y)) for y in (MIDDLE, MIDDLE - 38))
    assert market.nearest_m < 40 and market.counted is None and market.persons is not None
    assert side.counted_by == "side" and side.counted is not None


def test_a_count_by_hand_is_less_sure_than_a_counter(area: Area) -> None:
    hand = footfall_of(area, by_hand(area, ("a", 900, MIDDLE, 90), ("b", 300, 300, 4)))
    mean_days = hand.table["persons_per_day"].tolist()
    fixed = footfall_of(area, whole_days(area, ("a", 900, MIDDLE, mean_days[0]), ("b", 300, 300, mean_days[1])))
    cell = cell_on(area, 600, MIDDLE)
    by, of = hand.at(cell), fixed.at(cell)
    assert by.high / by.low > 1.02 * of.high / of.low
    low, high = hand.at(cell_on(area, 900, MIDDLE)).counted
    assert low * high == pytest.approx(mean_days[0] ** 2)
    assert 2 < high / low < 4  # one quarter of an hour
    few = hand.at(cell_on(area, 300, 300))
    assert (few.counted, few.counted_by) == (None, "b")  # four passers-by are too few to tell


def test_a_market_day_says_nothing_of_an_ordinary_one(area: Area) -> None:
    counts = whole_days(area, ("a", 900, MIDDLE, 4000), kind="market")
    assert footfall_of(area, counts).calibration is None
    assert footfall_of(area, counts, kind="market").calibration.k == 1


def test_a_counter_off_the_map_teaches_nothing_and_is_said(area: Area) -> None:
    found = footfall_of(area, whole_days(area, ("far", 5000, 5000, 100)))
    assert found.calibration is None
    assert "far" in found.notes[0].to("nl")


def test_every_class_has_its_reference_or_none() -> None:
    assert set(COMPARABLE) == set(CLASSES)
    assert all(i < len(REFERENCES) for wanted in COMPARABLE.values() for i in wanted)


@pytest.mark.parametrize(
    ("persons", "said"), [(12_347.0, 12_000), (995.0, 1000), (84.6, 85), (9.6, 10), (3.2, 3), (0.4, 0), (0.0, 0)]
)
def test_a_number_is_no_more_precise_than_known(persons: float, said: int) -> None:
    assert two_digits(persons) == said
