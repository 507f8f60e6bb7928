"""Explore: what is known about every place? One layer on the map, everything about one place beside it."""

import pandas as pd
import streamlit as st

from geodata import hexgrid
from geodata.language import T, Text
from geodata.store import Area
from location_model.layers import layer_named
from pages.ui import (
    cache,
    charts,
    choices,
    colours,
    explained,
    footfall_shown,
    frame,
    legend,
    maps,
    place,
    search,
    served,
    shown,
    states,
)
from pages.ui.built_from import sentence
from pages.ui.cache import AreaKey
from pages.ui.language import _, language

CELL, CLICKS, SEARCH = "cell", "explore_clicks", "explore_search"
MAP, PANEL, TABLE = "explore_map", "explore_panel", "explore_table"
VIEWS: dict[str, Text] = {shown.NEAR: T("Around the shops"), shown.WHOLE: T("Whole area")}
MOST_ROWS = 1000


def uncounted(key: AreaKey, name: str) -> bool:
    """Whether it would be a number that nobody counted for."""
    return name == shown.PERSONS and not footfall_shown.counted(key)


def label(key: AreaKey, name: str) -> str:
    """What it is called in the list, and whether it can be shown."""
    needs = f" ({_(T('needs a count'))})" if uncounted(key, name) else ""
    return shown.label(name) + needs


def read_choices(key: AreaKey) -> tuple[str, str, str]:
    """Layer, branch, view."""
    names = {b.id: b.name(language()) for b in cache.branches().branches}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        layer = choices.select(
            _(T("Show")), shown.names(), "layer", default="footfall_index", shown=lambda n: label(key, n), width=320
        )
        branch = str(choices.value("branch", "bakery", choices.one_of(list(names))))
        if shown.of(layer).per_branch:
            by_name = sorted(names, key=lambda b: names[b])
            branch = choices.select(
                _(T("Branch")), by_name, "branch", default="bakery", shown=lambda b: names[b], width=240
            )
        view = choices.segments(_(T("View")), list(VIEWS), "view", default=shown.NEAR, shown=lambda v: _(VIEWS[v]))
        search.field(key, SEARCH, choose)
    return layer, branch, view


def choose(cell: str | None) -> None:
    """The place that was searched for, or none: for a callback, the page runs anyway."""
    st.session_state[CELL] = cell


def pick(cell: str | None) -> None:
    """Choose a place; choosing it again lets go."""
    st.session_state[CELL] = None if cell == st.session_state.get(CELL) else cell
    st.rerun([MAP, PANEL])


def picked_on_map() -> None:
    row = maps.clicked(st.session_state[f"{MAP}_chart"].selection.objects)
    st.session_state[CLICKS] = st.session_state.get(CLICKS, 0) + 1
    if row:
        pick(str(row["h"]))


def picked_in_table(cells: list[str]) -> None:
    rows = st.session_state[f"{TABLE}_rows"].selection.rows
    pick(cells[rows[0]] if rows else None)


def chosen_cell() -> str | None:
    cell = choices.value(CELL, None)
    return cell if isinstance(cell, str) and hexgrid.is_cell(cell) else None


@st.fragment(key=MAP)
@states.guarded
def draw_map(key: AreaKey, layer: str, branch: str, view: str) -> None:
    found = shown.shown(key, layer, branch, view)
    private = shown.private(key, layer)
    address = served.address_of(shown.packed(key, layer, branch, view), private=private)
    name = cache.area(key).name
    layers = [
        maps.street_lines(served.address_of(cache.streets(key), private=False)),
        *maps.cells(address, maps.class_colour(len(found.borders) + 1), clicks=st.session_state.get(CLICKS, 0)),
        maps.hatching(served.address_of(shown.hatched(key, layer, branch, view), private=private)),
        maps.outline(served.address_of(cache.outline(key, "core"), private=False)),
        maps.ring(chosen_cell()),
    ]
    st.pydeck_chart(
        maps.deck(layers, cache.view(key, "core" if view == shown.NEAR else "all"), "<b>{n}</b><br>{t}"),
        height=560,
        on_select=picked_on_map,
        key=f"{MAP}_chart",
        alt=_(
            T("Map of {name}: {title} by place. The table below says the same.", name=name, title=shown.of(layer).title)
        ),
    )


@st.fragment(key=PANEL)
@states.guarded
def draw_panel(key: AreaKey, branch: str, mapped: bool) -> None:
    cell = chosen_cell()
    unsure = search.answer(SEARCH, pick)
    if cell:
        place.panel(key, cell, branch, title=search.address_in(SEARCH, cell))
    elif mapped and not unsure:
        hint = _(T("Click a place on the map, or type a street and number."))
        st.markdown(f":material/touch_app: {hint}")


def draw_legend(layer: str, found: shown.Shown, *, sample: bool, edge: bool) -> None:
    if layer == shown.SCORE:
        legend.score(sample=sample, edge=edge)
        return
    none, not_known = _(T("none")), _(T("not known"))
    legend.scale(_(shown.of(layer).unit), found.labels(), none=none, not_known=not_known, sample=sample, edge=edge)


def draw_histogram(key: AreaKey, layer: str, found: shown.Shown) -> None:
    counts = pd.Series(found.classes).value_counts()
    labels = [_(T("not known")), _(T("none")), *found.labels()]
    shades = [colours.not_known(), colours.none(), *colours.amounts(len(found.borders) + 1)]
    title = _(T("How often each value occurs: {title}", title=shown.of(layer).title))
    numbers = [int(counts.get(i - 1, 0)) for i in range(len(labels))]
    charts.histogram(title, _(shown.of(layer).unit), labels, numbers, shades)
    area = cache.area(key)
    charts.source(area, sources(area, layer))


def sources(area: Area, name: str) -> set[str] | None:
    """The ids of the sources that what is shown rests on; None for all."""
    if name == shown.PERSONS:
        return explained.of_tables(area, ("counts", *explained.WALKED))
    if name == shown.SCORE:
        return None
    return {s.id for s in explained.of_layer(area, layer_named(name), cache.branches())}


def nobody_counted() -> None:
    """In place of a map of numbers: where the first count is made, and what is known without."""
    states.empty(
        T("How many people pass here needs a count"),
        T(
            "Open data tell which street is busier than another, not how many people pass. A quarter of an hour in a "
            "few streets is enough to begin with."
        ),
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link("pages/count.py", label=_(T("Count it yourself")), icon=":material/directions_walk:")
        st.button(
            _(T("Show which street is busier")), icon=":material/map:", key="show_index", type="tertiary",
            on_click=lambda: st.session_state.update(layer="footfall_index"),
        )  # fmt: skip


def stands_on(key: AreaKey) -> None:
    """What the numbers of the map stand on, and how good they are."""
    basis = footfall_shown.basis(footfall_shown.footfall(key))
    sure = _(T("for streets like those counted, four in five such ranges are right"))
    quiet = T("Grey are also the streets that are quieter than any that was counted.")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"{sentence(f'{basis}; {sure}')}. {_(quiet)}", width="content")
        states.how_good("footfall")


@st.fragment(key=TABLE)
@states.guarded
def draw_table(key: AreaKey, layer: str, branch: str, view: str) -> None:
    """The map as a table, drawn only when opened."""
    with st.expander(
        _(T("As a table, and to take along")), icon=":material/table:", key="table", on_change="rerun"
    ) as panel:
        if not panel.open:
            return
        found = shown.shown(key, layer, branch, view)
        value = f"{_(shown.of(layer).title)} ({_(shown.of(layer).unit)})"
        table = pd.DataFrame({"cell": found.cells, _(T("Place")): found.names, value: found.values.round(1)})
        if found.low is not None and found.high is not None:
            table[value] = [footfall_shown.rounded(v) for v in found.values]
            table[_(T("at least"))] = [footfall_shown.rounded(v) for v in found.low]
            table[_(T("at most"))] = [footfall_shown.rounded(v) for v in found.high]
        table = table.sort_values([value, "cell"], ascending=[False, True], ignore_index=True)
        most = _(
            T("The {count} highest values; the file holds all {all}.", count=min(MOST_ROWS, len(table)), all=len(table))
        )
        st.caption(most)
        first = table.head(MOST_ROWS)
        cells = first["cell"].tolist()
        st.dataframe(
            first.drop(columns="cell"),
            hide_index=True,
            key=f"{TABLE}_rows",
            on_select=lambda: picked_in_table(cells),
            selection_mode="single-row",
            column_config={value: st.column_config.NumberColumn(format="localized")},
            alt=_(T("Places with their value, highest first")),
        )
        comma = language() == "nl"
        st.download_button(
            "CSV",
            lambda: table.to_csv(index=False, sep=";" if comma else ",", decimal="," if comma else ".").encode(
                "utf-8-sig"
            ),
            f"{key.id}-{layer}.csv",
            on_click="ignore",
            icon=":material/download:",
        )


key = frame.area_key()
st.title(_(T("What is known about every place?")))
layer, branch, view = read_choices(key)
with st.spinner(_(T("Opening {name}", name=cache.area(key).name))):
    found = shown.shown(key, layer, branch, view)
    footfall_shown.footfall(key)  # once a version: what the panel tells of a place is then there at once
if found.resolution < cache.area(key).study.resolution:
    states.notes([_(T("So large an area is shown in larger hexagons; around the shops they are at their finest."))])
left, right = st.columns([3, 2], gap="medium")
with left:
    if uncounted(key, layer):
        nobody_counted()
    else:
        draw_map(key, layer, branch, view)
        draw_legend(layer, found, sample=cache.area(key).sample, edge=cache.meets_edge(key))
        if layer == shown.PERSONS:
            stands_on(key)
with right:
    draw_panel(key, branch, mapped=not uncounted(key, layer))
    if not uncounted(key, layer):
        draw_histogram(key, layer, found)
if not uncounted(key, layer):
    draw_table(key, layer, branch, view)
with st.container(horizontal=True, vertical_alignment="center"):
    st.page_link(
        "pages/method.py",
        label=_(T("How is this computed?")),
        icon=":material/functions:",
        query_params={"chapter": "layers", "layer": layer},
    )
    st.caption(_(T("The address of this page holds all your choices: copy it to share this view.")))
