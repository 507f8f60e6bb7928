"""Area files, GeoPackages in Belgian Lambert 72: municipalities, sectors, core shopping areas and retail areas."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyogrio
import shapely
from numpy.random import Generator
from scipy.spatial import cKDTree

from geodata.sample.projection import LAMBERT_72
from geodata.sample.region import CRS, ORIGIN, Floats, Municipality
from geodata.sample.town import Town

CORE_AREAS = {"testerep-stad": "KWG_Testerep-Stad_Binnenstad", "sluiskerke": "KWG_Sluiskerke_Centrum"}


def write_municipalities(path: Path, town: Town) -> None:
    """`nis`, `naam` and boundary; residents are in the sectors."""
    rows = [
        {"nis": m.nis, "naam": m.name, "geometry": town.layout.municipalities[m.id]} for m in town.region.municipalities
    ]
    _write(rows, path, "gemeenten")


def write_sectors(path: Path, town: Town, rng: Generator) -> pd.DataFrame:
    """Statistical sectors of some 1,200 residents; returns `sector` and `owner` by building row."""
    rows, of_building = [], np.full(len(town.buildings), "", dtype=object)
    at = town.buildings[["x", "y"]].to_numpy()
    for m in town.region.municipalities:
        area = town.layout.municipalities[m.id]
        of_owner = np.flatnonzero((town.buildings["owner"] == m.id).to_numpy())
        count = max(4, round(m.residents / 1200))
        seeds = at[rng.choice(of_owner, count, replace=False, p=town.homes[of_owner] / town.homes[of_owner].sum())]
        seeds = _spread(seeds, at[of_owner])
        cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(seeds), extend_to=area))
        nearest = shapely.STRtree(cells).query(shapely.points(seeds), predicate="intersects")
        for seed, cell in sorted(zip(*nearest.tolist(), strict=True)):
            code = f"{m.nis}{chr(65 + seed // 10)}{seed % 10:02d}-"
            shape = cells[cell].intersection(area)
            inside = of_owner[shapely.contains_xy(shape, at[of_owner])]
            of_building[inside] = code
            residents = round(float(town.homes[inside].sum()))
            rows.append(
                {
                    "cs01012024": code,
                    "tx_sector_descr_nl": _sector_name(town, inside, m),
                    "cd_munty_refnis": m.nis,
                    "tx_munty_descr_nl": m.name,
                    "inwoners": residents,
                    "geometry": shape,
                }
            )
        _balance(rows, m)
    _write(rows, path, "statistische_sectoren")
    return pd.DataFrame({"sector": of_building, "owner": town.buildings["owner"]})


def _spread(seeds: Floats, homes: Floats) -> Floats:
    """Seeds moved to the middle of their homes, three times, so that sectors are of a size."""
    for _ in range(3):
        nearest = cKDTree(seeds).query(homes)[1]
        seeds = np.array(
            [homes[nearest == i].mean(axis=0) if (nearest == i).any() else seeds[i] for i in range(len(seeds))]
        )
    return np.round(seeds, 1)


def _sector_name(town: Town, rows: npt.NDArray[np.int64], m: Municipality) -> str:
    if len(rows) == 0:
        return f"{m.name} - verspreide bewoning"
    streets = pd.Series([town.streets[i].name for i in town.buildings["street"].to_numpy()[rows]])
    return str(streets.value_counts().sort_index().sort_values(ascending=False, kind="stable").index[0]).upper()


def _balance(rows: list[dict[str, object]], m: Municipality) -> None:
    own = [r for r in rows if r["cd_munty_refnis"] == m.nis]
    largest = max(own, key=lambda r: int(str(r["inwoners"])))
    largest["inwoners"] = int(str(largest["inwoners"])) + m.residents - sum(int(str(r["inwoners"])) for r in own)


def write_core_areas(path: Path, town: Town) -> None:
    """Core shopping areas for two municipalities only, as in Flanders most have none on record."""
    rows = []
    for number, (slug, name) in enumerate(CORE_AREAS.items(), start=901):
        municipality = next(m for m in town.region.municipalities if m.id == slug)
        shape = _around(town, slug, ("main", "square", "side", "station"), 26.0)
        rows.append({"NAAM": name, "GEMEENTE": municipality.name, "kwg_id": number, "geometry": shape})
    _write(rows, path, "kernwinkelgebieden")


def write_retail_areas(path: Path, town: Town) -> None:
    """Retail areas of all types in the columns of the surveyed Flemish layer."""
    plan = (
        (
            "testerep-stad",
            "Centrum Testerep-Stad",
            "Centraal",
            "Hoofdwinkelgebied groot",
            ("main", "square", "side", "station"),
        ),
        ("testerep-stad", "Handelspark De Meers", "Overig", "Grootschalige concentratie", ("park",)),
        ("testerep-bad", "Zeedijk en Zeelaan", "Centraal", "Hoofdwinkelgebied klein", ("seaside",)),
        ("sluiskerke", "Centrum Sluiskerke", "Centraal", "Kernverzorgend centrum groot", ("side",)),
        ("testerep-dorp", "Centrum Testerep-Dorp", "Centraal", "Kernverzorgend centrum klein", ("local",)),
        ("harendijke", "Grootmondse Steenweg", "Overig", "Baanconcentratie", ("ribbon",)),
        ("wulpenhoek", "Centrum Wulpenhoek", "Ondersteunend", "Kernondersteunend klein", ("local",)),
    )
    rows = []
    for number, (slug, name, kind, subtype, mixes) in enumerate(plan, start=90_001):
        m = next(m for m in town.region.municipalities if m.id == slug)
        shape = _around(town, slug, mixes, 32.0)
        if not shape.is_empty:
            rows.append(
                {
                    "WINKELGEBI": number,
                    "WINKELGE_1": name,
                    "WINKELGE_2": kind,
                    "WINKELGE_3": subtype,
                    "gemeente": m.nis,
                    "naam": m.name,
                    "geometry": shape,
                }
            )
    _write(rows, path, "winkelgebieden")


def _around(town: Town, slug: str, mixes: tuple[str, ...], metres: float) -> shapely.MultiPolygon:
    """The largest clusters of units of these kinds, closed over gaps of some metres."""
    own = town.units[(town.units["building"] >= 0) & (town.units["owner"] == slug) & town.units["mix"].isin(mixes)]
    grown = shapely.union_all(shapely.buffer(town.buildings["shape"].to_numpy()[own["building"]], metres))
    parts = sorted(shapely.get_parts(grown.buffer(-metres * 0.6)), key=lambda p: -float(p.area))
    large = [
        shapely.Polygon(shapely.get_coordinates(p.exterior.simplify(2))) for p in parts if p.area > 0.12 * parts[0].area
    ]
    return shapely.MultiPolygon(large)


def _write(rows: list[dict[str, object]], path: Path, layer: str) -> None:
    shapes = _moved(np.array([row.pop("geometry") for row in rows], dtype=object))
    path.unlink(missing_ok=True)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2025-03-01T00:00:00.000Z"})
    gpd.GeoDataFrame(rows, geometry=shapes).to_crs(LAMBERT_72).to_file(path, layer=layer, driver="GPKG")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _moved(shapes: np.ndarray[tuple[int], np.dtype[np.object_]]) -> gpd.GeoSeries:
    lifted = shapely.transform(shapes, lambda p: p + np.array(ORIGIN))
    return gpd.GeoSeries([shapely.MultiPolygon(list(shapely.get_parts(g))) for g in lifted], crs=CRS)
