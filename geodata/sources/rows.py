"""The rows of a user's list: what they are called, which a reader leaves out, and which cells it does not use."""

import datetime

import pandas as pd

from geodata.language import T, Text
from geodata.sources.values import dates, is_missing, numbers

COLUMNS = ["row", "field", "value", "reason"]


def left_out(reasons: pd.Series, field: str, values: pd.Series) -> pd.DataFrame:
    """The rows with a reason: row (the index), field, value, reason. `reasons` holds a Text or None a row."""
    rows = reasons.index[reasons.map(lambda reason: isinstance(reason, Text)).to_numpy(dtype=bool)]
    return pd.DataFrame(
        {
            "row": rows.to_numpy(),
            "field": field,
            "value": values[rows].fillna("").astype("str").str.strip().to_numpy(),
            "reason": reasons[rows].to_numpy(),
        },
        columns=COLUMNS,
    )


def because(bad: pd.Series, field: str, values: pd.Series, reason: Text) -> pd.DataFrame:
    """The rows marked in `bad`, as `left_out` lists them, all for one reason."""
    return left_out(pd.Series([reason if b else None for b in bad], index=bad.index, dtype=object), field, values)


def unused_numbers(column: pd.Series, field: str) -> pd.DataFrame:
    """The cells that hold no number, or one below 0; a 0 is how many lists write "not known" and is no mistake."""
    value = numbers(column)
    no_number = T("this is no number; the row is used without it.")
    below = T("this cannot be below 0; the row is used without it.")
    return all_left_out(
        because(~is_missing(column) & value.isna(), field, column, no_number), because(value < 0, field, column, below)
    )


def past_dates(column: pd.Series, today: datetime.date | None = None) -> pd.Series:
    """A column of text as days, as `dates` does; a day after `today` (the present one unless given) is not known."""
    day = dates(column)
    return day.where(day <= pd.Timestamp(today or datetime.date.today()))


def unused_dates(column: pd.Series, field: str, today: datetime.date | None = None) -> pd.DataFrame:
    """The cells that hold no date, or one that has yet to come."""
    day = dates(column)
    no_date = T("this is no date, day before month; the row is used without it.")
    to_come = T("this day has yet to come; the row is used without it.")
    return all_left_out(
        because(~is_missing(column) & day.isna(), field, column, no_date),
        because(day.notna() & past_dates(column, today).isna(), field, column, to_come),
    )


def all_left_out(*parts: pd.DataFrame) -> pd.DataFrame:
    """Several such lists as one, by row."""
    filled = [part for part in parts if len(part)]
    if not filled:
        return pd.DataFrame(columns=COLUMNS)
    return pd.concat(filled).sort_values("row", kind="stable").reset_index(drop=True)


def of_rows(doubts: pd.DataFrame, used: pd.Series) -> pd.DataFrame:
    """Of cells that are not used, those of rows that are; `used` is by row."""
    return doubts[doubts["row"].isin(used.index[used])].reset_index(drop=True)


def own_ids(given: pd.Series, kind: str = "row") -> pd.Series:
    """A list's own ids; `row/4`, or of another kind, where there is none or where one stands on several rows."""
    own = given.fillna("").str.strip()
    rows = f"{kind}/" + given.index.to_series().astype("str")
    return own.where((own != "") & ~own.duplicated(keep=False), rows)
