"""What a place must have: a floor area, a distance to one's own shops. The list of own shops stays in this session."""

import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from geodata.errors import GeodataError
from geodata.language import T, TN
from location_model.own_shops import positions, shops_near
from location_model.suggest import Suggestions
from pages.ui import built_from, cache, choices, states
from pages.ui.cache import AreaKey
from pages.ui.language import _

LOW, HIGH, KNOWN, DISTANCE = "min", "max", "known_m2", "distance"
OWN, UPLOAD = "_own_shops", "own_shops_upload"
FAR_M = 500.0

Positions = tuple[tuple[float, float], ...]


def chosen(key: AreaKey, *, vacant: bool) -> dict[str, Any]:
    """What is asked, as fields of `Limits`, and the button behind which it is. Floor areas count for units alone."""
    hides = bool(choices.value(KNOWN, False, choices.flag)) and vacant
    sizes = [x for x in (LOW, HIGH) if vacant and choices.value(x, None, float) is not None]
    count = len(sizes) + hides + (OWN in st.session_state)
    label = _(T("Must-haves ({count})", count=count)) if count else _(T("Must-haves"))
    with st.popover(label, icon=":material/tune:", key="must_haves"):
        low, high = _floor_area(vacant)
        st.divider()
        shops = _own_shops(key)
    asked: dict[str, Any] = {}
    if vacant:
        asked |= {"min_floor_area_m2": low, "max_floor_area_m2": high, "known_floor_area_only": hides}
    if shops:
        away = choices.value(DISTANCE, FAR_M, float)
        asked |= {"own_shops": shops, "min_own_distance_m": 0.0 if away is None else float(str(away))}
    return asked


def _floor_area(vacant: bool) -> tuple[float | None, float | None]:
    how = {"min_value": 0.0, "step": 10.0, "format": "%.0f", "disabled": not vacant}
    low = choices.number(_(T("Floor area from (m²)")), LOW, **how)
    high = choices.number(_(T("Floor area to (m²)")), HIGH, **how)
    if vacant:
        st.caption(_(T("A unit of unknown size is not ruled out, unless you hide those above the list.")))
    else:
        st.caption(_(T("Only units have a floor area: switch on “Only vacant units” to ask for one.")))
    return low, high


def _own_shops(key: AreaKey) -> Positions:
    """Where the own shops of the list are; nothing without one, or where none can be placed."""
    if OWN not in st.session_state:
        st.file_uploader(
            _(T("Your own shops, to keep a distance from (XLSX or CSV)")), type=["xlsx", "csv"], key=UPLOAD,
            on_change=_keep, help=_(T("Read for this visit alone: the list is not stored.")),
        )  # fmt: skip
        return ()
    name, body = st.session_state[OWN]
    choices.number(
        _(T("Least distance to your own shops (m), as the crow flies")), DISTANCE, default=FAR_M, min_value=0.0,
        step=100.0, format="%.0f",
    )  # fmt: skip
    try:
        shops, skipped = _read(str(cache.settings().data_dir), key, name, body)
    except GeodataError as error:
        states.failed(error)
        shops, skipped = (), pd.DataFrame()
    else:
        st.markdown(
            _(
                TN(
                    "{file}: one shop in or near the area.",
                    "{file}: {count} shops in or near the area.",
                    len(shops),
                    file=name,
                )
            )
        )
    if len(skipped):
        st.caption(_(TN("One row is left out:", "{count} rows are left out:", len(skipped))))
        st.dataframe(built_from.skipped_table(skipped), hide_index=True, height=min(38 + 35 * len(skipped), 180))
    st.button(_(T("Remove this list")), icon=":material/delete:", on_click=lambda: st.session_state.pop(OWN, None))
    return shops


def _keep() -> None:
    """The file that was given, for as long as this visit lasts."""
    if given := st.session_state[UPLOAD]:
        st.session_state[OWN] = (given.name, given.getvalue())


@st.cache_resource(max_entries=4, show_spinner=False, scope="session")
def _read(folder: str, key: AreaKey, name: str, body: bytes) -> tuple[Positions, pd.DataFrame]:
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / Path(name).name
        path.write_bytes(body)
        try:
            read = shops_near(cache.area(key), path, Path(folder))
        except GeodataError as error:
            raise GeodataError(error.what, where=error.where.replace(str(path), name), remedy=error.remedy) from None
    return positions(read.table), read.skipped


def unknown_sizes(answer: Suggestions) -> None:
    """How many of the units that fit are of unknown size, and a box to hide them; nothing when all are known."""
    unknown = answer.unknown_floor_area
    if not unknown:
        return
    hidden = bool(st.session_state.get(KNOWN))
    every = answer.fitting + unknown * hidden
    label = T("{unknown} of {all} units: floor area not known – hide them", unknown=unknown, all=every)
    choices.tick(_(label), KNOWN)
