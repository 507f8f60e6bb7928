"""Compare: two to five places side by side, and what moving a shop to one of them would do."""

from typing import get_args

import streamlit as st

from geodata.language import T, Text
from location_model import move_told
from location_model.compare import FEWEST, MOST, Comparison
from location_model.find_site import NamedSite
from location_model.profile import ScoringProfile, Within
from pages.ui import (  # fmt: skip
    add_place,
    cache,
    choices,
    compare_files,
    compare_map,
    compare_money,
    compare_shown,
    compare_words,
    compared,
    frame,
    kept_comparisons,
    move_asked,
    move_shown,
    own_gaps,
    own_lists,
    states,
    tray,
    weights,
)
from pages.ui.cache import AreaKey
from pages.ui.language import _, language
from pages.ui.places import WITHIN, heading_line

MONEY, FILES = "compare_money", "compare_files"
"""Fragments that are drawn again when a rent is typed."""
VIEWS: dict[str, Text] = {"compare": T("Compare"), "move": T("Move a shop"), "own": T("Own shops")}
TITLES: dict[str, Text] = {
    "compare": T("Which of these places?"), "move": T("Does moving pay?"), "own": T("Which of my shops should move?"),
}  # fmt: skip


def read_choices(key: AreaKey) -> tuple[ScoringProfile, str]:
    """The profile chosen here and on the page of suggestions, and which question is asked."""
    names = {b.id: b.name(language()) for b in cache.branches().branches}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by_name = sorted(names, key=lambda b: names[b])
        branch = choices.select(
            _(T("Branch")), by_name, "branch", default="bakery", shown=lambda b: names[b], width=260
        )
        view = choices.segments(_(T("Question")), list(VIEWS), "view", default="compare", shown=lambda v: _(VIEWS[v]))
        saved = st.container(width="content")
    choices.keep_only((f"{branch}.", compare_money.RENT, compare_money.FLOOR_AREA), ".")
    within = choices.value("within", "core", choices.one_of(get_args(Within)))
    start = cache.starting_profile(key, branch).profile
    profile = compared.asked_of(weights.chosen(start), within)  # type: ignore[arg-type]
    standard = T("the standard weights") if profile.criteria == start.criteria else T("the weights you chose")
    with saved:
        kept_comparisons.popover(key, profile, tray.chosen(key), view)  # type: ignore[arg-type]
    if view == "compare":
        scored = T("Scored with {weights}; chances are among all places {where}.",
                   weights=standard, where=WITHIN[str(within)])  # fmt: skip
        st.caption(_(scored))
    return profile, view


def draw_tray(key: AreaKey, profile: ScoringProfile, sites: dict[str, NamedSite], *, with_lists: bool = False) -> None:
    """The places with a way to take each out, and to add one. with_lists: and to give lists of own shops."""
    with st.container(horizontal=True, vertical_alignment="center", key="chosen"):
        for i, (spec, named) in enumerate(sites.items()):
            st.button(
                f"**{tray.LETTERS[i]}** {_(named.site.title)}", icon=":material/close:", icon_position="right",
                key=f"out_{spec}", on_click=tray.remove, args=(spec,), help=_(T("Take this place out")),
            )  # fmt: skip
        if with_lists:
            own_lists.popover(key, "compare", own_lists.TO_FIT)
    title = _(T("Add a place"))
    with st.expander(title, icon=":material/add_location:", key="add", on_change="rerun") as panel:
        if panel.open:
            add_place.panel(key, profile, room=MOST - len(sites))


def draw_empty(key: AreaKey, profile: ScoringProfile, count: int) -> None:
    """Nothing to compare yet: what to do."""
    with st.container(border=True, key="empty"):
        what = T("Choose two to five places to set side by side") if not count else T("Choose one more place")
        st.markdown(f"**{_(what)}**")
        st.write(
            _(T("Take the three best of “Find a place”, type an address, or click a place on the map. You then see "
                "what sets them apart, and whether the difference is larger than its uncertainty."))
        )  # fmt: skip
        add_place.best_button(key, profile)
    with st.container(key="empty_add"):
        left, right = st.columns([2, 3], gap="medium")
        with left:
            add_place.field(key)
            st.page_link("pages/suggest.py", label=_(T("Look for places")), icon=":material/storefront:")
        with right:
            add_place.by_map(key, profile)


@st.fragment(key="compare_map")
@states.guarded
def draw_map(key: AreaKey, found: Comparison) -> None:
    compare_map.draw(key, found)


def redraw() -> None:
    """After a rent: what it changes, and the files."""
    st.rerun([MONEY, FILES])


def compare_with(
    key: AreaKey, profile: ScoringProfile, sites: dict[str, NamedSite]
) -> tuple[Comparison, dict[str, dict[str, float]]]:
    """The places side by side, and what is typed of them, by argument of `compare` and by place."""
    typed = {"rents": compare_money.rents(sites), "floor_areas": compare_money.floor_areas(sites)}
    return compared.comparison(key, profile, tuple(sites), typed["rents"], typed["floor_areas"]), typed


@st.fragment(key=FILES)
@states.guarded
def draw_files(key: AreaKey, profile: ScoringProfile, sites: dict[str, NamedSite]) -> None:
    found, typed = compare_with(key, profile, sites)
    compare_files.take_along(key, profile, found, typed, tuple(sites))


@st.fragment(key=MONEY)
@states.guarded
def draw_money(key: AreaKey, profile: ScoringProfile, sites: dict[str, NamedSite]) -> None:
    compare_money.block(compare_with(key, profile, sites)[0], tuple(sites), redraw)


def draw_pairs(found: Comparison) -> None:
    """What sets the best apart from the others, and below it the other pairs."""
    first, rest = compare_words.told_apart(found)
    for pair in first:
        st.markdown(f"**{tray.LETTERS[pair.a]} – {tray.LETTERS[pair.b]}** {compare_words.pair_told(found, pair)}")
    if rest:
        with st.expander(_(T("The other pairs"))):
            for pair in rest:
                st.markdown(
                    f"**{tray.LETTERS[pair.a]} – {tray.LETTERS[pair.b]}** {compare_words.pair_told(found, pair)}"
                )


def draw_comparison(key: AreaKey, profile: ScoringProfile, sites: dict[str, NamedSite]) -> None:
    """The answer above, everything known below."""
    own_lists.told(key, profile.branch, tuple(sites))
    with st.spinner(_(T("Working out who would shop where"))):
        found, _typed = compare_with(key, profile, sites)
    left, right = st.columns([2, 3], gap="medium")
    with left:
        st.markdown(f"**{compare_words.headline(found)}**")
        compare_shown.cards(found)
    with right:
        draw_map(key, found)
    draw_money(key, profile, sites)
    own_lists.change(key, profile.branch, tuple(sites))
    heading_line(_(T("What sets them apart")))
    draw_pairs(found)
    heading_line(_(T("Side by side")))
    compare_shown.table(key, found)
    compare_money.notes(found)
    heading_line(_(T("Take along and share")))
    draw_files(key, profile, sites)


def draw_move(key: AreaKey, profile: ScoringProfile, sites: dict[str, NamedSite]) -> None:
    """A shop moved to one of the places: what it brings, to whom, and when it has paid for itself."""
    branch = profile.branch
    if not compared.sells(branch):
        states.empty(
            T("A move cannot be worked out for this branch"),
            T("No spending of residents is known for it. Add it to a file spending.csv in the data directory."),
        )
        return
    start, to = move_asked.ends(key, branch, sites)
    own_lists.told(key, branch, compared.not_listed(key, start, to))
    if to is None:
        what = _(T("Add a place to move to"))
        st.markdown(f"**{what}**")
        add_place.panel(key, profile, room=MOST)
        return
    if start is None:
        hint = _(T("Choose the shop that moves."))
        st.caption(f":material/touch_app: {hint}")
        return
    letter = tray.LETTERS[list(sites).index(to)]
    heading_line(_(T("What does it cost?")))
    floor_area_m2 = compare_money.floor_areas(sites).get(to)
    asked = move_asked.costs(key, sites, start, to)
    costs = None if isinstance(asked, Text) else asked
    with st.spinner(_(T("Working out who would shop where"))):
        moved = compared.moved(key, branch, start, to, costs, floor_area_m2)
    found = moved.found
    st.markdown(f"**{_(move_told.headline(found, letter, compare_words.euros))}**")
    if isinstance(asked, Text):
        st.markdown(_(asked))
    elif found.pays is not None:
        st.markdown(f"**{_(move_told.earned_back(found.pays))}**")
    if added_up := move_shown.sum_told(found, costs):
        st.caption(added_up)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        move_shown.table(found, letter)
    with right:
        move_shown.map_of(key, moved, move_asked.pins(key, found, sites[to]))
    states.notes([_(note) for note in found.notes])
    own_lists.change(key, branch, compared.not_listed(key, start, to))
    heading_line(_(T("Take along and share")))
    if isinstance(asked, Text) and move_asked.unreadable():
        st.info(_(asked), icon=":material/edit:")
        return
    compare_files.take_move_along(key, branch, move_asked.as_asked(key, branch, sites, start, to), found)


key = frame.area_key()
title = st.empty()
profile, view = read_choices(key)
title.title(_(TITLES[view]))
sites, wrong = compared.placed(key, tray.chosen(key))
for error in wrong:
    states.failed(error)
compare_shown.style()
if view == "own":
    own_gaps.draw(key, profile.branch)
elif len(sites) < FEWEST and view == "compare":
    if sites:
        draw_tray(key, profile, sites)
    draw_empty(key, profile, len(sites))
else:
    if sites:
        draw_tray(key, profile, sites, with_lists=view == "compare")
    if view == "compare":
        draw_comparison(key, profile, sites)
    else:
        draw_move(key, profile, sites)
