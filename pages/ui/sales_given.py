"""The lists of own sales: given once, for this visit alone; held in memory with what is computed from them.

Nothing of them is written down, logged or shared: what is remembered is remembered for this session.
"""

from pathlib import Path

import geopandas as gpd
import streamlit as st

from geodata.language import T, Text
from geodata.sources.customer_postcodes import Customers
from geodata.sources.sales import SalesReading, read_entries, read_sales
from geodata.sources.spreadsheet import Upload
from location_model.own_sales import own_sales
from location_model.own_shops import built_areas
from location_model.sales import Sales
from location_model.sales_places import Progress
from pages.ui import cache, compared, own_customers, own_network
from pages.ui.cache import AreaKey
from pages.ui.language import _
from pages.ui.own_network import Given, SampleList

SALES, ENTRIES, CUSTOMERS = KINDS = ("sales", "entries", "customers")
LABELS: dict[str, Text] = {
    SALES: T("Turnover and tickets by shop and day or month (XLSX or CSV)"),
    ENTRIES: T("Store entries by shop and day (XLSX or CSV)"),
    CUSTOMERS: own_customers.LABEL,
}


_ANSWERS, MOST_ANSWERS = "_own_sales_answers", 3


def _slot(kind: str) -> str:
    return own_customers.CUSTOMERS if kind == CUSTOMERS else f"_own_{kind}"


def given(kind: str) -> Given | None:
    """The list of this kind that was given in this visit; None without one that counts here."""
    return own_network.counting(_slot(kind))


def uploader(kind: str) -> None:
    """Where a list is given."""
    widget = f"{kind}_upload"
    st.file_uploader(
        _(LABELS[kind]), key=widget, on_change=_keep, args=(kind, widget),
        help=_(T("Read for this visit alone: the list is not stored.")),
    )  # fmt: skip


def _keep(kind: str, widget: str) -> None:
    if file := st.session_state[widget]:
        st.session_state[_slot(kind)] = Given(file.name, file.getvalue())


def forget(*kinds: str) -> None:
    """Let go of lists, and of what was made of them."""
    st.session_state.pop(_ANSWERS, None)
    for kind in kinds or KINDS:
        st.session_state.pop(_slot(kind), None)


def _samples() -> dict[str, Path]:
    folder = cache.settings().data_dir / "sample"
    return {kind: folder / f"{kind}.csv" for kind in KINDS}


def has_sample(key: AreaKey) -> bool:
    """Whether there are sales of the sample region to try in this area."""
    return cache.area(key).sample and _samples()[SALES].exists() and own_network.has_sample(key)


def keep_sample() -> None:
    """The lists of the sample region."""
    own_network.keep_sample()
    for kind, path in _samples().items():
        if path.exists():
            st.session_state[_slot(kind)] = SampleList(path.name, path.read_bytes())


@st.cache_resource(max_entries=4, show_spinner=False, scope="session")
def _sales(name: str, body: bytes) -> SalesReading:
    return read_sales(Upload(name, body))


@st.cache_resource(max_entries=4, show_spinner=False, scope="session")
def _entries(name: str, body: bytes) -> SalesReading:
    return read_entries(Upload(name, body))


def sales() -> SalesReading | None:
    """The list of sales, read. GeodataError for one that cannot be used."""
    file = given(SALES)
    return None if file is None else _sales(*file)


def entries() -> SalesReading | None:
    """The store entries, read. GeodataError for a list that cannot be used."""
    file = given(ENTRIES)
    return None if file is None else _entries(*file)


def customers() -> Customers | None:
    """The customers, read. GeodataError for a list that cannot be used."""
    return own_customers.read()


def _answer(key: AreaKey, read: SalesReading, progress: Progress) -> Sales:
    area = cache.area(key)
    areas = [a for a in built_areas(cache.store(), area) if a.sample == area.sample]
    return own_sales(
        read, areas, cache.settings().data_dir, entries=entries(), own=_own(key), customers=customers(),
        progress=progress,
    )  # fmt: skip


def _own(key: AreaKey) -> gpd.GeoDataFrame | None:
    file = own_network.given()
    return None if file is None else own_network.network(key, file).shops


def answer(key: AreaKey, progress: Progress) -> Sales | None:
    """What the lists say; None without a list of sales. GeodataError for lists that cannot be used together.

    progress: told how far it is while it is worked out, which is once. Streamlit's caches cannot tell: what is drawn
    while they work they would draw again each time. So the last answers are held beside the lists.
    """
    read = sales()
    if read is None:
        return None
    files = (*(given(kind) for kind in KINDS), own_network.given())
    asked = compared.folder(), key, compared.stamp(), files
    held: dict[object, Sales] = st.session_state.setdefault(_ANSWERS, {})
    if asked not in held:
        held[asked] = _answer(key, read, progress)
        for old in list(held)[:-MOST_ANSWERS]:
            del held[old]
    return held[asked]
