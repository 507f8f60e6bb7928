"""Extracts and timetables as they should not be, and what is no file at all: each ends in a message that helps."""

import gzip
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import osmium
import pytest
from command_line import Town, command, write
from towns import Drawing, degrees, squareville

from geodata.store import Store

OSM_REMEDY = ("Download the file again", "Haal het bestand opnieuw op")
STOPS = "stop_id,stop_name,stop_lat,stop_lon\n"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cut.osm.pbf", lambda whole: whole[: len(whole) // 2]),
        ("zip.osm.pbf", lambda whole: b"PK\x03\x04 something else"),
        ("pbf.osm", lambda whole: whole),
        ("notes.txt", lambda whole: b"the streets of our town"),
        ("cut.osm.gz", lambda whole: gzip.compress(b"<?xml version='1.0'?><osm version='0.6'>" * 40)[:40]),
    ],
)
def test_an_extract_that_is_cut_or_no_extract(
    small_town: Town, tmp_path: Path, name: str, content: Callable[[bytes], bytes]
) -> None:
    path = write(tmp_path / name, content(small_town.osm.read_bytes()))
    small_town.refuses(osm=path, names=name, says=OSM_REMEDY[0], zegt=OSM_REMEDY[1])


def test_an_extract_without_streets(small_town: Town, tmp_path: Path) -> None:
    empty = Drawing().write(tmp_path / "empty.osm.pbf")
    small_town.refuses(osm=empty, names="empty.osm.pbf", says="no streets … Take", zegt="geen straten … Neem")


OPTIONS = (
    "osm", "gtfs", "population", "municipalities", "core-areas", "retail-areas", "premises", "vacancies", "addresses",
    "counts", "markets", "boundary",
)  # fmt: skip


@pytest.mark.parametrize("option", OPTIONS)
def test_what_is_no_file_is_said_whatever_the_option(small_town: Town, tmp_path: Path, option: str) -> None:
    cases = {
        "weg.bestand": (None, "does not exist … Check the name", "bestaat niet … Kijk de naam"),
        "leeg.bestand": (b"", "is empty … again", "is leeg … opnieuw"),
        "pagina.bestand": (b"<!DOCTYPE html><html>404", "a web page … Download", "een webpagina … Download"),
        "verslag.bestand": (b"%PDF-1.7", "a PDF … Ask", "een pdf … Vraag"),
    }
    for name, (content, says, zegt) in cases.items():
        if content is not None:
            write(tmp_path / name, content)
        small_town.refuses(f"--{option}", tmp_path / name, names=name, says=says, zegt=zegt)
    folder = tmp_path / "map"
    folder.mkdir()
    small_town.refuses(f"--{option}", folder, names="map", says="a folder … Give", zegt="een map … Geef")


def test_a_subprocess_says_the_same_with_its_exit_code(small_town: Town, tmp_path: Path) -> None:
    words = ["build", "Town", "--osm", str(tmp_path / "weg.osm.pbf"), "--data", str(small_town.data)]
    env = os.environ | {"KERNWIJZER_LANGUAGE": "nl"}
    ended = subprocess.run(
        [sys.executable, "-m", "location_model", *words], capture_output=True, text=True, check=False, env=env
    )
    assert ended.returncode == 1 and ended.stdout == ""
    assert "weg.osm.pbf: het bestand bestaat niet. Kijk de naam" in ended.stderr and "Traceback" not in ended.stderr


def feed(path: Path, **files: str | bytes | None) -> Path:
    """A timetable of one bus; `stops="…"` gives another stops.txt, `stops=None` leaves it out."""
    lng, lat = degrees(260, 260)
    days = "monday,tuesday,wednesday,thursday,friday,saturday,sunday"
    whole: dict[str, str | bytes | None] = {
        "stops": f"{STOPS}A,Markt,{lat},{lng}\nB,Station,{lat},{lng}\n",
        "routes": "route_id,route_type\nR,3\n",
        "trips": "route_id,service_id,trip_id\nR,S,T\n",
        "stop_times": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        "T,08:00:00,08:00:00,A,1\nT,08:05:00,08:05:00,B,2\n",
        "calendar": f"service_id,{days},start_date,end_date\nS,1,1,1,1,1,1,1,20250106,20250202\n",
    } | files
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in whole.items():
            if content is not None:
                archive.writestr(f"{name}.txt", content)
    return path


def test_timetables_that_cannot_be_used(small_town: Town, tmp_path: Path) -> None:
    again = ("Download the whole GTFS zip", "Download de volledige GTFS-zip")
    for path, said in (
        (feed(tmp_path / "geen_ritten.zip", stop_times=None), "stop_times.txt"),
        (feed(tmp_path / "kolom.zip", trips="route_id,trip_id\nR,T\n"), "service_id"),
        (write(tmp_path / "geen_zip.zip", b"not a zip"), "geen_zip.zip"),
        (write(tmp_path / "half.zip", feed(tmp_path / "heel.zip").read_bytes()[:300]), "half.zip"),
    ):
        small_town.refuses("--gtfs", path, names=path.name, says=f"{said} … {again[0]}", zegt=f"{said} … {again[1]}")


def test_a_locked_timetable(small_town: Town, tmp_path: Path) -> None:
    raw = bytearray(feed(tmp_path / "slot.zip").read_bytes())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # the bit that says "encrypted", in both headers
        at = -1
        while (at := raw.find(mark, at + 1)) >= 0:
            raw[at + flags] |= 1
    path = write(tmp_path / "slot.zip", bytes(raw))
    small_town.refuses("--gtfs", path, names="slot.zip", says="encrypted … GTFS zip", zegt="niet leesbaar … GTFS-zip")


def test_a_timetable_of_elsewhere_or_without_days_is_noted_and_departures_are_not_known(
    small_town: Town, tmp_path: Path
) -> None:
    elsewhere = feed(tmp_path / "parijs.zip", stops=f"{STOPS}A,Opéra,48.87,2.33\nB,Nord,48.88,2.35\n")
    answer = small_town.build("--gtfs", elsewhere, name="Tried", language="nl")
    assert answer.code == 0 and "parijs.zip: geen van de 2 haltes" in answer.err
    area = Store(small_town.data).open("tried")
    assert area.grid["transit_departures_per_weekday"].isna().all()
    assert len(area.tables.stops) == 2  # those of the map
    never = feed(tmp_path / "nooit.zip", calendar="service_id,monday,start_date,end_date\n")
    assert small_town.build("--gtfs", never, name="Tried").code == 1
    undated = feed(tmp_path / "ooit.zip", trips="route_id,service_id,trip_id\nR,X,T\n")
    assert "names no day" in small_town.takes("--gtfs", undated)["notes"][0]["en"]


def test_a_timetable_with_one_file_in_windows_1252(small_town: Town, tmp_path: Path) -> None:
    routes = "route_id,route_type,route_long_name\nR,3,Café\n".encode("cp1252")
    assert small_town.takes("--gtfs", feed(tmp_path / "oud.zip", routes=routes))["rows_kept"] == 1


def test_a_misspelt_name_is_held_against_the_boundaries_in_the_extract(small_town: Town, tmp_path: Path) -> None:
    town = squareville(8)
    plain, path = town.write(tmp_path / "plain.osm.pbf"), tmp_path / "grens.osm.pbf"
    ways = len(town.ways)
    corners = [town.node(*c) for c in ((0, 0), (525, 0), (525, 525), (0, 525))]
    with osmium.SimpleWriter(str(path)) as writer:
        for thing in osmium.FileProcessor(str(plain)):
            writer.add(thing)
        writer.add_way(osmium.osm.mutable.Way(id=ways + 1, version=1, nodes=[*corners, corners[0]]))
        tags = {"type": "boundary", "boundary": "administrative", "admin_level": "8", "name": "Vlakkem"}
        members = [("w", ways + 1, "outer")]
        writer.add_relation(osmium.osm.mutable.Relation(id=1, version=1, members=members, tags=tags))
    small_town.refuses(osm=path, name="Vlakem", names="grens.osm.pbf", says="Nearest: Vlakkem", zegt="Vlakkem")
    assert small_town.build(osm=path, name="vlakkem").code == 0
    assert Store(small_town.data).open("vlakkem").name == "Vlakkem"
    assert small_town.build(osm=path, name="Tried").code == 0  # an area of the user's own, all ground there is


def test_no_internet_names_the_file_to_fetch_by_hand(tmp_path: Path) -> None:
    closed = "http://127.0.0.1:9/"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("geodata.sources.download.CONNECT_S", 1)
        for language, words in (("en", "no connection"), ("nl", "geen verbinding")):
            answer = command(
                "build", "Vlakkem", "--data", tmp_path, language=language, overpass_url=closed, nominatim_url=closed
            )
            assert answer.code == 1 and words in answer.err
            assert "belgium-latest.osm.pbf" in answer.err and "--osm" in answer.err


def test_an_area_needs_a_name_and_a_disk_that_takes_it(small_town: Town, tmp_path: Path) -> None:
    assert "needs a name" in small_town.build(name="!?").err
    file = write(tmp_path / "geen_map", b"x")
    for language, words in (("en", "reading or writing here failed"), ("nl", "lezen of schrijven is mislukt")):
        answer = command("build", "Town", "--osm", small_town.osm, "--data", file, language=language)
        assert answer.code == 1 and words in answer.err and "geen_map" in answer.err and "--data" in answer.err
