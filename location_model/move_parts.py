"""A move in its parts: neighbourhood by neighbourhood under names that people know, and shop by shop."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geodata.language import T, Text, TN
from geodata.place_names import premises_addresses
from geodata.store import Area
from location_model.demand import World
from location_model.relocate import Move
from location_model.validation.statistics import Estimate

Floats = npt.NDArray[np.float64]

STREET_M = 300.0
"""A neighbourhood is called after a named street nearer than this to the middle of its residents."""
MOST_SHOPS = 40
"""Own other shops and neighbours of which the change is worked out one by one; that of the others together."""


@dataclass(frozen=True)
class OtherShop:
    """What a move does to another shop of the branch. name, address: None where none is known. Euros a year.

    count: 1, or how many others this is together; they have no id, and in_core is None.
    """

    id: str
    name: str | None
    address: str | None
    own: bool
    in_core: bool | None
    before: Estimate
    change: Estimate
    count: int = 1


def others_together(count: int) -> Text:
    """The title of the shops that are not listed one by one."""
    return TN("one other shop", "{count} other shops together", count)


def end_titles(move: Move) -> tuple[Text, Text | None]:
    """The shop that moves and the place it moves to, as people name them; None where nothing moves."""
    return _end(move, move.start), None if move.to is None else _end(move, move.to)


def _end(move: Move, row: int) -> Text:
    """Name and address of a shop; of a place that is not open yet, its address alone."""
    shop = move.market.shops.iloc[row]
    name = shop["name"] if isinstance(shop["name"], str) and shop["name"] else None
    address = _addresses(move).get(str(shop["id"]))
    if address is None:
        return T("{name}", name=name) if name else T("a place without a name")
    if name is None or shop["candidate"]:
        return T("{name}", name=address)
    return T("{name}, {address}", name=name, address=address)


def _addresses(move: Move) -> dict[str, str]:
    """Street and number of the shops that are premises of the area, by their id."""
    area = move.market.region.area
    mine = area.tables.premises[area.tables.premises["id"].isin(move.market.shops["id"])]
    told = zip(mine["id"].astype(str), premises_addresses(mine, area.tables), strict=True)
    return {shop: address for shop, address in told if isinstance(address, str) and address}


def other_shops(move: Move) -> list[OtherShop]:
    """Own other shops, then the neighbours, within each the largest change first.

    At most 40 one by one; then, own and of others apart, the rest together, so that they always add up to the move.
    """
    change = move.changes(move.market.world())
    mine, ends = set(move.own), {move.start, move.to}
    rows = [int(row) for row in {*mine, *np.flatnonzero(move.near & move.market.opened)} - ends]
    rows = sorted(rows, key=lambda row: (row not in mine, -abs(change[row]), row))
    left = [[row for row in rows[MOST_SHOPS:] if (row in mine) is own] for own in (True, False)]
    lines = [[row] for row in rows[:MOST_SHOPS]] + [rest for rest in left if rest]

    def before_and_change(world: World) -> Floats:
        before, change = world.turnover(move.before), move.changes(world)
        return np.array([each[line].sum() for each in (before, change) for line in lines])

    if not lines:
        return []
    found = move.market.estimates(before_and_change, move.unsure)
    shops, at = move.market.shops, _addresses(move)
    parts = zip(lines, found[: len(lines)], found[len(lines) :], strict=True)

    def told(line: list[int], before: Estimate, after: Estimate) -> OtherShop:
        own = line[0] in mine
        if line not in lines[:MOST_SHOPS]:
            return OtherShop("", None, None, own, None, before, after, len(line))
        shop = shops.iloc[line[0]]
        name = shop["name"] if isinstance(shop["name"], str) and shop["name"] else None
        return OtherShop(str(shop["id"]), name, at.get(str(shop["id"])), own, bool(shop["in_core"]), before, after)

    return [told(*part) for part in parts]


def neighbourhoods(move: Move) -> pd.DataFrame:
    """Where turnover is kept, lost and won, the largest change first, as assumed.

    cell (H3); named (`Text`); residents; x, y (metres, the middle of its residents); km_now,
    km_there (as the crow flies; NaN where nothing moves); kept_eur, lost_eur, won_eur, net_eur (a year).
    """
    market = move.market
    table = move.by_neighbourhood().drop(columns="change")
    homes = market.region.homes.assign(cell=market.region.neighbourhoods)
    weight = homes["residents"].clip(lower=1e-9)
    sums = pd.DataFrame({"x": homes["x"] * weight, "y": homes["y"] * weight, "w": weight, "cell": homes["cell"],
                         "residents": homes["residents"]}).groupby("cell").sum().loc[table["cell"]]  # fmt: skip
    xy = sums[["x", "y"]].to_numpy(np.float64) / sums[["w"]].to_numpy(np.float64)
    shops = market.shops[["x", "y"]].to_numpy(np.float64)
    there = np.full(2, math.nan) if move.to is None else shops[move.to]
    away = [np.hypot(*(xy - end).T) / 1000 for end in (shops[move.start], there)]
    return table.assign(
        named=pd.Series(_names(xy, shops[move.start], market.region.area), dtype=object),
        residents=sums["residents"].to_numpy(), x=xy[:, 0], y=xy[:, 1], km_now=away[0], km_there=away[1],
        net_eur=table["won_eur"] - table["lost_eur"],
    )  # fmt: skip


def _names(xy: Floats, start: Floats, area: Area) -> list[Text]:
    """The nearest named street, else how far and which way from the shop."""
    streets = area.tables.streets[area.tables.streets["name"].notna() & area.tables.streets["walkable"]]
    called: dict[int, Text] = {}
    if len(streets) and len(xy):
        tree = shapely.STRtree(streets.geometry.to_numpy())
        near = tree.query_nearest(np.asarray(shapely.points(xy)), max_distance=STREET_M, all_matches=False)
        called = {int(p): T("around {street}", street=streets["name"].iloc[int(s)]) for p, s in np.asarray(near).T}
    return [called.get(i) or _direction(*(place - start)) for i, place in enumerate(xy)]


def _direction(east_m: float, north_m: float) -> Text:
    km = round(math.hypot(east_m, north_m) / 1000, 1)
    anticlockwise = (
        T("{km} km east of the shop", km=km), T("{km} km north-east of the shop", km=km),
        T("{km} km north of the shop", km=km), T("{km} km north-west of the shop", km=km),
        T("{km} km west of the shop", km=km), T("{km} km south-west of the shop", km=km),
        T("{km} km south of the shop", km=km), T("{km} km south-east of the shop", km=km),
    )  # fmt: skip
    return anticlockwise[round(math.atan2(north_m, east_m) / (math.pi / 4)) % len(anticlockwise)]
