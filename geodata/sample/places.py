"""What else a map shows: schools, churches, parking, parks, benches, the station, beaches."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import shapely
from numpy.random import Generator

from geodata.sample.buildings import Plots
from geodata.sample.layout import Layout, Street
from geodata.sample.region import MARKET, STATION, Floats

Tags = dict[str, str]


@dataclass
class Places:
    """Points and areas with tags, extra tags for buildings by row, and sites that the walkers know."""

    points: list[tuple[float, float, Tags]] = field(default_factory=list)
    areas: list[tuple[shapely.Polygon, Tags]] = field(default_factory=list)
    building_tags: dict[int, Tags] = field(default_factory=dict)
    car_parks: list[tuple[float, float, int]] = field(default_factory=list)
    schools: list[tuple[float, float]] = field(default_factory=list)


def find_places(
    layout: Layout, streets: list[Street], plots: Plots, buildings: pd.DataFrame, units: pd.DataFrame, rng: Generator,
    halls: list[tuple[shapely.Polygon, Tags]],
) -> Places:  # fmt: skip
    """Everything beside streets, buildings and shops; `halls` are large buildings that stand already."""
    places = Places(areas=[*halls])
    yard_rng, house_rng, small_rng = rng.spawn(3)
    _green(layout, places)
    _yards(layout, plots, places, yard_rng, [h for h, _ in halls])
    _houses(layout, buildings, units, places, house_rng)
    _street_furniture(layout, streets, units, places, small_rng)
    _square_and_station(layout, places)
    return places


def _green(layout: Layout, places: Places) -> None:
    tags = {"park": {"leisure": "park"}, "woods": {"landuse": "forest"}, "retail": {"landuse": "retail"},
            "industrial": {"landuse": "industrial"}}  # fmt: skip
    for kind, zones in layout.zones.items():
        places.areas += [(shape, {**tags[kind], "name": name}) for name, shape in zones]
    resort = layout.municipalities.get("testerep-bad")
    if resort is not None:
        for part in shapely.get_parts(layout.land.difference(layout.dyke.buffer(4)).intersection(resort.buffer(-3))):
            if part.area > 20_000 and len(part.interiors) == 0:
                places.areas.append(
                    (part.simplify(2), {"natural": "beach", "surface": "sand", "name": "Strand Testerep-Bad"})
                )
    for part in shapely.get_parts(layout.river):
        places.areas.append((part.simplify(1), {"natural": "water", "water": "river", "name": "Testerleie"}))


def _yards(layout: Layout, plots: Plots, places: Places, rng: Generator, halls: list[shapely.Polygon]) -> None:
    """Open ground behind the houses holds schools, churches and car parks."""
    behind = {"core": 17.0, "belt": 16.0, "town": 21.0, "front": 21.0}
    yards = shapely.buffer(plots.shapes, [-behind.get(style, 0.0) for style in plots.styles], quad_segs=2)
    free: list[tuple[shapely.Polygon, Floats, str]] = []
    for plot, yard, style in zip(plots.shapes, yards, plots.styles, strict=True):
        if style == "retail":
            west, south, east, north = plot.bounds
            half = shapely.box(west, south, east, (south + north) / 2)
            yard = plot.buffer(-3).difference(plot.buffer(-24)).intersection(half)
        elif style not in behind or yard.area < 500 or any(hall.intersects(plot) for hall in halls):
            continue
        part = max(shapely.get_parts(yard), key=lambda p: float(p.area))
        if part.area > 500:
            free.append((shapely.Polygon(part.exterior), np.asarray(part.representative_point().coords[0]), style))
    middles = np.array([m for _, m, _ in free]).reshape(-1, 2)
    used: set[int] = set()
    for place in layout.region.settlements:
        away = np.hypot(*(middles - place.centre).T) + np.array([1e6 * (i in used) for i in range(len(free))])
        near = [int(i) for i in np.argsort(away) if away[i] < place.town_m * 1.3]
        if place.core_m:
            for i in near[: 3 if place.core_m > 500 else 1]:
                used.add(i)
                _church(free[i][1], place.name, places)
        share = next(m.residents for m in layout.region.municipalities if m.id == place.municipality) / 4200
        schools = max(1, round(share * (0.6 if place.core_m else 0.2)))
        big = [i for i in near if i not in used and free[i][0].area > 1_800][:: 3 if place.core_m > 500 else 1]
        for i in big[:schools]:
            used.add(i)
            _school(free[i], len(places.schools), places)
        ring = [i for i in near if i not in used and free[i][0].area > 1_100 and away[i] > 0.25 * place.core_m]
        for i in ring[:: 3 if place.core_m > 500 else 2][
            : 14 if place.core_m > 500 else 7 if place.core_m > 350 else 2
        ]:
            used.add(i)
            _car_park(free[i], places, rng)
    for i, (shape, middle, style) in enumerate(free):
        if style == "retail" and i not in used:
            _car_park((shape, middle, style), places, rng)


def _church(middle: Floats, name: str, places: Places) -> None:
    x, y = middle
    nave, transept = shapely.box(x - 17, y - 6, x + 17, y + 6), shapely.box(x + 2, y - 12, x + 11, y + 12)
    shape = shapely.union(nave, transept)
    tags = {"building": "church", "amenity": "place_of_worship", "religion": "christian", "name": f"Kerk van {name}"}
    places.areas.append((shape, tags))


def _school(yard: tuple[shapely.Polygon, Floats, str], count: int, places: Places) -> None:
    shape, (x, y), _ = yard
    name = ("Basisschool De Vuurtoren", "Sint-Lievenscollege", "GO! Atheneum", "De Zeester", "Vrije Basisschool")[
        count % 5
    ]
    places.areas.append((shape, {"amenity": "school", "name": name}))
    block = shapely.box(x - 14, y - 11, x + 14, y + 11).intersection(shape)
    if block.geom_type == "Polygon" and block.area > 500:
        court = shapely.box(x - 7, y - 5, x + 7, y + 5)
        places.areas.append((block.difference(court), {"building": "school", "building:levels": "2"}))
    places.schools.append((float(x), float(y)))


def _car_park(yard: tuple[shapely.Polygon, Floats, str], places: Places, rng: Generator) -> None:
    shape, (x, y), style = yard
    capacity = max(15, int(shape.area / 27))
    tags = {"amenity": "parking"} | ({"capacity": str(capacity)} if rng.random() < 0.55 else {})
    if style == "retail" or rng.random() < 0.12:
        tags["access"] = "customers"
    elif rng.random() < 0.4:
        tags |= {"fee": "yes", "access": "yes"}
    places.areas.append((shape, tags))
    places.car_parks.append((float(x), float(y), capacity))


_IN_HOUSES = (
    ("testerep-stad", 8, {"tourism": "hotel"}, "Hotel"), ("testerep-bad", 26, {"tourism": "hotel"}, "Hotel"),
    ("sluiskerke", 3, {"tourism": "hotel"}, "Herberg"), ("testerep-stad", 26, {"amenity": "doctors"}, "Huisartsen"),
    ("testerep-bad", 6, {"amenity": "doctors"}, "Huisartsen"), ("harendijke", 6, {"amenity": "dentist"}, "Tandarts"),
    ("testerep-stad", 1, {"amenity": "library"}, "Bibliotheek"), ("testerep-stad", 2, {"tourism": "museum"}, "Museum"),
    ("testerep-stad", 1, {"amenity": "theatre"}, "Stadsschouwburg"), ("testerep-stad", 1, {"amenity": "cinema"},
        "Cinema Astrid"),
    ("testerep-bad", 1, {"amenity": "casino"}, "Kursaal"), ("sluiskerke", 1, {"tourism": "museum"}, "Sluismuseum"),
    ("testerep-dorp", 1, {"amenity": "library"}, "Dorpsbibliotheek"), ("testerep-dorp",
        2, {"amenity": "doctors"}, "Huisartsen"),
    ("testerep-stad", 1, {"amenity": "townhall"}, "Stadhuis"), ("testerep-stad", 1, {"amenity": "hospital"},
        "AZ Testerep"),
)  # fmt: skip
_HOTELS = (
    "Astoria", "Beau Séjour", "Du Phare", "De Branding", "Royal", "Albatros", "Splendid", "Bellevue", "Zeezicht",
    "Mercator", "De Kogge", "Ocean", "Lido", "Ambassade",
)  # fmt: skip


def _houses(layout: Layout, buildings: pd.DataFrame, units: pd.DataFrame, places: Places, rng: Generator) -> None:
    """Hotels, doctors, museums and the town hall take a building without a shop, near the centre."""
    centre = {s.municipality: np.array(s.centre) for s in reversed(layout.region.settlements)}
    used = set(units["building"])
    at, owner, style = buildings[["x", "y"]].to_numpy(), buildings["owner"].to_numpy(), buildings["style"].to_numpy()
    for slug, count, tags, name in _IN_HOUSES:
        if slug not in centre:
            continue
        goal = np.array(MARKET) if "townhall" in tags.values() else centre[slug]
        rows = np.flatnonzero((owner == slug) & ~np.isin(style, ["retail", "industrial"]))
        near = rows[np.argsort(np.hypot(*(at[rows] - goal).T))]
        near = near[style[near] == "front"] if name == "Hotel" and (style[near] == "front").sum() > count else near
        free = [int(i) for i in near if int(i) not in used][: 14 * count if count > 1 else 1]
        for i in sorted(rng.choice(free, min(count, len(free)), replace=False).tolist()):
            used.add(i)
            full = f"{name} {_HOTELS[int(rng.integers(len(_HOTELS)))]}" if tags.get("tourism") == "hotel" else name
            places.building_tags[i] = {**tags, "name": full}


def _street_furniture(
    layout: Layout, streets: list[Street], units: pd.DataFrame, places: Places, rng: Generator
) -> None:
    """Benches, bins, toilets, drinking water and bicycle racks where people come."""
    at = units[["x", "y"]].to_numpy()
    busy = at[units["mix"].isin(["main", "square", "seaside", "side", "station"]).to_numpy()]
    for key, value, count in (("amenity", "bench", 170), ("amenity", "waste_basket", 190), ("amenity",
        "bicycle_parking", 70),
                              ("amenity", "toilets", 9), ("amenity", "drinking_water", 8)):  # fmt: skip
        if len(busy) == 0:
            continue
        for x, y in busy[rng.integers(0, len(busy), count)] + rng.uniform(-4, 4, (count, 2)):
            tags = {key: value}
            if value == "bicycle_parking" and rng.random() < 0.7:
                tags["capacity"] = str(int(rng.integers(4, 30)) * 2)
            if value == "toilets":
                tags |= {
                    "fee": "yes" if rng.random() < 0.5 else "no",
                    "wheelchair": "yes" if rng.random() < 0.6 else "no",
                }
            places.points.append((round(float(x), 2), round(float(y), 2), tags))


def _square_and_station(layout: Layout, places: Places) -> None:
    if layout.region.name != "testerep":
        return
    square = layout.square.buffer(-3)
    market = {"amenity": "marketplace", "name": "Grote Markt", "opening_hours": "We 08:00-12:30"}
    places.areas.append((square, market))
    x, y = square.centroid.coords[0]
    places.points.append((x + 12, y + 6, {"amenity": "parking", "parking": "underground", "capacity": "320",
        "fee": "yes",
                                         "name": "Parking Grote Markt"}))  # fmt: skip
    places.car_parks.append((float(x + 12), float(y + 6), 320))
    for name, where, hours in (
        ("Badmarkt", (-2820.0, 3850.0), "Fr 08:00-13:00"),
        ("Weekmarkt Sluiskerke", (3270.0, 2985.0), "Sa 08:00-12:30"),
    ):
        places.points.append((*where, {"amenity": "marketplace", "name": name, "opening_hours": hours}))
    sx, sy = layout.rail.interpolate(layout.rail.project(shapely.Point(STATION))).coords[0]
    places.areas.append(
        (shapely.box(sx - 34, sy - 26, sx + 6, sy - 15), {"building": "train_station", "name": "Station Testerep-Stad"})
    )
    places.points.append((sx - 20, sy - 32, {"amenity": "bicycle_parking", "capacity": "420", "covered": "yes"}))
    places.points.append((sx - 10, sy - 30, {"amenity": "toilets", "fee": "yes"}))
