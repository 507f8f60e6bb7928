"""Where and when to count: spots over the whole range of busyness, hours in which a quarter tells the day."""

import numpy as np
import pytest

from geodata.count_profile import Profile, default_profile
from geodata.errors import GeodataError
from location_model.count_plan import best_windows, where_to_count

PROFILE = default_profile()


def town(n: int = 400) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[str | None]]:
    """Streets of 50 m in a row, 100 m apart, busier to the right; two pieces a street."""
    index = np.geomspace(1, 1000, n)
    return (
        index,
        np.full(n, 50.0),
        np.column_stack([np.arange(n) * 100.0, np.zeros(n)]),
        [f"s{i // 2}" for i in range(n)],
    )


def test_spots_go_from_the_busiest_street_down_in_even_steps() -> None:
    index, length, xy, names = town()
    spots = where_to_count(index, length, xy, names, PROFILE)
    seen = np.log([index[s.edge] for s in spots])
    assert len({s.street for s in spots}) == len(spots) == 8
    assert spots[0].edge >= 398
    assert min(s.edge for s in spots) < 345  # 15 % of 400 pieces: down to piece 340
    assert (np.array([s.edge for s in spots]) >= 340).all()
    steps = -np.diff(seen)
    assert steps.max() < 2 * steps.mean()
    assert (spots[0].x, spots[0].y) == tuple(xy[spots[0].edge])


def test_of_two_equal_streets_the_one_away_from_counters_is_asked_for() -> None:
    index, length = np.array([100.0, 50, 50, 1]), np.array([10.0, 10, 10, 1000])
    xy = np.array([[0.0, 0], [30, 0], [900, 0], [450, 0]])
    spots = where_to_count(index, length, xy, ["a", "b", "c", "d"], PROFILE, n=2, counted=[0])
    assert spots[0].street == "c"
    assert "a" not in {s.street for s in spots}


def test_streets_without_name_or_index_are_never_asked_for() -> None:
    index, length, xy, names = town()
    names[390:] = [None] * 10
    index[380:385] = np.nan
    found = {s.edge for s in where_to_count(index, length, xy, names, PROFILE, n=50)}
    assert found
    assert not found & set(range(380, 385))
    assert max(found) < 390
    for nothing in (np.zeros(400), np.full(400, np.nan)):
        with pytest.raises(GeodataError, match="no named street"):
            where_to_count(nothing, length, xy, names, PROFILE)


def test_a_town_of_one_street_has_one_spot() -> None:
    spots = where_to_count([3.0, 4.0], [10.0, 10.0], [[0, 0], [10, 0]], ["a", "a"], PROFILE)
    assert [s.edge for s in spots] == [1]
    assert where_to_count([3.0], [10.0], [[0, 0]], ["a"], PROFILE, counted=[0]) == ()


def test_windows_are_busy_and_even() -> None:
    hours = {kind: shares.copy() for kind, shares in PROFILE.hours.items()}
    day = np.ones(24)
    day[9:11] = 4, 13  # 10 to 12 is busiest
    day[11:13] = 12, 12  # nearly as busy, and even
    day[17:19] = 10, 10
    hours["workday"] = day / day.sum()
    profile = Profile(hours, PROFILE.weekdays, PROFILE.days, 0)
    windows = best_windows(profile)
    assert [(w.kind, w.begin, w.end) for w in windows[:2]] == [("workday", 11, 13), ("workday", 17, 19)]
    assert windows[2].kind == "saturday"
