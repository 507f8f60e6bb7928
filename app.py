"""The app: `streamlit run app.py`. Page config, language, study area, navigation; pages do the rest.

A page reads choices, makes one cached call, and draws. It lives in `pages/`, is registered below, and finds what it
shares with the others in `pages/ui`: `frame.area_key()` first, `cache` for answers, `_` for every text.
"""

from threading import Thread

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from geodata.errors import GeodataError
from geodata.language import T, Text
from pages.ui import cache, frame, language, served, states
from pages.ui.language import _

GROUPS: dict[Text, list[tuple[str, Text, str]]] = {
    T("Overview"): [
        ("start", T("Start"), ":material/home:"),
        ("explore", T("Explore the map"), ":material/map:"),
    ],
    T("Retailer"): [
        ("suggest", T("Find a place"), ":material/storefront:"),
        ("compare", T("Compare and move"), ":material/balance:"),
        ("sales", T("Own sales"), ":material/euro:"),
    ],
    T("Town centre"): [("count", T("Count it yourself"), ":material/directions_walk:")],
    T("Background"): [
        ("data", T("Data"), ":material/database:"),
        ("method", T("How is it computed?"), ":material/functions:"),
    ],
}
"""Pages by who asks: file in `pages/` (also its address), title, icon. The first one opens."""


def main() -> None:
    st.set_page_config(page_title="Kernwijzer", page_icon=frame.ICON, layout="wide", initial_sidebar_state=250)
    language.settle()
    st.logo(frame.LOGO, size="large")
    pages = {
        _(group): [
            st.Page(f"pages/{name}.py", title=_(title), icon=icon, url_path=name, default=name == "start")
            for name, title, icon in members
        ]
        for group, members in GROUPS.items()
    }
    page = st.navigation(pages, expanded=True)
    try:
        frame.header()
        frame.name_tab(page.title)
        page.run()
    except GeodataError as error:
        states.failed(error)


# The folder is ours, not Streamlit's older way of finding pages by itself: without this the first visitor who
# opens /suggest on a fresh server would get the page without its frame.
PagesManager.uses_pages_directory = False
states.keep_lists_out_of_the_log()

if get_script_run_ctx() is not None:
    main()
else:  # the server looks for `app`: nobody waits yet
    Thread(target=cache.warm, daemon=True).start()

app = st.App("app.py", routes=served.routes(), on_script_error=states.fault)
