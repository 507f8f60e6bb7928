"""Work kept by name, of any kind: save, open, rename, delete and bring back, behind one button."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from geodata.errors import GeodataError
from geodata.language import T, Text
from geodata.settings import Settings
from location_model.profile import ScoringProfile
from location_model.saved import Comparison, Kind, Saved, SavedWork
from pages.ui import cache, states
from pages.ui.language import _

MOST_LISTED = 12


@dataclass(frozen=True)
class Shelf:
    """A kind of work as a page keeps it.

    save_as, example, kept, open_it: what the field, its example, the line under it and the way to open are called.
    counted: how many there are, in words. said: what stands beside a name, and whether it can be opened. opened:
    chooses everything as it was saved, for use in a callback.
    """

    kind: Kind
    save_as: Text
    example: Text
    kept: Text
    open_it: Text
    counted: Callable[[int], Text]
    said: Callable[[Saved], tuple[str, bool]]
    opened: Callable[[Saved], None]

    def key(self, name: str) -> str:
        """The key of a widget of this shelf."""
        return f"kept_{self.kind}_{name}"

    def state(self, name: str) -> str:
        """The key of what this shelf remembers."""
        return f"_kept_{self.kind}_{name}"


@st.cache_resource(max_entries=2, show_spinner=False)
def _work(folder: str, database: str, _settings: Settings) -> SavedWork:
    return SavedWork(_settings)


def work() -> SavedWork:
    """The saved work of this installation."""
    settings = cache.settings()
    return _work(str(settings.data_dir), str(settings.database_url or ""), settings)


def popover(shelf: Shelf, label: Text, make: Callable[[], ScoringProfile | Comparison] | None) -> None:
    """Everything about keeping work of a kind, behind one button. make: what there is to save, when asked."""
    with st.popover(_(label), icon=":material/bookmark:", key=shelf.key("popover")):
        try:
            if make is not None:
                _save(shelf, make)
            if (error := st.session_state.pop(shelf.state("failed"), None)) is not None:
                states.failed(error)
            _listed(shelf)
        except GeodataError as error:  # a database that cannot be reached
            states.failed(error)


def _save(shelf: Shelf, make: Callable[[], ScoringProfile | Comparison]) -> None:
    st.text_input(_(shelf.save_as), key=shelf.key("name"), placeholder=_(shelf.example))
    with st.container(horizontal=True):
        st.button(
            _(T("Save")), icon=":material/save:", on_click=_keep, args=(shelf, make), key=shelf.key("save")
        )  # fmt: skip
        if st.session_state.get(shelf.state("taken")):
            st.button(
                _(T("Replace what was saved")), on_click=_keep, args=(shelf, make, True), key=shelf.key("replace")
            )
    seen = _(T("Everyone who uses this Kernwijzer sees what is saved."))
    st.caption(f"{_(shelf.kept)} {seen}")


def _keep(shelf: Shelf, make: Callable[[], ScoringProfile | Comparison], replace: bool = False) -> None:
    name = str(st.session_state[shelf.key("name")] or "")
    st.session_state[shelf.state("taken")] = False
    try:
        kept = work().save(name, make(), replace=replace)
    except GeodataError as error:
        st.session_state[shelf.state("failed")] = error
        with contextlib.suppress(GeodataError):  # a database that cannot be reached has said so
            taken = any(entry.name == " ".join(name.split()) for entry in work().entries(shelf.kind))
            st.session_state[shelf.state("taken")] = taken
        return
    st.session_state[shelf.key("name")] = ""
    st.toast(_(T("Saved as {name}.", name=kept.name)), icon=":material/bookmark_added:")


def _listed(shelf: Shelf) -> None:
    """What is saved, newest first, each with what can be done with it."""
    if (gone := st.session_state.get(shelf.state("deleted"))) is not None:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(_(T("{name} is deleted.", name=gone.name)))
            st.button(
                _(T("Undo")), icon=":material/undo:", on_click=_restore, args=(shelf, gone), key=shelf.key("undo")
            )
    entries = work().entries(shelf.kind)
    if not entries:
        st.caption(_(T("Nothing is saved yet.")))
        return
    count = _(shelf.counted(len(entries)))
    st.markdown(f"**{count}**")
    for entry in entries[:MOST_LISTED]:
        with st.container(horizontal=True, vertical_alignment="center", key=shelf.key(str(entry.id))):
            if st.session_state.get(shelf.state("renaming")) == entry.id:
                st.text_input(_(T("New name")), entry.name, key=shelf.key("new_name"), label_visibility="collapsed")
                st.button(_(T("Rename")), on_click=_rename, args=(shelf, entry), key=shelf.key(f"name_{entry.id}"))
                continue
            told, can_open = shelf.said(entry)
            st.button(
                entry.name, type="tertiary", icon=":material/folder_open:", key=shelf.key(f"open_{entry.id}"),
                on_click=_open, args=(shelf, entry), help=_(shelf.open_it), disabled=not can_open,
            )  # fmt: skip
            st.caption(told)
            st.space("stretch")
            for icon, what, label in (("edit", _begin, T("Rename")), ("delete", _delete, T("Delete"))):
                st.button(
                    "", icon=f":material/{icon}:", type="tertiary", key=shelf.key(f"{icon}_{entry.id}"), on_click=what,
                    args=(shelf, entry), help=_(label),
                )  # fmt: skip


def _open(shelf: Shelf, entry: Saved) -> None:
    try:
        shelf.opened(entry)
    except GeodataError as error:
        st.session_state[shelf.state("failed")] = error


def _begin(shelf: Shelf, entry: Saved) -> None:
    st.session_state[shelf.state("renaming")] = entry.id


def _rename(shelf: Shelf, entry: Saved) -> None:
    st.session_state.pop(shelf.state("renaming"), None)
    try:
        work().rename(shelf.kind, entry.name, str(st.session_state[shelf.key("new_name")] or ""))
    except GeodataError as error:
        st.session_state[shelf.state("failed")] = error


def _delete(shelf: Shelf, entry: Saved) -> None:
    try:
        st.session_state[shelf.state("deleted")] = work().delete(shelf.kind, entry.name)
    except GeodataError as error:
        st.session_state[shelf.state("failed")] = error


def _restore(shelf: Shelf, entry: Saved) -> None:
    st.session_state.pop(shelf.state("deleted"), None)
    try:
        work().restore(entry.id)
    except GeodataError as error:
        st.session_state[shelf.state("failed")] = error
