"""A build as people follow it: what it is doing, how long it still takes, how it ended; and how one is started."""

import streamlit as st

from geodata.errors import GeodataError
from geodata.language import T, Text, TN
from geodata.request import BuildRequest, load
from geodata.store import Area
from pages.ui import cache, drafts, frame, jobs, states, uploads
from pages.ui.cache import AreaKey
from pages.ui.language import _, language
from pages.ui.states import guarded

STARTUP_S = 3.0
"""A process loads its libraries before it begins."""


def watch() -> None:
    """The build that runs, or that ended and was not closed yet. Looks by itself, so that nobody has to reload."""
    job = jobs.latest(cache.settings().data_dir)
    if job is not None:
        running = job.state().phase == jobs.RUNNING
        st.fragment(guarded(_draw), run_every=1.0 if running else None)(job, running)


def running() -> bool:
    """Whether a build runs now."""
    job = jobs.latest(cache.settings().data_dir)
    return job is not None and job.state().phase == jobs.RUNNING


def begin(request: BuildRequest | None, key: AreaKey | None) -> None:
    """Start a build, for use in a callback; what goes wrong is told by `watch` or on top of the page."""
    expected = None
    if key is not None:
        expected = sum(cache.area(key).manifest["seconds"].values()) * 1.1 + STARTUP_S
    st.session_state.pop(uploads.LOOK, None)
    try:
        jobs.start(request, cache.settings(), expected_s=expected, before=key.version if key else "")
    except GeodataError as error:
        st.session_state["build_refused"] = error


def _draw(job: jobs.Job, was_running: bool) -> None:
    state, asked = job.state(), job.asked
    if was_running and state.phase != jobs.RUNNING:
        st.rerun()  # the whole page: there is another area to show
    what = asked.get("area") or _(T("The sample region Testerep"))
    with st.container(border=True, key="build"):
        if state.phase == jobs.RUNNING:
            _running(job, state, what)
        elif state.phase == jobs.DONE:
            _done(job, state, asked.get("before", ""))
        elif state.phase == jobs.STOPPED:
            st.markdown(_(T("**{name}**: the build was stopped. What was there before stays as it was.", name=what)))
            _close(job)
        else:
            _failed(job, state, what)


def _running(job: jobs.Job, state: jobs.State, what: str) -> None:
    step = state.texts.get(language()) or _(T("Starting"))
    st.markdown(_(T("**{name}** is being built", name=what)))
    st.progress(min(state.share, 1.0), text=f"{step} …")
    with st.container(horizontal=True, vertical_alignment="center"):
        words = [_(T("{time} so far", time=duration(state.elapsed_s)))]
        if state.left_s is not None:
            words.append(_(T("about {time} to go", time=duration(_rough(state.left_s)))))
        st.caption(", ".join(words) + ". " + _(T("You may leave this page; the build goes on.")))
        st.space("stretch")
        st.button(_(T("Stop")), icon=":material/stop_circle:", key="build_stop", on_click=job.stop)


def _done(job: jobs.Job, state: jobs.State, before: str) -> None:
    names = ", ".join(a["name"] for a in state.areas)
    took = duration(state.elapsed_s)
    if len(state.areas) == 1 and state.areas[0]["version"] == before:
        st.success(_(T("Nothing changed since {name} was last built.", name=names)), icon=":material/check_circle:")
    else:
        st.success(_(T("Built in {time}: {name}.", name=names, time=took)), icon=":material/check_circle:")
    first = state.areas[0]["id"]
    first = next((a["id"] for a in state.areas if a["id"].endswith("-stad")), first)
    with st.container(horizontal=True):
        label, icon = _(T("Find a place")), ":material/storefront:"
        if st.button(label, icon=icon, type="primary", key="build_go", on_click=_choose, args=(job, first)):
            st.switch_page("pages/suggest.py")
        shown = st.session_state.get(frame.AREA) == first and st.session_state.get("part", "sources") == "sources"
        if not shown:
            label = _(T("Show what it was built from"))
            if st.button(label, icon=":material/database:", key="build_show", on_click=_show, args=(job, first)):
                st.rerun()
        _undo(job, first, before)
        _close(job)


def _undo(job: jobs.Job, area: str, before: str) -> None:
    """The way back to the version that was there before this build."""
    kept = [v for v in drafts.versions(cache.store(), area)[1:] if v.version == before]
    label = _(T("Undo: back to the version before"))
    if kept and st.button(label, icon=":material/undo:", key="build_undo", on_click=_back, args=(job, kept[0])):
        st.rerun()


def _back(job: jobs.Job, version: Area) -> None:
    drafts.go_back(cache.store(), version)
    drafts.forget(cache.settings().data_dir, version.id)
    job.close()


def _failed(job: jobs.Job, state: jobs.State, what: str) -> None:
    asked = job.asked
    kept = [_(T("What was there before is still in use."))] if asked.get("before") else []
    title = _(T("{name} was not built", name=what))
    if state.error:
        st.error(" ".join([state.error[language()], *kept]), icon=":material/error:", title=title)
    else:
        text = _(T("The build ended unexpectedly, which is our fault."))
        st.error(" ".join([text, *kept]), icon=":material/error:", title=title)
        st.caption(_(T("The details are in {file}.", file=str(job.log))))
    with st.container(horizontal=True):
        if asked.get("request") and not load(asked["request"], cache.settings().data_dir).osm:
            label = _(T("Add a map extract"))
            if st.button(label, icon=":material/add:", key="build_map", on_click=_add_map, args=(job,)):
                st.rerun()
        _close(job)


def _add_map(job: jobs.Job) -> None:
    st.session_state[uploads.KIND] = "osm"
    job.close()


def _close(job: jobs.Job) -> None:
    if st.button(_(T("Close")), icon=":material/close:", key="build_close", on_click=job.close):
        st.rerun()


def _choose(job: jobs.Job, area: str) -> None:
    st.session_state[frame.AREA] = area
    job.close()


def _show(job: jobs.Job, area: str) -> None:
    _choose(job, area)
    st.session_state["part"] = "sources"


def refused() -> None:
    """Why a build could not be started, once."""
    error = st.session_state.pop("build_refused", None)
    if error is not None:
        states.failed(error)


def duration(seconds: float) -> Text:
    """Seconds or minutes in words."""
    if seconds < 90:
        return TN("{count} second", "{count} seconds", max(round(seconds), 1))
    return TN("{count} minute", "{count} minutes", round(seconds / 60))


def _rough(seconds: float) -> float:
    """No more precise than it is known."""
    return max(5 * round(seconds / 5), 5)
