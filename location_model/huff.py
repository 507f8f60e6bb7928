"""The Huff model (1964): each home's spending is shared over the shops in proportion to their pull at that distance.

Share of shop j at home i: A_j·f(t_ij) / Σ_k A_k·f(t_ik), with f(t) = exp(−decay·minutes) and A = size^exponent.
Spending online and elsewhere is a fixed share, taken off before. Times are two-byte ticks, so f is a table and 200
million pairs fit in memory.
"""

import numba
import numpy as np
import numpy.typing as npt

from geodata.network.times import NO_WAY, TICKS_PER_MINUTE, Ticks
from geodata.network.turns import KERNELS

Floats = npt.NDArray[np.float64]
_PARTS = 64
"""Homes are worked through in as many parts on any number of processors, so that the same data give the same sums."""


def deterrence(decay_per_minute: float) -> npt.NDArray[np.float32]:
    """The table of f by tick; 0 where there is no way."""
    table = np.exp(-decay_per_minute / TICKS_PER_MINUTE * np.arange(int(NO_WAY) + 1)).astype(np.float32)
    table[NO_WAY] = 0.0
    return np.asarray(table)


def shared(ticks: Ticks, spending: Floats, pull: Floats, decay_per_minute: float) -> tuple[Floats, Floats]:
    """Turnover of every shop, and what draws every home: Σ_k A_k·f(t_ik), by which `added` judges one shop more.

    ticks: shape (homes, shops). spending: euros a year by home. pull: A by shop, 0 = closed. Homes that reach no shop
    (draw 0) spend nowhere.
    """
    if not ticks.size:
        return np.zeros(ticks.shape[1]), np.zeros(ticks.shape[0])
    with KERNELS:
        turnover, draw = _shared(ticks, spending, pull.astype(np.float32), deterrence(decay_per_minute), _PARTS)
    return turnover.sum(axis=0), draw


def pull_at(ticks: Ticks, pull: float, decay_per_minute: float) -> Floats:
    """What one shop draws at every home, A·f(t); ticks of that shop, shape (homes,)."""
    return pull * deterrence(decay_per_minute)[ticks].astype(np.float64)


def added(draw: Floats, spending: Floats, more: Floats) -> Floats:
    """By home, what a shop that is not there yet would take in: `more` is what it draws, as `pull_at` gives it."""
    return np.divide(spending * more, draw + more, out=np.zeros_like(more), where=more > 0)


@numba.njit(cache=True, nogil=True, parallel=True, fastmath={"contract", "reassoc"})
def _shared(ticks, spending, pull, table, n_parts):  # type: ignore[no-untyped-def]
    n_homes, n_shops = ticks.shape
    turnover = np.zeros((n_parts, n_shops))
    draw = np.zeros(n_homes)
    for part in numba.prange(n_parts):
        here = np.empty(n_shops, np.float32)
        taken = np.zeros(n_shops, np.float32)
        low, high = part * n_homes // n_parts, (part + 1) * n_homes // n_parts
        for i in range(low, high):
            total = np.float32(0.0)
            for j in range(n_shops):
                u = pull[j] * table[ticks[i, j]]
                here[j] = u
                total += u
            draw[i] = total
            if total > 0 and spending[i] > 0:
                euro = spending[i] / np.float64(total)
                for j in range(n_shops):
                    taken[j] += np.float32(euro * here[j])
            if (i - low) % 512 == 511 or i == high - 1:  # float32 sums stay short
                for j in range(n_shops):
                    turnover[part, j] += taken[j]
                    taken[j] = 0.0
    return turnover, draw
