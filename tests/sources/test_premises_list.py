"""Users' lists of premises and vacant units, as municipalities really write them."""

import datetime
import re
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely

from geodata.branches import read_branches
from geodata.errors import GeodataError
from geodata.sources.premises_list import branch_ids, read_premises
from geodata.sources.vacancy_list import apply_vacancy, read_vacancies
from geodata.tables import Reading, validate

AREA = shapely.box(3.95, 50.98, 4.05, 51.06)
CRS = 3812
BRANCHES = read_branches()


def csv(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "lijst.csv"
    path.write_bytes(text.encode(encoding))
    return path


def read(path: Path, **options: object) -> Reading:
    return read_premises(path, area=AREA, crs=CRS, branches=BRANCHES, **options)  # type: ignore[arg-type]


SURVEY = """Naam;Formule;Branche;Hoofdbranche;Status;WVO;BVO;Straat;Huisnr;Lon;Lat
Bakkerij Zoë;;Brood & banket;levensmiddelen;in gebruik;85,5;;Markt;1;4,0;51,02
;;;;leegstaand;;200;Markt;3;4,001;51,02
Kleedje;Zara;Damesmode;;in gebruik;1.250;;Markt;5;4,002;51,02
Vreemd;;Zeppelinwerf;;in gebruik;onbekend;;Markt;7;4,003;51,02
"""


def test_a_surveyed_list_in_windows_1252(tmp_path: Path) -> None:
    reading = read(csv(tmp_path, SURVEY, "cp1252"))
    table = reading.table
    assert table["name"].fillna("").tolist() == ["Bakkerij Zoë", "", "Kleedje", "Vreemd"]
    assert table.state.tolist() == ["occupied", "vacant", "occupied", "occupied"]
    assert table.branch.fillna("").tolist() == ["bakery", "", "clothes", ""]
    assert table.kind[3] == "Zeppelinwerf"
    assert table.floor_area_m2.fillna(0).tolist() == [85.5, 160.0, 1250.0, 0]
    assert table.floor_area_basis.fillna("").tolist() == ["surveyed", "gross floor area", "surveyed", ""]
    assert table.vacancy_basis.fillna("").tolist() == ["", "premises list", "", ""]
    assert table.chain[2] is True or bool(table.chain[2])
    assert any("Zeppelinwerf" in n.to("nl") for n in reading.notes)
    assert reading.skipped.empty and reading.rows_read == 4 and table.crs == CRS


def test_the_same_list_as_a_workbook_with_a_title(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["Inventaris handelspanden 2025"])
    book.active.append([])
    for line in SURVEY.splitlines():
        book.active.append(
            [
                float(n) if re.fullmatch(r"\d+(\.\d+)?", n := c.replace(".", "").replace(",", ".")) else c
                for c in line.split(";")
            ]
        )
    book.save(tmp_path / "lijst.xlsx")
    left, right = read(tmp_path / "lijst.xlsx").table, read(csv(tmp_path, SURVEY)).table
    pd.testing.assert_frame_equal(pd.DataFrame(left), pd.DataFrame(right))


def test_one_row_in_ten_broken_keeps_the_other_nine(tmp_path: Path) -> None:
    lines = ["naam;branche;x;y"]
    for i in range(100):
        broken = [
            f"Zaak {i};kapper;4,0;",
            f"Zaak {i};kapper;vier;51,0",
            f"Zaak {i};kapper;5,5;50,0",
            "Z;k;4,0;51,0;te;veel",
        ]
        lines.append(broken[i // 10 % 4] if i % 10 == 3 else f"Zaak {i};kapper;4,0{i % 40};51,02")
    reading = read(csv(tmp_path, "\n".join(lines)))
    assert len(reading.table) == 90
    assert reading.skipped.row.tolist() == list(range(4, 104, 10))
    assert {r.to("nl") for r in reading.skipped.reason} == {
        "de coördinaten zijn onvolledig of geen getallen.",
        "de coördinaten liggen buiten het gebied.",
        "de rij heeft 6 cellen en er zijn 4 kolomtitels.",
    }
    assert reading.rows_read == 100


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("leegstand", ["ja", "nee"]), ("leegstaand", ["1", "0"]), ("in gebruik", ["nee", "ja"]),
        ("status", ["Leegstaand pand", "Bezet"]), ("status", ["vacant", "occupied"]), ("etat", ["inoccupé", "occupé"]),
        ("toestand", ["staat leeg", "niet leegstaand"]),
    ],
)  # fmt: skip
def test_what_says_vacant(tmp_path: Path, header: str, values: list[str]) -> None:
    text = f"naam;{header};x;y\nA;{values[0]};4,0;51,02\nB;{values[1]};4,01;51,02\n"
    assert read(csv(tmp_path, text)).table.state.tolist() == ["vacant", "occupied"]


def doubts(reading: Reading) -> list[tuple[int, str, str, str]]:
    """Row, field, what stands there, and the first words of the reason."""
    rows = reading.doubts.itertuples()
    return [(r.row, r.field, r.value, r.reason.to("nl").partition(";")[0]) for r in rows]


def test_cells_that_cannot_be_used_are_named_and_their_rows_kept(tmp_path: Path) -> None:
    text = (
        "naam;oppervlakte;status;keten;leeg sinds;straat;nr;x;y\n"
        "A;honderd;in gebruik;ja;;;;4,0;51,02\n"
        "B;-50;leeg;;12/13/2024;;;4,0;51,02\n"
        "C;0;leeg;misschien;1/3/2027;;;4,0;51,02\n"
        "D;onbekend;wie weet;;dertien mei;;;4,0;51,02\n"  # counts as in use, so no day is asked
        "E;80;leeg;nee;23/11/2026;Markt;1;12,0;51,02\n"
        "F;-50;leeg;;;Nergens;1;;\n"  # left out whole
    )
    known = premises().dropna(subset=["street"])
    reading = read(csv(tmp_path, text), books=[("osm", known)], today=datetime.date(2026, 11, 23))
    assert reading.table.name.tolist() == list("ABCDE") and reading.skipped.row.tolist() == [6]
    assert reading.table.floor_area_m2.fillna(0).tolist() == [0, 0, 0, 0, 80]
    assert reading.table.vacant_since.dropna().tolist() == [pd.Timestamp("2026-11-23")]
    assert doubts(reading) == [
        (1, "floor_area", "honderd", "dit is geen getal"),
        (2, "floor_area", "-50", "dit kan niet onder 0 liggen"),
        (2, "vacant_since", "12/13/2024", "dit is geen datum, met de dag vóór de maand"),
        (3, "vacant_since", "1/3/2027", "deze dag moet nog komen"),
        (3, "chain", "misschien", "dit is geen ja of nee"),
        (4, "state", "wie weet", "dit zegt niet of het pand leegstaat of in gebruik is"),
        (
            5,
            "x, y",
            "12,0 51,02 Markt 1",
            "de coördinaten liggen buiten het gebied. De rij is geplaatst met haar adres.",
        ),
    ]


def test_a_list_without_faults_has_no_doubts(tmp_path: Path) -> None:
    assert read(csv(tmp_path, SURVEY)).doubts.empty
    register = read_vacancies(csv(tmp_path, REGISTER), area=AREA, crs=CRS, books=[("osm", premises().iloc[[0, 1, 3]])])
    assert register.doubts.empty


def test_a_register_keeps_units_whose_dates_or_areas_cannot_be_used(tmp_path: Path) -> None:
    text = (
        "aard;oppervlakte;leegstand sinds;registratiedatum;x;y\n"
        "handelspand;-5;31/2/2024;1/3/2024;4,0;51,02\n"
        "handelspand;70;1/1/2030;;4,01;51,02\n"
        "woning;honderd;morgen;;4,02;51,02\n"  # left out whole
    )
    register = read_vacancies(csv(tmp_path, text), area=AREA, crs=CRS, today=datetime.date(2026, 11, 23))
    assert register.table.vacant_since.tolist() == [pd.Timestamp("2024-03-01"), pd.NaT]
    assert [d[:3] for d in doubts(register)] == [
        (1, "floor_area", "-5"), (1, "vacant_since", "31/2/2024"), (2, "vacant_since", "1/1/2030"),
    ]  # fmt: skip
    assert [d[:3] for d in doubts(apply_vacancy(premises(), register))] == [d[:3] for d in doubts(register)]


def test_a_branch_called_vacancy_means_vacant(tmp_path: Path) -> None:
    text = "naam;branche;x;y\nA;Leegstand;4,0;51,02\nB;Kapper;4,01;51,02\n"
    table = read(csv(tmp_path, text)).table
    assert table.state.tolist() == ["vacant", "occupied"] and table.branch.fillna("").tolist() == ["", "hairdresser"]


def test_branch_names_on_two_levels_and_misspelt() -> None:
    names = pd.Series(["Apotheek", "APOTEEK", "Onbekende soort", "Onbekende soort", None, "Schoenwinkels"])
    main = pd.Series([None, None, "kapper", None, "juwelier", None])
    ids, unknown = branch_ids(names, main, BRANCHES)
    assert ids.fillna("").tolist() == ["pharmacy", "pharmacy", "hairdresser", "", "jewellery", "shoes"]
    assert unknown.dropna().tolist() == ["Onbekende soort"]


def test_every_branch_is_found_under_its_own_names() -> None:
    for branch in BRANCHES.branches:
        names = pd.Series([branch.id, branch.name("nl"), branch.name("en"), *branch.survey_names])
        ids, _ = branch_ids(names, pd.Series([None] * len(names)), BRANCHES)
        assert ids.notna().all()
        assert ids[0] == ids[1] == ids[2] == branch.id


def test_ids_are_unique_whatever_the_list_says(tmp_path: Path) -> None:
    text = "code;naam;x;y\n7;A;4,0;51,02\n7;B;4,01;51,02\n8;C;4,02;51,02\n;D;4,03;51,02\n"
    assert read(csv(tmp_path, text)).table.id.tolist() == ["row/1", "row/2", "8", "row/4"]


def test_a_list_without_places_or_names_says_what_it_needs(tmp_path: Path) -> None:
    with pytest.raises(GeodataError, match=r"lijst\.csv.*Address in one column.*Street.*naam, kleur"):
        read(csv(tmp_path, "naam;kleur\nA;rood\n"))


def test_a_mapping_given_once_serves_the_next_file(tmp_path: Path) -> None:
    text = "A1;B1;C1;D1\nZaak;kapper;4,0;51,02\n"
    given = {"name": "A1", "branch": "B1", "x": "C1", "y": "D1"}
    first = read(csv(tmp_path, text), mapping=given, data_dir=tmp_path)
    assert read(csv(tmp_path, text), data_dir=tmp_path).table.equals(first.table)


def test_a_list_of_another_town_is_refused_row_by_row(tmp_path: Path) -> None:
    reading = read(csv(tmp_path, "naam;x;y\nA;4,4;51,2\nB;4,41;51,21\n"))
    assert reading.table.empty and len(reading.skipped) == 2


def at(lng: float, lat: float) -> shapely.Point:
    return gpd.GeoSeries([shapely.Point(lng, lat)], crs=4326).to_crs(CRS).iloc[0]


def premises() -> gpd.GeoDataFrame:
    frame = pd.DataFrame(
        [
            ("node/1", "Bakker", "bakery", "Markt", "1", at(4.0, 51.02)),
            ("node/2", "Kapper", "hairdresser", "Markt", "3", at(4.001, 51.02)),
            ("node/3", "Slager", "speciality_food", None, None, at(4.002, 51.02)),
            ("node/4", "Bank", "finance", "Markt", "9", at(4.003, 51.02)),
        ],
        columns=["id", "name", "branch", "street", "house_number", "geometry"],
    ).assign(state="occupied", source="osm", kind="shop=x", brand="B", opening_hours="Mo 09:00-18:00")
    return validate("premises", gpd.GeoDataFrame(frame, geometry="geometry", crs=CRS), where="test")


REGISTER = """Leegstandsregister;;;;;;;
Dossier;Aard;Straat;Huisnummer;X;Y;Registratiedatum;Datum schrapping
node/4;handelspand;Markt;9;;;1/3/2023;
2;handelspand;Markt;3;;;15 mei 2024;
3;handelspand;;;4,00201;51,02;2022-01-01;
4;handelspand;Dorp;7;4,02;51,03;;
5;eengezinswoning;Dorp;8;4,02;51,03;1/1/2020;
6;winkel met woning;Dorp;10;4,021;51,03;1/1/2020;1/6/2024
7;handelspand;Nergens;1;;;1/1/2020;
"""


def test_a_register_marks_known_units_and_adds_the_others(tmp_path: Path) -> None:
    known = premises()
    vacancies = read_vacancies(
        csv(tmp_path, REGISTER), area=AREA, crs=CRS, books=[("osm", known.dropna(subset=["street"]))]
    )
    assert vacancies.skipped.row.tolist() == [7]
    assert len(vacancies.table) == 4
    joined = apply_vacancy(known, vacancies)
    table = joined.table.set_index("id")
    assert table.state.to_dict() == {
        "node/1": "occupied", "node/2": "vacant", "node/3": "vacant", "node/4": "vacant", "vacancy/4": "vacant",
    }  # fmt: skip
    assert table.vacant_since["node/2"] == pd.Timestamp("2024-05-15")
    assert table.vacant_since["node/4"] == pd.Timestamp("2023-03-01")
    assert pd.isna(table.branch["node/3"]) and pd.isna(table["name"]["node/3"]) and table.kind["node/3"] == "shop=x"
    assert table["name"]["node/1"] == "Bakker" and table.street["vacancy/4"] == "Dorp"
    shown = " ".join(n.to("nl") for n in joined.notes)
    assert "één woning in de lijst" in shown and "één pand dat uit het register" in shown and "langdurige" in shown
    assert "3 panden uit de lijst waren al gekend en staan nu leeg; één is toegevoegd." in shown
    assert known.state.eq("occupied").all()  # the table given is left as it was


def test_two_units_at_one_address_are_marked_one_by_one(tmp_path: Path) -> None:
    known = premises()
    known.loc[1, "house_number"] = "1"
    text = "straat;nr;x;y\nMarkt;1;4,0011;51,02\n"
    one = apply_vacancy(known, read_vacancies(csv(tmp_path, text), area=AREA, crs=CRS)).table
    assert one.state.tolist() == ["occupied", "vacant", "occupied", "occupied"]
    both = apply_vacancy(
        known, read_vacancies(csv(tmp_path, text + "Markt;1;4,0011;51,02\n"), area=AREA, crs=CRS)
    ).table
    assert both.state.tolist() == ["vacant", "vacant", "occupied", "occupied"]


def test_a_neighbour_with_another_address_is_not_the_unit(tmp_path: Path) -> None:
    vacancies = read_vacancies(csv(tmp_path, "straat;nr;x;y\nMarkt;11;4,00305;51,02\n"), area=AREA, crs=CRS)
    table = apply_vacancy(premises(), vacancies).table
    assert table.state.tolist() == ["occupied"] * 4 + ["vacant"]


def test_row_numbers_and_running_numbers_are_no_ids(tmp_path: Path) -> None:
    """Both lists count their rows from 1; a unit is the one at its address, not the one with its number."""
    known = premises().assign(id=["row/1", "2", "3", "4"])
    text = "nr pand;straat;nr;x;y\n;Markt;9;4,003;51,02\n2;Dorp;9;4,03;51,03\n"
    table = apply_vacancy(known, read_vacancies(csv(tmp_path, text), area=AREA, crs=CRS)).table
    assert table.state.tolist() == ["occupied"] * 3 + ["vacant"] * 2


def test_no_premises_known_and_no_vacancies_listed(tmp_path: Path) -> None:
    none = premises().iloc[:0]
    vacancies = read_vacancies(csv(tmp_path, "straat;nr;x;y\nMarkt;11;4,003;51,02\n"), area=AREA, crs=CRS)
    assert len(apply_vacancy(none, vacancies).table) == 1
    nowhere = read_vacancies(csv(tmp_path, "straat;nr\nMarkt;11\n"), area=AREA, crs=CRS)
    assert len(apply_vacancy(premises(), nowhere).table) == 4


UNCLEAR = (
    "Huurprijs", "huurprijs per m2 per maand", "Rent per sqm per month", "Rent per square foot per year",
    "huur per m per jaar", "Jaar huur",
)  # fmt: skip


@pytest.mark.parametrize(
    ("header", "cell", "eur"),
    [
        ("Huur per jaar", "18.000", 18000), ("Jaarhuur (€)", "18000,50", 18000.5), ("Loyer annuel", "18 000", 18000),
        ("Rent per year (EUR, excl. VAT)", "18,000.00", 18000), ("Maandhuur", "1.500", 18000),
        ("Gevraagde huurprijs in euro / maand", "€ 1500", 18000), ("huurprijs in euro per maand", "1500", 18000),
        ("Loyer mensuel demandé", "1500", 18000), ("monthly rent", "1500", 18000),
        ("Huur per m² per jaar", "150", 15000), ("Huurprijs (€/m²/jaar)", "150", 15000), ("Huurprijs", "1500", None),
        ("huurprijs per m2 per maand", "12", None), ("Te huur", "ja", None), ("Huur per maand", "0", None),
        ("Huur per maand", "onbekend", None), ("Huurprijs per vierkante meter per jaar", "150", 15000),
        ("Rent per sq m per year", "150", 15000), ("huurprijs/jaar/vierkante meter", "150", 15000),
        ("Loyer annuel au mètre carré", "150", 15000), ("Rent per square metre per annum", "150", 15000),
        ("Huur per m² WVO per jaar", "150", 15000), ("Rent per sqm per month", "12", None),
        ("Rent per square foot per year", "15", None), ("huur per m per jaar", "150", None), ("Jaar huur", "9", None),
        ("Huur (jaar)", "18000", 18000), ("Looptijd huur (jaar)", "9", None), ("maand einde huur", "9", None),
        ("rent free period (month)", "9", None), ("Durée du loyer (an)", "9", None), ("Huur sinds (jaar)", "9", None),
        ("einde huur per jaar", "9", None), ("Jaarlijkse verhoging huur", "2", None),
    ],
)  # fmt: skip
def test_a_rent_is_that_of_a_year_as_its_header_says(tmp_path: Path, header: str, cell: str, eur: float | None) -> None:
    text = f"naam;status;wvo;{header};x;y\nA;leeg;100;{cell};4,0;51,02\n"
    register = read_vacancies(csv(tmp_path, text), area=AREA, crs=CRS)
    for reading in (read(csv(tmp_path, text)), register):
        [rent] = reading.table.rent_eur_per_year
        assert (rent == eur) if eur else pd.isna(rent)
        unclear = any(f"kolom {header} wordt niet gebruikt" in note.to("nl") for note in reading.notes)
        assert unclear == (header in UNCLEAR)
        assert reading.doubts.empty


@pytest.mark.parametrize("first", ["Looptijd huur (jaar)", "Jaarhuur vorige huurder"])
def test_a_header_that_is_exactly_known_goes_before_one_known_by_its_words(tmp_path: Path, first: str) -> None:
    text = f"naam;status;{first};Huur per jaar;x;y\nA;leeg;9;18000;4,0;51,02\n"
    for reading in (read(csv(tmp_path, text)), read_vacancies(csv(tmp_path, text), area=AREA, crs=CRS)):
        assert reading.table.rent_eur_per_year.tolist() == [18000]


def test_of_two_rents_that_of_a_year_counts_and_no_area_means_no_rent_per_m2(tmp_path: Path) -> None:
    text = (
        "straat;nr;wvo;huur per maand;huur per jaar;huur per m2 per jaar;x;y\n"
        ";;100;1000;11000;120;4,0;51,02\n"
        ";;100;1000;;120;4,001;51,02\n"
        ";;;;;120;4,002;51,02\n"
        ";;80;duizend;-5;120;4,003;51,02\n"
    )
    reading = read_vacancies(csv(tmp_path, text), area=AREA, crs=CRS)
    assert reading.table.rent_eur_per_year.fillna(-1).tolist() == [11000, 12000, -1, 9600]
    assert [(row, field) for row, field, *_rest in doubts(reading)] == [
        (3, "rent_per_m2_per_year"), (4, "rent_per_year"), (4, "rent_per_month"),
    ]  # fmt: skip


def test_the_rent_of_a_tenant_who_left_is_not_what_is_asked(tmp_path: Path) -> None:
    """A unit that stood empty already keeps the rent that is asked; one that becomes vacant has the register's."""
    known = premises().assign(rent_eur_per_year=5000.0, state=["occupied", "vacant", "occupied", "occupied"])
    text = "straat;huisnummer;huur per maand\nMarkt;9;1000\nMarkt;3;\nMarkt;1;\n"
    listed = read_vacancies(csv(tmp_path, text), area=AREA, crs=CRS, books=[("osm", known.dropna(subset=["street"]))])
    table = apply_vacancy(known, listed).table.set_index("id")
    assert table.state.tolist() == ["vacant", "vacant", "occupied", "vacant"]
    assert table.rent_eur_per_year.fillna(-1).to_dict() == {
        "node/1": -1, "node/2": 5000, "node/3": 5000, "node/4": 12000,
    }  # fmt: skip
