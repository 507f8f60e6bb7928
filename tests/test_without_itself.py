"""A shop is no competitor of itself: what is like its place is the street that has no such shop, not its own."""

import math
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from towns import degrees, two_alike_streets

from geodata.branches import BranchTable, read_branches
from geodata.build import build
from geodata.request import BuildRequest
from geodata.settings import Settings
from geodata.store import Area, Store
from location_model.look_alikes import examples, look_alikes
from location_model.presets import preset
from location_model.profile import Limits, ScoringProfile
from location_model.score import score_area
from location_model.shop_values import values_at
from location_model.without_itself import premises_of

COUNTED = {"competition_shops": 1.0, "agglomeration_premises": 1.0, "residents_within_10_min": 1.0}


@pytest.fixture(scope="module")
def area(tmp_path_factory: pytest.TempPathFactory) -> Area:
    folder = tmp_path_factory.mktemp("streets")
    osm = two_alike_streets().write(folder / "streets.osm.pbf")
    build(BuildRequest("Streets", osm=(osm,)), Settings(data_dir=folder))
    return Store(folder).open("streets")


@pytest.fixture(scope="module")
def branches() -> BranchTable:
    return read_branches()


@pytest.fixture(scope="module")
def profile(branches: BranchTable) -> ScoringProfile:
    whole = preset("bakery", branches).profile
    kept = tuple(replace(c, weight=COUNTED.get(c.layer, 0.0)) for c in whole.criteria)
    return replace(whole, criteria=kept, limits=Limits(within="all"))


def own(*at: tuple[str, float, float], premises: str | None = None) -> gpd.GeoDataFrame:
    ids, x, y = map(list, zip(*at, strict=True))
    points = gpd.GeoSeries.from_xy(*zip(*map(degrees, x, y), strict=True), crs=4326)
    table = pd.DataFrame({"id": ids, "name": ids, "branch": "bakery", "area_id": "streets"})
    return gpd.GeoDataFrame(table.assign(premises_id=pd.Series([premises] * len(ids), dtype="str")), geometry=points)


def test_the_street_without_the_shop_is_the_look_alike(
    area: Area, branches: BranchTable, profile: ScoringProfile
) -> None:
    """Seen with itself next door the shop would be like no place but its own."""
    shop = own(("me", 520.0, 6.0))
    scored = score_area(area, branches, profile)
    found = look_alikes(area, scored, examples(shop, [area], [area.id], branches, profile), n=3)
    assert found[0].place.site.lat > degrees(0, 1000)[1] and found[0].likeness > 0.97
    at_home = [one for one in found if one.place.site.lat < degrees(0, 100)[1]]
    assert all(one.likeness < found[0].likeness - 0.05 for one in at_home)


def test_only_itself_is_left_out_and_only_where_it_counts(
    area: Area, branches: BranchTable, profile: ScoringProfile
) -> None:
    scored = score_area(area, branches, profile)
    me = values_at(own(("me", 520.0, 6.0)), [area], branches, profile).loc["me"]
    same_place = values_at(own(("new", 520.0, 40.0)), [area], branches, profile).loc["new"]
    assert me["competition_shops"] == 0
    assert 0.5 < same_place["competition_shops"] <= 1
    around = math.exp(-20 / 150)  # the shop for clothes stays, 20 m off; the way from the cell's middle is the rest
    assert me["agglomeration_premises"] == pytest.approx(around, rel=0.25)
    cells = scored.inputs[[c.layer for c in profile.criteria].index("residents_within_10_min")]
    assert me["residents_within_10_min"] in cells and np.isfinite(me["residents_within_10_min"])


def test_two_own_shops_in_one_street_still_see_one_another(
    area: Area, branches: BranchTable, profile: ScoringProfile
) -> None:
    """The second is not on record: it sees the first, the first does not see it."""
    both = values_at(own(("me", 520.0, 6.0), ("next", 600.0, 6.0)), [area], branches, profile)
    assert both.loc["me", "competition_shops"] == 0 and both.loc["next", "competition_shops"] > 0.4


def test_a_shop_is_the_premises_its_list_names_or_the_nearest_of_the_branch(area: Area) -> None:
    units = area.tables.premises
    bakery, clothes = (int(np.flatnonzero(units["branch"] == b)[0]) for b in ("bakery", "clothes"))
    assert premises_of(own(("me", 530.0, 6.0)), area, "bakery") == {"me": bakery}
    assert premises_of(own(("me", 580.0, 6.0)), area, "bakery") == {}
    here = units.iloc[clothes]
    near = own(("me", 0.0, 0.0), premises=str(here["id"])).set_geometry(
        gpd.GeoSeries([here.geometry], crs=units.crs).to_crs(4326)
    )
    assert premises_of(near, area, "bakery") == {"me": clothes}
