"""When a move has paid for itself: what it costs once over what it yields a year."""

from dataclasses import dataclass
from typing import Any

from geodata.language import T, Text
from location_model.validation.statistics import Estimate, as_value


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


def earned_back(pays: BreakEven) -> Text:
    """In how many years, from the soonest to the latest."""
    value, soonest, latest = pays.years
    if soonest is None:
        return T("It does not earn itself back, not even with the highest turnover that may be expected.")
    first = round(soonest, 1)
    if value is None:
        return T("It probably never earns itself back; at the very best after {soonest} years.", soonest=first)
    middle = round(value, 1)
    if latest is None:
        return T("Earned back in about {years} years, at the soonest after {soonest}; perhaps never.",
                 years=middle, soonest=first)  # fmt: skip
    return T("Earned back in about {years} years (between {soonest} and {latest}).",
             years=middle, soonest=first, latest=round(latest, 1))  # fmt: skip
