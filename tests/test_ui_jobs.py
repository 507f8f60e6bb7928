"""A build runs in a process of its own, tells how far it is, and leaves what was there when it fails or is stopped."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from geodata.errors import GeodataError
from geodata.request import BuildRequest
from geodata.settings import Settings
from geodata.store import Store
from pages.ui import drafts, jobs
from pages.ui.jobs import Job


def ended(job: Job, within_s: float = 60.0) -> jobs.State:
    """How a build ended."""
    until = time.monotonic() + within_s
    while (state := job.state()).phase == jobs.RUNNING:
        assert time.monotonic() < until, job.log.read_text()
        time.sleep(0.05)
    return state


@pytest.fixture
def town(squareville_dir: Path, tmp_path: Path) -> tuple[BuildRequest, Settings]:
    """A request for Squareville, in a data directory where nothing is built."""
    return BuildRequest("Squareville", osm=(squareville_dir / "squareville.osm.pbf",)), Settings(data_dir=tmp_path)


def test_a_build_ends_with_an_area_and_its_preparation_is_done(town: tuple[BuildRequest, Settings]) -> None:
    request, settings = town
    drafts.keep(settings.data_dir, request)
    job = jobs.start(request, settings)
    assert job.state().phase == jobs.RUNNING
    with pytest.raises(GeodataError, match="another build"):
        jobs.start(request, settings)
    state = ended(job)
    assert state.phase == jobs.DONE, job.log.read_text()
    area = Store(settings.data_dir).open("squareville")
    assert [(a["id"], a["version"]) for a in state.areas] == [("squareville", area.version)]
    assert drafts.built(area) == request
    assert drafts.prepared(settings.data_dir, "squareville") is None
    job.close()
    assert jobs.latest(settings.data_dir) is None

    again = ended(jobs.start(request, settings, before=area.version))
    assert [a["version"] for a in again.areas] == [area.version]

    broken = settings.data_dir / "lijst.csv"
    broken.write_text("Naam;Kleur\nBakker;rood\n")
    wrong = replace(request, premises=broken)
    drafts.keep(settings.data_dir, wrong)
    failed = ended(jobs.start(wrong, settings))
    assert failed.phase == jobs.FAILED
    assert "Kleur" in failed.error["nl"]
    assert "lijst.csv" in failed.error["en"]
    assert Store(settings.data_dir).open("squareville").version == area.version
    assert drafts.prepared(settings.data_dir, "squareville") == wrong


def test_a_build_can_be_stopped(town: tuple[BuildRequest, Settings]) -> None:
    request, settings = town
    job = jobs.start(request, settings)
    job.stop()
    assert job.state().phase == jobs.STOPPED
    assert Store(settings.data_dir).ids() == []
    assert ended(jobs.start(BuildRequest("Nergens", osm=(Path("niets.osm"),)), settings)).phase == jobs.FAILED


def test_a_process_that_is_gone_without_a_word_is_said_to_have_failed(tmp_path: Path) -> None:
    folder = tmp_path / "jobs" / "1"
    folder.mkdir(parents=True)
    jobs.write(folder / "job.json", {"area": "X", "request": None, "started": time.time() - 3600})
    job = jobs.latest(tmp_path)
    assert job is not None
    assert job.state().phase == jobs.FAILED
    assert job.state().error == {}


@pytest.mark.parametrize(
    ("share", "elapsed", "expected", "left"),
    [(0.0, 1.0, None, None), (0.5, 10.0, None, 10.0), (0.1, 4.0, 10.0, 6.0), (0.8, 12.0, 10.0, 3.0)],
)
def test_time_to_go_is_that_of_the_build_before_else_by_share(
    share: float, elapsed: float, expected: float | None, left: float | None
) -> None:
    assert jobs._left(share, elapsed, expected) == (None if left is None else pytest.approx(left))
