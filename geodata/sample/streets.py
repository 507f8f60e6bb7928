"""What each street is: class, name, municipality, and the tags mappers give it."""

from itertools import pairwise

import numpy as np
import shapely
from numpy.random import Generator
from shapely import STRtree

from geodata.sample.drawing import lengths
from geodata.sample.layout import Layout, Street
from geodata.sample.names import StreetNames
from geodata.sample.region import Floats

URBAN_M2 = 28_000.0
CORE_M2 = 7_500.0
PEDESTRIANISED = {"Lange Schipstraat": 0.6, "Noordstraat": 0.3}
"""Share of a shopping street, from the market on, that is closed to cars."""
Key = tuple[float, float]
MAIN = ("primary", "secondary", "tertiary")
WIDTH_M = {"primary": 9.0, "secondary": 7.0, "tertiary": 6.5, "residential": 5.5, "living_street": 5.0, "service": 4.0}


def dress(layout: Layout, rng: Generator) -> list[Street]:
    """All streets of the layout, split where their character changes, with class, name and tags; `tags["in"]` is
    the slug of the municipality and is not a tag of OpenStreetMap.
    """
    name_rng, class_rng, tag_rng = rng.spawn(3)
    streets = _pieces(layout)
    middles = np.array([s.line[len(s.line) // 2] for s in streets])
    blocks = layout.block_m2(middles)
    works = [shape for kind in ("retail", "industrial") for _, shape in layout.zones.get(kind, ())]
    blocks = np.where(shapely.contains_xy(shapely.union_all(works), middles), np.minimum(blocks, 27_000), blocks)
    owners = owner_of(layout, middles)
    streets = [
        _classed(s, float(block), owner, length, class_rng)
        for s, block, owner, length in zip(streets, blocks, owners, lengths([s.line for s in streets]), strict=True)
    ]
    green = shapely.union_all([shape for kind in ("park", "woods") for _, shape in layout.zones.get(kind, ())])
    in_park = shapely.contains_xy(green, middles)
    streets = [
        s.but(highway="footway", name="Parkpad", lined=0.0) if park and s.highway not in MAIN else s
        for s, park in zip(streets, in_park, strict=True)
    ]
    streets = _named(streets, name_rng)
    return [_tagged(s, tag_rng) for s in streets]


def owner_of(layout: Layout, points: Floats) -> list[str]:
    """Slug of the municipality at (or nearest to) each point."""
    slugs = list(layout.municipalities)
    owners = np.full(len(points), -1)
    for i, slug in enumerate(slugs):
        shapely.prepare(layout.municipalities[slug])
        owners[shapely.contains_xy(layout.municipalities[slug], points)] = i
    outside = owners < 0
    if outside.any():
        owners[outside] = STRtree(list(layout.municipalities.values())).nearest(shapely.points(points[outside]))
    return [slugs[i] for i in owners]


def _key(point: Floats) -> Key:
    return float(point[0]), float(point[1])


def _pieces(layout: Layout) -> list[Street]:
    """Quays, dyke and the paths along the rails change character often: they are split at every junction."""
    uses: dict[Key, int] = {}
    for s in layout.streets:
        for key in {_key(p) for p in s.line}:
            uses[key] = uses.get(key, 0) + 1
    pieces = []
    for s in layout.streets:
        if s.name in PEDESTRIANISED:
            steps = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(s.line, axis=0).T))])
            at = int(np.searchsorted(steps, PEDESTRIANISED[s.name] * steps[-1]))
            calm = s.but(line=s.line[: at + 1], highway="pedestrian")
            pieces += [calm, s.but(line=s.line[at:])] if at < len(s.line) - 1 else [calm]
            continue
        if s.name not in ("quay", "rail", "dyke"):
            pieces.append(s)
            continue
        marks = [0, *(i for i in range(1, len(s.line) - 1) if uses[_key(s.line[i])] > 1), len(s.line) - 1]
        pieces += [s.but(line=s.line[a : b + 1]) for a, b in pairwise(marks)]
    return pieces


def _classed(s: Street, block: float, owner: str, length: float, rng: Generator) -> Street:
    urban, chance = block < URBAN_M2, float(rng.random())
    if s.name == "quay":
        highway, lined, name = ("residential", 1.0, "Kaai") if urban else ("path", 0.0, "Jaagpad")
    elif s.name == "rail":
        highway, lined, name = ("residential", 0.8, "Spoorwegstraat") if urban else ("track", 0.0, "")
    elif s.name == "dyke":
        resort = urban and owner == "testerep-bad"
        highway, lined, name = ("pedestrian", 1.0, "Zeedijk") if resort else ("cycleway", 0.0, "Dijkpad")
    elif s.highway:
        highway, lined, name = s.highway, 1.0 if urban else s.lined, s.name
    elif block < CORE_M2:
        narrow = length < 75
        highway = "footway" if narrow and chance < 0.25 else "living_street" if chance < 0.2 else "residential"
        lined, name = 1.0, ""
    elif urban:
        main = int(s.tags["depth"]) < 2 and length > 350
        highway = "tertiary" if main and chance < 0.3 else "living_street" if chance > 0.93 else "residential"
        lined, name = 1.0, ""
    else:
        highway = "unclassified" if chance < 0.6 else "track" if chance < 0.9 else "path"
        lined, name = (0.035 if highway == "unclassified" else 0.012 if highway == "track" else 0.0), ""
    return s.but(highway=highway, lined=lined, name=name, block_m2=block, tags={**s.tags, "in": owner})


def _named(streets: list[Street], rng: Generator) -> list[Street]:
    """Streets that run on straight across a junction share a name; every other street gets its own."""
    taken: dict[str, set[str]] = {}
    for s in streets:
        taken.setdefault(s.tags["in"], set()).add(s.name)
    names = StreetNames(rng, taken)
    group = list(range(len(streets)))

    def root(i: int) -> int:
        while group[i] != i:
            i = group[i]
        return i

    ends: dict[Key, list[tuple[int, Floats]]] = {}
    for i, s in enumerate(streets):
        if not s.name:
            for a, b in ((0, 1), (-1, -2)):
                out = s.line[b] - s.line[a]
                ends.setdefault(_key(s.line[a]), []).append((i, out / np.hypot(*out)))
    for meeting in ends.values():
        pairs = [(float(u @ v), i, j) for n, (i, u) in enumerate(meeting) for j, v in meeting[n + 1 :] if i != j]
        if pairs and min(pairs)[0] < -0.88 and streets[min(pairs)[1]].tags["in"] == streets[min(pairs)[2]].tags["in"]:
            group[root(min(pairs)[1])] = root(min(pairs)[2])
    chosen: dict[int, str] = {}
    named = []
    for i, s in enumerate(streets):
        if s.name or s.highway in ("path", "track"):
            named.append(s)
            continue
        if root(i) not in chosen:
            chosen[root(i)] = names.draw(s.tags["in"], _kind(s))
        named.append(s.but(name=chosen[root(i)]))
    return named


def _kind(s: Street) -> str:
    if s.block_m2 < CORE_M2:
        return "core"
    if s.block_m2 >= URBAN_M2:
        return "rural"
    if s.tags["in"] == "testerep-bad":
        return "coast"
    return "town" if s.tags["in"] == "testerep-stad" else "estate"


def _tagged(s: Street, rng: Generator) -> Street:
    tags = {"in": s.tags["in"]}
    chance = rng.random(6)
    urban = s.block_m2 < URBAN_M2
    if s.highway in ("primary", "secondary") or chance[0] < (0.45 if urban else 0.08):
        tags["lit"] = "yes" if urban or s.highway == "primary" else "no"
    if s.highway in WIDTH_M and chance[1] < 0.25:
        tags["width"] = f"{WIDTH_M[s.highway] * (0.85 + 0.35 * chance[2]):.1f}"
    if s.highway in ("primary", "secondary", "tertiary", "unclassified", "residential"):
        if (s.highway == "residential" and s.block_m2 < CORE_M2 and chance[3] < 0.5) or (
            s.highway == "tertiary" and urban
        ):
            tags["maxspeed"] = "30"
        elif s.highway != "residential" or chance[3] < 0.3:
            tags["maxspeed"] = "50" if urban else "70"
        if s.block_m2 < CORE_M2 and s.highway == "residential" and chance[4] < 0.45:
            tags |= {"oneway": "yes", "oneway:bicycle": "no"}
    if chance[5] < 0.5:
        old = s.block_m2 < CORE_M2 or s.highway in ("pedestrian", "living_street")
        tags["surface"] = {"track": "unpaved", "path": "ground"}.get(s.highway, "sett" if old else "asphalt")
    return s.but(tags=tags)
