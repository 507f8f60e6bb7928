"""The counter for the thumb: big buttons and a clock that live in the browser, so that no press waits for the server.

What was counted stays in the browser (also after a reload, or without a network) until the server said it was kept.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import streamlit as st

from geodata.errors import GeodataError
from geodata.language import T
from pages.ui import mapdata, served
from pages.ui.language import _

HERE = Path(__file__).parent
MINUTES, FEWEST_MINUTES = 15, 5

_component = st.components.v2.component(
    "count_tally",
    html='<div class="tally"></div>',
    js="""export default async c => {
const data = await new Response(new Blob([c.data]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
(await import(new URL(data.script, document.baseURI))).default({...c, data});}""",
    isolate_styles=False,
)


@dataclass(frozen=True)
class Tally:
    """What the browser counted: its own key, local time of the start, whole minutes, persons."""

    key: str
    start: datetime
    minutes: int
    pedestrians: int


def read(sent: Any) -> Tally:
    """A tally as the browser sends it. GeodataError when it is none."""
    try:
        return Tally(
            f"{sent['key']}"[:40], datetime.fromisoformat(sent["start"]), int(sent["minutes"]), int(sent["persons"])
        )
    except (KeyError, TypeError, ValueError) as error:
        raise GeodataError(
            T("what the browser sent is no count."), remedy=T("Reload the page; your count is still there.")
        ) from error


def counter(*, key: str, area: str, place: str, kept: str, on_save: Callable[[], None]) -> None:
    """Draw the counter. `kept`: the key of the tally that was kept last. After a save `st.session_state[key].saved`
    holds what was sent, for `read`.
    """
    st.html(f"<style>{(HERE / 'count_tally.css').read_text('utf-8')}</style>")
    data = {
        "script": served.address_of(
            served.pack((HERE / "count_tally.js").read_text("utf-8")), private=False, kind="js"
        ),
        "store": f"kernwijzer-tally-{area}",
        "kept": kept,
        "place": place,
        "minutes": MINUTES,
        "fewest": FEWEST_MINUTES,
        "texts": {
            "start": _(T("Start: {minutes} minutes", minutes=MINUTES)),
            "more": _(T("one pedestrian more")),
            "less": _(T("one less")),
            "undo": _(T("Undo")),
            "again": _(T("Start over")),
            "sure": _(T("Throw this count away?")),
            "counted": _(T("pedestrians, both directions")),
            "left": _(T("time left")),
            "over": _(T("The time is over. Save the count.")),
            "save": _(T("Save {persons} in {minutes} min", persons="#n", minutes="#m")),
            "saving": _(T("Saving …")),
            "early": _(T("After {minutes} minutes you can save.", minutes=FEWEST_MINUTES)),
            "stop": _(T("Stopping early is allowed: the minutes you counted are kept with it.")),
        },
    }
    _component(key=key, data=served.pack(mapdata.dumps(data)), on_saved_change=on_save)
