"""Branch suitability of a built area: for a place the branches that fit, for a branch the places that fit, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from geodata.branches import BranchTable
from geodata.errors import GeodataError
from geodata.language import T, Text
from location_model.branch_models import Floats
from location_model.branch_reasons import Reason, strongest
from location_model.branch_town import SCALES_M, Ground, Places, Town, town_of
from location_model.branchfit import BranchFit
from location_model.validation.retrieval import model_percentiles
from location_model.validation.sites import CHANCE, sites_of
from location_model.validation.statistics import Estimate, mean


@dataclass(frozen=True)
class Claims:
    """What may be claimed by branch. retrieval: how well each branch's true places are found back in this town.

    Mean percentile, 0–1, each place left out, with its 95 % interval; a branch that is not in it is not judged.
    """

    retrieval: Mapping[str, Estimate]

    def holds(self, branch: str) -> bool:
        """Whether anything may be claimed for a branch; where not, suitability has weight 0."""
        return branch in self.retrieval and self.retrieval[branch].low > CHANCE

    def told(self, branch: str) -> Text:
        """What may be claimed for a branch, or why nothing, in one sentence."""
        if branch not in self.retrieval:
            return T("This town has too few premises of this branch to say where it fits.")
        value, low, high = (round(100 * getattr(self.retrieval[branch], x)) for x in ("value", "low", "high"))
        if not self.holds(branch):
            return T(
                "For this branch the model does no better than chance here ({value} % of comparisons right, between "
                "{low} and {high} %): suitability does not count.",
                value=value, low=low, high=high,
            )  # fmt: skip
        return T(
            "In {value} % of comparisons (between {low} and {high} %) a true place of this branch ranks above another.",
            value=value, low=low, high=high,
        )  # fmt: skip


@dataclass(frozen=True)
class Fit:
    """A branch at a place: suitability 0–1, and at most three reasons, strongest first.

    Reasons speak for the place, or against it where it fits the branch less well than half of the town's premises.
    """

    branch: str
    suitability: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, eq=False)
class Suitability:
    """The fitted model of a town; `fit_of` makes one. Places are rows of what `town` gives: units, vacant, cells.

    Suitability is a rank, 0–1: the share of the town's premises whose place fits the branch less well.
    judged: what may be claimed, where it is known from an earlier fit; otherwise found out when first asked.
    """

    town: Town
    model: BranchFit
    names: BranchTable
    judged: Claims | None = None

    @cached_property
    def claims(self) -> Claims:
        """What may be claimed in this town."""
        if self.judged is not None:
            return self.judged
        sites = sites_of(self.town)
        found = model_percentiles(sites, sites.kind)
        return Claims({b: mean(found[sites.codes == i]) for i, b in enumerate(self.town.branches)})

    def of(self, places: Places) -> pd.DataFrame:
        """Suitability of places for every branch of the town, 0–1, claimed or not; places × branches."""
        return self._ranks(places, self.town.features(places))

    def _ranks(self, places: Places, features: pd.DataFrame) -> pd.DataFrame:
        score = self._score(places, features)
        ranks = [np.searchsorted(known, s) / len(known) for known, s in zip(self._known.T, score.T, strict=True)]
        return pd.DataFrame(np.column_stack(ranks), index=places.ids, columns=list(self.town.branches))

    def branches_for(self, places: Places, row: int = 0) -> pd.Series:
        """The claimed branches of one place by suitability, best first."""
        return self._claimed(self.of(_one(places, row)))

    def best(self, places: Places, row: int = 0, *, n: int = 5) -> tuple[Fit, ...]:
        """The claimed branches that fit one place best, best first, with why; none where nothing may be claimed."""
        one = _one(places, row)
        features = self.town.features(one)
        found = self._claimed(self._ranks(one, features)).head(n)
        return tuple(Fit(str(b), float(x), self._why(str(b), float(x), features)) for b, x in found.items())

    def _claimed(self, ranks: pd.DataFrame) -> pd.Series:
        found = ranks.iloc[0]
        return found[[b for b in found.index if self.claims.holds(str(b))]].sort_values(ascending=False, kind="stable")

    def _why(self, branch: str, suitability: float, features: pd.DataFrame) -> tuple[Reason, ...]:
        for_it = suitability >= CHANCE
        found = strongest(self.model, self.town, self.names, branch, features, for_it=for_it)
        return tuple(r for r in found if (r.points > 0) == for_it and r.points)

    def places_for(self, branch: str, places: Places) -> pd.Series:
        """Places by suitability for a branch, best first. GeodataError where nothing may be claimed for it."""
        if not self.claims.holds(branch):
            raise GeodataError(self.claims.told(branch), where=branch, remedy=T("Look at its other criteria instead."))
        return self.of(places)[branch].sort_values(ascending=False, kind="stable")

    def cells(self) -> pd.DataFrame:
        """Suitability of every cell for the branches for which something may be claimed, 0–1."""
        return self.of(self.town.cells())[[b for b in self.town.branches if self.claims.holds(b)]]

    def reasons(self, places: Places, branch: str, row: int = 0) -> tuple[Reason, ...]:
        """Why a place fits a branch, or why not where it fits less than most: three reasons at most."""
        one = _one(places, row)
        features = self.town.features(one)
        return self._why(branch, float(self._ranks(one, features)[branch].iloc[0]), features)

    @cached_property
    def _known(self) -> Floats:
        """Scores of the sites, none judged with its own label, sorted by branch."""
        return np.sort(self._score(self.town.known, self.town.features(self.town.known)), axis=0)

    def _score(self, places: Places, features: pd.DataFrame) -> Floats:
        score = self.model.suitability(features)
        row = pd.Series(np.arange(len(self.town.sites)), index=self.town.sites).reindex(places.own)
        known = row.notna().to_numpy()
        if known.any():  # a premises must not vote for itself
            at = row[known].to_numpy(np.int64)
            place = self.model.place_
            score[known] += place.left_out[at] - place.score(place.z[at])
        return score


def fit_of(area: Ground, branches: BranchTable) -> Suitability:
    """Fit branch suitability to an area. GeodataError below 100 premises in at least two branches of 8."""
    town = town_of(area, branches)
    labels = np.array(town.branches)[town.kind[town.sites]]
    model = BranchFit(context=(len(town.kinds),) * len(SCALES_M)).fit(town.features(town.known), labels)
    return Suitability(town, model, branches)


def _one(places: Places, row: int) -> Places:
    return Places(places.ids[[row]], places.xy[[row]], places.own[[row]])
