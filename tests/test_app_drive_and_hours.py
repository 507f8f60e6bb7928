"""Among the must-haves: a drive from the own depot, for this visit alone, and the hours that matter for a branch."""

from dataclasses import replace

import pytest
from pages_at_work import open_page, places
from test_app_compare import said

from geodata.branches import read_branches
from geodata.store import Area
from location_model.hours import hours_share
from location_model.presets import starting_profile
from location_model.score import score_area
from location_model.suggest import suggest
from pages.ui import depot_asked, hours_asked

pytestmark = pytest.mark.usefixtures("squareville_app")


def test_places_are_within_the_drive_and_the_depot_stands_in_no_address(area: Area) -> None:
    lng, lat = (round(x, 5) for x in area.boundary.centroid.coords[0])
    app = open_page("suggest", "nl")
    assert app.get("popover")[0].proto.popover.label == "Vereisten"
    app.text_input(key=depot_asked.PLACE).set_value(f"{lng},{lat}").run()
    app.number_input(key=depot_asked.MINUTES).set_value(2.0).run()
    assert not app.exception and not app.error
    assert app.get("popover")[0].proto.popover.label == "Vereisten (1)"
    start = starting_profile(area, "bakery", read_branches()).profile
    asked = replace(start, limits=replace(start.limits, depot=(lng, lat), max_drive_minutes=2.0))
    found = suggest(area, score_area(area, read_branches(), asked), n=10)
    assert [p["id"] for p in places(app)["places"]] == [s.site.cell for s in found.sites]
    assert not any(str(lng) in str(value) for value in app.query_params.values())
    assert depot_asked.PLACE not in app.query_params and depot_asked.MINUTES not in app.query_params


@pytest.mark.parametrize(("language", "told"), [("nl", "Nergensstraat 99"), ("en", "Nergensstraat 99")])
def test_a_depot_that_is_not_on_record_is_told_and_limits_nothing(language: str, told: str) -> None:
    app = open_page("suggest", language)
    before = [p["id"] for p in places(app)["places"]]
    app.text_input(key=depot_asked.PLACE).set_value("Nergensstraat 99").run()
    assert [told in e.value and "--" not in e.value for e in app.error] == [True]
    assert [p["id"] for p in places(app)["places"]] == before


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_hours_of_the_branch_stand_with_their_share_and_can_be_changed(area: Area, language: str) -> None:
    app = open_page("suggest", language)
    start = starting_profile(area, "bakery", read_branches()).profile
    field = hours_asked.name("bakery")
    assert start.hours and app.text_input(key=field).value == start.hours
    for hours in (start.hours, "Sa 10:00-12:00"):
        app.text_input(key=field).set_value(hours).run()
        share = hours_share(area, hours)
        assert share is not None and share.note.to(language) in said(app)
    assert app.query_params[field] in ("Sa 10:00-12:00", ["Sa 10:00-12:00"])
    app.text_input(key=field).set_value("elke dag").run()
    assert len(app.error) == 1 and "elke dag" in app.error[0].value


def test_hours_in_a_link_are_read_and_those_of_another_branch_leave_the_address() -> None:
    app = open_page("suggest", "nl", **{"bakery.hours": "Sa 10:00-12:00"})
    assert app.text_input(key="bakery.hours").value == "Sa 10:00-12:00"
    app.selectbox(key="branch").set_value("clothes").run()
    assert "bakery.hours" not in app.query_params
