"""Places side by side: a card for each with its score, and a table of everything known, on scales they share."""

import html
from collections.abc import Mapping, Sequence

import streamlit as st

from geodata.language import T, Text
from location_model.branch_layer import LAYER as SUITABILITY
from location_model.compare import Compared, Comparison
from location_model.layers import GROUPS, all_layers
from location_model.permit import CHECK
from location_model.robustness import percent as chance
from location_model.street_class import class_told
from pages.ui import cache, colours, footfall_shown, places
from pages.ui.cache import AreaKey
from pages.ui.compare_words import best_first, level_with, permit_told, what_it_is
from pages.ui.language import NOT_KNOWN, _, language, number, percent, rounded
from pages.ui.tray import LETTERS

ALWAYS = (
    "residents_within_10_min", "residents_within_10_min_bicycle", "residents_within_5_min_car",
    "transit_departures_per_weekday", "parking_places_nearby", "competition_shops",
)  # fmt: skip
"""Access by each mode and competition: shown whether the branch counts them or not."""

STYLE = """<style>
.kw-letter {display: inline-block; flex: none; min-width: 1.55em; height: 1.55em; line-height: 1.55em;
  font-size: .82rem; text-align: center; font-weight: 700; border-radius: .8em;
  color: var(--kw-paper); background: var(--kw-ink);}
.kw-cards {display: flex; flex-direction: column; gap: .55rem; font-size: .87rem; line-height: 1.35;}
.kw-card {border-left: 3px solid #8884; padding: .1rem 0 .1rem .7rem;} .kw-card.first {border-left-color: #2b8c99;}
.kw-card .head {display: flex; gap: .5rem; align-items: baseline;}
.kw-card .head b {flex: 1; font-weight: 600; overflow-wrap: anywhere;}
.kw-card .head .score {font-size: 1.2rem; font-weight: 600; font-variant-numeric: tabular-nums;}
.kw-scale {position: relative; height: 9px; margin: .2rem 0; border-radius: 2px; background: #8882;}
.kw-scale i {position: absolute; top: 0; bottom: 0;} .kw-scale .range {background: #2b8c99; opacity: .5;}
.kw-scale .dot {width: 9px; margin-left: -4.5px; border-radius: 5px; background: #176b78;
  box-shadow: 0 0 0 1.5px #fff9;}
.kw-soft {font-size: .8rem; opacity: .78;}
.kw-side {overflow-x: auto; background:
  linear-gradient(to left, var(--kw-paper) 40%, transparent) right / 3rem 100% no-repeat local,
  linear-gradient(to left, #8889, transparent) right / 1.3rem 100% no-repeat scroll;}
.kw-side table {border-collapse: collapse; width: 100%; font-size: .85rem;
  line-height: 1.3; table-layout: fixed; min-width: calc(10rem + var(--n) * 8.5rem);}
.kw-side th, .kw-side td {text-align: left; vertical-align: top; padding: .28rem .7rem .28rem 0; font-weight: 400;
  border-top: 1px solid #8883; overflow-wrap: anywhere;}
.kw-side thead th {font-weight: 600; border-top: none; vertical-align: bottom;}
.kw-side th:first-child {width: 13rem; position: sticky; left: 0; background: var(--kw-paper); z-index: 1;}
.kw-side .group th {font-weight: 600; padding-top: .8rem; border-top: none; opacity: .85; position: static;
  background: none;}
.kw-side .group span {position: sticky; left: 0;}
.kw-side .track {position: relative; height: 8px; border-radius: 2px; background: #8882; margin: .25rem 0 .15rem;}
.kw-side .track i {position: absolute; inset: 0 auto 0 0; border-radius: 2px;}
.kw-change {position: relative; height: 14px; margin: .1rem 0;}
.kw-change i {position: absolute; top: 2px; bottom: 2px;}
.kw-change s {position: absolute; top: 6.5px; height: 1.5px; background: var(--kw-ink);}
.kw-change u {position: absolute; top: 0; bottom: 0; width: 1px; background: #8888;}
@media (max-width: 640px) {.kw-side th:first-child {width: 8rem;}}
</style>"""


def style() -> None:
    """The styles of this page, in the colours of the theme."""
    ink, paper = colours.css(colours.ink()), colours.css(colours.paper())
    lists = (places.HERE / "places.css").read_text("utf-8")
    st.html(f"<style>:root {{--kw-ink: {ink}; --kw-paper: {paper};}} {lists}</style>{STYLE}")


def letter(i: int) -> str:
    """The letter of a place, HTML."""
    return f'<span class="kw-letter">{LETTERS[i]}</span>'


def cards(found: Comparison) -> None:
    """One card a place: its score with the interval on a scale of 0 to 100, and how often it is among the first."""
    order = best_first(found)
    even = {order[0], *level_with(found, order[0])} if order else set()
    st.html("<div class='kw-cards'>" + "".join(_card(found, i, i in even) for i in range(len(found.sites))) + "</div>")


def _card(found: Comparison, i: int, first: bool) -> str:
    site, firm = found.sites[i], found.sites[i].firm
    name = html.escape(_(site.named.site.title))
    head = f'<div class="head">{letter(i)}<b>{name}</b><span class="score">{number(site.score)}</span></div>'
    if firm is None:
        said = _(T("no score: too little is known here ({share} of the weight)", share=percent(site.coverage)))
        return f'<div class="kw-card">{head}<div class="kw-soft">{html.escape(said)}</div></div>'
    low, high = number(firm.score_low), number(firm.score_high)
    scale = (
        f'<div class="kw-scale" aria-hidden="true"><i class="range" style="left:{firm.score_low:.1f}%;'
        f'width:{firm.score_high - firm.score_low:.1f}%"></i><i class="dot" style="left:{site.score:.1f}%"></i></div>'
    )
    values = {"low": low, "high": high, "first": chance(firm.top_1), "three": chance(firm.top_3), "of": firm.ranked}
    text = T(
        "between {low} and {high} · first in {first} %, first three in {three} % (of {of} places, vacant or not)",
        **values,
    )
    mark = " first" if first else ""
    return f'<div class="kw-card{mark}">{head}{scale}<div class="kw-soft">{html.escape(_(text))}</div></div>'


Row = tuple[str, str, Sequence[str]]
"""Title, what stands under it, and a cell of HTML for each place."""


def table(key: AreaKey, found: Comparison) -> None:
    """Everything known of the places side by side."""
    names = {b.id: b.name(language()) for b in cache.branches().branches}
    heads = "".join(
        f"<th>{letter(i)} {html.escape(_(s.named.site.title))}"
        f"<div class='kw-soft'>{html.escape(what_it_is(s, names))}</div></th>"
        for i, s in enumerate(found.sites)
    )
    body = "".join(
        f'<tr class="group"><th colspan="{len(found.sites) + 1}"><span>{html.escape(_(title))}</span></th></tr>'
        + "".join(_row(row) for row in rows)
        for title, rows in _groups(key, found)
        if rows
    )
    n = len(found.sites)
    st.html(f"<div class='kw-side' style='--n:{n}'><table><thead><tr><th></th>{heads}</tr></thead>{body}</table></div>")
    st.caption(
        _(T("A bar is what a criterion adds to the score; the grey behind it is the most it could add. All bars are on "
            "one scale, which does not depend on the places compared."))
    )  # fmt: skip
    st.caption(_(CHECK))


def _row(row: Row) -> str:
    title, under, cells = row
    soft = f'<div class="kw-soft">{html.escape(under)}</div>' if under else ""
    return f"<tr><th>{html.escape(title)}{soft}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _groups(key: AreaKey, found: Comparison) -> list[tuple[Text, list[Row]]]:
    shades = places.part_colours(found.robust.scored.profile)
    weightless = {c.layer for c in found.robust.scored.profile.criteria if not c.weight > 0}
    most = [_attainable(found, s) for s in found.sites]
    top = max((x for m in most for x in m.values()), default=1.0)
    groups: list[tuple[Text, list[Row]]] = [(T("What we know"), [_coverage(found)])]
    for group in GROUPS:
        rows: list[Row] = []
        if group == "customers":
            rows.append(_passers_by(found))
        for layer in all_layers():
            if layer.group != group or layer.name not in {*shades, *ALWAYS}:
                continue
            values = cache.layer(key, layer.name, found.branch)
            cells = []
            for site, attainable in zip(found.sites, most, strict=True):
                value = float(values.get(site.named.site.cell, float("nan")))
                points = site.contributions.get(layer.name)
                if layer.name in weightless and value != value:
                    not_here = _(T("does not count here"))
                    cells.append(f'<span class="kw-soft">{html.escape(not_here)}</span>')
                    continue
                cells.append(_cell(value, points, attainable.get(layer.name), top, shades.get(layer.name, "")))
            under = _(layer.unit)
            if layer.name in weightless:
                under = _(T("{unit}; does not count here: {why}", unit=layer.unit, why=_no_weight(layer.name)))
            elif layer.name not in shades:
                under = _(T("{unit}; does not count for this branch", unit=layer.unit))
            rows.append((_(layer.title), under, cells))
        groups.append((places.GROUP_TITLES[group], rows))
    return [*groups, (T("Catchment and permit"), [*_catchment(found), _permit(found)])]


def _no_weight(layer: str) -> Text:
    """Why a criterion weighs nothing. Branch suitability starts without weight where its model did not prove itself."""
    if layer == SUITABILITY.name:
        return T("for this branch its model does not predict well enough")
    return T("its weight is 0")


def _attainable(found: Comparison, site: Compared) -> Mapping[str, float]:
    """The most points each criterion can add at a place, given what is known there."""
    criteria = found.robust.scored.profile.criteria
    known = sum(c.weight for c in criteria if site.contributions[c.layer] is not None)
    return {c.layer: 100 * c.weight / known for c in criteria if known and site.contributions[c.layer] is not None}


def _cell(value: float, points: float | None, attainable: float | None, top: float, shade: str) -> str:
    if value != value:
        return f'<span class="kw-soft">{html.escape(_(T("not known")))}</span>'
    if points is None or attainable is None:
        return rounded(value)
    bar = (
        f'<div class="track" aria-hidden="true" style="width:{100 * attainable / top:.1f}%">'
        f'<i style="width:{100 * points / attainable if attainable else 0:.1f}%;background:{shade}"></i></div>'
    )
    told = _(T("{points} of {most} points", points=number(points, 1), most=number(attainable, 1)))
    return f'{bar}{rounded(value)} <span class="kw-soft">· {html.escape(told)}</span>'


def _coverage(found: Comparison) -> Row:
    cells = []
    for site in found.sites:
        known, asked = site.known
        told = _(T("{known} of {all}", known=known, all=asked))
        cells.append(f"{told} <span class='kw-soft'>· {percent(site.coverage)}</span>")
    return _(T("Criteria known")), _(T("number, and share of the weight")), cells


def _passers_by(found: Comparison) -> Row:
    cells = []
    for site in found.sites:
        feet = site.footfall
        if feet is None or feet.street_class is None:
            cells.append(f'<span class="kw-soft">{html.escape(_(T("not known")))}</span>')
            continue
        said = html.escape(footfall_shown.interval(feet))
        named = html.escape(_(class_told(feet.street_class)))
        mark = f'<b title="{html.escape(footfall_shown.classes())}">{named}</b>'
        cells.append(f"{mark} · {said}")
    return _(T("Passers-by a day")), _(T("class of the street; persons a day where somebody counted")), cells


def _catchment(found: Comparison) -> list[Row]:
    if found.market is None:
        return []
    near, own = [], []
    for site in found.sites:
        area = site.catchment
        near.append(NOT_KNOWN if area is None else _(T("{minutes} minutes", minutes=number(area.median_minutes))))
        own.append(_(T("not known")) if area is None or area.in_study != area.in_study else percent(area.in_study))
    half = T("Half of the turnover comes from within"), T("travel time, walking or by car")
    town = T("From the municipality itself"), T("share of the turnover")
    rows = [(_(half[0]), _(half[1]), near), (_(town[0]), _(town[1]), own)]
    if found.retention_now is not None:
        stays = T("Modelled local retention, with it open"), T("of this branch, in shops; now {share}",
                                                               share=percent(found.retention_now.value))  # fmt: skip
        under = _(stays[1])
        if (survey := found.surveyed) is not None:
            under += f"; {_(survey.told(percent(survey.found.share)))}"
        kept = [NOT_KNOWN if s.retention is None else percent(s.retention.value) for s in found.sites]
        rows.append((_(stays[0]), under, kept))
    return rows


def _permit(found: Comparison) -> Row:
    cells = [
        f"{html.escape(permit_told(s.permit))}<div class='kw-soft'>{html.escape(_(s.permit.why))}</div>"
        for s in found.sites
    ]
    return _(T("Permit")), _(T("an indication")), cells
