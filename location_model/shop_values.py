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


def values_at(
    shops: gpd.GeoDataFrame, areas: Sequence[Area], branches: BranchTable, profile: ScoringProfile
) -> pd.DataFrame:
    """Layer values in their own unit at shops (table `own_shops`): a row a shop id, a column a layer of the profile.

    Each shop takes the cell it stands in, in the first of the areas that has that cell; NaN where no area has it, the
    layer is not known there, or weighs nothing. GeodataError for a layer an area does not have.
    """
    weighed = replace(profile, criteria=tuple(c for c in profile.criteria if c.weight > 0))
    lng, lat = coordinates(shops.to_crs(4326)).T
    found = np.full((len(shops), len(weighed.criteria)), np.nan)
    free = np.ones(len(shops), dtype=bool)
    for area in areas:
        standing = pd.Index(hexgrid.cells_at(lng, lat, area.study.resolution))
        row = pd.Index(area.study.cells).get_indexer(standing)
        here = free & (row >= 0)
        if here.any():
            found[here] = layer_inputs(area, branches, weighed)[:, row[here]].T
            free &= ~here
    known = pd.DataFrame(
        found, index=pd.Index(shops["id"].astype(str), name="id"), columns=[c.layer for c in weighed.criteria]
    )
    return known.reindex(columns=[c.layer for c in profile.criteria])


def relative(profile: ScoringProfile) -> tuple[str, ...]:
    """The layers of a profile that compare places within one town: shops in several towns say nothing about them."""
    return tuple(c.layer for c in profile.criteria if c.weight > 0 and layer_named(c.layer).within_town)
