"""The command `validate`: a test of a model on an area, its figures beside simpler ones, and what may be claimed."""

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from geodata.branches import read_branches
from geodata.language import T, Text
from geodata.settings import Settings
from geodata.store import Store

DATA_DIR = Settings.from_env().data_dir


class Model(StrEnum):
    """What is tested."""

    footfall = "footfall"
    sites = "sites"
    vacancy = "vacancy"


def _(text: Text) -> str:
    return text.to(Settings.from_env().language)


def validate(
    model: Annotated[Model, typer.Argument(help=_(T("Footfall, branch suitability (sites) or vacancy risk.")))],
    area: Annotated[str, typer.Argument(help=_(T("A built area.")))],
    seed: Annotated[int, typer.Option(min=0, help=_(T("Start of everything random; pages show that of 0.")))] = 0,
    data: Annotated[Path, typer.Option("--data", help=_(T("Data directory.")), show_default=False)] = DATA_DIR,
    as_json: Annotated[bool, typer.Option("--json", help=_(T("One JSON document on standard output.")))] = False,
) -> None:
    """Run a test on an area. GeodataError where its data are too few for a figure."""
    from location_model.validation import reports, tables  # seconds of imports that other commands need not wait for

    stored, branches = Store(data).open(area), read_branches(data)
    messages = Console(stderr=True, markup=False, highlight=False)
    with messages.status(_(T("Testing on {name}: up to a minute …", name=stored.name))):
        report = reports.run(model.value, stored, branches, data, seed=seed)
    if as_json:
        sys.stdout.write(json.dumps(report, ensure_ascii=False, indent=2) + "\n")
        return
    language = Settings.from_env().language
    heads, rows = tables.TABLES[model.value](report, language)
    table = Table(box=box.SIMPLE)
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*map(escape, row))
    Console().print(table)
    messages.print(str(report["claim"][language]), soft_wrap=True)
