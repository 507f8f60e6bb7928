"""Why one place can have the higher score and another the higher expected turnover, and both be right.

Of a score, the criteria on which the one is ahead. Of a turnover, exactly three factors of the demand model
(T = A · Σ S·f(t) · share): what floor area draws (A), the spending within reach, weighed by distance (Σ S·f(t)), and
how much of it is not drawn to other shops; a ratio of turnovers is the product of the three ratios.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from geodata.language import LANGUAGES, T, Text, TN
from location_model.demand import Market
from location_model.find_site import NamedSite
from location_model.layers import layer_named
from location_model.look_alikes import listed
from location_model.validation.statistics import Estimate

LEAST_POINTS = 1.0
"""A criterion that gives less than this more is not named."""
LEAST_RATIO = 1.05
"""Nor is a factor of turnover that gives less than a twentieth more, unless it is all there is."""
MANY = 2.0
"""From here on a ratio is told in times, not in per cent."""
NAMED = 2

Points = Mapping[str, float | None]


@dataclass(frozen=True)
class Factors:
    """What the turnover of a shop is the product of, in the middle of what is assumed.

    pull: what its floor area draws; reach_eur: spending within reach, euros a year weighed by distance; share: of each
    euro so weighed, what a shop of pull 1 takes, with the others there. floor_area_m2: None where not known.
    """

    pull: float
    reach_eur: float
    share: float
    floor_area_m2: float | None


@dataclass(frozen=True)
class BothRight:
    """The places by position: `scored` is ahead on the score, `sold` on turnover, each beyond its uncertainty.

    points: criteria on which the first is ahead, most points first. alone: those that give it points and are not known
    at the second. ratios: "floor_area", "spending" and "competition",
    how many times that of the first the second has, largest first; their product is the ratio of their turnovers.
    areas_m2: floor areas of the two, None where not known.
    """

    scored: int
    sold: int
    points: tuple[tuple[str, float], ...]
    alone: tuple[tuple[str, float], ...]
    ratios: tuple[tuple[str, float], ...]
    areas_m2: tuple[float | None, float | None]

    def told(self, scored: Text | str, sold: Text | str) -> Text:
        """Both reasons in a sentence each, and why both hold; the places as they are called."""
        strong = [r for r in self.ratios if r[1] >= LEAST_RATIO] or self.ratios[:1]
        said = [self._factor(name, ratio) for name, ratio in strong]
        return T(
            "{high} More turnover: {place}, for {factors}. Both can be right: the score judges the spot, whatever its "
            "floor area; turnover follows from floor area, from who lives within reach and from what else they can "
            "choose.",
            high=self._led(scored),
            place=sold,
            factors=listed(said),
        )

    def _led(self, place: Text | str) -> Text:
        """What puts the first ahead: what is known of both, unless more comes from what is known of the first alone."""
        if self.alone and self.alone[0][1] > max((n for _, n in self.points), default=0.0):
            own = [TN("{criterion} (one point)", "{criterion} ({points} points)", _ones(n),
                      criterion=layer_named(name).title, points=round(n, 1))
                   for name, n in self.alone]  # fmt: skip
            return T("Higher score: {place}, by its points on what is not known of the other place: {criteria}.",
                     place=place, criteria=listed(own))  # fmt: skip
        led = [TN("{criterion} (one point more)", "{criterion} ({points} points more)", _ones(n),
                  criterion=layer_named(name).title, points=round(n, 1))
               for name, n in self.points]  # fmt: skip
        if led:
            return T("Higher score: {place}, most of all on {criteria}.", place=place, criteria=listed(led))
        return T("Higher score: {place}, a little on many criteria.", place=place)

    def _factor(self, name: str, ratio: float) -> Text:
        amount = T("{share} % more", share=round(100 * (ratio - 1)))
        if ratio >= MANY:
            amount = T("{times} times as much", times=round(ratio, 1) if ratio < 10 else round(ratio))
        if name == "spending":
            return T("within reach {amount} is spent (the nearer, the more it counts)", amount=amount)
        if name == "competition":
            return T("other shops near leave it {amount} of what is spent", amount=amount)
        a, b = self.areas_m2
        if a is None or b is None:
            return T("its floor area draws {amount} (where it is not known a usual one stands in)", amount=amount)
        return T("its floor area draws {amount} ({b} m² against {a} m²)", amount=amount, a=round(a), b=round(b))

    def as_json(self, scored: NamedSite, sold: NamedSite) -> dict[str, Any]:
        """As `compare --json` prints it."""
        told = self.told(scored.site.title, sold.site.title)
        return {
            "higher_score": scored.id,
            "higher_turnover": sold.id,
            "points_more": {name: round(n, 2) for name, n in self.points},
            "points_not_known_there": {name: round(n, 2) for name, n in self.alone},
            "turnover_ratios": {name: round(ratio, 3) for name, ratio in self.ratios},
            "told": {language: told.to(language) for language in LANGUAGES},
        }


def factors(market: Market, shop: int) -> Factors:
    """The factors of a shop's turnover, open beside all that are."""
    world, opened = market.world(), market.opened.copy()
    opened[shop] = True
    pull, drawn = float(world.pull[shop]), world.drawn_by(shop)
    reach = float((world.spending * drawn).sum()) / pull
    turnover = float(world.turnover(opened)[shop])
    row = market.shops.iloc[shop]
    area = float(row["floor_area_m2"]) if row["measured"] else None
    return Factors(pull, reach, turnover / (pull * reach) if reach > 0 else 0.0, area)


def both_right(
    market: Market, ends: tuple[int, int], ids: tuple[str, str], points: tuple[Points, Points], ahead: int,
    turnover: Estimate,
) -> BothRight | None:  # fmt: skip
    """Why two places come out the other way round; None where they do not, or not beyond their uncertainty.

    ends, ids: their positions, and their ids in the market. points: their contributions to the score. ahead: the
    position of the one that is ahead on the score beyond doubt. turnover: of the first minus that of the second.
    """
    richer = ends[0] if turnover.low > 0 else ends[1] if turnover.high < 0 else ahead
    if richer == ahead:
        return None
    first, second = (0, 1) if ahead == ends[0] else (1, 0)
    more, alone = {}, {}
    for name, here in points[first].items():
        if here is None:
            continue
        there = points[second].get(name)
        if there is None:
            alone[name] = here
        else:
            more[name] = here - there
    low, high = (factors(market, market.row(ids[i])) for i in (first, second))
    pairs = (
        ("floor_area", high.pull, low.pull), ("spending", high.reach_eur, low.reach_eur),
        ("competition", high.share, low.share),
    )  # fmt: skip
    if not min(min(x, y) for _, x, y in pairs) > 0:
        return None  # one of the two sells nothing at all: there is nothing to take apart
    ratios = sorted(((name, x / y) for name, x, y in pairs), key=lambda r: -r[1])
    areas = (low.floor_area_m2, high.floor_area_m2)
    return BothRight(ahead, richer, _most(more), _most(alone), tuple(ratios), areas)


def _ones(points: float) -> int:
    """1 where one decimal reads as just one point, else many."""
    return 1 if round(points, 1) == 1 else 2


def _most(points: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    """The criteria with most points, those with hardly any left out."""
    return tuple(sorted((x for x in points.items() if x[1] >= LEAST_POINTS), key=lambda x: -x[1])[:NAMED])
