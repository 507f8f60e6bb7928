"""In a real browser: the map is drawn, a click opens a place, a slider is light, and nothing leaves the machine."""

# ruff: noqa: F811 - a fixture is used by its name

import io
import re

import numpy as np
import pytest
from PIL import Image
from visitor import Visit, address, visit  # noqa: F401 - fixtures

MAP = "[data-testid=stDeckGlJsonChart]"
DRAWN = 0.2
"""At least this share of the map is coloured when it is drawn; streets and text alone are grey."""

pytestmark = pytest.mark.browser


def coloured(picture: bytes) -> float:
    """Share of pixels that are clearly neither grey, black nor white."""
    pixels = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB")).astype(int)
    return float((pixels.max(axis=2) - pixels.min(axis=2) > 40).mean())


def wait_until_drawn(visit: Visit) -> None:
    """Until the cells are on the map; software drawing takes a while on a busy machine."""
    chart = visit.page.locator(MAP)
    chart.wait_for()
    share = 0.0
    for _ in range(60):
        share = coloured(chart.screenshot())
        if share > DRAWN:
            return
        visit.page.wait_for_timeout(500)
    pytest.fail(f"only {share:.0%} of the map is coloured")


def still(visit: Visit) -> None:
    """Until the app has answered: nothing over the socket for a while."""
    before = -1
    while before != len(visit.frames):
        before = len(visit.frames)
        visit.page.wait_for_timeout(700)


def click_map(visit: Visit, x: float, y: float) -> None:
    """Click at a share of the map's width and height, as a hand does: move, wait, press."""
    box = visit.page.locator(MAP).bounding_box()
    visit.page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
    visit.page.wait_for_timeout(1200)
    visit.page.mouse.down()
    visit.page.mouse.up()


@pytest.mark.parametrize("page", ["suggest", "explore?layer=residents_within_10_min"])
def test_the_map_is_drawn_and_nothing_leaves_the_machine(visit: Visit, page: str) -> None:
    visit.page.goto(f"{visit.address}/{page}")
    wait_until_drawn(visit)
    assert visit.outside() == []
    assert visit.faults == []
    assert any("/mapdata/" in r for r in visit.requests)


def test_every_page_opens_by_its_own_address_and_stays_on_the_machine(visit: Visit) -> None:
    for page in ("", "data", "method", "explore", "suggest", "compare"):
        visit.page.goto(f"{visit.address}/{page}")
        visit.page.locator("h1").wait_for()
        still(visit)
        visit.page.get_by_text("NL", exact=True).first.wait_for()  # the frame is there too
    assert visit.outside() == []
    assert visit.faults == []


def test_a_click_on_the_map_opens_that_cell(visit: Visit) -> None:
    visit.page.goto(f"{visit.address}/explore?layer=residents_within_10_min")
    wait_until_drawn(visit)
    still(visit)
    click_map(visit, 0.5, 0.45)
    visit.page.wait_for_url(re.compile(r"cell=8b[0-9a-f]+"))
    visit.page.locator(".kw-facts").wait_for()
    first = visit.page.locator("h3").first.inner_text()
    assert re.search(r"[A-Za-z]+straat", first)
    click_map(visit, 0.3, 0.3)
    visit.page.wait_for_function(f"document.querySelector('h3')?.innerText !== {first!r}")


def test_list_and_map_are_one_thing(visit: Visit) -> None:
    visit.page.goto(f"{visit.address}/suggest")
    wait_until_drawn(visit)
    still(visit)
    card = visit.page.locator("button.place").nth(1)
    chart = visit.page.locator(MAP)

    def red() -> int:
        pixels = np.asarray(Image.open(io.BytesIO(chart.screenshot())).convert("RGB")).astype(int)
        return int(((pixels[..., 0] > 190) & (pixels[..., 1] < 90) & (pixels[..., 2] < 80)).sum())

    assert red() == 0
    card.click()
    visit.page.wait_for_url(re.compile(r"site="))
    visit.page.locator("button.place.picked").wait_for()
    still(visit)
    assert visit.page.locator("button.place.picked").count() == 1
    assert red() > 50  # the pin and the ring
    visit.page.locator("button.place").nth(1).click()  # and lets go
    visit.page.wait_for_function("!document.querySelector('button.place.picked')")


def test_choosing_a_unit_asks_which_branches_fit_it(visit: Visit) -> None:
    visit.page.goto(f"{visit.address}/suggest?vacant=1&within=all")
    card = visit.page.locator("button.place").nth(1)
    card.wait_for()
    hint = visit.page.get_by_text("Kies een pand om te zien welke branches er passen")
    hint.wait_for()
    name = card.locator(".name").inner_text()
    card.click()
    visit.page.get_by_text(f"Welke branches passen hier: {name}").wait_for()
    visit.page.get_by_text("te weinig handelspanden om te zeggen welke branche waar past").wait_for()
    assert hint.count() == 0
    visit.page.locator("button.place.picked").click()
    hint.wait_for()
    assert visit.faults == []


def test_a_slider_sends_little_and_moves_the_list(visit: Visit) -> None:
    visit.page.goto(f"{visit.address}/suggest")
    wait_until_drawn(visit)
    visit.page.locator("summary").filter(has_text="Gewichten").click()
    slider = visit.page.locator("[data-testid=stSlider] input[type=range]").first
    slider.wait_for()
    still(visit)
    fetched, before = len(visit.requests), visit.page.locator(".places").inner_text()
    sizes = []
    slider.focus()
    for _ in range(4):
        sent = len(visit.frames)
        visit.page.keyboard.press("ArrowLeft")
        still(visit)
        sizes.append(sum(visit.frames[sent:]))
    assert min(sizes) > 1000
    assert max(sizes) <= 10_000
    assert visit.page.locator(".places").inner_text() != before
    assert [r for r in visit.requests[fetched:] if "/mapdata/" in r and r.endswith(".json")] == []


def test_the_language_is_the_browsers_until_one_is_chosen(visit: Visit) -> None:
    visit.page.goto(f"{visit.address}/suggest")
    visit.page.get_by_role("heading", name="Waar past uw zaak?").wait_for()
    visit.page.get_by_text("EN", exact=True).click()
    visit.page.get_by_role("heading", name="Where does your shop belong?").wait_for()
    visit.page.wait_for_url(re.compile("lang=en"))


def test_a_phone_shows_map_and_list_below_each_other(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    visit.page.goto(f"{visit.address}/suggest")
    wait_until_drawn(visit)
    chart, card = (visit.page.locator(s).first.bounding_box() for s in (MAP, "button.place"))
    assert card["y"] >= chart["y"] + chart["height"]
    assert chart["x"] >= 0
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 390
