"""The commands `compare` and `relocate`: sites side by side, and the balance of a move."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import geopandas as gpd
import typer

from geodata.branches import read_branches
from geodata.errors import GeodataError
from geodata.language import T, Text, show
from geodata.settings import Settings
from geodata.store import Area, Store
from location_model.branch_market import market_of, turnover_known
from location_model.break_even import Costs
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
    write_file,
)
from location_model.compare import Comparison
from location_model.compare import compare as compare_sites
from location_model.decision import Arguments, Command
from location_model.find_site import find_site
from location_model.own_shops import shops_near
from location_model.presets import starting_profile
from location_model.profile import profile_as_json, profile_from_json
from location_model.relocate import FIGURES, PERSONS, Relocation, relocation
from location_model.report import comparison_pages
from location_model.score import score_area
from location_model.validation.statistics import Estimate

OwnShops = Annotated[Path | None, typer.Option(help=_(T("List of your own shops (XLSX or CSV).")))]
BranchOption = Annotated[str, typer.Option(help=_(T("Branch id or name; `branches` lists them.")))]


def compare(
    area: Annotated[str, typer.Argument(help=_(T("A built area.")))],
    sites: Annotated[
        list[str], typer.Argument(help=_(T("2 to 5 sites: a premises (node/1), lng,lat, an address or a hexagon.")))
    ],
    branch: BranchOption,
    rent: Annotated[
        list[str] | None, typer.Option(help=_(T("Rent of a site in euros a year, as SITE=24000; repeatable.")))
    ] = None,
    own_shops: OwnShops = None,
    decision: DecisionFile = None,
    pdf: Annotated[
        Path | None, typer.Option(help=_(T("Write it as PDF: the sites side by side, then a page a site.")))
    ] = None,
    data: Data = DATA_DIR,
    as_json: AsJson = False,
) -> None:
    """Set sites beside one another."""
    stored = Store(data).open(area)
    profile = starting_profile(stored, branch, read_branches(data)).profile
    asked = {
        "area": stored.id, "sites": sites, "profile": profile_as_json(profile), "rents": _rents(rent or []),
        "own_shops": own_shops,
    }  # fmt: skip
    if decision is not None:
        keep_decision(decision, COMPARE, asked, data)
    found = compared(asked, data)
    if pdf is not None:
        write_file(pdf, comparison_pages(found, Settings.from_env().language))
    if as_json:
        print_json(found.as_json())
    else:
        _print_comparison(found)


def relocate(
    area: Annotated[str, typer.Argument(help=_(T("A built area.")))],
    branch: BranchOption,
    start: Annotated[str, typer.Option("--from", help=_(T("The shop that moves: a premises, or an own shop's id.")))],
    to: Annotated[
        str | None, typer.Option("--to", help=_(T("Where it moves to; without it, closing alone is worked out.")))
    ] = None,
    own_shops: OwnShops = None,
    fit_out: Annotated[float | None, typer.Option(min=0, help=_(T("Fit-out, euros, once.")))] = None,
    lease_end: Annotated[float | None, typer.Option(min=0, help=_(T("Ending the lease, euros, once.")))] = None,
    rent_before: Annotated[float, typer.Option(min=0, help=_(T("Rent now, euros a year.")))] = 0.0,
    rent_after: Annotated[float, typer.Option(min=0, help=_(T("Rent there, euros a year.")))] = 0.0,
    staff_before: Annotated[float, typer.Option(min=0, help=_(T("Staff now, euros a year.")))] = 0.0,
    staff_after: Annotated[float, typer.Option(min=0, help=_(T("Staff there, euros a year.")))] = 0.0,
    margin: Annotated[
        float, typer.Option(min=0, max=1, help=_(T("Left of a euro of turnover before rent and staff, 0–1.")))
    ] = Costs.margin,
    decision: DecisionFile = None,
    data: Data = DATA_DIR,
    as_json: AsJson = False,
) -> None:
    """Work out a move."""
    stored = Store(data).open(area)
    costs = None
    if fit_out is not None or lease_end is not None:
        costs = vars(
            Costs(fit_out or 0.0, lease_end or 0.0, rent_before, rent_after, staff_before, staff_after, margin)
        )
    asked = {
        "area": stored.id, "branch": read_branches(data).get(branch).id, "from": start, "to": to,
        "own_shops": own_shops, "costs": costs,
    }  # fmt: skip
    if decision is not None:
        keep_decision(decision, RELOCATE, asked, data)
    found = relocated(asked, data)
    if as_json:
        print_json(found.as_json())
    else:
        _print_relocation(found)


def compared(arguments: Arguments, data_dir: Path) -> Comparison:
    """What `compare` is asked, worked out."""
    stored, table = Store(data_dir).open(arguments["area"]), read_branches(data_dir)
    profile = profile_from_json(arguments["profile"])
    sites = [find_site(stored, name) for name in arguments["sites"]]
    scored = score_area(stored, table, profile)
    market = None
    if turnover_known(profile.branch, data_dir):
        own = _own(stored, arguments.get("own_shops"), data_dir)
        market = market_of(stored, profile.branch, sites, data_dir, own=own).market
    rents = {find_site(stored, name).id: float(eur) for name, eur in arguments["rents"].items()}
    return compare_sites(stored, scored, sites, market, rents=rents)


def relocated(arguments: Arguments, data_dir: Path) -> Relocation:
    """What `relocate` is asked, worked out. An own shop may be named by its id in the list of own shops."""
    stored = Store(data_dir).open(arguments["area"])
    own = _own(stored, arguments.get("own_shops"), data_dir)
    listed = set() if own is None else set(own["id"].astype(str))
    sites = [find_site(stored, x) for x in (arguments["from"], arguments["to"]) if x is not None and x not in listed]
    found = market_of(stored, arguments["branch"], sites, data_dir, own=own)

    def row_id(name: str | None) -> str | None:
        return None if name is None else found.own[name] if name in found.own else find_site(stored, name).id

    start = row_id(arguments["from"]) or ""
    costs = None if arguments["costs"] is None else Costs(**arguments["costs"])
    return relocation(found.market, start, row_id(arguments["to"]), own=sorted(found.own.values()), costs=costs)


def _own(area: Area, path: str | Path | None, data_dir: Path) -> gpd.GeoDataFrame | None:
    return None if path is None else shops_near(area, Path(path), data_dir).table


def _rents(given: Sequence[str]) -> dict[str, float]:
    """SITE=EUR, as typed. GeodataError for what is not."""
    rents = {}
    for text in given:
        site, _sign, eur = text.rpartition("=")
        try:
            rents[site] = float(eur)
        except ValueError:
            site = ""
        if not site or not rents[site] >= 0:
            raise GeodataError(
                T("{text} is no rent.", text=text), where="--rent", remedy=T("Write it as node/1=24000, euros a year.")
            )
    return rents


def _told(estimate: Estimate | None, unit: str = "€ ") -> str:
    if estimate is None:
        return _(T("not known"))
    value, low, high = (
        show(round(getattr(estimate, e), -3), Settings.from_env().language) for e in ("value", "low", "high")
    )
    return _(T("{unit}{value} (between {low} and {high})", unit=unit, value=value, low=low, high=high))


def _print_comparison(found: Comparison) -> None:
    heads = (T("Place"), T("Score"), T("Turnover a year"), T("Floor area (m²)"), T("Rent share"))
    rows = []
    for s in found.sites:
        share = s.rent_share
        rows.append([
            _(s.named.site.title), "–" if s.score != s.score else f"{s.score:.0f}", _told(s.turnover),
            "–" if s.floor_area_m2 is None else f"{s.floor_area_m2:.0f}",
            "–" if share is None else f"{100 * share.value:.0f} %",
        ])  # fmt: skip
    print_table([_(h) for h in heads], rows)
    for d in found.differences:
        a, b = found.sites[d.a].named.site.title, found.sites[d.b].named.site.title
        if d.scores is not None and d.scores.ahead is None:
            say(_(T("{a} and {b}: too close to call on the score.", a=a, b=b)))
        if d.turnover is not None and not d.turnover_apart:
            say(_(T("{a} and {b}: the difference in turnover is smaller than its uncertainty.", a=a, b=b)))
    for note in found.notes:
        say(f"– {_(note)}")


LABELS: dict[str, Text] = {
    "kept_eur": T("turnover kept"),
    "lost_eur": T("turnover lost"),
    "won_eur": T("turnover won"),
    "net_eur": T("balance"),
    "own_network_eur": T("own other shops"),
    "core_eur": T("shops of the branch in the core"),
    "neighbours_eur": T("other shops of the branch near by"),
    "residents_kept": T("residents kept"),
    "residents_lost": T("residents lost"),
    "residents_won": T("residents won"),
}


def _print_relocation(found: Relocation) -> None:
    heads = [_(T("A year")), _(T("Move")), _(T("Close only"))]
    rows = [
        [_(LABELS[x]), *(_told(b[x], "€ " if x in FIGURES else "") for b in (found.balance, found.close_only))]
        for x in (*FIGURES, *PERSONS)
    ]
    print_table(heads, rows)
    if found.pays is not None:
        years = found.pays.years[0]
        say(
            _(T("It does not earn itself back."))
            if years is None
            else _(T("Earned back in about {years} years.", years=round(years, 1)))
        )
    for note in found.notes:
        say(f"– {_(note)}")


def _as_results(work: Any) -> Any:
    return lambda arguments, data_dir: work(arguments, data_dir).as_json()


def _areas(arguments: Arguments, data_dir: Path) -> Sequence[str]:
    """Every built area may be part of the demand region."""
    return (arguments["area"], *(i for i in Store(data_dir).ids() if i != arguments["area"]))


COMPARE = Command("compare", _as_results(compared), _areas, files=("own_shops",))
RELOCATE = Command("relocate", _as_results(relocated), _areas, files=("own_shops",))
