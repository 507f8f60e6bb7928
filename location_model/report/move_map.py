"""The map of a move: the old and the new place, and the neighbourhoods in which turnover is won or lost."""

import math
from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from geodata import hexgrid
from geodata.language import T, Text
from location_model.relocate import Move
from location_model.report.site_map import SiteMap, content, draw, frame_of
from location_model.report.words import Words

LOST, WON = ("#b35806", "#f1953e"), ("#542788", "#9482be")
"""Much, some; of ColorBrewer's PuOr, as the app draws it."""
LITTLE, MUCH = 0.02, 0.3
"""Shares of the largest change: below the first nothing is drawn, above the second it is much."""
NARROWEST_M = 1500.0
ENDS = (T("now"), T("new"))
APART = 0.11
"""Of the width of the map, between a word and a number."""
CLASSES: tuple[tuple[str, Text], ...] = (
    (LOST[0], T("much lost")), (LOST[1], T("some lost")), (WON[1], T("some won")), (WON[0], T("much won")),
)  # fmt: skip


def move_map(move: Move, table: pd.DataFrame, numbered: int, *, tall: float) -> SiteMap:
    """The map, `tall` times as high as wide. table: as `neighbourhoods` gives it, of which the first get a number."""
    area = move.market.region.area
    largest = float(table["net_eur"].abs().max()) if len(table) else 0.0
    shown = table[table["net_eur"].abs() > LITTLE * largest]
    shapes = gpd.GeoSeries(hexgrid.polygons(shown["cell"].tolist()), crs=4326).to_crs(area.study.crs)
    colours = [
        (WON if eur > 0 else LOST)[0 if abs(eur) > MUCH * largest else 1] for eur in shown["net_eur"]
    ]  # fmt: skip
    xy = move.market.shops[["x", "y"]].iloc[[row for row in (move.start, move.to) if row is not None]].to_numpy()
    ends = [(float(x), float(y)) for x, y in xy]
    middle = shapely.MultiPoint(ends).envelope.centroid
    seen = [*shapes.iloc[:numbered], *map(shapely.Point, ends)]
    frame = frame_of(seen, (middle.x, middle.y), tall, NARROWEST_M, 1.18)
    cut = any(not frame.buffer(1).contains(shape) for shape in shapes)
    points = [(float(x), float(y)) for x, y in table[["x", "y"]].head(numbered).to_numpy()]
    return draw(area, frame, zip(shapes, colours, strict=True), [*ends, *points], None, cut)


def drawn(found: SiteMap, ends: int, numbered: int, words: Words) -> dict[str, Any]:
    """The map as the template takes it, with a word on each end and a number on each of the first neighbourhoods."""
    alt = T("Map of the old and the new place, with the neighbourhoods where turnover is won and lost")
    names = [words(end) for end in ENDS[:ends]]
    marks = [*names, *(str(n) for n in range(1, numbered + 1))]
    cut = T("Neighbourhoods beyond the map change too.")
    legend = [(colour, told) for colour, told in CLASSES if colour in found.svg]
    pins = [*found.pins[:ends], *(_beside(pin, found.pins[:ends]) for pin in found.pins[ends:])]
    return content(found, words, alt, legend, cut) | {"ends": names, "marks": marks, "pins": pins}


def _beside(pin: tuple[float, float], ends: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """A number that would lie under a word stands beside it."""
    for x, y in ends:
        away = math.hypot(pin[0] - x, pin[1] - y)
        if away < APART:
            east, south = ((pin[0] - x) / away, (pin[1] - y) / away) if away else (1.0, 0.0)
            return x + APART * east, y + APART * south
    return pin
