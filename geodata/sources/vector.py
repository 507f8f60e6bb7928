"""Reading polygon files of any format: what every reader of shapefiles, GeoPackages and GeoJSON shares."""

from collections.abc import Iterable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.branches import normalise
from geodata.errors import GeodataError
from geodata.language import T
from geodata.sources.files import require_file

WGS84 = 4326


def read_polygons(path: Path, *, area: BaseGeometry | None = None) -> gpd.GeoDataFrame:
    """The polygons of a shapefile, GeoPackage or GeoJSON in WGS84, made valid.

    `area` (WGS84): only what touches its bounding box is read. Rows without a polygon are left
    out. Raises GeodataError for a file that is missing, cannot be read, holds no polygons, or has
    no CRS (a shapefile without its `.prj`).
    """
    require_file(path)
    try:
        crs = pyogrio.read_info(path).get("crs")
        if crs:
            window = None if area is None else tuple(gpd.GeoSeries([area], crs=WGS84).to_crs(crs).total_bounds)
            frame = gpd.read_file(path, bbox=window)
    except (RuntimeError, ValueError) as error:  # pyogrio's errors, GEOS's and text that cannot be decoded
        raise GeodataError(
            T("the file cannot be read: {reason}.", reason=str(error).rstrip(".")),
            where=str(path),
            remedy=T("Copy it again from the publisher; a shapefile needs its .shp, .shx, .dbf and .prj together."),
        ) from error
    if not crs:
        raise _without_crs(path)
    if "geometry" not in frame:
        raise GeodataError(
            T("the file has no polygons."), where=str(path), remedy=T("Choose the layer with the areas.")
        )
    polygons = shapely.make_valid(frame.geometry.to_numpy(), method="structure", keep_collapsed=False)
    frame = frame.set_geometry(gpd.GeoSeries(polygons, index=frame.index, crs=frame.crs))
    frame = frame[frame.geom_type.isin(["Polygon", "MultiPolygon"]) & ~frame.is_empty]
    if frame.empty and area is None:
        raise GeodataError(
            T("the file has no polygons."), where=str(path), remedy=T("Choose the layer with the areas.")
        )
    return frame.to_crs(WGS84).reset_index(drop=True)


def find_column(frame: pd.DataFrame, names: Iterable[str]) -> str | None:
    """The first of these names that the frame has, whatever its case and accents; None without one."""
    present = {normalise(str(column)): str(column) for column in frame.columns}
    return next((present[normalise(name)] for name in names if normalise(name) in present), None)


def _without_crs(path: Path) -> GeodataError:
    if path.suffix.lower() == ".shp":
        return GeodataError(
            T("the coordinate system is not known: the file {prj} is missing.", prj=path.with_suffix(".prj").name),
            where=str(path),
            remedy=T("Copy the .prj file that came with the shapefile beside it."),
        )
    return GeodataError(
        T("the file does not say its coordinate system."),
        where=str(path),
        remedy=T("Save it again with a coordinate system, for instance EPSG:31370 or EPSG:4326."),
    )
