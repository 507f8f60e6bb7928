"""The market of a branch in an area, with the sites that are asked about and the retailer's own shops in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd

from geodata.errors import GeodataError
from geodata.store import Area
from location_model.customer_zones import customer_zones
from location_model.demand import Candidate, Market, market
from location_model.demand_region import DemandRegion, demand_region
from location_model.find_site import NamedSite
from location_model.huff_fit import HuffFit, fit
from location_model.own_market import own_in_market
from location_model.spending import habits_of


@dataclass(frozen=True, eq=False)
class BranchMarket:
    """A market, the id in it of each own shop by its id in the retailer's list, and the fit to those, if any.

    turnover: of own shops by their id in the market, € a year, where the list has one.
    """

    market: Market
    own: dict[str, str]
    fit: HuffFit | None
    turnover: Mapping[str, float]


def market_of(
    area: Area,
    branch: str,
    sites: Sequence[NamedSite],
    data_dir: Path,
    *,
    own: gpd.GeoDataFrame | None = None,
    customers: Mapping[str, Mapping[str, float]] | None = None,
    places: gpd.GeoDataFrame | None = None,
    region: DemandRegion | None = None,
) -> BranchMarket:
    """The market, sites as candidates, fitted to the turnover of own shops (table `own_shops`) where they have one.

    customers: of own shops by their id in that table and by postcode, to fit to as well; places: where postcodes are,
    as `postcode_places` gives them. region: of the area, where it was made before. GeodataError as `habits_of`,
    `demand_region` and `market` raise.
    """
    habits = habits_of(branch, data_dir)
    region = demand_region(area) if region is None else region
    candidates = [Candidate(s.id, s.x, s.y, s.site.floor_area_m2, s.site.name) for s in sites]
    if own is None:
        return BranchMarket(market(region, branch, habits, candidates), {}, None, {})
    mine = own_in_market(region, branch, own)
    named = {c.id for c in candidates}
    found = market(region, branch, habits, [*candidates, *(c for c in mine.extra if c.id not in named)])
    turnover = own.set_index(own["id"].astype(str))["turnover_eur_per_year"].dropna().to_dict()
    known = {mine.ids[str(shop)]: float(eur) for shop, eur in turnover.items() if str(shop) in mine.ids and eur > 0}
    lives = {mine.ids[shop]: by_postcode for shop, by_postcode in (customers or {}).items() if shop in mine.ids}
    zones = None if not lives or places is None else customer_zones(region, lives, places)
    if not known and zones is None:
        return BranchMarket(found, mine.ids, None, known)
    fitted = fit(found, known, zones)
    return BranchMarket(replace(found, assumed=fitted.assumed), mine.ids, fitted, known)


def turnover_known(branch: str, data_dir: Path) -> bool:
    """Whether spending by residents is known for a branch, so that turnover can be estimated."""
    try:
        habits_of(branch, data_dir)
    except GeodataError:
        return False
    return True
