"""The command `suggest`: the best places for a branch, as a table or as one JSON document."""

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from geodata.branches import read_branches
from geodata.errors import GeodataError
from geodata.language import LANGUAGES, T, Text
from geodata.store import Store
from location_model.command import (
    DATA_DIR,
    AsJson,
    Data,
    DecisionFile,
    _,
    keep_decision,
    print_json,
    print_table,
    say,
    say_network,
    say_rows,
)
from location_model.decision import Arguments, Command, Results
from location_model.layers import layer_named
from location_model.learned import Learned
from location_model.own_learning import learn_from
from location_model.own_shops import built_areas, own_network, positions, shops_near
from location_model.presets import starting_profile
from location_model.profile import profile_as_json, profile_from_json
from location_model.score import score_area
from location_model.suggest import Suggestions
from location_model.suggest import suggest as suggest_sites


class Within(StrEnum):
    """Where to look for places."""

    core = "core"
    retail = "retail"
    all = "all"


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
    learn: Annotated[
        bool, typer.Option("--learn", help=_(T("Learn the weights from the turnover in the list of own shops.")))
    ] = False,
    decision: DecisionFile = None,
    data: Data = DATA_DIR,
    as_json: AsJson = False,
) -> None:
    """Suggest places as the page does. GeodataError for limits that contradict each other, and as its parts raise."""
    table = read_branches(data)
    stored = Store(data).open(area)
    start = starting_profile(stored, branch, table).profile
    limits = replace(
        start.limits, within=within.value, min_floor_area_m2=min_floor_area, max_floor_area_m2=max_floor_area,
        known_floor_area_only=known_floor_area_only,
    )  # fmt: skip
    learned = None
    if own_shops is not None and learn:
        areas = built_areas(Store(data), stored)
        network = own_network(areas, own_shops, table, data)
        say_network(own_shops, network, start.branch)
        learned = learn_from(network, areas, table, start)
        start = learned.profile
        limits = replace(limits, own_shops=positions(network.shops), min_own_distance_m=min_distance)
    elif own_shops is not None:
        own = shops_near(stored, own_shops, data)
        limits = replace(limits, own_shops=positions(own.table), min_own_distance_m=min_distance)
        say_rows(own_shops, own.skipped, own.doubts)
    elif learn:
        raise GeodataError(
            T("there is no list of own shops to learn from."), remedy=T("Give it with `--own-shops`, with a turnover.")
        )
    profile = replace(start, limits=limits)
    answer = suggest_sites(stored, score_area(stored, table, profile), n=n, vacant=vacant)
    if decision is not None:
        asked = {"area": stored.id, "profile": profile_as_json(profile), "n": n, "vacant": vacant}
        asked |= {"own_shops": own_shops, "learned": None if learned is None else learned.as_json()}
        keep_decision(decision, DECISION, asked, data)
    if as_json:
        print_json(_document(stored.id, start.branch, answer, learned))
        return
    if learned is not None:
        shown = [Text("{title} {w}", (("title", layer_named(c.layer).title), ("w", c.weight))) for c in start.criteria]
        say(_(learned.claim))
        say(_(T("Weights: {weights}", weights=", ".join(map(_, shown)))))
    print_table(
        [_(head) for head in (T("Rank"), T("Place"), T("Score"), T("What we know"), T("Why"))],
        [[str(s.rank), _(s.site.title), f"{s.score:.0f}", _(s.coverage_told), _(s.why)] for s in answer.sites],
    )
    for note in answer.notes:
        say(f"– {_(note)}")


def _document(area: str, branch: str, answer: Suggestions, learned: Learned | None) -> dict[str, object]:
    return {
        "area": area,
        "branch": branch,
        "within": answer.within,
        "sites": [s.as_json() for s in answer.sites],
        "notes": [_(note) for note in answer.notes],
        **({} if learned is None else {"learned": learned.as_json()}),
    }


def _again(arguments: Arguments, data_dir: Path) -> Results:
    """The places for the profile as it was decided on, weights learned and own shops placed back then."""
    stored, table = Store(data_dir).open(arguments["area"]), read_branches(data_dir)
    profile = profile_from_json(arguments["profile"])
    scored = score_area(stored, table, profile)
    answer = suggest_sites(stored, scored, n=arguments["n"], vacant=arguments["vacant"])
    notes = [{language: note.to(language) for language in LANGUAGES} for note in answer.notes]
    return {**_document(stored.id, profile.branch, answer, None), "notes": notes}


DECISION = Command("suggest", _again, areas=lambda arguments, _data: [arguments["area"]], files=("own_shops",))
