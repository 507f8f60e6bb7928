"""Which branches fit a place: the model of the town turned round, from a unit to what could stand in it."""

import numpy as np
import streamlit as st

from geodata.errors import GeodataError
from geodata.grid import NO_STREET
from geodata.language import T
from geodata.place_names import premises_addresses
from location_model.branch_places import Fit, Suitability
from location_model.branch_town import Places
from location_model.validation.sites import CHANCE
from pages.ui import bars, cache, known, models, states
from pages.ui.built_from import sentence
from pages.ui.cache import AreaKey
from pages.ui.language import _, language, percent

MOST = 5


@st.cache_resource(max_entries=256, show_spinner=False)
def _best(folder: str, key: AreaKey, place: str) -> tuple[Fit, ...]:
    fitted = models.suitability(key)
    places, row = _row(fitted, key, place)
    return fitted.best(places, row, n=MOST)


@st.cache_resource(max_entries=256, show_spinner=False)
def _all(folder: str, key: AreaKey, place: str) -> dict[str, float]:
    """Every claimed branch with its suitability."""
    fitted = models.suitability(key)
    return {str(b): float(x) for b, x in fitted.branches_for(*_row(fitted, key, place)).items()}


def _row(fitted: Suitability, key: AreaKey, place: str) -> tuple[Places, int]:
    rows = np.flatnonzero((cache.area(key).tables.premises["id"] == place).to_numpy())
    if len(rows):
        return fitted.town.units(rows), 0
    cells = fitted.town.cells()
    return cells, int(cells.ids.get_indexer([place])[0])


def best(key: AreaKey, place: str) -> tuple[Fit, ...]:
    """The claimed branches that fit a unit (its id) or a cell of the area best. GeodataError in too small a town."""
    return _best(str(cache.settings().data_dir), key, place)


def standing(key: AreaKey, place: str, branch: str) -> str:
    """Where a branch that is not among the best stands, in a sentence: its suitability, or why there is none."""
    name = sentence(cache.branches().get(branch).name(language()))
    if not models.claims(key).holds(branch):
        return f"{name}: {_(models.claims(key).told(branch))}"
    share = _all(str(cache.settings().data_dir), key, place).get(branch)
    if share is None:
        return _(T("{branch}: its suitability here is not known.", branch=name))
    return _(T("{branch}, the branch you asked about: suitability {share} here.", branch=name,
               share=percent(share)))  # fmt: skip


def address(key: AreaKey, place: str) -> str | None:
    """What a unit or a cell with a street is called; None for what is neither in this area."""
    area = cache.area(key)
    unit = area.tables.premises[area.tables.premises["id"] == place]
    if len(unit):
        name = premises_addresses(unit, area.tables)[0]
    elif place in area.grid.index and area.grid.at[place, "reason"] != NO_STREET:
        name = area.cell_names.get(place)
    else:
        return None
    return name if isinstance(name, str) else _(T("a place without a street name"))


def block(key: AreaKey, place: str, asked: str | None = None) -> None:
    """The branches that fit a unit or a cell, best first, with why; one line where nothing can be said.

    asked: the branch of this visit, of which is said where it stands if it is not among those shown.
    """
    name = address(key, place)
    if name is None:
        return
    known.heading(T("Which branches fit here: {place}", place=name))
    try:
        with st.spinner(_(T("Learning what stands where in this town"))):
            found = best(key, place)
    except GeodataError as error:
        st.caption(error.text(language()))
        return
    if not found:
        st.caption(_(T("For no branch can the model tell places apart better than chance in this town.")))
        return
    fitting = [f for f in found if f.suitability >= CHANCE]
    if fitting:
        bars.draw([_bar(f) for f in fitting])
    else:
        st.caption(_(T("Every branch fits better at most other premises of this town.")))
    if asked is not None and asked not in [f.branch for f in fitting]:
        st.markdown(standing(key, place, asked))
    share = percent(min((fitting or found)[0].suitability, 0.99))  # it is one of them itself
    means = T("{share}: the place fits the branch better than {share} of the premises in this town.", share=share)
    learned = T("Learned from where shops are in this town, not from whether they do well.")
    st.caption(f"{_(means)} {_(learned)}" if fitting else _(learned))
    states.how_good("sites")


def _bar(fit: Fit) -> bars.Bar:
    name = cache.branches().get(fit.branch).name(language())
    why = "; ".join(_(r.text) for r in fit.reasons)
    return bars.Bar(sentence(name), fit.suitability, percent(fit.suitability), f"{sentence(why)}." if why else "")
