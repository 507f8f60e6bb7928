"""Fitting Huff to own shops: what made the numbers is found back, and little data moves little."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from geodata.errors import GeodataError
from location_model.demand import Market, assumptions
from location_model.huff_fit import Customers, fit
from location_model.spending import habits_of

HABITS = habits_of("clothes")
SPEED_M_PER_TICK = 5.0  # 500 m a minute


def chain(seed: int = 0, homes: int = 2500, shops: int = 70) -> Market:
    """A region of 20 × 20 km with homes in ten towns and shops of 40 to 1,500 m² in them."""
    rng = np.random.default_rng(seed)
    towns = rng.uniform(0, 20_000, (10, 2))
    home = towns[rng.integers(0, 10, homes)] + rng.normal(0, 1500, (homes, 2))
    shop = towns[rng.integers(0, 10, shops)] + rng.normal(0, 700, (shops, 2))
    ticks = np.hypot(*(home[:, None] - shop[None]).transpose(2, 0, 1)) / SPEED_M_PER_TICK
    region = SimpleNamespace(
        homes=pd.DataFrame({"x": home[:, 0], "y": home[:, 1], "residents": rng.uniform(5, 60, homes)}),
        known=1.0, area=SimpleNamespace(name="Chain"),
    )  # fmt: skip
    table = pd.DataFrame({
        "id": [f"s{i}" for i in range(shops)], "name": None, "x": shop[:, 0], "y": shop[:, 1],
        "floor_area_m2": np.exp(rng.uniform(np.log(40), np.log(1500), shops)), "measured": True, "count": 1.0,
        "in_study": True, "in_core": False, "candidate": False,
    })  # fmt: skip
    return Market(region, HABITS, assumptions(HABITS, 1.0), table, ticks.astype(np.uint16))  # type: ignore[arg-type]


def sales(market: Market, decay: float, exponent: float, spend: float, n: int, noise: float) -> dict[str, float]:
    truth = replace(market.assumed, decay_per_minute=decay, size_exponent=exponent, spend_factor=spend)
    turnover = replace(market, assumed=truth).world().turnover(market.opened)
    errors = np.exp(np.random.default_rng(9).normal(0, noise, len(turnover)))
    return dict(zip(market.shops["id"][:n], (turnover * errors)[:n], strict=True))


def lives(market: Market, decay: float, exponent: float, n: int, noise: float) -> Customers:
    """1,000 customers of each of the first n shops by squares of 2 km, each square's number some noise off."""
    truth = replace(market, assumed=replace(market.assumed, decay_per_minute=decay, size_exponent=exponent)).world()
    corner = np.floor(market.region.homes[["x", "y"]].to_numpy() / 2000)
    _, zone = np.unique(corner, axis=0, return_inverse=True)
    rng = np.random.default_rng(5)
    found = {}
    for row in range(n):
        eur = np.bincount(zone, weights=truth.by_home(row, market.opened))
        found[f"s{row}"] = np.rint(1000 * eur / eur.sum() * np.exp(rng.normal(0, noise, len(eur))))
    return Customers(zone, found)


TRUTHS = [(0.2, 0.8, 1.3), (0.07, 1.25, 0.7), (0.11, 1.0, 1.0)]


@pytest.mark.parametrize(("decay", "exponent", "spend"), TRUTHS)
@pytest.mark.parametrize("seed", [0, 1])
def test_thirty_shops_and_their_customers_give_the_truth_within_a_tenth(
    decay: float, exponent: float, spend: float, seed: int
) -> None:
    market = chain(seed)
    sold = sales(market, decay, exponent, spend, 30, 0.1)
    found = fit(market, sold, lives(market, decay, exponent, 30, 0.1))
    assert found.decay.value == pytest.approx(decay, rel=0.1)
    assert found.exponent.value == pytest.approx(exponent, rel=0.1)
    assert found.spend.value == pytest.approx(spend, rel=0.1)
    logs = np.log(list(sold.values()))
    misses = [logs[i] - np.delete(logs, i).mean() for i in range(len(logs))]
    assert found.plain_error == pytest.approx(np.exp(np.sqrt(np.mean(np.square(misses)))) - 1)
    assert found.error is not None and found.error < 0.2 < found.plain_error


@pytest.mark.parametrize(("decay", "exponent", "spend"), TRUTHS)
def test_turnover_alone_gives_size_and_spending_and_says_that_decay_is_not_sure(
    decay: float, exponent: float, spend: float
) -> None:
    market = chain()
    found = fit(market, sales(market, decay, exponent, spend, 30, 0.1))
    assert found.exponent.value == pytest.approx(exponent, rel=0.1)
    assert found.spend.value == pytest.approx(spend, rel=0.1)
    nearer = abs(np.log(found.decay.value / decay)) - abs(np.log(found.defaults.decay_per_minute / decay))
    assert nearer < 0.2 and found.decay.high / found.decay.low > 1.25


def test_one_shop_moves_little_and_keeps_wide_ranges() -> None:
    market = chain()
    found = fit(market, sales(market, 0.3, 0.6, 2.0, 1, 0.0))
    start = found.defaults
    assert abs(np.log(found.decay.value / start.decay_per_minute)) < np.log(start.decay_range)
    assert found.assumed.decay_range > 1.25 and found.error is None
    assert "of one own shop:" in found.told.to("en") and found.assumed.site_range == start.site_range


def test_the_customers_of_one_shop_draw_the_decay_to_the_truth() -> None:
    market = chain(seed=3)
    found = fit(market, customers=lives(market, 0.2, 1.0, 1, 0.0))
    assert found.decay.value == pytest.approx(0.2, rel=0.1) and found.customers == pytest.approx(1000, rel=0.02)
    assert found.spend.value == pytest.approx(1.0)


def test_nothing_to_fit_to_is_said() -> None:
    market = chain(homes=50, shops=4)
    with pytest.raises(GeodataError, match="no own shop has a turnover"):
        fit(market, {"s0": 0.0, "s1": float("nan")}, Customers(np.full(50, -1), {"s0": np.array([9.0])}))
