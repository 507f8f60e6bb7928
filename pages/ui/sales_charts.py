"""Own sales as pictures: weekdays, season, the course with days that stand out, turnover beside what was expected."""

from collections.abc import Sequence
from itertools import pairwise

import altair as alt
import pandas as pd
import streamlit as st
from babel.dates import get_day_names, get_month_names

from geodata.language import LOCALES, T
from location_model.sales_customers import BANDS_KM, Band, ShopCustomers
from location_model.sales_figure import Figure
from location_model.sales_shop import ShopSales
from pages.ui import colours
from pages.ui.built_from import sentence
from pages.ui.charts import written
from pages.ui.language import _, language, number, rounded

SHORT = 200
"""Days: below this the axis names days, else months."""
INTERVAL = T("Lines: four of five times the true value lies there.")


def _hue(n: int = 0) -> str:
    return colours.shades("customers", 2)[n]


def _odd() -> str:
    return colours.shades("shops", 1)[0]


def indices(title: str, names: Sequence[str], figures: Sequence[Figure], y: str) -> None:
    """Bars around a mean of 100 with their intervals; where nothing is known the reason stands in their place."""
    st.markdown(f"**{title}**")
    known = [(name, f) for name, f in zip(names, figures, strict=True) if f.known]
    if not known:
        st.caption(f":material/info: {sentence(_(figures[0].basis))}")
        return
    rows = [{"name": name, "value": f.value, "low": f.low, "high": f.high} for name, f in known]
    x = alt.X("name:N", sort=list(names), title=None, scale=alt.Scale(domain=list(names)), axis=alt.Axis(labelAngle=0))
    base = alt.Chart(pd.DataFrame(rows)).encode(x=x)
    tips = [alt.Tooltip("name:N", title=title), alt.Tooltip("value:Q", title=y, format=".0f")]
    bars = base.mark_bar(color=_hue(1)).encode(y=alt.Y("value:Q", title=y, axis=alt.Axis(tickCount=4)), tooltip=tips)
    lines = base.mark_rule(color=colours.css(colours.ink()), strokeWidth=1.5).encode(y="low:Q", y2="high:Q")
    mean = alt.Chart(pd.DataFrame({"y": [100]})).mark_rule(strokeDash=[4, 4], opacity=0.6).encode(y="y:Q")
    told = ", ".join(f"{name} {number(f.value)}" for name, f in known)
    st.altair_chart(written(alt.layer(bars, mean, lines)), height=220, alt=f"{title}: {told}")


def weekdays(shop: ShopSales) -> None:
    """Monday to Sunday; closing days stay empty."""
    names = get_day_names("abbreviated", locale=LOCALES[language()])
    y = _(T("a mean open day = 100"))
    indices(_(T("The week")), [names[i] for i in range(7)], shop.pattern.weekdays, y)


def season(shop: ShopSales) -> None:
    """January to December."""
    names = get_month_names("abbreviated", locale=LOCALES[language()])
    y = _(T("a mean month = 100"))
    indices(_(T("The year")), [names[i] for i in range(1, 13)], shop.pattern.season, y)


def course(shop: ShopSales) -> None:
    """Each day (month) with what is usual around it; the ones that stand out are marked."""
    euros = _(T("euros a month")) if shop.days.monthly else _(T("euros a day"))
    sold = shop.days.open["turnover_eur"].dropna()
    title = _(T("Turnover over time"))
    st.markdown(f"**{title}**")
    if sold.empty:
        st.caption(_(T("No turnover is known, only counts.")))
        return
    odd = {o.day: o.usual_eur for o in shop.pattern.outliers or ()}
    data = pd.DataFrame({"date": sold.index, "euros": sold.to_numpy()})
    data["usual"] = [odd.get(d.date()) for d in sold.index]
    days = alt.X(
        "date:T", title=None, axis=alt.Axis(format="%d/%m" if shop.days.span_days < SHORT else "%m/%Y", tickCount=6)
    )
    tips = [
        alt.Tooltip("date:T", format="%d/%m/%Y", title=_(T("Day"))),
        alt.Tooltip("euros:Q", format=",.0f", title=euros),
    ]
    dots = alt.Chart(data[data["usual"].isna()]).mark_circle(size=14, opacity=0.45, color=_hue(1)).encode(
        x=days, y=alt.Y("euros:Q", title=euros, axis=alt.Axis(format=",d", tickCount=5)), tooltip=tips
    )  # fmt: skip
    usual = shop.pattern.usual[shop.pattern.usual > 0].rolling("28D", center=True).mean()
    level = alt.Chart(pd.DataFrame({"date": usual.index, "euros": usual.to_numpy()})).mark_line(
        color=_hue(), strokeWidth=2.5
    )  # fmt: skip
    marked = alt.Chart(data[data["usual"].notna()]).mark_point(
        size=90, filled=True, shape="diamond", color=_odd()
    )  # fmt: skip
    seen = [*tips, alt.Tooltip("usual:Q", format=",.0f", title=_(T("usual then")))]
    layers = alt.layer(dots, level.encode(x=days, y="euros:Q"), marked.encode(x=days, y="euros:Q", tooltip=seen))
    st.altair_chart(written(layers), height=260, alt=title)
    if not shop.days.monthly:
        st.caption(_(T("Dots: open days. Line: a usual day then. Diamonds: days unlike those around them.")))


def beside(shop: ShopSales) -> None:
    """Turnover of a year beside what the model and the own other shops say, as dots with intervals."""
    title = _(T("Turnover of a year, and what was to be expected"))
    st.markdown(f"**{title}**")
    named = (
        (_(T("This shop")), shop.year, _hue()), (_(T("By the model")), shop.expected, colours.css(colours.ink())),
        (_(T("As your other shops")), shop.peers, colours.css(colours.ink())),
    )  # fmt: skip
    rows = [{"name": n, "value": f.value, "low": f.low, "high": f.high, "hue": h} for n, f, h in named if f.known]
    for name, figure, _h in named:
        if not figure.known:
            st.caption(f":material/info: {name}: {_(figure.basis)}")
    if not rows:
        return
    y = alt.Y("name:N", sort=[r["name"] for r in rows], title=None, axis=alt.Axis(labelLimit=180))
    base = alt.Chart(pd.DataFrame(rows)).encode(y=y, color=alt.Color("hue:N", scale=None))
    x = alt.X(
        "value:Q", title=_(T("euros a year")), axis=alt.Axis(format=",d", tickCount=4), scale=alt.Scale(zero=True)
    )
    lines = base.mark_rule(strokeWidth=3, opacity=0.6).encode(x=alt.X("low:Q"), x2="high:Q")
    dots = base.mark_circle(size=120, opacity=1).encode(x=x, tooltip=[alt.Tooltip("value:Q", format=",.0f")])
    told = ", ".join(f"{r['name']} {rounded(float(str(r['value'])))}" for r in rows)
    st.altair_chart(written(alt.layer(lines, dots)), height=70 + 34 * len(rows), alt=f"{title}: {told}")
    st.caption(_(INTERVAL))


def unbroken(bands: Sequence[Band]) -> dict[str, Band | None]:
    """The bands by name from the nearest to the farthest, None where nobody is known to live: no line runs over it."""
    known = {b.from_km: b for b in bands}
    between = [(low, high) for low, high in pairwise(BANDS_KM) if min(known) <= low <= max(known)]
    return {f"{number(low)}–{number(high)}": known.get(low) for low, high in between}


def decay(customers: ShopCustomers) -> None:
    """Customers in every hundred residents, by distance."""
    title = _(T("How customers fade with distance"))
    st.markdown(f"**{title}**")
    if not customers.bands:
        st.caption(_(T("Distances need the place of the shop, and postcodes with residents in areas that are built.")))
        return
    bands = unbroken(customers.bands)
    names = list(bands)
    share = _(T("customers in 100 residents"))
    data = pd.DataFrame({"km": names, "share": [None if b is None else b.share for b in bands.values()]})
    data["told"] = ["" if b is None else f"{number(b.customers)} / {number(b.residents)}" for b in bands.values()]
    chart = (
        alt.Chart(data)
        .mark_line(point={"size": 80, "filled": True}, color=_hue(), strokeWidth=2.5)
        .encode(
            x=alt.X("km:N", sort=names, title=_(T("km as the crow flies")), axis=alt.Axis(labelAngle=0)),
            y=alt.Y("share:Q", title=share, axis=alt.Axis(tickCount=4)),
            tooltip=[
                alt.Tooltip("km:N", title="km"), alt.Tooltip("share:Q", format=".1f", title=share),
                alt.Tooltip("told:N", title=_(T("customers / residents"))),
            ],
        )
    )  # fmt: skip
    told = ", ".join(f"{n} km {number(b.share, 1)}" for n, b in bands.items() if b is not None)
    st.altair_chart(written(chart), height=220, alt=f"{title}: {told}")
