"""Counters on streets: the near ones at their street, the far ones listed, two at one place as one."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.network.graph import Network, build_network
from location_model.counters import metres_to_counter, on_streets


def cross() -> Network:
    """Two streets of 200 m that cross in the middle, uncut."""
    return build_network(
        [np.array([1, 2, 3]), np.array([4, 2, 5])],
        [np.array([[-100.0, 0], [0, 0], [100, 0]]), np.array([[0.0, -100], [0, 0], [0, 100]])],
        split_m=1000,
    )


def counters(xy: list[tuple[float, float]], persons: list[float], variance: list[float]) -> gpd.GeoDataFrame:
    n = len(xy)
    return gpd.GeoDataFrame(
        {
            "counter": list("abcdefgh"[:n]), "persons_per_day": persons, "half_person_per_day": 0.5, "days": 1,
            "hours": 12.0, "log_variance": variance,
        },
        geometry=[shapely.Point(p) for p in xy],
        crs=3812,
    )  # fmt: skip


def test_a_counter_stands_at_its_street_and_a_far_one_is_named() -> None:
    network = cross()
    found = on_streets(network, counters([(60, 4), (-3, 70), (60, 45), (500, 500)], [1.0, 2, 3, 4], [0.1] * 4))
    middles = network.edge_middle[found.table["edge"]]
    np.testing.assert_allclose(middles, [[50, 0], [0, 50]])
    assert found.off_network == ("c", "d")
    assert "c, d" in found.notes[0].to("nl")


def test_two_at_one_place_are_one_weighed_by_how_sure_they_are() -> None:
    found = on_streets(cross(), counters([(60, 4), (62, -4), (-60, 0)], [100.0, 400, 7], [0.1, 0.1, 0.2]))
    assert found.table["counter"].tolist() == ["a + b", "c"]
    assert found.table["persons_per_day"].tolist() == pytest.approx([200, 7])
    assert found.table["log_variance"].tolist() == pytest.approx([0.05, 0.2])
    assert "a, b" in found.notes[0].to("en")
    unsure = on_streets(cross(), counters([(60, 4), (62, -4)], [100.0, 400], [0.01, 1.0])).table
    assert 100 < unsure["persons_per_day"].iloc[0] < 105
    nobody = on_streets(cross(), counters([(60, 4), (62, -4)], [0.0, 8], [0.1, 0.1])).table
    assert nobody["persons_per_day"].iloc[0] == pytest.approx(2)  # half a person and eight


def test_no_counters_are_no_rows() -> None:
    found = on_streets(cross(), counters([], [], []))
    assert len(found.table) == 0
    assert {"counter", "edge", "persons_per_day"} <= set(found.table)
    assert found.notes == found.off_network == ()
    assert np.isnan(metres_to_counter(cross(), found)).all()


def test_how_far_the_nearest_counter_is() -> None:
    network = cross()
    away = metres_to_counter(network, on_streets(network, counters([(50, 0), (0, 80)], [1.0, 2], [0.1] * 2)))
    expected = {(50, 0): 0, (0, 50): 30, (-50, 0): np.hypot(50, 80), (0, -50): np.hypot(50, 50)}
    for middle, metres in zip(network.edge_middle.astype(int).tolist(), away, strict=True):
        assert metres == pytest.approx(expected[tuple(middle)])


@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 1000))
def test_no_street_is_nearer_than_the_one_taken(seed: int) -> None:
    rng = np.random.default_rng(seed)
    points = np.cumsum(rng.uniform(-60, 60, (8, 2)), axis=0)
    network = build_network([np.arange(8)], [points])
    at = rng.uniform(points.min(axis=0), points.max(axis=0), (4, 2))
    found = on_streets(network, counters([(x, y) for x, y in at], [1.0] * 4, [0.1] * 4))
    pieces = shapely.linestrings(np.stack([network.xy[network.edge_u], network.xy[network.edge_v]], axis=1))
    line = shapely.LineString(points)
    named = set("".join(found.table["counter"]).replace(" + ", ""))
    for name, place in zip("abcd", at, strict=True):
        assert (name in named) == (line.distance(shapely.Point(place)) <= 30)
    for row in found.table.itertuples():
        away = shapely.distance(pieces, row.geometry)
        assert away[row.edge] == pytest.approx(away.min(), abs=1e-6)
