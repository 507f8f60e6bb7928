"""The page `count`: where to count, the form, and what came of it; a number only where somebody counted."""

import datetime
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from pages_at_work import deck, open_page
from streamlit.testing.v1 import AppTest
from towns import degrees

from geodata import hexgrid
from geodata.store import Area
from location_model.count_plan import plan_counts
from location_model.own_counts import OwnCount, file_of, read_own_counts, save


@pytest.fixture(autouse=True)
def _data(squareville_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("KERNWIJZER_DATA", str(squareville_dir))
    yield
    shutil.rmtree(squareville_dir / "own_counts", ignore_errors=True)


def texts(app: AppTest) -> str:
    """Everything a reader sees, in one."""
    drawn = [*app.markdown, *app.caption, *app.title, *app.subheader, *app.success, *app.error, *app.warning]
    return " ".join([*(str(d.value) for d in drawn), *(h.proto.body for h in app.get("html"))])


def noon(name: str, x: float, y: float, persons: int, kind: str = "ordinary", key: str = "a") -> OwnCount:
    lng, lat = degrees(x, y)
    return OwnCount(key, name, lng, lat, datetime.datetime(2026, 11, 19, 12, 0), 15, persons, kind)


@pytest.mark.parametrize(
    ("language", "title", "reason"),
    [
        ("nl", "Hoeveel mensen komen hier voorbij? Tel het zelf", "Dat weet alleen wie telt"),
        ("en", "How many people pass here? Count it yourself", "Only somebody who counts knows that"),
    ],
)
def test_the_page_says_why_where_and_when(area: Area, language: str, title: str, reason: str) -> None:
    app = open_page("count", language)
    assert not app.exception
    assert [t.value for t in app.title] == [title]
    told = texts(app)
    assert reason in told
    plan = plan_counts(area)
    assert all(spot.street in told for spot in plan)
    pins = next(layer for name, layer in deck(app).items() if name.startswith("pins"))["data"]
    assert [p["r"] for p in pins] == [str(i + 1) for i in range(len(plan))]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_sheet_names_every_place_and_needs_nothing_else(area: Area, language: str) -> None:
    app = AppTest.from_function(_sheet, kwargs={"language": language})
    app.run(timeout=30)
    assert not app.exception
    sheet = app.session_state["sheet"]
    plan = plan_counts(area)
    assert all(spot.street in sheet for spot in plan)
    assert sheet.count("<article>") == sheet.count("<svg") == len(plan)
    assert sheet.count("<section>") == -(-len(plan) // 4)
    assert f'<html lang="{language}">' in sheet
    assert not re.search(r"(?:src|href|url)\s*[=(]", sheet)
    assert {"nl": "Weer:", "en": "Weather:"}[language] in sheet


def _sheet(language: str) -> None:
    import streamlit as st

    from pages.ui import cache, count_places, count_sheet

    st.session_state["lang"] = language
    key = cache.current("squareville")
    st.session_state["sheet"] = count_sheet.sheet(cache.area(key), count_places.spots(key))


def test_a_count_from_paper_is_kept_and_told(squareville_dir: Path) -> None:
    app = open_page("count", "nl", step="form", way="paper")
    app.date_input(key="paper_date").set_value(datetime.date(2026, 11, 19))
    app.time_input(key="paper_time").set_value(datetime.time(15, 30))
    app.button(key="paper_save").click().run()
    assert "0 is ook een telling" in texts(app)
    assert read_own_counts(squareville_dir, "squareville").counts == ()
    app.number_input(key="paper_persons").set_value(84)
    app.button(key="paper_save").click().run()
    assert not app.exception
    (kept,) = read_own_counts(squareville_dir, "squareville").counts
    assert (kept.pedestrians, kept.minutes, kept.start) == (84, 15, datetime.datetime(2026, 11, 19, 15, 30))
    assert re.search(r"84 voetgangers in 15 minuten, .*Deze straat nu: tussen [\d.]+ en [\d.]+", texts(app))


def test_what_the_browser_sends_is_kept(squareville_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: dict[str, object] = {}

    def draw(*, key: str, on_save: object, kept: str, place: str, **_other: object) -> None:
        import streamlit as st

        if sent.get("value") and not kept:
            st.session_state[key] = SimpleNamespace(saved=sent["value"])
            on_save()
            sent["kept"] = place

    monkeypatch.setattr("pages.ui.count_tally.counter", draw)
    app = open_page("count", "en", step="form", day="event")
    sent["value"] = {"key": "k1", "start": "2026-11-19T12:05", "minutes": 15, "persons": 61}
    app.run()
    assert not app.exception
    (count,) = read_own_counts(squareville_dir, "squareville").counts
    assert (count.key, count.pedestrians, count.day_kind, count.place) == ("k1", 61, "event", sent["kept"])
    assert "kept apart from ordinary days" in texts(app)


@pytest.mark.parametrize("wrong", [{}, {"key": "k", "start": "now", "minutes": 15, "persons": 1}, "text", None])
def test_nonsense_from_a_browser_is_refused(wrong: object) -> None:
    from geodata.errors import GeodataError
    from pages.ui import count_tally

    with pytest.raises(GeodataError, match="no count"):
        count_tally.read(wrong)


def test_another_street_is_found_by_its_address(area: Area) -> None:
    app = open_page("count", "nl", step="form", spot="other")
    assert "Typ waar u staat" in texts(app)
    app.text_input(key="count_search").set_value("Marktstraat 120").run()
    assert not app.exception
    assert "U staat bij **Marktstraat" in texts(app)
    lng, lat = degrees(300, 375)
    cell = hexgrid.cells_at([lng], [lat], area.study.resolution)[0]
    linked = open_page("count", "nl", step="form", spot="other", here=cell)
    assert f"U staat bij **{area.cell_names[cell]}**" in texts(linked)


def test_without_counts_there_is_a_first_step() -> None:
    app = open_page("count", "nl", step="results")
    assert "Hier telde nog niemand" in texts(app)
    app.button(key="count_first").click().run()
    assert [t.value for t in app.title] == ["Tel wie voorbijkomt"]


def test_what_came_in_is_changed_taken_away_and_put_back(squareville_dir: Path) -> None:
    save(squareville_dir, "squareville", noon("Marktstraat", 900, 900, 120))
    save(squareville_dir, "squareville", noon("Dwarsstraat 4", 300, 300, 40, key="b"))
    app = open_page("count", "nl", step="results")
    assert not app.exception
    told = texts(app)
    assert "2 tellingen, samen 160 voetgangers" in told
    assert "eerst tellen" in told  # before
    assert re.search(r"tussen [\d.]+ en [\d.]+", told)  # now
    assert "waarvan 2 met de hand" in told
    app.button(key="count_edit_a").click().run()
    app.number_input(key="edit_persons").set_value(130)
    app.button(key="edit_save").click().run()
    assert {c.pedestrians for c in read_own_counts(squareville_dir, "squareville").counts} == {130, 40}
    app.button(key="count_edit_a").click().run()
    app.button(key="edit_remove").click().run()
    assert [c.key for c in read_own_counts(squareville_dir, "squareville").counts] == ["b"]
    app.button(key="count_back").click().run()
    assert not app.exception
    assert {c.pedestrians for c in read_own_counts(squareville_dir, "squareville").counts} == {130, 40}


def test_special_days_alone_give_no_number(squareville_dir: Path) -> None:
    save(squareville_dir, "squareville", noon("Marktstraat", 900, 900, 400, "market"))
    told = texts(open_page("count", "nl", step="results"))
    assert "Tot nu toe zijn alleen bijzondere dagen geteld" in told


def test_a_damaged_file_is_said_and_the_map_goes_on(area: Area, squareville_dir: Path) -> None:
    path = file_of(squareville_dir, "squareville")
    path.parent.mkdir(exist_ok=True)
    path.write_text("a;b\r\n1;2\r\n")
    app = open_page("count", "nl", step="results")
    assert "kan niet gelezen worden" in texts(app)
    lng, lat = degrees(900, 900)
    cell = hexgrid.cells_at([lng], [lat], area.study.resolution)[0]
    explore = open_page("explore", "nl", cell=cell)
    assert not explore.exception
    assert "vraagt een telling" in texts(explore)


def test_the_panel_of_a_place_has_a_number_only_after_a_count(area: Area, squareville_dir: Path) -> None:
    lng, lat = degrees(900, 900)
    cell = hexgrid.cells_at([lng], [lat], area.study.resolution)[0]
    before = texts(open_page("explore", "nl", cell=cell))
    assert "vraagt een telling" in before
    assert "A1" in before
    assert "drukker dan" in before
    assert "Duitse winkelstraten" in before
    assert "passanten per dag," not in before
    save(squareville_dir, "squareville", noon("Marktstraat", 905, 900, 120))
    after = texts(open_page("explore", "nl", cell=cell))
    assert "vraagt een telling" not in after
    assert re.search(r"Tussen [\d.]+ en [\d.]+ passanten per dag", after)
    assert "gekalibreerd met 1 teller, waarvan één met de hand".capitalize() in after
    quiet = hexgrid.cells_at(*([at] for at in degrees(900, 75)), area.study.resolution)[0]
    told = texts(open_page("explore", "nl", cell=quiet))
    assert "in een straat die zo rustig is, telde nog niemand" in told
    assert not re.search(r"Tussen [\d.]+ en [\d.]+ passanten per dag", told)
