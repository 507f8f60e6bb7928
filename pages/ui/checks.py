"""What a file of the user holds, read by the readers of the build before anything is built with it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import osmium
import pandas as pd
import streamlit as st

from geodata.branches import BranchTable
from geodata.errors import GeodataError
from geodata.gather import MARGIN_M
from geodata.language import T, Text, TN
from geodata.request import BuildRequest
from geodata.sources import population
from geodata.sources.address_list import LARGE_BYTES, read_addresses
from geodata.sources.columns import MEMORY, map_columns
from geodata.sources.counts import read_counts
from geodata.sources.gtfs_feed import open_feed
from geodata.sources.markets import read_markets
from geodata.sources.municipalities import find, read_municipalities
from geodata.sources.premises_list import read_premises
from geodata.sources.retail_areas import read_core_areas, read_retail_areas
from geodata.sources.rows import all_left_out
from geodata.sources.spreadsheet import read_spreadsheet
from geodata.sources.vacancy_list import read_vacancies
from geodata.sources.vector import read_polygons
from geodata.store import Area
from geodata.tables import Reading
from pages.ui import cache
from pages.ui.cache import AreaKey
from pages.ui.kinds import LAYOUTS
from pages.ui.language import language, rounded

FIRST_ROWS = 5


@dataclass(frozen=True, eq=False)
class Checked:
    """A file as the build will read it. `error` says why it cannot be used yet; the rest is what could be found out.

    rows_read, rows_kept: None where nothing counts rows. skipped, doubts: row, field, value, reason.
    headers, columns (field → header), first_rows: of lists alone.
    """

    rows_read: int | None = None
    rows_kept: int | None = None
    skipped: pd.DataFrame = field(default_factory=all_left_out)
    doubts: pd.DataFrame = field(default_factory=all_left_out)
    notes: tuple[Text, ...] = ()
    headers: tuple[str, ...] = ()
    columns: dict[str, str] = field(default_factory=dict)
    first_rows: pd.DataFrame | None = None
    error: GeodataError | None = None


def check(option: str, path: Path, request: BuildRequest, key: AreaKey | None) -> Checked:
    """Read a file of the request. Without a built area, lists are not placed yet: only their columns are looked at."""
    memory = cache.settings().data_dir / MEMORY
    stamps = tuple(p.stat().st_mtime_ns for p in (path, memory, *filter(None, [request.addresses])) if p.exists())
    return _check(str(cache.settings().data_dir), option, path, request.area, request.addresses, key, stamps)


@st.cache_resource(max_entries=32, show_spinner=False)
def _check(
    folder: str,
    option: str,
    path: Path,
    name: str,
    addresses: Path | None,
    key: AreaKey | None,
    stamps: tuple[int, ...],
) -> Checked:
    area = cache.area(key) if key else None
    try:
        if option in LAYOUTS:
            return _list(option, path, addresses, area)
        return _OTHERS[option](path, name, area)
    except GeodataError as error:
        return Checked(error=error)


def remember(option: str, path: Path, given: dict[str, str]) -> GeodataError | None:
    """Remember which column of a list is which field ("" for none); what is wrong with it, if anything."""
    headers = _mapped_headers(option, list(read_spreadsheet(path).frame.columns))
    try:
        map_columns(headers, LAYOUTS[option], where=path.name, given=given, data_dir=cache.settings().data_dir)
    except GeodataError as error:
        return error
    return None


def plain(error: GeodataError) -> str:
    """An error about a file with its name alone: the folder says nothing to who gave it."""
    where = Path(error.where).name if error.where else ""
    return GeodataError(error.what, where=where, remedy=error.remedy).text(language())


def _mapped_headers(option: str, headers: list[str]) -> list[str]:
    """The headers that the reader maps: a column an hour is no field."""
    if option != "counts":
        return headers
    from geodata.sources.counts import hour_columns

    hourly = hour_columns(pd.Index(headers))
    return [h for h in headers if h not in hourly]


def _list(option: str, path: Path, addresses: Path | None, area: Area | None) -> Checked:
    if option == "addresses" and (path.suffix == ".zip" or path.stat().st_size > LARGE_BYTES):
        return Checked(notes=(T("A file this large is read when the area is built."),))
    frame = read_spreadsheet(path).frame
    headers = _mapped_headers(option, list(frame.columns))
    data_dir = cache.settings().data_dir
    seen: dict[str, Any] = {"headers": tuple(headers), "first_rows": frame.head(FIRST_ROWS)}
    layout = LAYOUTS[option]
    try:
        seen["columns"] = dict(
            map_columns(headers, replace(layout, needs=()), where=path.name, data_dir=data_dir).columns
        )
        map_columns(headers, layout, where=path.name, data_dir=data_dir)
        if area is None:
            later = T("Which rows can be placed on the map shows when the area is built.")
            return Checked(rows_read=len(frame), notes=(later,), **seen)
        reading = _read(option, path, addresses, area, cache.branches())
    except GeodataError as error:
        return Checked(rows_read=len(frame), error=error, **seen)
    kept, notes = reading.rows_read - _rows(reading), _once(reading.notes)
    return Checked(reading.rows_read, kept, reading.skipped, reading.doubts, notes, **seen)


def _rows(reading: Reading) -> int:
    """Rows left out: a row that is skipped for two reasons counts once."""
    return int(reading.skipped["row"].nunique())


def _once(notes: tuple[Text, ...]) -> tuple[Text, ...]:
    return tuple(dict.fromkeys(notes))


def _read(option: str, path: Path, addresses: Path | None, area: Area, branches: BranchTable) -> Reading:
    crs = area.study.crs
    around = _around(area)
    data_dir = cache.settings().data_dir
    if option == "addresses":
        return read_addresses(path, area=around, crs=crs, data_dir=data_dir)
    books = [("osm", area.tables.addresses)]
    if addresses is not None and addresses.exists() and addresses.stat().st_size <= LARGE_BYTES:
        books.insert(0, ("address_list", read_addresses(addresses, area=around, crs=crs, data_dir=data_dir).table))
    placing: dict[str, Any] = {"area": around, "crs": crs, "books": books, "data_dir": data_dir}
    if option == "premises":
        return read_premises(path, branches=branches, **placing)
    return {"vacancies": read_vacancies, "markets": read_markets, "counts": read_counts}[option](path, **placing)


def _around(area: Area) -> Any:
    """The ground whose rows a build keeps, in WGS84."""
    study = gpd.GeoSeries([area.study.boundary], crs=4326).to_crs(area.study.crs)
    return study.buffer(MARGIN_M["roads"]).simplify(20).to_crs(4326).iloc[0]


def _population(path: Path, name: str, area: Area | None) -> Checked:
    if path.suffix.lower() not in (".tif", ".tiff"):
        return Checked(len(read_polygons(path)))
    if area is None:
        return Checked()
    reading = population.from_raster(path, area=_around(area), crs=area.study.crs)
    residents = rounded(float(reading.table["residents"].sum()))
    total = T("About {residents} residents in {name} and around it.", residents=residents, name=area.name)
    return Checked(notes=(total, *reading.notes))


def _timetable(path: Path, name: str, area: Area | None) -> Checked:
    with open_feed(path) as feed:
        feed.require("stops.txt", "stop_times.txt", "trips.txt", "routes.txt")
    return Checked(notes=(T("A timetable; its departures are read when the area is built."),))


def _municipalities(path: Path, name: str, area: Area | None) -> Checked:
    frame = read_municipalities(path)
    place = find(frame, name)
    return Checked(len(frame), notes=(T("{name} is in it.", name=place.name), *place.notes))


def _areas(read: Callable[..., gpd.GeoDataFrame]) -> Callable[[Path, str, Area | None], Checked]:
    def checked(path: Path, name: str, area: Area | None) -> Checked:
        whole = len(read_polygons(path))
        if area is None:
            return Checked(whole)
        found = read(path, municipality_name=area.name, nis=area.study.nis, boundary=area.study.boundary)
        return Checked(
            whole, notes=(TN("one of them in {name}.", "{count} of them in {name}.", len(found), name=area.name),)
        )

    return checked


def _boundary(path: Path, name: str, area: Area | None) -> Checked:
    return Checked(len(read_polygons(path)))


def _map(path: Path, name: str, area: Area | None) -> Checked:
    try:
        with osmium.io.Reader(str(path)) as reader:
            reader.header()
    except RuntimeError as error:
        raise GeodataError(
            T("this is no map extract of OpenStreetMap."),
            where=path.name,
            remedy=T("Give a file that ends in .osm.pbf, .osm or .osm.gz."),
        ) from error
    return Checked(notes=(T("A map extract; its streets and shops are read when the area is built."),))


_OTHERS: dict[str, Callable[[Path, str, Area | None], Checked]] = {
    "population": _population,
    "gtfs": _timetable,
    "municipalities": _municipalities,
    "core_areas": _areas(read_core_areas),
    "retail_areas": _areas(read_retail_areas),
    "boundary": _boundary,
    "osm": _map,
}
