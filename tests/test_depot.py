"""The drive from an atelier or depot as a hard limit."""

from dataclasses import replace

import numpy as np
import pytest
from towns import degrees

from geodata.branches import BranchTable, read_branches
from geodata.errors import GeodataError
from geodata.store import Area
from location_model import candidates
from location_model.choices import choices
from location_model.depot import drive_minutes, find_depot, within_drive
from location_model.presets import preset
from location_model.profile import Limits, profile_as_json, profile_from_json
from location_model.score import score_area

CORNER = degrees(10, 10)


@pytest.fixture(scope="module")
def branches() -> BranchTable:
    return read_branches()


def places(area: Area) -> np.ndarray:
    return candidates.cells(area)[["x", "y"]].to_numpy()


def test_minutes_grow_with_the_way_along_the_streets(area: Area) -> None:
    """Squareville's streets cross at right angles, and only Marktstraat is closed to cars: the way is dx + dy."""
    xy = places(area)
    minutes = drive_minutes(area, xy, CORNER, 60.0)
    assert minutes is not None
    way = np.abs(xy - (600_010.0, 690_010.0)).sum(axis=1)
    reached = np.isfinite(minutes)
    assert reached.mean() > 0.95
    assert np.corrcoef(way[reached], minutes[reached])[0, 1] > 0.99
    assert minutes[reached].min() < 0.5 and minutes[reached].max() < 60
    short = drive_minutes(area, xy, CORNER, 2.0)
    assert short is not None
    assert np.array_equal(np.isfinite(short), minutes <= 2.0)


def test_places_beyond_the_drive_are_left_out(area: Area, branches: BranchTable) -> None:
    profile = preset("bakery", branches).profile
    found = {}
    for minutes in (1.0, 2.0, None):
        depot = None if minutes is None else CORNER
        limits = Limits(within="all", depot=depot, max_drive_minutes=minutes)
        found[minutes] = choices(area, score_area(area, branches, replace(profile, limits=limits)))
    near, farther, every = (set(found[m].table["cell"]) for m in (1.0, 2.0, None))
    assert near < farther < every and near
    far = drive_minutes(area, found[2.0].table[["x", "y"]].to_numpy(), CORNER, 60.0)
    assert far is not None and far.max() <= 2.0


def test_a_depot_off_the_roads_is_said_and_nothing_is_invented(area: Area, branches: BranchTable) -> None:
    for nowhere in (degrees(30_000, 30_000), (-15.4, 28.1)):
        limits = Limits(within="all", depot=nowhere, max_drive_minutes=20.0)
        assert within_drive(area, places(area), limits) is None
        profile = replace(preset("bakery", branches).profile, limits=limits)
        found = choices(area, score_area(area, branches, profile))
        assert found.table.empty and any("off the roads known around Squareville" in str(n) for n in found.notes)


def test_a_depot_is_coordinates_or_an_address(area: Area) -> None:
    assert find_depot([area], "2.91, 51.14") == (2.91, 51.14)
    lng, lat = find_depot([area], "Marktstraat 102")
    x, y = degrees(472, 906)
    assert (lng, lat) == (pytest.approx(x, abs=1e-5), pytest.approx(y, abs=1e-5))
    with pytest.raises(GeodataError, match="Perhaps: Marktstraat 102"):
        find_depot([area], "Marktstraet 102")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"depot": (2.9, 51.1)}, "needs both"),
        ({"max_drive_minutes": 20.0}, "needs both"),
        ({"depot": (251.0, 51.1), "max_drive_minutes": 20.0}, "no such place on earth: 251.0, 51.1"),
        ({"depot": (2.9, 51.1), "max_drive_minutes": 0.0}, "a drive of 0 minutes"),
        ({"depot": (2.9, 51.1), "max_drive_minutes": 9e9}, "cannot be a limit"),
    ],
)
def test_limits_that_cannot_be_meant_are_refused(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(GeodataError, match=message):
        Limits(**wrong)  # type: ignore[arg-type]


def test_a_profile_keeps_its_depot(branches: BranchTable) -> None:
    profile = preset("bakery", branches).profile
    kept = replace(profile, limits=Limits(depot=(2.91, 51.14), max_drive_minutes=17.5))
    assert profile_from_json(profile_as_json(kept)) == kept
    before = profile_as_json(profile)
    for later in ("depot", "max_drive_minutes"):
        del before["limits"][later]
    assert profile_from_json(before) == profile  # saved before there were depots
