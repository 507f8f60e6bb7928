"""Numbers, dates and answers as people in Belgium type them, a column at a time."""

import re
from functools import cache

import numpy as np
import pandas as pd
from babel.dates import get_month_names

from geodata.branches import normalise

MISSING = frozenset(
    ["", "-", "--", "/", "?", "x", "n/a", "na", "nvt", "n.v.t.", "n.v.t", "nb", "onbekend", "niet gekend", "null",
     "nan", "none", "geen", "inconnu", "unknown"]
)  # fmt: skip
YES = frozenset(["ja", "j", "yes", "y", "oui", "o", "1", "true", "waar", "vrai", "x", "keten", "filiaal", "chain"])
NO = frozenset(["nee", "neen", "n", "no", "non", "0", "false", "onwaar", "faux", "zelfstandig", "zelfstandige"])

_UNITS = re.compile(r"(?i)(?:^ca\.?\s*|^±\s*|€|eur\b|m²|m2\b|%|\s)")
_NUMBER = re.compile(r"[+-]?\d[\d.,]*|[+-]?[.,]\d+")
_EUROS = re.compile(r"(\d+|\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3})+)(?:[.,](\d{1,2}|-+))?")
_PLAIN = r"[+-]?\d+(?:[.,]\d{1,2})?"
MOST_EUR = 100e6
"""Nobody types more for one shop: rent, staff, fit-out, in a year or once. What is more is a slip. A choice of ours."""
_EXCEL_EPOCH = pd.Timestamp("1899-12-30")


def is_missing(column: pd.Series) -> pd.Series:
    """Whether a cell is empty or says that it is not known."""
    return column.isna() | column.fillna("").map(normalise).isin(MISSING)


def numbers(column: pd.Series, *, lone_dot: str = "thousands") -> pd.Series:
    """A column of text as floats; NaN where it is missing or no number.

    The comma is the decimal sign unless some cell of the column shows otherwise (1,234.5). A dot
    with three digits after it (5.827) is a thousands sign, unless the column shows decimals after a
    dot or `lone_dot` is "decimal", as for coordinates. Blanks, apostrophes, €, m² and % are ignored.
    """
    told = column.dropna()
    if pd.api.types.is_string_dtype(told) and told.str.fullmatch(_PLAIN).all():  # a till writes a million of these
        return column.str.replace(",", ".", regex=False).astype(float)
    texts = {text: _bare(text) for text in told.unique()}
    bare = list(texts.values())
    comma_groups = any(re.search(r",\d{3}\.", text) or text.count(",") > 1 for text in bare)
    dot_decimals = any(re.fullmatch(r"[+-]?\d*\.(\d{1,2}|\d{4,})", text) for text in bare)
    comma_decimals = any("," in text for text in bare) and not comma_groups
    dot_groups = comma_decimals or (lone_dot == "thousands" and not dot_decimals)
    values = {text: _number(plain, comma_groups, dot_groups) for text, plain in texts.items()}
    return column.map(values).astype(float)


def _bare(text: str) -> str:
    return _UNITS.sub("", str(text)).replace("'", "").replace("’", "")


def _number(text: str, comma_groups: bool, dot_groups: bool) -> float:
    if not _NUMBER.fullmatch(text):
        return np.nan
    if "." in text and "," in text:
        decimal = max(".", ",", key=text.rfind)
        plain = text.replace("," if decimal == "." else ".", "").replace(decimal, ".")
    elif "," in text:
        plain = text.replace(",", "") if comma_groups else text.replace(",", ".")
    else:
        grouped = re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})+", text) and (dot_groups or text.count(".") > 1)
        plain = text.replace(".", "") if grouped else text
    try:
        return float(plain)
    except ValueError:
        return np.nan


def euros(text: str) -> float:
    """One amount in euros as somebody types it; NaN for what is none or is below zero.

    Reads 21500, 21.500, 21.500,00, 21 500, 21,500, 21,500.00, € 21.500,- and 21500 euro. Euros have two decimals at
    most, so a dot or comma with three digits after it separates thousands, in Dutch as in English.
    """
    amount = _EUROS.fullmatch(re.sub(r"(?i)€|eur(?:os?)?\b|[\s'’]", "", text))
    if amount is None:
        return np.nan
    whole, cents = re.sub(r"[.,]", "", amount[1]), (amount[2] or "").strip("-")
    return float(f"{whole}.{cents or 0}")


def dates(column: pd.Series) -> pd.Series:
    """A column of text as days; NaT where it is missing or no date. Day before month, as in Belgium.

    Reads 2024-03-01, 1/3/2024, 01-03-24, 1 maart 2024, 20240301, Excel's day numbers, and a month
    (3/2024) or a year (2024) alone as their first day; a time after the date is left out. No date before 1678 or after
    2261 is one.
    """
    found = {text: _date(str(text)) for text in column.dropna().unique()}
    days = pd.to_datetime(column.map(found), errors="coerce")
    return days.where(days.between(pd.Timestamp.min, pd.Timestamp.max)).astype("datetime64[ns]")


def _date(text: str) -> pd.Timestamp | None:
    plain = re.sub(r"[T ]+\d{1,2}[:u]\d{2}.*$", "", text.strip())
    words = [_months().get(normalise(w), w) for w in re.split(r"[\s/.\-]+", plain) if w]
    if not 1 <= len(words) <= 3 or not all(w.isdigit() for w in words):
        return None
    match words:
        case [day] if len(day) == 5:
            return _EXCEL_EPOCH + pd.Timedelta(days=int(day))
        case [day] if len(day) == 8:
            return _day(day[:4], day[4:6], day[6:])
        case [year] if len(year) == 4:
            return _day(year, "1", "1")
        case [first, second] if max(len(first), len(second)) == 4:
            return _day(first, second, "1") if len(first) == 4 else _day(second, first, "1")
        case [year, month, day] if len(year) == 4:
            return _day(year, month, day)
        case [day, month, year]:
            return _day(year, month, day)
    return None


def _day(year: str, month: str, day: str) -> pd.Timestamp | None:
    full = int(year) + (0 if len(year) == 4 else 1900 if int(year) >= 70 else 2000) if len(year) in (2, 4) else 0
    try:
        return pd.Timestamp(year=full, month=int(month), day=int(day)) if full >= 1800 else None
    except ValueError:
        return None


@cache
def _months() -> dict[str, str]:
    """Month names and their short forms in Dutch, French and English → number."""
    found = {"mrt": "3", "sept": "9", "okt": "10", "mei": "5"}
    for locale in ("nl_BE", "fr_BE", "en_GB"):
        for width in ("wide", "abbreviated"):
            for number, name in get_month_names(width, locale=locale).items():
                found[normalise(name).rstrip(".")] = str(number)
    return found


def answers(column: pd.Series) -> pd.Series:
    """A column of yes and no, in Dutch, French or English, as booleans; missing where it is neither."""
    plain = column.fillna("").map(normalise)
    answer = pd.Series(pd.NA, index=column.index, dtype="boolean")
    return answer.mask(plain.isin(YES), True).mask(plain.isin(NO), False)


def hours(column: pd.Series) -> pd.DataFrame:
    """A column of periods of the day as `hour_from` and `hour_to` in hours; NaN where there is none.

    Reads 08:00-12:30, 8u30 - 12u, van 8 tot 12 uur, 7_9, 8-9; one time alone (08:00, 8u) has no end.
    An end at or before the begin is on the next day: 22-2 ends at 26.
    """
    found = {text: _period(str(text)) for text in column.dropna().unique()}
    pairs = [found.get(text, (np.nan, np.nan)) for text in column]
    return pd.DataFrame(pairs, columns=["hour_from", "hour_to"], index=column.index, dtype=float)


_CLOCK = r"(?<!\d)([01]?\d|2[0-4])(?:\s*(?:[:.]|u(?:ur)?|h)\s*([0-5]\d)?)?(?:\s*(?:uur|u|h))?(?!\d)"


def _period(text: str) -> tuple[float, float]:
    times = [int(hour) + int(minute or 0) / 60 for hour, minute in re.findall(_CLOCK, text.lower().replace("_", "-"))]
    if len(times) == 1:
        return times[0], np.nan
    if len(times) != 2:
        return np.nan, np.nan
    begin, end = times
    return begin, end if end > begin else end + 24
