"""A retailer's own list: amounts as people write them, shops named by their premises, and nothing placed by guess."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from geodata.branches import read_branches
from geodata.errors import GeodataError
from geodata.sources.own_shops import Ground, read_own_shops
from geodata.sources.spreadsheet import Upload
from geodata.tables import Reading

AREA = shapely.box(3.95, 50.98, 4.05, 51.06)
CRS = 3812
HEAD = "id;naam;branche;wvo;omzet per jaar;huur per jaar;lon;lat\n"


def ground(name: str = "Hier", area: shapely.Polygon = AREA, **parts: Any) -> Ground:
    return Ground(name, CRS, lambda: area, **{part: lambda value=value: value for part, value in parts.items()})


def read(text: str, *grounds: Ground) -> Reading:
    return read_own_shops(Upload("winkels.csv", text.encode()), grounds or [ground()], branches=read_branches())


def at(*points: tuple[float, float]) -> gpd.GeoSeries:
    return gpd.GeoSeries.from_xy(*zip(*points, strict=True), crs=4326).to_crs(CRS)


def test_amounts_are_read_as_they_are_written_in_flanders() -> None:
    found = read(
        HEAD + "A;Markt;bakkerij;85,5;1.250.000,00;€ 24 000;4,0;51,0\n"
        "B;Station;bakery;120;€ 640.500;18.000,50;4,01;51,0\n"
        "C;Nieuw;Brood & banket;;;;4,02;51,0\n"
    )
    table = found.table
    assert table["turnover_eur_per_year"].fillna(-1).tolist() == [1_250_000, 640_500, -1]
    assert table["rent_eur_per_year"].fillna(-1).tolist() == [24_000, 18_000.5, -1]
    assert table["floor_area_m2"].fillna(-1).tolist() == [85.5, 120, -1]
    assert table["branch"].tolist() == ["bakery"] * 3
    assert found.skipped.empty and found.doubts.empty


@pytest.mark.parametrize(
    "head",
    [
        "winkelnummer;winkel;activiteit;verkoopoppervlakte;jaaromzet;jaarhuur;lengtegraad;breedtegraad",
        "shop id;store;branch;sales area;annual turnover;annual rent;longitude;latitude",
        "numéro magasin;enseigne;activité;surface de vente;chiffre d'affaires;loyer annuel;longitude;latitude",
        "id;naam;branche;WVO (m²);Omzet 2024;Huur;x;y",
        "shop_id;name;branch;floor_area_m2;turnover_eur_per_year;rent_eur_per_year;lng;lat",
    ],
)
def test_headers_in_three_languages(head: str) -> None:
    (row,) = read(f"{head}\nA;Markt;bakkerij;85;400.000;24.000;4,0;51,0\n").table.to_dict("records")
    assert (row["id"], row["name"], row["branch"], row["floor_area_m2"]) == ("A", "Markt", "bakery", 85)
    assert (row["turnover_eur_per_year"], row["rent_eur_per_year"]) == (400_000, 24_000)


def test_of_several_years_the_latest_counts() -> None:
    found = read("naam;omzet 2023;omzet 2024;lon;lat\nA;300.000;350.000;4,0;51,0\n")
    assert found.table["turnover_eur_per_year"].tolist() == [350_000]


def test_a_monthly_amount_is_not_taken_for_a_year() -> None:
    found = read("naam;maandomzet;huur per maand;lon;lat\nA;30.000;2.000;4,0;51,0\n")
    assert found.table[["turnover_eur_per_year", "rent_eur_per_year"]].isna().all(axis=None)


def test_a_bad_value_leaves_its_shop_in_the_list() -> None:
    found = read(
        HEAD + "A;Markt;maangesteente;-5;veel;?;4,0;51,0\n"
        "B;Station;bakkerij;0;0;-100;4,01;51,0\n"
        "C;Ver;maangesteente;80;10;10;12,0;51,0\n"
    )
    assert found.table["id"].tolist() == ["A", "B"] and found.skipped["row"].tolist() == [3]
    assert found.table[["floor_area_m2", "turnover_eur_per_year", "rent_eur_per_year"]].isna().all(axis=None)
    assert found.doubts[["row", "field", "value"]].values.tolist() == [
        [1, "branch", "maangesteente"], [1, "floor_area", "-5"], [1, "turnover", "veel"], [2, "rent", "-100"],
    ]  # fmt: skip
    assert "niet in de branchetabel" in found.doubts["reason"][0].to("nl")


def test_a_shop_that_stands_in_the_list_already_counts_once() -> None:
    """Row 4 has the number of row 1, row 5 its name and point; rows 6 and 7 share a name, in two places."""
    book = gpd.GeoDataFrame(
        {"street": ["Markt"] * 2, "house_number": ["1", "2"], "postcode": [None] * 2},
        geometry=at((4.0, 51.0), (4.02, 51.0)),
    )
    text = (
        "winkelnummer;naam;straat;huisnummer;gemeente;omzet per jaar;lon;lat\n"
        "B1;Sturm;;;;400.000;4,0;51,0\nB2;Lanens;Markt;2;Hier;500.000;;\nB3;Ver;;;;9;12,0;51,0\n"
        "b1;Anders;;;;400.000;4,03;51,0\nB9;sturm;;;;400.000;4,0;51,0\n"
        "B6;Dewulf;;;Hier;1;4,01;51,0\nB7;Dewulf;;;Hier;1;4,04;51,0\nB8;Lanens;Markt;2;Hier;1;4,02;51,01\n"
        "B3;Dichtbij;;;;7;4,05;51,0\n;Dewulf;;;Hier;1;4,04;51,0\n"
    )
    found = read(text, ground(books=[("osm", book)]))
    assert found.table["id"].tolist() == ["B1", "B2", "B6", "B7", "B3"]
    told = {row["row"]: row["reason"].to("en") for row in found.skipped.to_dict("records")}
    again = "this shop stands in the list already, on row {}."
    assert told.pop(3) == "the coordinates lie outside the area."
    assert told == {row: again.format(first) for row, first in {4: 1, 5: 1, 8: 2, 10: 7}.items()}
    assert "staat al in de lijst, op rij 1" in found.skipped.set_index("row")["reason"][4].to("nl")


def test_shops_of_the_same_name_are_told_apart_by_their_street() -> None:
    head = "id;naam;straat;huisnummer;lon;lat\n"
    found = read(
        head + "A;Bakkerij Wit;Kaai;3;4,0;51\nB;bakkerij wit;Markt;7;4,01;51\nC;Zwart;Markt;9;4,02;51\n"
        "D;Zwart;;;4,03;51\n"
    )
    assert list(found.table["name"]) == ["Bakkerij Wit, Kaai 3", "bakkerij wit, Markt 7", "Zwart, Markt 9", "Zwart"]


def test_a_shop_may_be_named_by_its_premises() -> None:
    units = gpd.GeoDataFrame({"id": ["node/123", "way/456"]}, geometry=at((4.0, 51.0), (4.01, 51.01)))
    text = "id;naam;osm id;lon;lat\nway/456;A;;;\nB;B;node/123;4,04;51,04\nC;C;node/9;4,02;51,0\nD;D;node/9;;\n"
    found = read(text, ground(premises=units))
    assert found.table["id"].tolist() == ["way/456", "B", "C"]
    assert found.table["premises_id"].fillna("").tolist() == ["way/456", "node/123", ""]
    assert found.table.geometry.to_crs(CRS).distance(at((4.01, 51.01), (4.0, 51.0), (4.02, 51.0))).max() < 0.01
    assert found.doubts[["row", "field", "value"]].values.tolist() == [[3, "premises", "node/9"]]
    assert found.skipped[["row", "value"]].values.tolist() == [[4, "D node/9"]]


def test_a_shop_with_coordinates_elsewhere_is_not_put_in_a_street_of_the_same_name() -> None:
    book = gpd.GeoDataFrame(
        {"street": ["Kerkstraat"], "house_number": ["5"], "postcode": [None]}, geometry=at((4.0, 51.0))
    )
    text = "naam;straat;huisnummer;lon;lat\nHier;Kerkstraat;5;;\nGinder;Kerkstraat;5;5,5;50,9\nNul;Kerkstraat;5;0;0\n"
    found = read(text, ground(books=[("osm", book)]))
    assert found.table["name"].tolist() == ["Hier", "Nul"]
    assert [(r["row"], r["reason"].to("en")) for r in found.skipped.to_dict("records")] == [
        (2, "the coordinates lie outside the area.")
    ]


def test_shops_of_a_chain_are_found_in_the_town_that_their_address_names() -> None:
    """Both towns have a Kerkstraat 5; the third shop's town is not built, and the fourth stands between no others."""
    street = {"street": ["Kerkstraat"], "house_number": ["5"], "postcode": [None]}
    west, east = (gpd.GeoDataFrame(street, geometry=at((x, 51.0))) for x in (4.0, 4.5))
    grounds = [
        ground("West", shapely.box(3.9, 50.9, 4.1, 51.1), books=[("osm", west)]),
        ground("Oost-Dorp", shapely.box(4.4, 50.9, 4.6, 51.1), books=[("osm", east)]),
    ]
    text = "naam;straat;nr;gemeente;lon;lat\nA;Kerkstraat;5;OOST-DORP;;\nB;;;;4,55;51,0\nC;;;;5,5;51,0\nD;;;;;\n"
    found = read(text, *grounds)
    assert found.table["name"].tolist() == ["A", "B"]
    assert found.table.geometry.x.tolist() == pytest.approx([4.5, 4.55])
    assert [(r["row"], r["reason"].to("en")) for r in found.skipped.to_dict("records")] == [
        (3, "the shop lies in or near none of the areas that are built."),
        (4, "there are no coordinates and no street."),
    ]
    none = read("naam;straat;nr;gemeente\nA;Kerkstraat;5;Oost-Dorp\n", grounds[0], ground("Oost-Dorp"))
    assert none.table.empty and none.skipped["row"].tolist() == [1]


def test_a_list_without_any_place_or_any_row_is_refused() -> None:
    with pytest.raises(GeodataError, match=r"as ‘Longitude or X’, .*, ‘Premises’ or ‘Number or code’"):
        read("naam;kleur\nA;rood\n")
    with pytest.raises(GeodataError, match="the file is empty"):
        read("")


def test_a_file_on_disk_and_an_upload_read_the_same(tmp_path: Path) -> None:
    text = HEAD + "A;Markt;bakkerij;85;400.000;24.000;4,0;51,0\n"
    path = tmp_path / "winkels.csv"
    path.write_text(text, "utf-8")
    on_disk = read_own_shops(path, [ground()], branches=read_branches())
    assert on_disk.table.equals(read(text).table)
