"""The kinds of files an area can be built from: what each adds, and what its columns are called."""

from dataclasses import dataclass

from geodata.language import T, Text
from geodata.sources import address_list, counts, markets, premises_list, vacancy_list
from geodata.sources.columns import Layout
from geodata.sources.fields import title_of

SHEETS = ("xlsx", "csv", "tsv", "txt")
SHAPES = ("gpkg", "geojson", "json", "zip")
LARGE_MB, USUAL_MB = 1000, 50


@dataclass(frozen=True)
class Kind:
    """One option of a build. `without`: what the area does when it is not given. `source`: its id in the catalogue."""

    option: str
    title: Text
    adds: Text
    endings: tuple[str, ...]
    source: str
    several: bool = False
    regional: bool = False
    largest_mb: int = USUAL_MB


KINDS: tuple[Kind, ...] = (
    Kind(
        "premises",
        T("Premises list"),
        T("Branch, floor area and state of every unit, as surveyed; replaces the shops of OpenStreetMap."),
        SHEETS,
        "premises_list",
    ),
    Kind(
        "vacancies",
        T("Vacancy register"),
        T("Which units stand empty, since when and for what rent: real units to suggest instead of places."),
        SHEETS,
        "vacancy_list",
    ),
    Kind(
        "counts",
        T("Pedestrian counts"),
        T("How many people really pass: what the footfall model can be checked with."),
        SHEETS,
        "counts",
        several=True,
    ),
    Kind("markets", T("Weekly markets"), T("Day, hours and size of the markets."), SHEETS, "markets_list"),
    Kind(
        "addresses",
        T("Address file"),
        T("Puts lists without coordinates in their place, offline."),
        (*SHEETS, "zip"),
        "address_list",
        regional=True,
        largest_mb=LARGE_MB,
    ),
    Kind(
        "population",
        T("Residents"),
        T("Where people live, by sector or by pixel; without it residents are estimated from buildings."),
        ("tif", "tiff", *SHAPES),
        "population_polygons",
        regional=True,
        largest_mb=LARGE_MB,
    ),
    Kind(
        "gtfs",
        T("Timetable"),
        T("Departures at every stop; without it public transport is not known."),
        ("zip",),
        "gtfs",
        several=True,
        regional=True,
        largest_mb=LARGE_MB,
    ),
    Kind(
        "core_areas",
        T("Core shopping areas"),
        T("The core as it was decided; without it the retail areas or the densest cluster of shops stand in."),
        SHAPES,
        "core_areas",
        regional=True,
    ),
    Kind(
        "retail_areas",
        T("Retail areas"),
        T("Concentrations of shops as surveyed, inside and outside the core."),
        SHAPES,
        "retail_areas",
        regional=True,
    ),
    Kind(
        "municipalities",
        T("Boundaries of municipalities"),
        T("Where the municipality ends; without it a boundary on the map is used, if there is one."),
        SHAPES,
        "municipalities",
        regional=True,
    ),
    Kind(
        "boundary",
        T("Boundary of the area itself"),
        T("For an area that is no municipality: a polygon of your own."),
        SHAPES,
        "municipalities",
    ),
    Kind(
        "osm",
        T("Map extract"),
        T("Streets, buildings and shops; without it they are downloaded from OpenStreetMap."),
        ("pbf", "osm", "gz"),
        "osm",
        several=True,
        regional=True,
        largest_mb=LARGE_MB,
    ),
)
"""In the order in which they help most."""

BY_OPTION = {kind.option: kind for kind in KINDS}

LAYOUTS: dict[str, Layout] = {
    "premises": premises_list.LAYOUT,
    "vacancies": vacancy_list.LAYOUT,
    "counts": counts.LAYOUT,
    "markets": markets.LAYOUT,
    "addresses": address_list.LAYOUT,
}
"""The kinds that are lists with columns."""

PLACE = ("x", "y", "street", "house_number")
"""The fields that together say where something is."""


def field_names(fields: str) -> list[Text | str]:
    """`x, y` as people call them; what is no field of a list stays as the file says it."""
    if set(fields.split(", ")) == set(PLACE):
        return [T("Coordinates or address")]
    return [title_of(name) for name in filter(None, fields.split(", "))]
