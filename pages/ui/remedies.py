"""What to do about a row or a cell that was not used: by why it was left out, else by the field it is about."""

from collections.abc import Mapping

from geodata.language import T, Text
from geodata.sources.rents import FIELDS as RENTS
from pages.ui.kinds import PLACE

_REAL_DAY = T("Check the day: a day or month that is over counts.")
BY_REASON: dict[str, Text] = {
    "the same row stands in the list already; it counts once.": T("Nothing needs doing; you may take the row away."),
    "this shop stands in the list already, on row {row}.": T(
        "Take the row away; if it is another shop, give it its own number and place."
    ),
    "the list has other figures for the same shop and day; none is used.": T(
        "Keep the row with the right figures and take the others away."
    ),
    "the list has the whole month too; the month is used.": T(
        "Nothing needs doing; take the whole month away if its days are to be used."
    ),
    "the list has days of this month too; the days are used.": T(
        "Nothing needs doing; take the days away if the whole month is to be used."
    ),
    "the amount is in {currency}; only euros are counted, and nothing is converted.": T(
        "Convert the amount to euros and add the file again."
    ),
    "day and month may be swapped, and the list writes its dates both ways.": T(
        "Write all dates in one way, such as 2026-11-23."
    ),
    "the row does not say which shop it is of.": T("Fill in the number or name of the shop."),
    "there is no amount and no count in this row.": T(
        "Fill in turnover or tickets; write 0 where nothing was sold, and leave out days that are not known."
    ),
    "this month is not over; a part of a month does not count as a month.": T(
        "Nothing needs doing: the month counts once it is over. Give it by day to use it now."
    ),
    "this day has yet to come.": _REAL_DAY,
    "this day has yet to come; the row is used without it.": _REAL_DAY,
    "this day is too long ago to be meant.": T("Check the year."),
    "this is no number; the row is used without it.": T(
        "Write a number, without words; leave empty what is not known."
    ),
    "this cannot be below 0; the row is used without it.": T(
        "Write a number of 0 or more; leave empty what is not known."
    ),
    "the floor area is not known, so the rent is not either; the row is used without it.": T(
        "Fill in the floor area, or the rent of the whole unit a month or a year."
    ),
    "the hours cannot be read.": T("Write the hours as 14:00-15:00."),
}
"""By the English of the reason, before its values are filled in."""


def remedy(fields: str, reason: Text | Mapping[str, str]) -> Text:
    """fields: `date`, or several as `x, y`; reason: why the row was left out, or its translations by language."""
    said = reason.message if isinstance(reason, Text) else reason.get("en", "")
    return BY_REASON.get(said) or _by_field(fields)


def _by_field(fields: str) -> Text:
    names = set(fields.split(", "))
    if not fields:
        return T("Put text that holds the separator between quotes, or take the extra cells away.")
    if names & set(PLACE):
        return T("Fill in coordinates or street and number, or add an address file.")
    if fields in ("date", "vacant_since", "registered"):
        return T("Write the date as 23/11/2026.")
    if names & {"floor_area", "gross_floor_area", "stalls", "turnover", "rent", *RENTS}:
        return T("Write a number above 0; leave empty what is not known.")
    if "chain" in names:
        return T("Write yes or no.")
    if "state" in names:
        return T("Write “vacant” or “in use”.")
    if "branch" in names:
        return T("Write the name of a branch as the app calls it.")
    if "premises" in names:
        return T("Give the number as OpenStreetMap has it (node/123, way/456), or coordinates or an address.")
    if "pedestrians" in names:
        return T("Write a number of 0 or more; leave empty what was not counted.")
    return T("Ask the publisher, or correct it in the file, and add the file again.")
