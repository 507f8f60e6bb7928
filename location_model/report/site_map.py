"""The small map of a page: streets, core, catchment and places, drawn as SVG from the stored shapes alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from geodata import hexgrid
from geodata.language import T, Text
from geodata.store import Area
from location_model.catchment import PARTS, Catchment
from location_model.compare import Comparison
from location_model.report.words import Words

WIDE = 1000
"""Units of the drawing across."""

SHADES = {"primary": "#404387", "secondary": "#20908d", "tertiary": "#79d151"}
INK, PAPER, CORE, GREY = "#172124", "#ffffff", "#b35c00", "#b5bec2"

STREETS = (
    (("residential", "unclassified", "living_street", "road"), 1.4, "#c5cdd0"),
    (("secondary", "tertiary", "secondary_link", "tertiary_link"), 2.6, GREY),
    (("motorway", "trunk", "primary", "motorway_link", "trunk_link", "primary_link"), 4.5, "#a7b1b5"),
    (("pedestrian",), 3, "#8b979b"),
)
"""Classes of street with width and colour, the first drawn lowest."""

NARROWEST_M, WIDEST_M = 1500.0, 9000.0
"""Across the map: nearer there is nothing to recognise, farther no street can be seen."""
PLACES_M = 700.0
"""Across a map of places without catchment, at least."""
ROUND_M = (100, 200, 500, 1000, 2000, 5000)


@dataclass(frozen=True)
class SiteMap:
    """A drawing. metres: from left to right. pins: places as shares of width and height. cut: part lies beyond it.

    core: whether a core is drawn.
    """

    svg: str
    metres: float
    pins: tuple[tuple[float, float], ...]
    cut: bool
    core: bool

    @property
    def scale_m(self) -> int:
        """A round length of at most a quarter of the map's width."""
        return max((m for m in ROUND_M if m <= self.metres / 4), default=ROUND_M[0])


def content(drawn: SiteMap, words: Words, alt: Text, legend: Sequence[tuple[str, Text]], cut: Text) -> dict[str, Any]:
    """A map as the template takes it. legend: colours of grounds, and their meaning. cut: where part lies beyond."""
    metres = drawn.scale_m
    long = T("{km} km", km=metres // 1000) if metres >= 1000 else T("{metres} m", metres=metres)
    grounds = [{"colour": colour, "line": False, "told": words(told)} for colour, told in legend]
    core = {"colour": CORE, "line": True, "told": words(T("core shopping area, or what stands in for it"))}
    return {
        "svg": drawn.svg,
        "alt": words(alt),
        "pins": [list(pin) for pin in drawn.pins],
        "scale": {"share": metres / drawn.metres, "told": words(long)},
        "legend": [*grounds, *([core] if drawn.core else [])],
        "cut": words(cut) if drawn.cut else "",
    }


def site_map(found: Comparison, site: int, *, tall: float) -> SiteMap:
    """The map of one site with its catchment, `tall` times as high as wide."""
    named = found.sites[site].named
    parts = _parts(found.sites[site].catchment, found.area.study.crs)
    shapes = [shape for part, shape in parts if part != "tertiary"] or [shapely.Point(named.x, named.y)]
    frame = frame_of([*shapes, shapely.Point(named.x, named.y)], (named.x, named.y), tall, NARROWEST_M, 1.12)
    cut = any(not frame.buffer(1).contains(shape) for _part, shape in parts)
    grounds = [(shape, SHADES[part]) for part, shape in parts]
    return draw(found.area, frame, grounds, [(s.named.x, s.named.y) for s in found.sites], site, cut)


def places_map(found: Comparison, *, tall: float) -> SiteMap:
    """The map of all places of a comparison."""
    points = [shapely.Point(s.named.x, s.named.y) for s in found.sites]
    middle = shapely.MultiPoint(points).envelope.centroid
    frame = frame_of(points, (middle.x, middle.y), tall, PLACES_M, 1.35)
    return draw(found.area, frame, [], [(point.x, point.y) for point in points], None, False)


def _parts(catchment: Catchment | None, crs: int) -> list[tuple[str, BaseGeometry]]:
    """The ground of each part of a catchment, the lightest first."""
    if catchment is None:
        return []
    cells = {part: catchment.table.loc[catchment.table["part"] == part, "cell"].tolist() for part, _share in PARTS}
    shapes = gpd.GeoSeries([hexgrid.outline(c) for c in cells.values()], crs=4326).to_crs(crs)
    return [(part, shape) for part, shape in zip(cells, shapes, strict=True) if not shape.is_empty][::-1]


def frame_of(
    shapes: Sequence[BaseGeometry], focus: tuple[float, float], tall: float, narrowest_m: float, margin: float
) -> shapely.Polygon:
    """The ground to draw: `margin` times as wide as all shapes, or as much around the focus as can be seen."""
    west, south, east, north = shapely.total_bounds(np.array(shapes))
    wide = margin * max(east - west, (north - south) / tall)
    half = min(max(wide, narrowest_m), WIDEST_M) / 2
    x, y = _near(focus[0], west, east, half), _near(focus[1], south, north, half * tall)
    return shapely.Polygon.from_bounds(x - half, y - half * tall, x + half, y + half * tall)


def _near(focus: float, low: float, high: float, half: float) -> float:
    """The middle of a frame: of all there is where that fits in, else as near to the focus as leaves no empty edge."""
    return (low + high) / 2 if high - low <= 2 * half else min(max(focus, low + half), high - half)


def draw(
    area: Area,
    frame: shapely.Polygon,
    grounds: Iterable[tuple[BaseGeometry, str]],
    places: Sequence[tuple[float, float]],
    site: int | None,
    cut: bool,
) -> SiteMap:
    """Streets and core on shaded grounds (shape, colour), the first drawn lowest. places: x and y, where pins are.

    site: the place that is drawn as a dot, the others as rings; None for none at all.
    """
    west, south, east, north = frame.bounds
    unit = (east - west) / WIDE
    high = round((north - south) / unit)

    def path(shapes: Any, style: str) -> str:
        seen = shapely.clip_by_rect(shapely.simplify(shapes, unit, preserve_topology=False), *frame.buffer(20).bounds)
        steps = "".join(_step(xy, closed) for xy, closed in _lines(seen, west, north, unit))
        return f'<path d="{steps}" {style}/>' if steps else ""

    drawn = [f'<rect width="{WIDE}" height="{high}" fill="{PAPER}"/>']
    for shape, colour in grounds:
        fill = f'fill="{colour}" fill-opacity=".38" fill-rule="evenodd"'
        drawn.append(path(shape, f'{fill} stroke="{colour}" stroke-opacity=".7" stroke-width="2"'))
    streets = area.tables.streets
    near = streets.iloc[np.sort(streets.sindex.query(frame))]
    for kinds, width, colour in STREETS:
        lines = near["geometry"].to_numpy()[near["highway"].isin(kinds).to_numpy()]
        drawn.append(path(lines, f'fill="none" stroke="{colour}" stroke-width="{width}" stroke-linecap="round"'))
    core = area.study.core_areas.to_crs(area.study.crs).union_all()
    drawn.append(path(core, f'fill="none" stroke="{CORE}" stroke-width="4" stroke-dasharray="12 7"'))
    pins = [((x - west) / unit, (north - y) / unit) for x, y in places]
    if site is not None:
        others = (pin for i, pin in enumerate(pins) if i != site)
        drawn += [_circle(pin, 9, f'fill="{PAPER}" stroke="{INK}" stroke-width="4"') for pin in others]
        drawn.append(_circle(pins[site], 17, f'fill="{INK}" stroke="{PAPER}" stroke-width="5"'))
    body = "".join(drawn)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {high}">{body}</svg>'
    shares = tuple((x / WIDE, y / high) for x, y in pins)
    return SiteMap(svg, east - west, shares, cut, bool(frame.intersects(core)))


def _circle(at: tuple[float, float], radius: float, style: str) -> str:
    return f'<circle cx="{at[0]:.0f}" cy="{at[1]:.0f}" r="{radius:.0f}" {style}/>'


def _lines(shapes: Any, west: float, north: float, unit: float) -> Iterable[tuple[npt.NDArray[np.int64], bool]]:
    """Each line, and each ring of each polygon, of one shape or many, in units; and whether it is closed."""
    for part in shapely.get_parts(shapes):
        rings = [part.exterior, *part.interiors] if part.geom_type == "Polygon" else [part]
        for ring in rings:
            xy = shapely.get_coordinates(ring)
            if len(xy) > 1:
                yield np.rint((xy - (west, north)) / (unit, -unit)).astype(np.int64), part.geom_type == "Polygon"


def _step(xy: npt.NDArray[np.int64], closed: bool) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in xy.tolist()) + ("Z" if closed else "")
