"""The page `method` says how numbers come about from the declarations themselves, and its worked example adds up."""

import re
from html import unescape
from pathlib import Path

import pytest
from pages_at_work import open_page
from streamlit.testing.v1 import AppTest

from geodata.branches import read_branches
from geodata.errors import GeodataError
from geodata.sources.catalogue import SOURCES
from geodata.store import Area
from location_model.layers import all_layers, layer_named
from location_model.presets import LABEL, preset
from location_model.score import LEAST_COVERAGE, score_area
from location_model.spending import read_spending, write_spending
from location_model.suggest import suggest
from location_model.surveyed import Surveyed, keep_surveyed
from pages.ui import explained

pytestmark = pytest.mark.usefixtures("squareville_app")

CHAPTERS = ("steps", "layers", "weights", "example", "demand", "ground", "limits")
ENGLISH = re.compile(r"\b(the|where|within|known|what|streets?|weight|from|which|place|not|score of)\b")
"""Words that no Dutch text has."""


def words(app: AppTest) -> str:
    """Everything a reader reads on the page itself."""
    drawn = [h.proto.body for h in app.get("html") if "<style>" not in h.proto.body or "class='kw" in h.proto.body]
    plain = [unescape(re.sub(r"<style>.*?</style>|<[^>]*>", " ", body, flags=re.DOTALL)) for body in drawn]
    said = [e.value for kind in (app.title, app.subheader, app.markdown, app.caption) for e in kind]
    return " ".join([*plain, *said, *(m.label for m in app.metric)])


def rows(app: AppTest) -> list[list[str]]:
    """The cells of the page's tables, row by row."""
    bodies = [h.proto.body for h in app.get("html") if "class='kw-known'" in h.proto.body]
    return [re.findall(r"<td.*?>(.*?)</td>", row) for body in bodies for row in re.findall(r"<tr.*?</tr>", body)]


@pytest.mark.parametrize("chapter", CHAPTERS)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_chapter_opens_from_a_link_in_both_languages(language: str, chapter: str) -> None:
    app = open_page("method", language, chapter=chapter)
    assert not app.exception
    assert not app.error
    assert app.title[0].value == ("Hoe is dit berekend?" if language == "nl" else "How is this computed?")
    found = ENGLISH.findall(words(app))
    assert (found == []) if language == "nl" else found


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_layer_stands_in_the_table_with_its_unit(language: str) -> None:
    app = open_page("method", language, chapter="layers")
    listed = [(unescape(r[0]), unescape(r[2])) for r in rows(app) if r]
    assert listed == [(x.title.to(language), x.unit.to(language)) for x in all_layers()]


@pytest.mark.parametrize("name", [x.name for x in all_layers()])
def test_a_link_to_a_layer_opens_it_with_what_it_declares(name: str) -> None:
    app = open_page("method", "nl", layer=name)
    assert not app.exception
    layer = layer_named(name)
    assert app.subheader[0].value == layer.title.to("nl")
    assert app.subheader[0].anchor == name
    said = words(app)
    assert layer.method.to("nl") in said
    assert layer.unit.to("nl") in said
    branches = read_branches()
    for need in explained.needs(layer, branches):
        far = f"{need.within:.0f} m" if need.mode == "walk" else f"{need.within / 60:.0f} minuten"
        assert far in said
    assert "Straten, winkels, gebouwen (ODbL" in said


def test_leaving_the_layers_leaves_the_link_behind() -> None:
    app = open_page("method", "en", layer="car_parking", chapter="steps")
    assert "layer" not in app.query_params
    assert "1. Sources" in words(app)


def test_the_branch_shows_its_weights_functions_and_reason() -> None:
    app = open_page("method", "en", chapter="weights", branch="clothes")
    start = preset("clothes", read_branches())
    assert any(LABEL.to("en") in m.value and start.reasoning.to("en") in m.value for m in app.markdown)
    shown = {unescape(r[0]): (r[1], unescape(r[3])) for r in rows(app) if r}
    assert len(shown) == len(start.profile.criteria)
    for c in start.profile.criteria:
        weight, points = shown[layer_named(c.layer).title.to("en")]
        assert float(weight) == pytest.approx(c.weight, abs=0.051)
        pairs = [p.replace(",", "").split(" → ") for p in points.split(";")]
        assert [(float(x), float(v)) for x, v in pairs] == [
            (pytest.approx(x, abs=0.051), pytest.approx(100 * v, abs=0.51)) for x, v in c.value.points
        ]


def test_the_worked_example_is_the_first_suggestion_and_adds_up(area: Area) -> None:
    profile = preset("bakery", read_branches()).profile
    scored = score_area(area, read_branches(), profile)
    first = suggest(area, scored, n=1).sites[0]
    app = open_page("method", "en", chapter="example", branch="bakery")
    assert app.subheader[0].value.endswith(first.site.name)
    shown = [r for r in rows(app) if r]
    parts, total = shown[:-1], shown[-1]
    assert len(parts) == len(profile.criteria)
    known = [r for r in parts if not r[3].startswith("(")]
    assert 0 < len(known) < len(parts)  # no timetable was given
    assert all(r[1] == "not known" and r[4] == "–" for r in parts if r not in known)
    assert float(total[4]) == pytest.approx(first.score, abs=0.006)
    assert sum(float(r[4]) for r in known) == pytest.approx(first.score, abs=0.006 * len(known))
    told = sum(float(r[3]) for r in known)
    assert float(total[3]) == pytest.approx(told, abs=0.01)
    for r in known:  # the formula on the page, with the numbers on the page
        assert float(r[4]) == pytest.approx(float(r[3]) * float(r[2]) / told, abs=0.06)
    score, coverage = (x.value for x in app.get("latex")[-2:]) if app.get("latex") else ("", "")
    formulas = " ".join([score, coverage, words(app)])
    assert f"{first.score:.1f}" in formulas
    assert f"{round(100 * first.coverage)}" in formulas
    assert first.coverage >= LEAST_COVERAGE


def test_the_ground_is_counted() -> None:
    app = open_page("method", "en", chapter="ground")
    assert {m.label for m in app.metric} == {
        "Hexagons",
        "without a street near by",
        "too close to the end of the data",
        "in the core",
    }
    said = words(app)
    assert "EPSG:3812" in said
    assert "4.8 km/h, which is 80 m a minute" in said
    size = float(re.search(r"measures ([\d,]+) m²", said)[1].replace(",", ""))  # type: ignore[index]
    assert size == pytest.approx(1840, abs=40)


def test_limits_and_licences_are_named() -> None:
    app = open_page("method", "nl", chapter="limits")
    said = words(app)
    assert "nooit juridisch advies" in said
    assert "De score kent geen huur en geen omzet" in said
    table = app.dataframe[0].value
    assert table["Bron"].tolist() == [s.title.to("nl") for s in SOURCES]
    assert table.loc[table["Hier gebruikt"], "Bron"].tolist() == ["Straten, winkels, gebouwen"]
    assert "ODbL 1.0 (© OpenStreetMap)" in table["Licentie"].tolist()


def test_an_area_without_any_place_says_so(squareville_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from location_model.suggest import Suggestions
    from pages.ui import answers

    monkeypatch.setattr(answers, "answer", lambda *_args, **_how: Suggestions("core", (), ()))
    for chapter in ("steps", "example"):
        app = open_page("method", "en", chapter=chapter)
        assert not app.exception
        assert "No place" in words(app)


def test_a_value_of_spending_is_kept_with_its_source_and_taken_back(
    squareville_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "areas").symlink_to(squareville_dir / "areas")
    monkeypatch.setenv("KERNWIJZER_DATA", str(tmp_path))
    rows = [r | ({"value": "250", "source": "survey"} if r["branch"] == "bakery" else {}) for r in read_spending()]
    with pytest.raises(GeodataError):
        write_spending(rows, tmp_path)  # 250 is no share
    rows = read_spending()
    rows[[r["branch"] for r in rows].index("bakery")] |= {"value": "251", "source": "survey 2025"}
    write_spending(rows, tmp_path)
    app = open_page("method", chapter="demand", branch="bakery")
    table = app.dataframe[0].value if app.dataframe else app.get("arrow_data_frame")[0].value
    assert 251 in table["value"].tolist() and "survey 2025" in table["source"].tolist()
    [back] = [b for b in app.button if b.label == "Back to the table of Kernwijzer"]
    back.click().run()
    assert not app.exception and not (tmp_path / "spending.csv").exists()
    assert (tmp_path / "spending.csv.before").exists()


@pytest.mark.parametrize(("language", "stays"), [("nl", "Blijft"), ("en", "Stays")])
def test_retention_is_worked_out_when_asked(language: str, stays: str) -> None:
    app = open_page("method", language, chapter="demand")
    [work] = [b for b in app.button if b.label in ("Work it out", "Bereken")]
    work.click().run()
    assert not app.exception and not app.error
    assert any("<th" in h.proto.body and stays in h.proto.body for h in app.get("html"))


def test_a_survey_stands_beside_the_model_that_is_calibrated_to_it(
    squareville_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "areas").symlink_to(squareville_dir / "areas")
    monkeypatch.setenv("KERNWIJZER_DATA", str(tmp_path))
    keep_surveyed("squareville", {"convenience": Surveyed(0.71, "2023", "survey of the town")}, tmp_path)
    app = open_page("method", "en", chapter="demand")
    [work] = [b for b in app.button if b.label == "Work it out"]
    work.click().run()
    [table] = [h.proto.body for h in app.get("html") if "Model alone" in h.proto.body]
    assert "71 % (2023)" in table and not app.exception
    (tmp_path / "retention.csv").write_text("broken", "utf-8")
    app = open_page("method", "en", chapter="demand")
    [work] = [b for b in app.button if b.label == "Work it out"]
    work.click().run()
    assert not app.exception and app.error
