"""Files of the user's own are kept as they came, never overwritten, and a request survives being written down."""

import io
import zipfile
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geodata.errors import GeodataError
from geodata.request import BuildRequest, dump
from geodata.sources.vector import read_polygons
from pages.ui import drafts


def test_a_request_reads_back_as_it_was(tmp_path: Path) -> None:
    request = BuildRequest(
        "Oostende", osm=(tmp_path / "a.osm.pbf", Path("/elsewhere/b.osm")), gtfs=(tmp_path / "lijn.zip",),
        residents=71_000, premises=tmp_path / "panden.xlsx", sample=True,
    )  # fmt: skip
    assert drafts.load(dump(request, tmp_path), tmp_path) == request
    assert drafts.load('{"area": "X", "osm": [], "later_option": 3}', tmp_path) == BuildRequest("X")


def test_a_request_follows_a_data_directory_that_is_copied(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    inside, outside = here / "uploads" / "x" / "premises" / "panden.csv", tmp_path / "kaart.osm"
    inside.parent.mkdir(parents=True)
    inside.write_text("a")
    text = dump(BuildRequest("X", osm=(outside,), premises=inside), here)
    here.rename(there)
    moved = drafts.load(text, there)
    assert moved.premises == there / "uploads" / "x" / "premises" / "panden.csv"
    assert moved.premises is not None and moved.premises.read_text() == "a"
    assert moved.osm == (outside,)


def test_relative_paths_of_earlier_versions_count_from_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("lijst.csv").write_text("a")
    assert drafts.load('{"area": "X", "premises": "lijst.csv"}', Path("data")).premises == Path("lijst.csv")


def test_files_are_added_taken_away_and_compared() -> None:
    before = BuildRequest("X", osm=(Path("a.osm"),), premises=Path("1.xlsx"))
    after = drafts.add(drafts.add(before, "premises", Path("2.xlsx")), "osm", Path("b.osm"))
    assert after.osm == (Path("a.osm"), Path("b.osm"))
    assert drafts.differences(before, after) == (
        [("osm", Path("b.osm")), ("premises", Path("2.xlsx"))],
        [("premises", Path("1.xlsx"))],
    )
    assert drafts.add(after, "osm", Path("b.osm")) == after
    back = drafts.remove(drafts.remove(after, "osm", Path("b.osm")), "premises", Path("2.xlsx"))
    assert back == BuildRequest("X", osm=(Path("a.osm"),))
    assert drafts.regional(after, "Y") == BuildRequest("Y", osm=after.osm)


def test_uploads_never_overwrite_one_another(tmp_path: Path) -> None:
    first, same, other = (
        drafts.store_upload(tmp_path, "x", "premises", "../../panden.csv", raw) for raw in (b"a", b"a", b"b")
    )
    assert first == same == tmp_path / "uploads" / "x" / "premises" / "panden.csv"
    assert other.name == "panden (2).csv"
    assert (first.read_bytes(), other.read_bytes()) == (b"a", b"b")
    evil = drafts.store_upload(tmp_path, "x", "premises", "C:\\temp\\..\\<a>.csv", b"c")
    assert evil.parent == first.parent
    with pytest.raises(GeodataError, match="empty"):
        drafts.store_upload(tmp_path, "x", "premises", "leeg.csv", b"")


def test_a_zipped_shapefile_is_unpacked_whatever_folder_it_lies_in(tmp_path: Path) -> None:
    square = gpd.GeoDataFrame({"naam": ["Kern"]}, geometry=[shapely.box(0, 0, 1, 1)], crs=4326)
    square.to_file(tmp_path / "kern.shp")

    def zipped(folder: str, *suffixes: str) -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for suffix in suffixes:
                archive.write(tmp_path / f"kern{suffix}", f"{folder}kern{suffix}")
        return buffer.getvalue()

    parts = (".shp", ".shx", ".dbf", ".prj", ".cpg")
    path = drafts.store_upload(tmp_path, "x", "core_areas", "kern.zip", zipped("../shapes/", *parts))
    assert path == tmp_path / "uploads" / "x" / "core_areas" / "kern" / "kern.shp"
    assert read_polygons(path)["naam"].tolist() == ["Kern"]
    assert drafts.store_upload(tmp_path, "x", "core_areas", "kern.zip", zipped("", *parts)) == path
    with pytest.raises(GeodataError, match="no map of polygons"):
        drafts.store_upload(tmp_path, "x", "core_areas", "kern.zip", zipped("", ".dbf"))
    with pytest.raises(GeodataError, match="cannot be opened"):
        drafts.store_upload(tmp_path, "x", "core_areas", "kern.zip", b"PK no zip")
    kept = drafts.store_upload(tmp_path, "x", "gtfs", "lijn.zip", zipped("", *parts))
    assert kept.name == "lijn.zip"
