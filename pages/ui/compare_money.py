"""What the places may take in, on one scale of euros, and what of it the rent would be; what is typed of each place."""

import html
import math
from collections.abc import Callable, Sequence

import streamlit as st

from geodata.language import T
from location_model.compare import Compared, Comparison
from location_model.find_site import NamedSite
from pages.ui import choices, states
from pages.ui.compare_shown import letter
from pages.ui.compare_words import euros, on_turnover, range_of
from pages.ui.language import _, number, percent
from pages.ui.places import heading_line

RENT, FLOOR_AREA = "rent:", "m2:"
"""Before the name of a place: the choice that holds its rent, its floor area."""
_WIDTHS, _WITH_SIZES = (5, 2, 2), (5, 2, 2, 2)


def rent_of(spec: str) -> str:
    """The name of the choice that holds a place's rent."""
    return f"{RENT}{spec}"


def rents(sites: dict[str, NamedSite]) -> dict[str, float]:
    """The rents typed so far, euros a year, by how the place is named."""
    typed = {spec: choices.value(rent_of(spec), None, choices.eur) for spec in sites}
    return {spec: float(str(eur)) for spec, eur in typed.items() if eur is not None}


def floor_area_of(spec: str) -> str:
    """The name of the choice that holds a place's floor area."""
    return f"{FLOOR_AREA}{spec}"


def floor_areas(sites: dict[str, NamedSite]) -> dict[str, float]:
    """The floor areas typed so far, m², by how the place is named; of places of which none is on record."""
    blank = [spec for spec, named in sites.items() if named.site.floor_area_m2 is None]
    typed = {spec: choices.value(floor_area_of(spec), None, _square_metres) for spec in blank}
    return {spec: float(str(m2)) for spec, m2 in typed.items() if m2 is not None}


def _square_metres(text: str) -> float:
    """Read a floor area from the address. ValueError for less than 1 m², or none at all."""
    value = float(text)
    if not 1 <= value < math.inf:
        raise ValueError(text)
    return value


def block(found: Comparison, specs: Sequence[str], on_change: Callable[[], None]) -> None:
    """A row a place: turnover with its interval, the rent to fill in, and its share. on_change: after a rent.

    Where the floor area of some place is not on record it can be filled in as well: the whole page follows.
    """
    heading_line(_(T("Expected turnover and rent, euros a year")))
    if found.market is None:
        st.caption(_(T("Turnover is not estimated for this branch: no spending of residents is known for it.")))
    else:
        st.caption(
            _(T("The bar runs over the interval in which four in five such turnovers lie, the mark is the middle; all "
                "bars are on one scale."))
        )  # fmt: skip
    top = max((s.turnover.high for s in found.sites if s.turnover is not None), default=1.0)
    sized = any(_asks_floor_area(s) for s in found.sites)
    for i, (spec, site) in enumerate(zip(specs, found.sites, strict=True)):
        widths = _WITH_SIZES if sized else _WIDTHS
        bar, *size, rent, share = st.columns(widths, vertical_alignment="center", gap="small")
        with bar:
            st.html(_bar(i, site, top))
        for column in size:
            with column:
                _floor_area(i, spec, site)
        with rent:
            choices.amount(
                _(T("Rent of {letter}, € a year", letter="ABCDE"[i])), rent_of(spec), on_change=on_change,
                placeholder=_rent_expected(site), label_visibility="collapsed",
            )  # fmt: skip
        with share:
            st.html(f'<div class="kw-soft">{html.escape(share_told(site))}</div>')
    if told := on_turnover(found):
        st.markdown(told)


def _asks_floor_area(site: Compared) -> bool:
    return site.floor_area_m2 is None or site.named.floor_area_given


def _floor_area(i: int, spec: str, site: Compared) -> None:
    if not _asks_floor_area(site):
        known = _(T("about {area} m²", area=round(site.floor_area_m2 or 0)))
        st.html(f'<div class="kw-soft">{html.escape(known)}</div>')
        return
    choices.number(
        _(T("Floor area of {letter}, m²", letter="ABCDE"[i])), floor_area_of(spec), min_value=1.0, step=10.0,
        format="%.0f", placeholder=_(T("Floor area, m²")), label_visibility="collapsed", on_change=st.rerun,
    )  # fmt: skip
    if site.named.floor_area_given:
        given = _(T("m², given by you"))
        st.html(f'<div class="kw-soft">{html.escape(given)}</div>')


def _rent_expected(site: Compared) -> str:
    """What stands in an empty box: the rent that counts as long as none is typed."""
    listed = site.named.site.rent_eur_per_year
    return _(T("Rent, € a year")) if listed is None else _(T("€ {eur} asked", eur=round(listed)))


def _bar(i: int, site: Compared, top: float) -> str:
    name = html.escape(_(site.named.site.title))
    turnover = site.turnover
    if turnover is None:
        return f'<div class="kw-card">{letter(i)} {name}: {html.escape(_(T("not known")))}</div>'
    per_m2 = site.eur_per_m2
    dense = "" if per_m2 is None else "; " + _(T("{eur} per m²", eur=euros(per_m2.value)))
    left, width, dot = (100 * x / top for x in (turnover.low, turnover.high - turnover.low, turnover.value))
    return (
        f'<div class="kw-cards"><div><div class="kw-card" style="border:0;padding:0"><div class="head">{letter(i)}'
        f"<b>{name}</b><span>{euros(turnover.value)}</span></div></div>"
        f'<div class="kw-scale" aria-hidden="true"><i class="range" style="left:{left:.1f}%;width:{width:.1f}%"></i>'
        f'<i class="dot" style="left:{dot:.1f}%"></i></div>'
        f'<div class="kw-soft">{html.escape(range_of(turnover) + dense)}</div></div></div>'
    )


def share_told(site: Compared) -> str:
    """Which part of the turnover the rent would be, in words."""
    share = site.rent_share
    if share is None:
        return _(T("fill in a rent to see its share")) if site.rent_eur is None else _(T("share not known"))
    ends = {"low": number(100 * share.low), "high": number(100 * share.high)}
    told = _(T("{share} of the turnover (between {low} and {high} %)", share=percent(share.value), **ends))
    asked = _(T("at the rent that is asked"))
    return f"{told}, {asked}" if site.rent_listed else told


def notes(found: Comparison) -> None:
    """What the figures rest on and what is not known, calmly."""
    states.notes([_(note) for note in found.notes])
