"""The command `suggest`: the best places for a branch, as a table or as one JSON document."""

import json
import sys
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from geodata.branches import read_branches
from geodata.language import T, Text
from geodata.settings import Settings
from geodata.store import Store
from location_model.own_shops import positions, shops_near
from location_model.presets import preset
from location_model.score import score_area
from location_model.suggest import Suggestions
from location_model.suggest import suggest as suggest_sites

DATA_DIR = Settings.from_env().data_dir


class Within(StrEnum):
    """Where to look for places."""

    core = "core"
    retail = "retail"
    all = "all"


def _(text: Text) -> str:
    return text.to(Settings.from_env().language)


def suggest(
    area: Annotated[str, typer.Argument(help=_(T("A built area.")))],
    branch: Annotated[str, typer.Option(help=_(T("Branch id or name; `branches` lists them.")))],
    n: Annotated[int, typer.Option("--n", min=1, max=200, help=_(T("How many places.")))] = 10,
    vacant: Annotated[bool, typer.Option("--vacant", help=_(T("Only real vacant units.")))] = False,
    within: Annotated[Within, typer.Option(help=_(T("Where to look.")))] = Within.core,
    min_floor_area: Annotated[float | None, typer.Option(min=0, help=_(T("Smallest floor area in m².")))] = None,
    max_floor_area: Annotated[float | None, typer.Option(min=0, help=_(T("Largest floor area in m².")))] = None,
    known_floor_area_only: Annotated[
        bool,
        typer.Option("--known-floor-area-only", help=_(T("Leave out vacant units whose floor area is not known."))),
    ] = False,
    own_shops: Annotated[
        Path | None, typer.Option(help=_(T("List of your own shops (XLSX or CSV), to keep a distance from.")))
    ] = None,
    min_distance: Annotated[
        float, typer.Option(min=0, help=_(T("Least distance to your own shops in metres, as the crow flies.")))
    ] = 500.0,
    data: Annotated[Path, typer.Option("--data", help=_(T("Data directory.")), show_default=False)] = DATA_DIR,
    as_json: Annotated[bool, typer.Option("--json", help=_(T("One JSON document on standard output.")))] = False,
) -> None:
    """Suggest places as the page does. GeodataError for limits that contradict each other, and as its parts raise."""
    messages = Console(stderr=True, markup=False, highlight=False)
    table = read_branches(data)
    stored = Store(data).open(area)
    start = preset(branch, table).profile
    limits = replace(
        start.limits, within=within.value, min_floor_area_m2=min_floor_area, max_floor_area_m2=max_floor_area,
        known_floor_area_only=known_floor_area_only,
    )  # fmt: skip
    if own_shops is not None:
        own = shops_near(stored, own_shops, data)
        limits = replace(limits, own_shops=positions(own.table), min_own_distance_m=min_distance)
        for row in own.skipped.to_dict("records"):
            said = T("{file}, row {row}: {reason}", file=own_shops.name, row=row["row"], reason=row["reason"])
            messages.print(_(said), soft_wrap=True)
    answer = suggest_sites(stored, score_area(stored, table, replace(start, limits=limits)), n=n, vacant=vacant)
    if as_json:
        sys.stdout.write(json.dumps(_document(stored.id, start.branch, answer), ensure_ascii=False, indent=2) + "\n")
        return
    shown = Table(*[_(head) for head in (T("Rank"), T("Place"), T("Score"), T("What we know"), T("Why"))])
    for s in answer.sites:
        cells = [str(s.rank), _(s.site.title), f"{s.score:.0f}", _(s.coverage_told), _(s.why)]
        shown.add_row(*map(escape, cells))  # a street may be called [X]
    Console().print(shown)
    for note in answer.notes:
        messages.print(f"– {_(note)}", soft_wrap=True)


def _document(area: str, branch: str, answer: Suggestions) -> dict[str, object]:
    return {
        "area": area,
        "branch": branch,
        "within": answer.within,
        "sites": [s.as_json() for s in answer.sites],
        "notes": [_(note) for note in answer.notes],
    }
