"""What the criteria of a profile are at a retailer's own shops, in whichever built areas they stand."""

from collections.abc import Sequence
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata import hexgrid
from geodata.branches import BranchTable
from geodata.opportunities import coordinates
from geodata.store import Area
from location_model.layers import layer_named
from location_model.profile import ScoringProfile
from location_model.score import layer_inputs
from location_model.without_itself import premises_of, values_without


def values_at(
    shops: gpd.GeoDataFrame, areas: Sequence[Area], branches: BranchTable, profile: ScoringProfile
) -> pd.DataFrame:
    """Layer values in their own unit at shops (table `own_shops`): a row a shop id, a column a layer of the profile.

    Each shop takes the cell it stands in, in the first of the areas that has that cell; NaN where no area has it, the
    layer is not known there, or weighs nothing. A shop that is on record there is left out of its own surroundings,
    as far as `without_itself` can: a place that is for choice has no such neighbour. GeodataError for a layer an area
    does not have.
    """
    weighed = replace(profile, criteria=tuple(c for c in profile.criteria if c.weight > 0))
    ids = shops["id"].astype(str).to_numpy(object)
    lng, lat = coordinates(shops.to_crs(4326)).T
    found = np.full((len(shops), len(weighed.criteria)), np.nan)
    free = np.ones(len(shops), dtype=bool)
    without: dict[str, dict[str, float]] = {}
    for area in areas:
        standing = pd.Index(hexgrid.cells_at(lng, lat, area.study.resolution))
        row = pd.Index(area.study.cells).get_indexer(standing)
        here = free & (row >= 0)
        if here.any():
            found[here] = layer_inputs(area, branches, weighed)[:, row[here]].T
            cells = dict(zip(ids[here], standing[here], strict=True))
            premises = premises_of(shops[here], area, profile.branch)
            without |= values_without(area, branches, weighed, cells, premises)
            free &= ~here
    layers = [c.layer for c in weighed.criteria]
    for i, shop in enumerate(ids):
        for layer, value in without.get(shop, {}).items():
            if not np.isnan(found[i, layers.index(layer)]):  # what was not known stays so
                found[i, layers.index(layer)] = value
    known = pd.DataFrame(found, index=pd.Index(ids, name="id"), columns=layers)
    return known.reindex(columns=[c.layer for c in profile.criteria])


def relative(profile: ScoringProfile) -> tuple[str, ...]:
    """The layers of a profile that compare places within one town: shops in several towns say nothing about them."""
    return tuple(c.layer for c in profile.criteria if c.weight > 0 and layer_named(c.layer).within_town)
