"""Layers and profiles drawn from their declarations: how much distance counts, what values are worth, and weights."""

import textwrap

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from geodata.branches import BranchTable
from geodata.language import T
from location_model.layers import Layer, layer_named
from location_model.profile import Criterion, ScoringProfile
from location_model.score import value_of
from pages.ui import colours, places
from pages.ui.charts import written
from pages.ui.explained import needs
from pages.ui.language import _, number


def decay_chart(layer: Layer, branches: BranchTable) -> None:
    """How much something at a distance counts; nothing is drawn for a layer without distances of its own."""
    asked = needs(layer, branches)
    if not asked:
        return
    need = asked[0]
    scale = 1.0 if need.mode == "walk" else 60.0
    xs = np.linspace(0, need.within, 61)
    counts = np.ones_like(xs) if need.decay is None else np.exp(-xs / need.decay)
    points = pd.DataFrame({"x": [*(xs / scale), need.within / scale, 1.25 * need.within / scale], "y": [*counts, 0, 0]})
    unit = _(T("metres along streets")) if need.mode == "walk" else _(T("minutes"))
    title = _(T("How much something counts, by distance"))
    _line(points, unit, _(T("counts")), title, domain=(0, 1), colour=_hue(layer.name))


def worth_chart(criterion: Criterion) -> None:
    """What a value of a layer is worth, in the layer's unit."""
    layer = layer_named(criterion.layer)
    title = _(T("What a value of {title} is worth", title=layer.title))
    _line(_worth(criterion), _(layer.unit), _(T("worth, 0–100")), title, domain=(0, 100), colour=_hue(layer.name))


def _worth(criterion: Criterion) -> pd.DataFrame:
    """The value function with its flat ends."""
    xs = [x for x, _v in criterion.value.points]
    low = min(0.0, xs[0])
    ends = [low, *xs, xs[-1] + 0.15 * (xs[-1] - low)]
    return pd.DataFrame({"x": ends, "y": 100 * value_of(criterion.value, ends)}).drop_duplicates()


def _hue(layer: str) -> str:
    return colours.shades(layer_named(layer).group, 1)[0]


def _line(data: pd.DataFrame, x: str, y: str, title: str, *, domain: tuple[float, float], colour: str) -> None:
    chart = (
        alt.Chart(data)
        .mark_line(color=colour, strokeWidth=2.5)
        .encode(
            x=alt.X("x:Q", title=x, axis=alt.Axis(tickCount=5, titleLimit=330), scale=alt.Scale(nice=False)),
            y=alt.Y("y:Q", title=y, axis=alt.Axis(tickCount=3), scale=alt.Scale(domain=list(domain))),
        )
    )
    st.markdown(f"**{title}**")
    st.altair_chart(written(chart), height=165, alt=f"{title}: {x}")


def weight_bars(profile: ScoringProfile) -> None:
    """The weights of a profile, heaviest first, in the colours of their groups."""
    shade = places.part_colours(profile)
    data = pd.DataFrame(
        [{"what": places.title(c.layer), "weight": c.weight, "shade": shade[c.layer]} for c in profile.criteria]
    )
    weight = _(T("weight"))
    base = alt.Chart(data).encode(
        x=alt.X("weight:Q", title=weight, axis=alt.Axis(tickCount=4)),
        y=alt.Y("what:N", sort=list(data["what"]), title=None, axis=alt.Axis(labelLimit=180)),
    )
    bars = base.mark_bar(height=13).encode(color=alt.Color("shade:N", scale=None))
    told = ", ".join(f"{r.what} {number(r.weight, 1)}" for r in data.itertuples())
    st.altair_chart(written(bars), height=48 + 23 * len(data), alt=f"{weight}: {told}")


def worth_panels(profile: ScoringProfile, group: str) -> None:
    """The value functions of one group under each other, each with its own unit."""
    panels, ink = [], colours.css(colours.ink())
    for name in places.by_group(profile)[group]:
        layer, criterion = layer_named(name), next(c for c in profile.criteria if c.layer == name)
        x = alt.X("x:Q", title=None, axis=alt.Axis(tickCount=4), scale=alt.Scale(nice=False))
        y = alt.Y("y:Q", title=None, axis=alt.Axis(values=[0, 50, 100]), scale=alt.Scale(domain=[0, 100]))
        unit = textwrap.wrap(_(layer.unit), 34)
        title = alt.Title(
            _(layer.title),
            subtitle=unit,
            anchor="start",
            frame="group",
            fontSize=13,
            subtitleFontSize=11,
            subtitleColor=ink,
        )
        line = alt.Chart(_worth(criterion), title=title).mark_line(color=_hue(name), strokeWidth=2.5)
        panels.append(line.encode(x=x, y=y).properties(height=70, width="container"))
    if panels:
        told = ", ".join(places.title(x) for x in places.by_group(profile)[group])
        chart = written(alt.vconcat(*panels, spacing=16))
        st.altair_chart(chart, width="stretch", alt=_(T("What values are worth: {titles}", titles=told)))
