"""What may be said of footfall at a place: a class and a rank always, persons per day only where somebody counted."""

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.stats import norm

from geodata.count_profile import Profile, count_profile, persons_per_day
from geodata.language import T, Text
from geodata.layers.footfall import NEAR_M, busiest_edge
from geodata.network.graph import Network
from geodata.opportunities import coordinates
from geodata.store import Area
from location_model.calibration import Calibration, calibrate, mean_only
from location_model.counters import SAME_PLACE_M, on_streets
from location_model.street_class import REFERENCES, Reference, street_class, street_rank

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LEVEL = 0.8
"""Of the interval: four of five such intervals hold what a counter would see."""
FEWEST_SEEN = 30
"""Of fewer passers-by no count is told as a number."""
QUIETEST = 0.5
"""Of the least index that was counted. Nobody counted in quieter streets; the line through busier ones says up to ten
times too much of them, and its interval does not know.
"""
COMPARABLE: Mapping[str, tuple[int, ...]] = {"A1": (0, 1), "A2": (0,), "B1": (2,), "B2": (2,), "C": ()}
"""Which reference ranges stand beside a class, by their place in `REFERENCES`."""

NEEDS_COUNT = T("needs a count")


@dataclass(frozen=True)
class PlaceFootfall:
    """What may be said of one place.

    street_class: A1 … C; busier_than: share of the town's street length it is busier than; both None where not known.
    persons, low, high: per day, median and 80 % interval; None without counters and in streets quieter than any that
    was counted, never a guess.
    counted: what the counter at this piece of street saw, or one at most 40 m away in the same street, as low and high
    of persons per day (80 %: narrow for a long count); its name in `counted_by`; None below 30 passers-by. nearest_m:
    metres to the nearest counter, in a straight line.
    mean: what one mean for all streets would say. references: ranges seen elsewhere.
    """

    street_class: str | None
    busier_than: float | None
    persons: float | None
    low: float | None
    high: float | None
    counted: tuple[float, float] | None
    counted_by: str
    nearest_m: float | None
    mean: float | None
    references: tuple[Reference, ...]


@dataclass(frozen=True, eq=False)
class Footfall:
    """Footfall in an area on one kind of day. By cell: `edge` (−1: no street near), the busiest near its middle.

    network: that of the area. rank (share of the street length that is busier), classes, persons, low, high are by its
    edges; the last three NaN in streets less than half as busy, by the index, as the quietest one counted.
    table: the counters on their streets, as `on_streets` gives them. calibration: None where nobody counted.
    """

    cells: pd.Index
    centres: Floats
    edge: Ints
    network: Network
    rank: Floats
    classes: npt.NDArray[np.object_]
    persons: Floats
    low: Floats
    high: Floats
    table: gpd.GeoDataFrame
    calibration: Calibration | None
    profile: Profile
    notes: tuple[Text, ...]

    @property
    def basis(self) -> Text:
        """What the numbers stand on, or that there are none."""
        return NEEDS_COUNT if self.calibration is None else self.calibration.basis

    @property
    def mean(self) -> float:
        """One mean for all streets, to compare with; NaN without counters."""
        return mean_only(self.table["persons_per_day"])

    def by_cell(self) -> pd.DataFrame:
        """A row a cell: street_class, busier_than (0–1), persons_per_day with persons_low and persons_high; NaN or
        None where not known.
        """
        on = self.edge >= 0
        edge = np.where(on, self.edge, 0)
        numbers = {
            "busier_than": 1 - self.rank,
            "persons_per_day": self.persons,
            "persons_low": self.low,
            "persons_high": self.high,
        }
        frame = pd.DataFrame({name: np.where(on, v[edge], np.nan) for name, v in numbers.items()}, index=self.cells)
        name = self.classes[edge]
        name[~on] = None
        frame.insert(0, "street_class", name)
        return frame

    def at(self, *cells: str) -> PlaceFootfall | None:
        """What may be said of a cell, or of the busiest of several; None where none is of this area."""
        rows = self.cells.get_indexer(pd.Index(cells))
        rows = rows[rows >= 0]
        if not len(rows):
            return None
        edges = self.edge[rows]
        busier = np.where(edges >= 0, 1 - self.rank[edges], -1.0)
        row = rows[int(np.nanargmax(np.where(np.isnan(busier), -1.0, busier)))]
        return self.on_edge(int(self.edge[row]), self.centres[row])

    def _in_street(self, counter: pd.Series, edge: int) -> bool:
        """Whether a counter stands in the street of a piece of it: on the same line of the map, or where they meet."""
        if edge < 0:
            return False
        line = self.network.edge_line
        return bool(line[counter["edge"]] == line[edge]) or _away(self.network, edge, counter.geometry) <= SAME_PLACE_M

    def on_edge(self, edge: int, xy: Floats) -> PlaceFootfall:
        """What may be said of a piece of street, seen from a point in the metric CRS."""
        nearest = counted = None
        by = ""
        if len(self.table):
            away = np.hypot(*(coordinates(self.table) - xy).T)
            nearest = float(away.min())
            here = self.table.iloc[int(np.argmin(np.where(self.table["edge"] == edge, -1.0, away)))]
            if here["edge"] == edge or (nearest <= NEAR_M and self._in_street(here, edge)):
                by = str(here["counter"])
                value, half = float(here["persons_per_day"]), float(here["half_person_per_day"])
                if value * 0.5 / half >= FEWEST_SEEN:
                    factor = float(np.exp(norm.ppf((1 + LEVEL) / 2) * np.sqrt(here["log_variance"])))
                    counted = value / factor, value * factor
        name = None if edge < 0 else self.classes[edge]
        known = edge >= 0 and name is not None
        told = (self.persons, self.low, self.high)
        numbers = [float(v[edge]) if known and np.isfinite(v[edge]) else None for v in told]
        return PlaceFootfall(
            street_class=name,
            busier_than=float(1 - self.rank[edge]) if known else None,
            persons=numbers[0],
            low=numbers[1],
            high=numbers[2],
            counted=counted,
            counted_by=by,
            nearest_m=nearest,
            mean=None if np.isnan(self.mean) else self.mean,
            references=tuple(REFERENCES[i] for i in COMPARABLE.get(str(name), ())),
        )


def _away(network: Network, edge: int, point: shapely.Point) -> float:
    """Metres from a point to a piece of street."""
    ends = network.xy[[network.edge_u[edge], network.edge_v[edge]]]
    return float(shapely.distance(shapely.LineString(ends), point))


def footfall_of(area: Area, counts: gpd.GeoDataFrame | None = None, *, kind: str = "ordinary") -> Footfall:
    """What may be said of footfall everywhere in an area, from its counts or from others, on one kind of day.

    counts: a `counts` table, with those made by hand where there are any (`counts_with_own`). Counts of another kind
    of day tell of the hours alone. A cell where the footfall layer is not known has no street here either.
    GeodataError for an unknown kind of day.
    """
    given = area.table("counts") if counts is None else counts
    network, index = area.network, area.walks.index
    profile = count_profile(given)
    placed = on_streets(network, persons_per_day(given, profile, kind=kind))
    table, made = placed.table, None
    nothing = np.full(len(index), np.nan)
    persons, low, high = nothing, nothing, nothing
    if len(table):
        made = calibrate(
            index[table["edge"].to_numpy(np.int64)], table["persons_per_day"], log_variance=table["log_variance"],
            stand_in_for_zero=table["half_person_per_day"], level=LEVEL,
        )  # fmt: skip
        quiet = index < QUIETEST * index[table["edge"].to_numpy(np.int64)].min()
        persons, low, high = (np.where(quiet, np.nan, told) for told in made.predict(index))
    length = np.where(_inside(area), network.edge_mm / 1000, 0.0)
    rank = street_rank(index, length)
    rank[index == 0] = 1.0
    known = area.grid["footfall_index"].notna().to_numpy()
    centres = area.study.centres
    edge = np.where(known, busiest_edge(area.network, centres, area.walks.index), -1)
    notes = placed.notes + (made.notes if made else ())
    return Footfall(
        area.grid.index, centres, edge, area.network, rank, street_class(index, length), persons, low, high,
        table, made, profile, notes,
    )  # fmt: skip


def _inside(area: Area) -> npt.NDArray[np.bool_]:
    """Which pieces of street lie inside the boundary: the town that a street is ranked in."""
    boundary = gpd.GeoSeries([area.study.boundary], crs=4326).to_crs(area.study.crs).iloc[0]
    shapely.prepare(boundary)
    middle = area.network.edge_middle
    return np.asarray(shapely.contains_xy(boundary, middle[:, 0], middle[:, 1]), dtype=np.bool_)


def two_digits(persons: float) -> int:
    """Persons per day no more precise than they are known: two digits."""
    if persons < 1:
        return 0
    step = 10 ** max(0, int(np.floor(np.log10(persons))) - 1)
    return int(round(persons / step) * step)
