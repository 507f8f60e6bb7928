"""Everything that is remembered between runs. Keys are small and frozen: area id, version, profile; never a table."""

import gc
import importlib
import pkgutil
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pydeck as pdk
import streamlit as st

from geodata import hexgrid
from geodata.branches import BranchTable, read_branches
from geodata.grid import EDGE
from geodata.request import load
from geodata.settings import Settings
from geodata.store import Area, Store
from location_model.layers import branch_context, layer_named, layer_values
from location_model.presets import Preset
from location_model.presets import starting_profile as profile_of
from location_model.profile import Criterion, ScoringProfile, ValueFunction, more
from location_model.score import Float32s, Scored, layer_inputs, rescore
from pages.ui import mapdata, maps
from pages.ui.served import pack

Builds = tuple[tuple[str, int], ...]


class AreaKey(NamedTuple):
    """A stored version of an area: the same key always means the same data."""

    id: str
    version: str


def settings() -> Settings:
    """Settings of this machine, read at every run so that they can be changed by the environment."""
    return Settings.from_env()


def store() -> Store:
    """The stored areas."""
    return Store(settings().data_dir)


@st.cache_resource(max_entries=4, show_spinner=False)
def _area_names(folder: str, builds: Builds) -> dict[str, str]:
    return store().names()


def builds() -> Builds:
    """Which areas are built, and when: changes when a build has ended."""
    return tuple(sorted((p.parent.name, p.stat().st_mtime_ns) for p in store().root.glob("*/current.json")))


def area_names() -> dict[str, str]:
    """Built areas: id → name, by name; looked up again when a build has ended."""
    return _area_names(str(settings().data_dir), builds())


def current(area_id: str) -> AreaKey:
    """The version of an area that is current now."""
    return AreaKey(area_id, store().open(area_id).version)


@st.cache_resource(max_entries=6, show_spinner=False)
def _area(folder: str, key: AreaKey) -> Area:
    return store().open(key.id)


def area(key: AreaKey) -> Area:
    """A stored area; its tables are read when first used and shared by all sessions: never change them."""
    return _area(str(settings().data_dir), key)


@st.cache_resource(show_spinner=False)
def _branches(folder: str, changed: float) -> BranchTable:
    return read_branches(settings().data_dir)


def branches() -> BranchTable:
    """The branch table; a user's own copy is read again when it changes."""
    own = settings().data_dir / "branches.csv"
    return _branches(str(settings().data_dir), own.stat().st_mtime if own.exists() else 0.0)


@st.cache_resource(max_entries=64, show_spinner=False)
def _starting_profile(folder: str, key: AreaKey, branch: str) -> Preset:
    return profile_of(area(key), branch, branches())


def starting_profile(key: AreaKey, branch: str) -> Preset:
    """The profile a branch starts from in an area."""
    return _starting_profile(str(settings().data_dir), key, branch)


@st.cache_resource(max_entries=24, show_spinner=False)
def _inputs(folder: str, key: AreaKey, branch: str) -> Float32s:
    return layer_inputs(area(key), branches(), starting_profile(key, branch).profile)


def inputs(key: AreaKey, branch: str) -> Float32s:
    """Layer values of a branch's criteria on all cells, shape (criteria, cells)."""
    return _inputs(str(settings().data_dir), key, branch)


@st.cache_resource(max_entries=64, show_spinner=False)
def _scored(folder: str, key: AreaKey, profile: ScoringProfile) -> Scored:
    values = inputs(key, profile.branch)
    return rescore(area(key).grid.index, values, profile)


def scored(key: AreaKey, profile: ScoringProfile) -> Scored:
    """All cells scored. Criteria must be those of the branch's starting profile, in that order."""
    own = {"own_shops": (), "min_own_distance_m": 0.0, "depot": None, "max_drive_minutes": None}
    limits = replace(profile.limits, **own)  # type: ignore[arg-type]  # a user's own: not kept for all sessions
    return _scored(str(settings().data_dir), key, replace(profile, limits=limits))


@st.cache_resource(max_entries=24, show_spinner=False)
def _layer(folder: str, key: AreaKey, name: str, branch: str) -> pd.Series:
    here, asked = area(key), layer_named(name)
    ctx = branch_context(here, branches(), branch) if asked.per_branch else None
    return layer_values(here, branches(), asked, ctx)


def layer(key: AreaKey, name: str, branch: str) -> pd.Series:
    """One layer by cell in its own unit, NaN = not known; `branch` matters for branch layers alone."""
    return _layer(str(settings().data_dir), key, name, branch if layer_named(name).per_branch else "")


@st.cache_resource(max_entries=12, show_spinner=False)
def _parents(folder: str, key: AreaKey, resolution: int) -> pd.Series:
    cells = area(key).grid.index
    return pd.Series(hexgrid.parents(list(cells), resolution), index=cells)


def parents(key: AreaKey, resolution: int) -> pd.Series:
    """The coarser cell of each cell."""
    return _parents(str(settings().data_dir), key, resolution)


@st.cache_resource(max_entries=12, show_spinner=False)
def _premises_cells(folder: str, key: AreaKey) -> pd.Series:
    here = area(key)
    degrees = here.tables.premises.geometry.to_crs(4326)
    cells = hexgrid.cells_at(degrees.x.to_numpy(), degrees.y.to_numpy(), here.study.resolution)
    return pd.Series(cells, index=here.tables.premises.index)


def premises_cells(key: AreaKey) -> pd.Series:
    """The cell of each premises."""
    return _premises_cells(str(settings().data_dir), key)


def private(key: AreaKey) -> bool:
    """Whether the area was built with somebody's own lists: its map data are then for this session alone."""
    given = load(area(key).manifest["request"], settings().data_dir)
    own = {"premises", "vacancies", "addresses", "counts", "markets"}
    return any("uploads" in path.parts or (option in own and not given.sample) for option, path in given.files())


@st.cache_resource(max_entries=12, show_spinner=False)
def _streets(folder: str, key: AreaKey) -> bytes:
    return pack(mapdata.streets(area(key)))


def streets(key: AreaKey) -> bytes:
    """The street background, packed."""
    return _streets(str(settings().data_dir), key)


@st.cache_resource(max_entries=24, show_spinner=False)
def _outline(folder: str, key: AreaKey, within: str) -> bytes:
    study = area(key).study
    return pack(mapdata.outlines(study.retail_areas if within == "retail" else study.core_areas))


def outline(key: AreaKey, within: str) -> bytes:
    """The border of the core or of the retail areas, packed."""
    return _outline(str(settings().data_dir), key, within)


@st.cache_resource(max_entries=24, show_spinner=False)
def _subscores(folder: str, key: AreaKey, branch: str, functions: tuple[ValueFunction, ...], within: str) -> bytes:
    here = area(key)
    rows = mapdata.near_shops(here, None if within == "all" else within, mapdata.most_cells(within))
    names = here.cell_names.iloc[rows]
    start = starting_profile(key, branch).profile
    valued = (replace(c, value=f) for c, f in zip(start.criteria, functions, strict=True))
    score = scored(key, replace(start, criteria=tuple(valued))).score[rows]
    return pack(mapdata.subscores(here.grid.index[rows], names, inputs(key, branch)[:, rows], functions, score))


def subscores(key: AreaKey, profile: ScoringProfile, within: str) -> bytes:
    """The cells worth showing with what each criterion is worth there, packed; weights do not matter.

    The score that a tooltip shows is the one with the starting weights: what depends on weights would travel anew.
    """
    functions = tuple(c.value for c in profile.criteria)
    return _subscores(str(settings().data_dir), key, profile.branch, functions, within)


@st.cache_resource(max_entries=24, show_spinner=False)
def _unsure(folder: str, key: AreaKey, branch: str, within: str) -> bytes:
    here = area(key)
    rows = mapdata.near_shops(here, None if within == "all" else within, mapdata.most_cells(within))
    unknown = np.isnan(inputs(key, branch)[:, rows]).any(axis=0)
    edge = (here.grid["reason"].iloc[rows] == EDGE).to_numpy()
    return pack(mapdata.hatching(here.grid.index[rows[unknown & edge]].tolist()))


def meets_edge(key: AreaKey) -> bool:
    """Whether some cells of the area look past the end of the data."""
    return bool((area(key).grid["reason"] == EDGE).any())


def unsure(key: AreaKey, branch: str, within: str) -> bytes:
    """Hatching over the cells worth showing where a criterion of the branch looks past the end of the data, packed."""
    return _unsure(str(settings().data_dir), key, branch, within)


@st.cache_resource(max_entries=24, show_spinner=False)
def _view(folder: str, key: AreaKey, within: str) -> pdk.ViewState:
    study = area(key).study
    areas = study.retail_areas if within == "retail" else study.core_areas
    shape = study.boundary if within == "all" or not len(areas) else areas.to_crs(4326).union_all()
    return maps.view_of(maps.bounds_of(shape))


def view(key: AreaKey, within: str) -> pdk.ViewState:
    """Where a map of the core, the retail areas or everything opens."""
    return _view(str(settings().data_dir), key, within)


def warm() -> None:
    """Load (on a fresh machine: compile) the kernel of the score and what pages stand on, then freeze what was loaded.

    The first visitor of a page then waits for its figures alone. Streamlit collects garbage after every run; what is
    frozen is not looked at again. For a thread of its own.
    """
    profile = ScoringProfile("warm", (Criterion("x", 1.0, more(0, 1)),))
    rescore(pd.Index(["a"]), np.zeros((1, 1), dtype=np.float32), profile)
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        importlib.import_module(f"{__package__}.{module.name}")
    gc.collect()
    gc.freeze()
