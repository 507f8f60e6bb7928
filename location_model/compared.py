"""What `compare` is asked, answered: the sites, in a market with the retailer's own shops where a list is given."""

from collections.abc import Mapping
from pathlib import Path

from geodata.branches import read_branches
from geodata.store import Area, Store
from location_model.branch_market import market_of, turnover_known
from location_model.compare import Comparison, compare
from location_model.decision import Arguments, Command
from location_model.find_site import find_site
from location_model.own_given import FILES, WithOwn, own_given, read_areas
from location_model.profile import profile_from_json
from location_model.score import score_area


def compared(arguments: Arguments, data_dir: Path) -> WithOwn[Comparison]:
    """Answer what was asked.

    Arguments, in the types of JSON: area; sites; profile; rents in euros a year by site; where given, floor_areas in
    m² by site, own_shops and customers. GeodataError as the parts raise.
    """
    stored, table = Store(data_dir).open(arguments["area"]), read_branches(data_dir)
    profile = profile_from_json(arguments["profile"])
    floor_areas = _by_site(stored, arguments.get("floor_areas", {}))
    sites = [find_site(stored, name) for name in arguments["sites"]]
    sites = [site.with_floor_area(floor_areas.get(site.id)) for site in sites]
    scored = score_area(stored, table, profile)
    given = own_given(stored, profile.branch, arguments, data_dir)
    market = None
    if turnover_known(profile.branch, data_dir):
        market = market_of(stored, profile.branch, sites, data_dir, **given.as_asked()).market
    return WithOwn(compare(stored, scored, sites, market, rents=_by_site(stored, arguments["rents"])), given)


def _by_site(area: Area, typed: Mapping[str, float]) -> dict[str, float]:
    """What was typed of sites as they were named, by their ids."""
    return {find_site(area, name).id: float(value) for name, value in typed.items()}


COMPARE = Command(
    "compare", compared, lambda answer: answer.found.as_json(), areas=read_areas, files=FILES, counted=True
)
