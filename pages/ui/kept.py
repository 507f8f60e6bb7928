"""Comparisons kept by name: save, open, rename, delete and bring back."""

import dataclasses

import streamlit as st

from geodata.errors import GeodataError
from geodata.language import T, TN
from geodata.settings import Settings
from location_model.profile import ScoringProfile
from location_model.saved import Comparison, Saved, SavedWork
from pages.ui import cache, compare_money, frame, states, tray, weights
from pages.ui.cache import AreaKey
from pages.ui.language import _, date

NAME, NEW_NAME = "kept_name", "kept_new_name"
_RENAMING, _DELETED, _FAILED, _TAKEN = "_kept_renaming", "_kept_deleted", "_kept_failed", "_kept_taken"
MOST_LISTED = 12


@st.cache_resource(max_entries=2, show_spinner=False)
def _work(folder: str, database: str, _settings: Settings) -> SavedWork:
    return SavedWork(_settings)


def work() -> SavedWork:
    """The saved work of this installation."""
    settings = cache.settings()
    return _work(str(settings.data_dir), str(settings.database_url or ""), settings)


def popover(key: AreaKey, profile: ScoringProfile, sites: tuple[str, ...]) -> None:
    """Everything about keeping a comparison, behind one button."""
    with st.popover(_(T("Saved")), icon=":material/bookmark:", key="kept"):
        try:
            _save(key, profile, sites)
            _listed()
        except GeodataError as error:  # a database that cannot be reached
            states.failed(error)


def _save(key: AreaKey, profile: ScoringProfile, sites: tuple[str, ...]) -> None:
    if sites:
        now = Comparison(key.id, key.version, sites, profile)
        st.text_input(_(T("Save this comparison as")), key=NAME, placeholder=_(T("for instance Second shop, spring")))
        with st.container(horizontal=True):
            st.button(_(T("Save")), icon=":material/save:", on_click=_keep, args=(now,), key="kept_save")
            if st.session_state.get(_TAKEN):
                st.button(_(T("Replace what was saved")), on_click=_keep, args=(now, True), key="kept_replace")
        st.caption(_(T("Kept: area, branch, weights, places and rents; never a list of your own shops.")))
    if (error := st.session_state.pop(_FAILED, None)) is not None:
        states.failed(error)


def _keep(comparison: Comparison, replace: bool = False) -> None:
    name = str(st.session_state[NAME] or "")
    st.session_state[_TAKEN] = False
    typed = ((site, st.session_state.get(compare_money.rent_of(site))) for site in comparison.sites)
    rents = tuple((site, float(eur)) for site, eur in typed if eur is not None)
    try:
        kept = work().save(name, dataclasses.replace(comparison, rents=rents), replace=replace)
    except GeodataError as error:
        st.session_state[_FAILED] = error
        st.session_state[_TAKEN] = any(entry.name == " ".join(name.split()) for entry in work().entries("comparison"))
        return
    st.session_state[NAME] = ""
    st.toast(_(T("Saved as {name}.", name=kept.name)), icon=":material/bookmark_added:")


def _listed() -> None:
    """What is saved, newest first, each with what can be done with it."""
    if (gone := st.session_state.get(_DELETED)) is not None:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(_(T("{name} is deleted.", name=gone.name)))
            st.button(_(T("Undo")), icon=":material/undo:", on_click=_restore, args=(gone,), key="kept_undo")
    entries = work().entries("comparison")
    if not entries:
        st.caption(_(T("Nothing is saved yet.")))
        return
    count = _(TN("One saved comparison", "{count} saved comparisons", len(entries)))
    st.markdown(f"**{count}**")
    names = cache.area_names()
    for entry in entries[:MOST_LISTED]:
        with st.container(horizontal=True, vertical_alignment="center", key=f"kept_{entry.id}"):
            if st.session_state.get(_RENAMING) == entry.id:
                st.text_input(_(T("New name")), entry.name, key=NEW_NAME, label_visibility="collapsed")
                st.button(_(T("Rename")), on_click=_rename, args=(entry,), key=f"kept_name_{entry.id}")
                continue
            st.button(
                entry.name, type="tertiary", icon=":material/folder_open:", key=f"kept_open_{entry.id}",
                on_click=_open, args=(entry,), help=_(T("Open this comparison")), disabled=entry.area not in names,
            )  # fmt: skip
            st.caption(f"{names.get(entry.area or '', entry.area)} · {date(entry.updated_at.date())}")
            st.space("stretch")
            for icon, what, label in (("edit", _begin, T("Rename")), ("delete", _delete, T("Delete"))):
                st.button(
                    "", icon=f":material/{icon}:", type="tertiary", key=f"kept_{icon}_{entry.id}", on_click=what,
                    args=(entry,), help=_(label),
                )  # fmt: skip


def _open(entry: Saved) -> None:
    """Choose everything as it was saved."""
    try:
        found = work().open_comparison(entry.name)
    except GeodataError as error:
        st.session_state[_FAILED] = error
        return
    st.session_state[frame.AREA] = found.area
    st.session_state["branch"], st.session_state["within"] = found.profile.branch, found.profile.limits.within
    weights.put(found.profile)
    tray.open_in(found.area, found.sites)
    for site in found.sites:
        st.session_state[compare_money.rent_of(site)] = dict(found.rents).get(site)
    st.session_state["view"] = "compare"
    if cache.current(found.area).version != found.version:
        told = _(T("The area was built again since this was saved: figures may differ."))
        st.toast(told, icon=":material/info:")


def _begin(entry: Saved) -> None:
    st.session_state[_RENAMING] = entry.id


def _rename(entry: Saved) -> None:
    st.session_state.pop(_RENAMING, None)
    try:
        work().rename("comparison", entry.name, str(st.session_state[NEW_NAME] or ""))
    except GeodataError as error:
        st.session_state[_FAILED] = error


def _delete(entry: Saved) -> None:
    try:
        st.session_state[_DELETED] = work().delete("comparison", entry.name)
    except GeodataError as error:
        st.session_state[_FAILED] = error


def _restore(entry: Saved) -> None:
    st.session_state.pop(_DELETED, None)
    try:
        work().restore(entry.id)
    except GeodataError as error:
        st.session_state[_FAILED] = error
