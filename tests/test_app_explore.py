"""The page `explore` shows the grid as it is: its values, their units, and why the rest is not known."""

import datetime
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from pages_at_work import deck, open_page
from streamlit.testing.v1 import AppTest
from towns import degrees

from geodata.store import Area
from location_model.footfall_estimate import footfall_of, two_digits
from location_model.own_count_tables import counts_with_own
from location_model.own_counts import OwnCount, save
from pages.ui.shown import Shown

pytestmark = pytest.mark.usefixtures("squareville_app")


@pytest.mark.parametrize(
    ("language", "title", "unit"),
    [
        ("nl", "Wat weten we over elke plek?", "10 minuten wandelen"),
        ("en", "What is known about every place?", "10-minute walk"),
    ],
)
def test_the_page_speaks_both_languages(language: str, title: str, unit: str) -> None:
    app = open_page("explore", language, layer="residents_within_10_min")
    assert not app.exception
    assert [t.value for t in app.title] == [title]
    assert any(unit in c.value for c in app.caption)


def test_the_table_holds_the_values_of_the_grid_highest_first(area: Area) -> None:
    app = open_page("explore", "en", layer="residents_within_10_min", view="whole")
    app.session_state["table"] = True
    app.run()
    shown = app.dataframe[-1].value
    grid = area.grid.loc[area.grid["reason"] != "no_street", "residents_within_10_min"]
    assert shown.iloc[:, 1].tolist() == pytest.approx(sorted(grid, reverse=True)[: len(shown)], abs=0.051)


@pytest.mark.parametrize("layer", ["footfall_index", "competition_shops", "vacancy_percent_nearby", "score"])
def test_every_kind_of_layer_is_drawn_by_address(layer: str) -> None:
    app = open_page("explore", layer=layer, branch="clothes")
    assert not app.exception
    layers = deck(app)
    assert layers["colours"]["data"].startswith("/mapdata/")
    assert all(x["highPrecision"] for x in layers.values() if x["@@type"] == "H3HexagonLayer")


def test_a_cell_says_its_values_its_premises_and_its_street(area: Area) -> None:
    premises = area.tables.premises
    shop = premises[premises["name"] == "Winkel 10"].to_crs(4326).geometry.iloc[0]
    from geodata import hexgrid

    cell = hexgrid.cells_at([shop.x], [shop.y])[0]
    app = open_page("explore", "nl", cell=cell)
    assert not app.exception
    assert app.subheader[0].value == area.cell_names[cell]
    assert "Winkel 10" in app.dataframe[0].value["Naam"].tolist()
    table = next(h.proto.body for h in app.get("html") if "kw-facts" in h.proto.body)
    known = area.grid.loc[cell, "residents_within_10_min"]
    from pages.ui.language import rounded

    assert f"<td>{rounded(float(known)).replace(',', '.')}</td>" in table
    assert "niet gekend" in table  # no timetable was given


def test_a_cell_of_another_town_is_said_to_be_elsewhere() -> None:
    app = open_page("explore", cell="8b19587a5af1fff")
    assert not app.exception
    assert "This place is not in the area you chose." in [c.value for c in app.caption]


def test_typing_an_address_finds_it(area: Area) -> None:
    app = open_page("explore")
    app.text_input(key="explore_search").set_value("marktstr 120").run()
    assert not app.exception
    assert app.subheader[0].value.startswith("Marktstraat")
    app.text_input(key="explore_search").set_value("zzzzqqq").run()
    assert any("zzzzqqq" in m.value for m in app.markdown)
    app.text_input(key="explore_search").set_value("Marktstraat 121").run()
    assert [b.label for b in app.button if str(b.key).startswith("explore_search_near")][:1] == ["Marktstraat 120"]


def test_the_panel_is_called_after_the_address_searched_for_as_long_as_it_lies_there(area: Area) -> None:
    from location_model.find_place import find_place

    shops = area.tables.premises.query("in_study").dropna(subset=["street", "house_number"])
    found = (find_place(area, f"{s} {n}").place for s, n in zip(shops["street"], shops["house_number"], strict=True))
    other = next(p for p in found if p is not None and area.cell_names[p.cell] != p.name)
    app = open_page("explore")
    app.text_input(key="explore_search").set_value(other.name.lower()).run()
    assert app.subheader[0].value == other.name
    app.session_state["cell"] = elsewhere = next(c for c in area.cell_names.dropna().index if c != other.cell)
    app.run()
    assert app.subheader[0].value == area.cell_names[elsewhere]


def test_large_areas_are_shown_in_larger_hexagons_that_keep_each_layers_rule(
    area: Area, monkeypatch: pytest.MonkeyPatch
) -> None:
    from geodata import hexgrid
    from pages.ui import cache, mapdata, shown

    on_street = area.grid.index[area.grid["reason"] != "no_street"]
    assert mapdata.view_resolution(list(on_street), 11) == 11
    assert mapdata.view_resolution(list(on_street), 11, most=len(on_street) - 1) == 10
    monkeypatch.setattr(mapdata.view_resolution, "__defaults__", (300,))
    shown._shown.clear()
    found = shown.shown(cache.AreaKey(area.id, area.version), "footfall_index", "bakery", shown.WHOLE)
    shown._shown.clear()
    assert found.resolution < 11
    assert len(found.cells) <= 300
    values = area.grid.loc[on_street, "footfall_index"]
    expected = values.groupby(hexgrid.parents(list(on_street), found.resolution)).max()
    np.testing.assert_allclose(found.values, expected.reindex(found.cells).to_numpy(), rtol=1e-6)
    rows = json.loads(mapdata.classed(found.cells, found.names, found.classes, found.texts("u")))
    assert [r["h"] for r in rows] == found.cells


def links(app: AppTest) -> list[str]:
    """The pages that are linked to."""
    return [link.proto.page for link in app.get("page_link")]


@pytest.mark.parametrize(("language", "needs"), [("nl", "eerst tellen"), ("en", "needs a count")])
def test_persons_per_day_are_never_told_where_nobody_counted(language: str, needs: str) -> None:
    app = open_page("explore", language, layer="persons_per_day")
    assert not app.exception
    assert needs in app.selectbox(key="layer").format_func("persons_per_day")
    asks = "vraagt een telling" if language == "nl" else "needs a count"
    assert any(asks in m.value for m in app.markdown)
    assert not app.get("deck_gl_json_chart")
    assert not app.get("vega_lite_chart")
    assert "count" in links(app)
    app.button(key="show_index").click().run()
    assert app.query_params.get("layer") is None  # the busiest streets instead: the default of the page
    assert app.get("deck_gl_json_chart")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_with_a_count_the_map_tells_persons_with_their_range(area: Area, squareville_dir: Path, language: str) -> None:
    count = OwnCount("a", "Marktstraat", *degrees(918, 900), datetime.datetime(2026, 11, 19, 12, 0), 15, 60)
    save(squareville_dir, area.id, count)
    try:
        app = open_page("explore", language, layer="persons_per_day")
        assert not app.exception
        assert deck(app)["colours"]["data"].startswith("/mapdata/")
        app.session_state["table"] = True
        app.run()
        told = app.dataframe[-1].value
        found = footfall_of(area, counts_with_own(area, [count])).by_cell().dropna()
        columns = found[["persons_per_day", "persons_low", "persons_high"]].map(two_digits)
        assert set(told.dropna().iloc[:, 1:].itertuples(index=False, name=None)) <= set(
            columns.itertuples(index=False, name=None)
        )
        assert told.iloc[0, 1] == columns["persons_per_day"].max()
        assert "method" in links(app)
        (squareville_dir / "own_counts" / f"{area.id}.csv").unlink()
        assert not app.run().get("deck_gl_json_chart")  # taken away: no number is left of it
    finally:
        shutil.rmtree(squareville_dir / "own_counts", ignore_errors=True)


def test_a_tooltip_tells_persons_with_their_range_and_nothing_where_not_known() -> None:
    nan = float("nan")
    found = Shown(11, ["a", "b"], ["", ""], np.array([1234.0, nan]), (), np.array([4.0, nan]), np.array([5678.0, nan]))
    assert found.texts("passanten per dag") == [
        "1.200 passanten per dag, tussen minder dan 10 en 5.700", "niet gekend",
    ]  # fmt: skip
