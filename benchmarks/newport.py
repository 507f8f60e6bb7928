"""Newport's streets and opportunities as the product reads them, for kernels and peers to work on."""

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyproj

from geodata.branches import read_branches
from geodata.grid import shared_needs
from geodata.network.graph import Network, Snapped, build_network
from geodata.network.reach import Need, Opportunities
from geodata.opportunities import walking_opportunities
from geodata.sources.gtfs import read_gtfs
from geodata.sources.osm import OsmExtract, read_osm
from geodata.sources.osm_places import building_shapes, buildings_from_osm, parking_from_osm
from geodata.sources.osm_premises import premises_from_osm
from geodata.sources.osm_streets import street_lines, streets_from_osm
from geodata.sources.population import from_buildings
from geodata.tables import Tables, empty

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data" / "newport"
OSM, GTFS = FOLDER / "newport.osm.pbf", FOLDER / "gtfs_20230613.zip"
MISSING = "" if OSM.exists() else "../shared/data/newport is not there"
CRS = 32630


@dataclass(frozen=True, eq=False)
class Newport:
    """The walking network and what it reaches. Streets are not cut finer than drawn, so that peers need not do more.

    Opportunities stand on their node, without the way from door to node, which each peer takes differently.
    """

    network: Network
    opportunities: dict[str, Opportunities]
    needs: tuple[Need, ...]

    @property
    def everywhere(self) -> Snapped:
        """Every node as a place."""
        return Snapped(np.arange(self.network.n_nodes, dtype=np.int32), np.zeros(self.network.n_nodes, np.int32))


@cache
def newport() -> Newport:
    """Read once a process."""
    extract = read_osm([OSM])
    network = _network(extract)
    branches = read_branches()
    shapes = building_shapes(extract, CRS)
    area = extract.box if extract.box is not None else extract.places.union_all().envelope
    read = {
        "premises": premises_from_osm(extract, shapes, branches, CRS),
        "residents": from_buildings(shapes, crs=CRS).table,
        "buildings": buildings_from_osm(shapes),
        "stops": read_gtfs(GTFS, area=area, crs=CRS).table,
        "parking": parking_from_osm(extract, CRS),
    }
    tables = Tables(**{name: read.get(name, empty(name, CRS)) for name in Tables.__dataclass_fields__})
    given = walking_opportunities(tables, branches, network, np.zeros(0, np.int32))
    at_nodes = {name: at_node(o.at.node, o.weight) for name, o in given.items() if name != "edge"}
    needs = tuple(n for n in shared_needs(branches) if n.mode == "walk" and n.column != "edge")
    return Newport(network, at_nodes, needs)


def at_node(node: npt.NDArray[np.int32], weight: npt.NDArray[np.float64]) -> Opportunities:
    """Opportunities that stand on their node; those too far from any street are left out."""
    used = (node >= 0) & (np.nan_to_num(weight) > 0)
    return Opportunities(Snapped(node[used], np.zeros(used.sum(), np.int32)), weight[used])


def _network(extract: OsmExtract) -> Network:
    streets, lines = streets_from_osm(extract, CRS), street_lines(extract).reset_index(drop=True)
    walkable = np.flatnonzero(streets["walkable"].to_numpy())
    to_metric = pyproj.Transformer.from_crs(4326, CRS, always_xy=True)
    xy = [np.column_stack(to_metric.transform(*lines["xy"][i].T)) for i in walkable]
    return build_network([lines["nodes"][i] for i in walkable], xy, split_m=math.inf)
