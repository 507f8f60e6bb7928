"""Rank and class of streets where nobody counted."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from location_model.street_class import BUSIEST_SHARE, CLASSES, REFERENCES, street_class, street_rank


def test_a_hundred_equal_streets() -> None:
    classes = street_class(np.arange(100, 0, -1), np.full(100, 50.0))
    assert classes[:16].tolist() == ["A1", *["A2"] * 2, *["B1"] * 4, *["B2"] * 8, "C"]
    assert set(classes[16:]) == {"C"}


def test_length_counts_not_pieces() -> None:
    """One street of 100 m in ten pieces, ten others of 100 m: the first is a whole street, not ten."""
    index, length = (
        np.append(np.full(10, 9.0), np.arange(8.0, -2, -1)),
        np.append(np.full(10, 10.0), np.full(10, 100.0)),
    )
    rank = street_rank(index, length)
    np.testing.assert_allclose(rank[:10], 0.5 / 11)
    np.testing.assert_allclose(rank[10:], (np.arange(10) + 1.5) / 11)


def test_what_is_not_known_and_what_is_nought() -> None:
    classes = street_class([np.nan, 0.0, 5.0], [10.0, 10.0, 0.1])
    assert classes.tolist() == [None, "C", "A1"]
    assert np.isnan(street_rank([np.nan, 0.0, 5.0], [10.0, 10.0, 10.0])[0])
    assert set(street_class([0.0, 0.0], [1.0, 1.0])) == {"C"}
    assert street_class([], []).tolist() == []
    assert street_class([np.nan], [3.0]).tolist() == [None]


@given(st.lists(st.tuples(st.floats(0, 1e6), st.floats(0.1, 100)), min_size=1, max_size=40), st.integers(-3, 3))
def test_a_busier_street_has_no_lower_class(streets: list[tuple[float, float]], size: int) -> None:
    index, length = np.array(streets).T
    order = [CLASSES.index(c) for c in street_class(index, length)[np.argsort(index, kind="stable")]]
    assert order == sorted(order, reverse=True)
    whole = np.round(index)  # so that no two streets become one by rounding
    assert street_class(whole * 2.0**size, length).tolist() == street_class(whole, length).tolist()


def test_references_carry_their_base() -> None:
    assert len(BUSIEST_SHARE) == len(CLASSES) - 1
    assert list(BUSIEST_SHARE) == sorted(BUSIEST_SHARE)
    assert all(r.low < r.high and len(r.base.to("nl")) > 10 for r in REFERENCES)
    assert REFERENCES[0].high == pytest.approx(34_800)
