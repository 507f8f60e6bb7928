"""Shops, horeca, services and vacant units: which buildings hold one, of which kind, and which stand empty."""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from numpy.random import Generator

from geodata.sample import formulas
from geodata.sample.layout import Layout, Street
from geodata.sample.region import Floats


@dataclass(frozen=True)
class ShoppingStreet:
    """How likely a ground floor here is a shop, its mix, and vacancy from the near to the far end (ratios)."""

    weight: float
    mix: str
    vacancy: tuple[float, float]


@dataclass(frozen=True)
class Unit:
    """One shop, café, office or empty unit; `own` is the number of the invented retailer's shop, 0 elsewhere."""

    building: int
    x: float
    y: float
    owner: str
    branch: str
    key: str
    value: str
    surveyed: str
    front: str
    brand: str
    vacant: str
    hours: str
    on_building: bool
    floor_area_m2: float
    mix: str
    number: int
    street: str
    own: int = 0


def rows_of(units: pd.DataFrame) -> list[Unit]:
    """The units as typed rows."""
    names = [f.name for f in fields(Unit) if f.name in units]
    return [Unit(**{str(k): v for k, v in row.items()}) for row in units[names].to_dict("records")]


STREETS = {
    "Lange Schipstraat": ShoppingStreet(60, "main", (0.2, 4.0)),
    "Grote Markt": ShoppingStreet(60, "square", (0.3, 0.3)),
    "Noordstraat": ShoppingStreet(8, "side", (0.5, 1.3)),
    "Korte Schipstraat": ShoppingStreet(8, "side", (0.6, 0.9)),
    "Hoogstraat": ShoppingStreet(7, "side", (0.6, 1.2)),
    "Brugstraat": ShoppingStreet(6, "side", (0.5, 0.9)),
    "Vismarkt": ShoppingStreet(8, "square", (0.3, 0.5)),
    "Sint-Maartensstraat": ShoppingStreet(4, "side", (0.6, 1.5)),
    "Sint-Jobstraat": ShoppingStreet(3, "side", (0.8, 1.6)),
    "Zilverstraat": ShoppingStreet(4, "side", (0.8, 1.2)),
    "Predikherenstraat": ShoppingStreet(1.6, "local", (1.0, 1.4)),
    "Stationsstraat": ShoppingStreet(15, "station", (1.6, 2.4)),
    "Zuidstraat": ShoppingStreet(1.2, "local", (0.9, 1.4)),
    "Zeedijk": ShoppingStreet(9, "seaside", (0.7, 0.7)),
    "Zeelaan": ShoppingStreet(9, "seaside", (0.5, 1.0)),
}
WANTED = {
    "testerep-stad": 1150,
    "testerep-bad": 330,
    "testerep-dorp": 42,
    "harendijke": 150,
    "wulpenhoek": 40,
    "sluiskerke": 175,
}
VACANCY_SHARE = 0.12
_VACANT_TAGS = ("shop=vacant", "disused:shop", "amenity=vacant")
_HOURS = {
    "bakery": "Mo,We-Fr 06:30-18:00; Sa 06:30-17:00; Su 07:00-12:30", "supermarket": "Mo-Sa 08:00-20:00",
    "restaurant": "We-Su 11:30-14:30,18:00-22:00", "bar": "Tu-Su 10:00-24:00",
        "cafe": "Mo-Sa 08:30-18:00; Su 10:00-18:00",
    "fast_food": "Tu-Su 11:30-14:00,17:00-22:00", "pharmacy": "Mo-Fr 09:00-12:30,13:30-18:30; Sa 09:00-12:30",
    "finance": "Mo-Fr 09:00-12:00,14:00-16:30", "hairdresser": "Tu-Fr 09:00-18:00; Sa 08:00-16:00",
    "convenience": "Mo-Su 07:00-20:00",
}  # fmt: skip


def place_premises(
    layout: Layout, streets: list[Street], buildings: pd.DataFrame, wanted: dict[str, int], rng: Generator
) -> pd.DataFrame:
    """One row a unit: `building` (row), `x`, `y`, `owner`, `branch`, `key`, `value`, `surveyed`, `front` (name),
    `brand`, `vacant` ("" or how it is mapped), `hours`, `on_building`, `floor_area_m2`, `mix`, `street`, `number`.
    """
    weight, mix, far = _weights(layout, streets, buildings)
    choose_rng, kind_rng, vacancy_rng, tag_rng = rng.spawn(4)
    chosen: list[int] = []
    for owner, count in wanted.items():
        of_owner = np.flatnonzero((buildings["owner"] == owner).to_numpy())
        share = weight[of_owner] / weight[of_owner].sum()
        take = min(count, int((share > 0).sum()))
        chosen += sorted(choose_rng.choice(of_owner, take, replace=False, p=share).tolist())
    unit = buildings.iloc[chosen].reset_index(names="building")
    unit["mix"] = mix[chosen]
    unit["street_name"] = [streets[i].name for i in unit["street"]]
    middle = shapely.get_coordinates(shapely.centroid(unit["shape"].to_numpy()))
    front = unit[["x", "y"]].to_numpy()
    inward = (middle - front) / np.hypot(*(middle - front).T)[:, None]
    unit[["x", "y"]] = np.round(front + inward * 3.5, 2)
    unit = unit.drop(columns="name").join(_kinds(unit, kind_rng))
    unit["vacant"] = _vacancy(unit, far[chosen], vacancy_rng)
    unit["on_building"] = unit["style"].eq("retail") | (tag_rng.random(len(unit)) < 0.12)
    known = tag_rng.random(len(unit)) < 0.45
    shop_hours = "Mo-Sa 09:30-18:00"
    unit["hours"] = np.where(known, unit["branch"].map(_HOURS).fillna(shop_hours), "")
    footprint = shapely.area(unit["shape"].to_numpy())
    typical = unit["branch"].map(formulas.FLOOR_M2).fillna(65.0) * tag_rng.lognormal(0, 0.35, len(unit))
    large = unit["style"].isin(["retail", "industrial"])
    unit["floor_area_m2"] = np.round(
        np.where(large, footprint * 0.8, np.clip(typical, 20, np.maximum(60, footprint * 0.9 + 60)))
    )
    columns = ["building", "x", "y", "owner", "branch", "key", "value", "surveyed", "front", "brand", "vacant", "hours",
               "on_building", "floor_area_m2", "mix", "number"]  # fmt: skip
    return unit[columns].assign(street=unit["street_name"])


def _weights(layout: Layout, streets: list[Street], buildings: pd.DataFrame) -> tuple[Floats, Floats, Floats]:
    """Weight of each building to hold a unit, its mix, and its place on the street (0 near, 1 far)."""
    names = np.array([streets[i].name for i in buildings["street"]])
    highway = np.array([streets[i].highway for i in buildings["street"]])
    centre = {s.municipality: s for s in reversed(layout.region.settlements)}
    at = buildings[["x", "y"]].to_numpy()
    away = np.min(
        [np.hypot(*(at - s.centre).T) / (0.35 * max(s.core_m, 110) + 90) for s in layout.region.settlements], axis=0
    )
    first = np.array([centre[o].centre for o in buildings["owner"]])
    reach = np.hypot(*(at - first).T)
    busy = np.isin(highway, ["secondary", "primary", "tertiary"])
    weight = 0.004 + 0.25 * np.exp(-away) + busy * (0.9 * np.exp(-away / 2.2) + 0.03)
    mix = np.where(busy & (reach > 900), "ribbon", "local").astype(object)
    sluis = (buildings["owner"] == "sluiskerke").to_numpy() & (reach < 160)
    mix[sluis] = "side"
    far = np.clip(reach / 900, 0, 1)
    for name, street in STREETS.items():
        on = names == name
        if on.any():
            rank = np.argsort(np.argsort(reach[on])) / max(1, on.sum() - 1)
            weight[on], mix[on], far[on] = street.weight * (1 - 0.4 * rank), street.mix, rank
    style = buildings["style"].to_numpy()
    weight[style == "retail"], mix[style == "retail"] = 80.0, "park"
    weight[style == "industrial"] = 0.02
    ribbon = (buildings["owner"] == "harendijke").to_numpy() & (names == "Grootmondse Steenweg")
    weight[ribbon], mix[ribbon] = 3.0, "ribbon"
    return weight, mix, far


def _kinds(unit: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    shares = {}
    for mix, text in formulas.MIXES.items():
        words = text.split()
        odds = np.array([float(w) for w in words[1::2]])
        shares[mix] = (words[::2], odds / odds.sum())
    branches = [str(rng.choice(shares[m][0], p=shares[m][1])) for m in unit["mix"]]
    if len(unit) > 100:
        owner = "testerep-stad"
        of_owner = np.flatnonzero((unit["owner"] == owner).to_numpy())
        missing = sorted({k.branch for k in formulas.KINDS} - {branches[i] for i in of_owner})
        for branch, i in zip(missing, rng.permutation(of_owner), strict=False):
            branches[i] = branch
    rows = []
    for branch in branches:
        kinds, weights = formulas.kinds_of(branch)
        kind = kinds[int(rng.choice(len(kinds), p=weights))]
        name, brand = formulas.front_name(kind, rng)
        rows.append((branch, kind.key, kind.value, kind.surveyed, name, brand))
    return pd.DataFrame(rows, columns=["branch", "key", "value", "surveyed", "front", "brand"])


def _vacancy(unit: pd.DataFrame, far: Floats, rng: Generator) -> list[str]:
    """Which units stand empty and how mappers say so: clustered where a street is weak, the share fixed per town."""
    near = np.array([STREETS[s].vacancy[0] if s in STREETS else 0.9 for s in unit["street_name"]])
    end = np.array([STREETS[s].vacancy[1] if s in STREETS else 1.1 for s in unit["street_name"]])
    risk = near + (end - near) * far**1.5
    risk[unit["mix"] == "park"] = 0.5
    draw = rng.random(len(unit)) ** (1 / np.maximum(risk, 0.05))
    vacant = np.zeros(len(unit), dtype=bool)
    for owner in sorted(set(unit["owner"])):
        of_owner = np.flatnonzero((unit["owner"] == owner).to_numpy())
        count = round(VACANCY_SHARE * len(of_owner))
        vacant[of_owner[np.argsort(-draw[of_owner])[:count]]] = True
    vacant &= ~_last_of_branch(unit, vacant)
    how = np.where(rng.random(len(unit)) < 0.24, _VACANT_TAGS[1], _VACANT_TAGS[0])
    how = np.where(vacant, how, "").astype(object)
    how[np.flatnonzero(vacant)[:1]] = _VACANT_TAGS[2]
    return [str(h) for h in how]


def _last_of_branch(unit: pd.DataFrame, vacant: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """One vacant unit of each branch that would otherwise have none open in the town: it stays open."""
    stad = unit["owner"].eq("testerep-stad")
    gone = set(unit.loc[stad, "branch"]) - set(unit.loc[stad & ~vacant, "branch"])
    return (stad & unit["branch"].isin(gone) & ~unit["branch"].duplicated()).to_numpy()


MALL = "Schipgalerij"


def add_mall(
    units: pd.DataFrame, plots: list[shapely.Polygon], at: Floats, count: int, rng: Generator
) -> tuple[pd.DataFrame, shapely.Polygon]:
    """The units with those of a small shopping gallery behind the houses near a place, and the gallery's building."""
    behind = shapely.buffer(plots, -15.0)
    near = shapely.distance(behind, shapely.Point(at)) < 320
    best = int(np.argmax(np.where(near, shapely.area(behind), 0.0)))
    hall = max(shapely.get_parts(behind[best]), key=lambda p: float(p.area))
    line = hall.buffer(-4).exterior if hall.buffer(-4).geom_type == "Polygon" else hall.exterior
    steps = np.linspace(0, line.length, count, endpoint=False)
    beside = int(np.argmin(np.hypot(*(units[["x", "y"]].to_numpy() - np.asarray(hall.centroid.coords[0])).T)))
    first = units.iloc[[beside] * count].reset_index(drop=True)
    first[["x", "y"]] = np.round([line.interpolate(s).coords[0] for s in steps], 2)
    first = first.assign(building=-1, mix="main", on_building=False, hours="Mo-Sa 09:30-18:30")
    first[["branch", "key", "value", "surveyed", "front", "brand"]] = _kinds(first, rng)
    first["vacant"] = np.where(np.arange(count) % 7 == 5, _VACANT_TAGS[0], "")
    first["floor_area_m2"] = np.round(rng.lognormal(4.4, 0.4, count))
    return pd.concat([units, first], ignore_index=True), shapely.Polygon(hall.exterior)
