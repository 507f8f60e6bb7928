"""Addresses as people type them: the place itself, or what was perhaps meant, never another place in silence."""

import pytest

from geodata.store import Area
from location_model.find_place import find_place


@pytest.mark.parametrize("typed", ["Marktstraat 102", "marktstr. 102", "  MARKTSTRAAT 102, 9000 Squareville"])
def test_an_address_on_record_is_found_however_it_is_written(area: Area, typed: str) -> None:
    found = find_place(area, typed)
    assert found.place is not None and not found.near
    assert found.place.name.lower().endswith("102")
    assert found.place.cell in area.grid.index


def test_another_number_of_the_street_is_offered_not_taken(area: Area) -> None:
    found = find_place(area, "Marktstraat 103")
    assert found.place is None
    assert [p.name for p in found.near[:2]] == ["Marktstraat 102", "Marktstraat 104"]


def test_a_street_alone_is_its_middle(area: Area) -> None:
    alone = find_place(area, "marktstraat")
    assert alone.place is not None and alone.place.name == "Marktstraat"


def test_a_misspelt_street_is_offered(area: Area) -> None:
    found = find_place(area, "Marktsraat 102")
    assert found.place is None and found.near[0].name == "Marktstraat 102"


@pytest.mark.parametrize("typed", ["Xyzzy", "", "12", "Bestaatnietlaan 3"])
def test_what_is_like_nothing_gives_nothing(area: Area, typed: str) -> None:
    found = find_place(area, typed)
    assert found.place is None and found.near == ()
