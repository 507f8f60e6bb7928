"""Adding a place to compare: the three best suggested, an address or an id typed, or a click on the map."""

import streamlit as st

from geodata.errors import GeodataError
from geodata.language import T
from location_model.compare import MOST
from location_model.profile import ScoringProfile
from pages.ui import answers, cache, choices, compared, legend, maps, places, served, tray
from pages.ui.cache import AreaKey
from pages.ui.language import _, language

TYPED, WRONG, CLICKS = "add_typed", "_add_wrong", "add_clicks"
BEST = 3


def best(key: AreaKey, profile: ScoringProfile, *, vacant: bool) -> tuple[str, ...]:
    """The three best places of the page of suggestions."""
    answer = answers.answer(key, profile, n=BEST, vacant=vacant)
    return tuple(places.site_id(s) for s in answer.sites)


def best_button(key: AreaKey, profile: ScoringProfile) -> None:
    """Puts the three best aside: vacant units where the area has them."""
    vacant = choices.value("vacant", False, choices.flag) is True

    def take() -> None:
        tray.put(tuple(dict.fromkeys((*tray.now(), *best(key, profile, vacant=vacant))))[:MOST])

    label = T("The three best vacant units") if vacant else T("The three best places")
    st.button(_(label), icon=":material/star:", on_click=take, key="add_best", type="primary")


def field(key: AreaKey) -> None:
    """A field for a street and number or the id of a premises; what cannot be found is told with what may be meant."""

    def look_up() -> None:
        typed = str(st.session_state[TYPED] or "").strip()
        st.session_state[WRONG] = None
        if not typed:
            return
        try:
            named = compared.site(key, typed)
        except GeodataError as error:
            st.session_state[WRONG] = error
            return
        st.session_state[TYPED] = ""
        _take(key, typed, named.id)

    st.text_input(
        _(T("Street and number, or the number of a premises")), key=TYPED, on_change=look_up,
        icon=":material/search:", placeholder=_(T("for instance Kerkstraat 12")),
    )  # fmt: skip
    if (wrong := st.session_state.get(WRONG)) is not None:
        st.caption(f":material/search_off: {wrong.text(language())}")


def _take(key: AreaKey, spec: str, site_id: str) -> None:
    """Put a place aside, once."""
    found, _wrong = compared.placed(key, tray.now())
    if site_id in {named.id for named in found.values()}:
        st.toast(_(T("This place is among them already.")), icon=":material/info:")
    else:
        tray.add(spec)


def by_map(key: AreaKey, profile: ScoringProfile) -> None:
    """A map of the scores of which a click adds a place."""
    within, clicks = profile.limits.within, st.session_state.get(CLICKS, 0)

    def clicked() -> None:
        row = maps.clicked(st.session_state["add_map"].selection.objects)
        st.session_state[CLICKS] = clicks + 1
        if row:
            _take(key, str(row["h"]), str(row["h"]))
            st.rerun()

    cells = served.address_of(cache.subscores(key, profile, within), private=cache.private(key))
    layers = [
        maps.street_lines(served.address_of(cache.streets(key), private=False)),
        *maps.cells(cells, maps.score_colour([c.weight for c in profile.criteria]), clicks=clicks),
        maps.outline(served.address_of(cache.outline(key, within), private=False)),
    ]
    told = _(T("click to add"))
    st.pydeck_chart(
        maps.deck(layers, cache.view(key, within), f"<b>{{n}}</b><br>{told}"),
        height=380,
        on_select=clicked,
        key="add_map",
        alt=_(T("Map of {name}: click a place to add it.", name=cache.area(key).name)),
    )
    legend.score(sample=cache.area(key).sample, border=within if within == "retail" else "core")


def panel(key: AreaKey, profile: ScoringProfile, *, room: int) -> None:
    """All ways to add a place, while there is room for one."""
    if not room:
        st.caption(_(T("Five places can be compared: take one out first.")))
        return
    left, right = st.columns([2, 3], gap="medium")
    with left:
        field(key)
        best_button(key, profile)
        st.page_link("pages/suggest.py", label=_(T("Look for places")), icon=":material/storefront:")
        st.caption(_(T("On “Find a place” every place of the list has a button to compare it.")))
    with right:
        by_map(key, profile)
