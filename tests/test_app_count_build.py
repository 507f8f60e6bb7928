"""The page `count` takes the counts made by hand into the area: beside the counters it has, once, and out again."""

import datetime
import shutil
import time
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from pages_at_work import open_page
from streamlit.testing.v1 import AppTest
from towns import degrees

from geodata.build import build
from geodata.gather import counts_together
from geodata.request import BuildRequest, load
from geodata.settings import Settings
from geodata.store import Area, Store
from geodata.tables import validate
from location_model import own_counts
from location_model.own_counts import OwnCount, read_own_counts
from pages.ui import drafts, jobs

NOON = datetime.datetime(2026, 11, 19, 12, 0)


@pytest.fixture
def data_dir(squareville_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Squareville with one counter, in a data directory that a test may change."""
    folder = tmp_path / "data"
    kept = shutil.ignore_patterns("jobs", "uploads", "own_counts")
    shutil.copytree(squareville_dir, folder, ignore=kept)
    lng, lat = degrees(700, 900)
    given = folder / "tellingen.csv"
    given.write_text(f"teller;datum;uur;voetgangers;lon;lat\nA;2026-11-17;11-12;500;{lng};{lat}\n")
    build(replace(drafts.built(Store(folder).open("squareville")), counts=(given,)), Settings(data_dir=folder))
    monkeypatch.setenv("KERNWIJZER_DATA", str(folder))
    return folder


def area(data_dir: Path) -> Area:
    return Store(data_dir).open("squareville")


def count(data_dir: Path, key: str, x: float, persons: int) -> None:
    made = OwnCount(key, "Marktstraat", *degrees(x, 900), NOON, 15, persons)
    own_counts.save(data_dir, "squareville", made)


def rebuilt(app: AppTest, data_dir: Path) -> AppTest:
    """The page once the build that its button starts has ended."""
    app.button(key="count_build").click().run()
    assert not app.exception
    job = jobs.latest(data_dir)
    assert job is not None
    assert app.button(key="count_build").disabled
    until = time.monotonic() + 60
    while job.state().phase == jobs.RUNNING and time.monotonic() < until:
        time.sleep(0.1)
    return open_page("count", "en", step="results")


def test_one_button_builds_the_counts_in_and_out_again(data_dir: Path) -> None:
    count(data_dir, "a", 800, 90)
    count(data_dir, "b", 1000, 60)
    drafts.keep(data_dir, replace(drafts.built(area(data_dir)), residents=4000))
    before = area(data_dir).version
    app = open_page("count", "en", step="results")
    assert app.button(key="count_build").label == "Rebuild Squareville with my counts"
    assert "method" in [link.proto.page for link in app.get("page_link")]
    app = rebuilt(app, data_dir)
    told = [s.value for s in app.success]
    assert any("Squareville" in t for t in told)
    assert any(t.startswith("These counts are part of Squareville") for t in told)
    assert "count_build" not in [b.key for b in app.button]
    now = area(data_dir)
    assert now.version != before
    counted = now.tables.counts.set_index("counter")["pedestrians"]
    assert counted.to_dict() == {"A": 500, "Marktstraat (Tel zelf)": 90, "Marktstraat (Tel zelf 2)": 60}
    preparing = drafts.prepared(data_dir, "squareville")
    assert preparing is not None
    assert (preparing.residents, preparing.counts) == (4000, drafts.built(now).counts)  # nobody's work is lost

    count(data_dir, "a", 800, 120)  # corrected: not as it was built in
    app = open_page("count", "en", step="results")
    assert app.button(key="count_build").label == "Rebuild Squareville with my counts"
    for one in read_own_counts(data_dir, "squareville").counts:
        own_counts.remove(data_dir, "squareville", one.key)
    app = open_page("count", "en", step="results")
    assert app.button(key="count_build").label == "Rebuild Squareville without them"
    assert drafts.with_by_hand(area(data_dir), b"").counts == (data_dir / "tellingen.csv",)


def test_of_a_period_in_two_files_the_later_one_counts() -> None:
    def table(*rows: tuple[str, str, float, float]) -> gpd.GeoDataFrame:
        frame = pd.DataFrame(rows, columns=["counter", "date", "hour_from", "pedestrians"])
        frame = frame.assign(date=pd.to_datetime(frame["date"]), hour_to=frame["hour_from"] + 1, day_kind="ordinary")
        return validate(
            "counts", gpd.GeoDataFrame(frame, geometry=[shapely.Point(0, 0)] * len(rows), crs=3812), where=""
        )

    first = table(("A", "2026-11-17", 11, 500), ("A", "", 11, 70), ("B", "2026-11-17", 11, 40))
    later = table(("A", "2026-11-17", 11, 450), ("A", "2026-11-17", 12, 300), ("A", "", 11, 80))
    assert counts_together([first, later], 3812)["pedestrians"].tolist() == [40, 450, 300, 80]
    assert counts_together([first], 3812) is first
    assert counts_together([], 3812).empty


def test_a_request_of_before_has_one_file_with_counts(tmp_path: Path) -> None:
    (tmp_path / "tellingen.csv").write_text("a")
    of_before = '{"area": "X", "counts": "tellingen.csv"}'
    assert load(of_before, tmp_path) == BuildRequest("X", counts=(tmp_path / "tellingen.csv",))
    assert load('{"area": "X", "counts": null}', tmp_path) == BuildRequest("X")
