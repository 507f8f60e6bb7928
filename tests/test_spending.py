"""The table of spending habits: every branch has a row, proxies say so, and a user's own file goes first."""

from pathlib import Path

import pytest

from geodata.branches import read_branches
from geodata.errors import GeodataError
from location_model.spending import HERE, habits_of, read_habits


def test_every_branch_has_a_row_and_every_row_its_source() -> None:
    habits = read_habits()
    assert set(habits) == set(read_branches().ids)
    assert all(
        h.source and 0 < h.in_shops <= 1 for h in habits.values() if h.eur_per_resident_year == h.eur_per_resident_year
    )
    assert habits["bakery"].proxy


def test_a_branch_without_spending_says_what_to_do() -> None:
    with pytest.raises(GeodataError, match="no spending by residents is known for the branch finance"):
        habits_of("finance")


def test_an_own_table_replaces_ours(tmp_path: Path) -> None:
    text = HERE.read_text("utf-8").replace(
        "bakery,230,0.01,0.05,0.5,0.9,80,proxy", "bakery,250,0,0.05,0.2,0.9,75,survey 2025"
    )
    (tmp_path / "spending.csv").write_text(text, "utf-8")
    found = habits_of("bakery", tmp_path)
    assert (found.eur_per_resident_year, found.in_shops, found.source) == (250, 0.95, "survey 2025") and not found.proxy


@pytest.mark.parametrize(
    ("cell", "column"),
    [("lots,0.01", "eur_per_resident_year"), ("230,-1", "online_share"), ("230,0.97", "elsewhere_share")],
)
def test_a_value_that_cannot_be_meant_names_row_and_column(tmp_path: Path, cell: str, column: str) -> None:
    text = HERE.read_text("utf-8").replace("bakery,230,0.01", f"bakery,{cell}")
    (tmp_path / "spending.csv").write_text(text, "utf-8")
    with pytest.raises(GeodataError, match=f"for {column}") as caught:
        read_habits(tmp_path)
    assert "bakery" in caught.value.where
