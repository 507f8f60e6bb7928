"""Turnover of a year: counted, filled in for missing days, or carried on from months to a whole year."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from geodata.language import T, Text, TN
from location_model.sales_days import ENOUGH_DAYS, ENOUGH_MONTHS, ShopDays
from location_model.sales_figure import Figure, not_known, ratio
from location_model.sales_patterns import Pattern

YEAR = 365
UNIT = "€/year"
GAP_SD = 0.05
"""Log sd of the level of a shop while its days are missing (house assumption); more in a long gap: `_gaps_sd`."""
SEASON_SD = 0.15
"""Log sd of a month of the year around the mean, where no shop shows the season (house assumption, proxy)."""
ALIKE_MONTHS = 6
"""Months beside one another are alike: half a year tells no more of the season than one (house assumption)."""
SHOPS_DIFFER_SD = 0.05
"""Log sd of a shop's month around that of the own other shops, at least (house assumption)."""

Season = tuple[pd.Series, float, Text]
"""By month (1–12, mean 1), how sure a month is (log sd), and what it stands on."""


def season_of(others: Sequence[Pattern]) -> Season:
    """The season that the own other shops show, month by month the median; flat, and unsure, where none does."""
    known = [p for p in others if p.season_known]
    if not known:
        flat = pd.Series(1.0, index=range(1, 13))
        return flat, SEASON_SD, T("no season is known: every month is taken alike, with a wide interval (proxy)")
    logs = np.log(np.array([[month.value / 100 for month in p.season] for p in known]))
    middle = np.exp(np.median(logs, axis=0))
    spread = float(np.sqrt((logs.std(axis=0, ddof=1) ** 2).mean())) if len(known) > 1 else SEASON_SD
    told = TN("season of one other own shop", "season of {count} other own shops", len(known))
    return pd.Series(middle / middle.mean(), index=range(1, 13)), max(spread, SHOPS_DIFFER_SD), told


def year_turnover(days: ShopDays, found: Pattern, season: Season) -> Figure:
    """Turnover of the last 365 days, in € a year, with an 80 % interval; not known under three months.

    Missing days are filled in as usual ones then; what lies before the first day is what the known days come to by
    the `season`. Not known either where less than three months of the open days of that year are known, or where
    nobody can say what a missing day usually brings.
    """
    if not days.open["turnover_eur"].notna().any():
        return not_known(UNIT, T("the list has no turnover of this shop."))
    if not days.enough or not _recent(days):
        return not_known(UNIT, _too_short(days))
    table = _last_year(days)
    sold = table["turnover_eur"]
    usual = found.usual.reindex(table.index)
    if usual[sold.isna()].isna().any():
        return not_known(UNIT, T("days are missing of which it is not known what they usually bring."))
    filled = float(usual[sold.isna()].sum())
    missing = int(sold.isna().sum())
    known = float(sold.sum())
    covered = int(pd.DatetimeIndex(table.index).days_in_month.to_numpy().sum()) if days.monthly else len(table)
    fill_sd = 0.0
    if missing:
        bend = SHOPS_DIFFER_SD if days.monthly and found.season_known else SEASON_SD
        day_sd = filled * float(np.hypot(found.log_sd / np.sqrt(missing), GAP_SD))
        fill_sd = float(np.hypot(day_sd, _gaps_sd(usual, table[table["state"] != "closed"], bend, days.monthly)))
    if covered >= YEAR:
        if not missing:
            return Figure(known, known, known, UNIT, T("counted, from {first} to {last}", **_span(table, days)))
        basis = T("counted, but for {count} that are missing and filled in as usual", count=_periods(missing, days))
        return ratio(known + filled, fill_sd / (known + filled), UNIT, basis)
    shape, season_sd, told = season
    index = pd.DatetimeIndex(table.index)
    before = pd.date_range(end=index[0] - pd.Timedelta(days=1), periods=YEAR - covered)
    weight = pd.DatetimeIndex(pd.date_range(index[0], days.last)).month
    level = (known + filled) / float(shape.reindex(weight).sum())
    rest = level * float(shape.reindex(before.month).sum())
    months = 12 * covered / YEAR
    log_sd = season_sd * _season_sd(months)
    total = known + filled + rest
    sd = float(np.hypot(fill_sd, rest * float(np.hypot(log_sd, found.log_sd / np.sqrt(max(days.known, 1))))))
    return ratio(
        total, sd / total, UNIT, T("{days} of 365 days are known; the rest by: {season}", days=covered, season=told)
    )


def _gaps_sd(usual: pd.Series, table: pd.DataFrame, bend: float, monthly: bool) -> float:
    """Sd in euros of what the gaps bring, for the season that the straight line across them leaves out.

    usual: euros of a usual day (month). table: those that are not closed. bend: log sd of a month around the line. From
    half a year on its two ends tell as little of a gap as of what lies before the first day; a shorter one is surer in
    proportion.
    """
    missing = table["turnover_eur"].isna()
    gap = missing.ne(missing.shift()).cumsum()[missing]
    dates = pd.DatetimeIndex(gap.index)
    day = pd.Series(12 * dates.year + dates.month if monthly else dates.to_julian_date() / (YEAR / 12), index=gap.index)
    months = day.groupby(gap).agg(np.ptp) + (1 if monthly else 12 / YEAR)
    euros = usual.reindex(gap.index).groupby(gap).sum()
    alike = [_season_sd(float(m)) * min(float(m) / ALIKE_MONTHS, 1) for m in months]
    return bend * float(np.sqrt(((euros * alike) ** 2).sum()))


def _season_sd(months: float) -> float:
    """How unsure the season leaves so many months that are told by the rest of the year, where one month is 1 (log)."""
    return float(np.sqrt(sum(1 / max(m / ALIKE_MONTHS, 1) for m in (months, 12 - months))))


def what_more_gives(days: ShopDays, found: Pattern) -> Text | None:
    """What a longer or finer list would tell; None where it tells all."""
    if not days.enough or not _recent(days):
        return _too_short(days)
    if not found.season_known:
        return T("A whole year would count the year's turnover and show the season; a month or two more, a trend.")
    if not found.trend.known:
        return T("A month or two more would show a trend, against the same weeks a year earlier.")
    if days.monthly:
        return T("Sales by day would show the weekdays and the days that stand out.")
    if days.span_days < 2 * YEAR:
        return T("A second year would make season and trend surer.")
    return None


def _last_year(days: ShopDays) -> pd.DataFrame:
    return days.table.iloc[-12:] if days.monthly else days.table[-YEAR:]


def _known_open(days: ShopDays) -> int:
    """Open days, or months, of the last year of which it is known what was sold."""
    return int(days.sold.reindex(_last_year(days).index)[_last_year(days)["state"] == "open"].notna().sum())


def _recent(days: ShopDays) -> bool:
    """Whether as large a share of the last year is known as three months are of a year; closed days do not count."""
    last = _last_year(days)
    missing = int(days.sold.reindex(last.index).isna().sum())
    known = _known_open(days)
    fewest = ENOUGH_MONTHS if days.monthly else ENOUGH_DAYS
    return not missing or len(last) * known >= fewest * (known + missing)


def _too_short(days: ShopDays) -> Text:
    known = days.known if not days.enough else _known_open(days)
    if days.monthly:
        return TN(
            "at least three months of sales in the last year are needed; one month is known.",
            "at least three months of sales in the last year are needed; {count} months are known.",
            known,
        )
    return TN(
        "at least three months of sales ({needed} days) in the last year are needed; one day is known.",
        "at least three months of sales ({needed} days) in the last year are needed; {count} days are known.",
        known,
        needed=ENOUGH_DAYS,
    )


def _span(table: pd.DataFrame, days: ShopDays) -> dict[str, object]:
    return {"first": pd.Timestamp(table.index[0]).date(), "last": days.last.date()}


def _periods(count: int, days: ShopDays) -> Text:
    return TN("one month", "{count} months", count) if days.monthly else TN("one day", "{count} days", count)
