"""The process of one build: `python -m pages.ui.worker FOLDER`. Says in the folder how far it is and how it ended."""

import os
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from filelock import FileLock

from geodata.build import Progress, build, download
from geodata.errors import GeodataError
from geodata.language import LANGUAGES, Text
from geodata.request import load
from geodata.settings import Settings
from geodata.store import Area
from geodata.study import area_id
from location_model.sample import build_sample
from pages.ui import drafts
from pages.ui.jobs import DONE, FAILED, Job, write

DOWNLOADING = 0.5
"""Share of the work that fetching the map is, when it has to be fetched."""


def run(job: Job, settings: Settings) -> Sequence[Area]:
    """Build what is asked. What was prepared for the area is then done."""

    def report(share: float, text: Text) -> None:
        write(job.folder / "progress.json", {"share": share, "texts": _all(text)})

    asked = job.asked
    if asked["request"] is None:
        return build_sample(settings, progress=report)
    wanted = request = load(asked["request"], settings.data_dir)
    begun = 0.0
    if not request.osm:
        begun = DOWNLOADING
        request = download(request, settings, _part(report, 0.0, begun))
    built = build(request, settings, progress=_part(report, begun, 1.0))
    if drafts.prepared(settings.data_dir, area_id(wanted.area)) == wanted:
        drafts.forget(settings.data_dir, area_id(wanted.area))
    return [built]


def _part(report: Progress, begin: float, end: float) -> Progress:
    return lambda share, text: report(begin + share * (end - begin), text)


def _all(text: Text) -> dict[str, str]:
    return {language: text.to(language) for language in LANGUAGES}


def main(folder: Path) -> None:
    """Run the job in a folder and write how it ended."""
    job = Job(folder)
    with FileLock(folder / "running.lock"):
        if hasattr(os, "nice"):
            os.nice(5)  # pages first
        ended: dict[str, Any]
        try:
            areas = run(job, Settings.from_env())
            ended = {"phase": DONE, "areas": [{"id": a.id, "name": a.name, "version": a.version} for a in areas]}
        except GeodataError as error:
            ended = {"phase": FAILED, "error": {language: error.text(language) for language in LANGUAGES}}
        except Exception:
            traceback.print_exc()  # into the log of the job
            ended = {"phase": FAILED}
        write(folder / "result.json", ended | {"elapsed_s": time.time() - job.asked["started"]})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
