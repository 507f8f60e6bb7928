"""OpenStreetMap: any extract (`.osm.pbf`, `.osm`, `.osm.gz`, `.osm.bz2`) → streets and tagged places.

Each file is parsed once, by libosmium, whatever its format: the same town gives the same tables as
PBF and as XML. Several extracts are merged; an object that stands in more than one counts once.
"""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import osmium
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.errors import GeodataError
from geodata.files import require_file
from geodata.language import T

KEYS = (
    "highway", "building", "shop", "amenity", "office", "disused:shop", "disused:amenity", "addr:housenumber",
    "railway", "public_transport", "natural", "waterway", "landuse", "leisure", "tourism", "historic", "boundary",
)  # fmt: skip
"""An object with none of these keys is never handed to Python."""

Tags = dict[str, str]
Frame = TypeVar("Frame", bound=pd.DataFrame)
_LINE_KEYS = ("highway", "waterway", "railway")
_PLACE_KEYS = ("shop", "amenity", "office", "building", "disused:shop", "disused:amenity")


@dataclass(frozen=True, eq=False)
class OsmExtract:
    """What was read: `lines` keep their node ids (streets need them), `places` are points and polygons.

    lines: DataFrame id, tags, nodes (int64 array), xy (float64 array n × 2, WGS84).
    places: GeoDataFrame id ("node/1", "way/1", "relation/1"), tags, geometry (WGS84).
    box: the bounding box in the files' headers, where every file has one.
    timestamp: newest date the headers give, or None.
    """

    lines: pd.DataFrame
    places: gpd.GeoDataFrame
    box: BaseGeometry | None
    timestamp: str | None

    def lines_with(self, key: str) -> pd.DataFrame:
        """The lines that carry a key."""
        return with_tags(self.lines, lambda tags: key in tags)

    def places_with(self, *keys: str) -> gpd.GeoDataFrame:
        """The points and polygons that carry any of the keys."""
        return with_tags(self.places, lambda tags: any(k in tags for k in keys))


def with_tags(frame: Frame, wanted: Callable[[Tags], object]) -> Frame:
    """The rows whose tags are wanted."""
    return frame[np.array([bool(wanted(tags)) for tags in frame["tags"]], dtype=bool)]


def read_osm(paths: Sequence[Path]) -> OsmExtract:
    """Read and merge extracts. Raises GeodataError for a missing, damaged or empty file."""
    lines: dict[str, tuple[Tags, npt.NDArray[np.int64], npt.NDArray[np.float64]]] = {}
    places: dict[str, tuple[Tags, bytes]] = {}
    boxes: list[shapely.Polygon | None] = []
    stamps: list[str] = []
    for path in paths:
        require_file(path)
        try:
            with osmium.io.Reader(str(path)) as reader:
                header = reader.header()
            box, stamp = header.box(), header.get("osmosis_replication_timestamp", "") or header.get("timestamp", "")
            try:
                _read_one(path, lines, places)
            except RuntimeError as error:
                if "out of order" not in str(error):
                    raise
                with tempfile.TemporaryDirectory() as folder:
                    _read_one(_sorted_copy(path, Path(folder)), lines, places)
        except (RuntimeError, osmium.InvalidLocationError) as error:
            raise GeodataError(
                T("the extract cannot be read to its end ({reason}).", reason=str(error)),
                where=str(path),
                remedy=T("Download the file again; it may be cut off or not an OpenStreetMap file."),
            ) from error
        boxes.append(_polygon(box))
        stamps += [stamp] if stamp else []
    if not any("highway" in tags for tags, _, _ in lines.values()):
        raise GeodataError(
            T("the extract has no streets."),
            where=", ".join(str(p) for p in paths),
            remedy=T("Take an extract that covers the municipality, with highways included."),
        )
    known = [b for b in boxes if b is not None]
    return OsmExtract(
        lines=pd.DataFrame([(key, *value) for key, value in lines.items()], columns=["id", "tags", "nodes", "xy"]),
        places=gpd.GeoDataFrame(
            {"id": list(places), "tags": [tags for tags, _ in places.values()]},
            geometry=shapely.from_wkb([wkb for _, wkb in places.values()]) if places else [],
            crs=4326,
        ),
        box=shapely.union_all(known) if len(known) == len(boxes) else None,
        timestamp=max(stamps, default=None),
    )


def _sorted_copy(path: Path, folder: Path) -> Path:
    """The same objects in the order that building polygons needs; some editors write any order."""
    target = folder / "sorted.osm.pbf"
    objects = osmium.MergeInputReader()
    objects.add_file(str(path))
    with osmium.SimpleWriter(str(target)) as writer:
        objects.apply(writer)
    return target


def _polygon(box: osmium.osm.Box) -> shapely.Polygon | None:
    low, high = box.bottom_left, box.top_right
    return shapely.box(low.lon, low.lat, high.lon, high.lat) if box.valid() and box.size() > 0 else None


def _read_one(
    path: Path,
    lines: dict[str, tuple[Tags, npt.NDArray[np.int64], npt.NDArray[np.float64]]],
    places: dict[str, tuple[Tags, bytes]],
) -> None:
    wkb = osmium.geom.WKBFactory()
    cut: dict[str, tuple[Tags, bytes]] = {}
    objects = osmium.FileProcessor(str(path)).with_areas().with_filter(osmium.filter.KeyFilter(*KEYS))
    for o in objects:
        if isinstance(o, osmium.osm.Node):
            if o.location.valid():
                places.setdefault(f"node/{o.id}", (dict(o.tags), bytes.fromhex(wkb.create_point(o))))
        elif isinstance(o, osmium.osm.Way):
            tags = dict(o.tags)
            line = any(k in tags for k in _LINE_KEYS) or tags.get("natural") == "coastline"
            if line or any(k in tags for k in _PLACE_KEYS):
                nodes = [(n.ref, n.lon, n.lat) for n in o.nodes if n.location.valid()]
                if nodes and not line:  # a building cut by the edge of the extract is still a place
                    lng, lat = np.mean([n[1:] for n in nodes], axis=0)
                    cut[f"way/{o.id}"] = (tags, shapely.to_wkb(shapely.Point(lng, lat)))
                if line and len(nodes) > 1:
                    ids = np.array([n[0] for n in nodes], dtype=np.int64)
                    lines.setdefault(f"way/{o.id}", (tags, ids, np.array([n[1:] for n in nodes])))
        elif isinstance(o, osmium.osm.Area):
            key = f"{'way' if o.from_way() else 'relation'}/{o.orig_id()}"
            if key not in places:
                try:
                    places[key] = (dict(o.tags), bytes.fromhex(wkb.create_multipolygon(o)))
                except RuntimeError:
                    continue  # a polygon whose rings do not close: not a place we can draw or measure
    for key, place in cut.items():
        places.setdefault(key, place)
