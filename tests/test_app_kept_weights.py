"""Weights saved by name in their panel: opened on another branch, deleted, brought back; nothing private with them."""

from pathlib import Path

import pytest
from pages_at_work import open_page, places
from streamlit.testing.v1 import AppTest

from location_model.saved import SavedWork
from pages.ui import cache, depot_asked


@pytest.fixture(autouse=True)
def _data(squareville_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERNWIJZER_DATA", str(squareville_dir))
    work = SavedWork(cache.settings())
    for entry in work.entries("profile"):
        work.delete("profile", entry.name)


def opened(language: str = "nl", **choices: str) -> AppTest:
    app = open_page("suggest", language, **choices)
    app.session_state["weights"] = True
    app.run()
    assert not app.exception
    return app


def saved(app: AppTest, name: str) -> None:
    app.text_input(key="kept_profile_name").set_value(name).run()
    app.button(key="kept_profile_save").click().run()
    assert not app.exception


@pytest.mark.parametrize(
    ("language", "label"),
    [("nl", "Bewaarde gewichten"), ("en", "Saved weights")],
)
def test_weights_are_saved_and_used_again(language: str, label: str) -> None:
    app = opened(language, **{"bakery.footfall_index": "0.5", "within": "all", "bakery.hours": "Sa 10:00-12:00"})
    app.text_input(key=depot_asked.PLACE).set_value("2.75,51.55").run()
    wanted = [p["id"] for p in places(opened(language, **{"bakery.footfall_index": "0.5", "within": "all"}))["places"]]
    assert label in {p.proto.popover.label for p in app.get("popover")}
    saved(app, "De onze")
    [entry] = SavedWork(cache.settings()).entries("profile")
    kept = SavedWork(cache.settings()).open_profile("De onze")
    assert kept.limits.depot is None and kept.limits.own_shops == () and kept.limits.within == "all"
    assert kept.hours == "Sa 10:00-12:00"
    assert {c.layer: c.weight for c in kept.criteria}["footfall_index"] == 0.5
    other = opened(language, branch="clothes")
    other.button(key=f"kept_profile_open_{entry.id}").click().run()
    assert not other.exception
    assert other.selectbox(key="branch").value == "bakery"
    assert other.query_params["bakery.footfall_index"] in ("0.5", ["0.5"])
    assert [p["id"] for p in places(other)["places"]] == wanted


def test_a_name_is_taken_once_and_what_is_deleted_comes_back() -> None:
    app = opened()
    saved(app, "De onze")
    saved(app, "De onze")
    assert len(app.error) == 1 and app.button(key="kept_profile_replace")
    app.button(key="kept_profile_replace").click().run()
    [entry] = SavedWork(cache.settings()).entries("profile")
    app.button(key=f"kept_profile_delete_{entry.id}").click().run()
    assert SavedWork(cache.settings()).entries("profile") == ()
    app.button(key="kept_profile_undo").click().run()
    assert [e.name for e in SavedWork(cache.settings()).entries("profile")] == ["De onze"]
    app.button(key=f"kept_profile_edit_{entry.id}").click().run()
    app.text_input(key="kept_profile_new_name").set_value("De mijne").run()
    app.button(key=f"kept_profile_name_{entry.id}").click().run()
    assert [e.name for e in SavedWork(cache.settings()).entries("profile")] == ["De mijne"]
    assert SavedWork(cache.settings()).entries("comparison") == ()
