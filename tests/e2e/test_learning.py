"""In a real browser: a list of own shops teaches weights, by clicks alone, and they can be taken back."""

# ruff: noqa: F811 - a fixture is used by its name

from pathlib import Path

import pytest
from test_browser import still, wait_until_drawn
from test_own_learning import listed
from visitor import Visit, address, visit  # noqa: F401 - fixtures

from geodata.store import Store

pytestmark = pytest.mark.browser


def test_weights_learnt_from_turnover_move_the_list_and_can_be_taken_back(
    visit: Visit, squareville_dir: Path, tmp_path: Path
) -> None:
    given = tmp_path / "winkels.csv"
    given.write_text(listed(Store(squareville_dir).open("squareville"), 10), "utf-8")
    visit.page.goto(f"{visit.address}/suggest?within=all")
    wait_until_drawn(visit)
    before = visit.page.locator(".places").inner_text()
    visit.page.locator("summary").filter(has_text="Leren uit mijn omzet").click()
    visit.page.set_input_files("input[type=file] >> nth=-1", given)
    use = visit.page.get_by_role("button", name="Gebruik de geleerde gewichten")
    use.wait_for()
    still(visit)
    assert visit.page.locator(".places").inner_text() == before  # the list alone changes nothing
    use.click()
    visit.page.wait_for_function("location.search.includes('bakery.')")
    still(visit)
    assert visit.page.locator(".places").inner_text() != before
    visit.page.get_by_role("button", name="Terug naar de standaardgewichten").click()
    visit.page.wait_for_function("!location.search.includes('bakery.')")
    still(visit)
    assert visit.page.locator(".places").inner_text() == before
    assert not visit.outside() and not visit.faults
