"""The list of customers' postcodes by shop: given once, for this visit alone, on whichever page asks for it first."""

from functools import partial
from pathlib import Path

import streamlit as st

from geodata.language import T
from geodata.sources.customer_postcodes import Customers, read_customer_postcodes
from geodata.sources.spreadsheet import Upload
from pages.ui import cache
from pages.ui.cache import AreaKey
from pages.ui.language import _
from pages.ui.own_network import Given, SampleList, counting

CUSTOMERS = "_own_customers"
LABEL = T("Postcodes of customers by shop (XLSX or CSV)")


def given() -> Given | None:
    """The list of this visit; None without one that counts here."""
    return counting(CUSTOMERS)


def forget() -> None:
    """Let go of the list."""
    st.session_state.pop(CUSTOMERS, None)


def _keep(widget: str) -> None:
    if file := st.session_state[widget]:
        st.session_state[CUSTOMERS] = Given(file.name, file.getvalue())


def sample_list() -> Path:
    """The customers of the sample region's own shops."""
    return cache.settings().data_dir / "sample" / "customers.csv"


def _keep_sample() -> None:
    path = sample_list()
    st.session_state[CUSTOMERS] = SampleList(path.name, path.read_bytes())


@st.cache_resource(max_entries=4, show_spinner=False, scope="session")
def _read(name: str, body: bytes) -> Customers:
    return read_customer_postcodes(Upload(name, body))


def read() -> Customers | None:
    """The list, read. GeodataError for one that cannot be used."""
    file = given()
    return None if file is None else _read(*file)


def field(key: AreaKey, widget: str, *, sample: str) -> None:
    """Where the list is given, and the sample list where there is one; `sample` is its key."""
    st.file_uploader(
        _(LABEL), key=widget, on_change=partial(_keep, widget),
        help=_(T("Read for this visit alone: the list is not stored.")),
    )  # fmt: skip
    if cache.area(key).sample and sample_list().exists():
        st.button(_(T("Try it with the sample list")), icon=":material/experiment:", on_click=_keep_sample, key=sample)


def remove_button(name: str) -> None:
    """Lets go of the list."""
    st.button(_(T("Remove this list")), icon=":material/delete:", on_click=forget, key=name)
