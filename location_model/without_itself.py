"""What is around a retailer's own shop, the shop itself left out: no place that is for choice has it next door.

Layers that count premises along streets are taken again at the shops' cells. Not those that rest on a model of the
whole town (footfall, accessibility, suitability): what one shop draws to its own street stays in them.
"""

from collections.abc import Mapping
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.branches import BranchTable
from geodata.build import CELL_SNAP_M
from geodata.grid import compute_layer
from geodata.network.graph import Snapped
from geodata.network.reach import Need, Opportunities, reach
from geodata.opportunities import coordinates, walking_opportunities
from geodata.store import Area
from location_model.layers import branch_context, layer_named
from location_model.own_market import pairs
from location_model.profile import ScoringProfile

_NO_CUT = np.zeros(0, dtype=np.int32)


def premises_of(shops: gpd.GeoDataFrame, area: Area, branch: str) -> dict[str, int]:
    """The row in an area's premises of each own shop (table `own_shops`) that is on record there, by the shop's id.

    As in a market: the premises its list names, if that stands within 30 m of it, else the nearest open shop of the
    branch within 30 m.
    """
    mine = shops.assign(premises_id=shops.get("premises_id", pd.Series(None, index=shops.index, dtype="str")))
    premises = area.tables.premises
    named = premises["id"].isin(mine["premises_id"].dropna())
    rows = np.flatnonzero((premises["state"] == "occupied") & ((premises["branch"] == branch) | named))
    units = premises.iloc[rows]
    xy = pd.DataFrame(coordinates(units), columns=["x", "y"], index=units.index)
    found = pairs(mine.to_crs(area.study.crs), units.assign(x=xy["x"], y=xy["y"]))
    return {str(mine["id"].iloc[i]): int(rows[j]) for i, j in found.items()}


def values_without(
    area: Area, branches: BranchTable, profile: ScoringProfile, cell_of: Mapping[str, str], premises: Mapping[str, int]
) -> dict[str, dict[str, float]]:
    """Layer values in their own unit by own shop, without its own premises; of the layers alone in which those count.

    cell_of: the cell each shop stands in. premises: its row in the area's premises; shops without one are left out.
    """
    shops = [shop for shop in cell_of if shop in premises]
    layers = [layer_named(c.layer) for c in profile.criteria if c.weight > 0]
    counting = [layer for layer in layers if any(_is_premises(n.column) for n in layer.needs(branches))]
    if not shops or not counting:
        return {}
    network, rows = area.network, [area.study.cells.index(cell_of[shop]) for shop in shops]
    places = network.snap(area.study.centres[rows], within_m=CELL_SNAP_M)
    columns = walking_opportunities(area.tables, branches, network, _NO_CUT)
    needs = sorted({n for layer in counting for n in layer.needs(branches) if n.mode == "walk"}, key=lambda n: n.key)
    around = reach(network, network.arc_mm, columns, needs, places)
    theirs, own = _alone(columns, needs, [premises[shop] for shop in shops])
    taken = reach(network, network.arc_mm, own, [n for by_need in theirs for n in by_need.values()], places)
    ctx = branch_context(area, branches, profile.branch)
    found: dict[str, dict[str, float]] = {}
    for i, (shop, row) in enumerate(zip(shops, rows, strict=True)):
        reached = dict(ctx.reached)
        for need in needs:
            values = np.full(len(area.study.cells), np.nan)
            values[row] = around[need][i] - (taken[theirs[i][need]][i] if need in theirs[i] else 0.0)
            reached[need.key] = np.maximum(values, 0.0)
        here = replace(ctx, reached=reached)
        found[shop] = {layer.name: float(compute_layer(layer, here).iloc[row]) for layer in counting if theirs[i]}
    return found


def _is_premises(column: str) -> bool:
    return column == "occupied" or column.startswith("shops:")


def _alone(
    columns: Mapping[str, Opportunities], needs: list[Need], rows: list[int]
) -> tuple[list[dict[Need, Need]], dict[str, Opportunities]]:
    """For each row of the premises: the needs it counts in, each with one for that row alone; and those columns."""
    theirs: list[dict[Need, Need]] = []
    own: dict[str, Opportunities] = {}
    for i, row in enumerate(rows):
        mine: dict[Need, Need] = {}
        for need in needs:
            at, weight = columns[need.column].at, columns[need.column].weight
            if _is_premises(need.column) and weight[row] > 0 and at.node[row] >= 0:
                alone = f"{i}|{need.column}"
                own[alone] = Opportunities(
                    Snapped(at.node[row : row + 1], at.offset_mm[row : row + 1]), weight[row : row + 1]
                )
                mine[need] = replace(need, column=alone)
        theirs.append(mine)
    return theirs, own
