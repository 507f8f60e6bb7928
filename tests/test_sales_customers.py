"""Customers' postcodes: nobody can be worked out from what is shown, and distance is drawn where places are known."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.sources.customer_postcodes import Customers
from geodata.store import Area, Store
from location_model.sales_customers import FEWEST, ShopCustomers, customers_of, postcode_places

AT = (4.0, 51.0)
NOWHERE = gpd.GeoDataFrame({"residents": []}, geometry=gpd.GeoSeries([], crs=4326))


def given_customers(**by_postcode: int) -> Customers:
    table = pd.DataFrame(
        [("A", code[1:], float(n)) for code, n in by_postcode.items()], columns=["shop", "postcode", "customers"]
    )
    return Customers(table, len(table), pd.DataFrame(columns=["row", "field", "value", "reason"]))


def found(places: gpd.GeoDataFrame = NOWHERE, **by_postcode: int) -> ShopCustomers:
    return customers_of("A", given_customers(**by_postcode), places, AT)


def at_km(*km_and_residents: tuple[str, float, float]) -> gpd.GeoDataFrame:
    """Postcodes due east of the shop."""
    codes, km, residents = zip(*km_and_residents, strict=True)
    degrees = np.array(km) / (111.32 * np.cos(np.radians(51.0)))
    points = gpd.points_from_xy(AT[0] + degrees, [AT[1]] * len(codes))
    return gpd.GeoDataFrame({"residents": residents}, index=list(codes), geometry=points, crs=4326)


def test_small_groups_are_taken_together() -> None:
    told = found(p8400=60, p8450=30, p8460=4, p8470=3, p8480=2)
    assert [(p.postcode, p.customers) for p in told.postcodes] == [("8400", 60), ("8450", 30)]
    assert (told.customers, told.hidden, told.hidden_customers) == (99, 3, 9)
    assert sum(p.share for p in told.postcodes) == pytest.approx(100 * 90 / 99)


def test_one_small_group_takes_another_along_so_that_it_cannot_be_worked_out() -> None:
    told = found(p8400=60, p8450=30, p8460=3)
    assert [p.postcode for p in told.postcodes] == ["8400"] and told.hidden_customers == 33
    few = found(p8400=3)
    assert few.customers is None and few.postcodes == () and few.hidden_customers is None


@given(st.dictionaries(st.integers(1000, 9992), st.integers(1, 40), min_size=1, max_size=12))
def test_no_number_below_five_can_be_shown_or_worked_out(numbers: dict[int, int]) -> None:
    told = found(**{f"p{code}": n for code, n in numbers.items()})
    assert all(p.customers >= FEWEST for p in told.postcodes)
    if told.customers is not None:
        rest = told.customers - sum(p.customers for p in told.postcodes)
        assert rest == told.hidden_customers and (rest == 0 or rest >= FEWEST)
    else:
        assert not told.postcodes and told.hidden_customers is None


def test_customers_fade_with_distance() -> None:
    places = at_km(("8400", 0.5, 1000.0), ("8450", 1.5, 2000.0), ("8460", 1.8, 500.0), ("8470", 30.0, 9000.0))
    told = found(places, p8400=200, p8450=100, p8999=20)
    assert [p.km for p in told.postcodes] == [pytest.approx(0.5, rel=0.01), pytest.approx(1.5, rel=0.01), None]
    near, far = told.bands
    assert (near.from_km, near.to_km, near.share) == (0, 1, pytest.approx(20))
    assert (far.residents, far.customers, far.share) == (2500, 100, pytest.approx(4))  # nobody from 8460 is a zero
    assert told.not_placed == ("8999",)


def test_a_postcode_with_too_few_to_show_is_in_no_band() -> None:
    places = at_km(("8400", 0.5, 1000.0), ("8450", 1.5, 2000.0), ("8460", 1.6, 100.0))
    told = found(places, p8400=200, p8450=3, p8460=2)
    assert [b.residents for b in told.bands] == [1000]


def test_without_places_there_is_no_curve() -> None:
    assert found(p8400=200).bands == ()
    placed = at_km(("8400", 0.5, 1000.0))
    assert customers_of("A", given_customers(p8400=200), placed, None).bands == ()
    unknown = placed.assign(residents=np.nan)
    assert found(unknown, p8400=200).bands == () and found(unknown, p8400=200).postcodes[0].residents is None


def test_the_postcodes_of_a_town_have_its_residents(squareville_dir: object) -> None:
    area: Area = Store(squareville_dir).open("squareville")  # type: ignore[arg-type]
    places = postcode_places([area])
    total = area.tables.residents.loc[area.tables.residents["in_study"], "residents"].sum()
    assert places["residents"].sum() <= total + 1e-6
    assert postcode_places([]).empty
