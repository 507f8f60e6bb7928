"""The days of one shop: open, closed, or missing from the list. A missing day is not known, never 0."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np
import pandas as pd
from dateutil.easter import easter  # type: ignore[import-untyped]

from geodata.sources.sales_dates import by_month

ENOUGH_DAYS, ENOUGH_MONTHS = 84, 3
"""Three months: from here on patterns are looked for."""
SELDOM = 0.1
"""A weekday that is open in a smaller share of the weeks on record is a closing day,"""
REGULAR = 0.5
"""where some weekday is open in this share of them: a few days picked from a year show no closing day."""
_DATES_OF_A_WEEKDAY = 4


@dataclass(frozen=True, eq=False)
class ShopDays:
    """A shop from its first day (or month) in the list to its last.

    table: by date, all of them: turnover_eur, tickets, entries (NaN = not known, 0 on closed days) and state: open,
    closed or missing. An open day may lack its turnover. monthly: whether a row is a month. set_aside: rows of the list
    in the other kind of period.
    """

    shop: str
    monthly: bool
    table: pd.DataFrame
    set_aside: int

    @property
    def open(self) -> pd.DataFrame:
        """The days with sales on record."""
        return self.table[self.table["state"] == "open"]

    @property
    def first(self) -> pd.Timestamp:
        """The first day of it."""
        return pd.Timestamp(self.table.index[0])

    @property
    def last(self) -> pd.Timestamp:
        """The last day of it, of the last month too."""
        end = pd.Timestamp(self.table.index[-1])
        return end + pd.offsets.MonthEnd(0) if self.monthly else end

    @property
    def span_days(self) -> int:
        """Days from the first to the last."""
        return (self.last - self.first).days + 1

    @property
    def sold(self) -> pd.Series:
        """By date turnover, or tickets where no turnover is known at all; NaN = not known, 0 on closed days."""
        known = self.open["turnover_eur"].notna().any()
        return self.table["turnover_eur" if known else "tickets"]

    @property
    def known(self) -> int:
        """Days, or months, of which it is known what was sold; closed ones too."""
        return int(self.sold.notna().sum())

    @property
    def enough(self) -> bool:
        """Whether there are three months to work with."""
        return self.known >= (ENOUGH_MONTHS if self.monthly else ENOUGH_DAYS)

    def count(self, state: str) -> int:
        """How many days, or months, are open, closed or missing."""
        return int((self.table["state"] == state).sum())

    @property
    def closing_days(self) -> tuple[int, ...]:
        """Weekdays (0 = Monday) on which it is never open; none for months."""
        if self.monthly:
            return ()
        seen = set(pd.DatetimeIndex(self.open.index).day_of_week)
        return tuple(day for day in range(7) if day not in seen)

    @property
    def gaps(self) -> tuple[tuple[date, date], ...]:
        """First and last day of each run of missing days; closed days within a run do not break it."""
        state = self.table["state"][self.table["state"] != "closed"]
        missing = (state == "missing").to_numpy()
        run = np.cumsum(np.diff(missing, prepend=False) != 0)
        days = state.index[missing].to_series().groupby(run[missing])
        return tuple((low.date(), high.date()) for low, high in zip(days.min(), days.max(), strict=True))


def shop_days(shop: str, rows: pd.DataFrame) -> ShopDays:
    """The days of one shop, from its rows in a `SalesReading` table.

    Where the list has days and months of one shop, the kind that covers more time is used. A day is closed where the
    list says that nothing was sold: a turnover of 0, or no turnover, 0 tickets and nobody who came in. So is a day of
    which the list says nothing, on the weekly closing day or on a public holiday. A day with entries alone was open,
    its turnover not known.
    """
    monthly = bool(by_month(rows["monthly"], rows["shop"]).iloc[0])
    used = rows[rows["monthly"] == monthly].set_index("date").sort_index()
    whole = pd.date_range(used.index[0], used.index[-1], freq="MS" if monthly else "D")
    table = used[["turnover_eur", "tickets", "entries"]].reindex(whole)
    turnover, tickets, came = table["turnover_eur"], table["tickets"], table["entries"] > 0
    nothing = ((turnover == 0) & ~(tickets > 0)) | (turnover.isna() & (tickets == 0) & ~came)
    sold = ~nothing & (turnover.notna() | tickets.notna() | came)
    state = pd.Series("missing", index=whole, dtype="str").mask(sold, "open").mask(nothing, "closed")
    if not monthly:
        state = state.mask(~sold & _usually_closed(sold, pd.Series(whole.isin(used.index), index=whole)), "closed")
    closed = state == "closed"
    table.loc[closed, ["turnover_eur", "tickets"]] = 0.0
    return ShopDays(shop, monthly, table.assign(state=state), len(rows) - len(used))


def _usually_closed(sold: pd.Series, listed: pd.Series) -> pd.Series:
    """Whether a day is a closing day of the week, by the weeks that have any row, or a public holiday."""
    days = pd.DatetimeIndex(sold.index)
    seen = listed.groupby(days.to_period("W")).transform("any")
    weekday = pd.Series(days.day_of_week, index=days)
    share, dates = sold[seen].groupby(weekday[seen]).mean(), weekday[seen].value_counts()
    closing = (share < SELDOM) & (dates.reindex(share.index) >= _DATES_OF_A_WEEKDAY) & (share.max() >= REGULAR)
    holidays = {pd.Timestamp(day) for year in set(days.year) for day in public_holidays(int(year))}
    return weekday.map(closing).fillna(False).astype(bool) | days.isin(list(holidays))


@cache
def public_holidays(year: int) -> frozenset[date]:
    """The ten public holidays of Belgium (law of 4 January 1974)."""
    sunday = easter(year)
    moving = (sunday + timedelta(days=n) for n in (1, 39, 50))
    fixed = ((1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25))
    return frozenset([*moving, *(date(year, month, day) for month, day in fixed)])
