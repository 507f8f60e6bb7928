"""What maps fetch, as JSON: cells with sub-scores or values, streets, outlines. Positions are WGS84 degrees."""

import json
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geodata import hexgrid
from geodata.store import Area
from location_model.profile import ValueFunction
from location_model.score import Float32s, value_of

MOST_CELLS = 20_000
NEAR_CELLS = 5_000
"""As many cells as redraw at once under a slider: the places around shops."""

SCALE = 1000
"""Sub-scores travel as whole numbers, 0–1000."""

STREET_CLASSES = {
    0: ("motorway", "trunk", "primary", "motorway_link", "trunk_link", "primary_link"),
    1: ("secondary", "tertiary", "secondary_link", "tertiary_link"),
    2: ("residential", "unclassified", "living_street", "road"),
    3: ("pedestrian",),
}
"""Classes drawn as background, widest first; paths and service roads would only blur it."""

_SIMPLIFY_M = 2.0
_AROUND_M = 1500.0
_HATCH = 0.00022
"""Degrees of latitude between hatching lines at the finest cells: about two lines a cell."""

Ints = npt.NDArray[np.int64]


def dumps(value: object) -> str:
    """Compact JSON."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def letters(n: int) -> tuple[list[str], list[str]]:
    """Column names of n criteria in a row of `subscores`: for the sub-score (a, b, …) and for known (A, B, …)."""
    small = [chr(ord("a") + i) for i in range(n)]
    return [f"s{x}" for x in small], [f"k{x}" for x in small]


def near_shops(area: Area, inside: str | None, most: int = NEAR_CELLS) -> Ints:
    """Positions of the cells that are worth showing, sorted: inside the areas asked, then by how many shops are around.

    `inside` is "core", "retail" or None. Cells without a street, and beyond `inside` without any shop around, are out.
    """
    grid = area.grid
    on_street = (grid["reason"] != "no_street").to_numpy()
    around = grid["agglomeration_premises"].fillna(0).to_numpy()
    within = np.zeros(len(grid), dtype=bool) if inside is None else (grid[f"{inside}_share"] > 0).to_numpy()
    wanted = np.flatnonzero(on_street & (within | (around >= 0.1)))
    order = np.lexsort((wanted, -around[wanted], ~within[wanted]))
    return np.sort(wanted[order[:most]])


def most_cells(within: str) -> int:
    """How many cells a map of the core, the retail areas or everything shows at most."""
    return MOST_CELLS if within == "all" else NEAR_CELLS


def subscores(
    cells: Sequence[str],
    names: Sequence[object],
    inputs: Float32s,
    functions: Sequence[ValueFunction],
    scores: Float32s,
) -> str:
    """Rows of cells with, by criterion, a sub-score 0–1000 (0 where not known) and whether it is known (1 or 0).

    `scores` are what a tooltip says, as whole numbers; – where NaN.
    """
    told = ["–" if x != x else f"{x:.0f}" for x in scores.tolist()]
    columns: dict[str, list[Any]] = {"h": list(cells), "n": [_name(n) for n in names], "t": told}
    score, known = letters(len(functions))
    for i, function in enumerate(functions):
        value = value_of(function, inputs[i])
        missing = np.isnan(value)
        columns[score[i]] = np.where(missing, 0, np.rint(np.nan_to_num(value) * SCALE)).astype(int).tolist()
        columns[known[i]] = (~missing).astype(int).tolist()
    return dumps(list(_rows(columns)))


def classed(cells: Sequence[str], names: Sequence[object], classes: Sequence[int], texts: Sequence[str]) -> str:
    """Rows of cells with the class to colour by (−1 not known) and the value as text."""
    return dumps(
        list(
            _rows({"h": list(cells), "n": [_name(n) for n in names], "c": [int(c) for c in classes], "t": list(texts)})
        )
    )


def streets(area: Area) -> str:
    """Streets as lines with their class 0–3, around the study area, rounded to about a metre."""
    table = area.tables.streets
    of = {kind: c for c, kinds in STREET_CLASSES.items() for kind in kinds}
    drawn = table.assign(c=table["highway"].map(of)).dropna(subset=["c"])
    around = gpd.GeoSeries([area.study.boundary], crs=4326).to_crs(table.crs).iloc[0].envelope.buffer(_AROUND_M)
    drawn = drawn[drawn.intersects(around)]
    lines = drawn.geometry.simplify(_SIMPLIFY_M).to_crs(4326)
    rows = sorted(zip(drawn["c"].astype(int), lines, strict=True), key=lambda r: -r[0])
    return dumps([{"p": line, "c": c} for c, shape in rows for line in _lines(shape)])


def outlines(areas: gpd.GeoDataFrame) -> str:
    """The borders of areas as lines."""
    rings = (line for shape in areas.to_crs(4326).geometry.boundary for line in _lines(shape))
    return dumps([{"p": line} for line in rings])


def hatching(cells: Sequence[str]) -> str:
    """Slanting lines over cells: their values look past the end of the data."""
    ground = hexgrid.outline(cells)
    if ground.is_empty:
        return dumps([])
    west, south, east, north = ground.bounds
    step = _HATCH * 7 ** ((hexgrid.RESOLUTION - hexgrid.resolution_of(cells[0])) / 2)
    slant = (north - south) / math.cos(math.radians(south))
    starts = np.arange(west - slant, east, step / math.cos(math.radians(south)))
    lines = shapely.linestrings([[(x, south), (x + slant, north)] for x in starts])
    crossed = shapely.intersection(shapely.multilinestrings(lines), ground)
    return dumps([{"p": line} for line in _lines(crossed)])


def _lines(shape: shapely.Geometry) -> Iterator[list[list[float]]]:
    for part in shapely.get_parts(shape):
        if len(xy := shapely.get_coordinates(part)) > 1:
            yield np.round(xy, 5).tolist()


def _rows(columns: dict[str, list[Any]]) -> Iterator[dict[str, Any]]:
    names = list(columns)
    return (dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True))


def _name(name: object) -> str:
    return name if isinstance(name, str) else ""


def breaks(values: npt.NDArray[np.floating[Any]], classes: int = 8) -> list[float]:
    """Borders between classes from the series 1, 2, 3, 5, 7, 10 …: easy to read, and mostly the same in every town.

    The highest is the largest of the series that one in a thousand of the values above zero still reaches.
    `classes − 1` borders, rising; empty when no value is above zero.
    """
    above = values[values > 0]
    if not len(above):
        return []
    top = float(np.quantile(above, 0.999))
    power = int(np.floor(np.log10(top)))
    series = [m * 10.0**p for p in range(power - classes, power + 1) for m in (1, 2, 3, 5, 7)]
    return [x for x in series if x <= top][-(classes - 1) :]


def classes_of(values: npt.NDArray[np.floating[Any]], borders: Sequence[float]) -> Ints:
    """The class of each value: −1 not known, 0 none, 1 … by border."""
    found = np.searchsorted(np.asarray(borders), values, side="right") + 1
    return np.where(np.isnan(values), -1, np.where(values <= 0, 0, found)).astype(np.int64)


def view_resolution(cells: Sequence[str], resolution: int, most: int = MOST_CELLS) -> int:
    """The finest resolution at which the cells are at most `most`."""
    while len(cells) > most:
        resolution -= 1
        cells = sorted(set(hexgrid.parents(cells, resolution)))
    return resolution


def texts(values: npt.NDArray[np.floating[Any]], write: Callable[[float], str]) -> list[str]:
    """Values as text, rounded to two digits first, so that each is written once."""
    size = np.floor(np.log10(np.maximum(np.abs(np.nan_to_num(values)), 1.0)))
    step = np.where(size < 1, 0.1, 10.0 ** (size - 1))
    rounded = np.round(values / step) * step
    distinct, where = np.unique(rounded, return_inverse=True)
    written = [write(float(x)) for x in distinct]
    return [written[i] for i in where]
