"""The decision file: what was asked, of which inputs, and what came out; whoever has it can ask the same again.

The results carry the sha256 of their canonical JSON, so that "the same result" is one comparison. The inputs carry
theirs, so that a difference has a cause: an area built again, a file of the user's own that changed, another version.
"""

import hashlib
import json
import os
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any, Generic, Literal, NoReturn, TypeVar

from pydantic import TypeAdapter, ValidationError

from geodata.errors import GeodataError
from geodata.files import require_file
from geodata.language import T
from geodata.sources.spreadsheet import Upload
from geodata.store import Store
from location_model.own_counts import file_of

FORMAT = 1
MARK = "kernwijzer_decision"
KEPT_TABLES = ("branches.csv", "chains.csv", "spending.csv", "retention.csv")
"""Tables of the user's own in the data directory that change what any command answers."""

Arguments = Mapping[str, Any]
Results = dict[str, Any]
R = TypeVar("R")


@dataclass(frozen=True)
class Command(Generic[R]):
    """A command that can be run again: the same arguments on the same inputs give the same results, in any language.

    work: arguments (in the types of JSON, a file given in the app as an `Upload`) and data directory → answer. results:
    what of the answer is kept. areas: ids or names of all built areas it reads. files: the arguments that name files of
    the user's own. counted: whether counts made by hand in these areas matter.
    """

    name: str
    work: Callable[[Arguments, Path], R]
    results: Callable[[R], Results]
    areas: Callable[[Arguments, Path], Sequence[str]]
    files: tuple[str, ...] = ()
    counted: bool = False

    def run(self, arguments: Arguments, data_dir: Path) -> Results:
        """The results alone."""
        return self.results(self.work(arguments, data_dir))


@dataclass(frozen=True)
class Input:
    """Something results depend on. id: of an area; the argument that names a file; a table's name.

    fingerprint: sha256 of a file or table, or of what an area was built from.
    """

    kind: Literal["area", "file", "table"]
    id: str
    name: str
    fingerprint: str
    version: str | None = None


@dataclass(frozen=True)
class Decision:
    """What a decision file holds. Arguments and results in the types of JSON; written_at in UTC."""

    command: str
    arguments: dict[str, Any]
    inputs: tuple[Input, ...]
    app_version: str
    written_at: str
    results: Results

    @property
    def results_sha256(self) -> str:
        return sha256_of(self.results)


_DECISION = TypeAdapter(Decision)


def decide(command: Command[R], arguments: Arguments, data_dir: Path) -> tuple[Decision, R]:
    """Run a command once: what it was asked, of which inputs, beside what it answered; and the answer itself.

    Of a file given in the app the name and the hash are kept.
    """
    asked = plain(arguments)
    uploads = {name: arguments[name] for name in command.files if isinstance(arguments.get(name), Upload)}
    given = asked | uploads
    inputs = inputs_of(command, given, data_dir)
    written_at = datetime.now(UTC).isoformat(timespec="seconds")
    found = command.work(given, data_dir)
    return Decision(command.name, asked, inputs, app_version(), written_at, plain(command.results(found))), found


def as_text(decision: Decision) -> str:
    """What stands in a decision file."""
    document = {MARK: FORMAT, **_DECISION.dump_python(decision, mode="json")}
    document["results_sha256"] = decision.results_sha256
    document["sha256"] = sha256_of(document)
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def write_decision(path: Path, decision: Decision) -> None:
    """Write the file whole. GeodataError where it cannot be written, or would replace a file of another kind."""
    if path.exists() and not _marked(path):
        raise GeodataError(
            T("there is another file of this name, which is no decision file; it is left as it is."),
            where=str(path),
            remedy=T("Give the decision file another name."),
        )
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        fresh.write_text(as_text(decision), "utf-8")
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise GeodataError(
            T("the decision file cannot be written here ({reason}).", reason=error.strerror or type(error).__name__),
            where=str(path),
            remedy=T("Check the folder, its permissions and the room on the disk."),
        ) from error


def read_decision(path: Path) -> Decision:
    """The decision in a file. GeodataError when it is none, is damaged, of another format, or was changed by hand."""
    require_file(path)
    document = _parsed(path)
    if not _marked(path):
        raise GeodataError(
            T("this is no decision file."), where=str(path), remedy=T("Give a file that `--decision` wrote.")
        )
    if document is None or MARK not in document:
        raise _unusable(path)
    if document[MARK] != FORMAT:
        raise GeodataError(
            T("this decision file is of format {format}; this version of Kernwijzer reads format {ours}.",
              format=str(document[MARK]), ours=FORMAT),
            where=str(path),
            remedy=T("Use the version of Kernwijzer that wrote it."),
        )  # fmt: skip
    sealed = {key: value for key, value in document.items() if key != "sha256"}
    try:
        decision = _DECISION.validate_python(document)
    except ValidationError as error:
        raise _unusable(path) from error
    if decision.results_sha256 != document.get("results_sha256") or sha256_of(sealed) != document.get("sha256"):
        raise GeodataError(
            T("this decision file was changed after it was written: its content does not fit its hash."),
            where=str(path),
            remedy=T("Use the file as it was written, or run the command again with `--decision`."),
        )
    return decision


def inputs_of(command: Command[Any], arguments: Arguments, data_dir: Path) -> tuple[Input, ...]:
    """What the results will depend on, as it is now. What is not there is left out: the command itself will say so."""
    found: list[Input] = []
    store = Store(data_dir)
    for name in command.areas(arguments, data_dir):
        try:
            area = store.open(name)
        except GeodataError:
            continue
        found.append(
            Input("area", area.id, area.name, str(area.manifest.get("fingerprint", area.version)), area.version)
        )
    tables = [data_dir / name for name in KEPT_TABLES]
    if command.counted:
        tables += [file_of(data_dir, area.id) for area in found]
    for argument in command.files:
        given = arguments.get(argument)
        if isinstance(given, Upload):
            found.append(Input("file", argument, Path(given.name).name, hashlib.sha256(given.body).hexdigest()))
        elif given and (path := Path(given)).is_file():
            found.append(Input("file", argument, path.name, sha256_of_file(path)))
    names = {table: table.relative_to(data_dir).as_posix() for table in tables if table.is_file()}
    return (*found, *(Input("table", name, name, sha256_of_file(table)) for table, name in names.items()))


def app_version() -> str:
    """The version of Kernwijzer that runs, from its source tree, else as it was installed; "" when neither says."""
    try:
        project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))["project"]
        return str(project["version"]) if project["name"] == "kernwijzer" else metadata.version("kernwijzer")
    except (OSError, KeyError, ValueError, metadata.PackageNotFoundError):
        return ""


def plain(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document in the types of JSON, as it would be read back, files by their path or, given in the app, name.

    GeodataError for a number JSON does not have.
    """
    try:
        read: dict[str, Any] = json.loads(json.dumps(document, default=_path, allow_nan=False))
    except ValueError as error:
        raise GeodataError(
            T("there is a number in the results that cannot be written ({reason}).", reason=str(error)),
            remedy=T("Tell whoever maintains Kernwijzer."),
        ) from error
    return read


def _path(file: Path | Upload) -> str:
    return Path(file.name).name if isinstance(file, Upload) else os.fspath(file)


def sha256_of(document: object) -> str:
    """The hash of the canonical JSON: keys sorted, no spaces, ASCII, numbers as Python writes them."""
    return hashlib.sha256(canonical(document).encode("ascii")).hexdigest()


def sha256_of_file(path: Path) -> str:
    """The hash of a file, byte by byte."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def canonical(document: object) -> str:
    """The one way to write a document in the types of JSON."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _parsed(path: Path) -> dict[str, Any] | None:
    """The JSON object in a file; None when there is none."""

    def refuse(number: str) -> NoReturn:
        raise ValueError(number)

    try:
        document = json.loads(path.read_text("utf-8-sig"), parse_constant=refuse)
    except (OSError, ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _marked(path: Path) -> bool:
    """Whether it was once a decision file, damaged or not."""
    return path.is_file() and MARK.encode() in path.read_bytes()


def _unusable(path: Path) -> GeodataError:
    return GeodataError(
        T("this decision file is damaged: it cannot be read whole."),
        where=str(path),
        remedy=T("Copy it again from where it came, or run the command again with `--decision`."),
    )
