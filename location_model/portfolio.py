"""Several new shops at once: the sites that together take in the most, what each takes, and what from one's own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.spatial.distance import pdist, squareform

from geodata.errors import GeodataError
from geodata.language import LANGUAGES, T, Text, TN
from location_model.best_together import Choice, Drawn, best_together
from location_model.catchment import cells_of
from location_model.demand import Market, World, market_notes
from location_model.find_site import NamedSite
from location_model.huff import added
from location_model.validation.statistics import Estimate, as_value

Floats = npt.NDArray[np.float64]

MOST_CANDIDATES = 100
"""So many sites, the best by score, are weighed against one another; with more, a proof may take minutes."""


@dataclass(frozen=True, eq=False)
class Portfolio:
    """Sites that are opened at once, with all of them open, euros a year.

    turnover, alone: of each, beside the others, and if it came by itself. served: together. from_one_another: what they
    take in less than each alone would. from_own: what the retailer's open shops lose to them, None without such shops.
    """

    sites: tuple[NamedSite, ...]
    turnover: tuple[Estimate, ...]
    alone: tuple[Estimate, ...]
    served: Estimate
    from_one_another: Estimate
    from_own: Estimate | None
    choice: Choice
    candidates: int
    notes: tuple[Text, ...]

    def as_json(self) -> dict[str, Any]:
        """As `suggest --portfolio` prints it."""
        return {
            "n": len(self.sites),
            "sites": [
                {
                    "site": s.id,
                    "name": s.site.name,
                    "cell": s.site.cell,
                    "premises_id": s.site.premises_id,
                    "lng": round(s.site.lng, 6),
                    "lat": round(s.site.lat, 6),
                    "floor_area_m2": None if s.site.floor_area_m2 is None else round(s.site.floor_area_m2),
                    "rent_eur_per_year": None if s.site.rent_eur_per_year is None else round(s.site.rent_eur_per_year),
                    "turnover_eur": as_value(beside),
                    "alone_eur": as_value(alone),
                }
                for s, beside, alone in zip(self.sites, self.turnover, self.alone, strict=True)
            ],
            "served_eur": as_value(self.served),
            "from_one_another_eur": as_value(self.from_one_another),
            "from_own_shops_eur": None if self.from_own is None else as_value(self.from_own),
            "method": self.choice.method,
            "gap": None if np.isinf(self.choice.gap) else round(self.choice.gap, 6),
            "candidates": self.candidates,
            "notes": [{language: note.to(language) for language in LANGUAGES} for note in self.notes],
        }


def portfolio(
    market: Market, sites: Sequence[NamedSite], n: int, *, own: Sequence[str] = (), apart_m: float = 0.0
) -> Portfolio:
    """The n of these sites that together take in the most in the market, which holds them as candidates.

    own: ids in the market of the retailer's open shops. apart_m: least distance between the sites chosen, as the crow
    flies. Chosen with every assumption in its middle; then worked out with intervals as in `Market.estimates`.
    GeodataError for fewer sites than n, and where no n of them lie so far apart.
    """
    if n > len(sites):
        raise GeodataError(
            T("{n} places were asked for; {there} can be chosen from.", n=n, there=len(sites)),
            where=market.region.area.name,
            remedy=T("Ask for fewer, or loosen the limits: look outside the core, or at places instead of units."),
        )
    rows = [market.row(site.id) for site in sites]
    choice = best_together(_drawn(market, rows, sites, apart_m), n)
    if choice is None:
        raise GeodataError(
            T("no {n} places lie {metres} m from one another.", n=n, metres=round(apart_m)),
            where=market.region.area.name,
            remedy=T("Ask for fewer, or make the least distance smaller."),
        )
    new = [rows[i] for i in choice.rows]
    mine = [row for row in dict.fromkeys(market.row(shop) for shop in own) if market.opened[row] and row not in new]
    figures = market.estimates(lambda world: _figures(world, market, new, mine), new)
    figures = [replace(f, low=max(f.low, 0.0)) for f in figures]
    served, shared, lost, *each = figures
    order = sorted(range(n), key=lambda i: (-each[i].value, sites[choice.rows[i]].id))
    return Portfolio(
        sites=tuple(sites[choice.rows[i]] for i in order),
        turnover=tuple(each[i] for i in order),
        alone=tuple(each[n + i] for i in order),
        served=served,
        from_one_another=shared,
        from_own=lost if mine else None,
        choice=choice,
        candidates=len(sites),
        notes=(*_notes(choice, n), *market.region.notes, *market_notes(market)),
    )


def considered(fitting: int, taken: int) -> list[Text]:
    """A note where not every place that fits was weighed."""
    if fitting <= taken:
        return []
    return [
        T(
            "{taken} of {fitting} places are weighed against one another: the best by score, each for those beside it.",
            taken=taken,
            fitting=fitting,
        )
    ]


def _drawn(market: Market, rows: Sequence[int], sites: Sequence[NamedSite], apart_m: float) -> Drawn:
    world = market.world()
    group = np.unique(cells_of(market), return_inverse=True)[1].astype(np.int64)
    clash = None
    if apart_m > 0 and len(sites) > 1:
        clash = squareform(pdist([[s.x, s.y] for s in sites]) < apart_m).astype(bool)
    more = np.column_stack([world.drawn_by(row) for row in rows])
    return Drawn(world.spending, world.draw(market.opened), more, group, clash)


def _figures(world: World, market: Market, new: Sequence[int], mine: Sequence[int]) -> Floats:
    """Served together, taken from one another, taken from own shops; then each beside the others, and each alone."""
    opened = market.opened.copy()
    opened[list(new)] = True
    before, after = world.turnover(market.opened), world.turnover(opened)
    draw = world.draw(market.opened)
    beside = after[list(new)]
    alone = np.array([added(draw, world.spending, world.drawn_by(row)).sum() for row in new])
    lost = before[list(mine)].sum() - after[list(mine)].sum()
    return np.array([beside.sum(), alone.sum() - beside.sum(), lost, *beside, *alone])


def _notes(choice: Choice, n: int) -> list[Text]:
    if choice.method == "exact":
        return [
            TN(
                "No other place takes in more, with every assumption in its middle.",
                "No other {count} of these places together take in more, with every assumption in its middle.",
                n,
            )
        ]
    if np.isinf(choice.gap):
        return [T("Chosen one by one, each the best beside those before it: not proven to be the best together.")]
    return [
        T(
            "Chosen one by one, each the best beside those before it: not proven to be the best together, which take "
            "in at most {share} % more.",
            share=float(np.ceil(1000 * choice.gap) / 10),
        )
    ]
