"""Lists as a municipality may have them: bad rows are listed, good ones kept, and a list of nothing is refused."""

import zipfile
from pathlib import Path

import openpyxl
import pyproj
import pytest
from command_line import Town, write
from towns import degrees

from geodata.store import Store

KINDS = (
    "bakkerij",
    "dameskleding",
    "slagerij",
    "kapper",
    "boeken",
    "juwelier",
    "drogist",
    "bloemen",
    "schoenen",
    "café",
)
PLACES = [degrees(100 + 20 * i, 308) for i in range(len(KINDS))]
HEAD = ("naam", "branche", "lon", "lat")
ROWS: list[tuple[object, ...]] = [(f"Winkel {i}", KINDS[i], *PLACES[i]) for i in range(len(KINDS))]


def listed(*rows: tuple[object, ...], head: tuple[str, ...] = HEAD, sep: str = ";") -> str:
    return "".join(sep.join(map(str, row)) + "\n" for row in (head, *rows))


def lambert(code: int, *, comma: bool = False) -> str:
    """The same list with coordinates that nobody labelled, to the decimetre."""
    to_metres = pyproj.Transformer.from_crs(4326, code, always_xy=True)
    rows = [(*row[:2], *(f"{v:.1f}" for v in to_metres.transform(*row[2:]))) for row in ROWS]
    text = listed(*rows, head=("naam", "branche", "x", "y"))
    return text.replace(".", ",") if comma else text


@pytest.mark.parametrize(
    ("content", "note"),
    [
        (listed(*ROWS), "WGS84."),
        (listed(*[(a, b, y, x) for a, b, x, y in ROWS]), "WGS84; the columns x and y were swapped."),
        (lambert(31370), "Lambert 72."),
        (lambert(3812), "Lambert 2008."),
        (lambert(31370, comma=True), "Lambert 72."),
        (listed(*ROWS).replace(".", ","), "WGS84."),
        (listed(*ROWS, sep="\t"), "WGS84."),
        (listed(*ROWS, sep=","), "WGS84."),
        (listed(*ROWS).encode("cp1252"), "WGS84."),
        (listed(*ROWS).encode("utf-16"), "WGS84."),
    ],
)
def test_one_list_in_many_shapes_gives_the_same_shops(
    small_town: Town, tmp_path: Path, content: bytes | str, note: str
) -> None:
    record = small_town.takes("--premises", write(tmp_path / "panden.csv", content))
    assert record["rows_kept"] == len(ROWS) and record["skipped"] == []
    assert record["notes"][0]["en"] == f"the coordinates are read as {note}"
    premises = Store(small_town.data).open("tried").tables.premises.set_index("name")
    assert premises.loc["Winkel 9", "kind"] == "café"
    wanted = premises.geometry.to_crs(4326).loc["Winkel 3"]
    assert (wanted.x, wanted.y) == pytest.approx(PLACES[3], abs=2e-6)


def workbook(path: Path, *, title: bool = True) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "Leeswijzer"
    book.active["A1"] = "Opgenomen in het voorjaar"
    sheet = book.create_sheet("Panden")
    if title:
        sheet.append(["Handelspanden van Vlakkem"])
        sheet.append([])
    for row in (HEAD, *ROWS):
        sheet.append(list(row))
    book.save(path)
    return path


def test_a_workbook_with_a_title_and_a_sheet_of_words_first(small_town: Town, tmp_path: Path) -> None:
    assert small_town.takes("--premises", workbook(tmp_path / "panden.xlsx"))["rows_kept"] == len(ROWS)


def test_workbooks_that_cannot_be_opened(small_town: Town, tmp_path: Path) -> None:
    whole = workbook(tmp_path / "heel.xlsx").read_bytes()
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    save = "damaged or not an Excel file … save it", "beschadigd of geen Excel-bestand … bewaar"
    empty = openpyxl.Workbook()
    empty.save(tmp_path / "leeg.xlsx")
    with zipfile.ZipFile(tmp_path / "brief.docx", "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    for path, (says, zegt) in {
        write(tmp_path / "half.xlsx", whole[: len(whole) // 2]): save,
        tmp_path / "brief.docx": save,
        write(tmp_path / "slot.xlsx", locked): ("password … save it", "wachtwoord … bewaar"),
        tmp_path / "leeg.xlsx": ("no table … Put the names", "geen tabel … Zet de kolomtitels"),
    }.items():
        for option in ("premises", "vacancies"):
            small_town.refuses(f"--{option}", path, names=path.name, says=says, zegt=zegt)


def test_one_row_in_ten_broken_is_listed_and_said(small_town: Town, tmp_path: Path) -> None:
    rows = [*ROWS[:4], (*ROWS[4][:2], "kapot", ROWS[4][3]), *ROWS[5:]]
    path = write(tmp_path / "panden.csv", listed(*rows))
    record = small_town.takes("--premises", path)
    assert record["rows_kept"] == 9 and [row["row"] for row in record["skipped"]] == [5]
    assert "kapot" in record["skipped"][0]["value"]
    assert "no numbers" in record["skipped"][0]["reason"]["en"] and "getallen" in record["skipped"][0]["reason"]["nl"]
    assert (
        "panden.csv: één rij overgeslagen" in small_town.build("--premises", path, name="Nog eens", language="nl").err
    )


@pytest.mark.parametrize(
    ("content", "says", "zegt"),
    [
        (listed(*[(a, b, "kapot", y) for a, b, _, y in ROWS]), "none of the 10 … Row 1 … Mend", "van de 10 … Verbeter"),
        (listed(*[(a, b, 2.3, 48.8) for a, b, *_ in ROWS]), "outside … Lambert 72", "buiten het gebied … Lambert 72"),
        (listed(*ROWS).replace(".", ",").replace(";", ","), "6 cells … 4 headers", "6 cellen … 4"),
        (listed(*ROWS, head=("foo", "bar", "lon", "lat")), "foo, bar … naam", "foo, bar … naam"),
        (listed(*ROWS, head=("naam", "branche", "foo", "bar")), "foo, bar … straat", "foo, bar … straat"),
        (listed(), "no table … Put", "geen tabel … Zet"),
        ("\n\n;;;\n", "no table … Put", "geen tabel … Zet"),
        ('[{"naam": "Winkel"}]', "not an Excel or CSV file … .xlsx", "geen Excel- of CSV-bestand … .xlsx"),
        (b"\x00\x01\x02\x03" * 40, "not an Excel or CSV file … .xlsx", "geen Excel- of CSV-bestand … .xlsx"),
    ],
)  # fmt: skip
def test_lists_without_one_usable_row(
    small_town: Town, tmp_path: Path, content: bytes | str, says: str, zegt: str
) -> None:
    path = write(tmp_path / "panden.csv", content)
    small_town.refuses("--premises", path, names="panden.csv", says=says, zegt=zegt)


def test_unknown_branches_are_named_and_their_shops_kept(small_town: Town, tmp_path: Path) -> None:
    rows = [(*ROWS[0][:1], "Xyzkwark", *ROWS[0][2:]), *ROWS[1:]]
    record = small_town.takes("--premises", write(tmp_path / "panden.csv", listed(*rows)))
    assert record["rows_kept"] == len(ROWS)
    assert "Xyzkwark" in record["notes"][-1]["nl"] and "branche" in record["notes"][-1]["nl"]


def test_a_header_that_stands_twice(small_town: Town, tmp_path: Path) -> None:
    rows = [(*row, "m²", 80) for row in ROWS]
    content = listed(*rows, head=(*HEAD, "eenheid", "eenheid"))
    assert small_town.takes("--premises", write(tmp_path / "panden.csv", content))["rows_kept"] == len(ROWS)


def test_a_vacancy_register_that_matches_nothing_or_half(small_town: Town, tmp_path: Path) -> None:
    nowhere = [(f"Onbestaandelaan {n}",) for n in range(1, 8)]
    path = write(tmp_path / "leegstand.csv", listed(*nowhere, head=("adres",)))
    small_town.refuses(
        "--vacancies",
        path,
        names="leegstand.csv",
        says="none of the 7 … --addresses",
        zegt="geen van de 7 … --addresses",
    )
    half = [*nowhere[:3], ("Marktstraat 104",), ("Marktstraat 106",)]
    record = small_town.takes("--vacancies", write(tmp_path / "leegstand.csv", listed(*half, head=("adres",))))
    assert [row["row"] for row in record["skipped"]] == [1, 2, 3] and record["rows_kept"] == 2
    homes = [(f"Marktstraat {n}", "woning") for n in (1, 3)]
    record = small_town.takes("--vacancies", write(tmp_path / "leegstand.csv", listed(*homes, head=("adres", "type"))))
    assert record["rows_kept"] == 0 and "2 dwellings" in record["notes"][0]["en"]


COUNTS = ("teller", "datum", "uur", "voetgangers", "lon", "lat")


def test_garbled_counts_are_listed_each_with_its_field(small_town: Town, tmp_path: Path) -> None:
    day = "2024-05-14"
    bad = [
        (day, "10-11", -5),
        (day, "25:99", 7),
        ("32/13/2024", "10-11", 7),
        (day, "half elf", 7),
        (day, "10-11", "x?"),
    ]
    rows = [("A", *row, *PLACES[0]) for row in [*bad, (day, "11-12", 50)]]
    record = small_town.takes("--counts", write(tmp_path / "tellingen.csv", listed(*rows, head=COUNTS)))
    fields = ["pedestrians", "hours", "date", "hours", "pedestrians"]
    assert [(row["row"], row["field"]) for row in record["skipped"]] == list(enumerate(fields, start=1))
    counts = Store(small_town.data).open("tried").tables.counts
    assert counts[["hour_from", "hour_to", "pedestrians"]].to_numpy().tolist() == [[11, 12, 50]]
    path = write(tmp_path / "tellingen.csv", listed(*rows[:5], head=COUNTS))
    small_town.refuses(
        "--counts", path, names="tellingen.csv", says="none of the 5 … Mend", zegt="geen van de 5 … Verbeter"
    )


def test_counts_without_counts_or_without_a_place(small_town: Town, tmp_path: Path) -> None:
    path = write(
        tmp_path / "tellingen.csv", listed(("A", "2024-05-14", *PLACES[0]), head=("teller", "datum", "lon", "lat"))
    )
    small_town.refuses(
        "--counts",
        path,
        names="tellingen.csv",
        says="no column with counts … pedestrians",
        zegt="tellingen … voetgangers",
    )
    path = write(tmp_path / "tellingen.csv", listed(("A", "2024-05-14", 5), head=("teller", "datum", "voetgangers")))
    small_town.refuses("--counts", path, names="tellingen.csv", says="no place … lon", zegt="geen plaats … lon")


def test_markets_of_another_town(small_town: Town, tmp_path: Path) -> None:
    path = write(tmp_path / "markten.csv", listed(("Weekmarkt", "di", 2.3, 48.8), head=("naam", "dag", "lon", "lat")))
    small_town.refuses("--markets", path, names="markten.csv", says="outside the area", zegt="buiten het gebied")


def test_address_files_that_cannot_place_anything(small_town: Town, tmp_path: Path) -> None:
    head = ("straat", "huisnummer", "lon", "lat")
    path = write(tmp_path / "adressen.csv", listed(("Rue", 1, 2.3, 48.8), ("Rue", 2, 2.3, 48.8), head=head))
    small_town.refuses(
        "--addresses", path, names="adressen.csv", says="none of the 2 … municipality", zegt="geen van de 2 … gemeente"
    )
    path = write(tmp_path / "adressen.csv", listed(("Kerkstraat", 1), head=head[:2]))
    small_town.refuses(
        "--addresses",
        path,
        names="adressen.csv",
        says="‘Longitude or X’ or ‘Coordinates in one column’",
        zegt="straat, huisnummer",
    )
    with zipfile.ZipFile(tmp_path / "adressen.zip", "w") as archive:
        archive.writestr("adressen.csv", listed(head=head))
    small_town.refuses(
        "--addresses", tmp_path / "adressen.zip", names="adressen.zip", says="no table … Put", zegt="geen tabel … Zet"
    )


def test_a_zipped_address_file_in_windows_1252_places_a_list(small_town: Town, tmp_path: Path) -> None:
    content = listed(("Caféstraat", 1, *PLACES[2]), head=("straat", "huisnummer", "lon", "lat"))
    with zipfile.ZipFile(tmp_path / "adressen.zip", "w") as archive:
        archive.writestr("adressen.csv", content.encode("cp1252"))
    shops = write(
        tmp_path / "panden.csv", listed(("Winkel", "kapper", "Cafestraat 1"), head=("naam", "branche", "adres"))
    )
    answer = small_town.build("--addresses", tmp_path / "adressen.zip", "--premises", shops, name="Tried")
    assert answer.code == 0
    [row] = Store(small_town.data).open("tried").tables.premises.query("name == 'Winkel'").itertuples()
    assert (row.street, row.source) == ("Cafestraat", "premises_list")
