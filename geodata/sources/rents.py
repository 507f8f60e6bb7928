"""The rent that a list of units asks, by the year: what its header says decides whether a month or a year is meant."""

from collections.abc import Iterable

import pandas as pd

from geodata.language import T, Text
from geodata.sources.columns import ColumnMapping, header_words
from geodata.sources.rows import all_left_out, because, unused_numbers
from geodata.sources.values import numbers

MONTHS = 12
YEAR, MONTH, M2_YEAR = "rent_per_year", "rent_per_month", "rent_per_m2_per_year"
FIELDS = (YEAR, MONTH, M2_YEAR)
SYNONYMS: dict[str, tuple[str, ...]] = {
    YEAR: ("huur per jaar",), MONTH: ("huur per maand",), M2_YEAR: ("huur per m2 per jaar",)
}  # fmt: skip
"""The names to give a column; `rent_field` knows many more."""

_OF_A_YEAR = frozenset(["jaarhuur", "jaarhuurprijs"])
_OF_A_MONTH = frozenset(["maandhuur", "maandhuurprijs"])
_RENT = _OF_A_YEAR | _OF_A_MONTH | {
    "huur", "huurprijs", "huurprijzen", "vraaghuur", "vraaghuurprijs", "basishuur", "huurwaarde",
    "loyer", "loyers", "rent", "rental",
}  # fmt: skip
_YEAR = _OF_A_YEAR | {"jaar", "jaarlijks", "jaarlijkse", "year", "yearly", "annual", "annum", "an", "annuel", "annee"}
_MONTH = _OF_A_MONTH | {"maand", "maandelijks", "maandelijkse", "month", "monthly", "mois", "mensuel"}
_ANOTHER = frozenset(["te", "for", "week", "dag", "day"])
"""`te huur` and `for rent` say that a unit is to let, not for how much; nobody asks rent by the day."""


def rent_field(words: frozenset[str]) -> str | None:
    """The field of a column of rents, by the words of its header; None where they do not say a month or a year."""
    if not words & _RENT or words & _ANOTHER or bool(words & _YEAR) == bool(words & _MONTH):
        return None
    if "m2" in words:
        return M2_YEAR if words & _YEAR else None
    return YEAR if words & _YEAR else MONTH


def yearly_rent(rows: pd.DataFrame, floor_area_m2: pd.Series) -> pd.Series:
    """Euros a year: as listed by the year, else twelve months, else by the m² of the floor area; NaN = not known.

    A rent of 0 is how many lists write "not known".
    """
    year, month, m2 = (numbers(rows[field]).where(lambda eur: eur > 0) for field in FIELDS)
    return year.fillna(MONTHS * month).fillna(m2 * floor_area_m2)


def unused_rents(rows: pd.DataFrame, rent: pd.Series) -> pd.DataFrame:
    """The cells that are no amount, and rents per m² of units whose floor area is not known."""
    per_m2 = numbers(rows[M2_YEAR])
    no_area = T("the floor area is not known, so the rent is not either; the row is used without it.")
    return all_left_out(
        *(unused_numbers(rows[field], field) for field in FIELDS),
        because((per_m2 > 0) & rent.isna(), M2_YEAR, rows[M2_YEAR], no_area),
    )


def unclear_rents(headers: Iterable[str], columns: ColumnMapping) -> list[Text]:
    """A note for each column about rents that is not used, since its header does not say what they are the rent of."""
    words = {h: frozenset(header_words(h).split()) for h in headers if h not in columns.columns.values()}
    return [
        T(
            "the column {header} is not used: it does not say whether the rent is by the month, by the year or by the "
            "m² a year. Call it “huur per maand” or “huur per jaar”, or say which it is when you check the file.",
            header=header,
        )
        for header, said in words.items()
        if said & _RENT and not said & _ANOTHER
    ]
