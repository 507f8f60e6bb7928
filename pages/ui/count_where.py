"""Where and when to count: the spots on the map and in a list, and a sheet to take along."""

import html

import pydeck as pdk
import streamlit as st

from geodata.language import T, TN
from pages.ui import cache, choices, colours, count_places, count_sheet, footfall_shown, maps, served, states
from pages.ui.cache import AreaKey
from pages.ui.count_places import SPOT, STEP, Spot
from pages.ui.language import _
from pages.ui.maps import ATTRIBUTION

CLICKS, MAP, LIST = "count_clicks", "count_map", "count_list"
STYLE = """<style>
.kw-spots {list-style: none; margin: 0 !important; padding: 0 !important; font-size: .92rem; line-height: 1.35;}
.kw-spots li {display: grid; grid-template-columns: 1.9rem 1fr auto; gap: 0 .5rem; align-items: center;
  margin: 0 !important; padding: .38rem .3rem; border-top: 1px solid #8883;}
.kw-spots li.picked {background: #d6403018; box-shadow: inset 3px 0 #d64030;}
.kw-spots .n {font-weight: 700; text-align: center; border: 1.5px solid; border-radius: 1em; line-height: 1.5;
  font-size: .8rem; width: 1.55em;}
.kw-spots .soft {opacity: .75; font-size: .8rem; white-space: nowrap;}
</style>"""


def draw(key: AreaKey) -> None:
    """Why, where, when, and the sheet."""
    st.write(
        _(
            T(
                "The map knows which street is busier than another, not how many people pass. Only somebody who "
                "counts knows that. **A quarter of an hour at a few places** turns the ranking into passers-by a day, "
                "with an honest range."
            )
        )
    )
    spots = count_places.spots(key)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        draw_map(key)
    with right:
        draw_list(key)
        when = count_places.hours(spots[0].windows) if spots else ""
        if when:
            st.markdown(":material/schedule: " + _(T("**When:** {hours}. Any quarter of an hour in it.", hours=when)))
        sheet(key, spots)
    why_these()


def sheet(key: AreaKey, spots: tuple[Spot, ...]) -> None:
    """The printable sheet, and the way to the counter on a phone."""
    area = cache.area(key)
    name = _(T("count-sheet"))
    with st.container(horizontal=True):
        st.button(_(T("Count now")), type="primary", icon=":material/touch_app:", on_click=_go, key="count_now")
        st.download_button(
            _(T("Sheet to print")), lambda: count_sheet.sheet(area, spots).encode(), f"{area.id}-{name}.html",
            "text/html", on_click="ignore", icon=":material/print:", key="count_sheet",
        )  # fmt: skip


def _go() -> None:
    st.session_state[STEP] = "form"


def picked() -> None:
    row = maps.clicked(st.session_state[f"{MAP}_chart"].selection.objects)
    st.session_state[CLICKS] = st.session_state.get(CLICKS, 0) + 1
    if row:
        chosen = str(row["r"])
        st.session_state[SPOT] = None if chosen == st.session_state.get(SPOT) else chosen
        st.rerun([MAP, LIST])


@st.fragment(key=MAP)
@states.guarded
def draw_map(key: AreaKey) -> None:
    area, spots = cache.area(key), count_places.spots(key)
    chosen = choices.value(SPOT, None)
    pins = [{"r": str(s.number), "x": round(s.lng, 6), "y": round(s.lat, 6), "n": s.near} for s in spots]
    there = footfall_shown.footfall(key).table.to_crs(4326)
    dots = [
        {"x": round(p.x, 6), "y": round(p.y, 6), "n": name}
        for p, name in zip(there.geometry, there["counter"], strict=True)
    ]
    layers = [
        maps.street_lines(served.address_of(cache.streets(key), private=False)),
        maps.outline(served.address_of(cache.outline(key, "core"), private=False)),
        pdk.Layer(
            "ScatterplotLayer", id="counters", data=dots, get_position="[x,y]", get_radius=5, radius_units="'pixels'",
            get_fill_color=[43, 140, 153], stroked=True, get_line_color=list(colours.paper()), line_width_min_pixels=1,
            pickable=True,
        ),
        maps.pins(pins, chosen if isinstance(chosen, str) else None, clicks=st.session_state.get(CLICKS, 0)),
    ]  # fmt: skip
    st.pydeck_chart(
        maps.deck(layers, view_of(spots), "<b>{n}</b>"), height=430, on_select=picked, key=f"{MAP}_chart",
        alt=_(T("Map of {name} with the places to count at; the list beside it names them.", name=area.name)),
    )  # fmt: skip
    legend = [_(T("a number: a place to count at")), _(T("line: the core"))]
    if dots:
        legend.insert(1, _(T("a dot: counted already")))
    source = html.escape(_(T("sample data: an invented region"))) if area.sample else ATTRIBUTION
    st.html(f'<div style="font-size:.8rem">{html.escape(" · ".join(legend))} · <span>{source}</span></div>')


def view_of(spots: tuple[Spot, ...]) -> pdk.ViewState:
    lngs, lats = [s.lng for s in spots], [s.lat for s in spots]
    width, height = max(lngs) - min(lngs), max(lats) - min(lats)
    x, y = 0.08 * width + 0.002, 0.08 * height + 0.0015
    return maps.view_of((min(lngs) - x, min(lats) - y, max(lngs) + x, max(lats) + y), width=480, height=400)


@st.fragment(key=LIST)
@states.guarded
def draw_list(key: AreaKey) -> None:
    spots = count_places.spots(key)
    title = TN("One place would teach most", "These {count} places would teach most", len(spots))
    st.markdown(f"**{_(title)}**")
    rows = []
    for s in spots:
        times = count_places.times_counted(key, s)
        told = _(TN("counted once", "counted {count} ×", times)) if times else ""
        mark = " class='picked'" if str(s.number) == st.session_state.get(SPOT) else ""
        label = f"<span class='soft'>{html.escape(told)} {footfall_shown.badge(s.street_class)}</span>"
        rows.append(f"<li{mark}><span class='n'>{s.number}</span><span>{html.escape(s.near)}</span>{label}</li>")
    st.html(f"{footfall_shown.STYLE}{STYLE}<ol class='kw-spots kw-foot'>{''.join(rows)}</ol>")
    st.caption(footfall_shown.classes())


def why_these() -> None:
    with st.expander(_(T("Why these places, and how to count")), icon=":material/help:"):
        st.markdown("\n".join(f"- {line}" for line in count_sheet.rules(with_why=True)))
