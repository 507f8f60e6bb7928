"""The drive from one's own atelier or depot, as asked for among the must-haves; kept for this visit alone.

Where somebody bakes or stores is theirs: it stands in no address of a page and in no file.
"""

from typing import Any

import streamlit as st

from geodata.errors import GeodataError
from geodata.language import T
from location_model.depot import find_depot
from location_model.own_shops import built_areas
from location_model.profile import LONGEST_DRIVE_MINUTES
from pages.ui import cache, states
from pages.ui.cache import AreaKey
from pages.ui.language import _

PLACE, MINUTES = "depot", "depot_minutes"
USUAL_MINUTES = 20.0


def typed() -> str:
    """The place as it was typed, before the field is drawn; "" without one."""
    return str(st.session_state.get(PLACE) or "").strip()


@st.cache_resource(max_entries=16, show_spinner=False, scope="session")
def _found(folder: str, key: AreaKey, builds: cache.Builds, typed: str) -> tuple[float, float]:
    return find_depot(built_areas(cache.store(), cache.area(key)), typed)


def fields(key: AreaKey) -> dict[str, Any]:
    """Two fields, and what they ask as fields of `Limits`; nothing without a place that can be found."""
    left, right = st.columns([3, 2])
    left.text_input(
        _(T("Your own atelier or depot")), key=PLACE, persist_state="session", icon=":material/warehouse:",
        placeholder=_(T("an address, or 2.91,51.14")),
        help=_(T("Places within a drive of it. For this visit alone: it stands in no address and in no file.")),
    )  # fmt: skip
    st.session_state.setdefault(MINUTES, USUAL_MINUTES)
    right.number_input(
        _(T("Minutes’ drive, at most")), key=MINUTES, persist_state="session", min_value=1.0,
        max_value=float(LONGEST_DRIVE_MINUTES), step=5.0, format="%.0f", disabled=not typed(),
    )  # fmt: skip
    if not typed():
        return {}
    try:
        place = _found(str(cache.settings().data_dir), key, cache.builds(), typed())
    except GeodataError as error:
        states.failed(GeodataError(error.what, remedy=error.remedy))
        return {}
    return {"depot": place, "max_drive_minutes": float(st.session_state[MINUTES])}
