"""Reading polygon files of any format: what every reader of shapefiles, GeoPackages and GeoJSON shares."""

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import geopandas as gpd
import pandas as pd
import pyogrio
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.branches import normalise
from geodata.errors import GeodataError
from geodata.files import require_file
from geodata.language import T, Text

WGS84 = 4326

_MAP_FILES = (".shp", ".gpkg", ".geojson", ".json", ".gml", ".kml", ".fgb")
_SHAPEFILE = (".shx", ".dbf", ".prj")
_OSM = (".osm", ".pbf", ".osm.gz", ".osm.bz2")


@dataclass(frozen=True)
class MapLayer:
    """The layer with polygons in a map file: what GDAL opens, and how many features it has."""

    source: str
    layer: str
    crs: str
    features: int


def map_layer(path: Path) -> MapLayer:
    """The first layer with polygons of a shapefile, GeoPackage, GeoJSON, or of the one map file in a zip.

    Raises GeodataError when the file is missing, cannot be read, has no such layer or no coordinate
    system, or has coordinates that cannot be of the system it names.
    """
    require_file(path)
    if path.name.lower().endswith(_OSM):
        raise _error(path, T("this is a map of OpenStreetMap."), T("Give it with --osm."))
    source = _in_zip(path) if path.suffix.lower() == ".zip" else str(path)
    if path.suffix.lower() == ".shp":
        _require_parts(path, [p.name for p in path.parent.iterdir()], path.name)
    try:
        layers = pyogrio.list_layers(source)
        with_polygons = [str(name) for name, kind in layers if kind is not None and _may_hold_polygons(str(kind))]
        if not with_polygons:
            raise _no_polygons(path)
        info = pyogrio.read_info(source, layer=with_polygons[0], force_feature_count=True, force_total_bounds=True)
        geographic = bool(info["crs"]) and pyproj.CRS(info["crs"]).is_geographic
    except (RuntimeError, ValueError) as error:
        if isinstance(error, GeodataError):
            raise
        raise _unreadable(path, error) from error
    if not info["crs"]:
        raise _without_crs(path)
    west, south, east, north = info["total_bounds"] if info["total_bounds"] is not None else (0, 0, 0, 0)
    if geographic and (west < -180 or east > 180 or south < -90 or north > 90):
        raise _error(
            path,
            T("the coordinates are no degrees, though the file says so."),
            T("Save it again with its own coordinate system, for instance EPSG:31370 or EPSG:3812."),
        )
    return MapLayer(source, with_polygons[0], str(info["crs"]), int(info["features"]))


def read_polygons(path: Path, *, area: BaseGeometry | None = None) -> gpd.GeoDataFrame:
    """The polygons of a map file in WGS84, made valid: `map_layer` says which and what it refuses.

    `area` (WGS84): only what touches its bounding box is read. Rows without a polygon are left out.
    Raises GeodataError, too, when no polygon is left and no `area` was given.
    """
    layer = map_layer(path)
    try:
        window = None if area is None else tuple(gpd.GeoSeries([area], crs=WGS84).to_crs(layer.crs).total_bounds)
        frame = gpd.read_file(layer.source, layer=layer.layer, bbox=window)
        polygons = shapely.make_valid(frame.geometry.to_numpy(), method="structure", keep_collapsed=False)
        frame = frame.set_geometry(gpd.GeoSeries(polygons, index=frame.index, crs=frame.crs)).to_crs(WGS84)
    except (RuntimeError, ValueError) as error:  # pyogrio's errors, PROJ's, GEOS's and text that cannot be decoded
        raise _unreadable(path, error) from error
    frame = frame[frame.geom_type.isin(["Polygon", "MultiPolygon"]) & ~frame.is_empty]
    if frame.empty and area is None:
        raise _no_polygons(path)
    return frame.reset_index(drop=True)


def _may_hold_polygons(kind: str) -> bool:
    return "Polygon" in kind or kind in ("Unknown", "GeometryCollection")


def _in_zip(path: Path) -> str:
    """What GDAL calls the one map file in a zip, whatever folder it lies in."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if "__MACOSX" not in name]
    except (zipfile.BadZipFile, OSError) as error:
        raise _unreadable(path, error) from error
    maps = [name for name in names if name.lower().endswith(_MAP_FILES)]
    if len(maps) != 1:
        raise _error(
            path,
            T("the zip holds {n} map files.", n=len(maps)),
            T("Unpack it and give the one with the areas: a .shp, .gpkg or .geojson."),
        )
    if maps[0].lower().endswith(".shp"):
        _require_parts(path, [PurePosixPath(name).name for name in names], PurePosixPath(maps[0]).name)
    return f"/vsizip/{path.resolve()}/{maps[0]}"


def _require_parts(path: Path, names: list[str], shapefile: str) -> None:
    """A shapefile is several files: each of those must be there, in any case."""
    stem, present = PurePosixPath(shapefile).stem, {name.lower() for name in names}
    missing = [f"{stem}{ending}" for ending in _SHAPEFILE if f"{stem}{ending}".lower() not in present]
    if missing == [f"{stem}.prj"]:
        raise _error(
            path,
            T("the coordinate system is not known: the file {prj} is missing.", prj=missing[0]),
            T("Copy the .prj file that came with the shapefile beside it."),
        )
    if missing:
        raise _error(
            path,
            T("the shapefile is not whole: {missing} is missing.", missing=", ".join(missing)),
            T("Copy the .shp, .shx, .dbf and .prj together: they are one map."),
        )


def find_column(frame: pd.DataFrame, names: Iterable[str]) -> str | None:
    """The first of these names that the frame has, whatever its case and accents; None without one."""
    present = {normalise(str(column)): str(column) for column in frame.columns}
    return next((present[normalise(name)] for name in names if normalise(name) in present), None)


def _error(path: Path, what: Text, remedy: Text) -> GeodataError:
    return GeodataError(what, where=str(path), remedy=remedy)


def _unreadable(path: Path, error: Exception) -> GeodataError:
    reason = str(error).split(";")[0].replace(f"/vsizip/{path.resolve()}", path.name).replace(str(path), path.name)
    return _error(
        path,
        T("the file cannot be read: {reason}.", reason=reason.rstrip(".")),
        T("Copy it again from the publisher; a shapefile needs its .shp, .shx, .dbf and .prj together."),
    )


def _no_polygons(path: Path) -> GeodataError:
    return _error(
        path, T("the file has no polygons."), T("Give a map file with areas: a shapefile, GeoPackage or GeoJSON.")
    )


def _without_crs(path: Path) -> GeodataError:
    return _error(
        path,
        T("the file does not say its coordinate system."),
        T("Save it again with a coordinate system, for instance EPSG:31370 or EPSG:4326."),
    )
