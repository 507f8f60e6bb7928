"""Maps: streets as background, cells by score or value, the core's outline, numbered pins. Nothing from outside.

Cells come by address (`served`); only the expression that colours them travels when a weight changes.
"""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import pydeck as pdk
import shapely

from location_model.score import LEAST_COVERAGE
from pages.ui import colours, mapdata
from pages.ui.colours import Rgb

CELLS, PINS = "cells", "pins"
ATTRIBUTION = '© <a href="https://www.openstreetmap.org/copyright" rel="noopener">OpenStreetMap contributors</a>'
_CELL_ALPHA = 205


class Deck(pdk.Deck):
    """A deck in compact JSON: pydeck indents, which doubles what is sent and slows the browser's reader."""

    def to_json(self) -> str:
        return json.dumps(json.loads(super().to_json()), separators=(",", ":"))


def deck(layers: Sequence[pdk.Layer], view: pdk.ViewState, tooltip: str = "") -> Deck:
    """A map without any outside background. `tooltip` is HTML with {column} of the cells."""
    shown = {"html": tooltip} if tooltip else False
    return Deck(layers=list(layers), initial_view_state=view, map_provider=None, tooltip=shown)


def view_of(bounds: tuple[float, float, float, float], *, width: int = 720, height: int = 560) -> pdk.ViewState:
    """A view that shows the bounds (west, south, east, north) on a map of about this size in pixels."""
    west, south, east, north = bounds
    middle = (south + north) / 2
    degrees = max((east - west) / width, (north - south) / height / math.cos(math.radians(middle)), 1e-7)
    zoom = min(17.0, math.log2(360 / 512 / degrees) - 0.15)
    return pdk.ViewState(longitude=round((west + east) / 2, 6), latitude=round(middle, 6), zoom=round(zoom, 2))


def bounds_of(shape: shapely.Geometry) -> tuple[float, float, float, float]:
    """West, south, east, north."""
    west, south, east, north = shape.bounds
    return float(west), float(south), float(east), float(north)


def street_lines(address: str) -> pdk.Layer:
    """The streets of the area, by class."""
    return pdk.Layer(
        "PathLayer",
        id="streets",
        data=address,
        get_path="p",
        get_width="([13,9,6,7])[c]",
        width_min_pixels=0.6,
        width_max_pixels=9,
        get_color=list(colours.streets()),
        cap_rounded=True,
        joint_rounded=True,
    )


def hatching(address: str) -> pdk.Layer:
    """Lines over cells of which some value looks past the end of the data."""
    return pdk.Layer(
        "PathLayer", id="hatching", data=address, get_path="p", get_color=[*colours.ink(), 60], get_width=1,
        width_units="'pixels'",
    )  # fmt: skip


def outline(address: str) -> pdk.Layer:
    """The border of the core or of the retail areas."""
    return pdk.Layer(
        "PathLayer",
        id="outline",
        data=address,
        get_path="p",
        get_color=[*colours.ink(), 220],
        get_width=2,
        width_units="'pixels'",
        joint_rounded=True,
    )


def score_colour(weights: Sequence[float]) -> str:
    """The expression that colours a row of `mapdata.subscores`: Σ w·s / Σ w·k, grey below 60 % of the weight known.

    Expressions know no functions, but they know arithmetic, ?: and, after brackets, indexing; |0 rounds down.
    """
    sub, known = mapdata.letters(len(weights))
    used = [i for i, w in enumerate(weights) if w > 0]
    worth = "+".join(f"{weights[i]:g}*{sub[i]}" for i in used) or "0"
    weight = "+".join(f"{weights[i]:g}*{known[i]}" for i in used) or "0"
    least = LEAST_COVERAGE * sum(weights) - 1e-6
    palette = json.dumps(
        [[*c, _CELL_ALPHA] for c in [*colours.amounts(10), colours.amounts(10)[-1]]], separators=(",", ":")
    )
    grey = json.dumps([*colours.not_known(), 150], separators=(",", ":"))
    return f"({weight})<{least:g}?{grey}:({palette})[(({worth})/({weight})/{mapdata.SCALE // 10})|0]"


def class_colour(steps: int) -> str:
    """The expression that colours a row of `mapdata.classed`: class −1 grey, 0 none, then rising."""
    rising = [[*c, _CELL_ALPHA] for c in colours.amounts(steps)]
    palette = [[*colours.not_known(), 150], [*colours.none(), 130], *rising]
    return f"({json.dumps(palette, separators=(',', ':'))})[c+1]"


def cells(address: str, colour: str, *, clicks: int) -> list[pdk.Layer]:
    """Cells coloured by an expression, under an unseen copy that takes the clicks.

    Streamlit fades whatever is not selected, until the layer of the selection is gone: the copy's id counts the
    `clicks`. `high_precision`: an edge of the icosahedron runs through Ghent.
    """
    given = {"data": address, "get_hexagon": "h", "high_precision": True, "stroked": False, "extruded": False}
    changed = hashlib.md5(colour.encode(), usedforsecurity=False).hexdigest()[:8]
    return [
        pdk.Layer(
            "H3HexagonLayer",
            id="colours",
            get_fill_color=colour,
            update_triggers={"getFillColor": changed},
            **given,
        ),
        pdk.Layer(
            "H3HexagonLayer",
            id=f"{CELLS}{clicks}",
            get_fill_color=[0, 0, 0, 1],
            pickable=True,
            auto_highlight=True,
            highlight_color=[*colours.ink(), 60],
            **given,
        ),
    ]


def hexagons(rows: Sequence[Mapping[str, Any]], layer: str) -> pdk.Layer:
    """Cells that bring their colour: rows of {"h" cell, "c" colour, "n" and "t" for the tooltip}."""
    return pdk.Layer(
        "H3HexagonLayer",
        id=layer,
        data=list(rows),
        get_hexagon="h",
        high_precision=True,
        stroked=False,
        extruded=False,
        get_fill_color="c",
        pickable=True,
    )


def ring(cell: str | None) -> pdk.Layer:
    """A ring around the chosen cell."""
    return pdk.Layer(
        "H3HexagonLayer",
        id="picked",
        data=[{"h": cell}] if cell else [],
        get_hexagon="h",
        high_precision=True,
        stroked=True,
        filled=False,
        extruded=False,
        get_line_color=list(_ACCENT),
        line_width_min_pixels=3,
        get_line_width=3,
    )


_ACCENT: Rgb = (214, 64, 48)


def pins(rows: Sequence[Mapping[str, Any]], chosen: str | None, *, clicks: int) -> pdk.Layer:
    """Pins: rows of {"r" number or letter, "x" lng, "y" lat, "n" name}; the one whose "r" is `chosen` is red."""
    mark = json.dumps(chosen)
    return pdk.Layer(
        "TextLayer",
        id=f"{PINS}{clicks}",
        data=list(rows),
        get_position="[x,y]",
        get_text="r",
        get_size=13,
        font_weight="'bold'",
        font_family="'Source Sans, Arial, sans-serif'",
        get_color=list(colours.paper()),
        background=True,
        get_background_color=f"r=={mark}?{list(_ACCENT)}:{list(colours.ink())}",
        background_padding=[7, 4],
        background_border_radius=11,
        get_border_color=list(colours.paper()),
        get_border_width=1.5,
        pickable=True,
        update_triggers={"getBackgroundColor": chosen},
    )


def clicked(selection: Mapping[str, Sequence[Mapping[str, Any]]]) -> Mapping[str, Any] | None:
    """The row that was clicked, pins before cells; None when nothing was."""
    rows = [
        row for kind in (PINS, CELLS) for layer, found in selection.items() if layer.startswith(kind) for row in found
    ]
    return rows[0] if rows else None
