"""Tests that run in a process of their own: it is the command `validate`, and its report is kept for everybody."""

import contextlib
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geodata.errors import GeodataError
from location_model.validation import reports
from pages.ui import cache
from pages.ui.cache import AreaKey
from pages.ui.jobs import ROOT


@dataclass(frozen=True)
class Run:
    """A process this server started, and when (seconds since the epoch)."""

    process: subprocess.Popen[bytes]
    started: float
    log: Path

    @property
    def running(self) -> bool:
        return self.process.poll() is None

    @property
    def elapsed_s(self) -> float:
        return time.time() - self.started


_runs: dict[tuple[str, AreaKey], Run] = {}
"""By test and version of an area, for all visits of this server."""


def of(test: str, key: AreaKey) -> Run | None:
    """The last run of a test, going on or ended."""
    return _runs.get((test, key))


def any_running() -> bool:
    """One at a time: the pages need a processor too."""
    return any(run.running for run in _runs.values())


def start(test: str, key: AreaKey) -> None:
    """Run a test on the current version of an area, unless one is running; for use in a callback."""
    if any_running():
        return
    data_dir = cache.settings().data_dir.resolve()
    log = data_dir / "validation" / key.id / key.version / f"{test}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    command = [sys.executable, "-m", "location_model", "validate", test, key.id, "--json", "--data", str(data_dir)]
    with log.open("wb") as errors:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors,
            env=os.environ | {"PYTHONPATH": path},
        )  # fmt: skip
    _runs[test, key] = Run(process, time.time(), log)


def kept(test: str, key: AreaKey) -> dict[str, Any] | None:
    """What is kept of a test on this version of an area; too little data is known without starting a process."""
    data_dir, area = cache.settings().data_dir, cache.area(key)
    found = reports.kept(test, key.id, key.version, data_dir)
    if found is None and reports.too_little(test, area):
        with contextlib.suppress(GeodataError):  # it is kept, and read below
            reports.run(test, area, cache.branches(), data_dir)
        found = reports.kept(test, key.id, key.version, data_dir)
    return found
