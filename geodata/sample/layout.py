"""The lie of the land: coast, municipalities, water and the whole street pattern of one region."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
import shapely
from numpy.random import Generator
from shapely.geometry.base import BaseGeometry

from geodata.sample.blocks import Cut, Junctions, cut_up
from geodata.sample.drawing import Crookedness, closed_curve, crossings, curve, weave
from geodata.sample.region import Floats, Region

RIVER_M = (9.0, 34.0)
RAIL_M = 13.0
STUB_M = 6.0
ZONE_BLOCK_M2 = {"retail": 90_000.0, "industrial": 60_000.0, "woods": 90_000.0}


@dataclass(frozen=True, eq=False)
class Street:
    """One street: its nodes in metres, OSM class, name (empty = none) and how it is used."""

    line: Floats
    highway: str
    name: str = ""
    lined: float = 1.0
    block_m2: float = 0.0
    tags: dict[str, str] = field(default_factory=dict)

    def but(self, **changes: object) -> "Street":
        return replace(self, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True, eq=False)
class Layout:
    """A region drawn out, in metres: land, water, `municipalities` by slug, rail line, market square and streets."""

    region: Region
    land: shapely.Polygon
    dyke: shapely.Polygon
    river: BaseGeometry
    river_course: BaseGeometry
    rail: shapely.LineString
    square: BaseGeometry
    municipalities: dict[str, BaseGeometry]
    streets: list[Street]
    zones: dict[str, list[tuple[str, shapely.Polygon]]]

    def block_m2(self, points: Floats) -> Floats:
        return block_size(self.region, points)


def block_size(region: Region, points: Floats, detail: float = 1.0) -> Floats:
    """Block size that fits each place (m²): fine in a core, coarse in the fields, with ragged edges."""
    x, y = points[:, 0], points[:, 1]
    ragged = 1 + 0.2 * np.sin(x / 260 + 1.3 * np.sin(y / 410)) * np.cos(y / 230 + 0.9 * np.sin(x / 370))
    ragged += 0.1 * np.sin(x / 97 + y / 120)
    wanted = np.full(len(points), region.rural_block_m2)
    for s in region.settlements:
        reach = np.hypot(x - s.centre[0], y - s.centre[1]) * ragged
        sizes = (
            s.core_block_m2,
            s.core_block_m2,
            (s.core_block_m2 + s.town_block_m2) / 2,
            s.town_block_m2,
            s.town_block_m2 * 2.2,
            region.rural_block_m2,
        )
        marks = (0, s.core_m, s.core_m * 1.15 + 0.12 * s.town_m, s.town_m, s.town_m * 1.12, s.town_m * 1.6)
        wanted = np.minimum(wanted, np.interp(reach, marks, sizes))
    for zone in region.zones:
        if zone.kind in ZONE_BLOCK_M2:
            inside = shapely.contains_xy(shapely.Polygon(zone.outline), points)
            wanted = np.where(inside, ZONE_BLOCK_M2[zone.kind], wanted)
    return wanted / detail


def draw(region: Region, rng: Generator, *, detail: float = 1.0) -> Layout:
    """Draw one region. `detail` below 1 makes blocks larger (for tests)."""
    crooked_rng, cut_rng, border_rng = rng.spawn(3)
    crooked = Crookedness(crooked_rng, [(s.centre, s.core_m) for s in region.settlements if s.core_m])
    land = shapely.Polygon(closed_curve(region.coast) if region.natural_coast else np.asarray(region.coast))
    dyke = shapely.Polygon(shapely.get_coordinates(land.buffer(-region.dyke_m).simplify(4)))
    river = _river(region).intersection(land.buffer(5)) if region.river else shapely.Polygon()
    rail = shapely.LineString(curve(region.rail))
    square = shapely.Polygon(region.square)
    fixed = _fixed(region, dyke, river, rail, square)
    points = crossings([s.line for s in fixed])
    cuts = _cut_faces(region, fixed, river, rail, square, points, cut_rng, detail)
    streets = [*fixed, *(Street(c.line, "", "", 0.02, c.block_m2, {"depth": str(c.depth)}) for c in cuts)]
    ends = np.array([c.line[k] for c in cuts for k in (0, -1)]).reshape(-1, 2)
    woven = weave([s.line for s in streets], np.unique(np.round(np.vstack([points, ends]), 2), axis=0))
    streets = [s.but(line=crooked(_dense(line))) for s, line in zip(streets, woven, strict=True)]
    streets = _without_stubs(streets)
    wander = Crookedness(border_rng, waves=((80.0, 1500.0), (28.0, 520.0)))
    areas = {slug: crooked.bend(area) for slug, area in _municipalities(region, land, wander).items()}
    return Layout(
        region,
        crooked.bend(land),
        crooked.bend(dyke),
        crooked.bend(river),
        crooked.bend(shapely.LineString(curve(region.river))) if region.river else shapely.LineString(),
        crooked.bend(rail),
        crooked.bend(square),
        areas,
        [s for s in streets if len(s.line) > 1],
        {
            kind: [(z.name, crooked.bend(shapely.Polygon(z.outline))) for z in region.zones if z.kind == kind]
            for kind in sorted({z.kind for z in region.zones})
        },
    )


def _without_stubs(streets: list[Street]) -> list[Street]:
    """Roads were drawn a few metres past what they end on, so that they surely meet it; those ends go again."""
    uses = Counter(key for s in streets for key in {tuple(p) for p in s.line.tolist()})
    kept = []
    for street in streets:
        line = street.line
        for end in (0, -1):
            step = line[1] - line[0] if end == 0 else line[-1] - line[-2]
            if len(line) > 2 and uses[tuple(line[end].tolist())] == 1 and np.hypot(*step) < 2.5 * STUB_M:
                line = line[1:] if end == 0 else line[:-1]
        kept.append(street.but(line=line))
    return kept


def _dense(line: Floats) -> Floats:
    return np.asarray(shapely.get_coordinates(shapely.segmentize(shapely.LineString(line), 32)))


def _river(region: Region) -> BaseGeometry:
    line = curve(region.river)
    half = np.interp(np.linspace(0, 1, len(line)), (0, 0.45, 0.75, 1), (RIVER_M[0], 17, 22, RIVER_M[1]))
    discs = shapely.buffer(shapely.points(line), half, quad_segs=8)
    return shapely.unary_union([shapely.convex_hull(shapely.union(a, b)) for a, b in pairwise(discs)])


def _fixed(
    region: Region, dyke: shapely.Polygon, river: BaseGeometry, rail: shapely.LineString, square: shapely.Polygon
) -> list[Street]:
    """What is drawn before any block is cut: dyke path, quays, service paths along the rails, square, main roads."""
    reach = dyke.buffer(STUB_M)
    shore = shapely.line_merge(dyke.exterior.difference(river.buffer(11 - STUB_M)))
    lines = [Street(np.asarray(part.coords), "cycleway", "dyke", 0.0) for part in shapely.get_parts(shore)]
    for around, highway, name in ((river.buffer(11), "track", "quay"), (rail.buffer(RAIL_M), "track", "rail")):
        if around.is_empty:
            continue
        for part in shapely.get_parts(shapely.line_merge(shapely.intersection(around.boundary, reach))):
            lines.append(Street(np.asarray(part.simplify(2).coords), highway, name, 0.05))
    corners = np.asarray(square.exterior.coords)
    lines += [Street(corners[i : i + 2], "pedestrian", "Grote Markt", 1.0) for i in range(len(corners) - 1)]
    for road in region.roads:
        whole = shapely.LineString(curve(road.points))
        kept = whole if road.name == region.causeway else whole.intersection(reach)
        kept = kept if road.name in region.bridges else kept.difference(river.buffer(11 - STUB_M))
        longest = max(shapely.get_parts(kept), key=lambda part: float(part.length))
        lines.append(Street(np.asarray(longest.coords), road.highway, road.name, road.lined))
    return [s.but(line=np.round(s.line, 2)) for s in lines]


def _cut_faces(
    region: Region,
    fixed: list[Street],
    river: BaseGeometry,
    rail: BaseGeometry,
    square: BaseGeometry,
    points: Floats,
    rng: Generator,
    detail: float,
) -> list[Cut]:
    noded = shapely.unary_union([shapely.LineString(s.line) for s in fixed], grid_size=0.01)
    faces = sorted(shapely.get_parts(shapely.polygonize(shapely.get_parts(noded))), key=lambda f: f.centroid.coords[0])
    blocked = shapely.union_all([river.buffer(10.5), rail.buffer(RAIL_M - 0.5), square])
    junctions = Junctions(points)
    wanted = lambda at: block_size(region, at, detail)  # noqa: E731 - one line, used twice
    cuts: list[Cut] = []
    for face in faces:
        if face.intersection(blocked).area < 0.5 * face.area:
            plain = shapely.Polygon(face.exterior)
            cuts += cut_up(plain, wanted, _disorder(region), junctions, rng)
    return cuts


def _disorder(region: Region) -> Callable[[Floats], float]:
    old = [s for s in region.settlements if s.core_block_m2 < 12_000]

    def at(point: Floats) -> float:
        near = max((np.exp(-np.hypot(*(point - s.centre)) / (s.core_m + 150)) for s in old), default=0.0)
        return float(0.3 + 0.9 * near)

    return at


def _municipalities(region: Region, land: shapely.Polygon, wander: Crookedness) -> dict[str, BaseGeometry]:
    """The land divided along the drawn borders; each part belongs to the municipality of the settlement in it."""
    borders = [shapely.LineString(wander(curve(border, 80))) for border in region.borders]
    noded = shapely.unary_union([land.exterior, *borders], grid_size=0.01)
    parts = [
        p
        for p in shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
        if land.contains(p.point_on_surface())
    ]
    owner = {s.centre: s.municipality for s in region.settlements}
    areas: dict[str, list[shapely.Polygon]] = {}
    for part in parts:
        inside = [slug for centre, slug in owner.items() if part.contains(shapely.Point(centre))]
        nearest = min(owner, key=lambda c: part.distance(shapely.Point(c)))
        areas.setdefault(inside[0] if inside else owner[nearest], []).append(part)
    return {m.id: shapely.union_all(areas[m.id], grid_size=0.01) for m in region.municipalities}
