"""The weights of a profile as sliders, and what values are worth as breakpoints; both stand in the address."""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

import altair as alt
import pandas as pd
import streamlit as st

from geodata.language import T, Text
from location_model import branch_layer
from location_model.layers import layer_named
from location_model.profile import MOST_POINTS, Criterion, ScoringProfile, ValueFunction
from location_model.score import Scored, value_of
from location_model.suggest import Suggestions
from pages.ui import choices, models
from pages.ui.cache import AreaKey
from pages.ui.charts import written
from pages.ui.language import _
from pages.ui.places import GROUP_TITLES, by_group

HEAVIEST = 5.0
SAME = 0.01
"""Of the 0–1 that a value can be worth."""


def _weight(branch: str, layer: str) -> str:
    return f"{branch}.{layer}"


def _points(branch: str, layer: str) -> str:
    return f"{branch}.{layer}.worth"


def _read_points(text: str) -> str:
    _function(text)
    return text


def _function(text: str) -> ValueFunction:
    pairs = [pair.split(":") for pair in text.split(",")]
    return ValueFunction(tuple((float(x), float(v) / 100) for x, v in pairs))


def _as_text(function: ValueFunction) -> str:
    return ",".join(f"{x:g}:{100 * v:g}" for x, v in function.points)


def chosen(start: ScoringProfile) -> ScoringProfile:
    """The starting profile with the weights and breakpoints chosen before, here or in the address."""
    branch = start.branch
    criteria = []
    for c in start.criteria:
        choices.follow(_weight(branch, c.layer), c.weight)
        weight = choices.value(_weight(branch, c.layer), c.weight, float)
        worth = choices.value(_points(branch, c.layer), _as_text(c.value), _read_points)
        value = c.value if worth == _as_text(c.value) else _function(str(worth))
        criteria.append(Criterion(c.layer, min(max(float(str(weight)), 0.0), HEAVIEST), value))
    return replace(start, criteria=tuple(criteria))


def standard(start: ScoringProfile) -> ScoringProfile:
    """The starting weights on the breakpoints chosen: what weights are learnt from."""
    return chosen(start).with_weights({c.layer: c.weight for c in start.criteria})


def put(profile: ScoringProfile) -> None:
    """Choose the weights and breakpoints of a profile, for use in a callback.

    Weights are scaled where the heaviest is more than a slider has.
    """
    heaviest = max(c.weight for c in profile.criteria)
    scale = min(1.0, HEAVIEST / heaviest) if heaviest else 1.0
    for c in profile.criteria:
        st.session_state[_weight(profile.branch, c.layer)] = round(c.weight * scale, 2)
        st.session_state[_points(profile.branch, c.layer)] = _as_text(c.value)


def put_back(start: ScoringProfile) -> None:
    """Choose the starting weights again, for use in a callback; the breakpoints stay."""
    choices.forget([_weight(start.branch, c.layer) for c in start.criteria])


def silent(key: AreaKey, branch: str) -> dict[str, Text]:
    """The criteria that cannot count for a branch in an area, and why."""
    claims = models.claims(key)
    return {} if claims.holds(branch) else {branch_layer.LAYER.name: claims.told(branch)}


def panel(start: ScoringProfile, on_change: Callable[[], None], *, silent: Mapping[str, Text]) -> None:
    """One slider a criterion, by group, and a way back. `on_change` says what to draw again.

    silent: criteria whose weight can only go down, and why.
    """
    branch = start.branch
    given = {c.layer: c for c in start.criteria}
    for column, (group, layers) in zip(st.columns(len(GROUP_TITLES)), by_group(start).items(), strict=True):
        with column:
            st.markdown(f"**{_(GROUP_TITLES[group])}**")
            for name in layers:
                layer = layer_named(name)
                choices.slider(
                    _(layer.title),
                    _weight(branch, name),
                    default=given[name].weight,
                    min_value=0.0,
                    max_value=HEAVIEST,
                    step=0.1,
                    format="localized",
                    help=_(silent.get(name, layer.unit)),
                    on_change=on_change,
                    disabled=name in silent and not choices.value(_weight(branch, name), given[name].weight, float),
                )
    for name, why in silent.items():
        if name in given:
            st.caption(f"**{_(layer_named(name).title)}**: {_(why)}")
    st.button(
        _(T("Back to the standard weights")),
        icon=":material/restart_alt:",
        on_click=_reset,
        args=(start,),
    )


def _reset(start: ScoringProfile) -> None:
    choices.forget(_names(start))
    st.rerun()  # the list and the map as well, not this panel alone


def undistinguished(answer: Suggestions, profile: ScoringProfile, scored: Scored) -> list[str]:
    """The criteria that are worth the same, within 1 %, at every place listed: whatever they weigh, nothing moves."""
    values = [scored.values(s.site.cell) for s in answer.sites]
    worth = {c.layer: [float(value_of(c.value, v[c.layer])) for v in values] for c in profile.criteria}
    known = {layer: [x for x in found if not math.isnan(x)] for layer, found in worth.items()}
    return [x for x, found in known.items() if len(found) == len(values) > 1 and max(found) - min(found) <= SAME]


def same_everywhere(answer: Suggestions, profile: ScoringProfile, scored: Scored) -> None:
    """A small note on the criteria that do not tell the places listed apart."""
    if same := undistinguished(answer, profile, scored):
        names = ", ".join(_(layer_named(x).title) for x in same)
        st.caption(_(T("Does not set these places apart: {names}", names=names)))


def worth_panel(start: ScoringProfile) -> None:
    """When a value of one criterion is good: breakpoints to edit, drawn as a line."""
    profile = chosen(start)
    titles = {c.layer: _(layer_named(c.layer).title) for c in start.criteria}
    layer = st.selectbox(_(T("Criterion")), list(titles), format_func=lambda x: titles[x], key="worth_of")
    now = next(c.value for c in profile.criteria if c.layer == layer)
    unit = _(layer_named(layer).unit)
    points = pd.DataFrame([(x, 100 * v) for x, v in now.points], columns=["value", "worth"])
    left, right = st.columns([2, 3])
    with left:
        st.caption(unit)
        edited = st.data_editor(
            points,
            num_rows="dynamic",
            hide_index=True,
            key=f"worth.{profile.branch}.{layer}.{_as_text(now)}",
            column_config={
                "value": st.column_config.NumberColumn(_(T("value")), required=True, format="localized"),
                "worth": st.column_config.NumberColumn(
                    _(T("points (0–100)")), min_value=0, max_value=100, required=True
                ),
            },
        )
        st.caption(_(T("2 to {most} rows with rising values; straight lines between them.", most=MOST_POINTS)))
        if not edited.equals(points) and not edited.isna().any(axis=None):
            found = ValueFunction(tuple((float(x), float(v) / 100) for x, v in edited.itertuples(index=False)))
            st.session_state[_points(profile.branch, layer)] = _as_text(found)
            st.rerun()
    with right:
        up = alt.Y("worth:Q", title=_(T("points (0–100)")), scale=alt.Scale(domain=[0, 100]))
        line = alt.Chart(points).mark_line(point=True).encode(x=alt.X("value:Q", title=unit), y=up)
        told = _(T("What a value of {title} is worth", title=titles[layer]))
        st.altair_chart(written(line.properties(height=180)), alt=told)


def _names(start: ScoringProfile) -> list[str]:
    return [n for c in start.criteria for n in (_weight(start.branch, c.layer), _points(start.branch, c.layer))]
