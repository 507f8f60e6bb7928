"""Writing Testerep: every source file, from one seed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from geodata.language import T, Text
from geodata.sample import mainland
from geodata.sample.areas import write_core_areas, write_municipalities, write_retail_areas, write_sectors
from geodata.sample.bakery_group import write_bakery_group
from geodata.sample.bakery_sales import write_sales
from geodata.sample.counters import write_counts
from geodata.sample.extracts import causeway, make_extract, rail_stations
from geodata.sample.lists import (
    write_accidents,
    write_addresses,
    write_markets,
    write_premises,
    write_vacancy_register,
)
from geodata.sample.osm import Register
from geodata.sample.premises import WANTED
from geodata.sample.rasters import write_no2, write_population
from geodata.sample.region import CAUSEWAY, ISLAND, MARKET, RESORT, Municipality
from geodata.sample.retailer import settle
from geodata.sample.stops import plan_lines
from geodata.sample.timetable import write_gtfs
from geodata.sample.town import draw_town
from geodata.sample.walkers import walk

SEED = 1584
THEMES = (
    "island",
    "mainland",
    "island_osm",
    "mainland_osm",
    "sectors",
    "air",
    "walk",
    "resort",
    "counts",
    "survey",
    "register",
    "accidents",
    "retailer",
    "bakeries",
)
"""Each theme has a random stream of its own; a new theme goes at the end, so that it moves no other."""

README = """VOORBEELDGEGEVENS / SAMPLE DATA

Testerep bestaat niet. Het eiland, de gemeenten, straten, winkels, inwoners, tellingen en omzetten in deze map zijn
verzonnen en door een programma getekend. Op deze plek ligt in werkelijkheid open zee. Gebruik niets hieruit als feit.

Testerep does not exist. The island, its municipalities, streets, shops, residents, counts and sales in this folder
are invented and drawn by a program. In reality this place is open sea. Use nothing here as a fact.

testerep.osm.pbf            stratenkaart van het eiland            street map of the island
overzee.osm.pbf             stad en buitenlands stadje overzee      city and foreign town across the water
gtfs-testerbus.zip          busdienstregeling                      bus timetable
gtfs-eilandspoor.zip        treindienstregeling                    railway timetable
bevolking.tif               inwoners per 100 m                     residents per 100 m
no2.tif                     stikstofdioxide, µg/m³                  nitrogen dioxide, µg/m³
statistische_sectoren.gpkg  sectoren met inwoners                  sectors with residents
gemeenten.gpkg              gemeenten met NIS-code                 municipalities with NIS code
kernwinkelgebieden.gpkg     kernwinkelgebieden (twee gemeenten)    core shopping areas (two municipalities)
winkelgebieden.gpkg         winkelgebieden met type                retail areas with type
handelspanden.xlsx          opgemeten panden van Testerep-Stad     surveyed premises of Testerep-Stad
leegstandsregister.csv      leegstandsregister (Windows-1252)      vacancy register (Windows-1252)
tellingen.csv               voetgangers per uur                    pedestrians per hour
ongevallen.csv              ongevallen met slachtoffers            road accidents with victims
adressen.csv                adressen met sector                    addresses with sector
markten.csv                 wekelijkse markten                     weekly markets
own-shops.csv               winkels met omzet van een bakkersgroep  shops with turnover of a group of bakeries
sales.csv                   dagomzet en tickets van die winkels    daily turnover and tickets of those shops
entries.csv                 binnenstappers bij twee ervan          store entries at two of them
customers.csv               klanten van die winkels per postcode   customers of those shops by postcode

De tellingen komen van gesimuleerde wandelaars, onafhankelijk van het druktemodel van de toepassing.
The counts come from simulated walkers, independent of the application's own footfall model.
"""

Progress = Callable[[float, Text], None]


@dataclass(frozen=True)
class SampleSources:
    """Where the files of the sample region are, and its municipalities with their official residents."""

    directory: Path
    municipalities: tuple[Municipality, ...]
    osm: Path
    osm_abroad: Path
    gtfs: tuple[Path, ...]
    population: Path
    no2: Path
    sectors: Path
    municipality_areas: Path
    core_areas: Path
    retail_areas: Path
    premises: Path
    vacancy_register: Path
    counts: Path
    accidents: Path
    addresses: Path
    markets: Path
    own_shops: Path
    sales: Path
    entries: Path
    customers: Path


def write_sources(
    directory: Path, *, seed: int = SEED, progress: Progress | None = None, detail: float = 1.0
) -> SampleSources:
    """Write all source files of the invented region into a directory, which is made when missing.

    The same seed gives the same content. `detail` below 1 draws fewer, larger blocks, buildings and lists (for tests).
    """
    directory.mkdir(parents=True, exist_ok=True)
    say = progress or (lambda share, text: None)
    stream = dict(zip(THEMES, np.random.default_rng(seed).spawn(len(THEMES)), strict=True))
    files = SampleSources(
        directory=directory,
        municipalities=ISLAND.municipalities,
        osm=directory / "testerep.osm.pbf",
        osm_abroad=directory / "overzee.osm.pbf",
        gtfs=(directory / "gtfs-testerbus.zip", directory / "gtfs-eilandspoor.zip"),
        population=directory / "bevolking.tif",
        no2=directory / "no2.tif",
        sectors=directory / "statistische_sectoren.gpkg",
        municipality_areas=directory / "gemeenten.gpkg",
        core_areas=directory / "kernwinkelgebieden.gpkg",
        retail_areas=directory / "winkelgebieden.gpkg",
        premises=directory / "handelspanden.xlsx",
        vacancy_register=directory / "leegstandsregister.csv",
        counts=directory / "tellingen.csv",
        accidents=directory / "ongevallen.csv",
        addresses=directory / "adressen.csv",
        markets=directory / "markten.csv",
        own_shops=directory / "own-shops.csv",
        sales=directory / "sales.csv",
        entries=directory / "entries.csv",
        customers=directory / "customers.csv",
    )
    say(0.0, T("Drawing the island of Testerep"))
    wanted = {slug: max(8, round(count * detail)) for slug, count in WANTED.items()}
    island = draw_town(ISLAND, wanted, stream["island"], detail=detail, block_detail=detail)
    island = replace(island, units=settle(island.units))
    courses, rail = plan_lines(island.layout, island.streets)
    say(0.4, T("Drawing the mainland"))
    shops = {slug: max(8, round(count * detail)) for slug, count in mainland.SHOPS.items()}
    across = draw_town(mainland.MAINLAND, shops, stream["mainland"], detail=0.45 * detail, block_detail=detail)
    say(0.5, T("Writing the map files"))
    register = Register()
    extract = make_extract(island, courses, register, stream["island_osm"])
    rail_stations(extract, rail, "testerep")
    extract.write(files.osm)
    other = make_extract(across, [], register, stream["mainland_osm"], kept_share=0.15)
    rail_stations(other, rail, "overzee")
    causeway(other, island, across, CAUSEWAY)
    other.write(files.osm_abroad)
    say(0.7, T("Writing timetables, areas and rasters"))
    write_gtfs(files.gtfs[0], courses, agency=("TB", "Testerbus"), rail=False)
    write_gtfs(files.gtfs[1], [rail], agency=("ES", "Eilandspoor"), rail=True)
    write_population(files.population, [island, across])
    write_no2(files.no2, island, stream["air"])
    write_municipalities(files.municipality_areas, island)
    sectors = write_sectors(files.sectors, island, stream["sectors"])
    write_core_areas(files.core_areas, island)
    write_retail_areas(files.retail_areas, island)
    say(0.75, T("Letting people walk and counting them"))
    people = max(400, round(5000 * detail))
    flows = (
        walk(island, courses, MARKET, stream["walk"], people=people, weight=27_000 / people, reach_m=2300),
        walk(island, courses, RESORT, stream["resort"], people=people // 2, weight=7_000 / people, reach_m=1600),
    )
    write_counts(files.counts, island, flows, stream["counts"])
    say(0.92, T("Writing lists and counts"))
    write_premises(files.premises, island, stream["survey"])
    write_vacancy_register(files.vacancy_register, island, stream["register"])
    write_accidents(files.accidents, island, stream["accidents"])
    write_addresses(files.addresses, island, sectors)
    write_markets(files.markets, island)
    group = write_bakery_group(files.own_shops, island, stream["bakeries"])
    write_sales(files.sales, files.entries, files.customers, island, group, stream["retailer"])
    (directory / "LEESMIJ.txt").write_text(README, encoding="utf-8")
    say(1.0, T("The sample files are ready"))
    return files
