"""Flip points: the weight of one criterion at which two places change places, the other weights left as they are.

A score is (P + t·v) / (Q + t) in the weight t of one criterion the place knows, and P / Q in one it does not; P and Q
sum weight × value and weight over what else is known there. Two scores are equal where a polynomial of degree 1 (the
same criteria known at both places) or 2 (not the same) is zero: no search, no step.
"""

from dataclasses import dataclass
from math import ceil, copysign, floor, inf, sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

from geodata.language import T, Text
from location_model.layers import layer_named
from location_model.score import LEAST_COVERAGE, Scored, value_of

HEAVIEST = 5.0
"""No weight above this is looked at: the heaviest a criterion can be given."""

_NIL = 1e-12

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
        """The first weight in tenths at which the choice has turned, so that a reader who tries it sees it turn."""
        tenths = 10 * self.weight
        return (ceil(tenths - _NIL) if self.weight > self.now else floor(tenths + _NIL)) / 10

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

    One a criterion at most, above 0 and up to `HEAVIEST`; none for a criterion that never turns the choice. At a flip
    point both places keep a score: it is not one where either falls below the least coverage. Unknown values fall out,
    as they do of the score. Empty when the two score the same now, or either has no score. KeyError for another cell.
    """
    rows = [scored.rows[a], scored.rows[b]]
    if np.isnan(scored.score[rows]).any():
        return ()
    criteria = scored.profile.criteria
    weights = np.array([c.weight for c in criteria], dtype=np.float64)
    worth = np.array([value_of(c.value, x[rows]) for c, x in zip(criteria, scored.inputs, strict=True)])
    known = ~np.isnan(worth)
    worth[~known] = 0.0
    found = []
    for i, criterion in enumerate(criteria):
        others = weights.copy()
        others[i] = 0.0
        turns = _turns(others @ worth, others @ known, worth[i], known[i], float(others.sum()), criterion.weight)
        if turns:
            nearest = min(turns, key=lambda t: abs(t - criterion.weight))
            found.append(Flip(criterion.layer, criterion.weight, nearest))
    return tuple(sorted(found, key=lambda flip: (flip.change, flip.weight, flip.layer)))


def _turns(p: Floats, q: Floats, v: Floats, k: npt.NDArray[np.bool_], rest: float, now: float) -> list[float]:
    """Weights at which (p₀ + t·v₀)(q₁ + t·k₁) − (p₁ + t·v₁)(q₀ + t·k₀) changes sign, both places keeping a score."""
    a = v[0] * k[1] - v[1] * k[0]
    b = p[0] * k[1] + v[0] * q[1] - p[1] * k[0] - v[1] * q[0]
    c = p[0] * q[1] - p[1] * q[0]
    # Values that differ by rounding alone are the same.
    a, b, c = (0.0 if abs(x) <= _NIL * rest**n else float(x) for n, x in enumerate((a, b, c)))
    if abs((a * now + b) * now + c) <= _NIL * (rest + now) ** 2:
        return []

    def scored(t: float) -> bool:
        return bool((q + t * k >= (LEAST_COVERAGE - 1e-6) * (rest + t)).all())

    return [t for t in _simple_roots(a, b, c) if 0 < t <= HEAVIEST and scored(t)]


def _simple_roots(a: float, b: float, c: float) -> list[float]:
    """Real roots of a·t² + b·t + c where it changes sign, by the formula that loses no digits when a or c is small."""
    inside = b * b - 4 * a * c
    if inside <= 0:
        return []
    half = -(b + copysign(sqrt(inside), b)) / 2
    return ([half / a] if a else []) + ([c / half] if half else [])
