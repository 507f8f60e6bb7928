"""A shop is judged by others alone, however many there are; and one rule says what is a difference."""

from dataclasses import replace

import numpy as np
import pytest
from test_huff_fit import chain, sales

from location_model.demand import assumptions
from location_model.huff_fit import fit
from location_model.left_out import apart, by_the_others
from location_model.validation.statistics import Estimate


def test_no_shop_moves_what_is_expected_of_it_but_it_moves_the_others() -> None:
    market = chain(homes=300, shops=12)
    plain = sales(market, 0.1, 1.0, 1.0, 9, 0.2)
    odd = {**plain, "s0": plain["s0"] / 10}
    before, after = (
        {shop: (m.turnover(m.row(shop)), number) for shop, m, number in by_the_others(market, eur, ["s0", "s1", "s11"])}
        for eur in (plain, odd)
    )
    assert before["s0"] == after["s0"] and before["s0"][1] == 8
    assert before["s1"] != after["s1"] and before["s11"] != after["s11"] and before["s11"][1] == 9


def test_every_shop_is_judged_by_the_fit_to_all_others() -> None:
    """More than twenty, too: none is judged by a fit that has seen it, none by a part of the others."""
    market = chain(homes=200, shops=25)
    eur = sales(market, 0.1, 1.0, 1.0, 22, 0.2)
    for shop, found, _ in by_the_others(market, eur, ["s3", "s21"]):
        assert found.assumed == fit(market, {o: e for o, e in eur.items() if o != shop}).assumed


def test_without_others_the_table_stands() -> None:
    market = chain(homes=200, shops=5)
    [(_, found, number)] = by_the_others(market, {"s0": 1e6, "s1": 0.0}, ["s0"])
    assert number == 0 and found.assumed == assumptions(market.habits, 1.0)


def test_the_miss_of_a_shop_left_out_is_that_of_a_fit_without_it() -> None:
    """By brute force: each shop in turn is left out and expected from the rest."""
    market = chain(homes=300, shops=12)
    eur = sales(market, 0.15, 0.8, 1.2, 10, 0.3)
    misses = []
    for shop in eur:
        rest = replace(market, assumed=fit(market, {o: e for o, e in eur.items() if o != shop}).assumed)
        misses.append(np.log(rest.world().turnover(market.opened)[market.row(shop)] / eur[shop]))
    error = fit(market, eur).error
    assert error == pytest.approx(np.exp(np.sqrt(np.mean(np.square(misses)))) - 1, rel=0.1)


@pytest.mark.parametrize(("low", "high", "side"), [(10, 12, -1), (40, 40, 1), (10, 22, 0), (25, 25, 0), (30, 40, 0)])
def test_a_difference_within_the_intervals_is_none(low: float, high: float, side: int) -> None:
    assert apart(Estimate((low + high) / 2, low, high), Estimate(25, 20, 30)) == side
