"""Figures and phrases of a comparison in one language, as a reader of that language writes them."""

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass

from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

from geodata.language import LOCALES, T, Text, show
from location_model.explain import rounded
from location_model.footfall_estimate import two_digits
from location_model.validation.statistics import Estimate

NBSP = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Words:
    """Writes texts and figures in one language ("nl" or "en"); NaN and None are said to be not known."""

    language: str

    def __call__(self, text: Text) -> str:
        """A text in this language."""
        return text.to(self.language)

    @property
    def not_known(self) -> str:
        """What stands where a value would."""
        return self(T("not known"))

    def whole(self, value: float) -> str:
        """A whole number."""
        return self.not_known if math.isnan(value) else show(round(value), self.language)

    def amount(self, value: float) -> str:
        """A value with no more digits than anybody can vouch for: two from ten on, one decimal below."""
        return self.not_known if math.isnan(value) else show(rounded(value), self.language)

    def points(self, value: float) -> str:
        """Points of a score, one decimal at most."""
        return show(round(value, 1), self.language)

    def tenths(self, value: float) -> str:
        """A figure with one decimal, as figures below one another have."""
        return self.not_known if math.isnan(value) else format_decimal(value, "#,##0.0", LOCALES[self.language])

    def percent(self, share: float) -> str:
        """A share 0–1 as a whole percentage."""
        return self.not_known if math.isnan(share) else f"{self.whole(100 * share)}{NBSP}%"

    def euros(self, value: float) -> str:
        """Euros, two digits: no more precise than they are known."""
        if math.isnan(value):
            return self.not_known
        amount = round(float(f"{abs(value):.2g}"))
        return f"{'−' if value < 0 and amount else ''}€{NBSP}{show(amount, self.language)}"

    def paid(self, value: float) -> str:
        """Euros that somebody typed: to the euro."""
        return f"€{NBSP}{self.whole(value)}"

    def between(self, low: str, high: str) -> str:
        """A range of figures that are written already."""
        return self(T("between {low} and {high}", low=low, high=high))

    def euro_range(self, estimate: Estimate) -> str:
        """The interval of an amount."""
        return self.between(self.euros(estimate.low), self.euros(estimate.high))

    def persons(self, value: float) -> str:
        """Persons per day, two digits."""
        return show(two_digits(value), self.language) if value >= 10 else self(T("fewer than 10"))

    def day(self, date: datetime.date | str) -> str:
        """A day or the day of a moment in ISO notation, as a short date ("23 nov. 2026")."""
        day = datetime.date.fromisoformat(date[:10]) if isinstance(date, str) else date
        return format_date(day, format="d MMM y", locale=LOCALES[self.language]).replace(" ", NBSP)

    def listed(self, items: Sequence[str]) -> str:
        """A, B and C."""
        return format_list(list(items), locale=LOCALES[self.language])


def sentence(text: str) -> str:
    """With a capital; the name of a file keeps its own."""
    return text if "." in text.partition(" ")[0] else text[:1].upper() + text[1:]
