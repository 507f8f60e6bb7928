"""Counts made by hand as a table beside those an area was built with: each count counts once."""

from collections.abc import Iterator, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.store import Area
from geodata.tables import empty, validate
from location_model.footfall_estimate import Footfall, footfall_of
from location_model.own_counts import OWN, OwnCount, read_own_counts


def as_table(counts: Sequence[OwnCount], area: Area) -> gpd.GeoDataFrame:
    """The counts as a `counts` table in the area's metric CRS."""
    if not counts:
        return empty("counts", area.study.crs)
    begin = np.array([c.start.hour + c.start.minute / 60 for c in counts])
    points = shapely.points([c.lng for c in counts], [c.lat for c in counts])
    frame = gpd.GeoDataFrame(
        {
            "counter": [c.counter for c in counts],
            "date": pd.to_datetime([c.start.date() for c in counts]),
            "hour_from": begin,
            "hour_to": (begin + np.array([c.minutes for c in counts]) / 60) % 24,
            "pedestrians": [float(c.pedestrians) for c in counts],
            "day_kind": [c.day_kind for c in counts],
            "in_study": shapely.contains(area.study.boundary, points),
        },
        geometry=points,
        crs=4326,
    )
    return validate("counts", frame.to_crs(area.study.crs), where="own_counts")


def counts_with_own(area: Area, counts: Sequence[OwnCount]) -> gpd.GeoDataFrame:
    """The area's counts and those made by hand. A count the area was built with before is taken from here, once."""
    built, own = area.table("counts"), as_table(counts, area)
    if not len(own):
        return built
    mine = set(_periods(own))
    doubled = pd.Series([p in mine for p in _periods(built)], index=built.index, dtype=bool)
    if doubled.all():
        return own
    return gpd.GeoDataFrame(pd.concat([built[~doubled], own], ignore_index=True), crs=built.crs)


def footfall_with_own(area: Area) -> Footfall:
    """Footfall of an area, the counts made by hand there included. GeodataError where their file is damaged."""
    return footfall_of(area, counts_with_own(area, read_own_counts(area.data_dir, area.id).counts))


def by_hand(counts: gpd.GeoDataFrame) -> pd.Series:
    """Which rows of a `counts` table were counted by hand, by the mark behind the name."""
    return counts["counter"].astype("str").str.contains(OWN[:-1], regex=False).astype(bool)


def only_built(area: Area, counts: Sequence[OwnCount]) -> int:
    """How many counts by hand the area was built with that are not among these: they go with the next build."""
    built = area.table("counts")
    mine = set(_periods(as_table(counts, area)))
    return sum(period not in mine for period in _periods(built[by_hand(built)]))


def _periods(table: gpd.GeoDataFrame) -> Iterator[tuple[str, pd.Timestamp, int]]:
    minute = (table["hour_from"].fillna(-1.0) * 60).round().astype(int)
    return zip(table["counter"], table["date"], minute, strict=True)
