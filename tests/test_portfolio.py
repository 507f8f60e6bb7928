"""Several shops at once: the solver's answer is the best of all subsets, and its figures are those of the market."""

from dataclasses import replace
from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.errors import GeodataError
from location_model.best_together import Drawn, best_together, greedy
from location_model.demand import Market, assumptions
from location_model.demand_region import DemandRegion
from location_model.find_site import NamedSite
from location_model.portfolio import considered, portfolio
from location_model.spending import habits_of
from location_model.suggest import Site

HABITS = habits_of("bakery")


def drawn(seed: int, homes: int, sites: int) -> Drawn:
    """Random homes and sites; some homes are drawn nowhere yet, some sites reach only part of them."""
    rng = np.random.default_rng(seed)
    more = rng.uniform(0, 3, (homes, sites)) * (rng.uniform(size=(homes, sites)) < 0.7)
    draw = rng.uniform(0, 3, homes) * (rng.uniform(size=homes) < 0.8)
    return Drawn(rng.uniform(0, 900, homes), draw, more, rng.integers(0, 5, homes))


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10_000), homes=st.integers(1, 50), sites=st.integers(1, 8), data=st.data())
def test_the_choice_is_the_best_of_all_subsets_and_greedy_is_never_better(
    seed: int, homes: int, sites: int, data: st.DataObject
) -> None:
    case, n = drawn(seed, homes, sites), data.draw(st.integers(1, sites))
    best = max(case.served(rows) for rows in combinations(range(sites), n))
    found = best_together(case, n)
    assert found is not None and found.method == "exact" and len(found.rows) == n
    assert found.served == pytest.approx(case.served(found.rows)) == pytest.approx(best, rel=2e-6, abs=1e-9)
    one_by_one = best_together(case, n, rounds=0)
    assert one_by_one is not None and one_by_one.rows == greedy(case, n)
    assert case.served(greedy(case, n)) <= best * (1 + 1e-9)


@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 10_000), n=st.integers(1, 4))
def test_sites_that_clash_are_not_chosen_together(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    clash = np.triu(rng.uniform(size=(7, 7)) < 0.4, 1)
    case = replace(drawn(seed, 30, 7), clash=clash | clash.T)
    allowed = [rows for rows in combinations(range(7), n) if not (clash | clash.T)[np.ix_(rows, rows)].any()]
    found = best_together(case, n)
    if not allowed:
        assert found is None
        return
    assert found is not None and found.rows in allowed
    assert found.served == pytest.approx(max(map(case.served, allowed)), rel=2e-6)


def test_the_best_single_site_need_not_be_among_the_best_two() -> None:
    """West 60 and east 60 each have a shop; the middle is near enough to both to take most of one site's reach."""
    case = Drawn(np.array([60.0, 60.0]), np.ones(2), np.array([[9.0, 3.0, 0.0], [0.0, 3.0, 9.0]]), np.array([0, 1]))
    assert case.alone() == pytest.approx([54, 90, 54])
    assert greedy(case, 1) == (1,) and 1 in greedy(case, 2)
    one, two, by_hand = best_together(case, 1), best_together(case, 2), best_together(case, 2, rounds=0)
    assert one is not None and two is not None and by_hand is not None
    assert (one.rows, two.rows, two.method) == ((1,), (0, 2), "exact")
    assert two.served == pytest.approx(108) and two.gap <= 1e-6
    assert by_hand.method == "greedy" and by_hand.served < two.served <= by_hand.served * (1 + by_hand.gap)


def town(seed: int = 1, sites: int = 6) -> tuple[Market, list[NamedSite]]:
    """A meadow of 2 km with 60 homes, three open bakeries (one of them one's own) and sites; all within reach."""
    rng = np.random.default_rng(seed)
    home_xy, shop_xy = (rng.uniform(0, 2000, (k, 2)) + np.array([600_000, 690_000]) for k in (60, 3 + sites))
    minutes = np.hypot(*(home_xy[:, None] - shop_xy[None]).transpose(2, 0, 1)) / 80
    homes = pd.DataFrame({"x": home_xy[:, 0], "y": home_xy[:, 1], "residents": rng.integers(1, 9, 60).astype(float)})
    shops = pd.DataFrame({
        "id": ["own", "a", "b", *(f"v{i}" for i in range(sites))], "x": shop_xy[:, 0], "y": shop_xy[:, 1],
        "floor_area_m2": rng.uniform(50, 150, 3 + sites), "measured": True, "count": 1.0,
        "candidate": [False] * 3 + [True] * sites,
    })  # fmt: skip
    area = SimpleNamespace(name="Weide", study=SimpleNamespace(crs=3812))
    region = DemandRegion(area, homes, shops, 1.0, ())  # type: ignore[arg-type]
    market = Market(region, HABITS, assumptions(HABITS, 1.0), shops, (minutes * 100).astype(np.uint16))
    named = [NamedSite(Site(f"cell{i}", f"v{i}", f"Weg {i}", 3.0, 51.0), *shop_xy[3 + i]) for i in range(sites)]
    return market, named


@pytest.mark.parametrize("n", [1, 2, 3, 6])
def test_what_is_served_is_the_most_any_sites_take_in_when_all_are_open(n: int) -> None:
    market, sites = town()
    world = market.world()

    def served(rows: tuple[int, ...]) -> float:
        opened = market.opened.copy()
        opened[[3 + i for i in rows]] = True
        return float(world.turnover(opened)[[3 + i for i in rows]].sum())

    found = portfolio(market, sites, n, own=["own"])
    assert found.served.value == pytest.approx(max(map(served, combinations(range(6), n))), rel=1e-5)
    assert sum(t.value for t in found.turnover) == pytest.approx(found.served.value)
    for f in (found.served, *found.turnover, *found.alone):
        assert f.low < f.value < f.high
    assert [t.value for t in found.turnover] == sorted((t.value for t in found.turnover), reverse=True)
    for site, alone in zip(found.sites, found.alone, strict=True):
        assert alone.value == pytest.approx(market.turnover(market.row(site.id)).value, rel=1e-5)


def test_what_they_take_from_one_another_and_from_the_own_shop_adds_up() -> None:
    """Everybody keeps spending the same: what the new shops take in, the shops that were there lose."""
    market, sites = town()
    found = portfolio(market, sites, 3, own=["own"])
    assert found.from_own is not None
    opened = market.opened.copy()
    opened[[market.row(s.id) for s in found.sites]] = True
    lost = (market.world().turnover(market.opened) - market.world().turnover(opened))[:3]
    assert found.from_own.value == pytest.approx(lost[0], rel=1e-5)
    assert found.served.value == pytest.approx(lost.sum(), rel=1e-4)
    assert found.from_one_another.value == pytest.approx(
        sum(a.value - t.value for a, t in zip(found.alone, found.turnover, strict=True))
    )
    assert portfolio(market, sites, 1).from_one_another.value == pytest.approx(0, abs=0.01)
    assert portfolio(market, sites, 1).from_own is None
    document = found.as_json()
    assert document["method"] == "exact" and document["gap"] <= 1e-6 and len(document["sites"]) == 3
    assert document["served_eur"]["low"] < document["served_eur"]["value"] < document["served_eur"]["high"]


def test_sites_can_be_kept_apart() -> None:
    market, sites = town()
    xy = {s.id: np.array([s.x, s.y]) for s in sites}
    free, apart = portfolio(market, sites, 2), portfolio(market, sites, 2, apart_m=1200)
    one, other = (xy[s.id] for s in apart.sites)
    assert np.hypot(*(one - other)) >= 1200 and apart.served.value <= free.served.value
    with pytest.raises(GeodataError, match="no 6 places lie 1,200 m from one another"):
        portfolio(market, sites, 6, apart_m=1200)


def test_more_places_than_there_are_is_refused_and_a_choice_among_some_is_said() -> None:
    market, sites = town()
    with pytest.raises(GeodataError, match="7 places were asked for; 6 can be chosen from"):
        portfolio(market, sites, 7)
    assert considered(6, 6) == [] and "100 of 800" in str(considered(800, 100)[0])
