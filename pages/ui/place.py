"""One place on the map: everything that is known about it, in words with units, and why the rest is not."""

import html
import math

import pandas as pd
import streamlit as st

from geodata import hexgrid
from geodata.grid import EDGE, NO_STREET, to_parents
from geodata.language import T, Text
from geodata.place_names import premises_addresses
from location_model import branch_layer
from location_model.layers import GROUPS, all_layers
from pages.ui import cache, fitting, footfall_shown, models, vacancy_shown
from pages.ui.cache import AreaKey
from pages.ui.language import NOT_KNOWN, _, language, rounded
from pages.ui.places import GROUP_TITLES

_STYLE = """<style>
.kw-facts {width: 100%; border-collapse: collapse; font-size: .87rem; line-height: 1.3;}
.kw-facts th {text-align: left; font-weight: 600; padding: .45rem 0 .1rem; opacity: .8;}
.kw-facts td {padding: .16rem .5rem .16rem 0; border-top: 1px solid #8883; vertical-align: baseline;}
.kw-facts td:nth-child(2) {text-align: right; font-weight: 600; white-space: nowrap;}
.kw-facts .unknown {opacity: .65;}
</style>"""
REASONS: dict[str, Text] = {
    NO_STREET: T("not known: no street near by"),
    EDGE: T("not known: too close to the end of the data"),
    "": T("not known: no data here"),
}


def below(key: AreaKey, cell: str) -> pd.Index:
    """The cells of the study area that a cell holds: itself, or those below a coarser one. Empty for another area's."""
    area = cache.area(key)
    resolution = hexgrid.resolution_of(cell)
    if resolution == area.study.resolution:
        return area.grid.index[area.grid.index == cell]
    parents = cache.parents(key, resolution)
    return pd.Index(parents.index[parents == cell])


def name_of(key: AreaKey, cells: pd.Index) -> str:
    """Street and number of a place."""
    names = cache.area(key).cell_names.reindex(cells).dropna()
    return str(names.iloc[0]) if len(names) else _(T("a place without a street name"))


def facts(key: AreaKey, cell: str, branch: str) -> pd.DataFrame:
    """Every layer at a place: group, title, value in words, unit; unknown ones say why. `known` says which are."""
    cells = below(key, cell)
    area = cache.area(key)
    reason = area.grid.loc[cells, "reason"].dropna()
    claims = models.claims(key)
    rows = []
    for layer in all_layers():
        here = cache.layer(key, layer.name, branch).loc[cells]
        if len(cells) > 1:
            here = to_parents(here.to_frame(layer.name), {layer.name: layer.parent}, hexgrid.resolution_of(cell))[
                layer.name
            ]
        value = float(here.iloc[0])
        known = not math.isnan(value)
        why = REASONS.get(reason.iloc[0] if len(reason) else "", REASONS[""])
        if layer is branch_layer.LAYER and not claims.holds(branch):
            why = claims.told(branch)
        rows.append(
            {
                "group": layer.group,
                "title": _(layer.title),
                "value": rounded(value) if known else NOT_KNOWN,
                "unit": _(layer.unit) if known else _(why),
                "known": known,
            }
        )
    return pd.DataFrame(rows)


def premises(key: AreaKey, cells: pd.Index) -> pd.DataFrame:
    """The premises of a place by address, as the tables have them, with `address` beside."""
    area = cache.area(key)
    found = area.tables.premises[cache.premises_cells(key).isin(cells)]
    address = pd.Series(premises_addresses(found, area.tables), index=found.index)
    named = address.fillna(_(T("a place without a street name")))
    return found.assign(address=named).sort_values("address", ignore_index=True)


def premises_table(units: pd.DataFrame, risks: pd.DataFrame | None) -> pd.DataFrame:
    """The premises of a place in words: address, whether it is in use, its vacancy risk if known, name and branch."""
    names = cache.branches().by_id
    state = {"vacant": _(T("vacant")), "occupied": _(T("in use"))}
    return pd.DataFrame(
        {
            _(T("Address")): units["address"],
            _(T("State")): units["state"].map(state),
            **({} if risks is None else {_(T("Vacancy risk")): vacancy_shown.column(risks)}),
            _(T("Name")): units["name"].fillna(""),
            _(T("Branch")): [names[b].name(language()) if b in names else "" for b in units["branch"]],
        }
    )


def to_fit(key: AreaKey, cells: pd.Index, units: pd.DataFrame) -> str:
    """The vacant unit to find branches for, the one chosen where there are more; else the busiest cell of the place."""
    vacant = units.loc[units["state"] == "vacant"].set_index("id")["address"]
    if len(vacant) > 1:
        label = _(T("Vacant unit"))
        return str(st.selectbox(label, list(vacant.index), format_func=lambda i: str(vacant[i]), key="fit_unit"))
    if len(vacant):
        return str(vacant.index[0])
    index = cache.area(key).grid.loc[cells, "footfall_index"]
    return str(cells[0] if index.isna().all() else index.idxmax())


def panel(key: AreaKey, cell: str, branch: str, *, title: str | None = None) -> None:
    """The place in words. title: the address it was found by; its own name unless given."""
    cells = below(key, cell)
    if not len(cells):
        st.caption(_(T("This place is not in the area you chose.")))
        return
    table = facts(key, cell, branch)
    st.subheader(title or name_of(key, cells), anchor=False)
    st.caption(_(T("what we know: {known} of {all}", known=int(table["known"].sum()), all=len(table))))
    footfall_shown.block(key, cells)
    fit_here = st.container()
    rows = []
    for group in GROUPS:
        rows.append(f'<tr><th colspan="3">{html.escape(_(GROUP_TITLES[group]))}</th></tr>')
        rows += [
            f"<tr{'' if r.known else ' class=unknown'}><td>{html.escape(r.title)}</td><td>{r.value}</td>"
            f"<td>{html.escape(r.unit)}</td></tr>"
            for r in table[table["group"] == group].itertuples()
        ]
    st.html(f"{_STYLE}<table class='kw-facts'>{''.join(rows)}</table>")
    units = premises(key, cells)
    here = _(T("Premises here: {count}", count=len(units)))
    st.markdown(f"**{here}**")
    if len(units):
        risks = vacancy_shown.risks(key, units["id"])
        table = premises_table(units, risks)
        st.dataframe(table, hide_index=True, height=min(38 + 35 * len(table), 220))
        vacancy_shown.block(key, risks, units["address"].tolist())
    with fit_here:  # the first look at a town takes seconds: everything else stands by then
        fitting.block(key, to_fit(key, cells, units), branch)
