"""The sheet to print: one self-contained page of HTML, four places on a sheet of A4, boxes for every five minutes."""

import html

import numpy as np
import shapely

from geodata.language import T
from geodata.store import Area
from pages.ui import count_places
from pages.ui.count_places import Spot
from pages.ui.language import _, date, language

PER_PAGE = 4
SKETCH_M, SKETCH_PX = 170.0, 150
STYLE = """
@page {size: A4; margin: 11mm 12mm;}
* {box-sizing: border-box;}
body {font: 10.2pt/1.35 "Source Sans 3", "Segoe UI", "Helvetica Neue", Arial, sans-serif; color: #111; margin: 0 auto;
  max-width: 186mm;}
section {page-break-after: always; break-after: page;} section:last-of-type {page-break-after: auto; break-after: auto;}
header {display: flex; justify-content: space-between; align-items: baseline; border-bottom: 1.5pt solid #111;
  padding-bottom: 1.5mm;}
h1 {font-size: 15pt; margin: 0;} header span {font-size: 9pt;}
.rules {margin: 2mm 0 0; padding: 0 0 0 4.5mm; font-size: 9.2pt; columns: 2; column-gap: 8mm;}
.rules li {margin: 0 0 .6mm; break-inside: avoid;}
article {display: grid; grid-template-columns: 38mm 1fr; gap: 1mm 4mm; margin-top: 3mm; padding-top: 2mm;
  border-top: .6pt solid #777; break-inside: avoid;}
h2 {font-size: 12pt; margin: 0; line-height: 1.2; grid-column: 1 / -1;}
h2 b {display: inline-block; min-width: 6mm; padding: 0 1.4mm; margin-right: 1.5mm; border: 1.2pt solid #111;
  border-radius: 4mm; text-align: center; font-size: 10.5pt;}
svg {width: 38mm; height: 38mm; border: .5pt solid #999; display: block;}
table {border-collapse: collapse; width: 100%; table-layout: fixed;}
th {font-size: 8pt; font-weight: 600; text-align: left; padding: 0 1mm .6mm; vertical-align: bottom;}
td {border: .6pt solid #555; height: 10.5mm; padding: .6mm 1mm; vertical-align: top; font-size: 8.6pt;}
td.when {border-left: 0; padding-left: 0;} .box {width: 24mm;} .small {width: 14mm;}
.when {width: 28mm; white-space: nowrap;}
.note {display: flex; gap: 3mm; font-size: 8.6pt; margin-top: 2mm;} .note i {flex: 1; border-bottom: .6pt solid #555;}
footer {font-size: 8pt; margin-top: 3mm; color: #333;}
@media screen {body {padding: 8mm 4mm;} section {margin-bottom: 12mm;}}
@media screen and (max-width: 640px) {article {grid-template-columns: 1fr;} .rules {columns: 1;}}
"""


def rules(*, with_why: bool = False) -> list[str]:
    """How to count, a sentence each; on the page with why these places."""
    why = [
        T("Busy streets and quieter ones: together they show how many people a busy street means."),
        T("They lie in the centre and round it, in the open air, so that one person can walk along all of them."),
        T("The hours are busy and even, so that a quarter of an hour says as much as it can of the whole day."),
    ]
    how = [
        T("Stand where you see the whole width of the street. Draw a line across it in your mind."),
        T("Count everyone who crosses the line on foot, in both directions; children in a pram count too."),
        T("Do not count cyclists, unless they walk. Who stands still or goes in and out of one shop does not cross."),
        T("Count a full quarter of an hour. Once is good; each place on two different days is better."),
        T("Rain, roadworks or a school outing? Write it down. Market, event or holiday: say so, it is kept apart."),
    ]
    return [_(line) for line in (*(why if with_why else []), *how)]


def sheet(area: Area, spots: tuple[Spot, ...]) -> str:
    """The sheet for these places, in the language of this visit."""
    title = _(T("Counting passers-by in {name}", name=area.name))
    pages = [spots[i : i + PER_PAGE] for i in range(0, len(spots), PER_PAGE)]
    sections = "".join(_page(area, title, part, i, len(pages)) for i, part in enumerate(pages, start=1))
    return (
        f'<!doctype html><html lang="{language()}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{html.escape(title)}</title>'
        f"<style>{STYLE}</style></head><body>{sections}</body></html>"
    )


def _page(area: Area, title: str, spots: tuple[Spot, ...], page: int, pages: int) -> str:
    name, number = _(T("Counted by: ........................................")), f"{page} / {pages}"
    listed = "".join(f"<li>{html.escape(line)}</li>" for line in rules())
    sample = " · " + _(T("sample data: an invented region")) if area.sample else ""
    credit = "" if area.sample else " · © OpenStreetMap contributors (ODbL)"
    back = _(T("Type the counts in on the page “Count it yourself”, part “Count”, then “From paper”."))
    made = _(T("Kernwijzer, map of {day}", day=date(str(area.manifest["built_at"]))))
    return (
        f"<section><header><h1>{html.escape(title)}</h1><span>{html.escape(name)} &nbsp; {number}</span></header>"
        f'<ul class="rules">{listed}</ul>{"".join(_article(area, s) for s in spots)}'
        f"<footer>{html.escape(back)} {html.escape(made + sample + credit)}</footer></section>"
    )


def _article(area: Area, spot: Spot) -> str:
    heads = (T("When"), T("Date"), T("From"), T("minutes 0–5"), T("5–10"), T("10–15"), T("Together"))
    kinds = ("when", "small", "small", "box", "box", "box", "small")
    head = "".join(f'<th class="{k}">{html.escape(_(h))}</th>' for h, k in zip(heads, kinds, strict=True))
    rows = "".join(
        f'<tr><td class="when">{html.escape(count_places.hours((w,)))}</td>{"<td></td>" * 6}</tr>' for w in spot.windows
    )
    weather, remarks = html.escape(_(T("Weather:"))), html.escape(_(T("Remarks:")))
    return (
        f"<article><h2><b>{spot.number}</b>{html.escape(spot.near)}</h2>{sketch(area, spot)}"
        f"<div><table><tr>{head}</tr>{rows}</table>"
        f'<div class="note">{weather}<i></i>{remarks}<i></i></div></div></article>'
    )


def sketch(area: Area, spot: Spot) -> str:
    """The streets around a place as a small drawing in black and grey, north up."""
    x, y = area.network.edge_middle[spot.edge]
    around = shapely.box(x - SKETCH_M, y - SKETCH_M, x + SKETCH_M, y + SKETCH_M)
    streets = area.tables.streets
    near = streets[streets["walkable"] & streets["on_ground"]]
    near = near.iloc[near.sindex.query(around)]
    scale = SKETCH_PX / (2 * SKETCH_M)
    lines = []
    for name, kind, shape in zip(near["name"], near["highway"], near.geometry.intersection(around), strict=True):
        own = name == spot.street
        wide = 5 if own else 1 if kind in ("footway", "path", "steps", "service", "cycleway") else 2.6
        shade = "#111" if own else "#bbb" if wide == 1 else "#999"
        for part in shapely.get_parts(shape):
            points = (shapely.get_coordinates(part) - (x - SKETCH_M, y + SKETCH_M)) * (scale, -scale)
            if len(points) > 1:
                path = " ".join(f"{a:g},{b:g}" for a, b in np.round(points, 1).tolist())
                lines.append((own, f'<polyline points="{path}" stroke="{shade}" stroke-width="{wide}"/>'))
    drawn = "".join(line for _own, line in sorted(lines))
    middle = SKETCH_PX / 2
    told = html.escape(_(T("Sketch of the streets around {place}", place=spot.near)))
    return (
        f'<svg viewBox="0 0 {SKETCH_PX} {SKETCH_PX}" role="img" aria-label="{told}"><g fill="none" '
        f'stroke-linecap="round" stroke-linejoin="round">{drawn}</g><circle cx="{middle}" cy="{middle}" r="7" '
        f'fill="#fff" stroke="#111" stroke-width="3"/><text x="{SKETCH_PX - 6}" y="14" font-size="11" '
        f'text-anchor="end">N ↑</text></svg>'
    )
