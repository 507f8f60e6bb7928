"""Users' tables: found in whatever shape they come, and remembered."""

import datetime
from pathlib import Path

import openpyxl
import pytest

from geodata.errors import GeodataError
from geodata.sources.columns import MEMORY, ColumnMapping, Layout, map_columns
from geodata.sources.spreadsheet import Sheet, Upload, read_spreadsheet


def text_file(folder: Path, content: str, encoding: str = "utf-8", name: str = "lijst.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode(encoding))
    return path


def workbook(folder: Path, *rows: list[object], title: str = "Blad1") -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = title
    for row in rows:
        book.active.append(row)
    path = folder / "lijst.xlsx"
    book.save(path)
    return path


def cells(sheet: Sheet) -> list[list[str]]:
    return [list(sheet.frame.columns), *sheet.frame.fillna("").values.tolist()]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_delimiter_and_encoding_are_found(tmp_path: Path, delimiter: str, encoding: str) -> None:
    rows = [["naam", "straat", "nr"], ["Café Zoë", "Sint-Jansplein", "1"], ["Crème brûlée", "Façadestraat", "22"]]
    path = text_file(tmp_path, "\r\n".join(delimiter.join(row) for row in rows), encoding)
    assert cells(read_spreadsheet(path)) == rows


def test_decimal_commas_do_not_pass_for_delimiters(tmp_path: Path) -> None:
    sheet = read_spreadsheet(text_file(tmp_path, "a;x;y\nA;3,5;1,25\nB;4;2\nC;5,5;3,1\n"))
    assert cells(sheet)[1:] == [["A", "3,5", "1,25"], ["B", "4", "2"], ["C", "5,5", "3,1"]]


def test_header_below_a_title_and_empty_rows_keep_their_numbers(tmp_path: Path) -> None:
    sheet = read_spreadsheet(text_file(tmp_path, "Leegstand 2025;;\n;;\nnaam;straat;nr\nA;Markt;1\n;;\nB;Markt;2\n"))
    assert cells(sheet) == [["naam", "straat", "nr"], ["A", "Markt", "1"], ["B", "Markt", "2"]]
    assert sheet.frame.index.tolist() == [1, 3]


def test_quotes_lines_within_cells_and_excels_own_separator_line(tmp_path: Path) -> None:
    sheet = read_spreadsheet(text_file(tmp_path, 'sep=;\nnaam;opmerking\n"A; en Zn";"twee\nregels"\nB;""\n'))
    assert cells(sheet)[1:] == [["A; en Zn", "twee regels"], ["B", ""]]


def test_rows_with_too_many_cells_are_listed_and_short_ones_kept(tmp_path: Path) -> None:
    sheet = read_spreadsheet(text_file(tmp_path, "naam;straat\nA;Markt\nB;Markt;te;veel\nC\n"))
    assert sheet.frame.index.tolist() == [1, 3]
    assert sheet.skipped[["row", "value"]].values.tolist() == [[2, "B | Markt | te | veel"]]
    assert "4 cellen" in sheet.skipped.reason[0].to("nl")
    assert sheet.rows_read == 3


def test_doubled_and_missing_headers_get_a_name(tmp_path: Path) -> None:
    sheet = read_spreadsheet(text_file(tmp_path, "nr;;naam;bus\n1;x;A;2\n"))
    assert list(sheet.frame.columns) == ["nr", "kolom 2", "naam", "bus"]


def test_a_workbook_keeps_numbers_dates_and_answers_readable(tmp_path: Path) -> None:
    path = workbook(
        tmp_path, ["Handelspanden", None, None], [], ["naam", "WVO", "sinds", "keten", "x"],
        ["A", 120.0, datetime.date(2024, 3, 1), True, 5.827],
        ["B", 99.5, datetime.datetime(2024, 3, 1, 8, 30), None, "#N/B"],
    )  # fmt: skip
    sheet = read_spreadsheet(path)
    assert cells(sheet)[1:] == [["A", "120", "2024-03-01", "ja", "5.8270"], ["B", "99.5", "2024-03-01 08:30", "", ""]]


def test_the_first_sheet_with_a_table_is_read(tmp_path: Path) -> None:
    path = workbook(tmp_path, [], title="leeg")
    book = openpyxl.load_workbook(path)
    data = book.create_sheet("data")
    data.append(["naam", "nr"])
    data.append(["A", 1])
    book.save(path)
    assert cells(read_spreadsheet(path)) == [["naam", "nr"], ["A", "1"]]


def test_files_that_are_no_table(tmp_path: Path) -> None:
    whole = workbook(tmp_path, ["naam", "nr"], ["A", 1]).read_bytes()
    for content, message in [
        (b"", "is empty"),
        (b"\n\n ;;\n", "no table"),
        (b"naam;nr\n", "no table"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "not an Excel or CSV file"),
        (b"\xd0\xcf\x11\xe0rest", "old Excel"),
        (whole[: len(whole) // 2], "damaged"),
        (b"PK\x03\x04rubbish", "damaged"),
    ]:
        path = tmp_path / "lijst.bin"
        path.write_bytes(content)
        with pytest.raises(GeodataError, match=rf"lijst\.bin.*{message}") as error:
            read_spreadsheet(path)
        assert error.value.remedy is not None and error.value.text("nl") != error.value.text("en")


@pytest.mark.parametrize("name", ["lijst.pdf", "lijst.xlsx"])
def test_a_pdf_is_called_no_table_whatever_its_name(name: str) -> None:
    with pytest.raises(GeodataError) as told:
        read_spreadsheet(Upload(name, b"%PDF-1.7\n1 0 obj\n<< /Type; /Catalog >>\nendobj\n"))
    assert told.value.what.to("nl") == "dit is geen Excel- of CSV-bestand."


def test_a_quote_that_never_closes_costs_no_rows(tmp_path: Path) -> None:
    many = "".join(f'Zaak {i};"Markt; 1"\n' for i in range(100))
    sheet = read_spreadsheet(text_file(tmp_path, f'naam;straat\n"Kapot;Markt\n{many}'))
    assert len(sheet.frame) == 101 and sheet.skipped.empty


LIST = Layout(
    "test_list",
    {"name": ("naam", "handelsnaam", "nom"), "street": ("straat", "straatnaam", "rue"), "floor": ("wvo", "m2 wvo")},
    needs=(("name",), ("street", "floor")),
)


def test_headers_are_recognised_in_three_languages_and_misspelt() -> None:
    for headers in (["Naam", "STRAAT", "x"], ["nom", "Rue"], ["Handelsnaaam", "straatnaam"], ["name", "m² WVO"]):
        mapping = map_columns(headers, LIST, where="f")
        assert mapping.columns["name"] == headers[0]
        assert set(mapping.columns) >= {"name"} and len(mapping.columns) == 2


def test_a_header_serves_one_field() -> None:
    layout = Layout("t", {"street": ("adres",), "address": ("adres",)}, needs=())
    assert map_columns(["adres"], layout, where="f").columns == {"street": "adres"}


def test_what_is_missing_is_said_with_the_headers() -> None:
    with pytest.raises(GeodataError, match=r"lijst\.csv.*‘Street’ or ‘floor’.*naam, kleur"):
        map_columns(["naam", "kleur"], LIST, where="lijst.csv")
    with pytest.raises(GeodataError, match=r"no column weg for Street.*naam"):
        map_columns(["naam"], LIST, where="lijst.csv", given={"street": "weg"})


def test_a_given_mapping_is_remembered_for_the_same_headers(tmp_path: Path) -> None:
    headers = ["kolom A", "kolom B", "naam"]
    given = {"name": "kolom A", "street": "kolom B"}
    first = map_columns(headers, LIST, where="f", given=given, data_dir=tmp_path)
    again = map_columns(list(reversed(headers)), LIST, where="f", data_dir=tmp_path)
    assert first.columns == again.columns == given
    with pytest.raises(GeodataError):
        map_columns([*headers, "nieuw"], LIST, where="f", data_dir=tmp_path)  # another make of file


def test_a_field_can_be_said_to_be_absent(tmp_path: Path) -> None:
    headers = ["naam", "straat", "wvo"]
    assert "floor" not in map_columns(headers, LIST, where="f", given={"floor": ""}, data_dir=tmp_path).columns
    assert "floor" not in map_columns(headers, LIST, where="f", data_dir=tmp_path).columns


def test_a_broken_memory_only_means_asking_again(tmp_path: Path) -> None:
    (tmp_path / MEMORY).write_text("{half")
    assert ColumnMapping.load(tmp_path, "test_list", ["a"]) is None
    ColumnMapping("test_list", {"name": "a"}).save(tmp_path, ["a"])
    assert ColumnMapping.load(tmp_path, "test_list", ["A"]) == ColumnMapping("test_list", {"name": "a"})


def test_apply_gives_every_field(tmp_path: Path) -> None:
    frame = read_spreadsheet(text_file(tmp_path, "naam;straat\nA;Markt\n")).frame
    mapped = map_columns(frame.columns, LIST, where="f").apply(frame, LIST)
    assert mapped.columns.tolist() == ["name", "street", "floor"]
    assert mapped["name"].tolist() == ["A"] and mapped["floor"].isna().all()
