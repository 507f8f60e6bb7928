"""What can be suggested, cells or vacant units: which are inside, which fit the limits, and what they are called."""

from typing import Any

import numpy as np
import pandas as pd
import pyproj
import shapely
from scipy.spatial import KDTree

from geodata import hexgrid
from geodata.opportunities import coordinates
from geodata.place_names import premises_addresses
from geodata.store import Area
from location_model.profile import FLOOR_AREA, RENT, Limits

INSIDE_SHARE = 0.5
"""A cell is inside the core when at least half of its surface is."""

Flags = np.ndarray[Any, np.dtype[np.bool_]]
Floats = np.ndarray[Any, np.dtype[np.float64]]


def cells(area: Area) -> pd.DataFrame:
    """Every cell, at its centre: cell, premises_id and vacant_by (None), x and y in metres.

    floor_area_m2 and rent_eur_per_year are those of a unit: NaN.
    """
    study = area.study
    x, y = study.centres.T
    nothing = {"premises_id": None, FLOOR_AREA: np.nan, RENT: np.nan, "vacant_by": None}
    return pd.DataFrame({"cell": list(study.cells), **nothing, "x": x, "y": y})


def vacant_units(area: Area) -> pd.DataFrame:
    """Every vacant unit of the study area, columns as `cells`; a floor area or rent that is NaN is not known."""
    premises = area.tables.premises
    units = premises[(premises["state"] == "vacant") & premises["in_study"]].reset_index(drop=True)
    lng, lat = coordinates(units.to_crs(4326)).T
    x, y = coordinates(units).T
    return pd.DataFrame(
        {
            "cell": hexgrid.cells_at(lng, lat, area.study.resolution),
            "premises_id": units["id"],
            FLOOR_AREA: units[FLOOR_AREA],
            RENT: units[RENT],
            "vacant_by": units["vacancy_basis"],
            "x": x,
            "y": y,
        }
    )


def inside(area: Area, candidates: pd.DataFrame, within: str) -> Flags:
    """Which candidates lie in the core, the retail areas, or anywhere ("all")."""
    if within == "all":
        return np.ones(len(candidates), dtype=bool)
    if candidates["premises_id"].isna().all():
        return (area.grid[f"{within}_share"] >= INSIDE_SHARE).to_numpy()
    areas = area.study.core_areas if within == "core" else area.study.retail_areas
    ground = areas.to_crs(area.study.crs).union_all()
    return np.asarray(shapely.intersects_xy(ground, candidates["x"], candidates["y"]))


def fits(area: Area, candidates: pd.DataFrame, limits: Limits) -> Flags:
    """Which candidates meet the limits on floor area, rent and own shops, unknown floor areas and rents included."""
    kept = np.ones(len(candidates), dtype=bool)
    for bound in limits.bounds:
        kept &= bound.allows(candidates[bound.column].to_numpy(np.float64))
    if limits.own_shops and limits.min_own_distance_m > 0:
        lng, lat = np.array(limits.own_shops).T
        x, y = pyproj.Transformer.from_crs(4326, area.study.crs, always_xy=True).transform(lng, lat)
        own = np.column_stack([x, y])[np.isfinite(x) & np.isfinite(y)]  # a shop at the other end of the world has none
        if len(own):
            nearest_m, _ = KDTree(own).query(candidates[["x", "y"]].to_numpy())
            kept &= nearest_m >= limits.min_own_distance_m
    return kept


def apart(xy: Floats, spacing_m: float, n: int) -> list[int]:
    """The first n rows that lie at least `spacing_m` from each one taken before."""
    taken: list[int] = []
    for i in range(len(xy)):
        if len(taken) == n:
            break
        if not taken or np.hypot(*(xy[taken] - xy[i]).T).min() >= spacing_m:
            taken.append(i)
    return taken


def stood_for(xy: Floats, taken: list[int], spacing_m: float) -> list[list[int]]:
    """For each row taken, the rows left out because of it: nearer than `spacing_m`, to the first taken if to more."""
    free = np.ones(len(xy), dtype=bool)
    free[taken] = False
    groups = []
    for i in taken:
        near = free & (np.hypot(*(xy - xy[i]).T) < spacing_m)
        free &= ~near
        groups.append(np.flatnonzero(near).tolist())
    return groups


def names(area: Area, chosen: pd.DataFrame) -> tuple[list[str], Flags]:
    """Street and number of each, its cell where there is no street; and whether that is the nearest, not its own."""
    of_cell = area.cell_names.reindex(chosen["cell"]).to_numpy(object)
    found = np.full(len(chosen), None, dtype=object)
    near = np.zeros(len(chosen), dtype=bool)
    units = chosen["premises_id"].notna().to_numpy()
    if units.any():
        premises = area.tables.premises.set_index("id").loc[chosen["premises_id"][units]]
        found[units] = premises_addresses(premises, area.tables)
        near[units] = (premises["street"].isna() | premises["house_number"].isna()).to_numpy()
    named = [
        str(a) if isinstance(a, str) else str(b) if isinstance(b, str) else c
        for a, b, c in zip(found, of_cell, chosen["cell"], strict=True)
    ]
    return named, near
