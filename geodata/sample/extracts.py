"""From a drawn region to an OpenStreetMap extract."""

from itertools import pairwise

import numpy as np
import shapely
from numpy.random import Generator
from shapely.geometry.base import BaseGeometry

from geodata.sample.layout import Street
from geodata.sample.osm import Extract, Register, Tags, boundary
from geodata.sample.premises import Unit, rows_of
from geodata.sample.region import Floats, Municipality
from geodata.sample.stops import Course
from geodata.sample.town import Town

_BUILDING = {
    "core": "house",
    "belt": "terrace",
    "town": "house",
    "rural": "farm",
    "front": "apartments",
    "retail": "retail",
    "industrial": "industrial",
}


def make_extract(
    town: Town, courses: list[Course], register: Register, rng: Generator, *, kept_share: float = 1.0
) -> Extract:
    """The whole region as an extract; `kept_share` thins out the buildings without a shop."""
    extract = Extract(register)
    _streets(extract, town)
    _borders(extract, town)
    _land(extract, town)
    kept = rng.random(len(town.buildings)) < kept_share
    kept[town.units.loc[town.units["building"] >= 0, "building"]] = True
    kept[list(town.places.building_tags)] = True
    _buildings(extract, town, kept, rng)
    for shape, tags in town.places.areas:
        extract.area(shapely.orient_polygons(shape), tags)
    for x, y, tags in town.places.points:
        extract.point(round(x, 2), round(y, 2), tags)
    for stop in {s.id: s for c in courses for s in c.stops}.values():
        extract.point(
            stop.x, stop.y, {"highway": "bus_stop", "public_transport": "platform", "bus": "yes", "name": stop.name}
        )
    return extract


def _streets(extract: Extract, town: Town) -> None:
    river = town.layout.river
    for street in town.streets:
        tags = {"highway": street.highway} | {k: v for k, v in street.tags.items() if k not in ("in", "depth")}
        if street.name:
            tags["name"] = street.name
        for line, over in _bridge_parts(street, river, town.region.bridges):
            extract.way(line, tags | ({"bridge": "yes", "layer": "1"} if over else {}))


def _bridge_parts(street: Street, river: BaseGeometry, bridges: tuple[str, ...]) -> list[tuple[Floats, bool]]:
    """The street cut where it passes over the river; True for the part that is the bridge."""
    if street.name not in bridges or not shapely.intersects(shapely.LineString(street.line), river):
        return [(street.line, False)]
    wet = shapely.contains_xy(river.buffer(12), street.line)
    first, last = int(np.argmax(wet)), len(wet) - 1 - int(np.argmax(wet[::-1]))
    marks = sorted({0, max(0, first - 1), min(len(wet) - 1, last + 1), len(wet) - 1})
    middle = (max(0, first - 1), min(len(wet) - 1, last + 1))
    return [(street.line[a : b + 1], (a, b) == middle) for a, b in pairwise(marks)]


def _borders(extract: Extract, town: Town) -> None:
    layout, region = town.layout, town.region
    coast: BaseGeometry = layout.land.exterior
    if not region.natural_coast:
        corners = np.array(region.coast)
        inner = shapely.box(
            corners[:, 0].min() - 900, corners[:, 1].min() + 90, corners[:, 0].max() - 90, corners[:, 1].max() - 90
        )
        coast = coast.intersection(inner)
    members = boundary(extract, dict(layout.municipalities), coast)
    for m in region.municipalities:
        tags = {"type": "boundary", "boundary": "administrative", "admin_level": "8", "name": m.name}
        if m.nis:
            tags["ref:INS"] = m.nis
        extract.relation(
            members[m.id], {**tags, "population": str(m.residents), "note": "voorbeeldgegevens / sample data"}
        )


def _land(extract: Extract, town: Town) -> None:
    layout = town.layout
    if not layout.river.is_empty:
        extract.way(shapely.get_coordinates(layout.river_course), {"waterway": "river", "name": "Testerleie"})
    rail = layout.rail if town.region.name != "testerep" else layout.rail.intersection(layout.land.buffer(150))
    extract.way(np.asarray(rail.coords), {"railway": "rail", "electrified": "contact_line", "usage": "main"})
    for settlement in town.region.settlements:
        kind = "town" if settlement.core_m > 250 else "village" if settlement.core_m else "hamlet"
        extract.point(*settlement.centre, {"place": kind, "name": settlement.name})


def rail_stations(extract: Extract, course: Course, region: str) -> None:
    """The line's stations as nodes, those that lie in the region's municipalities."""
    for stop in course.stops:
        if (stop.owner == "grootmonde") == (region == "overzee"):
            tags = {"railway": "station", "public_transport": "station", "train": "yes", "name": stop.name}
            extract.point(stop.x, stop.y, tags)


def _buildings(extract: Extract, town: Town, kept: np.ndarray[tuple[int], np.dtype[np.bool_]], rng: Generator) -> None:
    by_slug = {m.id: m for m in town.region.municipalities}
    rows = rows_of(town.units)
    units = {unit.building: unit for unit in rows if unit.building >= 0}
    for unit in rows:
        if unit.building < 0:
            extract.point(unit.x, unit.y, unit_tags(unit) | {"level": "0"})
    frame = town.buildings
    chance = rng.random((len(frame), 3))
    names = [town.streets[i].name for i in frame["street"]]
    columns = zip(frame["shape"], frame["style"], frame["levels"], frame["owner"], frame["number"], names, strict=True)
    for i, (shape, style, levels, owner, number, street) in enumerate(columns):
        if not kept[i]:
            continue
        tags: Tags = {"building": _BUILDING[style] if chance[i, 0] < 0.7 else "yes"}
        if style == "front" or chance[i, 1] < 0.16:
            tags["building:levels"] = str(levels)
        addressed = chance[i, 2] < 0.94
        if addressed:
            tags |= address(street, number, by_slug[owner])
        tags |= town.places.building_tags.get(i, {})
        shop = units.get(i)
        if shop is not None:
            own = unit_tags(shop)
            if shop.on_building:
                tags |= own
            else:
                extract.point(
                    shop.x, shop.y, own | (address(street, number, by_slug[owner]) if chance[i, 1] < 0.3 else {})
                )
        if style == "industrial" and chance[i, 0] < 0.1:
            middle = shape.centroid
            shape = shape.difference(middle.buffer(min(6.0, shape.exterior.distance(middle) * 0.6), quad_segs=1))
        extract.area(shape, tags)


def address(street: str, number: int, municipality: Municipality) -> Tags:
    """Address tags; village names are not told apart."""
    return {
        "addr:street": street,
        "addr:housenumber": str(number),
        "addr:postcode": municipality.postcode,
        "addr:city": municipality.name,
    }


def unit_tags(unit: Unit) -> Tags:
    """What mappers write on a shop, or on the empty unit that it was."""
    if unit.vacant == "disused:shop":
        tags = {
            f"disused:{unit.key}" if unit.key == "shop" else "disused:shop": unit.value if unit.key == "shop" else "yes"
        }
        return tags | {"old_name": unit.front} if unit.number % 3 == 0 else tags
    if unit.vacant:
        key, value = unit.vacant.split("=")
        return {key: value}
    tags = {unit.key: unit.value, "name": unit.front}
    if unit.brand:
        tags["brand"] = unit.brand
    if unit.hours:
        tags["opening_hours"] = unit.hours
    return tags


def causeway(extract: Extract, island: Town, mainland: Town, points: tuple[tuple[float, float], ...]) -> None:
    """The dam: road, cycle path and rails from the end of the island's road to the mainland's first junction."""
    start = next(s for s in island.streets if s.name == island.region.causeway).line[-1]
    end = next(s for s in mainland.streets if s.name == "Testerepse Dam").line[0]
    middle = [p for p in points if start[0] + 200 < p[0] < end[0] - 150]
    line = np.vstack([start, *np.round(np.array(middle).reshape(-1, 2), 2), end])
    dense = np.round(shapely.get_coordinates(shapely.segmentize(shapely.LineString(line), 60)), 2)
    tags = {"name": "Testerepse Dam", "surface": "asphalt"}
    extract.way(
        dense, {"highway": "primary", "maxspeed": "70", "lit": "yes", "cycleway": "track", "sidewalk": "right", **tags}
    )
    rail = np.vstack([np.asarray(island.layout.rail.coords)[0], np.asarray(mainland.layout.rail.coords)[0]])
    extract.way(np.round(rail, 2), {"railway": "rail", "usage": "main"})
