"""The command `sales`: own sales set against passers-by, floor area, the model and the own other shops."""

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from geodata.branches import read_branches
from geodata.language import T, show
from geodata.settings import Settings
from geodata.sources.customer_postcodes import read_customer_postcodes
from geodata.sources.sales import SalesReading, read_entries, read_sales
from geodata.store import Store
from location_model.command import DATA_DIR, AsJson, Data, _, print_json, print_table, say, say_customers
from location_model.own_sales import own_sales
from location_model.own_shops import built_areas, own_network
from location_model.sales import Sales
from location_model.sales_figure import Figure
from location_model.sales_shop import ShopSales

BESIDE = {"own_shops": "own-shops", "entries": "entries", "customers": "customers"}
"""The lists that are found by themselves where they lie beside the sales, by these names (.csv or .xlsx)."""


def sales(
    area: Annotated[str, typer.Argument(help=_(T("A built area.")))],
    file: Annotated[Path, typer.Argument(help=_(T("Turnover and tickets by shop and day or month (XLSX or CSV).")))],
    own_shops: Annotated[
        Path | None, typer.Option(help=_(T("List of your own shops; own-shops.csv beside the file otherwise.")))
    ] = None,
    customers: Annotated[
        Path | None, typer.Option(help=_(T("Postcodes of customers by shop; customers.csv beside the file otherwise.")))
    ] = None,
    entries: Annotated[
        Path | None, typer.Option(help=_(T("Store entries by shop and day; entries.csv beside the file otherwise.")))
    ] = None,
    branch: Annotated[
        str | None, typer.Option(help=_(T("Branch of the shops of which the list does not say it.")))
    ] = None,
    data: Data = DATA_DIR,
    as_json: AsJson = False,
) -> None:
    """Read the lists, analyse and print. Nothing is stored."""
    stored, branches = Store(data).open(area), read_branches(data)
    read = read_sales(file)
    _say_rows(file, read)
    doors = None
    if counted := _list(file, "entries", entries):
        doors = read_entries(counted)
        _say_rows(counted, doors)
    areas = [a for a in built_areas(Store(data), stored) if a.sample == stored.sample]
    own = None
    if shops := _list(file, "own_shops", own_shops):
        network = own_network(areas, shops, branches, data)
        own = network.shops
        for row in pd.concat([network.skipped, network.doubts]).to_dict("records"):
            say(_(T("{file}, row {row}: {reason}", file=shops.name, row=row["row"], reason=row["reason"])))
        if branch is not None:
            own = own.assign(branch=own["branch"].fillna(branches.get(branch).id))
    else:
        say(_(T("Without a list of own shops (--own-shops) there is no floor area, footfall or expected turnover.")))
    lives = None
    if homes := _list(file, "customers", customers):
        lives = read_customer_postcodes(homes)
        say_customers(homes, lives)
    found = own_sales(read, areas, data, entries=doors, own=own, customers=lives)
    if as_json:
        print_json({"area": stored.id, "file": file.name, **found.as_json(), "skipped": _skipped(read)})
        return
    _print(found)


def _list(file: Path, kind: str, given: Path | None) -> Path | None:
    """The list that was given, else the one beside the sales; which one is said."""
    if given is not None:
        return given
    for ending in (".csv", ".xlsx"):
        beside = file.with_name(BESIDE[kind] + ending)
        if beside.exists() and beside != file:
            say(_(T("Read along: {file}", file=str(beside))))
            return beside
    return None


def _say_rows(file: Path, read: SalesReading) -> None:
    """The first rows that are not used, and how many more."""
    rows = pd.concat([read.skipped, read.doubts]).to_dict("records")
    for row in rows[:20]:
        say(_(T("{file}, row {row}: {reason}", file=file.name, row=row["row"], reason=row["reason"])))
    if len(rows) > 20:
        say(_(T("{file}: and {count} more rows; --json lists them.", file=file.name, count=len(rows) - 20)))
    for note in read.notes:
        say(f"– {_(note)}")


def _skipped(read: SalesReading) -> list[dict[str, object]]:
    rows = pd.concat([read.skipped, read.doubts]).to_dict("records")
    return [{"row": int(r["row"]), "field": r["field"], "value": r["value"], "reason": _(r["reason"])} for r in rows]


def _print(found: Sales) -> None:
    heads = (
        T("Shop"), T("Turnover a year"), T("Expected by the model"), T("As your other shops"), T("€ a m²"),
        T("Capture rate (%)"), T("Trend (% a year)"),
    )  # fmt: skip
    print_table([_(head) for head in heads], [_row(shop) for shop in found.shops])
    for shop in found.shops:
        told = [*shop.suggests, *shop.notes, *([shop.more] if shop.more else [])]
        for text in told:
            say(f"– {shop.name}: {_(text)}")
    if found.not_listed:
        say(_(T("Not in the list of own shops: {names}", names=", ".join(found.not_listed))))


def _row(shop: ShopSales) -> list[str]:
    figures = (shop.year, shop.expected, shop.peers, shop.sold_per_m2, shop.capture, shop.pattern.trend)
    return [shop.name, *map(_figure, figures)]


def _figure(figure: Figure) -> str:
    """The value and its interval in three digits, or why there is none."""
    if not figure.known:
        return _(figure.basis)
    language = Settings.from_env().language
    value, low, high = (show(float(f"{x:.3g}"), language) for x in (figure.value, figure.low, figure.high))
    return value if low == high else _(T("{value} (between {low} and {high})", value=value, low=low, high=high))
