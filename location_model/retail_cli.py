"""The commands `compare` and `relocate`: sites side by side, and the balance of a move."""

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from geodata.branches import read_branches
from geodata.errors import GeodataError
from geodata.language import T, show
from geodata.settings import Settings
from geodata.sources.values import MOST_EUR
from geodata.store import Area, Store
from location_model.break_even import Costs, half_known
from location_model.command import (
    DATA_DIR,
    AsJson,
    Data,
    DecisionFile,
    _,
    print_json,
    print_table,
    say,
    say_customers,
    say_network,
    worked_out,
    write_file,
)
from location_model.compare import Compared, Comparison
from location_model.compared import COMPARE
from location_model.find_site import find_site
from location_model.move_told import TITLES, earned_back
from location_model.own_given import FILES, OwnGiven
from location_model.own_shops import network_around
from location_model.presets import starting_profile
from location_model.profile import profile_as_json
from location_model.relocate import FIGURES, PERSONS, Relocation
from location_model.relocated import RELOCATE
from location_model.report import comparison_pages, move_pages
from location_model.report.again import OPTIONS
from location_model.validation.statistics import Estimate

MOST_M2 = 1_000_000.0
OwnShops = Annotated[Path | None, typer.Option(help=_(T("List of your own shops (XLSX or CSV).")))]
CustomersOption = Annotated[
    Path | None, typer.Option("--customers", help=_(T("Postcodes of customers by own shop, to fit the model to.")))
]
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
    floor_area: Annotated[
        list[str] | None, typer.Option(help=_(T("Sales floor area of a site in m², as SITE=120; repeatable.")))
    ] = None,
    own_shops: OwnShops = None,
    customers: CustomersOption = None,
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
        "area": stored.id, "sites": sites, "profile": profile_as_json(profile),
        "rents": _by_site(rent or [], _no_rent, MOST_EUR),
        "floor_areas": _by_site(floor_area or [], _no_floor_area, MOST_M2, zero=False), "own_shops": own_shops,
        "customers": customers,
    }  # fmt: skip
    answer = worked_out(COMPARE, asked, data, decision)
    found = answer.found
    _say_given(answer.given, stored, profile.branch, own_shops, customers)
    if pdf is not None:
        write_file(pdf, comparison_pages(found, Settings.from_env().language, lists=_lists(own_shops, customers)))
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
    floor_area: Annotated[
        float | None, typer.Option(min=1, max=MOST_M2, help=_(T("Sales floor area of the new place, m².")))
    ] = None,
    own_shops: OwnShops = None,
    customers: CustomersOption = None,
    fit_out: Annotated[float | None, typer.Option(min=0, help=_(T("Fit-out, euros, once.")))] = None,
    lease_end: Annotated[float | None, typer.Option(min=0, help=_(T("Ending the lease, euros, once.")))] = None,
    rent_before: Annotated[float | None, typer.Option(min=0, help=_(T("Rent now, euros a year.")))] = None,
    rent_after: Annotated[float | None, typer.Option(min=0, help=_(T("Rent there, euros a year.")))] = None,
    staff_before: Annotated[float | None, typer.Option(min=0, help=_(T("Staff now, euros a year.")))] = None,
    staff_after: Annotated[float | None, typer.Option(min=0, help=_(T("Staff there, euros a year.")))] = None,
    margin: Annotated[
        float | None, typer.Option(min=0, max=1, help=_(T("Left of a euro of turnover before rent and staff, 0–1.")))
    ] = None,
    decision: DecisionFile = None,
    pdf: Annotated[Path | None, typer.Option(help=_(T("Write it as PDF, on two pages.")))] = None,
    data: Data = DATA_DIR,
    as_json: AsJson = False,
) -> None:
    """Work out a move."""
    stored = Store(data).open(area)
    typed = {
        "fit_out_eur": fit_out, "lease_end_eur": lease_end, "rent_before_eur": rent_before,
        "rent_after_eur": rent_after, "staff_before_eur": staff_before, "staff_after_eur": staff_after,
        "margin": margin,
    }  # fmt: skip
    if any(amount is not None for amount in typed.values()):
        typed |= _listed_rents(typed, stored, start, to, own_shops)
    kind = read_branches(data).get(branch).id
    asked = {
        "area": stored.id, "branch": kind, "from": start, "to": to, "own_shops": own_shops, "customers": customers,
        "costs": _costs(typed), "floor_area_m2": floor_area,
    }  # fmt: skip
    answer = worked_out(RELOCATE, asked, data, decision)
    found = answer.found
    _say_given(answer.given, stored, kind, own_shops, customers)
    if pdf is not None:
        spoken, lists = Settings.from_env().language, _lists(own_shops, customers)
        write_file(pdf, move_pages(found, start, to, spoken, lists=lists))
    if as_json:
        print_json(found.as_json())
    else:
        _print_relocation(found)


def _by_site(
    given: Sequence[str], wrong: Callable[[str], GeodataError], most: float, *, zero: bool = True
) -> dict[str, float]:
    """SITE=NUMBER, as typed; wrong: what to raise for what is not, or is above `most`. zero: whether a 0 is, too."""
    found = {}
    for text in given:
        site, _sign, typed = text.rpartition("=")
        try:
            number = float(typed)
        except ValueError:
            number = math.nan
        if not site or not 0 <= number <= most or (number == 0 and not zero):
            raise wrong(text)
        found[site] = number
    return found


def _no_rent(text: str) -> GeodataError:
    remedy = T("Write it as node/1=24000, euros a year.")
    return GeodataError(T("{text} is no rent.", text=text), where="--rent", remedy=remedy)


def _no_floor_area(text: str) -> GeodataError:
    remedy = T("Write it as node/1=120, in m², above 0.")
    return GeodataError(T("{text} is no floor area.", text=text), where="--floor-area", remedy=remedy)


def _lists(own_shops: Path | None, customers: Path | None) -> dict[str, str]:
    """The retailer's own files by argument, as they were named."""
    named = zip(FILES, (own_shops, customers), strict=True)
    return {argument: str(path) for argument, path in named if path is not None}


def _costs(typed: Mapping[str, float | None]) -> dict[str, float] | None:
    """The fields of `Costs`, where one of them is typed. GeodataError for what is no amount, and for half a pair."""
    given = {name: amount for name, amount in typed.items() if amount is not None}
    if not all(math.isfinite(amount) for amount in given.values()):
        raise GeodataError(T("an amount that was given is not finite."), remedy=T("Give euros as a number."))
    if any(amount > MOST_EUR for amount in given.values()):
        what = T("an amount that was given is too large: at most {most} euros are read.", most=round(MOST_EUR))
        raise GeodataError(what, remedy=T("Give euros as a number."))
    if pair := half_known(given):
        one, other = (OPTIONS[name] for name in sorted(pair, key=lambda name: name not in given))
        raise GeodataError(
            T("one of the two amounts is missing: {given} counts only beside {missing}.", given=one, missing=other),
            where=other, remedy=T("Give both, or neither."),
        )  # fmt: skip
    return vars(Costs(**given)) if given else None


def _listed_rents(
    typed: Mapping[str, float | None], area: Area, start: str, to: str | None, own_shops: Path | None
) -> dict[str, float]:
    """Both rents of a move, those not typed from the list of own shops and from what is asked; none unless both are."""
    now, there = typed["rent_before_eur"], typed["rent_after_eur"]
    if now is not None and there is not None:
        return {}
    rents: dict[str, float] = {}
    if own_shops is not None:
        shops = network_around(area, own_shops, area.data_dir).shops
        rents = dict(zip(shops["id"].astype(str), shops["rent_eur_per_year"].astype(float), strict=True))
    now = rents.get(start) if now is None else now
    if there is None and to is not None:
        there = rents[to] if to in rents else find_site(area, to).site.rent_eur_per_year
    if now is None or there is None or math.isnan(now + there):
        return {}
    eur = {name: show(round(rent), Settings.from_env().language) for name, rent in (("now", now), ("there", there))}
    say(_(T("Rent a year: € {now} now, € {there} there; what was not typed is from a list.", **eur)))
    return {"rent_before_eur": now, "rent_after_eur": there}


def _say_given(given: OwnGiven, area: Area, branch: str, own_shops: Path | None, customers: Path | None) -> None:
    """What of the retailer's own lists cannot be used, and why."""
    if own_shops is not None and given.network is not None:
        say_network(own_shops, given.network, branch)
        if given.shops is None:
            say(_(T("No shop of the list lies in or near {area}.", area=area.name)))
    if customers is not None and given.read is not None:
        say_customers(customers, given.read)
        if (lost := given.not_on_record) is not None:
            say(f"{customers.name}: {_(lost)}")
        if given.not_listed:
            say(_(T("Not in the list of own shops: {names}", names=", ".join(given.not_listed))))


def _told(estimate: Estimate | None, *, digits: int = -3, unit: str = "€ ") -> str:
    """The value and its interval, rounded to so many digits; without an interval the value alone."""
    if estimate is None:
        return _(T("not known"))
    value, low, high = (
        show(round(getattr(estimate, e), digits), Settings.from_env().language) for e in ("value", "low", "high")
    )
    if low == high:
        return f"{unit}{value}"
    return _(T("{unit}{value} (between {low} and {high})", unit=unit, value=value, low=low, high=high))


def _floor_area(site: Compared) -> str:
    if site.floor_area_m2 is None:
        return "–"
    m2 = f"{site.floor_area_m2:.0f}"
    return _(T("{m2}, given by you", m2=m2)) if site.named.floor_area_given else m2


def _print_comparison(found: Comparison) -> None:
    heads = (T("Place"), T("Score"), T("Turnover a year"), T("Floor area (m²)"), T("Rent share"))
    rows = []
    for s in found.sites:
        share = s.rent_share
        rows.append([
            _(s.named.site.title), "–" if s.score != s.score else f"{s.score:.0f}", _told(s.turnover),
            _floor_area(s),
            "–" if share is None else f"{100 * share.value:.0f} %",
        ])  # fmt: skip
    print_table([_(h) for h in heads], rows)
    for d in found.differences:
        a, b = found.sites[d.a].named.site.title, found.sites[d.b].named.site.title
        if d.scores is not None and d.scores.ahead is None:
            say(_(T("{a} and {b}: too close to call on the score.", a=a, b=b)))
        if d.turnover is not None and not d.turnover_apart:
            say(_(T("{a} and {b}: the difference in turnover is smaller than its uncertainty.", a=a, b=b)))
        if (both := d.both_right) is not None:
            say(_(both.told(*(found.sites[i].named.site.title for i in (both.scored, both.sold)))))
    for note in found.notes:
        say(f"– {_(note)}")


def _print_relocation(found: Relocation) -> None:
    heads = [_(T("A year")), _(T("Do nothing")), _(T("Move")), _(T("Close only"))]
    ways = (found.do_nothing, found.balance, found.close_only)
    rows = [[_(TITLES[x]), *(_told(b[x]) for b in ways)] for x in FIGURES]
    rows += [[_(TITLES[x]), *(_told(b[x], digits=-1, unit="") for b in ways)] for x in PERSONS]
    print_table(heads, rows)
    if found.pays is not None:
        say(_(earned_back(found.pays)))
    for note in found.notes:
        say(f"– {_(note)}")
