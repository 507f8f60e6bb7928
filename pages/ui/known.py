"""What is known of an area and what is not: its sources, what is missing, where its ground ends, and the limits."""

import html
import json
from collections.abc import Collection, Sequence

import geopandas as gpd
import pandas as pd
import streamlit as st

from geodata import extent, gather, hexgrid, opportunities
from geodata.grid import EDGE, NO_STREET, STREET_M
from geodata.language import T, Text
from geodata.layers.residents import WALK_M_PER_MINUTE
from geodata.network.roads import MODES
from geodata.sources.catalogue import SOURCES, Source
from geodata.store import Area
from location_model.profile import Limits
from location_model.suggest import CELL_SPACING_M, INSIDE_SHARE, UNIT_SPACING_M, fallback
from pages.ui import built_from, cache, states
from pages.ui.cache import AreaKey
from pages.ui.kinds import KINDS, Kind
from pages.ui.language import _, language, number, percent

STYLE = """<style>
.kw-known {width: 100%; border-collapse: collapse; font-size: .87rem; line-height: 1.3;}
.kw-wide {overflow-x: auto;}
.kw-known th {text-align: left; font-weight: 600; opacity: .7; padding: .1rem .6rem .2rem 0;}
.kw-known td {border-top: 1px solid #8883; padding: .22rem .6rem .22rem 0; vertical-align: top;}
.kw-known td:first-child {font-weight: 600;}
.kw-known .right {text-align: right; font-variant-numeric: tabular-nums;}
.kw-known .total td {border-top: 2px solid #888a; font-weight: 600;}
.kw-about {display: grid; grid-template-columns: 11rem 1fr; gap: .45rem 1rem;
  margin: 0 !important; padding: 0 !important;
  font-size: .92rem; line-height: 1.45;}
.kw-about dt {font-weight: 600; opacity: .8;} .kw-about dd {margin: 0 !important;}
@media (max-width: 768px) {.kw-about {grid-template-columns: 1fr; gap: .1rem;}
  .kw-about dd {margin-bottom: .5rem !important;}}
</style>"""


def heading(text: Text) -> None:
    """What stands above a table or a chart."""
    st.markdown(f"**{_(text)}**")


def about(rows: Sequence[tuple[str, str]]) -> None:
    """Terms with what there is to say about each."""
    items = "".join(f"<dt>{html.escape(a)}</dt><dd>{html.escape(b)}</dd>" for a, b in rows)
    st.html(f"{STYLE}<dl class='kw-about'>{items}</dl>")


def ids(area: Area) -> list[str]:
    """The sources an area was built from, in the order they were read."""
    return list(dict.fromkeys(s["id"] for s in area.manifest["sources"]))


def missing(area: Area) -> list[Kind]:
    """The kinds of files that were not given, most useful first; a boundary is not missing where one is known."""
    given = json.loads(area.manifest["request"])
    bounded = given.get("municipalities") or given.get("boundary")
    return [k for k in KINDS if not given.get(k.option) and not (k.option == "boundary" and bounded)]


def known_table(area: Area) -> None:
    """Every source with its date, publisher and licence, a line each; files of one source share a line."""
    lines: dict[tuple[str, str], list[str]] = {}
    for row in built_from.rows(area):
        dates = lines.setdefault((row.title, row.by), [])
        dated = row.dated.replace(" ", "\N{NO-BREAK SPACE}")
        if dated not in dates:
            dates.append(dated)
    heads = (T("Source"), T("Date"), T("From, under which licence"))
    table([_(h) for h in heads], [(title, ", ".join(dates), by) for (title, by), dates in lines.items()])


def missing_table(area: Area) -> None:
    """Every kind of file that could still be given, and what it would add."""
    heads = (T("Not there yet"), T("What it would add"))
    table([_(h) for h in heads], [(_(k.title), _(k.adds)) for k in missing(area)])


def table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], *, right: Collection[int] = (), total: bool = False
) -> None:
    """Texts as a table that prints whole. right: columns of numbers. total: the last row is a sum."""

    def cells(kind: str, texts: Sequence[str]) -> str:
        mark = [" class='right'" if i in right else "" for i in range(len(texts))]
        return "".join(f"<{kind}{m}>{html.escape(t)}</{kind}>" for m, t in zip(mark, texts, strict=True))

    body = [f"<tr>{cells('td', row)}</tr>" for row in rows]
    if total:
        body[-1] = body[-1].replace("<tr>", "<tr class='total'>", 1)
    head = cells("th", heads)
    st.html(f"{STYLE}<div class='kw-wide'><table class='kw-known'><tr>{head}</tr>{''.join(body)}</table></div>")


def licence(given: Source) -> str:
    """Its licence as the publisher states it, or that it is not stated."""
    return given.licence or _(T("licence not stated"))


def catalogue(area: Area) -> None:
    """Every source there is, with publisher and licence, and whether this area has it."""
    here = set(ids(area))
    rows = [
        {
            _(T("Source")): _(s.title),
            _(T("Used here")): s.id in here,
            _(T("Publisher")): s.publisher or _(T("the municipality")),
            _(T("Licence")): licence(s),
            _(T("Address")): s.address,
            _(T("Good to know")): _(s.note),
        }
        for s in SOURCES
    ]
    config = {
        _(T("Address")): st.column_config.LinkColumn(display_text=r"https?://([^/]+)"),
        _(T("Good to know")): st.column_config.TextColumn(width="large"),
    }
    told = _(T("Sources with publisher and licence"))
    st.dataframe(pd.DataFrame(rows), hide_index=True, column_config=config, height=320, alt=told)


def ground(key: AreaKey) -> None:
    """Hexagons, edges, the core, and how people move."""
    area = cache.area(key)
    study, reason = area.study, area.grid["reason"]
    some = list(study.cells[:: max(1, len(study.cells) // 500)])
    metres = float(gpd.GeoSeries(hexgrid.polygons(some), crs=4326).to_crs(study.crs).area.mean())
    inside = int((area.grid["core_share"] >= INSIDE_SHARE).sum())
    counts = (
        (T("Hexagons"), len(area.grid)),
        (T("without a street near by"), int((reason == NO_STREET).sum())),
        (T("too close to the end of the data"), int((reason == EDGE).sum())),
        (T("in the core"), inside),
    )
    for column, (title, count) in zip(st.columns(len(counts)), counts, strict=True):
        column.metric(_(title), number(count))
    core = " ".join(_(note) for note in fallback(area, Limits())[1]) or _(T("Here: as on record."))
    rows = (
        (
            T("Hexagons"),
            T(
                "The H3 grid at resolution {resolution}. Here a hexagon measures {metres} m² on average, measured in "
                "the metric system EPSG:{crs}, not taken from a world average, which is up to a fifth off in the Low "
                "Countries. A hexagon belongs to the area when its centre is inside. On maps of a large area "
                "hexagons are joined; each layer says how its values are joined.",
                resolution=study.resolution,
                metres=round(metres, -1),
                crs=str(study.crs),
            ),
        ),
        (
            T("Where the area ends"),
            T(
                "At the boundary that was given, else that of the municipality, else one on the map; never beyond the "
                "data, which end "
                "{margin} m outside the outermost streets on which people walk. Data are kept up to {walk} m (on "
                "foot) and {roads} m (by bicycle and car) beyond the boundary, so that a neighbouring town counts "
                "too.",
                margin=round(extent.MARGIN_M),
                walk=round(gather.MARGIN_M["walk"]),
                roads=round(gather.MARGIN_M["roads"]),
            ),
        ),
        (
            T("Edge not known"),
            T(
                "A hexagon from which a layer looks past the end of the data is not known for that layer: what lies "
                "there may be a town or a field. A coast is a natural end. A hexagon farther than {street} m from "
                "any street is no place for a shop front and is never suggested.",
                street=round(STREET_M),
            ),
        ),
        (
            T("What the core is"),
            T(
                "The core shopping area on record; without one, the central retail areas; without those, the densest "
                "cluster of shops; without that, the whole area. A hexagon is in the core when at least {share} of "
                "its surface is. {here}",
                share=percent(INSIDE_SHARE),
                here=core,
            ),
        ),
        (
            T("On foot"),
            T(
                "{kmh} km/h, which is {metres} m a minute, along streets and paths open to walkers, the same in both "
                "directions. Something belongs to the nearest street within {snap} m.",
                kmh=round(WALK_M_PER_MINUTE * 60 / 1000, 1),
                metres=round(WALK_M_PER_MINUTE),
                snap=round(opportunities.SNAP_M),
            ),
        ),
        (
            T("By bicycle and car"),
            T(
                "Bicycle {bicycle} km/h on all roads but motorways, trunk roads and steps. Car at the usual speed of "
                "each class of road, one-way streets respected, the first and last metres at {approach} km/h; "
                "congestion and looking for a place to park are not counted.",
                bicycle=round(MODES["bicycle"].approach_kmh),
                approach=round(MODES["car"].approach_kmh),
            ),
        ),
        (
            T("Whole millimetres"),
            T(
                "Lengths are added up in whole millimetres and times in whole milliseconds, and the work is cut in the "
                "same parts on any number of processors: the same data give the same numbers."
            ),
        ),
        (
            T("Places apart"),
            T(
                "Suggested places lie at least {cells} m apart, vacant units {units} m, so that a list is not one "
                "street corner ten times. Equal scores keep a fixed order.",
                cells=round(CELL_SPACING_M),
                units=round(UNIT_SPACING_M),
            ),
        ),
    )
    about([(_(a), _(b)) for a, b in rows])
    states.notes([note[language()] for note in area.manifest["notes"]])


LIMITS: tuple[tuple[Text, Text], ...] = (
    (
        T("The score knows no rent and no turnover"),
        T(
            "It says that a place suits, not that it pays. What a place costs and may take in stands beside it where "
            "places are compared."
        ),
    ),
    (
        T("No advice on permits"),
        T(
            "Nothing here tests a permit, a zoning plan or an ordinance. Whatever looks like it is an indication, "
            "never legal advice: ask the municipality."
        ),
    ),
    (
        T("Footfall is modelled, not surveyed"),
        T(
            "Trips between homes, stops and premises, with assumed numbers of visits, and how much lies within reach "
            "of each street together rank the streets of one town. Persons a day are given only in towns where "
            "somebody counted, with a range."
        ),
    ),
    (
        T("Some numbers stand in for others"),
        T(
            "Residents estimated from buildings, floor area from a footprint, parking places from the area of a "
            "car park: where a number is such a proxy, it says so."
        ),
    ),
    (
        T("Weights are expert choice"),
        T(
            "The weights a branch starts from were not fitted to sales. Another expert may weigh differently, and so "
            "can you."
        ),
    ),
    (
        T("The map is uneven"),
        T(
            "Volunteers map shops well in one town and poorly in the next, and vacancy hardly anywhere in Flanders: "
            "do not rank municipalities on it."
        ),
    ),
    (
        T("An ordinary day"),
        T(
            "Season, events, opening hours and online shopping are not in the score. "
            "At the coast residents are not the demand."
        ),
    ),
    (
        T("The interval of a score is not everything"),
        T(
            "It holds how far weights may be off, and footfall where somebody counted. Errors in residents, premises "
            "or walking times have not been measured and are not in it."
        ),
    ),
)
"""What nobody should read into a number."""


def limits() -> None:
    """What this does not tell, in two columns."""
    half = (len(LIMITS) + 1) // 2
    for column, some in zip(st.columns(2, gap="large"), (LIMITS[:half], LIMITS[half:]), strict=True):
        for title, text in some:
            column.markdown(f"**{_(title)}.** {_(text)}")
