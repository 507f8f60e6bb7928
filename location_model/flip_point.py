"""Flip points: the weight of one criterion at which two places change places, the other weights left as they are.

A score is (P + t·v) / (Q + t) in the weight t of one criterion the place knows, and P / Q in one it does not; P and Q
sum weight × value and weight over what else is known there. Two scores are equal where a polynomial of degree 1 (the
same criteria known at both places) or 2 (not the same) is zero: no search, no step.
"""

from dataclasses import dataclass
from functools import cached_property
from math import ceil, copysign, floor, inf, sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

from geodata.language import T, Text
from location_model.layers import layer_named
from location_model.score import LEAST_COVERAGE, Scored, value_of

HEAVIEST = 5.0
"""No weight above this is looked at: the heaviest a criterion can be given."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Flip:
    """A criterion whose weight, alone, turns the choice between two places: at `weight` they score the same."""

    layer: str
    now: float
    weight: float

    @property
    def change(self) -> float:
        """How far off it is, as a share of the weight it has now; infinite for a weight of 0."""
        return abs(self.weight - self.now) / self.now if self.now > 0 else inf

    @property
    def shown(self) -> float:
        """The first weight in tenths beyond it: who moves the slider there sees the choice turned."""
        tenths = 10 * self.weight
        return (floor(tenths + 1e-6) + 1 if self.weight > self.now else ceil(tenths - 1e-6) - 1) / 10

    @property
    def told(self) -> Text:
        """What turns the choice, in a sentence."""
        title = layer_named(self.layer).title
        return T(
            "The choice turns when {criterion} weighs {weight} instead of {now}.",
            criterion=title,
            weight=self.shown,
            now=self.now,
        )

    def as_json(self) -> dict[str, Any]:
        """As a command prints it; change null where the criterion weighs 0 now."""
        change = None if self.change == inf else round(self.change, 4)
        return {"layer": self.layer, "now": self.now, "weight": round(self.weight, 4), "change": change}


def flip_points(scored: Scored, a: str, b: str) -> tuple[Flip, ...]:
    """Where two cells change places as one weight changes, nearest first: smallest share of the weight it has now.

    One a criterion at most, from 0 to `HEAVIEST`; none for a criterion that never turns the choice, or turns it only
    where either place falls below the least coverage. Unknown values fall out, as they do of the score. Empty when the
    two score the same now, or either has no score. KeyError for another cell.
    """
    rows = [scored.rows[a], scored.rows[b]]
    if np.isnan(scored.score[rows]).any():
        return ()
    criteria = scored.profile.criteria
    weights = np.array([c.weight for c in criteria], dtype=np.float64)
    worth = np.array([value_of(c.value, x[rows]) for c, x in zip(criteria, scored.inputs, strict=True)])
    known = ~np.isnan(worth)
    worth[~known] = 0.0
    found: list[Flip] = []
    for i, criterion in enumerate(criteria):
        others = weights.copy()
        others[i] = 0.0
        lead = _Lead(others @ worth, others @ known, worth[i], known[i], float(others.sum()))
        flips = [Flip(criterion.layer, criterion.weight, root) for root in lead.roots()]
        found += [flip for flip in flips if lead.turns(flip.now, flip.shown)]
    nearest: dict[str, Flip] = {}
    for flip in sorted(found, key=lambda flip: (flip.change, abs(flip.weight - flip.now), flip.layer)):
        nearest.setdefault(flip.layer, flip)
    return tuple(nearest.values())


@dataclass(frozen=True, eq=False)
class _Lead:
    """The lead of one place over another as the weight t of one criterion changes; all arrays are of the two places.

    p, q: as above, without the criterion. v, k: its value (0 where not known) and whether it is known. rest: the weight
    of the other criteria.
    """

    p: Floats
    q: Floats
    v: Floats
    k: npt.NDArray[np.bool_]
    rest: float

    @cached_property
    def polynomial(self) -> tuple[float, float, float]:
        """(p₀ + t·v₀)(q₁ + t·k₁) − (p₁ + t·v₁)(q₀ + t·k₀), which has the sign of the lead: factors of t², t, 1."""
        (p0, p1), (q0, q1), (v0, v1), (k0, k1) = self.p, self.q, self.v, self.k
        factors = (v0 * k1 - v1 * k0, p0 * k1 + v0 * q1 - p1 * k0 - v1 * q0, p0 * q1 - p1 * q0)
        # Values that differ by rounding alone are the same.
        a, b, c = (0.0 if abs(x) <= 1e-12 * self.rest**n else float(x) for n, x in enumerate(factors))
        return a, b, c

    def roots(self) -> list[float]:
        """Weights above 0 at which the two are even and change sides, by the formula that keeps small roots exact."""
        a, b, c = self.polynomial
        inside = b * b - 4 * a * c
        if inside <= 0:
            return []
        half = -(b + copysign(sqrt(inside), b)) / 2
        return [t for t in ([half / a] if a else []) + ([c / half] if half else []) if t > 0]

    def turns(self, now: float, weight: float) -> bool:
        """Whether another place is ahead at another weight, both keeping a score."""
        a, b, c = self.polynomial
        before, after = ((a * t + b) * t + c for t in (now, weight))
        covered = self.q + weight * self.k >= (LEAST_COVERAGE - 1e-6) * (self.rest + weight)
        even = abs(before) <= 1e-12 * (self.rest + now) ** 2
        return 0 <= weight <= HEAVIEST and not even and before * after < 0 and bool(covered.all())
