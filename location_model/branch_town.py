"""The premises of a town as branch suitability sees them: who is known, who stands around, and places to judge."""

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from geodata.branches import BranchTable
from geodata.errors import GeodataError
from geodata.language import T
from geodata.network.graph import Network
from geodata.opportunities import coordinates
from geodata.study import StudyArea
from geodata.tables import Tables
from location_model.branch_features import neighbours, place_features
from location_model.branch_models import Floats, Ints

FEWEST_PREMISES = 8
"""A branch with fewer premises in town is not judged."""
FEWEST_SITES = 100
"""Below this number of premises in such branches no figure is given."""
SCALES_M = (15.0, 60.0)
"""Next door, and the stretch of street: how fast a neighbour's weight falls with distance."""

VACANT, OTHER = "vacant", "other"


class Ground(Protocol):
    """What branch suitability needs of an area: a stored one, or the context its layers are computed in."""

    @property
    def study(self) -> StudyArea: ...
    @property
    def tables(self) -> Tables: ...
    @property
    def network(self) -> Network: ...


@dataclass(frozen=True, eq=False)
class Places:
    """Places to judge: an id each, metres in the study's CRS, and the row of the premises a place is, −1 for none."""

    ids: pd.Index
    xy: Floats
    own: Ints

    def __len__(self) -> int:
        return len(self.own)


@dataclass(frozen=True, eq=False)
class Town:
    """All units of an area, margin included, by kind; and the sites, whose branch is known and common enough.

    branches: ids with at least 8 occupied premises inside the boundary, sorted. kinds: those, then what is only
    context: rarer branches, "other" and "vacant". kind: of every unit. sites: their rows in `tables.premises`.
    """

    area: Ground
    branches: tuple[str, ...]
    kinds: tuple[str, ...]
    kind: Ints
    sites: Ints

    @cached_property
    def xy(self) -> Floats:
        """Where the units are, metres."""
        return coordinates(self.area.tables.premises)

    @cached_property
    def known(self) -> Places:
        """The sites as places."""
        return self.units(self.sites)

    def units(self, rows: Ints) -> Places:
        """Units as places, by their row in `tables.premises`."""
        return Places(pd.Index(self.area.tables.premises["id"].iloc[rows]), self.xy[rows], rows)

    def vacant(self) -> Places:
        """The vacant units inside the boundary."""
        premises = self.area.tables.premises
        return self.units(np.flatnonzero((premises["state"] == "vacant") & premises["in_study"]))

    def cells(self) -> Places:
        """The centres of all cells."""
        study = self.area.study
        return Places(pd.Index(study.cells, name="cell"), study.centres, np.full(len(study.cells), -1))

    def around(self, places: Places, scale_m: float) -> csr_array:
        """Weight of every unit around each place."""
        return neighbours(places.xy, self.xy, scale_m, places.own)

    def features(self, places: Places) -> pd.DataFrame:
        """Place features, then neighbour weights by kind and scale: what `BranchFit` takes, by place id."""
        own = place_features(self.area.tables, self.area.network, places.xy, places.own)
        member = np.eye(len(self.kinds))[self.kind]
        blocks = [
            pd.DataFrame(self.around(places, s) @ member, columns=[f"{k}_{s:g}" for k in self.kinds]) for s in SCALES_M
        ]
        return pd.concat([own, *blocks], axis=1).set_axis(places.ids, axis=0)


def town_of(area: Ground, branches: BranchTable) -> Town:
    """The town of an area. GeodataError below 100 premises in at least two branches of 8 or more."""
    premises = area.tables.premises
    occupied = (premises["state"] == "occupied").to_numpy()
    known = occupied & premises["branch"].isin(branches.ids).to_numpy()
    inside = known & premises["in_study"].to_numpy()
    counts = premises.loc[inside, "branch"].value_counts()
    common = tuple(sorted(str(b) for b in counts.index[counts >= FEWEST_PREMISES]))
    sites = np.flatnonzero(inside & premises["branch"].isin(common).to_numpy())
    if len(sites) < FEWEST_SITES or len(common) < 2:
        raise GeodataError(
            T(
                "too few premises to say which branch fits where: {n} in {branches} branches of 8 premises or more.",
                n=len(sites),
                branches=len(common),
            ),
            where=area.study.name,
            remedy=T("At least 100 premises in two such branches are needed: add a premises list, or a larger area."),
        )
    rarer = sorted(str(b) for b in set(premises.loc[known, "branch"]) - set(common))
    kinds = (*common, *rarer, OTHER, VACANT)
    named = premises["branch"].where(known, OTHER).mask(premises["state"] == "vacant", VACANT)
    kind = pd.Categorical(named, categories=kinds).codes.astype(np.int64)
    return Town(area, common, kinds, kind, sites)
