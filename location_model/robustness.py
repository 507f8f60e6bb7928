"""How firm a ranking is: chances over draws of the weights and of what is uncertain about the places.

The measures are those of stochastic multicriteria acceptability analysis (Tervonen & Figueira 2008, Journal of
Multi-Criteria Decision Analysis 15: 1–14): rank acceptability, the share of draws in which a place is among the first,
and pairwise winning, the share in which one place beats another. How weights and inputs are drawn: `draws`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numba
import numpy as np
import numpy.typing as npt
import pandas as pd

from geodata.errors import GeodataError
from geodata.language import T, Text
from location_model.draws import WEIGHT_SPREAD, Float32s, Intervals, drawn_scores, quantiles, ranks_of
from location_model.flip_point import HEAVIEST, Flip, flip_points
from location_model.score import Scored

DRAWS = 1_000
TOPS = (1, 3, 10)
LOW, HIGH = 0.1, 0.9
"""Ends of the 80 % intervals of rank and score."""
CLEAR = 0.8
"""A place is ahead of another when it is so in this share of the draws: as sure as our intervals are."""
EVEN_POINTS = 1.0
"""Of the 100 of a score. Nearer than this two places are even in a draw: less is nothing to choose a site on."""


@dataclass(frozen=True)
class Firmness:
    """How firm the place of one cell is, among `ranked` cells over `draws` draws. Rank 1 is best.

    top_1, top_3, top_10: share of the draws, 0–1. score is that of the profile itself; the intervals are 80 %, that of
    the score over the draws that give one (`with_score`, a share). In a draw that leaves a cell without a score it
    comes after all that have one.
    """

    cell: str
    score: float
    score_low: float
    score_high: float
    top_1: float
    top_3: float
    top_10: float
    median_rank: int
    rank_low: int
    rank_high: int
    with_score: float
    ranked: int
    draws: int

    def as_json(self) -> dict[str, Any]:
        """As a command prints it."""
        return {name: round(x, 3) if isinstance(x, float) else x for name, x in vars(self).items()}


@dataclass(frozen=True)
class Pair:
    """Two cells beside one another: the share of draws in which each is ahead by a point or more, and what turns it."""

    a: str
    b: str
    a_above: float
    b_above: float
    draws: int
    flips: tuple[Flip, ...]

    @property
    def ahead(self) -> str | None:
        """The cell that is ahead in at least 80 % of the draws; None: too close to call."""
        return self.a if self.a_above >= CLEAR else self.b if self.b_above >= CLEAR else None

    @property
    def nearest(self) -> Flip | None:
        """The smallest change of one weight that makes the two change places."""
        return self.flips[0] if self.flips else None

    def as_json(self) -> dict[str, Any]:
        """As a command prints it; flips nearest first."""
        chances = {"a_above": round(self.a_above, 3), "b_above": round(self.b_above, 3), "draws": self.draws}
        flips = [flip.as_json() for flip in self.flips]
        return {"a": self.a, "b": self.b, **chances, "too_close_to_call": self.ahead is None, "flips": flips}


@dataclass(frozen=True, eq=False)
class Robustness:
    """A ranking over many draws. Made by `robustness`.

    cells: those ranked. scores: of each draw, 0–100, shape (draws, cells), NaN where withheld. table: a row a cell,
    columns as `Firmness`. withheld: candidates without a score, which have no rank.
    """

    scored: Scored
    seed: int
    cells: pd.Index
    scores: Float32s
    table: pd.DataFrame
    withheld: tuple[str, ...]

    @cached_property
    def rows(self) -> dict[str, int]:
        """Position of each cell ranked."""
        return {cell: i for i, cell in enumerate(self.cells)}

    def at(self, cell: str) -> Firmness:
        """How firm the place of a cell is. GeodataError for one that is not ranked."""
        row = self.table.iloc[self._row(cell)]
        values = {name: int(row[name]) if "rank" in name else float(row[name]) for name in self.table.columns}
        return Firmness(cell=cell, ranked=len(self.cells), draws=len(self.scores), **values)  # type: ignore[arg-type]

    def pair(self, a: str, b: str) -> Pair:
        """Two cells beside one another. A draw in which either has no score is for neither.

        GeodataError for a cell that is not ranked.
        """
        lead = self.scores[:, self._row(a)] - self.scores[:, self._row(b)]
        above, below = float(np.mean(lead >= EVEN_POINTS)), float(np.mean(lead <= -EVEN_POINTS))
        return Pair(a, b, above, below, len(lead), flip_points(self.scored, a, b))

    def as_json(self, cells: Iterable[str] | None = None) -> dict[str, Any]:
        """As a command prints it: the cells named, or all that are ranked."""
        return {
            "draws": len(self.scores),
            "seed": self.seed,
            "weight_spread": WEIGHT_SPREAD,
            "ranked": len(self.cells),
            "withheld": len(self.withheld),
            "places": [self.at(cell).as_json() for cell in (self.cells if cells is None else cells)],
        }

    def _row(self, cell: str) -> int:
        if cell not in self.rows:
            raise GeodataError(
                T("this place has no rank: too little is known about it, or it is not one of the candidates."),
                where=cell,
                remedy=T("Choose a place that has a score."),
            )
        return self.rows[cell]


def robustness(
    scored: Scored,
    candidates: Iterable[str] | None = None,
    *,
    intervals: Intervals | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> Robustness:
    """Rank cells over many draws. The same seed gives the same draws.

    candidates: cells that compete, once each however often they are named; all unless given. Those without a score
    under the profile itself are left out and named. The distance that `suggest` keeps between places is not kept:
    neighbours count one by one. Equal scores share the better rank.

    intervals: by layer; layers without one are taken as they are, so that without any the chances tell of the weights
    alone. Memory: about 8 bytes × draws × cells while it runs, 4 kept. ValueError for less than one draw; GeodataError
    for a candidate that is not a cell of `scored`.
    """
    if draws < 1:
        raise ValueError("there must be a draw")
    rows = (
        np.arange(len(scored.cells))
        if candidates is None
        else np.sort(scored.cells.get_indexer(pd.Index(sorted(set(candidates)))))
    )
    if (rows < 0).any():
        raise GeodataError(
            T("one of the candidates is not a place of this area."), remedy=T("Choose places of one area.")
        )
    without = np.isnan(scored.score[rows])
    kept = rows[~without]
    scores = drawn_scores(scored, kept, intervals or {}, draws, seed)
    table = _table(scored.score[kept], scores)
    table.index = cells = scored.cells[kept]
    return Robustness(scored, seed, cells, scores, table, tuple(scored.cells[rows[without]]))


def _table(score: Float32s, scores: Float32s) -> pd.DataFrame:
    ranks = ranks_of(scores)
    score_low, score_high = quantiles(scores, LOW, HIGH)
    median_rank, rank_low, rank_high = quantiles(ranks, 0.5, LOW, HIGH)
    return pd.DataFrame(
        {"score": score, "score_low": score_low, "score_high": score_high}
        | {f"top_{k}": (ranks <= k).mean(axis=0) for k in TOPS}
        | {"median_rank": median_rank, "rank_low": rank_low, "rank_high": rank_high}
        | {"with_score": (~np.isnan(scores)).mean(axis=0)}
    )


def told(firm: Firmness) -> list[Text]:
    """How firm the place of a site is, in sentences: what it reaches in most draws, if anything, and where it ends."""
    said = []
    if (top := next((k for k in TOPS if getattr(firm, f"top_{k}") >= 0.5), None)) is not None:
        values = {"chance": percent(getattr(firm, f"top_{top}")), "draws": firm.draws}
        said.append(
            {
                1: T("First in {chance} % of {draws} draws.", **values),
                3: T("Among the first three in {chance} % of {draws} draws.", **values),
                10: T("Among the first ten in {chance} % of {draws} draws.", **values),
            }[top]
        )
    low, high, of = firm.rank_low, firm.rank_high, firm.ranked
    said.append(
        T("In four draws out of five it keeps rank {rank} of {count}.", rank=low, count=of)
        if low == high
        else T("In four draws out of five it ranks between {low} and {high} of {count}.", low=low, high=high, count=of)
    )
    if firm.with_score < 1:
        without = percent(1 - firm.with_score)
        said.append(T("In {chance} % of the draws too little is known about it for a score.", chance=without))
    return said


def told_pair(pair: Pair, a: Text | str, b: Text | str) -> list[Text]:
    """Which of two sites is ahead, if any, and what turns the choice, in sentences. a, b: what to call them."""
    said = [T("Too close to call.")]
    if pair.ahead is not None:
        place, chance = (a, pair.a_above) if pair.ahead == pair.a else (b, pair.b_above)
        said = [
            T("{place} is ahead in {chance} % of {draws} draws.", place=place, chance=percent(chance), draws=pair.draws)
        ]
    if (flip := pair.nearest) is not None:
        said.append(flip.told)
    elif pair.ahead is not None:
        said.append(T("No single weight up to {most} turns the choice.", most=HEAVIEST))
    return said


def too_close(drawn: Float32s) -> npt.NDArray[np.bool_]:
    """Which of some places are too close to call, shape (places, places), True for a place and itself.

    drawn: their scores in the same draws, shape (draws, places), NaN where withheld. Places of several areas may stand
    beside one another: draws of one seed draw the same weights.
    """
    return np.asarray(_too_close(np.ascontiguousarray(drawn.T), int(np.ceil(CLEAR * len(drawn) - 1e-9))))


@numba.njit(cache=True, nogil=True)
def _too_close(scores, enough):  # type: ignore[no-untyped-def]
    """Neither of two places is ahead in `enough` draws; scores: places × draws."""
    n, draws = scores.shape
    close = np.ones((n, n), dtype=np.bool_)
    for i in range(n):
        for j in range(i + 1, n):
            above = below = 0
            for d in range(draws):
                lead = scores[i, d] - scores[j, d]
                above += lead >= EVEN_POINTS
                below += lead <= -EVEN_POINTS
                if above >= enough or below >= enough:
                    close[i, j] = close[j, i] = False
                    break
    return close


def percent(chance: float) -> int:
    """A chance in whole per cent; 0 and 100 are kept for never and always."""
    return round(100 * chance) if chance in (0, 1) else min(max(round(100 * chance), 1), 99)
