"""Municipalities and shopping areas: found by name, code or place, before and after a merger."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geodata.errors import GeodataError
from geodata.sources.municipalities import MERGERS, current_nis, find, mergers, read_municipalities
from geodata.sources.retail_areas import read_core_areas, read_retail_areas
from geodata.sources.vector import read_polygons

WEST = shapely.box(2.70, 51.53, 2.74, 51.57)
EAST = shapely.box(2.74, 51.53, 2.80, 51.57)


def municipalities(**columns: list[object]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=[WEST, EAST], crs=4326)


@pytest.fixture
def two(tmp_path: Path) -> gpd.GeoDataFrame:
    path = tmp_path / "gemeenten.gpkg"
    municipalities(geoitem=["23106", "11002"], naam=["Pajottegem", "Antwerpen"]).to_crs(31370).to_file(path)
    return read_municipalities(path)


@pytest.mark.parametrize("asked", ["antwerpen", "ANTWERPEN", " Antwérpen ", "11002"])
def test_found_whatever_case_accents_or_code(two: gpd.GeoDataFrame, asked: str) -> None:
    place = find(two, asked)
    assert (place.name, place.nis, place.notes) == ("Antwerpen", "11002", ())
    assert place.boundary.symmetric_difference(EAST).area < 1e-8


@pytest.mark.parametrize("asked", ["Gooik", "23024", "herne"])
def test_an_old_municipality_is_found_in_the_merged_one(two: gpd.GeoDataFrame, asked: str) -> None:
    place = find(two, asked)
    assert (place.name, place.nis) == ("Pajottegem", "23106")
    assert "Gooik" in place.notes[0].to("nl") and "2025" in place.notes[0].to("nl")


def test_a_file_from_before_the_merger_gives_the_new_municipality() -> None:
    old = gpd.GeoDataFrame({"nis": ["44040", "44043"], "name": ["Melle", "Merelbeke"]}, geometry=[WEST, EAST], crs=4326)
    place = find(old, "Merelbeke-Melle")
    assert place.nis == "44088"
    assert place.boundary.area == pytest.approx(WEST.area + EAST.area)
    assert find(old, "Melle").notes == ()  # the file still has it


def test_an_unknown_name_suggests_near_ones(two: gpd.GeoDataFrame) -> None:
    with pytest.raises(GeodataError, match="Pajottegem") as error:
        find(two, "Pajottegm")
    assert "Dichtst" in error.value.text("nl")
    with pytest.raises(GeodataError, match="name or the NIS code"):
        find(two, "0000000")


@pytest.mark.parametrize(
    "columns",
    [
        {"CD_MUNTY_REFNIS": ["42003", "42004"], "TX_MUNTY_DESCR_NL": ["Berlare", "Buggenhout"]},
        {"NISCODE": [42003, 42004], "NAAM": ["Berlare", "Buggenhout"]},
        {"nis": [42003.0, 42004.0], "name": ["Berlare", "Buggenhout"]},
    ],
)
def test_columns_are_recognised(tmp_path: Path, columns: dict[str, list[object]]) -> None:
    path = tmp_path / "m.geojson"
    municipalities(**columns).to_file(path)
    table = read_municipalities(path)
    assert table.nis.tolist() == ["42003", "42004"]
    assert table["name"].tolist() == ["Berlare", "Buggenhout"]


def test_without_names_the_columns_are_listed(tmp_path: Path) -> None:
    path = tmp_path / "m.geojson"
    municipalities(oppervlakte=[1, 2]).to_file(path)
    with pytest.raises(GeodataError, match="oppervlakte"):
        read_municipalities(path)


def test_a_shapefile_without_prj_names_the_file_and_the_remedy(tmp_path: Path) -> None:
    path = tmp_path / "gemeente.shp"
    municipalities(naam=["A", "B"]).to_crs(31370).to_file(path)
    path.with_suffix(".prj").unlink()
    with pytest.raises(GeodataError, match=r"gemeente\.shp.*gemeente\.prj"):
        read_municipalities(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a map", b'{"type": "FeatureCollection", "features": ['])
def test_a_broken_file_is_an_error_with_its_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "kapot.geojson"
    path.write_bytes(content)
    with pytest.raises(GeodataError, match=r"kapot\.geojson"):
        read_polygons(path)


def test_a_truncated_shapefile_is_an_error_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "half.shp"
    municipalities(naam=["A", "B"]).to_file(path)
    path.with_suffix(".dbf").write_bytes(b"")
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(GeodataError, match=r"half\.shp"):
        read_polygons(path)


def test_a_missing_file_and_a_file_of_points(tmp_path: Path) -> None:
    with pytest.raises(GeodataError, match="does not exist"):
        read_polygons(tmp_path / "niets.shp")
    points = tmp_path / "punten.gpkg"
    gpd.GeoDataFrame({"naam": ["A"]}, geometry=[shapely.Point(2.7, 51.5)], crs=4326).to_file(points)
    with pytest.raises(GeodataError, match="no polygons"):
        read_polygons(points)


def test_a_bow_tie_is_mended(tmp_path: Path) -> None:
    path = tmp_path / "strik.gpkg"
    bow_tie = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    gpd.GeoDataFrame({"naam": ["A"]}, geometry=[bow_tie], crs=4326).to_file(path)
    (mended,) = read_polygons(path).geometry
    assert mended.is_valid and mended.area == pytest.approx(2.0)


def shopping_areas(tmp_path: Path, **columns: list[object]) -> Path:
    """Three areas: well inside WEST, straddling the line with a sliver in WEST, and well inside EAST."""
    inside, sliver, outside = (
        shapely.box(2.71, 51.54, 2.715, 51.545),
        shapely.box(2.7399, 51.54, 2.75, 51.545),
        shapely.box(2.77, 51.54, 2.775, 51.545),
    )
    path = tmp_path / "gebieden.shp"
    gpd.GeoDataFrame(columns, geometry=[inside, sliver, outside], crs=4326).to_crs(31370).to_file(path)
    return path


def test_core_areas_by_name_and_place(tmp_path: Path) -> None:
    path = shopping_areas(
        tmp_path,
        NAAM=["KWG_Westdorp_Markt_Zuid", "KWG_Oostdorp_Haven", "KWG_Oostdorp_Kernhorecagebied"],
        GEMEENTE=["Westdorp", "Oostdorp", "Oostdorp"],
        kwg_id=[1, 2, 3],
    )
    west = read_core_areas(path, municipality_name="westdorp", nis=None, boundary=WEST)
    assert west[["id", "name", "type"]].values.tolist() == [["1", "Markt Zuid", "kernwinkelgebied"]]
    east = read_core_areas(path, municipality_name="Oostdorp", nis=None, boundary=EAST)
    assert east["type"].tolist() == ["kernwinkelgebied", "kernhorecagebied"]
    assert east.crs == 4326


def test_retail_areas_by_code_old_or_new(tmp_path: Path) -> None:
    path = shopping_areas(
        tmp_path,
        WINKELGEBI=["10", "11", "12"],
        WINKELGE_1=["Centrum", "Haven", "Baan"],
        WINKELGE_2=["Centraal", "Ondersteunend", "Overig"],
        WINKELGE_3=["Binnenstad", "Baanconcentratie", "Shopping center"],
        gemeente=["46014", "46014", "46029"],
    )
    east = read_retail_areas(path, municipality_name="Lokeren", nis="46029", boundary=EAST)
    assert east["name"].tolist() == ["Haven", "Baan"]
    assert east["subtype"].tolist() == ["Baanconcentratie", "Shopping center"]
    nowhere = read_retail_areas(path, municipality_name="X", nis=None, boundary=shapely.box(4, 51, 4.1, 51.1))
    assert nowhere.empty and nowhere.crs == 4326


def test_mergers_agree_with_the_codes_of_before_and_after(shared_data: Path) -> None:
    """Every code that disappeared from the map of 2025 has a successor that is on it."""
    refnis = pd.read_csv(shared_data / "belgium" / "refnis.csv", dtype=str).query("LVL_REFNIS == '4'")
    today = read_municipalities(shared_data / "flanders" / "gemeente.shp")
    until_now = refnis[refnis.DT_VLDT_END.isin(["31/12/2018", "31/12/9999"])]
    names = until_now.set_index("CD_REFNIS").TX_REFNIS_NL.str.replace(r" \(.*\)", "", regex=True)
    known = mergers()
    assert (known.name_old == known.nis_old.map(names)).all()
    assert (known.name_new == known.nis_new.map(today.set_index("nis")["name"])).all()
    in_2020 = refnis[refnis.DT_VLDT_END.eq("31/12/9999") & refnis.CD_REFNIS.str[:2].isin(today.nis.str[:2])].CD_REFNIS
    in_2018 = refnis[refnis.DT_VLDT_END.eq("31/12/2018") & refnis.CD_REFNIS.str[:2].isin(today.nis.str[:2])].CD_REFNIS
    assert {current_nis(code) for code in [*in_2020, *in_2018]} == set(today.nis)
    assert known.groupby("since").nis_new.nunique().to_dict() == {"2019": 7, "2025": 13}


def test_old_codes_in_neighbourhoods_lie_in_the_merged_municipality(shared_data: Path) -> None:
    """Some neighbourhoods keep the code of the old municipality: their place says where it went."""
    today = read_municipalities(shared_data / "flanders" / "gemeente.shp")
    parts = gpd.read_file(shared_data / "flanders" / "ggw7.shp").to_crs(4326)
    parts["old"] = parts.geoitem.str[:5]
    parts = parts[parts.old.isin(mergers().nis_old)].set_geometry(parts.representative_point())
    joined = parts.sjoin(today)
    assert len(joined) > 20
    assert (joined.old.map(current_nis) == joined.nis).all()


def test_berlare_and_its_retail_areas(shared_data: Path) -> None:
    flanders = shared_data / "flanders"
    berlare = find(read_municipalities(flanders / "gemeente.shp"), "berlare")
    assert berlare.nis == "42003"
    core = read_core_areas(
        flanders / "kernwinkelgebied.shp", municipality_name=berlare.name, nis=berlare.nis, boundary=berlare.boundary
    )
    retail = read_retail_areas(
        flanders / "winkelgebied.shp", municipality_name=berlare.name, nis=berlare.nis, boundary=berlare.boundary
    )
    assert core.empty
    assert "Centrum Berlare" in retail.set_index("id")["name"]["10280"]


def test_the_merger_table_is_whole() -> None:
    known = mergers()
    assert MERGERS.exists() and known.notna().all().all()
    assert known.nis_old.is_unique
    assert known.nis_old.str.fullmatch(r"\d{5}").all() and known.nis_new.str.fullmatch(r"\d{5}").all()
