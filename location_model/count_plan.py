"""Where to count first: the few places and hours that would teach the calibration most.

Counts teach the line between index and persons through its ends (D-optimality for a straight line), whether it is
straight through its middle, and whether it holds across town through distance. So spots are spread over the logarithm
of the index and over the ground at once, each next one farthest from those chosen (Kennard & Stone 1969).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from geodata.count_profile import Profile
from geodata.errors import GeodataError
from geodata.language import T

Floats = npt.NDArray[np.float64]

SPOTS = 8
GROUND_WORTH = 0.5
"""Going from one end of town to the other teaches half of what going from its quietest to its busiest street does."""
QUIETEST_SHARE = 0.25
"""Streets in the quietest part of the index's range see so few people that a quarter of an hour says little."""
_DAYTIME = (8, 20)
_DAYS = ("workday", "workday", "saturday")


@dataclass(frozen=True)
class CountSpot:
    """A piece of street to count in. edge: of the network; hours: begins of the quarters of an hour, by kind of day."""

    edge: int
    street: str
    x: float
    y: float
    hours: tuple[tuple[str, float], ...]


def where_to_count(
    index: npt.ArrayLike,
    xy: npt.ArrayLike,
    street: Sequence[str | None],
    profile: Profile,
    *,
    n: int = SPOTS,
    counted: Sequence[int] = (),
) -> tuple[CountSpot, ...]:
    """At most n spots, busiest first chosen, one a street; fewer where there are fewer named streets.

    index: footfall index by edge; xy: middle of each edge in metres, shape (edges, 2); street: names, missing ones are
    never chosen. counted: edges that have a counter: their surroundings and streets are known, and not asked for
    again. Edges without index, or 0, and those in the quietest quarter of the range of log index are left out.
    GeodataError when no named street has an index. Ties fall to the first edge.
    """
    values, at = np.asarray(index, dtype=np.float64), np.asarray(xy, dtype=np.float64).reshape(-1, 2)
    names = pd.Series(list(street), dtype=object)
    known = np.nan_to_num(values) > 0
    open_ = known & names.notna().to_numpy() & (names != "").to_numpy()
    if not open_.any():
        raise GeodataError(
            T("there is no named street with a footfall index to count in."),
            remedy=T("Check that the extract has street names and premises."),
        )
    log = np.log(np.where(known, values, np.nan))
    bottom, top = np.quantile(log[open_], [0.02, 1.0])
    open_ &= log >= bottom + QUIETEST_SHARE * (top - bottom)
    log = (log - bottom) / max(top - bottom, 1e-9)
    ground = at / max(float(np.ptp(at[open_], axis=0).max()), 1e-9) * GROUND_WORTH
    space = np.column_stack([log, ground])

    taken = {names[e] for e in counted}
    away = np.full(len(values), np.inf)
    for edge in counted:
        if known[edge]:
            away = np.minimum(away, _distance(space, edge))
    chosen: list[int] = []
    while len(chosen) < n:
        free = open_ & ~names.isin(taken).to_numpy()
        if not free.any():
            break
        first = not chosen and not len(counted)
        edge = int(np.argmax(np.where(free, log if first else away, -np.inf)))
        chosen.append(edge)
        taken.add(names[edge])
        away = np.minimum(away, _distance(space, edge))
    hours = best_hours(profile)
    return tuple(CountSpot(e, str(names[e]), float(at[e, 0]), float(at[e, 1]), hours) for e in chosen)


def best_hours(profile: Profile) -> tuple[tuple[str, float], ...]:
    """Begins of the quarters of an hour to count: the usual hour of a workday morning and afternoon, and of Saturday.

    The usual hour of a part of the day is the one nearest to its median: neither a peak nor a gap, so that the error
    of the profile weighs least. Begins are half past minus 7.5 minutes, rounded to the quarter.
    """
    found = []
    for kind, (begin, end) in zip(_DAYS, ((_DAYTIME[0], 13), (13, _DAYTIME[1]), (10, 18)), strict=True):
        part = profile.hours[kind][begin:end]
        hour = begin + int(np.argmin(np.abs(part - np.median(part))))
        found.append((kind, hour + 0.25))
    return tuple(found)


def _distance(space: Floats, row: int) -> Floats:
    return np.asarray(np.sqrt(((space - space[row]) ** 2).sum(axis=1)))
