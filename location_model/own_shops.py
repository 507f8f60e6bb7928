"""A retailer's own shops round an area, as a limit on where the next one may come."""

from pathlib import Path

import geopandas as gpd

from geodata.errors import GeodataError
from geodata.language import T
from geodata.sources.own_shops import read_own_shops
from geodata.store import Area
from geodata.tables import Reading

AROUND_M = 20_000.0
"""Shops farther from the boundary than this keep no distance to anything in it."""


def shops_near(area: Area, path: Path, data_dir: Path) -> Reading:
    """The own shops of a list in and round the area. GeodataError when none of them can be placed."""
    study = area.study
    ground = gpd.GeoSeries([study.boundary], crs=4326).to_crs(study.crs).buffer(AROUND_M).to_crs(4326).iloc[0]
    read = read_own_shops(path, area=ground, crs=study.crs, books=[("osm", area.tables.addresses)], data_dir=data_dir)
    if not len(read.table):
        raise GeodataError(
            T("no shop in the list lies in or near {area}.", area=area.name),
            where=str(path),
            remedy=T("Give coordinates, or addresses in this municipality."),
        )
    return read


def positions(shops: gpd.GeoDataFrame) -> tuple[tuple[float, float], ...]:
    """Longitude and latitude of each shop, as `Limits.own_shops` holds them."""
    degrees = shops.geometry.to_crs(4326)
    return tuple(zip(degrees.x.round(7).tolist(), degrees.y.round(7).tolist(), strict=True))
