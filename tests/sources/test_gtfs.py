"""Timetables: departures counted by eye on feeds of a few lines, and by brute force on real ones."""

import csv
import datetime
import io
import zipfile
from collections import defaultdict
from pathlib import Path

import pytest
import shapely

from geodata.errors import GeodataError
from geodata.sources.gtfs import read_gtfs
from geodata.tables import Reading

AREA = shapely.box(2.7, 51.5, 2.8, 51.6)

STOPS = """stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station
A,Markt,51.55,2.75,,
B,Kerk,51.551,2.751,0,
C,Ver weg,50.0,4.0,,
"""
ROUTES = "route_id,route_type\nbus,3\ntrein,2\n"
WEEK = "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
EVERY_DAY = WEEK + "dag,1,1,1,1,1,1,1,20240101,20240331\n"  # 1 January 2024 was a Monday
ONE_TRIP = "route_id,service_id,trip_id\nbus,dag,t1\n"
CALLS = "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
ONE_RUN = CALLS + "t1,08:00:00,08:00:00,A,1\nt1,08:05:00,08:05:00,B,2\nt1,09:00:00,09:00:00,C,3\n"


def write(folder: Path, encoding: str = "utf-8", **files: str | None) -> Path:
    """A feed of one daily bus A → B → C; keyword arguments replace files, None leaves one out."""
    content = {"stops": STOPS, "routes": ROUTES, "trips": ONE_TRIP, "stop_times": ONE_RUN, "calendar": EVERY_DAY}
    path = folder / "feed.zip"
    with zipfile.ZipFile(path, "w") as feed:
        for name, text in (content | files).items():
            if text is not None:
                feed.writestr(f"{name}.txt", text.encode(encoding))
    return path


def read(path: Path) -> Reading:
    return read_gtfs(path, area=AREA, crs=3812)


def departures(path: Path) -> dict[str, tuple[float, float, float]]:
    """Stop → weekday, Saturday, Sunday."""
    rows = read(path).table[["id", "departures_weekday", "departures_saturday", "departures_sunday"]]
    return {row[0]: tuple(row[1:]) for row in rows.values.tolist()}


def test_one_daily_bus(tmp_path: Path) -> None:
    reading = read(write(tmp_path))
    assert reading.table.id.tolist() == ["A", "B"]
    assert reading.table["mode"].tolist() == ["bus", "bus"]
    assert reading.table.crs == 3812
    assert reading.rows_read == 3 and reading.skipped.empty
    assert departures(tmp_path / "feed.zip") == {"A": (1, 1, 1), "B": (1, 1, 1)}
    assert "1 jan 2024" in reading.notes[0].to("nl")


def test_the_last_call_and_calls_without_boarding_are_no_departures(tmp_path: Path) -> None:
    calls = (
        "trip_id,departure_time,stop_id,stop_sequence,pickup_type\n"
        "t1,08:00:00,A,1,0\nt1,08:02:00,A,2,1\nt1,08:04:00,B,10,0\n"
    )
    assert departures(write(tmp_path, stop_times=calls)) == {"A": (1, 1, 1)}


def test_after_midnight_counts_on_the_day_it_happens(tmp_path: Path) -> None:
    calendar = WEEK + "dag,0,0,0,0,1,0,0,20240101,20240331\n"  # Fridays
    calls = CALLS + "t1,23:50:00,23:50:00,A,1\nt1,24:10:00,24:10:00,B,2\nt1,25:00:00,25:00:00,C,3\n"
    assert departures(write(tmp_path, calendar=calendar, stop_times=calls)) == {"A": (0.2, 0, 0), "B": (0, 1, 0)}


def test_only_calendar_dates(tmp_path: Path) -> None:
    tuesday_and_sunday = "service_id,date,exception_type\ndag,20240102,1\ndag,20240107,1\ndag,20240101,2\n"
    path = write(tmp_path, calendar=None, calendar_dates=tuesday_and_sunday)
    monday_unknown = departures(path)["A"]  # the feed begins on Tuesday: four of the five weekdays are known
    assert monday_unknown == (0.25, 0, 1)


def test_a_feed_of_weekdays_does_not_know_its_sunday(tmp_path: Path) -> None:
    path = write(tmp_path, calendar=WEEK + "dag,1,1,1,1,1,0,0,20240101,20240105\n")
    table = read(path).table
    assert table.departures_weekday.tolist() == [1, 1]
    assert table.departures_saturday.isna().all() and table.departures_sunday.isna().all()


def test_holidays_and_festivals_do_not_win(tmp_path: Path) -> None:
    """Winter 1 trip a day; ten summer weeks with 2; one of them with a holiday; one festival week with 4."""
    calendar = (
        WEEK + "dag,1,1,1,1,1,1,1,20240101,20241229\n"
        "zomer,1,1,1,1,1,1,1,20240701,20240908\n"
        "feest,1,1,1,1,1,1,1,20240715,20240721\n"
    )
    no_summer_service = "service_id,date,exception_type\nzomer,20240701,2\n"
    trips = "route_id,service_id,trip_id\nbus,dag,t1\nbus,zomer,t2\nbus,feest,t3\nbus,feest,t4\n"
    calls = CALLS + "".join(f"t{i},08:00:00,08:00:00,A,1\nt{i},09:00:00,09:00:00,C,2\n" for i in (1, 2, 3, 4))
    path = write(tmp_path, calendar=calendar, calendar_dates=no_summer_service, trips=trips, stop_times=calls)
    reading = read(path)
    assert reading.table.departures_weekday.tolist() == [2]
    assert dict(reading.notes[0].values)["monday"] == datetime.date(2024, 7, 8)


def test_platforms_add_up_in_their_station_and_the_main_mode_wins(tmp_path: Path) -> None:
    stops = (
        "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n"
        "S,Station,51.55,2.75,1,\nP1,Spoor 1,51.55,2.7501,0,S\nP2,Perron bus,51.55,2.7502,0,S\n"
        "C,Ver,50.0,4.0,0,\nX,Ingang,51.55,2.75,2,S\n"
    )
    trips = "route_id,service_id,trip_id\nbus,dag,t1\ntrein,dag,t2\ntrein,dag,t3\n"
    calls = CALLS + "".join(
        f"t{i},08:00:00,08:00:00,{p},1\nt{i},09:00:00,09:00:00,C,2\n" for i, p in [(1, "P2"), (2, "P1"), (3, "P1")]
    )
    table = read(write(tmp_path, stops=stops, trips=trips, stop_times=calls)).table
    assert table[["id", "name", "mode", "departures_weekday"]].values.tolist() == [["S", "Station", "rail", 3]]


def test_headways_count_every_run(tmp_path: Path) -> None:
    frequencies = "trip_id,start_time,end_time,headway_secs\nt1,06:00:00,09:00:00,600\nt1,09:00:00,10:00:00,1800\n"
    assert departures(write(tmp_path, frequencies=frequencies))["A"] == (20, 20, 20)


def test_calls_between_timed_ones_may_have_no_time(tmp_path: Path) -> None:
    calls = CALLS + "t1,24:01:00,24:01:00,A,1\nt1,,,B,2\nt1,24:30:00,24:30:00,C,3\n"
    calendar = WEEK + "dag,0,0,0,0,0,1,0,20240101,20240331\n"
    assert departures(write(tmp_path, stop_times=calls, calendar=calendar)) == {"A": (0, 0, 1), "B": (0, 0, 1)}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_encodings_and_byte_order_marks(tmp_path: Path, encoding: str) -> None:
    table = read(write(tmp_path, encoding, stops=STOPS.replace("Markt", "Markt café"))).table
    assert table["name"][0] == "Markt café"


def test_quoted_headers_with_blanks_in_a_folder_of_the_zip(tmp_path: Path) -> None:
    path = tmp_path / "feed.zip"
    with zipfile.ZipFile(write(tmp_path)) as flat:
        files = {name: flat.read(name).decode() for name in flat.namelist()}
    files["stops.txt"] = files["stops.txt"].replace("stop_id,stop_name", '"stop_id", "stop_name"', 1)
    with zipfile.ZipFile(path, "w") as nested:
        for name, text in files.items():
            nested.writestr(f"gtfs/{name}", text)
    assert set(departures(path)) == {"A", "B"}


@pytest.mark.parametrize("missing", ["stops", "routes", "trips", "stop_times", "calendar"])
def test_a_missing_file_is_named(tmp_path: Path, missing: str) -> None:
    with pytest.raises(GeodataError, match=rf"feed\.zip.*{missing}\.txt"):
        read(write(tmp_path, **{missing: None}))


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(GeodataError, match=r"stop_times\.txt.*stop_sequence"):
        read(write(tmp_path, stop_times=ONE_RUN.replace("stop_sequence", "volgorde")))


def test_empty_files(tmp_path: Path) -> None:
    with pytest.raises(GeodataError, match=r"stops\.txt"):
        read(write(tmp_path, stops=""))
    nothing = read(write(tmp_path, stop_times=CALLS))
    assert nothing.table.empty and "halt" in nothing.notes[0].to("nl")


def test_broken_zips(tmp_path: Path) -> None:
    path = write(tmp_path)
    whole = path.read_bytes()
    for content in (b"no zip at all", whole[: len(whole) // 2]):
        path.write_bytes(content)
        with pytest.raises(GeodataError, match=r"feed\.zip.*cannot be read"):
            read(path)
    path.write_bytes(b"")
    with pytest.raises(GeodataError, match=r"feed\.zip.*is empty"):
        read(path)
    with pytest.raises(GeodataError, match="does not exist"):
        read(tmp_path / "weg.zip")


def test_damage_inside_the_zip(tmp_path: Path) -> None:
    path = tmp_path / "feed.zip"
    with zipfile.ZipFile(write(tmp_path)) as flat:
        files = {name: flat.read(name) for name in flat.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as feed:
        for name, data in files.items():
            feed.writestr(name, data * 1)
        start = feed.getinfo("stop_times.txt").header_offset + 30 + len("stop_times.txt")
    raw = bytearray(path.read_bytes())
    raw[start + 5 : start + 25] = b"\xff" * 20
    path.write_bytes(raw)
    with pytest.raises(GeodataError, match=r"feed\.zip.*cannot be read"):
        read(path)


def test_bad_rows_are_listed_and_good_ones_kept(tmp_path: Path) -> None:
    stops = STOPS + "D,Kapot,noord,2.75,,\nE,Nul,0,0,,\nte,weinig\n"
    calls = ONE_RUN + "t1,laat,laat,A,0\n"
    reading = read(write(tmp_path, stops=stops, stop_times=calls))
    assert reading.table.id.tolist() == ["A", "B"]
    assert reading.skipped.value.tolist() == ["noord 2.75", "0 0", "laat", "te,weinig"]
    assert reading.skipped.row.tolist()[:3] == [4, 5, 4]
    assert all(reason.to("nl") != str(reason) for reason in reading.skipped.reason)


def test_a_feed_of_elsewhere_gives_an_empty_table(tmp_path: Path) -> None:
    reading = read_gtfs(write(tmp_path), area=shapely.box(10, 10, 11, 11), crs=3812)
    assert reading.table.empty and reading.table.crs == 3812 and len(reading.notes) == 1


def brute_force(path: Path, monday: datetime.date, inside: shapely.Polygon) -> dict[str, list[int]]:
    """Departures on the seven days from a Monday by plain loops, added up in the parent station."""
    with zipfile.ZipFile(path) as feed:

        def rows(name: str) -> list[dict[str, str]]:
            present = name in feed.namelist()
            return list(csv.DictReader(io.TextIOWrapper(feed.open(name), "utf-8-sig"))) if present else []

        calendar, exceptions, trips, stops, calls = (
            rows(f"{name}.txt") for name in ("calendar", "calendar_dates", "trips", "stops", "stop_times")
        )
    running: dict[int, set[str]] = {}
    for day in range(-1, 7):
        date = monday + datetime.timedelta(days=day)
        stamp, weekday = date.strftime("%Y%m%d"), date.strftime("%A").lower()
        services = {
            r["service_id"] for r in calendar if r["start_date"] <= stamp <= r["end_date"] and r[weekday] == "1"
        }
        services |= {r["service_id"] for r in exceptions if r["date"] == stamp and r["exception_type"] == "1"}
        running[day] = services - {
            r["service_id"] for r in exceptions if r["date"] == stamp and r["exception_type"] == "2"
        }
    service = {r["trip_id"]: r["service_id"] for r in trips}
    within = {
        r["stop_id"]: r["parent_station"]
        for r in stops
        if inside.contains(shapely.Point(float(r["stop_lon"]), float(r["stop_lat"])))
    }
    last: dict[str, int] = {}
    for r in calls:
        last[r["trip_id"]] = max(last.get(r["trip_id"], 0), int(r["stop_sequence"]))
    counted: dict[str, list[int]] = defaultdict(lambda: [0] * 7)
    for r in calls:
        if r["stop_id"] in within and r["pickup_type"] != "1" and int(r["stop_sequence"]) < last[r["trip_id"]]:
            nights = int(r["departure_time"].split(":")[0]) // 24
            station = within[r["stop_id"]] if within[r["stop_id"]] in within else r["stop_id"]
            for day in range(7):
                counted[station][day] += service[r["trip_id"]] in running.get(day - nights, set())
    return counted


@pytest.mark.parametrize(
    ("feed", "area", "crs"),
    [
        ("newport/gtfs_20230613.zip", shapely.box(-3.1, 51.5, -2.9, 51.65), 32630),
        ("las_palmas/gtfs_20230222.zip", shapely.box(-15.46, 28.05, -15.4, 28.17), 32628),
    ],
)
def test_real_feeds_equal_brute_force(shared_data: Path, feed: str, area: shapely.Polygon, crs: int) -> None:
    reading = read_gtfs(shared_data / feed, area=area, crs=crs)
    monday = dict(reading.notes[0].values)["monday"]
    assert isinstance(monday, datetime.date) and monday.weekday() == 0
    table = reading.table.set_index("id")
    counted = brute_force(shared_data / feed, monday, area)
    assert len(table) > 200 and set(table.index) == set(counted)
    for stop, week in counted.items():
        assert table.departures_weekday[stop] == pytest.approx(sum(week[:5]) / 5)
        assert [table.departures_saturday[stop], table.departures_sunday[stop]] == week[5:]
