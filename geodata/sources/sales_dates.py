"""The dates of a sales list: days and months in whatever form a till or a bookkeeper writes them."""

from dataclasses import dataclass

import pandas as pd

from geodata.language import T, Text, TN
from geodata.sources.values import dates

_SLASHED = r"\s*(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})(?:\D.*)?"
_FORMS = {
    "2024-03-01": r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:\D.*)?",
    "1/3/2024": _SLASHED,
    "3/2024": r"\d{1,2}[/.\-]\d{4}|\d{4}[/.\-]\d{1,2}|[^\W\d]+\.?[\s\-]+\d{4}",
    "45352": r"\d{5}(?:[.,]\d+)?",
}
"""Forms of a date by their first of March 2024, and what they look like."""
_MONTHLY = "3/2024"
_SERIAL = "45352"
_SLIP = 0.01
"""Fewer dates than this share of the ones that can be read in one way alone are slips of the pen."""
MIXED = T(
    "The dates are written with the day first in some rows and with the month first in others. Rows of which nobody "
    "can tell which it is, such as 3/4/2024, are left out; their days are missing from the figures, which are less "
    "sure."
)


@dataclass(frozen=True, eq=False)
class Periods:
    """date: by row, the day or the first of the month; NaT where there is none. monthly: whether it is a month.

    unsure: by row, whether the date is NaT because day and month may be swapped in a list that writes them both ways.
    """

    date: pd.Series
    monthly: pd.Series
    unsure: pd.Series
    notes: tuple[Text, ...]


def read_periods(column: pd.Series, shop: pd.Series) -> Periods:
    """A column of text as days or months; `shop` says whose row it is.

    Day before month, unless the column cannot be read so and can be the American way; what is not certain stands in
    the notes. A column that is written both ways is read where a date can be meant in one way alone.

    A shop with one row a month, all on the first or all on the last day, is listed by month; one with a single such
    row is listed as the others are. A year alone is no date.
    """
    texts = pd.Series(column.dropna().unique(), dtype="str")
    form = pd.Series("", index=texts.index, dtype="str")
    for name, pattern in _FORMS.items():
        form = form.mask((form == "") & texts.str.fullmatch(pattern), name)
    parts = texts[form == "1/3/2024"].str.extract(_SLASHED)
    first, second = parts[0].astype(int), parts[1].astype(int)
    days_first, months_first = int(((first > 12) & (second <= 12)).sum()), int(((second > 12) & (first <= 12)).sum())
    slip = _SLIP * (days_first + months_first)
    mixed, american = min(days_first, months_first) > slip, days_first <= slip < months_first
    plain = texts.mask(form == _SERIAL, texts.str.split(r"[.,]", regex=True).str[0])
    turned = parts if american else parts[second > 12] if mixed else parts[:0]
    plain.loc[turned.index] = turned[1] + "/" + turned[0] + "/" + turned[2]
    both_ways = mixed & (first != second) & (first <= 12) & (second <= 12)
    unsure = texts.index.isin(both_ways.index[both_ways])
    day = dates(plain).where(~texts.str.fullmatch(r"\d{4}") & ~unsure)
    found = pd.Series(day.to_numpy(), index=texts)
    date = pd.to_datetime(column.map(found)).astype("datetime64[ns]")
    monthly = column.map(pd.Series((form == _MONTHLY).to_numpy(), index=texts)).fillna(False).astype(bool)
    days = date[~monthly & date.notna()]
    monthly.loc[days.index] = _one_a_month(days, shop[days.index])
    date = date - pd.to_timedelta((date.dt.day - 1).where(monthly, 0), unit="D")
    notes = _notes(form[day.notna()], first, second, american, mixed)
    return Periods(date, monthly, column.isin(texts[unsure]), notes)


def _one_a_month(days: pd.Series, shop: pd.Series) -> pd.Series:
    """By row, whether all days of its shop are the first, or all the last, of a month, in two months or more."""
    rows = pd.DataFrame({"day": days, "first": days.dt.is_month_start, "last": days.dt.is_month_end})
    rows["again"] = pd.DataFrame({"shop": shop, "day": days}).duplicated()
    by_shop = rows.groupby(shop)
    found = by_shop.agg({"first": "all", "last": "all", "again": "any", "day": "nunique"})
    ends = (found["first"] | found["last"]) & ~found["again"]
    alike = bool(ends.all() and (found["first"].all() or found["last"].all()) and days.nunique() > 1)
    return shop.map(ends & ((found["day"] > 1) | alike)).astype(bool)


def by_month(monthly: pd.Series, shop: pd.Series) -> pd.Series:
    """By row, whether the months that its shop gives whole cover more time than its days."""
    of_shop = monthly.groupby(shop.to_numpy())
    months = of_shop.transform("sum")
    return months * 30 > of_shop.transform("size") - months


def _notes(form: pd.Series, first: pd.Series, second: pd.Series, american: bool, mixed: bool) -> tuple[Text, ...]:
    notes = [MIXED] if mixed else []
    forms = [name for name in _FORMS if (form == name).any()]
    if len(forms) > 1:
        notes.append(T("The dates stand in several forms, all read: {forms}.", forms=", ".join(forms)))
    if mixed:
        return tuple(notes)
    if american:
        notes.append(T("The dates are read with the month first: 12/31/2024."))
    elif len(first) and not (first > 12).any() and (first != second).any():
        unsure = int((first != second).sum())
        notes.append(
            TN(
                "One date, such as 1/3/2024, may be meant day or month first; it is read with the day first.",
                "{count} dates, such as 1/3/2024, may be meant day or month first; they are read with the day first.",
                unsure,
            )
        )
    elif len(first) and (second > 12).any():
        notes.append(T("Dates with the day first and with the month first stand in one list; day first is read."))
    return tuple(notes)
