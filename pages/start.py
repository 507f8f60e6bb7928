"""Start: what do you want to know? Three ways in, one map that already says something, and what is known here."""

import html
from dataclasses import dataclass

import pandas as pd
import pydeck as pdk
import streamlit as st

from geodata.grid import EDGE
from geodata.language import T, Text, TN
from geodata.sources.catalogue import source
from geodata.store import Area
from location_model.layers import layer_named
from location_model.profile import Limits
from location_model.suggest import fallback
from pages.ui import cache, frame, known, legend, maps, served, shown, states
from pages.ui.cache import AreaKey
from pages.ui.language import NOT_KNOWN, _, date, number, percent, rounded

MAP, CELL = "start_map", "cell"
MOST_ROWS = 200
HEIGHT = 400
LEAST_TOLD = 0.1
"""Below this share of units in use that say whether they are a chain, a share of chains says nothing."""

SHOWN = ("footfall_index", "agglomeration_premises")
"""What the map shows: the first of these that is known here."""

ROLES: tuple[tuple[str, str, str, Text, Text], ...] = (
    (
        "suggest", "0", ":material/storefront:", T("Retailer: where does my shop belong?"),
        T("The best places for your branch in the core, each with its score and the reason why."),
    ),
    (
        "suggest", "1", ":material/key:", T("Town-centre manager: which vacant unit suits this branch?"),
        T("The vacant premises, ranked for the branch you would like to see there."),
    ),
    (
        "explore", "", ":material/map:", T("Planner: what is known about every place?"),
        T("Residents, footfall, shops and access of every spot in the municipality, on one map."),
    ),
)  # fmt: skip
"""Page, its choice "only vacant units", icon, question, and what the page gives."""

STYLE = """<style>
.st-key-roles {margin-top: .5rem;}
.st-key-roles a {align-items: flex-start; padding: .6rem .9rem; border: 1px solid #8886;
  border-left: 4px solid #2b8c99; border-radius: .4rem; min-height: 5.4rem;}
.st-key-roles a:hover, .st-key-roles a:focus-visible {border-color: #2b8c99;}
.st-key-roles a span, .st-key-roles a p {white-space: normal; overflow: visible; line-height: 1.35;}
.st-key-roles strong {display: block; font-weight: 600; margin-bottom: .15rem;}
.kw-figures {display: grid; grid-template-columns: max-content 1fr; gap: .5rem .9rem; margin: 0;}
.kw-figures dt {font-size: 1.3rem; font-weight: 600; text-align: right; line-height: 1.15;}
.kw-figures dd {margin: 0; font-size: .87rem; line-height: 1.3;}
.kw-figures dd span {display: block; opacity: .72;}
</style>"""


def draw_roles() -> None:
    """Three questions, each a link as large as its card."""
    st.html(STYLE)
    with st.container(key="roles"):
        for column, (page, vacant, icon, question, given) in zip(st.columns(3, gap="small"), ROLES, strict=True):
            choice = {"vacant": vacant} if vacant else {}
            label = f"**{_(question)}** {_(given)}"
            column.page_link(f"pages/{page}.py", label=label, icon=icon, query_params=choice, width="stretch")


@dataclass(frozen=True)
class Figure:
    """A figure as text, what it counts, and where it is from."""

    value: str
    counts: str
    origin: str


@st.cache_resource(max_entries=24, show_spinner=False)
def _figures(folder: str, key: AreaKey, language: str) -> tuple[Figure, ...]:
    area = cache.area(key)
    return (premises(area), vacant(area), chains(area), residents(area), core(area))


def _lists(area: Area, *, vacancy: bool = False) -> str:
    """Where the premises are from; `vacancy`: and a list laid over them that says which are vacant."""
    here = area.tables.premises[area.tables.premises["in_study"]]
    listed = {"vacancy_list"} if vacancy and (here["vacancy_basis"] == "vacancy list").any() else set()
    ids = sorted({*here["source"], *listed})
    return ", ".join(_(source(i).title) if i != "osm" else "OpenStreetMap" for i in ids) or NOT_KNOWN


def premises(area: Area) -> Figure:
    """How many premises stand inside the boundary."""
    count = int(area.tables.premises["in_study"].sum())
    return Figure(number(count), _(T("premises: shops, horeca, services and vacant units")), _lists(area))


def vacant(area: Area) -> Figure:
    """The share of units that are vacant; not known where nobody recorded any, for that does not mean none."""
    here = area.tables.premises[area.tables.premises["in_study"]]
    empty = here["state"] == "vacant"
    if not empty.any():
        return Figure(NOT_KNOWN, _(T("vacancy is not known")), _(T("no vacant unit is on record: give a vacancy list")))
    counts = T("vacant: {vacant} of {all} units", vacant=int(empty.sum()), all=len(here))
    listed = here.loc[empty, "vacancy_basis"].isin(["premises list", "vacancy list"]).any()
    mapped = T("as far as volunteers mapped it, in general too low")
    return Figure(percent(float(empty.mean())), _(counts), _lists(area, vacancy=True) if listed else _(mapped))


def chains(area: Area) -> Figure:
    """The share of chains; a lower bound where only known formulas can be told, not known where hardly any can."""
    table = area.tables.premises
    used = table.loc[table["in_study"] & (table["state"] == "occupied"), "chain"]
    told, yes = int(used.notna().sum()), int((used == True).sum())  # noqa: E712 - missing is neither
    if told < LEAST_TOLD * len(used) or not yes:
        return Figure(
            NOT_KNOWN, _(T("the share of chains is not known")), _(T("of hardly any unit the formula is on record"))
        )
    if (used == False).any():  # noqa: E712
        counts = T("chains: {chains} of {all} units in use", chains=yes, all=told)
        if told < len(used):
            counts = T("chains: {chains} of {all} units in use whose formula is known", chains=yes, all=told)
        return Figure(percent(yes / told), _(counts), _(T("formulas with 7 outlets or more in the country")))
    counts = T("at least: {chains} of {all} units in use are a known chain", chains=yes, all=len(used))
    return Figure(f"≥ {percent(yes / len(used))}", _(counts), _(T("most units do not say their formula")))


def residents(area: Area) -> Figure:
    """How many people live inside the boundary, and how that is known."""
    table = area.tables.residents
    here = table[table["in_study"]]
    total = float(here["residents"].sum())
    if not total > 0:
        return Figure(NOT_KNOWN, _(T("residents are not known")), _(T("give residents, or a map with buildings")))
    bases = set(here["basis"])
    origin = T("estimate: from the floor area of buildings on the map, not counted")
    if "raster" in bases:
        origin = T("estimate: added up from a population grid")
    if bases <= {"polygons", "municipality"}:
        origin = T("counted by sector or municipality, spread over dwellings")
    return Figure(f"± {rounded(total)}", _(T("residents")), _(origin))


def core(area: Area) -> Figure:
    """How large the core is, in the metric CRS, and what the core is here."""
    areas = area.study.core_areas
    if not len(areas):
        return Figure(NOT_KNOWN, _(T("the core is not known")), _(T("no core, retail area or cluster of shops")))
    ground = areas.to_crs(area.study.crs).union_all()
    hectares = f"{number(ground.area / 10_000)} ha"
    here = area.tables.premises[area.tables.premises["in_study"]]
    counts = T("core, with {count} of the premises", count=int(here.intersects(ground).sum()))
    notes = fallback(area, Limits())[1]
    return Figure(hectares, _(counts), " ".join(_(n) for n in notes) or _(T("core shopping area on record")))


def draw_figures(key: AreaKey) -> None:
    """The figures, each with what it counts and where it is from."""
    area = cache.area(key)
    found = _figures(str(cache.settings().data_dir), key, st.session_state[frame.KEY])
    known.heading(T("{name} in figures", name=area.name))
    rows = "".join(
        f"<dt>{html.escape(f.value)}</dt><dd>{html.escape(f.counts)}<span>{html.escape(f.origin)}</span></dd>"
        for f in found
    )
    st.html(f"<dl class='kw-figures'>{rows}</dl>")
    count = len(known.ids(area))
    day, absent = date(area.manifest["built_at"]), len(known.missing(area))
    built = _(T("Built on {day} from {count} sources.", day=day, count=count))
    more = _(TN("One more kind would tell more.", "{count} more kinds would tell more.", absent)) if absent else ""
    st.caption(f"{built} {more}")
    st.page_link("pages/data.py", label=_(T("See the data, and add to them")), icon=":material/database:")
    st.page_link("pages/method.py", label=_(T("How is it computed?")), icon=":material/functions:")


def layer_of(key: AreaKey) -> str:
    """The layer the map shows."""
    return next((x for x in SHOWN if cache.layer(key, x, "").notna().any()), SHOWN[-1])


def view_of(area: Area) -> pdk.ViewState:
    """The whole core on a map of this page's height."""
    areas = area.study.core_areas
    shape = areas.to_crs(4326).union_all() if len(areas) else area.study.boundary
    return maps.view_of(maps.bounds_of(shape), width=620, height=HEIGHT)


def picked() -> None:
    row = maps.clicked(st.session_state[MAP].selection.objects)
    if row:
        st.session_state[CELL] = str(row["h"])
        st.session_state["_opened_place"] = True


def draw_map(key: AreaKey) -> None:
    """The core by one layer, with its legend and its twin as a table."""
    area, name = cache.area(key), layer_of(key)
    layer = layer_named(name)
    found = shown.shown(key, name, "", shown.NEAR)
    sample = " · " + _(T("sample data")) if area.sample else ""
    title = _(T("{title} in and around the core of {name}", title=layer.title, name=area.name))
    st.markdown(f"**{title}**{sample}")
    address = served.address_of(shown.packed(key, name, "", shown.NEAR), private=cache.private(key))
    layers = [
        maps.street_lines(served.address_of(cache.streets(key), private=False)),
        *maps.cells(address, maps.class_colour(len(found.borders) + 1), clicks=0),
        maps.hatching(served.address_of(shown.hatched(key, name, "", shown.NEAR), private=cache.private(key))),
        maps.outline(served.address_of(cache.outline(key, "core"), private=False)),
    ]
    st.pydeck_chart(
        maps.deck(layers, view_of(area), "<b>{n}</b><br>{t}"), height=HEIGHT, on_select=picked, key=MAP,
        alt=_(T("Map of {name}: {title} by place. The table below says the same.", name=area.name, title=layer.title)),
    )  # fmt: skip
    none, not_known = _(T("none")), _(T("not known"))
    edge = bool((area.grid["reason"] == EDGE).any())
    legend.scale(_(layer.unit), found.labels(), none=none, not_known=not_known, sample=area.sample, edge=edge)
    st.caption(_(T("Modelled from the map, not counted. Click a place to see everything that is known about it.")))


@st.fragment
@states.guarded
def draw_table(key: AreaKey) -> None:
    """The map as a table, drawn only when opened."""
    title = _(T("The map as a table"))
    with st.expander(title, icon=":material/table:", key="start_table", on_change="rerun") as panel:
        if not panel.open:
            return
        name = layer_of(key)
        layer = layer_named(name)
        found = shown.shown(key, name, "", shown.NEAR)
        value = f"{_(layer.title)} ({_(layer.unit)})"
        table = pd.DataFrame({_(T("Place")): found.names, value: found.values.round(1)})
        table = table.dropna(subset=value).sort_values(value, ascending=False, ignore_index=True, kind="stable")
        rows = table.head(MOST_ROWS)
        st.caption(_(T("The {count} highest values of {all}.", count=len(rows), all=len(table))))
        st.dataframe(
            rows, hide_index=True, column_config={value: st.column_config.NumberColumn(format="localized")},
            alt=_(T("Places with their value, highest first")),
        )  # fmt: skip


def draw_sources(area: Area) -> None:
    """What is known about this area, and what could still be added."""
    left, right = st.columns(2, gap="medium")
    with left:
        known.heading(T("What is known about {name}", name=area.name))
        known.known_table(area)
    with right:
        known.heading(T("What would tell more"))
        if known.missing(area):
            known.missing_table(area)
        else:
            st.write(_(T("Every kind of source that can be read has been given.")))


if st.session_state.pop("_opened_place", False):
    st.switch_page("pages/explore.py")
key = frame.area_key()
st.title(_(T("What do you want to know about {name}?", name=cache.area(key).name)))
draw_roles()
with st.spinner(_(T("Opening {name}", name=cache.area(key).name))):
    shown.shown(key, layer_of(key), "", shown.NEAR)
left, right = st.columns([3, 2], gap="medium")
with left:
    draw_map(key)
with right:
    draw_figures(key)
draw_table(key)
draw_sources(cache.area(key))
