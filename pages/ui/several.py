"""Under the list of places: several new shops at once, and places like the best of one's own.

Both are worked out when a button asks for it, and stay until they are asked again.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import streamlit as st

from geodata.errors import GeodataError
from geodata.language import T, Text
from location_model.branch_market import market_of
from location_model.compare import MOST as MOST_COMPARED
from location_model.look_alikes import Best, LookAlike, best_shops, examples, look_alikes
from location_model.own_shops import built_areas
from location_model.portfolio import MOST_CANDIDATES, Portfolio, considered, portfolio
from location_model.profile import ScoringProfile
from pages.ui import answers, cache, choices, compared, learning, own_network, several_shown, states, tray, weights
from pages.ui.cache import AreaKey
from pages.ui.language import _, language
from pages.ui.places import site_id

TOGETHER, ALIKE = "together", "alike"
"""Names of the two panels."""
COUNT, APART, EXAMPLES, BY = "shops", "apart", "best", "best_by"
FEWEST, MOST, FIRST = 2, 10, 3
UPLOAD = "own_shops_alike"
BEST: dict[str, Text] = {Best.turnover.value: T("turnover"), Best.per_m2.value: T("turnover per m²")}


class Asked(NamedTuple):
    """A question as it was asked: all that its answer depends on, but the list of own shops."""

    key: AreaKey
    profile: ScoringProfile
    vacant: bool
    n: int
    by: str = ""
    apart_m: float = 0.0


def fresh(panel: str) -> str:
    """The fragment that says whether an answer still belongs to the choices on the page."""
    return f"{panel}_fresh"


def standing() -> list[str]:
    """The fragments to draw again when a choice changes: those of open panels with an answer that was of now."""
    return [fresh(p) for p in (TOGETHER, ALIKE) if st.session_state.get(p) and st.session_state.get(f"_{p}_fresh")]


def panels(key: AreaKey, start: ScoringProfile, vacant: bool) -> None:
    """Both questions, folded; drawn only when opened."""
    title = _(T("More than one shop at once"))
    with st.expander(title, icon=":material/add_business:", key=TOGETHER, on_change="rerun") as panel:
        if panel.open:
            _together(key, start, vacant)
    title = _(T("Places like my best shops"))
    with st.expander(title, icon=":material/join_inner:", key=ALIKE, on_change="rerun") as panel:
        if panel.open:
            _alike(key, start, vacant)


def _together(key: AreaKey, start: ScoringProfile, vacant: bool) -> None:
    if not compared.sells(start.branch):
        st.caption(_(T("Turnover is not estimated for this branch: no spending of residents is known for it.")))
        return
    st.caption(
        _(T("Shops of one owner take customers from one another. This finds the places that together take in the most, "
            "among the best by score."))
    )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="bottom"):
        choices.number(
            _(T("How many shops")), COUNT, default=float(FIRST), min_value=float(FEWEST), max_value=float(MOST),
            step=1.0, format="%.0f", width=150,
        )  # fmt: skip
        choices.number(
            _(T("Least distance between them (m)")), APART, min_value=0.0, step=100.0, format="%.0f", width=230,
            placeholder="0",
        )  # fmt: skip
        st.button(
            _(T("Find them together")), icon=":material/search:", type="primary", key="together_ask", on_click=_ask,
            args=(TOGETHER, key, start, vacant),
        )  # fmt: skip
    answered = _standing(TOGETHER, _now(TOGETHER, key, start, vacant))
    if answered is None:
        return
    try:
        with st.spinner(_(T("Weighing the places against one another"))):
            found = together(answered)
    except GeodataError as error:
        states.failed(error)
        return
    _say_fresh(TOGETHER, start, vacant)
    several_shown.portfolio(found)
    _aside("together_aside", [s.id for s in found.sites])


def _alike(key: AreaKey, start: ScoringProfile, vacant: bool) -> None:
    file = own_network.given()
    if file is None:
        st.write(
            _(T("Give a list of your shops with their turnover: you see which places resemble the best of them, and "
                "on what."))
        )  # fmt: skip
        label = T("Your own shops with their turnover (XLSX or CSV)")
        own_network.field(key, label, UPLOAD, sample="alike_sample", then=learning.only_to_learn)
        return
    st.caption(_(T("{file}: read for this visit alone, nothing of it is stored.", file=file.name)))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        choices.number(
            _(T("How many best shops")), EXAMPLES, default=float(FIRST), min_value=1.0, max_value=float(MOST), step=1.0,
            format="%.0f", width=150,
        )  # fmt: skip
        choices.segments(_(T("Best by")), list(BEST), BY, default=Best.turnover.value, shown=lambda b: _(BEST[b]))
        st.button(
            _(T("Find places like them")), icon=":material/search:", type="primary", key="alike_ask", on_click=_ask,
            args=(ALIKE, key, start, vacant),
        )  # fmt: skip
        own_network.remove_button("alike_forget")
    answered = _standing(ALIKE, _now(ALIKE, key, start, vacant))
    if answered is None:
        return
    try:
        with st.spinner(_(T("Looking at the places of your shops"))):
            found, note = alike(answered)
    except GeodataError as error:  # no turnover to tell the best by, say
        st.info(error.text(language()), icon=":material/info:")
        return
    _say_fresh(ALIKE, start, vacant)
    several_shown.alike(found, note)
    if found:
        _aside("alike_aside", [site_id(one.place) for one in found])


def _now(panel: str, key: AreaKey, start: ScoringProfile, vacant: bool) -> Asked:
    """The question as the page stands."""
    profile = weights.chosen(start)
    if panel == TOGETHER:
        apart = float(st.session_state.get(APART) or 0.0)
        return Asked(key, profile, vacant, _whole(COUNT, FEWEST), apart_m=apart)
    return Asked(key, profile, vacant, _whole(EXAMPLES, 1), str(st.session_state.get(BY) or Best.turnover.value))


def _whole(name: str, least: int) -> int:
    return min(max(int(st.session_state.get(name) or FIRST), least), MOST)


def _ask(panel: str, key: AreaKey, start: ScoringProfile, vacant: bool) -> None:
    st.session_state[f"_{panel}"] = _now(panel, key, start, vacant)


def _standing(panel: str, now: Asked) -> Asked | None:
    """The question that was asked here last; none of another area or branch."""
    asked: Asked | None = st.session_state.get(f"_{panel}")
    st.session_state[f"_{panel}_fresh"] = False
    if asked is None or asked.key != now.key or asked.profile.branch != now.profile.branch:
        return None
    return asked


def _say_fresh(panel: str, start: ScoringProfile, vacant: bool) -> None:
    """A line where the choices have changed since: by itself, so that a weight draws this line alone."""

    @st.fragment(key=fresh(panel))
    def line() -> None:
        asked: Asked | None = st.session_state.get(f"_{panel}")
        old = asked is not None and asked != _now(panel, asked.key, start, vacant)
        st.session_state[f"_{panel}_fresh"] = not old  # once said, a weight need not draw it again
        if old:
            st.caption(
                ":material/history: " + _(T("Worked out with earlier choices: ask again to follow the ones of now."))
            )

    line()


def _aside(name: str, sites: Sequence[str]) -> None:
    """A button that puts the first of these places aside to compare, in place of what was."""

    def put() -> None:
        tray.put(tuple(sites[:MOST_COMPARED]))
        st.toast(_(T("Put aside: above the list stands the way to the comparison.")), icon=":material/balance:")
        st.rerun()

    label = T("Compare these") if len(sites) <= MOST_COMPARED else T("Compare the first five")
    if len(sites) > 1:
        st.button(_(label), icon=":material/balance:", key=name, on_click=put)


@st.cache_resource(max_entries=6, show_spinner=False, scope="session")
def _portfolio(folder: str, stamp: compared.Stamp, asked: Asked, given: own_network.Given | None) -> Portfolio:
    key, profile = asked.key, asked.profile
    best = answers.answer(key, profile, n=MOST_CANDIDATES, vacant=asked.vacant)
    sites = [compared.site(key, site_id(s)) for s in best.sites]
    data_dir, around = cache.settings().data_dir, compared.region(key)
    made = market_of(cache.area(key), profile.branch, sites, data_dir, own=compared.own(key), region=around)
    found = portfolio(made.market, sites, asked.n, own=sorted(made.own.values()), apart_m=asked.apart_m)
    return replace(found, notes=(*considered(best.fitting, len(sites)), *found.notes))


def together(asked: Asked) -> Portfolio:
    """As `suggest --portfolio` gives them. GeodataError where there are too few places."""
    return _portfolio(compared.folder(), compared.stamp(), asked, own_network.given())


@st.cache_resource(max_entries=6, show_spinner=False, scope="session")
def _likes(
    folder: str, stamp: compared.Stamp, asked: Asked, given: own_network.Given
) -> tuple[tuple[LookAlike, ...], Text | None]:
    key, profile = asked.key, asked.profile
    area = cache.area(key)
    shops = own_network.network(key, given).of_branch(profile.branch)
    best = best_shops(shops, asked.n, Best(asked.by))
    model = examples(best, built_areas(cache.store(), area), [area.id], cache.branches(), profile)
    scored = replace(cache.scored(key, profile), profile=profile)
    return look_alikes(area, scored, model, vacant=asked.vacant), model.note


def alike(asked: Asked) -> tuple[tuple[LookAlike, ...], Text | None]:
    """As `suggest --like-best` gives them, and what is not compared. GeodataError without turnovers."""
    given = own_network.given()
    if given is None:
        return (), None
    return _likes(compared.folder(), compared.stamp(), asked, given)
