"""Map data by address: public ones keep for good, those from somebody's own lists are nobody else's."""

import asyncio
import gzip
import json

import pytest
from starlette.requests import Request
from starlette.responses import Response

from pages.ui import served


def fetch(address: str, *, gzipped: bool = True) -> Response:
    name, _, kind = address.rpartition("/")[2].partition(".")
    headers = [(b"accept-encoding", b"gzip, br")] if gzipped else []
    scope = {"type": "http", "method": "GET", "path": address, "headers": headers}
    scope["path_params"] = {"name": name, "kind": kind}
    return served._send(Request(scope))


def test_public_data_have_their_content_as_address() -> None:
    body = served.pack('{"a":1}')
    first, again = (served.address_of(body, private=False) for _ in range(2))
    assert first == again
    answer = fetch(first)
    assert (answer.status_code, answer.headers["content-encoding"]) == (200, "gzip")
    assert json.loads(gzip.decompress(answer.body)) == {"a": 1}
    assert "immutable" in answer.headers["cache-control"]
    assert json.loads(fetch(first, gzipped=False).body) == {"a": 1}
    assert served.address_of(served.pack('{"a":2}'), private=False) != first


def test_private_data_cannot_be_guessed_and_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    body = served.pack('{"mine":1}')
    sessions: list[dict[str, object]] = [{}, {}]
    addresses = []
    for state in sessions:
        monkeypatch.setattr(served.st, "session_state", state)
        addresses.append(served.address_of(body, private=True))
        assert served.address_of(body, private=True) == addresses[-1]
    assert addresses[0] != addresses[1]
    assert fetch(addresses[0]).headers["cache-control"] == "private, no-store"
    public = served.address_of(served.pack('{"mine":2}'), private=False).rpartition("/")[2]
    assert all(len(a.rpartition("/")[2]) > len(public) for a in addresses)


@pytest.mark.parametrize("address", ["/mapdata/none.json", "/mapdata/..%2Fapp.py"])
def test_what_is_not_there_is_not_found(address: str) -> None:
    answer = fetch(address)
    assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")


def test_the_longest_unused_goes_first() -> None:
    shelf = served._Shelf(most_bytes=25)
    for name in "abc":
        shelf.put(name, b"0123456789", private=False)
        shelf.get("a")
    assert [shelf.get(x) is not None for x in "abc"] == [False, True, True]
    shelf.put("b", b"0123456789", private=False)
    shelf.put("d", b"0123456789", private=False)
    assert [shelf.get(x) is not None for x in "bcd"] == [True, False, True]


def test_the_address_respects_the_base_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(served.st, "get_option", lambda name: "kern/wijzer/")
    assert served.address_of(served.pack("{}"), private=False).startswith("/kern/wijzer/mapdata/")
    assert asyncio.iscoroutinefunction(served._send) is False  # so that it runs beside the event loop
