"""Weekly markets: where, on which day and hours, and how many stalls."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd
from shapely.geometry.base import BaseGeometry

from geodata.branches import normalise
from geodata.language import T
from geodata.sources.columns import Layout, map_columns
from geodata.sources.matching import LOCATION_NEEDED, LOCATION_SYNONYMS, Geocoder, locate_rows, shown_location
from geodata.sources.rows import all_left_out, because, left_out, of_rows, unused_numbers
from geodata.sources.spreadsheet import read_spreadsheet
from geodata.sources.values import hours, is_missing, numbers
from geodata.tables import Reading, empty, validate

SOURCE = "markets_list"

LAYOUT = Layout(
    SOURCE,
    {
        "name": ("naam", "markt", "naam markt", "nom", "marche"),
        "days": ("dag", "dagen", "marktdag", "day", "jour"),
        "hours": ("uur", "uren", "tijd", "tijdstip", "heures", "van tot"),
        "hour_from": ("van", "begin", "beginuur", "from", "start"),
        "hour_to": ("tot", "einde", "einduur", "to", "end"),
        "stalls": ("kramen", "aantal kramen", "standplaatsen", "aantal standplaatsen", "stands", "echoppes"),
        **LOCATION_SYNONYMS,
    },
    needs=(("days", "name"), LOCATION_NEEDED),
)

_DAYS = {
    "Mo": ("maandag", "ma", "lundi", "monday", "mo"),
    "Tu": ("dinsdag", "di", "mardi", "tuesday", "tu"),
    "We": ("woensdag", "wo", "mercredi", "wednesday", "we"),
    "Th": ("donderdag", "do", "jeudi", "thursday", "th"),
    "Fr": ("vrijdag", "vr", "vendredi", "friday", "fr"),
    "Sa": ("zaterdag", "za", "samedi", "saturday", "sa"),
    "Su": ("zondag", "zo", "dimanche", "sunday", "su"),
}


def read_markets(
    path: Path,
    *,
    area: BaseGeometry,
    crs: int,
    books: Sequence[tuple[str, gpd.GeoDataFrame]] = (),
    geocode: Geocoder | None = None,
    mapping: Mapping[str, str] | None = None,
    data_dir: Path | None = None,
) -> Reading:
    """The `markets` table of a list (XLSX, CSV): days become OSM notation, `Tu 08:00-12:30`.

    Places as in `locate_rows`, columns as in `map_columns`. Days, hours or stalls that cannot be read are
    not known and listed in `doubts`; rows without a place are skipped with the reason.
    """
    sheet = read_spreadsheet(path)
    columns = map_columns(sheet.frame.columns, LAYOUT, where=str(path), given=mapping, data_dir=data_dir)
    rows = columns.apply(sheet.frame, LAYOUT)
    located = locate_rows(rows, area=area, crs=crs, books=books, geocode=geocode)
    days = opening_days(rows)
    table = pd.DataFrame(
        {
            "id": "row/" + rows.index.astype("str"),
            "name": rows["name"],
            "days": days,
            "stalls": numbers(rows["stalls"]).where(lambda n: n > 0),
        },
        index=rows.index,
    )
    found = located.points.notna()
    skipped = left_out(located.reasons, "x, y, street, house_number", shown_location(rows))
    no_day = T("no day of the week is named here; the row is used without it.")
    no_hours = T("these hours cannot be read; the row is used without them.")
    doubts = all_left_out(
        located.doubts,
        because(~is_missing(rows["days"]) & days.isna(), "days", rows["days"], no_day),
        because(~is_missing(rows["hours"]) & hours(rows["hours"]).hour_from.isna(), "hours", rows["hours"], no_hours),
        unused_numbers(rows["stalls"], "stalls"),
    )
    frame = gpd.GeoDataFrame(table[found], geometry=located.points[found], crs=crs)
    checked = validate("markets", frame, where=str(path)) if len(frame) else empty("markets", crs)
    bad = all_left_out(sheet.skipped, skipped)
    return Reading(checked, SOURCE, sheet.rows_read, bad, located.notes, doubts=of_rows(doubts, found))


def opening_days(rows: pd.DataFrame) -> pd.Series:
    """Days and hours of each row in OSM notation; missing where no day is named."""
    said = hours(rows["hours"])
    said = said.where(said.hour_to.notna(), hours(rows["days"]))
    begin = said.hour_from.where(said.hour_to.notna(), hours(rows["hour_from"]).hour_from)
    end = said.hour_to.fillna(hours(rows["hour_to"]).hour_from)
    days = rows["days"].map(_days, na_action="ignore").astype("str")
    period = pd.Series(
        [f" {_clock(b)}-{_clock(e)}" if b >= 0 and e >= 0 else "" for b, e in zip(begin, end, strict=True)],
        index=rows.index,
    )
    return (days + period).where(days.notna())


def _days(text: object) -> str | None:
    words = set(re.findall(r"[a-z]+", normalise(str(text))))
    named = [day for day, names in _DAYS.items() if words & {*names, *(name + "s" for name in names if len(name) > 2)}]
    return ",".join(named) or None


def _clock(hour: float) -> str:
    minutes = round(hour * 60)
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"
