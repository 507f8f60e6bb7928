"""What a layer is: one declaration feeds the grid, the slider, the legend, the method page and the report."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from geodata.branches import Branch, BranchTable
from geodata.language import Text
from geodata.network.graph import Network
from geodata.network.reach import Need
from geodata.network.walks import Walks
from geodata.study import StudyArea
from geodata.tables import Tables

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Context:
    """What a layer may use: the study, its tables, the walking network, and the one traversal all layers share.

    reached: opportunity sums by Need.key, one value a cell, in the order of `study.cells`.
    walks: how busy each edge of `network` is, relatively.
    branch: for branch layers, the branch asked for.
    """

    study: StudyArea
    tables: Tables
    branches: BranchTable
    network: Network
    reached: Mapping[str, Floats]
    walks: Walks
    branch: Branch | None = None

    @property
    def asked_branch(self) -> Branch:
        """The branch asked for. ValueError when a branch layer is computed without one."""
        if self.branch is None:
            raise ValueError("a branch layer needs a branch")
        return self.branch

    def sum_of(self, need: Need) -> pd.Series:
        """What each cell reaches of one need."""
        return self.series(self.reached[need.key])

    def series(self, values: Floats) -> pd.Series:
        """Values in cell order as a series on the cells."""
        return pd.Series(values, index=pd.Index(self.study.cells, name="cell"))


@dataclass(frozen=True, eq=False)
class Layer:
    """One thing known about every cell.

    name: column of the grid, unit included. needs: what it asks of the network, given the branch table.
    compute: values by cell, NaN where not known. parent: how cells of a coarser resolution take their value.
    per_branch: computed for one branch on request, not kept in the grid. phrase: "{value} …" for a sentence.
    worth: breakpoints, value in the layer's unit to 0–1. A layer that has them stands in every profile; where the
    presets say nothing of it, with weight 0, to be turned up.
    """

    name: str
    group: Literal["customers", "shops", "access"]
    title: Text
    unit: Text
    phrase: Text
    method: Text
    compute: Callable[[Context], pd.Series]
    needs: Callable[[BranchTable], tuple[Need, ...]]
    parent: Literal["sum", "mean", "max"] = "mean"
    per_branch: bool = False
    within_town: bool = False
    reach_m: float | None = None
    worth: tuple[tuple[float, float], ...] = ()

    def limits(self, branches: BranchTable) -> dict[str, float]:
        """How far the layer looks, by mode: a cell nearer than this to the end of the data is not known."""
        limits: dict[str, float] = {} if self.reach_m is None else {"walk": self.reach_m}
        for need in self.needs(branches):
            limits[need.mode] = max(limits.get(need.mode, 0.0), need.within)
        return limits
