"""The days of one shop: open, closed, or missing from the list. A missing day is not known, never 0."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np
import pandas as pd
from dateutil.easter import easter  # type: ignore[import-untyped]

ENOUGH_DAYS, ENOUGH_MONTHS = 84, 3
"""Three months: from here on patterns are looked for."""
SELDOM = 0.1
"""A weekday with rows on a smaller share of its dates is the closing day."""
_DATES_OF_A_WEEKDAY = 4


@dataclass(frozen=True, eq=False)
class ShopDays:
    """A shop from its first day (or month) in the list to its last.

    table: by date, all of them: turnover_eur, tickets, entries (NaN = not known, 0 on closed days) and state: open,
    closed or missing. monthly: whether a row is a month. set_aside: rows of the list in the other kind of period.
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
    def known(self) -> int:
        """Days, or months, that are not missing."""
        return int((self.table["state"] != "missing").sum())

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

    Where the list has days and months of one shop, the kind that covers more time is used. A day of which the list
    says 0 is closed; so is a day that is not in the list on the weekly closing day or on a public holiday.
    """
    months = int(rows["monthly"].sum())
    monthly = months * 30 > len(rows) - months
    used = rows[rows["monthly"] == monthly].set_index("date").sort_index()
    whole = pd.date_range(used.index[0], used.index[-1], freq="MS" if monthly else "D")
    table = used[["turnover_eur", "tickets", "entries"]].reindex(whole)
    listed = pd.Series(whole.isin(used.index), index=whole)
    nothing = (table["turnover_eur"].fillna(0) == 0) & (table["tickets"].fillna(0) == 0)
    sold = listed & ~nothing
    state = pd.Series("missing", index=whole, dtype="str").mask(sold, "open").mask(listed & nothing, "closed")
    if not monthly:
        state = state.mask(~listed & _usually_closed(whole, sold), "closed")
    closed = state == "closed"
    table.loc[closed, ["turnover_eur", "tickets"]] = 0.0
    return ShopDays(shop, monthly, table.assign(state=state), len(rows) - len(used))


def _usually_closed(days: pd.DatetimeIndex, sold: pd.Series) -> pd.Series:
    weekday = pd.Series(days.day_of_week, index=days)
    share, dates = sold.groupby(weekday).mean(), weekday.value_counts()
    closing = weekday.map((share < SELDOM) & (dates.reindex(share.index) >= _DATES_OF_A_WEEKDAY))
    holidays = {pd.Timestamp(day) for year in set(days.year) for day in public_holidays(int(year))}
    return closing.astype(bool) | days.isin(list(holidays))


@cache
def public_holidays(year: int) -> frozenset[date]:
    """The ten public holidays of Belgium (law of 4 January 1974)."""
    sunday = easter(year)
    moving = (sunday + timedelta(days=n) for n in (1, 39, 50))
    fixed = ((1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25))
    return frozenset([*moving, *(date(year, month, day) for month, day in fixed)])
