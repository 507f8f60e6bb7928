"""The page `data` says what an area was built from, reads files before they are used, and builds with them."""

import shutil
import time
from pathlib import Path

import pytest
from pages_at_work import open_page
from streamlit.testing.v1 import AppTest

from geodata.build import build
from geodata.request import BuildRequest, dump, hash_file
from geodata.settings import Settings
from geodata.store import Area, Store
from pages.ui import built_from, drafts, jobs
from pages.ui.language import date

HEADS = "Naam;Branche;Straat;Huisnummer;WVO\n"
GOOD = [f"Zaak {n};Bakkerij;Marktstraat;{100 + 2 * n};{50 + n}" for n in range(18)]
BROKEN = ["Zaak x;Bakkerij;Onbestaande Laan;3;60", "Zaak y;Slagerij;;;70"]
LIST = HEADS + "\n".join([*GOOD[:6], BROKEN[0], *GOOD[6:], BROKEN[1]]) + "\n"
"""Twenty premises in Marktstraat, of which the 7th and the 20th cannot be placed."""


@pytest.fixture
def data_dir(squareville_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Squareville, in a data directory that a test may change."""
    folder = tmp_path / "data"
    shutil.copytree(squareville_dir, folder, ignore=shutil.ignore_patterns("jobs", "uploads"))
    monkeypatch.setenv("KERNWIJZER_DATA", str(folder))
    return folder


def area(data_dir: Path) -> Area:
    return Store(data_dir).open("squareville")


def text(app: AppTest) -> str:
    """Everything that is written on the page, but its tables."""
    kinds = (app.title, app.subheader, app.markdown, app.caption, app.success, app.error, app.warning)
    labels = [e.label for e in (*app.expander, *app.button)]
    html = [h.proto.body for h in app.get("html")]
    return "\n".join([*(e.value for kind in kinds for e in kind), *labels, *html])


def upload(app: AppTest, name: str, content: str) -> AppTest:
    app.file_uploader[0].set_value((name, content.encode(), "text/csv"))
    return app.run()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("nl", ["Waaruit Squareville is opgebouwd", "Straten, winkels, gebouwen", "benadering", "Dienstregeling",
                "Inwoners, geschat uit de gebouwen", "Wat ontbreekt", "Leegstandsregister", "ODbL"]),
        ("en", ["What Squareville was built from", "Streets, shops, buildings", "proxy", "Timetable",
                "Residents, estimated from buildings", "What is missing", "Vacancy register", "ODbL"]),
    ],
)  # fmt: skip
def test_the_page_says_what_the_area_is_built_from_and_what_is_missing(
    data_dir: Path, language: str, said: list[str]
) -> None:
    app = open_page("data", language)
    assert not app.exception
    page = text(app)
    assert [word for word in said if word not in page] == []
    assert "squareville.osm.pbf" in page


def test_what_is_missing_leads_to_where_it_is_added(data_dir: Path) -> None:
    app = open_page("data", "nl")
    app.button(key="add_counts").click().run()
    assert not app.exception
    assert app.title[0].value == "Eigen bestanden voor Squareville"
    assert app.selectbox(key="kind").value == "counts"
    assert "Hoeveel mensen er echt voorbijkomen" in text(app)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_list_is_read_at_once_and_its_broken_rows_are_named(data_dir: Path, language: str) -> None:
    app = upload(open_page("data", language, part="files"), "panden.csv", LIST)
    assert not app.exception
    words = {"nl": "**18 van de 20 rijen zijn bruikbaar.**", "en": "**18 of 20 rows can be used.**"}
    assert words[language] in [m.value for m in app.markdown]
    left_out, first_rows = (frame.value for frame in app.dataframe)
    assert left_out.iloc[:, 0].tolist() == [7, 20]
    assert left_out.iloc[0, 2].startswith("Onbestaande Laan 3")
    street = {"nl": "straat en nummer", "en": "street and number"}
    assert all(street[language] in remedy for remedy in left_out.iloc[:, 4])
    assert first_rows["Naam"].tolist() == [f"Zaak {n}" for n in range(5)]
    kept = data_dir / "uploads" / "squareville" / "premises" / "panden.csv"
    assert kept.read_text() == LIST
    assert drafts.prepared(data_dir, "squareville") == drafts.add(drafts.built(area(data_dir)), "premises", kept)
    again = open_page("data", language, part="files")  # somebody comes back later
    assert "panden.csv" in text(again)


def test_columns_that_are_not_recognised_are_asked_and_remembered(data_dir: Path) -> None:
    strange = LIST.replace("Naam;Branche;Straat;Huisnummer", "Zaakje;Wat;Waar;Hoeveel")
    app = upload(open_page("data", "nl", part="files"), "panden.csv", strange)
    assert not app.exception
    assert app.warning[0].value.startswith("Zeg hieronder welke kolom wat is")
    assert app.button(key="build_begin").disabled
    for field, header in {"name": "Zaakje", "branch": "Wat", "street": "Waar", "house_number": "Hoeveel"}.items():
        next(s for s in app.selectbox if (s.key or "").startswith(f"column_premises_panden.csv_{field}_")).set_value(
            header
        )
    submit = next(b for b in app.button if b.label == "Met deze kolommen lezen")
    submit.click().run()
    assert not app.exception
    assert "**18 van de 20 rijen zijn bruikbaar.**" in [m.value for m in app.markdown]
    assert not app.button(key="build_begin").disabled
    other = upload(open_page("data", "nl", part="files"), "volgend jaar.csv", strange.replace("Zaak 1;", "Nieuw;"))
    assert "**18 van de 20 rijen zijn bruikbaar.**" in [m.value for m in other.markdown]


DOUBTFUL = LIST.replace("Zaak 0;Bakkerij;Marktstraat;100;50", "Zaak 0;Bakkerij;Marktstraat;100;honderd").replace(
    "Zaak 2;Bakkerij;Marktstraat;104;52", "Zaak 2;Bakkerij;Marktstraat;104;-50"
)


@pytest.mark.parametrize(
    ("language", "title", "said"),
    [
        ("nl", "Pandenlijst: 2 waarden niet gebruikt", "Dit is geen getal; de rij is gebruikt zonder deze waarde."),
        ("en", "Premises list: 2 values not used", "This is no number; the row is used without it."),
    ],
)
def test_values_that_are_not_used_are_named(data_dir: Path, language: str, title: str, said: str) -> None:
    app = upload(open_page("data", language, part="files"), "panden.csv", DOUBTFUL)
    assert not app.exception
    assert title in [e.label for e in app.expander]
    _left_out, unused, _first_rows = (frame.value for frame in app.dataframe)
    assert unused.iloc[:, [0, 2]].values.tolist() == [[1, "honderd"], [3, "-50"]]
    assert unused.iloc[0, 3] == said


@pytest.fixture
def with_list(data_dir: Path) -> Path:
    """The list that Squareville is now built with; some of its values cannot be used."""
    path = drafts.store_upload(data_dir, "squareville", "premises", "panden.csv", DOUBTFUL.encode())
    build(drafts.add(drafts.built(area(data_dir)), "premises", path), Settings(data_dir))
    return path


def test_the_page_says_what_was_not_used_and_of_which_day_a_file_is(data_dir: Path, with_list: Path) -> None:
    shown = text(open_page("data", "nl"))
    assert "20 rijen gelezen, 2 niet gebruikt, 2 waarden niet gebruikt" in shown
    assert "(panden.csv): 2 waarden niet gebruikt" in shown
    record = next(s for s in area(data_dir).manifest["sources"] if s["id"] == "premises_list")
    assert [d["row"] for d in record["doubts"]] == [1, 3]
    assert record["sha256"] == [hash_file(with_list)]
    assert f"bestand toegevoegd op {date(record['file_day'])}" in shown


def test_a_new_list_says_beside_it_what_it_replaces(data_dir: Path, with_list: Path) -> None:
    app = upload(open_page("data", "nl", part="files"), "nieuw.csv", LIST)
    assert "vervangt panden.csv (20 rijen)" in [m.value for m in app.markdown]
    app.button(key="back_premises_panden.csv").click().run()
    assert not app.exception
    assert "vervangt panden.csv" not in text(app)


def test_a_copied_data_directory_is_built_from_its_own_files(data_dir: Path, with_list: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(data_dir, copy)
    request = drafts.built(area(copy))
    assert request.premises == copy / with_list.relative_to(data_dir)


def test_a_file_that_changed_or_went_since_the_build_is_named(data_dir: Path, with_list: Path) -> None:
    assert not open_page("data", "nl").warning
    with_list.write_text(LIST)
    changed = open_page("data", "nl")
    assert "panden.csv is gewijzigd sinds de vorige opbouw." in changed.warning[0].value
    changed.button(key="see_files").click().run()
    assert changed.title[0].value == "Eigen bestanden voor Squareville"
    assert "gewijzigd sinds de vorige opbouw" in text(changed)
    with_list.unlink()
    gone = open_page("data", "nl")
    assert "panden.csv is niet meer gevonden." in gone.warning[0].value


def test_days_of_data_and_days_of_files_are_told_apart() -> None:
    told = built_from.dated
    assert told({"vintage": "2025-02-11 – 2025-10-11", "file_day": "2026-05-03"}) == "11 feb 2025 – 11 okt 2025"
    assert told({"vintage": "2024"}) == "2024"
    assert told({"vintage": None, "file_day": "2026-05-03"}) == "bestand van 3 mei 2026"
    assert told({"vintage": None, "file_day": "2026-05-03"}, added=True) == "bestand toegevoegd op 3 mei 2026"
    assert told({"vintage": None}) == "datum niet gekend"  # an area built before days of files were kept


def test_a_file_that_is_no_table_is_refused_in_words(data_dir: Path) -> None:
    app = upload(open_page("data", "nl", part="files"), "panden.xlsx", "PK geen werkboek")
    assert not app.exception
    assert "panden.xlsx" in app.error[0].value
    assert str(data_dir) not in app.error[0].value
    assert app.button(key="build_begin").disabled
    app.button(key="remove_premises_panden.xlsx").click().run()
    assert not app.error
    assert not app.button(key="build_begin").disabled


def test_building_with_a_list_and_going_back(data_dir: Path) -> None:
    before = area(data_dir)
    app = upload(open_page("data", "nl", part="files"), "panden.csv", LIST)
    app.button(key="build_begin").click().run()
    job = jobs.latest(data_dir)
    assert job is not None
    assert app.button(key="build_begin").disabled
    assert "wacht tot dat klaar is" in text(app)
    assert "wordt opgebouwd" in text(app)
    until = time.monotonic() + 60
    while job.state().phase == jobs.RUNNING and time.monotonic() < until:
        time.sleep(0.1)
    app = open_page("data", "nl", part="files")
    assert not app.exception
    assert "Squareville is opgebouwd" in app.success[0].value
    now = area(data_dir)
    assert now.version != before.version
    assert (now.tables.premises["source"] == "premises_list").sum() == 18
    shown = text(open_page("data", "nl"))
    assert "20 rijen gelezen, 2 niet gebruikt" in shown
    assert "2 rijen niet gebruikt" in shown
    assert "zonder panden.csv" in text(app)
    app.button(key=f"back_{before.version}").click().run()
    assert not app.exception
    assert area(data_dir).version == before.version
    assert "met panden.csv" in text(app)
    app.button(key=f"back_{now.version}").click().run()
    assert area(data_dir).version == now.version
    app.button(key="build_undo").click().run()
    assert not app.exception
    assert area(data_dir).version == before.version


@pytest.mark.parametrize(("language", "said"), [("nl", "Voorbeeldregio opbouwen"), ("en", "Build the sample region")])
def test_without_any_area_one_can_be_built_from_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    monkeypatch.setenv("KERNWIJZER_DATA", str(tmp_path))
    app = AppTest.from_file(str(Path(__file__).resolve().parents[1] / "app.py"), default_timeout=30)
    app.query_params["lang"] = language
    app.run()
    app.switch_page("pages/data.py").run()
    assert not app.exception
    assert said in [b.label for b in app.button]
    app.text_input(key="town").set_value("Nergenshuizen").run()
    assert any(b.label.startswith("Nergenshuizen") or b.label.endswith("Nergenshuizen") for b in app.button)


def test_another_municipality_of_the_region_takes_over_its_map(data_dir: Path) -> None:
    app = open_page("data", "en", part="other", town="Nextville")
    label = "Take over map, timetable and borders of Squareville"
    next(b for b in app.button if b.label == label).click().run()
    assert not app.exception
    request = drafts.prepared(data_dir, "nextville")
    assert request is not None
    assert request.area == "Nextville"
    assert request.osm == drafts.built(area(data_dir)).osm
    assert "squareville.osm.pbf" in text(app)
    known = open_page("data", "en", part="other", town="SQUAREVILLE")
    assert "Squareville is built already" in text(known)


@pytest.mark.parametrize(
    ("language", "title", "offer"),
    [
        ("nl", "Nergenshuizen is niet opgebouwd", "Een kaartuittreksel toevoegen"),
        ("en", "Nergenshuizen was not built", "Add a map extract"),
    ],
)
def test_a_build_that_failed_says_why_and_what_to_do(data_dir: Path, language: str, title: str, offer: str) -> None:
    folder = data_dir / "jobs" / "1"
    folder.mkdir(parents=True)
    asked = {"area": "Nergenshuizen", "request": dump(BuildRequest("Nergenshuizen"), data_dir), "started": time.time()}
    jobs.write(folder / "job.json", asked)
    error = {"nl": "er is geen verbinding.", "en": "there is no connection."}
    jobs.write(folder / "result.json", {"phase": jobs.FAILED, "elapsed_s": 3.0, "error": error})
    app = open_page("data", language, part="other", town="Nergenshuizen")
    assert not app.exception
    assert app.error[0].proto.title == title
    assert app.error[0].value == error[language]
    next(b for b in app.button if b.label == offer).click().run()
    assert app.selectbox(key="kind").value == "osm"
    assert not app.error
