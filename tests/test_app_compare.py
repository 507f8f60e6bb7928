"""The page `compare` says what the library says, in both languages, keeps what was chosen, and hands it on."""

import io
import json
import shutil
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pyogrio
import pytest
from pages_at_work import deck, open_page
from streamlit.testing.v1 import AppTest

from geodata.branches import read_branches
from geodata.store import Area
from location_model.branch_layer import LAYER as SUITABILITY
from location_model.branch_market import market_of
from location_model.compare import Comparison, compare
from location_model.find_site import find_site
from location_model.presets import starting_profile
from location_model.profile import Limits
from location_model.relocate import relocation
from location_model.report import figures
from location_model.report.words import Words
from location_model.saved import SavedWork
from location_model.score import score_area
from location_model.street_class import class_told
from location_model.suggest import suggest
from location_model.surveyed import GroupSurveyed, Surveyed
from pages.ui import cache, compare_book, compare_files, compare_words, tray
from pages.ui.compare_words import euros

pytestmark = pytest.mark.usefixtures("squareville_app")


@pytest.fixture(scope="module")
def vacant(area: Area) -> list[str]:
    premises = area.tables.premises
    return sorted(premises.loc[(premises["state"] == "vacant") & premises["in_study"], "id"])[:3]


@pytest.fixture(scope="module")
def expected(area: Area, vacant: list[str]) -> Comparison:
    branches = read_branches()
    profile = replace(starting_profile(area, "bakery", branches).profile, limits=Limits(within="core"))
    sites = [find_site(area, i) for i in vacant]
    market = market_of(area, "bakery", sites, area.data_dir).market
    return compare(area, score_area(area, branches, profile), sites, market)


def opened(vacant: list[str], language: str = "nl", **choices: str) -> AppTest:
    app = open_page("compare", language, sites=";".join(vacant), **choices)
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    """All that the page says, HTML included."""
    texts = [x.value for kind in (app.markdown, app.caption, app.error) for x in kind]
    return " ".join([*texts, *(h.proto.body for h in app.get("html"))])


def dutch(eur: float) -> str:
    """Euros of two digits."""
    return f"€\u00a0{float(f'{eur:.2g}'):,.0f}".replace(",", ".")


@pytest.mark.parametrize(("language", "title"), [("nl", "Welke van deze plekken?"), ("en", "Which of these places?")])
def test_the_page_says_what_compare_answers(vacant: list[str], expected: Comparison, language: str, title: str) -> None:
    app = opened(vacant, language)
    assert [t.value for t in app.title] == [title]
    text = said(app)
    for site in expected.sites:
        assert site.turnover is not None
        assert site.named.site.title.to(language) in text
        for end in ("value", "low", "high"):
            euro = dutch(getattr(site.turnover, end))
            assert (euro if language == "nl" else euro.replace(".", ",")) in text
        assert site.permit.why.to(language) in text
    assert all(note.to(language) in text for note in expected.notes)
    layers = deck(app)
    assert [pin["r"] for layer, it in layers.items() if layer.startswith("pins") for pin in it["data"]][-1] == "A"
    cells = next(it for layer, it in layers.items() if layer.startswith("catchment"))["data"]
    assert expected.sites[0].catchment is not None
    table = expected.sites[0].catchment.table
    assert [c["h"] for c in cells] == table.loc[table["part"] != "beyond", "cell"].tolist()


def test_without_places_the_page_says_what_to_do_and_takes_the_three_best(area: Area) -> None:
    app = open_page("compare", "nl")
    assert "Kies twee tot vijf plekken" in said(app)
    app.button(key="add_best").click().run()
    assert not app.exception
    branches = read_branches()
    best = suggest(area, score_area(area, branches, starting_profile(area, "bakery", branches).profile), n=3).sites
    assert app.session_state[tray.SITES] == ";".join(s.site.cell for s in best)
    assert "Naast elkaar" in said(app)


def test_one_place_asks_for_another_and_a_place_can_be_taken_out(vacant: list[str]) -> None:
    app = opened(vacant[:2])
    app.button(key=f"out_{vacant[1]}").click().run()
    assert "Kies nog een plek" in said(app)
    assert app.query_params["sites"] in (vacant[0], [vacant[0]])


def test_a_place_that_is_not_here_is_named_and_the_others_stay(vacant: list[str]) -> None:
    app = opened([*vacant[:2], "node/999999"])
    assert "node/999999" in " ".join(e.value for e in app.error)
    assert "Naast elkaar" in said(app)


def test_an_address_can_be_typed_and_a_wrong_one_is_told(vacant: list[str], area: Area) -> None:
    app = opened(vacant[:1])
    app.text_input(key="add_typed").set_value("Nergensstraat 1").run()
    assert "Nergensstraat 1" in said(app)
    known = area.tables.premises[lambda p: p["in_study"] & p["street"].notna() & p["house_number"].notna()]
    known = known if len(known) else area.tables.addresses[lambda a: a["in_study"]]
    address = f"{known['street'].iloc[0]} {known['house_number'].iloc[0]}"
    app.text_input(key="add_typed").set_value(address).run()
    assert not app.exception
    assert app.session_state[tray.SITES] == f"{vacant[0]};{address}"
    assert address in said(app)


def test_a_rent_has_a_share_and_stands_in_the_address(vacant: list[str], expected: Comparison) -> None:
    app = opened(vacant)
    rent = f"typed:rent:{vacant[0]}"
    app.text_input(key=rent).set_value("24.000").run()
    turnover = expected.sites[0].turnover
    assert turnover is not None
    assert f"{24_000 / turnover.value:.0%}".replace("%", " % van de omzet") in said(app).replace("\u00a0", " ")
    assert app.query_params[f"rent:{vacant[0]}"] in ("24000", ["24000"])
    assert app.text_input(key=rent).value == "24.000"
    app.text_input(key=rent).set_value("veel").run()
    assert "Dit bedrag is niet te lezen" in said(app) and app.text_input(key=rent).value == "veel"
    assert f"rent:{vacant[0]}" not in app.query_params
    english = opened(vacant, "en", **{f"rent:{vacant[0]}": "24000"})
    assert english.text_input(key=rent).value == "24,000"
    english.text_input(key=rent).set_value("€ 21,500.50").run()
    assert english.query_params[f"rent:{vacant[0]}"] in ("21500.5", ["21500.5"])
    assert english.text_input(key=rent).value == "21,500.50"


def test_a_floor_area_is_asked_where_none_is_on_record_and_the_page_follows(vacant: list[str], area: Area) -> None:
    here, there = area.grid.index[[5, 40]]
    app = opened([vacant[0], here, there])
    boxes = {box.key for box in app.number_input}
    size = area.tables.premises.set_index("id").loc[vacant[0], "floor_area_m2"]
    assert {f"m2:{here}", f"m2:{there}"} <= boxes and (f"m2:{vacant[0]}" in boxes) == (size != size)
    before = said(app)
    assert "door u opgegeven" not in before
    app.number_input(key=f"m2:{here}").set_value(650.0).run()
    assert not app.exception
    assert "650 m², door u opgegeven" in said(app)
    assert app.query_params[f"m2:{here}"] in ("650", ["650"])
    table = read_branches()
    sites = [find_site(area, x) for x in (vacant[0], here, there)]
    sites[1] = sites[1].with_floor_area(650.0)
    profile = replace(starting_profile(area, "bakery", table).profile, limits=Limits(within="core"))
    sold = market_of(area, "bakery", sites, area.data_dir).market
    expected = compare(area, score_area(area, table, profile), sites, sold).sites[1].turnover
    assert expected is not None and dutch(expected.value) in said(app) and dutch(expected.value) not in before
    linked = opened([vacant[0], here, there], **{f"m2:{here}": "650", f"m2:{there}": "-3"})
    assert linked.number_input(key=f"m2:{here}").value == 650 and linked.number_input(key=f"m2:{there}").value is None


def test_the_rent_that_is_asked_counts_until_another_is_typed(
    vacant: list[str], area: Area, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(area.folder.parent, tmp_path / "areas" / area.id)
    table = tmp_path / "areas" / area.id / area.version / "tables" / "premises.parquet"
    premises = gpd.read_parquet(table)
    premises.assign(rent_eur_per_year=premises["id"].map({vacant[0]: 24_000.0})).to_parquet(table)
    monkeypatch.setenv("KERNWIJZER_DATA", str(tmp_path))
    app = opened(vacant)
    box = app.text_input(key=f"typed:rent:{vacant[0]}")
    assert (box.value, box.placeholder) == ("", "€ 24.000 gevraagd")
    assert said(app).count("bij de gevraagde huur") == 1
    box.set_value("20.000").run()
    assert "bij de gevraagde huur" not in said(app) and "van de omzet" in said(app)


def test_a_move_says_what_relocate_answers_and_when_it_pays(vacant: list[str], area: Area) -> None:
    premises = area.tables.premises
    shops = premises[(premises["branch"] == "bakery") & (premises["state"] == "occupied") & premises["in_study"]]
    start = sorted(shops["id"])[0]
    app = opened(vacant, view="move", to="B", **{"from": start})
    assert "Vul beide huren in" in said(app)
    market = market_of(area, "bakery", [find_site(area, i) for i in (start, vacant[1])], area.data_dir).market
    found = relocation(market, start, vacant[1])
    text = said(app)
    for balance in (found.balance, found.close_only, found.do_nothing):
        assert dutch(balance["kept_eur"].value) in text
    app.text_input(key="typed:fit_out").set_value("1.000").run()
    assert "Vul beide huren in" in said(app)
    app.text_input(key="typed:rent_now").set_value("12.000").run()
    app.text_input(key="typed:rent_there").set_value("0").run()
    assert "Vul beide huren in" not in said(app)
    pays = "verdient zich nooit terug" in said(app) or "Terugverdiend" in said(app) or "wellicht nooit" in said(app)
    assert pays and app.query_params["fit_out"] in ("1000", ["1000"])
    same = opened([start, *vacant[:1]], view="move", to="A", **{"from": start})
    assert "er verandert niets" in said(same)


def test_a_comparison_is_saved_opened_renamed_deleted_and_brought_back(vacant: list[str], area: Area) -> None:
    app = opened(vacant, **{f"rent:{vacant[0]}": "24000", "bakery.footfall_index": "0.5"})
    assert "Iedereen die deze Kernwijzer gebruikt, ziet wat bewaard is." in said(app)
    app.text_input(key="kept_comparison_name").set_value("Tweede winkel").run()
    app.button(key="kept_comparison_save").click().run()
    work = SavedWork(cache.settings())
    [entry] = work.entries("comparison")
    kept = work.open_comparison("Tweede winkel")
    assert kept.sites == tuple(vacant) and kept.rents == ((vacant[0], 24_000.0),) and kept.area == area.id
    assert {c.layer: c.weight for c in kept.profile.criteria}["footfall_index"] == 0.5
    other = open_page("compare", "en")
    other.button(key=f"kept_comparison_open_{entry.id}").click().run()
    assert not other.exception
    assert other.session_state[tray.SITES] == ";".join(vacant)
    assert other.text_input(key=f"typed:rent:{vacant[0]}").value == "24,000"
    assert other.query_params["bakery.footfall_index"] in ("0.5", ["0.5"])
    other.button(key=f"kept_comparison_edit_{entry.id}").click().run()
    other.text_input(key="kept_comparison_new_name").set_value("Derde winkel").run()
    other.button(key=f"kept_comparison_name_{entry.id}").click().run()
    assert [e.name for e in work.entries("comparison")] == ["Derde winkel"]
    other.button(key=f"kept_comparison_delete_{entry.id}").click().run()
    assert not work.entries("comparison")
    other.button(key="kept_comparison_undo").click().run()
    assert [e.name for e in work.entries("comparison")] == ["Derde winkel"]
    work.delete("comparison", "Derde winkel")


def test_the_decision_file_is_that_of_the_command_line(vacant: list[str], expected: Comparison) -> None:
    from location_model.compared import COMPARE
    from location_model.profile import profile_as_json

    asked = {
        "area": "squareville", "sites": vacant, "profile": profile_as_json(expected.robust.scored.profile),
        "rents": {}, "own_shops": None,
    }  # fmt: skip
    written = json.loads(compare_files.decision(COMPARE, asked))
    assert written["results"] == json.loads(json.dumps(expected.as_json()))


def test_the_workbook_holds_each_figure_with_its_unit_and_interval(expected: Comparison) -> None:
    book = openpyxl.load_workbook(io.BytesIO(compare_book.workbook(expected, {"Branche": "bakkerij"})))
    assert book.sheetnames == ["Vergelijken", "Punten", "Waarden", "Verschillen", "Keuzes", "Bronnen"]
    rows = {row[0]: row for row in book["Vergelijken"].iter_rows(values_only=True)}
    first = expected.sites[0].turnover
    assert first is not None
    assert rows["Verwachte omzet"][1] == "€ per jaar"
    assert rows["Verwachte omzet"][2:5] == pytest.approx((first.value, first.low, first.high))
    points = [row[3] for row in book["Punten"].iter_rows(min_row=2, values_only=True)]
    assert sum(x for x in points if x is not None) == pytest.approx(expected.sites[0].score, abs=1e-4)


def test_the_class_of_a_street_is_not_taken_for_the_letter_of_a_place(vacant: list[str], expected: Comparison) -> None:
    feet = expected.sites[0].footfall
    assert feet is not None and feet.street_class is not None
    told = class_told(feet.street_class).to("nl")
    assert told.startswith(f"klasse {feet.street_class} (")
    assert told in said(opened(vacant, "nl"))
    sheet = openpyxl.load_workbook(io.BytesIO(compare_book.workbook(expected, {})))["Vergelijken"]
    cells = {row[0]: row[2] for row in sheet.iter_rows(values_only=True)}
    assert cells["Klasse van de straat"] == told
    words = Words("nl")
    assert told in str(figures.footfall(expected.sites[0], words)) and told in figures.street(feet, words)


def test_what_weighs_nothing_is_not_called_unknown(vacant: list[str], expected: Comparison) -> None:
    [criterion] = [c for c in expected.robust.scored.profile.criteria if c.weight == 0]
    assert criterion.layer == SUITABILITY.name
    [row] = [row for row in said(opened(vacant)).split("<tr>") if SUITABILITY.title.to("nl") in row]
    assert "telt hier niet mee: voor deze branche" in row and row.count("telt hier niet mee</span>") == len(vacant)
    assert "niet gekend" not in row


def test_shares_are_percentages_and_local_retention_has_its_row(expected: Comparison) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(compare_book.workbook(expected, {})))["Vergelijken"]
    rows = {row[0].value: row for row in sheet.iter_rows()}
    kept = expected.sites[0].retention
    row = rows["Gemodelleerde koopbinding met deze winkel erbij"]
    assert row[2].value == (None if kept is None else pytest.approx(kept.value))
    assert row[2].number_format == "0.0 %" or kept is None
    known = rows["Wat we weten"]
    assert known[2].value == pytest.approx(expected.sites[0].coverage) and known[2].number_format == "0 %"
    assert not any(str(row[1].value).endswith("0–1") for row in rows.values())


def test_a_survey_has_a_row_of_its_own_where_one_is_kept(expected: Comparison) -> None:
    surveyed = GroupSurveyed("convenience", Surveyed(0.84125, "2023", "provincie"))
    title = "Gemeten koopbinding, de hele goederengroep"
    for survey in (None, surveyed):
        book = compare_book.workbook(replace(expected, surveyed=survey), {})
        rows = {r[0]: r for r in openpyxl.load_workbook(io.BytesIO(book))["Vergelijken"].iter_rows(values_only=True)}
        assert (title in rows) is (survey is not None)
    assert rows[title][2] == 0.84125 and rows[title][-1] == "meting, 2023: provincie"
    assert "dagelijkse goederen" in rows[title][1]
    assert surveyed.told("84 %").to("nl") == "gemeten voor dagelijkse goederen samen: 84 % (2023)"


def test_sample_data_are_named_on_every_sheet_and_others_on_none(expected: Comparison) -> None:
    area = expected.area
    for sample in (True, False):
        invented = Area(area.folder, {**area.manifest, "study": {**area.manifest["study"], "sample": sample}})
        book = openpyxl.load_workbook(io.BytesIO(compare_book.workbook(replace(expected, area=invented), {})))
        marked = [any("verzonnen" in str(c.value) for row in s.iter_rows() for c in row) for s in book.worksheets]
        assert marked == [sample] * len(book.worksheets)


def test_the_geopackage_holds_places_catchments_and_what_the_fields_are(expected: Comparison, tmp_path: Path) -> None:
    path = tmp_path / "comparison.gpkg"
    path.write_bytes(compare_files.geopackage(expected, "http://example.org"))
    places, fields = pyogrio.read_dataframe(path, layer="places"), pyogrio.read_dataframe(path, layer="fields")
    assert places["letter"].tolist() == ["A", "B", "C"]
    catchments = pyogrio.read_dataframe(path, layer="catchments")
    assert catchments.groupby("letter")["share"].sum().to_numpy() == pytest.approx(np.ones(3))
    named = set(fields["field"])
    plain = {c.removesuffix("_low").removesuffix("_high") for c in places.columns} - {"geometry", "letter", "name"}
    assert plain <= named and set(catchments.columns) - {"geometry", "letter"} <= named


def test_even_places_are_told_even(expected: Comparison) -> None:
    order = compare_words.best_first(expected)
    for i in order[1:]:
        pair = compare_words.between_two(expected, order[0], i).scores
        assert pair is not None
        assert (i in compare_words.level_with(expected, order[0])) == (pair.ahead is None)


def test_euros_have_two_digits_and_a_minus_that_stays() -> None:
    assert euros(123_456.0) == "€\u00a0120.000"
    assert euros(-19_499.0) == "−\u2060€\u00a019.000"
    assert euros(0.0) == "€\u00a00" and euros(float("nan")) == "–"


def test_on_the_page_of_suggestions_places_are_put_aside(vacant: list[str]) -> None:
    app = open_page("suggest", "nl", sites=vacant[0])
    assert "kies er nog een" in said(app)
    app = open_page("suggest", "nl", sites=";".join(vacant))
    assert app.get("page_link")[0].proto.label == "**3 gekozen – vergelijk**"
    app.button(key="tray_clear").click().run()
    assert app.session_state[tray.SITES] == "" and "sites" not in app.query_params
