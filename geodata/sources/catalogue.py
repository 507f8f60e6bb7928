"""The sources: what each holds, who publishes it under which licence, where to get it, and its pitfalls.

`Reading.source` and the `source` columns of the tables hold the id of one of these.
"""

from dataclasses import dataclass
from functools import cache

from geodata.errors import GeodataError
from geodata.language import T, Text


@dataclass(frozen=True)
class Source:
    """One source. `address` is a web address, or empty where it is asked of the municipality itself.

    `licence` is as its publisher states it, empty where it is not stated or to be looked up.
    `option` is the option of `build` that takes the file, empty where nothing reads it yet.
    """

    id: str
    title: Text
    publisher: str
    licence: str
    address: str
    format: str
    note: Text
    option: str = ""


STATBEL_LICENCE = "Statbel open data: source and date to be named"

SOURCES: tuple[Source, ...] = (
    Source(
        "osm",
        T("Streets, shops, buildings"),
        "OpenStreetMap",
        "ODbL 1.0 (© OpenStreetMap)",
        "https://download.geofabrik.de/europe/belgium.html",
        "OSM PBF, XML; Overpass",
        T("Mapped by volunteers, unevenly: shops per resident rank the mappers. In Flanders vacancy is hardly mapped."),
        "--osm",
    ),
    Source(
        "gtfs",
        T("Timetables of public transport"),
        "Belgian Mobility",
        "",
        "https://data.belgianmobility.io/nl/data.html",
        "GTFS (zip)",
        T(
            "One file an operator (De Lijn, NMBS, TEC, MIVB); about ten downloads a day from one address. Read the "
            "terms on the site."
        ),
        "--gtfs",
    ),
    Source(
        "population_polygons",
        T("Residents per statistical sector"),
        "Statbel",
        STATBEL_LICENCE,
        "https://statbel.fgov.be/nl/open-data",
        "shapefile, GeoPackage",
        T("Yearly. Since 2019 the municipality no longer follows from the code of a sector."),
        "--population",
    ),
    Source(
        "population_raster",
        T("Residents per pixel"),
        "WorldPop; GHSL (European Commission); Statbel 1 km²",
        "CC BY 4.0 (WorldPop)",
        "https://human-settlement.emergency.copernicus.eu/download.php",
        "GeoTIFF",
        T("Modelled for pixels of 100 m, counted for squares of 1 km."),
        "--population",
    ),
    Source(
        "residents_given",
        T("Residents of the municipality"),
        "Statbel",
        STATBEL_LICENCE,
        "https://statbel.fgov.be/nl/open-data",
        "number",
        T("Spread over the residential floor area on the map."),
        "--residents",
    ),
    Source(
        "municipalities",
        T("Boundaries of municipalities"),
        "provincies in cijfers",
        "",
        "https://github.com/provinciesincijfers/gebiedsniveaus",
        "shapefile",
        T("Municipalities of 2025; old names and codes are mapped to the mergers of 2019 and 2025."),
        "--municipalities",
    ),
    Source(
        "core_areas",
        T("Core shopping areas"),
        "provincies in cijfers",
        "",
        "https://github.com/provinciesincijfers/gebiedsniveaus",
        "shapefile",
        T("Only 56 of the 285 Flemish municipalities have one on record. Licence not stated: download it yourself."),
        "--core-areas",
    ),
    Source(
        "retail_areas",
        T("Retail areas"),
        "provincies in cijfers",
        "",
        "https://github.com/provinciesincijfers/gebiedsniveaus",
        "shapefile",
        T("Concentrations of shops as surveyed. The licence is not stated: download it yourself."),
        "--retail-areas",
    ),
    Source(
        "premises_list",
        T("Surveyed list of premises"),
        "",
        "",
        "",
        "XLSX, CSV",
        T("From the municipality, under the surveyor's licence. Its definitions differ from the vacancy register's."),
        "--premises",
    ),
    Source(
        "vacancy_list",
        T("Vacancy register"),
        "",
        "",
        "",
        "XLSX, CSV",
        T("From the municipality. Long vacancy only, by date of registration; large sites are listed elsewhere."),
        "--vacancies",
    ),
    Source(
        "address_list",
        T("Addresses with coordinates"),
        "Digitaal Vlaanderen; BOSA (BeST)",
        "",
        "https://opendata.bosa.be/",
        "CSV",
        T("Places lists without coordinates, offline. The file of all Flanders may be given as it is."),
        "--addresses",
    ),
    Source(
        "counts",
        T("Pedestrian counts"),
        "Telraam",
        "CC BY 4.0",
        "https://telraam.net/",
        "CSV, API",
        T("Telraam counts from windows, seldom in main streets; its API needs a key. Municipal counters are read too."),
        "--counts",
    ),
    Source(
        "markets_list",
        T("Weekly markets"),
        "",
        "",
        "",
        "XLSX, CSV",
        T("From the municipality. A weekly market can be the busiest half-day of the week."),
        "--markets",
    ),
    Source(
        "kbo",
        T("Establishments with address and NACE code"),
        "FOD Economie (KBO)",
        "",
        "https://economie.fgov.be/nl/themas/ondernemingen/kruispuntbank-van/diensten-voor-iedereen/"
        "hergebruik-van-publieke/kruispuntbank-van-0",
        "CSV",
        T("Monthly. Registered offices make it count too many shops; read the licence."),
    ),
    Source(
        "income",
        T("Income per statistical sector"),
        "Statbel",
        STATBEL_LICENCE,
        "https://statbel.fgov.be/nl/open-data",
        "XLSX",
        T("Taxable income, some years old when it appears."),
    ),
    Source(
        "fact_sheet",
        T("Retail fact sheet of the municipality"),
        "provincies in cijfers",
        "",
        "https://provincies.incijfers.be/",
        "PDF",
        T("Yearly: supply, purchase flows, tourism. The official figure to stand beside the modelled one."),
    ),
    Source(
        "overnight_stays",
        T("Overnight stays and second homes"),
        "Toerisme Vlaanderen",
        "",
        "https://toerismevlaanderen.be/",
        "XLSX",
        T("For the season, at the coast above all: residents are not the demand there."),
    ),
    Source(
        "accidents",
        T("Road accidents"),
        "Statbel",
        STATBEL_LICENCE,
        "https://statbel.fgov.be/nl/open-data",
        "XLSX, CSV",
        T("Yearly, with coordinates."),
    ),
    Source(
        "air_quality",
        T("Air quality and noise"),
        "VMM, IRCELINE; Departement Omgeving",
        "CC BY 4.0 (IRCELINE)",
        "https://www.irceline.be/en/documentation/open-data",
        "GeoTIFF",
        T("Yearly means modelled per street (ATMO-Street), and noise maps."),
    ),
)


@cache
def sources_by_id() -> dict[str, Source]:
    """Every source by its id."""
    return {source.id: source for source in SOURCES}


def source(source_id: str) -> Source:
    """A source by its id; GeodataError when there is none."""
    found = sources_by_id().get(source_id)
    if found is None:
        raise GeodataError(
            T("there is no source called {name}.", name=source_id),
            remedy=T("The sources are {names}.", names=", ".join(sources_by_id())),
        )
    return found
