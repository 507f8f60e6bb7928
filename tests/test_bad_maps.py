"""Rasters and maps as they should not be: each ends in a message that helps, or is mended."""

import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from command_line import Town, write
from rasterio.transform import from_origin
from towns import ORIGIN, degrees

from geodata.store import Store


def raster(path: Path, value: float = 10.0, crs: str | None = "EPSG:3812", bands: int = 1, east: float = 0) -> Path:
    place = from_origin(ORIGIN[0] - 500 + east, ORIGIN[1] + 1500, 100, 100)
    with rasterio.open(
        path, "w", driver="GTiff", width=20, height=20, count=bands, dtype="float32" if bands == 1 else "uint8",
        crs=crs, transform=place, nodata=-1 if bands == 1 else None,
    ) as file:  # fmt: skip
        for band in range(bands):
            file.write(np.full((20, 20), value, dtype="float32"), band + 1)
    return path


def test_rasters_that_cannot_be_used(small_town: Town, tmp_path: Path) -> None:
    whole = raster(tmp_path / "heel.tif").read_bytes()
    crs = ("coordinate system … Save it", "coördinatenstelsel … Bewaar")
    local = 'LOCAL_CS["drawing board",UNIT["metre",1]]'
    cases = {
        raster(tmp_path / "zonder.tif", crs=None): crs,
        raster(tmp_path / "plaatselijk.tif", crs=local): crs,
        raster(tmp_path / "elders.tif", east=200_000): ("no residents … covers the town", "geen inwoners … Kijk na"),
        raster(tmp_path / "niets.tif", value=-1): ("no residents … Check", "geen inwoners … Kijk na"),
        raster(tmp_path / "foto.tif", bands=3): ("a picture … Take", "een afbeelding … Neem"),
        write(tmp_path / "half.tif", whole[: len(whole) // 2]): ("cannot be read … GeoTIFF", "niet leesbaar … GeoTIFF"),
    }
    for path, (says, zegt) in cases.items():
        small_town.refuses("--population", path, names=path.name, says=says, zegt=zegt)


def test_pixels_that_hold_no_persons_are_not_known(small_town: Town, tmp_path: Path) -> None:
    path = raster(tmp_path / "merk.tif")
    with rasterio.open(path, "r+") as file:
        band = file.read(1)
        band[10, 6:9] = 3.4e38, np.inf, 1e9
        file.write(band, 1)
    record = small_town.takes("--population", path)
    assert any(note["en"].startswith("3 pixels would hold") for note in record["notes"])
    assert Store(small_town.data).open("tried").tables.residents["residents"].sum() < 20 * 20 * 10


def square(x: float, y: float, side: float) -> shapely.Polygon:
    return shapely.Polygon([degrees(*c) for c in ((x, y), (x + side, y), (x + side, y + side), (x, y + side))])


def areas(path: Path, *shapes: shapely.Geometry, crs: int = 4326, **columns: list[object]) -> Path:
    gpd.GeoDataFrame(pd.DataFrame(columns), geometry=list(shapes), crs=4326).to_crs(crs).to_file(path)
    return path


PARIS = shapely.box(2.3, 48.8, 2.4, 48.9)
BOW_TIE = shapely.Polygon([degrees(*c) for c in ((0, 0), (500, 500), (500, 0), (0, 500))])


@pytest.mark.parametrize("option", ["boundary", "municipalities", "core-areas", "retail-areas", "population"])
def test_shapefiles_that_are_not_whole(small_town: Town, tmp_path: Path, option: str) -> None:
    for ending in (".prj", ".dbf", ".shx"):
        folder = tmp_path / ending[1:]
        folder.mkdir()
        path = areas(folder / "vlak.shp", square(0, 0, 500), crs=31370, naam=["Town"], inwoners=[100])
        (folder / f"vlak{ending}").unlink()
        missing = f"vlak{ending}"
        small_town.refuses(f"--{option}", path, names="vlak.shp", says=f"{missing} … Copy", zegt=missing)


def test_a_map_in_a_zip_is_read_and_several_are_not_guessed(small_town: Town, tmp_path: Path) -> None:
    areas(tmp_path / "vlak.shp", square(0, 0, 400), crs=31370, naam=["Town"])
    with zipfile.ZipFile(tmp_path / "kaart.zip", "w") as archive:
        for part in tmp_path.glob("vlak.*"):
            archive.write(part, f"een map/{part.name}")
    assert small_town.build("--boundary", tmp_path / "kaart.zip", name="Tried").code == 0
    with zipfile.ZipFile(tmp_path / "kaart.zip", "a") as archive:
        archive.writestr("tweede.geojson", "{}")
    small_town.refuses(
        "--boundary", tmp_path / "kaart.zip", names="kaart.zip", says="2 map files … Unpack", zegt="2 kaart … Pak"
    )


def test_the_layer_with_polygons_is_found(small_town: Town, tmp_path: Path) -> None:
    path = tmp_path / "lagen.gpkg"
    for layer, shape in (("a", shapely.Point(degrees(0, 0))), ("b", square(0, 0, 400))):
        gpd.GeoDataFrame({"naam": ["x"]}, geometry=[shape], crs=4326).to_file(path, layer=layer)
    assert small_town.build("--boundary", path, name="Tried").code == 0


def test_boundaries_that_cannot_be_used(small_town: Town, tmp_path: Path) -> None:
    lambert = '{"type":"Polygon","coordinates":[[[104000,196000],[104500,196000],[104500,196500],[104000,196000]]]}'
    cases: dict[Path, tuple[str, str]] = {
        areas(tmp_path / "elders.geojson", PARIS): ("outside the boundary … extract", "buiten de grens … uittreksel"),
        areas(tmp_path / "punt.geojson", shapely.Point(degrees(0, 0))): ("no polygons … Give", "geen vlakken … Geef"),
        areas(tmp_path / "snipper.geojson", square(70, 70, 8)): ("too small … Give", "te klein … Geef"),
        write(tmp_path / "lambert.geojson", lambert): ("no degrees … EPSG:31370", "geen graden … EPSG:31370"),
        write(tmp_path / "stuk.geojson", '{"type":"Feature'): ("cannot be read … Copy", "niet leesbaar … Haal"),
        write(tmp_path / "tabel.csv", "naam;x\na;1\n"): ("no polygons … Give", "geen vlakken … Geef"),
    }
    for path, (says, zegt) in cases.items():
        small_town.refuses("--boundary", path, names=path.name, says=says, zegt=zegt)
    small_town.refuses(
        "--boundary", small_town.osm, names=small_town.osm.name, says="OpenStreetMap … --osm", zegt="kaart … --osm"
    )


def test_a_polygon_that_crosses_itself_is_mended(small_town: Town, tmp_path: Path) -> None:
    whole = len(Store(small_town.data).open("town").grid)
    path = areas(tmp_path / "strik.geojson", BOW_TIE, naam=["x"], inwoners=[100])
    assert small_town.build("--boundary", path, name="Tried").code == 0
    assert 0 < len(Store(small_town.data).open("tried").grid) < whole
    small_town.takes("--population", path)
    assert Store(small_town.data).open("tried").tables.residents["residents"].sum() == pytest.approx(100)


def test_a_municipality_that_does_not_exist_has_near_names(small_town: Town, tmp_path: Path) -> None:
    path = areas(tmp_path / "gemeenten.geojson", square(0, 0, 400), PARIS, naam=["Vlakkem", "Parijs"])
    small_town.refuses(
        "--municipalities", path, name="Vlakem", names="gemeenten.geojson", says="Nearest: Vlakkem", zegt="Vlakkem"
    )
    small_town.refuses(
        "--municipalities", path, name="Parijs", names="gemeenten.geojson", says="outside the", zegt="buiten de grens"
    )


@pytest.mark.parametrize("option", ["core-areas", "retail-areas"])
def test_core_areas_of_elsewhere_are_noted(small_town: Town, tmp_path: Path, option: str) -> None:
    path = areas(tmp_path / "kernen.geojson", PARIS, naam=["x"])
    answer = small_town.build(f"--{option}", path, name="Tried", language="nl")
    assert answer.code == 0 and "kernen.geojson heeft geen gebieden in Tried" in answer.err
    assert Store(small_town.data).open("tried").study.core_basis == "cluster"


def test_residents_as_text_and_hidden_ones(small_town: Town, tmp_path: Path) -> None:
    shapes = square(0, 0, 250), square(260, 0, 250), square(0, 260, 250)
    path = areas(tmp_path / "sectoren.geojson", *shapes, inwoners=["1.500", "12,5", "verborgen"])
    record = small_town.takes("--population", path)
    assert [(row["row"], row["value"]) for row in record["skipped"]] == [(3, "verborgen")]
    assert Store(small_town.data).open("tried").tables.residents["residents"].sum() == pytest.approx(1512.5)
    hidden = areas(tmp_path / "verborgen.geojson", *shapes, inwoners=[-1, -1, -1])
    small_town.refuses(
        "--population", hidden, names="verborgen.geojson", says="none of the 3 … Row 1", zegt="geen van de 3 … Rij 1"
    )
