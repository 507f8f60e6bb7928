"""People walking through a town for a day: an independent simulation, from which the counters are read.

Everybody enters somewhere, has errands, sees where they lie, is a little impatient or curious at each corner, stays a
while, and goes back. It knows attractors that stand on no map, and shares nothing with the app's own estimates.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.random import Generator
from scipy.sparse.csgraph import dijkstra

from geodata.sample.graph import Ints, StreetGraph, street_graph
from geodata.sample.layout import Street
from geodata.sample.region import MARKET, RESORT, STATION, Floats, Point
from geodata.sample.stops import Course
from geodata.sample.town import Town

HOURS = 24
_LURE = {
    "supermarket": 9.0, "department_store": 20.0, "clothes": 5.0, "drugstore": 6.0, "bakery": 3.2, "cafe": 3.0,
        "fast_food": 3.5,
    "restaurant": 2.2, "bar": 1.8, "shoes": 3.0, "electronics": 2.6, "media": 3.0, "pharmacy": 2.2, "jewellery": 1.6,
    "finance": 1.3, "convenience": 2.4, "speciality_food": 2.0, "gifts": 1.5, "sports": 2.5, "home": 1.4,
}  # fmt: skip
HIDDEN: tuple[tuple[str, Point, float, tuple[float, float]], ...] = (
    ("foodtrucks on the old loading quay", (1330.0, -330.0), 130.0, (11.0, 20.0)),
    ("school gate used by parents", (640.0, 560.0), 90.0, (7.5, 16.5)),
    ("youth club without a sign", (1330.0, 700.0), 60.0, (13.0, 22.0)),
)
"""Attractors nobody mapped: place, pull, and hours between which people come."""


@dataclass(frozen=True)
class DayKind:
    """A kind of day: people on foot compared with a weekday, and how it differs (pull of square, transit, evening)."""

    name: str
    crowd: float
    square: float = 0.0
    transit: float = 1.0
    late: float = 1.0
    shops: float = 1.0


DAYS = (
    DayKind("weekday", 1.0),
    DayKind("market", 1.12, square=420.0),
    DayKind("saturday", 1.55, transit=0.9, late=1.5, shops=1.5),
    DayKind("sunday", 0.42, transit=0.6, late=1.6, shops=0.25),
)


@dataclass(frozen=True, eq=False)
class Flows:
    """People passing each edge of the graph by hour, both directions; by kind of day. Shape (edges, 24)."""

    graph: StreetGraph
    by_day: dict[str, Floats]


@dataclass(frozen=True, eq=False)
class _Ground:
    graph: StreetGraph
    neighbours: Ints
    metres: Floats
    edges: Ints
    goals: Ints
    pull: Floats
    away: Floats
    kinds: list[str]


def walk(
    town: Town, courses: list[Course], centre: Point, rng: Generator, *, people: int, weight: float, reach_m: float
) -> Flows:
    """Let `people` walk for each kind of day around a centre; each stands for `weight` persons."""
    near = [s for s in town.streets if np.hypot(*(s.line[len(s.line) // 2] - centre).T) < reach_m]
    ground = _ground(town, near, centre, reach_m)
    doors, share = _doors(town, courses, ground.graph, centre, reach_m)
    flows = {}
    for day, stream in zip(DAYS, rng.spawn(len(DAYS)), strict=True):
        flows[day.name] = weight * day.crowd * _one_day(ground, doors, share, day, people, stream)
    return Flows(ground.graph, flows)


def _ground(town: Town, near: list[Street], centre: Point, reach_m: float) -> _Ground:
    graph = street_graph(near, leave_out=("track",))
    n = len(graph.nodes)
    a, b = np.concatenate([graph.a, graph.b]), np.concatenate([graph.b, graph.a])
    order = np.argsort(a, kind="stable")
    a, b, edge = a[order], b[order], np.tile(np.arange(len(graph.a)), 2)[order]
    slot = np.arange(len(a)) - np.searchsorted(a, a)
    width = int(slot.max()) + 1
    neighbours, metres, edges = (np.full((n, width), fill) for fill in (-1, np.inf, 0))
    neighbours[a, slot], metres[a, slot], edges[a, slot] = b, graph.metres[edge], edge
    goals, pull, kinds = _goals(town, graph, centre, reach_m)
    away = dijkstra(graph.matrix(), indices=goals).astype(np.float32)
    return _Ground(
        graph, neighbours.astype(np.int64), metres, edges.astype(np.int64), goals, pull, np.minimum(away, 1e5), kinds
    )


def _goals(town: Town, graph: StreetGraph, centre: Point, reach_m: float) -> tuple[Ints, Floats, list[str]]:
    """Nodes that draw people, with pull: shops gathered per corner, the square, schools, and the hidden ones."""
    open_units = town.units[town.units["vacant"] == ""]
    at = open_units[["x", "y"]].to_numpy()
    inside = np.hypot(*(at - centre).T) < reach_m * 0.8
    nodes = graph.nearest(at[inside])
    pull = np.bincount(
        nodes, weights=open_units["branch"].map(_LURE).fillna(1.0).to_numpy()[inside], minlength=len(graph.nodes)
    )
    best = np.argsort(-pull, kind="stable")[:190]
    rows = [(int(i), float(pull[i]), "shop") for i in best if pull[i] > 0]
    rows.append((int(graph.nearest(np.array([MARKET]))[0]), 1.0, "square"))
    rows += [
        (int(graph.nearest(np.array([s]))[0]), 10.0, "school")
        for s in town.places.schools
        if np.hypot(s[0] - centre[0], s[1] - centre[1]) < reach_m * 0.7
    ]
    if centre == MARKET:
        rows += [(int(graph.nearest(np.array([p]))[0]), w, name) for name, p, w, _ in HIDDEN]
    else:
        shore = town.layout.dyke.exterior
        along = shore.project(shapely.Point(RESORT)) + np.linspace(-700, 700, 9)
        rows += [
            (int(graph.nearest(np.array(shore.interpolate(m % shore.length).coords))[0]), 40.0, "beach") for m in along
        ]
    nodes_, pull_, kinds = zip(*rows, strict=True)
    return np.array(nodes_), np.array(pull_), list(kinds)


def _doors(
    town: Town, courses: list[Course], graph: StreetGraph, centre: Point, reach_m: float
) -> tuple[Floats, Floats]:
    """Where people come from: (node, kind) with kind 0 home, 1 transit, 2 car park; and the share of each."""
    at = town.buildings[["x", "y"]].to_numpy()
    away = np.hypot(*(at - centre).T)
    homes = np.where(away < reach_m * 0.85, town.homes * np.exp(-away / 1300), 0)
    nodes = [(graph.nearest(at), homes / homes.sum() * 0.52, 0)]
    stops = {s.id: s for c in courses for s in c.stops}
    places = np.array([(s.x, s.y) for s in stops.values()])
    far = np.hypot(*(places - centre).T)
    use = np.where(far < reach_m * 0.7, np.exp(-far / 500), 0.0)
    nodes.append((graph.nearest(places), use / use.sum() * 0.13, 1))
    if centre == MARKET:
        nodes.append((graph.nearest(np.array([STATION])), np.array([0.07]), 1))
    parks = np.array(town.places.car_parks)
    far = np.hypot(*(parks[:, :2] - centre).T)
    use = np.where(far < reach_m * 0.7, parks[:, 2] * np.exp(-far / 450), 0.0)
    nodes.append((graph.nearest(parks[:, :2]), use / use.sum() * 0.28, 2))
    table = np.array([(n, k) for ids, _, k in nodes for n in ids])
    share = np.concatenate([s for _, s, _ in nodes])
    return table, share


def _one_day(ground: _Ground, doors: Floats, share: Floats, day: DayKind, people: int, rng: Generator) -> Floats:
    """Passages by edge and hour of all people on one day."""
    share = share * np.where(doors[:, 1] == 1, day.transit, 1.0)
    entry = rng.choice(len(doors), people, p=share / share.sum())
    home = doors[entry, 0].astype(np.int64)
    clock = _start(people, day, doors[entry, 1], rng)
    errands = np.minimum(rng.geometric(0.42, people), 6)
    temper = 9.0 * rng.lognormal(0, 0.6, people)
    temper[rng.random(people) < 0.15] *= 5
    away = np.vstack([ground.away, np.zeros((1, ground.away.shape[1]), dtype=np.float32)])
    passed = np.zeros((len(ground.graph.a), HOURS))
    here, goal = home.copy(), _choose(ground, home, clock, day, rng)
    last_edge = np.full(people, -1)
    homeward = np.zeros(people, dtype=bool)
    active = np.arange(people)
    home_field = _home_fields(ground, home)
    for _ in range(420):
        if len(active) == 0:
            break
        options = ground.neighbours[here[active]]
        target = np.maximum(options, 0)
        to_goal = away[goal[active][:, None], target]
        to_home = home_field(active, target)
        left = np.where(homeward[active][:, None], to_home, to_goal)
        edge = ground.edges[here[active]]
        cost = ground.metres[here[active]] + left + temper[active][:, None] * rng.gumbel(size=options.shape)
        cost = cost + 60.0 * (edge == last_edge[active][:, None])
        pick = np.argmin(np.where(options >= 0, cost, np.inf), axis=1)
        row = np.arange(len(active))
        walked = edge[row, pick]
        hour = np.minimum(clock[active], 23.9).astype(int)
        passed += np.bincount(walked * HOURS + hour, minlength=passed.size).reshape(passed.shape)
        clock[active] += ground.metres[here[active], pick] / rng.normal(4300, 350, len(active)).clip(3000)
        here[active], last_edge[active] = options[row, pick], walked
        arrived = active[~homeward[active] & (here[active] == ground.goals[goal[active]])]
        clock[arrived] += rng.exponential(0.22, len(arrived))
        errands[arrived] -= 1
        homeward[arrived] = (errands[arrived] <= 0) | (clock[arrived] > 22)
        onward = arrived[~homeward[arrived]]
        if len(onward):
            goal[onward] = _choose(ground, here[onward], clock[onward], day, rng)
        active = active[
            ~(homeward[active] & (home_field(active, here[active][:, None])[:, 0] < 1.0)) & (clock[active] < 24)
        ]
    return passed


def _home_fields(ground: _Ground, home: Ints) -> Callable[[Ints, Ints], Floats]:
    """Distance back to where each person came from, by way of the hundred or so entrances most used."""
    used, count = np.unique(home, return_counts=True)
    main = used[np.argsort(-count, kind="stable")[:160]]
    field = np.minimum(dijkstra(ground.graph.matrix(), indices=main), 1e5).astype(np.float32)
    nearest = np.argmin(field[:, home], axis=0)
    return lambda who, at: field[nearest[who][:, None], at]


def _start(people: int, day: DayKind, kind: Floats, rng: Generator) -> Floats:
    """Hour at which each person sets out: commuters early and late, shoppers through the day, some for the evening."""
    peaks = np.array([8.0, 10.7, 14.4, 16.6, 19.3])
    spread = np.array([0.6, 1.2, 1.5, 1.1, 1.0])
    share = np.array([0.09, 0.28, 0.3, 0.21, 0.12 * day.late])
    if day.name in ("saturday", "sunday"):
        share[0] *= 0.25
    of = np.where((kind == 1) & (rng.random(people) < 0.22), 0, rng.choice(5, people, p=share / share.sum()))
    return np.clip(rng.normal(peaks[of], spread[of]), 5.5, 22.5)


def _choose(ground: _Ground, here: Ints, clock: Floats, day: DayKind, rng: Generator) -> Ints:
    """The next errand: pull against distance, shops only in their hours, the square when there is a market."""
    hours = {name: between for name, _, _, between in HIDDEN}
    pull = np.empty((len(here), len(ground.goals)))
    shops_open = np.where((clock > 8.5) & (clock < 18.6), 1.0, 0.22) * day.shops
    for j, kind in enumerate(ground.kinds):
        if kind == "shop":
            pull[:, j] = ground.pull[j] * shops_open
        elif kind == "square":
            pull[:, j] = 6.0 + day.square * ((clock > 7.8) & (clock < 12.9))
        elif kind == "school":
            pull[:, j] = ground.pull[j] * (np.abs(clock - 8.2) < 0.5) * (day.name in ("weekday", "market"))
        else:
            low, high = hours.get(kind, (9.5, 21.0))
            pull[:, j] = ground.pull[j] * ((clock > low) & (clock < high))
    pull *= np.exp(-ground.away[:, here].T / 420.0) + 1e-6
    edges = np.cumsum(pull, axis=1)
    return np.asarray(np.argmax(edges > (rng.random(len(here)) * edges[:, -1])[:, None], axis=1))
