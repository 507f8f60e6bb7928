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
from location_model.branch_market import BranchMarket, market_of, turnover_known
from location_model.break_even import Costs
from location_model.compare import Comparison, compare, with_rents
from location_model.demand_region import DemandRegion, demand_region
from location_model.find_site import NamedSite, find_site
from location_model.profile import Limits, ScoringProfile, Within
from location_model.relocate import Relocation, relocation
from pages.ui import cache, footfall_shown, own_network
from pages.ui.cache import AreaKey

Specs = tuple[str, ...]
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
    own = cache.settings().data_dir / "spending.csv"
    return cache.builds(), own.stat().st_mtime_ns if own.exists() else 0


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


def _make_market(key: AreaKey, branch: str, specs: Specs, mine: gpd.GeoDataFrame | None) -> BranchMarket:
    around = region(key)
    sites = [site(key, spec) for spec in specs]
    return market_of(cache.area(key), branch, sites, cache.settings().data_dir, own=mine, region=around)


@st.cache_resource(max_entries=8, show_spinner=False)
def _market(folder: str, key: AreaKey, stamp: Stamp, branch: str, specs: Specs) -> BranchMarket:
    return _make_market(key, branch, specs, None)


@st.cache_resource(max_entries=4, show_spinner=False, scope="session")
def _own_market(
    folder: str, key: AreaKey, stamp: Stamp, branch: str, specs: Specs, given: own_network.Given
) -> BranchMarket:
    return _make_market(key, branch, specs, own(key))


def market(key: AreaKey, branch: str, specs: Specs) -> BranchMarket:
    """The market of a branch with these places in it, and own shops where a list was given."""
    given = own_network.given()
    if given is None or own(key) is None:
        return _market(folder(), key, stamp(), branch, specs)
    return _own_market(folder(), key, stamp(), branch, specs, given)


def sells(branch: str) -> bool:
    """Whether turnover can be estimated for a branch."""
    return turnover_known(branch, cache.settings().data_dir)


def asked_of(profile: ScoringProfile, within: Within) -> ScoringProfile:
    """The profile as a comparison uses it: of the must-haves, only where the other places are looked for."""
    return replace(profile, limits=Limits(within=within))


def _make_comparison(key: AreaKey, profile: ScoringProfile, specs: Specs) -> Comparison:
    sold = market(key, profile.branch, specs).market if sells(profile.branch) else None
    scored, footfall = cache.scored(key, profile), footfall_shown.footfall(key)
    sites = [site(key, spec) for spec in specs]
    return compare(cache.area(key), scored, sites, sold, footfall=footfall)


@st.cache_resource(max_entries=16, show_spinner=False)
def _comparison(
    folder: str, key: AreaKey, stamp: Stamp, counted: Stamp, profile: ScoringProfile, specs: Specs
) -> Comparison:
    return _make_comparison(key, profile, specs)


@st.cache_resource(max_entries=8, show_spinner=False, scope="session")
def _own_comparison(
    folder: str, key: AreaKey, stamp: Stamp, counted: Stamp, profile: ScoringProfile, specs: Specs,
    given: own_network.Given,
) -> Comparison:  # fmt: skip
    return _make_comparison(key, profile, specs)


def comparison(key: AreaKey, profile: ScoringProfile, specs: Specs, rents: Mapping[str, float]) -> Comparison:
    """The places side by side, as `python -m location_model compare` gives them; rents in euros a year by spec."""
    given, args = own_network.given(), (folder(), key, stamp(), footfall_shown.stamp(key), profile, specs)
    found = _comparison(*args) if given is None else _own_comparison(*args, given)
    return with_rents(found, {site(key, spec).id: eur for spec, eur in rents.items()})


@st.cache_resource(max_entries=16, show_spinner=False, scope="session")
def _moved(
    folder: str, key: AreaKey, stamp: Stamp, branch: str, start: str, to: str, costs: Costs | None,
    given: own_network.Given | None,
) -> Moved:  # fmt: skip
    mine = own(key)
    listed = set() if mine is None else set(mine["id"].astype(str))
    sold = market(key, branch, tuple(x for x in (start, to) if x not in listed))
    ends = [sold.own[x] if x in sold.own else site(key, x).id for x in (start, to)]
    actual = sold.turnover.get(ends[0])
    found = relocation(sold.market, *ends, own=sorted(sold.own.values()), costs=costs, actual_eur=actual)
    return Moved(found, found.move.by_neighbourhood())


def moved(key: AreaKey, branch: str, start: str, to: str, costs: Costs | None) -> Moved:
    """A move, as `python -m location_model relocate` gives it."""
    return _moved(folder(), key, stamp(), branch, start, to, costs, own_network.given())
