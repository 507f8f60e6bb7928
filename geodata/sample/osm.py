"""Writing OpenStreetMap extracts: nodes shared by position, ways, relations; sorted ids and fixed timestamps."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import osmium
import shapely
from osmium.osm.mutable import Node, Relation, Way
from shapely.geometry.base import BaseGeometry

from geodata.sample.projection import to_degrees
from geodata.sample.region import Floats

STAMP = datetime(2025, 3, 1, tzinfo=UTC)
Tags = dict[str, str]
Key = tuple[int, int]


@dataclass
class Register:
    """Ids given out so far, over all extracts; a position has one node."""

    nodes: dict[Key, int] = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=lambda: {"node": 0, "way": 0, "relation": 0})

    def next(self, kind: str) -> int:
        self.last[kind] += 1
        return self.last[kind]


@dataclass
class Extract:
    """One extract in the making; positions are metres from the drawing's origin."""

    register: Register = field(default_factory=Register)
    at: dict[int, Key] = field(default_factory=dict)
    node_tags: dict[int, Tags] = field(default_factory=dict)
    ways: list[tuple[int, list[int], Tags]] = field(default_factory=list)
    relations: list[tuple[int, list[tuple[str, int, str]], Tags]] = field(default_factory=list)

    def node(self, x: float, y: float, tags: Tags | None = None) -> int:
        """The node at a position; tags are added to it."""
        number = self._at((round(x * 100), round(y * 100)))
        if tags:
            self.node_tags[number] = {**self.node_tags.get(number, {}), **tags}
        return number

    def _at(self, key: Key) -> int:
        number = self.register.nodes.get(key)
        if number is None:
            number = self.register.next("node")
            self.register.nodes[key] = number
        self.at[number] = key
        return number

    def point(self, x: float, y: float, tags: Tags) -> int:
        """A node of its own with tags; an occupied position is left to its owner and the next free one taken."""
        while (round(x * 100), round(y * 100)) in self.register.nodes:
            x += 0.07
        return self.node(x, y, tags)

    def way(self, line: Floats, tags: Tags) -> int:
        """A way through positions; a closed line closes on its first node."""
        refs: list[int] = []
        for key in map(tuple, np.rint(line * 100).astype(np.int64).tolist()):
            number = self._at(key)
            if not refs or refs[-1] != number:
                refs.append(number)
        number = self.register.next("way")
        self.ways.append((number, refs, tags))
        return number

    def area(self, shape: shapely.Polygon, tags: Tags) -> str:
        """A polygon as a closed way, or as a multipolygon where it has holes; returns "way/1" or "relation/1"."""
        if shapely.get_num_interior_rings(shape) == 0:
            return f"way/{self.way(shapely.get_coordinates(shape), tags)}"
        members = [("w", self.way(np.asarray(shape.exterior.coords), {}), "outer")]
        members += [("w", self.way(np.asarray(ring.coords), {}), "inner") for ring in shape.interiors]
        return f"relation/{self.relation(members, {'type': 'multipolygon', **tags})}"

    def relation(self, members: Sequence[tuple[str, int, str]], tags: Tags) -> int:
        """A relation of (kind, id, role)."""
        number = self.register.next("relation")
        self.relations.append((number, list(members), tags))
        return number

    def write(self, path: Path) -> None:
        """Write the extract as PBF with its bounding box in the header; the same content gives the same bytes."""
        numbers = sorted(self.at)
        degrees = to_degrees(np.array([self.at[n] for n in numbers], dtype=np.float64) / 100)
        header = osmium.io.Header()
        header.set("generator", "Kernwijzer: voorbeeldgegevens / sample data")
        header.set("sorting", "Type_then_ID")
        low, high = degrees.min(axis=0), degrees.max(axis=0)
        box = osmium.osm.Box(osmium.osm.Location(*low.tolist()), osmium.osm.Location(*high.tolist()))
        header.add_box(box)
        with osmium.SimpleWriter(str(path), header=header, overwrite=True) as writer:
            for number, location in zip(numbers, degrees.tolist(), strict=True):
                tags = self.node_tags.get(number, {})
                writer.add_node(Node(id=number, location=location, tags=tags, version=1, timestamp=STAMP))
            for number, refs, tags in self.ways:
                writer.add_way(Way(id=number, nodes=refs, tags=tags, version=1, timestamp=STAMP))
            for number, members, tags in self.relations:
                writer.add_relation(Relation(id=number, members=members, tags=tags, version=1, timestamp=STAMP))


def boundary(
    extract: Extract, areas: dict[str, BaseGeometry], coast: BaseGeometry
) -> dict[str, list[tuple[str, int, str]]]:
    """Ways along all borders, shared between neighbours; the parts on the coast also carry `natural=coastline`.

    Returns the members of each area's relation. Land lies left of a coastline, as in OpenStreetMap.
    """
    rings = [ring for area in areas.values() for part in shapely.get_parts(area) for ring in [part.exterior]]
    edges: dict[tuple[Key, Key], int] = {}
    for ring in rings:
        keys = [(round(x * 100), round(y * 100)) for x, y in ring.coords]
        for a, b in pairwise(keys):
            edges[min(a, b), max(a, b)] = edges.get((min(a, b), max(a, b)), 0) + 1
    made: dict[tuple[Key, ...], int] = {}
    members: dict[str, list[tuple[str, int, str]]] = {}
    for slug, area in areas.items():
        members[slug] = []
        for part in shapely.get_parts(area):
            for keys, sea in _runs(shapely.orient_polygons(part), edges, coast):
                name = min(tuple(keys), tuple(keys[::-1]))
                if name not in made:
                    line = np.array(keys, dtype=np.float64) / 100
                    tags = {"boundary": "administrative", "admin_level": "8"}
                    made[name] = extract.way(line, tags | ({"natural": "coastline"} if sea else {}))
                members[slug].append(("w", made[name], "outer"))
    return members


def _runs(
    part: shapely.Polygon, edges: dict[tuple[Key, Key], int], coast: BaseGeometry
) -> list[tuple[list[Key], bool]]:
    """The ring of a part cut where it passes from the coast to a neighbour, from one neighbour to the next, or to the
    end of the data; True for the coast.
    """
    keys = [(round(x * 100), round(y * 100)) for x, y in part.exterior.coords][:-1]
    count = len(keys)
    pairs = list(zip(keys, keys[1:] + keys[:1], strict=True))
    middles = np.array([((a[0] + b[0]) / 200, (a[1] + b[1]) / 200) for a, b in pairs])
    sea = (shapely.distance(shapely.points(middles), coast) < 1) & np.array([edges[min(p), max(p)] == 1 for p in pairs])
    shared = [edges[min(p), max(p)] > 1 for p in pairs]
    degree: dict[Key, int] = {}
    for a, b in edges:
        degree[a] = degree.get(a, 0) + 1
        degree[b] = degree.get(b, 0) + 1
    changes = [degree[keys[i]] > 2 or shared[i] != shared[i - 1] or sea[i] != sea[i - 1] for i in range(count)]
    breaks = [i for i in range(count) if changes[i]] or [0]
    runs = []
    for start, end in zip(breaks, [*breaks[1:], breaks[0] + count], strict=True):
        runs.append(([keys[i % count] for i in range(start, end + 1)], bool(sea[start])))
    return runs
