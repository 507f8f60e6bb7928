"""Numbers, dates and answers as people type them."""

import datetime
import math

import pandas as pd
import pytest
from babel.dates import format_date
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from geodata.sources.values import answers, dates, euros, is_missing, numbers


def one(text: str, **options: str) -> float:
    return float(numbers(pd.Series([text]), **options).iloc[0])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12), ("12,5", 12.5), ("12.5", 12.5), ("1.234,5", 1234.5), ("1,234.5", 1234.5), ("1 234,5", 1234.5),
        ("1\u00a0234", 1234), ("5.827", 5827), ("1.234.567", 1_234_567), ("€ 1.250", 1250), ("120 m²", 120),
        ("120m2", 120), ("ca. 80", 80), ("-3,5", -3.5), ("12'500", 12500), (",5", 0.5), ("85 %", 85), ("0", 0),
    ],
)  # fmt: skip
def test_numbers_by_eye(text: str, value: float) -> None:
    assert one(text) == value


@pytest.mark.parametrize("text", ["", "onbekend", "12 of 13", "1-2", "abc", "1.2.3,4,5", ".", "-", "12m3x"])
def test_no_numbers(text: str) -> None:
    assert math.isnan(one(text))


def test_the_column_decides_what_a_dot_means() -> None:
    assert numbers(pd.Series(["5.827", "12.5"])).tolist() == [5.827, 12.5]
    assert numbers(pd.Series(["5.827", "12,5"])).tolist() == [5827, 12.5]
    assert numbers(pd.Series(["5.827", "794", None])).tolist()[:2] == [5827, 794]
    assert numbers(pd.Series(["51.123", "51.234"]), lone_dot="decimal").tolist() == [51.123, 51.234]
    assert numbers(pd.Series(["1,234", "1,234.5"])).tolist() == [1234, 1234.5]


@given(
    st.lists(st.decimals(-(10**7), 10**7, places=2), min_size=1, max_size=20),
    st.sampled_from(["nl_BE", "fr_BE", "de_CH"]),
)
def test_numbers_read_back_what_a_locale_writes(values: list[object], locale: str) -> None:
    """Two decimals always shown, as Excel exports a column."""
    column = pd.Series([format_decimal(v, format="#,##0.00", locale=locale) for v in values])
    assert numbers(column).tolist() == pytest.approx([float(str(v)) for v in values])


@given(st.lists(st.text(max_size=12), min_size=1, max_size=20))
def test_any_text_is_a_number_or_not(texts: list[str]) -> None:
    assert numbers(pd.Series(texts, dtype="str")).dtype == float
    assert dates(pd.Series(texts, dtype="str")).dtype == "datetime64[ns]"


MARCH = pd.Timestamp("2024-03-01")


@pytest.mark.parametrize(
    "text",
    ["2024-03-01", "1/3/2024", "01/03/2024", "01-03-24", "1.3.2024", "1 maart 2024", "1 mrt. 2024", "1 mars 2024",
     "1 March 2024", "20240301", "2024-03-01 08:30", "2024-03-01T08:30:00", "01/03/2024 8u30", "45352", "maart 2024",
     "3/2024", "2024-03"],
)  # fmt: skip
def test_dates_by_eye(text: str) -> None:
    assert dates(pd.Series([text])).iloc[0] == MARCH


NO_DATES = [
    "", "onbekend", "31/2/2024", "2024-13-01", "3/25/2024", "12", "1/3/2024/5", "ooit", "2300", "1/3/1599",
]  # fmt: skip


@pytest.mark.parametrize("text", NO_DATES)
def test_no_dates(text: str) -> None:
    assert pd.isna(dates(pd.Series([text])).iloc[0])


@given(st.dates(datetime.date(1970, 1, 1), datetime.date(2069, 12, 31)), st.sampled_from(["nl_BE", "fr_BE"]))
def test_dates_read_back_what_a_locale_writes(day: datetime.date, locale: str) -> None:
    written = [format_date(day, format=f, locale=locale) for f in ("short", "medium", "long")]
    assert dates(pd.Series([*written, day.isoformat()])).dt.date.tolist() == [day] * 4


def test_answers() -> None:
    column = pd.Series(["Ja", "nee", "Oui", "NON", "1", "0", "misschien", None])
    assert answers(column).tolist()[:6] == [True, False, True, False, True, False]
    assert answers(column)[6:].isna().all()


def test_missing_is_what_people_write_for_it() -> None:
    assert is_missing(pd.Series([None, "", "n.v.t.", "Onbekend", "-", "0"])).tolist() == [True] * 5 + [False]


@pytest.mark.parametrize(
    "text",
    ["21500", "21.500", "21.500,00", "€ 21 500", "21\u00a0500", "21,500", "21,500.00", "€ 21.500,-", "21 500 euro"],
)
def test_an_amount_in_euros_is_read_as_people_write_it(text: str) -> None:
    assert euros(text) == 21_500.0


@pytest.mark.parametrize(("text", "eur"), [("21.5", 21.5), ("0", 0.0), ("1.234.567,8", 1_234_567.8), ("3,25", 3.25)])
def test_euros_may_have_two_decimals(text: str, eur: float) -> None:
    assert euros(text) == eur


@pytest.mark.parametrize("text", ["", "veel", "-5", "5 %", "1.800/maand", "21.5000", "21.500,000.00", "12.34.5"])
def test_what_is_no_amount_in_euros_is_not_read(text: str) -> None:
    assert math.isnan(euros(text))
