"""Where and when to count: spots over the whole range of busyness, hours in which a quarter tells the day."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geodata.count_profile import Profile, default_profile
from geodata.errors import GeodataError
from location_model.count_plan import best_windows, centre, outdoor_names, where_to_count

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


def test_spots_lie_round_the_core_and_farther_only_for_want_of_streets() -> None:
    index, length, xy, names = town()
    index[340:] = np.geomspace(500, 1000, 60)  # thirty streets above class C
    near, far, beyond = np.full(400, 100.0), np.full(400, 900.0), np.full(400, 3000.0)

    def streets_from(core_m: np.ndarray) -> set[float]:
        spots = where_to_count(index, length, xy, names, PROFILE, core_m=core_m)
        assert len(spots) == 8
        return {float(core_m[s.edge]) for s in spots}

    half = np.arange(400) >= 370  # fifteen streets: enough to count in, few to choose from
    assert streets_from(np.where(half, near, beyond)) == {100.0}
    assert max(streets_from(np.where(half, near, far))) == 900.0
    few = np.arange(400) >= 394  # three streets
    assert streets_from(np.where(few, near, far)) >= {900.0}
    assert streets_from(np.where(few, near, beyond)) == {100.0, 3000.0}


def test_the_nearest_streets_fill_what_the_core_lacks() -> None:
    core_m = [0.0, 4000.0, 2000.0]
    spots = where_to_count([9.0, 9, 9], [1.0, 1, 1], [[0, 0], [1, 0], [2, 0]], ["a", "b", "c"], PROFILE,
                           n=2, core_m=core_m)  # fmt: skip
    assert {s.street for s in spots} == {"a", "c"}


def test_malls_and_tunnels_are_no_streets() -> None:
    streets = gpd.GeoDataFrame(
        {
            "name": ["High Street", "Mall", "Mall", "High Street", None, "Track", "Square"],
            "on_ground": [True, False, True, False, True, True, True],
            "walkable": [True, True, True, True, True, False, True],
        },
        geometry=[
            shapely.LineString([(0, 0), (100, 0)]),
            shapely.LineString([(0, 50), (50, 50)]),
            shapely.LinearRing([(0, 40), (60, 40), (60, 60), (0, 60)]),  # the mall's outline, drawn as a square
            shapely.LineString([(100, 0), (130, 0)]),  # a short passage below the railway
            shapely.LineString([(0, 80), (100, 80)]),
            shapely.LineString([(0, 90), (100, 90)]),
            shapely.LinearRing([(200, 0), (260, 0), (260, 60), (200, 60)]),
        ],
        crs=3812,
    )
    at = np.array([[50.0, 0], [25, 50], [30, 40], [115, 0], [50, 80], [230, 0]])
    assert outdoor_names(streets, at).tolist() == ["High Street", None, None, None, None, "Square"]


def test_of_several_cores_the_one_most_people_walk_in_is_the_centre() -> None:
    cores = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 10, 10), shapely.box(100, 0, 110, 10)], crs=3812)
    xy = np.array([[5.0, 5], [105, 5], [106, 5], [500, 500]])
    assert centre(cores, xy, np.array([3.0, 2, 2, np.nan])).equals(cores.geometry[1])
    assert centre(cores[:0], xy, np.array([3.0, np.nan, 2, 90])).equals(shapely.Point(500, 500))
