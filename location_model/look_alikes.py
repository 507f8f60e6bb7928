"""Look-alikes: places like a retailer's best shops, on the criteria of the profile as they are worth and weigh.

Likeness of two places is 1 − Σ w·|v − v'| / Σ w over the criteria known at both, v from 0 to 1 (Gower 1971). A shop on
record is left out of its own surroundings (`without_itself`): a place that is for choice has no such neighbour.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geodata.branches import BranchTable
from geodata.errors import GeodataError
from geodata.language import LANGUAGES, T, Text, TN
from geodata.store import Area
from location_model import candidates
from location_model.choices import choices
from location_model.explain import points_of, typical
from location_model.layers import layer_named
from location_model.profile import ScoringProfile
from location_model.score import LEAST_COVERAGE, Scored, value_of
from location_model.shop_values import relative, values_at
from location_model.suggest import Suggestion, sites_of, spacing, suggestion

Floats = npt.NDArray[np.float64]

TOLD = 2
"""Criteria named that two places agree on, and that they differ in."""

DIFFERENT = 0.05
"""A criterion worth less than this apart is no difference to speak of."""


class Best(StrEnum):
    """What makes a shop one of the best."""

    turnover = "turnover"
    per_m2 = "per-m2"


@dataclass(frozen=True, eq=False)
class Examples:
    """The best shops, best first: values 0–1 by shop and criterion (NaN = not known), and names by id.

    apart: layers left out, because they compare places within one town and the places are in several.
    """

    names: Mapping[str, str]
    values: pd.DataFrame
    apart: tuple[str, ...]

    @property
    def note(self) -> Text | None:
        """What is not compared, and why."""
        if not self.apart:
            return None
        return T(
            "Not compared between towns, as they only rank places within one: {layers}.", layers=_titles(self.apart)
        )


@dataclass(frozen=True)
class LookAlike:
    """A place and the best shop it resembles most: likeness 0–1; layers they agree on and differ in, most first."""

    place: Suggestion
    likeness: float
    shop: str
    shop_name: str
    agrees: tuple[str, ...]
    differs: tuple[str, ...]

    @property
    def told(self) -> Text:
        """Which shop it is like, and in what."""
        said: dict[str, object] = {"shop": self.shop_name, "share": round(100 * self.likeness)}
        said |= {"alike": _titles(self.agrees), "apart": _titles(self.differs)}
        if not self.differs:
            return T("{share} % like {shop}. Most alike: {alike}. No difference to speak of.", **said)
        return T("{share} % like {shop}. Most alike: {alike}. Most different: {apart}.", **said)

    def as_json(self) -> dict[str, Any]:
        """The place as a suggestion, its rank by likeness, and what it is like."""
        return {
            **self.place.as_json(),
            "likeness": round(self.likeness, 4),
            "like": {"id": self.shop, "name": self.shop_name},
            "agrees": list(self.agrees),
            "differs": list(self.differs),
            "alike": {language: self.told.to(language) for language in LANGUAGES},
        }


def best_shops(shops: gpd.GeoDataFrame, k: int, by: Best = Best.turnover) -> gpd.GeoDataFrame:
    """The k best of a retailer's shops (table `own_shops`), best first, fewer where fewer are known; ties by id.

    GeodataError where turnover, or turnover and floor area, is known of none.
    """
    earned = shops["turnover_eur_per_year"]
    worth = earned / shops["floor_area_m2"] if by == Best.per_m2 else earned
    known = shops.assign(worth=worth, key=shops["id"].astype(str)).dropna(subset=["worth"])
    if known.empty:
        raise GeodataError(
            T("of no own shop of this branch, in an area that is built, both turnover and floor area are known.")
            if by == Best.per_m2
            else T("of no own shop of this branch, in an area that is built, the turnover is known."),
            remedy=T("Add a column with the turnover a year to the list of own shops."),
        )
    ordered = known.sort_values(["worth", "key"], ascending=[False, True], kind="stable")
    return gpd.GeoDataFrame(ordered.head(k).drop(columns=["worth", "key"]))


def fewer_known(known: int, asked: int) -> Text | None:
    """That fewer shops are known than were asked for; None where none is lacking."""
    if known >= asked:
        return None
    return TN(
        "Look-alikes of one shop instead of {asked}: of no more it is known what makes them the best.",
        "Look-alikes of {count} shops instead of {asked}: of no more it is known what makes them the best.",
        known, asked=asked,
    )  # fmt: skip


def examples(
    shops: gpd.GeoDataFrame,
    built: Sequence[Area],
    searched: Collection[str],
    branches: BranchTable,
    profile: ScoringProfile,
) -> Examples:
    """What the best shops are like. built: the areas they stand in, among others. searched: ids of the areas in which
    look-alikes are looked for. With more than one area in play, an index within one town is left out.
    """
    standing = [area for area in built if area.id in set(shops["area_id"])]
    apart = relative(profile) if len({*searched, *(a.id for a in standing)}) > 1 else ()
    raw = values_at(shops, standing, branches, profile)
    values = pd.DataFrame({c.layer: value_of(c.value, raw[c.layer]) for c in profile.criteria}, index=raw.index)
    names = dict(zip(shops["id"].astype(str), shops["name"].fillna(shops["id"]).astype(str), strict=True))
    return Examples(names, values, apart)


def look_alikes(
    area: Area, scored: Scored, best: Examples, *, n: int = 10, vacant: bool = False
) -> tuple[LookAlike, ...]:
    """The n places within the limits that resemble one of the best shops most, most alike first, spaced as suggestions.

    A place and a shop are compared where at least 60 % of the weight is known at both. Ties go to the better score.
    """
    table = choices(area, scored, vacant=vacant).table
    if table.empty:
        return ()
    rows = [scored.rows[cell] for cell in table["cell"]]
    criteria = scored.profile.criteria
    here = np.column_stack([value_of(c.value, x[rows]) for c, x in zip(criteria, scored.inputs, strict=True)])
    weights = np.array([0.0 if c.layer in best.apart else c.weight for c in criteria])
    alike = likeness(here, best.values.to_numpy(np.float64), weights)
    nearest = np.where(np.isnan(alike), -1.0, alike)
    closest = nearest.max(axis=1)
    order = np.flatnonzero(closest >= 0)[np.argsort(-closest[closest >= 0], kind="stable")]
    taken = order[candidates.apart(table[["x", "y"]].to_numpy()[order], spacing(vacant), n)]
    middle = typical([points_of(scored, cell) for cell in table["cell"].iloc[taken]])
    found = []
    for rank, (row, site) in enumerate(zip(taken, sites_of(area, table.iloc[taken]), strict=True), start=1):
        shop = int(nearest[row].argmax())
        name = str(best.values.index[shop])
        agrees, differs = _told_apart(here[row], best.values.to_numpy(np.float64)[shop], weights)
        layers = [c.layer for c in criteria]
        found.append(
            LookAlike(
                suggestion(scored, site, rank, middle),
                float(closest[row]),
                name,
                best.names[name],
                tuple(layers[i] for i in agrees),
                tuple(layers[i] for i in differs),
            )
        )
    return tuple(found)


def likeness(places: Floats, shops: Floats, weights: Floats) -> Floats:
    """Likeness 0–1 of every place to every shop, shape (places, shops); values 0–1, shape (…, criteria), NaN unknown.

    NaN where less than 60 % of the weight is known at both, or nothing weighs.
    """
    whole = weights.sum()
    found = np.full((len(places), len(shops)), np.nan)
    for j, shop in enumerate(shops):
        gap = np.abs(places - shop)
        known = ~np.isnan(gap) @ weights
        enough = (known > 0) & (known >= (LEAST_COVERAGE - 1e-9) * whole)
        found[enough, j] = 1 - (np.nan_to_num(gap) @ weights)[enough] / known[enough]
    return found


def ranked(found: Sequence[tuple[str, LookAlike]], n: int) -> list[tuple[str, LookAlike]]:
    """Look-alikes of several areas, each with its area's id, together: the n most alike, ranked anew."""
    order = sorted(found, key=lambda item: (-item[1].likeness, -item[1].place.score, item[0], item[1].place.site.cell))
    return [
        (area, replace(one, place=replace(one.place, rank=rank))) for rank, (area, one) in enumerate(order[:n], start=1)
    ]


def _told_apart(place: Floats, shop: Floats, weights: Floats) -> tuple[list[int], list[int]]:
    """The criteria that two places differ in, and agree on, by what each weighs; none is both."""
    gap = np.abs(place - shop)
    known = [i for i in range(len(weights)) if weights[i] > 0 and not np.isnan(gap[i])]
    differs = [i for i in sorted(known, key=lambda i: -weights[i] * gap[i]) if gap[i] >= DIFFERENT][:TOLD]
    rest = [i for i in known if i not in differs]
    agrees = sorted(rest, key=lambda i: -weights[i] * (1 - gap[i]))[:TOLD]
    return agrees, differs


def listed(texts: Sequence[Text]) -> Text:
    """Texts one after another, with commas."""
    template = ", ".join(f"{{t{i}}}" for i in range(len(texts)))
    return Text(template, tuple((f"t{i}", text) for i, text in enumerate(texts)))


def _titles(layers: Sequence[str]) -> Text:
    return listed([layer_named(name).title for name in layers])
