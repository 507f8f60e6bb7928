"""Drawing tools: curves through points, crookedness, and lines that share their crossings."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import shapely
from numpy.random import Generator
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from geodata.sample.region import Floats, Point

TOUCH_M = 0.03
Shape = TypeVar("Shape", bound=BaseGeometry)


def curve(points: Sequence[Point], step_m: float = 30.0) -> Floats:
    """A smooth line through all points (Catmull-Rom), a vertex about every `step_m`."""
    p = np.asarray(points, dtype=np.float64)
    if len(p) == 2:
        count = max(1, round(float(np.hypot(*(p[1] - p[0]))) / step_m))
        return np.asarray(p[0] + np.linspace(0, 1, count + 1)[:, None] * (p[1] - p[0]))
    ends = np.vstack([2 * p[0] - p[1], p, 2 * p[-1] - p[-2]])
    pieces = []
    for a, b, c, d in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        t = np.linspace(0, 1, max(1, round(float(np.hypot(*(c - b))) / step_m)), endpoint=False)[:, None]
        pieces.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    return np.vstack([*pieces, p[-1:]])


def closed_curve(points: Sequence[Point], step_m: float = 60.0) -> Floats:
    """A smooth ring through all points; the first vertex is repeated at the end."""
    three = [*points[-2:], *points, *points[:2]]
    line = curve(three, step_m)
    start, end = (int(np.argmin(np.hypot(*(line - np.asarray(points[0])).T) + late)) for late in _halves(len(line)))
    return np.vstack([line[start:end], line[start]])


def _halves(count: int) -> tuple[Floats, Floats]:
    late = np.arange(count) > count / 2
    return np.where(late, 1e9, 0.0), np.where(late, 0.0, 1e9)


class Crookedness:
    """A smooth displacement of the plane, so that nothing is straight and all that touched still touches.

    `waves` are (metres aside, wave length in metres); `old` are old cores (centre, radius), more crooked inside.
    """

    WAVES = ((22.0, 900.0), (6.0, 340.0))
    OLD_WAVES = ((6.0, 210.0), (3.0, 105.0))

    def __init__(
        self, rng: Generator, old: Sequence[tuple[Point, float]] = (), waves: Sequence[tuple[float, float]] = WAVES
    ) -> None:
        self.old = old
        self.waves = [self._wave(rng, *w) for w in waves for _ in range(2)]
        self.old_waves = [self._wave(rng, *w) for w in self.OLD_WAVES for _ in range(2)]

    @staticmethod
    def _wave(rng: Generator, aside: float, length: float) -> tuple[Floats, float, Floats]:
        heading, phase, direction = rng.uniform(0, 2 * np.pi, 3)
        k = 2 * np.pi / (length * rng.uniform(0.85, 1.15)) * np.array([np.cos(heading), np.sin(heading)])
        return k, float(phase), aside * np.array([np.cos(direction), np.sin(direction)])

    def __call__(self, points: Floats) -> Floats:
        """Points moved by some metres, rounded to centimetres."""
        moved = points.copy()
        for k, phase, shift in self.waves:
            moved += np.sin(points @ k + phase)[:, None] * shift
        share = np.zeros(len(points))
        for centre, radius in self.old:
            share = np.maximum(share, np.exp(-((np.hypot(*(points - centre).T) / radius) ** 4)))
        for k, phase, shift in self.old_waves:
            moved += (share * np.sin(points @ k + phase))[:, None] * shift
        return np.round(moved, 2)

    def bend(self, shape: Shape, step_m: float = 30.0) -> Shape:
        """A whole geometry moved likewise."""
        bent: Shape = shapely.transform(shapely.segmentize(shape, step_m), self)
        return bent


def crossings(lines: Sequence[Floats]) -> Floats:
    """Every point where two lines meet or cross, and all ends, rounded to centimetres; shape (n, 2)."""
    shapes = np.array([shapely.LineString(line) for line in lines])
    noded = shapely.get_parts(shapely.unary_union(shapes, grid_size=0.01))
    ends = np.vstack([shapely.get_coordinates(shapely.get_point(noded, i)) for i in (0, -1)])
    return np.unique(np.round(ends, 2), axis=0)


def weave(lines: Sequence[Floats], points: Floats) -> list[Floats]:
    """The lines with every given point that lies on them as a vertex of its own, so that they share nodes."""
    tree = STRtree([shapely.Point(p) for p in points.tolist()])
    shapes = np.array([shapely.LineString(line) for line in lines])
    line_at, point_at = tree.query(shapes, predicate="dwithin", distance=TOUCH_M)
    order = np.argsort(line_at, kind="stable")
    line_at, point_at = line_at[order], point_at[order]
    starts = np.searchsorted(line_at, np.arange(len(lines) + 1))
    woven = []
    for i, line in enumerate(lines):
        chosen = points[np.sort(point_at[starts[i] : starts[i + 1]])]
        woven.append(_insert(line, shapes[i], chosen) if len(chosen) else line)
    return woven


def _insert(line: Floats, shape: shapely.LineString, points: Floats) -> Floats:
    steps = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    at = np.atleast_1d(shapely.line_locate_point(shape, shapely.points(points)))
    keep = np.min(np.abs(steps[:, None] - at[None, :]), axis=1) > 1.5
    closed = bool(np.all(line[0] == line[-1]))
    keep[[0, -1]] = True
    for end, step in ((0, 0.0), (-1, steps[-1])):
        keep[end] = closed or not np.any(np.abs(at - step) < 1.5)
    merged = np.vstack([line[keep], points])
    order = np.argsort(np.concatenate([steps[keep], at]), kind="stable")
    result = merged[order]
    return np.asarray(result[np.concatenate([[True], np.any(np.diff(result, axis=0) != 0, axis=1)])])


def lengths(lines: Sequence[Floats]) -> Floats:
    """Length of each line in metres."""
    return np.array([float(np.hypot(*np.diff(line, axis=0).T).sum()) for line in lines])
