"""Which n of many sites together take in the most, by Huff's model: exact where the solver proves it, else greedy.

A home spends s·U/(D + U) in the sites chosen, where D is what draws it elsewhere and U = Σ_j p_j·y_j what the chosen
ones draw. That is concave in U, so its tangents bound it from above: an integer programme over tangents by
neighbourhood, with one more set of them for every answer, ends at the best choice (outer approximation, Mai & Lodi
2020). Where a home is drawn by none of the sites chosen, its bound is what each would take alone (Nemhauser, Wolsey &
Fisher 1978). Homes are never rounded to neighbourhoods: only the bounds are added up there.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp

from location_model.demand import Flags

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

ROUNDS, NODES = 20, 2500
"""Rounds of tangents, and branches searched in all of them, before the greedy answer is taken: a proof takes a second
or two in real towns, and none is waited for longer than some minutes. Work is counted and not timed, so that the same
question has the same answer on a slow machine."""

PROVEN = 1e-6
"""A choice within this share of the upper bound is the best one; so is one the solver comes back to, whose bounds are
exact already, up to its own tolerance."""

_SCALE = 100.0
"""What could be served at most, in the solver's unit: its tolerance of 1e-6 is then below what is told apart here, and
sites that it takes for a millionth do not lead it astray."""


@dataclass(frozen=True)
class Choice:
    """rows: the sites chosen, in order. served: what they take in together, as assumed. gap: how far above it a
    better choice could still lie, as a share of it.
    """

    rows: tuple[int, ...]
    served: float
    method: Literal["exact", "greedy"]
    gap: float


@dataclass(frozen=True, eq=False)
class Drawn:
    """What there is to share out: spending by home, draw (D) by home, more (p) by home and site, shape (homes, sites).

    group: neighbourhood of each home, 0 … n − 1. clash: pairs of sites that cannot both be chosen; None: all can.
    """

    spending: Floats
    draw: Floats
    more: Floats
    group: Ints
    clash: Flags | None = None

    def served(self, rows: npt.ArrayLike) -> float:
        """What some sites take in together."""
        return float(self._by_home(self.more[:, np.asarray(rows, dtype=np.int64)].sum(axis=1)).sum())

    def alone(self) -> Floats:
        """What each site would take in alone."""
        return np.asarray(_taken(self.spending[:, None], self.draw[:, None], self.more).sum(axis=0))

    def _by_home(self, chosen: Floats) -> Floats:
        return _taken(self.spending, self.draw, chosen)

    def bounds(self, y: Floats) -> tuple[Floats, Floats]:
        """By neighbourhood, an upper bound a + b·y of what is served that is exact at y: a, and b by site."""
        chosen = self.more @ y
        value, whole = self._by_home(chosen), self.draw + chosen
        steep = np.divide(self.spending * self.draw, whole**2, out=np.zeros_like(whole), where=chosen > 0)
        slope = steep[:, None] * self.more
        none = chosen <= 0
        slope[none] = _taken(self.spending[none, None], self.draw[none, None], self.more[none])
        n = int(self.group.max()) + 1
        b = np.zeros((n, self.more.shape[1]))
        np.add.at(b, self.group, slope)
        return np.bincount(self.group, value, minlength=n) - b @ y, b


def greedy(drawn: Drawn, n: int) -> tuple[int, ...]:
    """The site that adds most to those before it, n times; fewer where no site is left that clashes with none."""
    chosen = np.zeros(len(drawn.spending))
    free = np.ones(drawn.more.shape[1], dtype=bool)
    rows: list[int] = []
    while len(rows) < n and free.any():
        served = _taken(drawn.spending[:, None], drawn.draw[:, None], chosen[:, None] + drawn.more).sum(axis=0)
        best = int(np.where(free, served, -np.inf).argmax())
        rows.append(best)
        chosen = chosen + drawn.more[:, best]
        free[best] = False
        if drawn.clash is not None:
            free &= ~drawn.clash[best]
    return tuple(sorted(rows))


def best_together(drawn: Drawn, n: int, *, rounds: int = ROUNDS) -> Choice | None:
    """The n sites that take in the most together; None where no n of them go together.

    With `rounds` 0 nothing is proven: the greedy answer, and how far above it the best may lie (infinite: not known).
    """
    start = greedy(drawn, n)
    fitting = len(start) == n
    best, served = start, drawn.served(start) if fitting else 0.0
    if n == 1 and fitting:
        return Choice(best, served, "exact", 0.0)
    programme = _Programme(drawn, n, _SCALE / max(drawn.alone().max() * n, 1e-9))
    programme.add(np.zeros(drawn.more.shape[1]))
    programme.add(_flags(drawn, start))
    above = np.inf
    for _ in range(rounds):  # bounds around the best mixture of sites first: cheap, and most of the way
        found = programme.solve(whole=False)
        if found is None:
            return None
        above = min(above, found[1])
        if not programme.add(found[0]):
            break
    seen = {best}
    for _ in range(rounds):
        found = programme.solve(whole=True)
        if found is None:
            break
        rows, above = tuple(np.flatnonzero(found[0] > 0.5).tolist()), min(above, found[1])
        if drawn.served(rows) > served:
            best, served, fitting = rows, drawn.served(rows), True
        back = rows in seen and programme.whole
        if above <= served * (1 + PROVEN) or back or not programme.add(_flags(drawn, rows)):
            return Choice(best, served, "exact", _gap(above, served))
        if not programme.whole:
            break
        seen.add(rows)
    if len(start) == n:
        served = drawn.served(start)
        return Choice(start, served, "greedy", _gap(above, served))
    return None


class _Programme:
    """Most of Σ θ over neighbourhoods, θ below every bound, exactly n sites; variables: sites, then θ."""

    def __init__(self, drawn: Drawn, n: int, scale: float) -> None:
        self.drawn, self.scale = drawn, scale
        self.n_sites, self.n_groups = drawn.more.shape[1], int(drawn.group.max()) + 1
        self.rows: list[Floats] = []
        self.tops: list[Floats] = []
        together = np.zeros((1, self.n_sites + self.n_groups))
        together[0, : self.n_sites] = 1
        self.fixed = [LinearConstraint(together, n, n)]
        if drawn.clash is not None and drawn.clash.any():
            one, other = np.nonzero(np.triu(drawn.clash, 1))
            pairs = np.zeros((len(one), self.n_sites + self.n_groups))
            pairs[np.arange(len(one)), one] = pairs[np.arange(len(one)), other] = 1
            self.fixed.append(LinearConstraint(pairs, -np.inf, 1))
        self.last: Floats | None = None
        self.nodes = NODES
        self.whole = True
        """Whether the last search went to its end."""

    def add(self, y: Floats) -> bool:
        """Bounds that are exact at y, where the last answer lies above them; whether there were any."""
        a, b = self.drawn.bounds(y)
        a, b = a * self.scale, b * self.scale
        new = np.ones(self.n_groups, dtype=bool)
        if self.last is not None:
            new = self.last - (a + b @ y) > PROVEN * _SCALE / self.n_groups
        if new.any():
            theta = np.eye(self.n_groups)[new]
            self.rows.append(np.hstack([-b[new], theta]))
            self.tops.append(a[new])
        return bool(new.any())

    def solve(self, *, whole: bool) -> tuple[Floats, float] | None:
        """Sites chosen (parts of them unless `whole`), and the bound on what can be served; None without an answer."""
        n, k = self.n_sites, self.n_groups
        found = milp(
            -np.r_[np.zeros(n), np.ones(k)],
            integrality=np.r_[np.full(n, int(whole)), np.zeros(k)],
            bounds=Bounds(0, np.r_[np.ones(n), np.full(k, np.inf)]),
            constraints=[*self.fixed, LinearConstraint(np.vstack(self.rows), -np.inf, np.concatenate(self.tops))],
            options={"mip_rel_gap": PROVEN / 10, "node_limit": max(self.nodes, 1)},
        )
        if whole:
            self.nodes -= int(found.mip_node_count or 0)
            self.whole = found.status == 0
        if found.x is None:
            return None
        self.last = np.asarray(found.x[n:])
        bound = found.mip_dual_bound if whole else found.fun
        return np.asarray(found.x[:n]), -float(bound) / self.scale


def _gap(above: float, served: float) -> float:
    return max(0.0, float(above) / served - 1) if served else 0.0


def _flags(drawn: Drawn, rows: tuple[int, ...]) -> Floats:
    y = np.zeros(drawn.more.shape[1])
    y[list(rows)] = 1.0
    return y


def _taken(spending: Floats, draw: Floats, more: Floats) -> Floats:
    whole = draw + more
    return np.asarray(np.divide(spending * more, whole, out=np.zeros(np.shape(whole)), where=whole > 0))
