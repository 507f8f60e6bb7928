"""Huff's shares against a dense reference, and what must hold whatever the numbers are."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.network.times import NO_WAY
from location_model.huff import added, pull_at, shared

ROOT = Path(__file__).resolve().parents[1]


def dense(ticks: np.ndarray, spending: np.ndarray, pull: np.ndarray, decay: float) -> np.ndarray:
    drawn = np.where(ticks == NO_WAY, 0.0, pull * np.exp(-decay * ticks / 100))
    whole = drawn.sum(axis=1, keepdims=True)
    return (spending[:, None] * np.divide(drawn, whole, out=np.zeros_like(drawn), where=whole > 0)).sum(axis=0)


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 10_000), decay=st.floats(0.0, 0.5), homes=st.integers(1, 700), shops=st.integers(1, 9))
def test_turnover_is_that_of_a_dense_reference(seed: int, decay: float, homes: int, shops: int) -> None:
    rng = np.random.default_rng(seed)
    ticks = rng.integers(0, 3000, (homes, shops)).astype(np.uint16)
    ticks[rng.uniform(size=ticks.shape) < 0.2] = NO_WAY
    spending, pull = rng.uniform(0, 900, homes), rng.uniform(1, 500, shops)
    found, draw = shared(ticks, spending, pull, decay)
    assert found == pytest.approx(dense(ticks, spending, pull, decay), rel=1e-4)
    served = (ticks < NO_WAY).any(axis=1)
    assert found.sum() == pytest.approx(spending[served].sum(), rel=1e-4)
    assert (draw[~served] == 0).all()


def test_a_shop_added_takes_what_it_takes_when_it_is_there() -> None:
    rng = np.random.default_rng(2)
    ticks, spending, pull = rng.integers(0, 900, (400, 6)).astype(np.uint16), rng.uniform(1, 9, 400), np.full(6, 80.0)
    closed = pull.copy()
    closed[5] = 0
    _, draw = shared(ticks, spending, closed, 0.2)
    alone = added(draw, spending, pull_at(ticks[:, 5], 80.0, 0.2)).sum()
    assert alone == pytest.approx(shared(ticks, spending, pull, 0.2)[0][5], rel=1e-5)


def test_a_closed_shop_takes_nothing_and_two_shops_alike_share_equally() -> None:
    ticks = np.full((3, 3), 500, np.uint16)
    found, _ = shared(ticks, np.array([10.0, 20.0, 30.0]), np.array([50.0, 50.0, 0.0]), 0.3)
    assert found == pytest.approx([30, 30, 0])


def test_without_shops_nobody_spends() -> None:
    turnover, draw = shared(np.zeros((4, 0), np.uint16), np.ones(4), np.zeros(0), 0.1)
    assert len(turnover) == 0 and draw.tolist() == [0, 0, 0, 0]


AT_ONCE = """
import threading, numpy as np
from location_model.huff import shared
ticks = np.random.default_rng(0).integers(0, 900, (4000, 30)).astype(np.uint16)
work = lambda: [shared(ticks, np.ones(4000), np.ones(30), 0.1) for _ in range(30)]
threads = [threading.Thread(target=work) for _ in range(3)]
[t.start() for t in threads]; [t.join() for t in threads]
print(sum(shared(ticks, np.ones(4000), np.ones(30), 0.1)[0]))
"""


def test_sessions_may_ask_at_once_whatever_threading_numba_has() -> None:
    """With the layer that every machine has, two threads in a parallel kernel abort the process: they take turns."""
    env = os.environ | {"NUMBA_THREADING_LAYER": "workqueue", "NUMBA_NUM_THREADS": "2"}
    ended = subprocess.run([sys.executable, "-c", AT_ONCE], capture_output=True, text=True, env=env, cwd=ROOT)
    assert ended.returncode == 0, ended.stderr
    assert float(ended.stdout) == pytest.approx(4000, rel=1e-4)
