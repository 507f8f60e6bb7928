"""A file of which no row can be used is an error: leaving all of it out would look like a town without shops."""

from pathlib import Path

import pandas as pd

from geodata.errors import GeodataError
from geodata.language import T, Text, TN
from geodata.sources.coordinates import OUTSIDE
from geodata.sources.matching import NOT_FOUND
from geodata.tables import Reading

_REMEDIES = {
    OUTSIDE: T("Check that it is the list of this town, with coordinates in WGS84, Lambert 72 or Lambert 2008."),
    NOT_FOUND: T("Give an address file with --addresses, or add columns with coordinates."),
}


def usable(reading: Reading, path: Path) -> Reading:
    """The reading, unless every row of it was skipped: then GeodataError with the commonest reason."""
    if len(reading.table) or reading.skipped["row"].nunique() < max(reading.rows_read, 1):
        return reading
    raise none_usable(reading.rows_read, reading.skipped, str(path))


def none_usable(rows_read: int, skipped: pd.DataFrame, where: str, remedy: Text | None = None) -> GeodataError:
    """The error for a file of which all rows were skipped, with the commonest reason."""
    reasons = skipped["reason"]
    commonest = reasons.value_counts().index[0]
    first = skipped[reasons == commonest].iloc[0]
    return GeodataError(
        TN(
            "the only row cannot be used. Row {row}, {field} “{value}”: {reason}",
            "none of the {count} rows can be used. Row {row}, {field} “{value}”: {reason}",
            rows_read,
            row=str(first["row"]),
            field=str(first["field"]) or "–",
            value=str(first["value"]),
            reason=commonest,
        ),
        where=where,
        remedy=remedy or _REMEDIES.get(commonest, T("Mend that column in the file, or build without it.")),
    )
