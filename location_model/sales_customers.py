"""Where the customers of a shop live, in groups of at least five, and how their share fades with distance."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
from scipy.spatial import KDTree

from geodata.opportunities import coordinates
from geodata.sources.customer_postcodes import Customers, postcode_key
from geodata.store import Area

FEWEST = 5
"""Of fewer customers no number is shown."""
BANDS_KM = (0.0, 1.0, 2.0, 5.0, 10.0, 20.0)
ADDRESS_M = 500.0
"""Residents farther from any address than this belong to no postcode."""

MOSTLY, FEWEST_ADDRESSES = 0.9, 5


@dataclass(frozen=True)
class PostcodeShare:
    """Customers of a shop in one postcode: number, share of all its customers (%), and km as the crow flies.

    km: from the shop to the middle of the postcode's addresses; None where the postcode lies in no built area, or the
    shop has no place. residents: of the postcode; None where not known.
    """

    postcode: str
    customers: int
    share: float
    km: float | None
    residents: float | None


@dataclass(frozen=True)
class Band:
    """From and to in km; residents of its postcodes, customers among them, and their share in %."""

    from_km: float
    to_km: float
    residents: float
    customers: int

    @property
    def share(self) -> float:
        """Customers in every hundred residents."""
        return 100 * self.customers / self.residents


@dataclass(frozen=True)
class ShopCustomers:
    """Customers of one shop. hidden: postcodes with too few to show, taken together in `hidden_customers`.

    not_placed: postcodes that lie in no built area. bands: the distance-decay curve; empty where it cannot be drawn.
    """

    shop: str
    customers: int | None
    postcodes: tuple[PostcodeShare, ...]
    hidden: int
    hidden_customers: int | None
    not_placed: tuple[str, ...]
    bands: tuple[Band, ...]

    def as_json(self) -> dict[str, Any]:
        """Numbers of customers are null where they are too few to show."""
        return {
            "customers": self.customers,
            "postcodes": [
                {
                    "postcode": p.postcode,
                    "customers": p.customers,
                    "share_percent": round(p.share, 2),
                    "km": None if p.km is None else round(p.km, 2),
                    "residents": None if p.residents is None else round(p.residents),
                }
                for p in self.postcodes
            ],
            "too_few_to_show": {"postcodes": self.hidden, "customers": self.hidden_customers},
            "not_placed": list(self.not_placed),
            "distance_decay": [
                {
                    "from_km": b.from_km,
                    "to_km": b.to_km,
                    "residents": round(b.residents),
                    "customers": b.customers,
                    "customers_per_100_residents": round(b.share, 3),
                }
                for b in self.bands
            ],
        }


def postcode_places(areas: Iterable[Area]) -> gpd.GeoDataFrame:
    """Postcodes on record in built areas (WGS84): the middle of their addresses, and `residents`.

    Residents are those of the built areas, by the nearest address within 500 m. They are not known where more than a
    tenth of an area's residents have no such address, or of the postcode's addresses lie beyond all built areas. Below
    5 addresses a postcode is taken for a slip of the pen.
    """
    parts = [_addresses(area) for area in areas]
    every = pd.concat(parts) if parts else _NO_ADDRESSES
    own = every[every["own"]]
    beyond = every[~every["own"] & ~every["spot"].isin(own["spot"])].drop_duplicates("spot")
    here = pd.concat([own, beyond]).groupby("key")
    middle, whole = here[["lng", "lat"]].median(), here["own"].mean() >= MOSTLY
    middle = middle[here.size() >= FEWEST_ADDRESSES]
    residents = every.groupby("key")["residents"].sum(skipna=False).reindex(middle.index).where(whole)
    points = gpd.points_from_xy(middle["lng"], middle["lat"], crs=4326)
    return gpd.GeoDataFrame({"residents": residents}, geometry=points, crs=4326)


_NO_ADDRESSES = pd.DataFrame(
    {"key": [], "lng": [], "lat": [], "residents": [], "own": pd.Series(dtype=bool), "spot": []}
)


def _addresses(area: Area) -> pd.DataFrame:
    """Addresses of an area with a postcode; own: inside the boundary; residents: those nearest, of the area itself."""
    addresses, residents = area.table("addresses"), area.table("residents")
    codes = {code: postcode_key(code) for code in addresses["postcode"].dropna().unique()}
    key = addresses["postcode"].map(codes).astype(object).fillna("").astype("str")
    known = addresses[key != ""]
    if known.empty:
        return _NO_ADDRESSES
    homes = residents[residents["in_study"]]
    count = np.zeros(len(known))
    if len(homes):
        away, at = KDTree(coordinates(known)).query(coordinates(homes), distance_upper_bound=ADDRESS_M)
        near = np.isfinite(away)
        persons = homes["residents"].to_numpy(np.float64)
        np.add.at(count, np.asarray(at)[near], persons[near])
        if persons[near].sum() < MOSTLY * persons.sum():
            count[:] = np.nan
    at_degrees = known.geometry.to_crs(4326)
    lng, lat = at_degrees.x, at_degrees.y
    spot = lng.round(5).astype("str") + " " + lat.round(5).astype("str")
    own = known["in_study"].to_numpy(bool)
    return pd.DataFrame({"key": key[key != ""], "lng": lng, "lat": lat, "residents": count, "own": own, "spot": spot})


def customers_of(
    shop: str, customers: Customers, places: gpd.GeoDataFrame, at: tuple[float, float] | None
) -> ShopCustomers:
    """The customers of one shop; at: its longitude and latitude, None where not known.

    Postcodes with fewer than 5 customers are taken together, with the smallest ones that are shown as long as together
    they are fewer than 5, so that nobody works them out from the total.
    """
    rows = customers.table[(customers.table["shop"] == shop) & (customers.table["customers"] > 0)]
    rows = rows.sort_values(["customers", "postcode"], ascending=[False, True])
    shown, total = _shown(rows["customers"].to_numpy(float)), float(rows["customers"].sum())
    kept = rows.iloc[:shown]
    rest = total - float(kept["customers"].sum())
    postcodes = tuple(
        PostcodeShare(str(code), int(n), 100 * n / total, *_place(str(code), places, at))
        for code, n in zip(kept["postcode"], kept["customers"], strict=True)
    )
    unplaced = tuple(p.postcode for p in postcodes if p.postcode not in places.index)
    return ShopCustomers(
        shop=shop,
        customers=int(total) if total >= FEWEST else None,
        postcodes=postcodes,
        hidden=len(rows) - shown,
        hidden_customers=int(rest) if rest >= FEWEST else 0 if rest == 0 else None,
        not_placed=unplaced,
        bands=_bands(postcodes, set(rows["postcode"].iloc[shown:]), places, at),
    )


def _shown(customers: npt.NDArray[np.float64]) -> int:
    """How many of the postcodes, largest first, may be shown."""
    shown = int((customers >= FEWEST).sum())
    while 0 < shown < len(customers) and customers[shown:].sum() < FEWEST:
        shown -= 1
    return shown


def _place(code: str, places: gpd.GeoDataFrame, at: tuple[float, float] | None) -> tuple[float | None, float | None]:
    """Distance (km) from the shop and residents, as far as known."""
    if code not in places.index:
        return None, None
    place = places.loc[[code]]
    residents = float(place["residents"].iloc[0])
    km = None if at is None else _km(at, [(place.geometry.x.iloc[0], place.geometry.y.iloc[0])])[0]
    return km, residents if np.isfinite(residents) and residents > 0 else None


def _km(at: tuple[float, float], points: Sequence[tuple[float, float]]) -> list[float]:
    lng, lat = np.array(points).T
    *_, metres = pyproj.Geod(ellps="WGS84").inv(np.full(len(lng), at[0]), np.full(len(lat), at[1]), lng, lat)
    return [float(m) / 1000 for m in metres]


def _bands(
    postcodes: Sequence[PostcodeShare], hidden: set[str], places: gpd.GeoDataFrame, at: tuple[float, float] | None
) -> tuple[Band, ...]:
    """Customers per resident by distance, over postcodes with residents; those with too few to show are left out."""
    if at is None or places.empty:
        return ()
    known = places[(places["residents"] > 0) & ~places.index.isin(hidden)]
    if known.empty:
        return ()
    km = np.array(_km(at, list(zip(known.geometry.x, known.geometry.y, strict=True))))
    number = {p.postcode: p.customers for p in postcodes}
    seen = np.array([number.get(str(code), 0) for code in known.index])
    bands = []
    for low, high in pairwise(BANDS_KM):
        here = (km >= low) & (km < high)
        residents = float(known["residents"].to_numpy(float)[here].sum())
        if residents > 0:
            bands.append(Band(low, high, residents, int(seen[here].sum())))
    return tuple(bands)
