"""A decision file gives the same results again, or says what changed meanwhile and what differs."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from command_line import Town, command
from hypothesis import given
from hypothesis import strategies as st

from geodata.errors import GeodataError
from geodata.sources.spreadsheet import Upload
from location_model import decision as decisions
from location_model.decision import (
    Arguments,
    Command,
    Results,
    app_version,
    as_text,
    canonical,
    decide,
    plain,
    read_decision,
    sha256_of,
    write_decision,
)
from location_model.rerun import Difference, Rerun, differences, rerun


def store(data: Path, area: str, version: str) -> None:
    """An area as the store keeps it, as far as a decision looks."""
    folder = data / "areas" / area
    (folder / version).mkdir(parents=True, exist_ok=True)
    manifest = {"study": {"id": area, "name": area.title()}, "sources": [], "notes": [], "fingerprint": version * 4}
    (folder / version / "manifest.json").write_text(json.dumps(manifest))
    (folder / "current.json").write_text(json.dumps({"version": version, "fingerprint": version * 4}))


def add_up(arguments: Arguments, data_dir: Path) -> Results:
    """Turnover in a list of the user's own, times a factor; per area, its version."""
    if not (path := Path(arguments["shops"])).is_file():
        raise decisions.GeodataError(decisions.T("the file does not exist."), where=str(path))
    euros = [float(line) for line in path.read_text().split()]
    versions = {a: decisions.Store(data_dir).open(a).version for a in arguments["areas"]}
    return {"total": sum(euros) * arguments["factor"], "shops": [{"eur": e} for e in euros], "versions": versions}


def areas_of(arguments: Arguments, data_dir: Path) -> Sequence[str]:
    return list(arguments["areas"])


ADD_UP = Command("add_up", add_up, dict, areas_of, files=("shops",))


class Desk:
    """A data directory with one area, a list of shops, and a decision file about them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data = folder, folder / "data"
        self.shops, self.file = folder / "shops.csv", folder / "d.json"
        self.data.mkdir()
        store(self.data, "dorp", "aaaa")
        self.shops.write_text("0.1\n0.2\n")
        asked = {"areas": ["Dorp"], "shops": self.shops, "factor": 3}
        self.written, self.answer = decide(ADD_UP, asked, self.data)
        write_decision(self.file, self.written)

    def again(self) -> Rerun:
        return rerun(self.file, self.data, [ADD_UP])

    def changes(self) -> list[str]:
        return [str(change.text) for change in self.again().changes]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_decision_is_read_as_it_was_written(desk: Desk) -> None:
    read = read_decision(desk.file)
    assert read == desk.written
    assert read.results == {
        "total": 0.9000000000000001,
        "shops": [{"eur": 0.1}, {"eur": 0.2}],
        "versions": {"Dorp": "aaaa"},
    }
    assert read.app_version == app_version() and read.app_version.count(".") == 2
    assert [(i.kind, i.id, i.name, i.version) for i in read.inputs] == [
        ("area", "dorp", "Dorp", "aaaa"),
        ("file", "shops", "shops.csv", None),
    ]
    assert read.inputs[0].fingerprint == "aaaa" * 4
    # As `sha256sum shops.csv` gives it.
    assert read.inputs[1].fingerprint == "103671bc3a6a11aa4e586498034886e5e33d9e67f0cb7f0b0f1d8ae524e35166"


def test_a_command_works_once_and_its_answer_is_what_the_decision_holds(desk: Desk) -> None:
    worked = []

    def work(arguments: Arguments, data_dir: Path) -> list[int]:
        worked.append(dict(arguments))
        return [1, 2]

    command = Command("count", work, lambda numbers: {"numbers": numbers}, areas_of)
    written, answer = decide(command, {"areas": ["dorp"]}, desk.data)
    assert worked == [{"areas": ["dorp"]}] and answer == [1, 2]
    assert written.results == {"numbers": [1, 2]} and command.run({"areas": []}, desk.data) == written.results
    assert desk.answer == desk.written.results


def test_a_list_given_in_the_app_is_known_by_name_and_hash_and_found_beside_the_file(desk: Desk) -> None:
    upload = Upload("shops.csv", desk.shops.read_bytes())
    counted = replace(ADD_UP, work=lambda a, d: {"total": float(a["shops"].read_bytes().split()[0])})
    written, _ = decide(counted, {"areas": ["Dorp"], "shops": upload, "factor": 3}, desk.data)
    assert written.arguments["shops"] == "shops.csv"
    assert written.inputs[1] == desk.written.inputs[1]
    write_decision(desk.file, written)
    assert desk.file.read_text() == as_text(written) and "0.2" not in as_text(written)
    again = replace(ADD_UP, work=lambda a, d: {"total": float(Path(a["shops"]).read_bytes().split()[0])})
    found = rerun(desk.file, desk.data, [again])
    assert found.same and found.changes == ()


def test_counts_made_by_hand_are_an_input_where_they_matter(desk: Desk) -> None:
    own = desk.data / "own_counts"
    own.mkdir()
    (own / "dorp.csv").write_text("counter;date\n")
    assert desk.again().changes == ()  # a command that does not look at footfall
    counted = replace(ADD_UP, counted=True)
    said = [str(change.text) for change in rerun(desk.file, desk.data, [counted]).changes]
    assert said == ["own_counts/dorp.csv was not there then."]
    write_decision(desk.file, decide(counted, {"areas": ["Dorp"], "shops": desk.shops, "factor": 3}, desk.data)[0])
    (own / "dorp.csv").write_text("counter;date\na;b\n")
    said = [str(change.text) for change in rerun(desk.file, desk.data, [counted]).changes]
    assert said == ["own_counts/dorp.csv has changed since."]


def test_the_hash_is_that_of_the_canonical_results(desk: Desk) -> None:
    document = json.loads(desk.file.read_text())
    canonical_results = '{"shops":[{"eur":0.1},{"eur":0.2}],"total":0.9000000000000001,"versions":{"Dorp":"aaaa"}}'
    assert canonical(document["results"]) == canonical_results
    assert document["results_sha256"] == decisions.hashlib.sha256(canonical_results.encode()).hexdigest()


def test_nothing_changed_gives_the_same_results(desk: Desk) -> None:
    again = desk.again()
    assert again.same and again.changes == () and again.differences == () and again.failed is None
    assert again.results_sha256 == desk.written.results_sha256


def test_an_area_built_again_is_named_and_what_it_changed(desk: Desk) -> None:
    store(desk.data, "dorp", "bbbb")
    again = desk.again()
    assert not again.same
    assert desk.changes() == ["Dorp was built again: version aaaa then, bbbb now."]
    assert again.differences == (Difference("$.versions.Dorp", "changed", "aaaa", "bbbb"),)


def test_an_area_that_is_gone_is_named(desk: Desk) -> None:
    shutil.rmtree(desk.data / "areas" / "dorp")
    again = desk.again()
    assert not again.same and again.results is None and desk.changes() == ["Dorp is not built here."]
    assert again.failed is not None and "no study area called Dorp" in str(again.failed)


def test_an_own_file_that_changed_is_named_and_what_it_changed(desk: Desk) -> None:
    desk.shops.write_text("0.1\n0.5\n0.2\n")
    assert desk.changes() == ["shops.csv has changed since."]
    assert desk.again().differences == (
        Difference("$.shops[1].eur", "changed", 0.2, 0.5),
        Difference("$.shops[2]", "added", None, {"eur": 0.2}),
        Difference("$.total", "changed", 0.9000000000000001, 2.4000000000000004),
    )


def test_an_own_file_that_is_gone_is_named(desk: Desk) -> None:
    desk.shops.unlink()
    again = desk.again()
    assert again.results is None and not again.same and desk.changes() == ["shops.csv is gone."]
    assert again.failed is not None and "shops.csv: the file does not exist" in str(again.failed)


def test_an_own_file_is_found_beside_the_decision_that_travelled(desk: Desk, tmp_path: Path) -> None:
    there = tmp_path / "elsewhere"
    there.mkdir()
    shutil.copy(desk.file, there)
    shutil.copy(desk.shops, there)
    desk.shops.write_text("9\n")  # what stands at the old place now is not what was used
    assert rerun(there / "d.json", desk.data, [ADD_UP]).same
    desk.shops.unlink()
    assert rerun(there / "d.json", desk.data, [ADD_UP]).same


def test_an_own_table_of_branches_counts_as_an_input(desk: Desk) -> None:
    (desk.data / "branches.csv").write_text("id\n")
    assert desk.changes() == ["branches.csv was not there then."] and desk.again().same


def test_another_version_of_the_program_is_named(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("location_model.rerun.app_version", lambda: "9.9.9")
    assert desk.changes() == [f"This is Kernwijzer 9.9.9; the decision file was written by {app_version()}."]
    assert desk.again().same


def test_a_command_that_is_not_known_here(desk: Desk) -> None:
    with pytest.raises(GeodataError, match=r"d\.json: .*cannot run the command add_up again"):
        rerun(desk.file, desk.data, [])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda text: text.replace("0.9000000000000001", "0.95"), "changed after it was written"),
        (lambda text: text.replace('"factor": 3', '"factor": 4'), "changed after it was written"),
        (lambda text: text.replace('"version": "aaaa"', '"version": "cccc"'), "changed after it was written"),
        (
            lambda text: text.replace('"kernwijzer_decision": 1', '"kernwijzer_decision": 2'),
            "format 2; .* reads format 1",
        ),
        (lambda text: text.replace('"command": "add_up"', '"command": 7'), "damaged"),
        (lambda text: text.replace('"arguments"', '"aguments"'), "damaged"),
        (lambda text: text.replace("0.9000000000000001", "NaN"), "damaged"),
        (lambda text: text[: len(text) // 2], "damaged"),
        (lambda text: text[:30] + "[" * 100_000, "damaged"),
        (lambda text: "[1, 2]", "no decision file"),
        (lambda text: "{}", "no decision file"),
        (lambda text: "", "empty"),
        (lambda text: "id;naam\n1;Café\n", "no decision file"),
    ],
)
def test_a_file_that_cannot_be_trusted_says_why(desk: Desk, change: Any, says: str) -> None:
    before = desk.file.read_text()
    assert change(before) != before
    desk.file.write_text(change(before), "latin-1")
    with pytest.raises(GeodataError, match=rf"d\.json: .*{says}"):
        desk.again()


def test_a_file_laid_out_otherwise_is_the_same_file(desk: Desk) -> None:
    document = json.loads(desk.file.read_text())
    desk.file.write_text(json.dumps(dict(sorted(document.items(), reverse=True))), "utf-8-sig")
    assert desk.again().same


def test_only_a_decision_file_is_written_over(desk: Desk) -> None:
    write_decision(desk.file, desk.written)
    with pytest.raises(GeodataError, match=r"shops\.csv: there is another file of this name"):
        write_decision(desk.shops, desk.written)
    assert desk.shops.read_text() == "0.1\n0.2\n"
    desk.file.write_text(desk.file.read_text()[:90])
    write_decision(desk.file, desk.written)  # a damaged one too
    with pytest.raises(GeodataError, match="cannot be written here"):
        write_decision(desk.folder / "nowhere" / "d.json", desk.written)
    assert {p.name for p in desk.folder.iterdir()} == {"data", "shops.csv", "d.json"}


def test_a_number_that_json_does_not_have_is_refused() -> None:
    with pytest.raises(GeodataError, match="cannot be written"):
        plain({"score": float("nan")})


# Differences and hashes say the same

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=6,
)


@given(values, values)
def test_documents_differ_somewhere_exactly_when_their_hashes_do(old: Any, new: Any) -> None:
    assert bool(list(differences(old, new))) == (sha256_of(old) != sha256_of(new))
    assert list(differences(old, json.loads(json.dumps(old)))) == []
    assert sorted(d.path for d in differences(old, new)) == sorted(d.path for d in differences(new, old))


def test_a_path_leads_to_the_value() -> None:
    old = {"sites": [{"score": 1}, {"score": 2}], "eur/m²": {"a b": 1.0}}
    new = {"sites": [{"score": 1}], "eur/m²": {"a b": 1}}
    assert list(differences(old, new)) == [
        Difference('$["eur/m\\u00b2"]["a b"]', "changed", 1.0, 1),
        Difference("$.sites[1]", "removed", {"score": 2}, None),
    ]


# On the command line


def test_suggest_is_run_again_in_another_language_to_the_same_results(small_town: Town, tmp_path: Path) -> None:
    shutil.copytree(small_town.data / "areas" / "town", tmp_path / "data" / "areas" / "town")
    file, data = tmp_path / "d.json", tmp_path / "data"
    words = ("suggest", "town", "--branch", "bakery", "--n", 3, "--within", "all", "--decision", file, "--data", data)
    first = command(*words, language="nl")
    assert first.code == 0 and str(file) in first.err
    kept = read_decision(file)
    assert kept.results_sha256 in first.err and kept.results["sites"]
    again = command("rerun", file, "--data", data, "--json", language="en")
    told = json.loads(again.out)
    assert again.code == 0 and told["same"] and told["results"] == kept.results
    assert told["results_sha256"] == told["rerun_sha256"] == kept.results_sha256
    assert "Dezelfde resultaten" in command("rerun", file, "--data", data, language="nl").err
    elsewhere = command("rerun", file, "--data", tmp_path, language="nl")
    assert elsewhere.code == 1 and "Town is hier niet opgebouwd." in elsewhere.err and "Traceback" not in elsewhere.err


def test_rerun_shows_what_differs(small_town: Town, tmp_path: Path) -> None:
    shutil.copytree(small_town.data / "areas" / "town", tmp_path / "data" / "areas" / "town")
    file, data = tmp_path / "d.json", tmp_path / "data"
    command("suggest", "town", "--branch", "bakery", "--within", "all", "--decision", file, "--data", data)
    kept = read_decision(file)
    kept.results["sites"][0]["score"] += 1
    write_decision(file, kept)  # as if another version had computed it
    answer = command("rerun", file, "--data", data)
    assert answer.code == 1 and "$.sites[0].score" in answer.out
    assert "one value differs" in answer.err and "No input changed" in answer.err
