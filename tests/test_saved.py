"""Saved work comes back as it was, from SQLite and from PostgreSQL, whoever else writes there."""

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from saved_here import place, run_sql

from geodata.errors import GeodataError
from geodata.settings import Settings
from location_model.profile import (
    Criterion,
    Limits,
    ScoringProfile,
    ValueFunction,
    less,
    more,
    optimum,
    profile_as_json,
    profile_from_json,
)  # fmt: skip
from location_model.saved import Comparison, Move, SavedWork, comparison_as_json, comparison_from_json

BAKERY = ScoringProfile(
    "bakery",
    (Criterion("residents", 3.0, more(0, 1234.5)), Criterion("competition", 0.1 + 0.2, optimum(0, 1, 2, 8))),
    Limits("retail", 80.0, 400.0, True, ((2.75, 51.55),), 500.0),
    "Mo-Fr 06:00-09:00; Su 07:00-12:00",
)
CLOTHES = ScoringProfile("clothes", (Criterion("footfall", 1.0, less(1, 2)),))
THREE = Comparison(
    "newport", "0123456789ab", ("node/1", "way/2", "-2.99,51.58"), BAKERY, (("", "Één “goed”\n0"), ("node/1", "€ 🥖"))
)

MOVED = replace(
    THREE, rents=(("way/2", 12_000.5),), view="move",
    move=Move("WINKEL 1", "way/2", (("fit_out_eur", 30_000.0), ("margin", 0.1 + 0.2))),
)  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    with place(request.param, tmp_path / "data") as here:
        yield here


@pytest.fixture
def work(settings: Settings) -> SavedWork:
    return SavedWork(settings)


def names(work: SavedWork, **which: object) -> list[str]:
    return [entry.name for entry in work.entries(**which)]  # type: ignore[arg-type]


# Profiles as JSON

numbers = st.floats(allow_nan=False, allow_infinity=False)
positive = st.floats(0, 1e9)
functions = st.dictionaries(numbers, st.floats(0, 1), min_size=2, max_size=6).map(
    lambda points: ValueFunction(tuple(sorted(points.items())))
)
profiles = st.builds(
    ScoringProfile,
    st.text(),
    st.lists(st.builds(Criterion, st.text(), positive, functions)).map(tuple),
    st.builds(
        Limits,
        st.sampled_from(["core", "retail", "all"]),
        st.none() | st.floats(0, 10),
        st.none() | st.floats(10, 99),
        st.booleans(),
        st.lists(st.tuples(numbers, numbers)).map(tuple),
        positive,
    ),
    st.text(),
)


@given(profiles)
def test_a_profile_comes_back_from_json_exactly(profile: ScoringProfile) -> None:
    text = json.dumps(profile_as_json(profile))
    assert profile_from_json(json.loads(text)) == profile
    comparison = replace(THREE, profile=profile)
    assert comparison_from_json(json.loads(json.dumps(comparison_as_json(comparison)))) == comparison


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"criteria": [{"layer": "x", "weight": "3", "value": {"points": [[0, 0], [1, 1]]}}]}, "criteria.0.weight"),
        ({"criteria": [{"layer": "x", "weight": 3, "value": {"points": [[1, 0], [1, 1]]}}]}, "criteria.0.value"),
        ({"limits": {"within": "moon"}}, "limits.within"),
        ({"limits": {"min_floor_area_m2": 9, "max_floor_area_m2": 1}}, "limits"),
        ({"branch": None}, "branch"),
    ],
)
def test_what_is_wrong_in_a_profile_is_named(change: dict[str, object], field: str) -> None:
    with pytest.raises(GeodataError, match=rf"shop\.json.*profile.* {field} "):
        profile_from_json({**profile_as_json(BAKERY), **change}, where="shop.json")


# Saving, in both databases


def test_work_comes_back_as_it_was(settings: Settings) -> None:
    saved = SavedWork(settings).save("Bakkerij op zondag", BAKERY, area="newport")
    SavedWork(settings).save("Drie panden", THREE)
    again = SavedWork(settings)  # as another process opens it
    assert again.open_profile("Bakkerij op zondag") == BAKERY
    assert again.open_comparison("Drie panden") == THREE
    assert [(e.name, e.kind, e.area) for e in again.entries()] == [
        ("Drie panden", "comparison", "newport"),
        ("Bakkerij op zondag", "profile", "newport"),
    ]
    assert again.entries("profile") == (saved,) and saved.created_at == saved.updated_at


def test_a_move_comes_back_with_all_that_was_typed(settings: Settings) -> None:
    saved = SavedWork(settings).save("Verhuizen", MOVED)
    assert SavedWork(settings).open_comparison("Verhuizen") == MOVED and saved.format == 2


def test_a_comparison_saved_before_moves_were_is_still_opened(settings: Settings) -> None:
    SavedWork(settings).save("oud", THREE)
    document = comparison_as_json(THREE)
    assert document.pop("view") == "compare" and document.pop("move") is None
    payload = json.dumps(document).replace("'", "''")
    run_sql(settings, f"UPDATE saved SET format = 1, payload = '{payload}'")
    assert SavedWork(settings).open_comparison("oud") == THREE


def test_nothing_is_made_before_something_is_saved(settings: Settings) -> None:
    work = SavedWork(settings)
    assert work.entries() == () and not settings.data_dir.exists()
    with pytest.raises(GeodataError, match="nothing is saved by the name x"):
        work.open_profile("x")
    assert not settings.data_dir.exists()


def test_a_taken_name_is_replaced_only_when_asked(work: SavedWork) -> None:
    first = work.save("winkel", BAKERY)
    work.save("winkel", THREE)  # another kind: another name
    with pytest.raises(GeodataError, match="name winkel is already taken"):
        work.save(" winkel ", CLOTHES)
    assert work.open_profile("winkel") == BAKERY
    second = work.save("winkel", CLOTHES, replace=True)
    assert work.open_profile("winkel") == CLOTHES
    assert second.created_at == first.created_at < second.updated_at
    assert [entry.id for entry in work.entries(deleted=True)] == [first.id]
    work.delete("profile", "winkel")
    work.restore(first.id)
    assert work.open_profile("winkel") == BAKERY


def test_the_newest_comes_first(work: SavedWork) -> None:
    for name in ("a", "b", "c"):
        work.save(name, BAKERY)
    work.save("a", CLOTHES, replace=True)
    assert names(work) == ["a", "c", "b"]
    work.rename("profile", "b", "z")  # the same work: no newer
    assert names(work) == ["a", "c", "z"]


def test_a_new_name_must_be_free(work: SavedWork) -> None:
    before = work.save("a", BAKERY)
    work.save("b", CLOTHES)
    with pytest.raises(GeodataError, match="name b is already taken"):
        work.rename("profile", "a", "b")
    assert work.rename("profile", "a", "d") == replace(before, name="d")
    assert work.open_profile("d") == BAKERY and work.open_profile("b") == CLOTHES
    with pytest.raises(GeodataError, match=r"by the name bb\. Nearest: b|by the name bb"):
        work.rename("profile", "bb", "e")


def test_a_delete_can_be_undone(work: SavedWork) -> None:
    saved = work.save("a", BAKERY)
    assert work.delete("profile", "a") == saved
    assert names(work) == [] and names(work, deleted=True) == ["a"]
    with pytest.raises(GeodataError, match="nothing is saved"):
        work.delete("profile", "a")
    assert work.restore(saved.id) == saved
    assert work.entries() == (saved,) and work.open_profile("a") == BAKERY


def test_what_is_restored_does_not_push_out_what_has_its_name_now(work: SavedWork) -> None:
    gone = work.save("a", BAKERY)
    work.delete("profile", "a")
    work.save("a", CLOTHES)
    with pytest.raises(GeodataError, match="name a is already taken"):
        work.restore(gone.id)
    work.rename("profile", "a", "b")
    work.restore(gone.id)
    assert work.open_profile("a") == BAKERY and work.open_profile("b") == CLOTHES


def test_only_what_was_deleted_is_purged_and_for_good(work: SavedWork) -> None:
    work.save("stays", BAKERY)
    gone = work.save("goes", CLOTHES)
    work.delete("profile", "goes")
    assert work.purge() == 0  # not yet a month ago
    assert work.purge(timedelta()) == 1
    with pytest.raises(GeodataError, match="can no longer be brought back"):
        work.restore(gone.id)
    assert names(work) == ["stays"]
    assert work.save("new", CLOTHES).id > gone.id  # its number is not given again


@pytest.mark.parametrize("name", ["", "  \n", "x" * 121, "a\0b", "\ud800"])
def test_a_name_that_cannot_be_shown_is_refused(work: SavedWork, name: str) -> None:
    with pytest.raises(GeodataError, match="this name cannot be used"):
        work.save(name, BAKERY)


@pytest.mark.parametrize(("number", "says"), [(0, "version that saved it"), (2, "newer version")])
def test_another_format_says_so_and_is_kept(settings: Settings, number: int, says: str) -> None:
    work = SavedWork(settings)
    saved = work.save("old", BAKERY)
    run_sql(settings, f"UPDATE saved SET format = {number}, payload = '{{}}'")
    with pytest.raises(GeodataError, match=f"old: .*format {number}.*reads format 1.* kept as it is.*{says}"):
        work.open_profile("old")
    assert work.entries() == (replace(saved, format=number),)


def test_one_damaged_piece_hides_no_other(settings: Settings) -> None:
    work = SavedWork(settings)
    work.save("whole", CLOTHES)
    work.save("garbled", BAKERY)
    run_sql(settings, "UPDATE saved SET payload = '{\"branch\": ' WHERE name = 'garbled'")
    assert names(work) == ["garbled", "whole"] and work.open_profile("whole") == CLOTHES
    with pytest.raises(GeodataError, match=r"damaged \(garbled\)"):
        work.open_profile("garbled")


def test_a_table_of_somebody_else_is_left_alone(settings: Settings) -> None:
    SavedWork(settings).save("a", BAKERY)
    run_sql(settings, "ALTER TABLE saved RENAME COLUMN payload TO theirs")
    for attempt in (SavedWork(settings).entries, lambda: SavedWork(settings).save("b", BAKERY)):
        with pytest.raises(GeodataError, match=r"refuses this \(.*payload.*whether it is ours"):
            attempt()


WRITER = """
import sys
from pathlib import Path
from geodata.errors import GeodataError
from geodata.settings import Settings
from location_model.profile import Criterion, ScoringProfile, more
from location_model.saved import SavedWork

data_dir, url, me = sys.argv[1:]
work = SavedWork(Settings(data_dir=Path(data_dir), database_url=url))
won = 0
for i in range(10):
    mine = ScoringProfile(me, (Criterion("x", i, more(0, 1)),))
    work.save(f"{me} {i}", mine)
    work.save("everybody's", mine, replace=True)
    try:
        work.save(f"first of {i}", mine)
        won += 1
    except GeodataError as error:
        assert "already taken" in str(error), error
print(won)
"""


def test_several_processes_write_at_once(settings: Settings) -> None:
    words = [sys.executable, "-c", WRITER, str(settings.data_dir), settings.database_url]
    root = Path(__file__).resolve().parents[1]
    writers = [
        subprocess.Popen([*words, f"writer {k}"], cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for k in range(3)
    ]
    ends = [(*writer.communicate(timeout=60), writer.returncode) for writer in writers]
    assert [(err, code) for _, err, code in ends] == [("", 0)] * 3
    assert sum(int(out) for out, _, _ in ends) == 10  # each name was given once
    work = SavedWork(settings)
    assert len(work.entries()) == 30 + 1 + 10 and len(work.entries(deleted=True)) == 29
    assert all(work.open_profile(f"writer {k} {i}").branch == f"writer {k}" for k in range(3) for i in range(10))


# What can go wrong with the file and the server


def test_a_damaged_file_is_named_and_not_touched(tmp_path: Path) -> None:
    for content in (b"not a database at all, but long enough to be read", b"SQLite format 3\0" + b"\7" * 5000):
        (tmp_path / "saved.sqlite").write_bytes(content)
        work = SavedWork(Settings(data_dir=tmp_path))
        for attempt in (work.entries, lambda w=work: w.save("a", BAKERY), lambda w=work: w.delete("profile", "a")):
            with pytest.raises(GeodataError, match=r"saved\.sqlite: .*(damaged|refuses)"):
                attempt()
        assert (tmp_path / "saved.sqlite").read_bytes() == content


def test_a_file_cut_off_is_named_and_not_touched(tmp_path: Path) -> None:
    work = SavedWork(Settings(data_dir=tmp_path))
    for i in range(40):
        work.save(f"name {i}", BAKERY)
    path = tmp_path / "saved.sqlite"
    half = path.read_bytes()[: path.stat().st_size // 2]
    path.write_bytes(half)
    with pytest.raises(GeodataError, match=r"saved\.sqlite: the saved work is damaged .*copy of it back"):
        work.entries()
    with pytest.raises(GeodataError, match=r"damaged"):
        work.save("one more", BAKERY)
    assert path.read_bytes() == half


def test_a_writer_that_holds_on_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("location_model.database.WAIT_S", 0.05)
    work = SavedWork(Settings(data_dir=tmp_path))
    work.save("a", BAKERY)
    other = sqlite3.connect(tmp_path / "saved.sqlite")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(GeodataError, match=r"busy writing the saved work.*Try again"):
        work.save("b", BAKERY)
    assert names(work) == ["a"]  # readers do not wait
    other.close()
    work.save("b", BAKERY)


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    work = SavedWork(Settings(data_dir=tmp_path / "data"))
    with pytest.raises(GeodataError, match=r"cannot be saved here .*KERNWIJZER_DATA"):
        work.save("a", BAKERY)


@pytest.fixture
def guarded() -> Iterator[Path]:
    """A folder that may be read but not written, by the plain user whom the test becomes."""
    folder = Path(tempfile.mkdtemp())
    SavedWork(Settings(data_dir=folder)).save("a", BAKERY)
    folder.chmod(0o555)
    (folder / "saved.sqlite").chmod(0o444)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    yield folder
    if root:
        os.seteuid(0)
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="users are told apart otherwise here")
def test_a_folder_that_may_only_be_read_can_be_read(guarded: Path) -> None:
    work = SavedWork(Settings(data_dir=guarded))
    assert work.open_profile("a") == BAKERY
    for attempt in (lambda: work.save("b", BAKERY), lambda: work.delete("profile", "a")):
        with pytest.raises(GeodataError, match=r"saved\.sqlite: work cannot be saved here .*permissions"):
            attempt()
    elsewhere = SavedWork(Settings(data_dir=guarded / "new"))
    with pytest.raises(GeodataError, match="cannot be saved here"):
        elsewhere.save("a", BAKERY)
    assert names(work) == ["a"]


def test_a_server_that_does_not_answer_is_named_without_its_password(tmp_path: Path) -> None:
    with socket.socket() as held:  # bound, not listening: nobody answers, and nobody else takes the port
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        settings = Settings(data_dir=tmp_path, database_url=f"postgres://jan:geheim@127.0.0.1:{port}/winkels")
        for attempt in (SavedWork(settings).entries, lambda: SavedWork(settings).save("a", BAKERY)):
            with pytest.raises(GeodataError, match=rf"127\.0\.0\.1:{port}/winkels: .*cannot be reached") as said:
                attempt()
            assert "geheim" not in str(said.value) and "DATABASE_URL" in str(said.value)
    assert "geheim" not in repr(settings) and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "url", ["mysql://jan:geheim@host/x", "geheim", "postgresql://jan:geheim@host:port/x", "sqlite://"]
)
def test_an_address_that_is_not_postgresqls_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(GeodataError, match="DATABASE_URL: this is not the address") as said:
        SavedWork(Settings.from_env({"DATABASE_URL": url}))
    assert "geheim" not in str(said.value)
