"""The densest cluster of shops, on towns small enough to see it."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geodata.sources.cluster import densest_cluster


def shops(*points: tuple[float, float]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=[shapely.Point(p) for p in points], crs=3812)


def row(x: float, y: float, n: int, step: float = 20.0) -> list[tuple[float, float]]:
    return [(x + step * i, y) for i in range(n)]


@pytest.mark.parametrize("frame", [shops(), shops((0, 0)), shops(*row(0, 0, 4)), shops(*row(0, 0, 12, step=500))])
def test_few_or_scattered_shops_give_no_cluster(frame: gpd.GeoDataFrame) -> None:
    polygon, members = densest_cluster(frame)
    assert polygon.is_empty and members == 0


def test_the_larger_of_two_clusters() -> None:
    polygon, members = densest_cluster(shops(*row(0, 0, 8), *row(5000, 0, 12), (2500, 0)))
    assert members == 12
    assert polygon.contains(shapely.Point(5110, 0)) and not polygon.contains(shapely.Point(70, 0))


def test_a_city_centre_is_not_chained_to_its_long_streets() -> None:
    """A dense centre of 400 shops, and a street with a shop each 30 m that leads away from it for 3 km."""
    rng = np.random.default_rng(1)
    centre = [tuple(p) for p in rng.uniform(-120, 120, (400, 2))]
    polygon, members = densest_cluster(shops(*centre, *row(150, 0, 100, step=30)))
    assert 400 <= members < 415
    assert not polygon.contains(shapely.Point(1500, 0))


def test_buildings_count_by_their_centre_and_empty_ones_do_not_count() -> None:
    boxes = [shapely.box(x, 0, x + 10, 10) for x in range(0, 100, 20)]
    frame = gpd.GeoDataFrame(geometry=[*boxes, shapely.Point(), None], crs=3812)
    polygon, members = densest_cluster(frame)
    assert members == 5 and all(polygon.contains(b.centroid) for b in boxes)
