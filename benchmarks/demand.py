"""Huff's model of one branch over a region: time, memory, and how near a dense reference it stays."""

import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.measure import Result, Target, warm
from geodata.network.times import TICKS_PER_MINUTE, Ticks
from location_model.huff import added, pull_at, shared

HOMES, SHOPS = 100_000, 2_000
DECAY, EXPONENT = 0.18, 1.0
SIDE_M, METRES_PER_MINUTE = 30_000.0, 600.0
WHAT = f"Huff, {HOMES:,} resident points × {SHOPS:,} premises"
_BLOCK = 2_000


def measure(_: Path | None) -> Iterator[Result]:
    """Travel times are given: as two-byte ticks they are most of the memory."""
    tracemalloc.start()
    ticks, spending, pull = _region()
    tracemalloc.reset_peak()  # what drawing the region took is not the model's
    shared(ticks[:10], spending[:10], pull, DECAY)
    ours = warm(lambda: shared(ticks, spending, pull, DECAY), repeats=5)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    started = time.perf_counter()
    dense = _dense(ticks, spending, pull)
    plain_s = time.perf_counter() - started
    turnover, draw = ours.value
    yield Result(f"{WHAT}: turnover of all", "s", Target(0.5), ours.wall_s, plain_s, "dense in numpy, by blocks")
    yield Result(f"{WHAT}: memory of its arrays, times included", "MB", Target(500.0), peak)
    off = float(np.abs(turnover / dense - 1).max()) * 100
    yield Result(f"{WHAT}: largest miss of a site's turnover", "%", Target(0.5), off, None, "dense reference")
    column = np.ascontiguousarray(ticks[:, 0])
    one = warm(lambda: added(draw, spending, pull_at(column, 300.0, DECAY)).sum(), repeats=9)
    yield Result(f"{WHAT}: one site added", "s", Target(0.005), one.wall_s)


def _region() -> tuple[Ticks, npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Homes in forty towns on a square of 30 km, shops in them, at 36 km/h as the crow flies."""
    rng = np.random.default_rng(0)
    towns = rng.uniform(0, SIDE_M, (40, 2))
    homes = towns[rng.integers(0, 40, HOMES)] + rng.normal(0, 1500, (HOMES, 2))
    shops = towns[rng.integers(0, 40, SHOPS)] + rng.normal(0, 600, (SHOPS, 2))
    ticks = np.empty((HOMES, SHOPS), np.uint16)
    for low in range(0, HOMES, _BLOCK):
        away = np.hypot(*(homes[low : low + _BLOCK, None] - shops[None]).transpose(2, 0, 1))
        ticks[low : low + _BLOCK] = np.rint(away / METRES_PER_MINUTE * TICKS_PER_MINUTE)
    pull = np.exp(rng.uniform(np.log(40), np.log(2000), SHOPS)) ** EXPONENT
    return ticks, rng.uniform(200, 900, HOMES), pull


def _dense(ticks: Ticks, spending: npt.NDArray[np.float64], pull: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The definition in double precision."""
    turnover = np.zeros(SHOPS)
    for low in range(0, HOMES, _BLOCK):
        drawn = pull * np.exp(-DECAY / TICKS_PER_MINUTE * ticks[low : low + _BLOCK])
        turnover += (spending[low : low + _BLOCK] / drawn.sum(axis=1)) @ drawn
    return turnover
