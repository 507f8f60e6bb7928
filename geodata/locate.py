"""Which ground a study area covers: where its boundary comes from, where the data end, where its core lies."""

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.branches import normalise
from geodata.errors import GeodataError
from geodata.language import T, Text
from geodata.request import BuildRequest
from geodata.sources.cluster import densest_cluster
from geodata.sources.municipalities import find, read_municipalities
from geodata.sources.osm import OsmExtract
from geodata.sources.retail_areas import read_core_areas, read_retail_areas
from geodata.sources.vector import read_polygons
from geodata.study import metric_crs


@dataclass(frozen=True, eq=False)
class Location:
    """Name, code, boundary (WGS84; None: the data extent is the boundary) and metric CRS of an area."""

    name: str
    nis: str | None
    boundary: BaseGeometry | None
    crs: int
    notes: tuple[Text, ...]


def locate(request: BuildRequest, extract: OsmExtract) -> Location:
    """The boundary: the file given, else the municipality's polygon, else a complete relation of that name."""
    name, nis = request.area, None
    notes: tuple[Text, ...] = ()
    boundary: BaseGeometry | None = None
    if request.municipalities:
        place = find(read_municipalities(request.municipalities), request.area)
        name, nis, boundary, notes = place.name, place.nis, place.boundary, place.notes
    if request.boundary:
        boundary = read_polygons(request.boundary).union_all()
    elif boundary is None:
        name, boundary = _relation(request.area, extract)
        if boundary is None:
            notes = (T("No boundary of {name} is known: the area is all ground the data cover.", name=name),)
    around = np.vstack(extract.lines["xy"].tolist()) if boundary is None else shapely.get_coordinates(boundary)
    return Location(name, nis, boundary, metric_crs(shapely.Point(np.median(around, axis=0))), notes)


def _relation(name: str, extract: OsmExtract) -> tuple[str, BaseGeometry | None]:
    areas = extract.places_with("boundary")
    wanted = normalise(name.replace("_", " ").replace("-", " "))
    for tags, shape in zip(areas["tags"], areas.geometry, strict=True):
        own = {normalise(tags.get(k, "").replace("-", " ")) for k in ("name", "name:nl", "name:en")}
        if tags.get("boundary") == "administrative" and wanted in own and shape.area > 0:
            return tags["name"], shape
    return (name if name != name.lower() else name.replace("_", " ").title()), None


@dataclass(frozen=True, eq=False)
class Core:
    """What "the core" and "the retail areas" mean here, and on what ground."""

    core_areas: gpd.GeoDataFrame
    retail_areas: gpd.GeoDataFrame
    basis: str


def find_core(request: BuildRequest, location: Location, study: BaseGeometry, premises: gpd.GeoDataFrame) -> Core:
    """Core shopping areas on record; else the central retail areas; else the densest cluster of shops."""
    asked: dict[str, Any] = {"municipality_name": location.name, "nis": location.nis, "boundary": study}
    nothing = gpd.GeoDataFrame({"name": [], "type": []}, geometry=[], crs=4326)
    core = read_core_areas(request.core_areas, **asked) if request.core_areas else nothing
    retail = read_retail_areas(request.retail_areas, **asked) if request.retail_areas else nothing
    if len(core):
        return Core(core, retail, "core")
    if len(retail):
        central = retail[retail["type"].str.casefold() == "centraal"]
        return Core(central if len(central) else retail, retail, "retail")
    cluster, count = densest_cluster(premises)
    if not count:
        return Core(nothing, nothing, "none")
    found = gpd.GeoDataFrame({"name": [None], "type": ["cluster"]}, geometry=[cluster], crs=premises.crs).to_crs(4326)
    return Core(found, nothing, "cluster")


def clip(boundary: BaseGeometry | None, extent: BaseGeometry) -> BaseGeometry:
    """Boundary ∩ data extent (WGS84). GeodataError when they do not meet."""
    if boundary is None:
        return extent
    study = shapely.intersection(shapely.make_valid(boundary), extent)
    if study.area == 0:
        raise GeodataError(
            T("the streets in the extract lie outside the boundary."),
            remedy=T("Take an extract of this municipality, or check the boundary."),
        )
    parts = [p for p in shapely.get_parts(study) if p.geom_type == "Polygon"]
    return shapely.union_all(parts)
