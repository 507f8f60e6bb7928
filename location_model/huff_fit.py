"""Huff's model fitted to a retailer's own shops: to what they turn over, and to where their customers live.

Decay, size exponent and a factor on spending are drawn to the values of the table as far as those are sure of
themselves (a normal prior on their logarithms: ridge regression towards a target), and to the shops as far as they
agree: penalised least squares on the logarithm of turnover and on the deviance of customers by zone (Nakanishi &
Cooper 1974 fit the same model by regression; least squares bear zones without customers). With few shops little moves;
beyond four times or a quarter of the table's values nothing goes. Turnover alone tells size and spending well and
decay poorly: where shops stand among homes differs little. Customers' homes tell decay.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import least_squares
from scipy.special import xlogy

from geodata.errors import GeodataError
from geodata.language import LANGUAGES, T, Text, TN
from location_model.demand import Assumptions, Market, assumptions
from location_model.validation.statistics import Estimate

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

Z80 = 1.2815515655446004
"""Half width of an 80 % interval in standard deviations."""
WIDEST = math.log(4.0)
LEAST_NOISE = 0.05
FEW = 8
LEAST_TO_TELL = 3
"""Shops with a turnover from which on it can be said how well the model fits."""
"""Below so many shops, how far shops differ is told by them and by the table half and half."""
_NEAR = 1e-4
"""Changes smaller than this end the search: far within what the values are sure of."""
_STEP = 0.02
"""Of the logarithms, to either side: wide enough for sums in single precision."""


@dataclass(frozen=True, eq=False)
class Customers:
    """Where customers live. zone: of every home of the market, −1 for none; by_shop: customers of each zone."""

    zone: Ints
    by_shop: Mapping[str, Floats]


@dataclass(frozen=True)
class HuffFit:
    """What the user's own data made of the assumptions, and how well they fit.

    shops, customers: how many were used. error: typical miss of the turnover of a shop left out, as a factor − 1; None
    below 3 shops with turnover; plain_error: the same where the mean of the others stands for it. decay, exponent,
    spend: estimates with 80 % intervals. defaults: what the table says.
    """

    assumed: Assumptions
    shops: int
    customers: int
    error: float | None
    plain_error: float | None
    decay: Estimate
    exponent: Estimate
    spend: Estimate
    defaults: Assumptions

    @property
    def told(self) -> Text:
        """The fit in one sentence."""
        return told(self.shops, self.customers, self.error, self.plain_error)

    def as_json(self) -> dict[str, Any]:
        """Values, intervals and the sentence."""
        return {
            "shops": self.shops,
            "customers": self.customers,
            "error": None if self.error is None else round(self.error, 4),
            "error_of_the_mean": None if self.plain_error is None else round(self.plain_error, 4),
            "decay_per_minute": self.decay.as_json(),
            "size_exponent": self.exponent.as_json(),
            "spend_factor": self.spend.as_json(),
            "told": {language: self.told.to(language) for language in LANGUAGES},
        }


@dataclass(frozen=True, eq=False)
class _Evidence:
    """What own shops show. rows, seen: shops with a turnover and its logarithm; lives: shops and customers by zone."""

    market: Market
    start: Assumptions
    rows: Ints
    seen: Floats
    zone: Ints
    lives: tuple[tuple[int, Floats], ...]

    def misses(self, moved: Floats) -> tuple[Floats, Floats]:
        """Turnover: log of modelled over seen, by shop. Customers: signed root deviance, by shop and zone."""
        market = replace(self.market, assumed=_moved(self.start, moved))
        world, opened = market.world(), market.opened
        turnover = np.log(np.maximum(world.turnover(opened)[self.rows], 1e-6)) - self.seen
        parts = [np.zeros(0)]
        homed = self.zone >= 0
        for row, seen in self.lives:
            flows = world.by_home(row, opened)
            inside = np.bincount(self.zone[homed], weights=flows[homed], minlength=len(seen))
            expected = np.maximum(seen.sum() * inside / max(float(inside.sum()), 1e-12), 1e-6)
            deviance = 2 * (xlogy(seen, seen / expected) - seen + expected)
            parts.append(np.sign(expected - seen) * np.sqrt(np.maximum(deviance, 0.0)))
        return turnover, np.concatenate(parts)


def fit(
    market: Market,
    turnover_eur: Mapping[str, float] | None = None,
    customers: Customers | None = None,
) -> HuffFit:
    """Fit to own shops, by their id in the market: yearly turnover (€), and customers by zone.

    Shops without a turnover above 0 and zones without homes are not used. GeodataError when nothing is left.
    """
    known = {shop: eur for shop, eur in (turnover_eur or {}).items() if eur > 0 and math.isfinite(eur)}
    rows = np.array([market.row(shop) for shop in known], dtype=np.int64)
    zone = np.full(len(market.region.homes), -1) if customers is None else customers.zone
    homed = np.bincount(zone[zone >= 0], minlength=int(zone.max(initial=-1)) + 1) > 0
    lives = []
    for shop, seen in ({} if customers is None else customers.by_shop).items():
        there = np.where(homed, np.pad(seen, (0, max(0, len(homed) - len(seen))))[: len(homed)], 0.0)
        if there.sum() > 0:
            lives.append((market.row(shop), there))
    if not len(rows) and not lives:
        raise GeodataError(
            T("no own shop has a turnover, or customers in a zone that is known, to fit to."),
            remedy=T("Give the turnover of at least one shop in euros, or its customers' postcodes."),
        )
    start = assumptions(market.habits, market.region.known)
    evidence = _Evidence(
        market, start, rows, np.log(np.array(list(known.values()), dtype=np.float64)), zone, tuple(lives)
    )
    spread = np.array(
        [math.log(start.decay_range), start.exponent_range / max(start.size_exponent, 0.1), math.log(start.spend_range)]
    )
    prior = spread / Z80
    noise, over = math.log(start.site_range) / Z80, 1.0
    moved, slope = _fit(evidence.misses, np.zeros(3), prior, noise, over)
    for _ in range(2):  # how much shops and zones differ is first assumed, then seen
        turnover, by_zone = evidence.misses(moved)
        if len(rows) > 3:
            noise = max(LEAST_NOISE, float(np.sqrt((turnover**2).sum() / (len(rows) - 2))))
        if len(by_zone) > 3:
            over = max(1.0, float(np.sqrt((by_zone**2).sum() / (len(by_zone) - 1))))
        moved, slope = _fit(evidence.misses, moved, prior, noise, over)
    covariance = np.linalg.inv(slope.T @ slope)
    error = plain = None
    if len(rows) >= LEAST_TO_TELL:
        # what a shop would be missed by without it, from its pull on the fit (Allen 1974, PRESS)
        pull = np.einsum("ij,jk,ik->i", slope[: len(rows)], covariance, slope[: len(rows)])
        left_out = evidence.misses(moved)[0] / (1 - pull)
        error = _factor(left_out)
        plain = _factor((evidence.seen - evidence.seen.mean()) * len(rows) / (len(rows) - 1))
    sure = np.sqrt(np.diag(covariance))
    customers_used = round(sum(float(seen.sum()) for _, seen in lives))
    return _result(start, moved, sure, len(rows), customers_used, error, plain)


def _factor(misses: Floats) -> float:
    """The typical size of misses of logarithms, as a factor − 1."""
    return math.exp(float(np.sqrt(np.mean(np.square(misses))))) - 1


def _moved(start: Assumptions, moved: Floats) -> Assumptions:
    """The table's values, each times e to its part of `moved`: decay, size exponent, spending."""
    decay, size, spend = np.exp(np.clip(moved, -WIDEST, WIDEST))
    return replace(
        start,
        decay_per_minute=start.decay_per_minute * float(decay),
        size_exponent=max(start.size_exponent, 0.1) * float(size),
        spend_factor=float(spend),
    )


def _fit(
    misses: Callable[[Floats], tuple[Floats, Floats]],
    begin: Floats,
    prior: Floats,
    noise: float,
    over: float,
) -> tuple[Floats, Floats]:
    """Where the penalised squares are least, and the slopes there of all that is squared."""

    def scaled(moved: Floats) -> Floats:
        turnover, by_zone = misses(moved)
        return np.concatenate([turnover / noise, by_zone / over, moved / prior])

    def slopes(moved: Floats) -> Floats:
        ends = [(scaled(moved + step) - scaled(moved - step)) / (2 * _STEP) for step in _STEP * np.eye(3)]
        return np.column_stack(ends)

    found = least_squares(
        scaled, begin, jac=slopes, bounds=(-WIDEST, WIDEST), x_scale=prior, max_nfev=40, ftol=_NEAR, xtol=_NEAR
    )
    return np.asarray(found.x), np.asarray(found.jac, dtype=np.float64)


def told(shops: int, customers: int, error: float | None, plain_error: float | None) -> Text:
    """What was fitted to, and how well."""
    people = TN("one customer", "{count} customers", customers)
    if not shops:
        return T(
            "Fitted to where {customers} of your own shops live: without turnover nothing tells how well.",
            customers=people,
        )
    turnover = TN("the turnover of one own shop", "the turnover of {count} own shops", shops)
    basis = turnover if not customers else T("{turnover} and {customers}", turnover=turnover, customers=people)
    if error is None or plain_error is None:
        return T("Fitted to {basis}: too few shops to say how well.", basis=basis)
    return T(
        "Fitted to {basis}: the turnover of a shop left out is estimated {error} % off, against {mean} % with the mean "
        "of the other shops.",
        basis=basis,
        error=round(100 * error),
        mean=round(100 * plain_error),
    )


def _result(
    start: Assumptions,
    moved: Floats,
    sure: Floats,
    shops: int,
    customers: int,
    error: float | None,
    plain_error: float | None,
) -> HuffFit:
    fitted = _moved(start, moved)
    ranges = [float(r) for r in np.exp(Z80 * sure)]
    site = start.site_range if error is None else max(math.exp(Z80 * math.log1p(error)), 1 + LEAST_NOISE)
    if shops < FEW and error is not None:
        site = max(site, math.sqrt(site * start.site_range))
    assumed = replace(
        fitted,
        decay_range=ranges[0],
        exponent_range=fitted.size_exponent * (ranges[1] - 1),
        spend_range=ranges[2],
        site_range=site,
        fitted=told(shops, customers, error, plain_error),
    )
    decay, exponent, spend = (
        Estimate(value, value / factor, value * factor)
        for value, factor in zip(
            (fitted.decay_per_minute, fitted.size_exponent, fitted.spend_factor), ranges, strict=True
        )
    )
    return HuffFit(assumed, shops, customers, error, plain_error, decay, exponent, spend, start)
