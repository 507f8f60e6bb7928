"""How well branch suitability finds premises back whose branch is hidden, beside simpler rules and chance."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.spatial import KDTree
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from geodata.branches import BranchTable
from geodata.language import LANGUAGES, T, Text
from geodata.store import Area
from location_model.branch_features import place_features
from location_model.branch_models import Floats, NormalScores
from location_model.branch_town import SCALES_M, Places, Town, town_of
from location_model.validation.retrieval import Sites, jensen_percentiles, model_percentiles, percentiles
from location_model.validation.statistics import Estimate, mean, paired_difference

PERMUTATIONS = 20
JENSEN_M, DENSITY_M = 100.0, 150.0
CHANCE = 0.5


@dataclass(frozen=True)
class Retrieval:
    """Where true places end up among all places: mean percentile (1 = first), share in the first tenth and fifth."""

    percentile: Estimate
    acc10: Estimate
    acc20: Estimate

    def as_json(self) -> dict[str, list[float | None]]:
        """Each as [value, low, high]."""
        return {name: getattr(self, name).as_json() for name in ("percentile", "acc10", "acc20")}


@dataclass(frozen=True)
class BranchRow:
    """One branch: its premises, mean percentile of model and baseline, and whether anything may be claimed."""

    branch: str
    n: int
    model: Estimate
    jensen: Estimate

    @property
    def claimed(self) -> bool:
        """Whether the model does better than chance for this branch in this town: its interval lies above .50."""
        return bool(self.model.low > CHANCE)

    def as_json(self) -> dict[str, Any]:
        """A row to draw: dots with intervals."""
        return {
            "branch": self.branch,
            "n": self.n,
            "model": self.model.as_json(),
            "jensen": self.jensen.as_json(),
            "claimed": self.claimed,
        }


@dataclass(frozen=True)
class SitesReport:
    """The test of a town. 95 % intervals by bootstrap over sites; difference: model − Jensen over the same sites.

    permutation: the model on branches dealt out anew, 20 times: mean, lowest and highest.
    """

    n: int
    model: Retrieval
    jensen: Retrieval
    density: Retrieval
    difference: Estimate
    permutation: Retrieval
    branches: tuple[BranchRow, ...]

    @property
    def claim(self) -> Text:
        """What may be said, in one sentence."""
        low, value, high = (round(100 * x) for x in (self.model.percentile.low, self.model.percentile.value,
                                                     self.model.percentile.high))  # fmt: skip
        if self.model.percentile.low <= CHANCE:
            return T(
                "Branch suitability says nothing here: the true place ranks above another in {value} % of comparisons "
                "(between {low} and {high} %; 50 % is chance).",
                value=value, low=low, high=high,
            )  # fmt: skip
        return T(
            "In {value} % of comparisons the true place of a shop ranks above another place (between {low} and "
            "{high} %; 50 % is chance), over {n} premises; {claimed} of {all} branches do better than chance.",
            value=value, low=low, high=high, n=self.n,
            claimed=sum(row.claimed for row in self.branches), all=len(self.branches),
        )  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """The report as one document."""
        return {
            "n": self.n,
            "model": self.model.as_json(),
            "jensen": self.jensen.as_json(),
            "density": self.density.as_json(),
            "difference": self.difference.as_json(),
            "permutation": self.permutation.as_json(),
            "claim": {language: self.claim.to(language) for language in LANGUAGES},
            "branches": [row.as_json() for row in self.branches],
        }


def validate_sites(area: Area, branches: BranchTable, *, seed: int = 0) -> SitesReport:
    """Site retrieval on a stored area. GeodataError with fewer than 100 premises in branches of 8 or more."""
    town = town_of(area, branches)
    sites = sites_of(town)
    sites.place  # noqa: B018 - one large matrix, with all cores; what follows is many small ones, faster on one
    with threadpool_limits(1, user_api="blas"):
        model = model_percentiles(sites, sites.kind, seed=seed)
        jensen = jensen_percentiles(sites)
        return SitesReport(
            n=len(sites),
            model=_retrieval(model, seed),
            jensen=_retrieval(jensen, seed),
            density=_retrieval(_density(sites, town.known), seed),
            difference=paired_difference(model, jensen, seed=seed),
            permutation=_permuted(sites, seed),
            branches=branch_rows(town, sites, model, jensen, seed),
        )


def sites_of(town: Town) -> Sites:
    """The sites of a town with all that surrounds them, as the test takes them."""
    known = town.known
    place = place_features(town.area.tables, town.area.network, known.xy, known.own).to_numpy(np.float64)
    return Sites(
        z=NormalScores(place).of(place),
        around=tuple(town.around(known, scale) for scale in SCALES_M),
        near=within(known, town.xy, JENSEN_M),
        unit=town.sites,
        kind=town.kind,
        n_kinds=len(town.kinds),
        n_branches=len(town.branches),
    )


def within(places: Places, units: Floats, radius_m: float) -> csr_array:
    """Ones for every unit within a radius of each place, itself left out; places × units."""
    near = KDTree(places.xy).sparse_distance_matrix(KDTree(units), radius_m, output_type="coo_matrix")
    kept = near.col != places.own[near.row]
    ones = np.ones(int(kept.sum()))
    return csr_array((ones, (near.row[kept], near.col[kept])), shape=(len(places), len(units)))


def branch_rows(town: Town, sites: Sites, model: Floats, jensen: Floats, seed: int) -> tuple[BranchRow, ...]:
    """The figures branch by branch, best first."""
    rows = []
    for code, branch in enumerate(town.branches):
        of = sites.codes == code
        rows.append(BranchRow(branch, int(of.sum()), mean(model[of], seed=seed), mean(jensen[of], seed=seed)))
    return tuple(sorted(rows, key=lambda row: -row.model.value))


def _retrieval(found: Floats, seed: int) -> Retrieval:
    return Retrieval(mean(found, seed=seed), *(mean(found >= 1 - share, seed=seed) for share in (0.1, 0.2)))


def _density(sites: Sites, known: Places) -> Floats:
    """Ranking all places by the number of premises within 150 m, whatever the branch."""
    count = (
        within(Places(known.ids, known.xy, np.arange(len(known))), known.xy, DENSITY_M).sum(axis=1).astype(np.float64)
    )
    return percentiles(lambda of, branch: count[of][:, None] - count[None, :], sites.codes)


def _permuted(sites: Sites, seed: int) -> Retrieval:
    rng = np.random.default_rng(seed)
    found = np.array([
        [p.mean(), (p >= 0.9).mean(), (p >= 0.8).mean()]
        for p in (model_percentiles(sites, sites.shuffled(rng), seed=k) for k in range(PERMUTATIONS))
    ])  # fmt: skip
    return Retrieval(*(Estimate(float(x.mean()), float(x.min()), float(x.max())) for x in found.T))
