"""Under the list of suggestions: several shops at once and look-alikes say what the library says, when asked."""

import pytest
from pages_at_work import open_page, places
from streamlit.testing.v1 import AppTest
from test_app_compare import dutch, said
from test_own_learning import listed

from geodata.branches import read_branches
from geodata.sources.spreadsheet import Upload
from geodata.store import Area
from location_model.look_alikes import best_shops, examples, look_alikes
from location_model.own_shops import own_network
from location_model.presets import starting_profile
from location_model.profile import profile_as_json
from location_model.score import score_area
from location_model.suggested import suggested
from pages.ui import several, tray

pytestmark = pytest.mark.usefixtures("squareville_app")


def opened(panel: str, language: str = "nl", **choices: str) -> AppTest:
    app = open_page("suggest", language, **choices)
    app.session_state[panel] = True
    app.run()
    assert not app.exception
    return app


@pytest.mark.parametrize("language", ["nl", "en"])
def test_several_shops_at_once_are_those_of_the_library(area: Area, language: str) -> None:
    app = opened(several.TOGETHER, language, shops="2", apart="150")
    app.button(key="together_ask").click().run()
    assert not app.exception and not app.error
    profile = starting_profile(area, "bakery", read_branches()).profile
    asked = {"area": area.id, "profile": profile_as_json(profile), "n": 1, "vacant": False}
    asked |= {"portfolio": 2, "apart_m": 150.0}
    found = suggested(asked, area.data_dir).together
    assert found is not None
    text = said(app)
    for site, turnover, alone in zip(found.sites, found.turnover, found.alone, strict=True):
        assert site.site.title.to(language) in text
        for eur in (turnover.value, turnover.low, turnover.high, alone.value):
            assert (dutch(eur) if language == "nl" else dutch(eur).replace(".", ",")) in text
    assert all(note.to(language) in text for note in found.notes)
    app.button(key="together_aside").click().run()
    assert app.session_state[tray.SITES] == ";".join(site.id for site in found.sites)


def test_an_answer_says_that_the_choices_have_changed(area: Area) -> None:
    app = opened(several.TOGETHER)
    app.button(key="together_ask").click().run()
    assert "eerdere keuzes" not in said(app)
    app.number_input(key=several.COUNT).set_value(2.0).run()
    assert "eerdere keuzes" in said(app)
    app.button(key="together_ask").click().run()
    assert "eerdere keuzes" not in said(app)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_places_like_the_best_shops_are_those_of_the_library(area: Area, language: str) -> None:
    text = listed(area, 6)
    app = opened(several.ALIKE, language)
    before = [p["id"] for p in places(app)["places"]]
    app.file_uploader(key=several.UPLOAD).set_value(("winkels.csv", text.encode(), "text/csv")).run()
    assert [p["id"] for p in places(app)["places"]] == before  # no distance is kept until it is asked
    app.button(key="alike_ask").click().run()
    assert not app.exception and not app.error
    branches = read_branches()
    profile = starting_profile(area, "bakery", branches).profile
    network = own_network([area], Upload("winkels.csv", text.encode()), branches, area.data_dir)
    model = examples(best_shops(network.of_branch("bakery"), 3), [area], [area.id], branches, profile)
    found = look_alikes(area, score_area(area, branches, profile), model)
    shown = said(app)
    assert found
    for one in found:
        assert one.told.to(language) in shown and one.place.site.title.to(language) in shown


def test_look_alikes_without_turnover_say_what_is_missing(area: Area) -> None:
    lng, lat = area.boundary.centroid.coords[0]
    app = opened(several.ALIKE)
    text = f"naam;branche;lon;lat\nA;bakkerij;{lng};{lat}\n"
    app.file_uploader(key=several.UPLOAD).set_value(("winkels.csv", text.encode(), "text/csv")).run()
    app.button(key="alike_ask").click().run()
    assert not app.exception and app.info
