"""What a page stands on: the sources of an area with publisher, licence and date, a line each publisher and day."""

from collections.abc import Mapping
from typing import Any

from geodata.language import T, Text
from geodata.sources.catalogue import source
from geodata.store import Area
from location_model.report.words import Words

SPAN = " – "
"""Between the first and the last day of data that span a time."""

MARKS: dict[str, Text] = {
    "population_raster": T("modelled"),
    "residents_given": T("estimate"),
}
"""What is no count and no survey."""

AS_GIVEN = ("premises_list", "vacancy_list", "counts", "markets_list")
"""Lists that the user made or bought: whoever publishes such lists elsewhere did not publish these."""


def source_lines(area: Area, words: Words) -> list[str]:
    """One line for all sources of the same publisher, licence and dates, in the order in which they were read."""
    dates: dict[tuple[str, str], list[str]] = {}
    for given in area.manifest["sources"]:
        days = dates.setdefault((_title(given, words), _by(given, area.sample, words)), [])
        if (day := _dated(_read_from(given, area), words)) not in days:
            days.append(day)
    lines: dict[tuple[str, str], list[str]] = {}
    for (title, by), days in dates.items():
        lines.setdefault((by, "; ".join(days)), []).append(title)
    return [f"{'; '.join(titles)}: {by}, {dated}" for (by, dated), titles in lines.items()]


def _read_from(given: Mapping[str, Any], area: Area) -> Mapping[str, Any]:
    """What holds its date: residents estimated from the map are as old as the map."""
    same = (s for s in area.manifest["sources"] if s["id"] == given["id"] and s["files"])
    return given if given["files"] else next(same, given)


def _title(given: Mapping[str, Any], words: Words) -> str:
    guessed = given["id"] == "osm" and not given["files"]
    title = T("Residents, estimated from buildings") if guessed else source(given["id"]).title
    mark = MARKS.get(given["id"])
    return words(title) + ("" if mark is None else f" ({words(mark)})")


def _by(given: Mapping[str, Any], sample: bool, words: Words) -> str:
    if sample:
        return words(T("sample data, invented"))
    known = source(given["id"])
    if given["id"] in AS_GIVEN or not known.publisher:
        return ", ".join([words(T("your own file")), *given["files"]])
    licence = known.licence or words(T("licence not stated"))
    return f"{known.publisher}, {licence}"


def _dated(given: Mapping[str, Any], words: Words) -> str:
    if given["vintage"]:
        return SPAN.join(_day(part, words) for part in given["vintage"].split(SPAN))
    if given.get("file_day"):
        return words(T("file of {day}", day=words.day(given["file_day"])))
    return words(T("date not known"))


def _day(text: str, words: Words) -> str:
    try:
        return words.day(text)
    except ValueError:
        return text  # a year, or what the publisher calls it
