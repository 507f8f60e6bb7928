"""A list of own shops on the page of comparisons: what counts is said, and nothing of it is written down."""

import json
import logging
import tempfile
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pages_at_work import open_page
from streamlit.testing.v1 import AppTest

from geodata.branches import read_branches
from geodata.sources.spreadsheet import Upload
from geodata.store import Area
from location_model.compared import COMPARE
from location_model.decision import decide
from location_model.presets import starting_profile
from location_model.profile import Limits, profile_as_json
from pages.ui import cache, compare_files, own_customers, own_network

pytestmark = pytest.mark.usefixtures("squareville_app")

HEAD = "winkel_id;naam;branche;omzet;straat;huisnummer"


@pytest.fixture(scope="module")
def vacant(area: Area) -> list[str]:
    return sorted(area.tables.premises.query("state == 'vacant' and in_study")["id"])[:2]


def opened(vacant: list[str], text: str, view: str, language: str = "nl") -> AppTest:
    """The page with a list that was given on another page."""
    app = open_page("compare", language)
    app.session_state[own_network.OWN] = own_network.Given("winkels.csv", text.encode())
    app.session_state["sites"] = ";".join(vacant)
    app.session_state["view"] = view
    app.run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    return " ".join(x.value for kind in (app.markdown, app.caption, app.error) for x in kind)


def rows(*more: str) -> str:
    return "\n".join([HEAD, "W;Markt;bakkerij;400000;Marktstraat;100", *more]) + "\n"


@pytest.mark.parametrize("view", ["compare", "move"])
def test_the_page_says_which_shops_count_and_which_do_not(vacant: list[str], view: str) -> None:
    app = opened(vacant, rows("S;Schoen;schoenen;;Marktstraat;106", "N;Weg;bakkerij;;Kerkstraat;9"), view)
    text = said(app)
    assert "Eén winkel uit winkels.csv telt hier mee" in text
    assert "Van een andere branche: Schoen" in text
    assert "Eén rij is weggelaten:" in text
    assert not app.error
    elsewhere = opened(vacant, rows().replace("Marktstraat", "Kerkstraat"), view, "en")
    assert "No shop of winkels.csv is of this branch and in or near Squareville" in said(elsewhere)


@pytest.mark.parametrize("view", ["compare", "move"])
def test_a_list_that_cannot_be_read_is_said_and_the_page_goes_on_without_it(vacant: list[str], view: str) -> None:
    app = opened(vacant, "geen lijst", view, "en")
    assert len(app.error) == 1 and "winkels.csv" in app.error[0].value
    assert "worked out without your own shops" in said(app)


def test_a_list_of_the_sample_region_counts_in_the_sample_region_alone(vacant: list[str]) -> None:
    held: list[tuple[str, ...]] = [(own_network.OWN, own_customers.CUSTOMERS), ("_own_sales", "_own_entries")]
    app = open_page("compare", "nl", sites=";".join(vacant))
    for slot in (slot for slots in held for slot in slots):
        app.session_state[slot] = own_network.SampleList("voorbeeld.csv", rows().encode())
    app.run()
    assert not app.exception and not app.error
    assert "voorbeeld.csv" not in said(app)
    app.switch_page("pages/sales.py").run()
    assert not app.exception and not app.error
    assert "Geef de omzet van uw winkels" in said(app), "asked for as if no list had been given"


def test_the_decision_file_names_the_list_and_nothing_of_it_touches_the_disk(
    area: Area, vacant: list[str], squareville_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = rows("X;Geheim;bakkerij;123456;Marktstraat;102")
    for name in ("TemporaryDirectory", "NamedTemporaryFile", "mkstemp", "mkdtemp"):
        monkeypatch.setattr(tempfile, name, None)
    profile = profile_as_json(starting_profile(area, "bakery", read_branches()).profile)
    asked: dict[str, Any] = {"area": area.id, "sites": vacant, "profile": profile, "rents": {}}
    given = {**asked, "own_shops": Upload("winkels.csv", text.encode())}
    written = json.loads(compare_files.decision(COMPARE, given))
    assert "Geheim" not in json.dumps(written) and "123456" not in json.dumps(written)
    monkeypatch.undo()
    listed = tmp_path / "winkels.csv"
    listed.write_text(text, "utf-8")
    same, _ = decide(COMPARE, {**asked, "own_shops": listed}, squareville_dir)
    assert written["results_sha256"] == same.results_sha256
    assert written["arguments"]["own_shops"] == "winkels.csv"
    [file] = [i for i in written["inputs"] if i["kind"] == "file"]
    assert file["fingerprint"] == next(i.fingerprint for i in same.inputs if i.kind == "file")


def test_own_shops_and_a_depot_are_in_no_score_that_all_sessions_share(area: Area) -> None:
    key, start = cache.current(area.id), starting_profile(area, "bakery", read_branches()).profile
    limits = Limits(
        within="all", own_shops=((3.9, 51.0),), min_own_distance_m=300.0, depot=(3.9, 51.0), max_drive_minutes=9.0
    )
    kept = cache.scored(key, replace(start, limits=limits)).profile.limits
    assert kept == Limits(within="all")


def test_the_log_has_the_kind_and_the_place_of_a_fault_but_nothing_of_a_list(
    vacant: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        try:
            pd.to_numeric(pd.Series(["Geheim 12"]))
        except ValueError as inner:
            raise RuntimeError("Geheim 13") from inner

    monkeypatch.setattr(own_network, "told", fails)
    app = open_page("compare", "nl", sites=";".join(vacant))
    assert len(app.exception) == 1 and "Geheim" not in app.exception[0].message
    keep, *_ = [
        f for f in logging.getLogger("streamlit.error_util").filters if getattr(f, "__name__", "") == "_only_place"
    ]
    try:
        fails()
    except RuntimeError as error:
        fault = (type(error), error, error.__traceback__)
    record = logging.LogRecord("streamlit.error_util", logging.ERROR, __file__, 1, "Uncaught", (), fault)
    assert keep(record) and record.exc_info is None  # type: ignore[operator]
    said = record.getMessage()
    assert "RuntimeError" in said and "ValueError" in said and "test_app_own_list.py" in said and "Geheim" not in said
    configured = tomllib.loads((Path(__file__).parents[1] / ".streamlit" / "config.toml").read_text())
    assert configured["logger"]["enableRich"] is False and configured["client"]["showErrorDetails"] == "none"
