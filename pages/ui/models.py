"""What the models learnt of a town, remembered by its version: fitted once, asked at every place."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from location_model import branch_layer, vacancy_risk
from location_model.branch_places import Claims, Suitability, fit_of
from pages.ui import cache
from pages.ui.cache import AreaKey


@st.cache_resource(max_entries=12, show_spinner=False)
def _claims(folder: str, key: AreaKey) -> Claims:
    return branch_layer.kept(cache.area(key), cache.branches()).claims


def claims(key: AreaKey) -> Claims:
    """What branch suitability may claim in an area, by branch."""
    return _claims(str(cache.settings().data_dir), key)


@st.cache_resource(max_entries=2, show_spinner=False)
def _suitability(folder: str, key: AreaKey) -> Suitability:
    return replace(fit_of(cache.area(key), cache.branches()), judged=claims(key))


def suitability(key: AreaKey) -> Suitability:
    """The fitted model of a town, 0.1 GB for a city. GeodataError where the town is too small for one."""
    return _suitability(str(cache.settings().data_dir), key)


@st.cache_resource(max_entries=6, show_spinner=False)
def _risk(folder: str, key: AreaKey, with_neighbours: bool) -> pd.DataFrame:
    return vacancy_risk.risk(cache.area(key), with_neighbours=with_neighbours)


def risk(key: AreaKey, *, with_neighbours: bool) -> pd.DataFrame:
    """Vacancy risk by premises id. GeodataError where too few vacant units are on record."""
    return _risk(str(cache.settings().data_dir), key, with_neighbours)
