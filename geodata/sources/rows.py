"""The rows of a user's list: what they are called, and which a reader leaves out."""

import pandas as pd

from geodata.language import Text

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


def all_left_out(*parts: pd.DataFrame) -> pd.DataFrame:
    """Several such lists as one, by row."""
    filled = [part for part in parts if len(part)]
    if not filled:
        return pd.DataFrame(columns=COLUMNS)
    return pd.concat(filled).sort_values("row", kind="stable").reset_index(drop=True)


def own_ids(given: pd.Series) -> pd.Series:
    """A list's own ids; `row/4` where there is none or where one stands on several rows."""
    own = given.fillna("").str.strip()
    rows = "row/" + given.index.to_series().astype("str")
    return own.where((own != "") & ~own.duplicated(keep=False), rows)
