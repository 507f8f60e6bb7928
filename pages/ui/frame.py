"""The frame around every page: product name, study area, language; and what a page asks first: which area?"""

import json
from pathlib import Path

import streamlit as st

from geodata.language import LANGUAGES, T
from geodata.store import Area
from pages.ui import cache, choices, states
from pages.ui.language import KEY, _

AREA = "area"
HERE = Path(__file__).parent
LOGO, ICON = str(HERE / "logo.svg"), str(HERE / "icon.svg")
STYLE = """<style>
.stMainBlockContainer {padding: 1rem 2rem 2rem; max-width: 1560px;}
@media (min-width: 769px) {.stAppHeader {height: 0; min-height: 0;}}
@media (max-width: 768px) {.stMainBlockContainer {padding: 4rem 1rem 2rem;}}
h1 {padding: 0 0 .1rem !important;}
[data-testid=stFileUploaderDropzone] button p, [data-testid=stFileUploaderDropzoneInstructions] span {font-size: 0;}
[data-testid=stFileUploaderDropzone] button p::after {content: var(--kw-choose); font-size: .875rem;}
[data-testid=stFileUploaderDropzoneInstructions] span::after {content: var(--kw-drop); font-size: .8rem;}
</style>"""
"""A field for a file says what to do in words that Streamlit has in English alone."""


def header() -> None:
    """Study area and language, above every page."""
    most = st.get_option("server.maxUploadSize")
    words = {"choose": _(T("Choose a file")), "drop": _(T("or drop it here; at most {mb} MB", mb=most))}
    given = "".join(f"--kw-{name}: {json.dumps(text, ensure_ascii=False)};" for name, text in words.items())
    st.html(f"{STYLE}<style>:root {{{given}}}</style>")
    names = cache.area_names()
    with st.container(horizontal=True, vertical_alignment="center", key="header"):
        if names:
            first = next((i for i in names if i.endswith("-stad")), next(iter(names)))
            choices.select(
                _(T("Study area")),
                list(names),
                AREA,
                default=first,
                shown=lambda i: names[i],
                label_visibility="collapsed",
                width=280,
                help=None,
            )
            if area().sample:
                st.badge(_(T("sample data")), icon=":material/science:", color="orange")
        st.space("stretch")
        st.segmented_control(
            _(T("Language")),
            LANGUAGES,
            key=KEY,
            format_func=str.upper,
            required=True,
            label_visibility="collapsed",
            persist_state="session",
        )
    choices.write(KEY, None)


def name_tab(title: str) -> None:
    """Page and area in the title of the browser's tab, so that two tabs can be told apart."""
    area_name = cache.area_names().get(st.session_state.get(AREA, ""))
    st.set_page_config(page_title=" · ".join(filter(None, [title, area_name, "Kernwijzer"])))


def area_key() -> cache.AreaKey:
    """The chosen area and its current version. Without any area: what to do, and the page ends there."""
    if not cache.area_names():
        states.nothing_built()
        st.stop()
    return cache.current(st.session_state[AREA])


def area() -> Area:
    """The chosen area."""
    return cache.area(area_key())
