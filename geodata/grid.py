"""The grid: one row a cell, one column a layer; NaN where not known, and the reason beside it."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata import hexgrid
from geodata.branches import BranchTable
from geodata.layers import Context, Layer, all_layers
from geodata.network.reach import Need

STREET_M = 60.0
"""A cell whose centre is farther from any street than this is no place for a shop front."""

NO_STREET, EDGE = "no_street", "edge"


def shared_needs(branches: BranchTable) -> list[Need]:
    """Everything all layers ask of the network, the end of the data included, without doubles."""
    needs: set[Need] = set()
    for layer in all_layers():
        needs.update(layer.needs(branches))
        needs.update(Need("edge", within, mode=mode) for mode, within in layer.limits(branches).items())
    return sorted(needs, key=lambda n: n.key)


def compute_layer(layer: Layer, ctx: Context) -> pd.Series:
    """One layer as float32 on the cells; NaN off the streets and where the layer looks past the end of the data."""
    values = layer.compute(ctx).astype("float64")
    if list(values.index) != list(ctx.study.cells):
        values = values.reindex(list(ctx.study.cells))
    return values.mask(past_edge(layer, ctx)).astype("float32").rename(layer.name)


def past_edge(layer: Layer, ctx: Context) -> pd.Series:
    """Whether the layer looks past the end of the data, by cell."""
    crosses = np.zeros(len(ctx.study.cells), dtype=bool)
    for mode, within in layer.limits(ctx.branches).items():
        crosses |= ctx.reached[Need("edge", within, mode=mode).key] > 0
    return ctx.series(crosses)


def build_grid(ctx: Context, street_m: np.ndarray[tuple[int], np.dtype[np.float64]]) -> pd.DataFrame:
    """All layers that need no branch, with `core_share`, `retail_share` and `reason`.

    `reason` is "no_street" where no street is near (all layers NaN), "edge" where some layer looks past the end
    of the data, else missing. `street_m` is each cell's distance to the nearest street node.
    """
    columns = {layer.name: compute_layer(layer, ctx) for layer in all_layers() if not layer.per_branch}
    grid = pd.DataFrame(columns, index=pd.Index(ctx.study.cells, name="cell"))
    off_street = ~(street_m <= STREET_M)
    grid.loc[off_street] = np.nan
    at_edge = np.zeros(len(grid), dtype=bool)
    for layer in all_layers():
        at_edge |= past_edge(layer, ctx).to_numpy()
    nothing = pd.Series(None, index=grid.index, dtype="str")
    grid["reason"] = nothing.mask(at_edge, EDGE).mask(off_street, NO_STREET)
    hexagons = ctx.study.hexagons
    grid["core_share"] = area_share(hexagons, ctx.study.core_areas)
    grid["retail_share"] = area_share(hexagons, ctx.study.retail_areas)
    return grid


def area_share(hexagons: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Share of each cell's real surface inside the areas, 0–1."""
    if not len(areas):
        return np.zeros(len(hexagons), dtype=np.float32)
    union = areas.to_crs(hexagons.crs or 4326).union_all()
    shapely.prepare(union)
    cells = hexagons.geometry.to_numpy()
    share = np.zeros(len(cells))
    touched = np.flatnonzero(shapely.intersects(union, cells))
    share[touched] = shapely.area(shapely.intersection(cells[touched], union)) / shapely.area(cells[touched])
    return share.astype(np.float32)


def to_parents(grid: pd.DataFrame, rules: Mapping[str, str], resolution: int) -> pd.DataFrame:
    """The grid at a coarser resolution: each column by its rule over the known cells below.

    Rules: sum, max, or mean (weighted by each cell's own surface). NaN where no cell below is known.
    """
    parent = pd.Index(hexgrid.parents(list(grid.index), resolution), name="cell")
    surface = pd.Series(hexgrid.areas_m2(list(grid.index)), index=grid.index)
    columns = {}
    for name, rule in rules.items():
        column = grid[name].astype("float64")
        if rule == "mean":
            known = surface.where(column.notna()).groupby(parent).sum(min_count=1)
            columns[name] = (column * surface).groupby(parent).sum(min_count=1) / known
        else:
            groups = column.groupby(parent)
            columns[name] = groups.sum(min_count=1) if rule == "sum" else groups.max()
    return pd.DataFrame(columns).sort_index().astype("float32")
