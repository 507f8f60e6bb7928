"""What can be taken along of a move: a workbook whose sheets add up, and the files the page offers."""

import io
import json
from dataclasses import replace

import openpyxl
import pytest
import streamlit as st
from pages_at_work import open_page
from test_report import saying

from geodata.language import T
from geodata.store import Area
from location_model import move_parts, relocate
from location_model.break_even import Costs
from location_model.relocate import Relocation
from location_model.relocated import RELOCATE, relocated
from pages.ui import compare_files, move_asked, move_book
from pages.ui.move_book import Asked

pytestmark = pytest.mark.usefixtures("squareville_app")

COSTS = (
    Asked(T("Fit-out, once (€)"), 30_000.5, T("typed")),
    Asked(T("Staff now (€ a year)"), None, T("left blank: counts as 0")),
    Asked(T("Margin (% of turnover)"), 0.25, T("typed"), share=True),
)


@pytest.fixture(scope="module")
def asked(area: Area, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """The first baker moves, another is the same retailer's."""
    premises = area.tables.premises[area.tables.premises["in_study"]]
    bakers = premises.query("branch == 'bakery' and state == 'occupied'")
    other = bakers.loc[[bakers["id"].idxmax()]].to_crs(4326).geometry.iloc[0]
    path = tmp_path_factory.mktemp("lists") / "winkels.csv"
    path.write_text(f"id;naam;branche;lengtegraad;breedtegraad\nW;Markt;bakkerij;{other.x};{other.y}\n", "utf-8")
    return {
        "area": "squareville", "branch": "bakery", "from": str(min(bakers["id"])), "own_shops": str(path),
        "to": str(min(premises.query("state == 'vacant'")["id"])),
        "costs": vars(Costs(fit_out_eur=30_000.5, rent_before_eur=12_000.0, rent_after_eur=12_000.0, margin=0.25)),
    }  # fmt: skip


@pytest.fixture(scope="module")
def found(asked: dict[str, object], area: Area) -> Relocation:
    return relocated(asked, area.data_dir).found


@pytest.fixture
def book(found: Relocation) -> openpyxl.Workbook:
    return openpyxl.load_workbook(
        io.BytesIO(move_book.workbook(found, "Marktstraat 2", COSTS, {"Branche": "bakkerij"}))
    )


def rows_of(book: openpyxl.Workbook, sheet: str) -> dict[str, tuple]:
    return {str(row[0]): row for row in book[sheet].iter_rows(values_only=True) if row[0] is not None}


def test_the_cases_stand_side_by_side_with_unit_interval_and_source(book: openpyxl.Workbook, found: Relocation) -> None:
    assert book.sheetnames == [
        "Verhuizen", "Buurten", "Andere winkels", "Terugverdienen", "Keuzes", "Aannames", "Bronnen",
    ]  # fmt: skip
    rows = rows_of(book, "Verhuizen")
    heads = rows["Cijfer"]
    assert (heads[2], heads[5], heads[8]) == ("Niets doen", "Verhuizen naar Marktstraat 2", "Alleen sluiten")
    told = {
        "saldo": "net_eur", "eigen andere winkels": "own_network_eur", "inwoners behouden": "residents_kept",
        "winkels van de branche in de kern": "core_eur",
    }  # fmt: skip
    for title, name in told.items():
        for column, case in ((2, found.do_nothing), (5, found.balance), (8, found.close_only)):
            e = case[name]
            assert rows[title][column : column + 3] == pytest.approx((e.value, e.low, e.high))
        assert rows[title][1] in ("€ per jaar", "personen")
        assert "gemodelleerd" in rows[title][-1] and "proxy" in rows[title][-1]
    together = rows["saldo met de eigen andere winkels"]
    assert together[5] == pytest.approx(found.together.value) and together[2] is None and together[8] is None


def test_neighbourhoods_and_shops_add_up_to_the_move(book: openpyxl.Workbook, found: Relocation) -> None:
    table = list(book["Buurten"].iter_rows(min_row=2, values_only=True))
    assert sum(row[8] for row in table) == pytest.approx(found.balance["net_eur"].value, abs=1e-3)
    shops = list(book["Andere winkels"].iter_rows(min_row=2, values_only=True))
    own = [row for row in shops if row[2] == "eigen"]
    assert len(own) == 1 and own[0][7] == pytest.approx(found.balance["own_network_eur"].value)
    others = [row[7] for row in shops if row[2] == "van anderen"]
    assert sum(others) == pytest.approx(found.balance["neighbours_eur"].value)


def test_a_sheet_of_more_shops_than_fit_adds_up_all_the_same(
    found: Relocation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relocate, "NEIGHBOUR_M", 1e6)  # all bakers of the town are neighbours
    monkeypatch.setattr(move_parts, "MOST_SHOPS", 2)
    wide = replace(found, move=replace(found.move))
    book = openpyxl.load_workbook(io.BytesIO(move_book.workbook(wide, "B", COSTS, {})))
    shops = list(book["Andere winkels"].iter_rows(min_row=2, values_only=True))
    others = [row for row in shops if row[2] == "van anderen"]
    assert sum(row[7] for row in others) == pytest.approx(wide.move.balance()["neighbours_eur"].value)
    assert others[-1][0].endswith("andere winkels samen") and others[-1][1] is None and others[-1][3] is None


def test_costs_stand_as_they_were_typed_and_years_as_an_interval(book: openpyxl.Workbook, found: Relocation) -> None:
    rows = rows_of(book, "Terugverdienen")
    assert rows["Inrichting, eenmalig (€)"][1] == 30_000.5 and rows["Inrichting, eenmalig (€)"][4] == "ingevuld"
    blank = rows["Personeel nu (€ per jaar)"]
    assert blank[1] is None and blank[4] == "leeg gelaten: telt als 0"
    assert found.pays is not None
    assert found.pays.years[0] is not None and found.pays.years[0] > 50
    years = ["meer dan 50 jaar", pytest.approx(found.pays.years[1]), "nooit"]
    assert list(rows["Jaren tot het terugverdiend is"][1:4]) == years
    left = rows["Blijft per jaar extra over (€)"][1:4]
    assert left == pytest.approx((found.pays.yearly_eur.value, found.pays.yearly_eur.low, found.pays.yearly_eur.high))


def test_it_says_what_it_rests_on(book: openpyxl.Workbook, found: Relocation) -> None:
    rows = rows_of(book, "Aannames")
    spending = next(row for title, row in rows.items() if title.startswith("best"))
    habits = found.move.market.habits
    assert spending[2] == pytest.approx(habits.eur_per_resident_year) and spending[6].startswith("proxy")
    assert spending[4] < spending[3] < spending[5]
    lines = [row[0] for row in book["Bronnen"].iter_rows(values_only=True)]
    assert all(note.to("nl") in lines for note in found.notes)
    assert any("squareville.osm.pbf" in line for line in lines)


def test_without_rents_it_says_what_is_missing(asked: dict[str, object], area: Area) -> None:
    bare = relocated(asked | {"costs": None}, area.data_dir).found
    book = openpyxl.load_workbook(io.BytesIO(move_book.workbook(bare, "x", COSTS, {})))
    assert any("Niet berekend: wat het kost is niet opgegeven" in title for title in rows_of(book, "Terugverdienen"))


def test_sample_data_are_named_on_every_sheet_and_others_on_none(found: Relocation, area: Area) -> None:
    for sample in (True, False):
        region = replace(found.move.market.region, area=saying(area, sample=sample))
        one = replace(found, move=replace(found.move, market=replace(found.move.market, region=region)))
        book = openpyxl.load_workbook(io.BytesIO(move_book.workbook(one, "x", COSTS, {})))
        marked = [any("verzonnen" in str(c.value) for row in s.iter_rows() for c in row) for s in book.worksheets]
        assert marked == [sample] * len(book.worksheets)


def test_the_workbook_is_in_the_language_of_the_visit(found: Relocation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(st.session_state, "lang", "en")
    book = openpyxl.load_workbook(io.BytesIO(move_book.workbook(found, "x", COSTS, {})))
    assert book.sheetnames == [
        "Move", "Neighbourhoods", "Other shops", "Break-even", "Choices", "Assumptions", "Sources",
    ]  # fmt: skip


def test_the_page_offers_pdf_workbook_and_decision_file(asked: dict[str, object]) -> None:
    choices = {"sites": str(asked["to"]), "view": "move", "branch": "bakery", "from": str(asked["from"])}
    app = open_page("compare", "nl", **choices)
    assert not app.exception
    assert [b.label for b in app.get("download_button")] == ["PDF", "Excel", "Beslissingsbestand"]
    bare = {**asked, "own_shops": None, "costs": None}
    written = json.loads(compare_files.decision(RELOCATE, bare))
    assert written["results"]["from"] == asked["from"]


def test_each_cost_says_where_it_comes_from(asked: dict[str, object]) -> None:
    to, start = str(asked["to"]), str(asked["from"])
    choices = {"view": "move", "branch": "bakery", "from": start, "fit_out": "30000", f"rent:{to}": "18000"}
    taken: list[move_asked.Asked] = []

    def take(key: object, branch: str, asked: move_asked.Asked, found: Relocation) -> None:
        taken.append(asked)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compare_files, "take_move_along", take)
        assert not open_page("compare", "nl", sites=to, **choices).exception
    [*_others, last] = taken
    told = {cost.label.to("nl"): (cost.value, cost.source.to("nl")) for cost in last.costs}
    assert told["Inrichting, eenmalig (€)"] == (30_000.0, "ingevuld")
    assert told["Huur daar (€ per jaar)"] == (18_000.0, "uit de vergelijking")
    assert told["Huur nu (€ per jaar)"] == (None, "niet ingevuld")
    assert told["Marge (% van de omzet)"] == (0.3, "standaard (proxy)")
