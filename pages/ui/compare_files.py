"""What can be taken along of a comparison and of a move: a workbook, map layers, and the decision file."""

import math
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import geopandas as gpd
import pandas as pd
import pyogrio
import streamlit as st

from geodata import hexgrid
from geodata.language import T
from geodata.sources.spreadsheet import Upload
from geodata.study import area_id
from location_model.compare import Comparison
from location_model.compared import COMPARE
from location_model.decision import Command, as_text, decide
from location_model.own_given import FILES
from location_model.profile import ScoringProfile, profile_as_json
from location_model.relocate import Relocation
from location_model.relocated import RELOCATE
from location_model.report import comparison_pages, move_pages, site_page
from location_model.validation.statistics import Estimate
from pages.ui import cache, compare_book, compared, downloads, move_asked, move_book, states
from pages.ui.cache import AreaKey
from pages.ui.compared import Specs
from pages.ui.language import _, language
from pages.ui.places import WITHIN
from pages.ui.tray import LETTERS

FIELDS = "fields"


def address(key: AreaKey, branch: str) -> str:
    """The address of this view, which shows it again."""
    said = {"area": key.id, "branch": branch, "lang": language(), **st.query_params.to_dict()}
    return f"{st.context.url}?{urlencode(said)}"


def take_along(
    key: AreaKey, profile: ScoringProfile, found: Comparison, typed: Mapping[str, Mapping[str, float]], specs: Specs
) -> None:
    """A button for each kind of file, made when asked; each is a name, an ending, and what writes it.

    typed: what was typed of the places, by argument of `compare`.
    """
    branch = cache.branches().get(profile.branch).name(language())
    link = address(key, profile.branch)
    asked = {_(T("Branch")): branch, _(T("Where")): _(WITHIN[profile.limits.within]), _(T("Address of the page")): link}
    arguments = {
        "area": key.id, "sites": list(specs), "profile": profile_as_json(profile), **typed,
        "own_shops": compared.own_list(key), "customers": compared.customer_list(key, profile.branch),
    }  # fmt: skip
    lists = _lists(arguments)
    kinds: list[tuple[str, str, Callable[[], bytes]]] = [
        ("PDF", ".pdf", partial(comparison_pages, found, language(), address=link, lists=lists)),
        *(
            (
                _(T("PDF of {letter}", letter=LETTERS[i])),
                f"-{LETTERS[i].lower()}.pdf",
                partial(site_page, found, i, language(), address=link, lists=lists),
            )
            for i in range(len(found.sites))
        ),
        ("Excel", ".xlsx", partial(compare_book.workbook, found, asked)),
        ("GeoPackage", ".gpkg", partial(geopackage, found, link)),
        (_(T("Decision file")), ".json", partial(decision, COMPARE, arguments)),
    ]
    _buttons(kinds, "-".join([key.id, area_id(branch), area_id(_(T("Compare")))]))
    _list_told(key, profile.branch)


def take_move_along(key: AreaKey, branch: str, asked: move_asked.Asked, found: Relocation) -> None:
    """The same of a move: PDF, workbook and decision file."""
    costs = None if found.pays is None else found.pays.costs
    arguments = {
        "area": key.id, "branch": branch, "from": asked.start, "to": asked.to, "own_shops": compared.own_list(key),
        "customers": compared.customer_list(key, branch), "costs": None if costs is None else vars(costs),
        "floor_area_m2": found.floor_area_m2,
    }  # fmt: skip
    lists, link = _lists(arguments), address(key, branch)
    name = cache.branches().get(branch).name(language())
    told = {
        _(T("Branch")): name, _(T("Shop that moves")): asked.shop, _(T("To")): asked.place,
        _(T("Your own lists")): ", ".join(lists.values()) or _(T("none")), _(T("Address of the page")): link,
    }  # fmt: skip
    paper = partial(move_pages, found, asked.start, asked.to, language(), address=link, lists=lists)
    kinds: list[tuple[str, str, Callable[[], bytes]]] = [
        ("PDF", ".pdf", paper),
        ("Excel", ".xlsx", partial(move_book.workbook, found, asked.place, asked.costs, told)),
        (_(T("Decision file")), ".json", partial(decision, RELOCATE, arguments)),
    ]
    _buttons(kinds, "-".join([key.id, area_id(name), area_id(_(T("Move")))]))
    _list_told(key, branch)


def _lists(arguments: Mapping[str, object]) -> dict[str, str]:
    """The names of the lists that were given, by argument."""
    given = {name: arguments.get(name) for name in FILES}
    return {name: Path(file.name).name for name, file in given.items() if isinstance(file, Upload)}


def _buttons(kinds: list[tuple[str, str, Callable[[], bytes]]], named: str) -> None:
    with st.container(horizontal=True):
        for label, ending, write in kinds:
            made, name = downloads.when_asked(write), f"{named}{ending}"
            st.download_button(label, made, name, on_click="ignore", icon=":material/download:")
    st.caption(
        _(T("The decision file holds what was asked, of which inputs, and the results; “rerun” on the command line "
            "asks the same again. The address of this page holds all your choices: copy it to share this view."))
    )  # fmt: skip


def _list_told(key: AreaKey, branch: str) -> None:
    """That the address leaves the list of own shops out, where shops of it count along."""
    mine = compared.own(key)
    if mine is not None and (mine["branch"].isna() | (mine["branch"] == branch)).any():
        told = T("The address does not hold your list of own shops: whoever opens it sees other figures until that "
                 "list is given there too.")  # fmt: skip
        states.notes([_(told)])


def decision(command: Command[Any], arguments: dict[str, Any]) -> bytes:
    """The decision file, as `--decision` writes it. A list of own shops is named in it, not kept: put it beside it."""
    return as_text(decide(command, arguments, cache.settings().data_dir)[0]).encode()


def geopackage(found: Comparison, link: str) -> bytes:
    """Layers: the places with every figure, the catchment of each by neighbourhood, and what each field is."""
    area, told = found.area, compare_book.figures(found)
    rows: list[dict[str, object]] = [
        {"letter": LETTERS[i], "name": _(s.named.site.title)} for i, s in enumerate(found.sites)
    ]
    for field, figure in told.items():
        for row, value in zip(rows, figure.values, strict=True):
            if isinstance(value, Estimate):
                row[field] = value.value
                if not math.isnan(value.low):
                    row |= {f"{field}_low": value.low, f"{field}_high": value.high}
            else:
                row[field] = value
    sites = [s.named.site for s in found.sites]
    points = gpd.points_from_xy([s.lng for s in sites], [s.lat for s in sites], crs=4326)
    places = gpd.GeoDataFrame(rows, geometry=points).to_crs(area.study.crs)
    empty = [c for c in places.columns if places[c].isna().all()]
    places[empty] = places[empty].astype(float)
    parts = [s.catchment.table.assign(letter=LETTERS[i]) for i, s in enumerate(found.sites) if s.catchment is not None]
    titles = [(f, _(figure.title), _(figure.unit)) for f, figure in told.items()]
    titles += [(f, _(title), _(unit)) for f, title, unit in _CATCHMENT]
    titles += [("page", _(T("Address of the page")), link)]
    titles += [("source", _(T("Source")), line) for line in compare_book.sources(found) if line]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "comparison.gpkg"
        places.to_file(path, layer="places", driver="GPKG")
        if parts:
            table = pd.concat(parts, ignore_index=True)
            shapes = gpd.GeoDataFrame(table, geometry=hexgrid.polygons(table["cell"].tolist()), crs=4326)
            shapes.to_crs(area.study.crs).to_file(path, layer="catchments", driver="GPKG")
        pyogrio.write_dataframe(
            pd.DataFrame(titles, columns=["field", "title", "unit"]), path, layer=FIELDS, driver="GPKG"
        )
        return path.read_bytes()


_CATCHMENT = (
    ("cell", T("Neighbourhood"), T("H3 cell")),
    ("eur", T("Turnover from there"), T("€ a year")),
    ("share", T("Turnover from there"), T("share, 0–1")),
    ("cumulative", T("Turnover from there and from heavier neighbourhoods"), T("share, 0–1")),
    ("minutes", T("Travel time"), T("minutes")),
    ("residents", T("Residents"), T("persons")),
    ("part", T("Part of the catchment"), T("primary 50 %, secondary 75 %, tertiary 90 % of the turnover")),
)
