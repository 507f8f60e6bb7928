"""Modelled local spending retention: how much of what residents spend stays in their municipality, by goods group.

"Koopbinding" is a term of surveys; ours is modelled and says so. Withheld where less than 80 % of the region within
15 km is known: whoever knows only one town finds that everything stays there. A surveyed share calibrates it: the pull
of all shops outside the municipality is scaled until the model gives that share, and the figure itself is shown too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq

from geodata.branches import BranchTable
from geodata.errors import GeodataError
from geodata.language import T, Text
from location_model.demand import ENOUGH_KNOWN, Flags, Market, World, market
from location_model.demand_region import DemandRegion
from location_model.spending import Habits
from location_model.surveyed import Surveyed
from location_model.validation.statistics import Estimate

Floats = npt.NDArray[np.float64]
_FAR_OFF = 50.0


@dataclass(frozen=True)
class Retention:
    """Where residents' spending goes, shares 0–1 of all they spend; together 1.

    kept: in the municipality, with its 80 % interval; left: to other municipalities; online and elsewhere as assumed.
    inflow: share of the turnover of the municipality's shops that comes from outside. surveyed: a surveyed figure, to
    which the others are then calibrated; alone: what the model says of `kept` by itself, None without a survey.
    """

    kept: Estimate
    left: float
    online: float
    elsewhere: float
    inflow: float
    spending_eur: float
    surveyed: Surveyed | None = None
    alone: Estimate | None = None

    def as_json(self) -> dict[str, Any]:
        """As commands print it."""
        return {
            "modelled": True,
            "kept": self.kept.as_json(),
            "left": round(self.left, 4),
            "online": round(self.online, 4),
            "elsewhere": round(self.elsewhere, 4),
            "inflow": round(self.inflow, 4),
            "spending_eur": round(self.spending_eur),
            "surveyed": None if self.surveyed is None else asdict(self.surveyed),
            "kept_without_survey": None if self.alone is None else self.alone.as_json(),
        }


def withheld(region: DemandRegion) -> Text | None:
    """Why nothing can be said of what stays and leaves; None where enough is known."""
    if region.known >= ENOUGH_KNOWN:
        return None
    return T(
        "Only {share} % of the ground within 15 km is known: what stays in town and what leaves cannot be told.",
        share=round(100 * region.known),
    )


def kept_of(market: Market, opened: Flags | None = None) -> tuple[Estimate, float, float]:
    """For one branch: share of residents' spending in shops that stays in the municipality; what it and its inflow are.

    Returns that share (0–1) with its 80 % interval, residents' spending in shops (€), and the share of the turnover of
    the municipality's shops that comes from outside. GeodataError where too little of the region is known.
    """
    if (why := withheld(market.region)) is not None:
        raise GeodataError(why, where=market.region.area.name, remedy=T("Build the municipalities around it as well."))
    opened = market.opened if opened is None else opened
    [kept] = market.estimates(lambda world: np.array([_kept(market, world, opened)]), [])
    world = market.world()
    here = _residents(market)
    inside = market.shops["in_study"].to_numpy(bool)
    spending = float(world.spending[here].sum())
    sold = float(world.turnover(opened)[inside].sum())
    inflow = 1 - kept.value * spending / sold if sold > 0 else float("nan")
    return Estimate(kept.value, max(kept.low, 0.0), min(kept.high, 1.0)), spending, inflow


def _kept(market: Market, world: World, opened: Flags) -> float:
    here = _residents(market)
    local = replace(world, spending=np.where(here, world.spending, 0.0), _solved={})
    turnover = local.turnover(opened)
    whole = float(local.spending.sum())
    return float(turnover[market.shops["in_study"].to_numpy(bool)].sum()) / whole if whole else float("nan")


def _residents(market: Market) -> Flags:
    return market.region.homes["in_study"].to_numpy(bool)


def retention_by_goods(
    region: DemandRegion,
    branches: BranchTable,
    habits: Mapping[str, Habits],
    *,
    surveyed: Mapping[str, Surveyed] | None = None,
) -> dict[str, Retention]:
    """Modelled retention by goods group (convenience, shopping, speciality …), over its branches by what is spent.

    A branch without any shop in the region leaves whole. surveyed: official shares by goods group, to which
    ours is then calibrated. GeodataError where too little of the region is known.
    """
    groups: dict[str, list[tuple[Habits, Market | None]]] = {}
    for branch in branches.branches:
        if branch.id not in habits:
            continue
        try:
            found = market(region, branch.id, habits[branch.id])
        except GeodataError:
            found = None
        groups.setdefault(branch.goods, []).append((habits[branch.id], found))
    return {goods: _of_group(region, rows, (surveyed or {}).get(goods)) for goods, rows in sorted(groups.items())}


def _of_group(
    region: DemandRegion, rows: Sequence[tuple[Habits, Market | None]], surveyed: Surveyed | None
) -> Retention:
    if surveyed is not None:
        alone = _of_group(region, rows, None).kept
        calibrated = _of_group(region, _calibrated(rows, surveyed.share), None)
        return replace(calibrated, surveyed=surveyed, alone=alone)
    residents = float(region.homes.loc[region.homes["in_study"], "residents"].sum())
    spent = np.array([h.eur_per_resident_year * residents for h, _ in rows])
    share = spent / spent.sum()
    online = float(share @ [h.online_share for h, _ in rows])
    elsewhere = float(share @ [h.elsewhere_share for h, _ in rows])
    in_shops = np.array([h.in_shops for h, _ in rows])
    ends = np.zeros((len(rows), 3))
    inflow, sold = np.zeros(len(rows)), np.zeros(len(rows))
    for i, (_, found) in enumerate(rows):
        if found is not None:
            kept, spending, inflow[i] = kept_of(found)
            ends[i] = kept.value, kept.low, kept.high
            sold[i] = kept.value * spending / max(1 - inflow[i], 1e-9)
    whole = (share * in_shops) @ ends  # what is unsure of one branch is unsure of all: ends add up
    came = float(np.nansum(inflow * sold) / sold.sum()) if sold.sum() > 0 else float("nan")
    return Retention(
        Estimate(*map(float, whole)), float(1 - whole[0] - online - elsewhere), online, elsewhere, came,
        float(spent.sum()),
    )  # fmt: skip


def _calibrated(rows: Sequence[tuple[Habits, Market | None]], surveyed: float) -> list[tuple[Habits, Market | None]]:
    """The markets with every shop outside the municipality drawing as much more or less as gives the surveyed share.

    The nearest that can be reached within a factor 50 where it cannot be met.
    """

    def scaled(factor: float) -> list[tuple[Habits, Market | None]]:
        moved = []
        for habits, found in rows:
            if found is not None:
                outside = ~found.shops["in_study"].to_numpy(bool)
                count = found.shops["count"].to_numpy(np.float64) * np.where(outside, factor, 1.0)
                found = replace(found, shops=found.shops.assign(count=count))
            moved.append((habits, found))
        return moved

    def miss(log_factor: float) -> float:
        total, kept = 0.0, 0.0
        for habits, found in scaled(float(np.exp(log_factor))):
            total += habits.eur_per_resident_year
            if found is not None:
                part = _kept(found, found.world(), found.opened)
                kept += habits.eur_per_resident_year * habits.in_shops * part
        return kept / total - surveyed

    low, high = -np.log(_FAR_OFF), np.log(_FAR_OFF)
    if miss(low) * miss(high) > 0:
        best = low if abs(miss(low)) < abs(miss(high)) else high
        return scaled(float(np.exp(best)))
    return scaled(float(np.exp(brentq(miss, low, high, xtol=1e-3))))
