"""The drive from a retailer's own atelier or depot: fresh goods, and staff, come from there every day."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyproj

from geodata.errors import GeodataError
from geodata.language import T
from geodata.network.roads import MODES
from geodata.network.times import NO_WAY, TICKS_PER_MINUTE, ticks_from
from geodata.store import Area
from location_model.demand_region import ROAD_M
from location_model.find_place import Place, find_place, lng_lat
from location_model.profile import Limits

Floats = npt.NDArray[np.float64]


def find_depot(areas: Sequence[Area], typed: str) -> tuple[float, float]:
    """Longitude and latitude of "lng,lat", or of an address in the first of the areas that has it.

    GeodataError, with what may have been meant, for an address that is in none of them.
    """
    if (typed_point := lng_lat(typed)) is not None:
        return typed_point
    near: list[Place] = []
    for area in areas:
        found = find_place(area, typed)
        if found.place is not None:
            return found.place.lng, found.place.lat
        near += found.near
    raise GeodataError(
        T("no place called {name} is on record.", name=typed),
        where="--depot",
        remedy=T("Perhaps: {near}.", near=", ".join(p.name for p in near[:4])) if near
        else T("Give a longitude and latitude, as 2.91,51.14, or an address in an area that is built."),
    )  # fmt: skip


def drive_minutes(area: Area, xy: Floats, depot: tuple[float, float], most: float) -> Floats | None:
    """Minutes by car from the depot to places (metres), shape (places,); infinite beyond `most` minutes or a way.

    None where the depot, or every place, is more than 1.5 km from any road that the area's data hold.
    """
    roads, approach = area.region.roads, MODES["car"].approach
    at = pyproj.Transformer.from_crs(4326, area.study.crs, always_xy=True).transform(*depot)
    if not np.isfinite(at).all():
        return None
    start, places = (approach(roads.snap(p, within_m=ROAD_M)) for p in (np.array([at]), xy))
    if start.node[0] < 0 or (places.node < 0).all():
        return None
    [ticks] = ticks_from(roads, area.region.road_ms, start, places, per_minute=60_000, limit_minutes=most).T
    return np.where(ticks == NO_WAY, np.inf, ticks / TICKS_PER_MINUTE)


def within_drive(area: Area, xy: Floats, limits: Limits) -> npt.NDArray[np.bool_] | None:
    """Which places (metres) meet the limit on the drive; all without one, None where it is not known of any."""
    if limits.depot is None or limits.max_drive_minutes is None or not len(xy):
        return np.ones(len(xy), dtype=bool)
    minutes = drive_minutes(area, xy, limits.depot, limits.max_drive_minutes)
    return None if minutes is None else np.isfinite(minutes)
