"""A file of addresses with coordinates (the Flemish address register, BeST): to place lists that have none."""

from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import pandas as pd
from shapely.geometry.base import BaseGeometry

from geodata.language import T
from geodata.sources.addresses import split_address
from geodata.sources.columns import Layout, map_columns
from geodata.sources.coordinates import OUTSIDE, read_coordinates, split_point
from geodata.sources.matching import LOCATION_SYNONYMS, shown_location
from geodata.sources.rows import all_left_out, left_out
from geodata.sources.spreadsheet import read_spreadsheet
from geodata.tables import Reading, empty, validate

SOURCE = "address_list"

LAYOUT = Layout(
    SOURCE,
    {
        **LOCATION_SYNONYMS,
        "x": (*LOCATION_SYNONYMS["x"], "epsg 31370 x", "epsg:31370_x", "epsg 4326 lon"),
        "y": (*LOCATION_SYNONYMS["y"], "epsg 31370 y", "epsg:31370_y", "epsg 4326 lat"),
        "street": (*LOCATION_SYNONYMS["street"], "streetname nl", "straatnaam nl"),
        "place": (*LOCATION_SYNONYMS["place"], "municipality name nl", "gemeentenaam"),
    },
    needs=(("x", "point"), ("street", "address")),
)


def read_addresses(
    path: Path,
    *,
    area: BaseGeometry,
    crs: int,
    mapping: Mapping[str, str] | None = None,
    data_dir: Path | None = None,
) -> Reading:
    """The `addresses` table of an XLSX or CSV file with street, house number and coordinates.

    Coordinates as in `read_coordinates`; addresses outside `area` (WGS84) are left out without a
    word, for such files cover all of Flanders. `mapping` and `data_dir` as in `map_columns`. Raises
    GeodataError for a file that cannot be read or lacks these columns.
    """
    sheet = read_spreadsheet(path)
    columns = map_columns(sheet.frame.columns, LAYOUT, where=str(path), given=mapping, data_dir=data_dir)
    rows = columns.apply(sheet.frame, LAYOUT)
    pairs = split_point(rows["point"])
    coordinates = read_coordinates(rows["x"].fillna(pairs[0]), rows["y"].fillna(pairs[1]), area=area, crs=crs)
    split = split_address(rows["address"])
    table = pd.DataFrame({c: rows[c].fillna(split[c]) for c in ("street", "house_number", "postcode", "place")})
    whole = table.street.notna() & table.house_number.notna()
    reasons = coordinates.reasons.mask(~whole, T("the street or the house number is missing."))
    elsewhere = whole & reasons.map(lambda reason: reason is OUTSIDE)
    good = whole & coordinates.points.notna()
    unplaced = whole & ~good & reasons.isna()
    reasons[unplaced] = T("the row has no coordinates.")
    skipped = left_out(reasons.mask(elsewhere | good, None), "street, house_number, x, y", shown_location(rows))
    notes = [*coordinates.notes]
    if elsewhere.any():
        notes.append(T("{n} addresses lie outside the area and are left out.", n=int(elsewhere.sum())))
    frame = gpd.GeoDataFrame(table[good], geometry=coordinates.points[good], crs=crs)
    checked = validate("addresses", frame, where=str(path)) if len(frame) else empty("addresses", crs)
    return Reading(checked, SOURCE, sheet.rows_read, all_left_out(sheet.skipped, skipped), tuple(notes))
