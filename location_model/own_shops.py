"""A retailer's own shops: a limit on where the next one may come, and what they sell to learn from."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
from shapely.geometry.base import BaseGeometry

from geodata.branches import BranchTable, read_branches
from geodata.errors import GeodataError
from geodata.sources.own_shops import Ground, read_own_shops
from geodata.sources.spreadsheet import File
from geodata.store import Area, Store

AROUND_M = 20_000.0
"""Shops farther from the boundary than this keep no distance to anything in it."""


@dataclass(frozen=True, eq=False)
class OwnNetwork:
    """Own shops over all built areas.

    shops: `own_shops` table (WGS84) with `area_id`, that of the built area a shop stands in; missing where in none.
    skipped, doubts: as in `Reading`.
    """

    shops: gpd.GeoDataFrame
    skipped: pd.DataFrame
    doubts: pd.DataFrame

    @property
    def in_no_area(self) -> list[str]:
        """The names of the shops that stand in no built area."""
        return names(self.shops[self.shops["area_id"].isna()])

    def of_branch(self, branch: str) -> gpd.GeoDataFrame:
        """The shops in built areas that are of this branch, or whose branch is not known."""
        fits = self.shops["branch"].isna() | (self.shops["branch"] == branch)
        return self.shops[fits & self.shops["area_id"].notna()]

    def of_other_branches(self, branch: str) -> list[str]:
        """The names of the shops that are of another branch."""
        return names(self.shops[self.shops["branch"].notna() & (self.shops["branch"] != branch)])


def own_network(areas: Sequence[Area], source: File, branches: BranchTable, data_dir: Path) -> OwnNetwork:
    """The own shops of a list in and round the built areas, looked for in the first areas first."""
    read = read_own_shops(source, [_ground(area) for area in areas], branches=branches, data_dir=data_dir)
    inside = pd.Series(pd.NA, index=read.table.index, dtype="str")
    for area in areas:
        inside[read.table.within(area.boundary) & inside.isna()] = area.id
    return OwnNetwork(read.table.assign(area_id=inside), read.skipped, read.doubts)


def built_areas(store: Store, first: Area) -> list[Area]:
    """Every area that can be opened, this one first: where own shops are looked for."""
    found = [first]
    for other in store.ids():
        with contextlib.suppress(GeodataError):  # a damaged area says so when it is opened itself
            found += [store.open(other)] if other != first.id else []
    return found


def network_around(area: Area, source: File, data_dir: Path) -> OwnNetwork:
    """The own shops of a list as one area needs them: looked for there first, then in every other built area.

    The sample region and real areas are kept apart: both have a Kerkstraat.
    """
    areas = [other for other in built_areas(Store(data_dir), area) if other.sample == area.sample]
    return own_network(areas, source, read_branches(data_dir), data_dir)


def _ground(area: Area) -> Ground:
    crs = int(area.manifest["study"]["crs"])

    def around() -> BaseGeometry:
        return gpd.GeoSeries([area.boundary], crs=4326).to_crs(crs).buffer(AROUND_M).to_crs(4326).iloc[0]

    return Ground(
        area.name,
        crs,
        around,
        lambda: [("osm", area.table("addresses"))],
        premises=lambda: area.table("premises"),
    )


def near(shops: gpd.GeoDataFrame, area: Area) -> gpd.GeoDataFrame:
    """The shops in and round an area."""
    return shops[shops.geometry.to_crs(4326).within(_ground(area).around())]


def positions(shops: gpd.GeoDataFrame) -> tuple[tuple[float, float], ...]:
    """Longitude and latitude of each shop, as `Limits.own_shops` holds them."""
    degrees = shops.geometry.to_crs(4326)
    return tuple(zip(degrees.x.round(7).tolist(), degrees.y.round(7).tolist(), strict=True))


def names(shops: pd.DataFrame) -> list[str]:
    """What the retailer calls each shop: its name, else its id."""
    return shops["name"].fillna(shops["id"]).astype(str).tolist()


def turnover_by_shop(shops: pd.DataFrame) -> dict[str, float]:
    """Turnover in € a year by id, of the shops whose turnover is known."""
    known = shops.dropna(subset=["turnover_eur_per_year"])
    return dict(zip(known["id"].astype(str), known["turnover_eur_per_year"].astype(float), strict=True))
