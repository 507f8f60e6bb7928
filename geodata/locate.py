"""Which ground a study area covers: where its boundary comes from, where the data end, where its core lies."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from rapidfuzz import fuzz, process
from shapely.geometry.base import BaseGeometry

from geodata.branches import normalise
from geodata.errors import GeodataError
from geodata.language import T, Text
from geodata.request import BuildRequest
from geodata.sources.cluster import densest_cluster
from geodata.sources.municipalities import find, read_municipalities
from geodata.sources.osm import OsmExtract, with_tags
from geodata.sources.retail_areas import read_core_areas, read_retail_areas
from geodata.sources.vector import read_polygons
from geodata.study import metric_crs

MISSPELT_RATIO = 85.0
"""rapidfuzz's ratio (0–100) from which a name is taken for a slip of the pen, not for an area of the user's own."""


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
        place = find(read_municipalities(request.municipalities), request.area, where=str(request.municipalities))
        name, nis, boundary, notes = place.name, place.nis, place.boundary, place.notes
    if request.boundary:
        boundary = read_polygons(request.boundary).union_all()
    elif boundary is None:
        name, boundary = _relation(request.area, extract, where=", ".join(str(p) for p in request.osm))
        if boundary is None:
            notes = (T("No boundary of {name} is known: the area is all ground the data cover.", name=name),)
    if boundary is not None:
        _require_streets(boundary, extract, where=request.boundary or request.municipalities or request.osm[0])
    around = np.vstack(extract.lines["xy"].tolist()) if boundary is None else shapely.get_coordinates(boundary)
    return Location(name, nis, boundary, metric_crs(shapely.Point(np.median(around, axis=0))), notes)


def _require_streets(boundary: BaseGeometry, extract: OsmExtract, *, where: Path) -> None:
    streets = np.vstack(extract.lines_with("highway")["xy"].tolist())
    west, south, east, north = boundary.bounds
    near = (streets >= (west, south)).all(axis=1) & (streets <= (east, north)).all(axis=1)
    if not shapely.dwithin(boundary, shapely.points(streets[near]), 0.0).any():
        raise GeodataError(
            T("the streets in the extract lie outside the boundary."),
            where=str(where),
            remedy=T("Take an extract of this municipality, or check the boundary."),
        )


def _relation(name: str, extract: OsmExtract, *, where: str) -> tuple[str, BaseGeometry | None]:
    """Name and polygon of the administrative area asked for. GeodataError when the name is nearly that of one."""
    areas = with_tags(extract.places_with("boundary"), lambda tags: tags.get("boundary") == "administrative")
    wanted = normalise(name.replace("_", " ").replace("-", " "))
    present: dict[str, str] = {}
    for tags, shape in zip(areas["tags"], areas.geometry, strict=True):
        own = {normalise(tags.get(k, "").replace("-", " ")) for k in ("name", "name:nl", "name:en")} - {""}
        if shape.area > 0 and wanted in own:
            return tags["name"], shape
        present |= dict.fromkeys(own if shape.area > 0 else (), tags.get("name", ""))
    near = process.extract(wanted, list(present), scorer=fuzz.ratio, score_cutoff=MISSPELT_RATIO, limit=3)
    if near:
        raise GeodataError(
            T("there is no municipality called {name}.", name=name),
            where=where,
            remedy=T("Nearest: {near}.", near=", ".join(dict.fromkeys(present[match[0]] for match in near))),
        )
    return (name if name != name.lower() else name.replace("_", " ").title()), None


@dataclass(frozen=True, eq=False)
class Core:
    """What "the core" and "the retail areas" mean here, and on what ground."""

    core_areas: gpd.GeoDataFrame
    retail_areas: gpd.GeoDataFrame
    basis: str
    notes: tuple[Text, ...] = ()


def find_core(request: BuildRequest, location: Location, study: BaseGeometry, premises: gpd.GeoDataFrame) -> Core:
    """Core shopping areas on record; else the central retail areas; else the densest cluster of shops.

    A file that has none here is no error, for few municipalities have any; a note says so.
    """
    asked: dict[str, Any] = {"municipality_name": location.name, "nis": location.nis, "boundary": study}
    nothing = gpd.GeoDataFrame({"name": [], "type": []}, geometry=[], crs=4326)
    core = read_core_areas(request.core_areas, **asked) if request.core_areas else nothing
    retail = read_retail_areas(request.retail_areas, **asked) if request.retail_areas else nothing
    notes = tuple(
        T(
            "{file} has no areas in {name}: none is on record there, or it is the file of another region.",
            file=path.name,
            name=location.name,
        )
        for path, found in ((request.core_areas, core), (request.retail_areas, retail))
        if path is not None and found.empty
    )
    if len(core):
        return Core(core, retail, "core", notes)
    if len(retail):
        central = retail[retail["type"].str.casefold() == "centraal"]
        return Core(central if len(central) else retail, retail, "retail", notes)
    cluster, count = densest_cluster(premises)
    if not count:
        return Core(nothing, nothing, "none", notes)
    found = gpd.GeoDataFrame({"name": [None], "type": ["cluster"]}, geometry=[cluster], crs=premises.crs).to_crs(4326)
    return Core(found, nothing, "cluster", notes)


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
