"""What a build is asked to do: the area and the files it is made from."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from geodata.branches import HERE
from geodata.files import require_file

BUILD_FORMAT = 4
SEVERAL = ("osm", "gtfs")
"""Options that take more than one file."""

"""Raised when the same files would give another grid: stored areas are then built again."""


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
    counts: Path | None = None
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
    digest = hashlib.sha256()
    for part in parts:
        with part.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def dump(request: BuildRequest) -> str:
    """The request as JSON, to show in the manifest which files an area was made from."""
    return json.dumps({f.name: getattr(request, f.name) for f in fields(request)}, default=str)


def load(text: str) -> BuildRequest:
    """The request that `dump` wrote; options it does not know are left out."""
    given = json.loads(text)
    values: dict[str, Any] = {}
    for f in fields(BuildRequest):
        value = given.get(f.name, f.default)
        if f.name in SEVERAL:
            values[f.name] = tuple(Path(p) for p in value)
        else:
            values[f.name] = Path(value) if isinstance(value, str) and f.name != "area" else value
    return BuildRequest(**values)
