"""How to get the figures of a page again: the address of the page in the app, or the command, complete."""

import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from geodata import hexgrid
from geodata.language import T, TN
from geodata.store import Area
from location_model.break_even import PAIRS, Costs
from location_model.compare import Comparison
from location_model.decision import app_version
from location_model.find_site import NamedSite
from location_model.relocate import Relocation
from location_model.report.words import Words

Lists = Mapping[str, str]
"""The names of the retailer's own files that figures rest on, by argument of the command (`own_given.FILES`)."""

OPTIONS = {
    "fit_out_eur": "--fit-out", "lease_end_eur": "--lease-end", "rent_before_eur": "--rent-before",
    "rent_after_eur": "--rent-after", "staff_before_eur": "--staff-before", "staff_after_eur": "--staff-after",
    "margin": "--margin",
}  # fmt: skip
"""Of `relocate`, by field of `Costs`."""


def again(area: Area, lines: Sequence[Sequence[str]], lists: Lists, words: Words) -> dict[str, Any]:
    """What the page says of it. lines: an address or a command each, in words that are not broken."""
    values = {
        "app": app_version() or "–", "area": area.name, "version": area.version,
        "day": words.day(str(area.manifest["built_at"])),
    }  # fmt: skip
    told = [words(T("With Kernwijzer {app} and {area} as built on {day} (version {version}):", **values))]
    if lists:
        told.insert(0, words(TN(
            "These figures rest on your own list {files} as well. It is not in this PDF: give it along again.",
            "These figures rest on your own lists {files} as well. They are not in this PDF: give them along again.",
            len(lists), files=words.listed(list(lists.values())),
        )))  # fmt: skip
    return {"head": words(T("How to get the same figures again")), "told": " ".join(told), "lines": lines}


def compare_command(found: Comparison, lists: Lists) -> list[str]:
    """The command that sets the same sites beside one another, with the standard weights."""
    named = [_named(s.named) for s in found.sites]
    rents = [
        f"--rent={name}={s.rent_given:.10g}"
        for name, s in zip(named, found.sites, strict=True)
        if s.rent_given is not None
    ]
    floors = [
        f"--floor-area={name}={s.floor_area_m2:.10g}"
        for name, s in zip(named, found.sites, strict=True) if s.named.floor_area_given
    ]  # fmt: skip
    apart = ["--"] if any(name.startswith("-") for name in named) else []  # west of Greenwich, no option
    asked = [f"--branch={found.branch}", *rents, *floors, *_options(lists)]
    words = [*asked, *apart, *named] if apart else [*named, *asked]
    return _command("compare", found.area, words)


def relocate_command(found: Relocation, start: str, to: str | None, lists: Lists) -> list[str]:
    """The command that works out the same move. start, to: as they were asked for."""
    market = found.move.market
    ends = [f"--from={start}", *([] if to is None else [f"--to={to}"])]
    costs = {} if found.pays is None else vars(found.pays.costs)
    usual = vars(Costs())
    typed = [f"{OPTIONS[x]}={v:.10g}" for x, v in costs.items() if v != usual[x] or any(x in pair for pair in PAIRS)]
    size = [] if found.floor_area_m2 is None else [f"--floor-area={found.floor_area_m2:.10g}"]
    words = [f"--branch={market.habits.branch}", *ends, *size, *_options(lists), *typed]
    return _command("relocate", market.region.area, words)


def _command(name: str, area: Area, words: Sequence[str]) -> list[str]:
    return [shlex.quote(x) for x in ["python", "-m", "location_model", name, area.id, *words]]


def _options(lists: Lists) -> list[str]:
    return [f"--{argument.replace('_', '-')}={name}" for argument, name in lists.items()]


def _named(site: NamedSite) -> str:
    """A name that finds the same point again: the premises, the hexagon in its middle, else the coordinates."""
    if site.site.premises_id:
        return site.site.premises_id
    point = f"{site.site.lng:.6f},{site.site.lat:.6f}"
    (lng,), (lat,) = hexgrid.centres([site.site.cell])
    return site.site.cell if f"{lng:.6f},{lat:.6f}" == point else point
