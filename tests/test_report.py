"""A comparison on paper: a page a site, in both languages, everything said as it is, what is not known said too."""

import datetime
import io
import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdf
import pytest
import shapely
from command_line import command
from pages_at_work import open_page

from geodata import hexgrid
from geodata.branches import read_branches
from geodata.errors import GeodataError
from geodata.language import Text
from geodata.store import Area, Store
from location_model.compare import Compared, Comparison, with_rents
from location_model.compared import compared
from location_model.find_site import find_site
from location_model.presets import starting_profile
from location_model.profile import profile_as_json
from location_model.report import comparison_pages, figures, overview, site_page
from location_model.report.again import compare_command
from location_model.report.site_map import WIDEST_M, places_map, site_map
from location_model.report.sources import source_lines
from location_model.report.words import Words
from location_model.validation.statistics import Estimate

DAY = datetime.date(2026, 11, 23)
LONG = (
    "Burgemeester Karel Lodewijk Maximiliaan Vanderstraetenplein 145-147 bus 0001",
    "Hertogenbosscheweggetjesverbindingsstraatlaantjezonderspaties99",
    "Rue du Général Baron Édouard de Kethulle de Ryhove 1234",
    "Commercial Street 40",
    "Kingsway Shopping Centre, Lower Level, Unit 30",
)
A4_POINTS = (595.28, 841.89)


@pytest.fixture(scope="module")
def area(quarters_dir: Path) -> Area:
    return Store(quarters_dir).open("quarters")


@pytest.fixture(scope="module")
def vacant(area: Area) -> list[str]:
    premises = area.tables.premises
    return sorted(premises.loc[(premises["state"] == "vacant") & premises["in_study"], "id"])[:5]


@pytest.fixture(scope="module")
def found(area: Area, vacant: list[str]) -> Comparison:
    profile = starting_profile(area, "clothes", read_branches(area.data_dir)).profile
    asked = {"area": area.id, "sites": vacant[:3], "profile": profile_as_json(profile), "rents": {}}
    return compared(asked, area.data_dir).found


def read(pdf: bytes) -> list[str]:
    """The text of each page, every run of white space one space."""
    return [" ".join(p.extract_text().replace("\u200b", "").split()) for p in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def plain(text: str) -> str:
    """As `read` gives it."""
    return " ".join(text.split())


def renamed(found: Comparison, *names: str) -> Comparison:
    """The same sites under other names."""

    def under(site: Compared, name: str) -> Compared:
        return replace(site, named=replace(site.named, site=replace(site.named.site, name=name, near=False)))

    sites = [under(s, n) for s, n in zip(found.sites, names, strict=False)]
    return replace(found, sites=(*sites, *found.sites[len(sites) :]))


def unknown(found: Comparison, at: int) -> Comparison:
    """The same, with nothing known of one site."""
    site = found.sites[at]
    bare = replace(
        site, score=math.nan, coverage=0.0, known=(0, site.known[1]), firm=None, footfall=None, floor_area_m2=None,
        turnover=None, catchment=None, retention=None, contributions=dict.fromkeys(site.contributions),
        values=dict.fromkeys(site.values, math.nan),
    )  # fmt: skip
    sites = [bare if i == at else s for i, s in enumerate(found.sites)]
    pairs = [replace(d, scores=None, turnover=None) if at in (d.a, d.b) else d for d in found.differences]
    return replace(found, sites=tuple(sites), differences=tuple(pairs))


def with_study(found: Comparison, **changed: object) -> Comparison:
    """The same in an area whose manifest says something else of itself."""
    return replace(found, area=saying(found.area, **changed))


def saying(area: Area, **changed: object) -> Area:
    """The same area with a manifest that says something else of its study."""
    manifest: Mapping[str, Any] = area.manifest
    return Area(area.folder, {**manifest, "study": {**manifest["study"], **changed}})


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("nl", ("Kleding", "23 nov 2026", "wat we weten", "Verwachte omzet per jaar", "Hoe zeker dit is", "Bronnen",
                "eerst tellen", "kandidaat-plekken", "geen juridisch advies", "gemodelleerd, niet opgemeten")),
        ("en", ("Clothes", "23 Nov 2026", "what we know", "Expected turnover a year", "How firm this is", "Sources",
                "needs a count", "candidate places", "no legal advice", "modelled, not surveyed")),
    ],
)  # fmt: skip
def test_a_site_on_one_page_of_a4(found: Comparison, language: str, said: tuple[str, ...]) -> None:
    words, at = Words(language), 1
    site = found.sites[at]
    pdf = site_page(found, at, language, made_on=DAY)
    [page] = pypdf.PdfReader(io.BytesIO(pdf)).pages
    assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(A4_POINTS, abs=0.1)
    [text] = read(pdf)
    assert [x for x in said if x not in text] == []
    assert words(site.named.site.title) in text and found.area.name in text and site.named.site.cell not in text
    assert site.turnover is not None and site.firm is not None
    for eur in (site.turnover.value, site.turnover.low, site.turnover.high):
        assert plain(words.euros(eur)) in text
    known, asked = site.known
    assert f"{known} {'van' if language == 'nl' else 'of'} {asked}" in text
    assert words.between(words.whole(site.firm.score_low), words.whole(site.firm.score_high)) in text
    assert found.area.version in text and plain(words.day(found.area.manifest["built_at"])) in text
    assert all(words(other.named.site.title) in text for other in found.sites)
    assert site.permit.why.to(language) in text
    assert all(note.to(language)[1:] in text for note in found.notes)
    assert "OpenStreetMap, ODbL 1.0" in text


def test_the_document_says_its_language_title_and_uses_its_own_letters(found: Comparison) -> None:
    reader = pypdf.PdfReader(io.BytesIO(site_page(found, 0, "nl", made_on=DAY)))
    assert reader.root_object["/Lang"] == "nl"
    assert reader.metadata is not None and found.area.name in str(reader.metadata.title)
    fonts = {str(f.get_object()["/BaseFont"]) for f in reader.pages[0]["/Resources"]["/Font"].values()}  # type: ignore[index]
    assert fonts and all("SourceSansPro" in f or "DejaVuSansMono" in f for f in fonts)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_all_sites_stand_side_by_side_before_a_page_for_each(found: Comparison, language: str) -> None:
    first, *pages = read(comparison_pages(found, language, made_on=DAY))
    assert len(pages) == len(found.sites)
    for site, page in zip(found.sites, pages, strict=True):
        title = figures.title(site, Words(language))
        assert title in first and page.startswith(title)
    assert overview.headline(found, Words(language)) in first


def test_three_places_are_all_set_beside_one_another_and_what_turns_the_choice_is_said(found: Comparison) -> None:
    first = read(comparison_pages(found, "nl", made_on=DAY))[0]
    assert [row["name"] for row in overview.pairs(found, Words("nl"))] == ["A – B", "A – C", "B – C"]
    best = overview.best_first(found)[0]
    flips = [
        d.scores.nearest for d in found.differences
        if best in (d.a, d.b) and d.scores is not None and d.scores.nearest is not None
    ]  # fmt: skip
    assert flips, "the hand-drawn town has a weight that turns the choice"
    least = min(flips, key=lambda flip: flip.change)
    assert plain(least.told.to("nl")) in first
    tied = tuple(replace(d, scores=d.scores and replace(d.scores, flips=())) for d in found.differences)
    assert overview.turning(replace(found, differences=tied), Words("nl")) == ""


def test_nobody_reads_a_name_as_markup(found: Comparison) -> None:
    names = (
        '# $x^2$ *Baron* <Édouard> @b "De" `c` \\ #emph[a]',
        "[x](y) // c /* d */ _e_ ~ -- ---",
        "= {{ 1 }} <script>",
    )
    assert all(
        plain(n) in page
        for n, page in zip(names, read(comparison_pages(renamed(found, *names), "nl"))[1:], strict=True)
    )


def test_a_name_in_arabic_is_drawn(found: Comparison) -> None:
    [text] = read(site_page(renamed(found, "شارع الملك"), 0, "nl"))
    assert set("شارعالملك") <= set(text)  # a reader may give it from left to right


@pytest.mark.parametrize("language", ["nl", "en"])
def test_five_long_notes_and_long_names_stay_on_their_page(found: Comparison, language: str) -> None:
    sentence = "the homes and shops of other areas count, and what lies beyond them is not known, so take care; "
    notes = tuple(Text("{x}", (("x", f"Note {i}: {2 * sentence}"),)) for i in range(5))
    full = replace(with_rents(found, {s.named.id: 24_000.0 for s in found.sites}), notes=(*found.notes, *notes))
    pages = read(comparison_pages(renamed(full, *LONG), language))
    assert len(pages) == 1 + len(found.sites)
    assert all(f"Note {i}: the homes" in pages[1] for i in range(5))
    assert all(LONG[i] in pages[1 + i] for i in range(len(found.sites)))


def test_more_than_fits_is_drawn_smaller_and_stays_one_page(found: Comparison) -> None:
    assert len(read(site_page(renamed(found, 40 * LONG[0]), 0, "nl"))) == 1


@pytest.mark.parametrize(("language", "not_known"), [("nl", "niet gekend"), ("en", "not known")])
def test_what_is_not_known_is_said(found: Comparison, language: str, not_known: str) -> None:
    bare = unknown(found, 0)
    [text] = read(site_page(bare, 0, language))
    assert "nan" not in text.lower().split() and "None" not in text
    # Score, turnover, footfall, catchment, every criterion, and both ways of comparing with each other site.
    assert text.count(not_known) >= 4 + len(bare.sites[0].values) + 2 * (len(bare.sites) - 1)
    known, asked = bare.sites[0].known
    assert known == 0 and f"0 {'van' if language == 'nl' else 'of'} {asked}" in text
    assert len(read(comparison_pages(bare, language))) == 1 + len(bare.sites)


def test_sample_data_say_so_on_every_page_and_others_do_not(found: Comparison) -> None:
    sample = with_study(found, sample=True)
    assert all("voorbeeldgegevens" in page for page in read(comparison_pages(sample, "nl")))
    assert all("voorbeeldgegevens" not in page for page in read(comparison_pages(found, "nl")))
    assert "sample data" in read(site_page(sample, 0, "en"))[0]


def test_a_rent_is_shown_with_its_share(found: Comparison) -> None:
    rented = with_rents(found, {found.sites[0].named.id: 24_000.0})
    share = rented.sites[0].rent_share
    assert share is not None
    [text] = read(site_page(rented, 0, "nl"))
    assert "€ 24.000" in text and f"{round(100 * share.value)} % van de omzet" in text
    assert f"--rent={found.sites[0].named.id}=24000" in text
    assert "gevraagd, volgens de lijst" not in text
    [text] = read(site_page(rented, 1, "nl"))
    assert "Huur per jaar" not in text


def test_whose_rent_and_floor_area_it_is_stands_on_the_page(found: Comparison) -> None:
    named = found.sites[0].named.with_floor_area(85.0)
    named = replace(named, site=replace(named.site, rent_eur_per_year=12_000.0))
    first = replace(found.sites[0], named=named, floor_area_m2=85.0)
    [text] = read(site_page(replace(found, sites=(first, *found.sites[1:])), 0, "nl"))
    assert "85 m², door u opgegeven" in text and f"--floor-area={named.id}=85" in text
    assert "€ 12.000" in text and "gevraagd, volgens de lijst" in text and f"--rent={named.id}" not in text


def test_a_difference_reads_the_same_from_both_sides(found: Comparison) -> None:
    words, pair = Words("en"), found.differences[0]
    sure = replace(pair, turnover=Estimate(-50_000.0, -80_000.0, -20_000.0))
    assert plain(figures.gap(sure, pair.b, words)) == "€ 50,000 more (between € 20,000 and € 80,000)"
    assert plain(figures.gap(sure, pair.a, words)) == "€ 50,000 less (between € 20,000 and € 80,000)"
    unsure = replace(pair, turnover=Estimate(-50_000.0, -80_000.0, 20_000.0))
    assert {figures.gap(unsure, i, words) for i in (pair.a, pair.b)} == {"difference smaller than its uncertainty"}


def test_contributions_add_up_to_the_score_and_none_is_longer_than_it_could_be(found: Comparison) -> None:
    rows = figures.parts(found, found.sites[0], Words("en"))
    assert len(rows) == len(found.sites[0].contributions)
    assert all(0 <= row["points"] <= row["most"] + 1e-9 <= 1 + 2e-9 for row in rows)
    heaviest = max(row["most"] for row in rows)
    known = [p for p in found.sites[0].contributions.values() if p is not None]
    scale = max(known) / max(row["points"] for row in rows)  # points of the longest track
    assert sum(row["points"] for row in rows) * scale == pytest.approx(found.sites[0].score, abs=0.01)
    assert heaviest <= 1


def test_a_map_has_its_place_in_the_middle_where_nothing_else_is_to_be_seen(found: Comparison) -> None:
    alone = site_map(unknown(found, 0), 0, tall=0.8)
    assert alone.pins[0] == pytest.approx((0.5, 0.5)) and not alone.cut and alone.metres == pytest.approx(1500)
    assert 'viewBox="0 0 1000 800"' in alone.svg and alone.scale_m == 200
    drawn = site_map(found, 0, tall=0.8)
    assert drawn.metres <= WIDEST_M and all(0 <= x <= 1 and 0 <= y <= 1 for x, y in drawn.pins[:1])


def test_a_map_of_places_shows_them_all_as_far_apart_as_they_are(found: Comparison) -> None:
    drawn = places_map(found, tall=0.6)
    assert all(0 < x < 1 and 0 < y < 1 for x, y in drawn.pins)
    (ax, ay), (bx, by) = drawn.pins[:2]
    a, b = (shapely.Point(s.named.x, s.named.y) for s in found.sites[:2])
    assert math.hypot(ax - bx, 0.6 * (ay - by)) * drawn.metres == pytest.approx(a.distance(b), rel=0.01)


def test_sources_of_one_publisher_and_day_share_a_line(found: Comparison) -> None:
    osm = {"id": "osm", "files": ["town.osm.pbf"], "vintage": None, "file_day": "2026-11-23"}
    given = [
        osm, {**osm, "files": [], "file_day": None}, {**osm, "id": "gtfs", "vintage": "2025-02-11 – 2025-10-11"},
        {**osm, "id": "counts", "files": ["counts.csv"]},
    ]  # fmt: skip
    area = Area(found.area.folder, {**found.area.manifest, "sources": given})
    streets, buses, counts = (plain(line) for line in source_lines(area, Words("en")))
    assert streets == (
        "Streets, shops, buildings; Residents, estimated from buildings: OpenStreetMap, ODbL 1.0 (© OpenStreetMap), "
        "file of 23 Nov 2026"
    )
    assert buses.endswith("licence not stated, 11 Feb 2025 – 11 Oct 2025")
    assert counts == "Pedestrian counts: your own file, counts.csv, file of 23 Nov 2026"


def test_weights_of_the_user_are_called_so(found: Comparison) -> None:
    profile = found.robust.scored.profile
    heavier = profile.with_weights({profile.criteria[0].layer: profile.criteria[0].weight + 1})
    moved = replace(found, robust=replace(found.robust, scored=replace(found.robust.scored, profile=heavier)))
    assert "chosen by the user" in read(site_page(moved, 0, "en"))[0]
    assert "expert choice" in read(site_page(found, 0, "en"))[0]


def test_the_address_of_the_page_stands_in_for_the_command(found: Comparison) -> None:
    address = "http://localhost:8501/compare?area=quarters&sites=node/1;node/2"
    [text] = read(site_page(found, 0, "en", address=address))
    assert address.replace(" ", "") in text.replace(" ", "") and "python -m" not in text
    [text] = read(site_page(found, 0, "en"))
    assert f"python -m location_model compare quarters {found.sites[0].named.id}" in text


def test_what_rests_on_lists_says_so_and_the_command_names_them(found: Comparison) -> None:
    lists = {"own_shops": "mijn winkels.csv", "customers": "klanten.csv"}
    said = "on your own lists mijn winkels.csv and klanten.csv as well"
    [text] = read(site_page(found, 0, "en", lists=lists))
    assert said in text and "--own-shops=mijn winkels.csv' --customers=klanten.csv" in text
    [text] = read(site_page(found, 0, "en", lists=lists, address="http://localhost:8501/compare"))
    assert said in text
    assert "your own list" not in read(site_page(found, 0, "en"))[0]


def test_the_command_names_each_place_so_that_the_same_point_is_found(found: Comparison, area: Area) -> None:
    vacant, cell = found.sites[0].named, found.sites[1].named.site.cell
    (lng,), (lat,) = hexgrid.centres([cell])
    middle, west = find_site(area, cell), find_site(area, f"{lng + 0.0001},{lat}")
    west = replace(west, site=replace(west.site, lng=-2.5))
    named = [vacant, middle, west.with_floor_area(123.5)]
    sites = [
        replace(s, named=n, floor_area_m2=n.site.floor_area_m2, rent_given=1_234_567.25)
        for s, n in zip(found.sites, named, strict=True)
    ]
    words = compare_command(replace(found, sites=tuple(sites)), {})
    point = f"-2.500000,{lat:.6f}"
    assert words[-4:] == ["--", vacant.id, cell, point]  # what begins with a minus is no option
    assert f"--rent={point}=1234567.25" in words
    assert [word for word in words if "floor" in word] == [f"--floor-area={point}=123.5"]


def test_a_site_that_is_not_there_is_an_error(found: Comparison) -> None:
    for at in (-1, 3):
        with pytest.raises(GeodataError, match="no site"):
            site_page(found, at, "nl")


def test_euros_are_no_more_precise_than_they_are_known() -> None:
    nl, en = Words("nl"), Words("en")
    assert (nl.euros(293_850.0), en.euros(293_850.0)) == ("€\u00a0290.000", "€\u00a0290,000")
    assert (en.euros(-1234.0), en.euros(0.2), en.euros(math.nan)) == ("−€\u00a01,200", "€\u00a00", "not known")


def test_the_command_writes_it_beside_its_answer(quarters_dir: Path, vacant: list[str], tmp_path: Path) -> None:
    words = ("compare", "quarters", *vacant[:2], "--branch", "clothes", "--data", quarters_dir, "--pdf")
    answer = command(*words, tmp_path / "sites.pdf", language="nl")
    assert answer.code == 0 and "sites.pdf" in answer.err
    assert "Welke van deze plekken?" in read((tmp_path / "sites.pdf").read_bytes())[0]
    answer = command(*words, tmp_path / "nowhere" / "sites.pdf")
    assert answer.code == 1 and "cannot be written" in answer.err


def test_the_page_offers_them(squareville_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERNWIJZER_DATA", str(squareville_dir))
    premises = Store(squareville_dir).open("squareville").tables.premises
    sites = sorted(premises.loc[(premises["state"] == "vacant") & premises["in_study"], "id"])[:2]
    app = open_page("compare", "nl", sites=";".join(sites))
    assert not app.exception
    labels = [button.label for button in app.get("download_button")]
    assert [x for x in labels if x.startswith("PDF")] == ["PDF", "PDF van A", "PDF van B"]
