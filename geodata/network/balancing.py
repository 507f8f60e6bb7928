"""Balancing factors: what makes trips add up to what is known of their ends (Furness, or bi-proportional, fitting)."""

from dataclasses import dataclass

import numba
import numpy as np
import numpy.typing as npt

from geodata.network.graph import Floats, Ints

ROUNDS, CLOSE = 60, 0.005
"""Balancing stops when destinations are met within half a per cent, or after as many rounds."""


@dataclass(frozen=True, eq=False)
class Pairs:
    """For each destination, ptr[s] … ptr[s+1]: positions of the origins in reach, and how many metres off."""

    ptr: npt.NDArray[np.int64]
    place: Ints
    metre: npt.NDArray[np.uint16]


def balancing_factors(ends: str, origin: Floats, draw: Floats, pairs: Pairs, table: Floats) -> tuple[Floats, Floats]:
    """Factors by origin and by destination; 0 where nothing is in reach."""
    if ends == "destinations":
        reached = _drawn(pairs.ptr, pairs.place, pairs.metre, table, origin)
        return np.ones(len(origin)), _inverse(reached)
    if ends == "origins":
        return _inverse(_sent(pairs.ptr, pairs.place, pairs.metre, table, draw, len(origin))), np.ones(len(draw))
    sent, drawn = origin.copy(), draw.copy()
    lost = _sent(pairs.ptr, pairs.place, pairs.metre, table, draw, len(origin)) == 0
    served = np.where(_drawn(pairs.ptr, pairs.place, pairs.metre, table, origin) > 0, draw, 0.0)
    wanted = served * (origin[~lost].sum() / served.sum()) if served.any() else served
    for _ in range(ROUNDS):
        met = drawn * _drawn(pairs.ptr, pairs.place, pairs.metre, table, sent)
        drawn = drawn * wanted * _inverse(met)
        sent = origin * _inverse(_sent(pairs.ptr, pairs.place, pairs.metre, table, drawn, len(origin)))
        if not wanted.any() or np.abs(met - wanted).max() < CLOSE * wanted.max():
            break
    return sent * _inverse(origin), drawn * _inverse(draw)


def _inverse(x: Floats) -> Floats:
    return np.divide(1.0, x, out=np.zeros_like(x), where=x > 0)


@numba.njit(cache=True, nogil=True)
def _drawn(ptr, place, metre, table, sent):  # type: ignore[no-untyped-def]
    """Σ over origins of sent·f, by destination."""
    total = np.zeros(len(ptr) - 1)
    for s in range(len(total)):
        for e in range(ptr[s], ptr[s + 1]):
            total[s] += sent[place[e]] * table[metre[e]]
    return total


@numba.njit(cache=True, nogil=True)
def _sent(ptr, place, metre, table, drawn, n_places):  # type: ignore[no-untyped-def]
    """Σ over destinations of drawn·f, by origin."""
    total = np.zeros(n_places)
    for s in range(len(ptr) - 1):
        if drawn[s] > 0.0:
            for e in range(ptr[s], ptr[s + 1]):
                total[place[e]] += drawn[s] * table[metre[e]]
    return total
