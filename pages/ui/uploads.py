"""Files of the user's own: given, looked at before anything is built with them, columns named where need be."""

from pathlib import Path

import streamlit as st

from geodata.errors import GeodataError
from geodata.language import T, TN
from geodata.request import BuildRequest
from geodata.sources.catalogue import source
from geodata.study import area_id
from pages.ui import built_from, cache, checks, drafts, states
from pages.ui.cache import AreaKey
from pages.ui.kinds import BY_OPTION, FIELDS, KINDS, LAYOUTS
from pages.ui.language import _

KIND, LOOK, REFUSED, ROUND = "kind", "looked_at", "upload_refused", "upload_round"


def panel(request: BuildRequest, was: BuildRequest | None, key: AreaKey | None) -> bool:
    """The files of a request, and a place to add one. `was`: what the area was built from. True when all can be read.

    `key`: the built area, where there is one; without it lists are not placed on the map yet.
    """
    _adder(request)
    usable = True
    new, gone = drafts.differences(was or BuildRequest(request.area), request)
    files = list(request.files())
    st.subheader(_(T("Files to build with")), anchor=False)
    if not files:
        st.caption(_(T("None yet: the map is then fetched from OpenStreetMap.")))
    for option, path in files:
        usable &= _file(request, option, path, (option, path) in new and was is not None, key)
    for option, path in gone:
        _gone(request, option, path)
    if not request.osm and files:
        said = T(
            "The map is fetched from OpenStreetMap, over the internet; only the name and outline leave this machine."
        )
        st.caption(f":material/download: {_(said)}")
    _residents(request)
    return usable


def _adder(request: BuildRequest) -> None:
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
                type=list(kind.endings),
                key=widget,
                max_upload_size=kind.largest_mb,
                on_change=_given,
                args=(request, option, widget),
            )
            folder = str(cache.settings().data_dir / "uploads" / area)
            st.caption(":material/lock: " + _(T("Your files stay on the machine that runs Kernwijzer, in {folder}.", folder=folder)))
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


def _file(request: BuildRequest, option: str, path: Path, new: bool, key: AreaKey | None) -> bool:
    """One file of the request: what it is, whether it can be used, and what to do with it."""
    there = path.exists()
    name = f"{option}_{path.name}"
    looked_at = st.session_state.get(LOOK) == str(path)
    with st.container(horizontal=True, vertical_alignment="center", key=f"file_{name}"):
        st.markdown(f"**{_(BY_OPTION[option].title)}** · `{path.name}`", width="content")
        if not there:
            st.badge(_(T("no longer there")), icon=":material/error:", color="red")
        elif new:
            st.badge(_(T("new, not built yet")), icon=":material/fiber_new:", color="blue")
        st.space("stretch")
        if there:
            label = _(T("Hide")) if looked_at else _(T("Look at it"))
            st.button(
                label, type="tertiary", icon=":material/visibility:", key=f"look_{name}", on_click=_look, args=(path,)
            )
        st.button(
            _(T("Take away")), type="tertiary", icon=":material/close:", key=f"remove_{name}",
            on_click=_keep, args=(drafts.remove(request, option, path),),
        )  # fmt: skip
    if not there:
        return False
    if not (looked_at or new):
        return True
    with st.spinner(_(T("Reading {file}", file=path.name))):
        checked = checks.check(option, path, request, key)
    if looked_at or checked.error:
        _show(option, path, checked)
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


def _show(option: str, path: Path, checked: checks.Checked) -> None:
    """What was read, what was left out and why, which column is what, and the first rows."""
    with st.container(border=True):
        if checked.error and not _missing(option, checked):
            st.error(checks.plain(checked.error), icon=":material/error:")
        elif checked.rows_read is not None:
            st.markdown(_told(option, checked))
        if _missing(option, checked):
            st.warning(_(T("Say below which column is which; then the list can be read.")), icon=":material/help:")
        states.notes([_(note) for note in checked.notes])
        if len(checked.skipped):
            left_out = _(T("left out"))
            name = f"{path.stem}-{left_out}.csv".replace(" ", "-")
            built_from.skipped_report(
                _(BY_OPTION[option].title), checked.skipped, name, key=f"check_{option}", expanded=True
            )
        if option in LAYOUTS and checked.headers:
            _columns(option, path, checked)
        if checked.first_rows is not None:
            st.caption(_(T("The first rows of the file")))
            st.dataframe(checked.first_rows, key=f"first_{option}", alt=_(T("The first rows of the file")))


def _told(option: str, checked: checks.Checked) -> str:
    if option not in LAYOUTS:
        return _(TN("**One item read.**", "**{count} items read.**", checked.rows_read or 0))
    if checked.rows_kept is None:
        return _(TN("**One row read.**", "**{count} rows read.**", checked.rows_read or 0))
    kept, read = checked.rows_kept, checked.rows_read
    return _(T("**{kept} of {read} rows can be used.**", kept=kept, read=read))


def _missing(option: str, checked: checks.Checked) -> list[tuple[str, ...]]:
    """The groups of fields of which none was recognised: the user has to say which column it is."""
    needs = LAYOUTS[option].needs if option in LAYOUTS and checked.headers else ()
    return [group for group in needs if not any(name in checked.columns for name in group)]


def _columns(option: str, path: Path, checked: checks.Checked) -> None:
    """Which column is which field; what was not recognised can be chosen, and is remembered for such files."""
    layout = LAYOUTS[option]
    missing = _missing(option, checked)
    found = len(checked.columns)
    label = _(T("Columns: {found} of {all} recognised", found=found, all=len(checked.headers)))
    unused = [h for h in checked.headers if h not in checked.columns.values()]
    with st.expander(label, icon=":material/view_column:", expanded=bool(missing)):
        if missing:
            either = _(T("or"))
            wanted = "; ".join(f" {either} ".join(_(FIELDS[f]) for f in group) for group in missing)
            st.markdown(_(T("Still needed: {fields}.", fields=wanted)))
        st.caption(_(T("Change what is wrong; it is remembered for files with the same columns.")))
        if unused and not missing:
            st.caption(_(T("Not used: {columns}", columns=", ".join(unused))))
        with st.form(f"columns_{option}", border=False):
            needed = {f for group in missing for f in group}
            order = sorted(layout.synonyms, key=lambda f: (f not in needed, f not in checked.columns))
            grid = st.columns(3)
            given = {}
            for i, name in enumerate(order):
                options = ["", *checked.headers]
                now = checked.columns.get(name, "")
                given[name] = grid[i % 3].selectbox(
                    _(FIELDS[name]),
                    options,
                    index=options.index(now) if now in options else 0,
                    format_func=lambda h: h or "–",
                    key=f"column_{option}_{path.name}_{name}_{now}",
                )
            if st.form_submit_button(_(T("Read with these columns")), icon=":material/refresh:"):
                error = checks.remember(option, path, given)
                if error is None:
                    st.rerun()
                st.error(checks.plain(error), icon=":material/error:")


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
