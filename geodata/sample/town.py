"""One region drawn out in full: land, streets, buildings, shops and the rest, before anything is written."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.random import Generator

from geodata.sample.buildings import lay_plots, place_buildings
from geodata.sample.layout import Layout, Street, draw
from geodata.sample.paths import add_paths
from geodata.sample.places import Places, find_places
from geodata.sample.premises import MALL, add_mall, place_premises
from geodata.sample.region import Floats, Region
from geodata.sample.streets import dress

STOREYS = {"core": 2.6, "belt": 2.2, "town": 1.5, "rural": 1.3, "front": 5.0, "retail": 0.0, "industrial": 0.0}
"""How many storeys people live on, by style of building; invented."""

MALL_AT = (1180.0, 430.0)
"""Near the middle of the main shopping street."""


@dataclass(frozen=True, eq=False)
class Town:
    """All of a region. `homes` is the number of residents in each building; they add up to each municipality's."""

    layout: Layout
    streets: list[Street]
    buildings: pd.DataFrame
    units: pd.DataFrame
    places: Places
    homes: Floats

    @property
    def region(self) -> Region:
        return self.layout.region


def draw_town(region: Region, wanted: dict[str, int], rng: Generator, *, detail: float, block_detail: float) -> Town:
    """Draw a region; `detail` scales the number of buildings, `block_detail` the number of streets."""
    layout_rng, street_rng, path_rng, house_rng, unit_rng, place_rng, mall_rng = rng.spawn(7)
    layout = draw(region, layout_rng, detail=block_detail)
    streets = add_paths(layout, dress(layout, street_rng), path_rng)
    plots = lay_plots(layout, streets)
    buildings = place_buildings(layout, streets, plots, house_rng, detail=detail)
    units = place_premises(layout, streets, buildings, wanted, unit_rng)
    halls = []
    if region.name == "testerep":
        units, hall = add_mall(units, plots.shapes, np.array(MALL_AT), max(3, round(16 * detail)), mall_rng)
        halls.append((hall, {"building": "retail", "shop": "mall", "name": MALL}))
    places = find_places(layout, streets, plots, buildings, units, place_rng, halls)
    return Town(layout, streets, buildings, units, places, _homes(region, buildings))


def _homes(region: Region, buildings: pd.DataFrame) -> Floats:
    room = shapely.area(buildings["shape"].to_numpy()) * buildings["style"].map(STOREYS).to_numpy(dtype=float)
    homes = np.zeros(len(buildings))
    for m in region.municipalities:
        of_owner = (buildings["owner"] == m.id).to_numpy()
        homes[of_owner] = m.residents * room[of_owner] / room[of_owner].sum()
    return homes
