"""What a build is asked to do: the area and the files it is made from."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from geodata.branches import HERE
from geodata.files import require_file

BUILD_FORMAT = 8
"""Raised when the same files would give other tables, another grid or manifest: stored areas are then built again."""

SEVERAL = ("osm", "gtfs", "counts")
"""Options that take more than one file."""


@dataclass(frozen=True)
class BuildRequest:
    """An area by name and the user's files; what is not given is left out or falls back, and the area says so."""

    area: str
    osm: tuple[Path, ...] = ()
    gtfs: tuple[Path, ...] = ()
    population: Path | None = None
    residents: int | None = None
    municipalities: Path | None = None
    core_areas: Path | None = None
    retail_areas: Path | None = None
    premises: Path | None = None
    vacancies: Path | None = None
    addresses: Path | None = None
    counts: tuple[Path, ...] = ()
    markets: Path | None = None
    boundary: Path | None = None
    sample: bool = False

    def files(self) -> Iterator[tuple[str, Path]]:
        """Every file of the request, with the name of its option."""
        for f in fields(self):
            value = getattr(self, f.name)
            for path in value if isinstance(value, tuple) else (value,):
                if isinstance(path, Path):
                    yield f.name, path

    def fingerprint(self, data_dir: Path, layers: Iterable[str] = ()) -> str:
        """A hash of everything that decides the result: options, contents of files, branch table, layers, format."""
        digest = hashlib.sha256(f"{BUILD_FORMAT}|{self.area}|{self.residents}|{self.sample}".encode())
        for option, path in self.files():
            digest.update(f"|{option}:{path.name}:{hash_file(path)}".encode())
        digest.update("|".join(layers).encode())
        for name in ("branches.csv", "chains.csv"):
            own = data_dir / name
            digest.update((own if own.exists() else HERE / name).read_bytes())
        return digest.hexdigest()


def hash_file(path: Path) -> str:
    """SHA-256 of a file; of a shapefile, its parts together. Raises GeodataError as `require_file` does."""
    require_file(path)
    parts = sorted(path.parent.glob(f"{path.stem}.*")) if path.suffix.lower() == ".shp" else [path]
    stamps = ((s.st_mtime_ns, s.st_ctime_ns, s.st_size) for s in (part.stat() for part in parts))
    return _hash(tuple(parts), tuple(stamps))


@lru_cache(maxsize=512)
def _hash(parts: tuple[Path, ...], stamps: tuple[tuple[int, int, int], ...]) -> str:
    """The hash of files of these times and sizes: a file that is as it was is not read again."""
    digest = hashlib.sha256()
    for part in parts:
        with part.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def dump(request: BuildRequest, data_dir: Path) -> str:
    """The request as JSON, to tell which files an area was made from: those in the data directory from there on."""
    home = data_dir.absolute()

    def place(path: object) -> str:
        if not isinstance(path, Path):
            return str(path)
        here = path.absolute()
        return here.relative_to(home).as_posix() if here.is_relative_to(home) else str(here)

    return json.dumps({f.name: getattr(request, f.name) for f in fields(request)}, default=place)


def load(text: str, data_dir: Path) -> BuildRequest:
    """The request that `dump` wrote, with the files of this data directory, wherever it was copied to.

    Options it does not know are left out; an option of several files may hold one, as it did before. A relative path
    that an earlier version wrote counts from the working directory, as it did.
    """
    given = json.loads(text)

    def path(place: str) -> Path:
        inside = data_dir / place
        return inside if inside.exists() or not Path(place).exists() else Path(place)

    values: dict[str, Any] = {}
    for f in fields(BuildRequest):
        value = given.get(f.name, f.default)
        if f.name in SEVERAL:
            files = [value] if isinstance(value, str) else value or ()
            values[f.name] = tuple(path(p) for p in files)
        else:
            values[f.name] = path(value) if isinstance(value, str) and f.name != "area" else value
    return BuildRequest(**values)
