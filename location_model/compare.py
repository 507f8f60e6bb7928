"""Two to five sites side by side: scores and what they rest on, footfall, demand, rent, permit, and how sure it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np

from geodata.errors import GeodataError
from geodata.language import LANGUAGES, T, Text
from geodata.store import Area
from location_model import candidates
from location_model.both_right import BothRight, both_right
from location_model.catchment import Catchment, catchment
from location_model.demand import Market, market_notes
from location_model.draws import known_intervals
from location_model.find_site import NamedSite
from location_model.footfall_estimate import Footfall, PlaceFootfall
from location_model.own_count_tables import footfall_with_own
from location_model.permit import Permit, permit_for
from location_model.retention import kept_of, withheld
from location_model.robustness import Firmness, Pair, Robustness, robustness
from location_model.score import Scored
from location_model.suggest import fallback
from location_model.surveyed import GroupSurveyed, surveyed_for
from location_model.validation.statistics import Estimate, as_value

FEWEST, MOST = 2, 5


@dataclass(frozen=True, eq=False)
class Compared:
    """One of the sites compared.

    turnover in euros a year, catchment and eur_per_m2 are None where no spending is known for the branch; firm is None
    for a site without a score. retention: share (0–1) of what residents spend on the branch in shops that stays in the
    municipality with the site open, None where too little of the region is known. rent_given: € a year, as
    typed, None where it was not; rent_share: of the turnover, 0–1.
    """

    named: NamedSite
    score: float
    coverage: float
    known: tuple[int, int]
    contributions: Mapping[str, float | None]
    values: Mapping[str, float]
    firm: Firmness | None
    footfall: PlaceFootfall | None
    floor_area_m2: float | None
    turnover: Estimate | None
    retention: Estimate | None
    catchment: Catchment | None
    permit: Permit
    rent_given: float | None

    @property
    def rent_eur(self) -> float | None:
        """Euros a year: the rent that was typed, else the one that is asked according to a list; None = not known."""
        return self.named.site.rent_eur_per_year if self.rent_given is None else self.rent_given

    @property
    def rent_listed(self) -> bool:
        """Whether the rent is the one of a list, for want of one that was typed."""
        return self.rent_given is None and self.rent_eur is not None

    @property
    def eur_per_m2(self) -> Estimate | None:
        """Turnover for each square metre of sales floor a year; None where either is not known."""
        if self.turnover is None or not self.floor_area_m2:
            return None
        return Estimate(*(getattr(self.turnover, end) / self.floor_area_m2 for end in ("value", "low", "high")))

    @property
    def rent_share(self) -> Estimate | None:
        """Rent over turnover, 0–1; its low end with the high turnover."""
        if self.turnover is None or self.rent_eur is None or not self.turnover.low > 0:
            return None
        return Estimate(*(self.rent_eur / getattr(self.turnover, end) for end in ("value", "high", "low")))

    def as_json(self) -> dict[str, Any]:
        """As `compare --json` prints it; what is not known is null."""
        site, firm = self.named.site, self.firm
        feet = self.footfall
        return {
            "site": self.named.id,
            "name": site.name,
            "cell": site.cell,
            "lng": round(site.lng, 6),
            "lat": round(site.lat, 6),
            "state": self.named.state,
            "floor_area_m2": None if self.floor_area_m2 is None else round(self.floor_area_m2),
            "floor_area_given": self.named.floor_area_given,
            "score": None if np.isnan(self.score) else round(self.score, 2),
            "coverage": round(self.coverage, 3),
            "contributions": {k: None if v is None else round(v, 4) for k, v in self.contributions.items()},
            "values": {k: None if np.isnan(v) else round(v, 4) for k, v in self.values.items()},
            "robustness": None if firm is None else firm.as_json(),
            "footfall": None if feet is None else {
                "class": feet.street_class,
                "busier_than": None if feet.busier_than is None else round(feet.busier_than, 3),
                "persons_per_day": None if feet.persons is None else {
                    "value": round(feet.persons), "low": round(feet.low or 0), "high": round(feet.high or 0)
                },
            },
            "turnover_eur": None if self.turnover is None else as_value(self.turnover),
            "turnover_eur_per_m2": None if self.eur_per_m2 is None else as_value(self.eur_per_m2),
            "retention": None if self.retention is None else self.retention.as_json(),
            "catchment": None if self.catchment is None else self.catchment.as_json(),
            "rent_eur": self.rent_eur,
            "rent_given": self.rent_given is not None,
            "rent_share": None if self.rent_share is None else {
                end: round(getattr(self.rent_share, end), 4) for end in ("value", "low", "high")
            },
            "permit": self.permit.as_json(),
        }  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """Two of the sites against one another. scores: None where one has none. turnover: the first minus the second.

    both_right: why one has the higher score and the other the higher turnover; None where that is not so beyond their
    uncertainty.
    """

    a: int
    b: int
    scores: Pair | None
    turnover: Estimate | None
    both_right: BothRight | None

    @property
    def turnover_apart(self) -> bool:
        """Whether the difference in turnover is larger than its uncertainty."""
        return self.turnover is not None and (self.turnover.low > 0 or self.turnover.high < 0)


@dataclass(frozen=True, eq=False)
class Comparison:
    """Sites side by side, in the order they were given; differences of all pairs; what a reader must know. surveyed:
    retention a survey found for the branch's whole goods group, to which ours is not calibrated.
    """

    area: Area
    branch: str
    sites: tuple[Compared, ...]
    differences: tuple[Difference, ...]
    robust: Robustness
    market: Market | None
    retention_now: Estimate | None
    surveyed: GroupSurveyed | None
    notes: tuple[Text, ...]

    def as_json(self) -> dict[str, Any]:
        """As `compare --json` prints it."""
        return {
            "area": self.area.id,
            "branch": self.branch,
            "sites": [s.as_json() for s in self.sites],
            "differences": [
                {
                    "a": self.sites[d.a].named.id,
                    "b": self.sites[d.b].named.id,
                    "score": None if d.scores is None else _pair(d.scores),
                    "turnover_eur": None if d.turnover is None else as_value(d.turnover),
                    "turnover_too_close_to_call": None if d.turnover is None else not d.turnover_apart,
                    "both_right": None
                    if (both := d.both_right) is None
                    else both.as_json(*(self.sites[i].named for i in (both.scored, both.sold))),
                }
                for d in self.differences
            ],
            "retention_now": None if self.retention_now is None else self.retention_now.as_json(),
            "retention_surveyed": None if self.surveyed is None else self.surveyed.as_json(),
            "region_known": None if self.market is None else round(self.market.region.known, 3),
            "notes": [{language: note.to(language) for language in LANGUAGES} for note in self.notes],
        }


def _pair(pair: Pair) -> dict[str, Any]:
    return {key: value for key, value in pair.as_json().items() if key not in ("a", "b")}


def compare(
    area: Area,
    scored: Scored,
    sites: Sequence[NamedSite],
    market: Market | None,
    *,
    rents: Mapping[str, float] | None = None,
    footfall: Footfall | None = None,
    seed: int = 0,
) -> Comparison:
    """Set 2 to 5 sites of an area beside one another; `market` holds them all, or None where turnover is not known.

    rents: euros a year by site, instead of what is on record. footfall: of the area where it was made before, counts by
    hand included.
    GeodataError for another number of sites, or one twice.
    """
    ids = [s.id for s in sites]
    if not FEWEST <= len(sites) <= MOST or len(set(ids)) < len(ids):
        raise GeodataError(
            T("2 to 5 different sites can be compared; {n} were given.", n=len(set(ids))),
            where=", ".join(ids),
            remedy=T("Leave out what is double, or add another site."),
        )
    profile = scored.profile
    within, notes = fallback(area, profile.limits)
    places = candidates.cells(area)
    inside = places["cell"][candidates.inside(area, places, within)]
    footfall = footfall_with_own(area) if footfall is None else footfall
    robust = robustness(
        scored,
        [*inside, *(s.site.cell for s in sites)],
        intervals=known_intervals(area, footfall),
        seed=seed,
    )
    compared = [_compared(s, scored, robust, footfall, market) for s in sites]
    if market is not None:
        notes += [*market.region.notes, *market_notes(market)]
    else:
        notes.append(T("No spending by residents is known for this branch: turnover is not estimated."))
    pairs = tuple(_difference(robust, market, compared, a, b) for a, b in combinations(range(len(sites)), 2))
    now = None if market is None else _retention(market, None)
    survey, unread = surveyed_for(area, profile.branch)
    notes += unread
    found = Comparison(area, profile.branch, tuple(compared), pairs, robust, market, now, survey, tuple(notes))
    return with_rents(found, rents or {})


def with_rents(found: Comparison, rents: Mapping[str, float]) -> Comparison:
    """The same comparison with other rents typed, euros a year by site; nothing else depends on them."""
    return replace(found, sites=tuple(replace(s, rent_given=rents.get(s.named.id)) for s in found.sites))


def _compared(
    named: NamedSite, scored: Scored, robust: Robustness, footfall: Footfall, market: Market | None
) -> Compared:
    cell = named.site.cell
    row = scored.rows[cell]
    shop = None if market is None else market.row(named.id)
    return Compared(
        named=named,
        score=float(scored.score[row]),
        coverage=float(scored.coverage[row]),
        known=scored.known(cell),
        contributions=scored.contributions(cell),
        values=scored.values(cell),
        firm=robust.at(cell) if cell in robust.rows else None,
        footfall=footfall.at(cell),
        floor_area_m2=named.site.floor_area_m2,
        turnover=None if market is None or shop is None else market.turnover(shop),
        retention=None if market is None else _retention(market, shop),
        catchment=None if market is None or shop is None else catchment(market, shop),
        permit=permit_for(scored.profile.branch, named.site.floor_area_m2, named.branch),
        rent_given=None,
    )


def _retention(market: Market, shop: int | None) -> Estimate | None:
    """What stays in the municipality, with a shop open beside all that are; None where it is withheld."""
    if withheld(market.region) is not None:
        return None
    opened = market.opened.copy()
    if shop is not None:
        opened[shop] = True
    return kept_of(market, opened)[0]


def _difference(robust: Robustness, market: Market | None, sites: Sequence[Compared], i: int, j: int) -> Difference:
    a, b, both = sites[i], sites[j], None
    scores, turnover = _scores(robust, a, b), _turnover(market, a.named.id, b.named.id)
    if market is not None and turnover is not None and scores is not None and scores.ahead is not None:
        both = both_right(
            market, (i, j), (a.named.id, b.named.id), (a.contributions, b.contributions),
            i if scores.ahead == scores.a else j, turnover,
        )  # fmt: skip
    return Difference(i, j, scores, turnover, both)


def _scores(robust: Robustness, a: Compared, b: Compared) -> Pair | None:
    if a.firm is None or b.firm is None:
        return None
    return robust.pair(a.named.site.cell, b.named.site.cell)


def _turnover(market: Market | None, a: str, b: str) -> Estimate | None:
    """The one open minus the other open, each alone beside all others, in the same worlds."""
    if market is None:
        return None
    first, second = market.row(a), market.row(b)
    opened = market.opened
    with_a, with_b = opened.copy(), opened.copy()
    with_a[first], with_b[second] = True, True
    [found] = market.estimates(
        lambda world: world.turnover(with_a)[[first]] - world.turnover(with_b)[[second]], [first, second]
    )
    return found
