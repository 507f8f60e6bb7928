"""Suggest: the best places for a branch, cells or vacant units, within hard limits and spaced apart."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyproj
import shapely
from scipy.spatial import KDTree

from geodata import hexgrid
from geodata.language import LANGUAGES, T, Text, TN
from geodata.opportunities import coordinates
from geodata.place_names import premises_addresses
from geodata.store import Area
from location_model.explain import why
from location_model.profile import Limits
from location_model.score import Scored

INSIDE_SHARE = 0.5
"""A cell is inside the core when at least half of its surface is."""

Flags = np.ndarray[Any, np.dtype[np.bool_]]

CELL_SPACING_M, UNIT_SPACING_M = 120.0, 15.0


@dataclass(frozen=True)
class Site:
    """A place that can be chosen: a cell or a premises."""

    cell: str
    premises_id: str | None
    name: str
    lng: float
    lat: float
    floor_area_m2: float | None = None
    vacant_by: str | None = None


@dataclass(frozen=True)
class Suggestion:
    """A site with its rank, score, the parts that add up to it, and why."""

    rank: int
    site: Site
    score: float
    coverage: float
    contributions: tuple[tuple[str, float | None], ...]
    why: Text

    def as_json(self) -> dict[str, Any]:
        """As `suggest --json` prints it. Intervals are not estimated yet: null, and no two places are called equal."""
        return {
            "rank": self.rank,
            "cell": self.site.cell,
            "premises_id": self.site.premises_id,
            "name": self.site.name,
            "lng": round(self.site.lng, 6),
            "lat": round(self.site.lat, 6),
            "floor_area_m2": None if self.site.floor_area_m2 is None else round(self.site.floor_area_m2),
            "vacant_by": self.site.vacant_by,
            "score": round(self.score, 2),
            "score_low": None,
            "score_high": None,
            "too_close_to": [],
            "coverage": round(self.coverage, 3),
            "contributions": {k: None if v is None else round(v, 4) for k, v in self.contributions},
            "why": {language: self.why.to(language) for language in LANGUAGES},
        }


@dataclass(frozen=True)
class Suggestions:
    """The answer: where was looked, the sites by rank, and what a reader should know."""

    within: str
    sites: tuple[Suggestion, ...]
    notes: tuple[Text, ...]


def suggest(
    area: Area, scored: Scored, *, n: int = 10, vacant: bool = False, spacing_m: float | None = None
) -> Suggestions:
    """The n best places, best first, at least `spacing_m` apart (cells 120 m, units 15 m unless given).

    Ties go to the smaller cell, then the smaller id. Places without a score are never suggested.
    """
    limits = scored.profile.limits
    within, notes = fallback(area, limits)
    candidates = _units(area) if vacant else _cells(area)
    if vacant and not len(candidates):
        notes.append(
            T("No vacant unit is on record in {area}: add a vacancy list, or look at places instead.", area=area.name)
        )
    inside = _inside(area, candidates, within)
    fits = _fits(area, candidates, limits)
    score = pd.Series(scored.score, index=scored.cells).reindex(candidates["cell"]).to_numpy()
    if inside.any() and not (inside & fits).any():
        notes.append(T("No place meets the limits on floor area and own shops."))
    elif (inside & fits).any() and np.isnan(score[inside & fits]).all():
        notes.append(
            T(
                "Too little is known here to score any place: at least 60 % of the weight must be "
                "known. Add sources, or a larger extract where the data end."
            )
        )
    elif (withheld := int(np.isnan(score[inside & fits]).sum())) > 0:
        notes.append(
            TN(
                "One place is left out because too little is known about it.",
                "{count} places are left out because too little is known about them.",
                withheld,
            )
        )
    found = candidates.assign(score=score)[inside & fits].dropna(subset=["score"])
    found = found.sort_values(["score", "cell", "premises_id"], ascending=[False, True, True], kind="stable")
    default = UNIT_SPACING_M if vacant else CELL_SPACING_M
    apart = _apart(found[["x", "y"]].to_numpy(), default if spacing_m is None else spacing_m, n)
    chosen = found.iloc[list(apart)]
    return Suggestions(within, tuple(_suggestions(area, scored, chosen)), tuple(notes))


def fallback(area: Area, limits: Limits) -> tuple[str, list[Text]]:
    """Where is really looked, and a note when that is not what was asked."""
    basis = area.study.core_basis
    notes: list[Text] = []
    within = str(limits.within)
    if within == "retail" and not len(area.study.retail_areas):
        notes.append(T("No retail area of {area} is known: places within the core instead.", area=area.name))
        within = "core"
    if within == "core" and basis == "retail":
        notes.append(
            T("No core shopping area of {area} is on record: its central retail areas stand in.", area=area.name)
        )
    if within == "core" and basis == "cluster":
        notes.append(
            T(
                "No core shopping area and no retail area of {area} is known: the densest cluster of shops stands in.",
                area=area.name,
            )
        )
    if within == "core" and basis == "none":
        notes.append(
            T("{area} has no core, no retail area and no cluster of shops: the whole area instead.", area=area.name)
        )
        within = "all"
    return within, notes


def _cells(area: Area) -> pd.DataFrame:
    study = area.study
    x, y = study.centres.T
    nothing = {"premises_id": None, "floor_area_m2": np.nan, "vacant_by": None}
    return pd.DataFrame({"cell": list(study.cells), **nothing, "x": x, "y": y})


def _units(area: Area) -> pd.DataFrame:
    premises = area.tables.premises
    units = premises[(premises["state"] == "vacant") & premises["in_study"]].reset_index(drop=True)
    lng, lat = coordinates(units.to_crs(4326)).T
    x, y = coordinates(units).T
    return pd.DataFrame(
        {
            "cell": hexgrid.cells_at(lng, lat, area.study.resolution),
            "premises_id": units["id"],
            "floor_area_m2": units["floor_area_m2"],
            "vacant_by": units["vacancy_basis"],
            "x": x,
            "y": y,
        }
    )


def _inside(area: Area, candidates: pd.DataFrame, within: str) -> Flags:
    if within == "all":
        return np.ones(len(candidates), dtype=bool)
    if candidates["premises_id"].isna().all():
        return (area.grid[f"{within}_share"] >= INSIDE_SHARE).to_numpy()
    areas = area.study.core_areas if within == "core" else area.study.retail_areas
    ground = areas.to_crs(area.study.crs).union_all()
    return np.asarray(shapely.intersects_xy(ground, candidates["x"], candidates["y"]))


def _fits(area: Area, candidates: pd.DataFrame, limits: Limits) -> Flags:
    fits = np.ones(len(candidates), dtype=bool)
    floor = candidates["floor_area_m2"].to_numpy()
    if limits.min_floor_area_m2 is not None:
        fits &= ~(floor < limits.min_floor_area_m2)  # a unit of unknown size is not ruled out
    if limits.max_floor_area_m2 is not None:
        fits &= ~(floor > limits.max_floor_area_m2)
    if limits.own_shops and limits.min_own_distance_m > 0:
        lng, lat = np.array(limits.own_shops).T
        own = pyproj.Transformer.from_crs(4326, area.study.crs, always_xy=True).transform(lng, lat)
        nearest_m, _ = KDTree(np.column_stack(own)).query(candidates[["x", "y"]].to_numpy())
        fits &= nearest_m >= limits.min_own_distance_m
    return fits


def _apart(xy: np.ndarray[Any, np.dtype[np.float64]], spacing_m: float, n: int) -> Iterator[int]:
    taken: list[int] = []
    for i in range(len(xy)):
        if len(taken) == n:
            return
        if not taken or np.hypot(*(xy[taken] - xy[i]).T).min() >= spacing_m:
            taken.append(i)
            yield i


def _suggestions(area: Area, scored: Scored, chosen: pd.DataFrame) -> Iterator[Suggestion]:
    lng, lat = pyproj.Transformer.from_crs(area.study.crs, 4326, always_xy=True).transform(chosen["x"], chosen["y"])
    rows = chosen.to_dict("records")
    for rank, (row, name, *at) in enumerate(zip(rows, _names(area, chosen), lng, lat, strict=True), start=1):
        cell = str(row["cell"])
        floor = None if np.isnan(row["floor_area_m2"]) else float(row["floor_area_m2"])
        unit, basis = (row[c] if isinstance(row[c], str) else None for c in ("premises_id", "vacant_by"))
        parts = tuple(scored.contributions(cell).items())
        yield Suggestion(
            rank, Site(cell, unit, name, float(at[0]), float(at[1]), floor, basis), float(row["score"]),
            float(scored.coverage[scored.rows[cell]]), parts, why(name, scored, cell),
        )  # fmt: skip


def _names(area: Area, chosen: pd.DataFrame) -> list[str]:
    cell_names = area.cell_names.reindex(chosen["cell"]).to_numpy(object)
    own = np.full(len(chosen), None, dtype=object)
    units = chosen["premises_id"].notna().to_numpy()
    if units.any():
        premises = area.tables.premises.set_index("id").loc[chosen["premises_id"][units]]
        own[units] = premises_addresses(premises, area.tables)
    return [
        str(a) if isinstance(a, str) else str(b) if isinstance(b, str) else c
        for a, b, c in zip(own, cell_names, chosen["cell"], strict=True)
    ]
