"""Method: how every number comes about, what it rests on and what it does not say."""

from collections.abc import Callable

import streamlit as st

from geodata.language import T, Text
from pages.ui import (  # fmt: skip
    cache,
    choices,
    frame,
    known,
    method_demand,
    method_example,
    method_layers,
    method_steps,
    validation,
)
from pages.ui.cache import AreaKey
from pages.ui.language import _

PART = "chapter"


def in_limits(key: AreaKey) -> None:
    """What this does not tell, and every source with its licence."""
    known.limits()
    known.heading(T("All sources Kernwijzer knows, and under which licence"))
    known.catalogue(cache.area(key))
    text = T("Licences are as the publisher states them. Map data © OpenStreetMap contributors, ODbL.")
    st.caption(_(text))


PARTS: dict[str, tuple[Text, Callable[[AreaKey], None]]] = {
    "steps": (T("In five steps"), method_steps.in_steps),
    "layers": (T("Layers"), method_layers.in_layers),
    "weights": (T("Weights by branch"), method_layers.in_weights),
    "example": (T("A score taken apart"), method_example.in_example),
    "demand": (T("Turnover"), method_demand.in_demand),
    "validation": (T("How good is it?"), validation.chapter),
    "ground": (T("Hexagons and edges"), known.ground),
    "limits": (T("Limits and sources"), in_limits),
}
"""The chapters: a title and what draws it."""

key = frame.area_key()
st.title(_(T("How is this computed?")))
st.caption(_(T("What every number rests on, for whoever has to defend it or doubts it.")))
if choices.arrived("method") and "layer" in st.query_params and PART not in st.query_params:
    st.session_state[PART] = "layers"  # a link to a layer
part = choices.segments(
    _(T("Chapter")), list(PARTS), PART, default="steps", shown=lambda x: _(PARTS[x][0]), label_visibility="collapsed"
)
for chapter, choice in (("layers", "layer"), ("validation", validation.CHOICE)):
    if part != chapter:
        st.query_params.pop(choice, None)
PARTS[part][1](key)
