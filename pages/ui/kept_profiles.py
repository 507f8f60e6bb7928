"""Weights kept by name, in the panel of weights: what counts for a branch, how much, and where is looked."""

from dataclasses import replace

import streamlit as st

from geodata.language import T, TN
from location_model.profile import Limits, ScoringProfile
from location_model.saved import Saved
from pages.ui import hours_asked, kept, weights
from pages.ui.language import date


def popover(start: ScoringProfile) -> None:
    """Everything about keeping weights, behind one button."""

    def make() -> ScoringProfile:  # when asked: a slider does not draw this again
        profile = weights.chosen(start)
        return replace(profile, limits=Limits(within=profile.limits.within))

    kept.popover(SHELF, T("Saved weights"), make)


def _said(entry: Saved) -> tuple[str, bool]:
    return date(entry.updated_at.date()), True


def _open(entry: Saved) -> None:
    """Choose branch, weights, breakpoints, hours and where as they were saved."""
    found = kept.work().open_profile(entry.name)
    st.session_state["branch"], st.session_state["within"] = found.branch, found.limits.within
    st.session_state[hours_asked.name(found.branch)] = found.hours
    weights.put(found)
    st.rerun()  # the list and the map as well, not this panel alone


SHELF = kept.Shelf(
    "profile",
    save_as=T("Save these weights as"),
    example=T("for instance Bakery, our own"),
    kept=T("Kept: branch, weights, what values are worth, hours and where; never your own shops or depot."),
    open_it=T("Use these weights"),
    counted=lambda count: TN("One saved set of weights", "{count} saved sets of weights", count),
    said=_said,
    opened=_open,
)
