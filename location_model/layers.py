"""Every layer a place can be scored on: those of the grid, and those that a model of the whole town gives."""

from dataclasses import replace
from functools import cache

import pandas as pd

from geodata import layers as measured
from geodata.branches import BranchTable
from geodata.errors import GeodataError
from geodata.grid import NO_STREET, compute_layer
from geodata.language import T
from geodata.layers import GROUPS, Context, Layer
from geodata.store import Area
from location_model import branch_layer

__all__ = ["GROUPS", "Layer", "all_layers", "branch_context", "layer_named", "layer_values"]


@cache
def all_layers() -> tuple[Layer, ...]:
    """Every layer, grouped, in a fixed order."""
    every = (*measured.all_layers(), branch_layer.LAYER)
    return tuple(sorted(every, key=lambda layer: (GROUPS.index(layer.group), layer.name)))


def layer_named(name: str) -> Layer:
    """The layer of that name; GeodataError when there is none."""
    found = {layer.name: layer for layer in all_layers()}.get(name)
    if found is None:
        raise GeodataError(T("there is no layer called {name}.", name=name), remedy=T("`layers` lists them all."))
    return found


def branch_context(area: Area, branches: BranchTable, branch: str) -> Context:
    """What branch layers need, from the store."""
    reached = {key: area.reached[key].to_numpy("float64") for key in area.reached.columns}
    return Context(area.study, area.tables, branches, area.network, reached, area.walks, branches.get(branch))


def layer_values(area: Area, branches: BranchTable, layer: Layer, ctx: Context | None = None) -> pd.Series:
    """A layer on all cells of a stored area in its own unit, NaN = not known. ctx: with the branch, for branch layers.

    GeodataError for a layer the area was built without; ValueError for a branch layer without a branch.
    """
    if not layer.per_branch:
        if layer.name not in area.grid:
            raise GeodataError(
                T("the area was built without the layer {name}.", name=layer.name),
                where=area.name,
                remedy=T("Build the area again."),
            )
        return area.grid[layer.name]
    if ctx is None:
        raise ValueError("a branch layer needs a branch")
    if layer is branch_layer.LAYER:  # fitted once for all branches, not at every question
        fitted = branch_layer.kept(area, branches)
        layer = replace(layer, compute=lambda here: fitted.values(here, here.asked_branch.id))
    return compute_layer(layer, ctx).mask(area.grid["reason"] == NO_STREET)
