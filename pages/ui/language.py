"""The language of this visit: `?lang=`, else the browser's, and how texts and numbers are written in it."""

import datetime
import math

import streamlit as st
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from geodata.language import DEFAULT_LANGUAGE, LANGUAGES, LOCALES, Text, show

KEY = "lang"
NOT_KNOWN = "–"


def settle() -> str:
    """Decide the language before anything is drawn: the address, what was chosen before, the browser."""
    if KEY not in st.session_state:
        wanted = st.query_params.get(KEY, "")
        spoken = (st.context.locale or "")[:2].lower()
        st.session_state[KEY] = next((x for x in (wanted, spoken) if x in LANGUAGES), DEFAULT_LANGUAGE)
    return language()


def language() -> str:
    """ "nl" or "en"."""
    return str(st.session_state.get(KEY) or DEFAULT_LANGUAGE)


def _(text: Text) -> str:
    """A text in the language of this visit."""
    return text.to(language())


def written(value: object) -> str:
    """A value as a reader of the language writes it; – where it is not known."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return NOT_KNOWN
    return show(value, language())


def number(value: float, digits: int = 0) -> str:
    """A number with thousands separated and a fixed number of decimals; – for NaN."""
    if value is None or math.isnan(value):
        return NOT_KNOWN
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(value, format=pattern, locale=LOCALES[language()])


def rounded(value: float) -> str:
    """A number no more precise than it is known: one decimal below 10, two digits above; – for NaN."""
    if math.isnan(value) or abs(value) < 10:
        return number(value, 0 if value == 0 else 1)
    step = 10 ** (math.floor(math.log10(abs(value))) - 1)
    return number(round(value / step) * step)


def percent(share: float) -> str:
    """A share 0–1 as a whole percentage; – for NaN."""
    return NOT_KNOWN if math.isnan(share) else format_percent(share, format="#,##0 %", locale=LOCALES[language()])


def date(moment: str | datetime.date | None) -> str:
    """An ISO date or time as a short date ("23 nov. 2026")."""
    if not moment:
        return NOT_KNOWN
    day = datetime.date.fromisoformat(moment[:10]) if isinstance(moment, str) else moment
    return format_date(day, format="d MMM y", locale=LOCALES[language()])
