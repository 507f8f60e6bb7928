"""Testerep: the invented region holds together, and says that it is invented."""

import hashlib
import math
import zipfile
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import osmium
import pandas as pd
import pytest
import rasterio
import rasterio.features
import shapely

import geodata.sample
from geodata import language
from geodata.branches import normalise, read_branches
from geodata.sample import SampleSources, write_sources
from geodata.sample.blocks import Junctions, cut_up
from geodata.sample.drawing import crossings, weave
from geodata.sample.layout import draw
from geodata.sample.region import ISLAND

SEA = (2.62, 51.48, 3.02, 51.63)
DETAIL = 0.11

Way = tuple[int, list[int], dict[str, str]]


class Map:
    """What is in one or more extracts, read as anybody would."""

    def __init__(self, *paths: Path) -> None:
        self.at: dict[int, tuple[float, float]] = {}
        self.tagged: list[tuple[float, float, dict[str, str]]] = []
        self.ways: list[Way] = []
        self.areas: dict[str, shapely.Geometry] = {}
        factory = osmium.geom.WKBFactory()
        for path in paths:
            for thing in osmium.FileProcessor(str(path)).with_areas():
                tags = dict(thing.tags)
                if thing.is_node():
                    self.at[thing.id] = (thing.location.lon, thing.location.lat)
                    if tags:
                        self.tagged.append((thing.location.lon, thing.location.lat, tags))
                elif thing.is_way():
                    self.ways.append((thing.id, [n.ref for n in thing.nodes], tags))
                elif thing.is_area() and tags.get("boundary") == "administrative":
                    self.areas[tags["name"]] = shapely.from_wkb(factory.create_multipolygon(thing))

    def streets(self) -> list[Way]:
        return [way for way in self.ways if "highway" in way[2]]

    def line(self, way: Way) -> shapely.LineString:
        return shapely.LineString([self.at[n] for n in way[1]])


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> SampleSources:
    return write_sources(tmp_path_factory.mktemp("testerep"), detail=DETAIL)


@pytest.fixture(scope="module")
def island(sources: SampleSources) -> Map:
    return Map(sources.osm)


@pytest.fixture(scope="module")
def both(sources: SampleSources) -> Map:
    return Map(sources.osm, sources.osm_abroad)


def components(streets: list[Way]) -> list[set[int]]:
    """Sets of nodes that streets connect, the largest first."""
    beside: dict[int, set[int]] = defaultdict(set)
    for _, nodes, _ in streets:
        for a, b in pairwise(nodes):
            beside[a].add(b)
            beside[b].add(a)
    found, seen = [], set()
    for start in beside:
        if start not in seen:
            part, stack = {start}, [start]
            while stack:
                new = beside[stack.pop()] - part
                part |= new
                stack += new
            seen |= part
            found.append(part)
    return sorted(found, key=len, reverse=True)


def test_the_same_seed_writes_the_same_files_and_tells_how_far_it_is(sources: SampleSources, tmp_path: Path) -> None:
    said: list[tuple[float, language.Text]] = []
    again = write_sources(tmp_path, detail=DETAIL, progress=lambda share, text: said.append((share, text)))
    for path in sorted(sources.directory.iterdir()):
        twin = again.directory / path.name
        assert hashlib.sha256(path.read_bytes()).digest() == hashlib.sha256(twin.read_bytes()).digest(), path.name
    assert [share for share, _ in said] == sorted(share for share, _ in said)
    assert said[-1][0] == 1.0
    assert all(text.to("nl") != text.to("en") for _, text in said)


def test_another_seed_draws_another_town() -> None:
    one, same, other = (draw(ISLAND, np.random.default_rng(seed), detail=0.05).streets for seed in (1, 1, 2))
    assert all(np.array_equal(a.line, b.line) for a, b in zip(one, same, strict=True))
    assert len(one) != len(other) or not np.array_equal(one[0].line, other[0].line)


def test_all_of_it_is_open_sea_in_reality(both: Map) -> None:
    lon, lat = np.array(list(both.at.values())).T
    assert lon.min() > SEA[0] and lon.max() < SEA[2] and lat.min() > SEA[1] and lat.max() < SEA[3]


def test_the_header_has_the_box_of_the_nodes(sources: SampleSources, island: Map) -> None:
    box = osmium.io.Reader(str(sources.osm)).header().box()
    lon, lat = np.array(list(island.at.values())).T
    assert (box.bottom_left.lon, box.top_right.lat) == pytest.approx((lon.min(), lat.max()))


def test_every_street_can_be_walked_to(island: Map) -> None:
    assert len(components(island.streets())) == 1


def test_the_island_hangs_on_the_mainland_by_the_causeway_alone(both: Map) -> None:
    assert len(components(both.streets())) == 1
    without = [
        way for way in both.streets() if way[2].get("name") != "Testerepse Dam" or way[2].get("cycleway") != "track"
    ]
    parts = components(without)
    assert len(parts) == 2
    assert min(len(p) for p in parts) > 100


def test_one_bridge_crosses_the_river_in_the_town(island: Map) -> None:
    river = next(w for w in island.ways if w[2].get("natural") == "water")
    water = shapely.Polygon([island.at[n] for n in river[1]])
    wet = [way for way in island.streets() if island.line(way).crosses(water) or water.contains(island.line(way))]
    bridges = {way[2].get("name") for way in wet}
    assert bridges == {"Brugstraat", "Molenstraat"}
    assert all(way[2].get("bridge") == "yes" for way in wet)
    stad = island.areas["Testerep-Stad"]
    assert {w[2]["name"] for w in wet if stad.intersects(island.line(w))} == {"Brugstraat"}


def test_the_municipalities_close_and_cover_the_island_once(sources: SampleSources, island: Map) -> None:
    assert set(island.areas) == {m.name for m in sources.municipalities}
    whole = shapely.union_all(list(island.areas.values()))
    assert whole.area == pytest.approx(sum(a.area for a in island.areas.values()), rel=1e-6)
    coast = shapely.polygonize([island.line(w) for w in island.ways if w[2].get("natural") == "coastline"])
    assert shapely.area(coast) == pytest.approx(whole.area, rel=1e-6)


def test_land_lies_left_of_the_coastline(island: Map) -> None:
    whole = shapely.union_all(list(island.areas.values()))
    for way in island.ways:
        if way[2].get("natural") == "coastline":
            (ax, ay), (bx, by) = (island.at[n] for n in way[1][:2])
            middle, left = ((ax + bx) / 2, (ay + by) / 2), (-(by - ay), bx - ax)
            scale = 2e-4 / math.hypot(*left)
            assert whole.contains(shapely.Point(middle[0] + scale * left[0], middle[1] + scale * left[1]))


def test_every_branch_stands_in_the_town_under_its_own_tag(island: Map) -> None:
    table, stad = read_branches(), island.areas["Testerep-Stad"]
    tags = [t for lon, lat, t in island.tagged if stad.contains(shapely.Point(lon, lat))]
    tags += [w[2] for w in island.ways if "building" in w[2] and stad.contains(island.line(w))]
    found = {table.by_tag.get(f"{key}={t[key]}") for t in tags for key in ("shop", "amenity", "office") if key in t}
    assert found >= set(table.ids)


def test_one_unit_in_eight_stands_empty(sources: SampleSources) -> None:
    rows = pd.read_excel(sources.premises, dtype=str)
    share = (rows["Status"] == "Leegstand").mean()
    assert 0.08 < share < 0.16


def test_the_surveyed_list_speaks_the_branch_tables_language(sources: SampleSources) -> None:
    table = read_branches()
    rows = pd.read_excel(sources.premises, dtype=str)
    occupied = rows[rows["Status"] == "In gebruik"]
    assert {normalise(name) for name in occupied["Branche"]} <= set(table.by_survey_name)
    assert {table.by_survey_name[normalise(name)] for name in occupied["Branche"]} == set(table.ids)
    assert 0.8 < rows["X"].isna().mean() < 0.99
    services = occupied["Groep"].isin(["Diensten", "Horeca & leisure"])
    assert occupied.loc[services, "WVO"].isna().all() and occupied.loc[~services, "WVO"].str.contains(",").all()
    sheet = openpyxl.load_workbook(sources.premises).active
    assert sheet is not None and sheet["A1"].value == "Naam"


def test_raster_and_sectors_hold_the_official_residents(sources: SampleSources) -> None:
    with rasterio.open(sources.population) as raster:
        grid = raster.read(1, masked=True)
        assert raster.nodata is not None and raster.crs.to_epsg() == 3035
        areas = gpd.read_file(sources.municipality_areas).to_crs(raster.crs).set_index("nis").geometry
        masks = {
            nis: rasterio.features.rasterize([shape], grid.shape, transform=raster.transform) == 1
            for nis, shape in areas.items()
        }
    sectors = gpd.read_file(sources.sectors)
    for m in sources.municipalities:
        assert grid.filled(0)[masks[m.nis]].sum() == pytest.approx(m.residents, rel=0.06), m.name
        assert sectors.loc[sectors["cd_munty_refnis"] == m.nis, "inwoners"].sum() == m.residents
    across = 180_000 + 9_200
    assert grid.sum() == pytest.approx(sum(m.residents for m in sources.municipalities) + across, rel=1e-4)


def test_air_is_worst_along_the_ring(sources: SampleSources, island: Map) -> None:
    ring = [island.line(w).centroid.coords[0] for w in island.streets() if w[2].get("name", "").endswith("vest")]
    with rasterio.open(sources.no2) as raster:
        grid = raster.read(1, masked=True)
        points = gpd.GeoSeries(gpd.points_from_xy(*np.array(ring).T), crs=4326).to_crs(raster.crs)
        there = np.array([v[0] for v in raster.sample([(p.x, p.y) for p in points])])
    assert there.mean() > 2 * float(np.ma.median(grid))
    assert grid.min() > 0


def test_areas_have_the_columns_of_the_flemish_layers(sources: SampleSources) -> None:
    core, retail = gpd.read_file(sources.core_areas), gpd.read_file(sources.retail_areas)
    assert list(core.columns) == ["NAAM", "GEMEENTE", "kwg_id", "geometry"]
    assert set(core["GEMEENTE"]) == {"Testerep-Stad", "Sluiskerke"}
    assert {"WINKELGEBI", "WINKELGE_1", "WINKELGE_2", "WINKELGE_3", "gemeente", "naam"} <= set(retail.columns)
    assert set(retail["WINKELGE_2"]) == {"Centraal", "Ondersteunend", "Overig"}
    for layer in (core, retail, gpd.read_file(sources.sectors), gpd.read_file(sources.municipality_areas)):
        assert layer.crs.to_epsg() == 31370 and layer.is_valid.all()


@pytest.mark.parametrize("number", [0, 1])
def test_timetables_are_whole(sources: SampleSources, number: int) -> None:
    with zipfile.ZipFile(sources.gtfs[number]) as archive:
        feed = {Path(n).stem: pd.read_csv(archive.open(n), dtype=str) for n in archive.namelist()}
    times = feed["stop_times"]
    assert set(times["stop_id"]) == set(feed["stops"]["stop_id"])
    assert set(times["trip_id"]) == set(feed["trips"]["trip_id"])
    assert set(feed["trips"]["service_id"]) == set(feed["calendar"]["service_id"]) >= {"weekday", "saturday", "sunday"}
    assert set(feed["trips"]["route_id"]) == set(feed["routes"]["route_id"])
    assert times["departure_time"].max() > "24:00:00"
    assert set(feed["calendar_dates"]["exception_type"]) == {"1", "2"}
    a_day = feed["trips"]["service_id"].value_counts()
    assert a_day["weekday"] > a_day["saturday"] > a_day["sunday"]
    for _, trip in times.groupby("trip_id"):
        assert trip["departure_time"].is_monotonic_increasing


def test_summer_brings_a_beach_bus(sources: SampleSources) -> None:
    with zipfile.ZipFile(sources.gtfs[0]) as archive:
        calendar = pd.read_csv(archive.open("calendar.txt"), dtype=str).set_index("service_id")
    assert calendar.loc["zomer-weekday", "start_date"] > "20250601"
    assert calendar.loc["zomer-weekday", "end_date"] < calendar.loc["weekday", "end_date"]


def test_the_vacancy_register_is_windows_1252(sources: SampleSources) -> None:
    raw = sources.vacancy_register.read_bytes()
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")
    rows = pd.read_csv(sources.vacancy_register, sep=";", encoding="cp1252", dtype=str)
    assert "Oppervlakte m²" in rows.columns
    dates = pd.to_datetime(rows["Datum opname"], format="%d/%m/%Y")
    assert dates.max() < pd.Timestamp("2025-03-01")


def test_of_some_units_of_the_town_and_of_no_other_a_rent_is_asked(sources: SampleSources) -> None:
    rows = pd.read_csv(sources.vacancy_register, sep=";", encoding="cp1252", dtype=str)
    rent = rows["Huurprijs per maand (€)"].str.replace(".", "").astype(float)
    here = rows["Gemeente"] == "Testerep-Stad"
    assert rent[~here].isna().all() and 0.5 < rent[here].notna().mean() < 0.9
    assert (12 * rent / rows["Oppervlakte m²"].astype(float)).dropna().between(60, 900).all()


def test_markets_and_saturdays_are_busier_than_tuesdays(sources: SampleSources) -> None:
    counts = pd.read_csv(sources.counts, sep=";", decimal=",", encoding="utf-8-sig")
    assert counts["Teller"].nunique() == 38
    assert counts["Voetgangers"].ge(0).all()
    day = counts.groupby(["Teller", "Datum"])["Voetgangers"].sum().unstack()
    square = day.loc["Grote Markt zuid"]
    assert square["12/03/2025"] > 1.2 * square["11/03/2025"]
    main = day.loc["Lange Schipstraat (midden)"]
    assert main["15/03/2025"] > 1.2 * main["11/03/2025"] > main["16/03/2025"]
    beach = day.loc["Zeedijk Kursaal"]
    assert beach["19/07/2025"] > 2.5 * beach["15/02/2025"]


def test_counters_hang_on_streets(sources: SampleSources, island: Map) -> None:
    counts = pd.read_csv(sources.counts, sep=";", decimal=",", encoding="utf-8-sig").drop_duplicates("Teller")
    tree = shapely.STRtree([island.line(way) for way in island.streets()])
    points = shapely.points(counts["Lengtegraad"], counts["Breedtegraad"])
    away = tree.query_nearest(points, return_distance=True, all_matches=False)[1]
    assert away.max() < 1e-4


def test_lists_agree_with_each_other(sources: SampleSources) -> None:
    addresses = pd.read_csv(sources.addresses, sep=";", dtype=str)
    known = set(zip(addresses["postcode"], addresses["straatnaam"], addresses["huisnummer"], strict=True))
    sectors = set(gpd.read_file(sources.sectors)["cs01012024"])
    assert set(addresses["statistische_sector"].dropna()) <= sectors
    premises = pd.read_excel(sources.premises, dtype=str)
    there = [row in known for row in zip(premises["Postcode"], premises["Straat"], premises["Huisnummer"], strict=True)]
    assert 0.85 < np.mean(there) < 1.0  # a few streets are misspelt


def test_the_shops_of_the_chain_are_on_the_map(sources: SampleSources, island: Map) -> None:
    branded = [t for *_, t in island.tagged if t.get("brand") == "Krokant"]
    branded += [w[2] for w in island.ways if w[2].get("brand") == "Krokant"]
    assert len(branded) == 6 and all(t["shop"] == "bakery" for t in branded)


def test_the_bakery_group_stands_in_bakeries_and_writes_its_amounts_as_flemings_do(sources: SampleSources) -> None:
    rows = pd.read_csv(sources.own_shops, sep=";", dtype=str, encoding="utf-8-sig").fillna("")
    units = pd.read_csv(sources.addresses, sep=";", dtype=str)
    known = set(zip(units["postcode"], units["straatnaam"], units["huisnummer"], strict=True))
    assert len(rows) and set(zip(rows["Postcode"], rows["Straat"], rows["Huisnummer"], strict=True)) <= known
    assert rows["Omzet per jaar"].str.fullmatch(r"[1-9]\d{0,2}(\.\d{3})+,00").all()
    assert (rows["Breedtegraad"] == "").sum() in (1, 2)  # by address alone


def test_the_till_and_the_door_speak_of_the_shops_of_the_group(sources: SampleSources) -> None:
    shops = pd.read_csv(sources.own_shops, sep=";", dtype=str, encoding="utf-8-sig").set_index("Winkelnummer")
    sales = pd.read_csv(sources.sales, sep=";", decimal=",", encoding="utf-8-sig")
    assert set(sales["Winkelnummer"]) == set(shops.index)
    assert set(pd.read_csv(sources.customers, sep=";")["Winkelnummer"]) == set(shops.index)
    entries = pd.read_csv(sources.entries, sep=";", encoding="utf-8-sig")
    assert set(entries["Winkelnummer"]) < set(shops.index)
    both = entries.merge(sales, on=["Winkelnummer", "Datum"], validate="one_to_one")
    assert len(both) == len(entries) and (both["Binnenstappers"] >= both["Tickets"]).mean() > 0.99
    days = pd.to_datetime(sales["Datum"], format="%d/%m/%Y")
    last_year = sales[days > days.max() - pd.Timedelta(days=365)].groupby("Winkelnummer")["Omzet"].sum()
    listed = shops["Omzet per jaar"].str.replace(".", "").str.replace(",00", "").astype(float)
    assert (last_year / listed)[[s for s in shops.index if s != "B12"]].between(0.9, 1.1).all()  # B12 has just opened


def test_accidents_lie_on_streets(sources: SampleSources, island: Map) -> None:
    rows = pd.read_csv(sources.accidents, sep=";", decimal=",", encoding="utf-8-sig")
    assert set(rows["Voetganger betrokken"]) == {"ja", "nee"}
    assert (rows[["Doden 30 dagen", "Zwaargewonden", "Lichtgewonden"]].sum(axis=1) >= 1).all()
    tree = shapely.STRtree([island.line(way) for way in island.streets()])
    points = shapely.points(rows["Lengtegraad"], rows["Breedtegraad"])
    assert tree.query_nearest(points, return_distance=True, all_matches=False)[1].max() < 2e-4


def test_every_folder_says_that_it_is_a_sample(sources: SampleSources) -> None:
    text = (sources.directory / "LEESMIJ.txt").read_text(encoding="utf-8")
    assert text.startswith("VOORBEELDGEGEVENS / SAMPLE DATA")
    names = {p.name for p in sources.directory.iterdir()} - {"LEESMIJ.txt"}
    assert all(name in text for name in names)
    assert "sample data" in osmium.io.Reader(str(sources.osm)).header().get("generator")


def test_a_square_is_cut_until_its_blocks_fit() -> None:
    square = shapely.box(0, 0, 400, 400)
    rng = np.random.default_rng(1)
    cuts = cut_up(square, lambda at: np.full(len(at), 15_000.0), lambda at: 0.0, Junctions(np.empty((0, 2))), rng)
    lines = [np.asarray(square.exterior.coords), *(c.line for c in cuts)]
    blocks = shapely.polygonize(
        list(shapely.get_parts(shapely.unary_union([shapely.LineString(i) for i in lines], grid_size=0.01)))
    )
    sizes = shapely.area(shapely.get_parts(blocks))
    assert sizes.sum() == pytest.approx(400 * 400, rel=1e-4)
    assert sizes.max() < 1.6 * 15_000
    assert len(sizes) == len(cuts) + 1


def test_woven_lines_share_their_crossing() -> None:
    across, down = np.array([[0.0, 5.0], [10.0, 5.0]]), np.array([[4.0, 0.0], [4.0, 10.0]])
    woven = weave([across, down], crossings([across, down]))
    assert [4.0, 5.0] in woven[0].tolist() and [4.0, 5.0] in woven[1].tolist()
    assert [len(line) for line in woven] == [3, 3]


def test_the_sample_shares_no_code_with_what_it_validates() -> None:
    folder = Path(geodata.sample.__file__).parent
    allowed = {"geodata.sample", "geodata.language", "geodata.branches"}
    for path in sorted(folder.glob("*.py")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith(("from geodata", "import geodata")):
                module = line.split()[1]
                assert ".".join(module.split(".")[:2]) in allowed, f"{path.name}: {line}"
