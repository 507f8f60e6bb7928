"""What the models know reaches who picks a place: which branches fit it, why, and how likely its units stand empty."""

import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tiny_reports as tiny
from pages_at_work import open_page
from streamlit.testing.v1 import AppTest

from geodata import hexgrid
from geodata.branches import read_branches
from geodata.language import Text
from geodata.store import Area, Store
from location_model import vacancy_risk
from location_model.branch_layer import LAYER
from location_model.branch_places import Suitability, fit_of
from location_model.validation.vacancy import usable_form
from pages.ui.vacancy_shown import _grouped

WITH = tiny.VACANCY
WITHOUT = tiny.VACANCY | {"with_neighbours": tiny.form([0.53, 0.47, 0.6])}
NEITHER = WITHOUT | {"without_neighbours": tiny.form([0.52, 0.5, 0.6])}


@pytest.fixture(autouse=True)
def data(quarters_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("KERNWIJZER_DATA", str(quarters_dir))
    yield quarters_dir
    shutil.rmtree(quarters_dir / "validation", ignore_errors=True)


@pytest.fixture(scope="module")
def area(quarters_dir: Path) -> Area:
    return Store(quarters_dir).open("quarters")


@pytest.fixture(scope="module")
def fitted(area: Area) -> Suitability:
    return fit_of(area, read_branches())


@pytest.fixture
def ten_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """Quarters has 16 vacant units."""
    monkeypatch.setattr(vacancy_risk, "LEAST", 10)


def cells_of(area: Area, ids: Any) -> list[str]:
    """The cell of each unit."""
    premises = area.tables.premises.set_index("id").loc[list(ids)].to_crs(4326).geometry
    return hexgrid.cells_at(premises.x.to_numpy(), premises.y.to_numpy(), area.study.resolution)


def bars(app: AppTest) -> list[list[tuple[str, str, str]]]:
    """The bars of each block: name, figure, what stands under it."""
    bodies = [h.proto.body for h in app.get("html") if "class='kw-bars'" in h.proto.body]
    row = re.compile(r'<b>(.*?)</b><span>(.*?)</span>.*?<div class="soft">(.*?)</div>')
    return [[(unescape(a), plain(unescape(b)), unescape(c)) for a, b, c in row.findall(body)] for body in bodies]


def plain(text: str) -> str:
    """With ordinary spaces."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


def links(app: AppTest) -> list[str]:
    """Where the links of the page lead."""
    return [p.proto.query_string for p in app.get("page_link")]


def said(app: AppTest) -> str:
    return " ".join([*(m.value for m in app.markdown), *(c.value for c in app.caption)])


def expected(fitted: Suitability, unit: str, language: str) -> list[tuple[str, str, str]]:
    """The branches of a unit as the library gives them."""
    row = np.flatnonzero((fitted.town.area.tables.premises["id"] == unit).to_numpy())
    names, rows = read_branches(), []
    for fit in fitted.best(fitted.town.units(row)):
        if fit.suitability >= 0.5:
            name = names.get(fit.branch).name(language)
            why = "; ".join(r.text.to(language) for r in fit.reasons)
            figure = f"{100 * fit.suitability:.0f} %"
            rows.append((name.capitalize(), figure, f"{why[:1].upper()}{why[1:]}."))
    return rows


@pytest.mark.parametrize(
    ("language", "head", "learned"),
    [
        ("nl", "Welke branches passen hier: ", "Geleerd uit waar de zaken van deze gemeente zitten"),
        ("en", "Which branches fit here: ", "Learned from where shops are in this town"),
    ],
)
@pytest.mark.parametrize("page", ["explore", "suggest"])
def test_a_vacant_unit_says_which_branches_fit_it(
    page: str, language: str, head: str, learned: str, area: Area, fitted: Suitability
) -> None:
    vacant = fitted.town.vacant().ids
    cells = cells_of(area, vacant)
    unit, cell = next((str(u), c) for u, c in zip(vacant, cells, strict=True) if cells.count(c) == 1)
    app = open_page(page, language, **({"cell": cell} if page == "explore" else {"vacant": "1", "site": unit}))
    assert not app.exception and not app.error
    assert head in said(app) and learned in said(app)
    assert bars(app)[0] == expected(fitted, unit, language)
    assert 1 < len(bars(app)[0]) <= 5
    assert any("chapter=validation" in link and "test=sites" in link for link in links(app))


def test_the_branch_that_was_asked_for_says_where_it_stands_or_that_nothing_may_be_claimed(
    area: Area, fitted: Suitability
) -> None:
    row = int(np.flatnonzero((area.tables.premises["id"] == fitted.town.vacant().ids[0]).to_numpy())[0])
    unit = str(fitted.town.vacant().ids[0])
    ranked = fitted.branches_for(fitted.town.units(np.array([row])))
    shown = [f.branch for f in fitted.best(fitted.town.units(np.array([row]))) if f.suitability >= 0.5]
    names = read_branches()
    last = next((str(b) for b in reversed(ranked.index) if b not in shown), None)
    if last is not None:
        told = said(open_page("suggest", "en", vacant="1", site=unit, branch=last))
        assert "the branch you asked about: suitability" in told
    unclaimed = next(b.id for b in names.branches if not fitted.claims.holds(b.id))
    app = open_page("suggest", "en", vacant="1", site=unit, branch=unclaimed)
    assert fitted.claims.told(unclaimed).to("en") in said(app)
    if shown:
        app = open_page("suggest", "en", vacant="1", site=unit, branch=shown[0])
        assert "the branch you asked about" not in said(app)


def test_each_vacant_unit_of_a_place_can_be_asked() -> None:
    def script() -> None:
        import pandas as pd
        import streamlit as st

        from pages.ui.place import to_fit

        units = pd.DataFrame({"id": list("abc"), "state": ["vacant", "occupied", "vacant"], "address": "Laan 1"})
        st.write(to_fit(None, pd.Index([]), units))  # type: ignore[arg-type]

    app = AppTest.from_function(script).run()
    assert app.selectbox(key="fit_unit").options == ["Laan 1"] * 2
    assert app.markdown[0].value == "a"
    assert app.selectbox(key="fit_unit").select_index(1).run().markdown[0].value == "c"


def test_a_cell_without_a_vacant_unit_is_judged_as_a_spot(area: Area, fitted: Suitability) -> None:
    vacant = set(cells_of(area, fitted.town.vacant().ids))
    places = fitted.town.cells()
    cell = next(c for c in cells_of(area, fitted.town.known.ids) if c not in vacant)
    found = fitted.best(places, int(places.ids.get_loc(cell)))
    app = open_page("explore", "en", cell=cell)
    assert [bar[1] for bar in bars(app)[0]] == [f"{100 * f.suitability:.0f} %" for f in found if f.suitability >= 0.5]


@pytest.mark.parametrize(("language", "why"), [("nl", "te weinig handelspanden"), ("en", "too few premises to say")])
@pytest.mark.parametrize("page", ["explore", "suggest"])
def test_too_small_a_town_says_so_in_one_calm_line(
    page: str, language: str, why: str, squareville_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KERNWIJZER_DATA", str(squareville_dir))
    town = Store(squareville_dir).open("squareville")
    vacant = town.tables.premises.loc[town.tables.premises["state"] == "vacant", "id"].iloc[0]
    (cell,) = cells_of(town, [vacant])
    app = open_page(page, language, **({"cell": cell} if page == "explore" else {"vacant": "1", "site": vacant}))
    assert not app.exception and not app.error and not app.warning
    assert sum(why in c.value for c in app.caption) == 1
    assert bars(app) == []


def test_without_a_choice_the_page_of_vacant_units_says_what_to_do() -> None:
    assert "Kies een pand" in said(open_page("suggest", "nl", vacant="1"))
    assert "Kies een pand" not in said(open_page("suggest", "nl"))
    assert bars(open_page("suggest", "nl", vacant="1", site="8b19587a5af1fff")) == []  # a cell of another town


@pytest.mark.parametrize(("language", "why"), [("nl", "te weinig panden van deze branche"), ("en", "too few premises")])
def test_where_suitability_does_not_count_the_weights_say_so_once(language: str, why: str) -> None:
    def weights(branch: str, **linked: str) -> AppTest:
        app = open_page("suggest", language, branch=branch, **linked)
        app.session_state["weights"] = True
        return app.run()

    app = weights("vehicles")
    slider = app.slider(key=f"vehicles.{LAYER.name}")
    assert slider.disabled and slider.value == 0 and why in slider.proto.help
    assert sum(why in c.value for c in app.caption) == 1
    linked = weights("vehicles", **{f"vehicles.{LAYER.name}": "2"})
    assert not linked.slider(key=f"vehicles.{LAYER.name}").disabled  # or it could not be taken back
    claimed = weights("bakery")
    assert not claimed.slider(key=f"bakery.{LAYER.name}").disabled
    assert not any(why in c.value for c in claimed.caption)


def test_the_facts_of_a_place_do_not_call_an_unclaimed_branch_missing_data(area: Area, fitted: Suitability) -> None:
    (cell,) = cells_of(area, [fitted.town.known.ids[0]])
    facts = next(
        h.proto.body
        for h in open_page("explore", "en", cell=cell, branch="vehicles").get("html")
        if "class='kw-facts'" in h.proto.body
    )
    assert "too few premises of this branch" in facts


def place_with_units(area: Area) -> str:
    """The cell with the most units."""
    return max(cells := cells_of(area, area.tables.premises["id"]), key=cells.count)


@pytest.mark.parametrize(("report", "with_neighbours"), [(WITH, True), (WITHOUT, False)])
def test_vacancy_risk_is_shown_in_the_form_that_beats_chance(
    report: dict[str, Any], with_neighbours: bool, area: Area, data: Path, ten_will_do: None
) -> None:
    tiny.keep("vacancy", area, data, report=report)
    cell = place_with_units(area)
    app = open_page("explore", "nl", cell=cell)
    assert not app.exception and not app.error
    risk = vacancy_risk.risk(area, with_neighbours=with_neighbours)
    here = risk[[c == cell for c in cells_of(area, risk.index)]]
    table = app.dataframe[0].value
    told = [f"{100 * r.probability:.0f} % ({100 * r.low:.0f} – {100 * r.high:.0f})" for r in here.itertuples()]
    assert sorted(plain(x) for x in table["Leegstandsrisico"]) == sorted(told)
    shown = bars(app)[-1]
    highest = here.sort_values("probability", ascending=False).head(3)
    assert [figure for _, figure, _ in shown] == [
        f"{100 * r.probability:.0f} % (tussen {100 * r.low:.0f} en {100 * r.high:.0f} %)" for r in highest.itertuples()
    ]
    assert any("chapter=validation" in link and "test=vacancy" in link for link in links(app))


def test_reasons_that_pull_one_way_stand_together() -> None:
    up, down = "raises the risk: {fact}", "lowers the risk: {fact}"
    given = [(up, "a"), (down, "b"), (up, "c")]
    found = _grouped([Text(message, (("fact", Text(fact)),)) for message, fact in given])
    assert [x.partition(": ")[2] for x in found] == ["a, c", "b"]


@pytest.mark.parametrize(
    ("language", "why"), [("nl", "onderscheidt het model leegstaande panden niet"), ("en", "no better than chance")]
)
def test_a_model_that_does_not_beat_chance_gives_one_line(
    language: str, why: str, area: Area, data: Path, ten_will_do: None
) -> None:
    tiny.keep("vacancy", area, data, report=NEITHER)
    app = open_page("explore", language, cell=place_with_units(area))
    assert sum(why in c.value for c in app.caption) == 1
    assert not {"Leegstandsrisico", "Vacancy risk"} & set(app.dataframe[0].value.columns)
    assert not any("test=vacancy" in link for link in links(app))


def test_too_few_vacant_units_are_said_without_a_button(area: Area) -> None:
    app = open_page("explore", "en", cell=place_with_units(area))
    assert "needs 30 vacant and 30 occupied units" in said(app) and not app.error
    assert not [b for b in app.button if b.key == "run_vacancy"]


def test_where_nobody_tested_the_test_is_offered(area: Area, ten_will_do: None) -> None:
    app = open_page("explore", "en", cell=place_with_units(area))
    assert "once a test has told" in said(app)
    assert not app.button(key="run_vacancy").disabled
    assert "Vacancy risk" not in app.dataframe[0].value.columns


def test_only_a_whole_interval_above_chance_makes_a_form_usable() -> None:
    assert [usable_form(report) for report in (WITH, WITHOUT, NEITHER)] == [
        "with_neighbours",
        "without_neighbours",
        None,
    ]
