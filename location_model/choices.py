"""What can be chosen: every cell or vacant unit that is inside, fits the limits and has a score."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geodata.language import T, Text, TN
from geodata.store import Area
from location_model import candidates
from location_model.depot import within_drive
from location_model.profile import FLOOR_AREA, RENT, Limits
from location_model.score import Scored

NOTHING_KNOWN: dict[str, Text] = {
    FLOOR_AREA: T("Of no vacant unit the floor area is known: add a vacancy list with floor areas."),
    RENT: T("Of no vacant unit the rent is known: add a vacancy list with rents."),
}
"""By column: what to say where a bound on it does nothing."""


@dataclass(frozen=True, eq=False)
class Choices:
    """Every place that fits and has a score, best first: columns of `candidates.cells`, and score.

    Ties go to the smaller cell, then the smaller id. within, notes, on_record, unknown: as in `Suggestions`.
    """

    within: str
    table: pd.DataFrame
    notes: tuple[Text, ...]
    on_record: int
    unknown: Mapping[str, int]


def choices(area: Area, scored: Scored, *, vacant: bool = False) -> Choices:
    """What can be suggested within the limits of the profile: cells, or vacant units."""
    limits = scored.profile.limits
    within, notes = fallback(area, limits)
    every = candidates.vacant_units(area) if vacant else candidates.cells(area)
    if vacant and not len(every):
        notes.append(
            T("No vacant unit is on record in {area}: add a vacancy list, or look at places instead.", area=area.name)
        )
    inside = candidates.inside(area, every, within)
    fits = inside & candidates.fits(area, every, limits)
    near = within_drive(area, every[["x", "y"]].to_numpy(), limits)
    if near is None:
        notes.append(
            T("The atelier or depot lies off the roads known around {area}: no drive from it is known.", area=area.name)
        )
    fits &= False if near is None else near
    score = pd.Series(scored.score, index=scored.cells).reindex(every["cell"]).to_numpy()
    blank = every[[bound.column for bound in limits.bounds]].isna().to_numpy() & vacant
    notes += _nothing_known(blank, limits, vacant)
    hidden = blank & [bound.known_only for bound in limits.bounds]
    unknown = {}
    for i, bound in enumerate(limits.bounds):
        others = np.delete(hidden, i, axis=1).any(axis=1)
        unknown[bound.column] = int((fits & ~others & blank[:, i] & ~np.isnan(score)).sum())
    fits &= ~hidden.any(axis=1)
    notes += _left_out(inside, fits, np.isnan(score))
    found = every.assign(score=score)[fits].dropna(subset=["score"])
    found = found.sort_values(["score", "cell", "premises_id"], ascending=[False, True, True], kind="stable")
    return Choices(within, found, tuple(notes), int(inside.sum()), unknown)


def _nothing_known(blank: candidates.Flags, limits: Limits, vacant: bool) -> list[Text]:
    """A note for each bound that cannot rule anything out, or would rule out everything."""
    asked = [i for i, bound in enumerate(limits.bounds) if bound.asked]
    if asked and not vacant:
        return [T("Only units have a floor area and a rent: nothing is asked of them unless only vacant units count.")]
    return [NOTHING_KNOWN[limits.bounds[i].column] for i in asked if len(blank) and blank[:, i].all()]


def _left_out(inside: candidates.Flags, fits: candidates.Flags, unscored: candidates.Flags) -> list[Text]:
    if inside.any() and not fits.any():
        return [T("No place meets the limits on floor area, rent, own shops and drive.")]
    if fits.any() and unscored[fits].all():
        return [
            T(
                "Too little is known here to score any place: at least 60 % of the weight must be "
                "known. Add sources, or a larger extract where the data end."
            )
        ]
    if (withheld := int(unscored[fits].sum())) > 0:
        return [
            TN(
                "One place is left out because too little is known about it.",
                "{count} places are left out because too little is known about them.",
                withheld,
            )
        ]
    return []


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
