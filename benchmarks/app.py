"""The app as a visitor meets it: the first page after `make run`, and a slider that redraws the map."""

import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.browser import CHROMIUM, Window, window
from benchmarks.build import ROOT, SAMPLE_DATA, build_sample
from benchmarks.measure import Result, Target

START = "`make run` on an installed machine: first page usable"
REDRAW = "A slider step until the map is redrawn, 5,000 cells"
SOCKET = "A slider step: bytes over the socket, both ways"
TARGETS = {START: ("s", Target(15)), REDRAW: ("s", Target(0.5)), SOCKET: ("kB", Target(10))}

PAGE = "suggest?area=testerep-stad&within=retail"
"""A page with a map of 5,000 cells and a slider for each weight."""

SLIDER = "[data-testid=stSlider] input[type=range], [data-testid=stSlider] [role=slider]"
STEPS = 9


def measure(_: Path | None) -> Iterator[Result]:
    """All figures of this group."""
    missing = _missing()
    if missing:
        yield from (Result(name, unit, target, why=missing) for name, (unit, target) in TARGETS.items())
        return
    with window() as opened:
        begun = time.perf_counter()
        with _running() as address:
            opened.page.goto(address)
            opened.page.wait_for_selector("h1, h2, h3", timeout=60_000)
            opened.settle()
            yield _result(START, time.perf_counter() - begun - 0.5)  # settling waits for half a second of quiet
            yield from _slider(opened, address)


def _missing() -> str:
    if CHROMIUM is None:
        return "no Chromium"
    if not (ROOT / "app.py").exists():
        return "no app"
    if not (SAMPLE_DATA / "areas").exists() and (run := build_sample()).returncode:
        return f"the sample region cannot be built: {run.stderr.strip().splitlines()[-1:]}"
    return ""


def _slider(opened: Window, address: str) -> Iterator[Result]:
    page = opened.page
    page.goto(f"{address}/{PAGE}")
    page.wait_for_selector("[data-testid=stDeckGlJsonChart] canvas", timeout=60_000)
    opened.settle()
    slider = page.locator(SLIDER).first
    if not slider.is_visible():
        page.locator("summary").filter(has_text=re.compile("weights|gewicht", re.IGNORECASE)).first.click()
    slider.focus()
    steps = [opened.press("ArrowRight" if i % 2 else "ArrowLeft") for i in range(STEPS)]
    yield _result(REDRAW, statistics.median(seconds for seconds, _ in steps))
    yield _result(SOCKET, max(size for _, size in steps) / 1000)


def _result(name: str, value: float) -> Result:
    unit, target = TARGETS[name]
    return Result(name, unit, target, value)


@contextmanager
def _running() -> Iterator[str]:
    """`make run` in the environment that runs this, on a free port, until it answers; stopped at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    make = ["make", "--no-print-directory", f"VENV={sys.prefix}", f"PORT={port}", f"DATA={SAMPLE_DATA}", "run"]
    process = subprocess.Popen(
        make, cwd=ROOT, env=os.environ | {"STREAMLIT_SERVER_HEADLESS": "true"}, start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://localhost:{port}"
    try:
        while not _answers(address):
            if process.poll() is not None:
                raise RuntimeError(f"`make run` ended with code {process.returncode}")
            time.sleep(0.05)
        yield address
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=20)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1) as answer:
            return answer.status == 200
    except OSError:
        return False
