"""Buildings along the streets: terraces in the cores, houses with gardens outside, slabs by the sea, big boxes."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.random import Generator
from shapely import STRtree

from geodata.sample.layout import Layout, Street
from geodata.sample.region import Floats
from geodata.sample.streets import URBAN_M2, owner_of

HALF_M = {
    "primary": 10.5, "secondary": 7.5, "tertiary": 6.0, "residential": 4.8, "unclassified": 4.5, "living_street": 4.2,
    "pedestrian": 5.0, "service": 3.5, "cycleway": 3.0, "track": 3.0, "path": 2.0, "footway": 1.6, "steps": 1.6,
}  # fmt: skip


@dataclass(frozen=True)
class Style:
    """How a kind of land is built on (metres): distance to the street, widths, gaps, depths, and storeys."""

    setback: float
    front: tuple[float, float]
    gap: tuple[float, float]
    depth: tuple[float, float]
    levels: tuple[int, int]
    kept: float


STYLES = {
    "core": Style(0.4, (5.4, 8.2), (0, 0), (10, 14), (2, 4), 0.97),
    "belt": Style(1.2, (6.2, 8.0), (0, 0), (9, 12), (2, 3), 0.93),
    "town": Style(5.5, (9.0, 13.0), (3.5, 8), (9, 12), (1, 3), 0.9),
    "rural": Style(9.0, (11.0, 17.0), (12, 24), (10, 14), (1, 2), 1.0),
    "front": Style(1.5, (15.0, 26.0), (0, 0), (13, 17), (6, 9), 0.97),
    "retail": Style(27.0, (36.0, 58.0), (6, 14), (32, 46), (1, 1), 1.0),
    "industrial": Style(12.0, (26.0, 52.0), (12, 26), (28, 48), (1, 2), 0.75),
}


@dataclass(frozen=True, eq=False)
class Plots:
    """Land between the streets that may be built on, with its style."""

    shapes: list[shapely.Polygon]
    styles: list[str]


def place_buildings(
    layout: Layout, streets: list[Street], plots: Plots, rng: Generator, *, detail: float = 1.0
) -> pd.DataFrame:
    """One row a building: `shape` (polygon in metres), `x`, `y` (middle of its front), `style`, `levels`, `width_m`,
    `street` (index in `streets`), `owner` (municipality), `number` (house number) and `at` (metres along the street).
    """
    found = _candidates(plots.shapes, plots.styles, rng, detail)
    found = _free(_beside_street(found, streets, rng), plots.shapes)
    return _numbered(found.assign(owner=owner_of(layout, found[["x", "y"]].to_numpy())), streets)


def lay_plots(layout: Layout, streets: list[Street]) -> Plots:
    """What is left of the land between streets, water, rails, square and parks."""
    half = [HALF_M[s.highway] - (0.9 if s.block_m2 < 7_500 and s.highway == "residential" else 0) for s in streets]
    roads = shapely.buffer([shapely.LineString(s.line) for s in streets], half, quad_segs=2, cap_style="flat")
    green = [shape for kind in ("park", "woods") for _, shape in layout.zones.get(kind, ())]
    taken = shapely.union_all([*roads, layout.square.buffer(4), layout.river.buffer(4), layout.rail.buffer(9), *green])
    plots = [p for p in shapely.get_parts(layout.dyke.difference(taken)) if p.area > 150]
    middles = shapely.get_coordinates(shapely.centroid(plots))
    order = np.lexsort(np.round(middles, 1).T)
    plots, middles = [plots[i] for i in order], middles[order]
    wanted = layout.block_m2(middles)
    styles = np.where(
        wanted < 7_000, "core", np.where(wanted < 13_500, "belt", np.where(wanted < URBAN_M2, "town", "rural"))
    )
    shore = shapely.distance(shapely.points(middles), layout.dyke.exterior)
    resort = shapely.contains_xy(layout.municipalities.get("testerep-bad", shapely.Polygon()), middles)
    styles = np.where(resort & (shore < 130) & (wanted < URBAN_M2), "front", styles)
    for kind in ("retail", "industrial"):
        for _, shape in layout.zones.get(kind, ()):
            share = shapely.area(shapely.intersection(plots, shape)) / np.maximum(1, shapely.area(plots))
            styles = np.where(share > 0.45, kind, styles)
    return Plots(plots, [str(s) for s in styles])


def _candidates(plots: list[shapely.Polygon], styles: list[str], rng: Generator, detail: float) -> pd.DataFrame:
    """Buildings along every side of every plot, back to back with their neighbours where there is no gap."""
    setback = [-STYLES[name].setback for name in styles]
    inner = shapely.simplify(shapely.buffer(plots, setback, join_style="mitre", quad_segs=2), 0.7)
    parts, plot_at = shapely.get_parts(inner, return_index=True)
    rings = shapely.get_exterior_ring(shapely.normalize(parts))
    rows, names = [], []
    for ring, area, i in zip(rings, shapely.area(parts), plot_at, strict=True):
        if area < 60:
            continue
        for run, corner in _runs(np.asarray(ring.coords)):
            row = _row_of_houses(run, corner, STYLES[styles[i]], rng, detail)
            if row is not None:
                rows.append(row)
                names.append(np.full(len(row[0]), styles[i], dtype=object))
    quads, middles, widths, levels = (np.concatenate(column) for column in zip(*rows, strict=True))
    return pd.DataFrame(
        {"shape": shapely.polygons(quads), "x": middles[:, 0], "y": middles[:, 1], "style": np.concatenate(names),
         "levels": levels.astype(int), "width_m": widths}
    )  # fmt: skip


def _runs(ring: Floats) -> list[tuple[Floats, bool]]:
    """The ring cut at its corners, clockwise; True where the run ends in a corner that the next run fills."""
    step = np.diff(ring, axis=0)
    heading = np.arctan2(step[:, 1], step[:, 0])
    turn = (heading - np.roll(heading, 1) + np.pi) % (2 * np.pi) - np.pi
    corners = np.flatnonzero(np.abs(turn) > 0.6)
    if len(corners) == 0:
        return [(ring, False)]
    open_ring = np.vstack([ring[:-1], ring[:-1], ring[:1]])
    ends = [*corners[1:], corners[0] + len(step)]
    return [(open_ring[a : b + 1], bool(turn[b % len(step)] < 0)) for a, b in zip(corners, ends, strict=True)]


def _row_of_houses(
    run: Floats, corner: bool, style: Style, rng: Generator, detail: float
) -> tuple[Floats, Floats, Floats, Floats] | None:
    steps = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(run, axis=0).T))])
    room = steps[-1] - (style.depth[0] + style.gap[0] if corner else 0.0)
    count = int(room / ((style.front[0] + style.gap[0]) / detail)) + 1
    if room < 0.8 * style.front[0]:
        return None
    fronts, gaps = rng.uniform(*style.front, count) / detail, rng.uniform(*style.gap, count) / detail
    starts = np.concatenate([[0.0], np.cumsum(fronts + gaps)[:-1]])
    fits = starts + fronts <= room + 0.15 * style.front[0]
    starts, fronts = starts[fits], fronts[fits]
    if len(starts) == 0:
        return None
    slack = max(0.0, room - float(starts[-1] + fronts[-1]))
    if style.gap[1] == 0:
        stretch = room / (room - slack)
        starts, fronts = starts * stretch, fronts * stretch
    else:
        starts = starts + slack * rng.uniform(0.2, 0.8)
    a, b = _at(run, steps, starts), _at(run, steps, starts + fronts)
    inward = np.column_stack([b[:, 1] - a[:, 1], a[:, 0] - b[:, 0]])
    inward /= np.maximum(0.1, np.hypot(*inward.T))[:, None]
    if style.gap[1] == 0 and len(a) > 1:
        shared = (inward + np.roll(inward, 1, axis=0)) / 2
        shared[0] = inward[0]
        left, right = shared, np.vstack([shared[1:], inward[-1:]])
    else:
        left = right = inward
    depths = np.repeat(rng.uniform(*style.depth, len(a) // 3 + 1), 3)[: len(a), None]
    corners = np.stack([a, b, b + right * depths, a + left * depths, a], axis=1)
    quads = np.asarray(np.round(corners, 2), dtype=np.float64)
    kept = rng.random(len(a)) < style.kept
    levels = rng.integers(style.levels[0], style.levels[1] + 1, len(a))
    return quads[kept], ((a + b) / 2)[kept], fronts[kept], levels[kept].astype(np.float64)


def _at(run: Floats, steps: Floats, at: Floats) -> Floats:
    return np.column_stack([np.interp(at, steps, run[:, 0]), np.interp(at, steps, run[:, 1])])


def _beside_street(found: pd.DataFrame, streets: list[Street], rng: Generator) -> pd.DataFrame:
    """Only what stands beside a street where people live; in the country few parts of a road are lined."""
    lived = [(i, s.line) for i, s in enumerate(streets) if s.name and s.lined > 0]
    of = np.concatenate([np.full(len(line) - 1, i) for i, line in lived])
    starts, ends = (np.concatenate([line[part] for _, line in lived]) for part in (slice(None, -1), slice(1, None)))
    tree = STRtree(list(shapely.get_parts(shapely.linestrings(np.stack([starts, ends], axis=1)))))
    points = shapely.points(found[["x", "y"]])
    near = tree.nearest(points)
    gap = shapely.distance(points, tree.geometries[near])
    street = of[near]
    lined = np.array([s.lined for s in streets])[street]
    limit = found["style"].map({"retail": 75.0, "industrial": 45.0}).fillna(22.0)
    cluster = 0.5 + 0.5 * np.sin(found["x"] / 140 + found["y"] / 190)
    chance = np.where(found["style"] == "rural", lined * 2 * cluster, np.where(lined < 0.1, 0.15, 1.0))
    chance = np.where(found["style"].isin(["retail", "industrial"]), 1.0, chance)
    keep = (gap < limit) & (rng.random(len(found)) < chance)
    return found.assign(street=street)[keep].reset_index(drop=True)


def _free(found: pd.DataFrame, plots: list[shapely.Polygon]) -> pd.DataFrame:
    """Buildings that stick out of their plot, or stand in another, go."""
    shapes = found["shape"].to_numpy()
    prepared = STRtree(shapely.buffer(plots, 0.3))
    inside = np.zeros(len(found), dtype=bool)
    inside[prepared.query(shapes, predicate="within")[0]] = True
    inside &= shapely.is_valid(shapes) & (shapely.area(shapes) > 25)
    found = found[inside].reset_index(drop=True)
    small = shapely.buffer(found["shape"].to_numpy(), -0.4)
    a, b = STRtree(small).query(small, predicate="intersects")
    pairs = sorted((int(max(i, j)), int(min(i, j))) for i, j in zip(a, b, strict=True) if i != j)
    gone: set[int] = set()
    for late, early in pairs:
        if early not in gone:
            gone.add(late)
    return found.drop(index=sorted(gone)).reset_index(drop=True)


def _numbered(found: pd.DataFrame, streets: list[Street]) -> pd.DataFrame:
    """House numbers along each street name of a municipality: odd on the left, even on the right."""
    lines = np.array([shapely.LineString(s.line) for s in streets])
    points = shapely.points(found[["x", "y"]])
    own = lines[found["street"]]
    at = shapely.line_locate_point(own, points)
    ahead = shapely.get_coordinates(shapely.line_interpolate_point(own, at + 0.5))
    behind = shapely.get_coordinates(shapely.line_interpolate_point(own, np.maximum(0, at - 0.5)))
    course, off = ahead - behind, found[["x", "y"]].to_numpy() - behind
    left = course[:, 0] * off[:, 1] - course[:, 1] * off[:, 0] > 0
    frame = found.assign(at=np.round(at, 1), left=left, name=[streets[i].name for i in found["street"]])
    frame = frame.sort_values(["owner", "name", "street", "at", "x"], kind="stable")
    rank = frame.groupby(["owner", "name", "left"], sort=False).cumcount()
    frame["number"] = 2 * rank + np.where(frame["left"], 1, 2)
    return frame.drop(columns="left").reset_index(drop=True)
