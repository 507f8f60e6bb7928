"""Files of the user's own: added, taken away, and looked at before anything is built with them."""

from pathlib import Path
from typing import Literal, NamedTuple

import streamlit as st

from geodata.errors import GeodataError
from geodata.language import T, TN
from geodata.request import SEVERAL, BuildRequest
from geodata.sources.catalogue import source
from geodata.store import Area
from geodata.study import area_id
from pages.ui import cache, checks, drafts, file_view, states
from pages.ui.cache import AreaKey
from pages.ui.kinds import BY_OPTION, KINDS, SHEETS
from pages.ui.language import _

KIND, LOOK, REFUSED, ROUND = "kind", "looked_at", "upload_refused", "upload_round"


def listing(request: BuildRequest, was: BuildRequest | None, key: AreaKey | None) -> bool:
    """The files of a request, the newest first. `was`: what the area was built from. True when all can be read.

    `key`: the built area, where there is one; without it lists are not placed on the map yet.
    """
    usable = True
    area = cache.area(key) if key else None
    changed = drafts.changed(area) if area else []
    new, gone = drafts.differences(was or BuildRequest(request.area), request)
    order = [kind.option for kind in KINDS]
    files = sorted(request.files(), key=lambda f: (f not in new, order.index(f[0])))
    if not files:
        st.caption(_(T("None yet: the map is then fetched from OpenStreetMap.")))
    for option, path in files:
        mark, former = None, None
        if (option, path) in new and was is not None:
            mark = Mark(_(T("new, not built yet")), ":material/fiber_new:", "blue")
            former = next((p for o, p in gone if o == option and option not in SEVERAL), None)
        elif path in changed:
            mark = Mark(_(T("changed since the last build")), ":material/sync_problem:", "orange")
        usable &= _file(request, option, path, mark, key, former)
    for option, path in gone:
        if option in SEVERAL or getattr(request, option) is None:
            _gone(request, option, path)
    if not request.osm and files:
        said = T(
            "The map is fetched from OpenStreetMap, over the internet; only the name and outline leave this machine."
        )
        st.caption(f":material/download: {_(said)}")
    _residents(request)
    return usable


class Mark(NamedTuple):
    """What is to be told of a file: words, icon, colour."""

    words: str
    icon: str
    colour: Literal["blue", "orange"]


def _replaces(former: Path, area: Area | None) -> str:
    """That a file takes the place of the one before, and how much that one held."""
    sources = area.manifest["sources"] if area else []
    rows = next((s["rows_read"] for s in sources if former.name in s["files"]), 0)
    if not rows:
        return _(T("replaces {file}", file=former.name))
    return _(TN("replaces {file} (one row)", "replaces {file} ({count} rows)", rows, file=former.name))


def adder(request: BuildRequest) -> None:
    """A place to add a file of any kind, with what it adds and where to get it."""
    st.subheader(_(T("Add a file")), anchor=False)
    area = area_id(request.area)
    with st.container(border=True):
        left, right = st.columns([2, 3], gap="medium")
        with left:
            titles = {kind.option: _(kind.title) for kind in KINDS}
            option = st.selectbox(
                _(T("What kind of file?")),
                list(titles),
                key=KIND,
                format_func=titles.__getitem__,
                persist_state="session",
            )
            kind = BY_OPTION[option]
            known = source(kind.source)
            st.caption(_(kind.adds))
            if known.address:
                st.caption(
                    _(
                        T(
                            "Where to get it: [{publisher}]({address})",
                            publisher=known.publisher or known.address,
                            address=known.address,
                        )
                    )
                )
            st.caption(_(known.note))
        with right:
            widget = f"upload_{area}_{option}_{st.session_state.get(ROUND, 0)}"
            st.file_uploader(
                _(T("Choose or drop the file")),
                type=None if kind.endings == SHEETS else list(kind.endings),
                key=widget,
                max_upload_size=kind.largest_mb,
                on_change=_given,
                args=(request, option, widget),
            )
            folder = str(cache.settings().data_dir / "uploads" / area)
            st.caption(
                ":material/lock: "
                + _(T("Your files stay on the machine that runs Kernwijzer, in {folder}.", folder=folder))
            )
    refused = st.session_state.get(REFUSED)
    if refused is not None:
        states.failed(refused)


def _given(request: BuildRequest, option: str, widget: str) -> None:
    """A file came in: keep it, and use it from now on."""
    given = st.session_state[widget]
    st.session_state.pop(REFUSED, None)
    if given is None:
        return
    data_dir = cache.settings().data_dir
    try:
        path = drafts.store_upload(data_dir, area_id(request.area), option, given.name, given.getvalue())
    except GeodataError as error:
        st.session_state[REFUSED] = error
        return
    drafts.keep(data_dir, drafts.add(request, option, path))
    st.session_state[LOOK] = str(path)
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1


def _file(
    request: BuildRequest, option: str, path: Path, mark: Mark | None, key: AreaKey | None, former: Path | None
) -> bool:
    """One file of the request: what it is, whether it can be used, and what to do with it. former: what it replaces."""
    there = path.exists()
    name = f"{option}_{path.name}"
    looked_at = st.session_state.get(LOOK) == str(path)
    with st.container(horizontal=True, vertical_alignment="center", key=f"file_{name}"):
        st.markdown(f"**{_(BY_OPTION[option].title)}** · `{path.name}`", width="content")
        if not there:
            st.badge(_(T("no longer there")), icon=":material/error:", color="red")
        elif mark:
            st.badge(mark.words, icon=mark.icon, color=mark.colour)
        if former:
            st.markdown(_replaces(former, cache.area(key) if key else None), width="content")
        st.space("stretch")
        with st.container(horizontal=True, width="content"):
            if there:
                label, icon = _(T("Hide")) if looked_at else _(T("Look at it")), ":material/visibility:"
                st.button(label, type="tertiary", icon=icon, key=f"look_{name}", on_click=_look, args=(path,))
            st.button(
                _(T("Take away")), type="tertiary", icon=":material/close:", key=f"remove_{name}",
                on_click=_keep, args=(drafts.remove(request, option, path),),
            )  # fmt: skip
    if former:
        _gone(request, option, former)
    if not there:
        return False
    if not (looked_at or mark):
        return True
    with st.spinner(_(T("Reading {file}", file=path.name))):
        checked = checks.check(option, path, request, key)
    if looked_at or checked.error:
        file_view.show(option, path, checked)
    return checked.error is None


def _gone(request: BuildRequest, option: str, path: Path) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"~~{_(BY_OPTION[option].title)} · {path.name}~~", width="content")
        st.badge(_(T("will be left out")), icon=":material/remove:", color="gray")
        st.space("stretch")
        if path.exists():
            st.button(
                _(T("Put back")), type="tertiary", icon=":material/undo:", key=f"back_{option}_{path.name}",
                on_click=_keep, args=(drafts.add(request, option, path),),
            )  # fmt: skip


def _look(path: Path) -> None:
    st.session_state[LOOK] = None if st.session_state.get(LOOK) == str(path) else str(path)


def _keep(request: BuildRequest) -> None:
    drafts.keep(cache.settings().data_dir, request)


def _residents(request: BuildRequest) -> None:
    """The number of residents, for who has no file with where they live."""
    if request.population is not None:
        return
    name = f"residents_{area_id(request.area)}"

    def changed() -> None:
        drafts.keep(cache.settings().data_dir, drafts.with_residents(request, st.session_state[name]))

    st.session_state.setdefault(name, request.residents)
    st.number_input(
        _(T("Residents of the municipality")), min_value=1, step=100, key=name, on_change=changed, width=260,
        placeholder=_(T("not filled in")),
        help=_(T("Without a file of residents, this number is spread over the dwellings on the map.")),
    )  # fmt: skip
