"""Build: sources → tables → networks → one traversal → layers → a stored version of the area."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from geodata import hexgrid
from geodata.branches import BranchTable, read_branches
from geodata.errors import GeodataError
from geodata.extent import cut_nodes, data_extent
from geodata.footfall import footfall
from geodata.gather import MARGIN_M, Gathered, gather
from geodata.grid import build_grid, shared_needs
from geodata.language import T, Text
from geodata.layers import Context, all_layers
from geodata.locate import Location, clip, find_core, locate
from geodata.network.graph import Floats, Network, build_network
from geodata.network.reach import reach
from geodata.network.roads import MODES, road_network, travel_time
from geodata.network.walks import Walks
from geodata.opportunities import residents_and_edge, walking_opportunities
from geodata.place_names import name_points
from geodata.region import REGION_M, as_arrays, coast_around
from geodata.request import BuildRequest, dump
from geodata.settings import Settings
from geodata.sources.download import download_extract, find_place
from geodata.sources.osm import OsmExtract, read_osm, with_tags
from geodata.sources.osm_streets import street_lines, streets_from_osm
from geodata.store import Area, Store
from geodata.study import StudyArea, area_id, metric_crs
from geodata.tables import Tables

Progress = Callable[[float, Text], None]
CELL_SNAP_M = 150.0
DOWNLOAD_MARGIN_M = 5000.0
"""Ground downloaded around a municipality: five minutes' drive in a built-up area."""


@dataclass
class _Clock:
    """Tells the user what is being done, and remembers how long each step took."""

    progress: Progress
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, share: float, name: str, text: Text) -> Iterator[None]:
        self.progress(share, text)
        begun = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - begun, 2)


def _silent(share: float, text: Text) -> None:
    """Progress that nobody watches."""


def build(
    request: BuildRequest, settings: Settings, *, progress: Progress = _silent, extract: OsmExtract | None = None
) -> Area:
    """Build an area and store it; with unchanged inputs, return what is stored. Raises GeodataError.

    Without an extract, the municipality is looked up and downloaded by name. Whatever goes wrong, the version
    that was there stays the current one. `extract`: the request's OSM files, already read (for many areas at once).
    """
    data_dir = settings.data_dir
    if not request.osm:
        request = download(request, settings, progress)
    store = Store(data_dir)
    fingerprint = request.fingerprint(data_dir, [layer.name for layer in all_layers()])
    area = area_id(request.area)
    if not area:
        raise GeodataError(
            T("an area needs a name."), where=f"“{request.area}”", remedy=T("Give it letters or figures: `Berlare`.")
        )
    if store.fingerprint(area) == fingerprint and store.verify(area) is None:
        return store.open(area)
    with store.lock(area):
        clock = _Clock(progress)
        branches = read_branches(data_dir)
        with clock.step(0.02, "osm", T("Reading OpenStreetMap")):
            extract = extract or read_osm(request.osm)
            location = locate(request, extract)
        with clock.step(0.15, "network", T("Laying out the streets")):
            ground = _ground(extract, location)
        with clock.step(0.25, "tables", T("Reading residents, stops, premises and lists")):
            gathered = gather(request, location, extract, ground.streets, ground.extent, branches, settings)
            study, core_notes = _study(request, location, ground, gathered)
        with clock.step(0.50, "reach", T("Walking to everything from everywhere")):
            reached, street_m = _reach_all(study, gathered.tables, branches, ground)
        with clock.step(0.70, "footfall", T("Sending people through the streets")):
            walked = ground.streets[ground.walked].reset_index(drop=True)
            walks = footfall(gathered.tables, branches, ground.network, walked)
        with clock.step(0.80, "layers", T("Filling the hexagons")):
            ctx = Context(study, gathered.tables, branches, ground.network, reached, walks)
            grid = build_grid(ctx, street_m)
            names = name_points(study.centres, gathered.tables)
        with clock.step(0.92, "store", T("Storing the area")):
            return store.write(
                study,
                fingerprint=fingerprint,
                tables=gathered.tables,
                frames={
                    "grid": grid,
                    "reached": _branch_reached(reached, branches, grid.index),
                    "homes": gathered.homes,
                    "outlets": gathered.outlets,
                    **({} if gathered.towns is None else {"towns": gathered.towns}),
                    "cell_names": pd.DataFrame({"address": pd.Series(names, index=grid.index, dtype="str")}),
                },
                arrays=_arrays(ground, walks),
                manifest={
                    "sources": [s.as_json() for s in gathered.sources],
                    "notes": [
                        {"nl": n.to("nl"), "en": n.to("en")} for n in (*location.notes, *core_notes, *gathered.notes)
                    ],
                    "request": dump(request, data_dir),
                    "built_at": pd.Timestamp.now(tz="UTC").isoformat(timespec="seconds"),
                    "seconds": clock.seconds,
                },
            )


def download(request: BuildRequest, settings: Settings, progress: Progress) -> BuildRequest:
    """The same request with an extract and a boundary fetched by the municipality's name."""
    folder = settings.data_dir / "downloads"
    folder.mkdir(parents=True, exist_ok=True)
    progress(0.0, T("Looking up {name}", name=request.area))
    _, boundary, _ = find_place(request.area, settings)
    outline = folder / f"{area_id(request.area)}.geojson"
    gpd.GeoSeries([boundary], crs=4326).to_file(outline, driver="GeoJSON")
    crs = metric_crs(boundary)
    around = gpd.GeoSeries([boundary], crs=4326).to_crs(crs).buffer(DOWNLOAD_MARGIN_M).to_crs(4326).iloc[0]
    extract = download_extract(around, folder / f"{area_id(request.area)}.osm.pbf", settings, progress)
    return replace(request, osm=(extract,), boundary=request.boundary or outline)


@dataclass(frozen=True, eq=False)
class _Ground:
    """Streets and networks. `walked` marks the rows of `streets` that are lines of `network`."""

    streets: gpd.GeoDataFrame
    walked: np.ndarray[tuple[int], np.dtype[np.bool_]]
    network: Network
    roads: dict[str, tuple[Network, Any, Any]]
    extent: shapely.Polygon
    cut: np.ndarray[tuple[int], np.dtype[np.int32]]
    coast: Floats


def _ground(extract: OsmExtract, location: Location) -> _Ground:
    streets = streets_from_osm(extract, location.crs)
    lines = street_lines(extract).reset_index(drop=True)
    near, far, region = (_within(streets, location, m) for m in (MARGIN_M["walk"], MARGIN_M["roads"], REGION_M))
    streets, lines = streets[region].reset_index(drop=True), lines[region].reset_index(drop=True)
    near, far = near[region], far[region]
    to_metric = pyproj.Transformer.from_crs(4326, location.crs, always_xy=True)
    xy = [np.column_stack(to_metric.transform(p[:, 0], p[:, 1])) for p in lines["xy"]]
    nodes = lines["nodes"].tolist()

    walked = streets["walkable"].to_numpy() & near
    rows = np.flatnonzero(walked)
    network = build_network([nodes[i] for i in rows], [xy[i] for i in rows], snap=streets["on_ground"].to_numpy()[rows])
    box = None
    if extract.box is not None:
        box = gpd.GeoSeries([extract.box], crs=4326).to_crs(location.crs).iloc[0]
    extent = data_extent(np.vstack([xy[i] for i in np.flatnonzero(streets["walkable"])]), box)
    shores = with_tags(extract.lines, lambda tags: tags.get("natural") == "coastline")
    coast = gpd.GeoSeries([shapely.LineString(p) for p in shores["xy"]], crs=4326).to_crs(location.crs)
    roads = {}
    for mode in MODES:  # by car people come from the whole region
        used = np.flatnonzero(far if mode == "bicycle" else np.ones_like(far))
        graph, cost = road_network(streets.iloc[used], [nodes[i] for i in used], [xy[i] for i in used], mode)
        roads[mode] = (graph, cost, cut_nodes(graph, extent, coast))
    return _Ground(
        streets[far].reset_index(drop=True), walked[far], network, roads, extent, cut_nodes(network, extent, coast),
        coast_around(coast, roads["car"][0].xy),
    )  # fmt: skip


def _within(
    streets: gpd.GeoDataFrame, location: Location, margin_m: float
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    if location.boundary is None:
        return np.ones(len(streets), dtype=bool)
    boundary = gpd.GeoSeries([location.boundary], crs=4326).to_crs(location.crs).iloc[0].simplify(20)
    shapely.prepare(boundary)
    return np.asarray(shapely.dwithin(boundary, streets.geometry.to_numpy(), margin_m))


def _study(
    request: BuildRequest, location: Location, ground: _Ground, gathered: Gathered
) -> tuple[StudyArea, tuple[Text, ...]]:
    extent = gpd.GeoSeries([ground.extent], crs=location.crs).to_crs(4326).iloc[0]
    boundary = clip(location.boundary, extent)
    core = find_core(request, location, boundary, gathered.tables.premises[gathered.tables.premises["in_study"]])
    cells = tuple(hexgrid.cells_within(boundary))
    if not cells:
        raise GeodataError(
            T("the area is too small: not one hexagon has its centre in it."),
            where=str(request.boundary or request.municipalities or request.osm[0]),
            remedy=T("Give a boundary of at least a few hectares, with streets in the extract."),
        )
    study = StudyArea(
        id=area_id(request.area),
        name=location.name,
        nis=location.nis,
        boundary=boundary,
        data_extent=extent,
        core_areas=core.core_areas,
        retail_areas=core.retail_areas,
        core_basis=core.basis,
        crs=location.crs,
        resolution=hexgrid.RESOLUTION,
        cells=cells,
        sample=request.sample,
    )
    return study, core.notes


def _reach_all(
    study: StudyArea, tables: Tables, branches: BranchTable, ground: _Ground
) -> tuple[dict[str, np.ndarray[Any, Any]], np.ndarray[Any, Any]]:
    """Everything the layers need, by key, and each cell's distance to the nearest street node in metres."""
    needs = shared_needs(branches)
    cells = ground.network.snap(study.centres, within_m=CELL_SNAP_M)
    on_foot = walking_opportunities(tables, branches, ground.network, ground.cut)
    found = reach(ground.network, ground.network.arc_mm, on_foot, [n for n in needs if n.mode == "walk"], cells)
    for mode, (network, cost, cut) in ground.roads.items():
        given = {
            name: travel_time(opportunities, network, mode)
            for name, opportunities in residents_and_edge(tables, network, cut).items()
        }
        places = MODES[mode].approach(network.snap(study.centres, within_m=400.0))
        found |= reach(network, cost, given, [n for n in needs if n.mode == mode], places)
    street_m = np.where(cells.node >= 0, cells.offset_mm / 1000, np.nan)
    return {need.key: values for need, values in found.items()}, street_m


def _branch_reached(reached: dict[str, Any], branches: BranchTable, index: pd.Index) -> pd.DataFrame:
    """What branch layers need later, on request."""
    keys = {n.key for layer in all_layers() if layer.per_branch for n in layer.needs(branches)}
    keys |= {n.key for n in shared_needs(branches) if n.column == "edge"}
    return pd.DataFrame({key: reached[key].astype(np.float32) for key in sorted(keys)}, index=index)


def _arrays(ground: _Ground, walks: Walks) -> dict[str, Any]:
    streets = {f.name: getattr(ground.network, f.name) for f in fields(Network)} | as_arrays(
        *ground.roads["car"][:2], ground.coast
    )
    return streets | {f"walks_{f.name}": getattr(walks, f.name) for f in fields(Walks)}
