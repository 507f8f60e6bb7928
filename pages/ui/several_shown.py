"""Several places at once as a list with what each takes in, and places like one's best shops with what they share."""

import html
from collections.abc import Sequence

import streamlit as st

from geodata.language import T, Text
from location_model.find_site import NamedSite
from location_model.look_alikes import LookAlike
from location_model.portfolio import Portfolio
from location_model.validation.statistics import Estimate
from pages.ui import bars, compare_shown, states
from pages.ui.compare_words import euros, range_of
from pages.ui.language import _, percent


def portfolio(found: Portfolio) -> None:
    """What they take in together, from one another and from own shops; then each with its interval on one scale."""
    compare_shown.style()
    together = _(T("Together: {eur}.", eur=_told(found.served)))
    st.markdown(f"**{together}**")
    lost = [_(T("Taken from one another: {eur}.", eur=_told(found.from_one_another)))]
    if found.from_own is not None:
        lost.append(_(T("Taken from your own shops: {eur}.", eur=_told(found.from_own))))
    st.markdown(" ".join(lost))
    top = max(turnover.high for turnover in found.turnover)
    rows = zip(found.sites, found.turnover, found.alone, strict=True)
    st.html("<div class='kw-cards'>" + "".join(_row(i, *row, top) for i, row in enumerate(rows, start=1)) + "</div>")
    st.caption(
        _(T("Turnover a year beside the others. The bar runs over the interval in which four in five such turnovers "
            "lie, the mark is the middle; all bars are on one scale."))
    )  # fmt: skip
    states.notes([_(note) for note in found.notes])


def _row(rank: int, site: NamedSite, turnover: Estimate, alone: Estimate, top: float) -> str:
    left, width, dot = (100 * x / top for x in (turnover.low, turnover.high - turnover.low, turnover.value))
    told = _(T("{range}; if it came alone {eur}", range=range_of(turnover), eur=euros(alone.value)))
    return (
        f'<div class="kw-card"><div class="head"><span class="kw-letter">{rank}</span>'
        f"<b>{html.escape(_(site.site.title))}</b><span>{euros(turnover.value)}</span></div>"
        f'<div class="kw-scale" aria-hidden="true"><i class="range" style="left:{left:.1f}%;width:{width:.1f}%"></i>'
        f'<i class="dot" style="left:{dot:.1f}%"></i></div><div class="kw-soft">{html.escape(told)}</div></div>'
    )


def _told(estimate: Estimate) -> str:
    return f"{euros(estimate.value)} ({range_of(estimate)})"


def alike(found: Sequence[LookAlike], note: Text | None) -> None:
    """The places most alike first: which shop each resembles, on what, and in what it differs."""
    if not found:
        states.empty(
            T("No place resembles your best shops enough to say so"),
            T("Look in a wider area, loosen the must-haves, or take more shops as examples."),
        )
        return
    bars.draw(
        [
            bars.Bar(f"{one.place.rank}. {_(one.place.site.title)}", one.likeness, percent(one.likeness), _(one.told))
            for one in found
        ]
    )
    st.caption(
        _(T("Alike is: worth the same on the criteria of this branch, each as heavy as its weight. It says nothing of "
            "customers who may come along. A shop on record does not count as its own competitor or neighbour; the "
            "footfall it draws itself stays in."))
    )  # fmt: skip
    if note is not None:
        states.notes([_(note)])
