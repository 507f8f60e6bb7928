"""Residents as points: from a raster, from polygons, from a total, or from the buildings alone."""

import math
import warnings
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import rasterio
import rasterio.errors
import rasterio.warp
import rasterio.windows
import shapely
from affine import Affine
from rapidfuzz import process
from rasterio.enums import ColorInterp
from shapely.geometry.base import BaseGeometry

from geodata.branches import normalise
from geodata.errors import GeodataError
from geodata.files import require_file
from geodata.language import T, TN
from geodata.sources.dwellings import (
    M2_PER_RESIDENT,
    USABLE_SHARE,
    Floats,
    Shapes,
    centres,
    middles,
    residential_floor_area_m2,
    spread,
)
from geodata.sources.values import numbers as read_numbers
from geodata.sources.vector import WGS84, find_column, read_polygons
from geodata.tables import Reading, empty, validate

COARSE_M = 250.0
"""Pixels wider than this are told to the user: several streets share one number."""

MOST_RESIDENTS_PER_KM2 = 1e7
"""No place on earth is denser: a pixel with more holds a mark for "no data", or something else than persons."""

_RESIDENT_COLUMNS = (
    "residents", "inwoners", "aantal_inwoners", "inwonersaantal", "bevolking", "population", "pop", "ms_population",
    "total", "totaal", "habitants", "asukkaita", "vaesto",
)  # fmt: skip


def from_raster(path: Path, *, area: BaseGeometry, crs: int) -> Reading:
    """Residents of a raster of persons a pixel (WorldPop, GHSL, a national grid), in any CRS.

    Each pixel is split by area: its residents stand on points at most 25 m apart, of which those
    within `area` (WGS84) are kept. Only the window round `area` is read. Pixels without data or
    below 0 are not known and give no points. Raises GeodataError for a raster that cannot be read,
    has no CRS, or does not cover the area.
    """
    require_file(path)
    try:
        with warnings.catch_warnings(action="ignore"), rasterio.open(path) as raster:
            if raster.crs is None or not (raster.crs.is_geographic or raster.crs.is_projected):
                raise GeodataError(
                    T("the raster does not say its coordinate system."),
                    where=str(path),
                    remedy=T("Save it as GeoTIFF with a coordinate system, for instance with gdal_translate -a_srs."),
                )
            if raster.colorinterp[0] in (ColorInterp.red, ColorInterp.palette):
                raise GeodataError(
                    T("this raster is a picture: colours, not numbers of residents."),
                    where=str(path),
                    remedy=T("Take the file with the numbers themselves, often called count or population."),
                )
            bounds = rasterio.warp.transform_bounds(WGS84, raster.crs, *area.bounds)
            found = rasterio.windows.from_bounds(*bounds, raster.transform)
            rows, columns = found.toslices()
            window = rasterio.windows.Window.from_slices(
                (math.floor(rows.start), math.ceil(rows.stop)), (math.floor(columns.start), math.ceil(columns.stop)),
                boundless=True,
            )  # fmt: skip
            whole = rasterio.windows.Window(0, 0, raster.width, raster.height)
            if not rasterio.windows.intersect(window, whole):
                raise _elsewhere(path)
            window = window.intersection(whole)
            band = raster.read(1, window=window, masked=True).astype(float).filled(np.nan)
            to_raster, raster_crs, n_bands = raster.window_transform(window), raster.crs, raster.count
    except (rasterio.errors.RasterioError, OSError) as error:
        raise GeodataError(
            T("the raster cannot be read: {reason}.", reason=str(error).rstrip(".")),
            where=str(path),
            remedy=T("Copy it again from the publisher; it should be a GeoTIFF."),
        ) from error
    to_metric = pyproj.Transformer.from_crs(raster_crs, crs, always_xy=True)
    across, down = _pixel_m(to_raster, band.shape, to_metric)
    crowded = band > MOST_RESIDENTS_PER_KM2 * across * down / 1e6
    band[crowded] = np.nan
    rows, columns = np.nonzero(np.nan_to_num(band, nan=0.0) > 0)
    right, below = (offset.ravel() for offset in np.meshgrid(middles(across), middles(down)))
    x, y = to_metric.transform(*_map(to_raster, (columns[:, None] + right).ravel(), (rows[:, None] + below).ravel()))
    inside = shapely.contains_xy(gpd.GeoSeries([area], crs=WGS84).to_crs(crs).iloc[0], x, y)
    residents = np.repeat(band[rows, columns] / len(right), len(right))[inside]
    notes = [T("pixels of {size} m, read as persons a pixel.", size=round(max(across, down)))]
    if max(across, down) > COARSE_M:
        notes.append(T("within such a pixel the residents are spread evenly: too coarse to tell streets apart."))
    if n_bands > 1:
        notes.append(T("the raster has {n} bands; the first is read.", n=n_bands))
    if crowded.any():
        too_many = TN(
            "one pixel would hold over ten million residents a km²: not known.",
            "{count} pixels would hold over ten million residents a km²: not known.",
            int(crowded.sum()),
        )
        notes.append(too_many)
    if not np.isfinite(band).any():
        raise _elsewhere(path)
    table = _residents(shapely.points(x[inside], y[inside]), residents, "raster", crs, str(path))
    return Reading(table, "population_raster", int(np.isfinite(band).sum()), notes=tuple(notes))


def _pixel_m(to_raster: Affine, shape: tuple[int, ...], to_metric: pyproj.Transformer) -> tuple[float, float]:
    """Width and height in metres of the pixel in the middle."""
    row, column = shape[0] // 2, shape[1] // 2
    x, y = to_metric.transform(*_map(to_raster, np.array([column, column + 1, column]), np.array([row, row, row + 1])))
    return float(np.hypot(x[1] - x[0], y[1] - y[0])), float(np.hypot(x[2] - x[0], y[2] - y[0]))


def _map(to_raster: Affine, column: Floats, row: Floats) -> tuple[Floats, Floats]:
    """Coordinates in the raster's CRS of positions in pixels."""
    t = to_raster
    return t.a * column + t.b * row + t.c, t.d * column + t.e * row + t.f


def from_polygons(
    path: Path,
    buildings: gpd.GeoDataFrame,
    *,
    area: BaseGeometry,
    crs: int,
    column: str | None = None,
) -> Reading:
    """Residents of polygons (statistical sectors, grid cells), spread over their residential floor area.

    `area` (WGS84): where there are data; a polygon that leaves it keeps the residents of the share
    of its surface that lies inside. `buildings` is that table in `crs`; the centre decides in which
    polygon a building stands, and a polygon without dwellings spreads its residents evenly.
    `column` names the residents' column, else it is recognised. Rows without a usable number are
    skipped. Raises GeodataError for an unreadable file, one without CRS, or without such a column.
    """
    frame = read_polygons(path, area=area)
    if frame.empty:
        raise _elsewhere(path)
    name = _resident_column(frame, column, path)
    numbers = _numbers(frame[name])
    usable = numbers.notna() & (numbers >= 0)
    skipped = pd.DataFrame(
        {
            "row": frame.index[~usable] + 1,
            "field": name,
            "value": frame.loc[~usable, name].astype("str"),
            "reason": [T("not a number of residents; hidden or missing.")] * int((~usable).sum()),
        }
    )
    metric = frame[usable & (numbers > 0)].to_crs(crs)
    extent = gpd.GeoSeries([area], crs=WGS84).to_crs(crs).iloc[0]
    pieces = shapely.intersection(metric.geometry.to_numpy(), extent)
    inside = numbers[metric.index].to_numpy(dtype=float) * shapely.area(pieces) / metric.area.to_numpy()
    kept = inside > 0
    pieces, inside = pieces[kept], inside[kept]
    if not len(pieces) and not len(skipped):
        raise _elsewhere(path)
    points, residents, n_even = spread(pieces, inside, buildings)
    notes = [T("residents are read from the column {column}.", column=name)]
    if n_even:
        evenly = TN(
            "one polygon has no dwellings on the map: its residents are spread evenly.",
            "{count} polygons have no dwellings on the map: their residents are spread evenly.",
            n_even,
        )
        notes.append(evenly)
    table = _residents(points, residents, "polygons", crs, str(path))
    return Reading(table, "population_polygons", len(frame), skipped.reset_index(drop=True), tuple(notes))


def from_total(
    residents: float, buildings: gpd.GeoDataFrame, *, boundary: BaseGeometry, data_extent: BaseGeometry, crs: int
) -> Reading:
    """The residents of a municipality, spread over the residential floor area inside it.

    `boundary` (the whole municipality) and `data_extent` are in `crs`: when the data cover 80 % of
    the municipality's surface, 80 % of its residents are spread. Buildings in the margin beyond the boundary get as
    many residents a m² as those inside, labelled proxy. Raises GeodataError when `residents` is
    not above 0 or the data do not touch the municipality.
    """
    if not residents > 0:
        raise GeodataError(
            T("{residents} is not a number of residents.", residents=residents),
            where="--residents",
            remedy=T("Give the number of residents of the municipality, for instance 15093."),
        )
    covered = boundary.intersection(data_extent)
    share = covered.area / boundary.area if boundary.area else 0.0
    if not share:
        raise GeodataError(
            T("the data do not cover any part of the municipality."),
            remedy=T("Check that the map extract and the municipality belong together."),
        )
    floor = residential_floor_area_m2(buildings)
    places = centres(buildings)
    inside = shapely.contains(covered, places) & (floor > 0)
    here = residents * share
    notes = [T("{percent} % of the municipality is covered by the data.", percent=round(100 * share))]
    if not inside.any():
        points, numbers, _ = spread(np.array([covered], dtype=object), np.array([here]), buildings)
        notes.append(T("no dwellings on the map: the residents are spread evenly."))
        return Reading(
            _residents(points, numbers, "municipality", crs, "--residents"), "residents_given", 1, notes=tuple(notes)
        )
    numbers = np.where(floor > 0, floor * here / floor[inside].sum(), 0.0)
    lived_in = numbers > 0
    basis = np.where(inside, "municipality", "proxy")[lived_in]
    table = _residents(places[lived_in], numbers[lived_in], basis, crs, "--residents")
    return Reading(table, "residents_given", 1, notes=tuple(notes))


def from_buildings(buildings: gpd.GeoDataFrame, *, crs: int) -> Reading:
    """Residents guessed from the buildings alone: 0.8 · footprint · levels / 45 m² a resident (proxy).

    Buildings where nobody is taken to live are left out; see `residential_floor_area_m2`.
    """
    numbers = USABLE_SHARE * residential_floor_area_m2(buildings) / M2_PER_RESIDENT
    lived_in = numbers > 0
    note = T(
        "residents are a proxy: 0.8 × footprint × storeys / 45 m²; {known} of {n} buildings say how many storeys.",
        known=int(buildings["levels"].notna().sum()),
        n=len(buildings),
    )
    table = _residents(centres(buildings)[lived_in], numbers[lived_in], "proxy", crs, "buildings")
    return Reading(table, "osm", len(buildings), notes=(note,))


def _numbers(column: pd.Series) -> pd.Series:
    """A column as floats, also where a list wrote its numbers as text: 1.500 or 12,5."""
    if pd.api.types.is_numeric_dtype(column):
        return pd.to_numeric(column).astype(float).where(np.isfinite)
    return read_numbers(column.astype("str"))


def _resident_column(frame: gpd.GeoDataFrame, column: str | None, path: Path) -> str:
    headers = [str(c) for c in frame.columns if c != "geometry"]
    if column is not None:
        found = find_column(frame, [column])
    else:
        numeric = frame[[h for h in headers if _numbers(frame[h]).notna().any()]]
        found = find_column(numeric, _RESIDENT_COLUMNS) or _near(numeric)
    if found is None:
        raise GeodataError(
            T("no column with residents; the columns are {columns}.", columns=", ".join(headers)),
            where=str(path),
            remedy=T("Say which column holds them, or name it `residents`."),
        )
    return found


def _near(frame: pd.DataFrame) -> str | None:
    """A header that contains one of the names (`ms_population_20240101`), nearest first."""
    words = {str(h): normalise(str(h)) for h in frame.columns}
    longer = [name for name in _RESIDENT_COLUMNS if len(name) > 4 and name not in ("total", "totaal")]
    holding = {h: w for h, w in words.items() if any(name in w for name in longer)}
    best = process.extractOne("residents inwoners population", holding) if holding else None
    return None if best is None else str(best[2])


def _residents(points: Shapes, numbers: Floats, basis: object, crs: int, where: str) -> gpd.GeoDataFrame:
    if not len(points):
        return empty("residents", crs)
    frame = gpd.GeoDataFrame({"residents": numbers, "basis": basis}, geometry=points, crs=crs)
    return validate("residents", frame, where=where)


def _elsewhere(path: Path) -> GeodataError:
    return GeodataError(
        T("the file has no residents in this area."),
        where=str(path),
        remedy=T("Check that the file covers the town and that its coordinate system is right."),
    )
