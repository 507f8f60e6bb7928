"""The list of a retailer's own shops: given once, for this visit alone; to keep a distance from and to learn from.

It is held in memory by this session, with what is computed from it; nothing of it is written down or shared.
"""

from typing import NamedTuple

import pandas as pd
import streamlit as st

from geodata.language import T, TN
from geodata.sources.spreadsheet import Upload
from location_model.learned import Learned
from location_model.own_learning import taught
from location_model.own_shops import OwnNetwork, built_areas, near, own_network, positions
from location_model.profile import ScoringProfile
from location_model.shop_ranking import Ranking
from pages.ui import built_from, cache
from pages.ui.cache import AreaKey
from pages.ui.language import _

OWN = "_own_shops"
SAMPLE_LIST = "own-shops.csv"

Positions = tuple[tuple[float, float], ...]


class Given(NamedTuple):
    """The list as it was given."""

    name: str
    body: bytes


def given() -> Given | None:
    """The list of this visit; None without one."""
    found: Given | None = st.session_state.get(OWN)
    return found


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
    st.session_state[OWN] = Given(path.name, path.read_bytes())


def has_sample(key: AreaKey) -> bool:
    """Whether there is a sample list to try in this area."""
    return cache.area(key).sample and (cache.settings().data_dir / "sample" / SAMPLE_LIST).exists()


@st.cache_resource(max_entries=4, show_spinner=False, scope="session")
def _network(folder: str, key: AreaKey, builds: cache.Builds, name: str, body: bytes) -> OwnNetwork:
    areas = built_areas(cache.store(), cache.area(key))
    return own_network(areas, Upload(name, body), cache.branches(), cache.settings().data_dir)


def network(key: AreaKey, file: Given) -> OwnNetwork:
    """The shops of the list in all built areas. GeodataError for a list that cannot be read."""
    return _network(str(cache.settings().data_dir), key, cache.builds(), *file)


@st.cache_resource(max_entries=4, show_spinner=False, scope="session")
def _near(folder: str, key: AreaKey, builds: cache.Builds, name: str, body: bytes) -> Positions:
    return positions(near(network(key, Given(name, body)).shops, cache.area(key)))


def shops_near(key: AreaKey, file: Given) -> Positions:
    """Where the shops of the list in and round an area are."""
    return _near(str(cache.settings().data_dir), key, cache.builds(), *file)


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


def _listed(rows: pd.DataFrame) -> None:
    st.dataframe(built_from.skipped_table(rows), hide_index=True, height=min(38 + 35 * len(rows), 180))


def remove_button(name: str) -> None:
    """Lets go of the list."""
    st.button(_(T("Remove this list")), icon=":material/delete:", on_click=forget, key=name)
