"""Whether the score puts a retailer's own shops in the order of their turnover: all that few shops can show."""

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import kendalltau, spearmanr

from geodata.errors import GeodataError
from geodata.language import LANGUAGES, T, Text
from location_model.learned import usable
from location_model.profile import ScoringProfile

FEWEST, MOST_TO_PERMUTE = 3, 7
SIGNIFICANT = 0.05


@dataclass(frozen=True)
class Ranking:
    """Whether the score puts own shops in the order of their turnover.

    kendall, spearman: rank correlations, NaN where all are equal. p_value: share of all orders of the shops that agree
    at least as well (one-sided, exact up to 7 shops). right, pairs: pairs of shops in the same order, and all pairs.
    left_out: shops not used, with the reason.
    """

    n: int
    right: int
    pairs: int
    kendall: float
    spearman: float
    p_value: float
    left_out: tuple[tuple[str, Text], ...]
    claim: Text

    def as_json(self) -> dict[str, Any]:
        """All figures, null where not known."""
        figures = {name: getattr(self, name) for name in ("kendall", "spearman", "p_value")}
        return {
            "n": self.n,
            "right": self.right,
            "pairs": self.pairs,
            **{name: None if math.isnan(x) else round(x, 4) for name, x in figures.items()},
            "claim": {language: self.claim.to(language) for language in LANGUAGES},
        }


def ranks_as_turnover(values: pd.DataFrame, turnover_by_shop: Mapping[str, float], profile: ScoringProfile) -> Ranking:
    """Whether the profile's score ranks own shops as their turnover does: for 3 shops or more, meant for 3 to 7.

    Same input and missing rule as `learned.learn`. GeodataError below 3 shops that can be used.
    """
    v, y, _, left_out = usable(values, turnover_by_shop, profile)
    n = len(y)
    if n < FEWEST:
        raise GeodataError(
            T("an order needs {least} shops or more; {n} can be used.", least=FEWEST, n=n),
            remedy=T("Add shops, or build the areas they stand in."),
        )
    weights = np.array([c.weight for c in profile.criteria])
    score = np.round(np.nan_to_num(v) @ weights / (~np.isnan(v) @ weights), 9)
    one, other = np.triu_indices(n, 1)
    by_score, by_turnover = np.sign(score[one] - score[other]), np.sign(y[one] - y[other])
    equal = not (by_score.any() and by_turnover.any())
    if n <= MOST_TO_PERMUTE:
        orders = y[np.array(list(itertools.permutations(range(n))))]
        agreement = np.sign(orders[:, one] - orders[:, other]) @ by_score
        p_value = float((agreement >= by_turnover @ by_score).mean())
    else:
        p_value = 1.0 if equal else float(kendalltau(score, y, alternative="greater").pvalue)
    right = int((by_score * by_turnover > 0).sum())
    return Ranking(
        n=n,
        right=right,
        pairs=len(one),
        kendall=math.nan if equal else float(kendalltau(score, y).statistic),
        spearman=math.nan if equal else float(spearmanr(score, y).statistic),
        p_value=p_value,
        left_out=left_out,
        claim=_claim(n, right, len(one), p_value),
    )


def _claim(n: int, right: int, pairs: int, p_value: float) -> Text:
    figures = {"n": n, "right": right, "pairs": pairs, "chance": float(100 * p_value)}
    if p_value <= SIGNIFICANT:
        return T(
            "The score ranks your {n} shops as their turnover does: {right} of {pairs} pairs in the same order; by "
            "chance alone that happens in {chance} % of cases. More cannot be read from it: no weights, no turnover.",
            **figures,
        )
    return T(
        "Of {pairs} pairs of your {n} shops, {right} stand in the same order by score as by turnover; by chance alone "
        "that or better happens in {chance} % of cases. That does not show that the score ranks your shops.",
        **figures,
    )
