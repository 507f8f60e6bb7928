"""What the page of comparisons asks of the models, remembered: demand region, sites, market, comparison, move.

What a list of own shops goes into is remembered for its own session alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import geopandas as gpd
import pandas as pd
import streamlit as st

from geodata.errors import GeodataError
from geodata.sources.spreadsheet import Upload
from location_model import surveyed
from location_model.branch_market import BranchMarket, market_of, turnover_known
from location_model.break_even import Costs
from location_model.compare import Comparison, compare, with_rents
from location_model.demand_region import DemandRegion, demand_region
from location_model.find_site import NamedSite, find_site
from location_model.huff_fit import HuffFit
from location_model.own_given import OwnGiven, own_given
from location_model.profile import Limits, ScoringProfile, Within
from location_model.relocate import Relocation, relocation
from pages.ui import cache, footfall_shown, own_customers, own_network
from pages.ui.cache import AreaKey

Specs = tuple[str, ...]
Sizes = tuple[tuple[str, float], ...]
"""Floor areas in m² that were typed, by how the place is named."""
Stamp = tuple[object, ...]


@dataclass(frozen=True, eq=False)
class Moved:
    """A move worked out: its balance, and euros won and lost by neighbourhood."""

    found: Relocation
    by_neighbourhood: pd.DataFrame


def folder() -> str:
    """The data directory, as keys hold it."""
    return str(cache.settings().data_dir)


def stamp() -> Stamp:
    """Changes when an area is built or the table of spending does: other areas are part of the demand region."""
    return cache.builds(), _changed("spending.csv")


def _changed(name: str) -> int:
    """When a file of the data directory was changed; 0 where there is none."""
    own = cache.settings().data_dir / name
    return own.stat().st_mtime_ns if own.exists() else 0


@st.cache_resource(max_entries=4, show_spinner=False)
def _region(folder: str, key: AreaKey, stamp: Stamp) -> DemandRegion:
    return demand_region(cache.area(key))


def region(key: AreaKey) -> DemandRegion:
    """Homes and shops within 15 km of an area. GeodataError for an area without homes."""
    return _region(folder(), key, stamp())


@st.cache_resource(max_entries=512, show_spinner=False)
def _site(folder: str, key: AreaKey, spec: str) -> NamedSite:
    return find_site(cache.area(key), spec)


def site(key: AreaKey, spec: str) -> NamedSite:
    """A place as it is named. GeodataError for one that is not in this area."""
    return _site(folder(), key, spec)


def placed(key: AreaKey, specs: Specs) -> tuple[dict[str, NamedSite], list[GeodataError]]:
    """The places that are in this area, each once, by how they are named, and why others are not."""
    found: dict[str, NamedSite] = {}
    wrong = []
    for spec in specs:
        try:
            named = site(key, spec)
        except GeodataError as error:
            wrong.append(error)
        else:
            if named.id not in {other.id for other in found.values()}:
                found[spec] = named
    return found, wrong


def own(key: AreaKey) -> gpd.GeoDataFrame | None:
    """The retailer's own shops in and near the area, wherever they were found; None without a list, where it cannot be
    read (`own_network.told` says so), and where none lies near.
    """
    given = own_network.given()
    try:
        shops = None if given is None else own_network.around(key, given)
    except GeodataError:
        return None
    return None if shops is None or shops.empty else shops


def own_list(key: AreaKey) -> Upload | None:
    """The list that `own` comes from, to be asked while the page is drawn; None where the page works without one."""
    given = own_network.given()
    return None if given is None or own(key) is None else Upload(*given)


def customer_list(key: AreaKey, branch: str) -> Upload | None:
    """The list of customers, asked for likewise."""
    given = customers_used(key, branch)
    return None if given is None else Upload(*given)


@st.cache_resource(max_entries=8, show_spinner=False, scope="session")
def _with_customers(
    folder: str, key: AreaKey, stamp: Stamp, branch: str, shops: own_network.Given, lives: own_network.Given
) -> OwnGiven:
    lists = {"own_shops": Upload(*shops), "customers": Upload(*lives)}
    network = own_network.network(key, shops)
    return own_given(cache.area(key), branch, lists, cache.settings().data_dir, network=network)


def with_customers(key: AreaKey, branch: str) -> OwnGiven | None:
    """Own shops of a branch with where their customers live; None without either list. GeodataError as `own_given`."""
    shops, lives = own_network.given(), own_customers.given()
    if shops is None or lives is None or own(key) is None:
        return None
    return _with_customers(folder(), key, stamp(), branch, shops, lives)


def customers_used(key: AreaKey, branch: str) -> own_network.Given | None:
    """The list of customers; None without one, and where the page works without it (`own_lists.told` says so)."""
    try:
        return None if with_customers(key, branch) is None else own_customers.given()
    except GeodataError:
        return None


def _sized(key: AreaKey, specs: Specs, sizes: Sizes) -> list[NamedSite]:
    typed = dict(sizes)
    return [site(key, spec).with_floor_area(typed.get(spec)) for spec in specs]


def _make_market(key: AreaKey, branch: str, specs: Specs, sizes: Sizes, given: OwnGiven) -> BranchMarket:
    around, sites = region(key), _sized(key, specs, sizes)
    return market_of(cache.area(key), branch, sites, cache.settings().data_dir, region=around, **given.as_asked())


@st.cache_resource(max_entries=8, show_spinner=False)
def _market(folder: str, key: AreaKey, stamp: Stamp, branch: str, specs: Specs, sizes: Sizes) -> BranchMarket:
    return _make_market(key, branch, specs, sizes, OwnGiven())


@st.cache_resource(max_entries=4, show_spinner=False, scope="session")
def _own_market(
    folder: str, key: AreaKey, stamp: Stamp, branch: str, specs: Specs, sizes: Sizes, given: own_network.Given,
    lives: own_network.Given | None,
) -> BranchMarket:  # fmt: skip
    lists = None if lives is None else with_customers(key, branch)
    return _make_market(key, branch, specs, sizes, OwnGiven(shops=own(key)) if lists is None else lists)


def market(key: AreaKey, branch: str, specs: Specs, sizes: Sizes = ()) -> BranchMarket:
    """The market of a branch with these places in it, and own shops and their customers where lists were given."""
    given = own_network.given()
    if given is None or own(key) is None:
        return _market(folder(), key, stamp(), branch, specs, sizes)
    return _own_market(folder(), key, stamp(), branch, specs, sizes, given, customers_used(key, branch))


def fits(key: AreaKey, branch: str, specs: Specs) -> tuple[HuffFit | None, HuffFit | None]:
    """The fit of the model to the turnover of own shops alone, and to where customers live as well."""
    given = own_network.given()
    if given is None or own(key) is None:
        return None, None
    args = folder(), key, stamp(), branch, specs, (), given
    lives = customers_used(key, branch)
    return _own_market(*args, None).fit, None if lives is None else _own_market(*args, lives).fit


def sells(branch: str) -> bool:
    """Whether turnover can be estimated for a branch."""
    return turnover_known(branch, cache.settings().data_dir)


def asked_of(profile: ScoringProfile, within: Within) -> ScoringProfile:
    """The profile as a comparison uses it: of the must-haves, only where the other places are looked for."""
    return replace(profile, limits=Limits(within=within))


def _make_comparison(key: AreaKey, profile: ScoringProfile, specs: Specs, sizes: Sizes) -> Comparison:
    sold = market(key, profile.branch, specs, sizes).market if sells(profile.branch) else None
    scored, footfall = cache.scored(key, profile), footfall_shown.footfall(key)
    return compare(cache.area(key), scored, _sized(key, specs, sizes), sold, footfall=footfall)


@st.cache_resource(max_entries=16, show_spinner=False)
def _comparison(
    folder: str, key: AreaKey, stamp: Stamp, counted: Stamp, profile: ScoringProfile, specs: Specs, sizes: Sizes
) -> Comparison:
    return _make_comparison(key, profile, specs, sizes)


@st.cache_resource(max_entries=8, show_spinner=False, scope="session")
def _own_comparison(
    folder: str, key: AreaKey, stamp: Stamp, counted: Stamp, profile: ScoringProfile, specs: Specs, sizes: Sizes,
    given: own_network.Given, lives: own_network.Given | None,
) -> Comparison:  # fmt: skip
    return _make_comparison(key, profile, specs, sizes)


def comparison(
    key: AreaKey, profile: ScoringProfile, specs: Specs, rents: Mapping[str, float], floor_areas: Mapping[str, float]
) -> Comparison:
    """The places side by side, as `python -m location_model compare` gives them.

    Typed, by spec: rents in euros a year, floor areas in m².
    """
    sizes = tuple(floor_areas.items())
    changed = (*stamp(), _changed(surveyed.FILE))
    given, args = own_network.given(), (folder(), key, changed, footfall_shown.stamp(key), profile, specs, sizes)
    lives = customers_used(key, profile.branch)
    found = _comparison(*args) if given is None else _own_comparison(*args, given, lives)
    return with_rents(found, {site(key, spec).id: eur for spec, eur in rents.items()})


@st.cache_resource(max_entries=16, show_spinner=False, scope="session")
def _moved(
    folder: str, key: AreaKey, stamp: Stamp, branch: str, start: str, to: str, costs: Costs | None, m2: float | None,
    given: own_network.Given | None, lives: own_network.Given | None,
) -> Moved:  # fmt: skip
    sold = market(key, branch, not_listed(key, start, to), () if m2 is None else ((to, m2),))
    ends = [sold.own[x] if x in sold.own else site(key, x).id for x in (start, to)]
    if m2 is not None and ends[0] == ends[1]:  # the shop stays as it is: nothing moves
        return _moved(folder, key, stamp, branch, start, to, costs, None, given, lives)
    actual = sold.turnover.get(ends[0])
    found = relocation(
        sold.market, *ends, own=sorted(sold.own.values()), costs=costs, actual_eur=actual, floor_area_m2=m2
    )
    return Moved(found, found.move.by_neighbourhood())


def not_listed(key: AreaKey, *specs: str | None) -> Specs:
    """Of the ends of a move those that are not in the list of own shops, which are in the market already."""
    mine = own(key)
    listed = set() if mine is None else set(mine["id"].astype(str))
    return tuple(spec for spec in specs if spec and spec not in listed)


def moved(
    key: AreaKey, branch: str, start: str, to: str, costs: Costs | None, floor_area_m2: float | None = None
) -> Moved:
    """A move, as `python -m location_model relocate` gives it. floor_area_m2: of the new place, as typed."""
    lives = customers_used(key, branch)
    return _moved(folder(), key, stamp(), branch, start, to, costs, floor_area_m2, own_network.given(), lives)
