"""Modelled retention: shares add up to one, shops on one's own side keep more, and a survey is met."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_huff_fit import HABITS, chain

from geodata.errors import GeodataError
from location_model.demand import Market
from location_model.retention import _calibrated, _of_group, kept_of
from location_model.retention_cli import _basis
from location_model.surveyed import FILE, Surveyed, keep_surveyed, kept_surveyed, read_surveyed


def halves() -> Market:
    """The western half of the chain's region is the municipality."""
    whole = chain(homes=1200, shops=40)
    homes, shops = whole.region.homes, whole.shops
    homes["in_study"] = homes["x"] < homes["x"].median()
    return replace(whole, shops=shops.assign(in_study=shops["x"] < homes["x"].median()))


def test_spending_goes_somewhere_and_only_there() -> None:
    found = halves()
    told = _of_group(found.region, [(HABITS, found)], None)
    assert told.kept.value + told.left + told.online + told.elsewhere == pytest.approx(1)
    assert 0 < told.kept.low < told.kept.value < told.kept.high < HABITS.in_shops
    residents = found.region.homes.loc[found.region.homes["in_study"], "residents"].sum()
    assert told.spending_eur == pytest.approx(residents * HABITS.eur_per_resident_year)


def test_without_shops_of_its_own_nothing_stays_and_with_all_of_them_everything() -> None:
    found = halves()
    for own, share in ((False, 0.0), (True, 1.0)):
        kept, _, _ = kept_of(replace(found, shops=found.shops.assign(in_study=own)))
        assert kept.value == pytest.approx(share)


def test_who_goes_less_far_keeps_more() -> None:
    found = halves()
    near = replace(found, assumed=replace(found.assumed, decay_per_minute=0.6))
    assert kept_of(near)[0].value > kept_of(found)[0].value


def test_a_survey_is_met_where_it_can_be_and_shown() -> None:
    found = halves()
    told = _of_group(found.region, [(HABITS, found)], Surveyed(0.42, "2023", "survey"))
    assert told.kept.value == pytest.approx(0.42, abs=2e-3)
    assert told.as_json()["surveyed"] == {"share": 0.42, "year": "2023", "source": "survey"}
    without = _of_group(found.region, [(HABITS, found)], None)
    assert "calibrated to the survey" in str(_basis([without, told])) and "not surveyed" in str(_basis([without]))
    assert told.alone == without.kept and without.alone is None and without.kept.value != pytest.approx(0.42, abs=0.01)
    out_of_reach = _calibrated([(HABITS, found)], 0.99)[0][1]
    assert out_of_reach is not None and kept_of(out_of_reach)[0].value > 0.95


def test_a_branch_without_shops_leaves_whole() -> None:
    found = halves()
    told = _of_group(found.region, [(HABITS, None)], None)
    assert told.kept.value == 0 and np.isnan(told.inflow) and told.left == pytest.approx(HABITS.in_shops)


def test_too_little_known_is_withheld() -> None:
    found = halves()
    found.region.known = 0.5  # type: ignore[misc]
    with pytest.raises(GeodataError, match="Only 50 % of the ground"):
        kept_of(found)


def test_surveyed_shares_are_read_and_bad_ones_named(tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    path.write_text("goods;share_percent;year;source\nconvenience;84,5;2023;provincie\n", "utf-8")
    assert read_surveyed(path) == {"convenience": Surveyed(0.845, "2023", "provincie")}
    path.write_text("goods;share_percent;year;source\ndaily;84;2023;x\n", "utf-8")
    with pytest.raises(GeodataError, match="row 1: daily is no goods group we know"):
        read_surveyed(path)
    path.write_text("goods;share_percent;year;source\nconvenience;84,125;;\n", "utf-8")
    assert read_surveyed(path) == {"convenience": Surveyed(0.84125, "–", "–")}
    path.write_text("goods;share\nconvenience;84\n", "utf-8")
    with pytest.raises(GeodataError, match="share_percent"):
        read_surveyed(path)


def test_a_survey_may_be_written_in_dutch_and_name_a_group_by_its_title(tmp_path: Path) -> None:
    path = tmp_path / "enquete.csv"
    rows = ("Dagelijkse goederen;80;2024;SuPr", "SERVICES;50;;", "Shopping goods;45;2024;X")
    path.write_text("\n".join(("Goederen;Aandeel (%);Jaar;Bron", *rows, "")), "utf-8")
    assert read_surveyed(path) == {
        "convenience": Surveyed(0.8, "2024", "SuPr"),
        "services": Surveyed(0.5, "–", "–"),
        "shopping": Surveyed(0.45, "2024", "X"),
    }


def test_a_survey_is_kept_by_area_and_taken_back_without_touching_others(tmp_path: Path) -> None:
    here = {"convenience": Surveyed(0.845, "2023", "provincie, enquête"), "services": Surveyed(0.5, "2019", "stad")}
    assert kept_surveyed("a", tmp_path) == {}
    keep_surveyed("a", here, tmp_path)
    keep_surveyed("b", {"shopping": Surveyed(0.3, "2020", "x")}, tmp_path)
    assert kept_surveyed("a", tmp_path) == here
    keep_surveyed("a", {}, tmp_path)
    assert kept_surveyed("a", tmp_path) == {} and kept_surveyed("b", tmp_path)["shopping"].share == 0.3
    (tmp_path / FILE).write_text("area,goods\na,convenience\n", "utf-8")
    with pytest.raises(GeodataError, match="share_percent"):
        keep_surveyed("a", here, tmp_path)
    assert (tmp_path / FILE).read_text("utf-8") == "area,goods\na,convenience\n"  # what is there is not overwritten


@given(st.floats(0, 1))
def test_what_is_kept_is_read_again(tmp_path_factory: pytest.TempPathFactory, share: float) -> None:
    data_dir = tmp_path_factory.mktemp("kept")
    for kept in (share, round(share, 5)):  # 84.125 %: a dot with three digits after it is no thousands sign
        keep_surveyed("a", {"convenience": Surveyed(kept, "2023", "x")}, data_dir)
        assert kept_surveyed("a", data_dir)["convenience"].share == pytest.approx(kept, abs=1e-11)


def test_what_could_not_be_read_again_is_not_written(tmp_path: Path) -> None:
    kept = {"convenience": Surveyed(0.84, "2023", "x")}
    keep_surveyed("a", kept, tmp_path)
    for share in (1.2, -0.1, float("nan")):
        with pytest.raises(GeodataError, match="row 1: convenience"):
            keep_surveyed("a", {"convenience": Surveyed(share, "2023", "x")}, tmp_path)
    assert kept_surveyed("a", tmp_path) == kept


def test_a_bad_row_is_named_by_its_place_in_the_file(tmp_path: Path) -> None:
    rows = ("b,convenience,84,2023,x", "b,services,40,2023,x", "a,shopping,lots,2023,x")
    (tmp_path / FILE).write_text("\n".join(("area,goods,share_percent,year,source", *rows, "")), "utf-8")
    with pytest.raises(GeodataError, match="row 3: shopping, lots"):
        kept_surveyed("a", tmp_path)
    survey = tmp_path / "survey.csv"
    survey.write_text("goods;share_percent;year;source\n;;;\nshopping;lots;2023;x\n", "utf-8")
    with pytest.raises(GeodataError, match="row 2: shopping, lots"):
        read_surveyed(survey)


def test_where_nothing_can_be_written_it_is_said_and_what_was_there_stays(tmp_path: Path) -> None:
    kept = {"convenience": Surveyed(0.84, "2023", "x")}
    keep_surveyed("a", kept, tmp_path)
    (tmp_path / f".{FILE}.new").mkdir()
    with pytest.raises(GeodataError, match="cannot be written"):
        keep_surveyed("a", {}, tmp_path)
    assert kept_surveyed("a", tmp_path) == kept
