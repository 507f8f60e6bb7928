"""What the page of suggestions shows: the question asked by all choices together, and its answer."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from urllib.parse import urlencode

import pandas as pd
import pydeck as pdk
import streamlit as st

from geodata import hexgrid
from geodata.language import T, Text
from geodata.store import Area
from location_model.explain import points_of, typical
from location_model.profile import ScoringProfile
from location_model.score import Scored
from location_model.suggest import Site, Suggestion, Suggestions, suggestion
from pages.ui import answers, cache, choices, depot_asked, downloads, geopackage, maps, own_network, places, weights
from pages.ui.cache import AreaKey
from pages.ui.language import _, language

SITE, MORE = "site", "n"
N, MOST = 10, 200
"""Places shown at first, and each time more; and at most."""

BEFORE = 50
"""How far down the ranking with the starting weights is looked, to say where a place came from."""

AROUND = 0.004
"""Degrees kept free around the places on a map of everywhere: some 300 m."""

WHERE: dict[str, Text] = {"core": T("Core"), "retail": T("Retail areas"), "all": T("Everywhere")}


def how_many() -> int:
    """How many places are shown: some, and more when asked."""
    return min(max(int(str(choices.value(MORE, N, int))), 1), MOST)


def answered(
    key: AreaKey, start: ScoringProfile, vacant: bool
) -> tuple[ScoringProfile, Suggestions, str | None, dict[str, int] | None]:
    """The profile with the chosen weights, its answer, the chosen place, and the ranking before the weights moved."""
    profile = weights.chosen(start)
    site = choices.value(SITE, None)
    before = None
    if profile != start:
        ranking = answers.answer(key, start, n=max(BEFORE, how_many()), vacant=vacant)
        before = {places.site_id(s): s.rank for s in ranking.sites}
    answer = answers.answer(key, profile, n=how_many(), vacant=vacant)
    return profile, answer, site if isinstance(site, str) else None, before


def view_of(key: AreaKey, start: ScoringProfile, vacant: bool, within: str) -> pdk.ViewState:
    """Where the map opens: the core or the retail areas; of everywhere, the places found with the starting weights."""
    found = answers.answer(key, start, n=BEFORE, vacant=vacant).sites[:N]
    if within != "all" or not found:
        return cache.view(key, within)
    lngs, lats = [s.site.lng for s in found], [s.site.lat for s in found]
    return maps.view_of((min(lngs) - AROUND, min(lats) - AROUND, max(lngs) + AROUND, max(lats) + AROUND))


def single(key: AreaKey, scored: Scored, cell: str, answer: Suggestions) -> Suggestion | None:
    """Any cell of the map as a place, without a rank; None when it is no cell of this area."""
    if cell not in scored.rows:
        return None
    name = cache.area(key).cell_names.get(cell)
    (lng,), (lat,) = hexgrid.centres([cell])
    site = Site(cell, None, name if isinstance(name, str) else cell, lng, lat)
    return suggestion(scored, site, 0, typical([points_of(scored, s.site.cell) for s in answer.sites]))


def question(key: AreaKey, start: ScoringProfile, vacant: bool, within: str) -> downloads.Asked:
    """What was asked, as files say it."""
    branch = cache.branches().get(start.branch).name(language())
    said = {"area": key.id, "branch": start.branch, "lang": language(), **st.query_params.to_dict()}
    return downloads.Asked(branch, _(WHERE[within]), vacant, start, f"{st.context.url}?{urlencode(said)}")


def whole(key: AreaKey, profile: ScoringProfile, answer: Suggestions, *, vacant: bool) -> Suggestions:
    """What is shown, and of vacant units everything that fits."""
    if not vacant or not answer.sites:
        return answer
    every = answers.answer(key, profile, n=answer.fitting, vacant=True).sites
    return replace(answer, sites=every)


def as_table(profile: ScoringProfile, answer: Suggestions) -> pd.DataFrame:
    """The list as a table: rank, place, score, what we know, and the points of each criterion, None = not known."""
    score, known = _(T("Score")), _(T("What we know"))
    low, high = _(T("score from")), _(T("score to"))
    titles = {c.layer: places.title(c.layer) for c in profile.criteria}
    return pd.DataFrame(
        [
            {_(T("Rank")): s.rank, _(T("Place")): _(s.site.title), score: round(s.score, 1)}
            | {low: _one(s.score_low), high: _one(s.score_high), known: _(s.coverage_told)}
            | {titles[layer]: points and round(points, 1) for layer, points in s.contributions}
            for s in answer.sites
        ]
    )


def shared() -> Text:
    """What the address of the page holds, for who wants to share it."""
    if own_network.given() is not None or depot_asked.typed():
        return T("The address of this page holds your choices, but not your own shops and depot: those stay with you.")
    return T("The address of this page holds all your choices: copy it to share this view.")


def _one(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def take_along(
    key: AreaKey, start: ScoringProfile, profile: ScoringProfile, answer: Suggestions, *, vacant: bool
) -> None:
    """A button for each kind of file."""
    asked = question(key, start, vacant, answer.within)
    area, scored = cache.area(key), cache.scored(key, profile)

    def made(write: Callable[[Area, Scored, Suggestions, downloads.Asked], bytes]) -> bytes:
        return write(area, scored, whole(key, profile, answer, vacant=vacant), asked)

    kinds = {"Excel": ("xlsx", downloads.workbook), "GeoPackage": ("gpkg", geopackage.geopackage)}
    with st.container(horizontal=True):
        for label, (ending, write) in kinds.items():
            name, icon = f"{asked.file_name(area)}.{ending}", ":material/download:"
            st.download_button(label, downloads.when_asked(partial(made, write)), name, on_click="ignore", icon=icon)
