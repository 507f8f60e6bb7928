"""A running app and a real Chromium; without one these tests skip, saying so."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from conftest import skip_without

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist",
    "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def address(squareville_dir: Path) -> Iterator[str]:
    """The app with Squareville, on a free port."""
    with running(squareville_dir) as here:
        yield here


@contextmanager
def running(data_dir: Path) -> Iterator[str]:
    """The app on a free port, with the areas of a data directory."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--server.port", str(port), "--server.headless", "true"]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", *options], cwd=ROOT,
        env=os.environ | {"KERNWIJZER_DATA": str(data_dir)},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        until = time.monotonic() + 60
        while not _answers(port):
            assert process.poll() is None, "the app did not start"
            assert time.monotonic() < until, "the app does not answer"
            time.sleep(0.1)
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/_stcore/health", timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@dataclass
class Visit:
    """A page in the browser, every request it made, every byte over its socket, every error of its scripts."""

    page: object
    address: str
    requests: list[str] = field(default_factory=list)
    frames: list[int] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def outside(self) -> list[str]:
        """Requests that left the machine."""
        return [r for r in self.requests if urlsplit(r).hostname not in (None, "localhost", "127.0.0.1")]


@pytest.fixture
def visit(address: str) -> Iterator[Visit]:
    """A visitor with a Dutch browser on an office laptop."""
    if CHROMIUM is None:
        skip_without("browser", "no Chromium is installed")
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        skip_without("browser", "playwright is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1366, "height": 900}, locale="nl-BE")
        page.set_default_timeout(30_000)
        seen = Visit(page, address)
        page.on("request", lambda r: seen.requests.append(r.url))
        page.on("pageerror", lambda e: seen.faults.append(str(e)))

        def listen(opened: object) -> None:
            for event in ("framesent", "framereceived"):
                opened.on(event, lambda payload: seen.frames.append(len(payload)))

        page.on("websocket", listen)
        yield seen
        browser.close()
