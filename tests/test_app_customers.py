"""Customers' postcodes on the page of comparisons: the model is fitted to them, and of nobody anything is shown."""

from pathlib import Path

import pytest
from pages_at_work import open_page
from streamlit.testing.v1 import AppTest
from test_own_given import customer_list, data, shops, vacant, west

from geodata.store import Store
from pages.ui import own_customers, own_lists, own_network

__all__ = ["data", "shops", "vacant", "west"]  # two hand-drawn towns

ROWS = ("Markt;8998;31", "Zee;8999;17", "Zee;8998;3", "Elders;8999;9", "Markt;abc;3")
CHANGED = {"nl": "Afgestemd op uw omzet en klanten", "en": "Fitted to your turnover and customers"}


@pytest.fixture(autouse=True)
def _data(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = request.node.get_closest_marker("slow")
    monkeypatch.setenv("KERNWIJZER_DATA", str(request.getfixturevalue("testerep_dir" if slow else "data")))


def opened(area: str, sites: list[str], view: str, language: str, **choices: str) -> AppTest:
    return open_page("compare", language, area=area, branch="bakery", sites=";".join(sites), view=view, **choices)


def give(app: AppTest, widget: str, path: Path) -> AppTest:
    app.file_uploader(key=widget).set_value((path.name, path.read_bytes(), "text/csv")).run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    return " ".join(x.value for kind in (app.markdown, app.caption, app.error) for x in kind)


def fitted(app: AppTest) -> list[list[str]]:
    """The rows of the table of before and after."""
    [table] = [d.value for d in app.dataframe if d.value.shape[0] == 3 and d.value.iloc[2, 1].startswith("€")]
    return [list(table.columns), *table.to_numpy().tolist()]


@pytest.mark.parametrize(("view", "language"), [("compare", "nl"), ("move", "en")])
def test_customers_given_on_the_page_change_the_model_and_can_be_taken_away(
    vacant: list[str], shops: Path, tmp_path: Path, view: str, language: str
) -> None:
    lives = customer_list(tmp_path, *ROWS)
    app = give(opened("west", vacant, view, language, **{"from": "W"}), f"{view}_upload", shops)
    alone = fitted(app)
    assert len(alone[0]) == 3 and own_lists.BETTER.to(language) in said(app)
    before = set(tmp_path.iterdir())
    app = give(app, f"{view}_customers", lives)
    told, both = said(app), fitted(app)
    counted = {"nl": "51 klanten uit klanten.csv tellen hier mee", "en": "51 customers of klanten.csv count along here"}
    assert counted[language] in told and "Elders" in told and own_lists.BETTER.to(language) not in told
    assert both[0][:3] == alone[0] and both[0][3] == CHANGED[language]
    assert [row[:3] for row in both[1:]] == alone[1:] and both[1][3] != both[1][2]
    assert set(tmp_path.iterdir()) == before and "8998" not in told
    app.button(key=f"{view}_customers_forget").click().run()
    assert not app.exception and own_customers.CUSTOMERS not in app.session_state
    assert fitted(app) == alone and "klanten.csv" not in said(app)


def test_rows_that_cannot_be_used_are_listed_without_what_stands_in_them(
    vacant: list[str], shops: Path, tmp_path: Path
) -> None:
    app = give(opened("west", vacant, "compare", "en"), "compare_upload", shops)
    app = give(app, "compare_customers", customer_list(tmp_path, *ROWS, "Markt;8999;min"))
    [left_out] = [d.value for d in app.dataframe if "How to mend it" in d.value and "Postcode" in str(d.value["Field"])]
    assert left_out["Row below the headers"].tolist() == [5, 6]
    assert "abc" not in left_out.to_csv() and "2 rows are left out" in said(app)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("geen lijst\n", "klanten.csv"),
        ("winkel;postcode;klanten\nElders;8998;40\n", "none of these customers is of a shop of the list"),
        ("winkel;postcode;klanten\nMarkt;8998;4\n", "too few customers, fewer than 5"),
        ("winkel;postcode;klanten\nMarkt;9999;40\n", "None of the customers' postcodes is on record"),
    ],
)
def test_a_list_that_is_of_no_use_is_said_and_the_page_goes_on_without_it(
    vacant: list[str], shops: Path, text: str, told: str
) -> None:
    app = opened("west", vacant, "compare", "en")
    for slot, name, body in (
        (own_network.OWN, "winkels.csv", shops.read_bytes()), (own_customers.CUSTOMERS, "klanten.csv", text.encode())
    ):  # fmt: skip
        app.session_state[slot] = own_network.Given(name, body)
    app.run()
    assert not app.exception and len(fitted(app)[0]) == 3
    assert told in said(app)


def test_customers_without_shops_wait_for_them(vacant: list[str], tmp_path: Path) -> None:
    app = opened("west", vacant, "compare", "nl")
    app.session_state[own_customers.CUSTOMERS] = own_network.Given("klanten.csv", b"postcode\n8998\n")
    app.run()
    assert not app.exception and "klanten.csv wacht op de lijst van uw winkels" in said(app)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_lists_of_the_sample_region_tell_how_far_people_go(testerep_dir: Path, language: str) -> None:
    """With where 14,000 customers live, half the turnover's uncertainty about decay is gone."""
    area = Store(testerep_dir).open("testerep-stad")
    vacant = area.tables.premises.query("state == 'vacant' and in_study")["id"].sort_values().tolist()[:2]
    app = opened("testerep-stad", vacant, "compare", language)
    app.button(key="compare_sample").click().run()
    app.button(key="compare_customers_sample").click().run(timeout=60)
    assert not app.exception and "customers.csv" in said(app)
    heads, decay, *_rest = fitted(app)
    assert heads[3] == CHANGED[language]
    turnover, both = (
        [float(n.replace(",", ".")) for n in cell.replace("(", " ").replace(")", " ").split() if n[0].isdigit()]
        for cell in decay[2:4]
    )
    assert both[2] - both[1] < 0.75 * (turnover[2] - turnover[1])
