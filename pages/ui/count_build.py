"""Counts made by hand, taken into the area: one button, its progress, and what came of it."""

import streamlit as st

from geodata.language import T
from location_model import own_counts
from location_model.own_counts import OwnCount
from pages.ui import building, cache, drafts
from pages.ui.cache import AreaKey
from pages.ui.language import _, date


def progress() -> None:
    """The build that runs or that ended, and why one could not be started."""
    building.refused()
    building.watch()


def draw(key: AreaKey, counts: tuple[OwnCount, ...]) -> None:
    """Make the counts part of the area, or say that they are."""
    area, raw = cache.area(key), own_counts.as_csv(counts) if counts else b""
    if drafts.holds_by_hand(area, raw):
        if raw:
            day = date(str(area.manifest["built_at"]))
            st.success(
                _(T("These counts are part of {name}, built on {day}.", name=area.name, day=day)),
                icon=":material/check_circle:",
            )  # fmt: skip
        return
    text = T(
        "This page and the map reckon with your counts at once. Built in, they also count in the test of how good the "
        "estimates are, in the sources, and for whoever gets this area from you."
    )
    gone = T("{name} was built with counts that you took away since.", name=area.name)
    label = (
        T("Rebuild {name} with my counts", name=area.name) if raw else T("Rebuild {name} without them", name=area.name)
    )
    busy = building.running()
    with st.container(border=True, key="build_in"):
        st.write(_(text if raw else gone))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                _(label), type="primary", icon=":material/construction:", key="count_build", disabled=busy,
                on_click=_rebuild, args=(key, raw),
            )  # fmt: skip
            seconds = sum(area.manifest["seconds"].values()) + building.STARTUP_S
            took = T("Takes about {time}; until then everything shows the present version.",
                     time=building.duration(seconds))  # fmt: skip
            st.caption(_(T("Another build is running; wait until it has ended.") if busy else took))


def _rebuild(key: AreaKey, raw: bytes) -> None:
    building.begin(drafts.with_by_hand(cache.area(key), raw), key)
