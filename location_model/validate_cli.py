"""The command `validate`: a test of a model on an area, its figures beside simpler ones, and what may be claimed."""

from enum import StrEnum
from typing import Annotated

import typer

from geodata.branches import read_branches
from geodata.language import T
from geodata.settings import Settings
from geodata.store import Store
from location_model.command import DATA_DIR, AsJson, Data, _, messages, print_json, print_table, say


class Model(StrEnum):
    """What is tested."""

    footfall = "footfall"
    sites = "sites"
    vacancy = "vacancy"


def validate(
    model: Annotated[Model, typer.Argument(help=_(T("Footfall, branch suitability (sites) or vacancy risk.")))],
    area: Annotated[str, typer.Argument(help=_(T("A built area.")))],
    seed: Annotated[int, typer.Option(min=0, help=_(T("Start of everything random; pages show that of 0.")))] = 0,
    data: Data = DATA_DIR,
    as_json: AsJson = False,
) -> None:
    """Run a test on an area. GeodataError where its data are too few for a figure."""
    from location_model.validation import reports, tables  # seconds of imports that other commands need not wait for

    stored, branches = Store(data).open(area), read_branches(data)
    with messages.status(_(T("Testing on {name}: up to a minute …", name=stored.name))):
        report = reports.run(model.value, stored, branches, data, seed=seed)
    if as_json:
        print_json(report)
        return
    language = Settings.from_env().language
    print_table(*tables.TABLES[model.value](report, language))
    say(str(report["claim"][language]))
