"""A move on the page of comparisons, with a list of own shops and what the move costs."""

import re
import shutil
from pathlib import Path

import geopandas as gpd
import pytest
from pages_at_work import open_page
from streamlit.testing.v1 import AppTest

from geodata.branches import read_branches
from geodata.store import Store
from location_model.branch_market import market_of
from location_model.find_site import find_site
from location_model.presets import starting_profile
from location_model.relocate import relocation
from location_model.relocated import relocated
from location_model.saved import Comparison, Move, SavedWork
from location_model.validation.statistics import Estimate
from pages.ui import cache, own_network
from pages.ui.compare_money import floor_area_of
from pages.ui.move_asked import COSTS as COSTS_ASKED

pytestmark = pytest.mark.usefixtures("squareville_app")

EARNED = re.compile("erugverdiend in|verdient zich|duurt het meer")
LIST = "winkel_id;naam;branche;omzet;huur;straat;huisnummer\nW;Markt;bakkerij;400000;18.500;Marktstraat;100\n"


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
    assert "Verbeter eerst “Huur nu (€ per jaar)”" in said(app) and "uit uw lijst" not in said(app)


def test_the_sum_under_the_verdict_adds_up(vacant: str, squareville_dir: Path) -> None:
    area = Store(squareville_dir).open("squareville")
    start = str(min(area.tables.premises.query("branch == 'bakery' and state == 'occupied' and in_study")["id"]))
    costs = {"fit_out": "30000", "lease_end": "500", "rent_now": "12000", "rent_there": "19000", "staff_now": "800"}
    costs["staff_there"] = "0"
    text = said(open_page("compare", "en", sites=vacant, view="move", **{"from": start}, **costs))
    market = market_of(area, "bakery", [find_site(area, i) for i in (start, vacant)], area.data_dir).market
    together = relocation(market, start, vacant).together
    left = Estimate(*(0.3 * eur - (19_000 - 12_000) + 800 for eur in (together.value, together.low, together.high)))
    told = [
        f"extra turnover {euros(together.value)} × margin of 30 % − extra rent €\u00a07,000 + staff saved €\u00a0800",
        f"= {euros(left.value)} a year (between {euros(left.low)} and {euros(left.high)}); once €\u00a030,500",
    ]
    assert " ".join(told) in text.replace("\u2060", "")


@pytest.mark.parametrize("amount", ["ongeveer 80.000", "-80000", "1.000.000.000.000"])
def test_nothing_is_answered_with_an_amount_that_cannot_be_read(
    vacant: str, squareville_dir: Path, amount: str
) -> None:
    start, rents = bakery(squareville_dir), {"rent_now": "12000", "rent_there": "13000"}
    app = open_page("compare", "nl", sites=vacant, view="move", **{"from": start}, **rents, fit_out="80000")
    files = len(app.get("download_button"))
    assert files > 0 and EARNED.search(said(app))
    app.text_input(key="typed:fit_out").set_value(amount).run()
    text = said(app)
    assert "Verbeter eerst “Inrichting, eenmalig (€)”" in text and not EARNED.search(text)
    assert "marge van" not in text and not app.get("download_button")
    assert ("Dit bedrag lijkt te groot" in text) == (amount == "1.000.000.000.000")
    app.text_input(key="typed:fit_out").set_value("80.000").run()
    assert EARNED.search(said(app)) and len(app.get("download_button")) == files


@pytest.mark.parametrize("typed", ["staff_now", "staff_there"])
def test_staff_counts_once_both_are_known(vacant: str, squareville_dir: Path, typed: str) -> None:
    asked = {"from": bakery(squareville_dir), "rent_now": "12000", "rent_there": "13000", "fit_out": "80000"}
    other = {"staff_now": "staff_there", "staff_there": "staff_now"}[typed]
    app = open_page("compare", "nl", sites=vacant, view="move", **asked, **{typed: "90000"})
    assert "Vul beide personeelskosten in" in said(app) and not EARNED.search(said(app))
    app.text_input(key=f"typed:{other}").set_value("0").run()
    assert "Vul beide" not in said(app) and EARNED.search(said(app))


def test_a_move_is_forgotten_with_its_town(
    vacant: str, squareville_dir: Path, quarters_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder, town in ((squareville_dir, "squareville"), (quarters_dir, "quarters")):
        shutil.copytree(folder / "areas" / town, tmp_path / "areas" / town)
    monkeypatch.setenv("KERNWIJZER_DATA", str(tmp_path))
    start = bakery(squareville_dir)
    app = open_page("compare", "en", area="squareville", sites=vacant, view="move", to=vacant, **{"from": start})
    assert app.selectbox(key="from").value == start
    app.session_state["area"] = "quarters"
    app.run()
    assert "is not on record here" not in said(app) and "was asked for" not in said(app)
    assert not {"from", "to"} & app.query_params.keys()
    app.session_state["area"] = "squareville"
    app.run()
    assert app.selectbox(key="from").value == ""


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
    assert address_of(app)["from"] == "W"
    give_list(app)
    assert "give that list again" not in said(app)
    assert app.selectbox(key="from").value == "W" and app.query_params["from"] in ("W", ["W"])


def test_another_shop_may_be_chosen_instead_of_one_that_is_gone(vacant: str) -> None:
    app = open_page("compare", "en", sites=vacant, view="move", **{"from": "W"})
    app.selectbox(key="from").select_index(1).run()
    assert "give that list again" not in said(app)
    give_list(app)
    assert app.selectbox(key="from").value != "W"


def test_an_address_with_a_place_that_is_gone_says_which_one_is_taken_instead(squareville_dir: Path) -> None:
    vacant = Store(squareville_dir).open("squareville").tables.premises.query("state == 'vacant' and in_study")["id"]
    first, second, gone = sorted(vacant)[:3]
    told = f"The place that was asked for, {gone}, is not among the places to move to."
    app = open_page("compare", "en", sites=f"{first};{second}", view="move", to=gone)
    assert told in said(app) and app.session_state["to"] == first
    assert told in said(app.run())  # until another is chosen
    app.button_group(key="to").set_value(second).run()
    assert told not in said(app) and app.session_state["to"] == second
    app.button(key=f"out_{second}").click().run()  # nothing to be told: the visitor took it out
    assert "is not among the places" not in said(app) and app.session_state["to"] == first


COSTS = {"fit_out": "30000", "lease_end": "500.5", "rent_now": "12000", "rent_there": "19000", "staff_now": "800"}
COSTS["staff_there"] = "0"


def bakery(squareville_dir: Path) -> str:
    premises = Store(squareville_dir).open("squareville").tables.premises
    return str(min(premises.query("branch == 'bakery' and state == 'occupied' and in_study")["id"]))


def verdict(app: AppTest) -> str:
    """What the page answers: the headline, when it is earned back, the sum, and every figure."""
    assert not app.exception
    told = [x.value for kind in (app.markdown, app.caption) for x in kind]
    answer = [x for x in told if "Moving to" in x or "arned back" in x or "earns itself back" in x or "margin of" in x]
    return " ".join([*answer, *(h.proto.body for h in app.get("html"))])


def address_of(app: AppTest) -> dict[str, str]:
    return {name: str(value[0] if isinstance(value, list) else value) for name, value in app.query_params.items()}


def test_what_stands_in_the_address_is_enough_to_get_the_same_move_back(squareville_dir: Path) -> None:
    vacant = Store(squareville_dir).open("squareville").tables.premises.query("state == 'vacant' and in_study")["id"]
    sites = sorted(vacant)[:3]
    app = open_page("compare", "en", sites=";".join(sites), view="move", branch="bakery")
    app.selectbox(key="from").set_value(bakery(squareville_dir)).run()
    app.session_state["to"] = sites[1]
    app.run()
    for name, eur in COSTS.items():
        app.text_input(key=f"typed:{name}").set_value(eur).run()
    app.number_input(key="margin").set_value(25.0).run()
    first, address = verdict(app), address_of(app)
    assert "Move to B" in first and "margin of 25 %" in first and "once €\u00a030,50" in first
    assert {"view": "move", "to": sites[1], "margin": "25", **COSTS}.items() <= address.items()
    choices = {name: value for name, value in address.items() if name != "lang"}
    assert verdict(open_page("compare", "en", **choices)) == first
    without = open_page("compare", "en", **{**choices, "sites": ";".join(sites[1:])})  # the first place is taken out
    assert "Move to A" in verdict(without) and without.session_state["to"] == sites[1]


def test_a_move_is_saved_with_all_that_was_typed_and_comes_back_whole(vacant: str, squareville_dir: Path) -> None:
    start = bakery(squareville_dir)
    asked = {"sites": vacant, "view": "move", "branch": "bakery", "from": start, "margin": "25", **COSTS}
    app = open_page("compare", "en", **asked, **{"bakery.hours": "Su 08:00-12:00", f"rent:{vacant}": "18000"})
    first = verdict(app)
    app.text_input(key="kept_comparison_name").set_value("Naar de Markt").run()
    app.button(key="kept_comparison_save").click().run()
    work = SavedWork(cache.settings())
    [entry] = work.entries("comparison")
    kept = work.open_comparison("Naar de Markt")
    costs = {COSTS_ASKED[name][0]: float(eur) for name, eur in COSTS.items()} | {"margin": 0.25}
    assert kept.move is not None and (kept.move.start, kept.move.to) == (start, vacant)
    assert dict(kept.move.costs) == costs  # what was left blank is not in it
    assert kept.view == "move" and kept.profile.hours == "Su 08:00-12:00" and kept.rents == ((vacant, 18_000.0),)
    other = open_page("compare", "en", branch="clothes", staff_there="7", rent_now="1", **{"from": "node/1"})
    other.button(key=f"kept_comparison_open_{entry.id}").click().run()
    assert verdict(other) == first
    assert other.session_state["bakery.hours"] == "Su 08:00-12:00" and address_of(other)["staff_there"] == "0"
    work.delete("comparison", "Naar de Markt")


def test_the_floor_area_of_a_place_of_which_none_is_known_can_be_typed_and_counts(squareville_dir: Path) -> None:
    area = Store(squareville_dir).open("squareville")
    to, start = str(area.grid.index[0]), bakery(squareville_dir)
    assert find_site(area, to).site.floor_area_m2 is None
    app = open_page("compare", "en", sites=to, view="move", branch="bakery", **{"from": start})
    before = verdict(app)
    app.number_input(key=floor_area_of(to)).set_value(900.0).run()
    assert verdict(app) != before and "900 m², was given by you" in said(app)
    asked = {"area": area.id, "branch": "bakery", "from": start, "to": to, "costs": None, "floor_area_m2": 900.0}
    won = relocated(asked, squareville_dir).found.balance["won_eur"].value
    assert euros(won) in verdict(app).replace("\u2060", "")
    address = {name: value for name, value in address_of(app).items() if name != "lang"}
    assert verdict(open_page("compare", "en", **address)) == verdict(app)


def test_a_floor_area_does_not_change_a_shop_that_stays_where_it_is(
    squareville_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    area, shop = Store(squareville_dir).open("squareville"), bakery(squareville_dir)
    shutil.copytree(area.folder.parent, tmp_path / "areas" / area.id)
    table = tmp_path / "areas" / area.id / area.version / "tables" / "premises.parquet"
    premises = gpd.read_parquet(table)
    premises.assign(floor_area_m2=premises["floor_area_m2"].mask(premises["id"] == shop)).to_parquet(table)
    monkeypatch.setenv("KERNWIJZER_DATA", str(tmp_path))
    asked = {"sites": shop, "view": "move", "branch": "bakery", "from": shop}
    plain, given = (open_page("compare", "en", **asked, **more) for more in ({}, {floor_area_of(shop): "3000"}))
    assert given.number_input(key=floor_area_of(shop)).value == 3000
    assert verdict(given) == verdict(plain) and "was given by you" not in said(given)


def test_a_saved_move_of_a_shop_of_a_list_waits_for_that_list(vacant: str, squareville_dir: Path) -> None:
    profile = starting_profile(Store(squareville_dir).open("squareville"), "bakery", read_branches()).profile
    work = SavedWork(cache.settings())
    saved = Comparison(
        "squareville", "x", (vacant,), profile, view="move", move=Move("W", vacant, (("fit_out_eur", 5.0),))
    )
    entry = work.save("Van de lijst", saved)
    app = open_page("compare", "en")
    app.button(key=f"kept_comparison_open_{entry.id}").click().run()
    assert "W, is not on record here" in said(app)
    assert {"from": "W", "to": vacant, "fit_out": "5", "view": "move"}.items() <= address_of(app).items()
    give_list(app)
    assert app.selectbox(key="from").value == "W" and app.text_input(key="typed:fit_out").value == "5"
    work.delete("comparison", "Van de lijst")
