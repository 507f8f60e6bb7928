"""The places that answer a question, remembered between runs."""

from dataclasses import replace

import streamlit as st

from location_model.draws import known_intervals
from location_model.profile import ScoringProfile
from location_model.suggest import Suggestions, suggest
from pages.ui import cache, footfall_shown
from pages.ui.cache import AreaKey
from pages.ui.footfall_shown import Stamp


def _made(key: AreaKey, profile: ScoringProfile, n: int, vacant: bool) -> Suggestions:
    here, scored = cache.area(key), replace(cache.scored(key, profile), profile=profile)
    intervals = known_intervals(here, footfall_shown.footfall(key))
    return suggest(here, scored, n=n, vacant=vacant, intervals=intervals)


@st.cache_resource(max_entries=128, show_spinner=False)
def _answer(folder: str, key: AreaKey, stamp: Stamp, profile: ScoringProfile, n: int, vacant: bool) -> Suggestions:
    return _made(key, profile, n, vacant)


@st.cache_resource(max_entries=24, show_spinner=False, scope="session")
def _own_answer(folder: str, key: AreaKey, stamp: Stamp, profile: ScoringProfile, n: int, vacant: bool) -> Suggestions:
    return _made(key, profile, n, vacant)


def answer(key: AreaKey, profile: ScoringProfile, *, n: int, vacant: bool) -> Suggestions:
    """The best places, as `python -m location_model suggest` gives them; with own shops or a depot, for this session
    alone.
    """
    own = profile.limits.own_shops or profile.limits.depot is not None
    given = _own_answer if own else _answer
    return given(str(cache.settings().data_dir), key, footfall_shown.stamp(key), profile, n, vacant)
