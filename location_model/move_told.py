"""What a move says, in the app, on paper and on the command line: its figures by title, its answer in a sentence."""

from collections.abc import Callable, Mapping

from geodata.language import T, Text
from location_model.break_even import BreakEven
from location_model.relocate import Relocation
from location_model.validation.statistics import Estimate

TITLES: dict[str, Text] = {
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
"""Of `FIGURES` and `PERSONS`."""
MOST_YEARS = 50
"""Beyond these nobody signs a lease: how many more it takes is not told. A choice of ours."""


def ways(found: Relocation, place: str) -> list[tuple[Text, Mapping[str, Estimate]]]:
    """The cases in the order in which they are set side by side, each with what it is called. place: moved to.

    Three of them, or two where nothing moves.
    """
    moved = [] if found.move.to is None else [(T("Move to {place}", place=place), found.balance)]
    return [(T("Do nothing"), found.do_nothing), *moved, (T("Close only"), found.close_only)]


def shown(found: Relocation) -> list[str]:
    """The figures in euros that say something: of other own shops only where there are any."""
    return [name for name in TITLES if name.endswith("_eur") and (name != "own_network_eur" or found.move.own)]


def signed(name: str, estimate: Estimate) -> Estimate:
    """What is lost counts below zero."""
    return estimate if name != "lost_eur" else Estimate(-estimate.value, -estimate.high, -estimate.low)


def headline(found: Relocation, place: str, euros: Callable[[float], str]) -> Text:
    """The balance in a sentence; that it is not sure where the interval holds zero. euros: how an amount is written."""
    net = found.balance["net_eur"]
    if found.move.same:
        return T("This is where the shop is: nothing changes.")
    eur, between = euros(abs(net.value)), T("between {low} and {high}", low=euros(net.low), high=euros(net.high))
    if found.move.to is None:
        lost = T("between {low} and {high}", low=euros(abs(net.high)), high=euros(abs(net.low)))
        return T("Closing costs {eur} of turnover a year ({range}).", eur=eur, range=lost)
    values = {"place": place, "eur": eur}
    if round(net.value) == 0:
        return T("Moving to {place} may bring more or less turnover: the balance is {range}.",
                 place=place, range=between)  # fmt: skip
    if net.low < 0 < net.high and net.value > 0:
        return T("Moving to {place} probably brings {eur} a year more turnover, but that is not certain: it may also "
                 "be {other} less.", **values, other=euros(-net.low))  # fmt: skip
    if net.low < 0 < net.high:
        return T("Moving to {place} probably costs {eur} of turnover a year, but that is not certain: it may also "
                 "bring {other} more.", **values, other=euros(net.high))  # fmt: skip
    if net.value > 0:
        return T("Moving to {place} brings {eur} a year more turnover (balance {range}).", **values, range=between)
    return T("Moving to {place} costs {eur} of turnover a year (balance {range}).", **values, range=between)


def earned_back(pays: BreakEven) -> Text:
    """In how many years, from the soonest to the latest."""
    value, soonest, latest = pays.years
    if soonest is None:
        return T("The move never earns itself back, not even with the highest turnover that may be expected.")
    if pays.costs.once_eur <= 0:
        return T("There is nothing to earn back: nothing is paid once. What counts is what is left a year.")
    if soonest > MOST_YEARS:
        return T("Even with the highest turnover that may be expected, the move takes {years} to earn itself back.",
                 years=years(soonest))  # fmt: skip
    if value is None:
        return T("The move probably never earns itself back; at the very best after {soonest}.", soonest=years(soonest))
    middle = T("about {years}", years=years(value)) if value <= MOST_YEARS else years(value)
    last = T("perhaps never") if latest is None else T("at the latest after {years}", years=years(latest))
    return T("Earned back in {years}: at the soonest after {soonest}, {last}.",
             years=middle, soonest=years(soonest), last=last)  # fmt: skip


def years(number: float) -> Text:
    """A number of years, as far as `MOST_YEARS`."""
    if number > MOST_YEARS:
        return T("more than {years} years", years=MOST_YEARS)
    return T("{years} years", years=round(number, 1))
