"""The store: every build of an area is a version written whole; `current.json` says which one is read.

    areas/<id>/current.json            {"version": …, "fingerprint": …}
    areas/<id>/<version>/manifest.json study, sources, notes, timings
    areas/<id>/<version>/*.parquet     grid, reached, core and retail areas, names of cells, homes and outlets around
    areas/<id>/<version>/tables/*.parquet, network.npz

A build writes beside the live version and swaps one small file at the end, so a killed build leaves what was there.
"""

import json
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import shapely.geometry
from filelock import FileLock, Timeout
from rapidfuzz import process
from shapely.geometry.base import BaseGeometry

from geodata.branches import normalise
from geodata.errors import GeodataError
from geodata.language import T, Text
from geodata.network.graph import Network
from geodata.network.walks import Walks
from geodata.region import Region, from_store
from geodata.study import StudyArea, area_id
from geodata.tables import Tables, validate, with_later_columns

KEPT_VERSIONS = 2
TOWNS = "towns.parquet"
"""Kept where a file of municipalities was given."""
Part = TypeVar("Part")
_STUDY_TEXT = ("id", "name", "nis", "core_basis", "crs", "resolution", "sample")


@dataclass(frozen=True, eq=False)
class Area:
    """One stored version of a study area. Known by (id, version); parts are read when first used.

    grid: layers by cell. reached: opportunity sums by cell, a column a need that branch layers use.
    manifest: sources with vintage and licence, notes, timings.
    """

    folder: Path
    manifest: Mapping[str, Any]
    _held: dict[str, gpd.GeoDataFrame] = field(default_factory=dict, init=False, repr=False)

    @property
    def id(self) -> str:
        return str(self.manifest["study"]["id"])

    @property
    def name(self) -> str:
        return str(self.manifest["study"]["name"])

    @property
    def version(self) -> str:
        return self.folder.name

    @property
    def data_dir(self) -> Path:
        """The data directory it is stored in."""
        return self.folder.parents[2]

    @property
    def sample(self) -> bool:
        return bool(self.manifest["study"]["sample"])

    @cached_property
    def boundary(self) -> BaseGeometry:
        """The outline of the study area (WGS84), from the manifest alone."""
        return shapely.geometry.shape(self.manifest["study"]["boundary"])

    @cached_property
    def grid(self) -> pd.DataFrame:
        return self._read(pd.read_parquet, "grid.parquet")

    @cached_property
    def reached(self) -> pd.DataFrame:
        return self._read(pd.read_parquet, "reached.parquet")

    @cached_property
    def cell_names(self) -> pd.Series:
        """Street and number by cell; missing where no named street is near."""
        return self._read(pd.read_parquet, "cell_names.parquet")["address"]

    @cached_property
    def study(self) -> StudyArea:
        given = self.manifest["study"]
        return StudyArea(
            **{key: given[key] for key in _STUDY_TEXT},
            boundary=self.boundary,
            data_extent=shapely.geometry.shape(given["data_extent"]),
            core_areas=self._read(gpd.read_parquet, "core_areas.parquet"),
            retail_areas=self._read(gpd.read_parquet, "retail_areas.parquet"),
            cells=tuple(self.grid.index),
        )

    @cached_property
    def tables(self) -> Tables:
        return Tables(**{f.name: self.table(f.name) for f in fields(Tables)})

    def table(self, name: str) -> gpd.GeoDataFrame:
        """One of the tables, by its name in `Tables`: the others are not read for it."""
        if "tables" in self.__dict__:  # all are read already
            return dict(self.tables.items())[name]
        if name not in self._held:
            read = self._read(lambda path: with_later_columns(name, gpd.read_parquet(path)), f"tables/{name}.parquet")
            self._held[name] = read
        return self._held[name]

    @cached_property
    def network(self) -> Network:
        return Network(**{f.name: self._arrays[f.name] for f in fields(Network)})

    @cached_property
    def region(self) -> Region:
        """Homes, outlets and roads within 15 km. GeodataError for an area built before regions were kept."""
        homes, outlets = (self._read(pd.read_parquet, f"{part}.parquet") for part in ("homes", "outlets"))
        towns = self._read(gpd.read_parquet, TOWNS) if (self.folder / TOWNS).exists() else None
        return self._read(lambda path: from_store(homes, outlets, _load_arrays(path), towns), "network.npz")

    @cached_property
    def walks(self) -> Walks:
        return Walks(**{f.name: self._arrays[f"walks_{f.name}"] for f in fields(Walks)})

    @cached_property
    def _arrays(self) -> dict[str, np.ndarray[Any, Any]]:
        return self._read(_load_arrays, "network.npz")

    def _read(self, reader: Callable[[Path], Part], part: str) -> Part:
        """A part of the stored version. GeodataError, naming the file, when it is gone or damaged."""
        try:
            return reader(self.folder / part)
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            raise GeodataError(
                T("the stored file {part} is gone or damaged.", part=part),
                where=str(self.folder),
                remedy=T("Build the area again: {areas}.", areas=self.id),
            ) from error


def _load_arrays(path: Path) -> dict[str, np.ndarray[Any, Any]]:
    with np.load(path) as arrays:
        return {name: arrays[name] for name in arrays.files}


class Store:
    """All study areas in one data directory."""

    def __init__(self, data_dir: Path) -> None:
        self.root = data_dir / "areas"

    def ids(self) -> list[str]:
        """Ids of the areas that can be opened, sorted."""
        return sorted(p.parent.name for p in self.root.glob("*/current.json"))

    def open(self, name: str) -> Area:
        """An area by id or name, whatever the case and accents. GeodataError with near names when there is none."""
        found = self.find(name)
        if found is None:
            near = [m[0] for m in process.extract(area_id(name), self.ids(), limit=3, score_cutoff=50)]
            raise GeodataError(
                T("no study area called {name} has been built.", name=name),
                where=str(self.root.parent),
                remedy=T("Nearest: {near}.", near=", ".join(near)) if near else T("Build it first with `build`."),
            )
        folder = self.root / found
        version = self._current(found)["version"]
        try:
            manifest = json.loads((folder / version / "manifest.json").read_text("utf-8"))
            if not {"study", "sources", "notes"} <= set(manifest):
                raise ValueError("manifest.json")
        except (OSError, ValueError, TypeError) as error:
            raise GeodataError(
                T("the stored version is damaged."), where=str(folder / version), remedy=T("Build the area again.")
            ) from error
        return Area(folder / version, manifest)

    def find(self, name: str) -> str | None:
        """The id of an area given by id or name; None when it is not built."""
        wanted = {area_id(name), area_id(name).replace("_", "-"), area_id(name).replace("-", "_")}
        return next((i for i in self.ids() if i in wanted), None)

    def names(self) -> dict[str, str]:
        """Area ids with their names, by name."""
        names = {}
        for area in self.ids():
            try:
                names[area] = self.open(area).name
            except GeodataError:
                names[area] = area  # a damaged area says so when it is opened, and does not hide the others
        return dict(sorted(names.items(), key=lambda item: normalise(item[1])))

    def fingerprint(self, area: str) -> str | None:
        """What the current version was made from; None when there is none, or nothing says which it is."""
        try:
            return self._current(area).get("fingerprint")
        except GeodataError:
            return None

    def verify(self, area: str) -> Text | None:
        """What is wrong with the current version of an area; None when every part of it can be read."""
        try:
            stored = self.open(area)
            cells = len(stored.study.cells)
            if not (len(stored.reached) == len(stored.cell_names) == cells):
                return T("the parts of the grid do not belong together.")
            for name, table in stored.tables.items():
                validate(name, table, where=name)
            if len(stored.walks.index) != len(stored.network.edge_u):
                return T("the footfall does not belong to the streets.")
        except GeodataError as error:
            return error.what
        return None

    def _current(self, area: str) -> dict[str, str]:
        path = self.root / area / "current.json"
        try:
            current: dict[str, str] = json.loads(path.read_text("utf-8"))
            return {"version": current["version"], **current}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise GeodataError(
                T("the file that names the current version is damaged."),
                where=str(path),
                remedy=T("Build the area again."),
            ) from error

    @contextmanager
    def lock(self, area: str) -> Iterator[None]:
        """Only one build of an area at a time; a second one is told so instead of waiting."""
        folder = self.root / area
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / ".lock", timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise GeodataError(
                T("another build of this area is running."), where=area, remedy=T("Wait until it has ended.")
            ) from error
        try:
            yield
        finally:
            lock.release()

    def write(
        self,
        study: StudyArea,
        *,
        fingerprint: str,
        tables: Tables,
        frames: Mapping[str, pd.DataFrame],
        arrays: Mapping[str, Any],
        manifest: Mapping[str, Any],
    ) -> Area:
        """Store a version and make it the current one. The caller holds the area's lock."""
        folder = self.root / study.id
        for left_over in folder.glob(".building-*"):
            shutil.rmtree(left_over)
        version = fingerprint[:12]
        building = folder / f".building-{version}"
        (building / "tables").mkdir(parents=True)
        for name, table in tables.items():
            table.to_parquet(building / "tables" / f"{name}.parquet")
        for name, frame in frames.items():
            frame.to_parquet(building / f"{name}.parquet")
        study.core_areas.to_parquet(building / "core_areas.parquet")
        study.retail_areas.to_parquet(building / "retail_areas.parquet")
        np.savez(building / "network.npz", **arrays)
        given = {key: getattr(study, key) for key in _STUDY_TEXT}
        given |= {key: shapely.geometry.mapping(getattr(study, key)) for key in ("boundary", "data_extent")}
        whole = {**manifest, "study": given, "fingerprint": fingerprint}
        (building / "manifest.json").write_text(json.dumps(whole, ensure_ascii=False), "utf-8")
        if (folder / version).exists():
            shutil.rmtree(folder / version)
        building.rename(folder / version)
        self.point_to(study.id, version, fingerprint)
        return self.open(study.id)

    def point_to(self, area: str, version: str, fingerprint: str) -> None:
        """Make a stored version the current one, and drop versions older than the one before it."""
        folder = self.root / area
        swap = folder / ".current.json"
        swap.write_text(json.dumps({"version": version, "fingerprint": fingerprint}), "utf-8")
        swap.replace(folder / "current.json")
        versions = [p for p in folder.iterdir() if p.is_dir() and not p.name.startswith(".") and p.name != version]
        for old in sorted(versions, key=lambda p: p.stat().st_mtime, reverse=True)[KEPT_VERSIONS - 1 :]:
            shutil.rmtree(old)
