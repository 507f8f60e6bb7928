"""How a number comes about, drawn from the declarations themselves: layers, profiles, and a score taken apart."""

import html
import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from geodata.branches import BranchTable
from geodata.grid import STREET_M
from geodata.language import T, Text
from geodata.layers import Layer, layer_named
from geodata.network.reach import Need
from geodata.sources.catalogue import Source, source
from geodata.store import Area
from location_model.profile import Criterion, ScoringProfile
from location_model.score import Scored, value_of
from pages.ui import cache, colours, known, places
from pages.ui.cache import AreaKey
from pages.ui.downloads import SAMPLE
from pages.ui.language import NOT_KNOWN, _, language, number, percent, rounded

STYLE = """<style>
.kw-steps {display: flex; gap: 1.7rem; margin: .3rem 0 .6rem !important; padding: 0 !important;}
.kw-steps li {flex: 1; list-style: none; position: relative; border: 1px solid #8886; border-top: 4px solid #2b8c99;
  border-radius: .4rem; padding: .6rem .8rem; margin: 0 !important; font-size: .9rem; line-height: 1.4;}
.kw-steps li + li::before {content: "→"; position: absolute; left: -1.4rem; top: 40%; font-size: 1.15rem; opacity: .6;}
.kw-steps b {display: block; font-size: 1rem; margin-bottom: .25rem;}
.kw-steps span {display: block; margin-top: .5rem; padding-top: .4rem; border-top: 1px dashed #8886; opacity: .8;}
@media (max-width: 768px) {.kw-steps {flex-direction: column; gap: 1.6rem;}
  .kw-steps li + li::before {content: "↓"; left: 50%; top: -1.55rem;}}
</style>"""

PARENT: dict[str, Text] = {
    "sum": T("the sum of the hexagons in it"),
    "mean": T("the average of the known hexagons in it, by their surface"),
    "max": T("the highest of the hexagons in it"),
}
"""How a larger hexagon takes its value, by the layer's rule."""


def steps(boxes: Sequence[tuple[str, str, str]]) -> None:
    """Steps as boxes with arrows: title, what happens there, and an example."""
    items = "".join(
        f"<li><b>{i}. {html.escape(title)}</b>{html.escape(text)}<span>{html.escape(example)}</span></li>"
        for i, (title, text, example) in enumerate(boxes, 1)
    )
    st.html(f"{STYLE}<ol class='kw-steps'>{items}</ol>")


def needs(layer: Layer, branches: BranchTable) -> list[Need]:
    """What a layer asks of the network, once for each distance, decay and mode."""
    found = {(n.within, n.decay, n.mode): n for n in layer.needs(branches)}
    return list(found.values())


def _far(mode: str, within: float) -> str:
    """A limit in the unit people know: metres on foot, minutes by bicycle and car."""
    if mode == "walk":
        return _(T("{far} m along streets", far=round(within)))
    far = round(within / 60)
    return _(T("{far} minutes by bicycle", far=far) if mode == "bicycle" else T("{far} minutes by car", far=far))


def how_far(layer: Layer, branches: BranchTable) -> str:
    """How far a layer looks and how much what is far still counts, in words."""
    words = []
    for need in needs(layer, branches):
        far = _far(need.mode, need.within)
        if need.decay is None:
            words.append(_(T("{far}; everything within counts whole", far=far)))
        else:
            share = number(math.exp(-1), 2)
            counts = T("{far}; at {decay} m something counts {share}", far=far, decay=round(need.decay), share=share)
            words.append(_(counts))
    if not words and layer.reach_m:
        words.append(_(T("trips of up to {far}", far=_far("walk", layer.reach_m))))
    return "; ".join(words)


_TABLES = {"residents": "residents", "occupied": "premises", "vacant": "premises", "shops": "premises"}
_TABLES |= {"departures": "stops", "car_parking": "parking"}
"""The table an opportunity column is counted from, by the part of its name before the colon."""

_WALKED = ("premises", "residents", "stops")
"""What a layer that asks nothing of the network by itself rests on: the trips of footfall."""

_BASES = {"polygons": "population_polygons", "raster": "population_raster", "municipality": "residents_given"}


def of_layer(area: Area, layer: Layer, branches: BranchTable) -> list[Source]:
    """The sources a layer's values rest on here, streets included, in the order they were read."""
    asked = {need.column.split(":")[0] for need in layer.needs(branches)}
    tables = {_TABLES[column] for column in asked if column in _TABLES} or set(_WALKED)
    used = {"osm"}.union(*(_of_table(area, table) for table in tables))
    return [source(i) for i in known.ids(area) if i in used]


def _of_table(area: Area, table: str) -> set[str]:
    tables = area.tables
    if table == "premises":
        listed = {"vacancy_list"} if (tables.premises["vacancy_basis"] == "vacancy list").any() else set()
        return set(tables.premises["source"].unique()) | listed
    if table == "stops":
        return set(tables.stops["source"].unique())
    if table == "residents":
        return {_BASES.get(basis, "osm") for basis in tables.residents["basis"].unique()}
    return {"osm"}


def layer_facts(key: AreaKey, layer: Layer, branch: str) -> list[tuple[str, str]]:
    """Everything a layer's declaration says, and what it comes to in this area."""
    area, branches = cache.area(key), cache.branches()
    limits = " / ".join(_far(mode, far) for mode, far in layer.limits(branches).items())
    used = of_layer(area, layer, branches)
    rests_on = "; ".join(_(s.title) if area.sample else f"{_(s.title)} ({known.licence(s)})" for s in used)
    if area.sample:
        rests_on += f" ({_(SAMPLE)})"
    on_street = (area.grid["reason"] != "no_street").to_numpy()
    values = cache.layer(key, layer.name, branch).to_numpy(np.float64)[on_street]
    told = values[~np.isnan(values)]
    here = _(T("known for {share} of the hexagons on a street", share=percent(len(told) / max(1, len(values)))))
    if len(told):
        middle, most = rounded(float(np.median(told))), rounded(float(told.max()))
        here += "; " + _(T("half of them at most {middle}, the highest {most}", middle=middle, most=most))
    unknown = T(
        "where no street is within {street} m, where the data end nearer than {limits}, and where there are no data "
        "of this kind. Not known is never counted as zero.",
        street=round(STREET_M), limits=limits,
    )  # fmt: skip
    rows = [
        (T("What it measures"), _(layer.method)),
        (T("Unit"), _(layer.unit)),
        (T("How far it looks"), how_far(layer, branches)),
        (T("In larger hexagons"), _(PARENT[layer.parent])),
        (T("Not known"), _(unknown)),
        (T("Compare between towns"), _(_compare(layer))),
        (T("In {area}", area=area.name), here),
        (T("Rests on"), rests_on),
        (T("Weight in the starting profiles"), _weights(layer, branches)),
    ]
    return [(_(a), b) for a, b in rows]


def _compare(layer: Layer) -> Text:
    if layer.within_town:
        return T("no: it ranks places within this town")
    return T("yes: it is in a unit of its own") if not layer.per_branch else T("yes, for the same branch")


def _weights(layer: Layer, branches: BranchTable) -> str:
    profiles = [cache.starting_profile(b).profile for b in branches.ids]
    given = [c.weight for p in profiles for c in p.criteria if c.layer == layer.name]
    if not given:
        return _(T("none"))
    return _(T("{low} to {high} of about 10", low=number(min(given), 1), high=number(max(given), 1)))


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


def written(chart: alt.TopLevelMixin) -> alt.TopLevelMixin:
    """The chart with numbers on its axes as a reader of the language writes them."""
    comma, point = (",", ".") if language() == "nl" else (".", ",")
    return chart.configure(
        locale={"number": {"decimal": comma, "thousands": point, "grouping": [3], "currency": ["", ""]}}
    )


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


@dataclass(frozen=True)
class Part:
    """One criterion of a score: value in its unit, worth 0–100, weight, points. None where it is not known."""

    criterion: Criterion
    value: float | None
    worth: float | None
    points: float | None


def parts(scored: Scored, cell: str) -> list[Part]:
    """A score taken apart, by criterion: the points of those known add up to it."""
    values, points = scored.values(cell), scored.contributions(cell)
    found = []
    for c in scored.profile.criteria:
        if points[c.layer] is None:
            found.append(Part(c, None, None, None))
        else:
            worth = 100 * float(value_of(c.value, values[c.layer]))
            found.append(Part(c, values[c.layer], worth, points[c.layer]))
    return found


def parts_table(found: Sequence[Part]) -> None:
    """The parts with their sums; what is not known has no worth, and its weight does not count."""
    rows = []
    for part in found:
        layer, weight = layer_named(part.criterion.layer), number(part.criterion.weight, 1)
        if part.value is None or part.worth is None or part.points is None:
            words = (_(T("not known")), NOT_KNOWN, f"({weight})", NOT_KNOWN)
        else:
            value = f"{rounded(part.value)} {_(layer.unit)}"
            words = (value, number(part.worth, 1), weight, number(part.points, 2))
        rows.append((_(layer.title), *words))
    known_weight = sum(p.criterion.weight for p in found if p.points is not None)
    total = number(sum(p.points for p in found if p.points is not None), 2)
    rows.append((_(T("Together")), "", "", number(known_weight, 1), total))
    heads = (T("Criterion"), T("Value here"), T("Worth, 0–100"), T("Weight"), T("Points"))
    known.table([_(h) for h in heads], rows, right=(2, 3, 4), total=True)
