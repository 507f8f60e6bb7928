"""What a map of one layer, of the score or of the passers-by shows: cells, values, classes and texts."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from geodata import hexgrid
from geodata.grid import EDGE, to_parents
from geodata.language import T, Text
from location_model.layers import Layer, all_layers, layer_named
from pages.ui import cache, footfall_shown, mapdata
from pages.ui.cache import AreaKey
from pages.ui.language import _, language, number, rounded
from pages.ui.places import GROUP_TITLES

NEAR, WHOLE = "near", "whole"


@dataclass(frozen=True, eq=False)
class Shown:
    """Cells with one value each. values: in the layer's unit, NaN = not known; low, high: the interval of an estimate.
    borders: between the classes.
    """

    resolution: int
    cells: list[str]
    names: list[object]
    values: npt.NDArray[np.float64]
    borders: tuple[float, ...]
    low: npt.NDArray[np.float64] | None = None
    high: npt.NDArray[np.float64] | None = None

    @property
    def classes(self) -> npt.NDArray[np.int64]:
        """Class of each cell: −1 not known, 0 none, then by border."""
        return mapdata.classes_of(self.values, self.borders)

    def texts(self, unit: str) -> list[str]:
        """Each value as the tooltip says it."""
        not_known = _(T("not known"))
        if self.low is not None and self.high is not None:
            rounds = (mapdata.texts(v, footfall_shown.persons) for v in (self.values, self.low, self.high))
            told = [
                f"{p} {unit}, {_(T('between {low} and {high}', low=a, high=b))}"
                for p, a, b in zip(*rounds, strict=True)
            ]
            return [not_known if unknown else t for unknown, t in zip(np.isnan(self.values), told, strict=True)]
        return [f"{t} {unit}" if t != "–" else not_known for t in mapdata.texts(self.values, rounded)]

    def labels(self) -> list[str]:
        """The classes above zero in words."""
        shown = [number(b, 0 if b >= 1 else 1 if b >= 0.1 else 3) for b in self.borders]
        if not shown:
            return [_(T("more than 0"))]
        middle = [f"{a} – {b}" for a, b in pairwise(shown)]
        return [_(T("less than {value}", value=shown[0])), *middle, _(T("{value} and more", value=shown[-1]))]


@dataclass(frozen=True, eq=False)
class Special:
    """What can be shown beside the layers, and says of itself what a layer does.

    values: by cell, `value` and where it is an estimate `low` and `high`, NaN = not known. borders: between its
    classes; none = by its values.
    """

    title: Text
    unit: Text
    values: Callable[[AreaKey, str], pd.DataFrame]
    parent: Literal["mean", "max"]
    group: str = ""
    per_branch: bool = False
    borders: tuple[float, ...] = ()


def _score(key: AreaKey, branch: str) -> pd.DataFrame:
    scored = cache.scored(key, cache.starting_profile(key, branch).profile)
    return pd.DataFrame({"value": scored.score}, index=scored.cells)


def _persons(key: AreaKey, branch: str) -> pd.DataFrame:
    found = footfall_shown.footfall(key).by_cell()
    columns = {"persons_per_day": "value", "persons_low": "low", "persons_high": "high"}
    return found[list(columns)].rename(columns=columns)


SCORE, PERSONS = "score", "persons_per_day"
SPECIAL: dict[str, Special] = {
    PERSONS: Special(T("Passers-by a day"), T("persons per day"), _persons, "max", group="customers"),
    SCORE: Special(
        T("Score"), T("score from 0 to 100"), _score, "mean", per_branch=True, borders=tuple(range(10, 100, 10))
    ),
}


def of(name: str) -> Layer | Special:
    """The layer of that name, or what is shown beside the layers."""
    return SPECIAL.get(name) or layer_named(name)


def names() -> list[str]:
    """Everything that can be shown."""
    return [*(layer.name for layer in all_layers()), *SPECIAL]


def label(name: str) -> str:
    """What it is called in a list of all."""
    group = of(name).group
    return " · ".join([*([_(GROUP_TITLES[group])] if group else []), _(of(name).title)])


def private(key: AreaKey, name: str) -> bool:
    """Whether its map is for this session alone: it derives from somebody's own lists or counts."""
    return cache.private(key) or (name == PERSONS and footfall_shown.counted_by_hand(key))


def _basis(key: AreaKey, name: str, branch: str) -> str:
    """What the values depend on beside the version of the area: the branch, or the state of the counts by hand."""
    if name == PERSONS:
        return str(footfall_shown.stamp(key))
    return branch if of(name).per_branch else ""


@st.cache_resource(max_entries=48, show_spinner=False)
def _shown(folder: str, key: AreaKey, name: str, basis: str, view: str) -> Shown:
    area, special = cache.area(key), SPECIAL.get(name)
    every = special.values(key, basis) if special else cache.layer(key, name, basis).to_frame("value")
    if view == NEAR:
        rows = mapdata.near_shops(area, "core")
    else:
        rows = np.flatnonzero((area.grid["reason"] != "no_street").to_numpy())
    here = every.iloc[rows]
    borders = (special and special.borders) or tuple(mapdata.breaks(every["value"].to_numpy(np.float64)))
    resolution = mapdata.view_resolution(list(here.index), area.study.resolution)
    names = area.cell_names.iloc[rows]
    if resolution < area.study.resolution:
        parent = hexgrid.parents(list(here.index), resolution)
        here = to_parents(here, dict.fromkeys(here.columns, of(name).parent), resolution)
        names = names.groupby(parent).first().reindex(here.index)
    told = {column: here[column].to_numpy(np.float64) for column in here.columns}
    values = told.pop("value")
    return Shown(resolution, list(here.index), list(names), values, borders, **told)


def shown(key: AreaKey, name: str, branch: str, view: str) -> Shown:
    """The cells of a view: around the shops in full detail, or the whole area, coarser where it must be."""
    return _shown(str(cache.settings().data_dir), key, name, _basis(key, name, branch), view)


@st.cache_resource(max_entries=48, show_spinner=False)
def _hatched(folder: str, key: AreaKey, name: str, basis: str, view: str) -> bytes:
    found = _shown(folder, key, name, basis, view)
    grid = cache.area(key).grid
    at_edge = grid.index[(grid["reason"] == EDGE).to_numpy()]
    if found.resolution < cache.area(key).study.resolution:
        at_edge = hexgrid.parents(list(at_edge), found.resolution)
    edge = set(at_edge)
    return cache.pack(
        mapdata.hatching([c for c, x in zip(found.cells, found.values, strict=True) if x != x and c in edge])
    )


def hatched(key: AreaKey, name: str, branch: str, view: str) -> bytes:
    """Hatching over the cells of a view that are not known because the layer looks past the end of the data, packed."""
    looks = "footfall_index" if name == PERSONS else name
    return _hatched(str(cache.settings().data_dir), key, looks, _basis(key, looks, branch), view)


@st.cache_resource(max_entries=48, show_spinner=False)
def _packed(folder: str, key: AreaKey, name: str, basis: str, view: str, language: str) -> bytes:
    found = _shown(folder, key, name, basis, view)
    return cache.pack(mapdata.classed(found.cells, found.names, found.classes, found.texts(_(of(name).unit))))


def packed(key: AreaKey, name: str, branch: str, view: str) -> bytes:
    """The cells of a view as the map fetches them, texts in the language of this visit."""
    folder = str(cache.settings().data_dir)
    return _packed(folder, key, name, _basis(key, name, branch), view, language())
