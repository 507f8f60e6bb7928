"""How busy each piece of street is on foot: an accessibility index, a flow index, and the two together.

Accessibility: how many shops, horeca and stops lie near, along streets. Flow: trips between homes, stops and premises,
added up. Both rank streets; neither is a number of persons, which only counts can give. Visits a day of each branch and
boardings a departure are first guesses (branch table).
"""

import geopandas as gpd
import numpy as np

from geodata.branches import BranchTable
from geodata.network.flow import Purpose, assign, balance
from geodata.network.graph import Floats, Ints, Network, Snapped
from geodata.network.reach import Need, Opportunities, reach
from geodata.network.sidewalks import street_of
from geodata.network.walks import Walks
from geodata.opportunities import SNAP_M, coordinates
from geodata.tables import Tables

PERCEIVED = {
    "pedestrian": 1.0, "living_street": 1.05, "footway": 1.1, "path": 1.15, "cycleway": 1.15, "residential": 1.2,
    "unclassified": 1.25, "tertiary": 1.25, "tertiary_link": 1.25, "secondary": 1.35, "secondary_link": 1.35,
    "primary": 1.4, "primary_link": 1.4, "service": 1.4, "track": 1.4, "steps": 1.5,
}  # fmt: skip
"""How long a metre of street feels: keeps trips from jumping into alleys beside the main street."""

OTHER_VISITS = 90.0
BOARDINGS_PER_DEPARTURE = {"bus": 3.0, "tram": 6.0, "metro": 20.0, "rail": 20.0}
"""Persons who board by mode, a first guess; NMBS's 554 stations see 1,612 on a mean weekday (median 357)."""

DEPARTURES_UNKNOWN = {"bus": 40.0, "tram": 150.0, "metro": 300.0, "rail": 60.0}
"""Departures a day of a stop without timetable, by mode: a first guess, used only to rank streets."""

VISITS_PER_RESIDENT = 0.5
CHAINED = 0.6
"""Trips on foot to premises a resident makes a day, and trips from one premises to the next by visit."""

ACCESS_M, ACCESS_DECAY_M = 1500.0, 400.0
VISITS_PER_BOARDING = 100.0
"""Accessibility counts a visit a day of premises and a boarding alike, in hundreds."""


def perceived_cost(network: Network, streets: gpd.GeoDataFrame) -> Ints:
    """Each edge's length as it feels, in millimetres. `streets` rows are the network's lines."""
    factor = streets["highway"].map(PERCEIVED).fillna(1.2).to_numpy()
    return np.rint(network.edge_mm * factor[network.edge_line]).astype(np.int32)


def footfall(tables: Tables, branches: BranchTable, network: Network, streets: gpd.GeoDataFrame) -> Walks:
    """All by edge; zero where there are no premises and no stops. `streets` rows are the network's lines."""
    edge_cost = perceived_cost(network, streets)
    cost = network.arc_cost(edge_cost)
    trips = purposes(tables, branches, network)
    factors = balance(network, cost, trips)
    flow = street_of(network, streets).summed(assign(network, cost, trips, factors).sum(axis=0))
    access = accessibility(trips, network)
    return Walks(
        access,
        flow,
        combined(access, flow, network.edge_mm.astype(np.float64)),
        edge_cost,
        factors.origins,
        factors.destinations,
    )


def purposes(tables: Tables, branches: BranchTable, network: Network) -> tuple[Purpose, ...]:
    """What people walk for: visits from home and from stops, on to the next shop, and from home to a stop."""
    premises = tables.premises[tables.premises["state"] == "occupied"]
    guess = {b.id: b.visits_per_day for b in branches.branches}
    visits = np.asarray(premises["branch"].map(guess).astype(float).fillna(OTHER_VISITS), dtype=np.float64)
    shops = Opportunities(network.snap(coordinates(premises), within_m=SNAP_M), visits)
    stops = tables.stops
    usual = stops["mode"].map(DEPARTURES_UNKNOWN).astype(float).fillna(DEPARTURES_UNKNOWN["bus"])
    riders = stops["mode"].map(BOARDINGS_PER_DEPARTURE).astype(float).fillna(BOARDINGS_PER_DEPARTURE["bus"])
    boardings = np.asarray(riders * stops["departures_weekday"].fillna(usual), dtype=np.float64)
    transit = Opportunities(network.snap(coordinates(stops), within_m=SNAP_M), boardings)
    at_homes = network.snap(coordinates(tables.residents), within_m=SNAP_M)
    homes = Opportunities(at_homes, VISITS_PER_RESIDENT * tables.residents["residents"].to_numpy(np.float64))
    people = Opportunities(_joined(homes.at, transit.at), np.concatenate([homes.weight, boardings]))
    return (
        Purpose("visits", shops, people, 400.0, 1200.0, 2.0, "both"),
        Purpose("chains", shops, shops, 250.0, 600.0, CHAINED, "origins"),
        Purpose("stops", transit, homes, 400.0, 1000.0, 2.0, "destinations"),
    )


def accessibility(trips: tuple[Purpose, ...], network: Network) -> Floats:
    """Visits and boardings near by, decayed with distance along streets, by edge (mean of its ends)."""
    shops, stops = trips[0].destinations, trips[2].destinations
    drawing = Opportunities(_joined(shops.at, stops.at), np.concatenate([shops.weight, stops.weight]))
    places = Snapped(np.arange(network.n_nodes, dtype=np.int32), np.zeros(network.n_nodes, np.int32))
    need = Need("drawing", ACCESS_M, ACCESS_DECAY_M)
    at_nodes = reach(network, network.arc_mm, {"drawing": drawing}, [need], places)[need] / VISITS_PER_BOARDING
    return np.asarray((at_nodes[network.edge_u] + at_nodes[network.edge_v]) / 2)


def combined(access: Floats, flow: Floats, length: Floats) -> Floats:
    """Both added up, each over its mean by length of street: one without modelled trips is quiet, not empty."""
    return np.asarray(_over_mean(access, length) + _over_mean(flow, length))


def _over_mean(values: Floats, length: Floats) -> Floats:
    mean = np.average(values, weights=length) if length.sum() > 0 else 0.0
    return values / mean if mean > 0 else np.zeros(len(values))


def _joined(a: Snapped, b: Snapped) -> Snapped:
    return Snapped(np.concatenate([a.node, b.node]), np.concatenate([a.offset_mm, b.offset_mm]))
