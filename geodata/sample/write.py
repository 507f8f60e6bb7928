"""Writing Testerep: every source file, from one seed."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from geodata.language import T, Text
from geodata.sample import mainland
from geodata.sample.areas import write_core_areas, write_municipalities, write_retail_areas, write_sectors
from geodata.sample.extracts import causeway, make_extract, rail_stations
from geodata.sample.osm import Register
from geodata.sample.premises import WANTED
from geodata.sample.rasters import write_no2, write_population
from geodata.sample.region import CAUSEWAY, ISLAND, Municipality
from geodata.sample.stops import plan_lines
from geodata.sample.timetable import write_gtfs
from geodata.sample.town import draw_town

SEED = 1584
THEMES = ("island", "mainland", "island_osm", "mainland_osm", "sectors", "air")
"""Each theme has a random stream of its own; a new theme goes at the end, so that it moves no other."""

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
    )
    say(0.0, T("Drawing the island of Testerep"))
    wanted = {slug: max(8, round(count * detail)) for slug, count in WANTED.items()}
    island = draw_town(ISLAND, wanted, stream["island"], detail=detail, block_detail=detail)
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
    write_sectors(files.sectors, island, stream["sectors"])
    write_core_areas(files.core_areas, island)
    write_retail_areas(files.retail_areas, island)
    say(1.0, T("The sample files are ready"))
    return files
