"""Smaller ways between the streets: sidewalks along the ring, alleys through blocks, and dead ends."""

import numpy as np
import shapely
from numpy.random import Generator
from shapely import STRtree

from geodata.sample.drawing import crossings, lengths, weave
from geodata.sample.layout import Layout, Street
from geodata.sample.names import StreetNames
from geodata.sample.region import Floats
from geodata.sample.streets import URBAN_M2, owner_of

SIDEWALK_M = 7.5


def add_paths(layout: Layout, streets: list[Street], rng: Generator) -> list[Street]:
    """The streets with smaller ways added; old and new ways share their crossings."""
    new = [*_sidewalks(layout, streets), *_through_blocks(layout, streets, rng)]
    if not new:
        return streets
    lines = [s.line for s in streets]
    tree = STRtree([shapely.LineString(line) for line in lines])
    touched = np.unique(tree.query([shapely.LineString(s.line) for s in new], predicate="dwithin", distance=1.0)[1])
    met = [lines[i] for i in touched]
    points = crossings([*(s.line for s in new), *met])
    woven = weave([*(s.line for s in new), *met], points)
    result = list(streets)
    for i, line in zip(touched, woven[len(new) :], strict=True):
        result[i] = result[i].but(line=line)
    return [*result, *(s.but(line=line) for s, line in zip(new, woven, strict=False))]


def _sidewalks(layout: Layout, streets: list[Street]) -> list[Street]:
    ring = [s for s in streets if s.name.endswith("vest") and s.highway == "primary"]
    if not ring:
        return []
    whole = shapely.line_merge(shapely.union_all([shapely.LineString(s.line) for s in ring]))
    sides = [shapely.offset_curve(part, d) for part in shapely.get_parts(whole) for d in (SIDEWALK_M, -SIDEWALK_M)]
    tags = {"footway": "sidewalk", "lit": "yes", "surface": "paving_stones", "in": ring[0].tags["in"]}
    return [
        Street(np.round(np.asarray(part.coords), 2), "footway", "", 0.0, ring[0].block_m2, tags)
        for side in sides
        for part in shapely.get_parts(side)
    ]


def _through_blocks(layout: Layout, streets: list[Street], rng: Generator) -> list[Street]:
    """Alleys across and dead ends into blocks, each from the middle of a side of the block."""
    noded = shapely.get_parts(shapely.unary_union([shapely.LineString(s.line) for s in streets]))
    blocks = shapely.get_parts(shapely.polygonize(noded))
    middles = shapely.get_coordinates(shapely.centroid(blocks))
    wanted, areas = layout.block_m2(middles), shapely.area(blocks)
    keep = (wanted < URBAN_M2) & (areas > 4_500) & (areas < 60_000)
    keep &= ~shapely.intersects(blocks, shapely.union_all([layout.river, layout.rail, layout.square]))
    chosen = np.flatnonzero(keep)
    chosen = chosen[np.lexsort(middles[chosen].T)]
    chance = rng.random((len(chosen), 2))
    taken: dict[str, set[str]] = {}
    for s in streets:
        taken.setdefault(s.tags["in"], set()).add(s.name)
    names = StreetNames(rng, taken)
    found = []
    for i, (kind, bend) in zip(chosen, chance, strict=True):
        alley, dead_end = kind < 0.13, kind > (0.72 if areas[i] > 15_000 else 0.93)
        if not (alley or dead_end):
            continue
        line = _across(blocks[i], 1.0 if alley else 0.42 + 0.2 * bend)
        if line is not None:
            owner = owner_of(layout, line[:1])[0]
            highway = _highway(alley, float(bend))
            unnamed = highway in ("service", "steps") or (alley and bend < 0.6)
            name = "" if unnamed else names.draw(owner, "core" if alley else "estate")
            tags = {"in": owner} | ({"noexit": "yes"} if dead_end else {"surface": "paving_stones"})
            found.append(Street(line, highway, name, 0.0 if alley else 1.0, float(wanted[i]), tags))
    return found


def _highway(alley: bool, chance: float) -> str:
    if alley:
        return "steps" if chance < 0.06 else "footway"
    return "living_street" if chance < 0.45 else "residential" if chance < 0.8 else "service"


def _across(block: shapely.Polygon, share: float) -> Floats | None:
    """A line from the middle of one long side over a share of the way to the opposite side."""
    box = shapely.get_coordinates(shapely.oriented_envelope(block))
    sides = np.diff(box[:3], axis=0)
    short = sides[np.argmin(np.hypot(*sides.T))]
    middle = np.asarray(block.centroid.coords[0])
    inside = shapely.LineString([middle - short, middle + short]).intersection(block)
    if inside.geom_type != "LineString" or not 45 < inside.length < 260:
        return None
    a, b = np.asarray(inside.coords)
    line = a + np.linspace(0, share, 4)[:, None] * (b - a)
    corners = np.asarray(block.exterior.coords)
    if np.min(np.hypot(*(corners - line[0]).T)) < 3 or (share == 1.0 and np.min(np.hypot(*(corners - line[-1]).T)) < 3):
        return None
    return np.asarray(np.round(line, 2))


def total_km(streets: list[Street]) -> float:
    """Length of all streets in kilometres."""
    return float(lengths([s.line for s in streets]).sum() / 1000)
