"""Where the true places of each branch end up among all places: dots with intervals, beside Jensen and chance."""

from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from geodata.language import T
from location_model.validation.tables import SITES
from pages.ui import cache, colours, known, states
from pages.ui.charts import written
from pages.ui.language import _, language, number

CHANCE = 50.0
SHOWN = ("model", "jensen")


def rows(report: dict[str, Any]) -> pd.DataFrame:
    """A row a branch and estimate: shops tested, rank of the true place (0–100) and its 95 % interval, best first."""
    names = cache.branches().by_id
    found = []
    for row in sorted(report["branches"], key=lambda r: -r["model"][0]):
        name = names[row["branch"]].name(language()) if row["branch"] in names else row["branch"]
        for estimate in SHOWN:
            value, low, high = (None if x is None else 100 * x for x in row[estimate])
            found.append({
                "branch": name, "shops": row["n"], "estimate": _(SITES[estimate]),
                "rank": value, "low": low, "high": high, "claimed": row["claimed"],
            })  # fmt: skip
    return pd.DataFrame(found)


def draw(report: dict[str, Any]) -> None:
    """A line a branch: the model above, Jensen below, chance as an upright line; then what may not be claimed."""
    data = rows(report)
    data["line"] = [f"{r.branch} ({number(r.shops)})" for r in data.itertuples()]
    names = [_(SITES[e]) for e in SHOWN]
    hues = [colours.shades("customers", 1)[0], colours.shades("shops", 1)[0]]
    known.heading(T("How high the true place ranks, by branch"))
    st.caption(
        _(T("100 = first of all places, 50 = chance (dashed). Bars: 95 % intervals. Between brackets: shops tested."))
    )
    ranks = T("rank of the true place")
    low = min(CHANCE, data["low"].min()) - 3
    x = alt.X(
        "rank:Q", title=_(ranks),
        scale=alt.Scale(domain=[low, 100], nice=False), axis=alt.Axis(tickCount=6),
    )  # fmt: skip
    y = alt.Y("line:N", sort=list(dict.fromkeys(data["line"])), title=None, axis=alt.Axis(labelLimit=170, grid=True))
    legend = alt.Legend(orient="top", direction="vertical", title=None, labelLimit=300)
    colour = alt.Color("estimate:N", scale=alt.Scale(domain=names, range=hues), legend=legend)
    shape = alt.Shape("estimate:N", scale=alt.Scale(domain=names, range=["circle", "diamond"]), legend=legend)
    aside = alt.YOffset("estimate:N", sort=names)
    base = alt.Chart(data).encode(
        y=y, yOffset=aside, color=colour,
        tooltip=[
            alt.Tooltip("branch:N", title=_(T("Branch"))),
            alt.Tooltip("estimate:N", title=_(T("Estimate"))),
            alt.Tooltip("rank:Q", title=_(ranks), format=".1f"),
            alt.Tooltip("low:Q", title=_(T("at least")), format=".1f"),
            alt.Tooltip("high:Q", title=_(T("at most")), format=".1f"),
            alt.Tooltip("shops:Q", title=_(T("shops tested"))),
        ],
    )  # fmt: skip
    chance = alt.Chart(pd.DataFrame({"rank": [CHANCE]})).mark_rule(color="#888", strokeDash=[5, 4]).encode(x=x)
    bars = base.mark_rule(strokeWidth=2, opacity=0.6).encode(x=alt.X("low:Q"), x2="high:Q")
    dots = base.mark_point(filled=True, size=55, opacity=1).encode(x=x, shape=shape)
    told = ", ".join(f"{r.line} {r.estimate} {number(r.rank)}" for r in data.itertuples())
    chart = written(alt.layer(chance, bars, dots))
    height = 90 + 30 * data["branch"].nunique()
    st.altair_chart(chart, width="stretch", height=height, alt=f"{_(ranks)}: {told}")
    _not_claimed(data)
    value, least, most = (number(100 * x, 1) for x in report["difference"])
    more = T(
        "Over the same sites the model ranks the true place {value} points higher than co-location alone (between "
        "{low} and {high}). With the branches shuffled nothing is left to find: that must give about 50.",
        value=value,
        low=least,
        high=most,
    )
    states.notes([_(more)])


def _not_claimed(data: pd.DataFrame) -> None:
    weak = list(dict.fromkeys(data.loc[~data["claimed"], "branch"]))
    if weak:
        text = T(
            "Claim nothing for {branches}: their interval includes chance (50). "
            "There branch suitability does not enter the score.",
            branches="; ".join(weak),
        )
        st.markdown(f":material/block: {_(text)}")
    else:
        text = T("For each of these branches the model does better than chance here.")
        st.markdown(f":material/check: {_(text)}")
