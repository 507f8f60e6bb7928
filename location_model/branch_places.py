"""Branch suitability of a built area: for a place the branches that fit, for a branch the places that fit, and why."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from geodata.branches import BranchTable
from geodata.errors import GeodataError
from geodata.language import T, Text
from geodata.network.reach import Need
from geodata.store import Area
from location_model.branch_models import Floats
from location_model.branch_reasons import Reason, strongest
from location_model.branch_town import SCALES_M, Places, Town, town_of
from location_model.branchfit import BranchFit
from location_model.validation.retrieval import model_percentiles
from location_model.validation.sites import CHANCE, sites_of
from location_model.validation.statistics import Estimate, mean

EDGE = Need("edge", 400.0).key
"""Where the data end within this walk, surroundings are not known well enough."""


@dataclass(frozen=True, eq=False)
class Suitability:
    """The fitted model of a town; `fit_of` makes one. Places are rows of what `town` gives: units, vacant, cells.

    Suitability is a rank, 0–1: the share of the town's premises whose place fits the branch less well.
    """

    town: Town
    model: BranchFit
    names: BranchTable

    @cached_property
    def retrieval(self) -> dict[str, Estimate]:
        """How well each branch's true places are found back in this town (mean percentile, 95 % interval)."""
        sites = sites_of(self.town)
        found = model_percentiles(sites, sites.kind)
        return {b: mean(found[sites.codes == i]) for i, b in enumerate(self.town.branches)}

    def claimed(self, branch: str) -> bool:
        """Whether anything may be claimed for a branch in this town; where not, suitability has weight 0."""
        return branch in self.town.branches and self.retrieval[branch].low > CHANCE

    def claim(self, branch: str) -> Text:
        """What may be claimed for a branch, or why nothing, in one sentence."""
        if branch not in self.town.branches:
            return T("This town has too few premises of this branch to say where it fits.")
        value, low, high = (round(100 * getattr(self.retrieval[branch], x)) for x in ("value", "low", "high"))
        if not self.claimed(branch):
            return T(
                "For this branch the model does no better than chance here ({value} % of comparisons right, between "
                "{low} and {high} %): suitability does not count.",
                value=value, low=low, high=high,
            )  # fmt: skip
        return T(
            "In {value} % of comparisons (between {low} and {high} %) a true place of this branch ranks above another.",
            value=value, low=low, high=high,
        )  # fmt: skip

    def of(self, places: Places) -> pd.DataFrame:
        """Suitability of places for every branch of the town, 0–1, claimed or not; places × branches."""
        score = self._score(places)
        ranks = [np.searchsorted(known, s) / len(known) for known, s in zip(self._known.T, score.T, strict=True)]
        return pd.DataFrame(np.column_stack(ranks), index=places.ids, columns=list(self.town.branches))

    def branches_for(self, places: Places, row: int = 0) -> pd.Series:
        """The claimed branches of one place by suitability, best first."""
        found = self.of(_one(places, row)).iloc[0]
        return found[[b for b in found.index if self.claimed(str(b))]].sort_values(ascending=False, kind="stable")

    def places_for(self, branch: str, places: Places) -> pd.Series:
        """Places by suitability for a branch, best first. GeodataError where nothing may be claimed for it."""
        if not self.claimed(branch):
            raise GeodataError(self.claim(branch), where=branch, remedy=T("Look at its other criteria instead."))
        return self.of(places)[branch].sort_values(ascending=False, kind="stable")

    def cells(self, branch: str) -> pd.Series:
        """Suitability of every cell for a branch, 0–1; all NaN where not claimed.

        NaN off the streets, and where the data end within 400 m on foot.
        """
        area = self.town.area
        if not self.claimed(branch):
            return pd.Series(np.nan, index=area.grid.index, name=branch)
        at_edge = area.reached[EDGE].to_numpy() > 0 if EDGE in area.reached else np.zeros(len(area.grid), dtype=bool)
        off_street = (area.grid["reason"] == "no_street").to_numpy()
        return self._cells[branch].where(~(at_edge | off_street))

    def reasons(self, places: Places, branch: str, row: int = 0) -> tuple[Reason, ...]:
        """The three strongest reasons for a place to fit a branch, or against it where it fits less than most."""
        one = _one(places, row)
        features = self.town.features(one)
        return strongest(
            self.model, self.town, self.names, branch, features, for_it=bool(self.of(one)[branch].iloc[0] >= CHANCE)
        )

    @cached_property
    def _cells(self) -> pd.DataFrame:
        return self.of(self.town.cells())

    @cached_property
    def _known(self) -> Floats:
        """Scores of the sites, none judged with its own label, sorted by branch."""
        return np.sort(self._score(self.town.known), axis=0)

    def _score(self, places: Places) -> Floats:
        score = self.model.suitability(self.town.features(places))
        row = pd.Series(np.arange(len(self.town.sites)), index=self.town.sites).reindex(places.own)
        known = row.notna().to_numpy()
        if known.any():  # a premises must not vote for itself
            at = row[known].to_numpy(np.int64)
            place = self.model.place_
            score[known] += place.left_out[at] - place.score(place.z[at])
        return score


def fit_of(area: Area, branches: BranchTable) -> Suitability:
    """Fit branch suitability to a stored area. GeodataError below 100 premises in at least two branches of 8."""
    town = town_of(area, branches)
    labels = np.array(town.branches)[town.kind[town.sites]]
    model = BranchFit(context=(len(town.kinds),) * len(SCALES_M)).fit(town.features(town.known), labels)
    return Suitability(town, model, branches)


def _one(places: Places, row: int) -> Places:
    return Places(places.ids[[row]], places.xy[[row]], places.own[[row]])
