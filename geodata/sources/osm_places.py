"""Buildings, parking, stops, markets, amenities and addresses from OpenStreetMap."""

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.sources.osm import OsmExtract, Tags, with_tags
from geodata.tables import validate

_RESIDENTIAL = {
    "house", "residential", "apartments", "detached", "semidetached_house", "terrace", "bungalow", "dormitory",
    "farm", "houseboat", "static_caravan", "semi", "flats", "villa",
}  # fmt: skip
_RETAIL = {"retail", "commercial", "supermarket", "kiosk", "shop"}
_ADDRESS = ("addr:street", "addr:housenumber", "addr:postcode", "addr:city")

CAR_M2 = 25.0
"""Ground a parked car takes, its share of the aisle included (usual design value)."""

_DEFAULT_PLACES = {"car": 10.0, "bicycle": 6.0}
_AMENITIES = {
    "toilets": "toilets", "drinking_water": "drinking_water", "waste_basket": "waste_basket", "bench": "bench",
    "school": "school", "kindergarten": "school", "college": "school", "university": "school",
    "hospital": "health", "clinic": "health", "doctors": "health", "dentist": "health",
    "library": "culture", "theatre": "culture", "cinema": "culture", "arts_centre": "culture",
    "place_of_worship": "worship", "townhall": "culture", "community_centre": "culture",
}  # fmt: skip

_TOURISM = {"hotel": "hotel", "hostel": "hotel", "guest_house": "hotel", "museum": "culture", "gallery": "culture"}


def building_shapes(extract: OsmExtract, crs: int) -> gpd.GeoDataFrame:
    """Building polygons in the metric CRS: id, footprint_m2, levels, use and the address tags."""
    places = extract.places_with("building")
    places = with_tags(places, lambda t: t["building"] not in ("no", "proposed", "construction", "demolished"))
    tags = places["tags"].tolist()
    shapes = places.geometry.to_crs(crs)
    area = shapes.area.to_numpy()
    return gpd.GeoDataFrame(
        {
            "id": places["id"].to_numpy(),
            "footprint_m2": np.where(area > 0, area, np.nan),
            "levels": [_number(t.get("building:levels")) for t in tags],
            "use": [_use(t) for t in tags],
            **{key: np.array([t.get(key) for t in tags], dtype=object) for key in _ADDRESS},
        },
        geometry=shapes.to_numpy(),
        crs=crs,
    )


def buildings_from_osm(shapes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The `buildings` table: shapes as points."""
    frame = shapes[["id", "footprint_m2", "levels", "use", "geometry"]]
    return validate("buildings", frame.set_geometry(frame.representative_point()), where="OpenStreetMap")


def _use(tags: Tags) -> str:
    kind = tags["building"]
    if kind in _RESIDENTIAL:
        return "residential"
    if kind in _RETAIL:
        return "retail"
    return "unknown" if kind == "yes" and not ({"amenity", "office", "leisure", "tourism"} & tags.keys()) else "other"


def parking_from_osm(extract: OsmExtract, crs: int) -> gpd.GeoDataFrame:
    """The `parking` table: car and bicycle parking the public may use. Untagged places: by area, else a default."""
    places = extract.places_with("amenity")
    kinds = {"parking": "car", "parking_space": "car", "bicycle_parking": "bicycle"}
    places = with_tags(
        places, lambda t: t["amenity"] in kinds and t.get("access") not in ("private", "no", "residents")
    )
    tags = places["tags"].tolist()
    shapes = places.geometry.to_crs(crs)
    mode = np.array([kinds[t["amenity"]] for t in tags], dtype=object)
    tagged = np.array([_number(t.get("capacity")) for t in tags], dtype=float)
    levels = np.array([_number(t.get("parking:levels", t.get("building:levels"))) for t in tags], dtype=float)
    by_area = np.where(mode == "car", shapes.area.to_numpy() * np.nan_to_num(levels, nan=1.0) / CAR_M2, 0.0)
    default = np.array([_DEFAULT_PLACES[m] for m in mode])
    single = np.array([t["amenity"] == "parking_space" for t in tags], dtype=bool)
    places_known = ~np.isnan(tagged)
    frame = gpd.GeoDataFrame(
        {
            "id": places["id"].to_numpy(),
            "mode": mode,
            "places": np.where(
                places_known, tagged, np.where(single, 1.0, np.where(by_area >= 1, np.floor(by_area), default))
            ),
            "places_basis": np.where(places_known | single, "tagged", np.where(by_area >= 1, "area", "default")),
            "access": [t.get("access") for t in tags],
        },
        geometry=shapes.representative_point().to_numpy(),
        crs=crs,
    )
    return validate("parking", frame, where="OpenStreetMap")


def stops_from_osm(extract: OsmExtract, crs: int) -> gpd.GeoDataFrame:
    """The `stops` table without a timetable: departures are not known."""
    places = extract.places_with("highway", "railway", "public_transport")
    places = with_tags(places, _stop_mode)
    frame = gpd.GeoDataFrame(
        {
            "id": places["id"].to_numpy(),
            "name": [t.get("name") for t in places["tags"]],
            "mode": [_stop_mode(t) for t in places["tags"]],
            "source": "osm",
        },
        geometry=places.geometry.to_crs(crs).representative_point().to_numpy(),
        crs=crs,
    )
    return validate("stops", frame, where="OpenStreetMap")


def _stop_mode(tags: Tags) -> str | None:
    if tags.get("highway") == "bus_stop":
        return "bus"
    return {"station": "rail", "halt": "rail", "tram_stop": "tram"}.get(tags.get("railway", ""))


def markets_from_osm(extract: OsmExtract, crs: int) -> gpd.GeoDataFrame:
    """The `markets` table: market squares."""
    places = extract.places_with("amenity")
    places = with_tags(places, lambda t: t["amenity"] == "marketplace")
    frame = gpd.GeoDataFrame(
        {
            "id": places["id"].to_numpy(),
            "name": [t.get("name") for t in places["tags"]],
            "days": [t.get("opening_hours") for t in places["tags"]],
        },
        geometry=places.geometry.to_crs(crs).representative_point().to_numpy(),
        crs=crs,
    )
    return validate("markets", frame, where="OpenStreetMap")


def amenities_from_osm(extract: OsmExtract, crs: int) -> gpd.GeoDataFrame:
    """The `amenities` table: toilets, water, bins, benches, schools and other places people go to."""
    places = extract.places_with("amenity", "tourism")
    places = with_tags(places, _amenity)
    frame = gpd.GeoDataFrame(
        {
            "id": places["id"].to_numpy(),
            "kind": [_amenity(t) for t in places["tags"]],
            "name": [t.get("name") for t in places["tags"]],
        },
        geometry=places.geometry.to_crs(crs).representative_point().to_numpy(),
        crs=crs,
    )
    return validate("amenities", frame, where="OpenStreetMap")


def _amenity(tags: Tags) -> str | None:
    return _AMENITIES.get(tags.get("amenity", "")) or _TOURISM.get(tags.get("tourism", ""))


def addresses_from_osm(extract: OsmExtract, crs: int) -> gpd.GeoDataFrame:
    """The `addresses` table: everything with a street and a house number, once."""
    places = extract.places_with("addr:housenumber")
    places = with_tags(places, lambda t: "addr:street" in t)
    tags = places["tags"].tolist()
    frame = gpd.GeoDataFrame(
        {
            "street": [t["addr:street"] for t in tags],
            "house_number": [t["addr:housenumber"] for t in tags],
            "postcode": [t.get("addr:postcode") for t in tags],
            "place": [t.get("addr:city") for t in tags],
        },
        geometry=places.geometry.to_crs(crs).representative_point().to_numpy(),
        crs=crs,
    )
    once = ~pd.DataFrame(frame[["street", "house_number", "postcode"]]).duplicated()
    return validate("addresses", frame[once], where="OpenStreetMap")


def _number(value: str | None) -> float:
    text = (value or "").replace(",", ".").strip()
    try:
        number = float(text)
    except ValueError:
        return float("nan")
    return number if number >= 0 else float("nan")
