"""The form for a count: where, which kind of day, and the persons: counted now by thumb, or copied from paper."""

import datetime
import secrets

import streamlit as st

from geodata.errors import GeodataError
from geodata.language import T, Text
from location_model import own_counts
from location_model.own_counts import OwnCount
from pages.ui import cache, choices, count_places, count_tally, footfall_shown, search, states
from pages.ui.cache import AreaKey
from pages.ui.count_places import DAY_KINDS, HERE, OTHER, SPOT, STEP, Spot
from pages.ui.language import _

DAY, WAY = "day", "way"
TALLY, SEARCH, NOTE, KEPT, FAILED = "count_tally", "count_search", "count_note", "_count_kept", "_count_failed"
WAYS: dict[str, Text] = {"now": T("Count now"), "paper": T("From paper")}


def draw(key: AreaKey) -> None:
    """Where, which day, how, and the result of what was saved last."""
    spot = place(key)
    day = choices.segments(
        _(T("What kind of day is it?")), list(DAY_KINDS), DAY, default="ordinary", shown=lambda k: _(DAY_KINDS[k])
    )
    way = choices.segments(
        _(T("How")), list(WAYS), WAY, default="now", shown=lambda w: _(WAYS[w]), label_visibility="collapsed"
    )
    if spot is None:
        return
    told = st.container()  # above the buttons, where a thumb has not scrolled past
    if way == "now":
        counter(key, spot, day)
    else:
        paper(key, spot, day)
    with told:
        result(key, spot)


def place(key: AreaKey) -> Spot | None:
    """One of the spots, or a street that is typed."""
    try:
        spots = {str(s.number): s for s in count_places.spots(key)}
    except GeodataError:
        spots = {}
    names = {n: f"{n} · {s.near}" for n, s in spots.items()} | {OTHER: _(T("Another street …"))}
    chosen = choices.select(
        _(T("Where do you stand?")), list(names), SPOT, default=next(iter(names)), shown=names.__getitem__, width=430
    )
    if chosen != OTHER:
        return spots[chosen]
    search.field(key, SEARCH, _stand, width=430)
    unsure = search.answer(SEARCH, _meant)
    here = choices.value(HERE, None)
    spot = count_places.spot_at(key, here) if isinstance(here, str) else None
    if spot is None:
        if not unsure:
            st.caption(_(T("Type where you stand; then you can count.")))
        return None
    st.markdown(":material/location_on: " + _(T("You stand at **{place}**.", place=spot.near)))
    return spot


def _stand(cell: str | None) -> None:
    st.session_state[HERE] = cell


def _meant(cell: str) -> None:
    _stand(cell)
    st.rerun()


def counter(key: AreaKey, spot: Spot, day: str) -> None:
    """The buttons, and a word on the weather."""
    kept = st.session_state.get(KEPT)

    def saved() -> None:
        try:
            tally = count_tally.read(st.session_state[TALLY].saved)
            note = str(st.session_state.get(NOTE) or "")
            keep(key, spot, day, tally.key, tally.start, tally.minutes, tally.pedestrians, note)
        except GeodataError as error:
            st.session_state[FAILED] = error

    count_tally.counter(key=TALLY, area=key.id, place=spot.near, kept=kept.key if kept else "", on_save=saved)
    st.text_input(_(T("Weather or remark (may stay empty)")), key=NOTE, width=430)


def paper(key: AreaKey, spot: Spot, day: str) -> None:
    """A count from the sheet, typed in."""
    with st.form("count_paper", width=430, clear_on_submit=False):
        left, right = st.columns(2)
        date = left.date_input(_(T("Date")), value="today", max_value="today", format="DD/MM/YYYY", key="paper_date")
        start = right.time_input(_(T("From")), value=datetime.time(11, 0), step=60, key="paper_time")
        minutes = left.number_input(
            _(T("Minutes")), 1, own_counts.LONGEST_MIN, count_tally.MINUTES, key="paper_minutes"
        )
        persons = right.number_input(
            _(T("Pedestrians")), min_value=0, value=None, step=1, placeholder=_(T("together")), key="paper_persons"
        )
        note = st.text_input(_(T("Weather or remark (may stay empty)")), key="paper_note")
        sent = st.form_submit_button(_(T("Save")), type="primary", icon=":material/save:", key="paper_save")
    if not sent:
        return
    if persons is None:
        st.warning(_(T("Fill in how many pedestrians you counted; 0 is a count too.")), icon=":material/edit:")
        return
    try:
        begin = datetime.datetime.combine(date, start)
        keep(key, spot, day, secrets.token_hex(6), begin, int(minutes), int(persons), note)
    except GeodataError as error:
        st.session_state[FAILED] = error


def keep(
    key: AreaKey, spot: Spot, day: str, name: str, start: datetime.datetime, minutes: int, persons: int, note: str
) -> None:
    """Write a count, and remember it for the word of thanks. GeodataError when it cannot be written."""
    count = OwnCount(name, spot.near, spot.lng, spot.lat, start, minutes, persons, day, note)
    st.session_state[KEPT] = own_counts.save(cache.settings().data_dir, key.id, count)
    st.session_state.pop(FAILED, None)
    st.session_state[f"{KEPT}_now"] = True


def result(key: AreaKey, spot: Spot) -> None:
    """What was saved last and what it taught, or why it was not saved."""
    failed = st.session_state.pop(FAILED, None)
    if failed is not None:
        states.failed(failed)
        st.caption(_(T("Your count is still in this browser: nothing is lost.")))
        return
    kept = st.session_state.get(KEPT)
    if kept is None or not st.session_state.pop(f"{KEPT}_now", False):
        return
    told = T(
        "Kept: {persons} pedestrians in {minutes} minutes, {place}.",
        persons=kept.pedestrians, minutes=kept.minutes, place=kept.place,
    )  # fmt: skip
    all_of = footfall_shown.footfall(key)
    after = all_of.on_edge(spot.edge, cache.area(key).network.edge_middle[spot.edge])
    learnt = T("It is a {day}: kept apart from ordinary days.", day=DAY_KINDS[kept.day_kind])
    if kept.day_kind == "ordinary":
        learnt = T("This street now: {interval} passers-by a day.", interval=footfall_shown.interval(after))
    st.success(f"{_(told)} {_(learnt)}", icon=":material/check:")
    if kept.pedestrians == 0:
        st.caption(_(T("Nobody is a count too: it says that this street is quiet.")))
    st.button(_(T("See what all counts taught")), icon=":material/insights:", on_click=_results, key="count_to_results")


def _results() -> None:
    st.session_state[STEP] = "results"
