"""Blocks: the land between main roads is cut again and again until every block has the size its place asks for."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.random import Generator

from geodata.sample.region import Floats

SNAP_M = 24.0
TRIES = 5


@dataclass(frozen=True, eq=False)
class Cut:
    """A new street: its line, how many cuts came before it in its face, and the block size asked for there (m²)."""

    line: Floats
    depth: int
    block_m2: float


class Junctions:
    """Ends of streets on a coarse raster, so that a new street prefers to meet an old one."""

    def __init__(self, points: Floats) -> None:
        self.at: dict[tuple[int, int], list[Floats]] = {}
        for point in points:
            self.add(point)

    def add(self, point: Floats) -> None:
        self.at.setdefault((int(point[0] // SNAP_M), int(point[1] // SNAP_M)), []).append(point)

    def near(self, point: Floats, ring: Floats) -> tuple[int, Floats] | None:
        """The nearest junction within reach that lies on the ring, with the index of its edge."""
        x, y = int(point[0] // SNAP_M), int(point[1] // SNAP_M)
        around = [p for i in (x - 1, x, x + 1) for j in (y - 1, y, y + 1) for p in self.at.get((i, j), ())]
        around = [p for p in around if np.hypot(*(p - point)) < SNAP_M]
        around.sort(key=lambda p: (float(np.hypot(*(p - point))), float(p[0]), float(p[1])))
        edge = np.roll(ring, -1, axis=0) - ring
        square = np.maximum((edge**2).sum(axis=1), 1e-9)
        for p in around:
            t = np.clip(((p - ring) * edge).sum(axis=1) / square, 0, 1)
            off = np.hypot(*(ring + t[:, None] * edge - p).T)
            best = int(np.argmin(off))
            if off[best] < 0.02:
                return best, p
        return None


def cut_up(
    face: shapely.Polygon,
    wanted_m2: Callable[[Floats], Floats],
    jitter: Callable[[Floats], float],
    junctions: Junctions,
    rng: Generator,
) -> list[Cut]:
    """All streets that divide one face; `wanted_m2` gives the block size at points, `jitter` the disorder (0–1)."""
    cuts: list[Cut] = []
    stack: list[tuple[Floats, int]] = [(np.asarray(face.exterior.coords)[:-1], 0)]
    while stack:
        ring, depth = stack.pop()
        polygon = shapely.Polygon(ring)
        wanted = float(np.min(wanted_m2(_inside(ring, polygon))))
        if polygon.area < 1.45 * wanted:
            continue
        found = _best_cut(ring, polygon, jitter(ring.mean(axis=0)), junctions, rng, patient=polygon.area < 6 * wanted)
        if found is None:
            continue
        line, parts = found
        junctions.add(line[0])
        junctions.add(line[-1])
        cuts.append(Cut(line, depth, wanted))
        stack.extend((part, depth + 1) for part in parts)
    return cuts


def _inside(ring: Floats, polygon: shapely.Polygon) -> Floats:
    middle = np.array(polygon.centroid.coords[0])
    some = ring[:: max(1, len(ring) // 12)]
    return np.vstack([middle, middle + 0.55 * (some - middle)])


def _best_cut(
    ring: Floats, polygon: shapely.Polygon, disorder: float, junctions: Junctions, rng: Generator, *, patient: bool
) -> tuple[Floats, tuple[Floats, Floats]] | None:
    box = shapely.get_coordinates(shapely.oriented_envelope(polygon))
    sides = np.diff(box[:3], axis=0)
    long = sides[np.argmax(np.hypot(*sides.T))]
    angle = float(np.arctan2(long[1], long[0])) + np.pi / 2
    middle, best, best_score = box[:4].mean(axis=0), None, 0.30 if patient else 0.05
    for attempt in range(2 * TRIES):
        wild = attempt >= TRIES
        if wild and best is not None:
            break
        best_score = min(best_score, 0.12) if wild else best_score
        heading = angle + rng.normal(0, 0.7 if wild else 0.04 + 0.24 * disorder)
        origin = middle + long * rng.uniform(-0.13, 0.13) * (2.5 if wild else 1)
        candidate = _cut(ring, origin, np.array([np.cos(heading), np.sin(heading)]), junctions, rng, disorder)
        if candidate is None:
            continue
        score = min(_roundness(part, polygon.area) for part in candidate[1])
        if score > best_score:
            best, best_score = candidate, score
        if score > 0.62:
            break
    return best


def _roundness(ring: Floats, whole_m2: float) -> float:
    x, y = ring[:, 0], ring[:, 1]
    area = abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2
    around = float(np.hypot(*(np.roll(ring, -1, axis=0) - ring).T).sum())
    return 0.0 if area < 0.22 * whole_m2 else 4 * np.pi * area / around**2


def _cut(
    ring: Floats, origin: Floats, heading: Floats, junctions: Junctions, rng: Generator, disorder: float
) -> tuple[Floats, tuple[Floats, Floats]] | None:
    rel = ring - origin
    side = heading[0] * rel[:, 1] - heading[1] * rel[:, 0]
    nxt = np.roll(side, -1)
    edges = np.flatnonzero((side > 0) != (nxt > 0))
    if len(edges) < 2:
        return None
    share = side[edges] / (side[edges] - nxt[edges])
    points = ring[edges] + share[:, None] * (np.roll(ring, -1, axis=0)[edges] - ring[edges])
    order = np.argsort((points - origin) @ heading)
    edges, points = edges[order], points[order]
    spans = np.hypot(*(points[1::2] - points[0::2][: len(points[1::2])]).T)
    pick = 2 * int(np.argmax(spans))
    ends = [(int(edges[pick + k]), np.round(points[pick + k], 2)) for k in (0, 1)]
    ends = [junctions.near(point, ring) or (edge, point) for edge, point in ends]
    (i, a), (j, b) = ends
    if i == j or np.hypot(*(b - a)) < 20:
        return None
    line = _bow(a, b, rng, disorder)
    if len(line) > 2 and not bool(np.all(shapely.contains_xy(shapely.Polygon(ring), line[1:-1]))):
        line = np.array([a, b])
    if i > j:
        i, j, line = j, i, line[::-1]
    first = np.vstack([ring[i + 1 : j + 1], line[::-1]])
    second = np.vstack([ring[j + 1 :], ring[: i + 1], line])
    return line, (_tidy(first), _tidy(second))


def _bow(a: Floats, b: Floats, rng: Generator, disorder: float) -> Floats:
    length = float(np.hypot(*(b - a)))
    t = np.linspace(0, 1, max(2, round(length / 28)) + 1)
    bow = np.clip(rng.normal(0, 0.02 + 0.055 * disorder), -0.12, 0.12) * 4 * t * (1 - t)
    wave = rng.normal(0, 0.03 * disorder) * np.sin(2 * np.pi * t)
    across = np.array([a[1] - b[1], b[0] - a[0]])
    return np.asarray(a + t[:, None] * (b - a) + (bow + wave)[:, None] * across)


def _tidy(ring: Floats) -> Floats:
    return np.asarray(ring[np.hypot(*(ring - np.roll(ring, 1, axis=0)).T) > 1e-6])
