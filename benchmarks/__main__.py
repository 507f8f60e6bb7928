"""`python -m benchmarks [--only GROUP …] [--peers PYTHON]`: measure, print a table, write results.json."""

import argparse
import importlib
import json
import traceback
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.measure import Result

GROUPS = ("reach", "flow", "score", "robustness", "demand", "build", "app")
RESULTS = Path(__file__).with_name("results.json")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--only", nargs="+", choices=GROUPS, default=GROUPS, help="groups to measure; the rest keeps its figures"
    )
    parser.add_argument("--peers", type=Path, help="the Python in which benchmarks/requirements.txt is installed")
    asked = parser.parse_args()
    console = Console()
    if not console.is_terminal:
        console.width = 200  # a log, not a window
    results: list[Result] = []
    for group in asked.only:
        try:
            for result in importlib.import_module(f"benchmarks.{group}").measure(asked.peers):
                console.print(f"[dim]{result.name}: {_figure(result.ours)} {result.unit}[/dim]")
                results.append(result)
        except Exception:  # one group that breaks leaves the others' figures whole
            console.print(f"[red]The group {group} broke off[/red]\n{traceback.format_exc()}", markup=True)
    console.print(_table(results))
    _write(results, keep=set(asked.only) != set(GROUPS))
    console.print(f"Written to {RESULTS}")


def _write(results: list[Result], *, keep: bool) -> None:
    rows = {r.name: r.record() for r in results}
    if keep and RESULTS.exists():
        rows = {row["name"]: row for row in json.loads(RESULTS.read_text(encoding="utf-8"))} | rows
    RESULTS.write_text(json.dumps(list(rows.values()), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _table(results: list[Result]) -> Table:
    table = Table("figure", "unit", "ours", "reference", "by", "ratio", "target", "met", title="Benchmarks")
    for r in results:
        sign = "≤" if r.target.better == "lower" else "≥"
        target = f"{'ratio ' if r.target.on == 'ratio' else ''}{sign} {r.target.value:g}"
        met = {True: "[green]yes[/green]", False: "[red]no[/red]", None: "[yellow]not measured[/yellow]"}[r.met]
        by = r.why or ("" if r.reference_kind == "none" else r.reference_kind)
        table.add_row(r.name, r.unit, _figure(r.ours), _figure(r.reference), by, _figure(r.ratio), target, met)
    return table


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"


if __name__ == "__main__":
    main()
