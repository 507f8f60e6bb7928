"""Finding a place by street and number: the place itself, or what was perhaps meant; never another one in silence."""

from collections.abc import Callable

import streamlit as st

from geodata.language import T
from location_model.find_place import Found, Place, find_place
from pages.ui import cache
from pages.ui.cache import AreaKey
from pages.ui.language import _


def field(key: AreaKey, name: str, pick: Callable[[str | None], None], *, width: int = 240) -> None:
    """The field; `pick` gets the cell of the place that was found, or None where there is none of that name."""

    def search() -> None:
        typed = str(st.session_state[name] or "").strip()
        found = find_place(cache.area(key), typed) if typed else Found(None, ())
        st.session_state[f"{name}_near"] = None if found.place or not typed else (typed, found.near)
        st.session_state[f"{name}_found"] = found.place
        if typed:
            pick(found.place.cell if found.place else None)

    st.text_input(
        _(T("Street and number")), key=name, on_change=search, width=width, icon=":material/search:",
        placeholder=_(T("for instance Kerkstraat 12")),
    )  # fmt: skip


def address_in(name: str, cell: str) -> str | None:
    """The address that was searched for last where it lies in this cell; else None."""
    found: Place | None = st.session_state.get(f"{name}_found")
    return found.name if found is not None and found.cell == cell else None


def answer(name: str, pick: Callable[[str], None]) -> bool:
    """What was perhaps meant, to choose from; whether there was anything to say. `pick` may rerun the page."""
    told = st.session_state.get(f"{name}_near")
    if not told:
        return False
    typed, near = told

    if not near:
        st.markdown(f":material/search_off: {_(T('No place called {name} was found here.', name=typed))}")
        return True
    st.markdown(_(T("{name} is not on record here. Did you mean …", name=typed)))
    with st.container(horizontal=True):
        for i, place in enumerate(near):
            if st.button(place.name, key=f"{name}_near_{i}"):
                st.session_state[f"{name}_near"], st.session_state[f"{name}_found"] = None, place
                pick(place.cell)
    return True
