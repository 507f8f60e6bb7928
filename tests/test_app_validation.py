"""The chapter `validation`: what may be claimed stands first, too little data is said calmly, and a test runs apart."""

import json
import re
import shutil
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import tiny_reports as tiny
from pages_at_work import open_page
from streamlit.testing.v1 import AppTest

from geodata.store import Area, Store
from location_model.validation import footfall, reports, vacancy
from pages.ui import validation, validation_footfall, validation_runs, validation_vacancy
from pages.ui.cache import AreaKey

ENGLISH = re.compile(r"\b(the|where|within|known|what|streets?|from|which|place|not|units?|counted|vacant|others?)\b")


@pytest.fixture(autouse=True)
def data(squareville_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("KERNWIJZER_DATA", str(squareville_dir))
    yield squareville_dir
    shutil.rmtree(squareville_dir / "validation", ignore_errors=True)


@pytest.fixture
def area(squareville_dir: Path) -> Area:
    return Store(squareville_dir).open("squareville")


def page(test: str, language: str = "en") -> AppTest:
    return open_page("method", language, chapter="validation", test=test)


def words(app: AppTest) -> str:
    """Everything a reader reads, charts included."""
    bodies = [h.proto.body for h in app.get("html") if "class='kw" in h.proto.body]
    plain = [unescape(re.sub(r"<style>.*?</style>|<[^>]*>", " ", b, flags=re.DOTALL)) for b in bodies]
    said = [e.value for kind in (app.title, app.subheader, app.markdown, app.caption) for e in kind]
    titles = re.findall(r'"title": ?"(.*?)"', " ".join(c.proto.spec for c in app.get("vega_lite_chart")))
    return " ".join([*plain, *said, *(b.label for b in app.button), *(json.loads(f'"{t}"') for t in titles)])


def rows(app: AppTest) -> list[list[str]]:
    """The cells of the page's table, row by row."""
    bodies = [h.proto.body for h in app.get("html") if "class='kw-known'" in h.proto.body]
    found = [re.findall(r"<td.*?>(.*?)</td>", row) for body in bodies for row in re.findall(r"<tr.*?</tr>", body)]
    return [[unescape(cell) for cell in row] for row in found if row]


@pytest.mark.parametrize("test, report", list(tiny.REPORTS.items()))
@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_claim_comes_before_the_picture_and_the_figures(
    language: str, test: str, report: dict[str, Any], area: Area, data: Path
) -> None:
    tiny.keep(test, area, data, report=report)
    app = page(test, language)
    assert not app.exception and not app.error
    said = words(app)
    order = [said.index(x) for x in (tiny.CLAIM[language], validation.TESTS[test].reading.to(language))]
    assert order == sorted(order)
    assert app.subheader[0].value == validation.TESTS[test].question.to(language)
    charts = app.get("vega_lite_chart")
    assert len(charts) == (2 if test == "vacancy" else 1)
    assert "23 nov. 2026" in said or "23 Nov 2026" in said or "23 nov 2026" in said
    assert "squareville.osm.pbf" in said
    found = ENGLISH.findall(said)
    assert (found == []) if language == "nl" else found
    assert app.get("download_button")


def test_figures_stand_as_the_reader_writes_them(area: Area, data: Path) -> None:
    tiny.keep("footfall", area, data, report=tiny.FOOTFALL)
    model, premises, mean = rows(page("footfall", "nl"))
    assert model == ["drukte-index", "84 %", "0,80 (0,51 – 0,94)", "50 %", "0,42", "75 %", "3,5"]
    assert premises[:2] == ["handelspanden binnen 150 m", "77 %"]
    assert mean[1:3] == ["–", "–"]  # one figure for all streets has no order
    tiny.keep("vacancy", area, data, report=tiny.VACANCY)
    assert rows(page("vacancy"))[1] == ["with the vacancy next door", "75 % (69 – 79)", "63 %", "0.137", "0.08"]


def test_the_scatter_names_the_farthest_off_and_withholds_small_counts(area: Area, data: Path) -> None:
    tiny.keep("footfall", area, data, report=tiny.FOOTFALL)
    said = words(page("footfall"))
    assert "Ring: counted 400, estimated 1,600; Markt: counted 9,800, estimated 4,900" in said
    assert "2 counters with fewer than 30 persons or without an estimate are not drawn" in said
    assert "A counter hangs too far from the street." in said
    assert validation_footfall.rows(tiny.FOOTFALL)["counter"].tolist() == ["Markt", "Ring"]


@pytest.mark.parametrize(
    "language, claims_nothing, table",
    [
        (
            "nl",
            "Beweer niets voor bakkerij: hun interval",
            ["branchegeschiktheid", "70,3 (68,3 – 72,3)", "30 % (27 – 33)"],
        ),
        (
            "en",
            "Claim nothing for bakery: their interval",
            ["branch suitability", "70.3 (68.3 – 72.3)", "30 % (27 – 33)"],
        ),
    ],
)
def test_branches_that_chance_explains_are_named_and_not_claimed(
    language: str, claims_nothing: str, table: list[str], area: Area, data: Path
) -> None:
    tiny.keep("sites", area, data, report=tiny.SITES)
    app = page("sites", language)
    assert claims_nothing in words(app)
    assert rows(app)[0][:3] == table
    assert ("7,2 punten" if language == "nl" else "7.2 points") in words(app)
    spec = app.get("vega_lite_chart")[0].proto.spec
    assert spec.index("(38)") < spec.index("(22)")  # best first


def test_a_town_without_a_weak_branch_says_so(area: Area, data: Path) -> None:
    tiny.keep("sites", area, data, report=tiny.SITES | {"branches": tiny.SITES["branches"][1:]})  # type: ignore[index]
    said = words(page("sites"))
    assert "better than chance here" in said and "Claim nothing" not in said


def test_the_reliability_download_holds_every_class(area: Area) -> None:
    found = validation_vacancy.rows(tiny.VACANCY)
    assert found["n"].tolist() == [80, 1020] * 3
    assert (found["low"] <= found["observed"]).all() and (found["observed"] <= found["high"]).all()


@pytest.mark.parametrize(
    "test, language, why",
    [
        ("footfall", "nl", "0 tellers zijn te weinig"),
        ("footfall", "en", "0 counters are too few"),
        ("sites", "en", "100 premises"),
        ("vacancy", "nl", "minstens 30 leegstaande"),
        ("vacancy", "en", "30 vacant and 30 occupied"),
    ],
)
def test_too_little_data_is_said_without_a_button_or_an_alarm(test: str, language: str, why: str, data: Path) -> None:
    app = page(test, language)
    assert not app.exception and not app.error and not app.warning
    assert why in words(app)
    assert not [b for b in app.button if b.key.startswith("run_")]
    kept = json.loads(next((data / "validation").rglob(f"{test}.json")).read_text("utf-8"))
    assert set(kept["refused"]) == {"nl", "en"}


def test_a_test_runs_in_a_process_of_its_own_and_its_report_is_kept(
    area: Area, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real command, on a town with too little data: what it keeps is the refusal."""
    monkeypatch.setattr(reports, "too_little", lambda *_: False)
    app = page("vacancy")
    button = app.button(key="run_vacancy")
    assert not button.disabled
    button.click().run()
    key = AreaKey(area.id, area.version)
    run = validation_runs.of("vacancy", key)
    assert run is not None
    if run.running:
        assert "Testing" in " ".join(str(p.proto) for p in app.get("progress"))
    run.process.wait(60)
    assert "too little" in words(app.run()).lower()
    assert "30 vacant and 30 occupied" in words(app)
    assert (data / "validation" / area.id / area.version / "vacancy.json").exists()
    del validation_runs._runs["vacancy", key]


def test_a_test_that_breaks_down_says_so_and_can_be_tried_again(
    area: Area, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "too_little", lambda *_: False)
    key = AreaKey(area.id, area.version)

    class Broken:
        def poll(self) -> int:
            return 1

    run = validation_runs.Run(Broken(), time.time(), data / "x.log")  # type: ignore[arg-type]
    monkeypatch.setitem(validation_runs._runs, ("sites", key), run)
    app = page("sites")
    assert "unexpectedly" in app.error[0].value and "x.log" in words(app)
    assert not app.button(key="run_sites").disabled


def test_only_one_test_runs_at_a_time(area: Area, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "too_little", lambda *_: False)

    class Busy:
        def poll(self) -> None:
            return None

    run = validation_runs.Run(Busy(), time.time(), data / "x.log")  # type: ignore[arg-type]
    monkeypatch.setitem(validation_runs._runs, ("sites", AreaKey("elsewhere", "1")), run)
    app = page("vacancy", "nl")
    assert app.button(key="run_vacancy").disabled
    assert "Er loopt al een toets" in words(app)
    validation_runs.start("vacancy", AreaKey(area.id, area.version))
    assert validation_runs.of("vacancy", AreaKey(area.id, area.version)) is None


def test_the_sample_says_that_its_counts_are_simulated(area: Area, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tiny.keep("footfall", area, data, report=tiny.FOOTFALL)
    monkeypatch.setattr(Area, "sample", property(lambda _self: True))
    said = words(page("footfall", "nl"))
    assert "Voorbeeldgegevens" in said and "gesimuleerde wandelaars" in said


def test_the_words_hold_the_numbers_of_the_library() -> None:
    what = {name: test.what.to("en") for name, test in validation.TESTS.items()}
    assert f"within {footfall.BUFFER_M:.0f} m" in what["footfall"]
    assert f"into {vacancy.BLOCKS} parts" in what["vacancy"]


def test_leaving_the_chapter_leaves_the_choice_of_test_behind() -> None:
    app = open_page("method", "en", chapter="limits", test="vacancy")
    assert "test" not in app.query_params
