"""A move as a workbook: the cases side by side, neighbourhoods, shops, what was typed and what it rests on."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pyproj

from geodata.language import T, Text
from location_model import move_told
from location_model.move_parts import neighbourhoods, other_shops, others_together
from location_model.move_told import MOST_YEARS, TITLES
from location_model.relocate import Relocation
from location_model.spending import DECAY, EUR, EXPONENT, QUANTITIES, UNITS
from location_model.spending import TITLES as HABITS
from location_model.validation.statistics import Estimate
from pages.ui.language import _
from pages.ui.sheets import PERCENT, TEXT, WHOLE, Book, Figure, write

YEAR = T("€ a year")
FITTED = T("fitted to your own shops")


class Asked(NamedTuple):
    """A cost as it was asked: its label and unit in words, the value (None = left blank), and where it comes from."""

    label: Text
    value: float | None
    source: Text
    share: bool = False


def workbook(found: Relocation, place: str, costs: Sequence[Asked], asked: Mapping[str, object]) -> bytes:
    """place: moved to, as it is called. costs: what was asked. asked: what was chosen, by its label in words."""
    area = found.move.market.region.area
    book = Book(area)
    _cases(book, found, place)
    _neighbourhoods(book, found)
    _shops(book, found)
    _break_even(book, found, costs)
    book.choices(asked)
    _assumed(book, found)
    notes = [*found.notes, *found.move.market.region.notes]
    book.sources([_(T("Modelled, not surveyed.")), *(_(note) for note in notes)])
    return book.done()


def _basis(found: Relocation) -> Text:
    """What the euros and residents come from."""
    market = found.move.market
    if market.assumed.fitted is not None:
        return T("modelled, fitted to your own shops")
    return T("modelled, on proxies") if market.habits.proxy(EUR) else T("modelled, on spending with a source")


def _cases(book: Book, found: Relocation, place: str) -> None:
    ways, basis = move_told.ways(found, place), _basis(found)
    columns = {_(way): _(T("Move") if balance is found.balance else way) for way, balance in ways}
    rows = [
        Figure(title, YEAR if name.endswith("_eur") else T("persons"), WHOLE, [b[name] for _way, b in ways], basis)
        for name, title in TITLES.items()
        if name in move_told.shown(found) or not name.endswith("_eur")
    ]
    if found.move.own:
        both = [found.together if balance is found.balance else None for _way, balance in ways]
        rows.append(Figure(T("balance with own other shops"), YEAR, WHOLE, both, basis))
    book.figures(T("Move"), columns, rows)


def _neighbourhoods(book: Book, found: Relocation) -> None:
    """All of them, the largest change first."""
    table = neighbourhoods(found.move)
    crs = found.move.market.region.area.study.crs
    lng, lat = pyproj.Transformer.from_crs(crs, 4326, always_xy=True).transform(table["x"], table["y"])
    heads: list[tuple[Text, str]] = [
        (T("Neighbourhood"), TEXT), (T("H3 cell"), TEXT), (T("Residents"), WHOLE),
        (T("Distance from the shop now (km)"), "0.0"), (T("Distance from the new place (km)"), "0.0"),
        (T("Turnover kept (€ a year)"), WHOLE), (T("Turnover lost (€ a year)"), WHOLE),
        (T("Turnover won (€ a year)"), WHOLE), (T("Balance (€ a year)"), WHOLE),
        (T("Longitude (°)"), "0.0000"), (T("Latitude (°)"), "0.0000"),
    ]  # fmt: skip
    sheet = book.sheet(T("Neighbourhoods"), [_(h) for h, _form in heads], [34, 18, *(9 * [14])], frozen=1)
    styles = [book.style(form) for _head, form in heads]
    columns = ["residents", "km_now", "km_there", "kept_eur", "lost_eur", "won_eur", "net_eur"]
    for at, row in enumerate(table.assign(lng=lng, lat=lat).to_dict("records"), start=1):
        values = [_(row["named"]), row["cell"], *(row[c] for c in [*columns, "lng", "lat"])]
        for column, (value, style) in enumerate(zip(values, styles, strict=True)):
            write(sheet, at, column, value, style)


def _shops(book: Book, found: Relocation) -> None:
    """Own other shops, then the neighbours."""
    low, high = _(T("low")), _(T("high"))
    now, change = _(T("Turnover now, modelled (€ a year)")), _(T("Change (€ a year)"))
    heads = [
        _(T("Shop")),
        _(T("Address")),
        _(T("Whose")),
        _(T("In the core")),
        now,
        low,
        high,
        change,
        low,
        high,
        _(T("Where from")),
    ]
    sheet = book.sheet(T("Other shops"), heads, [34, 30, 14, 12, *(6 * [14]), 34], frozen=1)
    euro = book.style(WHOLE)
    for at, shop in enumerate(other_shops(found.move), start=1):
        whose, core = T("own") if shop.own else T("of others"), T("yes") if shop.in_core else T("no")
        told = [shop.name or _(T("a shop without a name")), shop.address, _(whose), _(core)]
        if shop.in_core is None:
            told = [_(others_together(shop.count)), None, _(whose), None]
        sheet.write_row(at, 0, told)
        write(sheet, at, 4, shop.before, euro)
        write(sheet, at, 7, shop.change, euro)
        sheet.write_string(at, 10, _(_basis(found)))


def _break_even(book: Book, found: Relocation, costs: Sequence[Asked]) -> None:
    """What was typed, then what it yields a year and in how many years it is earned back."""
    heads = [_(T("Figure")), _(T("Value")), _(T("low")), _(T("high")), _(T("Where from"))]
    sheet = book.sheet(T("Break-even"), heads, [44, 16, 16, 16, 60], frozen=1)
    euro, percent, years = (book.style(form) for form in ("#,##0.##", PERCENT, "0.0"))
    for at, asked in enumerate(costs, start=1):
        sheet.write_string(at, 0, _(asked.label))
        write(sheet, at, 1, asked.value, percent if asked.share else euro)
        sheet.write_string(at, 4, _(asked.source))
    at = len(costs) + 2
    if found.pays is None:
        none = T("Not worked out: what it costs was not given, or not both now and there.")
        sheet.write_string(at, 0, _(none))
        return
    whole = book.style(WHOLE)
    sheet.write_string(at, 0, _(T("Left a year on top of now (€)")))
    write(sheet, at, 1, found.pays.yearly_eur, whole)
    sheet.write_string(at, 4, _(T("margin × change in turnover, own other shops with it, − extra rent − extra staff")))
    sheet.write_string(at + 1, 0, _(T("Years until it is earned back")))
    for column, value in enumerate(found.pays.years, start=1):
        told = _(T("never")) if value is None else value if value <= MOST_YEARS else _(move_told.years(value))
        write(sheet, at + 1, column, told, years)
    told = T("once ÷ left a year; low is the soonest, high the latest; the interval follows that of turnover")
    sheet.write_string(at + 1, 4, _(told))


def _assumed(book: Book, found: Relocation) -> None:
    """What residents spend and how far they go: each value with its source, and the one that was used."""
    market = found.move.market
    habits, assumed = market.habits, market.assumed
    used = {
        EUR: habits.eur_per_resident_year * assumed.spend_factor, DECAY: assumed.decay_per_minute,
        EXPONENT: assumed.size_exponent,
    }  # fmt: skip
    ranges = {EUR: assumed.spend_range, DECAY: assumed.decay_range}
    heads = [T("Assumption"), T("Unit"), T("In the table"), T("Used here"), T("low"), T("high"), T("Where from")]
    sheet = book.sheet(T("Assumptions"), [_(h) for h in heads], [38, 26, 14, 14, 12, 12, 60], frozen=1)
    style = book.style("0.###")
    for at, quantity in enumerate(QUANTITIES, start=1):
        table = float(getattr(habits, quantity))
        value = used.get(quantity, table)
        ends = (math.nan, math.nan)
        if quantity in ranges:
            ends = (value / ranges[quantity], value * ranges[quantity])
        elif quantity == EXPONENT:
            ends = (max(value - assumed.exponent_range, 0.0), value + assumed.exponent_range)
        sheet.write_row(at, 0, [_(HABITS[quantity]), _(UNITS[quantity])])
        write(sheet, at, 2, table, style)
        write(sheet, at, 3, Estimate(value, *ends), style)
        fitted = assumed.fitted is not None and not math.isclose(value, table)
        proxy = T("proxy: an order of magnitude of ours")
        source = _(FITTED) if fitted else _(proxy) if habits.proxy(quantity) else habits.sources[quantity]
        sheet.write_string(at, 6, source)
