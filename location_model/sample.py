"""Testerep: write the sample region's source files and build its areas by the same path as a real town."""

from dataclasses import replace
from typing import Any

from geodata.build import Progress, build
from geodata.language import T
from geodata.request import BuildRequest
from geodata.sample import SampleSources, write_sources
from geodata.settings import Settings
from geodata.sources.osm import read_osm
from geodata.store import Area

SURVEYED = "Testerep-Stad"
"""The municipality that has its own premises, vacancy, address and count lists, as only some towns do."""


def build_sample(settings: Settings, *, progress: Progress) -> list[Area]:
    """Write Testerep's files to `data/sample` and build its municipalities; what is up to date is left as it is."""
    sources = write_sources(settings.data_dir / "sample", progress=lambda share, text: progress(0.2 * share, text))
    areas = []
    extract = read_osm((sources.osm, sources.osm_abroad))
    for i, request in enumerate(requests(sources)):
        begun = 0.2 + 0.8 * i / len(sources.municipalities)

        def part(share: float, text: object, begun: float = begun, name: str = request.area) -> None:
            progress(begun + 0.8 * share / len(sources.municipalities), T("{name}: {step}", name=name, step=text))

        areas.append(build(request, settings, progress=part, extract=extract))
    return areas


def requests(sources: SampleSources) -> list[BuildRequest]:
    """What to build from the sample files: every municipality, the surveyed town with its own lists."""
    shared = BuildRequest(
        "",
        osm=(sources.osm, sources.osm_abroad),
        gtfs=sources.gtfs,
        population=sources.population,
        municipalities=sources.municipality_areas,
        core_areas=sources.core_areas,
        retail_areas=sources.retail_areas,
        markets=sources.markets,
        sample=True,
    )
    surveyed: dict[str, Any] = {
        "premises": sources.premises,
        "vacancies": sources.vacancy_register,
        "addresses": sources.addresses,
        "counts": (sources.counts,),
    }
    return [replace(shared, area=m.name, **(surveyed if m.name == SURVEYED else {})) for m in sources.municipalities]
