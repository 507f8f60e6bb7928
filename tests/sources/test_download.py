"""Downloads, against a server on this machine that answers as Nominatim and Overpass do."""

import http.server
import json
import socket
import threading
import urllib.parse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import osmnx
import pytest
import shapely

from geodata.errors import GeodataError
from geodata.settings import Settings
from geodata.sources.download import MOST_BUSY_ANSWERS, download_extract, find_place, online_geocoder
from geodata.sources.osm import read_osm
from geodata.sources.overpass import TILE_DEGREES, collect, problem, tiles

BOUNDARY = shapely.box(2.71, 51.51, 2.74, 51.54)
DORP = {
    "osm_type": "relation", "osm_id": 1, "lat": "51.5", "lon": "2.72", "name": "Testerep-Dorp", "importance": 0.5,
    "boundingbox": ["51.51", "51.54", "2.71", "2.74"], "geojson": shapely.geometry.mapping(BOUNDARY),
    "extratags": {"ref:INS": "99001"}, "display_name": "Testerep-Dorp",
}  # fmt: skip
STREETS = {
    "osm3s": {"timestamp_osm_base": "2025-03-01T00:00:00Z"},
    "elements": [
        {"type": "relation", "id": 7, "tags": {"type": "multipolygon", "building": "yes"},
         "members": [{"type": "way", "ref": 6, "role": "outer"}]},
        {"type": "way", "id": 5, "nodes": [1, 2], "tags": {"highway": "residential", "name": "Dorpsstraat"}},
        {"type": "way", "id": 6, "nodes": [1, 2, 3, 1]},
        {"type": "node", "id": 1, "lat": 51.52, "lon": 2.72},
        {"type": "node", "id": 2, "lat": 51.521, "lon": 2.72},
        {"type": "node", "id": 3, "lat": 51.521, "lon": 2.722, "tags": {"shop": "bakery", "name": "Bakker Één"}},
    ],
}  # fmt: skip


class Server(http.server.ThreadingHTTPServer):
    """Answers what `answers` says, by path; a list is used up one by one, its last item stays."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, Any] = {
            "/status": (
                200,
                "Connected as: 1\nCurrent time: now\nAnnounced endpoint: none\nRate limit: 2\n2 slots available now.\n",
            ),
            "/search": [(200, [DORP])],
            "/interpreter": [(200, STREETS)],
        }
        self.asked: list[tuple[str, str]] = []

    def answer(self, path: str, text: str) -> tuple[int, str]:
        self.asked.append((path, text))
        listed = self.answers[path]
        if isinstance(listed, list):
            status, content = listed.pop(0) if len(listed) > 1 else listed[0]
        else:
            status, content = listed
        return status, content if isinstance(content, str) else json.dumps(content)


class Handler(http.server.BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.reply(urllib.parse.urlparse(self.path).query)

    def do_POST(self) -> None:
        self.reply(self.rfile.read(int(self.headers["Content-Length"])).decode())

    def reply(self, text: str) -> None:
        status, content = self.server.answer(urllib.parse.urlparse(self.path).path, urllib.parse.unquote_plus(text))
        self.send_response(status)
        self.end_headers()
        self.wfile.write(content.encode())

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def settings(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr("time.sleep", lambda seconds: None)  # osmnx waits a minute for a busy server
    url = f"http://127.0.0.1:{server.server_port}"
    return Settings(data_dir=tmp_path, overpass_url=url, nominatim_url=url)


def test_a_place_is_found_with_its_boundary_and_code(server: Server, settings: Settings) -> None:
    name, boundary, nis = find_place("Testerep-Dorp", settings)
    assert (name, nis) == ("Testerep-Dorp", "99001")
    assert boundary.equals(BOUNDARY)
    assert "q=Testerep-Dorp" in server.asked[0][1] and "extratags=1" in server.asked[0][1]


def test_a_point_is_no_municipality_and_the_boundary_among_results_is_taken(server: Server, settings: Settings) -> None:
    point = DORP | {"geojson": {"type": "Point", "coordinates": [2.7, 51.5]}, "importance": 0.9, "extratags": None}
    server.answers["/search"] = [(200, [point, DORP])]
    assert find_place("a", settings)[1].equals(BOUNDARY)
    for nothing in ([point], []):
        server.answers["/search"] = [(200, nothing)]
        with pytest.raises(GeodataError, match=r"no municipality called Nergens.*--boundary"):
            find_place("Nergens", replace(settings, data_dir=settings.data_dir / str(len(nothing))))


def test_the_extract_reads_back_as_the_map(server: Server, settings: Settings, tmp_path: Path) -> None:
    told: list[float] = []
    target = tmp_path / "maps" / "dorp.osm.pbf"
    path = download_extract(BOUNDARY, target, settings, lambda share, text: told.append(share))
    assert path == target and told == [0.0]
    extract = read_osm((path,))
    assert extract.lines.id.tolist() == ["way/5"]
    assert set(extract.places.id) == {"node/3", "relation/7"}
    assert extract.places.set_index("id").tags["node/3"] == {"shop": "bakery", "name": "Bakker Één"}
    assert extract.box is not None and extract.box.equals(BOUNDARY)
    assert extract.timestamp == "2025-03-01T00:00:00Z"
    assert [p.name for p in target.parent.iterdir()] == ["dorp.osm.pbf"]


def test_the_question_asks_for_all_that_the_reader_uses(server: Server, settings: Settings, tmp_path: Path) -> None:
    download_extract(BOUNDARY, tmp_path / "a.osm.pbf", settings)
    question = next(text for path, text in server.asked if path == "/interpreter")
    for key in ("highway", "shop", "building", "disused:shop", "addr:housenumber", "public_transport", "landuse"):
        assert f'nw["{key}"]' in question
    assert '"admin_level"="8"' in question and "(._;>;)" in question
    assert "[bbox:51.510000,2.710000,51.540000,2.740000]" in question


def test_answers_are_cached_and_a_broken_download_goes_on(server: Server, settings: Settings, tmp_path: Path) -> None:
    wide = shapely.box(2.71, 51.51, 2.89, 51.54)
    server.answers["/interpreter"] = [(200, STREETS), (200, "<html>oops</html>")]
    with pytest.raises(GeodataError, match="cannot be used"):
        download_extract(wide, tmp_path / "a.osm.pbf", settings)
    assert not (tmp_path / "a.osm.pbf").exists()
    server.answers["/interpreter"] = [(200, STREETS)]
    download_extract(wide, tmp_path / "a.osm.pbf", settings)
    assert sum(path == "/interpreter" for path, _ in server.asked) == 3  # first tile once, second tile twice


@pytest.mark.parametrize("status", [429, 504])
def test_a_busy_server_is_asked_again(server: Server, settings: Settings, tmp_path: Path, status: int) -> None:
    server.answers["/interpreter"] = [(status, "busy"), (status, "busy"), (200, STREETS)]
    assert download_extract(BOUNDARY, tmp_path / "a.osm.pbf", settings).exists()


def test_a_server_that_stays_busy_is_given_up(server: Server, settings: Settings, tmp_path: Path) -> None:
    server.answers["/interpreter"] = server.answers["/search"] = [(429, "busy")]
    with pytest.raises(GeodataError, match=r"stays busy.*geofabrik.*--osm"):
        download_extract(BOUNDARY, tmp_path / "a.osm.pbf", settings)
    assert sum(path == "/interpreter" for path, _ in server.asked) == MOST_BUSY_ANSWERS
    with pytest.raises(GeodataError, match="stays busy"):
        find_place("Testerep", settings)


@pytest.mark.parametrize(
    ("status", "content", "message"),
    [
        (200, "<html>", "cannot be used"),
        (500, "Internal Server Error", "cannot be used"),
        (400, "", "cannot be used"),
        (200, {"version": 0.6}, "no elements"),
        (200, {"elements": [], "remark": "runtime error: Query timed out"}, "timed out"),
        (200, [1, 2], "cannot be used"),
        (200, {"elements": []}, "no streets"),
    ],
)
def test_malformed_answers(
    server: Server, settings: Settings, tmp_path: Path, status: int, content: object, message: str
) -> None:
    server.answers["/interpreter"] = [(status, content)]
    with pytest.raises(GeodataError, match=message) as error:
        download_extract(BOUNDARY, tmp_path / "a.osm.pbf", settings)
    assert error.value.text("nl") != error.value.text("en")
    assert not (tmp_path / "a.osm.pbf").exists()


@pytest.mark.parametrize("content", ["<html>", {"error": "x"}, [{"osm_id": 1}]])
def test_malformed_answers_about_a_place(server: Server, settings: Settings, content: object) -> None:
    server.answers["/search"] = [(200, content)]
    with pytest.raises(GeodataError):
        find_place("Testerep-Dorp", settings)


@pytest.mark.parametrize("host", ["127.0.0.1:1", "nergens.invalid"])
def test_no_internet_names_the_file_to_fetch_by_hand(settings: Settings, tmp_path: Path, host: str) -> None:
    offline = replace(settings, overpass_url=f"http://{host}/api", nominatim_url=f"http://{host}/")
    for ask in (
        lambda: find_place("Berlare", offline),
        lambda: download_extract(BOUNDARY, tmp_path / "a.osm.pbf", offline),
        lambda: online_geocoder(offline)("Markt 1"),
    ):
        with pytest.raises(GeodataError, match=r"no connection.*belgium-latest\.osm\.pbf.*--osm"):
            ask()


def test_the_geocoder_gives_a_point_or_nothing(server: Server, settings: Settings) -> None:
    geocode = online_geocoder(settings)
    assert geocode("Dorpsstraat 1") == (2.72, 51.5)
    assert geocode("Dorpsstraat 1") == (2.72, 51.5) and len(server.asked) == 1
    server.answers["/search"] = [(200, [])]
    assert geocode("Nergens 1") is None


def test_osmnx_is_left_as_it_was(settings: Settings, tmp_path: Path) -> None:
    before, resolve = (osmnx.settings.overpass_url, osmnx.settings.requests_kwargs), socket.getaddrinfo
    download_extract(BOUNDARY, tmp_path / "a.osm.pbf", settings)
    assert (osmnx.settings.overpass_url, osmnx.settings.requests_kwargs) == before
    assert socket.getaddrinfo is resolve


def test_tiles_cover_the_polygon_once() -> None:
    town = shapely.Point(2.75, 51.55).buffer(0.17)
    parts = tiles(town)
    assert len(parts) > 4
    assert shapely.union_all(parts).symmetric_difference(town).area < 1e-9
    assert sum(p.area for p in parts) == pytest.approx(town.area)
    assert all(p.bounds[2] - p.bounds[0] <= TILE_DEGREES + 1e-9 for p in parts)


def test_elements_come_once_and_in_order() -> None:
    elements = collect(iter([STREETS, STREETS]))  # type: ignore[arg-type]
    assert list(elements) == [("node", 1), ("node", 2), ("node", 3), ("way", 5), ("way", 6), ("relation", 7)]
    assert problem({"elements": [], "remark": "note"}) is None
