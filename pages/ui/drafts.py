"""What an area is to be built from next: the files that were added or taken away, kept on disk until they are built.

uploads/<area>/<option>/<file>   files given in the app; another file of the same name gets a number
uploads/<area>/counts/tel-zelf.csv   the counts made by hand, as they were when they were last built in
uploads/<area>/request.json      the request as it is being prepared; gone once it was built
"""

import io
import json
import re
import shutil
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path, PurePosixPath, PureWindowsPath

from geodata.errors import GeodataError
from geodata.language import T
from geodata.request import SEVERAL, BuildRequest, dump, hash_file, load
from geodata.store import Area, Store
from geodata.study import area_id
from pages.ui.kinds import BY_OPTION, KINDS, SHAPES

BY_HAND = "tel-zelf.csv"
MOST_UNPACKED_BYTES = 2_000_000_000


def built(area: Area) -> BuildRequest:
    """The request a stored version was made from."""
    return load(area.manifest["request"], area.data_dir)


def prepared(data_dir: Path, area: str) -> BuildRequest | None:
    """The request that is being prepared for an area; None when there is none."""
    path = data_dir / "uploads" / area / "request.json"
    try:
        return load(path.read_text("utf-8"), data_dir) if path.exists() else None
    except (ValueError, TypeError):
        return None  # the files themselves are still there


def keep(data_dir: Path, request: BuildRequest) -> None:
    """Remember a request that is being prepared."""
    folder = data_dir / "uploads" / area_id(request.area)
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / "request.json.new"
    fresh.write_text(dump(request, data_dir), "utf-8")
    fresh.replace(folder / "request.json")


def forget(data_dir: Path, area: str) -> None:
    """Nothing is being prepared any more; uploaded files stay."""
    (data_dir / "uploads" / area / "request.json").unlink(missing_ok=True)


def add(request: BuildRequest, option: str, path: Path) -> BuildRequest:
    """The request with a file more; where an option takes one file, it takes the place of the one before."""
    if option in SEVERAL:
        present = getattr(request, option)
        return replace(request, **{option: (*(p for p in present if p != path), path)})
    return replace(request, **{option: path})


def remove(request: BuildRequest, option: str, path: Path) -> BuildRequest:
    """The request without a file; the file itself stays."""
    left = tuple(p for p in getattr(request, option) if p != path) if option in SEVERAL else None
    return replace(request, **{option: left})


def with_residents(request: BuildRequest, residents: int | None) -> BuildRequest:
    """The request with a number of residents, for who has no file with where they live."""
    return replace(request, residents=residents)


def _by_hand(area: Area) -> Path:
    return area.data_dir / "uploads" / area.id / "counts" / BY_HAND


def holds_by_hand(area: Area, raw: bytes) -> bool:
    """Whether an area was built with just these counts made by hand; with none: without any such file."""
    path = _by_hand(area)
    if path not in built(area).counts:
        return not raw
    return path.exists() and path.read_bytes() == raw and path not in changed(area)


def with_by_hand(area: Area, raw: bytes) -> BuildRequest:
    """What an area was built from, with the counts made by hand as they are now, or without where there are none.

    The file is written; what is being prepared for the area gets it too.
    """
    path = _by_hand(area)
    if raw:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.new")
        fresh.write_bytes(raw)
        fresh.replace(path)
    change = add if raw else remove
    preparing = prepared(area.data_dir, area.id)
    if preparing is not None:
        keep(area.data_dir, change(preparing, "counts", path))
    return change(built(area), "counts", path)


def regional(request: BuildRequest, area: str) -> BuildRequest:
    """A request for another area of the same region: the map, timetables and borders, without the area's own lists."""
    shared = {kind.option: getattr(request, kind.option) for kind in KINDS if kind.regional}
    return BuildRequest(area, sample=request.sample, **shared)


def differences(before: BuildRequest, after: BuildRequest) -> tuple[list[tuple[str, Path]], list[tuple[str, Path]]]:
    """The files (option, path) that are new in `after`, and those that are gone."""
    old, new = list(before.files()), list(after.files())
    return [f for f in new if f not in old], [f for f in old if f not in new]


def gone(area: Area) -> list[Path]:
    """Files an area was built from that are no longer there."""
    return [path for _option, path in built(area).files() if not path.exists()]


def changed(area: Area) -> list[Path]:
    """Files that are no longer as they were when the area was built from them, by their hash in the manifest.

    A file that the manifest has no hash of is taken to be as it was.
    """
    known: dict[str, set[str]] = {}
    for given in area.manifest["sources"]:
        for name, digest in zip(given["files"], given.get("sha256", ()), strict=False):
            known.setdefault(name, set()).add(digest)
    there = (path for _option, path in built(area).files() if path.exists() and path.name in known)
    return [path for path in there if _hash(path) not in known[path.name]]


def _hash(path: Path) -> str:
    try:
        return hash_file(path)
    except GeodataError:
        return ""  # empty by now, or something else than it was


def store_upload(data_dir: Path, area: str, option: str, name: str, raw: bytes) -> Path:
    """Keep an uploaded file and say where. The same content is kept once; nothing is overwritten.

    A zip with a shapefile or another map of polygons is unpacked. Raises GeodataError when it holds none.
    """
    folder = data_dir / "uploads" / area / option
    folder.mkdir(parents=True, exist_ok=True)
    name = _safe(name)
    if not raw:
        raise GeodataError(T("the file is empty."), where=name, remedy=T("Choose another file."))
    unpack = name.lower().endswith(".zip") and set(BY_OPTION[option].endings) >= set(SHAPES)
    if unpack:
        return _unpacked(raw, folder, name)
    path = _free(folder, name, raw)
    if not path.exists():
        fresh = path.with_name(f".{path.name}.new")
        fresh.write_bytes(raw)
        fresh.replace(path)
    return path


def _safe(name: str) -> str:
    """The last part of a name from another machine, without characters that file systems dislike."""
    last = PureWindowsPath(PurePosixPath(name).name).name
    return re.sub(r"[^\w .()+-]+", "_", last).strip(" .") or "file"


def _free(folder: Path, name: str, raw: bytes) -> Path:
    """A name that is free, or that of the same content."""
    path, n = folder / name, 2
    while path.exists() and path.read_bytes() != raw:
        path, n = folder / f"{Path(name).stem} ({n}){Path(name).suffix}", n + 1
    return path


def _unpacked(raw: bytes, folder: Path, name: str) -> Path:
    """Unpack a zip of polygons into a folder of its own, without the folders in it."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            members = [m for m in archive.infolist() if not m.is_dir() and "__MACOSX" not in m.filename]
            maps = [m for m in members if Path(m.filename).suffix.lower() in (".shp", ".gpkg", ".geojson")]
            if not maps or sum(m.file_size for m in members) > MOST_UNPACKED_BYTES:
                raise GeodataError(
                    T("there is no map of polygons in this zip."),
                    where=name,
                    remedy=T("Zip the .shp, .shx, .dbf and .prj together, or give a GeoPackage."),
                )
            target, n = folder / Path(name).stem, 2
            while target.exists() and not _same(target, members):
                target, n = folder / f"{Path(name).stem} ({n})", n + 1
            if not target.exists():
                fresh = target.with_name(f".{target.name}.new")
                shutil.rmtree(fresh, ignore_errors=True)
                fresh.mkdir()
                for member in members:
                    (fresh / _safe(member.filename)).write_bytes(archive.read(member))
                fresh.rename(target)
    except (zipfile.BadZipFile, RuntimeError, OSError) as error:
        raise GeodataError(
            T("the zip cannot be opened."), where=name, remedy=T("Copy it again; the copy may have been cut off.")
        ) from error
    return target / _safe(maps[0].filename)


def _same(folder: Path, members: list[zipfile.ZipInfo]) -> bool:
    """Whether a folder holds what a zip holds, by name and checksum."""
    return all(
        (path := folder / _safe(m.filename)).exists() and zlib.crc32(path.read_bytes()) == m.CRC for m in members
    )


def versions(store: Store, area: str) -> list[Area]:
    """The stored versions of an area, the current one first."""
    current = store.open(area)
    others = []
    for manifest in (store.root / area).glob("[!.]*/manifest.json"):
        if manifest.parent.name != current.version:
            try:
                others.append(Area(manifest.parent, json.loads(manifest.read_text("utf-8"))))
            except (OSError, ValueError):
                continue  # a version that cannot be read is none to go back to
    return [current, *sorted(others, key=lambda a: str(a.manifest["built_at"]), reverse=True)]


def go_back(store: Store, version: Area) -> None:
    """Make an earlier version the current one; the one that was current is kept, so that one can return."""
    with store.lock(version.id):
        store.point_to(version.id, version.version, str(version.manifest["fingerprint"]))
