"""Suggest: where does this branch belong? Map and ranked list are one thing; weights move both at once."""

from dataclasses import replace

import pandas as pd
import pydeck as pdk
import streamlit as st

from geodata import hexgrid
from geodata.language import T, Text
from location_model.explain import why
from location_model.presets import LABEL
from location_model.profile import ScoringProfile
from location_model.score import Scored
from location_model.suggest import Site, Suggestion, Suggestions
from pages.ui import cache, choices, downloads, frame, legend, maps, places, served, states, weights
from pages.ui.cache import AreaKey
from pages.ui.language import _, language, percent

SITE, CLICKS = "site", "suggest_clicks"
MAP, LIST, TABLE = "suggest_map", "suggest_list", "suggest_table"
"""Fragments, each with one widget of the same name: what is drawn again when a weight or a choice changes."""

N = 10
BEFORE = 50
"""How far down the ranking with the starting weights is looked, to say where a place came from."""

AROUND = 0.004
"""Degrees kept free around the places on a map of everywhere: some 300 m."""

WHERE: dict[str, Text] = {"core": T("Core"), "retail": T("Retail areas"), "all": T("Everywhere")}


def read_choices() -> tuple[ScoringProfile, bool]:
    """Branch, where, must-haves: the starting profile with its hard limits, and whether only vacant units count."""
    names = {b.id: b.name(language()) for b in cache.branches().branches}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by_name = sorted(names, key=lambda b: names[b])
        branch = choices.select(
            _(T("Branch")), by_name, "branch", default="bakery", shown=lambda b: names[b], width=260
        )
        within = choices.segments(_(T("Where")), list(WHERE), "within", default="core", shown=lambda w: _(WHERE[w]))
        with st.popover(_(T("Must-haves")), icon=":material/tune:"):
            low = choices.number(_(T("Floor area from (m²)")), "min", min_value=0.0, step=10.0, format="%.0f")
            high = choices.number(_(T("Floor area to (m²)")), "max", min_value=0.0, step=10.0, format="%.0f")
            st.caption(_(T("Floor areas are known for units only; a unit of unknown size is not ruled out.")))
        vacant = choices.toggle(_(T("Only vacant units")), "vacant")
    choices.keep_only(f"{branch}.", ".")
    start = cache.starting_profile(branch).profile
    limits = replace(start.limits, within=within, min_floor_area_m2=low, max_floor_area_m2=high)
    return replace(start, limits=limits), vacant


def redraw() -> None:
    """After a weight or a choice: only what it changes."""
    st.rerun([MAP, LIST, TABLE])


def pick(site: str | None) -> None:
    """Choose a place; choosing it again lets go."""
    st.session_state[SITE] = None if site == st.session_state.get(SITE) else site
    redraw()


def picked_on_map() -> None:
    row = maps.clicked(st.session_state[f"{MAP}_chart"].selection.objects)
    st.session_state[CLICKS] = st.session_state.get(CLICKS, 0) + 1
    if row:
        pick(str(row.get("id") or row["h"]))


def picked_in_list() -> None:
    pick(st.session_state[f"{LIST}_cards"].picked)


def picked_in_table(ids: list[str]) -> None:
    rows = st.session_state[f"{TABLE}_rows"].selection.rows
    pick(ids[rows[0]] if rows else None)


def answered(
    key: AreaKey, start: ScoringProfile, vacant: bool
) -> tuple[ScoringProfile, Suggestions, str | None, dict[str, int] | None]:
    """The profile with the chosen weights, its answer, the chosen place, and the ranking before the weights moved."""
    profile = weights.chosen(start)
    site = choices.value(SITE, None)
    before = None
    if profile != start:
        ranking = cache.answer(key, start, n=BEFORE, vacant=vacant)
        before = {places.site_id(s): s.rank for s in ranking.sites}
    answer = cache.answer(key, profile, n=N, vacant=vacant)
    return profile, answer, site if isinstance(site, str) else None, before


def view_of(key: AreaKey, start: ScoringProfile, vacant: bool, within: str) -> pdk.ViewState:
    """Where the map opens: the core or the retail areas; of everywhere, the places found with the starting weights."""
    found = cache.answer(key, start, n=BEFORE, vacant=vacant).sites[:N]
    if within != "all" or not found:
        return cache.view(key, within)
    lngs, lats = [s.site.lng for s in found], [s.site.lat for s in found]
    return maps.view_of((min(lngs) - AROUND, min(lats) - AROUND, max(lngs) + AROUND, max(lats) + AROUND))


@st.fragment(key=MAP)
@states.guarded
def draw_map(key: AreaKey, start: ScoringProfile, vacant: bool) -> None:
    profile, answer, site, _before = answered(key, start, vacant)
    area, private, clicks = cache.area(key), cache.private(key), st.session_state.get(CLICKS, 0)
    cells = served.address_of(cache.subscores(key, profile, answer.within), private=private)
    pins = [
        {
            "id": places.site_id(s),
            "r": str(s.rank),
            "x": round(s.site.lng, 5),
            "y": round(s.site.lat, 5),
            "n": s.site.name,
        }
        for s in answer.sites
    ]
    ring = next((s.site.cell for s in answer.sites if places.site_id(s) == site), site)
    layers = [
        maps.street_lines(served.address_of(cache.streets(key), private=False)),
        *maps.cells(cells, maps.score_colour([c.weight for c in profile.criteria]), clicks=clicks),
        maps.hatching(served.address_of(cache.unsure(key, profile.branch, answer.within), private=private)),
        maps.outline(served.address_of(cache.outline(key, answer.within), private=False)),
        maps.ring(ring if ring and hexgrid.is_cell(ring) else None),
        maps.pins(pins, site, clicks=clicks),
    ]
    best = answer.sites[0].site.name if answer.sites else "–"
    st.pydeck_chart(
        maps.deck(layers, view_of(key, start, vacant, answer.within), "<b>{n}</b>"),
        height=560,
        on_select=picked_on_map,
        key=f"{MAP}_chart",
        alt=_(T("Map of {name}: cells coloured by score; the best place is {best}.", name=area.name, best=best)),
    )


@st.fragment(key=LIST)
@states.guarded
def draw_list(key: AreaKey, start: ScoringProfile, vacant: bool) -> None:
    profile, answer, site, before = answered(key, start, vacant)
    if not answer.sites:
        what = T("No place answers this question")
        states.empty(what, T("Look in a wider area, loosen the must-haves, or give other criteria more weight."))
        return
    if before is not None:
        st.caption(places.moved(answer.sites, before))
    extra = None
    if site and site not in {places.site_id(s) for s in answer.sites}:
        extra = single(key, cache.scored(key, profile), site)
    shown = [extra, *answer.sites] if extra else answer.sites
    places.ranked_list(shown, profile, key=f"{LIST}_cards", picked=site, before=before, on_pick=picked_in_list)


def single(key: AreaKey, scored: Scored, cell: str) -> Suggestion | None:
    """Any cell of the map as a place, without a rank; None when it is no cell of this area."""
    if cell not in scored.rows:
        return None
    name = cache.area(key).cell_names.get(cell)
    name = name if isinstance(name, str) else _(T("a place without a street name"))
    i = scored.rows[cell]
    (lng,), (lat,) = hexgrid.centres([cell])
    parts = tuple(scored.contributions(cell).items())
    score, coverage = float(scored.score[i]), float(scored.coverage[i])
    return Suggestion(0, Site(cell, None, name, lng, lat), score, coverage, parts, why(name, scored, cell))


@st.fragment
@states.guarded
def draw_panels(start: ScoringProfile) -> None:
    """Weights, and what values are worth: drawn only when opened."""
    title = _(T("Weights: what counts, and how much"))
    with st.expander(title, icon=":material/tune:", key="weights", on_change="rerun") as panel:
        if panel.open:
            st.caption(f"**{_(LABEL)}**: {_(cache.starting_profile(start.branch).reasoning)}")
            weights.panel(start, redraw)
    title = _(T("More: what is a value worth?"))
    with st.expander(title, icon=":material/show_chart:", key="worth", on_change="rerun") as panel:
        if panel.open:
            weights.worth_panel(start)


@st.fragment(key=TABLE)
@states.guarded
def draw_table(key: AreaKey, start: ScoringProfile, vacant: bool) -> None:
    """The list as a table, and as files: drawn only when opened."""
    title = _(T("As a table, and to take along"))
    with st.expander(title, icon=":material/table:", key="table", on_change="rerun") as panel:
        if not panel.open:
            return
        profile, answer, _site, _before = answered(key, start, vacant)
        area, scored = cache.area(key), cache.scored(key, profile)
        score, known = _(T("Score")), _(T("What we know"))
        titles = {c.layer: places.title(c.layer) for c in profile.criteria}
        table = pd.DataFrame(
            [
                {_(T("Rank")): s.rank, _(T("Place")): s.site.name, score: round(s.score, 1), known: percent(s.coverage)}
                | {titles[layer]: points and round(points, 1) for layer, points in s.contributions}
                for s in answer.sites
            ]
        )
        ids = [places.site_id(s) for s in answer.sites]
        st.caption(_(T("Points of each criterion; together they are the score. An empty cell is not known.")))
        st.dataframe(
            table,
            hide_index=True,
            key=f"{TABLE}_rows",
            on_select=lambda: picked_in_table(ids),
            selection_mode="single-row",
            column_config={
                name: st.column_config.NumberColumn(format="localized") for name in (score, *titles.values())
            },
            alt=_(T("Places by rank with their score and its parts in points")),
        )
        branch = cache.branches().get(profile.branch).name(language())
        files = {
            "Excel": (f"{area.id}-{profile.branch}.xlsx", lambda: downloads.workbook(area, scored, answer, branch)),
            "GeoPackage": (f"{area.id}-{profile.branch}.gpkg", lambda: downloads.geopackage(area, answer)),
        }
        with st.container(horizontal=True):
            for label, (name, made) in files.items():
                st.download_button(label, made, name, on_click="ignore", icon=":material/download:")


key = frame.area_key()
st.title(_(T("Where does your shop belong?")))
start, vacant = read_choices()
with st.spinner(_(T("Opening {name}", name=cache.area(key).name))):
    first = cache.answer(key, start, n=BEFORE, vacant=vacant)
states.notes([_(note) for note in first.notes])
left, right = st.columns([3, 2], gap="medium")
with left:
    draw_map(key, start, vacant)
    legend.score(sample=cache.area(key).sample, edge=cache.meets_edge(key))
with right:
    places.parts_legend()
    draw_list(key, start, vacant)
draw_panels(start)
draw_table(key, start, vacant)
with st.container(horizontal=True, vertical_alignment="center"):
    st.page_link(
        "pages/method.py",
        label=_(T("How is this computed?")),
        icon=":material/functions:",
        query_params={"chapter": "example", "branch": start.branch},
    )
    st.caption(_(T("The address of this page holds all your choices: copy it to share this view.")))
