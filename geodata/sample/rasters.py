"""Rasters of 100 m in EPSG:3035: residents and nitrogen dioxide."""

from pathlib import Path

import numpy as np
import rasterio
import shapely
from numpy.random import Generator
from rasterio.transform import Affine
from scipy.ndimage import gaussian_filter
from scipy.spatial import cKDTree

from geodata.sample.projection import LAEA, back, project
from geodata.sample.region import Floats
from geodata.sample.town import Town

PIXEL_M = 100.0
NODATA = -9999.0


def write_population(path: Path, towns: list[Town]) -> None:
    """Residents per pixel; the sea and empty land without a home nearby are nodata. Sums equal the residents."""
    at = np.vstack([town.buildings[["x", "y"]].to_numpy() for town in towns])
    homes = np.concatenate([town.homes for town in towns])
    x, y = project(at, LAEA).T
    west, north = np.floor(x.min() / PIXEL_M) * PIXEL_M - 300, np.ceil(y.max() / PIXEL_M) * PIXEL_M + 300
    columns, rows = int((x.max() - west) // PIXEL_M) + 4, int((north - y.min()) // PIXEL_M) + 4
    pixel = ((north - y) // PIXEL_M).astype(int) * columns + ((x - west) // PIXEL_M).astype(int)
    grid = np.bincount(pixel, weights=homes, minlength=rows * columns).reshape(rows, columns)
    known = _land_pixels(towns, rows, columns, west, north) | (grid > 0)
    _write(path, np.where(known, grid, NODATA), west, north, "inwoners per 100 m; voorbeeldgegevens / sample data")


def write_no2(path: Path, town: Town, rng: Generator) -> None:
    """Yearly mean NO₂ (µg/m³): a background, more along busy roads and in narrow streets, and some noise."""
    x, y = project(np.array(town.region.coast) * 1.03, LAEA).T
    west, north = np.floor(x.min() / PIXEL_M) * PIXEL_M, np.ceil(y.max() / PIXEL_M) * PIXEL_M
    columns, rows = int((x.max() - west) // PIXEL_M) + 1, int((north - y.min()) // PIXEL_M) + 1
    centre_x, centre_y = np.meshgrid(
        west + PIXEL_M * (np.arange(columns) + 0.5), north - PIXEL_M * (np.arange(rows) + 0.5)
    )
    at = back(np.column_stack([centre_x.ravel(), centre_y.ravel()]), LAEA)
    value = np.full(len(at), 8.5) + gaussian_filter(rng.normal(0, 1, (rows, columns)), 3).ravel() * 4
    for classes, peak, reach in (
        (("primary",), 22.0, 120.0),
        (("secondary",), 12.0, 100.0),
        (("residential", "tertiary"), 3.5, 80.0),
    ):
        points = np.vstack([s.line for s in town.streets if s.highway in classes])
        value += peak * np.exp(-cKDTree(points).query(at)[0] / reach)
    known = _land_pixels([town], rows, columns, west, north).ravel()
    _write(
        path,
        np.where(known, np.round(value, 1), NODATA).reshape(rows, columns),
        west,
        north,
        "NO2 in µg/m³; sample data",
    )


def _land_pixels(
    towns: list[Town], rows: int, columns: int, west: float, north: float
) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    known = np.zeros((rows, columns), dtype=bool)
    cx, cy = np.meshgrid(west + PIXEL_M * (np.arange(columns) + 0.5), north - PIXEL_M * (np.arange(rows) + 0.5))
    for town in towns:
        land = shapely.Polygon(project(np.asarray(town.layout.land.exterior.coords), LAEA)).buffer(60)
        shapely.prepare(land)
        known |= shapely.contains_xy(land, cx, cy)
    return known


def _write(path: Path, grid: Floats, west: float, north: float, description: str) -> None:
    profile = {
        "driver": "GTiff",
        "height": grid.shape[0],
        "width": grid.shape[1],
        "count": 1,
        "dtype": "float32",
        "crs": LAEA,
        "transform": Affine(PIXEL_M, 0, west, 0, -PIXEL_M, north),
        "nodata": NODATA,
        "compress": "deflate",
    }
    with rasterio.open(path, "w", **profile) as raster:
        raster.write(grid.astype(np.float32), 1)
        raster.set_band_description(1, description)
