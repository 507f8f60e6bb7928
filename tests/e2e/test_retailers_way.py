"""In a real browser, on Testerep, in Dutch, by clicks alone: from suggestions to a comparison, to a move, and back."""

# ruff: noqa: F811 - a fixture is used by its name

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader
from test_browser import still
from visitor import CHROMIUM, Visit, running, visit  # noqa: F401 - fixtures

from geodata.build import build
from geodata.sample import write_sources
from geodata.settings import Settings
from location_model.sample import requests

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app with Testerep-Stad, drawn with fewer streets."""
    folder = tmp_path_factory.mktemp("testerep")
    if CHROMIUM is not None:
        [town] = [r for r in requests(write_sources(folder / "sample", detail=0.11)) if r.area == "Testerep-Stad"]
        build(town, Settings(data_dir=folder))
    with running(folder) as here:
        yield here


def put_aside(visit: Visit, count: int) -> None:
    """The first places of the list, to compare, and on to the comparison."""
    for i in range(count):
        visit.page.locator(".places .aside").nth(i).click()
        visit.page.locator(".places .aside.in").nth(i).wait_for()
    visit.page.get_by_role("link", name=f"{count} gekozen – vergelijk").click()


def put_three_aside(visit: Visit) -> None:
    """Three vacant units of the list, to compare."""
    visit.page.goto(f"{visit.address}/suggest")
    visit.page.get_by_text("Alleen leegstaande panden").click()
    visit.page.wait_for_url(re.compile("vacant=1"))
    still(visit)
    put_aside(visit, 3)
    visit.page.get_by_role("heading", name="Welke van deze plekken?").wait_for()
    visit.page.locator(".kw-side tbody, .kw-side td").first.wait_for()
    still(visit)


def test_from_suggestions_to_a_comparison_that_can_be_shared(visit: Visit) -> None:
    put_three_aside(visit)
    assert visit.page.locator(".kw-card .score").count() == 3
    assert visit.page.locator(".kw-side thead .kw-letter").all_inner_texts() == ["A", "B", "C"]
    rent = visit.page.get_by_label("Huur van A, € per jaar")
    rent.fill("24000")
    rent.press("Enter")
    visit.page.get_by_text(re.compile(r"\d+ % van de omzet \(tussen")).wait_for()
    visit.page.get_by_role("radio", name="B", exact=True).click()
    visit.page.get_by_text("Verzorgingsgebied van B").wait_for()
    still(visit)
    link, seen = visit.page.url, visit.page.locator(".kw-cards").all_inner_texts()
    assert "sites=" in link and "24000" in link and "catchment=B" in link
    visit.page.goto("about:blank")
    visit.page.goto(link)
    visit.page.get_by_text("Verzorgingsgebied van B").wait_for()
    visit.page.get_by_text(re.compile(r"\d+ % van de omzet \(tussen")).wait_for()
    still(visit)
    assert visit.page.locator(".kw-cards").all_inner_texts() == seen
    assert not visit.outside() and not visit.faults


def test_from_a_comparison_to_a_move_and_its_decision_file(visit: Visit, tmp_path: Path) -> None:
    put_three_aside(visit)
    visit.page.get_by_role("radio", name="Een winkel verhuizen").click()
    visit.page.get_by_role("heading", name="Loont verhuizen?").wait_for()
    visit.page.get_by_label("Winkel die verhuist").click()
    visit.page.get_by_role("option").nth(1).click()
    visit.page.get_by_text("Wat er per jaar verandert").wait_for()
    heads = visit.page.locator(".kw-side thead th").all_inner_texts()
    assert heads[1:] == ["Niets doen", "Verhuizen naar A", "Alleen sluiten"]
    for label, euros in (("Inrichting, eenmalig (€)", "80.000"), ("Huur nu (€ per jaar)", "18.000")):
        visit.page.get_by_label(label).fill(euros)
        visit.page.get_by_label(label).press("Enter")
        still(visit)
    visit.page.get_by_text("Vul beide huren in").first.wait_for()
    visit.page.get_by_label("Huur daar (€ per jaar)").fill("24.000")
    visit.page.get_by_label("Huur daar (€ per jaar)").press("Enter")
    visit.page.get_by_text(re.compile("verdient zich|Terugverdiend")).first.wait_for()
    still(visit)
    with visit.page.expect_download() as given:
        visit.page.get_by_role("button", name="Beslissingsbestand").click()
    written = tmp_path / given.value.suggested_filename
    given.value.save_as(written)
    results = json.loads(written.read_text("utf-8"))["results"]
    assert {"kept_eur", "lost_eur", "won_eur", "net_eur", "close_only", "do_nothing", "break_even"} <= set(results)
    assert results["break_even"] is not None
    assert not visit.outside() and not visit.faults


def test_a_retailers_way_from_branch_to_pdf(visit: Visit, tmp_path: Path) -> None:
    """From the first page: who am I, which branch, which places, and one sheet of paper on the best of them."""
    visit.page.goto(visit.address)
    visit.page.get_by_role("link", name=re.compile("Winkelier: ")).click()
    visit.page.get_by_role("heading", name="Waar past uw zaak?").wait_for()
    visit.page.get_by_label("Branche").first.click()
    visit.page.get_by_role("option", name="apotheek").click()
    visit.page.wait_for_url(re.compile("branch=pharmacy"))
    still(visit)
    put_aside(visit, 2)
    visit.page.locator(".kw-side td").first.wait_for()
    still(visit)
    names = visit.page.locator(".kw-card b").all_inner_texts()
    with visit.page.expect_download() as given:
        visit.page.get_by_role("button", name="PDF van A").click()
    written = tmp_path / given.value.suggested_filename
    given.value.save_as(written)
    [sheet] = PdfReader(written).pages
    text = sheet.extract_text()
    assert all(word in text for word in (names[0], "voorbeeldgegevens", "Verwachte omzet per jaar", "Apotheek"))
    assert not visit.outside() and not visit.faults


def test_a_comparison_is_kept_and_opened_again(visit: Visit) -> None:
    put_three_aside(visit)
    visit.page.get_by_role("button", name="Bewaard").click()
    name = visit.page.get_by_label("Bewaar deze vergelijking als")
    name.fill("Tweede winkel")
    name.press("Enter")
    visit.page.get_by_role("button", name="Bewaren", exact=True).click()
    visit.page.get_by_text("Bewaard als Tweede winkel.").wait_for()
    visit.page.goto(f"{visit.address}/compare")
    visit.page.get_by_text("Kies twee tot vijf plekken").wait_for()
    visit.page.get_by_role("button", name="Bewaard").click()
    visit.page.get_by_role("button", name="Tweede winkel").click()
    visit.page.locator(".kw-side thead .kw-letter").nth(2).wait_for()
    assert not visit.outside() and not visit.faults


def test_on_a_phone_the_page_does_not_run_off_the_side(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    visit.page.goto(f"{visit.address}/compare")
    visit.page.get_by_role("button", name="De drie beste plekken").click()
    visit.page.locator(".kw-side td").first.wait_for()
    still(visit)
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert visit.page.locator(".kw-cards").first.bounding_box()["width"] <= 390
