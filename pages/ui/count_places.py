"""Where to count: the spots that teach most, as they are called, and where any other street is."""

from dataclasses import dataclass

import numpy as np
import pyproj
import streamlit as st

from geodata import hexgrid
from geodata.language import T, Text
from location_model.count_plan import CountSpot, CountWindow, plan_counts
from pages.ui import cache, footfall_shown
from pages.ui.cache import AreaKey
from pages.ui.language import _

DAY_KINDS: dict[str, Text] = {
    "ordinary": T("ordinary day"), "market": T("market day"), "event": T("event"), "holiday": T("public holiday"),
}  # fmt: skip
WINDOW_DAYS: dict[str, Text] = {"workday": T("workday"), "saturday": T("Saturday")}
SAME_SPOT_M = 40.0
STEP, SPOT, HERE, OTHER = "step", "spot", "here", "other"
"""What the address of the page holds: which part, which spot, and the cell of another street."""


@dataclass(frozen=True)
class Spot:
    """A place to count: its street, the door it is near (or the street again), and where exactly (WGS84)."""

    number: int
    street: str
    near: str
    lng: float
    lat: float
    edge: int
    street_class: str
    windows: tuple[CountWindow, ...] = ()


@st.cache_resource(max_entries=12, show_spinner=False)
def _spots(folder: str, key: AreaKey) -> tuple[Spot, ...]:
    area = cache.area(key)
    classes = footfall_shown.before(key).classes
    back = pyproj.Transformer.from_crs(area.study.crs, 4326, always_xy=True)
    return tuple(_spot(key, i, spot, back, classes) for i, spot in enumerate(plan_counts(area), start=1))


def _spot(key: AreaKey, i: int, spot: CountSpot, back: pyproj.Transformer, classes: np.ndarray) -> Spot:
    area = cache.area(key)
    lng, lat = back.transform(spot.x, spot.y)
    name = area.cell_names.get(hexgrid.cells_at([lng], [lat], area.study.resolution)[0])
    near = name if isinstance(name, str) and name.startswith(spot.street) else spot.street
    return Spot(i, spot.street, near, lng, lat, spot.edge, str(classes[spot.edge] or "C"), spot.windows)


def spots(key: AreaKey) -> tuple[Spot, ...]:
    """The spots to count at, busiest first: those of the version that is built, so that a printed sheet stays true.

    GeodataError where no named street has an index.
    """
    return _spots(str(cache.settings().data_dir), key)


def spot_at(key: AreaKey, cell: str) -> Spot | None:
    """Any cell as a place to count, in its busiest street; None where there is none or it is of another area."""
    area, all_of = cache.area(key), footfall_shown.before(key)
    if cell not in area.cell_names.index:
        return None
    edge = int(all_of.edge[all_of.cells.get_loc(cell)])
    name = area.cell_names.get(cell)
    if edge < 0 or not isinstance(name, str):
        return None
    x, y = area.network.edge_middle[edge]
    lng, lat = pyproj.Transformer.from_crs(area.study.crs, 4326, always_xy=True).transform(x, y)
    return Spot(0, name, name, lng, lat, edge, str(all_of.classes[edge] or "C"))


def times_counted(key: AreaKey, spot: Spot) -> int:
    """How often somebody counted by hand at a spot."""
    near = SAME_SPOT_M / 111_000
    north = np.cos(np.radians(spot.lat))
    away = [np.hypot((c.lng - spot.lng) * north, c.lat - spot.lat) for c in footfall_shown.own(key).counts]
    return int(sum(a <= near for a in away))


def edge_at(key: AreaKey, lng: float, lat: float) -> int:
    """The piece of street a count was made in: the one whose middle is nearest."""
    area = cache.area(key)
    x, y = pyproj.Transformer.from_crs(4326, area.study.crs, always_xy=True).transform(lng, lat)
    return int(np.argmin(np.hypot(*(area.network.edge_middle - (x, y)).T)))


def hours(windows: tuple[CountWindow, ...]) -> str:
    """When to count, in words: the hours by kind of day."""
    by_day: dict[str, list[str]] = {}
    for w in windows:
        by_day.setdefault(w.kind, []).append(_(T("{begin}–{end} h", begin=w.begin, end=w.end)))
    either = _(T(" or "))
    return "; ".join(f"{_(WINDOW_DAYS.get(kind, T('Sunday')))} {either.join(times)}" for kind, times in by_day.items())
