"""What `compare` is asked, answered: the sites, in a market with the retailer's own shops where a list is given."""

from pathlib import Path

from geodata.branches import read_branches
from geodata.store import Store
from location_model.branch_market import market_of, turnover_known
from location_model.compare import Comparison, compare
from location_model.decision import Arguments, Command
from location_model.find_site import find_site
from location_model.own_given import FILES, WithOwn, own_given, read_areas
from location_model.profile import profile_from_json
from location_model.score import score_area


def compared(arguments: Arguments, data_dir: Path) -> WithOwn[Comparison]:
    """Answer what was asked.

    Arguments, in the types of JSON: area; sites; profile; rents in euros a year by site; where given, own_shops and
    customers. GeodataError as the parts raise.
    """
    stored, table = Store(data_dir).open(arguments["area"]), read_branches(data_dir)
    profile = profile_from_json(arguments["profile"])
    sites = [find_site(stored, name) for name in arguments["sites"]]
    scored = score_area(stored, table, profile)
    given = own_given(stored, profile.branch, arguments, data_dir)
    market = None
    if turnover_known(profile.branch, data_dir):
        market = market_of(stored, profile.branch, sites, data_dir, **given.as_asked()).market
    rents = {find_site(stored, name).id: float(eur) for name, eur in arguments["rents"].items()}
    return WithOwn(compare(stored, scored, sites, market, rents=rents), given)


COMPARE = Command(
    "compare", compared, lambda answer: answer.found.as_json(), areas=read_areas, files=FILES, counted=True
)
