"""A hand-drawn town built by the same path as a real one."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from towns import Drawing, degrees, squareville

from geodata import hexgrid
from geodata.build import build
from geodata.errors import GeodataError
from geodata.layers import all_layers
from geodata.request import BuildRequest
from geodata.settings import Settings
from geodata.store import Area, Store


@pytest.fixture(scope="module")
def area(squareville_dir: Path) -> Area:
    return Store(squareville_dir).open("Squareville")


def cell(x: float, y: float) -> str:
    return hexgrid.cells_at(*[[v] for v in degrees(x, y)])[0]


def test_every_layer_without_branch_is_a_column_and_values_carry_what_the_drawing_says(area: Area) -> None:
    assert {layer.name for layer in all_layers() if not layer.per_branch} <= set(area.grid.columns)
    market, corner = area.grid.loc[cell(900, 900)], area.grid.loc[cell(40, 1500)]
    assert market["footfall_index"] > 5 * corner["footfall_index"]
    assert market["agglomeration_premises"] > 3
    assert corner["agglomeration_premises"] == 0  # counted nothing
    assert np.isnan(corner["vacancy_percent_nearby"])  # nothing to take a share of


def test_residents_within_ten_minutes_are_those_of_the_houses_within_800_m_along_the_streets(area: Area) -> None:
    """Every house has 90 m² × 2 storeys × 0.8 / 45 m² = 3.2 residents, so any count is a multiple of that."""
    value = area.grid.loc[cell(900, 900), "residents_within_10_min"]
    assert value == pytest.approx(3.2 * round(value / 3.2), abs=0.01)
    # Along a square grid 800 m reaches a diamond of 2 × 800² m², with one house a block of 75 × 75 m; the steps
    # from both doors to the corner count too, at most 30 m each.
    assert 2 * 740**2 / 75**2 < value / 3.2 < 2 * 800**2 / 75**2


def test_no_timetable_means_not_known_and_not_zero(area: Area) -> None:
    assert area.grid["transit_departures_per_weekday"].isna().all()


def test_cells_are_sorted_unique_and_measured_in_metres(area: Area) -> None:
    assert list(area.grid.index) == sorted(set(area.grid.index))
    assert area.study.hexagons.area.mean() == pytest.approx(1840, rel=0.25)
    numbers = area.grid.drop(columns="reason")
    assert set(map(str, numbers.dtypes)) == {"float32"}


def test_where_the_data_stop_is_not_known_unless_it_is_a_shore(area: Area, tmp_path: Path) -> None:
    inland = squareville(island=False).write(tmp_path / "inland.osm.pbf")
    cut = build(BuildRequest("Inland", osm=(inland,)), Settings(data_dir=tmp_path))
    assert (area.grid["reason"] == "edge").sum() == 0
    assert cut.grid.loc[cell(40, 900), "reason"] == "edge"
    assert np.isnan(cut.grid.loc[cell(40, 900), "residents_within_10_min"])
    assert cut.grid.loc[cell(870, 900), "agglomeration_premises"] > 0


def test_without_core_area_the_densest_cluster_of_shops_stands_in(area: Area) -> None:
    assert area.study.core_basis == "cluster"
    inside = area.grid.index[area.grid["core_share"] >= 0.5]
    assert cell(900, 906) in inside
    assert cell(40, 40) not in inside


def test_a_place_is_named_by_street_and_number(area: Area) -> None:
    assert area.cell_names[cell(900, 906)].startswith("Marktstraat ")


def test_a_rebuild_with_unchanged_inputs_does_nothing(squareville_dir: Path) -> None:
    store = Store(squareville_dir)
    before = (store.root / "squareville" / "current.json").stat().st_mtime_ns
    again = build(
        BuildRequest("Squareville", osm=(squareville_dir / "squareville.osm.pbf",)), Settings(data_dir=squareville_dir)
    )
    assert again.version == store.open("squareville").version
    assert (store.root / "squareville" / "current.json").stat().st_mtime_ns == before


def test_the_same_town_as_xml_and_as_pbf_gives_the_same_tables(area: Area, tmp_path: Path) -> None:
    for ending in (".osm", ".osm.gz"):
        file = squareville().write(tmp_path / f"squareville{ending}")
        other = build(BuildRequest(f"As{ending}", osm=(file,)), Settings(data_dir=tmp_path))
        for name, table in area.tables.items():
            # XML keeps seven decimals of a degree, as PBF does: a millimetre at most
            mine, theirs = table.drop(columns="geometry"), getattr(other.tables, name).drop(columns="geometry")
            pd.testing.assert_frame_equal(pd.DataFrame(mine), pd.DataFrame(theirs), rtol=1e-4)
            assert (
                table.geometry.distance(getattr(other.tables, name).geometry, align=False).max() < 0.02 or table.empty
            )
        pd.testing.assert_frame_equal(area.grid, other.grid, rtol=1e-3)


def test_two_extracts_that_overlap_count_everything_once(area: Area, squareville_dir: Path, tmp_path: Path) -> None:
    once = squareville_dir / "squareville.osm.pbf"
    twice = tmp_path / "again.osm.pbf"
    shutil.copy(once, twice)
    both = build(BuildRequest("Squareville", osm=(once, twice)), Settings(data_dir=tmp_path))
    assert len(both.tables.premises) == len(area.tables.premises)


def test_a_broken_extract_leaves_what_was_stored(squareville_dir: Path, tmp_path: Path) -> None:
    shutil.copytree(squareville_dir, tmp_path / "data")
    whole = squareville_dir / "squareville.osm.pbf"
    broken = tmp_path / "broken.osm.pbf"
    broken.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    store = Store(tmp_path / "data")
    before = store.open("squareville").version
    with pytest.raises(GeodataError, match=r"broken\.osm\.pbf.*cannot be read") as error:
        build(BuildRequest("Squareville", osm=(broken,)), Settings(data_dir=tmp_path / "data"))
    assert "opnieuw" in error.value.text("nl")
    assert store.open("squareville").version == before
    assert store.verify("squareville") is None


def test_an_extract_without_streets_is_a_clear_error(tmp_path: Path) -> None:
    drawing = Drawing()
    drawing.point(0, 0, shop="bakery")
    empty = drawing.write(tmp_path / "empty.osm.pbf")
    with pytest.raises(GeodataError, match="no streets"):
        build(BuildRequest("Empty", osm=(empty,)), Settings(data_dir=tmp_path))


def test_a_killed_build_leaves_the_previous_version_and_does_not_block_the_next(
    squareville_dir: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(squareville_dir, data)
    other = squareville(size=26).write(tmp_path / "larger.osm.pbf")
    script = (
        "import os, signal, sys; from pathlib import Path; from geodata.build import build;"
        "from geodata.request import BuildRequest;"
        "from geodata.settings import Settings; import geodata.store as s;"
        "s.Path.replace = lambda *a: os.kill(os.getpid(), signal.SIGKILL);"
        "build(BuildRequest('Squareville', osm=(Path(sys.argv[1]),)), Settings(data_dir=Path(sys.argv[2])))"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(other), str(data)], env=os.environ, check=False)
    assert killed.returncode == -signal.SIGKILL
    store = Store(data)
    assert store.verify("squareville") is None
    assert len(store.open("squareville").grid) == len(Store(squareville_dir).open("squareville").grid)
    rebuilt = build(BuildRequest("Squareville", osm=(other,)), Settings(data_dir=data))
    assert len(rebuilt.grid) > len(Store(squareville_dir).open("squareville").grid)


def test_a_second_build_of_the_same_area_is_told_to_wait(squareville_dir: Path, tmp_path: Path) -> None:
    osm = squareville_dir / "squareville.osm.pbf"
    with Store(tmp_path).lock("squareville"), pytest.raises(GeodataError, match="another build"):
        build(BuildRequest("Squareville", osm=(osm,)), Settings(data_dir=tmp_path))


def test_readers_keep_the_version_they_opened(squareville_dir: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(squareville_dir, data)
    opened = Store(data).open("squareville")
    time.sleep(0.01)
    build(
        BuildRequest("Squareville", osm=(squareville(size=22).write(tmp_path / "s.osm.pbf"),)), Settings(data_dir=data)
    )
    assert len(opened.tables.premises) == 41
    assert Store(data).open("squareville").version != opened.version
