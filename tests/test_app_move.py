"""A move on the page of comparisons, with a list of own shops and what the move costs."""

from pathlib import Path

import pytest
from pages_at_work import open_page
from streamlit.testing.v1 import AppTest

from geodata.store import Store
from location_model.branch_market import market_of
from location_model.find_site import find_site
from location_model.relocate import relocation
from location_model.validation.statistics import Estimate
from pages.ui import own_network

LIST = "winkel_id;naam;branche;omzet;huur;straat;huisnummer\nW;Markt;bakkerij;400000;18.500;Marktstraat;100\n"


@pytest.fixture(autouse=True)
def _data(squareville_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERNWIJZER_DATA", str(squareville_dir))


@pytest.fixture(scope="module")
def vacant(squareville_dir: Path) -> str:
    premises = Store(squareville_dir).open("squareville").tables.premises
    return str(min(premises.query("state == 'vacant' and in_study")["id"]))


def said(app: AppTest) -> str:
    assert not app.exception
    return " ".join(x.value for kind in (app.markdown, app.caption, app.error, app.info) for x in kind)


def euros(eur: float) -> str:
    """Euros of two digits."""
    return f"{'−' if eur < 0 else ''}€\u00a0{abs(float(f'{eur:.2g}')):,.0f}"


def give_list(app: AppTest) -> None:
    """As the upload does."""
    app.session_state[own_network.OWN] = own_network.Given("winkels.csv", LIST.encode())
    app.run()


def test_the_rent_of_the_list_stands_in_and_no_verdict_rests_on_a_blank(vacant: str) -> None:
    app = open_page("compare", "nl", sites=vacant, view="move", fit_out="30000")
    give_list(app)
    app.selectbox(key="from").set_value("W").run()
    assert app.text_input(key="typed:rent_now").placeholder == "18.500"
    assert "uit uw lijst" in said(app) and "Vul beide huren in" in said(app)
    app.text_input(key="typed:rent_there").set_value("19.000").run()
    assert "Vul beide huren in" not in said(app)
    assert "rent_now" not in app.query_params  # what the list says is in no address
    app.text_input(key="typed:rent_now").set_value("veel").run()
    assert "Vul beide huren in" in said(app) and "uit uw lijst" not in said(app)


def test_the_sum_under_the_verdict_adds_up(vacant: str, squareville_dir: Path) -> None:
    area = Store(squareville_dir).open("squareville")
    start = str(min(area.tables.premises.query("branch == 'bakery' and state == 'occupied' and in_study")["id"]))
    costs = {"fit_out": "30000", "lease_end": "500", "rent_now": "12000", "rent_there": "19000", "staff_now": "800"}
    text = said(open_page("compare", "en", sites=vacant, view="move", **{"from": start}, **costs))
    market = market_of(area, "bakery", [find_site(area, i) for i in (start, vacant)], area.data_dir).market
    together = relocation(market, start, vacant).together
    left = Estimate(*(0.3 * eur - (19_000 - 12_000) + 800 for eur in (together.value, together.low, together.high)))
    told = [
        f"extra turnover {euros(together.value)} × margin of 30 % − extra rent €\u00a07,000 + staff saved €\u00a0800",
        f"= {euros(left.value)} a year (between {euros(left.low)} and {euros(left.high)}); once €\u00a030,500",
    ]
    assert " ".join(told) in text.replace("\u2060", "")


@pytest.mark.parametrize("view", ["compare", "move"])
def test_beside_the_address_it_says_that_the_list_is_not_in_it(vacant: str, view: str, squareville_dir: Path) -> None:
    others = Store(squareville_dir).open("squareville").tables.premises.query("state == 'vacant' and in_study")["id"]
    app = open_page("compare", "nl", sites=";".join(sorted(others)[:2]), view=view)
    assert "Het adres bevat uw lijst met eigen winkels niet" not in said(app)
    give_list(app)
    if view == "move":
        app.selectbox(key="from").set_value("W").run()
    assert "Het adres bevat uw lijst met eigen winkels niet" in said(app)


def test_an_address_with_a_shop_of_a_list_that_is_gone_asks_for_the_list_and_then_goes_on(vacant: str) -> None:
    app = open_page("compare", "en", sites=vacant, view="move", **{"from": "W"})
    assert "The shop of this address, W, is not on record here" in said(app)
    assert "give that list again" in said(app.run())  # until it is
    give_list(app)
    assert "give that list again" not in said(app)
    assert app.selectbox(key="from").value == "W" and app.query_params["from"] in ("W", ["W"])


def test_another_shop_may_be_chosen_instead_of_one_that_is_gone(vacant: str) -> None:
    app = open_page("compare", "en", sites=vacant, view="move", **{"from": "W"})
    app.selectbox(key="from").select_index(1).run()
    assert "give that list again" not in said(app)
    give_list(app)
    assert app.selectbox(key="from").value != "W"
