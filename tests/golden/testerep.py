"""What Testerep comes to: a few figures of two of its municipalities, small enough to read in a diff.

`python tests/golden/testerep.py` writes them anew; a change in them must be meant, and told in the CHANGELOG.
"""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from geodata.branches import read_branches
from geodata.build import build
from geodata.sample import write_sources
from geodata.settings import Settings
from geodata.sources.osm import read_osm
from geodata.store import Area
from location_model.presets import starting_profile
from location_model.sample import requests
from location_model.score import score_area
from location_model.suggest import suggest

HERE = Path(__file__).parent / "testerep.json"
AREAS = ("Testerep-Stad", "Testerep-Dorp")
BRANCHES = ("bakery", "clothes", "supermarket")


def build_two(folder: Path) -> Iterator[Area]:
    """The town with its own surveys and the smallest village, by the path of any real town."""
    sources = write_sources(folder / "sample")
    extract = read_osm((sources.osm, sources.osm_abroad))
    for request in requests(sources):
        if request.area in AREAS:
            yield build(request, Settings(data_dir=folder), extract=extract)


def figures(area: Area) -> dict[str, Any]:
    """Counts by table, the middle of each layer, and the first places for some branches."""
    table = read_branches()
    known = area.grid.drop(columns="reason").median()
    first = {}
    for branch in BRANCHES:
        scored = score_area(area, table, starting_profile(area, branch, table).profile)
        for vacant in (False, True):
            sites = suggest(area, scored, n=5, vacant=vacant).sites
            first[branch + (", vacant" if vacant else "")] = {
                f"{s.rank} {s.site.name}": round(s.score, 1) for s in sites
            }
    return {
        "cells": len(area.grid),
        "tables": {name: int(rows["in_study"].sum()) for name, rows in area.tables.items()},
        "residents": round(float(area.tables.residents.query("in_study")["residents"].sum())),
        "medians": {name: round(float(value), 3) for name, value in known.items() if value == value},
        "first": first,
    }


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        found = {area.name: figures(area) for area in build_two(Path(folder))}
    HERE.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
