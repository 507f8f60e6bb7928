"""The week that stands for a timetable: the feed's own busiest regular week, never today.

The rule. Count the trips of each day and take whole weeks, Monday to Sunday. The *busy level* is
the total that a tenth of the weeks reach, one week more where there are at least three: a
festival, or a strike service, is rarer than that and cannot set it. Among the weeks within 5 % of
the busy level the one is taken whose seven daily counts lie nearest the median of those weeks, so
that a week with a public holiday loses to its ordinary neighbours. Of equals the one nearest the
middle of the feed's exceptions is taken: calendars may run for ten years, exceptions are written
for the present; the earliest where there are none.
"""

import datetime
import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

LONGEST_DAYS = 3660
"""Feeds that promise service until 2099 are read for ten years from their first day."""
NEAR_LEVEL = 0.05
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class ServiceDays:
    """Which services run on which day: `active` is services × days, from Monday `monday` on, in whole weeks.

    `first` and `last` are the days between which the feed says anything; `exceptions_around` is the day
    in the middle of its exceptions, counted from `monday`, 0 without any.
    """

    services: pd.Index
    active: Bools
    monday: datetime.date
    first: datetime.date
    last: datetime.date
    exceptions_around: int

    @property
    def known(self) -> Bools:
        """For each day whether it lies in the feed's period."""
        day = np.arange(self.active.shape[1])
        known: Bools = (day >= (self.first - self.monday).days) & (day <= (self.last - self.monday).days)
        return known


def service_days(
    calendar: pd.DataFrame | None, exceptions: pd.DataFrame | None, services: pd.Index
) -> ServiceDays | None:
    """Days of the services asked for, out of `calendar.txt` and `calendar_dates.txt` (all text; either may be None).

    Rows with dates that cannot be read are passed over. None when no service has any day.
    """
    weekly = _dated(calendar, services, "start_date", "end_date")
    single = _dated(exceptions, services, "date")
    added = single[single.exception_type.str.strip() == "1"] if len(single) else single
    starts = [*weekly.get("start_date", []), *added.get("date", [])]
    ends = [*weekly.get("end_date", []), *added.get("date", [])]
    if not starts:
        return None
    first = min(starts).date()
    last = min(max(ends).date(), first + datetime.timedelta(days=LONGEST_DAYS))
    monday = first - datetime.timedelta(days=first.weekday())
    n_days = 7 * math.ceil(((last - monday).days + 1) / 7)
    active = np.zeros((len(services), n_days), dtype=bool)
    origin = pd.Timestamp(monday)
    runs = weekly[list(WEEKDAYS)].apply(lambda column: column.str.strip() == "1").to_numpy()
    for service, start, end, on in zip(weekly.service_id, weekly.start_date, weekly.end_date, runs, strict=True):
        period = np.arange(max((start - origin).days, 0), min((end - origin).days + 1, n_days))
        active[services.get_loc(service), period[on[period % 7]]] = True
    for service, date, kind in zip(single.service_id, single.date, single.exception_type, strict=True):
        day = (date - origin).days
        if 0 <= day < n_days:
            active[services.get_loc(service), day] = kind.strip() == "1"
    around = 0 if single.empty else (pd.Timestamp(single.date.median()) - origin).days
    return ServiceDays(services, active, monday, first, last, around)


def typical_week(days: ServiceDays, trips_per_service: Ints) -> int:
    """Index of the Monday (a day of `days`) of the busiest regular week, by the rule above."""
    per_week = (trips_per_service @ days.active).reshape(-1, 7)
    known = days.known.reshape(-1, 7)
    if not known.all(axis=1).any():
        return 7 * int(known.sum(axis=1).argmax())
    whole = np.flatnonzero(known.all(axis=1))
    totals = per_week[whole].sum(axis=1)
    busy = np.sort(totals[totals > 0])[::-1]
    if not len(busy):
        return 7 * int(whole[0])
    needed = 1 + math.ceil(len(busy) / 10) if len(busy) >= 3 else 1
    level = busy[needed - 1]
    near = whole[np.abs(totals - level) <= NEAR_LEVEL * level]
    off = np.abs(per_week[near] - np.median(per_week[near], axis=0)).sum(axis=1)
    return 7 * int(near[np.lexsort([near, np.abs(7 * near - days.exceptions_around), off])[0]])


def _dated(frame: pd.DataFrame | None, services: pd.Index, *columns: str) -> pd.DataFrame:
    """The rows of known services with these columns as dates; rows without a readable date are left out."""
    if frame is None:
        return pd.DataFrame(columns=["service_id", "exception_type", *WEEKDAYS, *columns], dtype="str")
    kept = frame[frame.service_id.isin(services)].copy()
    for column in columns:
        kept[column] = pd.to_datetime(kept[column].str.strip(), format="%Y%m%d", errors="coerce")
    return kept.dropna(subset=list(columns))
