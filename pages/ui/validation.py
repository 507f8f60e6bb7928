"""The chapter that tests the models on the chosen area: what may be claimed first, then the picture, then figures."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from geodata.language import T, Text
from location_model.validation.tables import TABLES
from pages.ui import building, cache, charts, choices, explained, known, states, validation_runs
from pages.ui import validation_footfall as footfall
from pages.ui import validation_sites as sites
from pages.ui import validation_vacancy as vacancy
from pages.ui.cache import AreaKey
from pages.ui.downloads import SAMPLE
from pages.ui.language import _, date, language
from pages.ui.validation_runs import Run

CHOICE = "test"
OSM = "Kernwijzer; © OpenStreetMap contributors (ODbL)"


@dataclass(frozen=True)
class Test:
    """One test as people meet it. seconds: about how long it takes, and for each premises. draw: its picture.

    reading: how to read the columns of its table. rows: what its download holds. tables: what it rests on.
    """

    name: Text
    question: Text
    what: Text
    seconds: tuple[float, float]
    draw: Callable[[dict[str, Any]], None]
    reading: Text
    rows: Callable[[dict[str, Any]], pd.DataFrame]
    tables: tuple[str, ...]


TESTS: dict[str, Test] = {
    "sites": Test(
        T("Branch suitability"),
        T("Does it find the true place of a shop?"),
        T(
            "Each shop is hidden in turn; all places of the town are then ranked for its branch. How high does the "
            "place where it really is end up?"
        ),
        (20, 0.04),
        sites.draw,
        T(
            "Rank of the true place: 100 is the first of all places, 50 is chance. In the first tenth: how often the "
            "true place is among the best 10 % (chance: 10 %). Co-location: which branches usually stand near each "
            "other within 100 m (Jensen 2006), nothing else. Between brackets: 95 % intervals; for the shuffled "
            "branches the lowest and highest of 20 times."
        ),
        sites.rows,
        ("premises", "stops"),
    ),
    "vacancy": Test(
        T("Vacancy risk"),
        T("Does the vacancy risk come true?"),
        T(
            "The town is cut into 8 parts. What makes units stand empty is learnt from seven of them and foretold in "
            "the eighth, for each in turn; then it is compared with what really stands empty."
        ),
        (10, 0),
        vacancy.draw,
        T(
            "Right order: of a vacant and an occupied unit, how often the vacant one has the higher risk (50 % is "
            "chance); inside one part of town: the same, for pairs of one part only. Brier score: the mean squared "
            "error of the risk; skill: how much less error than giving every unit the town's average (0 is no "
            "better). Between brackets: 95 % intervals."
        ),
        vacancy.rows,
        ("premises",),
    ),
    "footfall": Test(
        T("Footfall"),
        T("Do the estimates agree with the counts?"),
        T(
            "Each counter is hidden in turn, with all others within 300 m. The persons per day in its street are "
            "estimated from the remaining counters and set beside what was counted."
        ),
        (10, 0),
        footfall.draw,
        T(
            "Right order: of two counted streets, how often the busier one is estimated busier (50 % is chance). "
            "Within ×2: estimates between half and twice the count. R² of the logarithm: 1 is perfect, 0 is no better "
            "than one figure for all streets. An 80 % interval should hold about 80 % of the counts; width: by how "
            "much it multiplies and divides."
        ),
        footfall.rows,
        ("counts", "premises", "residents", "stops"),
    ),
}


def chapter(key: AreaKey) -> None:
    """One test at a time; which one stands in the address (`?chapter=validation&test=footfall`)."""
    test = choices.segments(
        _(T("What is tested")), list(TESTS), CHOICE, default="sites", shown=lambda x: _(TESTS[x].name),
        label_visibility="collapsed",
    )  # fmt: skip
    given = TESTS[test]
    st.subheader(_(given.question), anchor=False)
    st.write(_(given.what))
    found = offered(test, key)
    if found is None:
        return
    if "refused" in found:
        _refused(found["refused"][language()], given)
    else:
        report = found["report"]
        with st.container(border=True, key="claim"):
            known.heading(T("What may be claimed in {area}", area=cache.area(key).name))
            st.write(report["claim"][language()])
        given.draw(report)
        known.heading(T("Beside simpler estimates"))
        heads, rows = TABLES[test](report, language())
        known.table(heads, rows, right=range(1, len(heads)))
        st.caption(_(given.reading))
        _below(test, key, given, found)


def offered(test: str, key: AreaKey, *, quiet: bool = False) -> dict[str, Any] | None:
    """What is kept of a test. None where it is running, and then says so, or has not run: then a button starts it.

    quiet: the button is not what the page is about.
    """
    run = validation_runs.of(test, key)
    running = run is not None and run.running  # asked before its report is looked for, which comes last
    found = validation_runs.kept(test, key)
    fixed_s, each_s = TESTS[test].seconds
    expected_s = fixed_s + each_s * int(cache.area(key).tables.premises["in_study"].sum())
    if running:
        st.fragment(states.guarded(_running), run_every=1.0)(run, expected_s)
        return None
    if found is None:
        _not_yet(test, key, expected_s, failed=run, quiet=quiet)
    return found


def _not_yet(test: str, key: AreaKey, expected_s: float, *, failed: Run | None, quiet: bool) -> None:
    """Not tested yet, or the test broke down, which is our fault."""
    if failed is not None:
        st.error(_(T("The test ended unexpectedly, which is our fault.")), icon=":material/error:")
        st.caption(_(T("The details are in {file}.", file=str(failed.log))))
    busy = validation_runs.any_running()
    with st.container(horizontal=True, vertical_alignment="center"):
        label = _(T("Run the test"))
        st.button(
            label, type="secondary" if quiet else "primary", icon=":material/play_arrow:", key=f"run_{test}",
            disabled=busy, on_click=validation_runs.start, args=(test, key),
        )  # fmt: skip
        took = building.duration(expected_s)
        wait = T("Another test is running; this one can start when it is done.")
        st.caption(_(wait if busy else T("Takes about {time}, once; the result is kept for everybody.", time=took)))


def _running(run: Run, expected_s: float) -> None:
    if not run.running:
        st.rerun()
    late = run.elapsed_s > expected_s
    words = T("Testing; it takes longer than expected …") if late else T("Testing …")
    so_far = T("{time} so far", time=building.duration(run.elapsed_s))
    st.progress(min(run.elapsed_s / expected_s, 0.95), text=_(words))
    stay = T("You may leave this page; the test goes on.")
    st.caption(f"{_(so_far)}. {_(stay)}")


def _refused(why: str, given: Test) -> None:
    """Too little data: calmly, with what would help and where to give it."""
    with st.container(border=True, key="refused"):
        known.heading(T("Too little data for a figure"))
        st.write(why)
        with st.container(horizontal=True):
            st.page_link("pages/data.py", label=_(T("Add data")), icon=":material/database:")
            if given is TESTS["footfall"]:
                st.page_link("pages/count.py", label=_(T("Count it yourself")), icon=":material/directions_walk:")


def _below(test: str, key: AreaKey, given: Test, found: dict[str, Any]) -> None:
    """Source and date, download, and the test once more."""
    area = cache.area(key)
    charts.source(area, explained.of_tables(area, given.tables))
    tested = T("Tested on {day}, version {version}.", day=date(found["made_at"]), version=key.version)
    sample = T("{sample} Its counts come from simulated walkers.", sample=SAMPLE) if test == "footfall" else SAMPLE
    st.caption(" ".join([_(tested), _(sample)] if area.sample else [_(tested)]))
    with st.container(horizontal=True):
        dutch, source = language() == "nl", _(SAMPLE) if area.sample else OSM
        table = (
            given.rows(found["report"])
            .assign(source=source)
            .to_csv(index=False, sep=";" if dutch else ",", decimal="," if dutch else ".")
        )
        st.download_button(
            _(T("Download the figures (CSV)")), table.encode("utf-8-sig"), file_name=f"{test}_{key.id}.csv",
            mime="text/csv", icon=":material/download:", key="rows",
        )  # fmt: skip
        st.button(
            _(T("Test again")), icon=":material/refresh:", key=f"again_{test}", type="tertiary",
            disabled=validation_runs.any_running(), on_click=validation_runs.start, args=(test, key),
        )  # fmt: skip
