"""The list of a retailer's own shops: given once, for this visit alone; to keep a distance from and to learn from.

It is held in memory by this session, with what is computed from it; nothing of it is written down or shared.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import geopandas as gpd
import pandas as pd
import streamlit as st

from geodata.errors import GeodataError
from geodata.language import T, Text, TN
from geodata.sources.spreadsheet import Upload
from location_model.learned import Learned
from location_model.own_learning import taught
from location_model.own_shops import OwnNetwork, built_areas, near, network_around, positions
from location_model.profile import ScoringProfile
from location_model.shop_ranking import Ranking
from pages.ui import built_from, cache, frame, states
from pages.ui.cache import AreaKey
from pages.ui.language import _

OWN = "_own_shops"
SAMPLE_LIST = "own-shops.csv"

Positions = tuple[tuple[float, float], ...]


class Given(NamedTuple):
    """The list as it was given."""

    name: str
    body: bytes


class SampleList(Given):
    """A list of the sample region: nothing in it is of any other area."""

    __slots__ = ()


def counting(slot: str) -> Given | None:
    """The list that is held there; None without one, and for a sample list while a real area is chosen."""
    found: Given | None = st.session_state.get(slot)
    return None if isinstance(found, SampleList) and not frame.area().sample else found


def given() -> Given | None:
    """The list of this visit; None without one that counts here."""
    return counting(OWN)


def keep(widget: str) -> None:
    """The file that was given, for as long as this visit lasts."""
    if file := st.session_state[widget]:
        st.session_state[OWN] = Given(file.name, file.getvalue())


def forget() -> None:
    """Let go of the list."""
    st.session_state.pop(OWN, None)


def keep_sample() -> None:
    """The list of the sample region, for who wants to see what a list does."""
    path = cache.settings().data_dir / "sample" / SAMPLE_LIST
    st.session_state[OWN] = SampleList(path.name, path.read_bytes())


def has_sample(key: AreaKey) -> bool:
    """Whether there is a sample list to try in this area."""
    return cache.area(key).sample and (cache.settings().data_dir / "sample" / SAMPLE_LIST).exists()


def field(key: AreaKey, label: Text, widget: str, *, sample: str = "", then: Callable[[], None] | None = None) -> None:
    """Where the list is given, and the sample list where there is one and `sample` is its key. then: done after it."""

    def kept(keeps: Callable[[], None]) -> None:
        keeps()
        if then is not None:
            then()

    st.file_uploader(
        _(label), key=widget, on_change=kept, args=(partial(keep, widget),),
        help=_(T("Read for this visit alone: the list is not stored.")),
    )  # fmt: skip
    if sample and has_sample(key):
        st.button(
            _(T("Try it with the sample list")), icon=":material/experiment:", on_click=kept, args=(keep_sample,),
            key=sample,
        )  # fmt: skip


@st.cache_resource(max_entries=4, show_spinner=False, scope="session")
def _network(folder: str, key: AreaKey, builds: cache.Builds, name: str, body: bytes) -> OwnNetwork:
    return network_around(cache.area(key), Upload(name, body), cache.settings().data_dir)


def network(key: AreaKey, file: Given) -> OwnNetwork:
    """The shops of the list in all built areas. GeodataError for a list that cannot be read."""
    return _network(str(cache.settings().data_dir), key, cache.builds(), *file)


@st.cache_resource(max_entries=4, show_spinner=False, scope="session")
def _near(folder: str, key: AreaKey, builds: cache.Builds, name: str, body: bytes) -> gpd.GeoDataFrame:
    return near(network(key, Given(name, body)).shops, cache.area(key))


def around(key: AreaKey, file: Given) -> gpd.GeoDataFrame:
    """The shops of the list in and round an area. GeodataError for a list that cannot be read."""
    return _near(str(cache.settings().data_dir), key, cache.builds(), *file)


def shops_near(key: AreaKey, file: Given) -> Positions:
    """Where the shops of the list in and round an area are."""
    return positions(around(key, file))


@st.cache_resource(max_entries=8, show_spinner=False, scope="session")
def _taught(
    folder: str, key: AreaKey, builds: cache.Builds, name: str, body: bytes, start: ScoringProfile
) -> Learned | Ranking:
    areas = built_areas(cache.store(), cache.area(key))
    return taught(network(key, Given(name, body)), areas, cache.branches(), start)


def lesson(key: AreaKey, file: Given, start: ScoringProfile) -> Learned | Ranking:
    """What the turnover in the list teaches. GeodataError with too few shops to say anything."""
    return _taught(str(cache.settings().data_dir), key, cache.builds(), *file, start)


def not_used(found: OwnNetwork) -> None:
    """The rows that were left out, and the cells that were not used of the others."""
    for rows, label in (
        (found.skipped, TN("One row is left out:", "{count} rows are left out:", len(found.skipped))),
        (found.doubts, TN("One value is not used:", "{count} values are not used:", len(found.doubts))),
    ):
        if len(rows):
            st.caption(_(label))
            _listed(rows)


def told(key: AreaKey, branch: str) -> None:
    """What becomes of the list where shops of a branch count along: how many do, and which do not and why."""
    file = given()
    if file is None:
        return
    try:
        found, here = network(key, file), around(key, file)
    except GeodataError as error:
        states.failed(error)
        st.caption(_(T("What you see here is worked out without your own shops.")))
        return
    counted = here[here["branch"].isna() | (here["branch"] == branch)]
    lines = [
        _(TN("One shop of {file} counts along here", "{count} shops of {file} count along here", len(counted),
             file=file.name))
        if len(counted)
        else _(T("No shop of {file} is of this branch and in or near {area}", file=file.name,
                 area=cache.area(key).name))
    ]  # fmt: skip
    if away := found.in_no_area:
        lines.append(_(T("In none of the areas built: {names}", names=_some(away))))
    if others := found.of_other_branches(branch):
        lines.append(_(T("Of another branch: {names}", names=_some(others))))
    with st.container(horizontal=True, vertical_alignment="center", key="own_list_told"):
        states.notes([" · ".join(lines)])
        if len(found.skipped) + len(found.doubts):
            with st.popover(_(T("Not used of the list")), icon=":material/rule:", width="content"):
                not_used(found)


def _some(names: Sequence[str], most: int = 8) -> str:
    """The first names, and how many more there are."""
    more = len(names) - most
    shown = ", ".join(names[:most])
    return shown if more <= 0 else _(TN("{names} and one more", "{names} and {count} more", more, names=shown))


def _listed(rows: pd.DataFrame) -> None:
    st.dataframe(built_from.skipped_table(rows), hide_index=True, height=min(38 + 35 * len(rows), 180))


def remove_button(name: str) -> None:
    """Lets go of the list."""
    st.button(_(T("Remove this list")), icon=":material/delete:", on_click=forget, key=name)
