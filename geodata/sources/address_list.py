"""A file of addresses with coordinates (the Flemish address register, BeST): to place lists that have none."""

import csv
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv
from shapely.geometry.base import BaseGeometry

from geodata.errors import GeodataError
from geodata.files import encoding_of, require_file
from geodata.language import T, Text, TN
from geodata.sources.addresses import split_address
from geodata.sources.columns import ColumnMapping, Layout, map_columns
from geodata.sources.coordinates import OUTSIDE, read_coordinates, split_point
from geodata.sources.matching import LOCATION_SYNONYMS, shown_location
from geodata.sources.rows import all_left_out, left_out
from geodata.sources.spreadsheet import Sheet, delimiter_of, read_spreadsheet
from geodata.tables import Reading, empty, validate

SOURCE = "address_list"
LARGE_BYTES = 30_000_000
"""A text file above this size is read in pieces: the addresses of all Flanders are some 700 MB."""

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
    """The `addresses` table of an XLSX or CSV file, or a zip with one CSV, with street, house number and coordinates.

    Coordinates as in `read_coordinates`; addresses outside `area` (WGS84) are left out and counted,
    for such files may cover all of Flanders. Large files are read in pieces. `mapping` and
    `data_dir` as in `map_columns`. Raises GeodataError for a file that cannot be read or lacks
    these columns.
    """
    tables, skipped, notes = [], [], dict[Text, None]()
    n_read = n_elsewhere = 0
    columns: ColumnMapping | None = None
    for sheet in _sheets(path):
        if columns is None:
            columns = map_columns(sheet.frame.columns, LAYOUT, where=str(path), given=mapping, data_dir=data_dir)
        table, bad, elsewhere, said = _addresses(columns.apply(sheet.frame, LAYOUT), area, crs)
        tables.append(table)
        skipped += [sheet.skipped, bad]
        notes |= dict.fromkeys(said)
        n_read, n_elsewhere = n_read + sheet.rows_read, n_elsewhere + elsewhere
    if n_elsewhere:
        outside = TN(
            "one address lies outside the area and is left out.",
            "{count} addresses lie outside the area and are left out.",
            n_elsewhere,
        )
        notes[outside] = None
    if not n_read:
        raise GeodataError(
            T("there is no table in this file: a row of headers with rows below it."),
            where=str(path),
            remedy=T("Put the names of the columns on one row, and the data below it."),
        )
    if n_elsewhere and not any(len(table) for table in tables):
        raise GeodataError(
            T("none of the {n} addresses lies in the area.", n=n_elsewhere),
            where=str(path),
            remedy=T("Give the address file of this municipality or its region."),
        )
    whole = pd.concat(tables, ignore_index=True).drop_duplicates(["street", "house_number", "postcode", "place"])
    frame = gpd.GeoDataFrame(whole, geometry="geometry", crs=crs)
    checked = validate("addresses", frame, where=str(path)) if len(frame) else empty("addresses", crs)
    return Reading(checked, SOURCE, n_read, all_left_out(*skipped), tuple(notes))


def _addresses(
    rows: pd.DataFrame, area: BaseGeometry, crs: int
) -> tuple[gpd.GeoDataFrame, pd.DataFrame, int, tuple[Text, ...]]:
    """Addresses in the area, the rows that are no address, how many lie elsewhere, and notes."""
    pairs = split_point(rows["point"])
    coordinates = read_coordinates(rows["x"].fillna(pairs[0]), rows["y"].fillna(pairs[1]), area=area, crs=crs)
    split = split_address(rows["address"])
    table = pd.DataFrame({c: rows[c].fillna(split[c]) for c in ("street", "house_number", "postcode", "place")})
    whole = table.street.notna() & table.house_number.notna()
    reasons = coordinates.reasons.mask(~whole, T("the street or the house number is missing."))
    elsewhere = whole & reasons.map(lambda reason: reason is OUTSIDE)
    good = whole & coordinates.points.notna()
    reasons[whole & ~good & reasons.isna()] = T("the row has no coordinates.")
    bad = left_out(reasons.mask(elsewhere | good, None), "street, house_number, x, y", shown_location(rows))
    frame = gpd.GeoDataFrame(table[good], geometry=coordinates.points[good], crs=crs)
    return frame, bad, int(elsewhere.sum()), coordinates.notes


def _sheets(path: Path) -> Iterator[Sheet]:
    """The file whole, or, when it is large or a zip of one CSV, piece by piece; rows keep counting."""
    require_file(path)
    if not zipfile.is_zipfile(path):
        if path.stat().st_size <= LARGE_BYTES:
            yield read_spreadsheet(path)
        else:
            yield from _pieces(path, lambda: path.open("rb"))
        return
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.lower().endswith(".csv")]
        if len(names) == 1:
            yield from _pieces(path, lambda: archive.open(names[0]))
        else:
            yield read_spreadsheet(path)


def _pieces(path: Path, open_file: Callable[[], IO[bytes]]) -> Iterator[Sheet]:
    encoding = encoding_of(open_file)
    with open_file() as file:
        head = file.read(100_000).decode("utf-8-sig" if encoding == "utf-8" else encoding, errors="replace")
    head = head.rpartition("\n")[0]
    delimiter = delimiter_of(head)
    headers = next(csv.reader(head.splitlines(), delimiter=delimiter), [])
    n_before = 0
    try:
        with open_file() as file:
            reader = pacsv.open_csv(
                file,
                read_options=pacsv.ReadOptions(block_size=LARGE_BYTES // 4, encoding=encoding),
                parse_options=pacsv.ParseOptions(delimiter=delimiter, invalid_row_handler=lambda row: "skip"),
                convert_options=pacsv.ConvertOptions(
                    column_types=dict.fromkeys(headers, pa.string()), strings_can_be_null=True, null_values=[""]
                ),
            )
            for batch in reader:
                frame = batch.to_pandas()
                frame.index = pd.RangeIndex(n_before + 1, n_before + len(frame) + 1, name="row")
                n_before += len(frame)
                yield Sheet(frame, all_left_out(), path)
    except (pa.ArrowInvalid, OSError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise GeodataError(
            T("the file cannot be read: {reason}.", reason=str(error).rstrip(".")),
            where=str(path),
            remedy=T("Copy it again from the publisher."),
        ) from error
