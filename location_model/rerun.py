"""A decision file run again: the same results or not, which inputs changed meanwhile, and what differs where."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geodata.errors import GeodataError
from geodata.language import T, Text
from location_model.decision import (
    Command,
    Decision,
    Results,
    app_version,
    canonical,
    inputs_of,
    plain,
    read_decision,
    sha256_of,
    sha256_of_file,
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """An input that is not what it was. old, new: a version, or the sha256 of a file; None = not there."""

    kind: str
    name: str
    old: str | None
    new: str | None

    @property
    def text(self) -> Text:
        """What changed, in a sentence."""
        versions = {"old": self.old or "?", "new": self.new or "?"}
        if self.kind == "app":
            return T("This is Kernwijzer {new}; the decision file was written by {old}.", **versions)
        if self.kind == "area" and self.old and self.new:
            return T("{name} was built again: version {old} then, {new} now.", name=self.name, **versions)
        if self.kind == "area":
            return (
                T("{name} is not built here.", name=self.name)
                if self.old
                else T("{name} was not built then.", name=self.name)
            )
        if self.old and self.new:
            return T("{name} has changed since.", name=self.name)
        return T("{name} is gone.", name=self.name) if self.old else T("{name} was not there then.", name=self.name)


@dataclass(frozen=True)
class Difference:
    """A value that is not what it was, by JSON path; change: "changed", "added" (old None) or "removed" (new None)."""

    path: str
    change: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Rerun:
    """A decision and what the same command answers now; failed: why it answers nothing any more."""

    decision: Decision
    changes: tuple[Change, ...]
    results: Results | None
    differences: tuple[Difference, ...] = ()
    failed: GeodataError | None = None

    @property
    def results_sha256(self) -> str | None:
        return None if self.results is None else sha256_of(self.results)

    @property
    def same(self) -> bool:
        """Whether the results are the same, to the last digit."""
        return self.results_sha256 == self.decision.results_sha256


def rerun(path: Path, data_dir: Path, commands: Iterable[Command[Any]]) -> Rerun:
    """Run the command of a decision file again, with its own arguments.

    A file of the user's own is looked for where it was, and beside the decision file. GeodataError as `read_decision`
    raises, and for a command that is not among those given.
    """
    decision = read_decision(path)
    command = next((c for c in commands if c.name == decision.command), None)
    if command is None:
        raise GeodataError(
            T("this version of Kernwijzer cannot run the command {command} again.", command=decision.command),
            where=str(path),
            remedy=T("Use the version of Kernwijzer that wrote it."),
        )
    arguments = _with_files_found(decision, command, path.parent)
    changes = tuple(_changes(decision, command, arguments, data_dir))
    try:
        results = plain(command.run(arguments, data_dir))
    except GeodataError as error:
        return Rerun(decision, changes, None, failed=error)
    return Rerun(decision, changes, results, tuple(differences(decision.results, results)))


def differences(old: Any, new: Any, path: str = "$") -> Iterator[Difference]:
    """Where two documents in the types of JSON differ; none exactly when their canonical JSON is the same."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            yield from _inside(old, new, key, f"{path}.{key}" if key.isidentifier() else f"{path}[{canonical(key)}]")
    elif isinstance(old, list) and isinstance(new, list):
        for i in range(max(len(old), len(new))):
            yield from _inside(dict(enumerate(old)), dict(enumerate(new)), i, f"{path}[{i}]")
    elif canonical(old) != canonical(new):  # 1 and 1.0 are equal, but not written the same
        yield Difference(path, "changed", old, new)


def _inside(old: dict[Any, Any], new: dict[Any, Any], key: Any, path: str) -> Iterator[Difference]:
    if key in old and key in new:
        yield from differences(old[key], new[key], path)
    else:
        yield Difference(path, "removed" if key in old else "added", old.get(key), new.get(key))


def _with_files_found(decision: Decision, command: Command[Any], folder: Path) -> dict[str, Any]:
    """The arguments, with each own file where it is now; the one that did not change, where there are two."""
    arguments = dict(decision.arguments)
    then = {i.id: i.fingerprint for i in decision.inputs if i.kind == "file"}
    for argument in command.files:
        if given := arguments.get(argument):
            places = [place for place in (Path(given), folder / Path(given).name) if place.is_file()]
            same = [place for place in places if sha256_of_file(place) == then.get(argument)]
            arguments[argument] = str(next(iter([*same, *places]), given))
    return arguments


def _changes(decision: Decision, command: Command[Any], arguments: dict[str, Any], data_dir: Path) -> Iterator[Change]:
    if decision.app_version != (now := app_version()):
        yield Change("app", "Kernwijzer", decision.app_version, now)
    before = {(i.kind, i.id): i for i in decision.inputs}
    after = {(i.kind, i.id): i for i in inputs_of(command, arguments, data_dir)}
    for key in {**before, **after}:
        old, new = before.get(key), after.get(key)
        if old and new and old.fingerprint == new.fingerprint:
            continue
        shown = [None if i is None else i.version or i.fingerprint for i in (old, new)]
        some = old or new
        yield Change(key[0], some.name if some else key[1], *shown)
