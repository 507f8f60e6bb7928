"""The whole answer on own sales: lists in, every figure out. The page and the command line ask it here."""

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd

from geodata.sources.customer_postcodes import Customers
from geodata.sources.sales import SalesReading
from geodata.store import Area
from location_model.sales import Sales, analyse, matched
from location_model.sales_customers import ShopCustomers, customers_of, postcode_places
from location_model.sales_places import Progress, expected_of, passers_at, silent


def own_sales(
    sales: SalesReading,
    areas: Sequence[Area],
    data_dir: Path,
    *,
    entries: SalesReading | None = None,
    own: gpd.GeoDataFrame | None = None,
    customers: Customers | None = None,
    progress: Progress = silent,
) -> Sales:
    """What a list of sales says of each shop, beside footfall, the demand model and the own other shops.

    own: `OwnNetwork.shops` over these areas; without it there are patterns and the year alone. progress: told how many
    shops the model was asked about, and of how many. Nothing is stored. GeodataError as `analyse` raises.
    """
    lives = {} if customers is None else _lives(customers, sales, own, areas)
    if own is None:
        return analyse(sales, entries=entries, customers=lives)
    found = analyse(sales, entries=entries, own=own, passers=passers_at(own, areas), customers=lives)
    told = own.dropna(subset=["turnover_eur_per_year"])
    listed = {str(k): float(v) for k, v in zip(told["id"], told["turnover_eur_per_year"], strict=True)}
    return found.beside(expected_of(own, areas, data_dir, {**listed, **found.turnover_eur}, progress=progress))


def _lives(
    customers: Customers, sales: SalesReading, own: gpd.GeoDataFrame | None, areas: Sequence[Area]
) -> dict[str, ShopCustomers]:
    """Where the customers of each shop of the list of sales live, for shops that have any."""
    at = {}
    if own is not None:
        degrees = own.geometry.to_crs(4326)
        at = dict(zip(own["id"].astype(str), zip(degrees.x, degrees.y, strict=True), strict=True))
    names = [str(shop) for shop in sales.table["shop"].unique()]
    ids = {shop: str(row["id"]) for shop, row in matched(names, own).items()}
    places, known = postcode_places(areas), set(customers.table["shop"])
    return {shop: customers_of(shop, customers, places, at.get(ids.get(shop, ""))) for shop in names if shop in known}
