"""Timetables as GTFS zips: one bus operator and one railway, with weekends, school holidays, summer and late buses."""

import zipfile
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from geodata.sample.projection import to_degrees
from geodata.sample.stops import Course, Stop

START, END = date(2025, 1, 6), date(2025, 12, 14)
SUMMER = (date(2025, 6, 28), date(2025, 8, 31))
HOLIDAYS = (
    date(2025, 4, 21),
    date(2025, 5, 1),
    date(2025, 5, 29),
    date(2025, 6, 9),
    date(2025, 7, 21),
    date(2025, 8, 15),
    date(2025, 11, 1),
    date(2025, 11, 11),
)
_PEAKS = {"weekday": (7, 8, 16, 17), "saturday": (), "sunday": ()}
BUS_M_PER_MIN, RAIL_M_PER_MIN = 370.0, 1300.0


def write_gtfs(path: Path, courses: list[Course], *, agency: tuple[str, str], rail: bool) -> None:
    """One operator's zip. Times past midnight run on (25:10:00); calendar_dates takes weekdays out on holidays."""
    stops = {s.id: s for c in courses for s in c.stops}
    trips, times = [], []
    for course in courses:
        for service, rate in (
            ("weekday", course.line.weekday),
            ("saturday", course.line.saturday),
            ("sunday", course.line.sunday),
        ):
            for way in (0, 1):
                for number, start in enumerate(_departures(course, service, rate, way)):
                    trip = f"{course.line.number}-{service[:2]}-{way}-{number:03d}"
                    name = f"{'zomer-' if course.line.summer else ''}{service}"
                    order = course.stops if way == 0 else course.stops[::-1]
                    trips.append((course.line.number, name, trip, order[-1].name, way))
                    times += _times(trip, course, way, start, RAIL_M_PER_MIN if rail else BUS_M_PER_MIN)
    services = sorted({t[1] for t in trips})
    routes = [(c.line.number, agency[0], c.line.number, c.line.name, 2 if rail else 3) for c in courses]
    tables = {
        "agency": _frame(
            "agency_id,agency_name,agency_url,agency_timezone,agency_lang",
            [(*agency, "https://example.org/", "Europe/Brussels", "nl")],
        ),
        "stops": _stops(list(stops.values())),
        "routes": _frame("route_id,agency_id,route_short_name,route_long_name,route_type", routes),
        "trips": _frame("route_id,service_id,trip_id,trip_headsign,direction_id", trips),
        "stop_times": _frame("trip_id,arrival_time,departure_time,stop_id,stop_sequence", times),
        "calendar": _calendar(services),
        "calendar_dates": _exceptions(services),
        "feed_info": _frame(
            "feed_publisher_name,feed_publisher_url,feed_lang,feed_start_date,feed_end_date,feed_version",
            [
                (
                    "Voorbeeldgegevens / sample data",
                    "https://example.org/",
                    "nl",
                    f"{START:%Y%m%d}",
                    f"{END:%Y%m%d}",
                    "1",
                )
            ],
        ),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, frame in tables.items():
            entry = zipfile.ZipInfo(f"{name}.txt", date_time=(2025, 3, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, frame.to_csv(index=False, lineterminator="\n"))


def _frame(columns: str, rows: Sequence[tuple[object, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns.split(","))


def _stops(stops: list[Stop]) -> pd.DataFrame:
    degrees = to_degrees(np.array([(s.x, s.y) for s in stops]))
    rows = [(s.id, s.name, lat, lon) for s, (lon, lat) in zip(stops, degrees.tolist(), strict=True)]
    return _frame("stop_id,stop_name,stop_lat,stop_lon", sorted(rows))


def _departures(course: Course, service: str, rate: float, way: int) -> list[float]:
    """Minutes after midnight of every departure; peaks are denser, and some lines run past midnight."""
    if rate == 0:
        return []
    first, last = (5.5, 21.5) if service == "weekday" else (7.0, 20.5)
    shift = (sum(map(ord, course.line.number)) * 7 + 13 * way) % 30
    found: list[float] = []
    minute = first * 60 + shift
    while minute < last * 60:
        found.append(minute)
        busy = int(minute // 60) in _PEAKS[service]
        minute += 60 / (rate * (1.6 if busy else 1.0))
    if course.line.night:
        found += [22 * 60 + shift, 23 * 60 + shift, *([24 * 60 + 10 + shift] if service != "sunday" else [])]
    return found


def _times(trip: str, course: Course, way: int, start: float, speed: float) -> list[tuple[object, ...]]:
    metres = np.array(course.metres)
    ride = metres if way == 0 else (metres[-1] - metres)[::-1]
    order = course.stops if way == 0 else course.stops[::-1]
    minutes = start + ride / speed + 0.25 * np.arange(len(ride))
    clock = [f"{int(m // 60):02d}:{int(m % 60):02d}:00" for m in minutes]
    return [(trip, t, t, s.id, i + 1) for i, (t, s) in enumerate(zip(clock, order, strict=True))]


def _calendar(services: list[str]) -> pd.DataFrame:
    days = {"weekday": (1, 1, 1, 1, 1, 0, 0), "saturday": (0, 0, 0, 0, 0, 1, 0), "sunday": (0, 0, 0, 0, 0, 0, 1)}
    rows = []
    for service in services:
        first, last = SUMMER if service.startswith("zomer-") else (START, END)
        rows.append((service, *days[service.removeprefix("zomer-")], f"{first:%Y%m%d}", f"{last:%Y%m%d}"))
    return _frame("service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date", rows)


def _exceptions(services: list[str]) -> pd.DataFrame:
    """On holidays the Sunday service runs; 2 means taken out, 1 added."""
    rows: list[tuple[object, ...]] = []
    for day in HOLIDAYS:
        regular = "saturday" if day.weekday() == 5 else "weekday"
        for service in services:
            summer = service.startswith("zomer-")
            if summer and not SUMMER[0] <= day <= SUMMER[1]:
                continue
            if service.endswith(regular):
                rows.append((service, f"{day:%Y%m%d}", 2))
            elif service.endswith("sunday") and day.weekday() != 6:
                rows.append((service, f"{day:%Y%m%d}", 1))
    if "weekday" in services:
        bridge = HOLIDAYS[2] + timedelta(days=1)
        rows += [("weekday", f"{bridge:%Y%m%d}", 2), ("saturday", f"{bridge:%Y%m%d}", 1)]
    return _frame("service_id,date,exception_type", rows)
