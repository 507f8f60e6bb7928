"""A phrase of a strong or weak point says what people see."""

from location_model import explain
from location_model.branch_layer import LAYER as SUITABILITY
from location_model.profile import Criterion, ValueFunction


def test_part_of_a_shop_is_hardly_any() -> None:
    few = Criterion("competition_shops", 1.0, ValueFunction(((0.0, 0.0), (5.0, 1.0))))
    assert explain._phrase(few, 0.7, good=False).to("nl").startswith("amper branchegenoten in de buurt")
    assert explain._phrase(few, 1.7, good=False).to("nl").startswith("maar 1,7 branchegenoten")


def test_a_place_is_not_better_than_all_premises_of_which_it_is_one() -> None:
    fits = Criterion(SUITABILITY.name, 1.0, ValueFunction(((0.0, 0.0), (100.0, 1.0))))
    assert "99 %" in explain._phrase(fits, 99.8, good=True).to("nl")
