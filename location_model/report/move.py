"""A move as PDF: what it does beside doing nothing and closing; then its parts, and what it rests on."""

import datetime
import math
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from geodata import hexgrid
from geodata.language import T, Text, TN
from location_model import move_told
from location_model.break_even import BreakEven
from location_model.demand import ENOUGH_KNOWN
from location_model.move_parts import OtherShop, end_titles, neighbourhoods, other_shops, others_together
from location_model.move_told import TITLES
from location_model.relocate import PERSONS, Relocation
from location_model.report.again import Lists, again, relocate_command
from location_model.report.move_map import drawn, move_map
from location_model.report.paper import compiled, paper
from location_model.report.sources import source_lines
from location_model.report.words import Words, sentence
from location_model.validation.statistics import Estimate

NO_LISTS: Lists = {}
MOST_NEIGHBOURHOODS, MOST_SHOPS = 8, 6
MAP_TALL = 0.8
LESS, MORE, KEPT = "#f1953e", "#9482be", "#bcc0c2"
Cells = dict[str, Any]


def move_pages(
    found: Relocation,
    start: str,
    to: str | None,
    language: str,
    *,
    made_on: datetime.date | None = None,
    address: str = "",
    lists: Lists = NO_LISTS,
) -> bytes:
    """Two A4 pages as PDF: the answer, the cases beside one another and when it pays; the parts and what it rests on.

    start, to: as they were asked for. made_on: the day on the page, today unless given. address: of the page in the
    app that shows the same. lists: the retailer's own files that the figures rest on.
    """
    words, area = Words(language), found.move.market.region.area
    a, b = (None if title is None else words(title) for title in end_titles(found.move))
    place = words(T("the new place")) if b is None else b
    told = {
        "title": words(T("What does closing do?") if b is None else T("Does moving pay?")),
        "under": a or "" if b is None else words(T("from {start} to {place}", start=a, place=place)),
    }
    table = neighbourhoods(found.move)
    numbered = int((table["net_eur"].abs().head(MOST_NEIGHBOURHOODS) >= 1).sum())
    lines = [*([[address]] if address else []), relocate_command(found, start, to, lists)]
    first = {
        "kind": "move", **told,
        "told": words(move_told.headline(found, place, words.euros)),
        "map": drawn(move_map(found.move, table, numbered, tall=MAP_TALL), 1 if b is None else 2, numbered, words),
        "pays": _pays(found.pays, words),
        "cases": _cases(found, place, words),
    }  # fmt: skip
    second = {
        "kind": "move-parts", **told,
        "neighbourhoods": _neighbourhoods(table, numbered, words),
        "shops": _shops(other_shops(found.move), bool(lists), words),
        "sure": {"head": words(T("How sure this is")), "told": _sure(found, words)},
        "notes": {"head": words(T("Assumed, and not known")), "told": _notes(found, words)},
        "sources": {"head": words(T("Sources")), "told": source_lines(area, words)},
        "again": again(area, lines, lists, words),
    }  # fmt: skip
    return compiled(paper(area, found.move.market.habits.branch, [first, second], words, made_on))


def _range(estimate: Estimate, told: Callable[[float], str], words: Words) -> str:
    low, high = told(estimate.low), told(estimate.high)
    return "" if low == high else words.between(low, high)


def _cases(found: Relocation, place: str, words: Words) -> dict[str, Any]:
    """A row a figure, a column a case; euros as bars on one scale, persons as they are."""
    ways = move_told.ways(found, place)
    names = move_told.shown(found)
    signed = [{name: move_told.signed(name, balance[name]) for name in names} for _way, balance in ways]
    every = [estimate for case in signed for estimate in case.values()]
    low, high = min(0.0, *(e.low for e in every)), max(0.0, *(e.high for e in every))
    rows = [
        {"title": sentence(words(TITLES[name])), "strong": name == "net_eur",
         "cells": [_euros(name, case[name], low, high, words) for case in signed]}
        for name in names
    ]  # fmt: skip
    rows += [
        {"title": sentence(words(TITLES[name])), "strong": False,
         "cells": [_cell(balance[name], words.amount, words) for _way, balance in ways]}
        for name in PERSONS
    ]  # fmt: skip
    return {
        "head": words(T("What changes in a year")),
        "heads": [words(way) for way, _balance in ways],
        "rows": rows,
        "note": words(T("Euros of turnover a year. A bar runs from zero to the figure, all on one scale; the line over "
                        "it is the interval in which four in five such values lie.")),
    }  # fmt: skip


def _cell(estimate: Estimate, told: Callable[[float], str], words: Words) -> Cells:
    return {"value": told(estimate.value), "range": _range(estimate, told, words), "bar": None, "strong": False}


def _euros(name: str, e: Estimate, low: float, high: float, words: Words) -> Cells:
    cell = _cell(e, words.euros, words) | {"strong": name == "net_eur"}
    if e.low == e.value == e.high == 0:
        return cell
    whole = (high - low) or 1.0
    begin, end, zero, first, last = (
        (x - low) / whole for x in (min(0.0, e.value), max(0.0, e.value), 0.0, e.low, e.high)
    )
    colour = KEPT if name == "kept_eur" else LESS if e.value < 0 else MORE
    return cell | {
        "bar": {"begin": begin, "end": end, "zero": zero, "low": first, "high": last, "colour": colour}
    }  # fmt: skip


def _pays(pays: BreakEven | None, words: Words) -> dict[str, Any]:
    """What was typed, what is left of it a year, and when it has paid for itself."""
    head = words(T("When it has paid for itself"))
    if pays is None:
        told = words(T("Not worked out: what it costs was not given, or not both now and there."))
        return {"head": head, "told": told, "rows": [], "range": "", "note": ""}
    costs = pays.costs
    typed: list[tuple[Text, str]] = [
        (T("Fit-out, once"), words.paid(costs.fit_out_eur)),
        (T("Ending the lease, once"), words.paid(costs.lease_end_eur)),
        (T("Rent a year, now → there"), _now_there(costs.rent_before_eur, costs.rent_after_eur, words)),
        (T("Staff a year, now → there"), _now_there(costs.staff_before_eur, costs.staff_after_eur, words)),
        (T("Margin before rent and staff"), words.percent(costs.margin)),
    ]
    rows = [{"label": words(label), "value": value, "strong": False} for label, value in typed]
    yearly = pays.yearly_eur
    left = words(T("Left a year on top of now, after rent and staff"))
    rows.append({"label": left, "value": words.euros(yearly.value), "strong": True})
    note = T(
        "Typed, or taken from a list; an amount that was left blank counts as 0. The interval follows that of turnover."
    )
    return {"head": head, "told": words(move_told.earned_back(pays)), "rows": rows,
            "range": _range(yearly, words.euros, words), "note": words(note)}  # fmt: skip


def _now_there(now: float, there: float, words: Words) -> str:
    return f"{words.paid(now)} → {words.paid(there)}"


def _column(title: Text | str, *, text: bool = False, wide: bool = False) -> dict[str, Any]:
    return {"title": title, "words": text, "wide": wide}


def _neighbourhoods(table: pd.DataFrame, numbered: int, words: Words) -> dict[str, Any]:
    """The largest changes, then all others together, then their sum."""
    moves = bool(table["km_there"].notna().any())
    heads: list[tuple[Text, bool]] = [
        (T("Neighbourhood"), True), (T("Residents"), False), (T("km (now)"), False),
        *([(T("km (new)"), False)] if moves else []), (T("kept"), False), (T("lost"), False), (T("won"), False),
        (T("balance"), False),
    ]  # fmt: skip
    columns = [_column("", text=True), *(_column(words(h), text=text, wide=text) for h, text in heads)]

    def row(number: str, named: str, part: pd.DataFrame, *, strong: bool = False) -> dict[str, Any]:
        one = len(part) == 1 and not strong
        away = ["km_now", *(["km_there"] if moves else [])]
        km = [words.tenths(float(part[x].iloc[0])) if one else "" for x in away]
        eur = [words.euros(float(part[x].sum())) for x in ("kept_eur", "lost_eur", "won_eur", "net_eur")]
        return {"strong": strong, "cells": [number, named, words.amount(float(part["residents"].sum())), *km, *eur]}

    rows = [
        row(str(i + 1), sentence(words(table["named"].iloc[i])), table.iloc[[i]]) for i in range(numbered)
    ]  # fmt: skip
    if len(rest := table.iloc[numbered:]):
        others = words(TN("one other neighbourhood", "{count} other neighbourhoods", len(rest)))
        rows.append(row("", sentence(others), rest))
    rows.append(row("", words(T("Together")), table, strong=True))
    km2 = float(hexgrid.areas_m2(table["cell"].tolist()).mean()) / 1e6 if len(table) else math.nan
    note = T("Hexagons of about {km2} km² with the numbers of the map, called after a street in their middle; euros of "
             "turnover a year, as assumed; as the crow flies.", km2=round(km2, 1))  # fmt: skip
    return {
        "head": words(T("Where turnover is kept, lost and won")), "told": "", "columns": columns, "rows": rows,
        "note": words(note),
    }  # fmt: skip


def _shops(shops: Sequence[OtherShop], listed: bool, words: Words) -> dict[str, Any]:
    """Own other shops, then those of the branch near the old and the new place: the first of each, the rest in one."""
    heads = (
        T("Shop"), T("Whose"), T("In the core"), T("Now, modelled"), T("Change a year"), T("80 % interval"),
    )  # fmt: skip
    columns = [_column(words(h), text=i < 3, wide=i == 0) for i, h in enumerate(heads)]
    own = [shop for shop in shops if shop.own]

    def row(shop: OtherShop) -> dict[str, Any]:
        return {"strong": shop.own, "cells": [
            _shop(shop, shops, words), words(T("own") if shop.own else T("of others")),
            words(T("yes") if shop.in_core else T("no")), words.euros(shop.before.value),
            words.euros(shop.change.value), _range(shop.change, words.euros, words),
        ]}  # fmt: skip

    rows = []
    for group, whose in ((own, T("own")), ([shop for shop in shops if not shop.own], T("of others"))):
        first = [shop for shop in group if shop.in_core is not None][:MOST_SHOPS]
        rows += [row(shop) for shop in first]
        if rest := group[len(first) :]:
            title = sentence(words(others_together(sum(shop.count for shop in rest))))
            sums = [words.euros(sum(getattr(shop, part).value for shop in rest)) for part in ("before", "change")]
            rows.append({"strong": rest[0].own, "cells": [title, words(whose), "", *sums, ""]})
    none = T("None of your other shops lies near enough to count.") if listed else T(
        "No list of own shops was given: what the move takes from them is not in these figures."
    )  # fmt: skip
    told = "" if own else words(none)
    head = words(T("Own other shops and shops of the branch within 250 m of the old or the new place"))
    return {"head": head, "told": told, "columns": columns, "rows": rows, "note": ""}


def _shop(shop: OtherShop, shops: Sequence[OtherShop], words: Words) -> str:
    """Its name; its address too where several are called so."""
    name = shop.name or words(T("a shop without a name"))
    alike = sum(other.name == shop.name for other in shops) > 1
    return f"{name}, {shop.address}" if alike and shop.address else name


def _sure(found: Relocation, words: Words) -> list[str]:
    net, known = found.balance["net_eur"], found.move.market.region.known
    told = [T("Two worlds are set side by side in one market, with and without the move: what is uncertain in both "
              "cancels out, and the same place gives exactly zero.")]  # fmt: skip
    if found.move.to is not None and not found.move.same:
        told.append(
            T("The interval of the balance holds zero: on turnover alone nobody can say whether moving brings more.")
            if net.low <= 0 <= net.high
            else T("The whole interval of the balance lies on one side of zero.")
        )
    if found.move.own:
        together = found.together
        between = words.between(words.euros(together.low), words.euros(together.high))
        told.append(T("With your other shops counted along, the balance is {eur} a year ({range}).",
                      eur=words.euros(together.value), range=between))  # fmt: skip
    if known >= ENOUGH_KNOWN:
        told.append(T("Of the ground within 15 km {share} % is known.", share=round(100 * known)))
    return [words(text) for text in told]


def _notes(found: Relocation, words: Words) -> list[str]:
    area, region = found.move.market.region.area, found.move.market.region
    told = [words(T("Turnover is modelled, not surveyed; intervals hold four times in five."))]
    told += [sentence(words(note)) for note in (*found.notes, *region.notes)]
    told += [sentence(note[words.language]) for note in area.manifest["notes"]]
    if area.sample:
        told.insert(0, words(T("Sample data: Testerep is an invented region.")))
    return told
