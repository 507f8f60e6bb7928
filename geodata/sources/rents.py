"""The rent that a list of units asks, by the year: what its header says decides whether a month or a year is meant."""

import re
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
_NOUNS = frozenset(["jaar", "year", "annum", "an", "annee", "maand", "month", "mois"])
_BY = frozenset(["per", "par", "a", "by", "each", "eur", "euro", "euros"])
_M2 = re.compile(
    r"\b(?:m2|sqm|(?:sq|square|vierk|vierkante) ?(?:m|meters?|metres?)|(?:m|metres?|meters?) ?(?:2|carres?|square))\b"
)
_AREA = re.compile(r"\b(?:m|sq|wvo|area)\b|m2|sqm|vierk|square|carre|met(?:er|re)|oppervlak|surface")
_OTHER_AREA = re.compile(r"\b(?:ft|sqft|foot|feet|ha|bvo|gfa|gla)\b|hectare|brutovloer")
"""Words of an area: without `_M2`, and always those of gross area and other units, it is not known what is rented."""
_ANOTHER = frozenset([
    "te", "for", "week", "dag", "day", "looptijd", "duur", "duration", "duree", "term", "terme", "termijn", "periode",
    "period", "einde", "eind", "einddatum", "end", "ending", "expiry", "vervaldag", "fin", "echeance", "start",
    "startdatum", "begin", "begindatum", "aanvang", "ingang", "debut", "sinds", "since", "depuis", "datum", "date",
    "index", "indexatie", "indexering", "indexation", "indice", "verhoging", "increase", "augmentation", "herziening",
    "revision", "free", "vrije", "gratis", "gratuit", "gratuite", "franchise", "korting", "discount", "waarborg",
    "deposit", "garantie", "opzeg", "opzegtermijn", "notice", "preavis", "aantal", "number", "nombre",
])  # fmt: skip
"""`te huur` and `for rent` say that a unit is to let, not for how much; nobody asks rent by the day; and how long,
since when or how much more is paid is no rent.
"""


def rent_field(words: str) -> str | None:
    """The field of a column of rents, by the words of its header (`header_words`), in their order.

    None where they do not speak of a rent, or not of a month or a year; "" where they are about something else, or
    about an area that is not the m²: no field at all.
    """
    said = words.split()
    if not _RENT.intersection(said):
        return None
    by_m2 = _M2.search(words) is not None
    if _ANOTHER.intersection(said) or _OTHER_AREA.search(words) or (not by_m2 and _AREA.search(words)):
        return ""
    # `jaar huur` is the year of a rent: the period is named after what it divides
    leads = [word in _NOUNS and not (_RENT | _BY).intersection(said[:at]) for at, word in enumerate(said)]
    year, month = bool(_YEAR.intersection(said)), bool(_MONTH.intersection(said))
    if any(leads) or (by_m2 and month):
        return ""
    if year == month:
        return None
    return MONTH if month else M2_YEAR if by_m2 else YEAR


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
    words = {h: set(header_words(h).split()) for h in headers if h not in columns.columns.values()}
    return [
        T(
            "the column {header} is not used: it does not say whether the rent is by the month, by the year or by the "
            "m² a year. Call it “huur per maand” or “huur per jaar”, or say which it is when you check the file.",
            header=header,
        )
        for header, said in words.items()
        if said & _RENT and not said & _ANOTHER
    ]
