"""Sites side by side and a move, as the commands give them; a site is found however it is named."""

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from command_line import Answer, command

from geodata.branches import read_branches
from geodata.errors import GeodataError
from geodata.store import Area, Store
from location_model.branch_market import market_of
from location_model.break_even import BreakEven, Costs
from location_model.compare import compare, with_rents
from location_model.demand_region import demand_region
from location_model.find_site import find_site
from location_model.move_told import earned_back, headline
from location_model.own_market import own_in_market
from location_model.own_shops import network_around
from location_model.presets import starting_profile
from location_model.report.words import Words
from location_model.score import score_area
from location_model.surveyed import FILE, Surveyed, keep_surveyed
from location_model.validation.statistics import Estimate


@pytest.fixture(scope="module")
def area(quarters_dir: Path) -> Area:
    return Store(quarters_dir).open("quarters")


@pytest.fixture(scope="module")
def vacant(area: Area) -> list[str]:
    premises = area.tables.premises
    return premises.loc[premises["state"] == "vacant", "id"].tolist()


def run(quarters_dir: Path, *words: object, language: str = "en") -> Answer:
    return command(*words, "--data", quarters_dir, language=language)


def test_sites_side_by_side(quarters_dir: Path, vacant: list[str]) -> None:
    words = ("compare", "quarters", *vacant[:3], "--branch", "clothes", "--rent", f"{vacant[0]}=24000")
    answer = run(quarters_dir, *words, "--json")
    assert answer.code == 0, answer.err
    told = json.loads(answer.out)
    assert [s["site"] for s in told["sites"]] == vacant[:3] and len(told["differences"]) == 3
    first = told["sites"][0]
    points = [p for p in first["contributions"].values() if p is not None]
    assert sum(points) == pytest.approx(first["score"], abs=0.01)
    assert first["turnover_eur"]["low"] < first["turnover_eur"]["value"] < first["turnover_eur"]["high"]
    assert first["rent_share"]["value"] == pytest.approx(24_000 / first["turnover_eur"]["value"], rel=1e-3)
    assert first["robustness"]["rank_low"] <= first["robustness"]["rank_high"]
    assert first["footfall"]["persons_per_day"] is None and first["footfall"]["class"]
    assert {"nl", "en"} == set(told["notes"][0]) and told["sites"][1]["rent_eur"] is None
    assert told["retention_now"] is None or told["region_known"] >= 0.8


def test_a_survey_stands_beside_the_model_as_another_figure(
    quarters_dir: Path, vacant: list[str], tmp_path: Path
) -> None:
    """Kept for shopping goods, of which clothes are one: shown as it is, and ours is not moved by it."""
    (tmp_path / "areas").symlink_to(quarters_dir / "areas")
    words = ("compare", "quarters", *vacant[:2], "--branch", "clothes", "--json")
    before = json.loads(run(tmp_path, *words).out)
    keep_surveyed("quarters", {"shopping": Surveyed(0.42125, "2023", "survey")}, tmp_path)
    after = json.loads(run(tmp_path, *words).out)
    assert after["retention_surveyed"] == {"goods": "shopping", "share": 0.42125, "year": "2023", "source": "survey"}
    assert before["retention_surveyed"] is None
    assert {**after, "retention_surveyed": None} == before
    (tmp_path / FILE).write_text("broken", "utf-8")
    notes = [note["en"] for note in json.loads(run(tmp_path, *words).out)["notes"]]
    assert any(note.startswith("The surveyed local retention cannot be read") for note in notes)


def test_the_same_in_words(quarters_dir: Path, vacant: list[str]) -> None:
    answer = run(quarters_dir, "compare", "quarters", *vacant[:2], "--branch", "clothes", language="nl")
    assert answer.code == 0 and "Score" in answer.out and "proxy" in answer.err


@pytest.mark.parametrize(
    ("sites", "said"),
    [
        (["0"], "2 to 5 different sites"), (["0", "0"], "2 to 5 different sites"),
        (["0", "node/999999"], "no place called node/999999"), (["0", "4.40,51.20"], "does not lie in Quarters"),
        (["0", "Nergensstraat 4"], "no place called Nergensstraat 4"),
    ],
)  # fmt: skip
def test_sites_that_cannot_be_compared_are_said(
    quarters_dir: Path, vacant: list[str], sites: list[str], said: str
) -> None:
    named = [vacant[0] if s == "0" else s for s in sites]
    answer = run(quarters_dir, "compare", "quarters", *named, "--branch", "clothes")
    assert answer.code == 1 and said in answer.err


def test_rents_that_are_none_and_branches_without_spending(quarters_dir: Path, vacant: list[str]) -> None:
    for rent in ("much", f"{vacant[0]}=inf", f"{vacant[0]}=nan", f"{vacant[0]}=-1"):
        answer = run(quarters_dir, "compare", "quarters", *vacant[:2], "--branch", "clothes", "--rent", rent)
        assert answer.code == 1 and f"{rent} is no rent" in answer.err
    answer = run(quarters_dir, "compare", "quarters", *vacant[:2], "--branch", "finance", "--json")
    told = json.loads(answer.out)
    assert told["sites"][0]["turnover_eur"] is None
    assert any("turnover is not estimated" in note["en"] for note in told["notes"])


def test_a_floor_area_that_is_given_moves_the_turnover_and_travels_with_the_decision(
    quarters_dir: Path, area: Area, vacant: list[str], tmp_path: Path
) -> None:
    """A larger shop draws more, by the exponent of its size; what the other takes in does not change."""
    file = tmp_path / "compared.json"
    words = ("compare", "quarters", *vacant[:2], "--branch", "clothes", "--json")

    def sites(*more: object) -> list[dict[str, Any]]:
        answer = run(quarters_dir, *words, *more)
        assert answer.code == 0, answer.err
        return list(json.loads(answer.out)["sites"])

    small, large = (sites("--floor-area", f"{vacant[0]}={m2}") for m2 in (60, 600))
    assert [s[0]["floor_area_m2"] for s in (small, large)] == [60, 600]
    assert all(s[0]["floor_area_given"] and not s[1]["floor_area_given"] for s in (small, large))
    assert small[0]["turnover_eur"]["value"] < large[0]["turnover_eur"]["value"]
    assert small[1]["turnover_eur"] == large[1]["turnover_eur"]
    assert small[0]["permit"] != large[0]["permit"]  # above 400 m²
    kept = sites("--floor-area", f"{vacant[0]}=600", "--decision", file)
    assert kept == large and json.loads(file.read_text())["arguments"]["floor_areas"] == {vacant[0]: 600.0}
    again = run(quarters_dir, "rerun", file)
    assert again.code == 0 and "The same results" in again.err
    dutch = run(quarters_dir, *words[:-1], "--floor-area", f"{vacant[0]}=600", language="nl")
    assert all(word in dutch.out for word in ("600, door", "opgegeven"))  # the cell is broken in two lines
    for wrong in ("much", f"{vacant[0]}=0", f"{vacant[0]}=-5"):
        answer = run(quarters_dir, *words, "--floor-area", wrong)
        assert answer.code == 1 and f"{wrong} is no floor area" in answer.err


def test_a_given_floor_area_counts_for_a_shop_on_record_too(area: Area) -> None:
    premises = area.tables.premises
    shop = find_site(area, premises.loc[premises["branch"] == "clothes", "id"].iloc[0])
    sizes = [
        float(sold.shops["floor_area_m2"].iloc[sold.row(shop.id)])
        for sold in (market_of(area, "clothes", [shop.with_floor_area(m2)], area.data_dir).market for m2 in (70, 700))
    ]
    assert sizes == [70, 700]


def test_a_rent_on_record_counts_until_another_is_given(area: Area, vacant: list[str]) -> None:
    listed = [find_site(area, i) for i in vacant[:2]]
    listed[0] = replace(listed[0], site=replace(listed[0].site, rent_eur_per_year=18_000.0))
    table = read_branches()
    scored = score_area(area, table, starting_profile(area, "clothes", table).profile)
    found = compare(area, scored, listed, None)
    assert [s.rent_eur for s in found.sites] == [18_000, None] and found.sites[0].rent_listed
    typed = with_rents(found, {vacant[0]: 0.0, vacant[1]: 9000.0})
    assert [s.rent_eur for s in typed.sites] == [0, 9000] and not any(s.rent_listed for s in typed.sites)


def test_the_rent_of_an_occupied_unit_is_not_what_is_asked(area: Area, vacant: list[str]) -> None:
    premises = area.tables.premises
    occupied = premises.loc[premises["state"] == "occupied", "id"].iloc[0]
    known = premises.assign(rent_eur_per_year=premises["id"].map({vacant[0]: 18_000.0, occupied: 9000.0}))
    town = Area(area.folder, area.manifest)
    vars(town)["tables"] = replace(area.tables, premises=known)
    rents = {i: find_site(town, i).site.rent_eur_per_year for i in (vacant[0], vacant[1], occupied)}
    assert rents == {vacant[0]: 18_000.0, vacant[1]: None, occupied: None}


@pytest.mark.parametrize("option", ["--rent", "--floor-area"])
def test_what_is_typed_of_a_place_that_is_not_compared_is_refused(
    quarters_dir: Path, vacant: list[str], option: str
) -> None:
    words = ("compare", "quarters", *vacant[:2], "--branch", "clothes", option, f"{vacant[2]}=5000")
    answer = run(quarters_dir, *words)
    assert answer.code == 1 and f"{vacant[2]} is not among the places that are compared" in answer.err
    assert option in answer.err


def test_a_move_and_the_same_again_from_its_decision_file(
    quarters_dir: Path, area: Area, vacant: list[str], tmp_path: Path
) -> None:
    premises = area.tables.premises
    shop = premises.loc[premises["branch"] == "clothes", "id"].iloc[0]
    file = tmp_path / "move.json"
    words = ("relocate", "quarters", "--from", shop, "--to", vacant[0], "--branch", "clothes", "--fit-out", "50000")
    answer = run(quarters_dir, *words, "--decision", file, "--json")
    assert answer.code == 0, answer.err
    told = json.loads(answer.out)
    assert told["net_eur"]["value"] == pytest.approx(told["won_eur"]["value"] - told["lost_eur"]["value"], abs=2)
    assert set(told["break_even"]["years"]) == {"value", "low", "high"}
    again = run(quarters_dir, "rerun", file)
    assert again.code == 0 and "The same results" in again.err


def test_a_move_stands_beside_doing_nothing_and_persons_are_in_tens(
    quarters_dir: Path, area: Area, vacant: list[str]
) -> None:
    premises = area.tables.premises
    shop = premises.loc[premises["branch"] == "clothes", "id"].iloc[0]
    words = ("relocate", "quarters", "--from", shop, "--to", vacant[0], "--branch", "clothes")
    told = json.loads(run(quarters_dir, *words, "--json").out)
    table = run(quarters_dir, *words)
    assert table.code == 0 and all(head in table.out for head in ("Do nothing", "Move", "Close only"))
    kept = round(told["do_nothing"]["residents_kept"]["value"], -1)
    [row] = [line for line in table.out.splitlines() if "residents kept" in line]
    assert 10 <= kept < 1000 and f" {kept:.0f} " in row


@pytest.mark.parametrize(
    ("option", "beside"),
    [
        ("--rent-before", "--rent-after"),
        ("--rent-after", "--rent-before"),
        ("--staff-before", "--staff-after"),
        ("--staff-after", "--staff-before"),
        ("--lease-end", ""),
    ],
)
def test_every_cost_that_is_typed_counts_and_half_a_pair_is_refused(
    quarters_dir: Path, area: Area, vacant: list[str], option: str, beside: str
) -> None:
    premises = area.tables.premises
    shop = premises.loc[premises["branch"] == "clothes", "id"].iloc[0]
    words = ("relocate", "quarters", "--from", shop, "--to", vacant[0], "--branch", "clothes")
    other = (beside, "0") if beside else ()
    free = json.loads(run(quarters_dir, *words, "--margin", "0.3", "--json").out)["break_even"]
    typed = json.loads(run(quarters_dir, *words, option, "20000", *other, "--json").out)["break_even"]
    more = {"--rent-before": 20_000, "--staff-before": 20_000, "--lease-end": 0}.get(option, -20_000)
    assert typed["yearly_eur"]["value"] == pytest.approx(free["yearly_eur"]["value"] + more, abs=2)
    for amount, wrong in (("inf", "not finite"), ("1e12", "at most 100,000,000 euros")):
        refused = run(quarters_dir, *words, option, amount, *other)
        assert refused.code == 1 and wrong in refused.err
    if beside:
        alone = run(quarters_dir, *words, option, "20000")
        assert alone.code == 1 and f"{option} counts only beside {beside}" in alone.err
        assert "Give both, or neither" in alone.err


def test_the_years_are_told_from_the_soonest_to_never() -> None:
    def told(*years: float | None) -> str:
        return earned_back(BreakEven(Costs(once), Estimate(0, 0, 0), years)).to(language)  # type: ignore[arg-type]

    once, language = 5.0, "en"
    after = "at the soonest after 2 years"
    assert told(3.1, 2.0, 9.5) == f"Earned back in about 3.1 years: {after}, at the latest after 9.5 years."
    assert told(3.1, 2.0, None) == f"Earned back in about 3.1 years: {after}, perhaps never."
    assert "probably never" in told(None, 2.0, None) and "after 2 years" in told(None, 2.0, None)
    assert told(None, None, None).startswith("The move never earns itself back")
    assert told(2.8e15, 2.0, None) == f"Earned back in more than 50 years: {after}, perhaps never."
    assert "at the latest after more than 50 years" in told(3.1, 2.0, 50.01)
    assert "takes more than 50 years" in told(None, 51.0, None)
    language = "nl"
    assert told(2.4, 0.9, None) == "Terugverdiend in ongeveer 2,4 jaar: ten vroegste na 0,9 jaar, misschien nooit."
    assert told(None, None, None).startswith("De verhuizing verdient zich nooit terug")
    once = 0.0
    assert "Er valt niets terug te verdienen" in told(0.0, 0.0, None)


@pytest.mark.parametrize(
    ("net", "said"),
    [
        ((150e3, -22e3, 350e3), "brengt wellicht € 150.000 meer omzet per jaar op, maar zeker is dat niet: het kan ook "
                                "€ 22.000 minder zijn."),
        ((-150e3, -350e3, 22e3), "kost wellicht € 150.000 omzet per jaar, maar zeker is dat niet: het kan ook € 22.000 "
                                 "meer opbrengen."),
        ((150e3, 22e3, 350e3), "levert € 150.000 per jaar meer omzet op (saldo tussen € 22.000 en € 350.000)."),
        ((-150e3, -350e3, -22e3), "kost € 150.000 omzet per jaar (saldo tussen −€ 350.000 en −€ 22.000)."),
        ((0.2, -9e3, 9e3), "kan meer of minder omzet opleveren: het saldo ligt tussen −€ 9.000 en € 9.000."),
    ],
)  # fmt: skip
def test_the_headline_of_a_move_names_the_middle_and_whether_it_is_certain(
    net: tuple[float, float, float], said: str
) -> None:
    move = SimpleNamespace(same=False, to=1)
    found = SimpleNamespace(move=move, balance={"net_eur": Estimate(*net)})
    told = headline(found, "de Kaai", Words("nl").euros).to("nl")  # type: ignore[arg-type]
    assert told.replace("\u00a0", " ") == f"Verhuizen naar de Kaai {said}"


def test_moving_to_the_same_premises_gives_zero_balances(quarters_dir: Path, area: Area) -> None:
    premises = area.tables.premises
    shop = premises.loc[premises["branch"] == "bakery", "id"].iloc[0]
    told = json.loads(
        run(quarters_dir, "relocate", "quarters", "--from", shop, "--to", shop, "--branch", "bakery", "--json").out
    )
    for name in ("lost_eur", "won_eur", "net_eur", "own_network_eur", "core_eur"):
        assert told[name] == {"value": 0, "low": 0, "high": 0}


def test_a_floor_area_does_not_change_the_shop_that_stays_where_it_is(quarters_dir: Path, area: Area) -> None:
    premises = area.tables.premises
    shop = premises.loc[premises["branch"] == "bakery", "id"].iloc[0]
    words = ("relocate", "quarters", "--from", shop, "--to", shop, "--branch", "bakery", "--json")
    plain, given = (run(quarters_dir, *words, *more) for more in ((), ("--floor-area", "3000")))
    assert plain.code == given.code == 0 and json.loads(plain.out) == json.loads(given.out)


def test_closing_alone_has_no_floor_area(quarters_dir: Path, area: Area) -> None:
    premises = area.tables.premises
    shop = premises.loc[premises["branch"] == "bakery", "id"].iloc[0]
    answer = run(quarters_dir, "relocate", "quarters", "--from", shop, "--branch", "bakery", "--floor-area", "300")
    assert answer.code == 1 and "closing alone has no new place" in answer.err


def test_a_site_is_found_however_it_is_named(area: Area, vacant: list[str]) -> None:
    unit = find_site(area, vacant[0])
    assert unit.id == vacant[0] and unit.state == "vacant"
    by_cell = find_site(area, unit.site.cell)
    assert by_cell.id == unit.site.cell and by_cell.site.premises_id is None
    by_place = find_site(area, f"{unit.site.lng:.6f},{unit.site.lat:.6f}")
    assert by_place.site.cell == unit.site.cell
    assert (by_place.x, by_place.y) == pytest.approx((unit.x, unit.y), abs=0.2)
    with pytest.raises(GeodataError, match="does not lie in Quarters"):
        find_site(area, "8b1fb46622dcfff")


def test_an_address_is_the_premises_that_stands_there_however_the_street_is_written(squareville_dir: Path) -> None:
    town = Store(squareville_dir).open("squareville")
    unit = town.tables.premises.query("house_number == '104'").iloc[0]
    for typed in ("Marktstraat 104", "marktstr. 104", "MARKTSTRAAT 104"):
        assert find_site(town, typed).id == unit["id"]


def test_own_shops_are_the_shops_on_record_or_come_beside_them(area: Area, tmp_path: Path) -> None:
    """One at a bakery's door, one named by its premises, one where nothing is; a clothes shop is not asked for."""
    bakers = area.tables.premises[area.tables.premises["branch"] == "bakery"].to_crs(4326)
    door, other = bakers.geometry.iloc[0], bakers["id"].iloc[1]
    rows = [
        f"A,bakery,{door.x:.6f},{door.y:.6f},,100", f"B,bakery,,,{other},",
        f"C,bakery,{door.x + 0.0009:.6f},{door.y + 0.0009:.6f},,55", f"D,clothes,{door.x:.6f},{door.y:.6f},,90",
    ]  # fmt: skip
    path = tmp_path / "own.csv"
    path.write_text("\n".join(["shop id,branch,lng,lat,premises_id,sales area", *rows]), "utf-8")
    own = network_around(area, path, area.data_dir).shops
    found = own_in_market(demand_region(area), "bakery", own)
    assert found.ids["A"] == bakers["id"].iloc[0] and found.ids["B"] == other
    assert set(found.ids) == {"A", "B", "C"} and all(c.opened for c in found.extra)
    assert len(set(found.ids.values())) == 3 and {c.id for c in found.extra} <= {"own/C"}
    assert read_branches().get("bakery").id == "bakery"
