"""What a retailer brings to a comparison or a move: the list of own shops, and where their customers live."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

import geopandas as gpd

from geodata.errors import GeodataError
from geodata.language import T, Text, TN
from geodata.region import REGION_M
from geodata.sources.customer_postcodes import Customers, read_customer_postcodes
from geodata.sources.sales import ONE_SHOP
from geodata.sources.spreadsheet import File, Upload
from geodata.store import Area, Store
from location_model.decision import Arguments
from location_model.own_shops import OwnNetwork, built_areas, near, network_around
from location_model.sales import matched
from location_model.sales_customers import FEWEST, postcode_places

FILES = ("own_shops", "customers")
"""The arguments that name the lists."""
_NAMED = 5
"""Of more postcodes the first are named."""
R = TypeVar("R")


@dataclass(frozen=True, eq=False)
class OwnGiven:
    """network: the list of own shops, None without one. shops: those of it in and round the area; None without any.

    customers: by id of an own shop and by postcode; places: where postcodes are, as `postcode_places` gives them. read:
    the list of customers as it was read. not_listed: shops in it that are not among `shops`.
    """

    network: OwnNetwork | None = None
    shops: gpd.GeoDataFrame | None = None
    customers: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    places: gpd.GeoDataFrame | None = None
    read: Customers | None = None
    not_listed: tuple[str, ...] = ()

    @property
    def not_on_record(self) -> Text | None:
        """Of how many customers the postcode lies in no built area, so that they do not count; None where none does.

        Postcodes and numbers of fewer than 5 customers are not told.
        """
        at: dict[str, float] = {}
        for by_postcode in self.customers.values():
            for code, count in by_postcode.items():
                at[code] = at.get(code, 0.0) + count
        known = set() if self.places is None else set(self.places.index.astype(str))
        away = {code: count for code, count in at.items() if code not in known and count > 0}
        if not away:
            return None
        told = sorted((code for code, count in away.items() if count >= FEWEST), key=lambda code: (-away[code], code))
        codes = ", ".join(told[:_NAMED]) + (", …" if len(told) > _NAMED or not told else "")
        if len(away) == sum(count > 0 for count in at.values()):
            return T("none of the customers' postcodes is on record in the built areas ({codes}): the list of "
                     "customers is not used.", codes=codes)  # fmt: skip
        lost = int(sum(away.values()))
        if lost < FEWEST:
            return T("a few customers do not count: their postcode is not on record in the built areas.")
        return TN(
            "one customer does not count: the postcode is not on record in the built areas ({codes}).",
            "{count} customers do not count: their postcode is not on record in the built areas ({codes}).",
            lost, codes=codes,
        )  # fmt: skip

    def as_asked(self) -> dict[str, Any]:
        """As `market_of` takes it."""
        return {"own": self.shops, "customers": self.customers, "places": self.places}


@dataclass(frozen=True, eq=False)
class WithOwn(Generic[R]):
    """An answer, and the lists it was asked with."""

    found: R
    given: OwnGiven


def own_given(
    area: Area, branch: str, arguments: Arguments, data_dir: Path, *, network: OwnNetwork | None = None
) -> OwnGiven:
    """The lists that the arguments name; network: that of own shops, where it was read before.

    GeodataError as their readers raise, and for customers of no shop we know.
    """
    shops_file, customers_file = (_file(arguments.get(name)) for name in FILES)
    if customers_file is not None and shops_file is None:
        raise GeodataError(
            T("without the list of own shops nobody knows where these customers go."),
            where=str(customers_file),
            remedy=T("Give that list too, with `--own-shops`."),
        )
    if shops_file is None:
        return OwnGiven()
    network = network_around(area, shops_file, data_dir) if network is None else network
    here = near(network.shops, area)
    shops = here if len(here) else None
    if customers_file is None:
        return OwnGiven(network, shops)
    read = read_customer_postcodes(customers_file)
    mine = here[here["branch"].isna() | (here["branch"] == branch)]
    by_shop = _by_shop(read, mine)
    if not by_shop:
        raise GeodataError(
            T("none of these customers is of a shop of the list that lies in or near {area}.", area=area.name),
            where=str(customers_file),
            remedy=T("Name the shops as the list of own shops does, by id or by name."),
        )
    named = {str(shop) for shop in read.table["shop"].unique()}
    return OwnGiven(
        network, shops, by_shop, postcode_places(_within_reach(area, data_dir)), read,
        tuple(sorted(named - {ONE_SHOP} - set(matched(sorted(named), mine)))),
    )  # fmt: skip


def read_areas(arguments: Arguments, data_dir: Path) -> Sequence[str]:
    """The area, then every other built one: it may be part of the demand region, and own shops may lie in it."""
    return (arguments["area"], *(i for i in Store(data_dir).ids() if i != arguments["area"]))


def _file(given: str | Path | Upload | None) -> File | None:
    return given if isinstance(given, Upload) or given is None else Path(given)


def _by_shop(read: Customers, own: gpd.GeoDataFrame) -> dict[str, dict[str, float]]:
    """Customers by postcode of each own shop, by its id; a list that names no shop is about the only one there is."""
    names = [str(shop) for shop in read.table["shop"].unique()]
    ids = {shop: str(row["id"]) for shop, row in matched(names, own).items()}
    if names == [ONE_SHOP] and len(own) == 1:
        ids = {ONE_SHOP: str(own["id"].iloc[0])}
    found: dict[str, dict[str, float]] = {}
    for row in read.table[read.table["shop"].isin(list(ids))].to_dict("records"):
        of_shop, code = found.setdefault(ids[row["shop"]], {}), str(row["postcode"])
        of_shop[code] = of_shop.get(code, 0.0) + float(row["customers"])
    return found


def _within_reach(area: Area, data_dir: Path) -> list[Area]:
    """The built areas in which homes of the demand region may lie."""
    others = [other for other in built_areas(Store(data_dir), area) if other.sample == area.sample]
    shapes = gpd.GeoSeries([other.boundary for other in others], crs=4326).to_crs(area.study.crs)
    return [other for other, away in zip(others, shapes.distance(shapes.iloc[0]), strict=True) if away <= REGION_M]
