"""A retailer's own sales: the pattern of each shop, the year, and what was to be expected. Nothing of it is stored."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import pandas as pd

from geodata.branches import normalise
from geodata.errors import GeodataError
from geodata.language import T, Text
from geodata.sources.sales import SalesReading
from location_model.sales_against import (
    DENSITY,
    Passers,
    buyers_share,
    capture_rate,
    density,
    of_peers,
    peers_turnover,
    per_ticket,
    side,
    smaller,
    suggestions,
)
from location_model.sales_customers import ShopCustomers
from location_model.sales_days import ShopDays, shop_days
from location_model.sales_figure import Figure, in_languages, not_known
from location_model.sales_patterns import Pattern, pattern
from location_model.sales_places import NO_BRANCH, NO_MODEL, NO_PLACE, NOT_BUILT, Expected
from location_model.sales_shop import ShopSales
from location_model.sales_year import UNIT, YEAR, Season, season_of, what_more_gives, year_turnover

NO_STREET = T("no street is known near the shop.")


@dataclass(frozen=True, eq=False)
class Sales:
    """All shops of a list of sales, by id. not_listed: those that are not in the list of own shops; notes: what to
    know of the list.
    """

    shops: tuple[ShopSales, ...]
    not_listed: tuple[str, ...]
    notes: tuple[Text, ...]

    @property
    def turnover_eur(self) -> dict[str, float]:
        """Turnover a year of the shops in the list of own shops, by their id in it, where known."""
        known = ((s.own_id, s.year.value) for s in self.shops if s.own_id and s.year.known)
        return {shop: eur for shop, eur in known if eur > 0}

    def beside(self, expected: Mapping[str, Expected]) -> "Sales":
        """The same, with what a model expects of each shop, by its id in the list of own shops."""
        return replace(self, shops=tuple(_beside(shop, self.shops, expected) for shop in self.shops))

    def as_json(self) -> dict[str, Any]:
        """As `sales --json` prints it."""
        return {
            "currency": "EUR",
            "interval": 0.8,
            "shops": [shop.as_json() for shop in self.shops],
            "not_in_own_shops": list(self.not_listed),
            "notes": [in_languages(text) for text in self.notes],
        }


def analyse(
    sales: SalesReading,
    *,
    entries: SalesReading | None = None,
    own: gpd.GeoDataFrame | None = None,
    passers: Mapping[str, Passers] | None = None,
    customers: Mapping[str, ShopCustomers] | None = None,
) -> Sales:
    """What a list of sales says of each shop; what a model expects comes with `Sales.beside`.

    entries: store entries, which go before those in the list itself. own: `OwnNetwork.shops`; passers: by id in it;
    customers: by id in the list of sales. A shop that is not in the list of own shops has its pattern and its
    year alone. GeodataError where a list of own shops is given and none of them is in the list of sales.
    """
    table = sales.table if entries is None else with_entries(sales.table, entries.table)
    listed = matched(table["shop"].unique().tolist(), own)
    if own is not None and not listed:
        raise GeodataError(
            T("none of the shops in the list of sales is in the list of own shops."),
            remedy=T("Use the same ids or names in both lists: {sales} here, {own} there.",
                     sales=_some(table["shop"]), own=_some(own["id"]))
            if len(own)
            else T("No shop of the list of own shops could be placed on the map here: look at its addresses."),
        )  # fmt: skip
    days = {str(shop): shop_days(str(shop), rows) for shop, rows in table.groupby("shop", sort=False)}
    patterns = {shop: pattern(found) for shop, found in days.items()}
    years = {
        shop: year_turnover(found, patterns[shop], _season_for(shop, found, patterns)) for shop, found in days.items()
    }
    shops = [
        _shop(shop, listed.get(shop), days[shop], patterns[shop], years[shop], passers or {})
        for shop in sorted(days, key=_in_order)
    ]
    held = customers or {}
    missing = tuple(shop.shop for shop in shops if shop.listed is None) if own is not None else ()
    return Sales(tuple(replace(s, customers=held.get(s.shop)) for s in shops), missing, sales.notes).beside({})


def with_entries(sales: pd.DataFrame, entries: pd.DataFrame) -> pd.DataFrame:
    """Sales with store entries of the same shop and day; days without sales are left out."""
    key = ["shop", "date", "monthly"]
    both = sales.merge(entries[[*key, "entries"]], on=key, how="left", suffixes=("", "_counted"))
    return both.assign(entries=both["entries_counted"].fillna(both["entries"])).drop(columns="entries_counted")


def matched(shops: list[str], own: gpd.GeoDataFrame | None) -> dict[str, dict[str, Any]]:
    """The row of the list of own shops for each shop of the list of sales, by id, else by a name that is only there
    once; those that are in neither are left out.
    """
    if own is None:
        return {}
    rows = [{str(k): v for k, v in row.items()} for row in own.to_dict("records")]
    ids = {normalise(str(row["id"])): row for row in rows}
    names = own["name"].dropna().map(normalise)
    once = set(names[~names.duplicated(keep=False)])
    by_name = {normalise(row["name"]): row for row in rows if isinstance(row["name"], str)}
    found = {}
    for shop in shops:
        plain = normalise(shop)
        row = ids.get(plain) or (by_name[plain] if plain in once else None)
        if row is not None:
            found[shop] = row
    return found


def _season_for(shop: str, days: ShopDays, patterns: Mapping[str, Pattern]) -> Season:
    """The season of the own other shops; none is looked for where the shop has a year of its own."""
    return season_of([p for name, p in patterns.items() if name != shop] if days.span_days < YEAR else [])


def _shop(
    shop: str,
    listed: Mapping[str, Any] | None,
    days: ShopDays,
    found: Pattern,
    year: Figure,
    passers: Mapping[str, Passers],
) -> ShopSales:
    nowhere = _nowhere(listed) or NO_STREET
    here = None if listed is None else passers.get(str(listed["id"]))
    later_eur, later_per_m2 = not_known(UNIT, nowhere), not_known(DENSITY, nowhere)
    bare = ShopSales(
        shop=shop,
        listed=listed,
        days=days,
        pattern=found,
        year=year,
        more=what_more_gives(days, found),
        ticket=per_ticket(days),
        buyers=buyers_share(days),
        passers=not_known("persons/day", nowhere) if here is None else here.per_day,
        capture=capture_rate(days, here, nowhere),
        buying=capture_rate(days, here, nowhere, tickets=True),
        sold_per_m2=later_per_m2,
        branch_per_m2=later_per_m2,
        peers_per_m2=later_per_m2,
        expected=later_eur,
        peers=later_eur,
        suggests=(),
    )
    return replace(bare, sold_per_m2=density(year, bare.floor_area_m2))


def _nowhere(listed: Mapping[str, Any] | None) -> Text | None:
    """Why a shop has no place in a built area; None where it has."""
    if listed is None:
        return NO_PLACE
    return None if isinstance(listed.get("area_id"), str) else NOT_BUILT


def _beside(shop: ShopSales, all_shops: Sequence[ShopSales], expected: Mapping[str, Expected]) -> ShopSales:
    """The shop with what only others tell: the model, peers of the same branch, and what the differences suggest."""
    others = [s for s in all_shops if s.shop != shop.shop and s.branch == shop.branch]
    why = _nowhere(shop.listed) or (NO_BRANCH if shop.branch is None else NO_MODEL)
    model = expected.get(shop.own_id) or Expected(not_known(UNIT, why), not_known(DENSITY, why))
    per_m2 = of_peers(_known(s.sold_per_m2 for s in others))
    whole = replace(
        shop, expected=model.turnover, branch_per_m2=model.branch, peers_per_m2=per_m2,
        peers=peers_turnover(per_m2, shop.floor_area_m2),
    )  # fmt: skip
    suggests = suggestions(
        side(shop.buying, _known(s.buying for s in others)),
        side(shop.passers, _known(s.passers for s in others)),
        whole.against_model,
        smaller(shop.ticket, _known(s.ticket for s in others)),
    )
    return replace(whole, suggests=suggests)


def _known(figures: Iterable[Figure]) -> list[float]:
    return [f.value for f in figures if f.known]


def _in_order(shop: str) -> tuple[str, int, str]:
    """B2 before B10."""
    head = shop.rstrip("0123456789")
    return head, int(shop[len(head) :] or 0), shop


def _some(column: pd.Series) -> str:
    names = [str(x) for x in pd.unique(column)]
    return ", ".join(names[:5]) + (", …" if len(names) > 5 else "")
