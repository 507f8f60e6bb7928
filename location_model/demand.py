"""What a shop may take in: residents' spending on a branch, shared over all its shops in the region by Huff's model.

How sure: every input that is not known exactly is moved to the ends of its 80 % range in turn, and the changes that
makes are combined as the root of their squares (the delta method, deterministic). Ranges of proxies are wide.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geodata.errors import GeodataError
from geodata.language import T, Text
from geodata.network.times import Ticks
from location_model.demand_region import DemandRegion
from location_model.huff import deterrence, pull_at, shared
from location_model.spending import DECAY, EUR, EXPONENT, Habits
from location_model.validation.statistics import Estimate

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

ENOUGH_KNOWN = 0.8
"""Below this share of the region's ground, what leaves the town and what comes in cannot be told."""

LEAST_SIZES = 5
SPEND_PROXY, SPEND_SOURCED, SPEND_UNKNOWN = 1.3, 1.15, 1.3
DECAY_PROXY, DECAY_SOURCED = 1.4, 1.2
EXPONENT_PROXY, EXPONENT_SOURCED = 0.2, 0.1
SITE_FACTOR, SIZE_UNKNOWN = 1.5, 1.6
"""80 % ranges, ×/÷ (the exponent ±), house norms: spending per resident, more where much of the region is unknown;
decay; exponent; what two shops alike take in, for all that no model sees; floor area that nobody measured."""


@dataclass(frozen=True)
class Assumptions:
    """Values the model rests on, with their 80 % ranges. spend, decay and site: factors; exponent: ±.

    fitted: how well they fit the user's own shops, where they were fitted to those instead of taken from the table.
    """

    decay_per_minute: float
    size_exponent: float
    spend_factor: float
    decay_range: float
    exponent_range: float
    spend_range: float
    site_range: float
    fitted: Text | None = None


def assumptions(habits: Habits, known: float) -> Assumptions:
    """What the table of habits gives, where `known` of the region is known (0–1)."""
    spend = math.log(SPEND_PROXY if habits.proxy(EUR) else SPEND_SOURCED)
    unknown = math.log(SPEND_UNKNOWN) if known < ENOUGH_KNOWN else 0.0
    return Assumptions(
        decay_per_minute=habits.decay_per_minute,
        size_exponent=habits.size_exponent,
        spend_factor=1.0,
        decay_range=DECAY_PROXY if habits.proxy(DECAY) else DECAY_SOURCED,
        exponent_range=EXPONENT_PROXY if habits.proxy(EXPONENT) else EXPONENT_SOURCED,
        spend_range=math.exp(math.hypot(spend, unknown)),
        site_range=SITE_FACTOR,
    )


@dataclass(frozen=True)
class Shift:
    """One assumption moved: factors on decay and spending, an addition to the exponent, a factor on a shop's pull."""

    decay: float = 1.0
    exponent: float = 0.0
    spend: float = 1.0
    shop: int = -1
    pull: float = 1.0


MIDDLE = Shift()


@dataclass(frozen=True, eq=False)
class World:
    """The market with every assumption at one value.

    spending: euros a year by home in shops on record; per_head: the same for one resident; pull: by shop.
    """

    ticks: Ticks
    spending: Floats
    per_head: float
    pull: Floats
    decay_per_minute: float
    _solved: dict[bytes, tuple[Floats, Floats]] = field(default_factory=dict, repr=False)

    def turnover(self, opened: Flags) -> Floats:
        """Euros a year by shop, 0 for those that are closed."""
        return self._solve(opened)[0]

    def draw(self, opened: Flags) -> Floats:
        """What draws each home to the shops that are open, by which `huff.added` judges one shop more."""
        return self._solve(opened)[1]

    def drawn_by(self, shop: int) -> Floats:
        """What one shop draws at every home, open or not."""
        return pull_at(self.ticks[:, shop], float(self.pull[shop]), self.decay_per_minute)

    def by_home(self, shop: int, opened: Flags) -> Floats:
        """Euros a year that each home spends in one shop."""
        if not opened[shop]:
            return np.zeros(len(self.spending))
        draw = self._solve(opened)[1]
        own = self.pull[shop] * self._deterrence[self.ticks[:, shop]].astype(np.float64)
        return np.asarray(np.divide(self.spending * own, draw, out=np.zeros_like(own), where=draw > 0))

    @cached_property
    def _deterrence(self) -> npt.NDArray[np.float32]:
        return deterrence(self.decay_per_minute)

    def _solve(self, opened: Flags) -> tuple[Floats, Floats]:
        key = np.packbits(opened).tobytes()
        if key not in self._solved:
            pull = np.where(opened, self.pull, 0.0)
            self._solved[key] = shared(self.ticks, self.spending, pull, self.decay_per_minute)
        return self._solved[key]


Measure = Callable[[World], Floats]


@dataclass(frozen=True, eq=False)
class Market:
    """One branch in a demand region: everybody who buys and everything they choose from.

    shops: id, name, x, y, floor_area_m2 (filled in where not known), measured (whether it was known), count, in_study,
    in_core, candidate (True for sites that are not open yet). ticks: time from home to shop, as in `ticks_to`.
    """

    region: DemandRegion
    habits: Habits
    assumed: Assumptions
    shops: pd.DataFrame
    ticks: Ticks

    @cached_property
    def opened(self) -> Flags:
        """The shops that are open now."""
        return ~self.shops["candidate"].to_numpy(bool)

    def row(self, shop: str) -> int:
        """The row of a shop by its id. GeodataError when it is not in this market."""
        rows = np.flatnonzero(self.shops["id"] == shop)
        if not len(rows):
            raise GeodataError(
                T("{shop} is no shop of the branch {branch} here.", shop=shop, branch=self.habits.branch),
                where=self.region.area.name,
                remedy=T("Give the id of one of its premises, or a vacant unit."),
            )
        return int(rows[0])

    def world(self, shift: Shift = MIDDLE) -> World:
        """The market with an assumption moved; as assumed without a word."""
        a = self.assumed
        floor = self.shops["floor_area_m2"].to_numpy(np.float64) / self.habits.typical_floor_area_m2
        pull = self.shops["count"].to_numpy(np.float64) * floor ** max(a.size_exponent + shift.exponent, 0.0)
        if shift.shop >= 0:
            pull[shift.shop] *= shift.pull
        per_head = self.habits.eur_per_resident_year * self.habits.in_shops * a.spend_factor * shift.spend
        residents = self.region.homes["residents"].to_numpy(np.float64)
        return World(self.ticks, residents * per_head, per_head, pull, a.decay_per_minute * shift.decay)

    def estimates(self, measure: Measure, focal: Sequence[int]) -> list[Estimate]:
        """What `measure` says, with 80 % intervals; `focal`: the shops it is about, whose own pull is not sure.

        Each end of each range is tried with everything else in its middle; shops of one id share their luck.
        """
        a = self.assumed
        middle = np.asarray(measure(self.world()), dtype=np.float64)
        pairs = [
            (Shift(decay=a.decay_range), Shift(decay=1 / a.decay_range)),
            (Shift(exponent=a.exponent_range), Shift(exponent=-a.exponent_range)),
            (Shift(spend=a.spend_range), Shift(spend=1 / a.spend_range)),
        ]
        for shop in dict.fromkeys(focal):
            unsure = math.log(a.site_range)
            if not self.shops["measured"].iloc[shop]:
                unsure = math.hypot(unsure, a.size_exponent * math.log(SIZE_UNKNOWN))
            pairs.append((Shift(shop=shop, pull=math.exp(unsure)), Shift(shop=shop, pull=math.exp(-unsure))))
        below, above = np.zeros_like(middle), np.zeros_like(middle)
        for pair in pairs:
            moved = np.stack([np.asarray(measure(self.world(shift))) - middle for shift in pair])
            below += np.minimum(moved.min(axis=0), 0.0) ** 2
            above += np.maximum(moved.max(axis=0), 0.0) ** 2
        low, high = middle - np.sqrt(below), middle + np.sqrt(above)
        return [Estimate(*map(float, row)) for row in zip(middle, low, high, strict=True)]

    def turnover(self, shop: int) -> Estimate:
        """What a shop takes in a year, in euros; a site that is not open yet as if it were, beside all that are."""
        opened = self.opened.copy()
        opened[shop] = True
        [found] = self.estimates(lambda world: world.turnover(opened)[[shop]], [shop])
        return replace(found, low=max(found.low, 0.0))


@dataclass(frozen=True)
class Candidate:
    """A site that may become a shop of the branch: its id, place in metres, and floor area (None = not known).

    opened: a shop that is there already, but not on record.
    """

    id: str
    x: float
    y: float
    floor_area_m2: float | None = None
    name: str | None = None
    opened: bool = False


def market(
    region: DemandRegion,
    branch: str,
    habits: Habits,
    candidates: Sequence[Candidate] = (),
    assumed: Assumptions | None = None,
) -> Market:
    """The market of a branch: its open shops in the region, and candidates, closed as yet.

    A candidate that is one of the shops on record is that shop, with the candidate's floor area if that is known. A
    floor area that is not known is taken to be the branch's median in the region, from 5 known ones on, else the
    typical one of the table. GeodataError for a branch without any shop or candidate in the region.
    """
    outlets = region.outlets
    shops = outlets[(outlets["branch"] == branch) & (outlets["state"] == "occupied")].assign(candidate=False)
    more = pd.DataFrame([
        {"id": c.id, "name": c.name, "floor_area_m2": c.floor_area_m2, "x": c.x, "y": c.y, "candidate": not c.opened}
        for c in candidates if c.id not in set(shops["id"])
    ])  # fmt: skip
    if len(more):
        boundary = gpd.GeoSeries([region.area.study.boundary], crs=4326).to_crs(region.area.study.crs).iloc[0]
        more["in_study"] = shapely.intersects_xy(boundary, more["x"], more["y"])
    shops = pd.concat([shops, more.assign(count=1.0)] if len(more) else [shops], ignore_index=True)
    if shops.empty:
        raise GeodataError(
            T("there is no shop of the branch {branch} in or around {area}.", branch=branch, area=region.area.name),
            remedy=T("Nothing can be shared out over shops that are not on record: add a premises list."),
        )
    told = {c.id: c.floor_area_m2 for c in candidates if c.floor_area_m2 is not None}
    shops["floor_area_m2"] = shops["id"].map(told).astype(float).fillna(shops["floor_area_m2"].astype(float))
    sizes = shops.loc[~shops["candidate"].astype(bool), "floor_area_m2"].dropna()
    usual = float(sizes.median()) if len(sizes) >= LEAST_SIZES else habits.typical_floor_area_m2
    measured = shops["floor_area_m2"].notna() & (shops["floor_area_m2"] > 0)
    shops = shops.assign(
        floor_area_m2=shops["floor_area_m2"].astype(float).where(measured, usual),
        measured=measured,
        candidate=shops["candidate"].astype(bool),
    )
    xy = shops[["x", "y"]].to_numpy(np.float64)
    ground = region.area.study.core_areas.to_crs(region.area.study.crs).union_all()
    shops["in_core"] = shapely.intersects_xy(ground, xy[:, 0], xy[:, 1])
    kept = ["id", "name", "x", "y", "floor_area_m2", "measured", "count", "in_study", "in_core", "candidate"]
    return Market(
        region, habits, assumed or assumptions(habits, region.known), shops[kept].reset_index(drop=True),
        region.ticks(xy),
    )  # fmt: skip


def market_notes(market: Market) -> list[Text]:
    """What turnover rests on, and what is not known of it."""
    notes = [] if market.assumed.fitted is None else [market.assumed.fitted]
    if market.habits.proxy(EUR) and market.assumed.fitted is None:
        notes.append(
            T(
                "Turnover rests on proxies: {eur} euros a resident and year, how far people go and how floor area "
                "draws are orders of magnitude, in the file spending.csv for you to change.",
                eur=round(market.habits.eur_per_resident_year),
            )
        )
    if market.region.known < ENOUGH_KNOWN:
        notes.append(
            T(
                "Only {share} % of the ground within 15 km is known: turnover is that of the known area, its interval "
                "is wider, and what leaves town or comes in is withheld.",
                share=round(100 * market.region.known),
            )
        )
    unknown = 1 - float(market.shops["measured"][market.opened].mean()) if market.opened.any() else 0.0
    if unknown > 0:
        notes.append(
            T("Of {share} % of the shops the floor area is not known: a usual one stands in.",
              share=max(1, round(100 * unknown)))
        )  # fmt: skip
    return notes
