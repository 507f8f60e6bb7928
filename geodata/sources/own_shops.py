"""A retailer's own shops: where they are, so that the next one keeps its distance."""

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd
from shapely.geometry.base import BaseGeometry

from geodata.sources.columns import Layout, map_columns
from geodata.sources.matching import LOCATION_NEEDED, LOCATION_SYNONYMS, locate_rows, shown_location
from geodata.sources.rows import all_left_out, left_out, own_ids
from geodata.sources.spreadsheet import read_spreadsheet
from geodata.sources.values import numbers
from geodata.tables import Reading, empty, validate

SOURCE = "own_shops"
LAYOUT = Layout(
    SOURCE,
    {
        "id": ("winkel id", "winkelnummer", "filiaal", "filiaalnummer", "vestiging", "vestigingsnummer", "shop id"),
        "name": ("naam", "winkel", "winkelnaam", "vestigingsnaam", "shop", "store", "magasin"),
        "floor_area": ("wvo", "wvo m2", "oppervlakte", "verkoopoppervlakte", "winkelvloeroppervlakte", "sales area"),
        **LOCATION_SYNONYMS,
    },
    needs=(LOCATION_NEEDED,),
)


def read_own_shops(
    path: Path,
    *,
    area: BaseGeometry,
    crs: int,
    books: Sequence[tuple[str, gpd.GeoDataFrame]] = (),
    data_dir: Path | None = None,
) -> Reading:
    """The `own_shops` table of a list (XLSX, CSV): id, name, floor area where given, and the place.

    Places as in `locate_rows` (`area`, `books`), columns as in `map_columns` (`data_dir`). Nothing is asked of a
    service outside. Shops without a place in `area` are skipped with the reason.
    """
    sheet = read_spreadsheet(path)
    rows = map_columns(sheet.frame.columns, LAYOUT, where=str(path), data_dir=data_dir).apply(sheet.frame, LAYOUT)
    located = locate_rows(rows, area=area, crs=crs, books=books)
    found = located.points.notna()
    table = pd.DataFrame(
        {"id": own_ids(rows["id"]), "name": rows["name"], "floor_area_m2": numbers(rows["floor_area"])}
    )
    frame = gpd.GeoDataFrame(table[found], geometry=located.points[found], crs=crs)
    checked = validate("own_shops", frame, where=str(path)) if len(frame) else empty("own_shops", crs)
    skipped = left_out(located.reasons, "x, y, street, house_number", shown_location(rows))
    return Reading(checked, SOURCE, sheet.rows_read, all_left_out(sheet.skipped, skipped), tuple(located.notes))
