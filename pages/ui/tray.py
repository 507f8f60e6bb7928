"""The places put aside to compare: up to five, kept for the visit by area, and in the address of the page."""

from urllib.parse import quote, unquote

import streamlit as st

from geodata.language import T, TN
from location_model.compare import FEWEST, MOST
from pages.ui import choices
from pages.ui.cache import AreaKey
from pages.ui.language import _

SITES = "sites"
LETTERS = "ABCDE"
MOVE = ("from", "to", "_from_gone", "_to_gone", "_to_shown")
"""What is chosen of a move (`move_asked`): of no use in another area."""
_OF, _ELSEWHERE = "_sites_of", "_sites_elsewhere"


def chosen(key: AreaKey) -> tuple[str, ...]:
    """The places put aside in this area, as `find_site` knows them: in the order they came.

    Those of another area come back with it.
    """
    before = st.session_state.get(SITES)
    choices.remember(SITES, "")
    if st.session_state[SITES] == before:  # another area was chosen, by no link
        enter(key.id)
    st.session_state[_OF] = key.id
    choices.write(SITES, "")
    return _read(str(st.session_state[SITES]))


def enter(area: str) -> None:
    """Turn to an area: its own places come back, and the move that was asked in another is forgotten."""
    of = st.session_state.get(_OF)
    if of not in (None, area):
        elsewhere: dict[str, str] = st.session_state.setdefault(_ELSEWHERE, {})
        elsewhere[of] = str(st.session_state.get(SITES) or "")
        st.session_state[SITES] = elsewhere.get(area, "")
        choices.forget(MOVE)
    st.session_state[_OF] = area


def put(sites: tuple[str, ...]) -> None:
    """Put these places aside, for use in a callback."""
    st.session_state[SITES] = ";".join(quote(site, safe="/,: ") for site in dict.fromkeys(sites))


def open_in(area: str, sites: tuple[str, ...]) -> None:
    """Put these places of another area aside, in place of what is there, for use in a callback."""
    st.session_state[_OF] = area
    put(sites)


def now() -> tuple[str, ...]:
    """The places put aside, for use in a callback."""
    return _read(str(st.session_state.get(SITES) or ""))


def add(site: str) -> None:
    """Put a place aside, for use in a callback; says so where there is no room for it."""
    if len(now()) >= MOST:
        st.toast(_(T("Five places can be compared: take one out first.")), icon=":material/info:")
    else:
        put((*now(), site))


def remove(site: str) -> None:
    """Take a place out, for use in a callback."""
    put(tuple(s for s in now() if s != site))


def toggle(site: str) -> None:
    """Put a place aside, or take it out, for use in a callback."""
    (remove if site in now() else add)(site)


def line(key: AreaKey) -> None:
    """How many are put aside and the way to the comparison; nothing while none is."""
    sites = chosen(key)
    if not sites:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="tray"):
        if len(sites) < FEWEST:
            text = T("1 chosen to compare: choose another one")
            st.markdown(f":material/balance: {_(text)}")
        else:
            count = TN("One chosen – compare", "{count} chosen – compare", len(sites))
            st.page_link(
                "pages/compare.py", label=f"**{_(count)}**", icon=":material/balance:", query_params={"view": "compare"}
            )
        st.space("stretch")
        st.button(
            _(T("Clear")), icon=":material/close:", type="tertiary", key="tray_clear", on_click=_clear
        )  # fmt: skip


def _clear() -> None:
    put(())
    st.rerun()


def _read(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(unquote(site) for site in text.split(";") if site))[:MOST]
