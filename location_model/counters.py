"""Counters put on the streets they hang in: one row a place, with how sure its mean day is."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial import KDTree

from geodata.language import T, Text, TN
from geodata.network.graph import SPLIT_M, Network
from geodata.opportunities import coordinates

OFF_STREET_M = 30.0
"""Farther from any street, a counter hangs in one that is not on the map."""
SAME_PLACE_M = 15.0


@dataclass(frozen=True, eq=False)
class CountersOnStreets:
    """`table`: the rows of `persons_per_day`, one a place, with `edge` (of the network). `notes`: what was set right.

    off_network: names of the counters no street is near to.
    """

    table: gpd.GeoDataFrame
    notes: tuple[Text, ...]
    off_network: tuple[str, ...]


def on_streets(network: Network, per_day: gpd.GeoDataFrame) -> CountersOnStreets:
    """Each counter of `persons_per_day` with its nearest edge; those over 30 m from any street are listed apart.

    Counters within 15 m of each other count the same people: they become one, with the mean of their logs weighed
    by how sure each is, and a note names them. Rows without a place are off the network.
    """
    edge = _nearest_edge(network, per_day)
    off = tuple(per_day["counter"][edge < 0])
    notes: list[Text] = []
    if off:
        text = TN(
            "{count} counter hangs more than {metres} m from any street on the map and is left out: {names}",
            "{count} counters hang more than {metres} m from any street on the map and are left out: {names}",
            len(off),
            metres=int(OFF_STREET_M),
            names=", ".join(off),
        )
        notes.append(text)
    table = per_day.assign(edge=edge)[edge >= 0].reset_index(drop=True)
    kept = []
    for rows in _places(table):
        kept.append(_one(table.iloc[rows]))
        if len(rows) > 1:
            names = ", ".join(table["counter"].iloc[rows])
            notes.append(T("counters at one place are taken as one, their mean: {names}", names=names))
    columns = list(table.columns)
    merged = gpd.GeoDataFrame(pd.DataFrame(kept, columns=columns), geometry="geometry", crs=per_day.crs)
    return CountersOnStreets(merged, tuple(notes), off)


def metres_to_counter(network: Network, placed: CountersOnStreets) -> npt.NDArray[np.float64]:
    """Straight distance from each edge's middle to the nearest counter: how far a calibration is stretched; NaN
    without counters.
    """
    if placed.table.empty:
        return np.full(len(network.edge_u), np.nan)
    distance, _ = KDTree(coordinates(placed.table)).query(network.edge_middle)
    return np.asarray(distance, dtype=np.float64)


def _nearest_edge(network: Network, points: gpd.GeoDataFrame) -> npt.NDArray[np.int64]:
    """The edge nearest to each point, −1 where none is within reach."""
    there = (~(points.geometry.is_empty | points.geometry.isna())).to_numpy()
    found = np.full(len(points), -1, np.int64)
    if not there.any() or not len(network.edge_u):
        return found
    xy = coordinates(points[there])
    candidates: list[list[int]] = list(KDTree(network.edge_middle).query_ball_point(xy, OFF_STREET_M + SPLIT_M))  # type: ignore[arg-type]
    for row, at, edges in zip(np.flatnonzero(there), xy, candidates, strict=True):
        if not edges:
            continue
        ends = np.stack([network.xy[network.edge_u[edges]], network.xy[network.edge_v[edges]]], axis=1)
        away = np.atleast_1d(shapely.distance(shapely.linestrings(ends), shapely.Point(at)))
        best = int(np.argmin(away))
        if away[best] <= OFF_STREET_M:
            found[row] = edges[best]
    return found


def _places(table: gpd.GeoDataFrame) -> list[list[int]]:
    """Rows grouped by place, in order; a counter joins the first one within reach."""
    groups: list[list[int]] = []
    points = coordinates(table)
    for row, at in enumerate(points):
        near = next((g for g in groups if np.hypot(*(points[g[0]] - at)) <= SAME_PLACE_M), None)
        if near is None:
            groups.append([row])
        else:
            near.append(row)
    return groups


def _one(rows: gpd.GeoDataFrame) -> dict[str, object]:
    first = rows.iloc[0].to_dict()
    if len(rows) == 1:
        return {str(k): v for k, v in first.items()}
    sure = 1 / rows["log_variance"].to_numpy(float)
    log = np.log(rows["persons_per_day"].where(rows["persons_per_day"] > 0, rows["half_person_per_day"]))
    together = {
        "counter": " + ".join(rows["counter"]),
        "persons_per_day": float(np.exp(np.average(log, weights=sure))),
        "half_person_per_day": float(rows["half_person_per_day"].min()),
        "days": rows["days"].max(),
        "hours": rows["hours"].max(),
        "log_variance": 1 / sure.sum(),
    }
    return {str(k): v for k, v in (first | together).items()}
