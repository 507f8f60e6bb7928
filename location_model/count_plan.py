"""Where to count first: the few places and hours that would teach the calibration most.

The two ends of a line fix it best (D-optimality), places in between show whether it is straight, and places apart from
each other whether it holds across town. So each spot has its own level on the logarithm of the index, from the busiest
street down in even steps, and lies as far as useful from those already chosen or counted (Kennard & Stone 1969).
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
"""Farther apart than this, two spots are as good as any: no need to send people to the edge of town."""
STREET_NEAR_M = 15.0
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
    """The spots that would teach an area's footfall most, beside the counters it has; see `where_to_count`."""
    network, streets, counts = area.network, area.tables.streets, area.tables.counts
    profile = count_profile(counts)
    middle = network.edge_middle
    boundary = gpd.GeoSeries([area.study.boundary], crs=4326).to_crs(area.study.crs).iloc[0]
    shapely.prepare(boundary)
    names = np.full(len(middle), None, dtype=object)
    named = streets[streets["name"].notna() & streets["walkable"] & streets["on_ground"]]
    inside = np.flatnonzero(shapely.contains_xy(boundary, middle[:, 0], middle[:, 1]))
    if len(named) and len(inside):
        near, street = shapely.STRtree(named.geometry.to_numpy()).query_nearest(
            np.asarray(shapely.points(middle[inside])), max_distance=STREET_NEAR_M, all_matches=False
        )
        names[inside[near]] = named["name"].to_numpy(object)[street]
    counted: list[int] = []
    if len(counts):
        counted = on_streets(network, persons_per_day(counts, profile)).table["edge"].astype(int).tolist()
    return where_to_count(
        area.walks.index, network.edge_mm / 1000, middle, names.tolist(), profile, n=n, counted=counted
    )


def where_to_count(
    index: npt.ArrayLike,
    length: npt.ArrayLike,
    xy: npt.ArrayLike,
    street: Sequence[str | None],
    profile: Profile,
    *,
    n: int = SPOTS,
    counted: Sequence[int] = (),
) -> tuple[CountSpot, ...]:
    """At most n spots, one a street, the busiest first; fewer where there are fewer named streets.

    index: footfall index by edge; length in metres; xy: middle of each edge, shape (edges, 2); street: names, None is
    never chosen. counted: edges that have a counter; their streets are not asked for again. Only streets above class C
    are asked for (the busiest 15 % of the named length), never an edge without index. Ties fall to the first edge.
    GeodataError when no named street has an index.
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
    log = np.log(np.where(positive, values, 1.0))
    levels = np.linspace(log[usable].max(), log[usable].min(), n)
    step = max(float(levels[0] - levels[-1]) / max(n - 1, 1), 1e-9)

    taken = {names[edge] for edge in counted} - {None}
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
