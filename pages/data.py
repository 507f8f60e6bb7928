"""Data: what is this area built from, what is missing, and how do I add my own files or another municipality?"""

import datetime

import streamlit as st

from geodata.language import T, Text
from geodata.request import BuildRequest
from geodata.store import Area
from geodata.study import area_id
from pages.ui import building, built_from, cache, choices, drafts, frame, states, uploads
from pages.ui.cache import AreaKey
from pages.ui.kinds import KINDS, Kind
from pages.ui.language import _, date, language

PART, TOWN = "part", "town"
PARTS: dict[str, Text] = {
    "sources": T("What it is built from"),
    "files": T("Your own files"),
    "other": T("Another municipality"),
}


def sources_and_gaps(area: Area) -> None:
    """Every source, what was left out of it, and what is missing."""
    st.title(_(T("What {name} was built from", name=area.name)))
    seconds, count = sum(area.manifest["seconds"].values()), len(area.manifest["sources"])
    day, took = moment(str(area.manifest["built_at"])), building.duration(seconds)
    st.caption(_(T("Built on {day}, in {time}, from {count} sources", day=day, time=took, count=count)))
    not_as_they_were(area)
    built_from.table(area)
    name = _(T("sources"))
    st.download_button(
        _(T("Sources as CSV")), lambda: built_from.csv(built_from.as_table(area)), f"{area.id}-{name}.csv",
        "text/csv", on_click="ignore", icon=":material/download:",
    )  # fmt: skip
    if any(row.skipped or row.doubts for row in built_from.rows(area)):
        st.subheader(_(T("Rows and values that were not used")), anchor="left-out")
        built_from.reports(area)
    missing(drafts.built(area))
    told = {n[language()] for s in area.manifest["sources"] for n in s["notes"]}
    notes = [n[language()] for n in area.manifest["notes"] if n[language()] not in told]
    if notes:
        st.subheader(_(T("Good to know")), anchor=False)
        states.notes([built_from.sentence(note) for note in notes])


def not_as_they_were(area: Area) -> None:
    """Files that changed or went since the area was built from them."""
    told = [_(T("{file} changed since the last build.", file=path.name)) for path in drafts.changed(area)]
    told += [_(T("{file} is no longer there.", file=path.name)) for path in drafts.gone(area)]
    if told:
        kept = _(T("What you see still rests on the files as they were."))
        st.warning(" ".join([*told, kept]), icon=":material/sync_problem:")
        st.button(_(T("See the files")), icon=":material/folder_open:", key="see_files", on_click=see_files)


def see_files() -> None:
    st.session_state[PART] = "files"


def missing(request: BuildRequest) -> None:
    """The sources that were not given: what each would add, and a button to add it."""
    absent = [k for k in KINDS if not getattr(request, k.option) and _useful(k, request)]
    if not absent:
        return
    st.subheader(_(T("What is missing")), anchor="missing")
    for kind in absent:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{_(kind.title)}** · {_(kind.adds)}", width="stretch")
            st.button(
                _(T("Add")), icon=":material/add:", key=f"add_{kind.option}", on_click=add, args=(kind,),
                help=_(T("Add: {kind}", kind=kind.title)),
            )  # fmt: skip


def _useful(kind: Kind, request: BuildRequest) -> bool:
    """Whether its absence is worth a word: a boundary only where there are no municipalities either."""
    return kind.option != "boundary" or not (request.municipalities or request.boundary)


def add(kind: Kind) -> None:
    st.session_state[PART] = "files"
    st.session_state[uploads.KIND] = kind.option


def own_files(area: Area, key: AreaKey) -> None:
    """The files this area is built with: added, taken away, built again; and the way back."""
    st.title(_(T("Your own files for {name}", name=area.name)))
    data_dir, was = cache.settings().data_dir, drafts.built(area)
    request = drafts.prepared(data_dir, area.id) or was
    earlier(area)
    uploads.adder(request)
    st.subheader(_(T("Files to build with")), anchor=False)
    bar = st.container()
    usable = uploads.listing(request, was, key)
    changed = request != was or bool(drafts.changed(area))
    with bar, st.container(horizontal=True, vertical_alignment="center"):
        build_button(_(T("Build {name} again with these files", name=area.name)), request, key, usable, primary=changed)
        if request != was:
            undo = _(T("Undo the changes"))
            st.button(undo, icon=":material/undo:", on_click=drafts.forget, args=(data_dir, area.id))
            st.caption(_(T("Until the new version is ready, everything else shows the present one.")))


def build_button(
    label: str, request: BuildRequest, key: AreaKey | None, usable: bool = True, primary: bool = True
) -> None:
    """Start the build; not while another one runs, nor with files that cannot be read, and the reason stands beside."""
    why = None
    if building.running():
        why = _(T("Another build is running; wait until it has ended."))
    elif not usable:
        why = _(T("A file cannot be read yet: see below."))
    kind = "primary" if primary else "secondary"
    st.button(
        label, type=kind, icon=":material/construction:", disabled=why is not None, key="build_begin",
        on_click=building.begin, args=(request, key),
    )  # fmt: skip
    if why:
        st.markdown(f":material/info: {why}", width="content")


def earlier(area: Area) -> None:
    """The version that is kept beside this one, and the way back to it."""
    for version in drafts.versions(cache.store(), area.id)[1:]:
        # By name: the same files may have moved with the data directory.
        there, here = ({(o, path.name) for o, path in drafts.built(v).files()} for v in (version, area))
        words = [_(T("with {file}", file=name)) for _option, name in sorted(there - here)]
        words += [_(T("without {file}", file=name)) for _option, name in sorted(here - there)]
        day = moment(str(version.manifest["built_at"]))
        with st.container(horizontal=True, vertical_alignment="center"):
            told = ", ".join(words) or _(T("from files of the same names"))
            st.markdown(_(T("Also kept: the version of {day}, {words}.", day=day, words=told)), width="content")
            label = _(T("Go back to the version of {day}", day=day))
            kept = _(T("The present version is kept then, so that you can return to it."))
            key = f"back_{version.version}"
            if st.button(label, icon=":material/history:", key=key, help=kept, disabled=building.running()):
                drafts.go_back(cache.store(), version)
                drafts.forget(cache.settings().data_dir, area.id)
                st.rerun()


def moment(iso: str) -> str:
    """Day and hour, in the time of this machine."""
    here = datetime.datetime.fromisoformat(iso).astimezone()
    return f"{date(here.date())}, {here:%H:%M}"


def another(area: Area | None) -> None:
    """A municipality by its name, with or without files."""
    choices.remember(TOWN, "")
    st.text_input(
        _(T("Name of the municipality")), key=TOWN, persist_state="session", width=360,
        placeholder=_(T("for instance Aalst")),
    )  # fmt: skip
    choices.write(TOWN, "")
    name = str(st.session_state[TOWN]).strip()
    if not area_id(name):
        st.caption(_(T("With the internet a name is enough: the map is fetched from OpenStreetMap.")))
        return
    found = cache.store().find(name)
    if found is not None:
        known = cache.area_names()[found]
        st.caption(_(T("{name} is built already; choose it above to change its files.", name=known)))
        return
    request = drafts.prepared(cache.settings().data_dir, area_id(name)) or BuildRequest(name)
    shared = drafts.regional(drafts.built(area), name) if area else None
    if area is not None and shared != request and any(shared.files()) and not any(request.files()):
        label = _(T("Take over map, timetable and borders of {name}", name=area.name))
        st.button(label, icon=":material/content_copy:", on_click=drafts.keep, args=(cache.settings().data_dir, shared))
    bar = st.container()
    uploads.adder(request)
    st.subheader(_(T("Files to build with")), anchor=False)
    usable = uploads.listing(request, None, None)
    with bar, st.container(horizontal=True, vertical_alignment="center"):
        build_button(_(T("Build {name}", name=name)), request, None, usable)


def nothing_yet() -> None:
    """No area: two ways to the first one."""
    st.title(_(T("No area has been built yet")))
    text = T(
        "Kernwijzer works on areas that are built once from map data and your own files. "
        "The sample region Testerep needs no data and no internet."
    )
    st.write(_(text))
    st.button(
        _(T("Build the sample region")), type="primary", icon=":material/science:", key="build_sample",
        disabled=building.running(), on_click=building.begin, args=(None, None),
    )  # fmt: skip
    st.subheader(_(T("Or a municipality of your own")), anchor=False)
    another(None)


def page() -> None:
    building.refused()
    if not cache.area_names():
        building.watch()
        nothing_yet()
        return
    key = frame.area_key()
    area = cache.area(key)
    shown = {name: _(text) for name, text in PARTS.items()}
    part = choices.segments(
        _(T("What to show")),
        list(PARTS),
        PART,
        default="sources",
        shown=shown.__getitem__,
        label_visibility="collapsed",
    )
    building.watch()
    if part == "sources":
        sources_and_gaps(area)
    elif part == "files":
        own_files(area, key)
    else:
        st.title(_(T("Build another municipality")))
        another(area)


page()
