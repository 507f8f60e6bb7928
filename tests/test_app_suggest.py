"""The page `suggest` says what the library says, in both languages, and keeps what was chosen."""

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pytest
from pages_at_work import deck, open_page, places

from geodata.branches import read_branches
from geodata.store import Area
from location_model.presets import preset
from location_model.profile import Limits, ValueFunction
from location_model.score import score_area, value_of
from location_model.suggest import Suggestions, suggest, ties
from pages.ui import mapdata
from pages.ui.places import facts, movement
from pages.ui.weights import undistinguished

pytestmark = pytest.mark.usefixtures("squareville_app")


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
        (str(s.rank), s.site.name, s.told.to(language)) for s in answer.sites
    ]
    for place, site in zip(shown, answer.sites, strict=True):
        assert sum(x or 0 for x in place["parts"]) == pytest.approx(site.score, abs=0.5 * len(place["parts"]))
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
    assert {"leegstaand volgens OpenStreetMap", "vroegere winkel volgens OpenStreetMap"} <= set(facts)
    assert "oppervlakte niet gekend" in facts
    assert not [fact for fact in facts if "shop=" in fact or "disused" in fact]


def test_a_floor_area_is_told_in_whole_square_metres_as_everywhere_else() -> None:
    area = SimpleNamespace(
        site=SimpleNamespace(vacant_by="", floor_area_m2=64.6, premises_id="way/1", rent_eur_per_year=None),
        coverage_told="9/9", others=(),
    )  # fmt: skip
    assert "ongeveer 65 m²" in facts(area, Limits())  # type: ignore[arg-type]


def test_the_list_says_how_many_fit_and_how_many_are_on_record(area: Area) -> None:
    answer = said(area, "bakery", vacant=True)
    app = open_page("suggest", "nl", vacant="1")
    heading = f"{len(answer.sites)} van {answer.fitting} leegstaande panden ({answer.on_record} in de kern)"
    assert places(app)["heading"] == heading
    assert places(open_page("suggest", "nl"))["heading"] == "De 5 beste plekken, minstens 120 m van elkaar"
    first = [s.rank for s in ties(answer.sites)[0]]
    assert first and places(app)["notes"] == [
        f"Op de score niet van nummer 1 te onderscheiden: {', '.join(map(str, first))}."
    ]
    ends = [(round(s.score_low or 0), round(s.score_high or 0)) for s in answer.sites]
    assert [tuple(p["ends"]) for p in places(app)["places"]] == ends


def test_more_places_are_shown_when_asked(area: Area) -> None:
    app = open_page("suggest", vacant="1", within="all", n="2")
    assert [p["rank"] for p in places(app)["places"]] == ["1", "2"]
    assert places(app)["more"] == "Show more"
    whole = suggest(
        area, score_area(area, read_branches(), preset("bakery", read_branches()).profile), n=99, vacant=True
    )
    app = open_page("suggest", vacant="1", n="99")
    assert len(places(app)["places"]) == len(whole.sites)
    assert places(app)["more"] == ""


def test_units_of_unknown_size_are_counted_and_can_be_hidden(area: Area) -> None:
    app = open_page("suggest", "nl", vacant="1")
    answer = said(area, "bakery", vacant=True)
    box = app.checkbox(key="known_m2")
    unknown = answer.unknown["floor_area_m2"]
    assert box.label.startswith(f"{unknown} van {answer.fitting} panden: oppervlakte niet gekend")
    box.check().run()
    assert not app.exception
    assert app.query_params["known_m2"] in ("1", ["1"])
    assert app.checkbox(key="known_m2").label == box.label  # still there, to be unticked
    shown = app.get("bidi_component")
    assert not shown or all("oppervlakte niet gekend" not in p["facts"] for p in places(app)["places"])


def test_the_button_says_how_many_must_haves_are_set() -> None:
    def label(**choices: str) -> str:
        return open_page("suggest", "nl", **choices).get("popover")[0].proto.popover.label

    assert label() == label(min="50") == "Vereisten"  # without units, floor areas do not count
    assert label(vacant="1", min="50") == "Vereisten (1)"
    assert label(vacant="1", min="50", max="90", known_m2="1") == "Vereisten (3)"


@pytest.fixture
def rented(area: Area, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The same town, where for one vacant unit 12,000 euros a year is asked: its id."""
    shutil.copytree(area.folder.parent, tmp_path / "areas" / area.id)
    table = tmp_path / "areas" / area.id / area.version / "tables" / "premises.parquet"
    unit = str(said(area, "bakery", vacant=True).sites[0].site.premises_id)
    premises = gpd.read_parquet(table)
    premises.assign(rent_eur_per_year=premises["id"].map({unit: 12_000.0})).to_parquet(table)
    monkeypatch.setenv("KERNWIJZER_DATA", str(tmp_path))
    return unit


def test_no_rent_is_asked_where_none_is_known(area: Area) -> None:
    app = open_page("suggest", "nl", vacant="1", max_rent="1", known_rent="1")
    assert any(c.value.startswith("Van geen enkel leegstaand pand is de huur gekend") for c in app.caption)
    assert "typed:max_rent" not in {t.key for t in app.text_input}
    assert "known_rent" not in {c.key for c in app.checkbox}
    assert len(places(app)["places"]) == len(said(area, "bakery", vacant=True).sites)


def test_a_highest_rent_leaves_out_what_asks_more_and_on_request_what_is_not_known(area: Area, rented: str) -> None:
    every = said(area, "bakery", vacant=True)
    app = open_page("suggest", "nl", vacant="1")
    shown = places(app)["places"]
    told = ["huur € 12.000 per jaar" in p["facts"] for p in shown]
    assert told == [s.site.premises_id == rented for s in every.sites]
    app.text_input(key="typed:max_rent").input("11.999").run()
    assert len(places(app)["places"]) == len(shown) - 1
    assert app.get("popover")[0].proto.popover.label == "Vereisten (1)"
    app.text_input(key="typed:max_rent").input("€ 12.000").run()
    box = app.checkbox(key="known_rent")
    assert box.label == f"{every.fitting - 1} van {every.fitting} panden: huur niet gekend – verberg ze"
    box.check().run()
    assert [p["rank"] for p in places(app)["places"]] == ["1"]
    assert app.checkbox(key="known_rent").label == box.label


def test_floor_areas_wait_for_units_and_say_so() -> None:
    app = open_page("suggest", "nl")
    assert app.number_input(key="min").disabled
    assert any("Alleen leegstaande panden" in c.value for c in app.caption)
    assert not open_page("suggest", "nl", vacant="1").number_input(key="min").disabled


def test_a_smallest_floor_area_above_the_largest_is_said() -> None:
    app = open_page("suggest", "nl", vacant="1", min="60", max="50")
    assert not app.exception
    assert [e.value for e in app.error] == [
        "de kleinste oppervlakte, 60 m², is groter dan de grootste, 50 m². "
        "Verklein de kleinste oppervlakte, of vergroot de grootste."
    ]
    assert app.number_input(key="min").value == 60.0  # and can be mended


def test_own_shops_keep_their_distance_and_rows_left_out_are_listed(area: Area, tmp_path: Path) -> None:
    site = said(area, "bakery", "all", vacant=True).sites[0].site
    rows = [f"Eigen;{site.lng};{site.lat}", "Ver;;"]
    given = "\n".join(["naam;lon;lat", *rows]).replace(".", ",").encode()
    app = open_page("suggest", "nl", vacant="1", within="all", distance="150")
    app.file_uploader(key="own_shops_upload").set_value(("winkels.csv", given, "text/csv")).run()
    assert not app.exception
    assert not app.error
    profile = preset("bakery", read_branches()).profile
    limits = Limits(within="all", own_shops=((round(site.lng, 7), round(site.lat, 7)),), min_own_distance_m=150.0)
    answer = suggest(area, score_area(area, read_branches(), replace(profile, limits=limits)), n=10, vacant=True)
    assert [p["id"] for p in places(app)["places"]] == [s.site.premises_id for s in answer.sites]
    assert site.premises_id not in [s.site.premises_id for s in answer.sites]
    assert any("winkels.csv: één winkel" in m.value for m in app.markdown)
    assert app.dataframe[0].value["Rij onder de titels"].tolist() == [2]
    assert app.get("popover")[0].proto.popover.label == "Vereisten (1)"
    next(b for b in app.button if b.label == "Deze lijst verwijderen").click().run()
    assert places(app)["places"][0]["id"] == site.premises_id


def test_own_shops_that_cannot_be_read_are_said_by_the_name_of_the_file(tmp_path: Path) -> None:
    app = open_page("suggest", "nl")
    app.file_uploader(key="own_shops_upload").set_value(("leeg.csv", b"naam;kleur\nA;rood\n", "text/csv")).run()
    assert not app.exception
    assert [e.value.partition(":")[0] for e in app.error] == ["leeg.csv"]
    assert places(app)["places"]


def test_new_is_what_was_not_listed_before() -> None:
    before = {"a": 1, "b": 16, "c": 3}
    assert movement(1, before, "a", 10) is None
    assert movement(2, before, "b", 10)[:2] == ("new", "nieuw, was 16")
    assert movement(2, before, "c", 10)[:2] == ("up", "▲ 1")
    assert movement(2, before, "d", 10)[:2] == ("new", "nieuw")
    assert movement(2, before, "b", 20)[:2] == ("up", "▲ 14")


def test_criteria_that_tell_nothing_apart_are_named(area: Area) -> None:
    profile = preset("bakery", read_branches()).profile
    scored = score_area(area, read_branches(), profile)
    answer = said(area, "bakery")
    same = set(undistinguished(answer, profile, scored))
    for c in profile.criteria:
        worth = [float(value_of(c.value, scored.values(s.site.cell)[c.layer])) for s in answer.sites]
        assert (c.layer in same) == (not np.isnan(worth).any() and max(worth) - min(worth) <= 0.01)
    assert same and same != {c.layer for c in profile.criteria}
    app = open_page("suggest", "nl")
    app.session_state["weights"] = True
    app.run()
    named = next(c.value for c in app.caption if c.value.startswith("Onderscheidt hier niet"))
    assert named.count(",") == len(same) - 1


def test_a_tooltip_names_the_place_and_its_score(area: Area) -> None:
    answer = said(area, "bakery")
    app = open_page("suggest", "nl")
    pins = deck(app)["pins0"]["data"]
    assert [(p["n"], p["t"]) for p in pins] == [(s.site.name, f"{s.score:.0f}") for s in answer.sites]
    moved = said(area, "bakery", weights={"competition_shops": 5.0})
    pins = deck(open_page("suggest", "nl", **{"bakery.competition_shops": "5"}))["pins0"]["data"]
    assert [p["n"] for p in pins] == [f"{s.site.name}: {s.score:.0f}" for s in moved.sites]
    standard = score_area(area, read_branches(), preset("bakery", read_branches()).profile)
    assert [p["t"] for p in pins] == [f"{standard.score[standard.rows[s.site.cell]]:.0f}" for s in moved.sites]


def test_the_table_is_the_list(area: Area) -> None:
    app = open_page("suggest", "nl")
    app.session_state["table"] = True
    app.run()
    table = app.dataframe[0].value
    answer = said(area, "bakery")
    assert table["Plek"].tolist() == [s.site.name for s in answer.sites]
    assert table["Score"].tolist() == pytest.approx([s.score for s in answer.sites], abs=0.051)
    assert (table["score van"] <= table["Score"] + 0.051).all() and (table["Score"] <= table["score tot"] + 0.051).all()
    parts = table.iloc[:, 6:].sum(axis=1)
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
    assert any(note.startswith("Compared with the standard weights: ▲") for note in places(app)["notes"])
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
            [c.value for c in profile.criteria], scored.score[rows],
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
    assert 'r=="3"' in deck(app)["pins0"]["getBackgroundColor"]


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


def test_a_weight_that_nobody_moved_follows_the_town(area: Area) -> None:
    """The starting weights of a branch may differ by town; a slider at its default is no choice."""
    app = open_page("suggest", "en")
    layer = "bakery.footfall_index"
    start = app.session_state[layer]
    app.session_state["_defaults"] = {**app.session_state["_defaults"], layer: 0.5}
    app.session_state[layer] = 0.5  # as it stood in a town where the branch starts from another weight
    app.run()
    assert app.session_state[layer] == start and layer not in app.query_params
    app.session_state[layer] = 4.5
    app.run()
    app.run()
    assert app.session_state[layer] == 4.5 and app.query_params[layer] == "4.5"


def test_an_emptied_floor_area_is_no_limit(area: Area) -> None:
    app = open_page("suggest", "en", vacant="1", max="200")
    [field] = [n for n in app.number_input if n.label == "Floor area to (m²)"]
    field.set_value(None).run()
    assert not app.exception and "max" not in app.query_params
    assert field.value is None
