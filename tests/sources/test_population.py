"""Residents: nobody is lost or invented when pixels, polygons and totals become points."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.transform import from_origin

from geodata.errors import GeodataError
from geodata.sources import population
from geodata.sources.dwellings import SPACING_M, even_points, residential_floor_area_m2, spread
from geodata.sources.population import from_buildings, from_polygons, from_raster, from_total

LAMBERT = 3812
X, Y = 580_000.0, 720_000.0
"""A corner in Belgian Lambert 2008."""


def wgs84(shape: shapely.Geometry, crs: int = LAMBERT) -> shapely.Geometry:
    return gpd.GeoSeries([shape], crs=crs).to_crs(4326).iloc[0]


AREA = wgs84(shapely.box(X - 50, Y - 50, X + 1050, Y + 1050))


def buildings(*rows: tuple[float, float, float, float | None, str]) -> gpd.GeoDataFrame:
    """Square buildings: x, y from the corner, footprint, levels, use."""
    shapes = [shapely.Point(X + x, Y + y).buffer(np.sqrt(a) / 2, cap_style="square") for x, y, a, _, _ in rows]
    return gpd.GeoDataFrame(
        {
            "id": [f"way/{i}" for i in range(len(rows))],
            "footprint_m2": [row[2] for row in rows],
            "levels": np.array([row[3] for row in rows], dtype=float),
            "use": [row[4] for row in rows],
        },
        geometry=shapes,
        crs=LAMBERT,
    )


def raster(path: Path, band: np.ndarray, size: float, crs: object = LAMBERT, **options: object) -> Path:
    """A raster with its upper left corner at (X, Y + 1000), or where the option `origin` says."""
    west, north = options.pop("origin", (X, Y + 1000))  # type: ignore[misc]
    with rasterio.open(
        path, "w", driver="GTiff", width=band.shape[1], height=band.shape[0], count=1, dtype=band.dtype, crs=crs,
        transform=from_origin(west, north, size, size), **options,
    ) as file:  # fmt: skip
        file.write(band, 1)
    return path


def test_a_pixel_is_split_by_area_and_keeps_its_place(tmp_path: Path) -> None:
    band = np.zeros((10, 10), dtype="float32")
    band[0, 0], band[9, 9] = 16.0, 4.0
    reading = from_raster(raster(tmp_path / "p.tif", band, 100), area=AREA, crs=LAMBERT)
    table = reading.table
    assert table.basis.unique().tolist() == ["raster"]
    assert len(table) == 32  # 100 m by 25 m: 4 × 4 points a pixel
    top = table[table.geometry.y > Y + 900]
    assert top.residents.tolist() == [1.0] * 16
    assert top.geometry.x.between(X, X + 100).all() and top.geometry.centroid.x.mean() == pytest.approx(X + 50)


@pytest.mark.parametrize("crs", [3035, 4326, 31370, 32631])
def test_any_crs_gives_the_same_residents(tmp_path: Path, crs: int) -> None:
    centre = gpd.GeoSeries([shapely.Point(X + 500, Y + 500)], crs=LAMBERT).to_crs(crs).iloc[0]
    size = 0.0009 if crs == 4326 else 100.0
    band = np.zeros((40, 40), dtype="float32")
    band[20, 20] = 100.0
    path = raster(tmp_path / "p.tif", band, size, crs, origin=(centre.x - 20.5 * size, centre.y + 20.5 * size))
    table = from_raster(path, area=AREA, crs=LAMBERT).table
    assert table.residents.sum() == pytest.approx(100)
    assert table.distance(shapely.Point(X + 500, Y + 500)).max() < 90


def test_no_data_and_negative_values_are_not_residents(tmp_path: Path) -> None:
    band = np.array([[-99999, 10], [-1, np.nan]], dtype="float32")
    path = raster(tmp_path / "p.tif", band, 100, nodata=-99999)
    assert from_raster(path, area=AREA, crs=LAMBERT).table.residents.sum() == pytest.approx(10)


def test_only_what_lies_within_the_area_counts(tmp_path: Path) -> None:
    path = raster(tmp_path / "p.tif", np.ones((10, 10), dtype="float32"), 100)
    half = wgs84(shapely.box(X, Y, X + 500, Y + 1000))
    assert from_raster(path, area=half, crs=LAMBERT).table.residents.sum() == pytest.approx(50, abs=0.1)


def test_a_coarse_raster_says_so(tmp_path: Path) -> None:
    reading = from_raster(raster(tmp_path / "p.tif", np.full((1, 1), 500.0), 1000), area=AREA, crs=LAMBERT)
    assert reading.table.residents.sum() == pytest.approx(500)
    assert "1.000 m" in reading.notes[0].to("nl") and len(reading.notes) == 2


def test_rasters_that_cannot_be_used(tmp_path: Path) -> None:
    without = raster(tmp_path / "zonder.tif", np.ones((2, 2)), 100, crs=None)
    with pytest.raises(GeodataError, match=r"zonder\.tif.*coordinate system.*gdal"):
        from_raster(without, area=AREA, crs=LAMBERT)
    elsewhere = raster(tmp_path / "ver.tif", np.ones((2, 2)), 100, origin=(X + 90_000, Y))
    with pytest.raises(GeodataError, match=r"ver\.tif.*no residents in this area"):
        from_raster(elsewhere, area=AREA, crs=LAMBERT)
    whole = raster(tmp_path / "half.tif", np.random.default_rng(0).random((200, 200)), 5).read_bytes()
    (tmp_path / "half.tif").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(GeodataError, match=r"half\.tif.*cannot be read"):
        from_raster(tmp_path / "half.tif", area=AREA, crs=LAMBERT)
    (tmp_path / "leeg.tif").write_bytes(b"")
    with pytest.raises(GeodataError, match=r"leeg\.tif.*empty"):
        from_raster(tmp_path / "leeg.tif", area=AREA, crs=LAMBERT)


def sectors(path: Path, **columns: list[object]) -> Path:
    """Two squares of 500 m side by side from the corner."""
    squares = [shapely.box(X, Y, X + 500, Y + 500), shapely.box(X + 500, Y, X + 1000, Y + 500)]
    gpd.GeoDataFrame(columns, geometry=squares, crs=LAMBERT).to_crs(31370).to_file(path)
    return path


def test_residents_go_to_the_dwellings_of_their_polygon_by_floor_area(tmp_path: Path) -> None:
    path = sectors(tmp_path / "s.gpkg", inwoners=[90, 10])
    houses = buildings(
        (100, 100, 100, 2, "residential"), (200, 200, 100, 4, "residential"), (300, 300, 900, 1, "other")
    )
    reading = from_polygons(path, houses, area=AREA, crs=LAMBERT)
    near = {n: reading.table[reading.table.dwithin(shapely.Point(X + n, Y + n), 1)] for n in (100, 200, 300)}
    assert [near[n].residents.sum() for n in (100, 200, 300)] == [pytest.approx(30), pytest.approx(60), 0]
    east = reading.table[reading.table.geometry.x > X + 500]
    assert len(east) == 400 and east.residents.sum() == pytest.approx(10)  # no dwellings: evenly, each 25 m
    assert reading.notes[1].to("nl").startswith("één vlak heeft geen woningen")


def test_a_polygon_that_leaves_the_data_keeps_its_share(tmp_path: Path) -> None:
    path = sectors(tmp_path / "s.gpkg", inwoners=[100, 100])
    data = wgs84(shapely.box(X - 100, Y - 100, X + 600, Y + 600))
    house = buildings((550, 250, 100, 2, "residential"))
    table = from_polygons(path, house, area=data, crs=LAMBERT).table
    assert table.residents.sum() == pytest.approx(120, abs=0.2)
    assert table[table.geometry.x > X + 500].residents.tolist() == [pytest.approx(20, abs=0.1)]


@pytest.mark.parametrize("header", ["population", "INWONERS", "ms_population_20240101", "Aantal inwoners", "asukkaita"])
def test_the_residents_column_is_recognised(tmp_path: Path, header: str) -> None:
    path = sectors(tmp_path / "s.gpkg", opp=[250_000, 250_000], sector=["A", "B"], **{header: ["7", "8"]})
    assert from_polygons(path, buildings(), area=AREA, crs=LAMBERT).table.residents.sum() == pytest.approx(15)


def test_the_residents_column_can_be_named(tmp_path: Path) -> None:
    path = sectors(tmp_path / "s.gpkg", a2024=[3, 4], population=[70, 80])
    reading = from_polygons(path, buildings(), area=AREA, crs=LAMBERT, column="A2024")
    assert reading.table.residents.sum() == pytest.approx(7)
    with pytest.raises(GeodataError, match="a2024, population"):
        from_polygons(path, buildings(), area=AREA, crs=LAMBERT, column="b")


def test_without_a_residents_column_the_columns_are_listed(tmp_path: Path) -> None:
    path = sectors(tmp_path / "s.gpkg", opp=[1, 2], naam=["A", "B"])
    with pytest.raises(GeodataError, match=r"s\.gpkg.*opp, naam"):
        from_polygons(path, buildings(), area=AREA, crs=LAMBERT)


def test_hidden_numbers_are_skipped_with_their_row(tmp_path: Path) -> None:
    reading = from_polygons(sectors(tmp_path / "s.gpkg", inwoners=["-1", "12"]), buildings(), area=AREA, crs=LAMBERT)
    assert reading.table.residents.sum() == pytest.approx(12)
    assert reading.skipped[["row", "field", "value"]].values.tolist() == [[1, "inwoners", "-1"]]


def test_polygons_elsewhere_and_without_prj(tmp_path: Path) -> None:
    path = sectors(tmp_path / "s.shp", inwoners=[1, 2])
    with pytest.raises(GeodataError, match="no residents in this area"):
        from_polygons(path, buildings(), area=shapely.box(20, 60, 21, 61), crs=LAMBERT)
    path.with_suffix(".prj").unlink()
    with pytest.raises(GeodataError, match=r"s\.prj"):
        from_polygons(path, buildings(), area=AREA, crs=LAMBERT)


WHOLE = shapely.box(X, Y, X + 1000, Y + 1000)


def test_a_total_is_spread_by_the_share_that_the_data_cover() -> None:
    data = shapely.box(X - 500, Y - 500, X + 800, Y + 1500)
    houses = buildings(
        (100, 100, 100, 2, "residential"), (700, 700, 300, 2, "residential"), (-100, 500, 100, 2, "residential")
    )
    table = from_total(1000, houses, boundary=WHOLE, data_extent=data, crs=LAMBERT).table
    assert table.residents.tolist() == [pytest.approx(200), pytest.approx(600), pytest.approx(200)]
    assert table.basis.tolist() == ["municipality", "municipality", "proxy"]  # the last stands beyond the boundary


def test_a_total_without_dwellings_is_spread_evenly() -> None:
    reading = from_total(800, buildings(), boundary=WHOLE, data_extent=WHOLE, crs=LAMBERT)
    assert reading.table.residents.sum() == pytest.approx(800) and len(reading.table) == 1600


@pytest.mark.parametrize("residents", [0, -5, float("nan")])
def test_a_total_must_be_above_zero(residents: float) -> None:
    with pytest.raises(GeodataError, match="--residents"):
        from_total(residents, buildings(), boundary=WHOLE, data_extent=WHOLE, crs=LAMBERT)
    with pytest.raises(GeodataError, match="do not cover"):
        from_total(100, buildings(), boundary=WHOLE, data_extent=shapely.box(0, 0, 1, 1), crs=LAMBERT)


def test_the_proxy_is_the_published_formula() -> None:
    reading = from_buildings(buildings((0, 0, 90, 3, "residential")), crs=LAMBERT)
    assert reading.table.residents.tolist() == [pytest.approx(0.8 * 90 * 3 / 45)]
    assert reading.table.basis.tolist() == ["proxy"]
    assert "schatting" in reading.notes[0].to("nl")


def test_who_lives_where() -> None:
    """A house has two storeys, a large block three; people live above shops, and not in sheds and halls."""
    frame = buildings(
        (0, 0, 100, None, "residential"), (0, 0, 400, None, "residential"), (0, 0, 100, None, "retail"),
        (0, 0, 100, 1, "retail"), (0, 0, 15, None, "unknown"), (0, 0, 100, None, "unknown"),
        (0, 0, 2000, None, "unknown"), (0, 0, 2000, 5, "unknown"), (0, 0, 100, 2, "other"),
    )  # fmt: skip
    assert residential_floor_area_m2(frame).tolist() == [200, 1200, 100, 0, 0, 200, 0, 10_000, 0]


def test_no_buildings_no_residents() -> None:
    assert from_buildings(buildings(), crs=LAMBERT).table.empty


@settings(max_examples=40, deadline=None)
@given(
    west=st.floats(0, 2000), south=st.floats(0, 2000), width=st.floats(0.5, 400), height=st.floats(0.5, 400),
    angle=st.floats(0, 90),
)  # fmt: skip
def test_even_points_lie_inside_and_are_enough(
    west: float, south: float, width: float, height: float, angle: float
) -> None:
    polygon = shapely.affinity.rotate(shapely.box(west, south, west + width, south + height), angle)
    points = even_points(polygon)
    assert shapely.intersects(polygon, points).all()
    assert len(points) >= max(1, 0.6 * polygon.area / SPACING_M**2 - (width + height) / SPACING_M)


@settings(max_examples=40, deadline=None)
@given(
    residents=st.lists(st.floats(0.1, 5000), min_size=1, max_size=6),
    houses=st.lists(st.tuples(st.floats(0, 600), st.floats(0, 100), st.floats(20, 800)), max_size=12),
)
def test_spreading_keeps_every_polygons_sum(residents: list[float], houses: list[tuple[float, float, float]]) -> None:
    polygons = np.array([shapely.box(X + 100 * i, Y, X + 100 * i + 100, Y + 100) for i in range(len(residents))])
    frame = buildings(*[(x, y, a, None, "residential") for x, y, a in houses])
    points, numbers, _ = spread(polygons, np.array(residents), frame)
    assert numbers.sum() == pytest.approx(sum(residents))
    inner = shapely.buffer(polygons, -1e-6)
    for polygon, persons in zip(inner, residents, strict=True):
        assert numbers[shapely.intersects(polygon, points)].sum() <= persons * (1 + 1e-9)


@settings(max_examples=25, deadline=None)
@given(size=st.floats(20, 300), values=st.lists(st.floats(0, 1000, width=32), min_size=4, max_size=4))
def test_raster_splitting_keeps_the_sum(
    tmp_path_factory: pytest.TempPathFactory, size: float, values: list[float]
) -> None:
    path = raster(tmp_path_factory.mktemp("r") / "p.tif", np.array(values, dtype="float32").reshape(2, 2), size)
    table = from_raster(path, area=AREA, crs=LAMBERT).table
    assert table.residents.sum() == pytest.approx(sum(values), rel=1e-6)


def test_helsinki_grid(shared_data: Path) -> None:
    path = shared_data / "helsinki" / "population_grid_2020.gpkg"
    whole = gpd.read_file(path)
    no_buildings = gpd.GeoDataFrame({"footprint_m2": [], "levels": [], "use": []}, geometry=[], crs=32635)
    reading = population.from_polygons(path, no_buildings, area=whole.union_all().buffer(0.001), crs=32635)
    assert reading.table.residents.sum() == pytest.approx(whole.population.sum())
    assert reading.rows_read == 92
