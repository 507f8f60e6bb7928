"""Count it yourself: where a quarter of an hour teaches most, a form to count with, and what it taught."""

import streamlit as st

from geodata.language import T, Text
from pages.ui import cache, choices, count_form, count_results, count_where, frame, states
from pages.ui.cache import AreaKey
from pages.ui.count_places import STEP
from pages.ui.language import _

PARTS: dict[str, Text] = {"where": T("Where and when"), "form": T("Count"), "results": T("What came in")}
TITLES: dict[str, Text] = {
    "where": T("How many people pass here? Count it yourself"),
    "form": T("Count who walks past"),
    "results": T("What the counts tell"),
}
DRAW = {"where": count_where.draw, "form": count_form.draw, "results": count_results.draw}


@states.guarded
def part_of(key: AreaKey, part: str) -> None:
    DRAW[part](key)


key = frame.area_key()
part = choices.segments(
    _(T("What to show")), list(PARTS), STEP, default="where", shown=lambda p: _(PARTS[p]), label_visibility="collapsed"
)
st.title(_(TITLES[part]))
with st.spinner(_(T("Opening {name}", name=cache.area(key).name))):
    cache.area(key).tables  # noqa: B018 - read here, so that what follows draws at once
part_of(key, part)
if part != "form":
    st.page_link("pages/method.py", label=_(T("How is this computed?")), icon=":material/functions:")
