"""Does the footfall index tell busy streets from quiet ones? Each counter is estimated from the others, those more
than 300 m away, and set beside what it counted; so are simpler indices, calibrated in the same way.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import KDTree
from scipy.stats import kendalltau, rankdata

from geodata.count_profile import count_profile, persons_per_day
from geodata.errors import GeodataError
from geodata.language import T, Text
from geodata.network.flow import Balance, Purpose, assign
from geodata.network.graph import Network, Snapped
from geodata.network.reach import Opportunities
from geodata.opportunities import coordinates
from geodata.store import Area
from location_model.calibration import calibrate
from location_model.counters import on_streets
from location_model.validation.statistics import Estimate, Floats, bootstrap

FEWEST_COUNTERS = 10
"""Below this, chance alone orders streets well often enough: no figure is given."""
BUFFER_M = 300.0
KERNEL_M = 150.0
BETWEEN_M = 500.0


@dataclass(frozen=True)
class Skill:
    """How well estimates agree with counts; the unit is the counter. NaN where there are too few.

    rank_correlation: Spearman. r2: of log persons against the counters' mean. pairs: share of pairs of counters in the
    right order. within_2: share of counts within a factor 2. median_error: median of |estimate − count| / count.
    coverage: share of counts in the 80 % interval, whose median half-width is the factor `interval_factor`.
    """

    n: int
    rank_correlation: Estimate
    r2: float
    pairs: float
    within_2: float
    median_error: float
    coverage: float
    interval_factor: float

    def as_json(self) -> dict[str, Any]:
        """Plain numbers, null where not known."""
        plain = {k: _plain(v) for k, v in vars(self).items() if isinstance(v, float)}
        return {"n": self.n, "rank_correlation": self.rank_correlation.as_json(), **plain}


@dataclass(frozen=True, eq=False)
class FootfallReport:
    """What `validate_footfall` found. scatter: a row a counter, counted and estimated without it and its surroundings
    (persons per day), with the interval and how many counters it was estimated from.
    """

    area: str
    model: Skill
    baselines: Mapping[str, Skill]
    scatter: pd.DataFrame
    notes: tuple[Text, ...]
    claim: Text

    def as_json(self) -> dict[str, Any]:
        """One JSON document; texts in both languages."""
        return {
            "area": self.area,
            "n": self.model.n,
            "buffer_m": BUFFER_M,
            "model": self.model.as_json(),
            "baselines": {name: skill.as_json() for name, skill in self.baselines.items()},
            "scatter": [{k: _plain(v) for k, v in row.items()} for row in self.scatter.to_dict("records")],
            "notes": [{"nl": n.to("nl"), "en": n.to("en")} for n in self.notes],
            "claim": {"nl": self.claim.to("nl"), "en": self.claim.to("en")},
        }


def validate_footfall(area: Area, *, seed: int = 0) -> FootfallReport:
    """Leave out each counter of an area with all others within 300 m, and estimate it; ordinary days only.

    Baselines, each calibrated as the model is: the premises within 150 m, betweenness, and the mean of the counters.
    GeodataError below 10 counters on streets.
    """
    counts = area.tables.counts
    per_day = persons_per_day(counts, count_profile(counts))
    placed = on_streets(area.network, per_day)
    table = placed.table
    if len(table) < FEWEST_COUNTERS:
        raise GeodataError(
            T("{count} counters are too few to say how good footfall is here.", count=len(table)),
            where=area.name,
            remedy=T("Count ordinary days at {fewest} places at least.", fewest=FEWEST_COUNTERS),
        )
    occupied = area.tables.premises[area.tables.premises["state"] == "occupied"]
    here = coordinates(table)
    near = np.asarray(KDTree(coordinates(occupied)).query_ball_point(here, KERNEL_M, return_length=True))
    indices = {
        "model": area.walks.index[table["edge"].to_numpy()],
        "accessibility": area.walks.accessibility[table["edge"].to_numpy()],
        "flow": area.walks.flow[table["edge"].to_numpy()],
        "premises_150m": near.astype(np.float64),
        "betweenness_500m": betweenness(area.network, here)[table["edge"].to_numpy()],
        "mean": np.ones(len(table)),
    }
    left_out = {name: leave_one_out(index, table) for name, index in indices.items()}
    skills = {
        name: skill(found["counted"], found["estimated"], found["low"], found["high"], seed=seed)
        for name, found in left_out.items()
    }
    model = skills.pop("model")
    return FootfallReport(
        area.id, model, skills, left_out["model"], placed.notes, claim(model, skills["premises_150m"])
    )


def leave_one_out(index: Floats, table: pd.DataFrame, *, buffer_m: float = BUFFER_M) -> pd.DataFrame:
    """Each counter (rows of `on_streets`) estimated from the counters more than `buffer_m` away, by an index.

    Columns: counter, counted, estimated, low, high (80 %, for a count of the same length), counters (used). NaN
    where no counter is left to learn from.
    """
    here = np.column_stack([table["geometry"].x, table["geometry"].y])
    counted = table["persons_per_day"].to_numpy(np.float64)
    least, variance = (table[c].to_numpy(np.float64) for c in ("half_person_per_day", "log_variance"))
    known, rows = ~(np.isnan(index) | np.isnan(counted)), []
    for i in range(len(table)):
        far = known & (np.hypot(*(here - here[i]).T) > buffer_m)
        far[i] = False
        estimate = (np.full(1, np.nan),) * 3
        if far.any():
            fitted = calibrate(index[far], counted[far], log_variance=variance[far], stand_in_for_zero=least[far])
            estimate = fitted.predict(index[i : i + 1], log_variance=variance[i : i + 1])
        rows.append((table["counter"].iloc[i], max(counted[i], least[i]), *(float(e[0]) for e in estimate), far.sum()))
    return pd.DataFrame(rows, columns=["counter", "counted", "estimated", "low", "high", "counters"])


def skill(
    counted: npt.ArrayLike,
    estimated: npt.ArrayLike,
    low: npt.ArrayLike,
    high: npt.ArrayLike,
    *,
    seed: int = 0,
    resamples: int = 2000,
) -> Skill:
    """Agreement of estimates with counts (persons per day, above 0); pairs with NaN are left out."""
    given = [np.asarray(v, dtype=np.float64) for v in (counted, estimated, low, high)]
    y, estimate, below, above = (v[~np.isnan(given).any(axis=0)] for v in given)
    if len(y) < 3:
        unknown = float("nan")
        return Skill(len(y), Estimate(unknown, unknown, unknown), *(unknown,) * 6)
    log_y, log_estimate = np.log(y), np.log(estimate)
    spread = ((log_y - log_y.mean()) ** 2).sum()
    return Skill(
        n=len(y),
        rank_correlation=bootstrap(_spearman, log_estimate, log_y, seed=seed, resamples=resamples),
        r2=float(1 - ((log_y - log_estimate) ** 2).sum() / spread) if spread > 0 else float("nan"),
        pairs=float((kendalltau(log_estimate, log_y).statistic + 1) / 2),
        within_2=float((np.abs(log_y - log_estimate) <= np.log(2)).mean()),
        median_error=float(np.median(np.abs(estimate - y) / y)),
        coverage=float(((y >= below) & (y <= above)).mean()),
        interval_factor=float(np.exp(np.median(np.log(above / below)) / 2)),
    )


def betweenness(network: Network, around: Floats, *, within_m: float = BETWEEN_M) -> Floats:
    """Shortest ways up to `within_m` between all nodes that pass each edge, right near the points `around` (metres)."""
    distance, _ = KDTree(around).query(network.xy, distance_upper_bound=within_m)
    nodes = np.flatnonzero(np.isfinite(distance)).astype(np.int32)
    every = Opportunities(Snapped(nodes, np.zeros(len(nodes), np.int32)), np.ones(len(nodes)))
    equal = np.ones((1, network.n_nodes))
    ways = Purpose("betweenness", every, every, decay_m=1e9, limit_m=within_m, trips_per_visit=1.0)
    return np.asarray(assign(network, network.arc_mm, [ways], Balance(equal, equal))[0])


def claim(model: Skill, premises: Skill) -> Text:
    """What may be said of footfall in this town, in a sentence."""
    correlation = model.rank_correlation
    if not correlation.low > 0:
        return T(
            "With {n} counters it cannot be shown that the footfall index orders streets here: use counts.", n=model.n
        )
    return T(
        "Of 100 pairs of counted streets, the footfall index puts {pairs} in the right order (the premises within "
        "150 m: {shops}); with the other counters, {within} of 100 estimates are within a factor 2 of the count, and "
        "{coverage} of 100 intervals of 80 % hold it.",
        pairs=round(100 * model.pairs),
        shops=round(100 * premises.pairs),
        within=round(100 * model.within_2),
        coverage=round(100 * model.coverage),
    )


def _spearman(a: Floats, b: Floats) -> float:
    """NaN where either is one value only."""
    if np.ptp(a) == 0 or np.ptp(b) == 0:
        return float("nan")
    return float(np.corrcoef(rankdata(a), rankdata(b))[0, 1])


def _plain(value: Any) -> Any:
    if isinstance(value, float | np.floating):
        return None if np.isnan(value) else round(float(value), 4)
    return int(value) if isinstance(value, np.integer) else value
