"""In a real browser: a list with broken rows is given, and the page names them; nothing leaves the machine."""

# ruff: noqa: F811 - a fixture is used by its name

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from visitor import Visit, address, visit  # noqa: F401 - fixtures

pytestmark = pytest.mark.browser

BROKEN = (4, 11, 17)


@pytest.fixture(autouse=True)
def _as_it_was(squareville_dir: Path) -> Iterator[None]:
    """Other tests share this data directory: what was given is taken away again."""
    yield
    shutil.rmtree(squareville_dir / "uploads", ignore_errors=True)


def a_list(folder: Path) -> Path:
    """Thirty units in Marktstraat as an export of Excel in Flanders; every tenth has no place."""
    rows = ["Handelsnaam;Branche;Straatnaam;Huisnr;WVO (m²)"]
    for row in range(1, 31):
        street = "Straat zonder naam" if row in BROKEN else "Marktstraat"
        rows.append(f"Café {row};Horeca;{street};{100 + 2 * row};{40 + row}")
    path = folder / "panden.csv"
    path.write_text("\r\n".join(rows), encoding="cp1252")
    return path


def test_a_list_with_broken_rows_is_read_and_the_rows_are_named(visit: Visit, tmp_path: Path) -> None:
    page = visit.page
    page.goto(f"{visit.address}/data")
    page.get_by_role("button", name="Toevoegen").first.click()
    page.get_by_role("heading", name="Eigen bestanden voor Squareville").wait_for()
    page.locator("input[type=file]").set_input_files(a_list(tmp_path))
    page.get_by_text("27 van de 30 rijen zijn bruikbaar.").wait_for()
    page.get_by_text("Pandenlijst: 3 rijen niet gebruikt").wait_for()
    table = page.locator("[data-testid=stDataFrame] canvas table").first
    table.wait_for(state="attached")
    page.wait_for_function("document.querySelectorAll('canvas table tbody tr').length >= 3")
    cells = [r.locator("td").all_text_contents() for r in table.locator("tbody tr").all()]
    assert [int(row[0]) for row in cells] == list(BROKEN)
    assert all("Straat zonder naam" in row[2] for row in cells)
    page.get_by_text("nieuw, nog niet gebruikt").wait_for()
    assert page.get_by_role("button", name="Squareville opnieuw opbouwen").is_enabled()
    with page.expect_download() as download:
        page.locator("[data-testid=stDownloadButton] button").first.click()
    lines = download.value.path().read_text("utf-8-sig").splitlines()
    assert lines[0].startswith("Rij onder de titels;Veld;")
    assert [line.split(";")[0] for line in lines[1:]] == [str(n) for n in BROKEN]
    page.reload()
    page.get_by_text("panden.csv").wait_for()
    assert visit.outside() == []
    assert visit.faults == []
