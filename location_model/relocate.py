"""Moving a shop: what is kept, lost and won, by whom, and what it does to one's other shops and to the core.

Every figure compares two worlds: as it is, and with the shop closed at A and open at B, in the same market with the
same assumptions. So moving to the same place changes nothing, exactly, and what is uncertain in both cancels out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

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
FIGURES = ("kept_eur", "lost_eur", "won_eur", "net_eur", "own_network_eur", "core_eur", "neighbours_eur")
PERSONS = ("residents_kept", "residents_lost", "residents_won")


@dataclass(frozen=True, eq=False)
class Move:
    """A move from one shop to another place, or with `to` None the closing of it. Rows of `market.shops`.

    takeover: the shop that is in the new place now closes there (it is one of the branch and somebody else's).
    own: rows of the retailer's other shops.
    """

    market: Market
    start: int
    to: int | None
    own: tuple[int, ...] = ()

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
        before = world.by_home(self.start, self.before)
        return before, np.zeros_like(before) if self.to is None else world.by_home(self.to, self.after)

    def figures(self, world: World) -> Floats:
        """`FIGURES` and `PERSONS` in one world, in that order."""
        before, after = self.by_home(world)
        kept, lost, won = np.minimum(before, after), np.maximum(before - after, 0), np.maximum(after - before, 0)
        change = world.turnover(self.after) - world.turnover(self.before)
        shops = self.market.shops
        others = np.ones(len(shops), dtype=bool)
        others[[self.start] if self.to is None else [self.start, self.to]] = False
        own = np.zeros(len(shops), dtype=bool)
        own[list(self.own)] = True
        euros = [
            kept.sum(), lost.sum(), won.sum(), won.sum() - lost.sum(),
            change[own & others].sum(), change[shops["in_core"].to_numpy(bool)].sum(),
            change[others & ~own & self._near].sum(),
        ]  # fmt: skip
        persons = [part.sum() / world.per_head for part in (kept, lost, won)]
        return np.array([*euros, *persons])

    @cached_property
    def _near(self) -> Flags:
        xy = self.market.shops[["x", "y"]].to_numpy(np.float64)
        ends = xy[[self.start] if self.to is None else [self.start, self.to]]
        return np.asarray(np.hypot(*(xy[:, None] - ends[None]).transpose(2, 0, 1)).min(axis=1) <= NEIGHBOUR_M)

    def balance(self) -> dict[str, Estimate]:
        """Every figure with its 80 % interval; euros a year, persons."""
        focal = [self.start] if self.to is None else [self.start, self.to]
        found = dict(zip((*FIGURES, *PERSONS), self.market.estimates(self.figures, focal), strict=True))
        for name in ("kept_eur", "lost_eur", "won_eur", *PERSONS):
            found[name] = replace(found[name], low=max(found[name].low, 0.0))
        return found

    def together(self) -> Estimate:
        """The balance of the shop and of the own other shops in one, € a year: what one loses to the other cancels."""
        net, own = FIGURES.index("net_eur"), FIGURES.index("own_network_eur")
        focal = [self.start] if self.to is None else [self.start, self.to]

        def sum_of(world: World) -> Floats:
            figures = self.figures(world)
            return np.array([figures[net] + figures[own]])

        return self.market.estimates(sum_of, focal)[0]

    def by_neighbourhood(self) -> pd.DataFrame:
        """Euros kept, lost and won by neighbourhood (H3 cell), largest change first, as assumed."""
        before, after = self.by_home(self.market.world())
        table = pd.DataFrame({
            "cell": cells_of(self.market), "kept_eur": np.minimum(before, after),
            "lost_eur": np.maximum(before - after, 0), "won_eur": np.maximum(after - before, 0),
        }).groupby("cell", as_index=False).sum()  # fmt: skip
        change = (table["won_eur"] - table["lost_eur"]).abs()
        return table.assign(change=change).sort_values(["change", "cell"], ascending=[False, True], ignore_index=True)


def move(market: Market, start: str, to: str | None, own: Sequence[str] = ()) -> Move:
    """The move of a shop to a candidate, to another shop's place (a takeover), or nowhere.

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
    return Move(market, row, there, others)


@dataclass(frozen=True, eq=False)
class Relocation:
    """The balance of a move, and beside it what happens without: nothing done, and closing alone.

    Each balance by `FIGURES` and `PERSONS`; doing nothing keeps everything. together: the balance of
    the shop and of the own other shops in one. pays: None where no costs were given.
    """

    move: Move
    balance: Mapping[str, Estimate]
    close_only: Mapping[str, Estimate]
    do_nothing: Mapping[str, Estimate]
    together: Estimate
    pays: BreakEven | None
    notes: tuple[Text, ...]

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
    market: Market, start: str, to: str | None, *, own: Sequence[str] = (), costs: Costs | None = None
) -> Relocation:
    """Work out a move, as `move` takes it, and closing alone."""
    moved = move(market, start, to, own)
    balance = moved.balance()
    together = moved.together()
    pays = None if costs is None else break_even(costs, together)
    notes = list(market_notes(market))
    if to is not None and moved.to is not None and to != start and market.opened[moved.to]:
        notes.append(T("A takeover: the shop that is there now goes on under the new name."))
    closed, stayed = (move(market, start, there, own).balance() for there in (None, start))
    return Relocation(moved, balance, closed, stayed, together, pays, tuple(notes))


def _told(balance: Mapping[str, Estimate]) -> dict[str, dict[str, float]]:
    return {name: as_value(estimate) for name, estimate in balance.items()}
