"""Modelled local retention by goods group, beside what a survey found where somebody types that in."""

import numpy as np
import pandas as pd
import streamlit as st

from geodata.errors import GeodataError
from geodata.language import T
from location_model import retention, spending, surveyed
from location_model.validation.statistics import Estimate
from pages.ui import cache, compared, known, states
from pages.ui.cache import AreaKey
from pages.ui.language import _, percent

ASKED = "_retention_of"
Given = tuple[tuple[str, surveyed.Surveyed], ...]


@st.cache_resource(max_entries=8, show_spinner=False)
def _by_goods(folder: str, key: AreaKey, stamp: object, given: Given) -> dict[str, retention.Retention]:
    habits = spending.read_habits(cache.settings().data_dir)
    return retention.retention_by_goods(compared.region(key), cache.branches(), habits, surveyed=dict(given))


def panel(key: AreaKey) -> None:
    """Modelled retention, worked out when asked: it takes some seconds. Below it, what a survey found."""
    known.heading(T("Modelled local spending retention"))
    area = cache.area(key)
    if (why := retention.withheld(compared.region(key))) is not None:
        st.caption(f"{_(why)} {_(T('Build the municipalities around it as well.'))}")
        return
    if st.session_state.get(ASKED) != key:
        if st.button(_(T("Work it out")), icon=":material/calculate:"):
            st.session_state[ASKED] = key
            st.rerun()
        st.caption(_(T("By goods group, from all branches: it takes some seconds.")))
        return
    given: dict[str, surveyed.Surveyed] = {}
    try:
        given = surveyed.kept_surveyed(area.id, cache.settings().data_dir)
    except GeodataError as error:
        states.failed(error)
    with st.spinner(_(T("Sharing out what {name} spends", name=area.name))):
        found = _by_goods(compared.folder(), key, compared.stamp(), tuple(given.items()))
    _table(found)
    told = T(
        "Modelled, not surveyed: it rests on the values above, mostly proxies. Inflow: share of the turnover of shops "
        "here that comes from elsewhere."
    )
    st.caption(_(told))
    _survey(area.id, given)


def _table(found: dict[str, retention.Retention]) -> None:
    heads = [T("Goods"), T("Stays"), T("between"), T("Other municipalities"), T("Online"), T("Elsewhere"), T("Inflow")]
    rows = [
        [
            _(surveyed.GOODS[goods]), percent(r.kept.value), _ends(r.kept),
            percent(r.left), percent(r.online), percent(r.elsewhere),
            "–" if np.isnan(r.inflow) else percent(r.inflow),
        ]
        for goods, r in found.items()
    ]  # fmt: skip
    if any(r.surveyed for r in found.values()):
        heads += [T("Surveyed"), T("Model alone")]
        for row, r in zip(rows, found.values(), strict=True):
            row.append("–" if r.surveyed is None else f"{percent(r.surveyed.share)} ({r.surveyed.year})")
            row.append("–" if r.alone is None else f"{percent(r.alone.value)} ({_ends(r.alone)})")
    known.table([_(h) for h in heads], rows, right=range(1, len(heads)))


def _ends(kept: Estimate) -> str:
    return f"{percent(kept.low)} – {percent(kept.high)}"


def _survey(area: str, given: dict[str, surveyed.Surveyed]) -> None:
    """What a survey found here, to be typed in, kept and taken back."""
    title = _(T("Is there a survey of local retention here?"))
    with st.expander(title, icon=":material/fact_check:", expanded=bool(given)):
        st.caption(
            _(
                T(
                    "Type the share that stays, with its year and source: the model is then calibrated to it, and both "
                    "are shown. Leave a row empty where nobody asked."
                )
            )
        )
        table = pd.DataFrame(
            [
                {
                    "goods": _(title),
                    "share": 100 * given[goods].share if goods in given else None,
                    "year": given[goods].year if goods in given else "",
                    "source": given[goods].source if goods in given else "",
                }
                for goods, title in surveyed.GOODS.items()
            ]
        ).astype({"share": float})
        edited = st.data_editor(
            table, hide_index=True, disabled=["goods"], key=f"surveyed.{area}.{hash(tuple(given.items()))}",
            column_config={
                "goods": st.column_config.TextColumn(_(T("Goods"))),
                "share": st.column_config.NumberColumn(
                    _(T("stays, %")), min_value=0.0, max_value=100.0, format="localized"
                ),
                "year": st.column_config.TextColumn(_(T("Year"))),
                "source": st.column_config.TextColumn(_(T("Source")), width="large"),
            },
        )  # fmt: skip
        changed = not edited.equals(table)
        if st.button(_(T("Keep this survey")), icon=":material/save:", disabled=not changed, type="primary"):
            _keep(area, edited)


def _keep(area: str, edited: pd.DataFrame) -> None:
    table = zip(surveyed.GOODS, edited.to_dict("records"), strict=True)
    rows = {
        i: {"goods": goods, "share_percent": row["share"], "year": row["year"], "source": row["source"]}
        for i, (goods, row) in enumerate(table, start=1)
        if pd.notna(row["share"])
    }
    try:
        shares = surveyed.surveyed_from(rows, where=_(T("survey")))
        surveyed.keep_surveyed(area, shares, cache.settings().data_dir)
    except GeodataError as error:
        states.failed(error)
    else:
        st.rerun()
