"""A move as a picture: what is kept, lost and won, and who else gains or loses, beside doing nothing and closing."""

import html
from collections.abc import Mapping

import streamlit as st

from geodata import hexgrid
from geodata.language import T
from location_model import move_told
from location_model.break_even import Costs
from location_model.move_told import TITLES
from location_model.relocate import PERSONS, Relocation
from location_model.validation.statistics import Estimate
from pages.ui import cache, colours, legend, mapdata, maps, served
from pages.ui.cache import AreaKey
from pages.ui.compare_words import euros, range_of
from pages.ui.compared import Moved
from pages.ui.language import _, number, rounded

FAINT = 0.005
"""Of the largest change: neighbourhoods where less changes are left white."""


def table(found: Relocation, place: str) -> None:
    """A row a figure, a column a way: a bar from zero with its interval, all on one scale of euros; residents below."""
    columns = {_(way): balance for way, balance in move_told.ways(found, place)}
    shown = move_told.shown(found)
    signed = {way: {name: move_told.signed(name, b[name]) for name in shown} for way, b in columns.items()}
    every = [e for estimates in signed.values() for e in estimates.values()]
    low, high = min(0.0, *(e.low for e in every)), max(0.0, *(e.high for e in every))
    rows = [(_(TITLES[name]), [_bar(name, signed[way][name], low, high) for way in columns]) for name in shown]
    rows += [(_(TITLES[name]), [_persons(b[name]) for b in columns.values()]) for name in PERSONS]
    heads = "".join(f"<th>{html.escape(way)}</th>" for way in columns)
    body = "".join(
        f"<tr><th>{html.escape(title)}</th>{''.join(f'<td>{c}</td>' for c in cells)}</tr>" for title, cells in rows
    )
    title = _(T("What changes in a year, with 80 % intervals"))
    st.markdown(f"**{title}**")
    st.html(f"<div class='kw-side' style='--n:3'><table><thead><tr><th></th>{heads}</tr></thead>{body}</table></div>")


def _bar(name: str, e: Estimate, low: float, high: float) -> str:
    if e.low == e.value == e.high == 0:
        return '<span class="kw-soft">€\u00a00</span>'
    whole = (high - low) or 1.0
    begin, end, zero = (100 * (x - low) / whole for x in (min(0.0, e.value), max(0.0, e.value), 0.0))
    first, last = (100 * (x - low) / whole for x in (e.low, e.high))
    less, more = (colours.css(colours.differences()[i]) for i in (1, 4))
    shade = colours.css(colours.not_known()) if name == "kept_eur" else less if e.value < 0 else more
    told = f'{euros(e.value)} <span class="kw-soft">{html.escape(range_of(e))}</span>'
    return (
        f'<div class="kw-change" aria-hidden="true"><i style="left:{begin:.1f}%;width:{end - begin:.1f}%;'
        f'background:{shade}"></i><s style="left:{first:.1f}%;width:{last - first:.1f}%"></s>'
        f'<u style="left:{zero:.1f}%"></u></div>{told}'
    )


def _persons(e: Estimate) -> str:
    if e.low == e.high:
        return f'<span class="kw-soft">{rounded(e.value)}</span>'
    said = _(T("between {low} and {high}", low=rounded(e.low), high=rounded(e.high)))
    return f'{rounded(e.value)} <span class="kw-soft">{html.escape(said)}</span>'


def sum_told(found: Relocation, costs: Costs | None) -> str | None:
    """How the verdict is added up, from turnover to what is left a year; None where no costs are known."""
    if found.pays is None or costs is None:
        return None
    yearly = found.pays.yearly_eur
    turnover = T("extra turnover of this shop and your other shops") if found.move.own else T("extra turnover")
    margin = _(T("margin of {share} %", share=number(100 * costs.margin)))
    rent, staff = costs.rent_after_eur - costs.rent_before_eur, costs.staff_after_eur - costs.staff_before_eur
    terms = [
        f"{_(turnover)} {euros(found.together.value)} × {margin}",
        _(T("− extra rent {eur}", eur=_paid(rent)) if rent >= 0 else T("+ rent saved {eur}", eur=_paid(rent))),
        _(T("− extra staff {eur}", eur=_paid(staff)) if staff >= 0 else T("+ staff saved {eur}", eur=_paid(staff))),
    ]
    left = _(T("{eur} a year ({range})", eur=euros(yearly.value), range=range_of(yearly)))
    once = _(T("once {eur}", eur=_paid(costs.once_eur)))
    return f"{' '.join(terms)} = {left}; {once}"


def _paid(eur: float) -> str:
    """What was typed, to the euro."""
    return f"€\u00a0{number(abs(eur))}"


def map_of(key: AreaKey, moved: Moved, ends: Mapping[str, tuple[float, float, str]]) -> None:
    """Neighbourhoods by what the shop wins or loses in them; ends: letter → longitude, latitude, name."""
    table = moved.by_neighbourhood.assign(change=lambda t: t["won_eur"] - t["lost_eur"])
    table = table[table["change"].abs() >= max(1.0, FAINT * table["change"].abs().max())]
    if table.empty:
        return
    every = mapdata.breaks(table["change"].abs().to_numpy())
    borders = [every[max(0, len(every) - 5)], every[max(0, len(every) - 2)]]
    step = [sum(abs(x) >= b for b in borders) for x in table["change"]]
    palette = colours.differences()
    rows = [
        {"h": r.cell, "c": [*(palette[3 + s] if r.change > 0 else palette[2 - s]), 190],
         "n": _(T("{eur} a year", eur=("+" if r.change > 0 else "") + euros(r.change))),
         "t": _(T("kept here: {eur}", eur=euros(r.kept_eur)))}
        for r, s in zip(table.itertuples(), step, strict=True)
    ]  # fmt: skip
    pins = [{"id": i, "r": i, "x": x, "y": y, "n": n, "t": ""} for i, (x, y, n) in ends.items()]
    lngs, lats = hexgrid.centres(list(table["cell"].head(14)))
    xs, ys = [*lngs, *(p["x"] for p in pins)], [*lats, *(p["y"] for p in pins)]
    view = maps.view_of((min(xs) - 0.008, min(ys) - 0.006, max(xs) + 0.008, max(ys) + 0.006), width=380, height=400)
    layers = [
        maps.street_lines(served.address_of(cache.streets(key), private=False)),
        maps.hexagons(rows, "neighbourhoods"),
        maps.outline(served.address_of(cache.outline(key, "core"), private=False)),
        maps.pins(pins, None, clicks=0),
    ]
    title = _(T("Turnover won and lost by neighbourhood, € a year"))
    st.markdown(f"**{title}**")
    st.pydeck_chart(maps.deck(layers, view, "<b>{n}</b><br>{t}"), height=400, key="move_map", alt=title)
    legend.classes("", list(zip(palette, _classes(borders), strict=True)), sample=cache.area(key).sample)


def _classes(borders: list[float]) -> list[str]:
    low, high = (euros(x) for x in (borders[0], borders[-1]))
    between, most = T("{low} to {high}", low=low, high=high), T("{high} or more", high=high)
    least = T("less than {low}", low=low)
    return [
        _(t) for t in (T("lost: {much}", much=most), between, least, T("won: {little}", little=least), between, most)
    ]
