"""Map data by address: the browser fetches it once, and a slider then moves the map without sending it again.

What comes from public sources has its content as address and may be kept by the browser for good. What derives from
an upload gets an address that nobody can guess, known to one session, and must not be kept.
"""

import gzip
import hashlib
import secrets
import threading
from collections import OrderedDict

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

PATH = "mapdata"
MOST_BYTES = 256_000_000
_KINDS = {"json": "application/json", "js": "text/javascript"}
_CACHING = {False: "public, max-age=31536000, immutable", True: "private, no-store"}


class _Shelf:
    """What can be fetched now; the longest unused goes first when it grows too large."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.lock = threading.Lock()
        self.items: OrderedDict[str, tuple[bytes, bool]] = OrderedDict()
        self.size = 0

    def put(self, address: str, body: bytes, private: bool) -> None:
        with self.lock:
            if address not in self.items:
                self.items[address] = (body, private)
                self.size += len(body)
            self.items.move_to_end(address)
            while self.size > self.most_bytes and len(self.items) > 1:
                self.size -= len(self.items.popitem(last=False)[1][0])

    def get(self, address: str) -> tuple[bytes, bool] | None:
        with self.lock:
            return self.items.get(address)


@st.cache_resource(show_spinner=False)
def _shelf() -> _Shelf:
    return _Shelf(MOST_BYTES)


def pack(text: str) -> bytes:
    """Text as it is kept and sent."""
    return gzip.compress(text.encode(), compresslevel=6, mtime=0)


def address_of(body: bytes, *, private: bool, kind: str = "json") -> str:
    """Put packed text where the browser can fetch it, and say where. Call it at every run: it is cheap."""
    name = hashlib.sha256(body).hexdigest()[:24]
    if private:
        own = st.session_state.setdefault("_addresses", {})
        name = own.setdefault(name, secrets.token_urlsafe(24))
    _shelf().put(name, body, private)
    return f"{_base()}/{name}.{kind}"


def _base() -> str:
    """Where map data are found, under the path the app is served at."""
    return "/".join(["", *filter(None, str(st.get_option("server.baseUrlPath") or "").split("/")), PATH])


def _send(request: Request) -> Response:
    found = _shelf().get(request.path_params["name"])
    kind = _KINDS.get(request.path_params["kind"])
    if found is None or kind is None:
        return Response(status_code=404, headers={"Cache-Control": "no-store"})
    body, private = found
    headers = {"Cache-Control": _CACHING[private], "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
    else:
        body = gzip.decompress(body)
    return Response(body, media_type=kind, headers=headers)


def routes() -> list[Route]:
    """What the app serves beside its pages."""
    return [Route(f"{_base()}/{{name}}.{{kind}}", _send)]
