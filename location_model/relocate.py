"""Moving a shop: what is kept, lost and won, by whom, and what it does to one's other shops and to the core.

Every figure compares two worlds: as it is, and with the shop closed at A and open at B, in the same market with the
same assumptions. So moving to the same place changes nothing, exactly, and what is uncertain in both cancels out.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import brentq

from geodata.errors import GeodataError
from geodata.language import LANGUAGES, T, Text
from location_model.break_even import BreakEven, Costs, break_even
from location_model.catchment import cells_of
from location_model.demand import Flags, Market, World, market_notes
from location_model.validation.statistics import Estimate, as_value

Floats = npt.NDArray[np.float64]

NEIGHBOUR_M = 250.0
"""Shops of the branch nearer than this to the old or the new place are its neighbours."""

MOST_NEIGHBOURHOODS = 12
MOST_APART = math.log(50.0)
"""A known turnover is met by up to fifty times the pull that size gives, or a fiftieth."""
FIGURES = ("kept_eur", "lost_eur", "won_eur", "net_eur", "own_network_eur", "core_eur", "neighbours_eur")
PERSONS = ("residents_kept", "residents_lost", "residents_won")


@dataclass(frozen=True, eq=False)
class Move:
    """A move from one shop to another place, or with `to` None the closing of it. Rows of `market.shops`.

    takeover: the shop that is in the new place now closes there (it is one of the branch and somebody else's).
    own: rows of the retailer's other shops. beside: the place whose neighbours count too where nothing moves there.
    actual_eur: what the shop is known to take in a year: what it has in it beyond its size and place then moves along.
    """

    market: Market
    start: int
    to: int | None
    own: tuple[int, ...] = ()
    beside: int | None = None
    actual_eur: float | None = None

    @cached_property
    def before(self) -> Flags:
        """Who is open now."""
        return self.market.opened

    @cached_property
    def after(self) -> Flags:
        """Who is open after the move."""
        opened = self.market.opened.copy()
        opened[self.start] = False
        if self.to is not None:
            opened[self.to] = True
        return opened

    @property
    def same(self) -> bool:
        """Whether the new place is the old one."""
        return self.to == self.start

    def by_home(self, world: World) -> tuple[Floats, Floats]:
        """What each home spends in the shop before and after, euros a year."""
        now, then = self._as_known(world)
        before = now.by_home(self.start, self.before)
        return before, np.zeros_like(before) if self.to is None else then.by_home(self.to, self.after)

    def _as_known(self, world: World) -> tuple[World, World]:
        """The worlds before and after in which the shop draws as much more, or less, as makes it take what it takes."""
        if self.actual_eur is None:
            return world, world
        own = world.drawn_by(self.start)
        others = world.draw(self.before) - own

        def miss(log_factor: float) -> float:
            drawn = math.exp(log_factor) * own
            whole = others + drawn
            taken = np.divide(world.spending * drawn, whole, out=np.zeros_like(drawn), where=whole > 0).sum()
            return math.log(max(float(taken), 1e-9) / float(self.actual_eur or 1.0))

        low, high = -MOST_APART, MOST_APART
        met = miss(low) < 0 < miss(high)
        found = brentq(miss, low, high, xtol=1e-4) if met else (high if miss(high) < 0 else low)

        def with_factor(rows: list[int]) -> World:
            pull = world.pull.copy()
            pull[rows] *= math.exp(found)
            return World(world.ticks, world.spending, world.per_head, pull, world.decay_per_minute)

        moved = [self.start] if self.to in (None, self.start) else [self.start, int(self.to or 0)]
        return with_factor([self.start]), with_factor(moved)

    def figures(self, world: World) -> Floats:
        """`FIGURES` and `PERSONS` in one world, in that order."""
        before, after = self.by_home(world)
        kept, lost, won = np.minimum(before, after), np.maximum(before - after, 0), np.maximum(after - before, 0)
        change = self.changes(world)
        shops = self.market.shops
        others = np.ones(len(shops), dtype=bool)
        others[[self.start] if self.to is None else [self.start, self.to]] = False
        own = np.zeros(len(shops), dtype=bool)
        own[list(self.own)] = True
        euros = [
            kept.sum(), lost.sum(), won.sum(), won.sum() - lost.sum(),
            change[own & others].sum(), change[shops["in_core"].to_numpy(bool)].sum(),
            change[others & ~own & self.near].sum(),
        ]  # fmt: skip
        persons = [part.sum() / world.per_head for part in (kept, lost, won)]
        return np.array([*euros, *persons])

    def changes(self, world: World) -> Floats:
        """By how much the turnover of each shop changes, euros a year."""
        now, then = self._as_known(world)
        return then.turnover(self.after) - now.turnover(self.before)

    @cached_property
    def near(self) -> Flags:
        """The shops near the old or the new place, those two with them."""
        xy = self.market.shops[["x", "y"]].to_numpy(np.float64)
        ends = xy[[row for row in (self.start, self.to, self.beside) if row is not None]]
        return np.asarray(np.hypot(*(xy[:, None] - ends[None]).transpose(2, 0, 1)).min(axis=1) <= NEIGHBOUR_M)

    @property
    def unsure(self) -> list[int]:
        """The shops whose own pull is not sure: not that of a shop whose turnover is known."""
        known = set() if self.actual_eur is None else {self.start}
        return [row for row in dict.fromkeys((self.start, self.to)) if row is not None and row not in known]

    def balance(self) -> dict[str, Estimate]:
        """Every figure with its 80 % interval; euros a year, persons."""
        found = dict(zip((*FIGURES, *PERSONS), self.market.estimates(self.figures, self.unsure), strict=True))
        for name in ("kept_eur", "lost_eur", "won_eur", *PERSONS):
            found[name] = replace(found[name], low=max(found[name].low, 0.0))
        return found

    def together(self) -> Estimate:
        """The balance of the shop and of the own other shops in one, € a year: what one loses to the other cancels."""
        net, own = FIGURES.index("net_eur"), FIGURES.index("own_network_eur")

        def sum_of(world: World) -> Floats:
            figures = self.figures(world)
            return np.array([figures[net] + figures[own]])

        return self.market.estimates(sum_of, self.unsure)[0]

    def by_neighbourhood(self) -> pd.DataFrame:
        """Euros kept, lost and won by neighbourhood (H3 cell), largest change first, as assumed."""
        before, after = self.by_home(self.market.world())
        table = pd.DataFrame({
            "cell": cells_of(self.market), "kept_eur": np.minimum(before, after),
            "lost_eur": np.maximum(before - after, 0), "won_eur": np.maximum(after - before, 0),
        }).groupby("cell", as_index=False).sum()  # fmt: skip
        change = (table["won_eur"] - table["lost_eur"]).abs()
        return table.assign(change=change).sort_values(["change", "cell"], ascending=[False, True], ignore_index=True)


def move(
    market: Market,
    start: str,
    to: str | None,
    own: Sequence[str] = (),
    *,
    beside: str | None = None,
    actual_eur: float | None = None,
) -> Move:
    """The move of a shop to a candidate, to another shop's place (a takeover), or nowhere; see `Move`.

    GeodataError where either is not in the market, the shop that moves is not open, or the place is an own shop.
    """
    row = market.row(start)
    if not market.opened[row]:
        raise GeodataError(
            T("{shop} is not an open shop: only a shop that is there can move.", shop=start),
            remedy=T("Give the premises of the shop that moves with `--from`."),
        )
    if to is not None and to != start and to in own:
        raise GeodataError(
            T("{shop} is your own shop already: nothing moves there.", shop=to),
            remedy=T("Work out closing alone: what your other shops win stands under your own other shops."),
        )
    there = None if to is None else market.row(to)
    others = tuple(market.row(shop) for shop in own if shop not in (start, to) and (market.shops["id"] == shop).any())
    near = None if beside is None else market.row(beside)
    return Move(market, row, there, others, near, actual_eur)


@dataclass(frozen=True, eq=False)
class Relocation:
    """The balance of a move, and beside it what happens without: nothing done, and closing alone.

    Each balance by `FIGURES` and `PERSONS`; doing nothing keeps everything. together: the balance of
    the shop and of the own other shops in one. pays: None where no costs were given. floor_area_m2: of the new place,
    where the user gave it.
    """

    move: Move
    balance: Mapping[str, Estimate]
    close_only: Mapping[str, Estimate]
    do_nothing: Mapping[str, Estimate]
    together: Estimate
    pays: BreakEven | None
    notes: tuple[Text, ...]
    floor_area_m2: float | None = None

    def as_json(self) -> dict[str, Any]:
        """As `relocate --json` prints it: the balance itself, then what it is set against."""
        shops = self.move.market.shops["id"]
        return {
            "from": str(shops[self.move.start]),
            "to": None if self.move.to is None else str(shops[self.move.to]),
            **_told(self.balance),
            "together_eur": as_value(self.together),
            "close_only": _told(self.close_only),
            "do_nothing": _told(self.do_nothing),
            "neighbourhoods": [
                {"cell": r["cell"], **{k: round(r[k]) for k in ("kept_eur", "lost_eur", "won_eur")}}
                for r in self.move.by_neighbourhood().head(MOST_NEIGHBOURHOODS).to_dict("records")
            ],
            "break_even": None if self.pays is None else self.pays.as_json(),
            "region_known": round(self.move.market.region.known, 3),
            "notes": [{language: note.to(language) for language in LANGUAGES} for note in self.notes],
        }


def relocation(
    market: Market,
    start: str,
    to: str | None,
    *,
    own: Sequence[str] = (),
    costs: Costs | None = None,
    actual_eur: float | None = None,
    floor_area_m2: float | None = None,
) -> Relocation:
    """Work out a move, as `move` takes it, closing alone, and doing nothing; neighbours are the same shops in all.

    floor_area_m2: of the new place, where the user gave the one that is in the market.
    """
    moved = move(market, start, to, own, actual_eur=actual_eur)
    balance = moved.balance()
    together = moved.together()
    pays = None if costs is None else break_even(costs, together)
    notes = list(market_notes(market))
    if to is not None and moved.to is not None and to != start and market.opened[moved.to]:
        notes.append(T("A takeover: the shop that is there now goes on under the new name."))
    if floor_area_m2 is not None:
        notes.insert(0, T("The floor area of the new place, {m2} m², was given by you.", m2=round(floor_area_m2)))
    if actual_eur is not None:
        notes.insert(
            0,
            T("Today's turnover is the {eur} euros you gave; what the shop has beyond its size and place moves along.",
              eur=round(actual_eur)),
        )  # fmt: skip
    closed, stayed = (
        move(market, start, there, own, beside=to, actual_eur=actual_eur).balance() for there in (None, start)
    )
    return Relocation(moved, balance, closed, stayed, together, pays, tuple(notes), floor_area_m2)


def _told(balance: Mapping[str, Estimate]) -> dict[str, dict[str, float]]:
    return {name: as_value(estimate) for name, estimate in balance.items()}
