"""The page `suggest` says what the library says, in both languages, and keeps what was chosen."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pages_at_work import deck, open_page, places

from geodata.branches import read_branches
from geodata.store import Area, Store
from location_model.presets import preset
from location_model.profile import ValueFunction
from location_model.score import score_area
from location_model.suggest import Suggestions, suggest
from pages.ui import mapdata


@pytest.fixture(autouse=True)
def _data(squareville_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERNWIJZER_DATA", str(squareville_dir))


@pytest.fixture(scope="module")
def area(squareville_dir: Path) -> Area:
    return Store(squareville_dir).open("squareville")


def said(
    area: Area, branch: str, within: str = "core", *, vacant: bool = False, weights: dict[str, float] | None = None
) -> Suggestions:
    """What the library answers."""
    profile = preset(branch, read_branches()).profile
    profile = replace(profile, limits=replace(profile.limits, within=within)).with_weights(weights or {})
    return suggest(area, score_area(area, read_branches(), profile), n=10, vacant=vacant)


@pytest.mark.parametrize(("language", "title"), [("nl", "Waar past uw zaak?"), ("en", "Where does your shop belong?")])
def test_the_list_is_what_suggest_answers(area: Area, language: str, title: str) -> None:
    app = open_page("suggest", language)
    assert not app.exception
    assert [t.value for t in app.title] == [title]
    answer = said(area, "bakery")
    shown = places(app)["places"]
    assert [(p["rank"], p["name"], p["why"]) for p in shown] == [
        (str(s.rank), s.site.name, s.why.to(language)) for s in answer.sites
    ]
    for place, site in zip(shown, answer.sites, strict=True):
        assert sum(x or 0 for x in place["parts"]) == pytest.approx(site.score, abs=0.06 * len(place["parts"]))
    captions = " ".join(c.value for c in app.caption)
    assert answer.notes
    assert all(note.to(language) in captions for note in answer.notes)


def test_a_link_restores_every_choice(area: Area) -> None:
    link = {"branch": "clothes", "within": "all", "vacant": "1", "min": "50", "clothes.footfall_index": "0.5"}
    app = open_page("suggest", "nl", area="squareville", **link)
    assert not app.exception
    assert app.selectbox(key="branch").value == "clothes"
    assert app.toggle(key="vacant").value is True
    assert app.number_input(key="min").value == 50.0
    answer = said(area, "clothes", "all", vacant=True, weights={"footfall_index": 0.5})
    assert [p["id"] for p in places(app)["places"]] == [s.site.premises_id for s in answer.sites]
    assert {k: v[0] if isinstance(v, list) else v for k, v in app.query_params.items() if k in link} == link


def test_vacant_units_say_what_says_that_they_are_vacant() -> None:
    facts = [fact for p in places(open_page("suggest", "nl", vacant="1"))["places"] for fact in p["facts"]]
    assert {"leegstaand volgens shop=vacant", "leegstaand volgens disused:shop"} <= set(facts)


def test_the_table_is_the_list(area: Area) -> None:
    app = open_page("suggest", "nl")
    app.session_state["table"] = True
    app.run()
    table = app.dataframe[0].value
    answer = said(area, "bakery")
    assert table["Plek"].tolist() == [s.site.name for s in answer.sites]
    assert table["Score"].tolist() == pytest.approx([s.score for s in answer.sites], abs=0.051)
    parts = table.iloc[:, 4:].sum(axis=1)
    assert parts.tolist() == pytest.approx(table["Score"].tolist(), abs=0.6)


def test_a_slider_moves_list_and_map_and_says_what_rose(area: Area) -> None:
    app = open_page("suggest")
    before = deck(app)["colours"]
    app.session_state["weights"] = True
    app.run()
    app.slider(key="bakery.competition_shops").set_value(5.0).run()
    assert not app.exception
    answer = said(area, "bakery", weights={"competition_shops": 5.0})
    assert [p["id"] for p in places(app)["places"]] == [s.site.cell for s in answer.sites]
    assert any(c.value.startswith("Against the starting weights: ▲") for c in app.caption)
    after = deck(app)["colours"]
    assert after["data"] == before["data"]  # nothing but the expression travels
    assert after["getFillColor"] != before["getFillColor"]
    assert app.query_params["bakery.competition_shops"] in ("5", ["5"])


def test_the_way_back_leads_to_the_starting_weights(area: Area) -> None:
    app = open_page("suggest", **{"bakery.competition_shops": "5", "bakery.footfall_index.worth": "0:100,9:0"})
    app.session_state["weights"] = True
    app.run()
    start = [s.site.cell for s in said(area, "bakery").sites]
    assert [p["id"] for p in places(app)["places"]] != start
    app.button[0].click().run()
    assert [p["id"] for p in places(app)["places"]] == start
    assert not [k for k in app.query_params if k.startswith("bakery.")]


def test_breakpoints_in_a_link_change_what_a_value_is_worth(area: Area) -> None:
    app = open_page("suggest", **{"bakery.footfall_index.worth": "0:100,9:0"})
    profile = preset("bakery", read_branches()).profile
    worth = ValueFunction(((0.0, 1.0), (9.0, 0.0)))
    criteria = tuple(replace(c, value=worth) if c.layer == "footfall_index" else c for c in profile.criteria)
    answer = suggest(area, score_area(area, read_branches(), replace(profile, criteria=criteria)), n=10)
    assert [p["id"] for p in places(app)["places"]] == [s.site.cell for s in answer.sites]
    assert [p["score"] for p in places(app)["places"]] == [f"{s.score:.0f}" for s in answer.sites]
    assert answer.sites[0].score != pytest.approx(said(area, "bakery").sites[0].score, abs=1)


def test_the_expression_on_the_map_colours_by_the_score(area: Area) -> None:
    """Weighed by hand from the sub-scores, each cell falls in the class of its score; too little known is grey."""
    profile = preset("bakery", read_branches()).profile
    scored = score_area(area, read_branches(), profile)
    rows = mapdata.near_shops(area, None)
    assert 100 < len(rows) <= mapdata.NEAR_CELLS
    data = json.loads(
        mapdata.subscores(
            list(area.grid.index[rows]), list(area.cell_names.iloc[rows]), scored.inputs[:, rows],
            [c.value for c in profile.criteria],
        )
    )  # fmt: skip
    expression = deck(open_page("suggest", within="all"))["colours"]["getFillColor"]
    found = re.fullmatch(r"@@=\((.+?)\)<([\d.]+)\?\[.+?\]:\(\[\[.+\]\]\)\[\(\((.+)\)/\((.+)\)/100\)\|0\]", expression)
    assert found
    known, least, worth, weight = found.groups()
    assert known == weight
    grey = 0
    for row, i in zip(data, rows, strict=True):
        if eval(known, {}, row) < float(least):
            grey += 1
            assert np.isnan(scored.score[i])
        else:
            assert eval(f"({worth})/({weight})/10", {}, row) == pytest.approx(scored.score[i], abs=0.06)
    assert grey == int(np.isnan(scored.score[rows]).sum())


def test_a_place_chosen_by_link_is_marked_in_the_list_and_on_the_map(area: Area) -> None:
    third = said(area, "bakery").sites[2].site.cell
    app = open_page("suggest", site=third)
    assert places(app)["picked"] == third
    assert deck(app)["picked"]["data"] == [{"h": third}]
    assert f'id=="{third}"' in deck(app)["pins0"]["getBackgroundColor"]


def test_any_cell_can_be_asked_why(area: Area) -> None:
    answer = said(area, "bakery")
    other = next(c for c in reversed(area.study.cells) if c not in {s.site.cell for s in answer.sites})
    shown = places(open_page("suggest", site=other))["places"]
    assert [p["id"] for p in shown] == [other, *(s.site.cell for s in answer.sites)]
    assert shown[0]["rank"] == "•"


def test_nothing_to_weigh_is_said_without_a_traceback() -> None:
    layers = [c.layer for c in preset("bakery", read_branches()).profile.criteria]
    app = open_page("suggest", "nl", **{f"bakery.{layer}": "0" for layer in layers})
    assert not app.exception
    assert any("gewichten" in e.value for e in app.error)


def test_what_cannot_be_read_in_a_link_is_left_out(area: Area) -> None:
    app = open_page("suggest", area="atlantis", branch="castles", within="moon", **{"bakery.footfall_index": "lots"})
    assert not app.exception
    assert [p["id"] for p in places(app)["places"]] == [s.site.cell for s in said(area, "bakery").sites]


def test_must_haves_that_nothing_meets_are_said() -> None:
    app = open_page("suggest", vacant="1", max="1", min="1")
    assert not app.exception


def test_without_an_area_the_page_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERNWIJZER_DATA", str(tmp_path))
    for page in ("start", "suggest", "explore", "data"):
        app = open_page(page, "nl")
        assert not app.exception, page
        if page == "data":
            assert any(b.label == "Voorbeeldregio opbouwen" for b in app.button)
            continue
        assert [s.value for s in app.subheader] == ["Er is nog geen gebied opgebouwd"]
        assert any("python -m location_model sample" in c.value for c in app.code)
