"""The commands and their options. Each calls the same function, with the same arguments, as a page does."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from geodata.branches import read_branches
from geodata.build import Progress as Report
from geodata.build import build as build_area
from geodata.errors import GeodataError
from geodata.language import T, TN, show
from geodata.request import BuildRequest
from geodata.settings import Settings
from geodata.store import Area, Store
from location_model.command import AsJson, Data, _, messages, print_json, print_table, say
from location_model.layers import all_layers
from location_model.own_cli import own
from location_model.rerun_cli import rerun
from location_model.retail_cli import compare, relocate
from location_model.retention_cli import retention
from location_model.sales_cli import sales
from location_model.suggest_cli import suggest
from location_model.validate_cli import validate

SETTINGS = Settings.from_env()

app = typer.Typer(
    help=_(T("Kernwijzer: location decisions for retail in town cores.")),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
File = Annotated[Path | None, typer.Option(show_default=False)]


@contextmanager
def _progress() -> Iterator[Report]:
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=messages, transient=True) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda share, text: bar.update(task, completed=share, description=_(text))


def _explain_area(area: Area, as_json: bool) -> None:
    manifest = area.manifest
    document = {
        "area": area.id, "name": area.name, "version": area.version, "cells": len(area.grid),
        "premises": int(area.tables.premises["in_study"].sum()), "core_basis": area.study.core_basis,
        "seconds": manifest["seconds"], "sources": manifest["sources"], "notes": manifest["notes"],
    }  # fmt: skip
    if as_json:
        print_json(document)
        return
    counted = {"cells": document["cells"], "premises": document["premises"]}
    say(_(T("{name}: {cells} hexagons, {premises} premises.", name=area.name, **counted)))
    for source in manifest["sources"]:
        if source["skipped"]:
            skipped = TN(
                "{source}: one row skipped; `areas --json` or the data page lists it.",
                "{source}: {count} rows skipped; `areas --json` or the data page lists them.",
                len(source["skipped"]), source=", ".join(source["files"]) or source["id"],
            )  # fmt: skip
            say(_(skipped))
        if source["doubts"]:
            unused = TN(
                "{source}: one value not used; `areas --json` or the data page lists it.",
                "{source}: {count} values not used; `areas --json` or the data page lists them.",
                len(source["doubts"]), source=", ".join(source["files"]) or source["id"],
            )  # fmt: skip
            say(_(unused))
    for note in manifest["notes"]:
        say(f"– {note[SETTINGS.language]}")
    for source in manifest["sources"]:
        for note in source["notes"]:
            if note not in manifest["notes"]:
                say(f"– {', '.join(source['files'])}: {note[SETTINGS.language]}")


@app.command(help=_(T("Build a study area from its source files.")))
def build(
    area: Annotated[str, typer.Argument(help=_(T("Name of the municipality or area.")))],
    osm: Annotated[
        list[Path] | None, typer.Option(help=_(T("OpenStreetMap extract (.osm.pbf, .osm, .osm.gz); repeatable.")))
    ] = None,
    gtfs: Annotated[list[Path] | None, typer.Option(help=_(T("Timetable (GTFS zip); repeatable.")))] = None,
    population: Annotated[Path | None, typer.Option(help=_(T("Residents: GeoTIFF grid or polygons.")))] = None,
    residents: Annotated[
        int | None, typer.Option(min=1, help=_(T("Residents of the municipality, spread over its dwellings.")))
    ] = None,
    municipalities: Annotated[Path | None, typer.Option(help=_(T("Polygons of municipalities.")))] = None,
    core_areas: Annotated[Path | None, typer.Option(help=_(T("Polygons of core shopping areas.")))] = None,
    retail_areas: Annotated[Path | None, typer.Option(help=_(T("Polygons of retail areas.")))] = None,
    premises: Annotated[
        Path | None, typer.Option(help=_(T("Your own list of premises (XLSX or CSV); replaces OpenStreetMap's.")))
    ] = None,
    vacancies: Annotated[Path | None, typer.Option(help=_(T("Your vacancy list (XLSX or CSV).")))] = None,
    addresses: Annotated[Path | None, typer.Option(help=_(T("Address file with coordinates (CSV).")))] = None,
    counts: Annotated[list[Path] | None, typer.Option(help=_(T("Pedestrian counts (CSV); repeatable.")))] = None,
    markets: Annotated[Path | None, typer.Option(help=_(T("Weekly markets (CSV).")))] = None,
    boundary: Annotated[Path | None, typer.Option(help=_(T("Polygon of the area itself.")))] = None,
    data: Data = SETTINGS.data_dir,
    as_json: AsJson = False,
) -> None:
    request = BuildRequest(
        area, tuple(osm or ()), tuple(gtfs or ()), population, residents, municipalities, core_areas, retail_areas,
        premises, vacancies, addresses, tuple(counts or ()), markets, boundary,
    )  # fmt: skip
    with _progress() as progress:
        built = build_area(request, replace(SETTINGS, data_dir=data), progress=progress)
    _explain_area(built, as_json)


@app.command(help=_(T("Write Testerep's source files and build its areas.")))
def sample(data: Data = SETTINGS.data_dir, as_json: AsJson = False) -> None:
    from location_model.sample import build_sample

    with _progress() as progress:
        built = build_sample(replace(SETTINGS, data_dir=data), progress=progress)
    if as_json:
        print_json({"areas": [{"area": a.id, "name": a.name, "version": a.version} for a in built]})
    for area in built:
        say(_(T("{name}: {cells} hexagons (sample data).", name=area.name, cells=len(area.grid))))


@app.command(help=_(T("List the areas that have been built.")))
def areas(data: Data = SETTINGS.data_dir, as_json: AsJson = False) -> None:
    store = Store(data)
    found: list[Area] = []
    faults: list[GeodataError] = []
    for i in store.ids():
        try:
            area = store.open(i)
            found += [area] if len(area.grid) else []
        except GeodataError as error:
            faults.append(error)
    if as_json:
        print_json(
            [
                {
                    "area": a.id, "name": a.name, "version": a.version, "sample": a.sample, "cells": len(a.grid),
                    "sources": a.manifest["sources"], "notes": a.manifest["notes"],
                }
                for a in found
            ]
        )  # fmt: skip
    elif not found and not faults:
        say(_(T("No area has been built yet. Start with `sample` or `build`.")))
    else:
        print_table(
            [_(head) for head in (T("Area"), T("Name"), T("Hexagons"), T("Built"))],
            [[a.id, a.name, show(len(a.grid), SETTINGS.language), a.manifest["built_at"][:10]] for a in found],
        )
    for fault in faults:
        say(fault.text(SETTINGS.language))


@app.command(help=_(T("List the layers of the grid.")))
def layers(data: Data = SETTINGS.data_dir, as_json: AsJson = False) -> None:
    if as_json:
        print_json(
            [
                {
                    "name": x.name,
                    "title": _(x.title),
                    "unit": _(x.unit),
                    "method": _(x.method),
                    "per_branch": x.per_branch,
                }
                for x in all_layers()
            ]
        )
    else:
        print_table(
            [_(head) for head in (T("Layer"), T("Title"), T("Unit"))],
            [[x.name, _(x.title), _(x.unit)] for x in all_layers()],
        )


@app.command(help=_(T("List the branches.")))
def branches(data: Data = SETTINGS.data_dir, as_json: AsJson = False) -> None:
    table = read_branches(data).branches
    if as_json:
        print_json(
            [
                {
                    "id": b.id,
                    "name": dict(b.names),
                    "main_branch": dict(b.main),
                    "group": dict(b.group),
                    "goods": b.goods,
                }
                for b in table
            ]
        )
    else:
        rows = [
            [b.id, b.name(SETTINGS.language), dict(b.main)[SETTINGS.language], dict(b.group)[SETTINGS.language]]
            for b in table
        ]
        print_table([_(head) for head in (T("Branch"), T("Name"), T("Main branch"), T("Group"))], rows)


app.command(help=_(T("Suggest the best places for a branch.")))(suggest)
app.command(help=_(T("Set 2 to 5 sites beside one another.")))(compare)
app.command(help=_(T("Work out the balance of a move, or of closing.")))(relocate)
app.command(help=_(T("Which own shop should move: actual minus expected turnover.")))(own)
app.command(help=_(T("Modelled local spending retention by goods group.")))(retention)
app.command(help=_(T("Set your own sales beside what was to be expected.")))(sales)
app.command(help=_(T("Run a decision file again: the same results, or what differs.")))(rerun)
app.command(help=_(T("Test a model on an area, beside simpler ones, and say what may be claimed.")))(validate)


@app.command(help=_(T("Verify what is stored, and say what to build again.")))
def check(data: Data = SETTINGS.data_dir, as_json: AsJson = False) -> None:
    store = Store(data)
    faults = {i: fault for i in store.ids() if (fault := store.verify(i))}
    if as_json:
        print_json({"areas": store.ids(), "faults": {i: _(f) for i, f in faults.items()}})
    for i, fault in faults.items():
        say(f"{i}: {_(fault)}")
    if faults:
        raise GeodataError(
            TN("One area is damaged.", "{count} areas are damaged.", len(faults)),
            where=str(data),
            remedy=T("Build again: {areas}.", areas=", ".join(faults)),
        )
    say(_(T("All stored areas are whole.")))
