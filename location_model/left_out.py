"""An own shop is judged by others alone: a model that has seen its turnover would expect just that."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Protocol

from location_model.demand import Market, assumptions
from location_model.huff_fit import fit


class Ends(Protocol):
    """Whatever has an interval."""

    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...


def by_the_others(
    market: Market, turnover_eur: Mapping[str, float], shops: Iterable[str]
) -> Iterator[tuple[str, Market, int]]:
    """For each shop the market as fitted to all other shops with a turnover, and how many those are.

    shops, and turnover_eur (€ a year) above 0, by their id in the market. Without others the table's values stay.
    """
    known = {shop: eur for shop, eur in turnover_eur.items() if eur > 0}
    table = assumptions(market.habits, market.region.known)
    of_all: Market | None = None
    for shop in shops:
        others = {other: eur for other, eur in known.items() if other != shop}
        if shop not in known and of_all is not None:
            yield shop, of_all, len(others)
            continue
        fitted = replace(market, assumed=fit(market, others).assumed if others else table)
        of_all = of_all if shop in known else fitted
        yield shop, fitted, len(others)


def apart(actual: Ends, expected: Ends) -> int:
    """1 where what is lies above what was expected, -1 below it, 0 where their intervals meet."""
    return int(actual.low > expected.high) - int(actual.high < expected.low)
