"""The chapter on turnover: Huff's model, the table of spending habits anyone may edit, and what stays in town."""

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from geodata.errors import GeodataError
from geodata.language import T
from geodata.region import REGION_M
from location_model import demand, demand_region, spending
from pages.ui import cache, compared, known, method_layers, method_retention, states
from pages.ui.cache import AreaKey
from pages.ui.charts import written
from pages.ui.language import _, number, percent, rounded

FARTHEST_MIN = 30
SYMBOLS = dict(zip(spending.QUANTITIES, ("b", "o", "e", "β", "α", "A"), strict=True))


def in_demand(key: AreaKey) -> None:
    """How turnover is estimated, what it rests on, and modelled retention."""
    branch = method_layers.branch_choice()
    left, right = st.columns([3, 2], gap="large")
    with left:
        _model(key)
    with right:
        _deterrence(branch)
    _habits(branch)
    method_retention.panel(key)


def _model(key: AreaKey) -> None:
    st.markdown(
        _(
            T(
                "Each home $i$ shares what it spends on a branch over all its shops $j$, in proportion to what they "
                "draw: floor area $A$, and the time $t$ it takes to get there (Huff, 1964)."
            )
        )
    )
    st.latex(
        r"E_j = \sum_i R_i\,b\,(1-o-e)\;"
        r"\frac{A_j^{\,\alpha}\,e^{-\beta t_{ij}}}{\sum_k A_k^{\,\alpha}\,e^{-\beta t_{ik}}}"
    )
    region = compared.region(key)
    people = region.homes["residents"].sum()
    rows = (
        (
            T("Who counts"),
            T(
                "Everybody within {km} km: {people} residents here, and all shops of the branch on record. {share} of "
                "that ground is known.",
                km=round(REGION_M / 1000), people=rounded(float(people)), share=percent(region.known),
            ),
        ),
        (
            T("How long it takes"),
            T(
                "On foot along streets, up to {walk} minutes, or by car along roads with {park} minutes on top to get "
                "in, park and walk (house norm), whichever is faster. Where no road is known: the straight line times "
                "{detour} (proxy).",
                walk=round(demand_region.WALK_MINUTES), park=round(demand_region.CAR_MINUTES),
                detour=demand_region.DETOUR,
            ),
        ),
        (
            T("What is not in it"),
            T(
                "Opening hours, price, service, visitors from farther off, and shopping on the way to somewhere else. "
                "Where the map misses shops, those that are on it get too much."
            ),
        ),
        (
            T("How sure"),
            T(
                "Every value is moved to the ends of its 80 % range in turn and the changes are combined. Of proxies: "
                "spending ×/÷ {spend}, decay ×/÷ {decay}, what two shops alike take in ×/÷ {site}. Fitted to own "
                "turnover or customers, the ranges follow the fit.",
                spend=demand.SPEND_PROXY, decay=demand.DECAY_PROXY, site=demand.SITE_FACTOR,
            ),
        ),
    )  # fmt: skip
    known.about([(_(a), _(b)) for a, b in rows])
    states.notes([_(note) for note in region.notes])


def _deterrence(branch: str) -> None:
    habits = spending.read_habits(cache.settings().data_dir).get(branch)
    if habits is None:
        return
    minutes = np.linspace(0, FARTHEST_MIN, 61)
    points = pd.DataFrame({"x": minutes, "y": 100 * np.exp(-habits.decay_per_minute * minutes)})
    title = _(T("What a shop draws, by travel time"))
    known.heading(T("What a shop draws, by travel time"))
    chart = (
        alt.Chart(points)
        .mark_line()
        .encode(
            x=alt.X("x:Q", title=_(T("minutes"))),
            y=alt.Y("y:Q", title=_(T("% of next door")), scale=alt.Scale(domain=[0, 100])),
        )
    )
    half = np.log(2) / habits.decay_per_minute if habits.decay_per_minute else float("inf")
    st.altair_chart(written(chart), height=230, alt=f"{title}: {number(half, 1)} {_(T('minutes'))} → 50 %")
    st.caption(_(T("Half as much for every {minutes} minutes farther.", minutes=round(half, 1))))


def _habits(branch: str) -> None:
    """The values of a branch, to be changed and kept for all areas of this machine."""
    data_dir = cache.settings().data_dir
    known.heading(T("What it rests on: change a value, and say where it comes from"))
    rows = spending.read_spending(data_dir)
    mine = [row for row in rows if row["branch"] == branch]
    given = {row["quantity"]: row for row in mine}
    table = pd.DataFrame([
        {
            "quantity": f"{_(spending.TITLES[q])} ({SYMBOLS[q]})",
            "value": float(given[q]["value"]) if q in given else None,
            "unit": _(spending.UNITS[q]),
            "source": given[q]["source"] if q in given else "",
        }
        for q in spending.QUANTITIES
    ])  # fmt: skip
    edited = st.data_editor(
        table, hide_index=True, disabled=["quantity", "unit"], key=f"habits.{branch}.{len(rows)}", width="stretch",
        column_config={
            "quantity": st.column_config.TextColumn(_(T("Value of"))),
            "value": st.column_config.NumberColumn(_(T("value")), min_value=0.0, format="localized"),
            "unit": st.column_config.TextColumn(_(T("Unit"))),
            "source": st.column_config.TextColumn(_(T("Source"))),
        },
    )  # fmt: skip
    st.caption(_(T("“proxy”: an order of magnitude of ours, in nobody's statistics. Finance and vehicles have none.")))
    with st.container(horizontal=True):
        changed = not edited.equals(table)
        if st.button(_(T("Keep these values")), icon=":material/save:", disabled=not changed, type="primary"):
            _keep(branch, rows, edited)
        own = data_dir / spending.TABLE.name
        if own.exists() and st.button(_(T("Back to the table of Kernwijzer")), icon=":material/restart_alt:"):
            own.rename(own.with_suffix(".csv.before"))  # put aside, not thrown away
            st.rerun()


def _keep(branch: str, rows: list[dict[str, str]], edited: pd.DataFrame) -> None:
    fresh = [
        {
            "branch": branch, "quantity": q, "value": f"{row['value']:g}", "unit": spending.UNITS[q].to("en"),
            "source": str(row["source"] or spending.PROXY),
        }
        for q, row in zip(spending.QUANTITIES, edited.to_dict("records"), strict=True)
        if pd.notna(row["value"])
    ]  # fmt: skip
    try:
        spending.write_spending([*(r for r in rows if r["branch"] != branch), *fresh], cache.settings().data_dir)
    except GeodataError as error:
        states.failed(error)
    else:
        st.rerun()
