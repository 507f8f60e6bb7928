"""The command `suggest`: the best places for a branch, as a table or as one JSON document."""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from geodata.branches import BranchTable, read_branches
from geodata.errors import GeodataError
from geodata.language import T, Text, show
from geodata.settings import Settings
from geodata.store import Area, Store
from location_model.command import (
    DATA_DIR,
    AsJson,
    Data,
    DecisionFile,
    _,
    print_json,
    print_table,
    say,
    say_network,
    worked_out,
)
from location_model.depot import find_depot
from location_model.hours import read_hours
from location_model.layers import layer_named
from location_model.learned import Learned
from location_model.look_alikes import Best
from location_model.own_learning import learn_from
from location_model.own_shops import near, network_around, own_network, positions
from location_model.portfolio import Portfolio
from location_model.presets import preset, starting_profile
from location_model.profile import ScoringProfile, profile_as_json
from location_model.suggested import DECISION, Answer, all_areas
from location_model.validation.statistics import Estimate

OWN_DISTANCE_M = 500.0


class Within(StrEnum):
    """Where to look for places."""

    core = "core"
    retail = "retail"
    all = "all"


def suggest(
    areas: Annotated[
        list[str], typer.Argument(help=_(T("A built area; several are ranked together.")), metavar="AREA")
    ],
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
    max_rent: Annotated[float | None, typer.Option(min=0, help=_(T("Highest rent in euros a year.")))] = None,
    known_rent_only: Annotated[
        bool, typer.Option("--known-rent-only", help=_(T("Leave out vacant units whose rent is not known.")))
    ] = False,
    own_shops: Annotated[
        Path | None, typer.Option(help=_(T("List of your own shops (XLSX or CSV), to keep a distance from.")))
    ] = None,
    min_distance: Annotated[
        float | None,
        typer.Option(
            min=0,
            help=_(
                T(
                    "Least distance to your own shops in metres, as the crow flies: 500 unless given. If given, also "
                    "between the places of a portfolio."
                )
            ),
        ),
    ] = None,
    learn: Annotated[
        bool, typer.Option("--learn", help=_(T("Learn the weights from the turnover in the list of own shops.")))
    ] = False,
    portfolio: Annotated[
        int | None, typer.Option(min=1, help=_(T("So many places at once that together take in the most.")))
    ] = None,
    like_best: Annotated[
        int | None, typer.Option(min=1, help=_(T("Look-alikes of so many of your own shops, the best ones.")))
    ] = None,
    best_by: Annotated[Best, typer.Option(help=_(T("What makes a shop one of the best.")))] = Best.turnover,
    depot: Annotated[
        str | None, typer.Option(help=_(T("Your atelier or depot: lng,lat or an address; with --max-drive.")))
    ] = None,
    max_drive: Annotated[
        float | None, typer.Option(min=0, help=_(T("At most so many minutes' drive from it.")))
    ] = None,
    hours: Annotated[
        str | None, typer.Option(help=_(T("The hours that matter, as Mo-Fr 06:00-09:00; the branch's unless given.")))
    ] = None,
    decision: DecisionFile = None,
    data: Data = DATA_DIR,
    as_json: AsJson = False,
) -> None:
    """Suggest places as the page does. GeodataError for limits that contradict each other, and as its parts raise."""
    table = read_branches(data)
    stored, not_built = _opened(areas, data)
    start = _start(stored, branch, table)
    limits = replace(
        start.limits, within=within.value, min_floor_area_m2=min_floor_area, max_floor_area_m2=max_floor_area,
        known_floor_area_only=known_floor_area_only, max_rent_eur_per_year=max_rent, known_rent_only=known_rent_only,
        max_drive_minutes=max_drive,
        depot=None if depot is None else find_depot(all_areas(stored, data), depot),
    )  # fmt: skip
    if own_shops is None and (learn or like_best):
        raise GeodataError(
            T("there is no list of own shops to learn from."), remedy=T("Give it with `--own-shops`, with a turnover.")
        )
    learned = None
    if own_shops is not None:
        at, learned = _own(own_shops, stored, start, table, data, learn=learn, several=len(areas) > 1)
        limits = replace(
            limits, own_shops=at, min_own_distance_m=OWN_DISTANCE_M if min_distance is None else min_distance
        )
    profile = replace(start if learned is None else learned.profile, limits=limits)
    if hours is not None:
        read_hours(hours)
        profile = replace(profile, hours=hours)
    asked: dict[str, Any] = {"area": stored[0].id}
    if len(areas) > 1:
        asked = {"areas": [area.id for area in stored], "not_built": not_built}
    asked |= {"profile": profile_as_json(profile), "n": n, "vacant": vacant, "own_shops": own_shops}
    asked |= {"learned": None if learned is None else learned.as_json()}
    asked |= {} if portfolio is None else {"portfolio": portfolio, "apart_m": min_distance or 0.0}
    asked |= {} if like_best is None else {"like_best": like_best, "best_by": best_by.value}
    answer = worked_out(DECISION, asked, data, decision)
    if as_json:
        print_json({**answer.as_json(_), **({} if learned is None else {"learned": learned.as_json()})})
    else:
        _print(answer, learned)


def _opened(names: Sequence[str], data: Path) -> tuple[list[Area], list[str]]:
    """The areas that are built, each once, and the names of the others, said. GeodataError when none is built."""
    found: dict[str, Area] = {}
    faults: dict[str, GeodataError] = {}
    for name in names:
        try:
            area = Store(data).open(name)
            found[area.id] = area
        except GeodataError as error:
            faults[name] = error
    if not found:
        raise next(iter(faults.values()))
    for fault in faults.values():
        say(fault.text(Settings.from_env().language))
    return list(found.values()), list(faults)


def _start(areas: Sequence[Area], branch: str, table: BranchTable) -> ScoringProfile:
    """The starting profile of the areas; where they have different ones, that of the branch: one scale for all."""
    profiles = [starting_profile(area, branch, table).profile for area in areas]
    return profiles[0] if all(p == profiles[0] for p in profiles) else preset(branch, table).profile


def _own(
    file: Path,
    areas: Sequence[Area],
    start: ScoringProfile,
    table: BranchTable,
    data: Path,
    *,
    learn: bool,
    several: bool,
) -> tuple[tuple[tuple[float, float], ...], Learned | None]:
    """Where the own shops are, and what they teach; shops of every built area count where several areas do."""
    if not learn and not several:
        around = network_around(areas[0], file, data)
        say_network(file, around, start.branch)
        return positions(near(around.shops, areas[0])), None
    built = all_areas(areas, data)
    network = own_network(built, file, table, data)
    say_network(file, network, start.branch)
    return positions(network.shops), learn_from(network, built, table, start) if learn else None


def _print(answer: Answer, learned: Learned | None) -> None:
    if learned is not None:
        criteria = learned.profile.criteria
        shown = [Text("{title} {w}", (("title", layer_named(c.layer).title), ("w", c.weight))) for c in criteria]
        say(_(learned.claim))
        say(_(T("Weights: {weights}", weights=", ".join(map(_, shown)))))
    names = {area.id: area.name for area in answer.areas}
    heads: tuple[Text, ...] = (T("Rank"), T("Place"), T("Score"), T("What we know"), T("Why"))
    rows = [
        (area, [str(s.rank), _(s.site.title), f"{s.score:.0f}", _(s.coverage_told), _(s.why)])
        for area, s in answer.sites
    ]
    if any(s.site.rent_eur_per_year is not None for _area, s in answer.sites):
        heads = (*heads[:2], T("Rent a year"), *heads[2:])
        for (_area, row), (_same, s) in zip(rows, answer.sites, strict=True):
            row.insert(2, _rent(s.site.rent_eur_per_year))
    if answer.several:
        print_table(_all(T("Area"), *heads), [[names[area], *row] for area, row in rows])
    else:
        print_table(_all(*heads), [row for _area, row in rows])
    if answer.alike is not None:
        alike = [[str(x.place.rank), names[area], _(x.place.site.title), _(x.told)] for area, x in answer.alike]
        print_table(_all(T("Rank"), T("Area"), T("Place"), T("Like your best shops")), alike)
    if answer.together is not None:
        _print_portfolio(answer.together)
    for note in answer.notes:
        say(f"– {_(note)}")


def _rent(eur: float | None) -> str:
    return "–" if eur is None else f"€ {show(round(eur), Settings.from_env().language)}"


def _print_portfolio(found: Portfolio) -> None:
    heads = (T("Place"), T("Turnover a year"), T("If it came alone"))
    pairs = zip(found.sites, found.turnover, found.alone, strict=True)
    print_table(_all(*heads), [[_(s.site.title), _euros(beside), _euros(alone)] for s, beside, alone in pairs])
    say(_(T("Together: {eur}.", eur=_euros(found.served))))
    say(_(T("Taken from one another: {eur}.", eur=_euros(found.from_one_another))))
    if found.from_own is not None:
        say(_(T("Taken from your own shops: {eur}.", eur=_euros(found.from_own))))
    for note in found.notes:
        say(f"– {_(note)}")


def _euros(estimate: Estimate) -> str:
    language = Settings.from_env().language
    ends = {end: f"€ {show(round(getattr(estimate, end), -3), language)}" for end in ("value", "low", "high")}
    return _(T("{value} (between {low} and {high})", **ends))


def _all(*texts: Text) -> list[str]:
    return [_(text) for text in texts]
