"""Counted against estimated, each counter left out: on logarithmic axes, for busy and quiet streets alike."""

from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from geodata.language import T, TN
from pages.ui import colours, known, states
from pages.ui.charts import written
from pages.ui.language import _, language, number, rounded

FEWEST_SHOWN = 30
"""Smaller counts are not shown one by one: they may be a few people."""

FARTHEST = 3
TICKS = [a * 10**k for k in range(1, 7) for a in (1, 2, 5)]


def rows(report: dict[str, Any]) -> pd.DataFrame:
    """A row a counter: counted, estimated, interval, and from how many others; small counts are left out."""
    found = pd.DataFrame(report["scatter"]).dropna(subset=["counted", "estimated"])
    return found[found["counted"] >= FEWEST_SHOWN].sort_values("counted", ascending=False, ignore_index=True)


def draw(report: dict[str, Any]) -> None:
    """The scatter, with the line of agreement, the band of a factor 2, and an interval for each counter."""
    data = rows(report)
    if data.empty:
        return
    data["told"] = [
        _(T("between {low} and {high}", low=rounded(r.low), high=rounded(r.high))) for r in data.itertuples()
    ]
    low, high = 0.8 * data[["counted", "low"]].min().min(), 1.25 * data[["counted", "high"]].max().max()
    ticks = [t for t in TICKS if low <= t <= high]

    def axis(field: str, title: str, side: type) -> Any:
        scale = alt.Scale(type="log", domain=[low, high], nice=False)
        return side(
            f"{field}:Q", title=title, scale=scale, axis=alt.Axis(values=ticks, format=",.0f", labelOverlap=True)
        )

    x = axis("counted", _(T("counted (persons per day)")), alt.X)
    y = axis("estimated", _(T("estimated (persons per day)")), alt.Y)
    hue = colours.shades("customers", 1)[0]
    agree = pd.DataFrame({"counted": [low, high], "estimated": [low, high], "half": [low / 2, high / 2]})
    agree["double"] = 2 * agree["counted"]
    base = alt.Chart(agree)
    band = base.mark_area(color="#888", opacity=0.16, clip=True).encode(x=x, y=alt.Y("half:Q"), y2="double:Q")
    line = base.mark_line(color="#888", strokeDash=[5, 4], strokeWidth=1.5).encode(x=x, y=y)
    counters = alt.Chart(data).encode(
        tooltip=[
            alt.Tooltip("counter:N", title=_(T("counter"))),
            alt.Tooltip("counted:Q", title=_(T("counted")), format=",.2r"),
            alt.Tooltip("estimated:Q", title=_(T("estimated")), format=",.2r"),
            alt.Tooltip("told:N", title=_(T("80 % interval"))),
            alt.Tooltip("counters:Q", title=_(T("from so many counters"))),
        ]
    )
    bars = counters.mark_rule(color=hue, opacity=0.45, strokeWidth=2).encode(x=x, y=alt.Y("low:Q"), y2="high:Q")
    dots = counters.mark_circle(color=hue, size=75, opacity=1).encode(x=x, y=y)
    known.heading(T("Persons per day: counted, and estimated without that counter"))
    told = ", ".join(f"{r.counter} {number(r.counted)} / {number(r.estimated)}" for r in data.itertuples())
    words = _(T("counted / estimated"))
    left, right = st.columns([3, 2], gap="large")
    left.altair_chart(written(alt.layer(band, line, bars, dots)), width="stretch", height=460, alt=f"{words}: {told}")
    with right:
        _read(report, data)


def _read(report: dict[str, Any], data: pd.DataFrame) -> None:
    """How to read the picture, which counters are farthest off, and what is not in it."""
    off = (data["estimated"] / data["counted"]).map(lambda x: max(x, 1 / x)).nlargest(FARTHEST).index
    farthest = [
        _(T("{counter}: counted {counted}, estimated {estimated}", counter=r.counter, counted=rounded(r.counted),
            estimated=rounded(r.estimated)))
        for r in data.loc[off].itertuples()
    ]  # fmt: skip
    rows = (
        (T("Dot"), _(T("a counter; the estimate comes from the others"))),
        (T("Dashed line"), _(T("the estimate is just right"))),
        (T("Grey band"), _(T("within a factor 2: between half and twice the count"))),
        (T("Upright bar"), _(T("80 % interval: about 80 of 100 bars should touch the dashed line"))),
        (T("Farthest off"), "; ".join(farthest)),
    )
    known.about([(_(a), b) for a, b in rows])
    notes = [note[language()] for note in report["notes"]]
    left_out = len(report["scatter"]) - len(data)
    if left_out:
        small = TN(
            "One counter with fewer than {least} persons or without an estimate is not drawn.",
            "{count} counters with fewer than {least} persons or without an estimate are not drawn.",
            left_out,
            least=FEWEST_SHOWN,
        )
        notes.append(_(small))
    states.notes(notes)
