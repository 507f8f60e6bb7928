"""Which shop should move? Own shops by what they turn over minus what their place lets expect."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd

from geodata.errors import GeodataError
from geodata.language import LANGUAGES, T, Text
from geodata.store import Area
from location_model.branch_market import market_of
from location_model.demand import market_notes
from location_model.demand_region import demand_region
from location_model.left_out import apart, by_the_others
from location_model.own_shops import OwnNetwork, names, near, turnover_by_shop
from location_model.validation.statistics import Estimate, as_value

LESS = T("takes in less than its place lets expect")
MORE = T("takes in more than its place lets expect")
UNCLEAR = T("the gap is smaller than its uncertainty")
NO_TURNOVER = T("its turnover is not known")


@dataclass(frozen=True)
class ShopGap:
    """An own shop, euros a year. actual: from the list, None = not known. expected: with its 80 % interval."""

    id: str
    name: str
    area: str
    actual: float | None
    expected: Estimate

    @property
    def gap(self) -> Estimate | None:
        """Actual minus expected; None where the turnover is not known."""
        if self.actual is None:
            return None
        e = self.expected
        return Estimate(self.actual - e.value, self.actual - e.high, self.actual - e.low)

    @property
    def clear(self) -> bool:
        """Whether the gap is larger than its uncertainty."""
        return self._side != 0

    @property
    def _side(self) -> int:
        """1 above what is expected, -1 below it; 0 where that cannot be told."""
        return 0 if self.actual is None else apart(Estimate(self.actual, self.actual, self.actual), self.expected)

    @property
    def verdict(self) -> Text:
        """In words; which way only where the gap is larger than its uncertainty."""
        if self.gap is None:
            return NO_TURNOVER
        return {1: MORE, -1: LESS, 0: UNCLEAR}[self._side]

    def as_json(self) -> dict[str, Any]:
        """Euros a year, null where not known."""
        return {
            "id": self.id,
            "name": self.name,
            "area": self.area,
            "actual_eur": None if self.actual is None else round(self.actual),
            "expected_eur": as_value(self.expected),
            "gap_eur": None if self.gap is None else as_value(self.gap),
            "clear": self.clear,
            "verdict": {language: self.verdict.to(language) for language in LANGUAGES},
        }


@dataclass(frozen=True, eq=False)
class ShopGaps:
    """Own shops, the one that falls short most first, those without a turnover last; and who could not be judged.

    not_placed: rows of the list without a place, with the reason. in_no_area, not_asked: names of shops in none of the
    built areas, and in others than were asked for.
    """

    branch: str
    shops: tuple[ShopGap, ...]
    not_placed: tuple[tuple[int, Text], ...]
    in_no_area: tuple[str, ...]
    not_asked: tuple[str, ...]
    of_other_branches: tuple[str, ...]
    notes: tuple[Text, ...]

    def as_json(self) -> dict[str, Any]:
        """As `own --json` prints it."""
        return {
            "branch": self.branch,
            "shops": [s.as_json() for s in self.shops],
            "not_placed": [
                {"row": row, "reason": {language: why.to(language) for language in LANGUAGES}}
                for row, why in self.not_placed
            ],
            "in_no_area": list(self.in_no_area),
            "not_asked": list(self.not_asked),
            "of_other_branches": list(self.of_other_branches),
            "notes": [{language: note.to(language) for language in LANGUAGES} for note in self.notes],
        }


def shortest_first(shop: ShopGap) -> tuple[bool, float, str]:
    """Orders shops: the one that falls short most first, those without a turnover last."""
    return shop.gap is None, 0.0 if shop.gap is None else shop.gap.value, shop.id


def which_to_move(network: OwnNetwork, areas: Sequence[Area], branch: str, data_dir: Path) -> ShopGaps:
    """Every own shop of a branch in these areas, actual against expected by Huff's model of its own area.

    The model is fitted to the turnover of the other own shops within 20 km.
    GeodataError where no shop of the branch stands in one of the areas, and as `market_of` raises.
    """
    every = network.of_branch(branch)
    asked = every["area_id"].isin([area.id for area in areas])
    if not asked.any():
        raise GeodataError(
            T("no own shop of the branch {branch} stands in an area that is built.", branch=branch),
            where=", ".join(area.name for area in areas),
            remedy=T("Build the areas they stand in, or check the branch in the list."),
        )
    found: list[ShopGap] = []
    notes: list[Text] = []
    standing = [area for area in areas if area.id in set(every["area_id"])]
    for area in standing:
        made, said = _in_area(area, every, branch, data_dir, areas)
        found += made
        one = len(standing) == 1
        notes += said if one else [Text("{area}: {note}", (("area", area.name), ("note", note))) for note in said]
    found.sort(key=shortest_first)
    if all(s.actual is None for s in found):
        notes.append(T("The list gives no turnover: there is nothing to set beside what is expected."))
    return ShopGaps(
        branch=branch,
        shops=tuple(found),
        not_placed=tuple((int(r["row"]), r["reason"]) for r in network.skipped.to_dict("records")),
        in_no_area=tuple(network.in_no_area),
        not_asked=tuple(names(every[~asked])),
        of_other_branches=tuple(network.of_other_branches(branch)),
        notes=tuple(dict.fromkeys(notes)),
    )


def _in_area(
    area: Area, mine: gpd.GeoDataFrame, branch: str, data_dir: Path, opened: Sequence[Area]
) -> tuple[list[ShopGap], tuple[Text, ...]]:
    own = near(mine, area)
    whole = market_of(area, branch, [], data_dir, own=own, region=demand_region(area, opened))
    turnover = turnover_by_shop(own)
    known = {whole.own[shop]: eur for shop, eur in turnover.items() if shop in whole.own}
    here = own[own["area_id"] == area.id].to_dict("records")
    markets = by_the_others(whole.market, known, [whole.own[str(shop["id"])] for shop in here])
    gaps = []
    for shop, (row_id, judged, _) in zip(here, markets, strict=True):
        name = str(shop["id"])
        title = shop["name"] if isinstance(shop["name"], str) else name
        expected = judged.turnover(judged.row(row_id))
        gaps.append(ShopGap(name, title, area.id, turnover.get(name), expected))
    return gaps, (*whole.market.region.notes, *market_notes(whole.market))
