"""The command `own`: which of a retailer's own shops should move."""

from pathlib import Path
from typing import Annotated

import typer

from geodata.branches import read_branches
from geodata.errors import GeodataError
from geodata.language import T, show
from geodata.settings import Settings
from geodata.store import Area, Store
from location_model.command import DATA_DIR, AsJson, Data, DecisionFile, _, print_json, print_table, say, worked_out
from location_model.decision import Arguments, Command
from location_model.own_shops import built_areas, own_network
from location_model.validation.statistics import Estimate
from location_model.which_to_move import ShopGaps, which_to_move


def own(
    own_shops: Annotated[Path, typer.Option(help=_(T("List of your own shops (XLSX or CSV), with their turnover.")))],
    branch: Annotated[str, typer.Option(help=_(T("Branch id or name; `branches` lists them.")))],
    areas: Annotated[
        list[str] | None, typer.Argument(help=_(T("Built areas to look in; every one without any.")), metavar="AREA")
    ] = None,
    decision: DecisionFile = None,
    data: Data = DATA_DIR,
    as_json: AsJson = False,
) -> None:
    """Rank own shops by actual minus expected turnover."""
    stored = _stored(areas or [], data)
    asked = {
        "areas": [area.id for area in stored], "branch": read_branches(data).get(branch).id, "own_shops": own_shops
    }  # fmt: skip
    found = worked_out(OWN, asked, data, decision)
    for row, reason in found.not_placed:
        say(_(T("{file}, row {row}: {reason}", file=own_shops.name, row=row, reason=reason)))
    if as_json:
        print_json(found.as_json())
    else:
        _print(found)


def judged(arguments: Arguments, data_dir: Path) -> ShopGaps:
    """What `own` is asked, worked out; own shops in other areas help to fit the model."""
    store = Store(data_dir)
    areas = [store.open(name) for name in arguments["areas"]]
    others = [area for area in built_areas(store, areas[0]) if area.id not in arguments["areas"]]
    network = own_network([*areas, *others], Path(arguments["own_shops"]), read_branches(data_dir), data_dir)
    return which_to_move(network, areas, arguments["branch"], data_dir)


def _stored(names: list[str], data: Path) -> list[Area]:
    """The areas named, or every one that can be opened. GeodataError without any."""
    store = Store(data)
    if names:
        return list({area.id: area for area in map(store.open, names)}.values())
    if not store.ids():
        raise GeodataError(T("no area has been built yet."), remedy=T("Build it first with `build`."))
    return built_areas(store, store.open(store.ids()[0]))


def _print(found: ShopGaps) -> None:
    language = Settings.from_env().language

    def euros(value: float | None) -> str:
        return "–" if value is None else show(round(value, -3), language)

    def between(estimate: Estimate | None) -> str:
        if estimate is None:
            return "–"
        return _(T("{value} (between {low} and {high})", **{e: euros(getattr(estimate, e)) for e in _ENDS}))

    heads = (T("Shop"), T("Turnover (€)"), T("Expected (€)"), T("Gap (€)"), T("Verdict"))
    rows = [[s.name, euros(s.actual), between(s.expected), between(s.gap), _(s.verdict)] for s in found.shops]
    print_table([_(head) for head in heads], rows)
    if found.in_no_area:
        say(_(T("In none of the areas built: {names}", names=", ".join(found.in_no_area))))
    if found.not_asked:
        say(_(T("In an area that was not asked for: {names}", names=", ".join(found.not_asked))))
    if found.of_other_branches:
        say(_(T("Of another branch: {names}", names=", ".join(found.of_other_branches))))
    for note in found.notes:
        say(f"– {_(note)}")


_ENDS = ("value", "low", "high")
OWN = Command(
    "own",
    judged,
    ShopGaps.as_json,
    lambda arguments, data_dir: (
        *arguments["areas"],
        *(i for i in Store(data_dir).ids() if i not in arguments["areas"]),
    ),
    files=("own_shops",),
)
