"""When a move has paid for itself: what it costs once over what it yields a year."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from location_model.validation.statistics import Estimate, as_value

PAIRS = (("rent_before_eur", "rent_after_eur"), ("staff_before_eur", "staff_after_eur"))
"""Fields of `Costs` that are known both or not at all: one alone would set what is paid against nothing."""


@dataclass(frozen=True)
class Costs:
    """What a move costs, as the retailer types it, in euros: once, and a year before and after. Margin 0–1 of turnover.

    margin: what is left of a euro of turnover before rent and staff.
    """

    fit_out_eur: float = 0.0
    lease_end_eur: float = 0.0
    rent_before_eur: float = 0.0
    rent_after_eur: float = 0.0
    staff_before_eur: float = 0.0
    staff_after_eur: float = 0.0
    margin: float = 0.3

    @property
    def once_eur(self) -> float:
        """Fit-out and lease end together."""
        return self.fit_out_eur + self.lease_end_eur


def half_known(known: Collection[str]) -> tuple[str, str] | None:
    """The first of `PAIRS` of which one field is known and the other is not."""
    return next((pair for pair in PAIRS if sum(name in known for name in pair) == 1), None)


@dataclass(frozen=True)
class BreakEven:
    """What a move yields a year and how long until it has paid for itself; years None = never, at that end."""

    costs: Costs
    yearly_eur: Estimate
    years: tuple[float | None, float | None, float | None]

    def as_json(self) -> dict[str, Any]:
        """Value, soonest and latest; null = never."""
        value, low, high = (None if y is None else round(y, 1) for y in self.years)
        return {"yearly_eur": as_value(self.yearly_eur), "years": {"value": value, "low": low, "high": high}}


def break_even(costs: Costs, together: Estimate) -> BreakEven:
    """Years to earn a move back: what it costs once over what it yields a year.

    together: the change in turnover a year, own other shops counted along.

    The interval follows that of the turnover; what the user typed is taken as given.
    """
    more = costs.rent_after_eur - costs.rent_before_eur + costs.staff_after_eur - costs.staff_before_eur
    yearly = Estimate(*(costs.margin * getattr(together, end) - more for end in ("value", "low", "high")))

    def years(gain: float) -> float | None:
        if costs.once_eur <= 0:
            return 0.0 if gain >= 0 else None
        return costs.once_eur / gain if gain > 0 else None

    return BreakEven(costs, yearly, (years(yearly.value), years(yearly.high), years(yearly.low)))
