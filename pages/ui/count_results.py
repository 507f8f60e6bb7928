"""What came in: the counts made by hand, to correct, take away and take along, and what they taught."""

import contextlib
import datetime
from collections.abc import Callable

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st
from babel.dates import format_date

from geodata.errors import GeodataError
from geodata.language import LOCALES, T, TN
from location_model import own_counts
from location_model.footfall_estimate import PlaceFootfall
from location_model.own_count_tables import only_built
from location_model.own_counts import OwnCount
from pages.ui import cache, charts, count_build, count_places, footfall_shown, known, states
from pages.ui.built_from import sentence
from pages.ui.cache import AreaKey
from pages.ui.count_places import DAY_KINDS, STEP
from pages.ui.language import _, language

GONE, EDITED = "_count_gone", "_count_edited"
STREETS = 8
TENS = [10**n for n in range(6)]


def draw(key: AreaKey) -> None:
    """The list, and what it taught."""
    count_build.progress()
    own = footfall_shown.own(key)
    gone: OwnCount | None = st.session_state.get(GONE)
    if gone is not None:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_(T("Taken away: {place}, {persons} pedestrians.", place=gone.place, persons=gone.pedestrians)))
            st.button(_(T("Put back")), icon=":material/undo:", on_click=_back, args=(key, gone), key="count_back")
    if own.unreadable:
        states.notes(
            [
                _(
                    TN(
                        "One row of the file cannot be read and is left as it is: {file}",
                        "{count} rows of the file cannot be read and are left as they are: {file}",
                        len(own.unreadable),
                        file=str(own_counts.file_of(cache.settings().data_dir, key.id)),
                    )
                )
            ]
        )
    built = only_built(cache.area(key), own.counts)
    if built:
        text = TN(
            "One more count by hand came with the build; it is taken away or changed on the page Data.",
            "{count} more counts by hand came with the build; they are taken away or changed on the page Data.",
            built,
        )
        states.notes([_(text)])
    if not own.counts:
        nothing(key)
        count_build.draw(key, own.counts)
        return
    taught(key, own.counts)
    total = sum(c.pedestrians for c in own.counts)
    head = TN("One count", "{count} counts, {total} pedestrians together", len(own.counts), total=total)
    st.subheader(_(head), anchor=False)
    with st.container(gap="xsmall"):
        for count in reversed(own.counts):
            row(key, count)
    edited = next((c for c in own.counts if c.key == st.session_state.get(EDITED)), None)
    if edited is not None:
        change(key, edited)
    count_build.draw(key, own.counts)
    name, area = _(T("own-counts")), cache.area(key)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            _(T("Save as CSV")), lambda: own_counts.as_csv(own.counts), f"{area.id}-{name}.csv", "text/csv",
            on_click="ignore", icon=":material/download:", key="count_csv",
        )  # fmt: skip


def nothing(key: AreaKey) -> None:
    """Nobody counted yet: what would happen if somebody did."""
    counters = len(footfall_shown.before(key).table)
    text = T("Nobody counted here yet, so a street has a class and a rank, and no number of passers-by.")
    if counters:
        text = TN(
            "One counter already gives passers-by a day here; your own counts make the ranges sharper.",
            "{count} counters already give passers-by a day here; your own counts make the ranges sharper.",
            counters,
        )
    states.empty(T("No counts of your own yet"), text)
    st.button(
        _(T("Make the first count")), type="primary", icon=":material/touch_app:", on_click=_form, key="count_first"
    )


def _form() -> None:
    st.session_state[STEP] = "form"


def when(count: OwnCount) -> str:
    """Day and hours of a count."""
    end = count.start + datetime.timedelta(minutes=count.minutes)
    day = format_date(count.start.date(), format="EEE d MMM y", locale=LOCALES[language()])
    return f"{day}, {count.start:%H:%M}–{end:%H:%M}"


def row(key: AreaKey, count: OwnCount) -> None:
    """One count on a line, with the way to change it."""
    persons = _(TN("1 pedestrian", "{count} pedestrians", count.pedestrians))
    with st.container(horizontal=True, vertical_alignment="center", key=f"count_row_{count.key}"):
        note = f" · {count.note}" if count.note else ""
        plain = note.replace("[", "(").replace("]", ")").replace("*", "").replace("`", "")
        st.markdown(
            f"**{count.place}** · {persons} · {when(count)} · {_(DAY_KINDS[count.day_kind])}{plain}", width="stretch"
        )
        label = _(T("Change"))
        name = f"count_edit_{count.key}"
        st.button(label, type="tertiary", icon=":material/edit:", key=name, on_click=_edit, args=(count.key,))


def _edit(name: str | None = None) -> None:
    """Open the dialog for a count, or leave it."""
    st.session_state[EDITED] = name


def change(key: AreaKey, count: OwnCount) -> None:
    """A dialog to correct a count, or to take it away."""

    @st.dialog(_(T("Change a count")), icon=":material/edit:", on_dismiss=_edit)
    def opened() -> None:
        st.markdown(f"**{count.place}**")
        left, right = st.columns(2)
        day = left.date_input(_(T("Date")), count.start.date(), format="DD/MM/YYYY", key="edit_date")
        time = right.time_input(_(T("From")), count.start.time(), step=60, key="edit_time")
        minutes = left.number_input(_(T("Minutes")), 1, own_counts.LONGEST_MIN, count.minutes, key="edit_minutes")
        persons = right.number_input(
            _(T("Pedestrians")), min_value=0, value=count.pedestrians, step=1, key="edit_persons"
        )
        kind = st.selectbox(
            _(T("What kind of day is it?")), list(DAY_KINDS), list(DAY_KINDS).index(count.day_kind),
            format_func=lambda k: _(DAY_KINDS[k]), key="edit_kind",
        )  # fmt: skip
        note = st.text_input(_(T("Weather or remark (may stay empty)")), count.note, key="edit_note")
        with st.container(horizontal=True):
            if st.button(_(T("Save")), type="primary", icon=":material/save:", key="edit_save"):
                begin = datetime.datetime.combine(day, time)
                made = OwnCount(
                    count.key, count.counter, count.lng, count.lat, begin, int(minutes), int(persons), kind, note
                )
                _try(lambda: own_counts.save(cache.settings().data_dir, key.id, made))
            if st.button(_(T("Take away")), icon=":material/delete:", key="edit_remove"):
                st.session_state[GONE] = count
                _try(lambda: own_counts.remove(cache.settings().data_dir, key.id, count.key))

    opened()


def _try(act: Callable[[], object]) -> None:
    try:
        act()
    except GeodataError as error:
        states.failed(error)
    else:
        _edit()
        st.rerun()


def _back(key: AreaKey, count: OwnCount) -> None:
    own_counts.save(cache.settings().data_dir, key.id, count)
    st.session_state.pop(GONE, None)


def taught(key: AreaKey, counts: tuple[OwnCount, ...]) -> None:
    """The interval before and after, on the streets that were counted and the next ones of the plan."""
    st.subheader(_(T("Passers-by a day, before and after your counts")), anchor=False)
    before, after = footfall_shown.before(key), footfall_shown.footfall(key)
    if after.calibration is None:
        states.empty(
            T("Only special days were counted so far"),
            T("A market day or an event says nothing of an ordinary day. Count on an ordinary day too."),
        )
        return
    middle = cache.area(key).network.edge_middle
    edges = {c.place: count_places.edge_at(key, c.lng, c.lat) for c in reversed(counts)}
    with contextlib.suppress(GeodataError):  # without a plan, the counted streets alone
        edges = {s.near: s.edge for s in count_places.spots(key)} | edges
    own = {c.place for c in counts}
    names = sorted(edges, key=lambda n: (n not in own, after.rank[edges[n]]))[:STREETS]
    names.sort(key=lambda n: after.rank[edges[n]])
    found = {n: tuple(f.on_edge(edges[n], middle[edges[n]]) for f in (before, after)) for n in names}
    left, right = st.columns([3, 2], gap="medium")
    with left:
        chart(found)
        charts.source(cache.area(key), {"counts", "osm"})
    with right:
        heads = [_(T("Street")), _(T("Before")), _(T("Now, passers-by a day"))]
        rows = [(n, footfall_shown.interval(b), footfall_shown.interval(a)) for n, (b, a) in found.items()]
        known.table(heads, rows)
    one = _(T("one average for all streets would say {persons}", persons=footfall_shown.persons(after.mean)))
    sure = _(T("for streets like those counted, four in five such ranges are right"))
    apart = _(T("A bar says what streets of this rank see; what was counted in the street itself stands apart."))
    rests_on = f"{footfall_shown.basis(after)}; {sure}; {one}."
    states.notes([apart, sentence(rests_on), *(sentence(f"{_(note)}.") for note in after.notes)])
    states.how_good("footfall")


def chart(found: dict[str, tuple[PlaceFootfall, PlaceFootfall]]) -> None:
    """Dots with intervals, before in grey and now in colour, on a scale of tens; a diamond is what was counted."""
    labels = {False: _(T("before your counts")), True: _(T("now")), None: _(T("counted here"))}
    rows = [
        {"street": name, "of": labels[now], "persons": p.persons, "low": p.low, "high": p.high}
        for name, both in found.items()
        for now, p in zip((False, True), both, strict=True)
        if p.persons is not None
    ]
    rows += [
        {
            "street": name,
            "of": labels[None],
            "persons": float(np.sqrt(p.counted[0] * p.counted[1])),
            "low": p.counted[0],
            "high": p.counted[1],
        }
        for name, (_b, p) in found.items()
        if p.counted is not None
    ]
    data, axis = pd.DataFrame(rows), _(T("passers-by a day (steps of × 10)"))
    scale = alt.Scale(type="log", domainMin=max(1.0, float(data["low"].min()) / 1.5))
    used = [labels[k] for k in (False, True, None) if labels[k] in set(data["of"])]
    hues = {labels[False]: "#8d979b", labels[True]: "#2b8c99", labels[None]: "#d64030"}
    shapes = {labels[False]: "circle", labels[True]: "circle", labels[None]: "diamond"}
    colour = alt.Color("of:N", scale=alt.Scale(domain=used, range=[hues[u] for u in used]), title=None,
                       legend=alt.Legend(orient="bottom"))  # fmt: skip
    shape = alt.Shape("of:N", scale=alt.Scale(domain=used, range=[shapes[u] for u in used]), title=None)
    offset = alt.YOffset("of:N", sort=used)
    y = alt.Y("street:N", sort=list(found), title=None, axis=alt.Axis(labelLimit=170))
    base = alt.Chart(data)
    lines = base.mark_rule(strokeWidth=4, opacity=0.55).encode(
        x=alt.X("low:Q", scale=scale, title=axis, axis=alt.Axis(values=TENS, format=",d")),
        x2="high:Q", y=y, yOffset=offset, color=colour,
    )  # fmt: skip
    dots = base.mark_point(filled=True, size=70, opacity=1).encode(
        x=alt.X("persons:Q", scale=scale), y=y, yOffset=offset, color=colour, shape=shape,
        tooltip=[alt.Tooltip("street:N", title=_(T("Street"))), alt.Tooltip("of:N", title=" "),
                 alt.Tooltip("persons:Q", format=",.2r", title=_(T("passers-by a day")))],
    )  # fmt: skip
    told = _(T("Range of passers-by a day by street, before and after your counts; the table beside it says the same."))
    st.altair_chart(charts.written(lines + dots), height=70 + 42 * len(found), alt=told)
