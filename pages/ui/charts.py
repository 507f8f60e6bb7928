"""Charts: each says what it shows, with units on its axes, in the numbers of the reader; source and date under it."""

from collections.abc import Collection, Sequence

import altair as alt
import pandas as pd
import streamlit as st

from geodata.language import T
from geodata.store import Area
from pages.ui import colours
from pages.ui.language import _, date, language


def written(chart: alt.TopLevelMixin) -> alt.TopLevelMixin:
    """The chart with numbers on its axes as a reader of the language writes them."""
    comma, point = (",", ".") if language() == "nl" else (".", ",")
    return chart.configure(
        locale={"number": {"decimal": comma, "thousands": point, "grouping": [3], "currency": ["", ""]}}
    )


def histogram(
    title: str, unit: str, labels: Sequence[str], counts: Sequence[int], shades: Sequence[colours.Rgb]
) -> None:
    """How many cells fall in each class; the colours are those of the map."""
    data = pd.DataFrame({"class": labels, "cells": counts, "shade": [colours.css(c) for c in shades]})
    many = _(T("number of hexagons"))
    chart = (
        alt.Chart(data)
        .mark_bar(stroke="#8888", strokeWidth=0.5)
        .encode(
            x=alt.X("cells:Q", title=many, axis=alt.Axis(tickCount=4)),
            y=alt.Y("class:N", sort=list(labels), title=None, axis=alt.Axis(labelLimit=170)),
            color=alt.Color("shade:N", scale=None),
            tooltip=[alt.Tooltip("class:N", title=unit), alt.Tooltip("cells:Q", title=many, format=",d")],
        )
    )
    st.markdown(f"**{title}**")
    st.caption(unit)
    told = ", ".join(f"{a} {b}" for a, b in zip(labels, counts, strict=True))
    st.altair_chart(written(chart), height=60 + 22 * len(labels), alt=f"{title}: {told}")


def source(area: Area, used: Collection[str] | None = None) -> None:
    """Where the figures come from and of when they are. used: ids of the sources they rest on (all)."""
    rest_on = [s for s in area.manifest["sources"] if used is None or s["id"] in used]
    files = sorted({name for s in rest_on for name in s["files"]})
    st.caption(_(T("Source: {files}; built on {day}", files=", ".join(files), day=date(area.manifest["built_at"]))))
