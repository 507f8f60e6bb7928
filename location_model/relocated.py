"""What `relocate` is asked, answered: a shop of the branch, or one of the retailer's list, moved or closed."""

from pathlib import Path

from geodata.errors import GeodataError
from geodata.language import T
from geodata.store import Store
from location_model.branch_market import market_of
from location_model.break_even import Costs
from location_model.decision import Arguments, Command
from location_model.find_site import find_site
from location_model.own_given import FILES, WithOwn, own_given, read_areas
from location_model.relocate import Relocation, relocation


def relocated(arguments: Arguments, data_dir: Path) -> WithOwn[Relocation]:
    """Answer what was asked; an own shop may be named by its id in the list of own shops.

    Arguments, in the types of JSON: area; branch; from; to, None for closing alone; costs, None or the fields of
    `Costs`; where given, floor_area_m2 of the new place, own_shops and customers. GeodataError as the parts raise, and
    for a floor area without a new place. Where the new place is the old one, its floor area is not another.
    """
    floor_area_m2 = arguments.get("floor_area_m2")
    if floor_area_m2 is not None and arguments["to"] is None:
        raise GeodataError(
            T("closing alone has no new place, and so no floor area."),
            where="--floor-area",
            remedy=T("Give the new place with `--to`, or leave out the floor area."),
        )
    stored = Store(data_dir).open(arguments["area"])
    given = own_given(stored, arguments["branch"], arguments, data_dir)
    listed = set() if given.shops is None else set(given.shops["id"].astype(str))
    sizes = ((arguments["from"], None), (arguments["to"], floor_area_m2))
    sites = [
        find_site(stored, x).with_floor_area(m2) for x, m2 in sizes if x is not None and x not in listed
    ]  # fmt: skip
    made = market_of(stored, arguments["branch"], sites, data_dir, **given.as_asked())

    def row_id(name: str | None) -> str | None:
        return None if name is None else made.own[name] if name in made.own else find_site(stored, name).id

    start, to = row_id(arguments["from"]) or "", row_id(arguments["to"])
    if start == to and floor_area_m2 is not None:
        return relocated({**arguments, "floor_area_m2": None}, data_dir)
    costs = None if arguments["costs"] is None else Costs(**arguments["costs"])
    found = relocation(
        made.market, start, to, own=sorted(made.own.values()), costs=costs,
        actual_eur=made.turnover.get(start), floor_area_m2=floor_area_m2,
    )  # fmt: skip
    return WithOwn(found, given)


RELOCATE = Command("relocate", relocated, lambda answer: answer.found.as_json(), areas=read_areas, files=FILES)
