"""OpenStreetMap by download: Overpass asked tile by tile, its answers written as an `.osm.pbf` extract."""

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import osmium
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.sources.osm import KEYS

TILE_DEGREES = 0.1
"""Side of a tile, about 10 km: one answer stays below a few tens of megabytes, and a failed one is soon asked again."""

Elements = dict[tuple[str, int], dict[str, Any]]
_ORDER = {"node": 0, "way": 1, "relation": 2}


def tiles(polygon: BaseGeometry) -> list[shapely.Polygon]:
    """A polygon (WGS84) cut by a fixed grid, so that the same place gives the same questions again."""
    side = TILE_DEGREES
    west, south, east, north = (edge / side for edge in polygon.bounds)
    pieces = [
        polygon.intersection(shapely.box(side * x, side * y, side * (x + 1), side * (y + 1)))
        for x in range(math.floor(west), math.ceil(east))
        for y in range(math.floor(south), math.ceil(north))
    ]
    parts = [part for piece in pieces for part in getattr(piece, "geoms", [piece])]
    return [part for part in parts if isinstance(part, shapely.Polygon) and not part.is_empty]


def query(tile: shapely.Polygon, *, timeout_s: int) -> str:
    """The question for the box round a tile: all with a key that the reader uses, and the nodes it stands on.

    Of relations only areas and municipal boundaries are asked for: a river or a railway line would
    come along over its whole length.
    """
    west, south, east, north = tile.bounds
    box = f"{south:.6f},{west:.6f},{north:.6f},{east:.6f}"
    wanted = "".join(f'nw["{key}"];rel["{key}"]["type"="multipolygon"];' for key in KEYS if key != "boundary")
    municipality = 'rel["boundary"="administrative"]["admin_level"="8"];'
    return f"[out:json][timeout:{timeout_s}][bbox:{box}];({wanted}{municipality});(._;>;);out body qt;"


def problem(answer: dict[str, Any]) -> str | None:
    """What is wrong with an answer of Overpass, in its own words; None when it is whole."""
    if not isinstance(answer.get("elements"), list):
        return "no elements"
    remark = str(answer.get("remark", ""))
    return remark if "error" in remark.lower() else None


def collect(answers: Iterator[dict[str, Any]]) -> Elements:
    """The elements of all answers, each once, in the order of an extract: nodes, ways, relations, by id."""
    found = {(e["type"], e["id"]): e for answer in answers for e in answer["elements"] if e["type"] in _ORDER}
    return dict(sorted(found.items(), key=lambda item: (_ORDER[item[0][0]], item[0][1])))


def write_extract(elements: Elements, polygon: BaseGeometry, target: Path, *, timestamp: str) -> None:
    """Write elements as `.osm.pbf`, whole or not at all; the header says the box of `polygon` and the date."""
    header = osmium.io.Header()
    west, south, east, north = polygon.bounds
    header.add_box(osmium.osm.Box(west, south, east, north))
    header.set("generator", "Kernwijzer")
    if timestamp:
        header.set("osmosis_replication_timestamp", timestamp)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f"new-{target.name}")
    with osmium.SimpleWriter(str(fresh), header=header, overwrite=True) as writer:
        for (kind, number), element in elements.items():
            tags = element.get("tags", {})
            if kind == "node":
                place = (element["lon"], element["lat"])
                writer.add_node(osmium.osm.mutable.Node(id=number, location=place, tags=tags, version=1))
            elif kind == "way":
                writer.add_way(osmium.osm.mutable.Way(id=number, nodes=element["nodes"], tags=tags, version=1))
            else:
                members = _members(element["members"])
                writer.add_relation(osmium.osm.mutable.Relation(id=number, members=members, tags=tags, version=1))
    fresh.replace(target)


def _members(members: Sequence[dict[str, Any]]) -> list[tuple[str, int, str]]:
    return [(m["type"][0], int(m["ref"]), m.get("role", "")) for m in members]
