"""The parts of a move add up to the move: neighbourhoods to the shop's balance, other shops to what they change."""

import math
from dataclasses import replace

import numpy as np
import pytest

from geodata.store import Area
from location_model import move_parts, relocate
from location_model.branch_market import market_of
from location_model.find_site import find_site
from location_model.move_parts import neighbourhoods, other_shops
from location_model.relocate import Move, move


@pytest.fixture(scope="module")
def moved(area: Area) -> Move:
    """The first baker moves to a vacant unit; the others are the same retailer's and somebody else's by turns."""
    premises = area.tables.premises[area.tables.premises["in_study"]]
    bakers = sorted(premises.query("branch == 'bakery' and state == 'occupied'")["id"])
    to = min(premises.query("state == 'vacant'")["id"])
    sites = [find_site(area, i) for i in (bakers[0], to)]
    return move(market_of(area, "bakery", sites, area.data_dir).market, bakers[0], to, bakers[1::2])


def test_neighbourhoods_add_up_to_the_balance_and_lie_where_their_residents_do(moved: Move) -> None:
    table, figures = neighbourhoods(moved), moved.balance()
    for name in ("kept_eur", "lost_eur", "won_eur", "net_eur"):
        assert table[name].sum() == pytest.approx(figures[name].value, abs=1e-6)
    assert table["residents"].sum() == pytest.approx(moved.market.region.homes["residents"].sum())
    assert table["net_eur"].abs().is_monotonic_decreasing
    start = moved.market.shops.iloc[moved.start]
    away = np.hypot(table["x"] - start["x"], table["y"] - start["y"]) / 1000
    assert table["km_now"].to_numpy() == pytest.approx(away.to_numpy())
    told = [named.to("nl") for named in table["named"]]
    assert all(x.startswith("rond ") or x.endswith("van de winkel") for x in told)


def test_own_other_shops_come_first_and_add_up_and_nobody_comes_twice(moved: Move) -> None:
    shops, figures = other_shops(moved), moved.balance()
    ids = [shop.id for shop in shops]
    ends = {str(moved.market.shops["id"].iloc[row]) for row in (moved.start, moved.to)}
    assert len(set(ids)) == len(ids) and not ends & set(ids)
    own = [shop for shop in shops if shop.own]
    assert len(own) == len(moved.own) > 0 and shops[: len(own)] == own
    assert sum(s.change.value for s in own) == pytest.approx(figures["own_network_eur"].value)
    others = sum(s.change.value for s in shops if not s.own)
    assert others == pytest.approx(figures["neighbours_eur"].value)
    assert all(s.change.low <= s.change.value <= s.change.high and s.before.value >= 0 for s in shops)


@pytest.mark.parametrize("most", [0, 1, 2])
def test_shops_that_are_not_told_one_by_one_are_told_together(
    moved: Move, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relocate, "NEIGHBOUR_M", 1e6)
    wide = replace(moved)
    whole, figures = other_shops(wide), wide.balance()
    monkeypatch.setattr(move_parts, "MOST_SHOPS", most)
    shops = other_shops(wide)
    assert len(whole) > 2 and shops[:most] == whole[:most]
    assert sum(s.count for s in shops) == len(whole) and all(s.in_core is None for s in shops[most:])
    for own, name in ((True, "own_network_eur"), (False, "neighbours_eur")):
        assert sum(s.change.value for s in shops if s.own is own) == pytest.approx(figures[name].value)
    if most == 0:  # all of them together: the interval is that of the figure itself
        assert shops[-1].change.low == pytest.approx(figures["neighbours_eur"].low)
        assert shops[-1].change.high == pytest.approx(figures["neighbours_eur"].high)


def test_closing_alone_leads_nowhere(moved: Move) -> None:
    closed = neighbourhoods(Move(moved.market, moved.start, None, moved.own))
    assert closed["km_there"].map(math.isnan).all() and (closed["won_eur"] == 0).all()
