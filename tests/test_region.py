"""The region around an area: who lives near is kept in detail, who lives far together, and nobody is lost."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geodata.region import DETAIL_M, REGION_M, at_sea, homes_around, outlets_around

STUDY = shapely.box(0, 0, 1000, 1000)


def test_homes_near_stay_points_and_homes_far_are_joined_without_loss() -> None:
    x = np.array([500, 500.0 + DETAIL_M, 6010, 6040, 6160, 1000 + REGION_M + 1])
    residents = np.array([3.0, 2.0, 1.0, 3.0, 5.0, 100.0])
    table = gpd.GeoDataFrame({"residents": residents}, geometry=gpd.points_from_xy(x, np.full(6, 500.0)), crs=3812)
    homes = homes_around(table, STUDY)
    assert homes["residents"].tolist() == [3, 2, 4, 5]
    assert homes["x"].tolist() == pytest.approx([500, 2000, (6010 + 3 * 6040) / 4, 6160])
    assert homes["in_study"].tolist() == [True, False, False, False]


def test_outlets_keep_what_is_vacant_and_lose_what_is_too_far() -> None:
    columns = {"id": ["node/1", "node/2", "node/3"], "name": None, "branch": ["bakery", None, "bakery"]}
    columns |= {"state": ["occupied", "vacant", "occupied"], "floor_area_m2": [80.0, np.nan, 90.0]}
    at = gpd.points_from_xy([10, 3000, 1000 + REGION_M + 5], [10, 10, 10])
    outlets = outlets_around(gpd.GeoDataFrame(columns, geometry=at, crs=3812), STUDY)
    assert outlets["id"].tolist() == ["node/1", "node/2"] and outlets["in_study"].tolist() == [True, False]


def test_the_sea_lies_to_the_right_of_the_coast_also_round_a_corner() -> None:
    """A square island, its coast drawn counterclockwise with the land on its left."""
    corners = np.array([[0.0, 0.0], [100.0, 0.0], [100.0, 100.0], [0.0, 100.0], [0.0, 0.0]])
    coast = np.stack([corners[:-1], corners[1:]], axis=1)
    xy = np.array([[50, 50], [50, -1], [99, 99], [101, 101], [130, 101], [-1, -30], [1, 1], [200, 50]], dtype=float)
    assert at_sea(coast, xy).tolist() == [False, True, False, True, True, True, False, True]
    inside = shapely.contains_xy(
        shapely.box(0, 0, 100, 100), *(spots := np.random.default_rng(0).uniform(-90, 190, (400, 2))).T
    )
    assert (at_sea(coast, spots) == ~inside).all()
    assert not at_sea(np.zeros((0, 2, 2)), xy).any() and at_sea(coast, np.zeros((0, 2))).shape == (0,)
