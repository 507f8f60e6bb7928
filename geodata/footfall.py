"""Trips on foot between homes, stops and premises: the relative flow on every piece of street.

A first version: visits, chains of shops and trips to stops, each destination drawing a first-guess number of
visits a day (branch table). Only the ranking of streets is used; persons per day need counts.
"""

import geopandas as gpd
import numpy as np

from geodata.branches import BranchTable
from geodata.network.flow import Purpose, assign
from geodata.network.graph import Floats, Network
from geodata.network.reach import Opportunities
from geodata.opportunities import SNAP_M, coordinates
from geodata.tables import Tables

PERCEIVED = {
    "pedestrian": 1.0, "living_street": 1.05, "footway": 1.1, "path": 1.15, "cycleway": 1.15, "residential": 1.2,
    "unclassified": 1.25, "tertiary": 1.25, "tertiary_link": 1.25, "secondary": 1.35, "secondary_link": 1.35,
    "primary": 1.4, "primary_link": 1.4, "service": 1.4, "track": 1.4, "steps": 1.5,
}  # fmt: skip
"""How long a metre of street feels: keeps trips from jumping into alleys beside the main street."""

OTHER_VISITS = 90.0
BOARDINGS_PER_DEPARTURE = 3.0
DEPARTURES_UNKNOWN = {"bus": 40.0, "tram": 150.0, "rail": 60.0}
"""Departures a day of a stop without timetable, by mode: a first guess, used only to rank streets."""


def perceived_cost(network: Network, streets: gpd.GeoDataFrame) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    """Each arc's length as it feels, in millimetres. `streets` rows are the network's lines."""
    factor = streets["highway"].map(PERCEIVED).fillna(1.2).to_numpy()
    return network.arc_cost(np.rint(network.edge_mm * factor[network.edge_line]).astype(np.int32))


def flow_per_edge(tables: Tables, branches: BranchTable, network: Network, streets: gpd.GeoDataFrame) -> Floats:
    """Relative trips per edge, shape (edges,); all zero where there are no premises and no stops."""
    cost = perceived_cost(network, streets)
    premises = tables.premises[tables.premises["state"] == "occupied"]
    at_premises = network.snap(coordinates(premises), within_m=SNAP_M)
    guess = {b.id: b.visits_per_day for b in branches.branches}
    visits = np.asarray(premises["branch"].map(guess).astype(float).fillna(OTHER_VISITS), dtype=np.float64)
    stops = tables.stops
    usual = stops["mode"].map(DEPARTURES_UNKNOWN).astype(float).fillna(DEPARTURES_UNKNOWN["bus"])
    boardings = BOARDINGS_PER_DEPARTURE * stops["departures_weekday"].fillna(usual).to_numpy(np.float64)
    at_stops = network.snap(coordinates(stops), within_m=SNAP_M)
    at_homes = network.snap(coordinates(tables.residents), within_m=SNAP_M)
    homes = Opportunities(at_homes, tables.residents["residents"].to_numpy(np.float64))
    shops = Opportunities(at_premises, visits)
    transit = Opportunities(at_stops, boardings)
    purposes = (
        Purpose("visits from home", shops, homes, 400.0, 1200.0, 1.6),
        Purpose("visits from stops", shops, transit, 400.0, 1200.0, 0.4),
        Purpose("shop to shop", shops, shops, 250.0, 600.0, 0.6),
        Purpose("home to stop", transit, homes, 400.0, 1000.0, 2.0),
    )
    return np.asarray(np.sum([assign(network, cost, p) for p in purposes], axis=0))
