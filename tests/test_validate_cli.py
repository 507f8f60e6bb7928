"""`validate`: one JSON document or a table with the claim, a clear refusal, and a report that pages find again."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tiny_reports as tiny
from command_line import command
from vacant_towns import quarters, town

from geodata.store import Area, Store
from location_model.validation import reports


class Report:
    """A report that takes no time."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document

    def as_json(self) -> dict[str, Any]:
        return self.document


@pytest.fixture
def area(squareville_dir: Path) -> Area:
    return Store(squareville_dir).open("squareville")


@pytest.fixture(autouse=True)
def _clean(squareville_dir: Path) -> Iterator[None]:
    yield
    shutil.rmtree(squareville_dir / "validation", ignore_errors=True)


def validate(*words: object, data: Path, language: str = "en") -> Any:
    return command("validate", *words, "--data", data, language=language)


@pytest.mark.parametrize(
    "model, says, zegt",
    [
        ("footfall", "0 counters are too few", "0 tellers zijn te weinig"),
        ("sites", "100 premises", "100 "),
        ("vacancy", "30 vacant and 30 occupied", "minstens 30 leegstaande en 30 ingevulde panden"),
    ],
)
def test_too_little_data_is_one_clear_message(model: str, says: str, zegt: str, squareville_dir: Path) -> None:
    for language, words in (("en", says), ("nl", zegt)):
        answer = validate(model, "Squareville", "--json", data=squareville_dir, language=language)
        assert answer.code == 1
        assert "Squareville" in answer.err and words in answer.err and "Traceback" not in answer.err
        assert answer.out == ""


def test_wrong_use_ends_with_two_and_an_unknown_area_with_one(squareville_dir: Path) -> None:
    assert validate("weather", "squareville", data=squareville_dir).code == 2
    assert validate("footfall", data=squareville_dir).code == 2
    assert validate("footfall", "squareville", "--seed", "-1", data=squareville_dir).code == 2
    answer = validate("footfall", "squarevile", data=squareville_dir)
    assert answer.code == 1 and "Nearest: squareville" in answer.err
    assert command("validate", "--help").code == 0


def test_json_is_the_report_and_nothing_else(squareville_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[int] = []

    def quick(_area: Area, _branches: object, seed: int) -> Report:
        given.append(seed)
        return Report(tiny.VACANCY)

    monkeypatch.setitem(reports.TESTS, "vacancy", quick)  # type: ignore[misc]
    answer = validate("vacancy", "squareville", "--json", "--seed", "3", data=squareville_dir)
    assert answer.code == 0 and given == [3]
    assert json.loads(answer.out) == tiny.VACANCY


@pytest.mark.parametrize("language", ["nl", "en"])
def test_without_json_a_table_and_the_claim(
    language: str, squareville_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(reports.TESTS, "footfall", lambda *_: Report(tiny.FOOTFALL))  # type: ignore[misc]
    answer = validate("footfall", "squareville", data=squareville_dir, language=language)
    assert answer.code == 0
    table = " ".join(answer.out.split())
    assert ("0,80" if language == "nl" else "0.80") in table and "84 %" in table
    assert tiny.CLAIM[language] in answer.err


def test_the_report_is_kept_for_the_pages_and_goes_with_its_version(
    area: Area, squareville_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(reports.TESTS, "vacancy", lambda *_: Report(tiny.VACANCY))  # type: ignore[misc]
    gone = tiny.keep("vacancy", area, squareville_dir, report={}).parent.rename(
        squareville_dir / "validation" / "squareville" / "gone"
    )
    assert validate("vacancy", "squareville", "--seed", "1", data=squareville_dir).code == 0
    assert reports.kept("vacancy", area.id, area.version, squareville_dir) is None  # another seed is one's own
    assert validate("vacancy", "squareville", data=squareville_dir).code == 0
    found = reports.kept("vacancy", area.id, area.version, squareville_dir)
    assert found is not None and found["report"] == tiny.VACANCY
    assert not gone.exists()
    assert reports.kept("vacancy", area.id, "another version", squareville_dir) is None


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"format": 0, "report": {}}'])
def test_what_cannot_be_read_was_not_kept(content: str, area: Area, squareville_dir: Path) -> None:
    tiny.keep("vacancy", area, squareville_dir, report={}).write_text(content, "utf-8")
    assert reports.kept("vacancy", area.id, area.version, squareville_dir) is None


def test_a_folder_that_cannot_be_written_does_not_withhold_the_answer(
    area: Area, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(reports.TESTS, "vacancy", lambda *_: Report(tiny.VACANCY))  # type: ignore[misc]
    (tmp_path / "validation").write_text("a file where a folder should be")
    assert reports.run("vacancy", area, None, tmp_path) == tiny.VACANCY  # type: ignore[arg-type]


def test_a_real_run_says_what_may_be_claimed(squareville_dir: Path, tmp_path: Path) -> None:
    """Eight streets, every other one half empty: the neighbours give it away."""
    shutil.copytree(squareville_dir, tmp_path / "data")
    rng = np.random.default_rng(2)
    xy = quarters(rng)
    weak = (xy[:, 0] // 800 + xy[:, 1].round(-2) // 800) % 2 == 1
    units = town(xy, rng.random(400) < np.where(weak, 0.6, 0.05)).tables.premises
    units.to_parquet(Store(tmp_path / "data").open("squareville").folder / "tables" / "premises.parquet")
    answer = validate("vacancy", "squareville", "--json", data=tmp_path / "data")
    assert answer.code == 0
    found = json.loads(answer.out)
    assert {"without_neighbours", "with_neighbours", "neighbour_share"} < set(found)
    value, low, high = found["with_neighbours"]["auc"]
    assert 0.5 < low < value < high <= 1
    assert set(found["with_neighbours"]) == {"auc", "auc_within_blocks", "brier", "brier_skill", "reliability"}
    assert f"{round(100 * value)} %" in found["claim"]["en"]


@pytest.mark.parametrize("vacant, refused", [(29, True), (30, False)])
def test_too_little_is_known_beforehand_where_the_test_would_refuse(vacant: int, refused: bool) -> None:
    xy = np.random.default_rng(0).uniform(0, 1000, (100, 2))
    assert reports.too_little("vacancy", town(xy, np.arange(100) < vacant)) is refused
