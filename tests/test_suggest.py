"""Suggestions on a hand-drawn town, through the library and through the command line."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from towns import degrees
from typer.testing import CliRunner

from geodata import hexgrid
from geodata.branches import BranchTable, read_branches
from geodata.errors import GeodataError
from geodata.opportunities import coordinates
from geodata.store import Area, Store
from location_model.cli import app
from location_model.explain import MUCH, points_of, strong_and_weak, typical
from location_model.layers import layer_named
from location_model.own_shops import near, network_around
from location_model.presets import preset
from location_model.profile import Limits, profile_as_json, profile_from_json
from location_model.robustness import robustness
from location_model.score import Scored, score_area, value_of
from location_model.suggest import Suggestion, suggest, ties
from location_model.suggested import unknown_figures


@pytest.fixture(scope="module")
def branches() -> BranchTable:
    return read_branches()


def scored(area: Area, branches: BranchTable, branch: str = "clothes", limits: Limits | None = None) -> Scored:
    profile = preset(branch, branches).profile
    return score_area(area, branches, replace(profile, limits=limits or profile.limits))


def with_premises(area: Area, **columns: pd.Series) -> Area:
    """The same area with other values in columns of its premises."""
    town = Area(area.folder, area.manifest)
    vars(town)["tables"] = replace(area.tables, premises=area.tables.premises.assign(**columns))
    return town


def test_cells_come_best_first_inside_the_core_and_apart(area: Area, branches: BranchTable) -> None:
    answer = suggest(area, scored(area, branches), n=4)
    scores = [s.score for s in answer.sites]
    assert scores == sorted(scores, reverse=True)
    assert [s.rank for s in answer.sites] == [1, 2, 3, 4]
    assert all(area.grid.loc[s.site.cell, "core_share"] >= 0.5 for s in answer.sites)
    xy = area.study.centres[[area.study.cells.index(s.site.cell) for s in answer.sites]]
    gaps = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    assert gaps[np.triu_indices(4, 1)].min() >= 120
    assert any("densest cluster" in str(n) for n in answer.notes)


def test_vacant_suggestions_are_the_vacant_units_and_say_by_which_tag(area: Area, branches: BranchTable) -> None:
    answer = suggest(area, scored(area, branches), n=50, vacant=True)
    premises = area.tables.premises
    vacant = premises[premises["state"] == "vacant"]
    assert {s.site.premises_id for s in answer.sites} == set(vacant["id"])
    assert sorted({s.site.vacant_by for s in answer.sites}) == ["disused:shop", "shop=vacant"]
    assert all(s.site.name.startswith("Marktstraat 1") for s in answer.sites)
    assert all(s.site.title.to("nl") == s.site.name for s in answer.sites)


def test_a_unit_without_an_address_of_its_own_is_called_near_one(area: Area, branches: BranchTable) -> None:
    units = area.tables.premises.query("state == 'vacant'")
    anonymous = units["id"].iloc[0]
    number = area.tables.premises["house_number"].where(area.tables.premises["id"] != anonymous)
    town = with_premises(area, house_number=number)
    sites = suggest(town, scored(area, branches), n=50, vacant=True).sites
    nameless = next(s for s in sites if s.site.premises_id == anonymous)
    assert nameless.site.title.to("nl") == f"bij {nameless.site.name}"
    assert nameless.site.title.to("en") == f"near {nameless.site.name}"
    assert nameless.why.to("nl").startswith(f"Het pand bij {nameless.site.name} ")
    assert nameless.why.to("en").startswith(f"The unit near {nameless.site.name} ")
    assert [s.site.near for s in sites].count(True) == 1


def test_the_sentence_names_street_and_number_and_is_written_in_both_languages(
    area: Area, branches: BranchTable
) -> None:
    best = suggest(area, scored(area, branches), n=1, vacant=True).sites[0]
    dutch, english = best.why.to("nl"), best.why.to("en")
    assert dutch.startswith(best.site.subject.to("nl")) and english.startswith(best.site.subject.to("en"))
    assert best.site.name in dutch and best.site.name in english
    assert "scoort op" in dutch and "scores on" in english


def test_hard_limits_hold(area: Area, branches: BranchTable) -> None:
    west = degrees(450, 906)
    limits = Limits(within="all", own_shops=(west,), min_own_distance_m=400.0)
    kept = suggest(area, scored(area, branches, limits=limits), n=20, vacant=True)
    assert kept.sites and all(s.site.lng > west[0] for s in kept.sites)
    none = suggest(area, scored(area, branches, limits=replace(limits, min_own_distance_m=5000.0)), vacant=True)
    assert not none.sites
    assert "limits" in str(none.notes[-1])


@pytest.mark.parametrize(
    ("column", "out", "known_only", "refused", "kept"),
    [
        ("floor_area_m2", {"min_floor_area_m2": 100.0}, {"known_floor_area_only": True}, 40.0, 200.0),
        ("floor_area_m2", {"max_floor_area_m2": 100.0}, {"known_floor_area_only": True}, 200.0, 40.0),
        ("rent_eur_per_year", {"max_rent_eur_per_year": 12_000.0}, {"known_rent_only": True}, 12_001.0, 12_000.0),
    ],
)  # fmt: skip
def test_limits_keep_units_of_which_the_figure_is_unknown_unless_asked_not_to(
    area: Area, branches: BranchTable, column: str, out: dict[str, float], known_only: dict[str, bool],
    refused: float, kept: float,
) -> None:  # fmt: skip
    """Figures are given to two of the vacant units; of the others they are not known."""
    units = area.tables.premises["state"] == "vacant"
    figures = area.tables.premises[column].mask(units)
    no, yes = figures.index[units][:2]
    figures[no], figures[yes] = refused, kept
    town = with_premises(area, **{column: figures})
    ids = area.tables.premises["id"]

    def found(**limits: object) -> tuple[set[str | None], int]:
        answer = suggest(town, scored(area, branches, limits=Limits(within="all", **limits)), n=50, vacant=True)
        return {s.site.premises_id for s in answer.sites}, answer.unknown[column]

    unknown = int(units.sum()) - 2
    assert unknown > 0
    assert found() == (set(ids[units]), unknown)
    assert found(**out) == (set(ids[units]) - {ids[no]}, unknown)
    assert found(**out, **known_only) == ({ids[yes]}, unknown)
    assert found(**known_only) == ({ids[no], ids[yes]}, unknown)
    everywhere = suggest(town, scored(area, branches, limits=Limits(**known_only)))
    assert everywhere.sites  # cells have no such figure to know
    assert "only vacant units count" in str(everywhere.notes[-1])


def test_a_unit_is_counted_as_unknown_where_only_that_may_leave_it_out(area: Area, branches: BranchTable) -> None:
    """Four units: both figures known, the floor area alone, the rent alone, neither."""
    units = area.tables.premises.index[area.tables.premises["state"] == "vacant"][:4]
    premises = area.tables.premises.assign(state="occupied")
    premises.loc[units, "state"] = "vacant"
    sizes, rents = (pd.Series(float("nan"), index=premises.index) for _column in range(2))
    sizes[units[:2]] = 80.0
    rents[units[[0, 2]]] = 9000.0
    town = with_premises(area, state=premises["state"], floor_area_m2=sizes, rent_eur_per_year=rents)

    def told(**limits: object) -> list[str]:
        asked = scored(area, branches, limits=Limits(within="all", **limits))
        return [str(note) for note in unknown_figures(asked.profile, suggest(town, asked, n=50, vacant=True))]

    assert told() == [] and told(max_rent_eur_per_year=9500.0, known_rent_only=True) == []
    (rent,) = told(max_rent_eur_per_year=9500.0)
    assert rent.startswith("2 of 4 units: rent not known; they are not ruled out")
    (size,) = told(min_floor_area_m2=50.0)
    assert size.startswith("2 of 4 units: floor area not known; they are not ruled out")

    def unknown(**limits: object) -> tuple[int, int, int]:
        answer = suggest(town, scored(area, branches, limits=Limits(within="all", **limits)), n=50, vacant=True)
        return answer.fitting, answer.unknown["floor_area_m2"], answer.unknown["rent_eur_per_year"]

    assert unknown() == (4, 2, 2)
    assert unknown(known_rent_only=True) == (2, 1, 2)
    assert unknown(known_rent_only=True, known_floor_area_only=True) == (1, 1, 1)


def test_a_limit_that_nothing_can_be_held_against_says_so(area: Area, branches: BranchTable) -> None:
    town = with_premises(area, rent_eur_per_year=pd.Series(float("nan"), index=area.tables.premises.index))
    asked = scored(area, branches, limits=Limits(within="all", max_rent_eur_per_year=9000.0))
    answer = suggest(town, asked, vacant=True)
    assert answer.sites
    assert any("van geen enkel leegstaand pand is de huur" in n.to("nl").lower() for n in answer.notes)
    assert not any("huur" in n.to("nl") for n in suggest(town, scored(area, branches), vacant=True).notes)


def test_a_profile_kept_before_rents_were_asked_of_is_read(branches: BranchTable) -> None:
    profile = preset("bakery", branches).profile
    kept = profile_as_json(profile)
    for field in ("max_rent_eur_per_year", "known_rent_only"):
        del kept["limits"][field]
    assert profile_from_json(kept) == profile


def test_a_smallest_floor_area_above_the_largest_is_refused() -> None:
    with pytest.raises(GeodataError, match="smallest floor area, 60 m², is above the largest, 50 m²"):
        Limits(min_floor_area_m2=60, max_floor_area_m2=50)
    Limits(min_floor_area_m2=50, max_floor_area_m2=50)


def test_a_unit_stands_for_those_beside_it(area: Area, branches: BranchTable) -> None:
    """However wide the spacing, every vacant unit is suggested or stands beside a suggestion of the same rank."""
    given = scored(area, branches, limits=Limits(within="all"))
    alone = suggest(area, given, n=50, vacant=True, spacing_m=0.0)
    assert alone.fitting == alone.on_record == len(alone.sites) > 3
    assert not any(s.others for s in alone.sites)
    for spacing in (15.0, 60.0, 10_000.0):
        answer = suggest(area, given, n=50, vacant=True, spacing_m=spacing)
        together = [*answer.sites, *(o for s in answer.sites for o in s.others)]
        assert sorted(str(s.site.premises_id) for s in together) == sorted(str(s.site.premises_id) for s in alone.sites)
        assert all(o.rank == s.rank and o.score <= s.score for s in answer.sites for o in s.others)
    assert len(answer.sites) == 1
    few = suggest(area, given, n=2, vacant=True)
    assert (few.fitting, len(few.sites)) == (alone.fitting, 2)


def test_what_sets_a_place_apart_goes_before_what_all_share(area: Area, branches: BranchTable) -> None:
    """Footfall is worth most everywhere; the place that is the same as the others but for it says so, others not."""
    given = scored(area, branches)
    best = suggest(area, given, n=1).sites[0].site.cell
    points = points_of(given, best)
    heaviest = max(points, key=points.__getitem__)
    strong, _ = strong_and_weak(given, best, points)
    assert message_of(heaviest) == strong[0].message  # nothing sets it apart: what weighs most
    worth = {c.layer: float(value_of(c.value, given.values(best)[c.layer])) for c in given.profile.criteria}
    other = min((x for x in points if worth[x] >= MUCH), key=points.__getitem__)
    strong, _ = strong_and_weak(given, best, points | {other: points[other] - 5})
    assert other != heaviest
    assert message_of(other) == strong[0].message
    assert typical([{"a": 1.0}, {"a": 3.0, "b": 2.0}, {"a": 8.0}]) == {"a": 3.0, "b": 2.0}


def message_of(layer: str) -> str:
    return layer_named(layer).phrase.message


def test_both_ways_of_telling_why_say_the_same(area: Area, branches: BranchTable) -> None:
    for s in suggest(area, scored(area, branches), n=10).sites:
        assert set(s.told.values) <= set(s.why.values)
        assert s.site.name not in s.told.to("nl")
        assert s.told.to("nl").split()[0] in ("Sterk:", "Geen", "Gemiddeld")


def test_looking_everywhere_finds_a_place_without_competition(area: Area, branches: BranchTable) -> None:
    bakery = scored(area, branches, "bakery", Limits(within="all"))
    i = bakery.rows[hexgrid.cells_at(*[[v] for v in degrees(40, 40)])[0]]
    competition = [c.layer for c in bakery.profile.criteria].index("competition_shops")
    assert bakery.inputs[competition, i] > 0.7  # the far bakery, some 50 m away
    assert np.nanmin(bakery.inputs[competition]) == 0


def test_the_command_line_prints_what_the_library_says(
    area: Area, branches: BranchTable, squareville_dir: Path
) -> None:
    run = cli(
        "suggest",
        "SQUAREVILLE",
        "--branch",
        "Kleding",
        "--vacant",
        "--n",
        "3",
        "--json",
        "--data",
        str(squareville_dir),
    )
    document = json.loads(run.stdout)
    assert set(document) == {"area", "branch", "within", "sites", "notes"}
    answer = suggest(area, scored(area, branches), n=3, vacant=True)
    even = [[tied.site.id for tied in others] for others in ties(answer.sites)]
    assert document["sites"] == [s.as_json(tied) for s, tied in zip(answer.sites, even, strict=True)]
    for site in document["sites"]:
        known = [v for v in site["contributions"].values() if v is not None]
        assert sum(known) == pytest.approx(site["score"], abs=0.01)
        assert site["score_low"] <= site["score"] <= site["score_high"]
        assert site["premises_id"] not in site["too_close_to"]


def test_the_interval_and_the_ties_of_a_place_are_those_of_a_comparison(area: Area, branches: BranchTable) -> None:
    made = scored(area, branches)
    sites = suggest(area, made, n=6).sites
    robust = robustness(made, [s.site.cell for s in sites])
    for s, even in zip(sites, ties(sites), strict=True):
        firm = robust.at(s.site.cell)
        assert (s.score_low, s.score_high) == (firm.score_low, firm.score_high)
        others = [o for o in sites if o is not s]
        assert even == [o for o in others if robust.pair(s.site.cell, o.site.cell).ahead is None]


def test_places_that_always_score_the_same_are_tied_and_a_gap_of_two_points_is_not(
    area: Area, branches: BranchTable
) -> None:
    best = suggest(area, scored(area, branches), n=1).sites[0]

    def place(*drawn: float) -> Suggestion:
        return replace(best, drawn=np.array(drawn, dtype=np.float32))

    high, same, low, unsure = place(60, 70, 80), place(60, 70, 80), place(58, 68, 78), place(50, 75, 90)
    unranked = replace(best, drawn=None)
    tied = ties([high, same, low, unsure, unranked])
    assert [[id(o) for o in others] for others in tied] == [
        [id(same), id(unsure)], [id(high), id(unsure)], [id(unsure)], [id(high), id(same), id(low)], []
    ]  # fmt: skip
    assert ties([]) == [] and ties([unranked]) == [[]]


@pytest.mark.parametrize(
    "arguments, message",
    [
        (("suggest", "squarevile", "--branch", "bakery"), "squareville"),
        (("suggest", "squareville", "--branch", "bakry"), "bakery"),
        (("suggest", "squareville", "--branch", "bakery", "--min-floor-area", "9", "--max-floor-area", "3"), "9 m²"),
        (("build", "x", "--osm", "nowhere.osm.pbf"), "nowhere.osm.pbf"),
    ],
)
def test_errors_are_one_clear_message_without_traceback(
    squareville_dir: Path, arguments: tuple[str, ...], message: str
) -> None:
    run = cli(*arguments, "--data", str(squareville_dir))
    assert run.returncode == 1
    assert message in run.stderr
    assert "Traceback" not in run.stderr


def test_wrong_use_ends_with_two(squareville_dir: Path) -> None:
    assert cli("suggest", "squareville").returncode == 2


@pytest.mark.parametrize("command", ["sample", "build", "areas", "layers", "branches", "suggest", "check"])
def test_every_command_explains_itself(command: str) -> None:
    assert cli(command, "--help").returncode == 0


def test_areas_layers_branches_and_check_answer_in_json(squareville_dir: Path) -> None:
    data = ("--data", str(squareville_dir))
    assert [a["area"] for a in json.loads(cli("areas", "--json", *data).stdout)] == ["squareville"]
    assert "footfall_index" in {x["name"] for x in json.loads(cli("layers", "--json").stdout)}
    assert len(json.loads(cli("branches", "--json", *data).stdout)) == 26
    assert json.loads(cli("check", "--json", *data).stdout)["faults"] == {}


def test_an_unknown_branch_names_the_nearest(branches: BranchTable) -> None:
    with pytest.raises(GeodataError, match="bakery"):
        branches.get("bakeri")
    assert branches.get("Koffiebar en ijssalon").id == "cafe"


def cli(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "location_model", *arguments], capture_output=True, text=True, check=False
    )


def test_own_shops_of_a_list_keep_the_next_one_away(squareville_dir: Path, tmp_path: Path) -> None:
    """Two shops can be placed (by coordinates, by address), one cannot: it is named, the others count."""
    lng, lat = degrees(450, 906)
    shops = tmp_path / "winkels.csv"
    rows = [
        f"Dorp;;;{str(lng).replace('.', ',')};{str(lat).replace('.', ',')}",
        "Markt;Marktstraat;102;;",
        "Ver;Nergens;9;;",
    ]
    shops.write_text("\n".join(["naam;straat;huisnummer;lon;lat", *rows]), "utf-8")
    stored = Store(squareville_dir).open("squareville")
    read = network_around(stored, shops, squareville_dir)
    placed = near(read.shops, stored).to_crs(stored.study.crs)
    assert list(placed["name"]) == ["Dorp", "Markt"]
    assert [(r["row"], "Nergens" in r["value"]) for r in read.skipped.to_dict("records")] == [(3, True)]
    command = ["suggest", "squareville", "--branch", "clothes", "--within", "all", "--own-shops", str(shops)]
    answer = CliRunner().invoke(app, [*command, "--min-distance", "300", "--data", str(squareville_dir), "--json"])
    sites = json.loads(answer.stdout)["sites"]
    own = coordinates(placed)
    at = gpd.GeoSeries.from_xy([s["lng"] for s in sites], [s["lat"] for s in sites], crs=4326).to_crs(stored.study.crs)
    gaps = np.hypot(at.x.to_numpy()[:, None] - own[:, 0], at.y.to_numpy()[:, None] - own[:, 1])
    assert len(sites) and gaps.min() >= 299.9
    assert "winkels.csv" in answer.stderr


def test_own_shops_elsewhere_are_said_to_be_elsewhere(squareville_dir: Path, tmp_path: Path) -> None:
    shops = tmp_path / "winkels.csv"
    shops.write_text("naam;straat;huisnummer\nVer;Nergens;9\n", "utf-8")
    town = Store(squareville_dir).open("squareville")
    found = network_around(town, shops, squareville_dir)
    assert near(found.shops, town).empty and found.skipped["row"].tolist() == [1]
    answer = cli(
        "suggest", "squareville", "--branch", "clothes", "--own-shops", str(shops), "--data", str(squareville_dir)
    )
    assert answer.returncode == 0 and "rij 1 (Ver Nergens 9)" in answer.stderr
