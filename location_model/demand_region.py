"""The demand region of an area: everybody who may shop in it, everything they choose from, and how long it takes.

Three circles. Where the area's own files reach: homes, outlets and roads. On the ground of other built areas: what
those know, surveyed lists included. Beyond, from the municipalities file: residents by municipality, with shops in
proportion (proxy), reached as the crow flies with a detour.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely
from scipy.spatial import KDTree
from shapely.geometry.base import BaseGeometry

from geodata import hexgrid
from geodata.errors import GeodataError
from geodata.language import T, Text, TN
from geodata.layers.residents import WALK_M_PER_MINUTE
from geodata.network.graph import Snapped
from geodata.network.roads import MODES
from geodata.network.times import NO_WAY, TICKS_PER_MINUTE, Ticks, ticks_to
from geodata.opportunities import SNAP_M
from geodata.region import REGION_M, at_sea
from geodata.store import Area, Store
from location_model.towns_beyond import towns_beyond

Floats = npt.NDArray[np.float64]

CAR_MINUTES = 5.0
"""Getting in, parking and walking to the shop, on top of the drive: house norm (proxy)."""
WALK_MINUTES, DRIVE_MINUTES = 30.0, 60.0
"""Nobody is taken to walk or drive longer for a shop."""
ROAD_M = 1500.0
"""A home farther than this from any road is reached as the crow flies."""
DETOUR, CROW_KMH = 1.3, 40.0
"""Where no road is known: the way is 1.3 times the straight line (a usual figure in Europe), at 40 km/h (proxy)."""

SQUARE_M = 1000.0
NEIGHBOURHOOD = 8
"""Resolution of the hexagons in which homes are added up: about 0.63 km² in Flanders."""


@dataclass(frozen=True, eq=False)
class DemandRegion:
    """Homes and outlets within 15 km of an area's boundary.

    homes: one row a street corner: x, y (metres), residents, in_study, by_crow, spread_m (how far
    from there they live on average, where a whole town stands on a point). outlets: id, name, branch, state,
    floor_area_m2 (NaN = not known), x, y, in_study, area (id of the built area it is in, missing elsewhere), count
    (shops that the row stands for).
    known: share of the region's ground, sea left out, whose homes and shops are known, 0–1. notes: what to know of it.
    """

    area: Area
    homes: pd.DataFrame
    outlets: pd.DataFrame
    known: float
    notes: tuple[Text, ...]

    def ticks(self, xy: Floats) -> Ticks:
        """Time from every home to places (metres), in hundredths of a minute, shape (homes, places).

        On foot, or by car with 5 minutes on top where that is faster; NO_WAY beyond half an hour's walk and an hour's
        drive.
        """
        walking, region = self.area.network, self.area.region
        at = walking.snap(xy, within_m=SNAP_M)
        found = ticks_to(
            walking, walking.arc_mm, self._on_foot, at,
            per_minute=1000 * WALK_M_PER_MINUTE, limit_minutes=WALK_MINUTES,
        )  # fmt: skip
        approach = MODES["car"].approach
        parked = approach(region.roads.snap(xy, within_m=ROAD_M))
        driven = ticks_to(
            region.roads, region.road_ms, approach(self._on_road), parked,
            per_minute=60_000, limit_minutes=DRIVE_MINUTES,
        )  # fmt: skip
        _take_faster(found, driven)
        crow = np.flatnonzero(self.homes["by_crow"].to_numpy() | (self._on_road.node < 0))
        _take_faster(found, self._crow(xy, crow), crow)
        off_road = np.flatnonzero(parked.node < 0)
        if len(off_road):
            everyone = np.arange(len(self.homes))
            found[:, off_road] = NO_WAY
            _take_faster(found, self._crow(xy[off_road], everyone), (everyone[:, None], off_road[None]))
        return found

    @cached_property
    def home_xy(self) -> Floats:
        """Positions of the homes in metres, shape (homes, 2)."""
        return self.homes[["x", "y"]].to_numpy(np.float64)

    @cached_property
    def neighbourhoods(self) -> list[str]:
        """The neighbourhood (H3 cell) of every home."""
        to_degrees = pyproj.Transformer.from_crs(self.area.study.crs, 4326, always_xy=True)
        return hexgrid.cells_at(*to_degrees.transform(*self.home_xy.T), NEIGHBOURHOOD)

    @cached_property
    def _on_foot(self) -> Snapped:
        return self.area.network.snap(self.home_xy, within_m=SNAP_M)

    @cached_property
    def _on_road(self) -> Snapped:
        snapped = self.area.region.roads.snap(self.home_xy, within_m=ROAD_M)
        return Snapped(np.where(self.homes["by_crow"], -1, snapped.node).astype(np.int32), snapped.offset_mm)

    def _crow(self, xy: Floats, rows: npt.NDArray[np.int64]) -> Ticks:
        """Driving time as the crow flies, with a detour."""
        away = np.hypot(*(self.home_xy[rows][:, None] - xy[None]).transpose(2, 0, 1))
        away = np.hypot(away, self.homes["spread_m"].to_numpy(np.float64)[rows][:, None])
        minutes = DETOUR * away / (CROW_KMH * 1000 / 60)
        return np.where(minutes <= DRIVE_MINUTES, np.rint(minutes * TICKS_PER_MINUTE), NO_WAY).astype(np.uint16)


def _take_faster(found: Ticks, driven: Ticks, at: Any = slice(None)) -> None:
    """Put the drive in place of the walk where it is faster, what comes on top of a drive counted."""
    whole = np.where(driven == NO_WAY, NO_WAY, driven + np.uint16(CAR_MINUTES * TICKS_PER_MINUTE))
    found[at] = np.minimum(found[at], whole)


def demand_region(area: Area, opened: Iterable[Area] = ()) -> DemandRegion:
    """The demand region of a stored area; opened: other areas that are open already, which need not be read again.

    GeodataError for an area without homes, or built before they were kept.
    """
    own, others = area.region, _others(area, opened)
    homes = [own.homes.assign(by_crow=False)]
    outlets = [own.outlets.assign(area=pd.Series(area.id, index=own.outlets.index).where(own.outlets["in_study"]))]
    grounds = [_ground(area.study.boundary, area)]
    notes = []
    for other in others:
        ground = _ground(other.study.boundary, area)
        homes = [_off(h, ground) for h in homes]
        outlets = [_off(o, ground) for o in outlets]
        theirs = other.region
        lived = _beyond(_moved(theirs.homes[theirs.homes["in_study"]], other, area), grounds)
        homes.append(lived.assign(in_study=False, by_crow=False))
        sold = _beyond(_moved(theirs.outlets[theirs.outlets["in_study"]], other, area), grounds)
        outlets.append(sold.assign(in_study=False, area=other.id, id=ids_in(other.id, sold["id"])))
        grounds.append(ground)
    if others:
        notes.append(
            T("Homes and shops of other built areas count along: {names}.", names=", ".join(o.name for o in others))
        )
    people, supply = pd.concat(homes, ignore_index=True), pd.concat(outlets, ignore_index=True)
    covered = shapely.union_all([_ground(area.study.data_extent, area), *grounds])
    shapely.prepare(covered)
    coarse = towns_beyond(own.towns, covered, people, supply)
    if coarse is not None:
        supply = pd.concat([supply, coarse.outlets], ignore_index=True)
        covered = shapely.union_all([covered, coarse.ground])
        notes.append(
            TN(
                "Beyond the data, one municipality counts with its residents and shops in proportion (proxy).",
                "Beyond the data, {count} municipalities count with their residents and shops in proportion (proxy).",
                len(coarse.homes),
            )
        )
    if not people["residents"].sum() > 0:
        raise GeodataError(
            T("no residents are known in and around {area}: nobody's spending can be shared out.", area=area.name),
            remedy=T("Build it with a population file, or with the number of residents."),
        )
    supply = supply.assign(count=supply["count"].fillna(1.0) if "count" in supply else 1.0).reset_index(drop=True)
    corners = _by_corner(people, area).assign(spread_m=0.0)
    homes_of_all = corners if coarse is None else pd.concat([corners, coarse.homes], ignore_index=True)
    return DemandRegion(area, homes_of_all, supply, _known(area, covered, people), tuple(notes))


def ids_in(area: str, ids: pd.Series) -> pd.Series:
    """Ids of another area's outlets in a region: its name before those of its lists, for every list has a `row/5`."""
    return ids.where(ids.str.match(r"(node|way|relation)/\d+$"), area + "/" + ids)


def _others(area: Area, opened: Iterable[Area]) -> list[Area]:
    """Other built areas within reach, by id; damaged ones, and those built before, say so elsewhere."""
    store, found, at_hand = Store(area.data_dir), [], {other.id: other for other in (area, *opened)}
    near = _ground(area.study.boundary, area).buffer(REGION_M)
    for name in store.ids():
        try:
            other = at_hand.get(name) or store.open(name)
            reachable = other.id != area.id and other.sample == area.sample
            if reachable and near.intersects(_ground(other.study.boundary, area)) and len(other.region.homes):
                found.append(other)
        except GeodataError:
            continue
    return found


def _ground(shape: BaseGeometry, area: Area) -> BaseGeometry:
    ground: BaseGeometry = gpd.GeoSeries([shape], crs=4326).to_crs(area.study.crs).make_valid().iloc[0]
    shapely.prepare(ground)
    return ground


def _off(table: pd.DataFrame, ground: BaseGeometry) -> pd.DataFrame:
    """Rows of the area itself, and those that are not on other ground."""
    return table[table["in_study"] | ~shapely.contains_xy(ground, table["x"], table["y"])]


def _beyond(table: pd.DataFrame, grounds: list[BaseGeometry]) -> pd.DataFrame:
    """Rows that lie on none of these grounds: where built areas overlap, everybody counts once."""
    for ground in grounds:
        table = table[~shapely.contains_xy(ground, table["x"], table["y"])]
    return table


def _moved(table: pd.DataFrame, other: Area, area: Area) -> pd.DataFrame:
    x, y = pyproj.Transformer.from_crs(other.study.crs, area.study.crs, always_xy=True).transform(
        table["x"].to_numpy(), table["y"].to_numpy()
    )
    return table.assign(x=x, y=y)


def _by_corner(people: pd.DataFrame, area: Area) -> pd.DataFrame:
    """Homes of one street corner (the same nodes on foot and by road) as one, at their middle."""
    xy = people[["x", "y"]].to_numpy(np.float64)
    walk = area.network.snap(xy, within_m=SNAP_M).node
    road = area.region.roads.snap(xy, within_m=ROAD_M).node
    apart = np.where((walk < 0) & (road < 0) | people["by_crow"].to_numpy(), np.arange(len(people)), -1)
    weight = people["residents"].to_numpy(np.float64)
    sums = (
        people.assign(x=xy[:, 0] * weight, y=xy[:, 1] * weight, walk=walk, apart=apart)
        .assign(road=np.where(walk < 0, road, -1))
        .groupby(["walk", "road", "apart", "in_study", "by_crow"], sort=True)[["x", "y", "residents"]]
        .sum()
        .reset_index()
    )
    sums = sums[sums["residents"] > 0]
    sums[["x", "y"]] = sums[["x", "y"]].div(sums["residents"], axis=0)
    return sums[["x", "y", "residents", "in_study", "by_crow"]].reset_index(drop=True)


def _known(area: Area, covered: BaseGeometry, people: pd.DataFrame) -> float:
    """Share of the region's ground that is known, over squares of a kilometre.

    A square counts as known where the data cover it or somebody is known to live in it; at sea it does not count.
    """
    region = _ground(area.study.boundary, area).buffer(REGION_M)
    low_x, low_y, high_x, high_y = region.bounds
    grid = np.stack(np.meshgrid(np.arange(low_x, high_x, SQUARE_M), np.arange(low_y, high_y, SQUARE_M)), -1)
    centres = grid.reshape(-1, 2) + SQUARE_M / 2
    centres = centres[shapely.contains_xy(region, centres[:, 0], centres[:, 1])]
    home_away, _ = KDTree(people[["x", "y"]].to_numpy()).query(centres)
    known = shapely.contains_xy(covered, centres[:, 0], centres[:, 1]) | (home_away <= SQUARE_M / 2)
    unknown = int((~at_sea(area.region.coast, centres[~known])).sum())
    return float(known.sum() / max(1, known.sum() + unknown))
