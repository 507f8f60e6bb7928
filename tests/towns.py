"""Towns drawn by hand, small enough to check by eye: written as OpenStreetMap files, built like real ones."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import osmium
import pyproj

ORIGIN = (600_000.0, 690_000.0)
"""Belgian Lambert 2008: a meadow in Flanders where none of these towns exist."""

_TO_DEGREES = pyproj.Transformer.from_crs(3812, 4326, always_xy=True)


@dataclass
class Drawing:
    """A town on squared paper: metres east and north of the origin, one call a thing."""

    nodes: dict[tuple[float, float], int] = field(default_factory=dict)
    points: list[tuple[float, float, dict[str, str]]] = field(default_factory=list)
    ways: list[tuple[list[int], dict[str, str]]] = field(default_factory=list)

    def node(self, x: float, y: float) -> int:
        """The shared node at a point."""
        return self.nodes.setdefault((x, y), len(self.nodes) + 1)

    def street(self, *points: tuple[float, float], **tags: str) -> None:
        """A street through points; where streets share a point they meet."""
        self.ways.append(([self.node(*p) for p in points], {"highway": "residential", **_keys(tags)}))

    def shore(self, west: float, south: float, east: float, north: float) -> None:
        """A coastline around the town: what lies behind it is known to be nothing."""
        ring = [self.node(*c) for c in ((west, south), (east, south), (east, north), (west, north))]
        self.ways.append(([*ring, ring[0]], {"natural": "coastline"}))

    def point(self, x: float, y: float, **tags: str) -> None:
        """A tagged point: `shop="bakery"`, `addr__street="Kerkstraat"` for keys with a colon."""
        self.points.append((x, y, _keys(tags)))

    def building(self, x: float, y: float, width: float = 10.0, depth: float = 10.0, **tags: str) -> None:
        """A building with its south-west corner at x, y."""
        corners = [(x, y), (x + width, y), (x + width, y + depth), (x, y + depth)]
        ring = [self.node(*c) for c in corners]
        self.ways.append(([*ring, ring[0]], {"building": "house", **_keys(tags)}))

    def write(self, path: Path) -> Path:
        """The drawing as `.osm`, `.osm.gz` or `.osm.pbf`, by the file's ending."""
        with osmium.SimpleWriter(str(path)) as writer:
            for (x, y), number in self.nodes.items():
                writer.add_node(osmium.osm.mutable.Node(id=number, version=1, location=degrees(x, y)))
            first = len(self.nodes) + 1
            for number, (x, y, tags) in enumerate(self.points, start=first):
                writer.add_node(osmium.osm.mutable.Node(id=number, version=1, location=degrees(x, y), tags=tags))
            for number, (refs, tags) in enumerate(self.ways, start=1):
                writer.add_way(osmium.osm.mutable.Way(id=number, version=1, nodes=refs, tags=tags))
        return path


def degrees(x: float, y: float) -> tuple[float, float]:
    """Longitude and latitude of a point on the squared paper."""
    lng, lat = _TO_DEGREES.transform(ORIGIN[0] + x, ORIGIN[1] + y)
    return float(lng), float(lat)


def _keys(tags: dict[str, str]) -> dict[str, str]:
    return {key.replace("__", ":"): value for key, value in tags.items()}


def squareville(size: int = 24, block_m: float = 75.0, *, island: bool = True) -> Drawing:
    """A town of square blocks: Marktstraat (busy, pedestrian) through the middle, houses along every street.

    Streets run at multiples of `block_m`. Along Marktstraat, from west to east: shops of several branches, every
    fifth unit vacant (`shop=vacant`, one of them `disused:shop`). One bakery stands far off in the south-west corner.
    Bus stops at both ends of Marktstraat, a car park with 80 places behind it. As an island the town ends at its
    shores; otherwise its streets go on where the data stop.
    """
    town = Drawing()
    side = (size - 1) * block_m
    middle = (size // 2) * block_m
    for i in range(size):
        at = i * block_m
        points = [k * block_m for k in range(size)]
        if at == middle:
            town.street(*((p, at) for p in points), highway="pedestrian", name="Marktstraat")
        else:
            town.street(*((p, at) for p in points), name=f"Dwarsstraat {i}")
        town.street(*((at, p) for p in points), name=f"Langestraat {i}")
        for k in range(size - 1):
            number = str(2 * k + 1)
            town.building(
                k * block_m + 30, at + 8, 9, 10,
                building__levels="2", addr__housenumber=number,
                addr__street=f"Dwarsstraat {i}" if at != middle else "Marktstraat",
            )  # fmt: skip
    kinds = [
        "bakery",
        "clothes",
        "clothes",
        "shoes",
        "books",
        "jewelry",
        "butcher",
        "hairdresser",
        "florist",
        "chemist",
    ]
    start = middle - 6 * block_m
    for n in range(40):
        x = start + n * 22.0
        address = {"addr__street": "Marktstraat", "addr__housenumber": str(100 + 2 * n)}
        if n % 5 == 4:
            vacant = {"disused__shop": "clothes"} if n == 9 else {"shop": "vacant"}
            town.point(x, middle + 6, **vacant, **address)
        else:
            town.point(x, middle + 6, shop=kinds[n % len(kinds)], name=f"Winkel {n}", **address)
    town.point(40.0, 40.0, shop="bakery", name="Verre bakker", addr__street="Dwarsstraat 0", addr__housenumber="1")
    town.point(start, middle - 5, highway="bus_stop", name="Markt west")
    town.point(side - start, middle - 5, highway="bus_stop", name="Markt oost")
    town.point(middle, middle - 90, amenity="parking", capacity="80")
    town.point(middle, middle + 40, amenity="bench")
    if island:
        town.shore(-60.0, -60.0, side + 60.0, side + 60.0)
    return town


def river_town() -> Drawing:
    """Two streets of three kilometres on either side of a river, 300 m apart, with one bridge at their east end.

    As many homes on either bank. Bakers stand opposite one another at the west end, a vacant unit near the bridge on
    the south bank, a cafe in the middle of the north bank; of none the floor area is known.
    """
    town = Drawing()
    for y, name in ((0.0, "Zuidkaai"), (300.0, "Noordkaai")):
        town.street(*((x * 100.0, y) for x in range(31)), name=name)
        for n in range(99):
            town.building(10 + n * 30.0, y + 8, 9, 10, addr__street=name, addr__housenumber=str(n + 1))
    town.street((3000.0, 0.0), (3000.0, 300.0), name="Brug", bridge="yes")
    for x, y, tags in (
        (60.0, 6.0, {"shop": "bakery", "name": "Zuid"}),
        (60.0, 294.0, {"shop": "bakery", "name": "Noord"}),
        (2900.0, 6.0, {"shop": "vacant"}),
        (1500.0, 294.0, {"amenity": "cafe", "name": "Midden"}),
    ):
        street = "Zuidkaai" if y < 100 else "Noordkaai"
        town.point(x, y, addr__street=street, addr__housenumber=f"{int(x) + 1000}", **tags)
    town.shore(-100.0, -100.0, 3100.0, 400.0)
    return town


def two_quarters() -> Drawing:
    """West: bakers and grocers in narrow streets; east: clothes and shoes. 160 shops, every tenth unit vacant."""
    town, block_m = Drawing(), 60.0
    side = 11 * block_m
    for k in range(12):
        town.street(*((x * block_m, k * block_m) for x in range(12)), name=f"Dwarsstraat {k}")
        town.street(*((k * block_m, y * block_m) for y in range(12)), name=f"Langestraat {k}")
    rng = np.random.default_rng(1)
    kinds = {0: ("bakery", "supermarket"), 1: ("clothes", "shoes")}
    for n in range(176):
        east = n % 2
        x, y = rng.uniform(0.5, 4.5) * block_m + east * 6 * block_m, rng.uniform(0, 11) * block_m
        kind = "vacant" if n % 11 == 10 else kinds[east][n // 2 % 2]
        town.point(round(x, 1), round(y, 1), shop=kind, name=f"Winkel {n}")
        town.building(round(x, 1) - 4, round(y, 1) - 4, 8 + 12 * east, 8)
    town.shore(-60.0, -60.0, side + 60.0, side + 60.0)
    return town


def two_alike_streets() -> Drawing:
    """Two streets that are the same, 1,200 m apart with homes and a shop for clothes in each, and one way between them.

    In the middle of the south one stands a bakery, 20 m from its shop for clothes; in the north one nothing else.
    """
    town = Drawing()
    for y, name in ((0.0, "Zuidstraat"), (1200.0, "Noordstraat")):
        town.street(*((x * 50.0, y) for x in range(21)), name=name)
        for n in range(40):
            town.building(10 + n * 24.0, y + 8, 9, 10, addr__street=name, addr__housenumber=str(n + 1))
        town.point(500.0, y + 6, shop="clothes", name="Kleren", addr__street=name, addr__housenumber="101")
    town.street((0.0, 0.0), (0.0, 1200.0), name="Weg")
    town.point(520.0, 6.0, shop="bakery", name="Bakker", addr__street="Zuidstraat", addr__housenumber="103")
    town.shore(-100.0, -100.0, 1100.0, 1300.0)
    return town
