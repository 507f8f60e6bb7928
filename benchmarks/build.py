"""Whole builds, as a user starts them: Newport from real files, and the sample region."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Result, Run, Target, command
from benchmarks.newport import GTFS, MISSING, OSM
from geodata.store import Store

ROOT = Path(__file__).resolve().parents[1]
SAMPLE_DATA = ROOT / "build" / "benchmarks"
"""The sample region as last built, which the app is then measured on."""

TOTAL = "Newport: PBF and timetable to stored grid, all layers, compilation included"
AGAIN = "Newport: the same, once compiled"
MEMORY = "Newport: peak memory of that build, all processes"
KERNELS = "Newport: streets, networks and reach within a build, once compiled"
SAMPLE = "Testerep: files written and all areas built, compilation included"


def measure(_: Path | None) -> Iterator[Result]:
    """All figures of this group."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _newport(Path(folder))
    sample = build_sample()
    yield _judged(SAMPLE, "s", Target(90), sample.wall_s, sample)


def build_sample() -> Run:
    """`sample`, from nothing: no files, no compiled kernels."""
    shutil.rmtree(SAMPLE_DATA, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        return _cli(["sample", "--data", str(SAMPLE_DATA)], Path(folder))


def _newport(folder: Path) -> Iterator[Result]:
    if MISSING:
        for name, unit, limit in ((TOTAL, "s", 60), (MEMORY, "GB", 2.5), (AGAIN, "s", 60), (KERNELS, "s", 5)):
            yield Result(name, unit, Target(limit), why=MISSING)
        return
    arguments = ["build", "newport", "--osm", str(OSM), "--gtfs", str(GTFS)]
    first = _cli([*arguments, "--data", str(folder / "first")], folder / "numba")
    yield _judged(TOTAL, "s", Target(60), first.wall_s, first)
    yield _judged(MEMORY, "GB", Target(2.5), first.peak_gb, first)
    again = _cli([*arguments, "--data", str(folder / "again")], folder / "numba")
    yield _judged(AGAIN, "s", Target(60), again.wall_s, again)
    seconds = None
    if not again.returncode:
        steps = Store(folder / "again").open("newport").manifest["seconds"]
        seconds = steps["network"] + steps["reach"]
    yield _judged(KERNELS, "s", Target(5), seconds, again)


def _cli(arguments: list[str], numba_cache: Path) -> Run:
    env = os.environ | {"NUMBA_CACHE_DIR": str(numba_cache)}
    return command([sys.executable, "-m", "location_model", *arguments], cwd=ROOT, env=env)


def _judged(name: str, unit: str, target: Target, value: float | None, run: Run) -> Result:
    if run.returncode:
        said = (run.stderr or run.stdout).strip().splitlines() or ["no message"]
        return Result(name, unit, target, why=f"ended with code {run.returncode}: {said[-1]}")
    return Result(name, unit, target, value)
