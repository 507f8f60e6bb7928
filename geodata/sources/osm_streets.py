"""Streets from OpenStreetMap: who may use them, how fast, whether doors open onto them."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.sources.osm import OsmExtract, Tags, with_tags
from geodata.tables import validate

_NEVER = {
    "construction", "proposed", "planned", "raceway", "platform", "bus_stop", "abandoned", "razed",
    "services", "rest_area", "elevator", "no", "disused", "bus_guideway", "escape", "emergency_bay",
}  # fmt: skip
_CAR_ONLY = {"motorway", "motorway_link", "trunk", "trunk_link", "busway"}
_SPEED_KMH = {
    "motorway": 100, "motorway_link": 50, "trunk": 80, "trunk_link": 50, "primary": 50, "primary_link": 40,
    "secondary": 45, "secondary_link": 35, "tertiary": 40, "tertiary_link": 30, "unclassified": 35,
    "residential": 25, "living_street": 12, "service": 12, "road": 30,
}  # fmt: skip
"""Usual driving speed by class, junction delays included: expert choice where no limit is signed."""

_WALK_OK = {"yes", "designated", "permissive", "official"}
_CLOSED = {"no", "private", "customers", "delivery", "agricultural", "forestry"}


def streets_from_osm(extract: OsmExtract, crs: int) -> gpd.GeoDataFrame:
    """The `streets` table: every highway as a line in the metric CRS. Row order is that of `street_lines`."""
    lines = street_lines(extract)
    tags = lines["tags"].tolist()
    frame = gpd.GeoDataFrame(
        {
            "id": lines["id"],
            "name": [t.get("name") for t in tags],
            "highway": [t["highway"] for t in tags],
            "lit": [_yes_no(t.get("lit")) for t in tags],
            "width_m": [metres(t.get("width")) for t in tags],
            "pedestrian": [t["highway"] in ("pedestrian", "living_street") for t in tags],
            "walkable": [_walkable(t) for t in tags],
            "drivable": [_drivable(t) for t in tags],
            "on_ground": [_on_ground(t) for t in tags],
            "speed_kmh": [_speed(t) for t in tags],
            "oneway": np.array([_oneway(t) for t in tags], dtype=np.int8),
        },
        geometry=[shapely.LineString(xy) for xy in lines["xy"]],
        crs=4326,
    ).to_crs(crs)
    return validate("streets", frame, where="OpenStreetMap")


def street_lines(extract: OsmExtract) -> pd.DataFrame:
    """The extract's highways that exist, with their nodes."""
    lines = extract.lines_with("highway")
    return with_tags(lines, lambda t: (t["highway"] not in _NEVER and t.get("area") != "yes") or _square(t))


def _square(tags: Tags) -> bool:
    # The edge of a pedestrian square is walked along; other areas are not lines at all.
    return tags["highway"] in ("pedestrian", "footway") and tags.get("area") == "yes"


def _walkable(tags: Tags) -> bool:
    foot = tags.get("foot")
    if foot in _WALK_OK:
        return True
    if foot in ("no", "private", "use_sidepath") or tags["highway"] in _CAR_ONLY:
        return False
    if tags["highway"] == "cycleway":
        return (foot is None and tags.get("segregated") != "yes") or tags.get("sidewalk", "no") not in ("no", "none")
    return tags.get("access") not in ("no", "private")


def _drivable(tags: Tags) -> bool:
    if tags["highway"] not in _SPEED_KMH or tags.get("service") in ("parking_aisle", "driveway", "emergency_access"):
        return False
    return not ({tags.get("access"), tags.get("vehicle"), tags.get("motor_vehicle"), tags.get("motorcar")} & _CLOSED)


def _on_ground(tags: Tags) -> bool:
    indoor = tags["highway"] == "corridor" or tags.get("indoor", "no") != "no"
    below = tags.get("layer", tags.get("level", "0")).startswith("-") or tags.get("tunnel", "no") not in (
        "no", "building_passage", "arcade", "covered",
    )  # fmt: skip
    return not (indoor or below)


def _speed(tags: Tags) -> float:
    usual = float(_SPEED_KMH.get(tags["highway"], float("nan")))
    signed = tags.get("maxspeed", "")
    number, _, unit = signed.partition(" ")
    if not number.isdigit():
        return usual
    limit = float(number) * (1.609 if unit == "mph" else 1.0)
    return min(usual, 0.8 * limit) if limit <= 30 else min(0.85 * limit, usual * 1.3)


def _oneway(tags: Tags) -> int:
    value = tags.get("oneway", "")
    if value in ("-1", "reverse"):
        return -1
    around = tags.get("junction") in ("roundabout", "circular") or tags["highway"] == "motorway"
    return int(value in ("yes", "true", "1") or (around and value not in ("no", "false", "0")))


def _yes_no(value: str | None) -> bool | None:
    if value in ("yes", "24/7", "automatic", "limited", "sunset-sunrise"):
        return True
    return False if value in ("no", "disused") else None


def metres(value: str | None) -> float:
    """A length tag as metres; NaN where it is missing or not a number."""
    text = (value or "").replace(",", ".").removesuffix("m").strip()
    try:
        number = float(text)
    except ValueError:
        return float("nan")
    return number if number >= 0 else float("nan")
