"""“Which of my shops should move?”: the page says what the library says, and a button leads to the move."""

import pytest
from pages_at_work import open_page
from streamlit.testing.v1 import AppTest
from test_app_compare import dutch, said

from geodata.branches import read_branches
from geodata.sources.spreadsheet import Upload
from geodata.store import Area
from location_model.own_shops import own_network
from location_model.validation.statistics import Estimate
from location_model.which_to_move import ShopGap, which_to_move
from pages.ui import own_gaps

pytestmark = pytest.mark.usefixtures("squareville_app")


@pytest.fixture(scope="module")
def shops(area: Area) -> str:
    """Two of the town's own bakeries, one that sells far more than the other, one shop elsewhere, one of shoes."""
    premises = area.tables.premises
    own = premises[(premises["branch"] == "bakery") & (premises["state"] == "occupied") & premises["in_study"]]
    at = own.sort_values("id").geometry.to_crs(4326).iloc[[0, -1]]
    rows = [
        f"{name};{name};bakkerij;{eur};{p.x};{p.y}" for name, eur, p in zip("AB", (3_000_000, 3_000), at, strict=True)
    ]
    lng, lat = at.iloc[0].x, at.iloc[0].y
    rows += [f"S;Schoenwinkel;schoenen;1;{lng};{lat}", f"N;Naast;;1;{lng + 0.05};{lat}"]
    return "\n".join(["winkelnummer;naam;branche;omzet;lon;lat", *rows]) + "\n"


def given(text: str, language: str = "nl", **choices: str) -> AppTest:
    app = open_page("compare", language, view="own", **choices)
    app.file_uploader(key=own_gaps.UPLOAD).set_value(("winkels.csv", text.encode(), "text/csv")).run()
    assert not app.exception
    return app


@pytest.mark.parametrize(
    ("language", "title", "ask"),
    [
        ("nl", "Welke van mijn winkels zou beter verhuizen?", "Geef de lijst van uw winkels"),
        ("en", "Which of my shops should move?", "Give the list of your shops"),
    ],
)
def test_each_shop_stands_beside_what_its_place_lets_expect(
    area: Area, shops: str, language: str, title: str, ask: str
) -> None:
    empty = open_page("compare", language, view="own")
    assert [t.value for t in empty.title] == [title] and ask in said(empty)
    app = given(shops, language)
    network = own_network([area], Upload("winkels.csv", shops.encode()), read_branches(), area.data_dir)
    found = which_to_move(network, [area], "bakery", area.data_dir)
    text = said(app)
    assert own_gaps.UPLOAD not in {x.key for x in app.file_uploader}
    for shop in found.shops:
        verdict = shop.verdict.to(language)
        assert verdict[1:] in text
        for eur in (shop.actual, shop.expected.value, shop.expected.low, shop.expected.high):
            assert eur is not None
            euro = dutch(eur) if language == "nl" else dutch(eur).replace(".", ",")
            assert euro in text
    assert [b.key for b in app.button if (b.key or "").startswith("move_this_")] == [
        f"move_this_{s.id}" for s in found.shops
    ]
    assert "Naast" in text and "Schoenwinkel" in text
    assert all(note.to(language) in text for note in found.notes)


def test_a_shop_leads_to_its_move_and_the_list_can_be_removed(shops: str, area: Area) -> None:
    premises = area.tables.premises
    vacant = sorted(premises.loc[(premises["state"] == "vacant") & premises["in_study"], "id"])[:2]
    app = given(shops, sites=";".join(vacant))
    app.button(key="move_this_B").click().run()
    assert not app.exception
    assert [t.value for t in app.title] == ["Loont verhuizen?"]
    assert app.selectbox(key="from").value == "B" and app.query_params["from"] in ("B", ["B"])
    assert "Wat er per jaar verandert" in said(app)
    app = given(shops)
    app.button(key="own_gaps_forget").click().run()
    assert app.file_uploader(key=own_gaps.UPLOAD)


def test_a_branch_without_own_shops_says_so(shops: str) -> None:
    app = given(shops, branch="pharmacy")
    assert "Geen winkel van deze branche" in said(app) and "Schoenwinkel" in said(app)


def test_the_headline_names_those_that_clearly_fall_short() -> None:
    def shop(name: str, actual: float | None) -> ShopGap:
        return ShopGap(name, name, "x", actual, Estimate(80, 60, 90))

    assert own_gaps.headline([shop("A", 50), shop("B", 50), shop("C", 100), shop("D", 85)]) == (
        "A en B halen minder omzet dan hun plek laat verwachten. Eén haalt er meer."
    )
    assert own_gaps.headline([shop(name, 85) for name in "DEF"]).startswith("Geen van uw winkels")
    assert own_gaps.headline([shop("C", 100)]) == "Eén winkel met een omzet: te weinig om de plek te beoordelen."
    assert own_gaps.headline([shop("C", 100), shop("A", 5), shop("N", None)]).startswith("2 winkels met een omzet")
    assert own_gaps.headline([shop("A", None)]).startswith("De lijst geeft geen omzet")
