"""What all tests share: real data when it is there, and an honest word when it is not."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from command_line import Town

    from geodata.store import Area

sys.path.insert(0, str(Path(__file__).parent))  # so that tests at any depth find the hand-drawn towns

os.environ.pop("DATABASE_URL", None)  # nobody's own saved work is touched

SHARED = Path(__file__).resolve().parents[1].parent / "shared" / "data"
REQUIRED = set(filter(None, os.environ.get("KERNWIJZER_REQUIRE", "").split(",")))


def skip_without(what: str, why: str) -> None:
    """Skip a test, saying why; fail instead when `KERNWIJZER_REQUIRE` names what is missing."""
    if what in REQUIRED:
        pytest.fail(f"{what} is required here, but {why}")
    pytest.skip(why)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with real towns beside the project."""
    if not SHARED.is_dir():
        skip_without("shared", "the folder ../shared/data with real towns is not there")
    return SHARED


@pytest.fixture(scope="session")
def squareville_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory in which the hand-drawn town Squareville is built."""
    from towns import squareville

    from geodata.build import build
    from geodata.request import BuildRequest
    from geodata.settings import Settings

    folder = tmp_path_factory.mktemp("squareville")
    osm = squareville().write(folder / "squareville.osm.pbf")
    build(BuildRequest("Squareville", osm=(osm,)), Settings(data_dir=folder))
    return folder


@pytest.fixture(scope="module")
def area(squareville_dir: Path) -> "Area":
    """Squareville as it is stored; tests on another area name their own."""
    from geodata.store import Store

    return Store(squareville_dir).open("squareville")


@pytest.fixture
def squareville_app(squareville_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The app looks at the data directory with Squareville."""
    monkeypatch.setenv("KERNWIJZER_DATA", str(squareville_dir))


@pytest.fixture(scope="session")
def quarters_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory in which Quarters is built, a town large enough to learn from which branch settles where."""
    from towns import two_quarters

    from geodata.build import build
    from geodata.request import BuildRequest
    from geodata.settings import Settings

    folder = tmp_path_factory.mktemp("quarters")
    build(BuildRequest("Quarters", osm=(two_quarters().write(folder / "quarters.osm.pbf"),)), Settings(data_dir=folder))
    return folder


@pytest.fixture(scope="session")
def testerep_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the sample region's files, and its town and smallest village built: for slow tests."""
    from golden.testerep import build_two

    folder = tmp_path_factory.mktemp("testerep")
    assert [area.sample for area in build_two(folder)] == [True, True]
    return folder


@pytest.fixture(scope="session")
def small_town(tmp_path_factory: pytest.TempPathFactory) -> "Town":
    """Squareville in small, built, to try bad files on."""
    from command_line import Town
    from towns import squareville

    folder = tmp_path_factory.mktemp("small")
    town = Town(folder / "data", squareville(8).write(folder / "town.osm.pbf"))
    assert town.build().code == town.build(name="Whole").code == 0
    return town
