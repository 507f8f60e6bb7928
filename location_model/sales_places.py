"""What the places of own shops are worth without them: who passes, and what the demand model expects there."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np

from geodata.errors import GeodataError
from geodata.language import T, Text, TN
from geodata.layers.footfall import busiest_edge
from geodata.opportunities import coordinates
from geodata.store import Area
from location_model.branch_market import market_of
from location_model.demand import Market, market_notes
from location_model.demand_region import DemandRegion, demand_region
from location_model.left_out import by_the_others
from location_model.own_count_tables import footfall_with_own
from location_model.own_shops import near
from location_model.sales_against import DENSITY, Passers
from location_model.sales_figure import Figure, not_known, of_ends
from location_model.sales_year import UNIT

MODELLED = T("demand model on proxies: an order of magnitude")
SOURCED = T("demand model")
NO_PLACE = T("the place of this shop is not known.")
NOT_BUILT = T("the shop lies in none of the areas that are built.")
NO_MODEL = T("no model was asked.")
NO_BRANCH = T("the branch of this shop is not known.")


Progress = Callable[[int, int], None]
"""Told how many shops are done, and of how many."""


def silent(done: int, of: int) -> None:
    pass


@dataclass(frozen=True)
class Expected:
    """turnover: what the model expects of a shop (€ a year). branch: what shops of its branch take for each m² in its
    area by the same model, their median; a model fitted to own shops gives another than the table alone. notes: what
    both rest on.
    """

    turnover: Figure
    branch: Figure
    notes: tuple[Text, ...] = ()


def passers_at(shops: gpd.GeoDataFrame, areas: Sequence[Area]) -> dict[str, Passers]:
    """Who passes each own shop (`OwnNetwork.shops`) that stands in one of the areas, by its id."""
    found = {}
    for area in areas:
        here = shops[shops["area_id"] == area.id]
        if here.empty:
            continue
        footfall = footfall_with_own(area)
        xy = coordinates(here.to_crs(area.study.crs))
        edges = busiest_edge(area.network, xy, area.walks.index)
        for shop, edge, at in zip(here["id"], edges, xy, strict=True):
            if edge >= 0:
                found[str(shop)] = Passers(footfall.on_edge(int(edge), at), footfall.profile)
    return found


def expected_of(
    shops: gpd.GeoDataFrame,
    areas: Sequence[Area],
    data_dir: Path,
    turnover_eur: Mapping[str, float] | None = None,
    *,
    progress: Progress = silent,
) -> dict[str, Expected]:
    """What the demand model expects of each own shop with a branch that stands in one of the areas, by its id.

    turnover_eur: what own shops take a year, by id. For each shop the model is fitted to all others alone. A branch on
    which no spending is known, or an area without residents, gives no value but the reason. progress: told how many
    shops are done, and of how many.
    """
    found: dict[str, Expected] = {}
    known = turnover_eur or {}
    asked = int((shops["area_id"].isin([area.id for area in areas]) & shops["branch"].notna()).sum())
    progress(0, asked)
    for area in areas:
        here = shops[(shops["area_id"] == area.id) & shops["branch"].notna()]
        region: DemandRegion | None = None  # one for all branches
        for branch in sorted(here["branch"].unique()):
            mine, about = near(shops[shops["branch"] == branch], area), here[here["branch"] == branch]
            try:
                region = demand_region(area, areas) if region is None else region
                unsold = mine.assign(turnover_eur_per_year=np.nan)
                made = market_of(area, str(branch), (), data_dir, own=unsold, region=region)
            except GeodataError as error:
                found |= {str(shop): _unknown(error.what) for shop in about["id"]}
                progress(len(found), asked)
                continue
            others = {made.own[o]: eur for o, eur in known.items() if o in made.own}
            local = [str(shop) for shop in about["id"]]
            markets = by_the_others(made.market, others, [made.own[shop] for shop in local])
            for shop, (row_id, market, number) in zip(local, markets, strict=True):
                basis = _basis(market, number)
                notes = tuple(market_notes(market))
                found[shop] = Expected(_turnover(market, row_id, basis), _branch(market, basis), notes)
                progress(len(found), asked)
    return found


def _basis(market: Market, others: int) -> Text:
    """What a market is to be called that is fitted to so many shops."""
    if not others:
        return MODELLED if market.habits.proxy("eur_per_resident_year") else SOURCED
    return TN(
        "demand model, fitted to one other own shop", "demand model, fitted to {count} other own shops", others
    )  # fmt: skip


def _turnover(market: Market, row_id: str, basis: Text) -> Figure:
    told = market.turnover(market.row(row_id))
    return Figure(told.value, told.low, told.high, UNIT, basis) if np.isfinite(told.value) else not_known(UNIT, basis)


def _branch(market: Market, basis: Text) -> Figure:
    """Median and 10–90 % range of what the model gives the shops of the branch in town for each m²."""
    taken = market.world().turnover(market.opened)
    sized = (market.shops["measured"] & market.shops["in_study"]).to_numpy(bool) & market.opened
    if not sized.any():
        return not_known(DENSITY, T("the floor area of shops of this branch is not known here."))
    each = taken[sized] / market.shops["floor_area_m2"].to_numpy(np.float64)[sized]
    told = T("proxy: no Belgian table is known; median of the shops of the branch here by the {basis}", basis=basis)
    return of_ends(np.quantile(each, (0.5, 0.1, 0.9)), DENSITY, told)


def _unknown(why: Text) -> Expected:
    return Expected(not_known(UNIT, why), not_known(DENSITY, why))
