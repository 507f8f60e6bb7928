"""A move on paper: two pages in both languages, the same figures as on the screen, and a command that works again."""

import datetime
import io
import json
import shlex
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from command_line import command
from test_report import plain, read, saying

from geodata.store import Area
from location_model import relocate
from location_model.break_even import Costs
from location_model.find_site import find_site
from location_model.move_parts import neighbourhoods, other_shops
from location_model.relocate import Relocation
from location_model.relocated import relocated
from location_model.report import move as report_move
from location_model.report import move_pages
from location_model.report.again import relocate_command
from location_model.report.words import Words

DAY = datetime.date(2026, 11, 23)
COSTS = Costs(30_000.0, 500.0, 12_000.0, 19_000.0, 0.0, 1_234_567.0, 0.25)


@pytest.fixture(scope="module")
def ends(area: Area) -> tuple[str, str]:
    premises = area.tables.premises[area.tables.premises["in_study"]]
    shop = min(premises.query("branch == 'bakery' and state == 'occupied'")["id"])
    return str(shop), str(min(premises.query("state == 'vacant'")["id"]))


def asked(ends: tuple[str, str | None], costs: Costs | None = COSTS, **more: object) -> dict[str, object]:
    given = None if costs is None else vars(costs)
    return {"area": "squareville", "branch": "bakery", "from": ends[0], "to": ends[1], "costs": given, **more}


@pytest.fixture(scope="module")
def found(ends: tuple[str, str], area: Area) -> Relocation:
    return relocated(asked(ends), area.data_dir).found


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("nl", ("Loont verhuizen?", "Niets doen", "Alleen sluiten", "Wat er per jaar verandert", "Samen", "Bronnen",
                "Wanneer het zich terugverdient", "€ 500", "€ 1.234.567", "25 %", "gemodelleerd, niet opgemeten",
                "geen lijst met eigen winkels", "proxy")),
        ("en", ("Does moving pay?", "Do nothing", "Close only", "What changes in a year", "Together", "Sources",
                "When it has paid for itself", "€ 500", "€ 1,234,567", "25 %", "modelled, not surveyed",
                "No list of own shops", "proxies")),
    ],
)  # fmt: skip
def test_a_move_on_two_pages(found: Relocation, ends: tuple[str, str], language: str, said: tuple[str, ...]) -> None:
    words = Words(language)
    pages = read(move_pages(found, *ends, language, made_on=DAY))
    assert len(pages) == 2
    text = " ".join(pages)
    assert [x for x in said if x not in text] == []
    for balance in (found.balance, found.close_only, found.do_nothing):
        assert plain(words.euros(balance["kept_eur"].value)) in text
    net = found.balance["net_eur"]
    assert plain(words.between(words.euros(net.low), words.euros(net.high))) in pages[0]
    assert found.pays is not None and plain(words.euros(found.pays.yearly_eur.value)) in pages[0]
    assert all(note.to(language)[1:] in pages[1] for note in found.notes)
    assert "nan" not in text.lower().split() and "None" not in text


def test_the_command_on_the_page_gives_the_same_move(found: Relocation, ends: tuple[str, str], area: Area) -> None:
    words = relocate_command(found, *ends, {})
    assert " ".join(words) in read(move_pages(found, *ends, "en"))[1]
    python, module, package, *rest = (shlex.split(word)[0] for word in words)
    assert (python, module, package) == ("python", "-m", "location_model")
    answer = command(*rest, "--json", "--data", area.data_dir)
    assert answer.code == 0 and json.loads(answer.out) == json.loads(json.dumps(found.as_json()))


def test_a_floor_area_that_is_given_counts_and_stands_in_the_command(ends: tuple[str, str], area: Area) -> None:
    small, large = (relocated(asked(ends, floor_area_m2=m2), area.data_dir).found for m2 in (20.0, 480.5))
    assert large.balance["won_eur"].value > small.balance["won_eur"].value
    assert "480 m², was given by you" in read(move_pages(large, *ends, "en"))[1]
    _python, _module, _package, *rest = relocate_command(large, *ends, {})
    assert "--floor-area=480.5" in rest
    answer = command(*rest, "--json", "--data", area.data_dir)
    assert json.loads(answer.out) == json.loads(json.dumps(large.as_json()))


def test_what_rests_on_a_list_names_it_and_shows_own_shops(ends: tuple[str, str], area: Area, tmp_path: Path) -> None:
    path = tmp_path / "mijn winkels.csv"
    bakers = area.tables.premises.query("branch == 'bakery' and state == 'occupied' and in_study")["id"]
    other = find_site(area, max(bakers)).site
    rows = ["winkel_id;naam;branche;lengtegraad;breedtegraad", f"W 1;Markt;bakkerij;{other.lng};{other.lat}"]
    path.write_text("\n".join(rows), "utf-8")
    found = relocated(asked(ends, own_shops=str(path)), area.data_dir).found
    lists = {"own_shops": path.name}
    first, second = read(move_pages(found, *ends, "nl", lists=lists, address="http://localhost/compare?from=x"))
    assert "uw eigen lijst mijn winkels.csv" in second and "--own-shops=mijn winkels.csv" in second
    assert "http://localhost/compare?from=x" in second  # both ways: nothing of a move stands in the weights
    assert "eigen" in second and "geen lijst met eigen winkels" not in second and "Eigen andere winkels" in first


def test_an_own_shop_that_stays_where_it_is_is_as_large_as_it_is(
    ends: tuple[str, str], area: Area, tmp_path: Path
) -> None:
    """Named once by the list and once as the premises: the floor area given for the new place would be that of both."""
    path, place = tmp_path / "shops.csv", find_site(area, ends[0]).site
    path.write_text(
        f"winkel_id;naam;branche;lengtegraad;breedtegraad\nW;Markt;bakkerij;{place.lng};{place.lat}", "utf-8"
    )
    plain, given = (
        relocated(asked(("W", ends[0]), own_shops=str(path), **more), area.data_dir).found
        for more in ({}, {"floor_area_m2": 3000.0})
    )
    assert given.move.same and given.floor_area_m2 is None and given.balance == plain.balance
    assert given.balance["net_eur"].value == 0


@pytest.mark.parametrize(("language", "said"), [("nl", "andere winkels samen"), ("en", "other shops together")])
def test_shops_for_which_there_is_no_room_are_told_together(
    found: Relocation, ends: tuple[str, str], language: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relocate, "NEIGHBOUR_M", 1e6)  # all bakers of the town are neighbours
    monkeypatch.setattr(report_move, "MOST_SHOPS", 1)
    wide = replace(found, move=replace(found.move))
    words, shops = Words(language), [shop for shop in other_shops(wide.move) if not shop.own]
    first, second = read(move_pages(wide, *ends, language))
    assert f"{len(shops) - 1} {said}" in second and "workbook" not in first + second
    assert plain(words.euros(sum(shop.change.value for shop in shops[1:]))) in second


def test_one_neighbourhood_is_one_and_as_large_as_they_are_here(
    found: Relocation, ends: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two neighbourhoods one has a row of its own. A hexagon of this size is 0.6 km² at this latitude."""
    two = neighbourhoods(found.move).head(2)
    assert len(two) == 2
    monkeypatch.setattr(report_move, "neighbourhoods", lambda _move: two)
    monkeypatch.setattr(report_move, "MOST_NEIGHBOURHOODS", 1)
    for language, said, size in (
        ("nl", "Nog één andere buurt ", "0,6 km²"),
        ("en", "One other neighbourhood ", "0.6 km²"),
    ):
        second = read(move_pages(found, *ends, language))[1]
        assert said in second and size in second


def test_without_costs_nothing_is_said_of_earning_back(found: Relocation, ends: tuple[str, str]) -> None:
    bare = replace(found, pays=None)
    first, second = read(move_pages(bare, *ends, "nl"))
    assert "Niet berekend: wat het kost is niet opgegeven" in first and "--rent" not in second


def test_the_address_on_paper_is_a_link_and_can_be_copied(found: Relocation, ends: tuple[str, str]) -> None:
    address = "http://localhost:8501/compare?area=testerep-stad&sites=" + "%3B".join(f"node%2F{i}" for i in range(30))
    page = pypdf.PdfReader(io.BytesIO(move_pages(found, *ends, "nl", address=address))).pages[1]
    assert {note.get_object()["/A"]["/URI"] for note in page["/Annots"]} == {address}
    assert address in page.extract_text().replace("\n", "")  # broken over lines by no letter of its own


def test_the_two_places_are_now_and_new_and_have_no_letters(found: Relocation, ends: tuple[str, str]) -> None:
    for language, now, new in (("nl", "nu", "nieuw"), ("en", "now", "new")):
        first, second = read(move_pages(found, *ends, language))
        assert now in first and new in first  # glued to what lies beside them on the map
        assert "A," not in first.split() and "B" not in first.split()
        assert f"km ({now})" in second and f"km ({new})" in second


def test_closing_alone_has_its_own_question(ends: tuple[str, str], area: Area) -> None:
    found = relocated(asked((ends[0], None), None), area.data_dir).found
    first, second = read(move_pages(found, ends[0], None, "nl"))
    assert "Wat doet sluiten?" in first and "Sluiten kost" in first and "Verhuizen naar" not in first
    assert "--to" not in second and "km (nieuw)" not in second


def test_moving_nowhere_is_said(ends: tuple[str, str], area: Area) -> None:
    found = relocated(asked((ends[0], ends[0])), area.data_dir).found
    first, _second = read(move_pages(found, ends[0], ends[0], "nl"))
    assert "er verandert niets" in first


def test_sample_data_say_so_on_both_pages(found: Relocation, ends: tuple[str, str], area: Area) -> None:
    assert all("voorbeeldgegevens" not in page for page in read(move_pages(found, *ends, "nl")))
    region = replace(found.move.market.region, area=saying(area, sample=True))
    sample = replace(found, move=replace(found.move, market=replace(found.move.market, region=region)))
    assert all("voorbeeldgegevens" in page for page in read(move_pages(sample, *ends, "nl")))


def test_the_command_line_writes_it(ends: tuple[str, str], area: Area, tmp_path: Path) -> None:
    pdf = tmp_path / "move.pdf"
    words = ("relocate", "squareville", "--branch", "bakery", "--from", ends[0], "--to", ends[1])
    answer = command(*words, "--data", area.data_dir, "--pdf", pdf, language="nl")
    assert answer.code == 0 and "move.pdf" in answer.err
    assert len(pypdf.PdfReader(pdf).pages) == 2
