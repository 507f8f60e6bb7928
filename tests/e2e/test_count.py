"""In a real browser: a quarter of an hour counted by thumb on a phone, kept, and turned into passers-by a day."""

# ruff: noqa: F811 - a fixture is used by its name

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from visitor import Visit, address, visit  # noqa: F401 - fixtures

from location_model.own_counts import file_of, read_own_counts

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}


@pytest.fixture(autouse=True)
def _as_it_was(squareville_dir: Path) -> Iterator[None]:
    """Other tests share this data directory: what was counted is taken away again."""
    yield
    shutil.rmtree(squareville_dir / "own_counts", ignore_errors=True)


def on_a_phone(visit: Visit) -> None:
    visit.page.set_viewport_size(PHONE)
    visit.page.clock.install()
    visit.page.goto(f"{visit.address}/count?step=form")
    visit.page.locator(".tally .plus").wait_for()


def shows(visit: Visit, persons: int) -> None:
    visit.page.wait_for_function(f"document.querySelector('.tally .total')?.textContent === '{persons}'")


def test_a_quarter_is_counted_kept_and_told(visit: Visit, squareville_dir: Path) -> None:
    page = visit.page
    on_a_phone(visit)
    plus, save = page.locator(".tally .plus"), page.locator(".tally .save")
    assert plus.bounding_box()["width"] > 300
    assert plus.bounding_box()["y"] + plus.bounding_box()["height"] <= PHONE["height"]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    plus.click()
    for _ in range(40):
        plus.click()
    page.locator(".tally .minus").click()
    page.locator(".tally .undo").click()  # takes the one less back
    page.locator(".tally .undo").click()  # and one more
    shows(visit, 39)
    assert save.is_disabled()  # a minute says too little
    page.keyboard.press("+")
    page.keyboard.press("-")
    page.keyboard.press("ArrowUp")
    shows(visit, 40)
    page.get_by_text("marktdag", exact=True).click()  # the page runs again, the count stands
    page.wait_for_url(re.compile("day=market"))
    page.get_by_text("gewone dag", exact=True).click()
    page.wait_for_function("!location.search.includes('day=')")
    shows(visit, 40)
    page.reload()  # and so it does after a reload
    shows(visit, 40)
    page.clock.fast_forward(15 * 60 * 1000)
    page.locator(".tally.over").wait_for()
    assert plus.is_disabled()
    save.click()
    page.get_by_text(re.compile("Bewaard: 40 voetgangers in 15 minuten")).wait_for()
    shows(visit, 0)
    (count,) = read_own_counts(squareville_dir, "squareville").counts
    assert (count.pedestrians, count.minutes, count.day_kind) == (40, 15, "ordinary")
    page.get_by_text(re.compile(r"Deze straat nu: tussen [\d.]+ en [\d.]+ passanten per dag")).wait_for()
    assert visit.outside() == []
    assert visit.faults == []


def test_what_cannot_be_kept_is_still_in_the_browser(visit: Visit, squareville_dir: Path) -> None:
    page = visit.page
    damaged = file_of(squareville_dir, "squareville")
    damaged.parent.mkdir(exist_ok=True)
    damaged.write_text("somebody;else\r\n1;2\r\n")
    on_a_phone(visit)
    plus = page.locator(".tally .plus")
    plus.click()
    for _ in range(3):
        plus.click()
    page.clock.fast_forward(6 * 60 * 1000)
    page.locator(".tally .save").click()
    page.get_by_text("er is niets verloren").wait_for()
    shows(visit, 3)
    damaged.unlink()
    page.clock.fast_forward(10 * 1000)
    page.locator(".tally .save:not([disabled])").click()
    page.get_by_text(re.compile("Bewaard: 3 voetgangers in 6 minuten")).wait_for()
    assert len(read_own_counts(squareville_dir, "squareville").counts) == 1


def test_starting_over_asks_first_and_can_be_undone(visit: Visit) -> None:
    page = visit.page
    on_a_phone(visit)
    plus, again = page.locator(".tally .plus"), page.locator(".tally .again")
    plus.click()
    plus.click()
    again.click()
    shows(visit, 1)
    page.get_by_text("Telling wissen?").click()
    shows(visit, 0)
    page.locator(".tally .undo").click()
    shows(visit, 1)


def test_the_sheet_is_whole_by_itself(visit: Visit, tmp_path: Path) -> None:
    page = visit.page
    page.goto(f"{visit.address}/count")
    page.get_by_text("Telblad om af te drukken").wait_for()
    with page.expect_download() as download:
        page.get_by_text("Telblad om af te drukken").click()
    sheet = tmp_path / "sheet.html"
    download.value.save_as(sheet)
    fetched = len(visit.requests)
    page.goto(sheet.as_uri())
    assert visit.requests[fetched:] == [sheet.as_uri()]
    assert page.locator("article").count() == page.locator("svg").count() > 1
    assert page.locator("section").count() == -(-page.locator("article").count() // 4)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 703, "height": 1040})  # 186 × 275 mm of A4 inside its margins
    heights = page.evaluate("[...document.querySelectorAll('section')].map(s => s.getBoundingClientRect().height)")
    assert max(heights) <= 1040
