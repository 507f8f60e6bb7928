"""The tables of a study area: their columns, units and what a missing value means.

Every table is a GeoDataFrame in the study's metric CRS. It keeps a margin beyond the boundary;
`in_study` says which rows lie inside. A missing value means "not known", never zero.
"""

from dataclasses import dataclass, field, fields
from typing import Any

import geopandas as gpd
import pandas as pd
import pandera.pandas as pa

from geodata.errors import GeodataError
from geodata.language import T, Text


def _text(description: str, **options: Any) -> pa.Column:
    return pa.Column(str, nullable=True, default=None, coerce=True, description=description, **options)


def _number(description: str, unit: str, *, low: float | None = 0.0) -> pa.Column:
    checks = [] if low is None else [pa.Check.ge(low)]
    return pa.Column(
        float, checks, nullable=True, default=float("nan"), coerce=True, title=unit, description=description
    )


def _required(kind: type, description: str, *checks: pa.Check, unique: bool = False, unit: str = "") -> pa.Column:
    return pa.Column(kind, list(checks), coerce=True, unique=unique, title=unit, description=description)


def _flag(description: str, *, default: bool = False) -> pa.Column:
    return pa.Column(bool, default=default, coerce=True, description=description)


_IN_STUDY = pa.Column(bool, default=True, coerce=True, description="inside the boundary, not in the margin")

AMENITY_KINDS = (
    "toilets", "drinking_water", "waste_basket", "bench", "school", "health", "culture", "worship", "hotel",
)  # fmt: skip

SCHEMAS: dict[str, pa.DataFrameSchema] = {
    "premises": pa.DataFrameSchema(
        {
            "id": _required(str, "node/1, way/1, relation/1 or the id in the user's list", unique=True),
            "name": _text("name on the shop front"),
            "brand": _text("formula as tagged or listed"),
            "chain": pa.Column(
                "boolean",
                nullable=True,
                default=None,
                coerce=True,
                description="formula with 7 outlets or more nationally",
            ),
            "state": _required(str, "occupied or vacant", pa.Check.isin(["occupied", "vacant"])),
            "branch": _text("branch id; missing for vacant units and for kinds outside the branch table"),
            "kind": _text("what the source calls it: shop=bakery, or the list's own branch name"),
            "vacancy_basis": _text("what says that it is vacant: shop=vacant, disused:shop, vacancy list"),
            "vacant_since": pa.Column(
                "datetime64[ns]",
                nullable=True,
                default=None,
                coerce=True,
                description="date of vacancy or of registration",
            ),
            "floor_area_m2": _number("sales floor area", "m²"),
            "floor_area_basis": _text("surveyed, or footprint (0.8 of the building's footprint, proxy)"),
            "rent_eur_per_year": _number("rent of a whole year as listed; of a vacant unit what is asked", "€/year"),
            "street": _text("street name"),
            "house_number": _text("house number"),
            "postcode": _text("postcode"),
            "place": _text("municipality or village in the address"),
            "opening_hours": _text("opening hours, OSM notation"),
            "location_method": _text("what placed it: coordinates, address_list, osm or online; missing when mapped"),
            "location_score": _number("how good the place is, 1 = exactly", "0–1"),
            "source": _required(str, "id of the source in the catalogue"),
            "in_study": _IN_STUDY,
        },
        add_missing_columns=True,
    ),
    "own_shops": pa.DataFrameSchema(
        {
            "id": _required(str, "the id in the user's list", unique=True),
            "name": _text("what the retailer calls the shop"),
            "branch": _text("branch id; missing where the list does not say, or names none of the branch table"),
            "floor_area_m2": _number("sales floor area", "m²"),
            "turnover_eur_per_year": _number("turnover of a whole year", "€/year"),
            "rent_eur_per_year": _number("rent of a whole year; 0 where none is paid", "€/year"),
            "premises_id": _text("the premises it is in, where the list names one that is on record"),
        },
        add_missing_columns=True,
    ),
    "residents": pa.DataFrameSchema(
        {
            "residents": _required(float, "persons living at this point", pa.Check.ge(0.0), unit="persons"),
            "basis": _required(
                str, "where the number comes from", pa.Check.isin(["polygons", "raster", "municipality", "proxy"])
            ),
            "in_study": _IN_STUDY,
        },
        add_missing_columns=True,
    ),
    "buildings": pa.DataFrameSchema(
        {
            "id": _required(str, "way/1 or relation/1"),
            "footprint_m2": _number("area on the ground", "m²"),
            "levels": _number("storeys as tagged", "storeys"),
            "use": _text("residential, retail, other or unknown"),
            "in_study": _IN_STUDY,
        },
        add_missing_columns=True,
    ),
    "stops": pa.DataFrameSchema(
        {
            "id": _required(str, "stop id of the feed, or node/1", unique=True),
            "name": _text("name of the stop"),
            "mode": _text("bus, tram, rail, metro, ferry or other"),
            "departures_weekday": _number("departures on a weekday of the busiest regular week", "departures/day"),
            "departures_saturday": _number("departures on the Saturday of that week", "departures/day"),
            "departures_sunday": _number("departures on the Sunday of that week", "departures/day"),
            "source": _required(str, "id of the source in the catalogue"),
            "in_study": _IN_STUDY,
        },
        add_missing_columns=True,
    ),
    "parking": pa.DataFrameSchema(
        {
            "id": _required(str, "node/1 or way/1"),
            "mode": _required(str, "car or bicycle", pa.Check.isin(["car", "bicycle"])),
            "places": _number("places", "places"),
            "places_basis": _text("tagged, area (25 m² a car, proxy) or default (proxy)"),
            "access": _text("yes, customers, private, permissive"),
            "in_study": _IN_STUDY,
        },
        add_missing_columns=True,
    ),
    "markets": pa.DataFrameSchema(
        {
            "id": _required(str, "node/1, way/1 or row of the list"),
            "name": _text("name of the market"),
            "days": _text("days and hours, OSM notation (Tu 08:00-12:30)"),
            "stalls": _number("stalls", "stalls"),
            "in_study": _IN_STUDY,
        },
        add_missing_columns=True,
    ),
    "counts": pa.DataFrameSchema(
        {
            "counter": _required(str, "name or id of the counter"),
            "date": pa.Column(
                "datetime64[ns]",
                nullable=True,
                default=None,
                coerce=True,
                description="day of the count; missing for a reference average",
            ),
            "hour_from": _number("start of the counted period", "hour of day"),
            "hour_to": _number("end of the counted period", "hour of day"),
            "pedestrians": _required(float, "persons counted, both directions", pa.Check.ge(0.0), unit="persons"),
            "day_kind": _required(str, "kind of day", pa.Check.isin(["ordinary", "market", "event", "holiday"])),
            "in_study": _IN_STUDY,
        },
        add_missing_columns=True,
    ),
    "amenities": pa.DataFrameSchema(
        {
            "id": _required(str, "node/1 or way/1"),
            "kind": _required(
                str,
                "kind of amenity",
                pa.Check.isin(AMENITY_KINDS),
            ),
            "name": _text("name"),
            "in_study": _IN_STUDY,
        },
        add_missing_columns=True,
    ),
    "addresses": pa.DataFrameSchema(
        {
            "street": _required(str, "street name"),
            "house_number": _required(str, "house number"),
            "postcode": _text("postcode"),
            "place": _text("municipality or village"),
            "in_study": _IN_STUDY,
        },
        add_missing_columns=True,
    ),
    "streets": pa.DataFrameSchema(
        {
            "id": _required(str, "way/1"),
            "name": _text("street name"),
            "highway": _required(str, "class of the street, OSM value"),
            "lit": pa.Column("boolean", nullable=True, default=None, coerce=True, description="street lighting"),
            "width_m": _number("width", "m"),
            "pedestrian": _flag("pedestrian or living street"),
            "walkable": _flag("pedestrians may and can use it"),
            "drivable": _flag("a car may use it"),
            "on_ground": _flag("in the open air at street level: doors open onto it", default=True),
            "speed_kmh": _number("driving speed: as signed, else usual for its class", "km/h"),
            "oneway": pa.Column(
                "int8",
                pa.Check.isin([-1, 0, 1]),
                default=0,
                coerce=True,
                description="1 along the line, -1 against it, 0 both ways, for cars",
            ),
            "in_study": _IN_STUDY,
        },
        add_missing_columns=True,
    ),
}


@dataclass(frozen=True, eq=False)
class Tables:
    """What is there, before anything is computed: one checked GeoDataFrame a theme."""

    premises: gpd.GeoDataFrame
    residents: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame
    stops: gpd.GeoDataFrame
    parking: gpd.GeoDataFrame
    markets: gpd.GeoDataFrame
    counts: gpd.GeoDataFrame
    amenities: gpd.GeoDataFrame
    addresses: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame

    def items(self) -> list[tuple[str, gpd.GeoDataFrame]]:
        """Name and table, in declared order."""
        return [(f.name, getattr(self, f.name)) for f in fields(self)]


@dataclass(frozen=True, eq=False)
class Reading:
    """What came out of one source: the good rows, and the bad ones with the reason.

    `skipped` has the columns `row` (1 = first data row, as a spreadsheet user counts), `field`,
    `value` and `reason` (a Text); `doubts` lists, with the same columns, cells that could not be used of
    rows that are used without them. `notes` are facts about the reading that a user should know.
    `vintage`: the day, year or span the data describe, where the file says so.
    """

    table: gpd.GeoDataFrame
    source: str
    rows_read: int
    skipped: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["row", "field", "value", "reason"]))
    notes: tuple[Text, ...] = ()
    vintage: str | None = None
    doubts: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["row", "field", "value", "reason"]))


def empty(name: str, crs: Any) -> gpd.GeoDataFrame:
    """A table of the given name without rows, with all its columns and types."""
    frame = gpd.GeoDataFrame(geometry=gpd.GeoSeries([], crs=crs))
    required = [c for c, column in SCHEMAS[name].columns.items() if column.default is None and c not in frame]
    return validate(name, frame.assign(**{c: pd.Series(dtype=object) for c in required}), where=name)


def with_later_columns(name: str, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """A table as an earlier version stored it, with the columns it did not have yet: nothing in them is known."""
    columns = SCHEMAS[name].columns.items()
    return frame.assign(**{c: column.default for c, column in columns if column.nullable and c not in frame})


def validate(name: str, frame: gpd.GeoDataFrame, *, where: str) -> gpd.GeoDataFrame:
    """The frame with the table's columns, in order and of the declared types.

    Optional columns that are missing are added as not known. Raises GeodataError naming the
    first column, row and value that break the schema; `where` names the file in that message.
    """
    try:
        checked = SCHEMAS[name].validate(pd.DataFrame(frame.drop(columns="geometry")), lazy=True)
    except pa.errors.SchemaErrors as error:
        first = error.failure_cases.iloc[0]
        raise GeodataError(
            T(
                "row {row}, field {field}: {value} does not fit the table {table} ({check}).",
                row="–" if pd.isna(first["index"]) else str(first["index"]),
                field=str(first["column"]),
                value=str(first["failure_case"]),
                table=name,
                check=str(first["check"]),
            ),
            where=where,
            remedy=T("Correct the value or leave the row out."),
        ) from error
    columns = list(SCHEMAS[name].columns)
    return gpd.GeoDataFrame(
        checked[columns].reset_index(drop=True), geometry=frame.geometry.reset_index(drop=True), crs=frame.crs
    )
