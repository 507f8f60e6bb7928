"""Footfall at a place as it may be said: class and rank, an interval where somebody counted, what was seen elsewhere.

What is computed is remembered by area version and by the state of the file with own counts.
"""

import html
import math

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from geodata.errors import GeodataError
from geodata.language import T, Text, TN
from location_model import own_counts
from location_model.footfall_estimate import Footfall, PlaceFootfall, footfall_of, two_digits
from location_model.own_count_tables import by_hand, counts_with_own
from location_model.own_counts import OwnCounts, read_own_counts
from location_model.street_class import BUSIEST_SHARE, CLASSES
from pages.ui import cache, charts, states
from pages.ui.built_from import sentence
from pages.ui.cache import AreaKey
from pages.ui.language import _, number

Stamp = tuple[int, int]

STYLE = """<style>
.kw-foot {font-size: .87rem; line-height: 1.4; margin: 0;}
.kw-foot p {margin: 0 0 .35rem !important;} .kw-foot .soft {opacity: .78; font-size: .8rem;}
.kw-foot .class {display: inline-block; min-width: 2em; text-align: center; font-weight: 700; border-radius: .3rem;
  padding: .05em .4em; margin-right: .45em; border: 1px solid #2b8c99; line-height: 1.45;}
.kw-foot .A1, .kw-foot .A2 {background: #176b78; color: #fff;} .kw-foot .B1, .kw-foot .B2 {background: #2b8c9944;}
.kw-foot .scale {position: relative; height: 2.1rem; margin: .1rem 1.2rem .3rem 0;}
.kw-foot .scale i {position: absolute; top: .3rem; height: .55rem;}
.kw-foot .scale .line {left: 0; right: 0; top: .55rem; height: 1px; background: #8888;}
.kw-foot .scale .range {background: #2b8c99; border-radius: .3rem; opacity: .8;}
.kw-foot .scale .middle {width: 3px; top: .1rem; height: .95rem; margin-left: -1px; background: currentColor;}
.kw-foot .scale span {position: absolute; top: 1.1rem; font-size: .72rem; opacity: .75; transform: translateX(-50%);}
.kw-foot .scale span:first-of-type {transform: none;}
</style>"""
_TICKS = (10, 100, 1_000, 10_000, 100_000)

HOURS: dict[str, Text] = {"workday": T("Workday"), "saturday": T("Saturday"), "sunday": T("Sunday")}


@st.cache_resource(max_entries=12, show_spinner=False)
def _own(folder: str, area_id: str, stamp: Stamp) -> OwnCounts:
    return read_own_counts(cache.settings().data_dir, area_id)


def own(key: AreaKey) -> OwnCounts:
    """The counts made by hand here, as they are now. GeodataError when their file is damaged."""
    return _own(str(cache.settings().data_dir), key.id, stamp(key))


@st.cache_resource(max_entries=12, show_spinner=False)
def _footfall(folder: str, key: AreaKey, stamp: Stamp) -> Footfall:
    area = cache.area(key)
    if stamp == (0, 0):
        return footfall_of(area)
    return footfall_of(area, counts_with_own(area, own(key).counts))


@st.cache_resource(max_entries=6, show_spinner=False)
def _before(folder: str, key: AreaKey) -> Footfall:
    counts = cache.area(key).tables.counts
    return footfall_of(cache.area(key), counts[~by_hand(counts)])


def before(key: AreaKey) -> Footfall:
    """Footfall of an area without any count by hand, those it was built with included."""
    return _before(str(cache.settings().data_dir), key)


def footfall(key: AreaKey) -> Footfall:
    """Footfall of an area, own counts included; without them where their file cannot be read."""
    folder, now = str(cache.settings().data_dir), stamp(key)
    try:
        return _footfall(folder, key, now)
    except GeodataError:
        if now == (0, 0):
            raise
        return _footfall(folder, key, (0, 0))


def stamp(key: AreaKey) -> Stamp:
    """Changes when the counts made by hand here do."""
    return own_counts.stamp(cache.settings().data_dir, key.id)


def counted(key: AreaKey) -> bool:
    """Whether persons per day may be told here: somebody counted an ordinary day."""
    return footfall(key).calibration is not None


def counted_by_hand(key: AreaKey) -> bool:
    """Whether there is a file with counts made by hand."""
    return stamp(key) != (0, 0)


def persons(value: float) -> str:
    """Persons per day, two digits."""
    return number(two_digits(value)) if value >= 10 else _(T("fewer than 10"))


def rounded(value: float) -> float:
    """Persons per day as a number of two digits; NaN stays."""
    return value if math.isnan(value) else float(two_digits(value))


def interval(found: PlaceFootfall) -> str:
    """The interval in words; "needs a count" where there is none."""
    if found.low is None or found.high is None:
        return _(T("needs a count"))
    return between(found.low, found.high)


def between(low: float, high: float) -> str:
    """A range in words."""
    return _(T("between {low} and {high}", low=persons(low), high=persons(high)))


def counter(name: str) -> str:
    """What a counter is called: of a count by hand the place alone."""
    if own_counts.OWN[:-1] not in name:
        return name
    return _(T("{place}, by hand", place=name.partition(f" {own_counts.OWN[:-1]}")[0]))


def basis(all_of: Footfall) -> str:
    """What the numbers stand on, and how much of it was counted by hand."""
    hand = int(by_hand(all_of.table).sum())
    if not hand:
        return _(all_of.basis)
    return _(TN("{basis}, one of them by hand", "{basis}, {count} of them by hand", hand, basis=all_of.basis))


def rank(found: PlaceFootfall) -> str:
    """How a street compares with the others of its town."""
    busier = math.floor(100 * (found.busier_than or 0.0))
    return _(T("busier than {share} % of the streets of this town", share=min(busier, 99)))


def badge(street_class: str) -> str:
    """The class as a small mark, HTML."""
    return f'<b class="class {street_class}">{street_class}</b>'


def classes() -> str:
    """What the letters stand for."""
    shares = {name: number(100 * share) for name, share in zip(CLASSES, BUSIEST_SHARE, strict=False)}
    text = T(
        "A1: the busiest {A1} % of the streets; A2: to {A2} %; B1: to {B1} %; B2: to {B2} %; C: the rest.", **shares
    )
    return _(text)


def scale(found: PlaceFootfall) -> str:
    """The interval on a scale of tens, HTML."""
    if found.persons is None or found.low is None or found.high is None:
        return ""

    def at(value: float) -> float:
        low, high = math.log(_TICKS[0]), math.log(_TICKS[-1])
        return round(100 * min(1.0, max(0.0, (math.log(max(value, 1.0)) - low) / (high - low))), 1)

    left, right = at(found.low), at(found.high)
    ticks = "".join(f'<span style="left:{at(t)}%">{number(t)}</span>' for t in _TICKS)
    told = html.escape(f"{interval(found)} {_(T('passers-by a day'))}")
    return (
        f'<div class="scale" role="img" aria-label="{told}"><i class="line"></i><i class="range" '
        f'style="left:{left}%;width:{max(right - left, 1)}%"></i><i class="middle" style="left:{at(found.persons)}%">'
        f"</i>{ticks}</div>"
    )


def sentences(found: PlaceFootfall, all_of: Footfall) -> list[str]:
    """What stands under the class where somebody counted: the range, what it stands on, and what was counted here."""
    told = []
    if found.persons is not None:
        middle = _(T("most likely about {persons}", persons=persons(found.persons)))
        range_ = _(T("{interval} passers-by a day", interval=interval(found)))
        told.append(f"<p><b>{html.escape(sentence(range_))}</b>, {html.escape(middle)}</p>{scale(found)}")
        if found.counted is not None:
            text = T("Counted in this street itself: {range} a day ({counter}).",
                     range=between(*found.counted), counter=counter(found.counted_by))  # fmt: skip
            told.append(f"<p>{html.escape(_(text))}</p>")
        far = _(T("the nearest one at {metres} m", metres=two_digits(found.nearest_m or 0.0)))
        one = _(T("one average for all streets would say {persons}", persons=persons(found.mean or 0.0)))
        sure = _(T("for streets like those counted, four in five such ranges are right"))
        told.append(f'<p class="soft">{html.escape(sentence(f"{basis(all_of)}, {far}; {sure}; {one}"))}.</p>')
    return told


def elsewhere(found: PlaceFootfall) -> str:
    """Ranges seen in other towns, HTML; nothing for the quiet streets, which nobody counts."""
    seen = [T("{low} to {high} ({base})", low=r.low, high=r.high, base=r.base) for r in found.references]
    if not seen:
        return ""
    ranges = "; ".join(_(t) for t in seen)
    head = T(
        "Passers-by a day elsewhere, often in larger towns: {ranges}. That is no estimate for this street.",
        ranges=ranges,
    )
    return f'<p class="soft">{html.escape(_(head))}</p>'


def block(key: AreaKey, cells: pd.Index) -> None:
    """Footfall of a place in the panel of the map."""
    all_of = footfall(key)
    found = all_of.at(*cells)
    if found is None or found.street_class is None:
        return
    mark = f'<span title="{html.escape(classes())}">{badge(found.street_class)}</span>'
    head = f"<p>{mark}{html.escape(rank(found))}</p>"
    st.html(f"{STYLE}<div class='kw-foot'>{head}{''.join(sentences(found, all_of))}</div>")
    if found.persons is not None:
        states.how_good("footfall")
    else:
        busiest = str(cache.area(key).grid.loc[cells, "footfall_index"].idxmax())
        words = T("**How many people pass here needs a count.** A quarter of an hour is enough to begin with.")
        if all_of.calibration is not None:
            words = T("**How many people pass here needs a count:** nobody counted in so quiet a street yet.")
        st.markdown(_(words))
        label = _(T("Count it yourself, here"))
        place = {"step": "form", "spot": "other", "here": busiest}
        st.page_link("pages/count.py", label=label, icon=":material/touch_app:", query_params=place)
    if found.references:
        st.html(f"<div class='kw-foot'>{elsewhere(found)}</div>")
    title = _(T("Which hours and days are busy"))
    with st.expander(title, icon=":material/schedule:", key="footfall_hours", on_change="rerun") as panel:
        if panel.open:
            hours(all_of)


def hours(all_of: Footfall) -> None:
    """The course of a day and of a week, and where they are from."""
    profile = all_of.profile
    rows = [
        {"day": sentence(_(title)), "hour": hour, "share": float(profile.hours[kind][hour])}
        for kind, title in HOURS.items()
        for hour in range(6, 23)
    ]
    share, hour = _(T("share of the day")), _(T("hour of the day"))
    chart = (
        alt.Chart(pd.DataFrame(rows))
        .mark_bar(color="#2b8c99")
        .encode(
            x=alt.X("hour:O", title=hour, axis=alt.Axis(labelAngle=0, values=[8, 12, 16, 20])),
            y=alt.Y("share:Q", title=share, axis=alt.Axis(format=".0%", tickCount=3)),
            column=alt.Column("day:N", sort=[sentence(_(t)) for t in HOURS.values()], title=None),
            tooltip=[alt.Tooltip("hour:O", title=hour), alt.Tooltip("share:Q", title=share, format=".1%")],
        )
        .properties(width=95, height=80)
    )
    told = _(T("How a workday, a Saturday and a Sunday are spread over their hours"))
    st.altair_chart(charts.written(chart), width="content", alt=told)
    week = profile.weekdays / np.sum(profile.weekdays)
    first, last, sunday = (number(100 * float(v)) for v in (week[:5].mean(), week[5], week[6]))
    text = T("Of a week's passers-by, {workday} % come on an average workday, {saturday} % on Saturday, {sunday} % on "
             "Sunday.", workday=first, saturday=last, sunday=sunday)  # fmt: skip
    st.caption(f"{_(text)} {sentence(_(profile.basis))}.")
