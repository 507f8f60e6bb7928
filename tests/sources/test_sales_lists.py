"""What a till writes: good rows kept, nothing counted twice, nothing converted, and whatever is unsure said."""

import datetime
import io

import openpyxl
import pandas as pd
import pytest

from geodata.errors import GeodataError
from geodata.sources import spreadsheet
from geodata.sources.customer_postcodes import postcode_key, read_customer_postcodes
from geodata.sources.sales import ONE_SHOP, SalesReading, read_entries, read_sales
from geodata.sources.spreadsheet import Upload, read_spreadsheet

TODAY = datetime.date(2025, 1, 1)
HEAD = "winkel;datum;omzet;tickets\n"


def read(text: str) -> SalesReading:
    return read_sales(Upload("verkoop.csv", text.encode()), today=TODAY)


def reasons(found: SalesReading) -> dict[int, str]:
    return {row["row"]: str(row["reason"]) for row in found.skipped.to_dict("records")}


def said(found: SalesReading) -> str:
    return " ".join(map(str, found.notes))


@pytest.mark.parametrize(
    "head",
    [
        "Winkelnummer;Datum;Omzet;Aantal tickets",
        "filiaal;dag;dagomzet;kassabonnen",
        "store;date;net sales;transactions",
        "magasin;jour;chiffre d'affaires;nombre de tickets",
        "shop;date;turnover_eur;tickets",
    ],
)
def test_headers_in_three_languages(head: str) -> None:
    (row,) = read(f"{head}\nA;01/03/2024;1.250,50;180\n").table.to_dict("records")
    assert (row["shop"], row["turnover_eur"], row["tickets"]) == ("A", 1250.5, 180)
    assert row["date"] == pd.Timestamp("2024-03-01") and not row["monthly"] and pd.isna(row["entries"])


def test_one_day_in_every_form_is_one_day() -> None:
    for text in ("2024-03-14", "14/03/2024", "14-3-24", "14.03.2024", "14 maart 2024", "45365", "2024-03-14 08:30"):
        assert read(f"{HEAD}A;{text};10;1\n").table["date"].tolist() == [pd.Timestamp("2024-03-14")], text
    for text in ("3/2024", "2024-03", "maart 2024", "mars 2024"):
        (row,) = read(f"{HEAD}A;{text};10;1\n").table.to_dict("records")
        assert row["date"] == pd.Timestamp("2024-03-01") and row["monthly"], text


def test_forms_of_dates_may_stand_together_and_that_is_said() -> None:
    found = read(HEAD + "A;2024-03-13;10;1\nA;14/03/2024;10;1\nA;45366;10;1\nB;maart 2024;300;30\n")
    assert found.table["date"].dt.day.tolist() == [13, 14, 15, 1]
    assert "several forms, all read: 2024-03-01, 1/3/2024, 3/2024, 45352" in said(found)


def test_day_or_month_first_is_said_where_it_is_not_certain() -> None:
    unsure = read(HEAD + "A;01/03/2024;10;1\nA;02/03/2024;11;1\nA;03/03/2024;12;1\n")
    assert unsure.table["date"].dt.month.tolist() == [3, 3, 3]
    assert "2 dates, such as 1/3/2024, may be meant day or month first" in said(unsure)
    assert not read(HEAD + "A;01/03/2024;10;1\nA;13/03/2024;11;1\n").notes
    american = read(HEAD + "A;03/01/2024;10;1\nA;03/13/2024;11;1\n")
    assert american.table["date"].dt.strftime("%Y-%m-%d").tolist() == ["2024-03-01", "2024-03-13"]
    assert "month first" in said(american)


def test_dates_written_both_ways_count_where_they_can_be_meant_in_one_way_alone() -> None:
    days = ["25/3/2024", "3/26/2024", "3/4/2024", "2024-03-05", "6 maart 2024", "7/7/2024"]
    found = read(HEAD + "".join(f"A;{day};10;{i}\n" for i, day in enumerate(days)))
    assert found.table["date"].dt.strftime("%m-%d").tolist() == ["03-05", "03-06", "03-25", "03-26", "07-07"]
    assert reasons(found) == {3: "day and month may be swapped, and the list writes its dates both ways."}
    (warning,) = found.warnings
    assert "3/4/2024" in str(warning) and found.notes[0] == warning


def test_a_slip_of_the_pen_does_not_make_a_list_written_both_ways() -> None:
    days = pd.date_range("2023-01-01", "2024-03-31").strftime("%d/%m/%Y")
    found = read(HEAD + "".join(f"A;{day};10;1\n" for day in days) + "A;04/14/2024;11;1\n")
    assert len(found.table) == len(days) and not found.warnings
    assert reasons(found) == {len(days) + 1: "the date cannot be read."} and "one list" in said(found)


def test_shops_of_which_no_row_can_be_used_are_named() -> None:
    found = read(
        HEAD + "A;13/03/2024;10;1\nB;13/03/2024;£ 10;1\nB;14/03/2024;£ 10;1\nC;13/03/2024;£ 9;1\nD;gisteren;9;1\n"
    )
    assert set(found.table["shop"]) == {"A"}
    told = [str(warning) for warning in found.warnings]
    assert "Of 2 shops" in told[0] and "shown: B, C." in told[0] and "GBP" in told[0]
    assert "one shop" in told[1] and "shown: D." in told[1] and len(told) == 2


@pytest.mark.parametrize("days", [("01/01/2024", "01/02/2024"), ("31/01/2024", "29/02/2024")])
def test_one_row_a_month_is_a_list_of_months(days: tuple[str, str]) -> None:
    table = read(HEAD + "".join(f"A;{day};10;1\nB;{day};20;1\n" for day in days)).table
    assert table["monthly"].all() and table["date"].dt.strftime("%Y-%m-%d").tolist()[:2] == ["2024-01-01", "2024-02-01"]


def test_what_has_no_day_or_no_figure_is_left_out_with_the_reason() -> None:
    found = read(
        HEAD + "A;32/13/2024;10;1\nA;2024;10;1\nA;02/01/2025;10;1\n;01/03/2024;1;1\nA;13/03/2024;-;\nA;14/3/2024;5;1\n"
    )
    assert found.table["turnover_eur"].tolist() == [5]
    assert reasons(found) == {
        1: "the date cannot be read.", 2: "the date cannot be read.", 3: "this day has yet to come.",
        4: "the row does not say which shop it is of.", 5: "there is no amount and no count in this row.",
    }  # fmt: skip


def test_a_row_is_kept_without_the_cell_that_cannot_be_read() -> None:
    found = read(HEAD + "A;13/03/2024;100;veel\nA;14/03/2024;zot;12\nA;15/03/2024;80;-3\n")
    assert found.table[["turnover_eur", "tickets"]].fillna(-1).to_numpy().tolist() == [[100, -1], [-1, 12], [80, -1]]
    assert found.doubts["row"].tolist() == [1, 2, 3] and not len(found.skipped)


def test_goods_brought_back_are_counted_and_said_and_a_zero_is_a_zero() -> None:
    found = read(HEAD + "A;13/03/2024;-20,50;1\nA;14/03/2024;0;0\n")
    assert found.table["turnover_eur"].tolist() == [-20.5, 0]
    assert "One day has a turnover below 0" in said(found)


@pytest.mark.parametrize(
    "rows",
    [
        "winkel;datum;omzet;munt\nA;13/03/2024;100;EUR\nA;14/03/2024;90;GBP\nA;15/03/2024;80;\n",
        "winkel;datum;omzet\nA;13/03/2024;€ 100\nA;14/03/2024;£ 90\nA;15/03/2024;80 eur\n",
        "winkel;datum;omzet\nA;13/03/2024;100\nA;14/03/2024;90 GBP\nA;15/03/2024;80\n",
    ],
)
def test_two_currencies_are_never_added_up(rows: str) -> None:
    found = read(rows)
    assert found.table["turnover_eur"].tolist() == [100, 80]
    assert reasons(found) == {2: "the amount is in GBP; only euros are counted, and nothing is converted."}


def test_a_list_in_one_other_currency_is_refused() -> None:
    with pytest.raises(GeodataError, match=r"none of the 2 rows can be used.*in CHF"):
        read("winkel;datum;omzet;munt\nA;13/03/2024;100;CHF\nA;14/03/2024;90;CHF\n")


@pytest.mark.parametrize(
    ("header", "currency"), [("omzet £", "GBP"), ("Omzet ($)", "USD"), ("Chiffre d'affaires CHF", "CHF")]
)
def test_the_currency_of_the_header_is_that_of_its_column(header: str, currency: str) -> None:
    with pytest.raises(GeodataError, match=f"in {currency}"):
        read(f"winkel;datum;{header}\nA;13/03/2024;100\n")


def test_a_header_in_euros_is_no_other_currency_and_a_cell_goes_before_it() -> None:
    for header in ("omzet €", "omzet EUR", "Chiffre d'affaires (fr)", "CA TTC"):
        assert read(f"winkel;datum;{header}\nA;13/03/2024;100\n").table["turnover_eur"].tolist() == [100], header
    found = read("winkel;datum;omzet £\nA;13/03/2024;€ 100\nA;14/03/2024;90\n")
    assert found.table["turnover_eur"].tolist() == [100] and list(reasons(found)) == [2]


def test_the_same_row_twice_counts_once_and_rows_that_contradict_do_not_count() -> None:
    found = read(
        HEAD + "A;13/03/2024;100;9\nA;2024-03-13;100;9\nA;14/03/2024;90;8\nA;14/03/2024;70;8\nB;14/03/2024;5;1\n"
    )
    assert found.table[["shop", "turnover_eur"]].to_numpy().tolist() == [["A", 100], ["B", 5]]
    assert set(reasons(found)) == {2, 3, 4}
    assert "counts once" in reasons(found)[2] and "none is used" in reasons(found)[3]


def test_a_month_and_its_days_are_not_added_up() -> None:
    found = read(HEAD + "A;3/2024;3000;300\nA;14/03/2024;90;8\nA;14/04/2024;80;8\n")
    assert found.table["turnover_eur"].tolist() == [3000, 80] and list(reasons(found)) == [2]


def test_a_month_in_a_list_of_days_does_not_drop_its_days() -> None:
    days = "".join(f"A;{day:%d/%m/%Y};100;9\n" for day in pd.date_range("2024-01-01", "2024-04-30"))
    found = read(HEAD + days + "A;3/2024;9999;300\n")
    assert found.table["turnover_eur"].tolist() == [100] * 121
    assert reasons(found) == {122: "the list has days of this month too; the days are used."}


def test_a_month_counts_when_it_is_over() -> None:
    months = "datum;omzet\n5/2024;3100\n6/2024;3000\n7/2024;90\n"
    early = read_sales(Upload("v.csv", months.encode()), today=datetime.date(2024, 7, 1))
    assert early.table["turnover_eur"].tolist() == [3100, 3000]
    assert reasons(early) == {3: "this month is not over; a part of a month does not count as a month."}
    assert len(read_sales(Upload("v.csv", months.encode()), today=datetime.date(2024, 8, 1)).table) == 3


def test_each_shop_is_by_day_or_by_month_for_itself() -> None:
    days = "".join(f"A;{day:%d/%m/%Y};100;9\n" for day in pd.date_range("2024-01-01", "2024-02-29"))
    months = "".join(f"B;01/{month:02}/2024;3000;300\n" for month in range(1, 13))
    table = read(HEAD + days + months).table
    assert table.groupby("shop")["monthly"].agg(["all", "any"]).to_numpy().tolist() == [[False] * 2, [True] * 2]
    opened = read(HEAD + months + "C;01/12/2024;2500;200\n").table  # one month only, listed as the others are
    assert opened["monthly"].all()
    assert not read(HEAD + days + "C;01/12/2024;80;8\n").table["monthly"].any()


def test_a_list_of_one_shop_needs_no_column_for_it() -> None:
    found = read("datum;omzet\n13/03/2024;100\n14/03/2024;90\n")
    assert found.table["shop"].tolist() == [ONE_SHOP, ONE_SHOP] and "as of one shop" in said(found)


def test_a_workbook_reads_as_its_text_does() -> None:
    book = openpyxl.Workbook()
    for row in (["Winkel", "Datum", "Omzet"], ["A", datetime.date(2024, 3, 13), 1234.567], ["A", 45365, 80]):
        book.active.append(row)
    held = io.BytesIO()
    book.save(held)
    table = read_sales(Upload("verkoop.xlsx", held.getvalue()), today=TODAY).table
    assert table["date"].dt.day.tolist() == [13, 14] and table["turnover_eur"].tolist() == [1234.567, 80]


def test_store_entries() -> None:
    found = read_entries(Upload("deur.csv", b"winkel;datum;bezoekers\nA;13/03/2024;312\nA;14/03/2024;0\n"), today=TODAY)
    assert found.table["entries"].tolist() == [312, 0] and found.table["turnover_eur"].isna().all()


def test_a_file_without_dates_or_amounts_says_which_columns_it_has() -> None:
    with pytest.raises(GeodataError, match=r"no column is recognised as ‘Date’.*winkel, omzet.*‘datum’"):
        read("winkel;omzet\nA;100\n")
    with pytest.raises(GeodataError, match=r"as ‘Turnover \(€\)’ or ‘Tickets’"):
        read("winkel;datum\nA;13/03/2024\n")


TEXTS = (
    "a;b\n1;2\n1;2;3\n4;5\n", "a;b\n1;2;3\n1;2\n", "a;b\n1;2;\n4;5;\n", "a;b\n1\n4;5\n", "titel\n\na;b\n1;2\n\n4;5\n",
    "a;b\r\n x  y;2 \r\n\tz;5\r\n", 'a;b\n"x;y";2\n', "sep=,\na,b\nx,2\n", "a;a\nNA;n/a\nnull;1e5\n",
)  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_a_long_list_reads_as_a_short_one(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    short = read_spreadsheet(Upload("x.csv", text.encode()))
    monkeypatch.setattr(spreadsheet, "LARGE", 0)
    long = read_spreadsheet(Upload("x.csv", text.encode()))
    pd.testing.assert_frame_equal(short.frame, long.frame)
    assert short.skipped.to_dict("records") == long.skipped.to_dict("records")


@pytest.mark.slow
def test_a_million_rows_are_read_whole() -> None:
    days = pd.date_range("2021-01-01", periods=1000).strftime("%d/%m/%Y").tolist()
    text = HEAD + "".join(f"W{s};{day};{1000 + s},{s % 100:02};{s}\n" for s in range(1000) for day in days)
    table = read(text).table
    assert len(table) == 1_000_000 and not table.duplicated(["shop", "date"]).any()
    assert table["turnover_eur"].sum() == pytest.approx(1000 * sum(1000 + s + s % 100 / 100 for s in range(1000)))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("8400", "8400"), ("B-8400", "8400"), ("8400 Oostende", "8400"), ("4590 AB", "NL 4590"), ("59000", "59000"),
        ("NP20 4TB", "NP20"), ("0123", ""), ("Oostende", ""), ("840", ""), ("84000000", ""),
    ],
)  # fmt: skip
def test_postcodes_as_they_are_typed(text: str, key: str) -> None:
    assert postcode_key(text) == key


def test_customers_one_a_row_or_counted() -> None:
    one = read_customer_postcodes(
        Upload("k.csv", b"winkel;naam klant;postcode\nA;Jan;8400\nA;An;8400\nA;Piet;9999999\n")
    )
    assert one.table.to_dict("records") == [{"shop": "A", "postcode": "8400", "customers": 2}]
    assert one.skipped["row"].tolist() == [3] and set(one.skipped["value"]) == {""}  # what it says is not repeated
    counted = read_customer_postcodes(Upload("k.csv", b"postcode;aantal\n8400;12\n8400;3\n8450;-1\n8460;veel\n"))
    assert counted.table["customers"].tolist() == [15] and counted.skipped["row"].tolist() == [3, 4]
    with pytest.raises(GeodataError, match="there is no such postcode") as refused:
        read_customer_postcodes(Upload("k.csv", b"postcode\nJansen\n"))
    assert "Jansen" not in str(refused.value)
