"""The chapters on layers and on weights: each layer in full, each branch's starting profile, and the formulas."""

import math

import streamlit as st

from geodata.language import T
from location_model.calibration import NOISE_SD, SLOPE
from location_model.layers import all_layers, layer_named
from location_model.presets import LABEL
from location_model.profile import Criterion
from location_model.score import LEAST_COVERAGE
from pages.ui import cache, choices, explained, explained_charts, known, places, shown, states
from pages.ui.cache import AreaKey
from pages.ui.language import _, language, number, percent
from pages.ui.places import GROUP_TITLES


def branch_choice() -> str:
    """The branch, as chosen on the other pages."""
    names = {b.id: b.name(language()) for b in cache.branches().branches}
    by_name = sorted(names, key=lambda b: names[b])
    return choices.select(_(T("Branch")), by_name, "branch", default="bakery", shown=lambda b: names[b], width=260)


def in_layers(key: AreaKey) -> None:
    """One layer in full, and all of them in a table."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names = shown.names()
        name = choices.select(_(T("Layer")), names, "layer", default="footfall_index", shown=shown.label, width=320)
        branch = branch_choice()
    if name == shown.SCORE:
        in_formulas()
    elif name == shown.PERSONS:
        in_persons()
    else:
        layer = layer_named(name)
        st.subheader(_(layer.title), anchor=layer.name)
        left, right = st.columns([3, 2], gap="large")
        with left:
            known.about(explained.layer_facts(key, layer, branch))
        with right:
            explained_charts.decay_chart(layer, cache.branches())
            criterion = next((c for c in cache.starting_profile(key, branch).profile.criteria if c.layer == name), None)
            if criterion:
                explained_charts.worth_chart(criterion)
                st.caption(f"{cache.branches().get(branch).name(language())} · {_(LABEL)}")
    known.heading(T("All layers"))
    heads = (T("Layer"), T("Group"), T("Unit"), T("How far it looks"), T("In larger hexagons"))
    rows = [
        (
            _(x.title),
            _(GROUP_TITLES[x.group]),
            _(x.unit),
            explained.how_far(x, cache.branches()),
            _(explained.PARENT[x.parent]),
        )
        for x in all_layers()
    ]
    known.table([_(h) for h in heads], rows)


def breakpoints(criterion: Criterion) -> str:
    """A value function as a line of text: value → worth."""
    return ";  ".join(f"{number(x, 0 if x == round(x) else 1)} → {number(100 * v)}" for x, v in criterion.value.points)


def in_weights(key: AreaKey) -> None:
    """The starting profile of a branch: why, how heavy, and what values are worth."""
    branch = branch_choice()
    start = cache.starting_profile(key, branch)
    st.markdown(f":material/info: **{_(LABEL)}**: {_(start.reasoning)}")
    st.caption(_(T("Left: how heavy each criterion weighs. Beside it: what each value is worth, from 0 to 100.")))
    profile = start.profile
    columns = st.columns([1.1, 1, 1, 1], gap="medium")
    with columns[0]:
        known.heading(T("Weight"))
        explained_charts.weight_bars(profile)
        tenth = percent(1 / sum(c.weight for c in profile.criteria))
        st.caption(_(T("Where everything is known, a weight of 1 is {share} of the score.", share=tenth)))
    for column, (group, title) in zip(columns[1:], GROUP_TITLES.items(), strict=True):
        with column:
            known.heading(title)
            explained_charts.worth_panels(profile, group)
    known.heading(T("The same as a table"))
    heads = (T("Criterion"), T("Weight"), T("Unit"), T("Value → worth, 0–100; straight lines between"))
    rows = [
        (places.title(c.layer), number(c.weight, 1), _(layer_named(c.layer).unit), breakpoints(c))
        for c in profile.criteria
    ]
    known.table([_(h) for h in heads], rows, right=(1,))


def in_persons() -> None:
    """From the index to persons per day: what is learnt from the counters and what other towns taught."""
    text = T(
        "Counters see persons; the footfall index only orders streets. A line is laid through what the counters saw, "
        "on a scale of tens: $\\log y = a + b\\,\\log x$, $x$ the index and $y$ the persons per day. Where few count, "
        "$b$ stays near {slope} and the spread between streets near ×/÷ {spread}, as in towns with many counters. The "
        "range is as wide as the counters' own errors ask: each is estimated from the others, and four in five must "
        "lie in their range. Without a count there is no number.",
        slope=SLOPE, spread=round(math.exp(NOISE_SD), 1),
    )  # fmt: skip
    st.markdown(_(text))
    states.how_good("footfall")


def in_formulas() -> None:
    """Score, what we know, and points, written out."""
    st.markdown(
        _(
            T(
                "Of each criterion $i$, $x_i$ is the value at the place, $v_i$ what that is worth (0 to 1), and $w_i$ "
                "its weight."
            )
        )
    )
    columns = st.columns(3)
    formulas = (
        (T("Score"), r"S = 100\,\frac{\sum_{i\ \in\ K} w_i\,v_i(x_i)}{\sum_{i\ \in\ K} w_i}"),
        (T("What we know"), r"D = \frac{\sum_{i\ \in\ K} w_i}{\sum_{i} w_i}"),
        (T("Points of one criterion"), r"p_i = 100\,\frac{w_i\,v_i(x_i)}{\sum_{j\ \in\ K} w_j}"),
    )
    for column, (title, formula) in zip(columns, formulas, strict=True):
        with column:
            st.markdown(f"**{_(title)}**")
            st.latex(formula)
    least = T(
        "*K* are the criteria whose value is known. Below {least} known (house norm) no score is given.",
        least=percent(LEAST_COVERAGE),
    )
    st.caption(_(least))
