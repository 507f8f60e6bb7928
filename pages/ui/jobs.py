"""Builds in a process of their own: started here, told on disk, so that a page can be left and come back to.

jobs/<id>/job.json        what is asked
jobs/<id>/progress.json   how far it is: share, sentence in each language
jobs/<id>/result.json     how it ended; only once it has
jobs/<id>/running.lock    held by the process for as long as it lives
"""

import datetime
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from geodata.errors import GeodataError
from geodata.language import T
from geodata.request import BuildRequest, dump
from geodata.settings import Settings

RUNNING, DONE, FAILED, STOPPED = "running", "done", "failed", "stopped"
ROOT = Path(__file__).resolve().parents[2]
KEPT = 5
START_S = 15.0
"""A process that does not hold its lock by then will not come any more."""

_processes: dict[Path, subprocess.Popen[bytes]] = {}
"""Those this server started: so that they are not left as zombies."""


@dataclass(frozen=True)
class State:
    """How a build stands. texts and error: by language. left_s: None where nobody can tell yet.

    areas: id, name and version of what was built. error is empty for a fault of ours; `log` then has the details.
    """

    phase: str
    share: float = 0.0
    texts: dict[str, str] = field(default_factory=dict)
    elapsed_s: float = 0.0
    left_s: float | None = None
    areas: tuple[dict[str, str], ...] = ()
    error: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Job:
    """One build, known by its folder."""

    folder: Path

    @property
    def asked(self) -> dict[str, Any]:
        """What was asked: area (empty for the sample region), request, started, expected_s, version before."""
        return _read(self.folder / "job.json")

    @property
    def log(self) -> Path:
        """What the process wrote; of use when something goes wrong on our side."""
        return self.folder / "log.txt"

    def state(self) -> State:
        """How it stands now."""
        result, asked = _read(self.folder / "result.json"), self.asked
        elapsed = time.time() - asked.get("started", time.time())
        if result:
            areas = tuple(result.get("areas", ()))
            return State(result["phase"], 1.0, {}, result["elapsed_s"], 0.0, areas, result.get("error", {}))
        if not self._alive(elapsed):
            return State(FAILED, elapsed_s=elapsed)
        progress = _read(self.folder / "progress.json")
        share = float(progress.get("share", 0.0))
        return State(RUNNING, share, progress.get("texts", {}), elapsed, _left(share, elapsed, asked.get("expected_s")))

    def stop(self) -> None:
        """End the process. What was built before stays as it was."""
        process = _processes.get(self.folder)
        if process is not None:
            process.terminate()
            process.wait(timeout=10)
        else:
            with_pid = _read(self.folder / "pid.json").get("pid")
            if with_pid and self._locked():
                os.kill(with_pid, signal.SIGTERM)
        if not (self.folder / "result.json").exists():
            started = self.asked.get("started", time.time())
            write(self.folder / "result.json", {"phase": STOPPED, "elapsed_s": time.time() - started})

    def close(self) -> None:
        """Seen: it need not be told again."""
        (self.folder / "seen").touch()

    def _alive(self, elapsed_s: float) -> bool:
        process = _processes.get(self.folder)
        if process is not None:
            return process.poll() is None or (self.folder / "result.json").exists()
        return self._locked() or elapsed_s < START_S

    def _locked(self) -> bool:
        try:
            with FileLock(self.folder / "running.lock", timeout=0):
                return False
        except Timeout:
            return True


def start(
    request: BuildRequest | None, settings: Settings, *, expected_s: float | None = None, before: str = ""
) -> Job:
    """Start a build in a process of its own; None builds the sample region. GeodataError while another one runs.

    expected_s: how long the same took before. before: the version that is current now.
    """
    running = latest(settings.data_dir)
    if running is not None and running.state().phase == RUNNING:
        raise GeodataError(T("another build is running."), remedy=T("Wait until it has ended, or stop it."))
    root = settings.data_dir / "jobs"
    folder = root / f"{datetime.datetime.now(datetime.UTC):%Y%m%d-%H%M%S-%f}"
    folder.mkdir(parents=True)
    asked = {
        "area": request.area if request else "", "request": dump(request, settings.data_dir) if request else None,
        "started": time.time(), "expected_s": expected_s, "before": before,
    }  # fmt: skip
    write(folder / "job.json", asked)
    environ = os.environ | {
        "KERNWIJZER_DATA": str(settings.data_dir),
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")])),
    }
    with (folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "pages.ui.worker", str(folder)],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environ, start_new_session=True,
        )  # fmt: skip
    _processes[folder] = process
    write(folder / "pid.json", {"pid": process.pid})
    for old in sorted(p for p in root.iterdir() if p.is_dir())[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)
        _processes.pop(old, None)
    return Job(folder)


def latest(data_dir: Path) -> Job | None:
    """The build that runs or ended last; None when it was seen and closed."""
    folders = sorted(p.parent for p in (data_dir / "jobs").glob("*/job.json"))
    return Job(folders[-1]) if folders and not (folders[-1] / "seen").exists() else None


def write(path: Path, document: dict[str, Any]) -> None:
    """Write JSON whole, so that nobody reads half of it."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    fresh.replace(path)


def _read(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError):
        return {}


def _left(share: float, elapsed_s: float, expected_s: float | None) -> float | None:
    """Seconds to go: by how long it took before, else by how far it is."""
    if expected_s is not None and elapsed_s < expected_s:
        return expected_s - elapsed_s
    return elapsed_s * (1 - share) / share if share > 0.1 else None
