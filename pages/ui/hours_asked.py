"""The hours that matter for a branch, to change; and how many of the passers-by come in them."""

import streamlit as st

from geodata.errors import GeodataError
from geodata.language import T
from location_model.hours import HoursShare, hours_share, read_hours
from location_model.profile import ScoringProfile
from pages.ui import cache, choices
from pages.ui.built_from import sentence
from pages.ui.cache import AreaKey
from pages.ui.language import _, language


def name(branch: str) -> str:
    """The name of the choice."""
    return f"{branch}.hours"


def _readable(text: str) -> str:
    read_hours(text)
    return text


def chosen(start: ScoringProfile) -> str:
    """The hours chosen before or in the address, those of the branch without; for where the field is not drawn."""
    return str(choices.value(name(start.branch), start.hours, _readable) or "").strip()


@st.cache_resource(max_entries=64, show_spinner=False)
def _share(folder: str, key: AreaKey, hours: str) -> HoursShare | None:
    return hours_share(cache.area(key), hours)


def field(key: AreaKey, start: ScoringProfile) -> str:
    """The field with the share of the passers-by under it; the hours asked, those of the branch where unreadable."""
    chosen = name(start.branch)
    choices.remember(chosen, start.hours, _readable)
    st.text_input(
        _(T("The hours that matter")), key=chosen, persist_state="session", icon=":material/schedule:",
        placeholder=_(T("Mo-Fr 06:00-09:00; Su 07:00-12:00")),
        help=_(T("Days and hours, as Mo-Fr 06:00-09:00. They do not change the score: they say how many of the "
                 "passers-by come when it counts.")),
    )  # fmt: skip
    choices.write(chosen, start.hours)
    hours = str(st.session_state[chosen] or "").strip()
    try:
        share = _share(str(cache.settings().data_dir), key, hours)
    except GeodataError as error:
        told = GeodataError(error.what, remedy=error.remedy).text(language())
        st.error(sentence(told), icon=":material/error:")
        return start.hours
    if share is not None:
        st.caption(_(share.note))
    return hours
