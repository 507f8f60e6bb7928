"""A town by its name: boundary from Nominatim, map from Overpass, both through osmnx.

osmnx caches every answer under the data directory, waits for a free slot, and tries again when a
server is busy; here it is told which servers to ask, and to give up after a while. Its function
that returns Overpass's elements as they are is not public, and the only one that keeps the nodes
of ways; the version of osmnx is pinned for that.
"""

import socket
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import osmnx
import requests
import shapely
from osmnx import _overpass
from osmnx._errors import InsufficientResponseError, ResponseStatusCodeError
from shapely.geometry.base import BaseGeometry

from geodata.errors import GeodataError
from geodata.language import T, Text
from geodata.settings import Settings
from geodata.sources.matching import Geocoder
from geodata.sources.overpass import collect, problem, query, tiles, write_extract

Progress = Callable[[float, Text], None]

EXTRACT_BY_HAND = "https://download.geofabrik.de/europe/belgium-latest.osm.pbf"
TIMEOUT_S = 180
CONNECT_S = 10
MOST_BUSY_ANSWERS = 5
"""Answers "too many requests" or "gateway timeout" in a row after which a server is given up; each costs 55 s."""

_lock = threading.Lock()


class _BusyError(requests.RequestException):
    """The server kept saying that it is busy."""


def find_place(name: str, settings: Settings) -> tuple[str, BaseGeometry, str | None]:
    """Name, boundary (WGS84) and NIS code (None outside Belgium) of a municipality, from Nominatim.

    Raises GeodataError when nothing of that name has a boundary, or there is no internet.
    """
    with _session(settings, settings.nominatim_url):
        try:
            found = osmnx.geocode_to_gdf({"q": name, "extratags": "1"})
        except (InsufficientResponseError, TypeError, KeyError) as error:
            raise GeodataError(
                T("no municipality called {name} is found on OpenStreetMap.", name=name),
                remedy=T(
                    "Check the spelling, add the country, or give a boundary with --boundary and a map with --osm."
                ),
            ) from error
    place = found.iloc[0]
    boundary = shapely.make_valid(place.geometry)
    extra = place.get("extratags")
    nis = extra.get("ref:INS") if isinstance(extra, dict) else None
    return str(place.get("name") or name), boundary, nis


def download_extract(polygon: BaseGeometry, target: Path, settings: Settings, progress: Progress | None = None) -> Path:
    """Download the map within a polygon (WGS84) and write it to `target`, an `.osm.pbf`; returns `target`.

    The polygon is asked tile by tile; tiles that came in are kept, so that a download that broke
    off goes on where it was. Raises GeodataError when there is no internet, the server stays busy,
    or its answers cannot be used; nothing is written then.
    """
    parts = tiles(polygon)
    stamps: list[str] = []

    def answers() -> Iterator[dict[str, Any]]:
        for n, tile in enumerate(parts):
            if progress:
                progress(n / len(parts), T("Downloading the map: part {n} of {total}", n=n + 1, total=len(parts)))
            answer = _overpass._overpass_request(OrderedDict(data=query(tile, timeout_s=TIMEOUT_S)))
            if wrong := problem(answer):
                raise _unusable(settings.overpass_url, wrong)
            stamps.append(str(answer.get("osm3s", {}).get("timestamp_osm_base", "")))
            yield answer

    with _session(settings, settings.overpass_url):
        requests.get(f"{settings.overpass_url.rstrip('/')}/status", timeout=CONNECT_S)  # or osmnx waits a minute
        elements = collect(answers())
    if not any("highway" in e.get("tags", {}) for e in elements.values()):
        raise GeodataError(
            T("the map has no streets there."),
            where=settings.overpass_url,
            remedy=T("Check the boundary, or give a map extract with --osm."),
        )
    write_extract(elements, polygon, target, timestamp=max(stamps, default=""))
    return target


def online_geocoder(settings: Settings) -> Geocoder:
    """A geocoder for `locate_rows`: one question a second to Nominatim, answers cached. It sends addresses out."""

    def geocode(line: str) -> tuple[float, float] | None:
        with _session(settings, settings.nominatim_url):
            try:
                lat, lng = osmnx.geocode(line)
            except InsufficientResponseError:
                return None
        return lng, lat

    return geocode


@contextmanager
def _session(settings: Settings, url: str) -> Iterator[None]:
    """Osmnx set up with our servers and cache for a while; its errors become ours.

    osmnx keeps its settings, and the address of the server, in module globals: they are put back.
    """
    ours = {
        "overpass_url": settings.overpass_url,
        "nominatim_url": settings.nominatim_url,
        "cache_folder": settings.data_dir / "cache" / "osm",
        "use_cache": True,
        "http_user_agent": "Kernwijzer",
        "http_referer": "Kernwijzer",
        "http_accept_language": "nl, en",
        "doh_url_template": None,
        "requests_timeout": TIMEOUT_S,
        "requests_kwargs": {"hooks": {"response": _give_up_when_busy()}},
    }
    with _lock:
        before = {name: getattr(osmnx.settings, name) for name in ours}
        resolve = socket.getaddrinfo
        try:
            for name, value in ours.items():
                setattr(osmnx.settings, name, value)
            yield
        except _BusyError as error:
            raise GeodataError(
                T("the server stays busy."), where=url, remedy=T("Try again in an hour. {by_hand}", by_hand=_by_hand())
            ) from error
        except (requests.ConnectionError, requests.Timeout) as error:
            raise _no_internet(url) from error
        except (InsufficientResponseError, ResponseStatusCodeError, requests.RequestException) as error:
            raise _unusable(url, " ".join(str(error).split())[:160]) from error
        finally:
            socket.getaddrinfo = resolve
            for name, value in before.items():
                setattr(osmnx.settings, name, value)


def _give_up_when_busy() -> Callable[..., None]:
    busy = 0

    def look_at(response: requests.Response, *args: object, **kwargs: object) -> None:
        nonlocal busy
        if response.url.endswith("/status"):
            return
        busy = busy + 1 if response.status_code in (429, 504) else 0
        if busy >= MOST_BUSY_ANSWERS:
            raise _BusyError

    return look_at


def _by_hand() -> Text:
    return T("Download the map by hand from {address} and give it with --osm.", address=EXTRACT_BY_HAND)


def _no_internet(url: str) -> GeodataError:
    return GeodataError(T("there is no connection to this server."), where=url, remedy=_by_hand())


def _unusable(url: str, reason: str) -> GeodataError:
    return GeodataError(
        T("the answer cannot be used: {reason}.", reason=reason.rstrip(".")), where=url, remedy=_by_hand()
    )
