"""Weekdays, seasons, trend and outliers in the sales of one shop, so that one odd day bends none of them.

Sales are read as level × weekday × chance. The level is the running median of five weeks, the weekday the median around
it; a day that lies farther from both than 3.5 robust standard deviations (1.4826 × the median absolute deviation) is an
outlier and left out of the rest. Intervals are of 80 %, with weeks as the witnesses: days of one week are alike.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import t as student
from scipy.stats import theilslopes

from geodata.language import T, Text
from location_model.sales_days import ShopDays
from location_model.sales_figure import LEVEL, Figure, not_known, of_ends

LEVEL_WINDOW = "35D"
FAR = 3.5
MAD_TO_SD = 1.4826
LEAST_SD = 0.02
"""No shop's days are more alike than this (log), however short the list."""
SEASON_DAYS, SEASON_MONTHS = 10, 12
"""A month of the year is known from so many open days; the season from so many months."""
YEAR_DAYS = 364
"""52 weeks: the same weekday a year earlier."""
FEWEST_WEEKS, FEWEST_MONTHS = 4, 2
"""Of a year earlier, to tell a trend."""
UNSEEN_SD = 0.05
"""Log sd of growth in a stretch of which nothing is known, around that of the rest (house assumption)."""

TOO_SHORT = T("at least three months of sales are needed for this.")
BY_DAY = T("sales by day are needed for this.")
CLOSED = T("closed on this weekday.")


@dataclass(frozen=True)
class Outlier:
    """A day unlike those around it: what was sold, and what is usual on such a day then, in euros."""

    day: date
    turnover_eur: float
    usual_eur: float

    def as_json(self) -> dict[str, Any]:
        """Day and euros."""
        return {
            "date": self.day.isoformat(),
            "turnover_eur": round(self.turnover_eur, 2),
            "usual_eur": round(self.usual_eur, 2),
        }


@dataclass(frozen=True, eq=False)
class Pattern:
    """weekdays: seven, a mean open day = 100. season: twelve months, a mean month = 100. trend: % a year.

    course: % a month from begin to end, season included, where the season cannot be told yet. outliers: None where they
    cannot be told. usual: euros of a usual day (month) by date, closed ones 0; log_sd: of one day around it.
    """

    weekdays: tuple[Figure, ...]
    season: tuple[Figure, ...]
    trend: Figure
    course: Figure
    outliers: tuple[Outlier, ...] | None
    usual: pd.Series
    log_sd: float

    @property
    def season_known(self) -> bool:
        """Whether all twelve months are known."""
        return all(month.known for month in self.season)


def pattern(days: ShopDays) -> Pattern:
    """The pattern in the turnover of a shop (in its tickets where no turnover is known)."""
    sold = days.sold[days.table["state"] == "open"]
    logs = np.log(sold[sold > 0])
    if not days.enough or len(logs) < 2:
        none = not_known("mean = 100", TOO_SHORT)
        usual = pd.Series(np.nan, index=days.table.index)
        change = not_known("%/year", TOO_SHORT), not_known("%/month", TOO_SHORT)
        return Pattern((none,) * 7, (none,) * 12, *change, None, usual, np.nan)
    return _by_month(days, logs) if days.monthly else _by_day(days, sold, logs)


def _by_day(days: ShopDays, sold: pd.Series, logs: pd.Series) -> Pattern:
    index = pd.DatetimeIndex(logs.index)
    level = _level(logs)
    weekday = (logs - level).groupby(index.day_of_week).median()
    of_day = pd.Series(weekday.reindex(index.day_of_week).to_numpy(), index=index)
    level = _level(logs - of_day)
    rest = logs - of_day - level
    sd = max(MAD_TO_SD * float((rest - rest.median()).abs().median()), LEAST_SD)
    far = rest.abs() > FAR * sd
    kept = ~far
    around = (logs - level)[kept].groupby(index[kept.to_numpy()].day_of_week)
    smooth = _level((logs - of_day)[kept])
    usual = _usual(days, smooth, weekday, float(np.exp(rest[kept]).mean()))
    below = sold[sold <= 0]
    odd = pd.concat([np.exp(logs[far]), below]).sort_index()
    outliers = tuple(Outlier(day.date(), float(odd[day]), float(usual[day])) for day in odd.index)
    weeks = (logs - of_day)[kept]
    trend = _year_on_year(weeks, YEAR_DAYS)
    season = _season(weeks, trend, SEASON_DAYS)
    course = _course(weeks) if not all(month.known for month in season) else not_known("%/month", _IN_TREND)
    sure = float(rest[kept].std())
    return Pattern(
        _weekdays(around.mean(), around.sem(), around.size(), sd), season, trend, course, outliers, usual, sure
    )


def _by_month(days: ShopDays, logs: pd.Series) -> Pattern:
    """Months are weighed by their number of days; outliers need days."""
    index = pd.DatetimeIndex(logs.index)
    a_day = logs - np.log(index.days_in_month)
    trend = _year_on_year(a_day, 0)
    season = _season(a_day, trend, 1)
    course = _course(a_day) if not all(month.known for month in season) else not_known("%/month", _IN_TREND)
    weekdays = (not_known("mean = 100", BY_DAY),) * 7
    effect = pd.Series([np.log(m.value / 100) if m.known else 0.0 for m in season], index=range(1, 13))
    plain = a_day - effect.reindex(index.month).to_numpy()
    whole = pd.DatetimeIndex(days.table.index)
    middle = np.interp(whole.asi8, index.asi8, plain.to_numpy()) + effect.reindex(whole.month).to_numpy()
    usual = pd.Series(np.exp(middle) * whole.days_in_month, index=whole).mask(days.table["state"] == "closed", 0.0)
    return Pattern(weekdays, season, trend, course, None, usual, float(plain.diff().std() / np.sqrt(2)))


_IN_TREND = T("the season is known: see the trend.")


def _level(logs: pd.Series) -> pd.Series:
    return logs.rolling(LEVEL_WINDOW, center=True, min_periods=1).median()


def _usual(days: ShopDays, level: pd.Series, weekday: pd.Series, mean: float) -> pd.Series:
    """Euros of a usual day by date; the level is drawn straight across missing days."""
    whole = pd.DatetimeIndex(days.table.index)
    over = np.interp(whole.asi8, pd.DatetimeIndex(level.index).asi8, level.to_numpy())
    effect = weekday.reindex(whole.day_of_week).to_numpy()
    usual = pd.Series(np.exp(over + effect) * mean, index=whole)
    return usual.mask(days.table["state"] == "closed", 0.0)


def _weekdays(mean: pd.Series, error: pd.Series, number: pd.Series, sd: float) -> tuple[Figure, ...]:
    centre = np.log(np.exp(mean).mean())
    told = []
    for day in range(7):
        if day not in mean.index:
            told.append(not_known("mean = 100", CLOSED))
            continue
        n = int(number[day])
        spread = error[day] if n > 2 else sd / np.sqrt(n)
        half = float(student.ppf((1 + LEVEL) / 2, max(n - 1, 1)) * spread)
        told.append(_index(mean[day] - centre, half, T("{count} such days", count=n)))
    return tuple(told)


def _season(logs: pd.Series, trend: Figure, fewest: int) -> tuple[Figure, ...]:
    """A mean for each month of the year, growth taken out where it is known; weeks (months) are the witnesses."""
    index = pd.DatetimeIndex(logs.index)
    growth = np.log1p(trend.value / 100) if trend.known else 0.0
    flat = logs - growth * ((index - index[0]).days.to_numpy() / 365)
    week = flat.groupby([index.month, index.to_period("W")]).mean()
    month, number = week.groupby(level=0).mean(), week.groupby(level=0).size()
    known = int((flat.groupby(index.month).size() >= fewest).sum())
    if known < SEASON_MONTHS:
        why = T("a whole year is needed to tell the season; {months} of the 12 months are known.", months=known)
        return (not_known("mean = 100", why),) * 12
    freedom = max(len(week) - 12, 1)
    within = float(((week - month.reindex(week.index.get_level_values(0)).to_numpy()) ** 2).sum() / freedom)
    sd = max(np.sqrt(within), LEAST_SD) if len(week) > 12 else _ONE_MONTH
    centre = np.log(np.exp(month).mean())
    half = student.ppf((1 + LEVEL) / 2, freedom) * sd / np.sqrt(number)
    basis = T("sales by week") if fewest > 1 else T("sales by month")
    return tuple(_index(month[m] - centre, float(half[m]), basis) for m in range(1, 13))


_ONE_MONTH = 0.05
"""Log sd of a month that was seen once (house assumption)."""


def _index(log: float, half: float, basis: Text) -> Figure:
    return of_ends((100 * np.exp(log + d) for d in (0.0, -half, half)), "mean = 100", basis)


def _year_on_year(logs: pd.Series, lag_days: int) -> Figure:
    """Growth against the same days (lag in days) or months (lag 0) a year earlier, in % a year.

    Weeks, or months, are the witnesses; those beside one another are alike, so each counts for half. Where stretches
    are missing, growth there may have been another: the interval widens with what they are of the whole.
    """
    index = pd.DatetimeIndex(logs.index)
    later = index + pd.Timedelta(days=lag_days) if lag_days else index + pd.DateOffset(years=1)
    change = logs - pd.Series(logs.to_numpy(), index=later).reindex(index)
    change = change.dropna()
    unit = "%/year"
    period = change.groupby(pd.DatetimeIndex(change.index).to_period("W" if lag_days else "M")).mean()
    fewest = FEWEST_WEEKS if lag_days else FEWEST_MONTHS
    if len(period) < fewest:
        return not_known(
            unit, T("a trend needs a year and a month at least, to set beside the same weeks a year earlier.")
        )
    error = np.hypot(
        max(float(period.std()), LEAST_SD) * np.sqrt(2 / len(period)),
        UNSEEN_SD * _unseen(period.index, later[0], index[-1]),
    )
    half = float(student.ppf((1 + LEVEL) / 2, max(len(period) // 2, 1)) * error)
    middle = float(period.mean())
    told = T("{count} weeks beside the same a year earlier", count=len(period))
    if not lag_days:
        told = T("{count} months beside the same a year earlier", count=len(period))
    return of_ends((100 * np.expm1(middle + d) for d in (0.0, -half, half)), unit, told)


def _unseen(seen: pd.Index, first: pd.Timestamp, last: pd.Timestamp) -> float:
    """How much is without witness of the time from the first day that may have one, a year after the list begins.

    The root of the squares of each stretch's share: weeks (months) within one are alike, stretches apart are not.
    """
    periods = pd.PeriodIndex(seen)
    missing = ~pd.period_range(first, last, freq=str(periods.freqstr)).isin(periods)
    stretch = np.cumsum(np.diff(missing, prepend=False))[missing]
    return float(np.sqrt((np.unique(stretch, return_counts=True)[1] ** 2).sum()) / len(missing))


def _course(logs: pd.Series) -> Figure:
    """From begin to end, by the line through the weeks of which the slopes between pairs are the median (Theil–Sen)."""
    index = pd.DatetimeIndex(logs.index)
    week = logs.groupby(index.to_period("W")).median()
    months = (pd.PeriodIndex(week.index).start_time - index[0]).days.to_numpy() / 30.4
    if len(week) < 3:
        return not_known("%/month", TOO_SHORT)
    slope, _, low, high = theilslopes(week.to_numpy(), months, alpha=LEVEL)
    basis = T("within the period, season included")
    return of_ends((100 * np.expm1(x) for x in (slope, low, high)), "%/month", basis)
