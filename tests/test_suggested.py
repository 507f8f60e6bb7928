"""`suggest` over several areas, several places at once, look-alikes: what it says, and that it says it again."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command_line import Town, command
from towns import degrees

from geodata.branches import read_branches
from geodata.store import Store
from location_model.presets import preset
from location_model.score import score_area
from location_model.suggest import suggest


def asked(town: Town, *words: object, code: int = 0) -> dict[str, Any]:
    answer = command("suggest", *words, "--within", "all", "--json", "--data", town.data)
    assert answer.code == code, answer.err
    document: dict[str, Any] = json.loads(answer.out)
    return document


def own_list(folder: Path) -> Path:
    """Three bakeries of one's own: at a corner and at two places in Marktstraat in the small town."""
    path = folder / "winkels.csv"
    rows = [("Hoek", (40, 40), 200), ("West", (20, 306), 500), ("Oost", (500, 306), 300)]
    lines = [f"{n},{n},bakery,{eur}000,{','.join(map(str, degrees(*at)))}" for n, at, eur in rows]
    path.write_text("\n".join(["winkel_id,naam,branche,omzet,lon,lat", *lines]) + "\n", "utf-8")
    return path


def test_places_of_several_areas_are_ranked_together(small_town: Town) -> None:
    """Both areas are the same town: every place comes twice, with the same score, each from its own area."""
    both = asked(small_town, "Town", "whole", "--branch", "clothes", "--n", "6")
    one = asked(small_town, "Town", "--branch", "clothes", "--n", "6")
    assert both["areas"] == ["town", "whole"] and both["not_built"] == [] and "area" not in both
    assert [s["rank"] for s in both["sites"]] == [1, 2, 3, 4, 5, 6]
    scores = [s["score"] for s in both["sites"]]
    assert scores == sorted([s["score"] for s in one["sites"]] * 2, reverse=True)[:6]
    assert {(s["area"], s["cell"]) for s in both["sites"][:2]} == {(a, one["sites"][0]["cell"]) for a in both["areas"]}
    assert any("not alike between towns" in note for note in both["notes"])


def test_a_single_area_answers_as_it_always_did(small_town: Town) -> None:
    document = asked(small_town, "Town", "--branch", "clothes", "--n", "3")
    stored, table = Store(small_town.data).open("town"), read_branches()
    assert set(document) == {"area", "branch", "within", "sites", "notes"}
    profile = preset("clothes", table).profile
    found = suggest(stored, score_area(stored, table, profile), n=3)
    assert [set(s) for s in document["sites"]] == [set(found.sites[0].as_json())] * 3
    twice = asked(small_town, "Town", "town", "--branch", "clothes", "--n", "3")
    assert [s["cell"] for s in twice["sites"]] == [s["cell"] for s in document["sites"]]


def test_areas_that_are_not_built_are_named_and_left_out(small_town: Town) -> None:
    words = ("suggest", "Town", "Nergens", "--branch", "clothes", "--json", "--data", small_town.data)
    answer = command(*words, language="nl")
    assert answer.code == 0 and "Nergens" in answer.err
    document = json.loads(answer.out)
    assert document["areas"] == ["town"] and document["not_built"] == ["Nergens"]
    assert document["sites"] and all(s["area"] == "town" for s in document["sites"])
    none = command("suggest", "Nergens", "Nooit", "--branch", "clothes", "--data", small_town.data)
    assert none.code == 1 and none.out == "" and "Nergens" in none.err


def test_own_shops_keep_their_distance_in_every_area(small_town: Town, tmp_path: Path) -> None:
    words = ("Town", "whole", "--branch", "bakery", "--n", "50")
    free = asked(small_town, *words)
    kept = asked(small_town, *words, "--own-shops", own_list(tmp_path), "--min-distance", "200")
    lng, lat = degrees(40, 40)

    def near(site: dict[str, Any]) -> bool:
        return abs(site["lng"] - lng) * 70_000 < 130 and abs(site["lat"] - lat) * 111_000 < 130

    assert {s["area"] for s in free["sites"] if near(s)} == {"town", "whole"}
    assert kept["sites"] and not any(map(near, kept["sites"]))


def test_several_places_at_once(small_town: Town, tmp_path: Path) -> None:
    words = ("Town", "--branch", "bakery", "--portfolio")
    three = asked(small_town, *words, "3")["portfolio"]
    one = asked(small_town, *words, "1")["portfolio"]
    assert (three["method"], one["method"], len(three["sites"]), len(one["sites"])) == ("exact", "exact", 3, 1)
    served = three["served_eur"]
    assert served["low"] < served["value"] < served["high"] and served["value"] > one["served_eur"]["value"]
    assert sum(s["turnover_eur"]["value"] for s in three["sites"]) == pytest.approx(served["value"], abs=3)
    assert max(s["alone_eur"]["value"] for s in three["sites"]) <= one["served_eur"]["value"] + 1
    assert three["from_own_shops_eur"] is None
    apart = asked(small_town, *words, "2", "--own-shops", own_list(tmp_path), "--min-distance", "150")["portfolio"]
    assert apart["from_own_shops_eur"]["value"] > 0
    first, second = ((s["lng"] * 69_700, s["lat"] * 111_300) for s in apart["sites"])
    assert np.hypot(first[0] - second[0], first[1] - second[1]) > 148


def test_where_nobody_sells_one_shop_serves_all(small_town: Town) -> None:
    """There is no pharmacy in town: the first one takes in everything, and two more take from it alone."""
    one, three = (asked(small_town, "Town", "--branch", "pharmacy", "--portfolio", n)["portfolio"] for n in "13")
    assert three["served_eur"]["value"] == pytest.approx(one["served_eur"]["value"], abs=2)
    assert three["from_one_another_eur"]["value"] == pytest.approx(2 * one["served_eur"]["value"], rel=1e-3)


def test_look_alikes_name_the_shop_they_are_like(small_town: Town, tmp_path: Path) -> None:
    shops = own_list(tmp_path)
    words = ("Town", "--branch", "bakery", "--own-shops", shops, "--min-distance", "0", "--n", "5", "--like-best")
    document = asked(small_town, *words, "2")
    found = document["look_alikes"]
    assert [x["rank"] for x in found] == [1, 2, 3, 4, 5]
    assert [x["likeness"] for x in found] == sorted((x["likeness"] for x in found), reverse=True)
    assert all(x["like"]["name"] in x["alike"]["nl"] for x in found)
    best = asked(small_town, *words, "1")["look_alikes"]
    assert len({x["like"]["id"] for x in best}) == 1
    told = command("suggest", *words, "2", "--data", small_town.data, language="nl")
    assert told.code == 0 and "Lijkt op uw beste winkels" in told.out


def test_hours_that_matter_stand_beside_each_place(small_town: Town) -> None:
    """Nobody counted here: the share is that of the default profile, and marked so."""
    baker = asked(small_town, "Town", "--branch", "bakery")
    assert {s["footfall_in_hours_basis"] for s in baker["sites"]} == {"default profile"}
    assert all(0 < s["footfall_in_hours_share"] < 1 for s in baker["sites"])
    assert any("Mo-Fr 06:00-09:00" in note and "default" in note for note in baker["notes"])
    whole_day = asked(small_town, "Town", "--branch", "clothes", "--hours", "Mo 00:00-24:00")
    assert {s["footfall_in_hours_share"] for s in whole_day["sites"]} == {1.0}


def test_a_drive_is_a_hard_limit(small_town: Town) -> None:
    """In half a minute nobody drives more than 420 m at 50 km/h."""
    lng, lat = degrees(10, 10)
    words = ("Town", "--branch", "bakery", "--n", "200")

    def farthest_m(*more: str) -> float:
        sites = asked(small_town, *words, *more)["sites"]
        return max(np.hypot((s["lng"] - lng) * 69_700, (s["lat"] - lat) * 111_300) for s in sites)

    assert 0 < farthest_m("--depot", f"{lng},{lat}", "--max-drive", "0.5") < 420 < farthest_m()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("Town", "--branch", "pharmacy", "--portfolio", "5000"), "5,000 places were asked for"),
        (("Town", "--branch", "finance", "--portfolio", "2"), "no spending by residents is known"),
        (("Town", "whole", "--branch", "pharmacy", "--portfolio", "2"), "one area at a time"),
        (("Town", "--branch", "pharmacy", "--portfolio", "9", "--min-distance", "2000"), "lie 2,000 m from one"),
        (("Town", "--branch", "bakery", "--like-best", "3"), "no list of own shops"),
        (("Town", "--branch", "bakery", "--depot", "2.9,51.1"), "needs both"),
        (("Town", "--branch", "bakery", "--hours", "altijd"), "cannot be read: altijd"),
    ],
)
def test_what_cannot_be_answered_is_said(small_town: Town, words: tuple[str, ...], message: str) -> None:
    answer = command("suggest", *words, "--within", "all", "--json", "--data", small_town.data)
    assert answer.code == 1 and answer.out == "" and message in answer.err and "Traceback" not in answer.err


def test_decisions_can_be_run_again(small_town: Town, tmp_path: Path) -> None:
    shops, file = own_list(tmp_path), tmp_path / "d.json"
    for words in (
        ("Town", "--portfolio", "2", "--own-shops", shops, "--min-distance", "100"),
        ("Town", "whole", "Nergens", "--like-best", "2", "--own-shops", shops),
        ("Town", "--depot", ",".join(map(str, degrees(10, 10))), "--max-drive", "2"),
    ):
        first = command(
            "suggest", *words, "--branch", "bakery", "--within", "all", "--decision", file, "--data", small_town.data
        )
        assert first.code == 0, first.err
        again = command("rerun", file, "--json", "--data", small_town.data)
        assert again.code == 0 and json.loads(again.out)["same"] is True
        file.unlink()
