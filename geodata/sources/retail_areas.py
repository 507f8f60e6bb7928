"""Core shopping areas (kernwinkelgebieden) and retail areas (winkelgebieden) of one municipality."""

import re
from pathlib import Path

import geopandas as gpd
import pandas as pd
from shapely.geometry.base import BaseGeometry

from geodata.branches import normalise
from geodata.sources.municipalities import current_name, current_nis
from geodata.sources.vector import WGS84, find_column, read_polygons
from geodata.study import metric_crs

COLUMNS = ("id", "name", "type", "subtype")
SLIVER = 0.05
"""A polygon of another municipality counts when more than this share of it lies within the boundary."""

_MUNICIPALITY = ("gemeente", "gemeentena", "municipality", "gemeentenaam", "nis", "niscode")


def read_core_areas(path: Path, *, municipality_name: str, nis: str | None, boundary: BaseGeometry) -> gpd.GeoDataFrame:
    """Core shopping areas on record for a municipality: id, name, type, subtype, polygon (WGS84).

    Empty when the file has none there: only 56 of the 285 Flemish municipalities have one. `type`
    is "kernwinkelgebied" or "kernhorecagebied" (a core for hospitality); `boundary` is in WGS84.
    """
    frame = _within(read_polygons(path, area=boundary), municipality_name, nis, boundary)
    raw = _text(frame, "naam", "name", "winkelge_1")
    return _areas(
        frame,
        id=_text(frame, "kwg_id", "id", "fid"),
        name=raw.map(_core_name),
        type=raw.map(lambda n: "kernhorecagebied" if "horeca" in normalise(str(n)) else "kernwinkelgebied"),
        subtype=pd.NA,
    )


def read_retail_areas(
    path: Path, *, municipality_name: str, nis: str | None, boundary: BaseGeometry
) -> gpd.GeoDataFrame:
    """Surveyed retail areas of a municipality: id, name, type, subtype, polygon (WGS84).

    `type` is Centraal, Ondersteunend or Overig, `subtype` one of 15 (Kernverzorgend centrum klein,
    Baanconcentratie, …), as the file says them. Empty when the file has none there.
    """
    frame = _within(read_polygons(path, area=boundary), municipality_name, nis, boundary)
    return _areas(
        frame,
        id=_text(frame, "winkelgebi", "winkelgebied_id", "id", "fid"),
        name=_text(frame, "winkelge_1", "winkelgebied", "name", "naam"),
        type=_text(frame, "winkelge_2", "type", "hoofdtype"),
        subtype=_text(frame, "winkelge_3", "subtype"),
    )


def _within(frame: gpd.GeoDataFrame, name: str, nis: str | None, boundary: BaseGeometry) -> gpd.GeoDataFrame:
    """Rows of the municipality by name or code that touch its boundary, and any that lie in it for a good part."""
    crs = metric_crs(boundary)
    metric = frame.to_crs(crs)
    edge = gpd.GeoSeries([boundary], crs=WGS84).to_crs(crs).iloc[0]
    share = metric.intersection(edge).area / metric.area
    column = find_column(frame, _MUNICIPALITY)
    if column is None:
        return frame[share > SLIVER]
    said = frame[column].astype("string").str.strip()
    own = said.map(lambda s: normalise(current_name(s)), na_action="ignore") == normalise(name)
    if nis is not None:
        own |= said.map(current_nis, na_action="ignore") == nis
    return frame[(own.fillna(False) & (share > 0)) | (share > SLIVER)]


def _core_name(raw: object) -> str | None:
    """`KWG_Antwerpen_Mechelsesteenweg` → `Mechelsesteenweg`: the file's prefix is not part of the name."""
    if not isinstance(raw, str):
        return None
    return re.sub(r"^KWG_[^_]+_", "", raw).replace("_", " ").strip()


def _text(frame: gpd.GeoDataFrame, *names: str) -> pd.Series:
    column = find_column(frame, names)
    if column is None:
        return pd.Series(pd.NA, index=frame.index, dtype="string")
    return frame[column].astype("string").str.strip()


def _areas(frame: gpd.GeoDataFrame, **columns: object) -> gpd.GeoDataFrame:
    table = gpd.GeoDataFrame(
        {name: columns[name] for name in COLUMNS}, index=frame.index, geometry=frame.geometry, crs=WGS84
    )
    return table.astype(dict.fromkeys(COLUMNS, "string")).reset_index(drop=True)
