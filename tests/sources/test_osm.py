"""What counts as a premises, a street to walk on, a place to park: drawn one by one."""

from pathlib import Path

import pytest
from towns import Drawing

from geodata.branches import read_branches
from geodata.errors import GeodataError
from geodata.sources.osm import read_osm
from geodata.sources.osm_places import building_shapes, buildings_from_osm, parking_from_osm
from geodata.sources.osm_premises import classify, premises_from_osm
from geodata.sources.osm_streets import street_lines, streets_from_osm

BRANCHES = read_branches()
CRS = 3812


@pytest.mark.parametrize(
    "tags, expected",
    [
        ({"shop": "bakery"}, ("occupied", "bakery", None)),
        ({"shop": "bakery;cafe"}, ("occupied", "bakery", None)),
        ({"shop": "wholesale"}, ("occupied", "supermarket", None)),
        ({"amenity": "pub"}, ("occupied", "bar", None)),
        ({"amenity": "ice_cream"}, ("occupied", "cafe", None)),
        ({"office": "estate_agent"}, ("occupied", "finance", None)),
        ({"shop": "unheard_of"}, ("occupied", None, None)),
        ({"shop": "vacant"}, ("vacant", None, "shop=vacant")),
        ({"shop": "empty"}, ("vacant", None, "shop=empty")),
        ({"amenity": "vacant"}, ("vacant", None, "amenity=vacant")),
        ({"disused:shop": "clothes"}, ("vacant", None, "disused:shop")),
        ({"disused:amenity": "pub"}, ("vacant", None, "disused:amenity")),
        ({"disused:shop": "clothes", "shop": "gift"}, ("occupied", "gifts", None)),
    ],
)
def test_what_a_tag_says(tags: dict[str, str], expected: tuple[str, str | None, str | None]) -> None:
    found = classify(tags, BRANCHES)
    assert found is not None
    assert (found[0], found[1], found[3]) == expected


@pytest.mark.parametrize(
    "tags",
    [{"shop": "mall"}, {"shop": "no"}, {"amenity": "school"}, {"office": "lawyer"}, {"disused:amenity": "school"}],
)
def test_what_is_no_premises(tags: dict[str, str]) -> None:
    assert classify(tags, BRANCHES) is None


def test_every_tag_belongs_to_one_branch() -> None:
    tags = [tag for b in BRANCHES.branches for tag in b.osm]
    assert len(tags) == len(set(tags))


def town() -> Drawing:
    drawing = Drawing()
    drawing.street((0, 0), (200, 0), name="Kerkstraat", maxspeed="30", lit="yes", width="5,5")
    return drawing


def test_a_named_shop_mapped_twice_is_one_but_unnamed_neighbours_stay_two(tmp_path: Path) -> None:
    drawing = town()
    drawing.point(10, 5, shop="bakery", name="Jansens")
    drawing.point(18, 5, shop="bakery", name="jansens ")
    drawing.point(60, 5, shop="bakery", name="Jansens")
    drawing.point(100, 5, shop="vacant")
    drawing.point(104, 5, shop="vacant")
    extract = read_osm([drawing.write(tmp_path / "town.osm.pbf")])
    premises = premises_from_osm(extract, building_shapes(extract, CRS), BRANCHES, CRS)
    assert premises["state"].value_counts().to_dict() == {"occupied": 2, "vacant": 2}


def test_a_unit_takes_its_share_of_the_building_and_its_address(tmp_path: Path) -> None:
    drawing = town()
    drawing.building(0, 5, 20, 10, addr__street="Kerkstraat", addr__housenumber="7")
    drawing.point(5, 10, shop="bakery")
    drawing.point(15, 10, shop="vacant")
    drawing.building(50, 5, 10, 10, shop="clothes", building="retail")
    extract = read_osm([drawing.write(tmp_path / "town.osm.pbf")])
    premises = premises_from_osm(extract, building_shapes(extract, CRS), BRANCHES, CRS).set_index("id")
    shared = premises[premises["house_number"] == "7"]
    assert shared["floor_area_m2"].to_numpy() == pytest.approx([80, 80], rel=0.01)  # 0.8 × 200 m² ÷ 2 units
    assert set(premises["floor_area_basis"]) == {"footprint"}
    own = premises[premises["branch"] == "clothes"]
    assert own["floor_area_m2"].to_numpy() == pytest.approx([80], rel=0.01)


def test_streets_say_who_may_use_them(tmp_path: Path) -> None:
    drawing = town()
    drawing.street((0, 50), (200, 50), highway="motorway")
    drawing.street((0, 60), (200, 60), highway="footway", tunnel="yes")
    drawing.street((0, 70), (200, 70), highway="service", access="private")
    drawing.street((0, 80), (200, 80), highway="primary", oneway="-1", foot="no")
    drawing.street((0, 90), (200, 90), highway="construction")
    drawing.street((0, 95), (200, 95), highway="pedestrian")
    extract = read_osm([drawing.write(tmp_path / "town.osm")])
    streets = streets_from_osm(extract, CRS)
    assert len(streets) == len(street_lines(extract)) == 6
    by_class = streets.set_index("highway")
    assert by_class["walkable"].to_dict() == {
        "residential": True, "motorway": False, "footway": True, "service": False, "primary": False, "pedestrian": True,
    }  # fmt: skip
    assert by_class["drivable"].to_dict() == {
        "residential": True, "motorway": True, "footway": False, "service": False, "primary": True, "pedestrian": False,
    }  # fmt: skip
    assert not by_class.loc["footway", "on_ground"]
    assert by_class.loc["primary", "oneway"] == -1
    home = by_class.loc["residential"]
    assert home["lit"] and home["width_m"] == 5.5
    assert 20 <= home["speed_kmh"] <= 30


def test_parking_counts_tags_then_area_then_a_default(tmp_path: Path) -> None:
    drawing = town()
    drawing.point(0, 20, amenity="parking", capacity="34")
    drawing.point(20, 20, amenity="parking")
    drawing.building(50, 20, 50, 25, amenity="parking", building="no")
    drawing.point(80, 20, amenity="parking", access="private", capacity="500")
    drawing.point(90, 20, amenity="bicycle_parking", capacity="12")
    parking = parking_from_osm(read_osm([drawing.write(tmp_path / "town.osm.pbf")]), CRS)
    assert parking.set_index("places_basis")["places"].to_dict() == {"tagged": 12, "default": 10, "area": 50}
    assert parking["places"].tolist() == [34, 10, 12, 50]


def test_a_file_in_any_order_is_read(tmp_path: Path) -> None:
    ordered = town()
    ordered.building(0, 5, levels="3")
    text = ordered.write(tmp_path / "town.osm").read_text()
    head, ways = text[: text.index("<way")], text[text.index("<way") : text.index("</osm>")]
    shuffled = tmp_path / "shuffled.osm"
    shuffled.write_text(head + "".join(f"<way{w}" for w in reversed(ways.split("<way")[1:])) + "</osm>")
    found = read_osm([shuffled])
    assert len(buildings_from_osm(building_shapes(found, CRS))) == 1
    assert len(street_lines(found)) == 1


@pytest.mark.parametrize("name, content", [("none.osm.pbf", None), ("empty.osm.pbf", b""), ("text.osm", b"hello")])
def test_what_is_no_extract_is_a_clear_error(tmp_path: Path, name: str, content: bytes | None) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(GeodataError) as error:
        read_osm([path])
    assert name in str(error.value)
    assert error.value.remedy is not None


def test_newport_has_its_vacant_units(shared_data: Path) -> None:
    extract = read_osm([shared_data / "newport" / "newport.osm.pbf"])
    premises = premises_from_osm(extract, building_shapes(extract, 32630), BRANCHES, 32630)
    vacant = premises[premises["state"] == "vacant"]["vacancy_basis"].value_counts()
    assert vacant["shop=vacant"] == 208
    assert 15 <= vacant.sum() - 208 <= 25
