"""The coarse graph for bicycle and car: junction to junction, in milliseconds."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt

from geodata.network.graph import Floats, Ints, Network, Snapped, build_network
from geodata.network.reach import Opportunities


@dataclass(frozen=True)
class Mode:
    """How a mode moves: a fixed speed (None: the street's own), and the speed of the first and last metres."""

    speed_kmh: float | None
    approach_kmh: float

    def approach(self, snapped: Snapped) -> Snapped:
        """Straight ways to the network as milliseconds instead of millimetres."""
        ms = np.rint(snapped.offset_mm * (3.6 / self.approach_kmh))
        return Snapped(snapped.node, ms.astype(np.int32))


MODES = {"bicycle": Mode(15.0, 15.0), "car": Mode(None, 20.0)}
_NO_BICYCLE = {"motorway", "motorway_link", "trunk", "trunk_link", "steps", "corridor"}


def road_network(
    streets: gpd.GeoDataFrame, nodes: list[npt.NDArray[np.int64]], xy: list[Floats], mode: str
) -> tuple[Network, Ints]:
    """The graph of a mode and the milliseconds along each arc. `nodes` and `xy` follow the rows of `streets`.

    Bicycles ride everything walkable or drivable but motorways and steps, both ways; cars respect one-way streets.
    """
    if mode == "car":
        usable = streets["drivable"].to_numpy()
    else:
        rideable = streets["highway"].isin(["cycleway", "living_street", "path", "track", "pedestrian"])
        usable = ((streets["drivable"] | rideable) & ~streets["highway"].isin(_NO_BICYCLE)).to_numpy()
    rows = np.flatnonzero(usable)
    oneway = streets["oneway"].to_numpy()[rows].astype(np.int8) if mode == "car" else None
    network = build_network([nodes[i] for i in rows], [xy[i] for i in rows], oneway=oneway, junctions_only=True)
    fixed = MODES[mode].speed_kmh
    speed = streets["speed_kmh"].fillna(25.0).to_numpy()[rows][network.edge_line] if fixed is None else fixed
    ms = np.maximum(np.rint(network.edge_mm * 3.6 / speed), 1).astype(np.int32)
    return network, network.arc_cost(ms)


def travel_time(opportunities: Opportunities, network: Network, mode: str) -> Opportunities:
    """Opportunities added up by node, their straight way averaged: precise enough for minutes, and much smaller."""
    at = MODES[mode].approach(opportunities.at)
    used = (at.node >= 0) & ~np.isnan(opportunities.weight)
    weight = np.bincount(at.node[used], weights=opportunities.weight[used], minlength=network.n_nodes).astype(
        np.float64
    )
    way = np.bincount(at.node[used], weights=(opportunities.weight * at.offset_mm)[used], minlength=network.n_nodes)
    node = np.flatnonzero(weight > 0).astype(np.int32)
    return Opportunities(Snapped(node, np.rint(way[node] / weight[node]).astype(np.int32)), weight[node])
