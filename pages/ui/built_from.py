"""What an area was built from, source by source: publisher, licence, date, rows used and rows left out."""

import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from geodata.language import T, Text, TN
from geodata.sources.catalogue import source
from geodata.sources.rows import COLUMNS
from geodata.store import Area
from pages.ui import drafts
from pages.ui.kinds import field_names
from pages.ui.language import _, date, language, written
from pages.ui.remedies import remedy

STYLE = """<style>
.kw-sources {width: 100%; border-collapse: collapse; font-size: .9rem; line-height: 1.35;}
.kw-sources th {text-align: left; font-weight: 600; padding: .3rem 1rem .3rem 0; border-bottom: 2px solid #8885;}
.kw-sources td {padding: .5rem 1rem .5rem 0; border-bottom: 1px solid #8883; vertical-align: top;}
.kw-sources small {display: block; opacity: .75; font-size: .8rem;}
.kw-sources td:nth-child(2) {overflow-wrap: anywhere; min-width: 11rem;}
.kw-sources a {color: inherit;}
.kw-sources td:nth-child(3) {white-space: nowrap;}
.kw-sources b {font-weight: 600;}
.kw-sources i {font-style: normal; font-size: .75rem; border: 1px solid currentColor; border-radius: .6rem;
  padding: 0 .45rem; margin-left: .4rem; opacity: .8; white-space: nowrap;}
@media (max-width: 640px) {
  .kw-sources thead {display: none;}
  .kw-sources tr, .kw-sources td {display: block; padding: 0; border: 0;}
  .kw-sources tr {padding: .6rem 0; border-bottom: 1px solid #8883;}
}
</style>"""

ESTIMATED = T("Residents, estimated from buildings")
MARKS: dict[str, Text] = {
    "population_raster": T("modelled"),
    "residents_given": T("estimate"),
    "osm_residents": T("estimate"),
    "osm": T("proxy"),
}
"""What is no count or survey. The map of volunteers stands in for a survey of shops."""

REPLACED = {"osm": "premises_list"}
"""A source that is no proxy any more once another one was given."""

SPAN = " – "
"""Between the first and the last day of data that span a time."""

MOST_LISTED = 1000
"""Of more rows that were left out a page lists the first; a million would not come through."""
OWN_LISTS = ("premises_list", "vacancy_list", "counts", "markets_list")
"""Who gives one of these in the app has made or bought it; the others have a publisher."""


@dataclass(frozen=True)
class Row:
    """One source as it is shown. `by`: publisher and licence; `used`: how many rows came out of how many.

    skipped: rows that were left out; doubts: cells not used of rows that were.
    """

    title: str
    by: str
    address: str
    files: str
    dated: str
    used: str
    mark: str
    notes: tuple[str, ...]
    skipped: tuple[Mapping[str, Any], ...]
    doubts: tuple[Mapping[str, Any], ...]


def rows(area: Area) -> list[Row]:
    """The sources of an area in the order in which they were read."""
    given = area.manifest["sources"]
    present = {s["id"] for s in given}
    own = {path.name for _option, path in drafts.built(area).files() if "uploads" in path.parts}
    return [_row(s, area.sample and not own & set(s["files"]), present, own) for s in given]


def _row(given: Mapping[str, Any], sample: bool, present: set[str], own: set[str]) -> Row:
    known = source(given["id"])
    guessed = given["id"] == "osm" and not given["files"]
    kind = "osm_residents" if guessed else given["id"]
    if sample:
        by = _(T("sample data, invented"))
    elif not known.publisher or (own & set(given["files"]) and given["id"] in OWN_LISTS):
        by = _(T("your own file"))
    else:
        licence = known.licence or _(T("licence not stated"))
        by = f"{known.publisher} · {licence}"
    mark = MARKS.get(kind)
    if REPLACED.get(kind) in present:
        mark = None
    return Row(
        title=_(ESTIMATED if guessed else known.title),
        by=by,
        address="" if sample else known.address,
        files=", ".join(given["files"]),
        dated=dated(given, added=bool(own & set(given["files"]))),
        used=_used(given, kind),
        mark=_(mark) if mark else "",
        notes=tuple(dict.fromkeys(note[language()] for note in given["notes"])),
        skipped=tuple(given["skipped"]),
        doubts=_doubts(given),
    )


def _doubts(given: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    return tuple(given.get("doubts", ()))  # areas that were built before they were kept have none


def dated(given: Mapping[str, Any], *, added: bool = False) -> str:
    """The day, year or span of a source's data; else the day of its file, said to be the file's.

    added: the file was given in the app, so that its day is when that was.
    """
    if given["vintage"]:
        return SPAN.join(_day(part) for part in given["vintage"].split(SPAN))
    if given.get("file_day"):
        day = date(given["file_day"])
        return _(T("file added on {day}", day=day) if added else T("file of {day}", day=day))
    return _(T("date not known"))


def _day(text: str) -> str:
    try:
        return date(text)
    except ValueError:
        return text  # a year, or what the publisher calls it


def _used(given: Mapping[str, Any], kind: str) -> str:
    read, kept = given["rows_read"], given["rows_kept"]
    if not read:
        return _(T("read as a whole"))
    if kind == "osm":
        return _(T("{kept} premises among {read} mapped things", kept=kept, read=read))
    if kind in ("municipalities", "core_areas", "retail_areas"):
        return _(TN("one area in the file", "{count} areas in the file", read))
    points = T("spread over {kept} points with residents", kept=kept)
    if kind == "population_raster":
        return _(TN("one pixel read, {points}", "{count} pixels read, {points}", read, points=points))
    if kind == "population_polygons":
        return _(TN("one polygon read, {points}", "{count} polygons read, {points}", read, points=points))
    if kind == "residents_given":
        return _(T("one number, {points}", points=points))
    if kind == "osm_residents":
        return _(T("residents in {kept} of {read} buildings", kept=kept, read=read))
    if kind == "gtfs":
        return _(T("{kept} stops used of {read} in the area", kept=kept, read=read))
    said = [TN("one row read", "{count} rows read", read)]
    if kind == "counts" and kept != read:
        said.append(TN("one count in them", "{count} counts in them", kept))
    if left := len({s["row"] for s in given["skipped"]}):
        said.append(T("{left} left out", left=left))
    if unused := len(_doubts(given)):
        said.append(TN("one value not used", "{count} values not used", unused))
    return ", ".join(_(text) for text in said)


def table(area: Area) -> None:
    """All sources as a table that a screen reader can follow."""
    heads = [T("Source"), T("File"), T("Date"), T("What was used")]
    lines = "".join(_line(row) for row in rows(area))
    head = "".join(f'<th scope="col">{html.escape(_(h))}</th>' for h in heads)
    st.html(f'{STYLE}<table class="kw-sources"><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>')


def _line(row: Row) -> str:
    by, files = html.escape(row.by), html.escape(row.files)
    if row.address:
        by = f'<a href="{html.escape(row.address, quote=True)}" target="_blank" rel="noopener">{by}</a>'
    mark = f"<i>{html.escape(row.mark)}</i>" if row.mark else ""
    notes = "".join(f"<small>{html.escape(sentence(note))}</small>" for note in row.notes)
    return (
        f"<tr><td><b>{html.escape(row.title)}</b>{mark}<small>{by}</small></td><td>{files}</td>"
        f"<td>{html.escape(row.dated)}</td><td>{html.escape(row.used)}{notes}</td></tr>"
    )


def sentence(text: str) -> str:
    """A note with a capital; the name of a file keeps its own."""
    return text if "." in text.partition(" ")[0] else text[:1].upper() + text[1:]


def as_table(area: Area) -> pd.DataFrame:
    """The same as a table to take along, titles in the language of this visit."""
    return pd.DataFrame(
        [
            {
                _(T("Source")): r.title,
                _(T("Publisher and licence")): r.by,
                _(T("Address")): r.address,
                _(T("File")): r.files,
                _(T("Date")): r.dated,
                _(T("What was used")): r.used,
                _(T("Mark")): r.mark,
                _(T("Notes")): " ".join(sentence(n) for n in r.notes),
            }
            for r in rows(area)
        ]
    )


def skipped_table(skipped: pd.DataFrame) -> pd.DataFrame:
    """Rows or cells that were not used as a user can mend them: row, field, what stood there, why, what to do.

    `skipped` has row, field, value and reason: a Text, or its translations by language.
    """

    def said(reason: object) -> str:
        return str(reason[language()]) if isinstance(reason, dict) else _(reason)  # type: ignore[arg-type]

    return pd.DataFrame(
        {
            _(T("Row below the headers")): skipped["row"].astype(int).to_numpy(),
            _(T("Field")): [_names(f) for f in skipped["field"]],
            _(T("What is there")): skipped["value"].astype(str).to_numpy(),
            _(T("Why it was left out")): [sentence(said(r)) for r in skipped["reason"]],
            _(T("How to mend it")): [_(remedy(f, r)) for f, r in zip(skipped["field"], skipped["reason"], strict=True)],
        }
    )


def _names(fields: str) -> str:
    return ", ".join(_(n) if isinstance(n, Text) else n for n in field_names(fields)) or _(T("whole row"))


def csv(frame: pd.DataFrame) -> bytes:
    """A table as Excel opens it here: semicolons, and a mark that says UTF-8."""
    return frame.to_csv(index=False, sep=";", lineterminator="\r\n").encode("utf-8-sig")


def skipped_report(title: str, skipped: pd.DataFrame, name: str, *, key: str, expanded: bool = False) -> None:
    """The rows that were left out, folded, with a download."""
    count = int(skipped["row"].nunique())
    label = TN("{title}: one row left out", "{title}: {count} rows left out", count, title=title)
    _report(_(label), skipped, name, key, expanded)


def doubts_report(title: str, doubts: pd.DataFrame, name: str, *, key: str, expanded: bool = False) -> None:
    """The cells that were not used of rows that were, folded, with a download."""
    label = TN("{title}: one value not used", "{title}: {count} values not used", len(doubts), title=title)
    _report(_(label), doubts, name, key, expanded)


def _report(label: str, skipped: pd.DataFrame, name: str, key: str, expanded: bool) -> None:
    with st.expander(label, icon=":material/rule:", expanded=expanded, key=key):
        shown = skipped_table(skipped.head(MOST_LISTED))
        st.caption(_(T("Row 1 is the first one below the headers: in a spreadsheet usually row 2.")))
        if len(skipped) > MOST_LISTED:
            st.caption(_(T("The first {count} are listed here; the CSV has them all.", count=MOST_LISTED)))
        st.dataframe(shown, hide_index=True, height=min(38 + 35 * len(shown), 320), key=f"{key}_rows", alt=f"{label}")
        st.download_button(
            "CSV", lambda: csv(skipped_table(skipped)), name, "text/csv", on_click="ignore", icon=":material/download:",
            key=f"{key}_csv",
        )  # fmt: skip


def reports(area: Area) -> None:
    """For every source that left out rows, or cells of rows: which, why, and what to do."""
    for i, row in enumerate(rows(area)):
        title = f"{row.title} ({row.files})" if row.files else row.title
        for report, left in ((skipped_report, row.skipped), (doubts_report, row.doubts)):
            if left:
                name = f"{area.id}-{row.files or row.title}-{written(len(left))}.csv".replace(" ", "-")
                report(title, pd.DataFrame(left, columns=COLUMNS), name, key=f"{report.__name__}_{i}")
