"""Pedestrian counts: rows of counter, day and hours, a column an hour, or mean days of a counting station."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

from geodata.branches import normalise
from geodata.errors import GeodataError
from geodata.language import T
from geodata.sources.columns import Layout, map_columns
from geodata.sources.matching import LOCATION_NEEDED, LOCATION_SYNONYMS, Geocoder, locate_rows, shown_location
from geodata.sources.rows import all_left_out, because, left_out, of_rows
from geodata.sources.spreadsheet import read_spreadsheet
from geodata.sources.values import dates, hours, is_missing, numbers
from geodata.tables import Reading, empty, validate

SOURCE = "counts"

LAYOUT = Layout(
    SOURCE,
    {
        "counter": (
            "teller", "telpunt", "meetpunt", "locatienaam", "naam", "station id", "station", "compteur", "counter id",
            "segment id", "sensor", "name", "id",
        ),
        "title": ("station name", "omschrijving", "naam telpunt", "description"),
        "date": ("datum", "dag", "day", "jour", "tijdstip", "timestamp", "datetime", "datum tijd", "date time"),
        "hours": ("uur", "uren", "tijd", "periode", "tijdvak", "hour", "time", "heure", "tijdsblok"),
        "hour_from": ("van", "begin", "uur van", "start", "from", "beginuur"),
        "hour_to": ("tot", "einde", "uur tot", "end", "to", "einduur"),
        "pedestrians": (
            "voetgangers", "passanten", "aantal", "aantal passanten", "aantal voetgangers", "telling", "count",
            "pedestrian", "pietons", "bezoekers", "ref daily", "gemiddelde per dag", "total", "totaal",
        ),
        "pedestrians_in": ("in", "richting 1", "voetgangers in", "direction 1", "heen"),
        "pedestrians_out": ("out", "uit", "richting 2", "voetgangers uit", "direction 2", "terug"),
        "day_kind": ("dagtype", "soort dag", "bijzonderheid", "day type", "evenement", "opmerking dag"),
        **LOCATION_SYNONYMS,
    },
    needs=(("counter", *LOCATION_NEEDED),),
)  # fmt: skip

_CLOCK = r"\d{1,2}(?:[:uh.]\d{2}|[uh])?"
_HOUR_COLUMN = re.compile(rf"(?:^|[a-z]+[ _])[uh]?({_CLOCK}(?:\s*[-_–]\s*{_CLOCK})?)\s*(?:uur)?$")
_FEWEST_HOUR_COLUMNS = 3
_DAY_KINDS = {
    "market": ("markt", "market", "marche"),
    "event": ("even", "kermis", "braderie", "solden"),
    "holiday": ("feestdag", "holiday", "ferie", "vakantie", "verlof"),
}


def read_counts(
    path: Path,
    *,
    area: BaseGeometry,
    crs: int,
    books: Sequence[tuple[str, gpd.GeoDataFrame]] = (),
    geocode: Geocoder | None = None,
    mapping: Mapping[str, str] | None = None,
    data_dir: Path | None = None,
) -> Reading:
    """The `counts` table of a counter's file (XLSX, CSV): persons by counter, day and period, both directions.

    Three shapes are recognised: a row a period (`hours`, `hour_from` and `hour_to`, or a time in
    the date); a column an hour (08:00, 8-9, jeu_7_9), of which at least three; and one mean a day
    (0 to 24 h, no date). Places as in `locate_rows`, columns as in `map_columns`. Empty cells are
    not known and give no row; unreadable counts, dates and places are skipped with the reason.
    Raises GeodataError when counters have no place, or nothing is counted.
    """
    sheet = read_spreadsheet(path)
    hourly = hour_columns(sheet.frame.columns)
    others = [c for c in sheet.frame.columns if c not in hourly]
    columns = map_columns(others, LAYOUT, where=str(path), given=mapping, data_dir=data_dir)
    if not any(field in columns.columns for field in LOCATION_NEEDED):
        raise GeodataError(
            T("the counters have no place: no coordinates and no addresses."),
            where=str(path),
            remedy=T("Add the columns lon and lat, or street and house number, to each row."),
        )
    rows = columns.apply(sheet.frame, LAYOUT)
    long = _melt(sheet.frame, rows, hourly) if hourly else _one_count(rows)
    if not any(f in columns.columns for f in ("pedestrians", "pedestrians_in", "pedestrians_out")) and not hourly:
        raise GeodataError(
            T("no column with counts; the columns are {columns}.", columns=", ".join(sheet.frame.columns)),
            where=str(path),
            remedy=T("Name it `pedestrians`, or give a column an hour (08:00, 09:00, …)."),
        )
    located = locate_rows(rows, area=area, crs=crs, books=books, geocode=geocode)
    day = dates(rows["date"])
    bad_day = ~is_missing(rows["date"]) & day.isna()
    bad_hours = pd.Series(False, index=rows.index) if hourly else _garbled_hours(rows)
    unreadable = long.value.notna() & ~is_missing(long.value) & ~(long.pedestrians >= 0)
    good = (long.pedestrians >= 0) & located.points.notna()[long.index] & ~(bad_day | bad_hours)[long.index]
    counter = rows["title"].fillna(rows["counter"]).fillna(shown_location(rows))
    table = pd.DataFrame(
        {
            "counter": counter[long.index].to_numpy(),
            "date": day[long.index].to_numpy(),
            "hour_from": long.hour_from.to_numpy(),
            "hour_to": long.hour_to.to_numpy(),
            "pedestrians": long.pedestrians.to_numpy(),
            "day_kind": _day_kind(rows["day_kind"])[long.index].to_numpy(),
        },
        index=long.index,
    )[good.to_numpy()]
    skipped = all_left_out(
        sheet.skipped,
        left_out(located.reasons, "x, y, street, house_number", shown_location(rows)),
        because(bad_day, "date", rows["date"], T("the date cannot be read.")),
        because(bad_hours, "hours", rows["hours"].fillna(rows["hour_from"]), T("the hours cannot be read.")),
        because(unreadable, "pedestrians", long.value, T("the count is no number of 0 or more.")),
    )
    frame = gpd.GeoDataFrame(table, geometry=list(located.points[table.index]), crs=crs)
    checked = validate("counts", frame.reset_index(drop=True), where=str(path)) if len(frame) else empty("counts", crs)
    doubts = of_rows(located.doubts, pd.Series(rows.index.isin(table.index), index=rows.index))
    notes = [*located.notes]
    if len(table) and table["date"].isna().all():
        notes.append(T("the counts have no dates and are read as a mean day."))
    return Reading(checked, SOURCE, sheet.rows_read, skipped, tuple(notes), _span(checked["date"]), doubts)


def hour_columns(headers: pd.Index) -> dict[str, tuple[float, float]]:
    """Headers that are a period of the day, with its begin and end in hours; none when fewer than three are."""
    found = {h: m.group(1) for h in headers if (m := _HOUR_COLUMN.search(normalise(str(h).replace("/", "-"))))}
    periods = hours(pd.Series(found, dtype="str"))
    ends = periods.hour_to.fillna(periods.hour_from + 1)
    whole = {
        str(h): (float(b), float(e)) for h, b, e in zip(periods.index, periods.hour_from, ends, strict=True) if b >= 0
    }
    return whole if len(whole) >= _FEWEST_HOUR_COLUMNS else {}


def _melt(frame: pd.DataFrame, rows: pd.DataFrame, hourly: dict[str, tuple[float, float]]) -> pd.DataFrame:
    """A row for each filled hour: value (text), pedestrians, hour_from, hour_to; the index is the list's row."""
    pieces = [
        pd.DataFrame({"value": frame[h], "pedestrians": numbers(frame[h]), "hour_from": begin, "hour_to": end})
        for h, (begin, end) in hourly.items()
    ]
    long = pd.concat(pieces).sort_index(kind="stable")
    return long[~is_missing(long.value)]


def _one_count(rows: pd.DataFrame) -> pd.DataFrame:
    """A row a count: the two directions added where they are apart; a whole day where no hours are given."""
    ways = numbers(rows["pedestrians_in"]).add(numbers(rows["pedestrians_out"]), fill_value=0.0)
    period = hours(rows["hours"])
    clock = hours(rows["date"].str.extract(r"[T ]\s*(\d{1,2}[:u]\d{2})")[0].astype("str"))
    begin = period.hour_from.fillna(hours(rows["hour_from"]).hour_from).fillna(clock.hour_from)
    end = period.hour_to.fillna(hours(rows["hour_to"]).hour_from).fillna(begin + 1)
    return pd.DataFrame(
        {
            "value": rows["pedestrians"].fillna(rows["pedestrians_in"]).fillna(rows["pedestrians_out"]),
            "pedestrians": numbers(rows["pedestrians"]).fillna(ways),
            "hour_from": begin.fillna(0.0),
            "hour_to": end.fillna(24.0),
        }
    )


def _day_kind(column: pd.Series) -> pd.Series:
    plain = column.fillna("").map(normalise)
    kinds = [plain.map(lambda text, words=words: any(w in text for w in words)) for words in _DAY_KINDS.values()]
    return pd.Series(np.select([k.astype(bool) for k in kinds], list(_DAY_KINDS), "ordinary"), index=column.index)


def _garbled_hours(rows: pd.DataFrame) -> pd.Series:
    """Rows that name hours which cannot be read: such a count is not one of a whole day."""
    begin = hours(rows["hours"]).hour_from.fillna(hours(rows["hour_from"]).hour_from)
    return (~is_missing(rows["hours"]) | ~is_missing(rows["hour_from"])) & begin.isna()


def _span(dates: pd.Series) -> str | None:
    known = dates.dropna()
    return f"{known.min():%Y-%m-%d} – {known.max():%Y-%m-%d}" if len(known) else None
