"""Counts of any period as persons per day: what was counted is kept, what was not is said."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.count_profile import DEFAULT_WEEKDAYS, HOUR_KINDS, Profile, count_profile, default_profile, persons_per_day
from geodata.errors import GeodataError
from geodata.tables import empty, validate

Row = tuple[str, str | None, float, float, float, str]
MONDAY = pd.Timestamp("2025-03-03")


def table(rows: list[Row]) -> gpd.GeoDataFrame:
    """Counts from (counter, date, from, to, pedestrians, kind), all at one place."""
    names = ["counter", "date", "hour_from", "hour_to", "pedestrians", "day_kind"]
    frame: Any = pd.DataFrame(rows, columns=names)
    frame["date"] = pd.to_datetime(frame["date"])
    return validate("counts", gpd.GeoDataFrame(frame, geometry=[shapely.Point(0, 0)] * len(rows), crs=3812), where="x")


def whole_week(name: str, by_day: list[float], shape: np.ndarray) -> list[Row]:
    """Every hour of a week, exactly as expected."""
    return [
        (name, f"{MONDAY + pd.Timedelta(days=d):%Y-%m-%d}", h, h + 1, by_day[d] * shape[h], "ordinary")
        for d in range(7)
        for h in range(24)
    ]


def test_the_default_is_a_whole_day_and_a_whole_week_and_says_what_it_is() -> None:
    profile = default_profile()
    assert set(profile.hours) == set(HOUR_KINDS)
    assert all(hours.sum() == pytest.approx(1) and (hours > 0).all() for hours in profile.hours.values())
    assert profile.weekdays.mean() == pytest.approx(1)
    assert "default" in profile.basis.to("en")
    assert "aanname" in profile.basis.to("nl")


def test_a_quarter_of_an_hour_is_a_quarter_of_the_hours_share() -> None:
    profile = default_profile()
    quarter = profile.share("workday", np.array([10.25]), np.array([10.5]))
    assert quarter == pytest.approx(profile.hours["workday"][10] / 4)
    assert profile.share("workday", np.array([0.0]), np.array([24.0])) == pytest.approx(1)
    night = profile.hours["workday"][[22, 23, 0, 1]].sum()
    assert profile.share("workday", np.array([22.0]), np.array([2.0])) == pytest.approx(night)


def test_a_week_counted_whole_is_its_mean_whatever_the_profile() -> None:
    by_day = [100.0, 120, 90, 110, 200, 300, 20]
    counts = table(whole_week("a", by_day, np.full(24, 1 / 24)))
    for profile in (default_profile(), count_profile(counts)):
        found = persons_per_day(counts, profile).iloc[0]
        assert found["persons_per_day"] == pytest.approx(np.mean(by_day))
        assert found["days"] == 7


def test_the_profile_moves_from_the_default_to_what_was_counted() -> None:
    shape = np.zeros(24)
    shape[8:20] = np.arange(12, 0, -1)
    shape /= shape.sum()
    counts = pd.concat([table(whole_week(f"c{i}", [100.0 * (i + 1)] * 7, shape)) for i in range(30)])
    found = count_profile(gpd.GeoDataFrame(counts, crs=3812))
    assert np.abs(found.hours["workday"] - shape).max() < 0.01
    usual = default_profile()
    assert (np.abs(found.weekdays - 1) < np.abs(usual.weekdays - 1)).all()  # one week: halfway at most
    assert found.days["workday"] == 150
    assert found.days["market"] == 0
    assert (found.hours["market"] == usual.hours["market"]).all()


@settings(deadline=None, max_examples=15)
@given(size=st.floats(2, 50))
def test_a_busier_counter_bends_no_profile(size: float) -> None:
    shape = np.linspace(1, 2, 24) / np.linspace(1, 2, 24).sum()
    once = count_profile(table(whole_week("a", [700.0] * 7, shape) + whole_week("b", [500.0] * 7, shape)))
    more = count_profile(table(whole_week("a", [700.0 * size] * 7, shape) + whole_week("b", [500.0] * 7, shape)))
    np.testing.assert_allclose(once.hours["workday"], more.hours["workday"], atol=1e-6)
    np.testing.assert_allclose(once.weekdays, more.weekdays, atol=1e-6)


def test_hours_nobody_counted_keep_the_defaults_part_of_the_day() -> None:
    rows: list[Row] = [(f"c{i}", "2025-03-04", h, h + 1, 50.0, "ordinary") for i in range(20) for h in range(10, 16)]
    found, usual = count_profile(table(rows)).hours["workday"], default_profile().hours["workday"]
    assert found[10:16].sum() == pytest.approx(usual[10:16].sum())
    np.testing.assert_allclose(found[:10], usual[:10])


def test_short_counts_are_read_by_the_hour_and_are_less_sure() -> None:
    profile = default_profile()
    share = profile.hours["workday"]
    tuesday = profile.weekdays[1]
    quarter = table([("a", "2025-03-04", 10.25, 10.5, 40.0, "ordinary")])
    found = persons_per_day(quarter, profile).iloc[0]
    assert found["persons_per_day"] == pytest.approx(40 / (share[10] / 4 * tuesday))
    day = persons_per_day(table([("a", "2025-03-04", 0, 24, 40.0 / share[10] * 4, "ordinary")]), profile).iloc[0]
    assert day["persons_per_day"] == pytest.approx(found["persons_per_day"])
    busier = persons_per_day(table([("a", "2025-03-04", 10.25, 10.5, 400.0, "ordinary")]), profile).iloc[0]
    another = persons_per_day(pd.concat([quarter, table([("a", "2025-03-06", 15, 15.25, 40.0, "ordinary")])]), profile)
    for surer in (day, busier, another.iloc[0]):
        assert surer["log_variance"] < found["log_variance"]


def test_other_kinds_of_day_stand_apart() -> None:
    ordinary: list[Row] = [("a", "2025-03-04", 0, 24, 100.0, "ordinary")]
    market: list[Row] = [("a", "2025-03-05", 0, 24, 900.0, "market")]
    profile = default_profile()
    both = table(ordinary + market)
    alone = persons_per_day(table(ordinary), profile)["persons_per_day"].iloc[0]
    assert persons_per_day(both, profile)["persons_per_day"].iloc[0] == alone
    assert persons_per_day(both, profile, kind="market")["persons_per_day"].iloc[0] == pytest.approx(900)
    assert persons_per_day(both, profile, kind="event").empty
    with pytest.raises(GeodataError, match="Sunday"):
        persons_per_day(both, profile, kind="Sunday")


def test_a_reference_average_is_a_mean_day() -> None:
    found = persons_per_day(table([("a", None, 0, 24, 1234.0, "ordinary")]), default_profile()).iloc[0]
    assert found["persons_per_day"] == pytest.approx(1234)
    assert found["days"] == 7


def test_nobody_seen_is_nought_and_hours_not_known_are_left_out() -> None:
    nobody = persons_per_day(table([("a", "2025-03-04", 10, 10.25, 0.0, "ordinary")]), default_profile()).iloc[0]
    assert nobody["persons_per_day"] == 0
    assert 5 < nobody["half_person_per_day"] < 100
    assert persons_per_day(table([("a", "2025-03-04", np.nan, np.nan, 9.0, "ordinary")]), default_profile()).empty
    for counts in (empty("counts", 3812), table([("a", "2025-03-04", h, h + 1, 0.0, "ordinary") for h in range(24)])):
        profile: Profile = count_profile(counts)
        np.testing.assert_allclose(profile.weekdays, np.array(DEFAULT_WEEKDAYS) / np.mean(DEFAULT_WEEKDAYS))
