"""The command `rerun`: a decision file again, and what is not as it was."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from geodata.errors import GeodataError
from geodata.language import LANGUAGES, T, TN
from location_model.command import DATA_DIR, AsJson, Data, _, print_json, print_table, say
from location_model.compared import COMPARE
from location_model.decision import Command
from location_model.own_cli import OWN
from location_model.relocated import RELOCATE
from location_model.rerun import Rerun
from location_model.rerun import rerun as run_again
from location_model.suggested import DECISION as SUGGEST

COMMANDS: tuple[Command[Any], ...] = (SUGGEST, COMPARE, RELOCATE, OWN)
"""All that can be run again; a command with `--decision` adds itself here."""
SHOWN = 20


def rerun(
    file: Annotated[Path, typer.Argument(help=_(T("A decision file, as `--decision` wrote it.")))],
    data: Data = DATA_DIR,
    as_json: AsJson = False,
) -> None:
    """Run a decision file again. GeodataError when it cannot be read, or the results are not the same."""
    answer = run_again(file, data, COMMANDS)
    if as_json:
        print_json(_document(answer))
    for change in answer.changes:
        say(f"– {_(change.text)}")
    if answer.failed is not None:
        raise answer.failed
    if answer.same:
        say(_(T("The same results: sha256 {hash}.", hash=answer.results_sha256)))
        return
    if not as_json:
        _show_differences(answer)
    raise GeodataError(
        TN(
            "the results are not the same: one value differs.",
            "the results are not the same: {count} values differ.",
            len(answer.differences),
        ),
        where=str(file),
        remedy=T("What changed is named above.") if answer.changes
        else T("No input changed: check whether the program did."),
    )  # fmt: skip


def _show_differences(answer: Rerun) -> None:
    shown = answer.differences[:SHOWN]
    heads = (T("Where"), T("In the file"), T("Now"))
    print_table([_(head) for head in heads], [[d.path, _short(d.old), _short(d.new)] for d in shown])
    if left := len(answer.differences) - len(shown):
        say(_(TN("One more; `--json` gives it.", "{count} more; `--json` gives them.", left)))


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:59]}…"


def _document(answer: Rerun) -> dict[str, Any]:
    return {
        "command": answer.decision.command,
        "same": answer.same,
        "results_sha256": answer.decision.results_sha256,
        "rerun_sha256": answer.results_sha256,
        "changed_inputs": [
            {"kind": c.kind, "name": c.name, "old": c.old, "new": c.new, "text": {x: c.text.to(x) for x in LANGUAGES}}
            for c in answer.changes
        ],
        "differences": [{"path": d.path, "change": d.change, "old": d.old, "new": d.new} for d in answer.differences],
        "failed": None if answer.failed is None else {x: answer.failed.text(x) for x in LANGUAGES},
        "results": answer.results,
    }
