"""Without counts, a street has a rank and a class; what streets of a class see elsewhere stands beside it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geodata.language import T, Text

Floats = npt.NDArray[np.float64]

CLASSES = ("A1", "A2", "B1", "B2", "C")
BUSIEST_SHARE = (0.01, 0.03, 0.07, 0.15)
"""Share of a town's street length in A1, to A2, to B1, to B2; the rest is C. A house convention: the letters are those
of the footfall index of surveyed centres, which need counts, the borders are not."""


_WORDS = {"A1": T("very busy"), "A2": T("busy"), "B1": T("fairly busy"), "B2": T("rather quiet"), "C": T("quiet")}


def class_told(name: str) -> Text:
    """A class in words, so that nobody takes the letter for that of a place: how busy it is within its town."""
    return T("class {name} ({busy})", name=name, busy=_WORDS[name])


@dataclass(frozen=True)
class Reference:
    """What was counted on streets elsewhere: persons per day between low and high, and where that comes from."""

    low: int
    high: int
    base: Text


REFERENCES = (
    Reference(3300, 34800, T("German shopping streets, 10 % to 90 % of streets; the medians of sources differ")),
    Reference(10000, 41000, T("main shopping streets of Flemish towns, persons per week in 2012 divided by seven")),
    Reference(970, 6300, T("mixed streets in Basel, 10 % to 90 % of streets")),
)
"""Ranges, never an estimate for this town."""


def street_rank(index: npt.ArrayLike, length: npt.ArrayLike) -> Floats:
    """Share of the town's street length that is busier, 0 … 1 by piece of street; ties share the middle; NaN stays.

    index: any footfall index; length: of each piece, metres, so that a street cut in many pieces counts once.
    """
    values, metres = np.asarray(index, dtype=np.float64), np.asarray(length, dtype=np.float64)
    rank = np.full(values.shape, np.nan)
    known = ~np.isnan(values)
    if not known.any() or metres[known].sum() <= 0:
        return rank
    _, level = np.unique(-values[known], return_inverse=True)
    by_level = np.bincount(level, weights=metres[known])
    busier = np.cumsum(by_level) - by_level
    rank[known] = (busier + by_level / 2)[level] / by_level.sum()
    return rank


def street_class(index: npt.ArrayLike, length: npt.ArrayLike) -> npt.NDArray[np.object_]:
    """A1, A2, B1, B2 or C by piece of street, from its rank within the town; None where the index is not known.

    Streets of an index of 0 are C: where the model sees nobody, no rank makes them busy.
    """
    rank, values = street_rank(index, length), np.asarray(index, dtype=np.float64)
    found = np.array(CLASSES, dtype=object)[np.searchsorted(BUSIEST_SHARE, np.nan_to_num(rank, nan=1.0))]
    found[values == 0] = "C"
    found[np.isnan(rank)] = None
    return found
