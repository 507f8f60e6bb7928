"""The table of spending habits: every branch has a row, proxies say so, and a user's own file goes first."""

from pathlib import Path

import pytest

from geodata.branches import read_branches
from geodata.errors import GeodataError
from location_model.spending import EUR, QUANTITIES, TABLE, habits_of, read_habits, read_spending, write_spending


def test_every_value_has_a_unit_and_a_source_and_only_finance_and_vehicles_have_no_spending() -> None:
    rows, habits = read_spending(), read_habits()
    assert {row["branch"] for row in rows} == set(read_branches().ids)
    assert all(row["unit"] and row["source"] for row in rows)
    assert set(read_branches().ids) - set(habits) == {"finance", "vehicles"}
    assert all(0 < h.in_shops <= 1 and set(h.sources) == set(QUANTITIES) for h in habits.values())
    assert habits["bakery"].proxy(EUR)


def test_a_branch_without_spending_says_what_to_do() -> None:
    with pytest.raises(GeodataError, match="no spending by residents is known for the branch finance"):
        habits_of("finance")


def test_an_own_value_replaces_ours_and_keeps_its_source(tmp_path: Path) -> None:
    rows = read_spending()
    for row in rows:
        if (row["branch"], row["quantity"]) == ("bakery", EUR):
            row |= {"value": "250", "source": "survey 2025"}
    write_spending(rows, tmp_path)
    found = habits_of("bakery", tmp_path)
    assert found.eur_per_resident_year == 250 and not found.proxy(EUR) and found.proxy("decay_per_minute")
    assert habits_of("clothes", tmp_path) == habits_of("clothes")


@pytest.mark.parametrize(
    ("quantity", "value", "named"),
    [
        (EUR, "lots", EUR), ("online_share", "-1", "online_share"), ("elsewhere_share", "0.99", "elsewhere_share"),
        ("typical_floor_area_m2", "0", "typical_floor_area_m2"), (EUR, "inf", EUR),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_meant_is_named_and_nothing_is_written(
    tmp_path: Path, quantity: str, value: str, named: str
) -> None:
    rows = [
        r | {"value": value} if (r["branch"], r["quantity"]) == ("bakery", quantity) else r for r in read_spending()
    ]
    with pytest.raises(GeodataError, match=f"for {named}") as caught:
        write_spending(rows, tmp_path)
    assert "bakery" in caught.value.where and list(tmp_path.iterdir()) == []


def test_a_value_twice_or_missing_is_named(tmp_path: Path) -> None:
    rows = read_spending()
    with pytest.raises(GeodataError, match="for eur_per_resident_year"):
        write_spending([*rows, rows[0]], tmp_path)
    with pytest.raises(GeodataError, match="for decay_per_minute"):
        write_spending([r for r in rows if r["quantity"] != "decay_per_minute"], tmp_path)
    assert TABLE.exists()


def test_where_nothing_can_be_written_it_is_said(tmp_path: Path) -> None:
    (tmp_path / f".{TABLE.name}.new").mkdir()
    with pytest.raises(GeodataError, match="cannot be written") as caught:
        write_spending(read_spending(), tmp_path)
    assert caught.value.where == str(tmp_path / TABLE.name) and not (tmp_path / TABLE.name).exists()
