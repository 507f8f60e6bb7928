"""What a place is like before anyone opens a shop there: its surroundings, without a word on what is sold where.

No feature knows the branch of any premises, so a model may learn from them which branch settles where without
seeing the answer. What the neighbours sell is counted apart, in `neighbours`.
"""

from collections.abc import Callable

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.ndimage import gaussian_filter, map_coordinates
from scipy.sparse import csr_array
from scipy.spatial import KDTree

from geodata.network.graph import Floats, Network
from geodata.opportunities import coordinates
from geodata.tables import Tables

Ints = npt.NDArray[np.int64]

NOWHERE_M = 5000.0
"""Farther than this, or nowhere in the data: all the same to a shop."""

USUAL_DEPARTURES = 30.0
"""Departures a weekday of a stop without timetable: an order of magnitude, the same for all."""

STREET_CLASSES = {
    "pedestrian": ("pedestrian",), "living": ("living_street",), "residential": ("residential",),
    "collector": ("tertiary", "unclassified"), "secondary": ("secondary",), "primary": ("primary", "trunk"),
    "footway": ("footway", "path", "steps"), "service": ("service",),
}  # fmt: skip


def place_features(tables: Tables, network: Network, xy: Floats, own: Ints | None = None) -> pd.DataFrame:
    """Features of places, one row a place: sizes, counts and distances on a log scale.

    xy: metres in the study's CRS, shape (places, 2). own: row in `tables.premises` that a place itself is, −1 for
    none: it is left out of its own surroundings. NaN where a feature is not known anywhere near or in this area.
    """
    own = np.full(len(xy), -1) if own is None else own
    return pd.DataFrame(
        _premises(tables.premises, xy, own)
        | _buildings(tables, xy)
        | _people(tables.residents, xy)
        | _streets(tables.streets, xy)
        | _network(network, xy)
        | _transit(tables.stops, xy)
        | _amenities(tables, xy),
        index=pd.RangeIndex(len(xy)),
        dtype=np.float64,
    )


def neighbours(xy: Floats, premises_xy: Floats, scale_m: float, own: Ints) -> csr_array:
    """Weight exp(−d / scale) of every premises within four scales of a place, itself left out; places × premises."""
    shape = (len(xy), len(premises_xy))
    if not len(xy) or not len(premises_xy):
        return csr_array(shape)
    near = KDTree(xy).sparse_distance_matrix(KDTree(premises_xy), 4 * scale_m, output_type="coo_matrix")
    kept = near.col != own[near.row]
    weight = np.exp(-near.data[kept] / scale_m)
    return csr_array((weight, (near.row[kept], near.col[kept])), shape=shape)


def _premises(premises: gpd.GeoDataFrame, xy: Floats, own: Ints) -> dict[str, Floats]:
    units = coordinates(premises)
    if not len(units):
        return {}
    features = {}
    near = neighbours(xy, units, 25.0, own)
    features["premises_25"] = np.log1p(near.sum(axis=1))
    self_weight = (own >= 0).astype(float)
    for scale in (60, 120, 250, 600):
        around = _surface(units, np.ones(len(units)), scale)(xy) - self_weight
        features[f"premises_{scale}"] = np.log1p(np.maximum(around, 0.0))
    tree = KDTree(units)
    distance, found = tree.query(xy, k=[1, 2, 3, 4])
    others = np.where(found == own[:, None], np.inf, distance)
    others.sort(axis=1)
    features["nearest_m"], features["third_m"] = _log_m(others[:, 0]), _log_m(others[:, 2])
    density = _surface(units, np.ones(len(units)), 250)(units)
    features["centre_m"] = _log_m(np.hypot(*(xy - units[np.argmax(density)]).T))
    return features


def _buildings(tables: Tables, xy: Floats) -> dict[str, Floats]:
    known = tables.buildings[tables.buildings["footprint_m2"] > 0]
    if not len(known):
        return {}
    at, footprint = coordinates(known), known["footprint_m2"].to_numpy(np.float64)
    home = np.asarray(known["use"] == "residential", dtype=np.float64)
    features = {}
    for scale in (30, 80, 200):
        count = _surface(at, np.ones(len(at)), scale)(xy)
        ground = _surface(at, footprint, scale)(xy)
        features[f"buildings_{scale}"] = np.log1p(count)
        features[f"built_{scale}"] = np.log1p(ground)
        features[f"homes_{scale}"] = _surface(at, home, scale)(xy) / np.maximum(count, 0.1)
    unit = _own_building(at, footprint, xy)
    shared = np.bincount(_own_building(at, footprint, coordinates(tables.premises)), minlength=len(at))
    features["footprint"] = np.log1p(footprint[unit])
    features["units_in_building"] = np.log1p(shared[unit])
    features["unit_area"] = np.log1p(footprint[unit] / np.maximum(shared[unit], 1))
    features["levels"] = known["levels"].to_numpy(np.float64)[unit]
    return features


def _own_building(at: Floats, footprint: Floats, xy: Floats) -> Ints:
    """The building a place most likely stands in: buildings are known as points with a size, so taken for discs."""
    if not len(xy):
        return np.zeros(0, dtype=np.int64)
    distance, found = KDTree(at).query(xy, k=list(range(1, min(12, len(at)) + 1)))
    gap = distance - np.sqrt(footprint / np.pi)[found]
    return np.take_along_axis(np.asarray(found, dtype=np.int64), gap.argmin(axis=1)[:, None], axis=1)[:, 0]


def _people(residents: gpd.GeoDataFrame, xy: Floats) -> dict[str, Floats]:
    if not len(residents):
        return {}
    at, number = coordinates(residents), residents["residents"].to_numpy(np.float64)
    return {f"residents_{s}": np.log1p(_surface(at, number, s)(xy)) for s in (80, 200, 400)}


def _streets(streets: gpd.GeoDataFrame, xy: Floats) -> dict[str, Floats]:
    points = np.asarray(shapely.points(xy))
    lines = streets.geometry.to_numpy()
    features = {}
    for name, classes in STREET_CLASSES.items():
        tree = shapely.STRtree(lines[streets["highway"].isin(classes).to_numpy()])
        nearest = np.full(len(xy), np.inf)
        if len(tree.geometries) and len(xy):
            (row, _), distance = tree.query_nearest(points, return_distance=True, all_matches=False)
            nearest[row] = distance
        features[f"{name}_m"] = _log_m(nearest)
    return features


def _network(network: Network, xy: Floats) -> dict[str, Floats]:
    ends = np.bincount(np.concatenate([network.edge_u, network.edge_v]), minlength=network.n_nodes)
    junctions = network.xy[ends >= 3]
    metres = network.edge_mm / 1000.0
    features = {"junction_m": _log_m(_nearest(junctions, xy))}
    for scale in (100, 300):
        features[f"streets_{scale}"] = np.log1p(_surface(network.edge_middle, metres, scale)(xy))
        features[f"junctions_{scale}"] = np.log1p(_surface(junctions, np.ones(len(junctions)), scale)(xy))
    return features


def _transit(stops: gpd.GeoDataFrame, xy: Floats) -> dict[str, Floats]:
    at = coordinates(stops)
    departures = stops["departures_weekday"].fillna(USUAL_DEPARTURES).to_numpy(np.float64)
    rail = stops["mode"].isin(["rail", "metro"]).to_numpy()
    return {
        "stop_m": _log_m(_nearest(at, xy)),
        "station_m": _log_m(_nearest(at[rail], xy)),
        "departures_80": np.log1p(_surface(at, departures, 80)(xy)),
        "departures_200": np.log1p(_surface(at, departures, 200)(xy)),
    }


def _amenities(tables: Tables, xy: Floats) -> dict[str, Floats]:
    """Amenities that are themselves premises (a gallery that sells) would give their branch away: left out."""
    apart = tables.amenities[~tables.amenities["id"].isin(tables.premises["id"])]
    features = {}
    for kind in ("school", "health", "culture", "worship", "hotel", "bench"):
        at = coordinates(apart[apart["kind"] == kind])
        features[f"{kind}_150"] = np.log1p(_surface(at, np.ones(len(at)), 150)(xy))
    cars = tables.parking[tables.parking["mode"] == "car"]
    features["car_park_m"] = _log_m(_nearest(coordinates(cars), xy))
    features["parking_150"] = np.log1p(_surface(coordinates(cars), cars["places"].fillna(0.0).to_numpy(float), 150)(xy))
    return features


def _nearest(points: Floats, xy: Floats) -> Floats:
    if not len(points) or not len(xy):
        return np.full(len(xy), np.inf)
    return np.asarray(KDTree(points).query(xy)[0], dtype=np.float64)


def _log_m(distance: Floats) -> Floats:
    return np.asarray(np.log1p(np.minimum(distance, NOWHERE_M)), dtype=np.float64)


def _surface(points: Floats, weight: Floats, scale_m: float) -> Callable[[Floats], Floats]:
    """Σ weight·exp(−d² / 2 scale²) at any place: a raster of a third of the scale, blurred, read between its cells.

    Within 2 % of the exact sum near its peaks, in a time that hardly depends on the number of places.
    """
    known = ~np.isnan(weight)
    points, weight = points[known], weight[known]
    if not len(points):
        return lambda xy: np.zeros(len(xy))
    step = scale_m / 3
    low = points.min(axis=0) - 4 * scale_m
    shape = np.ceil((points.max(axis=0) + 4 * scale_m - low) / step).astype(int) + 1
    at = (points - low) / step
    cell = np.floor(at).astype(int)
    part = at - cell
    raster = np.zeros(shape)
    for dx in (0, 1):  # each point shared over the four corners around it, so that it stays where it is
        for dy in (0, 1):
            share = np.abs(1 - dx - part[:, 0]) * np.abs(1 - dy - part[:, 1])
            np.add.at(raster, (cell[:, 0] + dx, cell[:, 1] + dy), weight * share)
    blurred = gaussian_filter(raster, 3.0, mode="constant") * (2 * np.pi * 9.0)
    return lambda xy: np.asarray(map_coordinates(blurred, ((xy - low) / step).T, order=1, mode="constant"))
