"""Foretold against real vacancy: what should stand on the diagonal, with how sure each share is."""

from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from geodata.language import T, Text
from location_model.validation.tables import VACANCY
from pages.ui import colours, known, states
from pages.ui.charts import written
from pages.ui.language import _, number, percent

FORMS: dict[str, Text] = {
    "without_neighbours": T("Where the vacancy next door is not known"),
    "with_neighbours": T("Where the vacancy next door is known"),
}


def rows(report: dict[str, Any]) -> pd.DataFrame:
    """A row a class of risk: its bounds, units, mean risk, share that is vacant and its 95 % interval."""
    bins = [{"estimate": _(VACANCY[f]), **b} for f in VACANCY for b in report[f]["reliability"]]
    return pd.DataFrame(bins)


def draw(report: dict[str, Any]) -> None:
    """Both forms of the model side by side, on the same axes."""
    units = T("{n} units, of which {vacant} vacant", n=report["n"], vacant=report["vacant"])
    known.heading(T("Risk foretold, and the share that stands empty"))
    words = T(
        "Dashed line: comes true exactly. Bars: 95 % intervals. Beside each dot: how many units. Dotted: average."
    )
    st.caption(f"{_(units)}. {_(words)}")
    most = max(max(b["predicted"], b["high"]) for f in FORMS for b in report[f]["reliability"])
    limit = min(1.0, most + 0.05)
    for column, (form, title) in zip(st.columns(2, gap="large"), FORMS.items(), strict=True):
        with column:
            known.heading(title)
            _curve(report[form]["reliability"], report["vacant"] / report["n"], limit, _(title))
    value, low, high = (number(100 * x, 1) for x in report["difference"])
    adds = T(
        "Knowing the vacancy next door puts {value} more pairs in a hundred in the right order (between {low} and "
        "{high}).",
        value=value,
        low=low,
        high=high,
    )
    states.notes([_(adds)])


def _curve(bins: list[dict[str, Any]], average: float, limit: float, title: str) -> None:
    data = pd.DataFrame(bins)
    data["units"] = [number(n) for n in data["n"]]

    def axis(field: str, words: str, side: type) -> Any:
        return side(
            f"{field}:Q",
            title=words,
            scale=alt.Scale(domain=[0, limit], nice=False),
            axis=alt.Axis(labelExpr="round(100 * datum.value) + ' %'", tickCount=6),
        )

    x = axis("predicted", _(T("foretold risk (average of the class, %)")), alt.X)
    y = axis("observed", _(T("stands empty (% of the units)")), alt.Y)
    hue, ink = colours.shades("customers", 1)[0], colours.css(colours.ink())
    ends = pd.DataFrame({"predicted": [0.0, limit], "observed": [0.0, limit], "average": [average, average]})
    line = alt.Chart(ends).mark_line(color="#888", strokeDash=[5, 4], strokeWidth=1.5).encode(x=x, y=y)
    flat = alt.Chart(ends).mark_line(color="#888", strokeDash=[1, 4], strokeWidth=1.5).encode(x=x, y="average:Q")
    classes = alt.Chart(data).encode(
        tooltip=[
            alt.Tooltip("predicted:Q", title=_(T("foretold")), format=".0%"),
            alt.Tooltip("observed:Q", title=_(T("stands empty")), format=".0%"),
            alt.Tooltip("low:Q", title=_(T("at least")), format=".0%"),
            alt.Tooltip("high:Q", title=_(T("at most")), format=".0%"),
            alt.Tooltip("units:N", title=_(T("units"))),
        ]
    )
    bars = classes.mark_rule(color=hue, opacity=0.5, strokeWidth=2).encode(x=x, y=alt.Y("low:Q"), y2="high:Q")
    dots = classes.mark_circle(color=hue, size=80, opacity=1).encode(x=x, y=y)
    many = classes.mark_text(align="left", dx=6, dy=9, fontSize=11, color=ink).encode(x=x, y=y, text="units:N")
    told = ", ".join(f"{percent(b['predicted'])} → {percent(b['observed'])} ({b['n']})" for b in bins)
    chart = written(alt.layer(line, flat, bars, dots, many))
    st.altair_chart(chart, width="stretch", height=380, alt=f"{title}: {told}")
