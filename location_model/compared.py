"""What `compare` is asked, answered: the sites, in a market with the retailer's own shops where a list is given."""

from collections.abc import Mapping
from pathlib import Path

from geodata.branches import read_branches
from geodata.errors import GeodataError
from geodata.language import T
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
    m² by site, own_shops and customers. GeodataError as the parts raise, and for a rent or floor area of another place.
    """
    stored, table = Store(data_dir).open(arguments["area"]), read_branches(data_dir)
    profile = profile_from_json(arguments["profile"])
    sites = [find_site(stored, name) for name in arguments["sites"]]
    rents, floor_areas = (
        _by_site(stored, arguments.get(what, {}), {site.id for site in sites}, option)
        for what, option in (("rents", "--rent"), ("floor_areas", "--floor-area"))
    )
    sites = [site.with_floor_area(floor_areas.get(site.id)) for site in sites]
    scored = score_area(stored, table, profile)
    given = own_given(stored, profile.branch, arguments, data_dir)
    market = None
    if turnover_known(profile.branch, data_dir):
        market = market_of(stored, profile.branch, sites, data_dir, **given.as_asked()).market
    return WithOwn(compare(stored, scored, sites, market, rents=rents), given)


def _by_site(area: Area, typed: Mapping[str, float], compared: set[str], option: str) -> dict[str, float]:
    """What was typed of sites as they were named, by their ids. GeodataError for one that is not compared."""
    found = {}
    for name, value in typed.items():
        site = find_site(area, name).id
        if site not in compared:
            raise GeodataError(
                T("{name} is not among the places that are compared.", name=name),
                where=option,
                remedy=T("Add it to the places, or leave it out here."),
            )
        found[site] = float(value)
    return found


COMPARE = Command(
    "compare", compared, lambda answer: answer.found.as_json(), areas=read_areas, files=FILES, counted=True
)
