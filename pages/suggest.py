"""Suggest: where does this branch belong? Map and ranked list are one thing; weights move both at once."""

from dataclasses import replace

import streamlit as st

from geodata import hexgrid
from geodata.errors import GeodataError
from geodata.language import T
from location_model.presets import LABEL
from location_model.profile import ScoringProfile
from pages.ui import (  # fmt: skip
    answers,
    cache,
    choices,
    fitting,
    frame,
    kept_profiles,
    learning,
    legend,
    maps,
    must_haves,
    places,
    served,
    several,
    states,
    tray,
    weights,
)
from pages.ui.cache import AreaKey
from pages.ui.language import _, language, number
from pages.ui.suggested import (
    BEFORE,
    MORE,
    MOST,
    SITE,
    WHERE,
    N,
    answered,
    as_table,
    how_many,
    shared,
    single,
    take_along,
    view_of,
)

CLICKS, PINNED = "suggest_clicks", "suggest_pinned"
MAP, LIST, TABLE, SAME = "suggest_map", "suggest_list", "suggest_table", "suggest_same"
"""Fragments, each with one widget of the same name: what is drawn again when a weight or a choice changes."""
TRAY = "suggest_tray"
"""The fragment with the places put aside to compare."""
FITTING = "suggest_fitting"
"""A fragment that is drawn again only for another place."""
SEVERAL = "suggest_several"
"""The fragment with what is asked of several places together: never drawn again by a weight."""


def read_choices(key: AreaKey) -> tuple[ScoringProfile, bool]:
    """Branch, where, must-haves: the starting profile with its hard limits, and whether only vacant units count.

    GeodataError when the smallest floor area is above the largest.
    """
    names = {b.id: b.name(language()) for b in cache.branches().branches}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by_name = sorted(names, key=lambda b: names[b])
        branch = choices.select(
            _(T("Branch")), by_name, "branch", default="bakery", shown=lambda b: names[b], width=260
        )
        within = choices.segments(_(T("Where")), list(WHERE), "within", default="core", shown=lambda w: _(WHERE[w]))
        vacant = bool(choices.value("vacant", False, choices.flag))
        start = cache.starting_profile(key, branch).profile
        asked, hours = must_haves.chosen(key, start, vacant=vacant)
        choices.toggle(_(T("Only vacant units")), "vacant")
    choices.keep_only(f"{branch}.", ".")
    return replace(start, limits=replace(start.limits, within=within, **asked), hours=hours), vacant


def redraw(*more: str) -> None:
    """After a weight or a choice: only what it changes, and is open."""
    opened = [fragment for panel, fragment in (("weights", SAME), ("table", TABLE)) if st.session_state.get(panel)]
    st.rerun([MAP, LIST, *opened, *several.standing(), *more])


def pick(site: str | None) -> None:
    """Choose a place; choosing it again lets go."""
    st.session_state[SITE] = None if site == st.session_state.get(SITE) else site
    redraw(FITTING)


def picked_on_map() -> None:
    row = maps.clicked(st.session_state[f"{MAP}_chart"].selection.objects)
    st.session_state[CLICKS] = st.session_state.get(CLICKS, 0) + 1
    if row:
        pick(st.session_state[PINNED][row["r"]] if "r" in row else str(row["h"]))


def picked_in_list() -> None:
    pick(st.session_state[f"{LIST}_cards"].picked)


def put_aside() -> None:
    tray.toggle(st.session_state[f"{LIST}_cards"].aside)
    st.rerun([LIST, TRAY])


def show_more() -> None:
    st.session_state[MORE] = min(how_many() + N, MOST)
    redraw()


def picked_in_table(ids: list[str]) -> None:
    rows = st.session_state[f"{TABLE}_rows"].selection.rows
    pick(ids[rows[0]] if rows else None)


@st.fragment(key=MAP)
@states.guarded
def draw_map(key: AreaKey, start: ScoringProfile, vacant: bool) -> None:
    profile, answer, site, before = answered(key, start, vacant)
    area, private, clicks = cache.area(key), cache.private(key), st.session_state.get(CLICKS, 0)
    cells = served.address_of(cache.subscores(key, profile, answer.within), private=private)
    standard = cache.scored(key, profile.with_weights({c.layer: c.weight for c in start.criteria}))
    pins = [
        {
            "r": str(s.rank),
            "x": round(s.site.lng, 5),
            "y": round(s.site.lat, 5),
            "n": _(s.site.title) if before is None else f"{_(s.site.title)}: {number(s.score)}",
            "t": number(float(standard.score[standard.rows[s.site.cell]])),
        }
        for s in answer.sites
    ]
    st.session_state[PINNED] = {str(s.rank): places.site_id(s) for s in answer.sites}
    told = T("score {score}", score="{t}") if before is None else T("with the standard weights: {score}", score="{t}")
    chosen = next((s for s in answer.sites if places.site_id(s) == site), None)
    ring = site if chosen is None else chosen.site.cell
    layers = [
        maps.street_lines(served.address_of(cache.streets(key), private=False)),
        *maps.cells(cells, maps.score_colour([c.weight for c in profile.criteria]), clicks=clicks),
        maps.hatching(served.address_of(cache.unsure(key, profile.branch, answer.within), private=private)),
        maps.outline(served.address_of(cache.outline(key, answer.within), private=False)),
        maps.ring(ring if ring and hexgrid.is_cell(ring) else None),
        maps.pins(pins, str(chosen.rank) if chosen else None, clicks=clicks),
    ]
    best = _(answer.sites[0].site.title) if answer.sites else "–"
    st.pydeck_chart(
        maps.deck(layers, view_of(key, start, vacant, answer.within), "<b>{n}</b><br>" + _(told)),
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
    notes = [places.even_with_first(answer.sites)]
    notes += [places.moved(answer.sites, before)] if before is not None else []
    extra = None
    if site and site not in {places.site_id(s) for s in answer.sites}:
        extra = single(key, cache.scored(key, profile), site, answer)
    places.ranked_list(
        [extra, *answer.sites] if extra else answer.sites,
        profile,
        key=f"{LIST}_cards",
        heading_text=places.heading(answer, vacant=vacant),
        notes=[note for note in notes if note],
        more=how_many() < MOST and places.more_than(answer, vacant=vacant, asked=how_many()),
        picked=site,
        aside=tray.chosen(key),
        before=before,
        on_pick=picked_in_list,
        on_aside=put_aside,
        on_more=show_more,
    )


@st.fragment(key=TRAY)
def draw_tray(key: AreaKey) -> None:
    tray.line(key)


@st.fragment(key=FITTING)
@states.guarded
def draw_fitting(key: AreaKey, branch: str, vacant: bool) -> None:
    """The other way round: which branches fit the chosen place."""
    site = choices.value(SITE, None)
    if isinstance(site, str):
        fitting.block(key, site, branch)
    elif vacant:
        hint = _(T("Choose a unit to see which branches fit it."))
        st.caption(f":material/touch_app: {hint}")


@st.fragment(key=SEVERAL)
@states.guarded
def draw_several(key: AreaKey, start: ScoringProfile, vacant: bool) -> None:
    several.panels(key, start, vacant)


@st.fragment(key=SAME)
@states.guarded
def draw_same(key: AreaKey, start: ScoringProfile, vacant: bool) -> None:
    """Which criteria do not tell the places listed apart."""
    profile, answer, _site, _before = answered(key, start, vacant)
    weights.same_everywhere(answer, profile, cache.scored(key, profile))


@st.fragment
@states.guarded
def draw_panels(key: AreaKey, start: ScoringProfile, vacant: bool) -> None:
    """Weights, what own shops teach about them, and what values are worth: drawn only when opened."""
    title = _(T("Weights: what counts, and how much"))
    with st.expander(title, icon=":material/tune:", key="weights", on_change="rerun") as panel:
        if panel.open:
            st.caption(f"**{_(LABEL)}**: {_(cache.starting_profile(key, start.branch).reasoning)}")
            draw_same(key, start, vacant)
            weights.panel(start, redraw, silent=weights.silent(key, start.branch))
            kept_profiles.popover(start)
    title = _(T("Learn from my turnover"))
    with st.expander(title, icon=":material/school:", key="learn", on_change="rerun") as panel:
        if panel.open:
            learning.panel(key, start)
    title = _(T("When is a value good?"))
    with st.expander(title, icon=":material/show_chart:", key="worth", on_change="rerun") as panel:
        if panel.open:
            weights.worth_panel(start)


@st.fragment(key=TABLE)
@states.guarded
def draw_table(key: AreaKey, start: ScoringProfile, vacant: bool) -> None:
    """The list as a table, and as files: drawn only when opened."""
    title = _(T("Table and downloads"))
    with st.expander(title, icon=":material/table:", key="table", on_change="rerun") as panel:
        if not panel.open:
            return
        profile, answer, _site, _before = answered(key, start, vacant)
        table = as_table(profile, answer)
        ids = [places.site_id(s) for s in answer.sites]
        st.caption(_(places.INTERVAL) + ".")
        st.caption(_(T("Points of each criterion; together they are the score. An empty cell is not known.")))
        st.dataframe(
            table,
            hide_index=True,
            key=f"{TABLE}_rows",
            on_select=lambda: picked_in_table(ids),
            selection_mode="single-row",
            column_config={c: st.column_config.NumberColumn(format="localized") for c in table.columns[2:5]}
            | {c: st.column_config.NumberColumn(format="localized") for c in table.columns[6:]},
            alt=_(T("Places by rank with their score and its parts in points")),
        )
        take_along(key, start, profile, answer, vacant=vacant)


key = frame.area_key()
st.title(_(T("Where does your shop belong?")))
try:
    start, vacant = read_choices(key)
except GeodataError as error:  # must-haves that contradict each other
    states.failed(error)
    st.stop()
with st.spinner(_(T("Opening {name}", name=cache.area(key).name))):
    first = answers.answer(key, start, n=BEFORE, vacant=vacant)
states.notes([_(note) for note in first.notes])
left, right = st.columns([3, 2], gap="medium")
with left:
    draw_map(key, start, vacant)
    border = "retail" if first.within == "retail" else "core" if len(cache.area(key).study.core_areas) else ""
    legend.score(sample=cache.area(key).sample, edge=cache.meets_edge(key), border=border)
with right:
    if vacant:
        must_haves.unknown_figures(key, first)
    draw_tray(key)
    places.parts_legend()
    draw_list(key, start, vacant)
draw_several(key, start, vacant)
below_list = st.container()
places.heading_line(_(T("Weights")))
draw_panels(key, start, vacant)
draw_table(key, start, vacant)
with below_list:  # the first look at a town takes seconds: everything else stands by then
    draw_fitting(key, start.branch, vacant)
with st.container(horizontal=True, vertical_alignment="center"):
    st.page_link(
        "pages/method.py",
        label=_(T("How is this computed?")),
        icon=":material/functions:",
        query_params={"chapter": "example", "branch": start.branch},
    )
    st.caption(_(shared()))
