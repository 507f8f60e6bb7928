"""The panel that learns weights from own turnover: what it says with many shops, with few, and the way back."""

from dataclasses import replace
from pathlib import Path

import pytest
from pages_at_work import open_page, places
from streamlit.testing.v1 import AppTest
from test_own_learning import HEAD, listed

from geodata.branches import read_branches
from geodata.sources.spreadsheet import Upload
from geodata.store import Area
from location_model.learned import Learned
from location_model.own_learning import taught
from location_model.own_shops import own_network
from location_model.presets import starting_profile
from location_model.profile import Limits
from location_model.score import score_area
from location_model.suggest import suggest
from pages.ui import learning, must_haves

pytestmark = pytest.mark.usefixtures("squareville_app")

LABELS = {
    "nl": ("Gebruik de geleerde gewichten", "Terug naar de standaardgewichten"),
    "en": ("Use the learnt weights", "Back to the standard weights"),
}


def given(text: str, language: str = "en", **choices: str) -> AppTest:
    """The panel, opened, with this list."""
    app = open_page("suggest", language, within="all", **choices)
    app.session_state["learn"] = True
    app.run()
    app.file_uploader(key=learning.UPLOAD).set_value(("winkels.csv", text.encode(), "text/csv")).run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    """All that the page says in words."""
    return " ".join(x.value for kind in (app.caption, app.markdown, app.info, app.warning, app.success) for x in kind)


def lesson(area: Area, text: str) -> Learned:
    network = own_network([area], Upload("winkels.csv", text.encode()), read_branches(), area.data_dir)
    found = taught(network, [area], read_branches(), starting_profile(area, "bakery", read_branches()).profile)
    assert isinstance(found, Learned)
    return found


@pytest.mark.parametrize("language", ["nl", "en"])
def test_ten_shops_teach_weights_that_can_be_used_and_taken_back(area: Area, language: str) -> None:
    text = listed(area, 10)
    app, expected = given(text, language), lesson(area, text)
    assert expected.claim.to(language) in said(app)
    mean = expected.estimates["turnover"].mean()
    errors = (expected.loo_error, expected.start_error, expected.baseline_error)
    assert [m.value for m in app.metric] == [f"{round(100 * error / mean)} %" for error in errors]
    table = next(d.value for d in app.dataframe if len(d.value) == len(expected.profile.criteria))
    assert table.iloc[:, 2].tolist() == [c.weight for c in expected.profile.criteria]
    assert len(app.get("vega_lite_chart")) == 1
    before = [p["id"] for p in places(app)["places"]]
    use, back = (next(b for b in app.button if b.label == label) for label in LABELS[language])
    use.click().run()
    everywhere = replace(expected.profile, limits=Limits(within="all"))
    answer = suggest(area, score_area(area, read_branches(), everywhere), n=10)
    assert [p["score"] for p in places(app)["places"]] == [f"{s.score:.0f}" for s in answer.sites]
    assert any(name.startswith("bakery.") for name in app.query_params)
    assert len(app.toast) == 1
    back.click().run()
    assert [p["id"] for p in places(app)["places"]] == before
    assert not any(name.startswith("bakery.") for name in app.query_params)


def test_the_list_given_to_learn_from_keeps_no_distance_until_it_is_asked(area: Area) -> None:
    app = given(listed(area, 10), "nl")
    plain = places(open_page("suggest", "nl", within="all"))["places"]
    assert [p["id"] for p in places(app)["places"]] == [p["id"] for p in plain]
    assert app.number_input(key=must_haves.DISTANCE).value == 0
    assert app.get("popover")[0].proto.popover.label == "Vereisten"
    app.number_input(key=must_haves.DISTANCE).set_value(300.0).run()
    assert app.get("popover")[0].proto.popover.label == "Vereisten (1)"
    app.button(key="own_shops_forget").click().run()
    assert app.get("popover")[0].proto.popover.label == "Vereisten"


def test_the_list_given_to_keep_a_distance_from_is_the_one_learnt_from(area: Area) -> None:
    app = open_page("suggest", "nl")
    app.file_uploader(key=must_haves.UPLOAD).set_value(("w.csv", listed(area, 10).encode(), "text/csv")).run()
    app.session_state["learn"] = True
    app.run()
    assert app.button(key="learn_use") and "w.csv: alleen voor dit bezoek gelezen" in said(app)
    assert app.number_input(key=must_haves.DISTANCE).value == must_haves.FAR_M


def test_five_shops_show_whether_they_are_ranked_and_no_more(area: Area) -> None:
    app = given(listed(area, 5), "nl")
    assert "uw 5 winkels" in said(app) and "vanaf 8 winkels" in said(app)
    assert not app.metric and not [b for b in app.button if b.label == LABELS["nl"][0]]


def test_two_shops_or_no_turnover_say_what_is_needed(area: Area) -> None:
    assert "Voor een rangorde zijn minstens 3 winkels nodig; 2 zijn bruikbaar" in said(given(listed(area, 2), "nl"))
    lng, lat = area.boundary.centroid.coords[0]
    silent = said(given(f"{HEAD}\nA;A;bakkerij;;{lng};{lat}\nB;B;bakkerij;;{lng};{lat}\n", "nl"))
    assert "heeft een omzet" in silent and "omzet per jaar" in silent


def test_what_nothing_is_learnt_from_is_named(area: Area) -> None:
    lng, lat = area.boundary.centroid.coords[0]
    text = listed(
        area, 9, f"S;Schoenwinkel;schoenen;100.000;{lng};{lat}", f"N;Naast;;1;{lng + 0.05};{lat}",
        f"O;Pas open;bakkerij;;{lng};{lat}", f"F;Fout;bakkerij;veel;{lng};{lat}", "V;Ver;;1;9,0;45,0",
    )  # fmt: skip
    app = given(text, "nl")
    words = said(app)
    assert "In geen enkel opgebouwd gebied: Naast" in words
    assert "Van een andere branche: Schoenwinkel" in words
    assert "Pas open (geen omzet gekend), Fout (geen omzet gekend)" in words
    listed_rows = {tuple(d.value["Rij onder de titels"]) for d in app.dataframe if "Rij onder de titels" in d.value}
    assert listed_rows == {(14,), (13,)}


def test_turnover_is_never_written_down(area: Area, squareville_dir: Path) -> None:
    before = {p for p in squareville_dir.rglob("*") if p.is_file()}
    app = given(listed(area, 10))
    app.button(key="learn_use").click().run()
    assert {p for p in squareville_dir.rglob("*") if p.is_file()} - before == set()


def test_a_list_that_cannot_be_read_is_said_by_its_name_and_can_be_removed() -> None:
    app = given("naam;kleur\nA;rood\n", "nl")
    assert {e.value.partition(":")[0] for e in app.error} == {"winkels.csv"}
    app.button(key="own_shops_forget").click().run()
    assert not app.error and app.file_uploader(key=learning.UPLOAD)
