"""What a map of one layer shows: its cells at the resolution of the view, their values, classes and texts."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from geodata import hexgrid
from geodata.grid import EDGE, to_parents
from geodata.language import T, Text
from location_model.layers import all_layers, layer_named
from pages.ui import cache, mapdata
from pages.ui.cache import AreaKey
from pages.ui.language import _, language, number, rounded

SCORE = "score"
SCORE_BORDERS = tuple(range(10, 100, 10))
NEAR, WHOLE = "near", "whole"


@dataclass(frozen=True, eq=False)
class Shown:
    """Cells with one value each. values: in the layer's unit, NaN = not known. borders: between the classes."""

    resolution: int
    cells: list[str]
    names: list[object]
    values: npt.NDArray[np.float64]
    borders: tuple[float, ...]

    @property
    def classes(self) -> npt.NDArray[np.int64]:
        """Class of each cell: −1 not known, 0 none, then by border."""
        return mapdata.classes_of(self.values, self.borders)

    def texts(self, unit: str) -> list[str]:
        """Each value as the tooltip says it."""
        not_known = _(T("not known"))
        return [f"{t} {unit}" if t != "–" else not_known for t in mapdata.texts(self.values, rounded)]

    def labels(self) -> list[str]:
        """The classes above zero in words."""
        shown = [number(b, 0 if b >= 1 else 1 if b >= 0.1 else 3) for b in self.borders]
        if not shown:
            return [_(T("more than 0"))]
        middle = [f"{a} – {b}" for a, b in pairwise(shown)]
        return [_(T("less than {value}", value=shown[0])), *middle, _(T("{value} and more", value=shown[-1]))]


def title(name: str) -> Text:
    """What a layer, or the score, is called."""
    return T("Score") if name == SCORE else layer_named(name).title


def unit(name: str) -> Text:
    """What it is measured in."""
    return T("score from 0 to 100") if name == SCORE else layer_named(name).unit


def names() -> list[str]:
    """Everything that can be shown: the layers, and the score of a branch."""
    return [*(layer.name for layer in all_layers()), SCORE]


def by_branch(name: str) -> bool:
    """Whether it differs by branch."""
    return name == SCORE or layer_named(name).per_branch


def values(key: AreaKey, name: str, branch: str) -> pd.Series:
    """A layer, or the score with the starting weights, on all cells."""
    if name != SCORE:
        return cache.layer(key, name, branch)
    scored = cache.scored(key, cache.starting_profile(key, branch).profile)
    return pd.Series(scored.score, index=scored.cells)


def rule(name: str) -> str:
    """How a coarser cell takes its value."""
    return "mean" if name == SCORE else layer_named(name).parent


@st.cache_resource(max_entries=48, show_spinner=False)
def _shown(folder: str, key: AreaKey, name: str, branch: str, view: str) -> Shown:
    area = cache.area(key)
    every = values(key, name, branch)
    if view == NEAR:
        rows = mapdata.near_shops(area, "core")
    else:
        rows = np.flatnonzero((area.grid["reason"] != "no_street").to_numpy())
    here = every.iloc[rows]
    borders = SCORE_BORDERS if name == SCORE else tuple(mapdata.breaks(every.to_numpy(np.float64)))
    resolution = mapdata.view_resolution(list(here.index), area.study.resolution)
    names = area.cell_names.iloc[rows]
    if resolution < area.study.resolution:
        parent = hexgrid.parents(list(here.index), resolution)
        here = to_parents(here.to_frame(name), {name: rule(name)}, resolution)[name]
        names = names.groupby(parent).first().reindex(here.index)
    return Shown(resolution, list(here.index), list(names), here.to_numpy(np.float64), borders)


def shown(key: AreaKey, name: str, branch: str, view: str) -> Shown:
    """The cells of a view: around the shops in full detail, or the whole area, coarser where it must be."""
    return _shown(str(cache.settings().data_dir), key, name, branch if by_branch(name) else "", view)


@st.cache_resource(max_entries=48, show_spinner=False)
def _hatched(folder: str, key: AreaKey, name: str, branch: str, view: str) -> bytes:
    found = shown(key, name, branch, view)
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
    return _hatched(str(cache.settings().data_dir), key, name, branch if by_branch(name) else "", view)


@st.cache_resource(max_entries=48, show_spinner=False)
def _packed(folder: str, key: AreaKey, name: str, branch: str, view: str, language: str) -> bytes:
    found = shown(key, name, branch, view)
    return cache.pack(mapdata.classed(found.cells, found.names, found.classes, found.texts(_(unit(name)))))


def packed(key: AreaKey, name: str, branch: str, view: str) -> bytes:
    """The cells of a view as the map fetches them, texts in the language of this visit."""
    folder = str(cache.settings().data_dir)
    return _packed(folder, key, name, branch if by_branch(name) else "", view, language())
