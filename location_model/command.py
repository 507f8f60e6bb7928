"""What all commands share: their options, the language they speak, and how they print."""

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from geodata.errors import GeodataError
from geodata.language import T, Text, TN
from geodata.settings import Settings
from geodata.sources.customer_postcodes import Customers
from location_model.decision import Arguments, Command, R, decide, plain, write_decision
from location_model.own_shops import OwnNetwork

DATA_DIR = Settings.from_env().data_dir
messages = Console(stderr=True, markup=False, highlight=False)
"""Messages go to standard error: a pipe gets results alone."""


def _(text: Text) -> str:
    return text.to(Settings.from_env().language)


Data = Annotated[Path, typer.Option("--data", help=_(T("Data directory.")), show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help=_(T("One JSON document on standard output.")))]

DecisionFile = Annotated[
    Path | None, typer.Option("--decision", help=_(T("Write a decision file, which `rerun` runs again.")))
]


def worked_out(command: Command[R], arguments: Arguments, data: Path, decision: Path | None) -> R:
    """The answer of a command, worked out once; where a decision file is asked for, written and what it is known by."""
    if decision is None:
        return command.work(plain(arguments), data)
    made, found = decide(command, arguments, data)
    write_decision(decision, made)
    say(_(T("Decision file written: {path}. Results: sha256 {hash}.", path=str(decision), hash=made.results_sha256)))
    return found


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole. GeodataError where it cannot be written."""
    try:
        path.write_bytes(content)
    except OSError as error:
        raise GeodataError(
            T("the file cannot be written here ({reason}).", reason=error.strerror or type(error).__name__),
            where=str(path),
            remedy=T("Check the folder, its permissions and the room on the disk."),
        ) from error
    say(_(T("Written: {path}.", path=str(path))))


def say(text: str) -> None:
    """A message, folded by the terminal and not by us."""
    messages.print(text, soft_wrap=True)


def say_rows(file: Path, *lists: pd.DataFrame) -> None:
    """The rows of a list that cannot be used, or not whole: what stands there, and why."""
    for row in pd.concat(lists).to_dict("records"):
        where = {"file": file.name, "row": row["row"], "reason": row["reason"]}
        if value := str(row["value"] or ""):
            say(_(T("{file}, row {row} ({value}): {reason}", value=value, **where)))
        else:
            say(_(T("{file}, row {row}: {reason}", **where)))


def say_customers(file: Path, given: Customers) -> None:
    """Of rows of customers that are skipped only how many, and why."""
    for reason, rows in given.skipped.groupby("reason", sort=False):
        say(_(TN("{file}: one row skipped: {reason}", "{file}: {count} rows skipped: {reason}", len(rows),
                 file=file.name, reason=reason)))  # fmt: skip


def say_network(file: Path, network: OwnNetwork, branch: str) -> None:
    """What of a list of own shops cannot be used for a branch, and why."""
    say_rows(file, network.skipped, network.doubts)
    if away := network.in_no_area:
        say(_(T("In none of the areas built: {names}", names=", ".join(away))))
    if others := network.of_other_branches(branch):
        say(_(T("Of another branch: {names}", names=", ".join(others))))


def print_json(document: object) -> None:
    """The one document on standard output."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def print_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table on standard output; a shop may be called [X]."""
    table = Table()
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*map(escape, row))
    Console().print(table)
