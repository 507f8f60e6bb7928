"""Counts in the shapes that counters deliver them, and markets."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from geodata.errors import GeodataError
from geodata.sources.counts import read_counts
from geodata.sources.markets import opening_days, read_markets
from geodata.sources.values import hours
from geodata.tables import Reading

AREA = shapely.box(3.95, 50.98, 4.05, 51.06)


def csv(folder: Path, text: str) -> Path:
    path = folder / "tellingen.csv"
    path.write_text(text)
    return path


def read(path: Path) -> Reading:
    return read_counts(path, area=AREA, crs=3812)


def seen(reading: Reading) -> list[list[object]]:
    return reading.table[["counter", "date", "hour_from", "hour_to", "pedestrians"]].values.tolist()


MAY = pd.Timestamp("2024-05-04")


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("08:00-12:30", (8, 12.5)), ("8u30 - 12u", (8.5, 12)), ("van 8 tot 12 uur", (8, 12)), ("7_9", (7, 9)),
        ("8-9", (8, 9)), ("08h00–09h00", (8, 9)), ("22-2", (22, 26)), ("0-24", (0, 24)),
    ],
)  # fmt: skip
def test_periods(text: str, period: tuple[float, float]) -> None:
    assert tuple(hours(pd.Series([text])).iloc[0]) == period


def test_one_time_has_no_end_and_words_no_time() -> None:
    found = hours(pd.Series(["08:00", "8u", "altijd", None, "1-2-3"]))
    assert found.hour_from.tolist()[:2] == [8, 8] and found.hour_to.isna().all() and found.hour_from[2:].isna().all()


def test_a_row_a_period(tmp_path: Path) -> None:
    text = (
        "teller;datum;uur;voetgangers;lon;lat;dagtype\n"
        "Markt;4/5/2024;10-11;1.250;4,0;51,02;marktdag\nMarkt;4/5/2024;11:00;980;4,0;51,02;\n"
    )
    reading = read(csv(tmp_path, text))
    assert seen(reading) == [["Markt", MAY, 10, 11, 1250], ["Markt", MAY, 11, 12, 980]]
    assert reading.table.day_kind.tolist() == ["market", "ordinary"]


def test_time_in_the_date_and_two_directions(tmp_path: Path) -> None:
    text = "sensor,timestamp,in,out,lat,lon\nA,2024-05-04 10:00,10,5,51.02,4.0\nA,2024-05-04 11:00,7,,51.02,4.0\n"
    assert seen(read(csv(tmp_path, text))) == [["A", MAY, 10, 11, 15], ["A", MAY, 11, 12, 7]]


@pytest.mark.parametrize(
    "headers", ["08:00;09:00;10:00", "8-9;9-10;10-11", "8u;9u;10u", "u08;u09;u10", "08h00;09h00;10h00"]
)
def test_a_column_an_hour(tmp_path: Path, headers: str) -> None:
    text = f"telpunt;datum;lon;lat;{headers}\nMarkt;2024-05-04;4,0;51,02;5;;7\n"
    assert seen(read(csv(tmp_path, text))) == [["Markt", MAY, 8, 9, 5], ["Markt", MAY, 10, 11, 7]]


def test_a_mean_day_has_no_date(tmp_path: Path) -> None:
    text = "station_id,station_name,description,lat,lon,ref_daily\n802,Klybeckstr. 113,,51.02,4.0,3269.4285714\n"
    reading = read(csv(tmp_path, text))
    assert reading.table.counter.tolist() == ["Klybeckstr. 113"]
    assert reading.table.pedestrians[0] == pytest.approx(3269.4285714)
    assert reading.table.hour_to[0] - reading.table.hour_from[0] == 24 and reading.table["date"].isna().all()
    assert "gemiddelde dag" in reading.notes[-1].to("nl")


def test_broken_rows_are_listed(tmp_path: Path) -> None:
    text = (
        "teller;datum;uur;voetgangers;lon;lat\nA;4/5/2024;10-11;veel;4,0;51,02\nA;ooit;10-11;5;4,0;51,02\n"
        "A;4/5/2024;10-11;-5;4,0;51,02\nA;4/5/2024;10-11;5;9,0;51,02\nA;4/5/2024;10-11;;4,0;51,02\n"
        "A;4/5/2024;10-11;8;4,0;51,02\n"
    )
    reading = read(csv(tmp_path, text))
    assert reading.table.pedestrians.tolist() == [8]
    assert reading.skipped[["row", "field", "value"]].values.tolist() == [
        [1, "pedestrians", "veel"], [2, "date", "ooit"], [3, "pedestrians", "-5"],
        [4, "x, y, street, house_number", "9,0 51,02"],
    ]  # fmt: skip


def test_counters_without_a_place_and_files_without_counts(tmp_path: Path) -> None:
    with pytest.raises(GeodataError, match=r"tellingen\.csv.*no place.*lon and lat"):
        read(csv(tmp_path, "teller;datum;aantal\nA;2024-05-04;5\n"))
    with pytest.raises(GeodataError, match=r"no column with counts.*teller, lon, lat"):
        read(csv(tmp_path, "teller;lon;lat\nA;4,0;51,02\n"))


def test_real_reference_days(shared_data: Path) -> None:
    """Three of the fifteen stations of Zürich have no count: not known, and no row."""
    for town, n, box in [("basel", 18, (7.4, 47.4, 7.8, 47.7)), ("zurich", 12, (8.3, 47.2, 8.8, 47.6))]:
        path = shared_data / "counts" / town / "stations_reference_daily.csv"
        reading = read_counts(path, area=shapely.box(*box), crs=32632)
        assert len(reading.table) == n and reading.skipped.empty
        assert reading.table.pedestrians.between(100, 40_000).all()


def test_real_counts_without_coordinates(shared_data: Path) -> None:
    with pytest.raises(GeodataError, match=r"comptages\.csv.*no place"):
        read_counts(shared_data / "counts" / "lausanne" / "comptages.csv", area=AREA, crs=32632)


def test_markets(tmp_path: Path) -> None:
    text = (
        "naam;dag;uren;kramen;lon;lat\nWeekmarkt;Dinsdag;8u - 12u30;45;4,0;51,02\n"
        "Zondagsmarkt;zondag;;;4,01;51,02\nBoeren;za en wo;09:00-13:00;x;4,02;51,02\nVer;ma;8-12;5;9,0;51\n"
    )
    reading = read_markets(csv(tmp_path, text), area=AREA, crs=3812)
    assert reading.table.days.tolist() == ["Tu 08:00-12:30", "Su", "We,Sa 09:00-13:00"]
    assert reading.table.stalls[0] == 45 and np.isnan(reading.table.stalls[2])
    assert reading.skipped.row.tolist() == [4]


def test_market_hours_in_two_columns_or_with_the_day() -> None:
    rows = pd.DataFrame(
        {"days": ["vrijdag", "Tu 08:00-12:30", "op afspraak"], "hours": [None] * 3, "hour_from": ["7:30", None, None],
         "hour_to": ["13u", None, None]}, dtype="str",
    )  # fmt: skip
    assert opening_days(rows).fillna("").tolist() == ["Fr 07:30-13:00", "Tu 08:00-12:30", ""]


def test_days_hours_and_stalls_of_markets_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    text = (
        "naam;dag;uren;kramen;lon;lat\nA;dinsdag;8-12;40;4,0;51,02\n"
        "B;soms;ochtend;veel;4,0;51,02\nC;zaterdag;;;4,0;51,02\nD;soms;;;;\n"
    )
    reading = read_markets(csv(tmp_path, text), area=AREA, crs=3812)
    assert reading.table.name.tolist() == ["A", "B", "C"] and reading.skipped.row.tolist() == [4]
    found = reading.doubts[["row", "field", "value"]].values.tolist()
    assert found == [[2, "days", "soms"], [2, "hours", "ochtend"], [2, "stalls", "veel"]]
