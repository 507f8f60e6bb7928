"""The page of own sales: what it asks, what it says with and without a list of shops, and what it never shows."""

from pathlib import Path

import pandas as pd
import pytest
from pages_at_work import open_page
from streamlit.testing.v1 import AppTest
from test_sales import town, weeks

from geodata.sources import sales
from location_model.sales_against import LESS, MORE, NO_DIFFERENCE
from location_model.sales_customers import Band
from pages.ui import built_from, sales_charts, sales_given, sales_shown
from pages.ui.remedies import BY_REASON

pytestmark = pytest.mark.usefixtures("squareville_app")

__all__ = ["town", "weeks"]  # the till of a hand-drawn town


def texts(app: AppTest) -> str:
    """What the page says in words."""
    drawn = [*app.markdown, *app.caption, *app.title, *app.error, *app.metric]
    return " ".join([*(str(d.value) for d in drawn), *(str(d.value.to_csv()) for d in app.dataframe)])


def give(app: AppTest, kind: str, path: Path) -> AppTest:
    app.file_uploader(key=f"{kind}_upload").set_value((path.name, path.read_bytes(), "text/csv")).run()
    assert not app.exception
    return app


@pytest.mark.parametrize(
    ("language", "title", "ask"),
    [("nl", "Wat zegt uw eigen omzet?", "Geef de omzet"), ("en", "What do your own sales say?", "Give the sales")],
)
def test_without_a_list_the_page_asks_for_one(language: str, title: str, ask: str) -> None:
    app = open_page("sales", language)
    assert not app.exception and [t.value for t in app.title] == [title] and ask in texts(app)


@pytest.mark.parametrize(("language", "count"), [("nl", "Eerst tellen"), ("en", "Needs a count")])
def test_sales_and_shops_give_figures_and_say_what_needs_a_count(town: Path, language: str, count: str) -> None:
    app = give(open_page("sales", language), "sales", town / "sales.csv")
    alone = texts(app)
    assert "Winkel 0" not in alone and "W0" in alone
    shops = town / "own-shops.csv"
    app.file_uploader(key="own_shops_for_sales").set_value((shops.name, shops.read_bytes(), "text/csv")).run()
    assert not app.exception
    told = texts(app)
    assert "Winkel 0" in told and count in told
    year = app.metric[0].value.replace(",", ".")
    assert year.startswith("€ 36.") and "80" not in year
    assert len(app.get("vega_lite_chart")) >= 3
    app.selectbox(key="shop").set_value("X").run()
    assert not app.exception and "84" in texts(app)  # one day: three months are asked for


def test_customers_are_shown_in_groups_and_never_said(town: Path) -> None:
    app = give(open_page("sales", "nl"), "sales", town / "sales.csv")
    app = give(app, "customers", town / "customers.csv")
    app.selectbox(key="shop").set_value("W0").run()
    told = texts(app)
    assert "Jansens" not in told and "8450" not in told and "te weinig klanten" in told


def test_a_list_is_let_go(town: Path) -> None:
    app = give(open_page("sales", "nl"), "sales", town / "sales.csv")
    app.button(key="sales_remove").click().run()
    assert not app.exception and "Geef de omzet" in texts(app)
    assert sales_given.KINDS == ("sales", "entries", "customers")


def test_an_answer_is_worked_out_once_and_let_go_with_its_lists(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    real = sales_given.own_sales
    monkeypatch.setattr(sales_given, "own_sales", lambda *a, **k: asked.append(a) or real(*a, **k))
    app = give(open_page("sales", "nl"), "sales", town / "sales.csv")
    app.selectbox(key="shop").set_value("W1").run()
    assert len(asked) == 1 and not app.exception
    app.button(key="sales_remove").click().run()
    assert "_own_sales_answers" not in app.session_state
    give(app, "sales", town / "sales.csv")
    assert len(asked) == 2


def test_a_list_that_cannot_be_read_says_why_and_can_be_taken_away(tmp_path: Path) -> None:
    wrong = tmp_path / "fout.csv"
    wrong.write_text("winkel;datum;omzet\nA;99/99/2024;10\n")
    app = give(open_page("sales", "nl"), "sales", wrong)
    assert "de datum is niet leesbaar" in texts(app)
    assert app.button(key="sales_remove")


def test_what_is_left_out_stands_above_the_figures_each_with_its_own_remedy(tmp_path: Path) -> None:
    days = pd.date_range("2024-01-01", periods=100)
    lines = [f"A;{day:%d/%m/%Y};{100 + day.day}" for day in days]
    bad = [lines[0], "A;10/04/2024;5", "A;10/04/2024;6", "A;11/04/2024;£ 5", "A;gisteren;5"]
    file = tmp_path / "kassa.csv"
    file.write_text("\n".join(["winkel;datum;omzet", *lines[:99], *bad]), encoding="utf-8")
    app = give(open_page("sales", "nl"), "sales", file)
    assert "kassa.csv: 5 rijen zijn weggelaten" in texts(app)
    listed = next(d.value for d in app.dataframe if "Hoe te herstellen" in d.value)
    remedies = dict(zip(listed["Rij onder de titels"], listed["Hoe te herstellen"], strict=True))
    assert "mag weg" in remedies[100] and "juiste cijfers" in remedies[101] == remedies[102]
    assert "euro" in remedies[103] and remedies[104] == "Schrijf de datum als 23/11/2026."


def test_dates_written_both_ways_and_a_shop_that_vanishes_are_told_above_the_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(built_from, "MOST_LISTED", 20)
    days = pd.date_range("2024-01-01", "2024-05-31")
    lines = [f"A;{day:%d/%m/%Y};100" if day.day % 2 else f"A;{day:%m/%d/%Y};100" for day in days]
    unsure = sum(day.day <= 12 and day.day != day.month for day in days)
    file = tmp_path / "kassa.csv"
    file.write_text("\n".join(["winkel;datum;omzet", *lines, "Weg;2024-03-13;£ 5"]), encoding="utf-8")
    app = give(open_page("sales", "nl"), "sales", file)
    told = [warning.value for warning in app.warning]
    assert "de dag eerst, in andere de maand" in told[0] and "staat er dus niet bij: Weg" in told[1]
    assert f"kassa.csv: {unsure + 1} rijen zijn weggelaten" in texts(app)
    assert any(e.label.startswith(f"kassa.csv: {unsure + 1} rijen") for e in app.expander)
    listed = next(d.value for d in app.dataframe if "Hoe te herstellen" in d.value)
    assert len(listed) == 20 and "eerste 20" in texts(app)


def test_every_remedy_is_for_a_reason_that_is_given() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in Path(sales.__file__).parent.glob("*.py"))
    assert [reason for reason in BY_REASON if f'"{reason}"' not in source] == []


def test_a_list_of_another_kind_is_refused_in_the_language_of_the_visit() -> None:
    app = open_page("sales", "nl")
    assert list(app.file_uploader(key="sales_upload").proto.type) == [], "or the browser would refuse it in English"
    app.file_uploader(key="sales_upload").set_value(("verkoop.pdf", b"%PDF-1.7\n1 0 obj\n", "application/pdf")).run()
    assert "geen Excel- of CSV-bestand" in app.error[0].value


def test_the_line_of_distances_stops_where_nobody_is_known_to_live() -> None:
    bands = (Band(0.0, 1.0, 900.0, 30), Band(5.0, 10.0, 4000.0, 8))
    assert sales_charts.unbroken(bands) == {"0–1": bands[0], "1–2": None, "2–5": None, "5–10": bands[1]}


@pytest.mark.parametrize(
    ("more", "less", "same", "said"),
    [
        (0, 0, 1, "Eén winkel is naast het model te leggen: ongeveer zoals verwacht"),
        (0, 0, 3, "Bij geen van de 3 winkels wijkt de omzet meer af van het model dan de onzekerheid."),
        (1, 0, 2, "Van 3 winkels haalt er één meer dan het model verwacht; bij de andere"),
        (0, 2, 0, "Van 2 winkels halen er 2 minder dan het model verwacht."),
        (2, 1, 1, "Van 4 winkels halen er 2 meer dan het model verwacht en haalt er één minder; bij de andere"),
    ],
)
def test_the_first_line_counts_only_what_is_there(more: int, less: int, same: int, said: str) -> None:
    verdicts = [MORE] * more + [LESS] * less + [NO_DIFFERENCE] * same
    assert sales_shown.headline_of(verdicts).startswith(said)
