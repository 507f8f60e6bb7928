"""What a layer is, in words, from its own declaration: unit, reach, sources, and what it comes to in an area."""

import math
from collections.abc import Collection

import numpy as np

from geodata.branches import BranchTable
from geodata.grid import STREET_M
from geodata.language import T, Text
from geodata.network.reach import Need
from geodata.sources.catalogue import Source, source
from geodata.store import Area
from location_model.layers import Layer
from pages.ui import cache, known
from pages.ui.cache import AreaKey
from pages.ui.downloads import SAMPLE
from pages.ui.language import _, number, percent, rounded

PARENT: dict[str, Text] = {
    "sum": T("the sum of the hexagons in it"),
    "mean": T("the average of the known hexagons in it, by their surface"),
    "max": T("the highest of the hexagons in it"),
}
"""How a larger hexagon takes its value, by the layer's rule."""


def needs(layer: Layer, branches: BranchTable) -> list[Need]:
    """What a layer asks of the network, once for each distance, decay and mode."""
    found = {(n.within, n.decay, n.mode): n for n in layer.needs(branches)}
    return list(found.values())


def _far(mode: str, within: float) -> str:
    """A limit in the unit people know: metres on foot, minutes by bicycle and car."""
    if mode == "walk":
        return _(T("{far} m along streets", far=round(within)))
    far = round(within / 60)
    return _(T("{far} minutes by bicycle", far=far) if mode == "bicycle" else T("{far} minutes by car", far=far))


def how_far(layer: Layer, branches: BranchTable) -> str:
    """How far a layer looks and how much what is far still counts, in words."""
    words = []
    for need in needs(layer, branches):
        far = _far(need.mode, need.within)
        if need.decay is None:
            words.append(_(T("{far}; everything within counts whole", far=far)))
        else:
            share = number(math.exp(-1), 2)
            counts = T("{far}; at {decay} m something counts {share}", far=far, decay=round(need.decay), share=share)
            words.append(_(counts))
    if not words and layer.reach_m:
        words.append(_(T("as far as {far}", far=_far("walk", layer.reach_m))))
    return "; ".join(words)


_TABLES = {"residents": "residents", "occupied": "premises", "vacant": "premises", "shops": "premises"}
_TABLES |= {"departures": "stops", "car_parking": "parking"}
"""The table an opportunity column is counted from, by the part of its name before the colon."""

WALKED = ("premises", "residents", "stops")
"""What a layer that asks nothing of the network by itself rests on: the trips of footfall."""

_BASES = {"polygons": "population_polygons", "raster": "population_raster", "municipality": "residents_given"}


def of_layer(area: Area, layer: Layer, branches: BranchTable) -> list[Source]:
    """The sources a layer's values rest on here, streets included, in the order they were read."""
    asked = {need.column.split(":")[0] for need in layer.needs(branches)}
    tables = {_TABLES[column] for column in asked if column in _TABLES} or set(WALKED)
    used = of_tables(area, tables)
    return [source(i) for i in known.ids(area) if i in used]


def of_tables(area: Area, tables: Collection[str]) -> set[str]:
    """The ids of the sources that tables were read from here, streets included."""
    return {"osm"}.union(*(_of_table(area, table) for table in tables))


def _of_table(area: Area, table: str) -> set[str]:
    tables = area.tables
    if table == "premises":
        listed = {"vacancy_list"} if (tables.premises["vacancy_basis"] == "vacancy list").any() else set()
        return set(tables.premises["source"].unique()) | listed
    if table == "stops":
        return set(tables.stops["source"].unique())
    if table == "residents":
        return {_BASES.get(basis, "osm") for basis in tables.residents["basis"].unique()}
    return {"counts"} if table == "counts" else {"osm"}


def layer_facts(key: AreaKey, layer: Layer, branch: str) -> list[tuple[str, str]]:
    """Everything a layer's declaration says, and what it comes to in this area."""
    area, branches = cache.area(key), cache.branches()
    limits = " / ".join(_far(mode, far) for mode, far in layer.limits(branches).items())
    used = of_layer(area, layer, branches)
    rests_on = "; ".join(_(s.title) if area.sample else f"{_(s.title)} ({known.licence(s)})" for s in used)
    if area.sample:
        rests_on += f" ({_(SAMPLE)})"
    on_street = (area.grid["reason"] != "no_street").to_numpy()
    values = cache.layer(key, layer.name, branch).to_numpy(np.float64)[on_street]
    told = values[~np.isnan(values)]
    here = _(T("known for {share} of the hexagons on a street", share=percent(len(told) / max(1, len(values)))))
    if len(told):
        middle, most = rounded(float(np.median(told))), rounded(float(told.max()))
        here += "; " + _(T("half of them at most {middle}, the highest {most}", middle=middle, most=most))
    unknown = T(
        "where no street is within {street} m, where the data end nearer than {limits}, and where there are no data "
        "of this kind. Not known is never counted as zero.",
        street=round(STREET_M), limits=limits,
    )  # fmt: skip
    rows = [
        (T("What it measures"), _(layer.method)),
        (T("Unit"), _(layer.unit)),
        (T("How far it looks"), how_far(layer, branches)),
        (T("In larger hexagons"), _(PARENT[layer.parent])),
        (T("Not known"), _(unknown)),
        (T("Compare between towns"), _(_compare(layer))),
        (T("In {area}", area=area.name), here),
        (T("Rests on"), rests_on),
        (T("Weight in the starting profiles"), _weights(key, layer)),
    ]
    return [(_(a), b) for a, b in rows]


def _compare(layer: Layer) -> Text:
    if layer.within_town:
        return T("no: it ranks places within this town")
    return T("yes: it is in a unit of its own") if not layer.per_branch else T("yes, for the same branch")


def _weights(key: AreaKey, layer: Layer) -> str:
    profiles = [cache.starting_profile(key, b).profile for b in cache.branches().ids]
    given = [c.weight for p in profiles for c in p.criteria if c.layer == layer.name]
    if not given:
        return _(T("none"))
    return _(T("{low} to {high} of about 10", low=number(min(given), 1), high=number(max(given), 1)))
