"""Where to count first: the few places and hours that would teach the calibration most.

The two ends of a line fix it best (D-optimality), places in between show whether it is straight, and places apart from
each other whether it holds across the centre. So each spot has its own level on the logarithm of the index, from the
busiest street down in even steps, and lies as far as useful from those already chosen or counted (Kennard & Stone
1969). One person should be able to walk the round, and the numbers are wanted where the shops are: the spots lie in
and round the core.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geodata.count_profile import Profile, count_profile, persons_per_day
from geodata.errors import GeodataError
from geodata.language import T
from geodata.store import Area
from location_model.counters import on_streets
from location_model.street_class import BUSIEST_SHARE, street_rank

Floats = npt.NDArray[np.float64]

SPOTS = 8
WITHIN_BUSIEST = BUSIEST_SHARE[-1]
"""Share of the street length worth counting in: in class C a quarter of an hour sees next to nobody."""
APART_M = 400.0
"""Farther apart than this, two spots are as good as any."""
NEAR_CORE_M, FAR_CORE_M = 150.0, 1000.0
"""Metres beyond the core: where it holds streets enough to choose from, and how far the rest may lie where not."""
CHOICE = 3
"""Streets to choose from for each spot."""
_WINDOW_H = 2
_PARTS = (("workday", 8, 13), ("workday", 13, 19), ("saturday", 10, 18))


@dataclass(frozen=True)
class CountWindow:
    """Hours in which to count a quarter of an hour, whichever: kind of day (workday, saturday), begin and end."""

    kind: str
    begin: int
    end: int


@dataclass(frozen=True)
class CountSpot:
    """A piece of street to count in. edge: of the network; x, y: its middle in the metric CRS; windows: when."""

    edge: int
    street: str
    x: float
    y: float
    windows: tuple[CountWindow, ...]


def plan_counts(area: Area, *, n: int = SPOTS) -> tuple[CountSpot, ...]:
    """The spots that would teach an area's footfall most, beside the counters it has; see `where_to_count`.

    In and round the core; where several are known, the one most people walk in; where none is, the busiest street.
    """
    network, counts = area.network, area.tables.counts
    profile = count_profile(counts)
    middle = network.edge_middle
    boundary = gpd.GeoSeries([area.study.boundary], crs=4326).to_crs(area.study.crs).iloc[0]
    shapely.prepare(boundary)
    names = outdoor_names(area.tables.streets, middle)
    names[~shapely.contains_xy(boundary, middle[:, 0], middle[:, 1])] = None
    named = pd.Series(names).notna().to_numpy()
    counted: list[int] = []
    if len(counts):
        counted = on_streets(network, persons_per_day(counts, profile)).table["edge"].astype(int).tolist()
    metres = network.edge_mm / 1000
    core = centre(area.study.core_areas.to_crs(area.study.crs), middle, area.walks.index * metres * named)
    core_m = shapely.distance(shapely.points(middle), core)
    return where_to_count(
        area.walks.index, metres, middle, names.tolist(), profile, n=n, counted=counted, core_m=core_m
    )


def outdoor_names(streets: gpd.GeoDataFrame, xy: Floats) -> npt.NDArray[np.object_]:
    """By point on a street, its name; None without one and indoors. A name whose ways are for the greater part indoors
    or below the ground is a mall's or a tunnel's: the outline of that name, drawn as a square, is no street either.
    """
    lines = streets[streets["walkable"]]
    names = np.full(len(xy), None, dtype=object)
    if not len(lines) or not len(xy):
        return names
    ways = lines[~lines.geometry.is_ring]
    by_name = ways.geometry.length.groupby([ways["name"], ways["on_ground"]]).sum().unstack(fill_value=0)
    indoors = by_name.index[by_name.get(False, 0.0) > by_name.get(True, 0.0)]
    outdoors = lines["name"].notna() & lines["on_ground"] & ~lines["name"].isin(indoors)
    usable = lines["name"].to_numpy(object, copy=True)
    usable[~outdoors.to_numpy()] = None
    point, line = shapely.STRtree(lines.geometry.to_numpy()).query_nearest(shapely.points(xy), all_matches=False)
    names[point] = usable[line]
    return names


def centre(cores: gpd.GeoDataFrame, xy: Floats, walked: Floats) -> shapely.Geometry:
    """The core in which most is `walked` (by point of `xy`), or the point of most."""
    known = np.nan_to_num(walked)
    held = [float(known[shapely.contains_xy(core, xy[:, 0], xy[:, 1])].sum()) for core in cores.geometry]
    return cores.geometry.iloc[int(np.argmax(held))] if held else shapely.Point(xy[int(np.argmax(known))])


def where_to_count(
    index: npt.ArrayLike,
    length: npt.ArrayLike,
    xy: npt.ArrayLike,
    street: Sequence[str | None],
    profile: Profile,
    *,
    n: int = SPOTS,
    counted: Sequence[int] = (),
    core_m: npt.ArrayLike = 0.0,
) -> tuple[CountSpot, ...]:
    """At most n spots, one a street, the busiest first; fewer where there are fewer named streets.

    index: footfall index by edge; length in metres; xy: middle of each edge, shape (edges, 2); street: names, None is
    never chosen. counted: edges that have a counter; their streets are not asked for again. Only streets above class C
    are asked for (the busiest 15 % of the named length), never an edge without index. core_m: metres beyond the core;
    farther than 150 m only where there are fewer than 3 n streets, than 1 km only where there are fewer than n. Ties
    fall to the first edge. GeodataError when no named street has an index.
    """
    values, metres = np.asarray(index, dtype=np.float64), np.asarray(length, dtype=np.float64)
    at = np.asarray(xy, dtype=np.float64).reshape(-1, 2)
    names = pd.Series(list(street), dtype=object)
    positive = np.nan_to_num(values) > 0
    usable = positive & names.notna().to_numpy()
    if not usable.any():
        raise GeodataError(
            T("there is no named street with a footfall index to count in."),
            remedy=T("Check that the extract has street names and premises."),
        )
    rank = street_rank(np.where(usable, values, np.nan), metres)
    usable &= np.nan_to_num(rank, nan=2.0) <= max(WITHIN_BUSIEST, float(np.nanmin(rank)))
    taken = {names[edge] for edge in counted} - {None}
    away_m = np.broadcast_to(np.asarray(core_m, dtype=np.float64), values.shape)
    usable &= away_m <= _round_m(away_m, names, usable & ~names.isin(taken).to_numpy(), n)
    if not usable.any():
        return ()
    log = np.log(np.where(positive, values, 1.0))
    levels = np.linspace(log[usable].max(), log[usable].min(), n)
    step = max(float(levels[0] - levels[-1]) / max(n - 1, 1), 1e-9)

    away = np.full(len(values), APART_M)
    for edge in counted:
        away = np.minimum(away, np.hypot(*(at - at[edge]).T))
    chosen: list[int] = []
    for level in levels:
        free = usable & ~names.isin(taken).to_numpy()
        if not free.any():
            break
        off = np.abs(log - level) / step
        near = free & (off <= max(0.5, float(off[free].min())))
        chosen.append(int(np.argmax(np.where(near, away / APART_M - off, -np.inf))))
        taken.add(names[chosen[-1]])
        away = np.minimum(away, np.hypot(*(at - at[chosen[-1]]).T))
    when = best_windows(profile)
    return tuple(CountSpot(e, str(names[e]), float(at[e, 0]), float(at[e, 1]), when) for e in chosen)


def _round_m(core_m: Floats, names: pd.Series, free: npt.NDArray[np.bool_], n: int) -> float:
    """How far from the core to look: near it, farther only for streets to choose from."""
    nearest = np.sort(pd.Series(core_m[free]).groupby(names[free].to_numpy()).min().to_numpy())
    if not len(nearest):
        return NEAR_CORE_M
    enough, fewest = (float(nearest[min(k, len(nearest)) - 1]) for k in (CHOICE * n, n))
    return max(NEAR_CORE_M, min(enough, FAR_CORE_M), fewest)


def best_windows(profile: Profile) -> tuple[CountWindow, ...]:
    """Two hours of a workday morning, of its afternoon and of Saturday: as busy as any, and as even as can be.

    Among windows within a tenth of the busiest, the one whose hours differ least: there an error of the profile, or
    a late start, costs least. Ties fall to the earlier one.
    """
    found = []
    for kind, begin, end in _PARTS:
        windows = np.array([profile.hours[kind][h : h + _WINDOW_H] for h in range(begin, end - _WINDOW_H + 1)])
        total = windows.sum(axis=1)
        uneven = np.where(total >= 0.9 * total.max(), np.ptp(windows, axis=1) / total, np.inf)
        first = begin + int(np.argmin(uneven))
        found.append(CountWindow(kind, first, first + _WINDOW_H))
    return tuple(found)
