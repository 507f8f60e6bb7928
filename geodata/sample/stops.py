"""Bus and rail lines: the course of each line over the streets, and its stops."""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely import STRtree

from geodata.sample.graph import street_graph
from geodata.sample.layout import Layout, Street
from geodata.sample.region import MARKET, RESORT, STATION, Floats, Point
from geodata.sample.streets import owner_of

SPACING_M = 430.0


@dataclass(frozen=True)
class Line:
    """One line as planned: places it calls at, departures an hour, whether it runs late or in summer only."""

    number: str
    name: str
    via: tuple[Point, ...]
    weekday: float
    saturday: float
    sunday: float
    night: bool = False
    summer: bool = False


@dataclass(frozen=True)
class Stop:
    """A stop: id, name, position (metres) and municipality."""

    id: str
    name: str
    x: float
    y: float
    owner: str


@dataclass(frozen=True, eq=False)
class Course:
    """A line with its stops in order and the metres from the first stop."""

    line: Line
    stops: tuple[Stop, ...]
    metres: tuple[float, ...]


_DORP, _HAREN, _SLUIS, _WULP, _SCHOOR = (
    (-4250.0, 650.0),
    (4550.0, 560.0),
    (3250.0, 2950.0),
    (-2650.0, -2600.0),
    (250.0, -3350.0),
)
_SQUARE_SOUTH: Point = (892.0, 258.0)
LINES = (
    Line("1", "Station - Markt - Testerep-Dorp", (STATION, (1590.0, 150.0), _SQUARE_SOUTH, (225.0, 190.0),
        (-500.0, 300.0), _DORP, (-5000.0, 350.0)), 2, 1, 1),
    Line("2", "Station - Nieuwpolder - Testerep-Bad", (STATION, (1010.0, 955.0), (520.0, 815.0), (-500.0, 600.0),
        (-900.0, 2300.0), RESORT, (-2950.0, 4050.0)), 2, 2, 1),
    Line("3", "Station - Sluiskerke", (STATION, (1010.0, 955.0), (1950.0, 1950.0), _SLUIS, (3500.0, 3500.0)), 2, 1, 1),
    Line("4", "Markt - Handelspark - Harendijke", (_SQUARE_SOUTH, (1590.0, 150.0), (2430.0, 205.0), (3250.0,
        420.0), _HAREN, (5150.0, -400.0)), 3, 2, 1, True),
    Line("5", "Station - Brug - Wulpenhoek - Schoorland", (STATION, (1590.0, 150.0), _SQUARE_SOUTH, (890.0,
        -420.0), (-700.0, -1500.0), _WULP, _SCHOOR), 1, 0.5, 0),
    Line("6", "Stadslijn: Ringlaan - Markt - Zuidstraat", ((-420.0, 1050.0), (650.0, 1600.0), (1250.0, 1420.0),
        STATION, (1590.0, 150.0), _SQUARE_SOUTH, (890.0, -420.0), (930.0, -800.0), (1600.0, -1250.0)), 4, 3, 2, True),
    Line("7", "Kustlijn: Dorp - Testerep-Bad - Sluiskerke", (_DORP, (-3500.0, 2800.0), RESORT, (-200.0, 3900.0),
        _SLUIS), 1, 1, 1),
    Line("70", "Strandbus", (STATION, (1010.0, 955.0), (520.0, 815.0), (-900.0, 2300.0), RESORT, (-1500.0,
        4350.0)), 3, 4, 4, False, True),
)  # fmt: skip
RAIL = Line("IC", "Grootmonde - Testerep-Stad - Testerep-Bad", (), 1, 1, 0.5, True)
RAIL_STOPS = (
    ("Grootmonde", None),
    ("Harendijke", (4550.0, 880.0)),
    ("Testerep-Stad", STATION),
    ("Testerep-Bad", (-2300.0, 3570.0)),
)
MAINLAND_STATION: Point = (14300.0, -600.0)


def plan_lines(layout: Layout, streets: list[Street]) -> tuple[list[Course], Course]:
    """All bus courses, and the rail course; a stop used by several lines is one stop."""
    graph = street_graph(streets, leave_out=("footway", "path", "steps", "cycleway", "track"))
    named = [s for s in streets if s.name]
    tree = STRtree([shapely.LineString(s.line) for s in named])
    known: list[Stop] = []
    courses = []
    for line in LINES:
        path = graph.route(np.array(line.via))
        steps = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
        marks = np.linspace(0, steps[-1], max(2, round(steps[-1] / SPACING_M)) + 1)
        places = np.column_stack([np.interp(marks, steps, path[:, i]) for i in (0, 1)])
        ahead = np.column_stack([np.interp(marks + 3, steps, path[:, i]) for i in (0, 1)]) - places
        ahead[-1] = ahead[-2]
        beside = (
            places + 4.0 * np.column_stack([ahead[:, 1], -ahead[:, 0]]) / np.maximum(0.1, np.hypot(*ahead.T))[:, None]
        )
        stops: list[Stop] = []
        for (x, y), owner in zip(np.round(beside, 2).tolist(), owner_of(layout, beside), strict=True):
            near = [s for s in known if np.hypot(s.x - x, s.y - y) < 150 and s not in stops]
            if near:
                stops.append(min(near, key=lambda s: float(np.hypot(s.x - x, s.y - y))))
                continue
            found = tree.query_nearest(shapely.Point(x, y))
            stop = Stop(
                f"{200001 + len(known)}", _name(x, y, owner, named[int(found[0])].name, layout, known), x, y, owner
            )
            known.append(stop)
            stops.append(stop)
        courses.append(Course(line, tuple(stops), tuple(np.round(marks, 0).tolist())))
    return courses, _rail(layout)


def _name(x: float, y: float, owner: str, street: str, layout: Layout, known: list[Stop]) -> str:
    place = next(m.name for m in layout.region.municipalities if m.id == owner)
    if np.hypot(x - STATION[0], y - STATION[1]) < 120:
        return f"{place} Station"
    if np.hypot(x - MARKET[0], y - MARKET[1]) < 120:
        return f"{place} Grote Markt"
    name = f"{place} {street}"
    double = sum(s.name.startswith(name) for s in known)
    return name if double == 0 else f"{name} {double + 1}"


def _rail(layout: Layout) -> Course:
    slugs = (None, "harendijke", "testerep-stad", "testerep-bad")
    stops = []
    for i, ((name, where), slug) in enumerate(zip(RAIL_STOPS, slugs, strict=True)):
        x, y = MAINLAND_STATION
        if where is not None:
            x, y = layout.rail.interpolate(layout.rail.project(shapely.Point(where))).coords[0]
        stops.append(Stop(f"89000{i + 1}", name, round(x, 2), round(y, 2), slug or "grootmonde"))
    at: Floats = np.array([(s.x, s.y) for s in stops])
    metres = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(at, axis=0).T))])
    return Course(RAIL, tuple(stops), tuple(np.round(metres, 0).tolist()))
