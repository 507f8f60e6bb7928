"""All sources of a request → the tables of the area, each with a record of what was read, skipped and why."""

import datetime
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.branches import BranchTable
from geodata.language import LANGUAGES, T, Text
from geodata.locate import Location, clip
from geodata.region import homes_around, outlets_around, towns_around
from geodata.request import BuildRequest, hash_file
from geodata.settings import Settings
from geodata.sources import population
from geodata.sources.address_list import read_addresses
from geodata.sources.counts import read_counts
from geodata.sources.download import online_geocoder
from geodata.sources.gtfs import read_gtfs
from geodata.sources.markets import read_markets
from geodata.sources.municipalities import read_municipalities
from geodata.sources.osm import OsmExtract
from geodata.sources.osm_places import (
    addresses_from_osm,
    amenities_from_osm,
    building_shapes,
    buildings_from_osm,
    markets_from_osm,
    parking_from_osm,
    stops_from_osm,
)
from geodata.sources.osm_premises import premises_from_osm
from geodata.sources.premises_list import read_premises
from geodata.sources.rows import all_left_out
from geodata.sources.usable import usable
from geodata.sources.vacancy_list import apply_vacancy, read_vacancies
from geodata.sources.vector import map_layer
from geodata.tables import Reading, Tables, empty

MARGIN_M = {"walk": 1500.0, "roads": 9000.0}
"""How far beyond the boundary data are kept: farther than anyone walks, or drives in the minutes a layer looks."""


@dataclass(frozen=True, eq=False)
class SourceRecord:
    """What one source gave: shown on the data page and stored with the area. Skipped and doubts as in `Reading`."""

    id: str
    files: tuple[Path, ...]
    vintage: str | None
    rows_read: int
    rows_kept: int
    skipped: pd.DataFrame
    doubts: pd.DataFrame
    notes: tuple[Text, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The record for the manifest, reasons and notes in every language.

        `sha256` is by file; `file_day` is when the newest file was last changed, which is not the day of its data.
        """
        changed = max((path.stat().st_mtime for path in self.files), default=None)
        return {
            "id": self.id, "files": [path.name for path in self.files],
            "sha256": [hash_file(path) for path in self.files],
            "file_day": None if changed is None else datetime.date.fromtimestamp(changed).isoformat(),
            "vintage": self.vintage, "rows_read": self.rows_read, "rows_kept": self.rows_kept,
            "skipped": _listed(self.skipped), "doubts": _listed(self.doubts), "notes": [_all(n) for n in self.notes],
        }  # fmt: skip


def _listed(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {"row": int(r["row"]), "field": str(r["field"]), "value": str(r["value"]), "reason": _all(r["reason"])}
        for r in rows.to_dict("records")
    ]


def _all(text: object) -> dict[str, str]:
    return {language: text.to(language) if isinstance(text, Text) else str(text) for language in LANGUAGES}


@dataclass(frozen=True, eq=False)
class Gathered:
    """The tables of an area and where they come from; homes, outlets and towns of the region around it."""

    tables: Tables
    homes: pd.DataFrame
    outlets: pd.DataFrame
    towns: gpd.GeoDataFrame | None
    sources: tuple[SourceRecord, ...]
    notes: tuple[Text, ...]


def gather(
    request: BuildRequest,
    location: Location,
    extract: OsmExtract,
    streets: gpd.GeoDataFrame,
    extent: shapely.Polygon,
    branches: BranchTable,
    settings: Settings,
) -> Gathered:
    """Read every source of the request. Raises GeodataError for a file that cannot be used at all.

    The user's premises list replaces OpenStreetMap's premises inside the boundary; a vacancy list is laid over
    either. Lists are placed by coordinates, then the address file, then the map's addresses, then online if allowed.
    """
    crs = location.crs
    extent_wgs = gpd.GeoSeries([extent], crs=crs).to_crs(4326).iloc[0]
    study = gpd.GeoSeries([clip(location.boundary, extent_wgs)], crs=4326).to_crs(crs).iloc[0]
    around = gpd.GeoSeries([study.buffer(MARGIN_M["roads"]).simplify(20)], crs=crs).to_crs(4326).iloc[0]
    sources: list[SourceRecord] = []

    shapes = building_shapes(extract, crs)
    buildings = buildings_from_osm(shapes)
    premises = premises_from_osm(extract, shapes, branches, crs)
    sources.append(_record("osm", request.osm, extract.timestamp, len(extract.places), len(premises)))

    stops, stop_notes = stops_from_osm(extract, crs), tuple[Text, ...]()
    readings = [read_gtfs(path, area=around, crs=crs) for path in request.gtfs]
    if any(len(r.table) for r in readings):
        timed = _joined(*(r.table for r in readings)).drop_duplicates("id")
        untimed = stops[~stops["mode"].isin(timed["mode"])]
        stops = _joined(timed, untimed)
        if len(untimed):
            stop_notes = (T("the map has stops of kinds that no timetable given has: their departures are not known."),)
    sources += [_from_reading(r, path) for r, path in zip(readings, request.gtfs, strict=True)]

    residents = _residents(request, shapes, location, extent)
    sources.append(_from_reading(residents, request.population))

    addresses = addresses_from_osm(extract, crs)
    books = [("osm", addresses)]
    if request.addresses is not None:
        own = usable(
            read_addresses(request.addresses, area=around, crs=crs, data_dir=settings.data_dir), request.addresses
        )
        sources.append(_from_reading(own, request.addresses))
        books.insert(0, ("address_list", own.table))
    placing: dict[str, Any] = {
        "area": around,
        "crs": crs,
        "books": books,
        "geocode": online_geocoder(settings) if settings.online_geocoding else None,
        "data_dir": settings.data_dir,
    }
    if request.premises is not None:
        surveyed = usable(read_premises(request.premises, branches=branches, **placing), request.premises)
        sources.append(_from_reading(surveyed, request.premises))
        beyond = premises[~premises.intersects(study)]
        premises = _joined(surveyed.table, beyond)
    if request.vacancies is not None:
        register = usable(read_vacancies(request.vacancies, **placing), request.vacancies)
        applied = apply_vacancy(premises, register)
        premises = applied.table
        sources.append(_from_reading(replace(register, notes=applied.notes), request.vacancies))
    markets = markets_from_osm(extract, crs)
    if request.markets is not None:
        listed = usable(read_markets(request.markets, **placing), request.markets)
        sources.append(_from_reading(listed, request.markets))
        markets = listed.table
    counted = [usable(read_counts(path, **placing), path) for path in request.counts]
    sources += [_from_reading(r, path) for r, path in zip(counted, request.counts, strict=True)]

    tables_by_name = {
        "premises": premises,
        "residents": residents.table,
        "buildings": buildings,
        "stops": stops,
        "parking": parking_from_osm(extract, crs),
        "markets": markets,
        "counts": counts_together([r.table for r in counted], crs),
        "amenities": amenities_from_osm(extract, crs),
        "addresses": addresses,
        "streets": streets,
    }
    for option in ("municipalities", "core_areas", "retail_areas"):
        if (path := getattr(request, option)) is not None:
            rows = map_layer(path).features
            sources.append(_record(option, (path,), None, rows, rows))
    tables = Tables(**{name: _clipped(name, table, study) for name, table in tables_by_name.items()})
    towns = None
    if request.municipalities is not None:
        towns = towns_around(read_municipalities(request.municipalities), study, crs)
    homes, outlets = homes_around(residents.table, study), outlets_around(premises, study)
    return Gathered(tables, homes, outlets, towns, tuple(sources), (*residents.notes, *stop_notes))


def _joined(*tables: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    some = [t for t in tables if len(t)] or [tables[0]]
    return gpd.GeoDataFrame(pd.concat(some, ignore_index=True), crs=tables[0].crs)


def counts_together(files: list[gpd.GeoDataFrame], crs: int) -> gpd.GeoDataFrame:
    """The counts of all files; of a period that two files hold, the later file's."""
    if len(files) < 2:
        return files[0] if files else empty("counts", crs)
    period = ["counter", "date", "hour_from", "day_kind"]
    later, joined = files[-1], counts_together(files[:-1], crs)
    held = pd.MultiIndex.from_frame(joined[period]).isin(pd.MultiIndex.from_frame(later[period]))
    return _joined(joined[~held], later)


def _residents(
    request: BuildRequest,
    shapes: gpd.GeoDataFrame,
    location: Location,
    extent: BaseGeometry,
) -> Reading:
    crs = location.crs
    covered = gpd.GeoSeries([extent], crs=crs).to_crs(4326).iloc[0]
    if request.population is not None:
        if request.population.suffix.lower() in (".tif", ".tiff"):
            return population.from_raster(request.population, area=covered, crs=crs)
        reading = population.from_polygons(request.population, shapes, area=covered, crs=crs)
        return usable(reading, request.population)
    if request.residents is not None:
        whole = extent
        if location.boundary is not None:
            whole = gpd.GeoSeries([location.boundary], crs=4326).to_crs(crs).make_valid().iloc[0]
        return population.from_total(request.residents, shapes, boundary=whole, data_extent=extent, crs=crs)
    return population.from_buildings(shapes, crs=crs)


def _clipped(name: str, table: gpd.GeoDataFrame, study: BaseGeometry) -> gpd.GeoDataFrame:
    margin = MARGIN_M["roads" if name in ("residents", "streets") else "walk"]
    shapely.prepare(study)
    shapes = table.geometry.to_numpy()
    kept = table[shapely.dwithin(study, shapes, margin)].reset_index(drop=True)
    return kept.assign(in_study=shapely.intersects(study, kept.geometry.to_numpy()))


def _record(source: str, files: tuple[Path, ...], vintage: str | None, read: int, kept: int) -> SourceRecord:
    nothing = all_left_out()
    return SourceRecord(source, files, vintage, read, kept, nothing, nothing)


def _from_reading(reading: Reading, path: Path | None) -> SourceRecord:
    return SourceRecord(
        reading.source,
        (path,) if path else (),
        reading.vintage,
        reading.rows_read,
        len(reading.table),
        reading.skipped,
        reading.doubts,
        reading.notes,
    )
