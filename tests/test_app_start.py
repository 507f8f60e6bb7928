"""The page `start` says what is known of an area, labels what is estimated, and leads to the three questions."""

import re
import shutil
from html import unescape
from pathlib import Path
from types import SimpleNamespace

import geopandas as gpd
import pandas as pd
import pytest
from pages_at_work import deck, open_page
from streamlit.testing.v1 import AppTest

from geodata.store import Area
from pages.ui import choices, known

pytestmark = pytest.mark.usefixtures("squareville_app")


def figures(app: AppTest) -> dict[str, str]:
    """What stands behind each figure, by the figure's own text."""
    body = next(h.proto.body for h in app.get("html") if "kw-figures'" in h.proto.body)
    return {
        unescape(re.sub("<.*?>", " ", words)): unescape(value)
        for value, words in re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", body)
    }


def tables(app: AppTest) -> str:
    return unescape(" ".join(h.proto.body for h in app.get("html") if "kw-known" in h.proto.body))


@pytest.mark.parametrize(
    ("language", "title", "cards"),
    [
        ("nl", "Wat wilt u weten over Squareville?", ["Winkelier", "Centrummanager", "Planner"]),
        ("en", "What do you want to know about Squareville?", ["Retailer", "Town-centre manager", "Planner"]),
    ],
)
def test_three_questions_lead_to_their_pages(language: str, title: str, cards: list[str]) -> None:
    app = open_page("start", language)
    assert not app.exception
    assert [t.value for t in app.title] == [title]
    links = [link.proto for link in app.get("page_link")][:3]
    assert [link.label.split(":")[0].strip("*") for link in links] == cards
    assert [link.page for link in links] == ["suggest", "suggest", "explore"]
    assert [link.query_string for link in links] == ["vacant=0", "vacant=1", ""]


def _a_page_with_a_switch() -> None:
    from pages.ui import choices

    choices.toggle("Only vacant units", "vacant")


def test_a_link_from_another_page_goes_before_what_was_chosen_earlier(monkeypatch: pytest.MonkeyPatch) -> None:
    page = SimpleNamespace(page_script_hash="suggest")
    monkeypatch.setattr(choices, "get_script_run_ctx", lambda: page)
    app = AppTest.from_function(_a_page_with_a_switch)
    app.query_params["vacant"] = "1"
    assert app.run().toggle[0].value is True
    app.toggle[0].set_value(False)
    app.query_params["vacant"] = "1"  # the browser has not yet heard of the change
    assert app.run().toggle[0].value is False
    page.page_script_hash = "start"
    app.run()  # no word in the address: the choice stands
    assert app.toggle[0].value is False
    page.page_script_hash = "suggest"
    app.query_params["vacant"] = "1"
    assert app.run().toggle[0].value is True
    page.page_script_hash = "start"
    app.query_params["vacant"] = "0"
    assert app.run().toggle[0].value is False
    assert "vacant" not in app.query_params


def test_the_figures_are_those_of_the_tables(area: Area) -> None:
    here = area.tables.premises[area.tables.premises["in_study"]]
    vacant = int((here["state"] == "vacant").sum())
    assert vacant > 0
    said = figures(open_page("start", "en"))
    assert next(v for w, v in said.items() if "premises: shops" in w) == f"{len(here):,}"
    share = next(v for w, v in said.items() if w.startswith(f"vacant: {vacant} of {len(here)} units"))
    assert share == f"{round(100 * vacant / len(here))} %"
    ground = area.study.core_areas.to_crs(area.study.crs).union_all()
    inside = int(here.intersects(ground).sum())
    hectares = next(v for w, v in said.items() if w.startswith(f"core, with {inside} of the premises"))
    assert hectares == f"{round(ground.area / 1e4)} ha"


def test_residents_guessed_from_buildings_are_called_an_estimate() -> None:
    found = figures(open_page("start", "nl"))
    words, value = next((w, v) for w, v in found.items() if w.startswith("inwoners"))
    assert value.startswith("±")
    assert "schatting: uit de vloeroppervlakte van gebouwen" in words


def test_what_is_missing_is_said_with_what_it_would_add(area: Area) -> None:
    app = open_page("start", "nl")
    assert {k.option for k in known.missing(area)} >= {"population", "gtfs", "premises"}
    assert all(k.adds.to("nl") in tables(app) for k in known.missing(area))
    assert any("soorten bronnen erbij" in c.value for c in app.caption)


def test_as_many_sources_are_counted_as_are_listed(area: Area) -> None:
    assert len(known.ids(area)) < len(area.manifest["sources"]), "the map is read twice: for streets, and for homes"
    app = open_page("start", "nl")
    assert any(f"uit {len(known.ids(area))} bronnen" in c.value for c in app.caption)


def test_the_map_names_its_layer_and_comes_by_address(area: Area) -> None:
    app = open_page("start", "nl")
    assert any(m.value == "**Passanten in en rond de kern van Squareville**" for m in app.markdown)
    assert deck(app)["colours"]["data"].startswith("/mapdata/")
    assert any("drukte-index" in h.proto.body for h in app.get("html"))


def test_the_table_twin_holds_the_highest_values(area: Area) -> None:
    app = open_page("start", "en")
    app.session_state["start_table"] = True
    app.run()
    shown = app.dataframe[0].value.iloc[:, 1].tolist()
    best = area.grid["footfall_index"].dropna().sort_values(ascending=False)
    assert shown[:5] == pytest.approx(best.head(5).tolist(), abs=0.051)
    assert shown == sorted(shown, reverse=True)


def test_no_recorded_vacancy_is_not_no_vacancy(
    squareville_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(squareville_dir, tmp_path / "data")
    for path in (tmp_path / "data").glob("areas/*/*/tables/premises.parquet"):
        premises = gpd.read_parquet(path)
        premises.assign(state="occupied", vacancy_basis=None, chain=pd.NA).to_parquet(path)
    monkeypatch.setenv("KERNWIJZER_DATA", str(tmp_path / "data"))
    found = figures(open_page("start", "en"))
    assert [v for w, v in found.items() if w.startswith("vacancy is not known")] == ["–"]
    assert [v for w, v in found.items() if w.startswith("the share of chains is not known")] == ["–"]


def test_words_in_the_style_are_written_as_css_reads_them() -> None:
    """CSS knows no \\u00e9: the words of a field for a file reach it as they are, quoted."""
    app = AppTest.from_function(_header_in_words_with_accents, default_timeout=30).run()
    assert not app.exception
    [style] = [h.proto.body for h in app.get("html") if "--kw-choose" in h.proto.body]
    assert '--kw-choose: "één \\"bestand\\""' in style and "u00e9" not in style


def _header_in_words_with_accents() -> None:
    from unittest.mock import patch

    from pages.ui import frame

    with patch.object(frame, "_", lambda _text: 'één "bestand"'):
        frame.header()
