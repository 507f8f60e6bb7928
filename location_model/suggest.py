"""Suggest: the best places for a branch, cells or vacant units, within hard limits and spaced apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
import pyproj

from geodata.language import LANGUAGES, T, Text
from geodata.store import Area
from location_model import candidates
from location_model.candidates import INSIDE_SHARE as INSIDE_SHARE
from location_model.choices import choices
from location_model.choices import fallback as fallback
from location_model.draws import Float32s, Intervals
from location_model.explain import points_of, strong_and_weak, told, typical, why
from location_model.robustness import robustness, too_close
from location_model.score import Scored

CELL_SPACING_M, UNIT_SPACING_M = 120.0, 15.0


@dataclass(frozen=True)
class Site:
    """A place that can be chosen: a cell or a premises. near: `name` is the nearest address, the unit has none."""

    cell: str
    premises_id: str | None
    name: str
    lng: float
    lat: float
    floor_area_m2: float | None = None
    vacant_by: str | None = None
    near: bool = False
    rent_eur_per_year: float | None = None

    @property
    def id(self) -> str:
        """What it is known by: its premises where it is a unit, else its cell."""
        return self.premises_id or self.cell

    @property
    def title(self) -> Text:
        """What to call it: a unit without an address of its own is near one, and nobody is shown a cell."""
        if self.name == self.cell:
            return T("a place without a street name")
        return T("near {name}", name=self.name) if self.near else Text("{name}", (("name", self.name),))

    @property
    def subject(self) -> Text:
        """What a sentence about it starts with."""
        return T("The unit near {name}", name=self.name) if self.near and self.name != self.cell else self.title


@dataclass(frozen=True)
class Suggestion:
    """A site with its rank, score, the parts that add up to it, and why.

    told: strong and weak points alone, to stand under the name. known: criteria known, of those that weigh something.
    others: units at the same place, of the same rank. score_low, score_high: 80 % interval over draws of the weights
    and of the inputs whose error is known; drawn: the score in each draw, NaN where withheld. None for a place that is
    not ranked.
    """

    rank: int
    site: Site
    score: float
    coverage: float
    contributions: tuple[tuple[str, float | None], ...]
    why: Text
    told: Text
    known: tuple[int, int]
    others: tuple["Suggestion", ...] = ()
    score_low: float | None = None
    score_high: float | None = None
    drawn: Float32s | None = field(default=None, compare=False, repr=False)

    @property
    def coverage_told(self) -> Text:
        """How many of the criteria are known here, of how many."""
        known, asked = self.known
        return T("{known} of {all}", known=known, all=asked)

    def as_json(self, too_close_to: Sequence[str] | None = None) -> dict[str, Any]:
        """As `suggest --json` prints it. too_close_to: ids of the places in the same list it may not be told from; None
        where that has not been looked at.
        """
        return {
            "rank": self.rank,
            "cell": self.site.cell,
            "premises_id": self.site.premises_id,
            "name": self.site.name,
            "name_is_nearest_address": self.site.near,
            "lng": round(self.site.lng, 6),
            "lat": round(self.site.lat, 6),
            "floor_area_m2": None if self.site.floor_area_m2 is None else round(self.site.floor_area_m2),
            "rent_eur_per_year": None if self.site.rent_eur_per_year is None else round(self.site.rent_eur_per_year),
            "vacant_by": self.site.vacant_by,
            "score": round(self.score, 2),
            "score_low": None if self.score_low is None else round(self.score_low, 2),
            "score_high": None if self.score_high is None else round(self.score_high, 2),
            "too_close_to": None if too_close_to is None else list(too_close_to),
            "coverage": round(self.coverage, 3),
            "contributions": {k: None if v is None else round(v, 4) for k, v in self.contributions},
            "why": {language: self.why.to(language) for language in LANGUAGES},
        }


@dataclass(frozen=True)
class Suggestions:
    """The answer: where was looked, the sites by rank, and what a reader should know.

    on_record: candidates within. fitting: those that meet the limits and have a score. unknown: how many of them are
    units of unknown `floor_area_m2`, `rent_eur_per_year`, those included that are left out for that alone.
    """

    within: str
    sites: tuple[Suggestion, ...]
    notes: tuple[Text, ...]
    on_record: int = 0
    fitting: int = 0
    unknown: Mapping[str, int] = field(default_factory=dict)


def suggest(
    area: Area,
    scored: Scored,
    *,
    n: int = 10,
    vacant: bool = False,
    spacing_m: float | None = None,
    intervals: Intervals | None = None,
) -> Suggestions:
    """The n best places, best first, at least `spacing_m` apart (cells 120 m, units 15 m unless given).

    A unit stands for those within 15 m of it, which come with it as `others`. Ties go to the smaller cell, then the
    smaller id. Places without a score are never suggested. Floor areas matter for units alone. intervals: how far
    inputs may be off (`known_intervals`); without them the intervals of the scores tell of the weights alone.
    """
    choice = choices(area, scored, vacant=vacant)
    gap = spacing(vacant) if spacing_m is None else spacing_m
    xy = choice.table[["x", "y"]].to_numpy()
    taken = candidates.apart(xy, gap, n)
    groups = candidates.stood_for(xy, taken, gap) if vacant else [[] for _ in taken]
    sites = with_draws(_suggestions(area, scored, choice.table, taken, groups), scored, intervals)
    return Suggestions(choice.within, sites, choice.notes, choice.on_record, len(choice.table), choice.unknown)


def with_draws(sites: Sequence[Suggestion], scored: Scored, intervals: Intervals | None) -> tuple[Suggestion, ...]:
    """The same places, all with a score, with the intervals of their scores, in the draws of `robustness`."""
    robust = robustness(scored, {each.site.cell for s in sites for each in (s, *s.others)}, intervals=intervals)
    low, high = (dict(zip(robust.cells, robust.table[end], strict=True)) for end in ("score_low", "score_high"))

    def told(s: Suggestion) -> Suggestion:
        cell = s.site.cell
        drawn = robust.scores[:, robust.rows[cell]].copy()  # a view would keep those of all the others
        others = tuple(told(other) for other in s.others)
        return replace(s, score_low=float(low[cell]), score_high=float(high[cell]), drawn=drawn, others=others)

    return tuple(told(s) for s in sites)


def ties(sites: Sequence[Suggestion]) -> list[list[Suggestion]]:
    """For each place of a list, those it is too close to call with; also for places of several areas.

    A place is ahead when it scores a point or more higher in at least 80 % of the draws. A place without draws is tied
    with none.
    """
    drawn = {i: s.drawn for i, s in enumerate(sites) if s.drawn is not None}
    tied: list[list[Suggestion]] = [[] for _ in sites]
    if drawn:
        for i, close in zip(drawn, too_close(np.column_stack(list(drawn.values()))), strict=True):
            tied[i] = [sites[j] for j, even in zip(drawn, close, strict=True) if even and j != i]
    return tied


def spacing(vacant: bool) -> float:
    """Least distance in metres between two suggestions: of one street corner, one place is enough."""
    return UNIT_SPACING_M if vacant else CELL_SPACING_M


def _suggestions(
    area: Area, scored: Scored, found: pd.DataFrame, taken: list[int], groups: list[list[int]]
) -> tuple[Suggestion, ...]:
    rows = found.iloc[[*taken, *(i for group in groups for i in group)]]
    middle = typical([points_of(scored, cell) for cell in rows["cell"].iloc[: len(taken)]])
    ranks = [*range(1, len(taken) + 1), *(rank for rank, group in enumerate(groups, start=1) for _ in group)]
    made = [suggestion(scored, site, rank, middle) for rank, site in zip(ranks, sites_of(area, rows), strict=True)]
    others = made[len(taken) :]
    return tuple(replace(s, others=tuple(o for o in others if o.rank == s.rank)) for s in made[: len(taken)])


def suggestion(scored: Scored, site: Site, rank: int, middle: dict[str, float]) -> Suggestion:
    """A site with its score and why, set against what is `typical` of the places listed. Rank 0 = not ranked."""
    i = scored.rows[site.cell]
    points = strong_and_weak(scored, site.cell, middle)
    parts = tuple(scored.contributions(site.cell).items())
    score, coverage = float(scored.score[i]), float(scored.coverage[i])
    known = scored.known(site.cell)
    return Suggestion(rank, site, score, coverage, parts, why(site.subject, *points), told(*points), known)


def sites_of(area: Area, rows: pd.DataFrame) -> list[Site]:
    """Rows of `Choices` as sites, with their names."""
    lng, lat = pyproj.Transformer.from_crs(area.study.crs, 4326, always_xy=True).transform(rows["x"], rows["y"])
    names, near = candidates.names(area, rows)
    return [
        Site(
            str(row["cell"]),
            row["premises_id"] if isinstance(row["premises_id"], str) else None,
            name,
            float(x),
            float(y),
            None if np.isnan(row["floor_area_m2"]) else float(row["floor_area_m2"]),
            row["vacant_by"] if isinstance(row["vacant_by"], str) else None,
            bool(nearest),
            None if np.isnan(row["rent_eur_per_year"]) else float(row["rent_eur_per_year"]),
        )
        for row, name, nearest, x, y in zip(rows.to_dict("records"), names, near, lng, lat, strict=True)
    ]
