"""The tests by name, and their reports kept by version of an area, so that one run serves everybody.

validation/<area>/<version>/<test>.json   {"format", "made_at", "seconds", "report": …} or {…, "refused": {nl, en}}
"""

import contextlib
import datetime
import json
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from geodata.branches import BranchTable
from geodata.errors import GeodataError
from geodata.language import LANGUAGES
from geodata.store import Area

FORMAT = 2
"""Raise it when a test or a model it tests changes: reports of before are then not shown any more."""


class Report(Protocol):
    """What every test gives back: its figures, and under `claim` what may be said, in both languages."""

    def as_json(self) -> dict[str, Any]: ...


def _footfall(area: Area, branches: BranchTable, seed: int) -> Report:
    from location_model.validation.footfall import validate_footfall

    return validate_footfall(area, seed=seed)


def _sites(area: Area, branches: BranchTable, seed: int) -> Report:
    from location_model.validation.sites import validate_sites

    return validate_sites(area, branches, seed=seed)


def _vacancy(area: Area, branches: BranchTable, seed: int) -> Report:
    from location_model.validation.vacancy import validate_vacancy

    return validate_vacancy(area, seed=seed)


TESTS: Mapping[str, Callable[[Area, BranchTable, int], Report]] = {
    "footfall": _footfall,
    "sites": _sites,
    "vacancy": _vacancy,
}
"""What is imported only when asked for, because it takes seconds."""


def run(test: str, area: Area, branches: BranchTable, data_dir: Path, *, seed: int = 0) -> dict[str, Any]:
    """Run a test on an area; the report as one JSON document, kept in the data directory when the seed is 0.

    GeodataError where there is too little data for a figure; that is kept too. A data directory that cannot be
    written is no reason to withhold the answer.
    """
    began = time.perf_counter()
    try:
        report = TESTS[test](area, branches, seed).as_json()
    except GeodataError as error:
        _keep(test, area, data_dir, seed, began, refused={language: error.text(language) for language in LANGUAGES})
        raise
    _keep(test, area, data_dir, seed, began, report=report)
    return report


def too_little(test: str, area: Area) -> bool:
    """Whether a test will refuse this area at once, before any work; False where only the test itself can tell."""
    if test == "footfall":
        from location_model.validation.footfall import FEWEST_COUNTERS

        return int(area.tables.counts["counter"].nunique()) < FEWEST_COUNTERS
    premises = area.tables.premises
    states = premises.loc[premises["in_study"], "state"]
    if test == "vacancy":
        from location_model.vacancy_risk import LEAST

        return bool(min((states == "vacant").sum(), (states == "occupied").sum()) < LEAST)
    from location_model.branch_town import FEWEST_SITES

    return bool((states == "occupied").sum() < FEWEST_SITES)


def kept(test: str, area: str, version: str, data_dir: Path) -> dict[str, Any] | None:
    """What was kept of a test on a version of an area; None when it has not run, or ran with another model."""
    try:
        found = json.loads(_file(test, area, version, data_dir).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    whole = isinstance(found, dict) and found.get("format") == FORMAT and ("report" in found or "refused" in found)
    return found if whole else None


def _keep(test: str, area: Area, data_dir: Path, seed: int, began: float, **outcome: Any) -> None:
    if seed != 0:
        return
    made_at = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    told = {"format": FORMAT, "made_at": made_at, "seconds": round(time.perf_counter() - began, 1), **outcome}
    path = _file(test, area.id, area.version, data_dir)
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.new")
        fresh.write_text(json.dumps(told, ensure_ascii=False), "utf-8")
        fresh.replace(path)
        for other in path.parents[1].iterdir():  # reports of versions that are gone
            if not (data_dir / "areas" / area.id / other.name).exists():
                shutil.rmtree(other)


def _file(test: str, area: str, version: str, data_dir: Path) -> Path:
    return data_dir / "validation" / area / version / f"{test}.json"
