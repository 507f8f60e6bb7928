"""Why a place fits a branch, in words: the parts of its score, added up to what a reader can see on the street."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geodata.branches import BranchTable
from geodata.language import LANGUAGES, T, Text
from location_model.branch_models import DISCRIMINANT_WEIGHT, LIFT_WEIGHT, Floats
from location_model.branch_town import OTHER, SCALES_M, VACANT, Town
from location_model.branchfit import BranchFit

REASONS = 3


@dataclass(frozen=True)
class Family:
    """Features that say one thing together; `key` decides between the words for much and for little."""

    features: tuple[str, ...]
    key: str
    much: Text
    little: Text


FAMILIES = (
    Family(
        ("premises_25", "premises_60", "premises_120", "nearest_m", "third_m"), "premises_60",
        T("many premises close by"), T("few premises close by"),
    ),
    Family(
        ("premises_250", "premises_600", "centre_m"), "centre_m",
        T("away from the busiest part of town"), T("near the busiest part of town"),
    ),
    Family(
        ("buildings_30", "buildings_80", "buildings_200", "built_30", "built_80", "built_200"), "built_80",
        T("densely built"), T("little built around it"),
    ),
    Family(
        ("homes_30", "homes_80", "homes_200", "residents_80", "residents_200", "residents_400"), "residents_200",
        T("many residents around"), T("few residents around"),
    ),
    Family(
        ("footprint", "units_in_building", "unit_area", "levels"), "unit_area",
        T("a large unit"), T("a small unit"),
    ),
    Family(
        ("pedestrian_m", "living_m"), "pedestrian_m",
        T("not in or near a pedestrian street"), T("in or near a pedestrian street"),
    ),
    Family(("primary_m", "secondary_m"), "secondary_m", T("a quiet street"), T("on or near a main road")),
    Family(
        ("residential_m", "collector_m"), "residential_m",
        T("not among residential streets"), T("among residential streets"),
    ),
    Family(
        ("footway_m", "service_m"), "footway_m",
        T("no footpath close by"), T("a footpath close by"),
    ),
    Family(
        ("junction_m", "streets_100", "streets_300", "junctions_100", "junctions_300"), "junctions_100",
        T("a fine mesh of streets"), T("a coarse mesh of streets"),
    ),
    Family(
        ("stop_m", "station_m", "departures_80", "departures_200"), "departures_200",
        T("much public transport close by"), T("little public transport close by"),
    ),
    Family(
        ("school_150", "health_150", "culture_150", "worship_150", "hotel_150", "bench_150"), "culture_150",
        T("culture and public places close by"), T("few public places close by"),
    ),
    Family(("car_park_m", "parking_150"), "parking_150", T("much parking close by"), T("little parking close by")),
)  # fmt: skip


@dataclass(frozen=True)
class BranchName(Text):
    """A branch's name inside a message: the branch table has it in each language, no catalogue does."""

    names: tuple[tuple[str, str], ...] = ()

    def to(self, language: str) -> str:
        """The name in a language."""
        return dict(self.names)[language]


@dataclass(frozen=True)
class Reason:
    """What speaks for a place (points above 0) or against it; points are parts of the score."""

    text: Text
    points: float

    def as_json(self) -> dict[str, object]:
        """Words in both languages, and points."""
        return {**{language: self.text.to(language) for language in LANGUAGES}, "points": round(self.points, 4)}


def strongest(
    model: BranchFit, town: Town, names: BranchTable, branch: str, features: pd.DataFrame, *, for_it: bool
) -> tuple[Reason, ...]:
    """The three reasons with the most points for one place (a row of features), or against it."""
    code = town.branches.index(branch)
    found = [*_of_place(model, code, features), *_of_neighbours(model, town, names, code, features)]
    ranked = sorted(found, key=lambda reason: -reason.points if for_it else reason.points)
    return tuple(ranked[:REASONS])


def _of_place(model: BranchFit, code: int, features: pd.DataFrame) -> list[Reason]:
    """Points of a family: what the score loses when the town's middle stands in its place."""
    columns = list(features.columns)
    z, _ = model.split(features)
    slope = _slope(model, code)
    here = model.place_.score(z)[0, code]
    reasons = []
    for family in FAMILIES:
        at = [i for i, column in enumerate(model.scores_.sorted) if columns[column] in family.features]
        key = [i for i, column in enumerate(model.scores_.sorted) if columns[column] == family.key]
        if not at or not key:
            continue
        without = z.copy()
        without[:, at] = 0.0
        points = here - model.place_.score(without)[0, code] + float(z[0, at] @ slope[at])
        reasons.append(Reason(family.much if z[0, key[0]] > 0 else family.little, float(points)))
    return reasons


def _of_neighbours(model: BranchFit, town: Town, names: BranchTable, code: int, features: pd.DataFrame) -> list[Reason]:
    """Points of a kind of neighbour: its share in the lifts and in the discriminant, over both scales."""
    z, blocks = model.split(features)
    slope = _slope(model, code)[z.shape[1] :]
    points, surplus = np.zeros(len(town.kinds)), np.zeros(len(town.kinds))
    for i, (weights, lifts, block) in enumerate(zip(blocks, model.lifts_, model.discriminant_.blocks, strict=True)):
        part = weights[0] * lifts.lift[code] / (weights[0].sum() + 1.0) / lifts.spread[code]
        more = block.of(weights)[0]
        points += LIFT_WEIGHT / len(SCALES_M) * part + more * slope[i * len(town.kinds) : (i + 1) * len(town.kinds)]
        surplus += more
    return [
        Reason(_neighbours_text(kind, names, many=bool(surplus[i] > 0)), float(points[i]))
        for i, kind in enumerate(town.kinds)
        if kind != OTHER
    ]


def _slope(model: BranchFit, code: int) -> Floats:
    """How the discriminant's score of a branch rises with each feature, over that of the other branches."""
    discriminant = model.discriminant_
    mean = discriminant.slope @ np.exp(model.log_prior_) / np.exp(model.log_prior_).sum()
    return np.asarray(DISCRIMINANT_WEIGHT * (discriminant.slope[:, code] - mean) / discriminant.spread[code])


def _neighbours_text(kind: str, names: BranchTable, *, many: bool) -> Text:
    if kind == VACANT:
        return T("vacant units close by") if many else T("hardly any vacancy close by")
    branch = BranchName(kind, names=names.by_id[kind].names)
    if many:
        return T("many premises close by of the branch {branch}", branch=branch)
    return T("few close by of the branch {branch}", branch=branch)
