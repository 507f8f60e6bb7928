"""What a measurement is, and how time and memory are taken."""

import os
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Target:
    """What must be reached: by our own figure, or by the ratio reference / ours."""

    value: float
    on: str = "ours"
    better: str = "lower"


@dataclass(frozen=True)
class Result:
    """One measured figure; None: not measured, and `reference_kind` or `why` says why."""

    name: str
    unit: str
    target: Target
    ours: float | None = None
    reference: float | None = None
    reference_kind: str = "none"
    why: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times more the reference needs."""
        return self.reference / self.ours if self.ours and self.reference is not None else None

    @property
    def met(self) -> bool | None:
        """Whether the target is reached; None when it could not be measured."""
        value = self.ours if self.target.on == "ours" else self.ratio
        if value is None:
            return None
        return value <= self.target.value if self.target.better == "lower" else value >= self.target.value

    def record(self) -> dict[str, object]:
        """The row of results.json."""
        return {
            "name": self.name,
            "ours": self.ours,
            "reference": self.reference,
            "reference_kind": self.reference_kind if not self.why else f"not measured: {self.why}",
            "unit": self.unit,
            "ratio": self.ratio,
            "target": self.target.value,
            "target_on": self.target.on,
            "better": self.target.better,
            "met": self.met,
        }


@dataclass(frozen=True)
class Timing(Generic[T]):
    """Medians over warm runs, and what the last run gave. CPU seconds add up all threads."""

    cpu_s: float
    wall_s: float
    value: T


def warm(work: Callable[[], T], *, repeats: int = 5) -> Timing[T]:
    """Run once to warm up (compilation, caches), then `repeats` times."""
    work()
    cpu, wall = [], []
    for _ in range(repeats):
        wall_start, cpu_start = time.perf_counter(), time.process_time()
        value = work()
        cpu.append(time.process_time() - cpu_start)
        wall.append(time.perf_counter() - wall_start)
    return Timing(statistics.median(cpu), statistics.median(wall), value)


@dataclass(frozen=True)
class Run:
    """A finished command: wall seconds, peak memory of it and all it started, and what it said."""

    wall_s: float
    peak_gb: float
    returncode: int
    stdout: str
    stderr: str


def command(arguments: list[str], *, cwd: Path, env: dict[str, str] | None = None, timeout_s: float = 900) -> Run:
    """Run a command to its end. Memory is the sum of resident pages over the process tree (Linux), sampled."""
    start = time.perf_counter()
    process = subprocess.Popen(
        arguments, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True
    )
    peak, done = 0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.1):
            peak = max(peak, sum(_resident_bytes(pid) for pid in _tree(process.pid)))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        stdout, stderr = process.communicate(timeout=timeout_s)
    except subprocess.TimeoutExpired:
        process.kill()
        stdout, stderr = process.communicate()
    finally:
        done.set()
        watcher.join()
    return Run(time.perf_counter() - start, peak / 1e9, process.returncode, stdout, stderr)


def _tree(root: int) -> Iterator[int]:
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    todo = [root]
    while todo:
        pid = todo.pop()
        yield pid
        todo += children.get(pid, [])


def _resident_bytes(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0
