"""Timetables (GTFS): how often something leaves from each stop on a weekday, a Saturday and a Sunday."""

import datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.language import T, Text
from geodata.sources.gtfs_feed import Feed, open_feed
from geodata.sources.gtfs_week import WEEKDAYS, ServiceDays, service_days, typical_week
from geodata.tables import Reading, empty, validate

SOURCE = "gtfs"

_MODES = {0: "tram", 1: "metro", 2: "rail", 3: "bus", 4: "ferry", 5: "tram", 11: "bus", 12: "metro"}
_EXTENDED_MODES = {1: "rail", 2: "bus", 4: "metro", 7: "bus", 8: "bus", 9: "tram", 10: "ferry", 12: "ferry"}
"""Hundreds of the extended route types: 100–199 railway, 200–299 coach, …"""
_NO_PICKUP = "1"


def read_gtfs(path: Path, *, area: BaseGeometry, crs: int) -> Reading:
    """The `stops` table of a GTFS zip: departures a stop in the feed's busiest regular week.

    `area` (WGS84, margin included) clips the stops; the week is chosen from the trips that call
    there (rule in `gtfs_week`). A weekday is the mean of Monday to Friday. A departure after
    midnight (25:10) counts on the day it happens. The last call of a trip and calls without
    boarding are no departures. Platforms are added up in their parent station. Stops that no trip
    serves are left out. Stops without usable coordinates are listed as skipped.

    Raises GeodataError when the zip or one of its files is missing, broken or lacks columns.
    """
    with open_feed(path) as feed:
        feed.require("stops.txt", "routes.txt", "trips.txt", "stop_times.txt")
        if "calendar_dates.txt" not in feed:
            feed.require("calendar.txt")
        stops, bad_stops, n_stops = _stops(feed, area)
        calls, bad_calls = _calls(feed, stops.index)
        trips = feed.frame("trips.txt", ("route_id", "service_id", "trip_id")).drop_duplicates("trip_id")
        routes = feed.frame("routes.txt", ("route_id", "route_type")).drop_duplicates("route_id")
        calendar = _optional(feed, "calendar.txt", ("service_id", "start_date", "end_date", *WEEKDAYS))
        exceptions = _optional(feed, "calendar_dates.txt", ("service_id", "date", "exception_type"))
        runs = _runs(feed)
        skipped = pd.concat([bad_stops, bad_calls, pd.DataFrame(feed.malformed, columns=bad_stops.columns)])
    calls = calls.merge(trips, on="trip_id").merge(routes, on="route_id", how="left")
    calls["runs"] = calls.trip_id.map(runs).fillna(1.0)
    calls["mode"] = calls.route_type.map({kind: _mode(kind) for kind in calls.route_type.dropna().unique()})
    trips_per_service = calls.drop_duplicates("trip_id").groupby("service_id").runs.sum()
    days = service_days(calendar, exceptions, trips_per_service.index)
    if days is None:
        nothing = T("no trip of this timetable calls in the area.")
        if stops.empty:
            nothing = T("none of the {n} stops of this timetable lies in the area: is it of this region?", n=n_stops)
        elif len(calls):
            nothing = T("the calendar of this timetable names no day on which its trips run.")
        return Reading(empty("stops", crs), SOURCE, n_stops, skipped.reset_index(drop=True), (nothing,))
    week = typical_week(days, trips_per_service.to_numpy())
    calls["station"] = calls.stop_id.map(stops.station)
    table = _departures(calls, days, week).join(stops)
    points = gpd.GeoDataFrame(
        table.assign(id=table.index, name=table.stop_name, source=SOURCE),
        geometry=gpd.points_from_xy(table.lng, table.lat),
        crs=4326,
    ).to_crs(crs)
    monday = days.monday + datetime.timedelta(days=week)
    note = T(
        "departures of the week of {monday}, the most usual one of the busiest in the timetable ({first} to {last}).",
        monday=monday,
        first=days.first,
        last=days.last,
    )
    checked = validate("stops", points, where=str(path))
    return Reading(checked, SOURCE, n_stops, skipped.reset_index(drop=True), (note,), f"{monday:%Y-%m-%d}")


def _departures(calls: pd.DataFrame, days: ServiceDays, week: int) -> pd.DataFrame:
    """Departures on a weekday, Saturday and Sunday and the mode with most of them, by station."""
    groups = calls.groupby(["station", "service_id", "nights", "mode"], dropna=False).runs.sum().reset_index()
    service = days.services.get_indexer(pd.Index(groups.service_id))
    day_begun = week + np.arange(7) - groups.nights.to_numpy(dtype=np.int64)[:, None]
    runs = days.active[service[:, None], np.maximum(day_begun, 0)] & (day_begun >= 0)
    per_day = pd.DataFrame(runs * groups.runs.to_numpy()[:, None])
    per_day = per_day.groupby(groups.station).sum().astype(float)
    per_day.loc[:, ~days.known[week : week + 7]] = np.nan
    by_mode = groups.groupby(["station", "mode"]).runs.sum().reset_index().sort_values(["station", "runs"])
    return pd.DataFrame(
        {
            "departures_weekday": per_day.loc[:, :4].mean(axis=1),
            "departures_saturday": per_day[5],
            "departures_sunday": per_day[6],
            "mode": by_mode.drop_duplicates("station", keep="last").set_index("station")["mode"],
        },
        index=per_day.index,
    )


def _stops(feed: Feed, area: BaseGeometry) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """Stops and stations in the area by stop_id (stop_name, lng, lat, station), the rows left out, the rows read."""
    columns = ("stop_name", "location_type", "parent_station")
    stops = feed.frame("stops.txt", ("stop_id", "stop_lat", "stop_lon"), columns)
    n_read = len(stops)
    stops = stops.assign(
        row=np.arange(1, n_read + 1),
        lat=pd.to_numeric(stops.stop_lat, errors="coerce"),
        lng=pd.to_numeric(stops.stop_lon, errors="coerce"),
    )
    stops = stops[stops.location_type.fillna("0").str.strip().isin(["0", "1"])].drop_duplicates("stop_id")
    usable = stops.lat.between(-90, 90) & stops.lng.between(-180, 180) & (stops.lat.ne(0) | stops.lng.ne(0))
    bad = _left_out(
        stops[~usable],
        "stops.txt: stop_lat, stop_lon",
        stops.stop_lat.fillna("") + " " + stops.stop_lon.fillna(""),
        T("the stop has no usable coordinates."),
    )
    stops = stops[usable].set_index("stop_id")
    stops = stops[shapely.contains_xy(area, stops.lng.to_numpy(), stops.lat.to_numpy())]
    in_a_station = stops.parent_station.isin(stops.index)
    station = stops.parent_station.where(in_a_station, stops.index.to_series())
    return stops[["stop_name", "lng", "lat"]].assign(station=station), bad, n_read


def _calls(feed: Feed, stop_ids: pd.Index) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Departures at these stops (trip_id, stop_id, nights since the service day began), and the rows left out."""
    wanted = pa.array(stop_ids, pa.string())
    kept, last_calls, n_read = [], [], 0
    times = ("departure_time", "arrival_time", "pickup_type")
    for batch in feed.batches("stop_times.txt", ("trip_id", "stop_id", "stop_sequence"), times):
        rows = pa.array(np.arange(n_read + 1, n_read + len(batch) + 1))
        n_read += len(batch)
        batch = batch.append_column("sequence", _integers(batch["stop_sequence"])).append_column("row", rows)
        last_calls.append(batch.group_by("trip_id").aggregate([("sequence", "max")]))
        kept.append(batch.filter(pc.is_in(batch["stop_id"], value_set=wanted)))
    ends = pa.concat_tables(last_calls).group_by("trip_id").aggregate([("sequence_max", "max")]).to_pandas()
    table = pa.concat_tables(kept)
    time = pc.coalesce(table["departure_time"], table["arrival_time"])
    hour = pc.struct_field(pc.extract_regex(time, r"^\s*(?P<hour>\d{1,3}):[0-5]\d"), "hour")
    calls = table.select(["trip_id", "stop_id", "sequence", "pickup_type", "row"]).to_pandas()
    calls["nights"] = pd.Series(hour.to_pandas(), dtype="Float64") // 24
    unreadable = calls.nights.isna() & time.to_pandas().notna()
    bad = _left_out(
        calls[unreadable], "stop_times.txt: departure_time", time.to_pandas(), T("the time cannot be read.")
    )
    end = calls.trip_id.map(ends.set_index("trip_id").sequence_max_max)
    departs = ~unreadable & (calls.sequence != end) & (calls.pickup_type != _NO_PICKUP)
    calls = calls[departs]
    untimed = calls.groupby("trip_id").nights.ffill().fillna(0)  # calls between timed ones may have no time
    return calls[["trip_id", "stop_id"]].assign(nights=untimed.astype(int)), bad


def _runs(feed: Feed) -> pd.Series:
    """Runs of each trip that `frequencies.txt` repeats at a headway; empty when no trip is."""
    if "frequencies.txt" not in feed:
        return pd.Series(dtype=float)
    windows = feed.frame("frequencies.txt", ("trip_id", "start_time", "end_time", "headway_secs"))
    clock = pd.to_timedelta(windows.end_time, errors="coerce") - pd.to_timedelta(windows.start_time, errors="coerce")
    headway = pd.to_numeric(windows.headway_secs, errors="coerce")
    runs = (clock.dt.total_seconds() / headway.where(headway > 0)).apply(np.ceil)
    return runs.groupby(windows.trip_id).sum()


def _integers(column: pa.ChunkedArray) -> pa.ChunkedArray:
    try:
        return pc.cast(column, pa.int32())
    except pa.ArrowInvalid:  # one bad value: null for it alone
        return pa.chunked_array([pa.array(pd.to_numeric(column.to_pandas(), errors="coerce"), pa.float64())])


def _mode(route_type: str) -> str:
    code = int(route_type) if route_type.strip().isdigit() else -1
    return _MODES.get(code) or _EXTENDED_MODES.get(code // 100) or "other"


def _optional(feed: Feed, name: str, columns: tuple[str, ...]) -> pd.DataFrame | None:
    return feed.frame(name, columns) if name in feed else None


def _left_out(rows: pd.DataFrame, field: str, values: pd.Series, reason: Text) -> pd.DataFrame:
    return pd.DataFrame({"row": rows.row, "field": field, "value": values[rows.index], "reason": [reason] * len(rows)})
