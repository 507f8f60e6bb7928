"""The places compared on a map, with the catchment of one: the neighbourhoods its customers would come from."""

from collections.abc import Sequence

import streamlit as st

from geodata import hexgrid
from geodata.language import T, Text
from location_model.catchment import PARTS, Catchment
from location_model.compare import Comparison
from location_model.find_site import NamedSite
from pages.ui import cache, choices, colours, legend, maps, served
from pages.ui.cache import AreaKey
from pages.ui.language import _, number, percent
from pages.ui.tray import LETTERS

CATCHMENT, CLICKS = "catchment", "compare_clicks"
PLACES = "places"
TITLES: dict[str, Text] = {
    "primary": T("primary: the first 50 % of the turnover"),
    "secondary": T("secondary: to 75 %"),
    "tertiary": T("tertiary: to 90 %"),
}
_ALPHA = 150
_AROUND = 0.006


def shades() -> dict[str, colours.Rgb]:
    """A colour by part of the catchment, the heaviest the deepest."""
    scale = colours.amounts(5)
    return {part: scale[i] for (part, _share), i in zip(PARTS, (3, 2, 1), strict=True)}


def picked(count: int) -> int | None:
    """The place whose catchment is shown; None where only the places are."""
    letter = str(choices.value(CATCHMENT, "A", choices.one_of([PLACES, *LETTERS[:count]])))
    return LETTERS.index(letter) if letter in LETTERS[:count] else None


def pins(sites: Sequence[NamedSite], told: Sequence[str]) -> list[dict[str, object]]:
    """The places as pins with their letters."""
    return [
        {"r": LETTERS[i], "x": round(s.site.lng, 5), "y": round(s.site.lat, 5),
         "n": _(s.site.title), "t": told[i]}
        for i, s in enumerate(sites)
    ]  # fmt: skip


def _picked_on_map() -> None:
    row = maps.clicked(st.session_state["compare_map_chart"].selection.objects)
    st.session_state[CLICKS] = st.session_state.get(CLICKS, 0) + 1
    if row:
        st.session_state[CATCHMENT] = str(row["r"])


def draw(key: AreaKey, found: Comparison) -> None:
    """The map with its choice of place and its legend."""
    count, sites = len(found.sites), [s.named for s in found.sites]
    if found.market is not None:
        labels = {PLACES: _(T("Places")), **{x: x for x in LETTERS[:count]}}
        choices.segments(
            _(T("Catchment of")), list(labels), CATCHMENT, default="A", shown=labels.__getitem__,
            label_visibility="collapsed",
        )  # fmt: skip
    chosen = picked(count)
    letter = None if chosen is None else LETTERS[chosen]
    catchment = None if chosen is None else found.sites[chosen].catchment
    told = ["" if s.score != s.score else _(T("score {score}", score=number(s.score))) for s in found.sites]
    clicks = st.session_state.get(CLICKS, 0)
    layers = [
        maps.street_lines(served.address_of(cache.streets(key), private=False)),
        *([] if catchment is None else [maps.hexagons(_cells(catchment), f"{CATCHMENT}{clicks}")]),
        maps.outline(served.address_of(cache.outline(key, "core"), private=False)),
        maps.pins(sorted(pins(sites, told), key=lambda pin: pin["r"] == letter), letter, clicks=clicks),
    ]
    name = cache.area(key).name
    st.pydeck_chart(
        maps.deck(layers, maps.view_of(_bounds(sites, catchment), height=430), "<b>{n}</b><br>{t}"),
        height=430,
        on_select=_picked_on_map,
        key="compare_map_chart",
        alt=_(T("Map of {name} with the places compared and the catchment of {letter}.",
                name=name, letter=letter or "–")),
    )  # fmt: skip
    if catchment is not None:
        colour = shades()
        entries = [(colour[part], _(TITLES[part])) for part, _share in PARTS]
        title = _(T("Catchment of {letter}", letter=letter or "–"))
        legend.classes(title, entries, sample=cache.area(key).sample)


def _cells(catchment: Catchment) -> list[dict[str, object]]:
    colour = {part: [*rgb, _ALPHA] for part, rgb in shades().items()}
    return [
        {"h": r.cell, "c": colour[r.part], "n": _(TITLES[r.part]),
         "t": _(T("{share} of the turnover, about {minutes} minutes away",
                  share=percent(r.share), minutes=number(r.minutes)))}
        for r in catchment.table.itertuples() if r.part in colour
    ]  # fmt: skip


def _bounds(sites: Sequence[NamedSite], catchment: Catchment | None) -> tuple[float, float, float, float]:
    lngs, lats = [s.site.lng for s in sites], [s.site.lat for s in sites]
    if catchment is not None:
        near = catchment.table.loc[catchment.table["part"] == "primary", "cell"]
        more = hexgrid.centres(list(near))
        lngs, lats = [*lngs, *more[0]], [*lats, *more[1]]
    return min(lngs) - _AROUND, min(lats) - _AROUND, max(lngs) + _AROUND, max(lats) + _AROUND
