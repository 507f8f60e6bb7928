"""Comparisons kept by name, on the page of comparisons: whichever question is open, with all that was typed."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from geodata.language import T, TN
from location_model.profile import ScoringProfile
from location_model.saved import Comparison, Saved, View
from pages.ui import cache, choices, compare_money, frame, hours_asked, kept, move_asked, tray, weights
from pages.ui.cache import AreaKey
from pages.ui.language import _, date

VIEW = "view"


def popover(key: AreaKey, profile: ScoringProfile, sites: tuple[str, ...], view: View) -> None:
    """Everything about keeping a comparison, behind one button."""
    hours = hours_asked.chosen(profile)

    def make() -> Comparison:
        rents, floor_areas = _typed(sites, compare_money.rent_of), _typed(sites, compare_money.floor_area_of)
        asked = replace(profile, hours=hours)
        return Comparison(
            key.id, key.version, sites, asked, rents=rents, floor_areas=floor_areas, view=view, move=move_asked.kept()
        )

    kept.popover(SHELF, T("Saved"), make if sites or view != "compare" else None)


def _typed(sites: tuple[str, ...], name_of: Callable[[str], str]) -> tuple[tuple[str, float], ...]:
    """What was typed of the places, by place."""
    values = ((site, st.session_state.get(name_of(site))) for site in sites)
    return tuple((site, float(value)) for site, value in values if value is not None)


def _said(entry: Saved) -> tuple[str, bool]:
    names = cache.area_names()
    return f"{names.get(entry.area or '', entry.area)} · {date(entry.updated_at.date())}", entry.area in names


def _open(entry: Saved) -> None:
    """Choose everything as it was saved."""
    found = kept.work().open_comparison(entry.name)
    branch = found.profile.branch
    st.session_state[frame.AREA] = found.area
    asked = {"branch": branch, "within": found.profile.limits.within, hours_asked.name(branch): found.profile.hours}
    for name_of, typed in ((compare_money.rent_of, found.rents), (compare_money.floor_area_of, found.floor_areas)):
        asked |= {name_of(site): dict(typed).get(site) for site in found.sites}
    for name, value in {**asked, VIEW: found.view}.items():
        choices.put(name, value)
    weights.put(found.profile)
    tray.open_in(found.area, found.sites)
    move_asked.put(found.move)
    if cache.current(found.area).version != found.version:
        told = _(T("The area was built again since this was saved: figures may differ."))
        st.toast(told, icon=":material/info:")


SHELF = kept.Shelf(
    "comparison",
    save_as=T("Save this comparison as"),
    example=T("for instance Second shop, spring"),
    kept=T("Kept: area, branch, weights, hours, places, rents, floor areas, and the move with what it costs; never a "
           "list of your own shops."),
    open_it=T("Open this comparison"),
    counted=lambda count: TN("One saved comparison", "{count} saved comparisons", count),
    said=_said,
    opened=_open,
)  # fmt: skip
