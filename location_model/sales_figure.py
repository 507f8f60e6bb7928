"""A figure drawn from own sales: its value, how sure it is, what it stands on; or why it is not known."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from geodata.language import LANGUAGES, Text

LEVEL = 0.8
"""Of every interval: four of five hold the true value."""
Z = 1.2815515655446004


@dataclass(frozen=True)
class Figure:
    """value with its interval (80 %; equal to the value where it was counted) in `unit`; NaN = not known.

    basis: what it stands on, or why it is not known.
    """

    value: float
    low: float
    high: float
    unit: str
    basis: Text

    @property
    def known(self) -> bool:
        """Whether there is a value."""
        return bool(np.isfinite(self.value))

    def times(self, factor: float, unit: str, basis: Text | None = None) -> "Figure":
        """The figure in another unit."""
        return Figure(self.value * factor, self.low * factor, self.high * factor, unit, basis or self.basis)

    def as_json(self) -> dict[str, Any]:
        """value, low and high (null where not known), unit and basis."""
        ends = {end: getattr(self, end) for end in ("value", "low", "high")}
        told = {end: round(float(x), 4) if np.isfinite(x) else None for end, x in ends.items()}
        return {**told, "unit": self.unit, "basis": in_languages(self.basis)}


def of_ends(ends: Iterable[float], unit: str, basis: Text) -> Figure:
    """A figure of its value, low and high."""
    value, low, high = map(float, ends)
    return Figure(value, low, high, unit, basis)


def not_known(unit: str, why: Text) -> Figure:
    """A figure without a value."""
    return Figure(np.nan, np.nan, np.nan, unit, why)


def ratio(middle: float, log_sd: float, unit: str, basis: Text) -> Figure:
    """A figure whose logarithm is known with this standard deviation."""
    width = float(np.exp(Z * log_sd))
    return Figure(middle, middle / width, middle * width, unit, basis)


def in_languages(text: Text) -> dict[str, str]:
    """The text in each language."""
    return {language: text.to(language) for language in LANGUAGES}
