"""A site as people name it: a premises, a hexagon, coordinates, or an address."""

from dataclasses import dataclass, replace

import pandas as pd
import pyproj

from geodata import hexgrid
from geodata.errors import GeodataError
from geodata.language import T
from geodata.place_names import premises_addresses
from geodata.sources.addresses import address_keys, split_address
from geodata.store import Area
from location_model.find_place import find_place, lng_lat
from location_model.suggest import Site


@dataclass(frozen=True)
class NamedSite:
    """A site with its place in metres. state: occupied or vacant, branch: of the premises it is; None elsewhere.

    floor_area_given: whether its floor area was given by the user, and is not the one on record.
    """

    site: Site
    x: float
    y: float
    state: str | None = None
    branch: str | None = None
    floor_area_given: bool = False

    @property
    def id(self) -> str:
        """The premises it is, else its cell."""
        return self.site.premises_id or self.site.cell

    def with_floor_area(self, m2: float | None) -> "NamedSite":
        """The same site with the floor area a user gives for it; as it is where none is given."""
        if m2 is None:
            return self
        return replace(self, site=replace(self.site, floor_area_m2=m2), floor_area_given=True)


def find_site(area: Area, named: str) -> NamedSite:
    """The site called `node/1` or `way/1`, an id of the premises' list, a hexagon, `lng,lat`, or an address.

    An address at which one premises stands is that premises. GeodataError, with what may have been meant, for a
    place that is not in the area.
    """
    text = named.strip()
    premises = area.tables.premises
    rows = premises.index[premises["id"] == text]
    if len(rows):
        return _premises(area, int(rows[0]))
    if hexgrid.is_cell(text):
        return _place(area, text, None)
    if (point := lng_lat(text)) is not None:
        lng, lat = point
        return _place(area, hexgrid.cells_at([lng], [lat], area.study.resolution)[0], None, at=(lng, lat))
    answer = find_place(area, text)
    if answer.place is None:
        near = ", ".join(p.name for p in answer.near)
        raise GeodataError(
            T("no place called {name} is on record.", name=named),
            where=area.name,
            remedy=T("Perhaps: {near}.", near=near) if near else T("Give a premises (node/1), lng,lat or an address."),
        )
    place = answer.place
    own = premises[premises["in_study"] & premises["street"].notna() & premises["house_number"].notna()]
    [asked] = split_address(pd.Series([place.name])).fillna("").to_dict("records")
    wanted, doors = address_keys(pd.DataFrame([asked])).iloc[0], address_keys(own)
    there = own.index[(doors[["street", "number", "letter"]] == wanted[["street", "number", "letter"]]).all(axis=1)]
    if len(there) == 1:
        return _premises(area, int(there[0]))
    return _place(area, place.cell, place.name, at=(place.lng, place.lat))


def _premises(area: Area, row: int) -> NamedSite:
    unit = area.tables.premises.iloc[[row]]
    [lng], [lat] = ([getattr(p, axis) for p in unit.geometry.to_crs(4326)] for axis in ("x", "y"))
    cell = hexgrid.cells_at([lng], [lat], area.study.resolution)[0]
    one = unit.iloc[0]
    address = premises_addresses(unit, area.tables)[0]
    site = Site(
        cell,
        str(one["id"]),
        str(address) if isinstance(address, str) and address else _name(area, cell),
        float(lng),
        float(lat),
        None if one["floor_area_m2"] != one["floor_area_m2"] else float(one["floor_area_m2"]),
        one["vacancy_basis"] if isinstance(one["vacancy_basis"], str) else None,
        not isinstance(one["street"], str) or not isinstance(one["house_number"], str),
        # of an occupied unit it is what the tenant pays: nobody asks that
        float(one["rent_eur_per_year"]) if one["state"] == "vacant" and pd.notna(one["rent_eur_per_year"]) else None,
    )
    _inside(area, cell, str(one["id"]))
    branch = one["branch"] if isinstance(one["branch"], str) else None
    return NamedSite(site, float(unit.geometry.x.iloc[0]), float(unit.geometry.y.iloc[0]), str(one["state"]), branch)


def _place(area: Area, cell: str, name: str | None, at: tuple[float, float] | None = None) -> NamedSite:
    _inside(area, cell, name or cell)
    if at is None:
        (lng,), (lat,) = hexgrid.centres([cell])
        at = float(lng), float(lat)
    x, y = pyproj.Transformer.from_crs(4326, area.study.crs, always_xy=True).transform(*at)
    return NamedSite(Site(cell, None, name or _name(area, cell), *at), float(x), float(y))


def _name(area: Area, cell: str) -> str:
    name = area.cell_names.get(cell)
    return name if isinstance(name, str) else cell


def _inside(area: Area, cell: str, named: str) -> None:
    if cell not in area.grid.index:
        raise GeodataError(
            T("{name} does not lie in {area}.", name=named, area=area.name),
            remedy=T("Choose a place inside the area, or the area it lies in."),
        )
