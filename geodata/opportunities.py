"""The weighted points that layers count: residents, premises, departures, parking, the end of the data."""

import geopandas as gpd
import numpy as np

from geodata.branches import BranchTable
from geodata.network.graph import Floats, Ints, Network, Snapped
from geodata.network.reach import Opportunities
from geodata.tables import AMENITY_KINDS, Tables

SNAP_M = 200.0
"""Farther from a street than this, a point is not reached on foot."""

_SIZE_RANGE = (0.25, 4.0)


def walking_opportunities(
    tables: Tables, branches: BranchTable, network: Network, cut: Ints
) -> dict[str, Opportunities]:
    """All columns layers may ask for on foot. `cut` are the nodes where the data end (column "edge")."""
    premises = tables.premises
    at = network.snap(coordinates(premises), within_m=SNAP_M)
    occupied = (premises["state"] == "occupied").to_numpy()
    size = relative_size(premises, branches)
    columns = {
        "occupied": Opportunities(at, occupied.astype(float)),
        "vacant": Opportunities(at, (~occupied).astype(float)),
    }
    for branch in branches.ids:
        columns[f"shops:{branch}"] = Opportunities(at, np.where((premises["branch"] == branch) & occupied, size, 0.0))
    stops = tables.stops
    columns["departures"] = Opportunities(
        network.snap(coordinates(stops), within_m=SNAP_M), stops["departures_weekday"].to_numpy(float)
    )
    cars = tables.parking[tables.parking["mode"] == "car"]
    columns["car_parking"] = Opportunities(
        network.snap(coordinates(cars), within_m=SNAP_M), cars["places"].to_numpy(float)
    )
    amenities = tables.amenities
    there = network.snap(coordinates(amenities), within_m=SNAP_M)
    for kind in AMENITY_KINDS:
        columns[f"amenity:{kind}"] = Opportunities(there, np.where(amenities["kind"] == kind, 1.0, 0.0))
    return columns | residents_and_edge(tables, network, cut)


def residents_and_edge(tables: Tables, network: Network, cut: Ints) -> dict[str, Opportunities]:
    """What is counted by every mode: residents, and the nodes where the data end."""
    residents = tables.residents
    return {
        "residents": Opportunities(
            network.snap(coordinates(residents), within_m=SNAP_M), residents["residents"].to_numpy(float)
        ),
        "edge": Opportunities(Snapped(cut, np.zeros(len(cut), np.int32)), np.ones(len(cut))),
    }


def relative_size(premises: gpd.GeoDataFrame, branches: BranchTable) -> Floats:
    """Floor area over the branch's median, between a quarter and four times; 1 where the area is not known."""
    area = premises["floor_area_m2"]
    median = area.groupby(premises["branch"]).transform("median")
    return (area / median).clip(*_SIZE_RANGE).fillna(1.0).to_numpy()


def coordinates(points: gpd.GeoDataFrame) -> Floats:
    """Point coordinates as an array, shape (rows, 2)."""
    return np.column_stack([points.geometry.x, points.geometry.y]).reshape(-1, 2)
