"""Counts made by hand: kept, never lost, and read back by the reader of every other count."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from towns import degrees

from geodata.count_profile import count_profile, persons_per_day
from geodata.errors import GeodataError
from geodata.sources.counts import read_counts
from geodata.store import Area
from location_model import own_counts
from location_model.own_count_tables import as_table, by_hand, counts_with_own, only_built
from location_model.own_counts import OwnCount, as_csv, read_own_counts, remove, save

LNG, LAT = degrees(900.0, 900.0)
NOON = OwnCount("a1", "Marktstraat", LNG, LAT, datetime.datetime(2026, 11, 20, 12, 5), 15, 230)


def test_what_is_saved_is_read_back(tmp_path: Path) -> None:
    assert read_own_counts(tmp_path, "x").counts == ()
    assert own_counts.stamp(tmp_path, "x") == (0, 0)
    kept = save(tmp_path, "x", replace(NOON, note='regen; "veel" wind\nen kou', day_kind="market"))
    assert kept.place == "Marktstraat"
    found = read_own_counts(tmp_path, "x").counts
    assert found == (replace(kept, note='regen; "veel" wind en kou', lng=round(LNG, 6), lat=round(LAT, 6)),)
    assert read_own_counts(tmp_path, "y").counts == ()
    assert own_counts.stamp(tmp_path, "x") != (0, 0)


def test_a_count_is_sent_twice_changed_and_taken_away(tmp_path: Path) -> None:
    for count in (NOON, NOON, replace(NOON, pedestrians=232), replace(NOON, key="b")):
        save(tmp_path, "x", count)
    assert [c.pedestrians for c in read_own_counts(tmp_path, "x").counts] == [232, 230]
    remove(tmp_path, "x", "a1")
    remove(tmp_path, "x", "never there")
    assert [c.key for c in read_own_counts(tmp_path, "x").counts] == ["b"]


def test_one_name_is_one_point(tmp_path: Path) -> None:
    far = degrees(1000.0, 900.0)
    near = degrees(905.0, 900.0)
    names = [
        save(tmp_path, "x", replace(NOON, key=key, lng=p[0], lat=p[1])).counter
        for key, p in (("a", (LNG, LAT)), ("b", far), ("c", near), ("d", far))
    ]
    assert names == ["Marktstraat (Tel zelf)", "Marktstraat (Tel zelf 2)"] * 2
    assert {c.place for c in read_own_counts(tmp_path, "x").counts} == {"Marktstraat"}


def test_rows_that_cannot_be_read_stay_in_the_file(tmp_path: Path) -> None:
    save(tmp_path, "x", NOON)
    path = own_counts.file_of(tmp_path, "x")
    path.write_text(
        path.read_text("utf-8-sig") + "Kerkstraat;gisteren;10:00;10:15;veel;ordinary;3;51;;z\r\n", "utf-8-sig"
    )
    save(tmp_path, "x", replace(NOON, key="b"))
    found = read_own_counts(tmp_path, "x")
    assert [c.key for c in found.counts] == ["a1", "b"]
    assert [row["pedestrians"] for row in found.unreadable] == ["veel"]
    remove(tmp_path, "x", "b")
    assert "gisteren" in path.read_text("utf-8-sig")


@pytest.mark.parametrize("content", [b"not;ours\r\n1;2\r\n", b"\xff\xfe\x00\x01"])
def test_a_file_that_is_not_ours_is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = own_counts.file_of(tmp_path, "x")
    path.parent.mkdir()
    path.write_bytes(content)
    for act in (lambda: read_own_counts(tmp_path, "x"), lambda: save(tmp_path, "x", NOON)):
        with pytest.raises(GeodataError, match="cannot be read"):
            act()
    assert path.read_bytes() == content


def test_a_disk_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(tmp_path, "x", NOON)
    before = own_counts.file_of(tmp_path, "x").read_bytes()

    def full(_fd: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(own_counts.os, "fsync", full)
    with pytest.raises(GeodataError, match="could not be written"):
        save(tmp_path, "x", replace(NOON, key="b"))
    assert own_counts.file_of(tmp_path, "x").read_bytes() == before


def test_several_who_count_at_once_lose_nothing(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda i: save(tmp_path, "x", replace(NOON, key=str(i), pedestrians=i)), range(24)))
    assert sorted(c.pedestrians for c in read_own_counts(tmp_path, "x").counts) == list(range(24))


@pytest.mark.parametrize(
    "wrong",
    [
        {"minutes": 0},
        {"minutes": 10_000},
        {"pedestrians": -1},
        {"day_kind": "busy"},
        {"counter": " "},
        {"lat": float("nan")},
    ],
)
def test_what_cannot_be_a_count_is_refused(tmp_path: Path, wrong: dict[str, object]) -> None:
    with pytest.raises(GeodataError):
        save(tmp_path, "x", replace(NOON, **wrong))
    assert not own_counts.file_of(tmp_path, "x").exists()


@settings(max_examples=12, deadline=None)
@given(
    start=st.datetimes(datetime.datetime(2020, 1, 1), datetime.datetime(2030, 1, 1)),
    minutes=st.integers(1, 180),
    persons=st.integers(0, 5000),
    kind=st.sampled_from(["ordinary", "market", "event", "holiday"]),
)
def test_the_file_gives_a_build_the_same_table(
    area: Area,
    tmp_path_factory: pytest.TempPathFactory,
    start: datetime.datetime,
    minutes: int,
    persons: int,
    kind: str,
) -> None:
    folder = tmp_path_factory.mktemp("round")
    start = start.replace(second=0, microsecond=0)
    made = replace(NOON, start=start, minutes=minutes, pedestrians=persons, day_kind=kind, note="veel volk, 3 bussen")
    kept = [save(folder, "x", made), save(folder, "x", replace(NOON, key="other"))]
    given_file = folder / "counts.csv"
    given_file.write_bytes(as_csv(kept))
    for path in (given_file, own_counts.file_of(folder, "x")):
        read = read_counts(path, area=area.study.data_extent, crs=area.study.crs)
        assert len(read.skipped) == 0
        own = as_table(sorted(kept, key=lambda c: c.start), area)
        columns = ["counter", "date", "pedestrians", "day_kind"]
        assert read.table[columns].astype(str).values.tolist() == own[columns].astype(str).values.tolist()
        assert (read.table["hour_from"] - own["hour_from"]).abs().max() < 1e-9
        late = (read.table["hour_to"] - own["hour_to"] + 12) % 24 - 12  # midnight is 24 to one and 0 to the other
        assert late.abs().max() < 1e-9
        assert read.table.geometry.distance(own.geometry).max() < 0.5


def test_counts_that_were_built_in_count_once(area: Area) -> None:
    mine = [
        replace(NOON, counter="Marktstraat (Tel zelf)"),
        replace(NOON, key="b", counter="Kaai (Tel zelf)", lng=LNG + 0.001),
    ]
    assert counts_with_own(area, []) is area.tables.counts
    assert len(counts_with_own(area, mine)) == 2
    built = Area(area.folder, area.manifest)
    built.__dict__["tables"] = replace(area.tables, counts=as_table(mine[:1], area))
    changed = [replace(mine[0], pedestrians=999), mine[1]]
    both = counts_with_own(built, changed)
    assert sorted(both["pedestrians"]) == [230.0, 999.0]
    assert only_built(built, changed) == 0
    assert only_built(built, changed[1:]) == 1  # taken away here, but still in the build
    assert by_hand(both).all()
    assert not by_hand(both.assign(counter="Tel zelf")).any()


def test_a_quarter_of_an_hour_is_less_sure_than_two(area: Area) -> None:
    one = as_table([NOON], area)
    later = [NOON, replace(NOON, key="b", start=datetime.datetime(2026, 11, 19, 16, 0), pedestrians=260)]
    two = as_table(later, area)
    sure = [float(persons_per_day(t, count_profile(t))["log_variance"].iloc[0]) for t in (one, two)]
    assert sure[0] > 0.1
    assert sure[1] < sure[0]
    assert persons_per_day(one, count_profile(one))["persons_per_day"].iloc[0] > 230 * 10
