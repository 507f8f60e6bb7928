"""Vacancy risk of the units of a place, only in the form that beats chance in the test of this town."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from geodata.language import T, Text
from location_model.validation.vacancy import usable_form
from pages.ui import bars, known, models, states, validation, validation_runs
from pages.ui.built_from import sentence
from pages.ui.cache import AreaKey
from pages.ui.language import NOT_KNOWN, _, language, number, percent

MOST = 3


def _report(key: AreaKey) -> tuple[dict[str, Any], str] | None:
    """The kept report of a test that beat chance, and the form of the model in which it did."""
    found = validation_runs.kept("vacancy", key)
    form = usable_form(found["report"]) if found and "report" in found else None
    return (found["report"], form) if found and form else None


def risks(key: AreaKey, ids: pd.Series) -> pd.DataFrame | None:
    """`vacancy_risk.risk` of units, NaN for those outside the area; None where nothing may be claimed."""
    tested = _report(key)
    if tested is None:
        return None
    with st.spinner(_(T("Working out the vacancy risk"))):
        every = models.risk(key, with_neighbours=tested[1] == "with_neighbours")
    return every.reindex(ids)


def column(found: pd.DataFrame) -> list[str]:
    """The risk of each unit with its interval, as a table says it."""
    return [
        NOT_KNOWN if p != p else f"{percent(p)} ({number(100 * low)} – {number(100 * high)})"
        for p, low, high in found[["probability", "low", "high"]].itertuples(index=False)
    ]


def block(key: AreaKey, found: pd.DataFrame | None, addresses: list[str]) -> None:
    """Why the units of a place (`risks`, and their addresses) have the risk they have; or why there is none."""
    known.heading(T("Vacancy risk"))
    tested = _report(key)
    if tested is None or found is None:
        _none(key)
        return
    report, form = tested
    rows = found.assign(address=addresses).dropna(subset="probability")
    rows = rows.sort_values("probability", ascending=False, kind="stable").head(MOST)
    bars.draw([_bar(row) for row in rows.itertuples()])
    means = T(
        "How likely a unit stands empty, told from what is around it and not from its own state. In the whole town "
        "{share} do. Between brackets: how far the figure moves with the streets it was learnt on.",
        share=percent(report["vacant"] / report["n"]),
    )
    order = T("As probabilities the figures are no better than the town's average: read the order only.")
    st.caption(" ".join(_(t) for t in ([means] if report[form]["brier_skill"] > 0 else [means, order])))
    states.how_good("vacancy")


def _none(key: AreaKey) -> None:
    found = validation_runs.kept("vacancy", key)
    if found is None:
        st.caption(_(T("Shown once a test has told how good it is in this town.")))
        validation.offered("vacancy", key, quiet=True)
    elif "refused" in found:
        st.caption(found["refused"][language()])
    else:
        st.caption(_(T("Not shown: in this town the model tells vacant units from others no better than chance.")))


def _grouped(reasons: Sequence[Text]) -> list[str]:
    """What raises the risk, and what lowers it: a sentence each."""
    facts: dict[str, list[str]] = {}
    for reason in reasons:
        facts.setdefault(reason.message, []).append(_(dict(reason.values)["fact"]))
    return [_(Text(message, (("fact", ", ".join(some)),))) for message, some in facts.items()]


def _bar(row: Any) -> bars.Bar:
    told = T(
        "{share} (between {low} and {high} %)",
        share=percent(row.probability), low=round(100 * row.low), high=round(100 * row.high),
    )  # fmt: skip
    why = "; ".join(_grouped(row.reasons))
    return bars.Bar(row.address, row.probability, _(told), f"{sentence(why)}." if why else "", row.low, row.high)
