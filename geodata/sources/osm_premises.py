"""Premises from OpenStreetMap: what counts as a shop front, when it is vacant, and how big it is."""

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.spatial import KDTree

from geodata.branches import BranchTable, normalise
from geodata.sources.osm import OsmExtract, Tags, with_tags
from geodata.tables import validate

_NOT_A_SHOP = {"mall", "no", "none"}
_HORECA = {"restaurant", "cafe", "bar", "pub", "fast_food", "ice_cream", "nightclub", "biergarten", "food_court"}
_SERVICES = {"bank", "bureau_de_change", "pharmacy", "post_office"}
_OFFICES = {"estate_agent", "insurance", "travel_agent"}
_VACANT = {"vacant", "disused", "empty", "closed"}

FLOOR_SHARE = 0.8
"""Sales floor over gross floor where only the building is known (domain norm: WVO is about 80 % of BVO)."""

LARGEST_GUESS_M2 = 2500.0
"""A larger footprint is a hall with more than one use: its floor area is not known."""

SAME_NAME_M = 15.0
"""Two named premises of one kind and name within this distance are one, mapped twice."""


def premises_from_osm(
    extract: OsmExtract, buildings: gpd.GeoDataFrame, branches: BranchTable, crs: int
) -> gpd.GeoDataFrame:
    """The `premises` table. `buildings` are polygons in `crs` with columns footprint_m2 and the address tags.

    Vacant: shop=vacant, disused, empty or closed, amenity=vacant, or disused:shop / disused:amenity without a live tag.
    A unit without floor area takes 0.8 of its share of the building's footprint, marked as a proxy.
    """
    places = extract.places_with("shop", "amenity", "office", "disused:shop", "disused:amenity")
    places = with_tags(places, lambda t: classify(t, branches))
    tags = places["tags"].tolist()
    found = [f for t in tags if (f := classify(t, branches))]
    shape = places.geometry.to_crs(crs)
    area = shape.area.to_numpy()
    frame = gpd.GeoDataFrame(
        {
            "id": places["id"].to_numpy(),
            "name": [t.get("name") for t in tags],
            "brand": [t.get("brand") for t in tags],
            "chain": pd.array([_chain(t, branches) for t in tags], dtype="boolean"),
            "state": [state for state, _, _, _ in found],
            "branch": [branch for _, branch, _, _ in found],
            "kind": [kind for _, _, kind, _ in found],
            "vacancy_basis": [basis for _, _, _, basis in found],
            "floor_area_m2": [_surveyed_area(t) for t in tags],
            "street": [t.get("addr:street") or t.get("addr:place") for t in tags],
            "house_number": [t.get("addr:housenumber") for t in tags],
            "postcode": [t.get("addr:postcode") for t in tags],
            "place": [t.get("addr:city") for t in tags],
            "opening_hours": [t.get("opening_hours") for t in tags],
            "source": "osm",
        },
        geometry=shape.representative_point().to_numpy(),
        crs=crs,
    )
    frame["_own_m2"] = np.where(area > 0, area, np.nan)
    frame = _without_doubles(frame)
    frame = _with_building(frame, buildings)
    return validate("premises", frame, where="OpenStreetMap")


def classify(tags: Tags, branches: BranchTable) -> tuple[str, str | None, str, str | None] | None:
    """(state, branch, kind, what says it is vacant) of a tagged place; None when it is not a premises."""
    shop, amenity = _first(tags, "shop"), _first(tags, "amenity")
    if shop in _VACANT:
        return "vacant", None, f"shop={shop}", f"shop={shop}"
    if amenity == "vacant":
        return "vacant", None, "amenity=vacant", "amenity=vacant"
    for key, value, known in (
        ("shop", shop, None),
        ("amenity", amenity, _HORECA | _SERVICES),
        ("office", _first(tags, "office"), _OFFICES),
    ):
        if value and value not in _NOT_A_SHOP and (known is None or value in known):
            return "occupied", branches.by_tag.get(f"{key}={value}"), f"{key}={value}", None
    was_shop, was_amenity = _first(tags, "disused:shop"), _first(tags, "disused:amenity")
    if was_shop and was_shop not in _NOT_A_SHOP:
        return "vacant", None, f"disused:shop={was_shop}", "disused:shop"
    if was_amenity in _HORECA | _SERVICES | {"vacant"}:
        return "vacant", None, f"disused:amenity={was_amenity}", "disused:amenity"
    return None


def _first(tags: Tags, key: str) -> str:
    return tags.get(key, "").split(";")[0].strip()


def _chain(tags: Tags, branches: BranchTable) -> bool | None:
    if "brand:wikidata" in tags or "brand" in tags:
        return True
    return branches.is_chain(tags.get("name"))


def _surveyed_area(tags: Tags) -> float:
    value = tags.get("floor_area", tags.get("shop:area", "")).replace(",", ".").removesuffix("m²").strip()
    return float(value) if value.replace(".", "", 1).isdigit() else float("nan")


def _without_doubles(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    names = [normalise(n) if isinstance(n, str) else None for n in frame["name"]]
    key = frame["kind"].astype("str") + "|" + pd.Series(names, index=frame.index, dtype="str")
    xy = np.column_stack([frame.geometry.x, frame.geometry.y])
    drop: set[int] = set()
    for rows in frame.groupby(key, sort=False).indices.values():
        if len(rows) > 1:
            for a, b in sorted(KDTree(xy[rows]).query_pairs(SAME_NAME_M)):
                if rows[a] not in drop:  # the one with its own polygon knows most
                    keep_second = np.isnan(frame["_own_m2"].iloc[rows[a]]) and frame["_own_m2"].iloc[rows[b]] > 0
                    drop.add(int(rows[a] if keep_second else rows[b]))
    return frame.drop(index=frame.index[sorted(drop)]).reset_index(drop=True)


def _with_building(frame: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    inside = frame[["geometry"]].sjoin(buildings, predicate="within", how="left")
    inside = inside[~inside.index.duplicated()]
    sharing = inside.groupby("index_right")["index_right"].transform("size")
    footprint = frame["_own_m2"].fillna(inside["footprint_m2"] / sharing)
    guess = (FLOOR_SHARE * footprint).where(footprint <= LARGEST_GUESS_M2)
    surveyed = frame["floor_area_m2"].notna()
    no_address = frame["house_number"].isna()
    return frame.drop(columns="_own_m2").assign(
        floor_area_m2=frame["floor_area_m2"].where(surveyed, guess),
        floor_area_basis=pd.Series(None, index=frame.index, dtype=object)
        .mask(guess.notna(), "footprint")
        .mask(surveyed, "surveyed"),
        **{
            column: frame[column].where(~(no_address & inside[tag].notna()), inside[tag])
            for column, tag in (
                ("street", "addr:street"),
                ("house_number", "addr:housenumber"),
                ("postcode", "addr:postcode"),
                ("place", "addr:city"),
            )
        },
    )
