"""Comparisons kept by name, on the page of comparisons."""

import streamlit as st

from geodata.language import T, TN
from location_model.profile import ScoringProfile
from location_model.saved import Comparison, Saved
from pages.ui import cache, compare_money, frame, kept, tray, weights
from pages.ui.cache import AreaKey
from pages.ui.language import _, date


def popover(key: AreaKey, profile: ScoringProfile, sites: tuple[str, ...]) -> None:
    """Everything about keeping a comparison, behind one button."""

    def make() -> Comparison:
        typed = ((site, st.session_state.get(compare_money.rent_of(site))) for site in sites)
        rents = tuple((site, float(eur)) for site, eur in typed if eur is not None)
        return Comparison(key.id, key.version, sites, profile, rents=rents)

    kept.popover(SHELF, T("Saved"), make if sites else None)


def _said(entry: Saved) -> tuple[str, bool]:
    names = cache.area_names()
    return f"{names.get(entry.area or '', entry.area)} · {date(entry.updated_at.date())}", entry.area in names


def _open(entry: Saved) -> None:
    """Choose everything as it was saved."""
    found = kept.work().open_comparison(entry.name)
    st.session_state[frame.AREA] = found.area
    st.session_state["branch"], st.session_state["within"] = found.profile.branch, found.profile.limits.within
    weights.put(found.profile)
    tray.open_in(found.area, found.sites)
    for site in found.sites:
        st.session_state[compare_money.rent_of(site)] = dict(found.rents).get(site)
    st.session_state["view"] = "compare"
    if cache.current(found.area).version != found.version:
        told = _(T("The area was built again since this was saved: figures may differ."))
        st.toast(told, icon=":material/info:")


SHELF = kept.Shelf(
    "comparison",
    save_as=T("Save this comparison as"),
    example=T("for instance Second shop, spring"),
    kept=T("Kept: area, branch, weights, places and rents; never a list of your own shops."),
    open_it=T("Open this comparison"),
    counted=lambda count: TN("One saved comparison", "{count} saved comparisons", count),
    said=_said,
    opened=_open,
)
