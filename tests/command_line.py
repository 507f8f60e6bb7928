"""The command line as a user meets it: what it says in either language, its exit code, and what stays stored."""

import contextlib
import io
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest import mock

import location_model.cli as cli
from geodata.settings import Settings
from geodata.store import Store
from location_model.__main__ import main


def write(path: Path, content: bytes | str) -> Path:
    """A file with just this in it."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@dataclass(frozen=True)
class Answer:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str


def command(*words: object, language: str = "en", **settings: Any) -> Answer:
    """Run a command in this process. A traceback makes the test fail, for only SystemExit is caught."""
    environment = {"KERNWIJZER_LANGUAGE": language}
    spoken = replace(Settings(), language=language, **settings)
    out, err, code = io.StringIO(), io.StringIO(), 0
    with (
        mock.patch.dict("os.environ", environment),
        mock.patch.object(cli, "SETTINGS", spoken),
        mock.patch.object(sys, "argv", ["location_model", *map(str, words)]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
    return Answer(code, out.getvalue(), err.getvalue())


@dataclass(frozen=True)
class Town:
    """A small town, built; files of every kind are tried on it."""

    data: Path
    osm: Path

    def build(self, *options: object, name: str = "Town", osm: Path | None = None, language: str = "en") -> Answer:
        """`build NAME --osm FILE OPTIONS`."""
        words = ("build", name, "--osm", osm or self.osm, *options, "--data", self.data)
        return command(*words, language=language)

    def refuses(self, *options: object, says: str, zegt: str, names: str, **given: Any) -> None:
        """The build ends with code 1 and a message in both languages that names the file; the stored town stays."""
        before = self._stored()
        for language, words in (("en", says), ("nl", zegt)):
            answer = self.build(*options, language=language, **given)
            assert answer.code == 1, answer
            assert "Traceback" not in answer.err and "Warning" not in answer.err
            for word in (names, *words.split(" … ")):
                assert word in answer.err, f"{word!r} is not in {answer.err!r}"
        assert self._stored() == before

    def _stored(self) -> dict[str, int]:
        """Every file of the town as built, and when it was last written."""
        files = [path for path in (self.data / "areas" / "town").rglob("*") if path.is_file() and path.name != ".lock"]
        return {str(path): path.stat().st_mtime_ns for path in files}

    def takes(self, *options: object, name: str = "Tried") -> dict[str, Any]:
        """The build succeeds; its record of the one file given."""
        answer = self.build(*options, name=name)
        assert answer.code == 0, answer
        records = Store(self.data).open(name).manifest["sources"]
        given = {Path(str(option)).name for option in options}
        return next(record for record in records if given & set(record["files"]))
