"""The market of a branch in an area, with the sites that are asked about and the retailer's own shops in it."""

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd

from geodata.errors import GeodataError
from geodata.store import Area
from location_model.demand import Candidate, Market, market
from location_model.demand_region import DemandRegion, demand_region
from location_model.find_site import NamedSite
from location_model.own_market import own_in_market
from location_model.spending import habits_of


def market_of(
    area: Area,
    branch: str,
    sites: Sequence[NamedSite],
    data_dir: Path,
    *,
    own: gpd.GeoDataFrame | None = None,
    region: DemandRegion | None = None,
) -> tuple[Market, dict[str, str]]:
    """The market, sites as candidates; and the id in it of each own shop (table `own_shops`), by its id in the list.

    region: of the area, where it was made before. GeodataError as `habits_of`, `demand_region` and `market` raise.
    """
    habits = habits_of(branch, data_dir)
    region = demand_region(area) if region is None else region
    candidates = [Candidate(s.id, s.x, s.y, s.site.floor_area_m2, s.site.name) for s in sites]
    if own is None:
        return market(region, branch, habits, candidates), {}
    mine = own_in_market(region, branch, own)
    extra = [c for c in mine.extra if c.id not in {s.id for s in candidates}]
    return market(region, branch, habits, [*candidates, *extra]), mine.ids


def turnover_known(branch: str, data_dir: Path) -> bool:
    """Whether spending by residents is known for a branch, so that turnover can be estimated."""
    try:
        habits_of(branch, data_dir)
    except GeodataError:
        return False
    return True
