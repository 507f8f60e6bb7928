"""What a place must have: a floor area, a rent, a distance to one's own shops, a drive from a depot; and its hours."""

from typing import Any

import streamlit as st

from geodata.errors import GeodataError
from geodata.language import T, TN
from location_model.choices import NOTHING_KNOWN
from location_model.profile import FLOOR_AREA, RENT, ScoringProfile
from location_model.suggest import Suggestions
from pages.ui import cache, choices, depot_asked, hours_asked, own_network, states
from pages.ui.cache import AreaKey
from pages.ui.language import _

LOW, HIGH, MOST_RENT, DISTANCE = "min", "max", "max_rent", "distance"
KNOWN = {FLOOR_AREA: "known_m2", RENT: "known_rent"}
"""The box that hides units of which a figure is not known."""
UPLOAD = "own_shops_upload"
FAR_M = 500.0


def chosen(key: AreaKey, start: ScoringProfile, *, vacant: bool) -> tuple[dict[str, Any], str]:
    """What is asked, as fields of `Limits`, and the hours that matter; and the button behind which they are.

    Floor areas and rents count for units alone, and rents only where some are known.
    """
    rented = vacant and _some_rent_known(key)
    hides = {c: bool(choices.value(name, False, choices.flag)) and vacant for c, name in KNOWN.items()}
    hides[RENT] &= rented
    sizes = [x for x in (LOW, HIGH) if vacant and choices.value(x, None, float) is not None]
    sizes += [MOST_RENT] if rented and choices.value(MOST_RENT, None, choices.eur) is not None else []
    apart = own_network.given() is not None and choices.value(DISTANCE, FAR_M, float) not in (None, 0.0)
    count = len(sizes) + sum(hides.values()) + apart + bool(depot_asked.typed())
    label = _(T("Must-haves ({count})", count=count)) if count else _(T("Must-haves"))
    with st.popover(label, icon=":material/tune:", key="must_haves"):
        low, high = _floor_area(vacant)
        rent = _rent(vacant, rented)
        shops = _own_shops(key)
        asked = depot_asked.fields(key)
        hours = hours_asked.field(key, start)
    if vacant:
        asked |= {"min_floor_area_m2": low, "max_floor_area_m2": high, "known_floor_area_only": hides[FLOOR_AREA]}
        asked |= {"max_rent_eur_per_year": rent, "known_rent_only": hides[RENT]}
    if shops:
        away = choices.value(DISTANCE, FAR_M, float)
        asked |= {"own_shops": shops, "min_own_distance_m": 0.0 if away is None else float(str(away))}
    return asked, hours


def _floor_area(vacant: bool) -> tuple[float | None, float | None]:
    how = {"min_value": 0.0, "step": 10.0, "format": "%.0f", "disabled": not vacant}
    left, right = st.columns(2)
    with left:
        low = choices.number(_(T("Floor area from (m²)")), LOW, **how)
    with right:
        high = choices.number(_(T("Floor area to (m²)")), HIGH, **how)
    if vacant:
        st.caption(_(T("A unit of unknown size is not ruled out, unless you hide those above the list.")))
    else:
        st.caption(_(T("Only units have a floor area and a rent: switch on “Only vacant units” to ask for them.")))
    return low, high


def _some_rent_known(key: AreaKey) -> bool:
    premises = cache.area(key).tables.premises
    return bool(premises.loc[(premises["state"] == "vacant") & premises["in_study"], RENT].notna().any())


def _rent(vacant: bool, known: bool) -> float | None:
    """The highest rent, € a year; no field where there is no rent to hold it against."""
    if not vacant:
        return None  # said below the floor area
    if not known:
        st.caption(_(NOTHING_KNOWN[RENT]))
        return None
    most = choices.amount(_(T("Rent to (€ a year)")), MOST_RENT)
    st.caption(_(T("A unit of unknown rent is not ruled out, unless you hide those above the list.")))
    return most


def _own_shops(key: AreaKey) -> own_network.Positions:
    """Where the own shops of the list are; nothing without one, or where none can be placed."""
    file = own_network.given()
    if file is None:
        own_network.field(key, T("Your own shops, to keep a distance from (XLSX or CSV)"), UPLOAD)
        return ()
    choices.number(
        _(T("Least distance to your own shops (m), as the crow flies")), DISTANCE, default=FAR_M, min_value=0.0,
        step=100.0, format="%.0f",
    )  # fmt: skip
    shops: own_network.Positions = ()
    try:
        shops, found = own_network.shops_near(key, file), own_network.network(key, file)
    except GeodataError as error:
        states.failed(error)
    else:
        count = TN(
            "{file}: one shop in or near the area.",
            "{file}: {count} shops in or near the area.",
            len(shops),
            file=file.name,
        )
        st.markdown(_(count))
        own_network.not_used(found)
    own_network.remove_button("own_shops_remove")
    return shops


def unknown_figures(key: AreaKey, answer: Suggestions) -> None:
    """Of how many of the units that fit the floor area or the rent is not known, and a box to hide those.

    No box where it is known of all, and none for the rent where it is known of none; one that is ticked stays.
    """
    for column, name in KNOWN.items():
        unknown = answer.unknown[column]
        hidden = bool(st.session_state.get(name))
        if not (unknown or hidden) or (column == RENT and not _some_rent_known(key)):
            continue
        figures = {"unknown": unknown, "all": answer.fitting + unknown * hidden}
        label = (
            T("{unknown} of {all} units: floor area not known – hide them", **figures)
            if column == FLOOR_AREA
            else T("{unknown} of {all} units: rent not known – hide them", **figures)
        )
        choices.tick(_(label), name)
