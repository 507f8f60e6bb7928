"""Testerep: write the sample region's source files and build its areas by the same path as a real town."""

from dataclasses import replace

from geodata.build import Progress, build
from geodata.language import T
from geodata.request import BuildRequest
from geodata.sample import SampleSources, write_sources
from geodata.settings import Settings
from geodata.store import Area


def build_sample(settings: Settings, *, progress: Progress) -> list[Area]:
    """Write Testerep's files to `data/sample` and build its municipalities; what is up to date is left as it is."""
    sources = write_sources(settings.data_dir / "sample", progress=lambda share, text: progress(0.2 * share, text))
    areas = []
    for i, request in enumerate(requests(sources)):
        begun = 0.2 + 0.8 * i / len(sources.municipalities)

        def part(share: float, text: object, begun: float = begun, name: str = request.area) -> None:
            progress(begun + 0.8 * share / len(sources.municipalities), T("{name}: {step}", name=name, step=text))

        areas.append(build(request, settings, progress=part))
    return areas


def requests(sources: SampleSources) -> list[BuildRequest]:
    """What to build from the sample files: every municipality, with its own lists where it has them."""
    return [replace(_common(sources), area=m.id) for m in sources.municipalities]


def _common(sources: SampleSources) -> BuildRequest:
    return BuildRequest("", sample=True)
