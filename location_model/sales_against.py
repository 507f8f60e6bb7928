"""Own sales set against what was to be expected: passers-by, floor area, the model, and the own other shops."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import t as student

from geodata.count_profile import Profile
from geodata.language import T, Text, TN
from location_model.footfall_estimate import FEWEST_SEEN, NEEDS_COUNT, PlaceFootfall
from location_model.left_out import apart
from location_model.sales_days import ShopDays
from location_model.sales_figure import LEVEL, Figure, not_known, of_ends
from location_model.sales_year import UNIT

DENSITY = "€/m²/year"
CAPTURE = "%"
ENOUGH_ENTRIES = 28
"""Days of counting at the door from which entries go before tickets."""
FEWEST_PEERS = 3
MORE, LESS = T("more than expected"), T("less than expected")
NO_DIFFERENCE = T("about as expected")
SMALLER = 0.9
"""Of the median of the others: a ticket below this is smaller."""
LEAST_SPREAD = 0.1
"""Log sd of turnover per m² between own shops, at least: three shops that happen to agree prove little."""


@dataclass(frozen=True)
class Passers:
    """Who passes a shop: what is said of footfall in its street, and how the week of the town runs."""

    place: PlaceFootfall
    profile: Profile

    @property
    def per_day(self) -> Figure:
        """Persons a day, the mean of a week; what a counter in the street itself saw goes first."""
        unit = "persons/day"
        if self.place.counted is not None:
            low, high = self.place.counted
            told = T("counted in the street: {counter}", counter=self.place.counted_by)
            return Figure(float(np.sqrt(low * high)), low, high, unit, told)
        place = self.place
        if place.persons is None or place.low is None or place.high is None:
            return not_known(unit, NEEDS_COUNT)
        if place.persons < FEWEST_SEEN:
            return not_known(unit, T("fewer than {count} passers-by: too few to show.", count=FEWEST_SEEN))
        return Figure(place.persons, place.low, place.high, unit, T("drawn from counters elsewhere in the town"))


def capture_rate(days: ShopDays, passers: Passers | None, nowhere: Text, *, tickets: bool = False) -> Figure:
    """Store entries, else tickets, on a mean open day over who passes on such days, in %.

    nowhere: why there are no passers-by to set it against. Without a count there is no value. tickets: by tickets
    alone, so that shops with and without a counter at the door compare.
    """
    if passers is None:
        return not_known(CAPTURE, nowhere)
    persons = passers.per_day
    if not persons.known:
        return not_known(CAPTURE, persons.basis)
    if days.monthly or not days.enough:
        return not_known(CAPTURE, T("three months of entries or tickets by day are needed."))
    open_days = days.open
    counted = not tickets and open_days["entries"].notna().sum() >= min(ENOUGH_ENTRIES, len(open_days))
    field = "entries" if counted else "tickets"
    seen = open_days[field].dropna()
    if seen.empty:
        return not_known(CAPTURE, T("neither entries nor tickets are known."))
    on_these_days = float(passers.profile.weekdays[pd.DatetimeIndex(seen.index).day_of_week].mean())
    rate = 100 * float(seen.mean()) / on_these_days
    told = T("store entries over passers-by ({basis})", basis=persons.basis)
    if field == "tickets":
        told = T("tickets over passers-by ({basis}); more come in than buy", basis=persons.basis)
    return Figure(rate / persons.value, rate / persons.high, rate / persons.low, CAPTURE, told)


def density(year: Figure, floor_area_m2: float | None) -> Figure:
    """Turnover for each square metre of sales floor a year."""
    if not floor_area_m2 or not np.isfinite(floor_area_m2):
        return not_known(DENSITY, T("the floor area of the shop is not known."))
    return year.times(1 / floor_area_m2, DENSITY) if year.known else not_known(DENSITY, year.basis)


def of_peers(per_m2: Sequence[float]) -> Figure:
    """What own other shops take for each m²: their geometric mean, and where one more of them would lie."""
    others = [d for d in per_m2 if d > 0]
    if len(others) < FEWEST_PEERS:
        why = TN(
            "three other own shops with turnover and floor area are needed; one is known.",
            "three other own shops with turnover and floor area are needed; {count} are known.",
            len(others),
        )
        return not_known(DENSITY, why)
    logs, n = np.log(others), len(others)
    half = student.ppf((1 + LEVEL) / 2, n - 1) * max(float(logs.std(ddof=1)), LEAST_SPREAD) * np.sqrt(1 + 1 / n)
    middle = float(logs.mean())
    told = TN("one other own shop", "{count} other own shops", n)
    return of_ends((np.exp(middle + d) for d in (0.0, -half, half)), DENSITY, told)


def peers_turnover(per_m2: Figure, floor_area_m2: float | None) -> Figure:
    """What a shop of this size would take as the own other shops do, € a year."""
    if not per_m2.known:
        return not_known(UNIT, per_m2.basis)
    if not floor_area_m2 or not np.isfinite(floor_area_m2):
        return not_known(UNIT, T("the floor area of the shop is not known."))
    return per_m2.times(floor_area_m2, UNIT)


def against(actual: Figure, expected: Figure) -> Text | None:
    """The one beside the other in words; a difference within the intervals is no difference. None where unknown."""
    if not actual.known or not expected.known:
        return None
    return {1: MORE, -1: LESS, 0: NO_DIFFERENCE}[apart(actual, expected)]


def per_ticket(days: ShopDays) -> Figure:
    """Euros on a ticket: all turnover over all tickets of the days that have both."""
    both = days.open.dropna(subset=["turnover_eur", "tickets"])
    both = both[both["tickets"] > 0]
    if both.empty:
        return not_known("€/ticket", T("turnover and tickets of the same days are needed."))
    value = float(both["turnover_eur"].sum() / both["tickets"].sum())
    return Figure(value, value, value, "€/ticket", T("all tickets of the period"))


def buyers_share(days: ShopDays) -> Figure:
    """Tickets over store entries on days that have both, in %."""
    both = days.open.dropna(subset=["entries", "tickets"])
    if not both["entries"].sum() > 0:
        return not_known("%", T("store entries are not known."))
    value = 100 * float(both["tickets"].sum() / both["entries"].sum())
    return Figure(value, value, value, "%", T("all days with both"))


def suggestions(drawn: int, busy: int, gap: Text | None, smaller_tickets: bool) -> tuple[Text, ...]:
    """What the figures of a shop suggest beside those of the own other shops.

    drawn, busy: tickets over passers-by, and passers-by: 1 more, −1 fewer, 0 not known or no difference. gap: turnover
    beside the model. Where that gap is known and no clear shortfall there is nothing to mend: then the facts are told
    without what they would ask for. Without a model the place is not blamed but named as possible.
    """
    if gap is not None and gap != LESS:
        return _facts(drawn, busy)
    told = []
    if drawn < 0 < busy:
        told.append(T("Many pass and few of them buy: look at the shop window, the entrance and the opening hours."))
    elif drawn > 0 > busy and gap == LESS:
        told.append(T("Who passes buys, but few pass: it is the place that holds this shop back."))
    elif drawn > 0 > busy:
        told.append(T("Who passes buys, but few pass: the place may hold this shop back."))
    elif drawn < 0 and busy < 0:
        told.append(T("Few pass and few of them buy: place and shop front both ask attention."))
    elif drawn > 0 and busy > 0:
        told.append(T("Many pass and many of them buy: place and shop front both work."))
    elif drawn < 0:
        told.append(T("Fewer of those who pass buy than at your other shops: look at window and entrance."))
    elif drawn > 0:
        told.append(T("More of those who pass buy than at your other shops."))
    if gap == LESS and smaller_tickets:
        told.append(T("Tickets are smaller than at your other shops: look at range and prices."))
    return tuple(told)


def _facts(drawn: int, busy: int) -> tuple[Text, ...]:
    """Who passes and who buys beside the own other shops, where turnover asks for no explanation."""
    pass_here = {
        1: T("More people pass than at your other shops."),
        -1: T("Fewer people pass than at your other shops."),
    }
    buy_here = {
        1: T("More of those who pass buy than at your other shops."),
        -1: T("Fewer of those who pass buy than at your other shops."),
    }
    return tuple(said[side] for said, side in ((pass_here, busy), (buy_here, drawn)) if side)


def side(figure: Figure, others: Sequence[float]) -> int:
    """1 where the interval lies above the median of the others, −1 below it; 0 where neither, or under two others."""
    if not figure.known or len(others) < 2:
        return 0
    middle = float(np.median(others))
    return int(figure.low > middle) - int(figure.high < middle)


def smaller(ticket: Figure, others: Sequence[float]) -> bool:
    """Whether a ticket is clearly smaller than the median of the others, of which two are needed."""
    return ticket.known and len(others) >= 2 and ticket.value < SMALLER * float(np.median(others))
