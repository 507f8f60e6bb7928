"""Addresses and coordinates: found by eye on an invented street, in every system, mended or refused."""

import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.errors import GeodataError
from geodata.sources.address_list import read_addresses
from geodata.sources.addresses import address_book, address_keys, look_up, split_address, street_key
from geodata.sources.coordinates import read_coordinates, split_point
from geodata.sources.matching import LOCATION_SYNONYMS, Located, locate_rows

AREA = shapely.box(3.95, 50.98, 4.05, 51.06)
CRS = 3812
ORIGIN = gpd.GeoSeries([shapely.Point(4.0, 51.02)], crs=4326).to_crs(CRS).iloc[0]


def book(*rows: tuple[str, str, str, float]) -> gpd.GeoDataFrame:
    """Addresses (street, number, postcode) at so many metres east of the origin."""
    streets, numbers, postcodes, east = zip(*rows, strict=True)
    return gpd.GeoDataFrame(
        {"street": streets, "house_number": numbers, "postcode": [p or None for p in postcodes], "place": None},
        geometry=[shapely.Point(ORIGIN.x + e, ORIGIN.y) for e in east],
        crs=CRS,
    )


def rows(**columns: list[str | None]) -> pd.DataFrame:
    n = len(next(iter(columns.values())))
    frame = pd.DataFrame({name: columns.get(name, [None] * n) for name in LOCATION_SYNONYMS}, dtype="str")
    return frame.set_axis(pd.RangeIndex(1, n + 1, name="row"))


def east(located: Located) -> list[float | None]:
    return [None if p is None else round(p.x - ORIGIN.x) for p in located.points]


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("Sint-Jansstraat", "St. Jansstr."), ("Stationsstraat", "STATIONSSTR"), ("Gentse Steenweg", "Gentse stwg."),
        ("Koning Albertlaan", "Kon. Albertln"), ("Burgemeester Declercqplein", "Burg. Declercqpl."),
        ("Café-Straat", "Cafe straat"), ("Avenue Louise", "Av. Louise"),
    ],
)  # fmt: skip
def test_streets_written_two_ways_are_one(written: str, same: str) -> None:
    assert street_key(written) == street_key(same) != ""


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("Markt 12", ["Markt", "12", None, None]),
        ("Markt 12 bus 3, 9290 Berlare", ["Markt", "12", "9290", "Berlare"]),
        ("Markt 12A, 9290 Sint-Gillis-Waas", ["Markt", "12A", "9290", "Sint-Gillis-Waas"]),
        ("Guldenspoorlaan 11-13", ["Guldenspoorlaan", "11-13", None, None]),
        ("11 Novemberlaan 5", ["11 Novemberlaan", "5", None, None]),
        ("Dorp", ["Dorp", None, None, None]),
    ],
)
def test_one_line_addresses(line: str, parts: list[str | None]) -> None:
    split = split_address(pd.Series([line])).iloc[0]
    assert [None if pd.isna(v) else v for v in split] == parts


STREET = book(
    ("Markt", "2", "9290", 0), ("Markt", "4", "9290", 10), ("Markt", "4A", "9290", 12), ("Markt", "20", "9290", 90),
    ("Markt", "3", "9290", 5), ("Kerkstraat", "1", "9290", 500), ("Kerkstraat", "1", "9291", 2500),
    ("Dorp", "1", "", 700),
)  # fmt: skip


@pytest.mark.parametrize(
    ("street", "number", "postcode", "expected", "score"),
    [
        ("Markt", "4", "9290", 10, 1.0),
        ("markt", "4 a", "9290", 12, 1.0),
        ("Markt", "4B bus 2", "9290", 11, 0.95),  # the middle of 4 and 4A
        ("Markt", "6", "9290", 11, 0.8),  # the neighbour on the same side
        ("Markt", "12", "9290", None, 0),  # nothing near
        ("Markt", "4", None, 10, 1.0),
        ("Kerkstraat", "1", "9291", 2500, 1.0),
        ("Kerkstraat", "1", None, None, 0),  # two villages have one
        ("Markt", "4", "1000", None, 0),
        ("Dorp", "1", "9290", 700, 1.0),  # the map has no postcode there
        ("Kerkstraaat", "1", "9290", 500, 0.95),
    ],
)
def test_looking_up(street: str, number: str, postcode: str | None, expected: float | None, score: float) -> None:
    located = locate_rows(
        rows(street=[street], house_number=[number], postcode=[postcode]), area=AREA, crs=CRS, books=[("osm", STREET)]
    )
    assert east(located) == [expected]
    if expected is None:
        assert located.reasons[1] is not None and pd.isna(located.score[1])
    else:
        assert located.score[1] == pytest.approx(score, abs=0.01) and located.method[1] == "osm"


def test_the_address_file_goes_before_the_map_but_not_with_a_spelling_mistake() -> None:
    file = book(("Markt", "4", "", 1000), ("Kerkstraatje", "1", "", 2000))
    located = locate_rows(
        rows(street=["Markt", "Kerkstraat"], house_number=["4", "1"], postcode=["9290", "9290"]),
        area=AREA, crs=CRS, books=[("address_list", file), ("osm", STREET)],
    )  # fmt: skip
    assert east(located) == [1000, 500]
    assert located.method.tolist() == ["address_list", "osm"]


def test_coordinates_go_before_addresses_and_the_geocoder_comes_last() -> None:
    asked: list[str] = []

    def geocode(line: str) -> tuple[float, float] | None:
        asked.append(line)
        return {"Verweg 1, 9290 Berlare": (4.01, 51.02), "Elders 1": (10.0, 50.0)}.get(line)

    located = locate_rows(
        rows(
            x=["4,01", None, None, None, None], y=["51,03", None, None, None, None],
            street=["Markt", "Markt", "Verweg", "Verweg", "Elders"], house_number=["2", "2", "1", "1", "1"],
            postcode=[None, None, "9290", "9290", None], place=[None, None, "Berlare", "Berlare", None],
        ),
        area=AREA, crs=CRS, books=[("osm", STREET)], geocode=geocode,
    )  # fmt: skip
    assert located.method.fillna("").tolist() == ["coordinates", "osm", "geocoder", "geocoder", ""]
    assert asked == ["Elders 1", "Verweg 1, 9290 Berlare"]  # each address once
    assert "nakijken" in " ".join(n.to("nl") for n in located.notes)


def test_without_a_geocoder_rows_have_a_reason() -> None:
    located = locate_rows(
        rows(street=["Nergensstraat", "Markt", None], house_number=["1", "99", "1"]), area=AREA, crs=CRS,
        books=[("osm", STREET)],
    )  # fmt: skip
    assert located.points.isna().all()
    assert [r.to("nl") for r in located.reasons] == [
        "het adres is niet gevonden in het adressenbestand of op de kaart.",
        "de straat is gekend, maar dit huisnummer of een nummer ernaast niet.",
        "er zijn geen coördinaten en geen straat.",
    ]


POINT = gpd.GeoSeries([shapely.Point(4.0, 51.02)], crs=4326)


@pytest.mark.parametrize("system", [4326, 31370, 3812, 32631])
@pytest.mark.parametrize("swapped", [False, True])
def test_every_system_is_recognised_either_way_round(system: int, swapped: bool) -> None:
    point = POINT.to_crs(system).iloc[0]
    x, y = (pd.Series([f"{v:.7f}".replace(".", ",")]) for v in (point.x, point.y))
    found = read_coordinates(*((y, x) if swapped else (x, y)), area=AREA, crs=32631)
    assert found.points.iloc[0].distance(POINT.to_crs(32631).iloc[0]) < 1.0
    assert ("verwisseld" in found.notes[0].to("nl")) == swapped


def test_single_swapped_rows_are_mended_and_rows_elsewhere_refused() -> None:
    x = pd.Series(["4.01", "4.00", "51.02", "2.35", "4.02", None, "4.0", "0"], index=range(1, 9))
    y = pd.Series(["51.02", "51.01", "4.01", "48.85", "fout", None, None, "0"], index=range(1, 9))
    found = read_coordinates(x, y, area=AREA, crs=CRS)
    assert found.points.notna().tolist() == [True, True, True, False, False, False, False, False]
    assert found.reasons.notna().tolist() == [False, False, False, True, True, False, True, True]
    assert "buiten het gebied" in found.reasons[4].to("nl") and "onvolledig" in found.reasons[5].to("nl")
    assert found.notes[1].to("nl").startswith("één rij had x en y verwisseld")


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(3.96, 4.04), st.floats(50.99, 51.05)), min_size=1, max_size=20))
def test_coordinates_survive_the_round_through_lambert_72(points: list[tuple[float, float]]) -> None:
    true = gpd.GeoSeries.from_xy(*zip(*points, strict=True), crs=4326)
    lambert = true.to_crs(31370)
    found = read_coordinates(lambert.x.map("{:.2f}".format), lambert.y.map("{:.2f}".format), area=AREA, crs=CRS)
    assert found.points.distance(true.to_crs(CRS)).max() < 0.1


@pytest.mark.parametrize("text", ["51.02, 4.01", "POINT (4.01 51.02)", "51,02; 4,01", "SRID=4326;POINT(4.01 51.02)"])
def test_both_coordinates_in_one_cell(text: str) -> None:
    x, y = split_point(pd.Series([text]))
    found = read_coordinates(x, y, area=AREA, crs=CRS)
    true = gpd.GeoSeries([shapely.Point(4.01, 51.02)], crs=4326).to_crs(CRS)
    assert found.points.iloc[0].distance(true.iloc[0]) < 0.01


def test_an_address_file(tmp_path: Path) -> None:
    path = tmp_path / "adressen.csv"
    path.write_text(
        "straatnaam;huisnummer;postcode;gemeente;lon;lat\n"
        "Markt;1;9290;Berlare;4,0;51,02\nMarkt;2;9290;Berlare;4,001;51,02\n"
        "Meir;1;2000;Antwerpen;4,4;51,2\nMarkt;;9290;Berlare;4,0;51,02\nMarkt;5;9290;Berlare;;\n",
        encoding="cp1252",
    )
    reading = read_addresses(path, area=AREA, crs=CRS)
    assert reading.table.house_number.tolist() == ["1", "2"]
    assert reading.skipped.row.tolist() == [4, 5]
    assert "één adres ligt buiten het gebied en is weggelaten." in [n.to("nl") for n in reading.notes]
    with pytest.raises(GeodataError, match=r"straat\.csv.*Longitude or X.*Coordinates in one column"):
        (tmp_path / "straat.csv").write_text("straat;huisnummer\nMarkt;1\n")
        read_addresses(tmp_path / "straat.csv", area=AREA, crs=CRS)


def test_a_region_in_a_zip_is_read_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the layout of the open address file of Flanders: two systems side by side, a row for each box."""
    header = "EPSG:31370_x,EPSG:31370_y,EPSG:4326_lat,EPSG:4326_lon,box_number,house_number,municipality_name_nl,"
    lambert = gpd.GeoSeries([shapely.Point(4.0, 51.02)], crs=4326).to_crs(31370).iloc[0]
    lines = [header + "postcode,streetname_nl"]
    for i in range(1, 3001):
        x = lambert.x + (i if i <= 500 else 60_000)
        lines += [f"{x:.2f},{lambert.y:.2f},51.02,4.0,{box},{i},Berlare,9290,Markt" for box in ("", "2")]
    content = "\n".join([*lines[:1001], "kapot,rij", *lines[1001:]])
    path = tmp_path / "adressen.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("openaddress.csv", content)
    monkeypatch.setattr("geodata.sources.address_list.LARGE_BYTES", 160_000)
    packed = read_addresses(path, area=AREA, crs=CRS)
    assert len(packed.table) == 500 and packed.rows_read == 6000
    assert packed.table.geometry.x.diff().dropna().between(0.9, 1.1).all()
    assert any("5.000 adressen" in note.to("nl") for note in packed.notes)
    flat = tmp_path / "adressen.csv"
    flat.write_text(content)
    assert read_addresses(flat, area=AREA, crs=CRS).table.equals(packed.table)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(GeodataError, match=r"adressen\.zip"):
        read_addresses(path, area=AREA, crs=CRS)


def test_a_long_list_with_spelling_mistakes() -> None:
    rng = np.random.default_rng(0)
    names = [f"{a}{b}straat" for a in ("Molen", "Kerk", "Berg", "Dorp") for b in map(chr, range(97, 123))]
    n = 5_000
    file = gpd.GeoDataFrame(
        {"street": rng.choice(names, n), "house_number": rng.integers(1, 60, n).astype(str), "postcode": "9290"},
        geometry=gpd.points_from_xy(ORIGIN.x + rng.uniform(0, 200, n), ORIGIN.y + rng.uniform(0, 200, n)),
        crs=CRS,
    )
    spelt = [name.replace("str", "sttr") if i % 9 == 0 else name for i, name in enumerate(rng.choice(names, n))]
    wanted = pd.DataFrame({"street": spelt, "house_number": rng.integers(1, 60, n).astype(str), "postcode": "9290"})
    hits = look_up(address_keys(wanted), address_book(file))
    more = look_up(address_keys(wanted.drop(hits.index)), address_book(file), misspelt=True)
    assert (hits.score > 0.79).all() and set(hits.index).isdisjoint(wanted.index[::9])
    assert len(more) > 500 and more.score.max() < 0.98 and set(more.index) <= set(wanted.index[::9])
