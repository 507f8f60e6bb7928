"""What the turnover of a retailer's own network teaches: weights from 8 shops on, an order from 3, else nothing."""

from collections.abc import Iterable, Mapping

import pandas as pd

from geodata.branches import BranchTable
from geodata.store import Area
from location_model.learned import FEWEST, Learned, learn, usable
from location_model.own_shops import OwnNetwork, turnover_by_shop
from location_model.profile import ScoringProfile
from location_model.shop_ranking import Ranking, ranks_as_turnover
from location_model.shop_values import relative, values_at


def learn_from(network: OwnNetwork, areas: Iterable[Area], branches: BranchTable, start: ScoringProfile) -> Learned:
    """Weights learnt from the shops of the profile's branch in these areas, as `learn` does and refuses.

    Where the shops stand in several areas, an index within one town keeps its part of the starting weights.
    """
    values, turnover, kept = _known(network, areas, branches, start)
    return learn(values, turnover, start, kept=kept)


def taught(
    network: OwnNetwork, areas: Iterable[Area], branches: BranchTable, start: ScoringProfile
) -> Learned | Ranking:
    """The same, or with 3 to 7 usable shops whether the score ranks them. GeodataError with fewer."""
    values, turnover, kept = _known(network, areas, branches, start)
    if len(usable(values, turnover, start)[1]) < FEWEST:
        return ranks_as_turnover(values, turnover, start)
    return learn(values, turnover, start, kept=kept)


def _known(
    network: OwnNetwork, areas: Iterable[Area], branches: BranchTable, start: ScoringProfile
) -> tuple[pd.DataFrame, Mapping[str, float], tuple[str, ...]]:
    shops = network.of_branch(start.branch)
    standing = [area for area in areas if area.id in set(shops["area_id"])]
    kept = relative(start) if len(standing) > 1 else ()
    return values_at(shops, standing, branches, start), turnover_by_shop(shops), kept
