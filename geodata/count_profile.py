"""From counted hours to persons per day: how busy each hour and weekday is, and what a short count is worth.

A count of any period is read as persons per day × the share of the day that falls in the period × how busy that
weekday is. The shares come from the counters as far as they counted, and from a default where they did not.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geodata.errors import GeodataError
from geodata.language import T, Text, TN

Floats = npt.NDArray[np.float64]

DAY_KINDS = ("ordinary", "market", "event", "holiday")
HOUR_KINDS = ("workday", "saturday", "sunday", "market", "event", "holiday")
"""Days with an hour curve of their own; an ordinary day follows its weekday's."""

_WORKDAY = (
    0.2, 0.1, 0.1, 0.1, 0.1, 0.4, 1.2, 3.0, 4.6, 5.2, 7.0, 8.2,
    8.8, 8.4, 8.6, 9.2, 9.8, 9.0, 6.4, 3.8, 2.4, 1.7, 1.1, 0.6,
)  # fmt: skip
_SATURDAY = (
    0.4, 0.3, 0.2, 0.1, 0.1, 0.2, 0.5, 1.2, 2.4, 4.8, 7.6, 9.2,
    9.4, 10.0, 11.2, 11.2, 9.8, 7.6, 4.8, 3.2, 2.3, 1.7, 1.1, 0.7,
)  # fmt: skip
_SUNDAY = (
    0.8, 0.6, 0.4, 0.2, 0.2, 0.2, 0.5, 1.2, 2.8, 5.2, 7.6, 8.4,
    8.2, 8.8, 10.2, 10.8, 9.8, 7.8, 5.6, 4.0, 2.8, 1.9, 1.2, 0.8,
)  # fmt: skip
_MARKET = (
    0.2, 0.1, 0.1, 0.1, 0.1, 0.4, 1.4, 3.2, 6.8, 10.4, 13.0, 13.2,
    9.4, 6.2, 5.8, 6.4, 6.8, 6.2, 4.4, 2.6, 1.4, 0.9, 0.6, 0.3,
)  # fmt: skip
DEFAULT_HOURS: Mapping[str, tuple[float, ...]] = {
    "workday": _WORKDAY, "saturday": _SATURDAY, "sunday": _SUNDAY,
    "market": _MARKET, "event": _SATURDAY, "holiday": _SUNDAY,
}  # fmt: skip
"""Relative persons by hour from midnight: a house assumption for a street with shops, not a measurement."""

DEFAULT_WEEKDAYS = (17.0, 17.0, 17.0, 17.0, 20.0, 30.0, 5.5)
"""Monday to Sunday, thousands a day: medians of German shopping streets, the only base at hand; relative use only."""

_DEFAULT_WORTH = 3.0
"""The default weighs as much as so many counted days of a kind (house assumption)."""
_HOUR_SD, _DAY_SD = 0.30, 0.25
"""Log sd of one hour's share between streets, and of one day around its weekday's usual (house assumptions)."""
_DETAIL_H = 4.0
"""Longer periods say nothing of the course of the day."""


@dataclass(frozen=True, eq=False)
class Profile:
    """How a day is spread over its hours, by kind of day, and a week over its days.

    hours: 24 shares by kind of day, sum 1. weekdays: Monday to Sunday, mean 1. days: days of counting (each
    counter's apart) behind each kind's hours; 0 = the default. week_days: counted dates behind the weekdays.
    """

    hours: Mapping[str, Floats]
    weekdays: Floats
    days: Mapping[str, int]
    week_days: int

    @property
    def basis(self) -> Text:
        """Where the profile comes from, in words."""
        counted = sum(self.days.values())
        if not counted:
            return T(
                "hours and weekdays follow a default: the hours are an assumption of ours, the weekdays those of "
                "German shopping streets"
            )
        return TN(
            "hours and weekdays from {count} day of counting, filled up with a default",
            "hours and weekdays from {count} days of counting, filled up with a default",
            counted,
        )

    def share(self, kind: str, begin: Floats, end: Floats) -> Floats:
        """Share of the day between two hours of day, minutes as fractions; past midnight where end ≤ begin."""
        upto = np.concatenate([[0.0], np.cumsum(self.hours[kind])])
        at = np.arange(25.0)
        part = np.interp(end, at, upto) - np.interp(begin, at, upto)
        return np.asarray(np.where(np.asarray(end) > np.asarray(begin), part, part + 1.0), dtype=np.float64)


def default_profile() -> Profile:
    """The profile where nothing was counted, marked as such in its `basis`."""
    hours = {kind: np.array(values) / sum(values) for kind, values in DEFAULT_HOURS.items()}
    weekdays = np.array(DEFAULT_WEEKDAYS) / np.mean(DEFAULT_WEEKDAYS)
    return Profile(hours, weekdays, dict.fromkeys(HOUR_KINDS, 0), 0)


def count_profile(counts: gpd.GeoDataFrame) -> Profile:
    """Hour and weekday profile of a `counts` table; the default where a kind of day, hour or weekday was not counted.

    Counters and days are weighed out against each other first (a Poisson model of day × hour, fitted by
    proportional scaling), so that a busy or a half-counted day bends nothing. Each kind of day is pooled with the
    default, which counts for three days. Rows without hours are left out; undated rows tell nothing of weekdays.
    """
    rows, usual = _rows(counts), default_profile()
    hours, days = dict(usual.hours), dict(usual.days)
    fine = rows[(rows["length"] <= _DETAIL_H) & rows["dated"]]
    for kind, part in fine.groupby("hour_kind"):
        name = str(kind)
        seen, exposed, n = _by_hour(part)
        if not n:
            continue
        hours[name] = _pooled(seen, exposed, usual.hours[name], (exposed > 0).sum(axis=0).astype(np.float64))
        days[name] = n
    known = Profile(hours, usual.weekdays, days, 0)
    weekdays, n_week = _weekdays(rows[rows["dated"] & (rows["day_kind"] == "ordinary")], known)
    return Profile(hours, weekdays, days, n_week)


def persons_per_day(counts: gpd.GeoDataFrame, profile: Profile, *, kind: str = "ordinary") -> gpd.GeoDataFrame:
    """The mean day of each counter, from counts of that kind of day only; one row a counter, in their order.

    Columns: counter; persons_per_day (mean over the week for ordinary days, 0 = nobody was seen); half_person_per_day
    (what half a person seen would come to: stands in for 0 where a logarithm is taken); days, hours (counted);
    log_variance of persons_per_day: Poisson + days that differ + hours not counted; place.
    Undated rows are a mean day and count as seven days. Rows without hours, and periods in which the profile expects
    nobody, are left out. GeodataError for an unknown kind of day.
    """
    if kind not in DAY_KINDS:
        raise GeodataError(
            T("there is no kind of day called {kind}.", kind=kind),
            remedy=T("Choose one of {kinds}.", kinds=", ".join(DAY_KINDS)),
        )
    rows = _rows(counts)
    rows = rows[rows["day_kind"] == kind]
    exposed = np.zeros(len(rows))
    for hour_kind, at in rows.groupby("hour_kind").indices.items():
        part = rows.iloc[at]
        exposed[at] = profile.share(str(hour_kind), part["hour_from"].to_numpy(), part["hour_to"].to_numpy())
    rows = rows.assign(share=exposed)
    if kind == "ordinary":
        exposed = exposed * np.where(rows["dated"], profile.weekdays[rows["weekday"]], 1.0)
    rows = rows.assign(exposed=exposed)[exposed > 0]
    found = [_one_counter(str(name), part) for name, part in rows.groupby("counter", sort=False)]
    columns = ["counter", "persons_per_day", "half_person_per_day", "days", "hours", "log_variance"]
    table = pd.DataFrame(found, columns=[*columns, "geometry"])
    return gpd.GeoDataFrame(table, geometry="geometry", crs=counts.crs)


def _one_counter(name: str, rows: pd.DataFrame) -> tuple[object, ...]:
    seen, exposed = rows["pedestrians"].sum(), rows["exposed"].sum()
    by_day = rows.groupby("date", dropna=False)["share"].sum().clip(upper=1.0)
    days = int(rows.loc[rows["dated"], "date"].nunique()) + 7 * int((~rows["dated"]).any())
    hours = max(float(rows["hour_of_day"].nunique()), float(np.minimum(rows["length"], 24).max()))
    missed = max(0.0, 1.0 - float(by_day.mean()))
    variance = 1.0 / (seen + 0.5) + _DAY_SD**2 / days + _HOUR_SD**2 * missed / hours
    return name, seen / exposed, 0.5 / exposed, days, hours, variance, rows["geometry"].iloc[0]


def _rows(counts: gpd.GeoDataFrame) -> pd.DataFrame:
    """The counted periods with hours, their weekday (0 = Monday; Tuesday where undated) and hour curve."""
    rows = pd.DataFrame(counts)[counts["hour_from"].notna() & counts["hour_to"].notna()].reset_index(drop=True)
    dated = rows["date"].notna()
    weekday = rows["date"].dt.day_of_week.fillna(1).astype(int)
    usual = np.select([weekday == 5, weekday == 6], ["saturday", "sunday"], "workday")
    length = (rows["hour_to"] - rows["hour_from"]).astype(float)
    return rows.assign(
        dated=dated,
        weekday=weekday,
        hour_kind=np.where(rows["day_kind"] == "ordinary", usual, rows["day_kind"]),
        length=length.where(length > 0, length + 24.0),
        hour_of_day=np.floor(rows["hour_from"]).astype(int) % 24,
    )


def _by_hour(rows: pd.DataFrame) -> tuple[Floats, Floats, int]:
    """Persons and hours counted by (counter, day) and hour of day, and the days that tell something of the hours."""
    day = rows.groupby(["counter", "date"]).ngroup().to_numpy()
    seen, exposed = np.zeros((day.max() + 1, 24)), np.zeros((day.max() + 1, 24))
    begin, length = rows["hour_from"].to_numpy(float), rows["length"].to_numpy(float)
    persons = rows["pedestrians"].to_numpy(float)
    for i in range(int(np.ceil(_DETAIL_H)) + 1):
        hour = np.floor(begin).astype(int) + i
        inside = np.clip(np.minimum(begin + length, hour + 1) - np.maximum(begin, hour), 0, None)
        np.add.at(seen, (day, hour % 24), persons * inside / length)
        np.add.at(exposed, (day, hour % 24), inside)
    tells = ((exposed > 0).sum(axis=1) >= 3) & (seen.sum(axis=1) > 0)
    return seen[tells], exposed[tells], int(tells.sum())


def _pooled(seen: Floats, exposed: Floats, usual: Floats, number: Floats) -> Floats:
    """Column factors of a Poisson model row × column, pooled with the usual ones by the number of days behind each.

    Columns never counted keep the usual factor, the counted ones together the usual total.
    """
    factor, counted = usual.copy(), exposed.sum(axis=0) > 0
    for _ in range(500):
        size = seen.sum(axis=1) / (exposed @ factor)
        new = np.where(counted, seen.sum(axis=0) / np.maximum(size @ exposed, 1e-12), usual)
        new[counted] *= usual[counted].sum() / new[counted].sum()
        moved, factor = np.abs(new - factor).max(), new
        if moved < 1e-9:
            break
    mixed = (number * factor + _DEFAULT_WORTH * usual) / (number + _DEFAULT_WORTH)
    return np.asarray(mixed * usual.sum() / mixed.sum())


def _weekdays(rows: pd.DataFrame, profile: Profile) -> tuple[Floats, int]:
    """How busy each weekday is, mean 1, weighed out over counters that saw at least two weekdays."""
    if rows.empty:
        return profile.weekdays, 0
    shares = [
        float(profile.share(k, np.array([a]), np.array([b]))[0])
        for k, a, b in zip(rows["hour_kind"], rows["hour_from"], rows["hour_to"], strict=True)
    ]
    day = rows.assign(share=shares).groupby(["counter", "date", "weekday"], as_index=False)[["pedestrians", "share"]]
    days = day.sum()
    days = days[days["share"] > 0.1]
    days = days[days.groupby("counter")["weekday"].transform("nunique") >= 2]
    seen = days.pivot_table(index="counter", columns="weekday", values="pedestrians", aggfunc="sum", fill_value=0.0)
    if seen.empty:
        return profile.weekdays, 0
    exposed = days.pivot_table(index="counter", columns="weekday", values="share", aggfunc="sum", fill_value=0.0)
    full_seen, full_exposed = (t.reindex(columns=range(7), fill_value=0.0).to_numpy(float) for t in (seen, exposed))
    kept = full_seen.sum(axis=1) > 0
    if not kept.any():
        return profile.weekdays, 0
    dates = days.groupby("weekday")["date"].nunique().reindex(range(7), fill_value=0).to_numpy().astype(np.float64)
    return _pooled(full_seen[kept], full_exposed[kept], profile.weekdays, dates), int(days["date"].nunique())
