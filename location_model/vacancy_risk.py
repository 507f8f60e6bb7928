"""How likely a unit stands empty, from what is around it: a logistic regression within one town.

Few features of plain meaning: how densely units stand around (50 and 200 m), how large the building is, and, where
neighbours were surveyed, how many of them stand empty. What depends on the state of the unit itself stays out:
densities count occupied and vacant units alike, and whether a size is known says nothing.
"""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import KDTree
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from geodata.errors import GeodataError
from geodata.language import T, Text, TN
from geodata.opportunities import coordinates
from geodata.sources.osm_premises import FLOOR_SHARE
from geodata.store import Area
from location_model.validation.statistics import Floats, Ints, spatial_blocks

Flags = npt.NDArray[np.bool_]

LEAST = 30
"""Fewer vacant (or occupied) units give no figure: with 30 the AUC is known to about ± 0.10 at best (Hanley & McNeil
1982), and a regression wants some ten cases a coefficient (Peduzzi and others 1996)."""

NEAR_M, AROUND_M, NEXT_DOOR_M = 50.0, 200.0, 25.0
"""Decay distances d of exp(−distance / d): the row of shops, the shopping area, the units next door."""

_CUT = 5.0
"""Units farther than so many decay distances weigh less than 1 % and are left out."""

_SAME_BUILDING_M = 100.0
_PENALTY = 0.3
NEIGHBOURHOODS, RESAMPLES, LEVEL = 40, 200, 0.8
_NEGLIGIBLE = 0.1
"""A part that changes the odds by less than 10 % is no reason."""


@dataclass(frozen=True, eq=False)
class Units:
    """The premises of a study area as the model sees them; all arrays in the order of `premises`.

    near, around: other units, weighted exp(−distance / 50 m) and exp(−distance / 200 m), vacant or not.
    size: log of the size over the median of what was measured the same way; 0 where not known.
    seen, empty: other units, and vacant ones, weighted exp(−distance / 25 m).
    within_50_m, within_200_m, size_m2: for people; size in m², NaN = not known.
    """

    premises: gpd.GeoDataFrame
    vacant: Flags
    near: Floats
    around: Floats
    size: Floats
    seen: Floats
    empty: Floats
    within_50_m: Ints
    within_200_m: Ints
    size_m2: Floats

    @property
    def xy(self) -> Floats:
        """Positions in the metric CRS, shape (units, 2)."""
        return coordinates(self.premises)

    def neighbour_share(self, rate: float) -> Floats:
        """Share of the units next door that stand empty, 0–1, drawn to `rate` as by one more neighbour.

        The unit itself is never counted. `rate` must be one figure for all units: a rate that leaves each unit out
        would be lower for the vacant ones and give their state away.
        """
        return np.asarray((self.empty + rate) / (self.seen + 1.0), dtype=np.float64)

    def features(self, rate: float | None) -> Floats:
        """What the regression sees, shape (units, 3), or (units, 4) with a rate to draw neighbours' shares to."""
        columns = [np.log1p(self.near), np.log1p(self.around), self.size]
        return np.column_stack(columns if rate is None else [*columns, self.neighbour_share(rate)])


def units_of(area: Area) -> Units:
    """The units of an area, those in its margin counted as neighbours only.

    GeodataError below 30 vacant or 30 occupied units, or 30 places.
    """
    premises = area.tables.premises
    mine = premises["in_study"].to_numpy(bool)
    state = (premises["state"] == "vacant").to_numpy()
    vacant, occupied = int(state[mine].sum()), int((~state[mine]).sum())
    if min(vacant, occupied) < LEAST:
        raise GeodataError(
            T(
                "vacancy risk needs {least} vacant and {least} occupied units on record; there are {vacant} and "
                "{occupied}. With fewer, no probability can be checked.",
                least=LEAST,
                vacant=vacant,
                occupied=occupied,
            ),
            where=area.name,
            remedy=T("Add a vacancy list or a surveyed list of premises."),
        )
    xy, size_m2 = coordinates(premises), _size_m2(premises)
    if (places := len(np.unique(xy[mine], axis=0))) < LEAST:
        raise GeodataError(
            T("the units stand at {places} places only: nothing around tells them apart.", places=places),
            where=area.name,
            remedy=T("Give each unit its own coordinates or address."),
        )
    near, around, seen, empty, few, many = _around(xy, state)[:, mine]
    chosen = premises[mine].reset_index(drop=True)
    log = pd.Series(np.log(size_m2[mine]))
    how = chosen["floor_area_basis"].fillna("").astype(object)
    size = (log - log.groupby(how.to_numpy()).transform("median")).fillna(0.0).to_numpy(np.float64)
    return Units(
        chosen, state[mine], near, around, size, seen, empty, few.astype(np.int64), many.astype(np.int64), size_m2[mine]
    )


def _around(xy: Floats, vacant: Flags) -> Floats:
    """Rows `near`, `around`, `seen`, `empty`, and counts within 50 and 200 m; a unit never counts itself."""
    sums, tree = np.zeros((6, len(xy))), KDTree(xy)
    for start in range(0, len(xy), 1000):  # a piece at a time: a city has too many pairs for one go
        some = KDTree(xy[start : start + 1000])
        pairs = some.sparse_distance_matrix(tree, _CUT * AROUND_M, output_type="coo_matrix")
        rows, others, metres = pairs.row + start, pairs.col, pairs.data
        apart = rows != others
        rows, others, metres = rows[apart], others[apart], metres[apart]
        door = np.exp(-metres / NEXT_DOOR_M)
        weights = (np.exp(-metres / NEAR_M), np.exp(-metres / AROUND_M), door, door * vacant[others],
                   metres <= NEAR_M, metres <= AROUND_M)  # fmt: skip
        sums += [np.bincount(rows, weights=w, minlength=len(xy)) for w in weights]
    return sums


def _size_m2(premises: gpd.GeoDataFrame) -> Floats:
    """Floor area where surveyed; else the footprint of the building a unit stands in; NaN = not known.

    Units in one building have the same share of its footprint on record, so that as many times the share is the whole.
    """
    known = premises["floor_area_m2"].where(premises["floor_area_m2"] > 0).to_numpy(np.float64)
    size = known.copy()
    guessed = np.flatnonzero((premises["floor_area_basis"] == "footprint").to_numpy(bool))
    sharing = np.ones(len(guessed))
    one, other = KDTree(coordinates(premises)[guessed]).query_pairs(_SAME_BUILDING_M, output_type="ndarray").T
    same = np.isclose(known[guessed[one]], known[guessed[other]], rtol=1e-9)
    np.add.at(sharing, np.concatenate([one[same], other[same]]), 1.0)
    size[guessed] *= sharing / FLOOR_SHARE
    return size


def fitted(x: Floats, vacant: Flags) -> Pipeline:
    """The regression: standardised features, ridge penalty (C = 0.3)."""
    return make_pipeline(StandardScaler(), LogisticRegression(C=_PENALTY, solver="newton-cholesky")).fit(x, vacant)


def predicted(units: Units, learn: Ints, of: Ints, *, with_neighbours: bool) -> Floats:
    """Probabilities for the rows `of`, learnt from the rows `learn` (repeats count); their share if all are alike.

    Neighbours' states are known everywhere, the states of `of` themselves are not used.
    """
    rate = float(units.vacant[learn].mean())
    if rate in (0.0, 1.0):
        return np.full(len(of), rate)
    x = units.features(rate if with_neighbours else None)
    return np.asarray(fitted(x[learn], units.vacant[learn]).predict_proba(x[of])[:, 1], dtype=np.float64)


def risk(area: Area, *, with_neighbours: bool, seed: int = 0) -> pd.DataFrame:
    """The probability that a unit stands empty, by premises id, units of the study only.

    Columns: `state`; `probability`, `low`, `high` (0–1); `reasons`, up to three Texts, strongest first. A unit's
    probability is the mean of regressions that saw neither it nor its neighbourhood, fitted on neighbourhoods drawn
    with replacement; low and high hold 80 % of them: how far the figure moves with the ground it was learnt on.
    with_neighbours: the vacancy next door is used; only where vacancies were surveyed. GeodataError as `units_of`.
    """
    units = units_of(area)
    ground = spatial_blocks(units.xy, NEIGHBOURHOODS, seed=seed)
    members = [np.flatnonzero(ground == g) for g in np.unique(ground)]
    rng = np.random.default_rng(seed)
    estimates = np.full((RESAMPLES, len(units.vacant)), np.nan)
    for row in estimates:
        drawn = rng.integers(len(members), size=len(members))
        unseen = np.flatnonzero(~np.isin(ground, np.unique(ground)[drawn]))
        row[unseen] = predicted(
            units, np.concatenate([members[k] for k in drawn]), unseen, with_neighbours=with_neighbours
        )
    edges = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
    low, high = np.nanquantile(estimates, edges, axis=0)
    return pd.DataFrame(
        {
            "state": units.premises["state"].to_numpy(),
            "probability": np.nanmean(estimates, axis=0),
            "low": low,
            "high": high,
            "reasons": pd.Series(_reasons(units, with_neighbours=with_neighbours), dtype=object),
        }
    ).set_index(pd.Index(units.premises["id"], name="id"))


def _reasons(units: Units, *, with_neighbours: bool) -> list[tuple[Text, ...]]:
    """The parts of each unit's log odds, against a unit that is average in all of them."""
    x = units.features(float(units.vacant.mean()) if with_neighbours else None)
    scale, regression = fitted(x, units.vacant)
    parts = scale.transform(x) * regression.coef_[0]
    parts[np.isnan(units.size_m2), 2] = 0.0
    found = []
    for i, part in enumerate(parts):
        strongest = [k for k in np.argsort(-np.abs(part), kind="stable")[:3] if abs(part[k]) >= _NEGLIGIBLE]
        found.append(tuple(_reason(_fact(units, i, int(k)), float(part[k])) for k in strongest))
    return found


def _reason(fact: Text, part: float) -> Text:
    return T("raises the risk: {fact}", fact=fact) if part > 0 else T("lowers the risk: {fact}", fact=fact)


def _fact(units: Units, i: int, feature: int) -> Text:
    if feature == 2:
        size = float(f"{units.size_m2[i]:.2g}")
        if units.premises["floor_area_basis"].iloc[i] == "footprint":
            return T("a building of {size} m² on the ground", size=size)
        return T("a floor area of {size} m²", size=size)
    if feature == 3:
        if units.seen[i] < 0.5:
            return T("hardly any unit next door")
        share = round(100 * float(units.empty[i] / units.seen[i]))
        if share == 0:
            return T("hardly any of the units next door stands empty")
        return T("{share} % of the units next door stand empty", share=share)
    metres, count = ((NEAR_M, units.within_50_m[i]), (AROUND_M, units.within_200_m[i]))[feature]
    if count == 0:
        return T("no other unit within {metres} m", metres=int(metres))
    return TN(
        "one other unit within {metres} m", "{count} other units within {metres} m", int(count), metres=int(metres)
    )
