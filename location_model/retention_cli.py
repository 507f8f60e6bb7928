"""The command `retention`: how much of what residents spend stays in their municipality, modelled."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from geodata.branches import read_branches
from geodata.errors import GeodataError
from geodata.language import LANGUAGES, T, Text
from geodata.store import Store
from location_model.command import DATA_DIR, AsJson, Data, _, print_json, print_table, say
from location_model.demand_region import demand_region
from location_model.retention import Retention, retention_by_goods, withheld
from location_model.spending import read_habits
from location_model.surveyed import GOODS, keep_surveyed, kept_surveyed, read_surveyed
from location_model.validation.statistics import Estimate


def retention(
    area: Annotated[str, typer.Argument(help=_(T("A built area.")))],
    surveyed: Annotated[
        Path | None,
        typer.Option(
            help=_(
                T(
                    "Surveyed shares (CSV or XLSX): goods, share_percent, year, source. Kept for the area, in place of "
                    "all that was kept for it, typed in the app or not."
                )
            )
        ),
    ] = None,
    data: Data = DATA_DIR,
    as_json: AsJson = False,
) -> None:
    """Modelled retention by goods group. GeodataError where too little of the region is known."""
    stored = Store(data).open(area)
    region = demand_region(stored)
    if (why := withheld(region)) is not None:
        raise GeodataError(why, where=stored.name, remedy=T("Build the municipalities around it as well."))
    if surveyed is not None:
        keep_surveyed(stored.id, read_surveyed(surveyed), data)
    official = kept_surveyed(stored.id, data)
    found = retention_by_goods(region, read_branches(data), read_habits(data), surveyed=official)
    if as_json:
        told = {goods: r.as_json() for goods, r in found.items()}
        notes = [{language: note.to(language) for language in LANGUAGES} for note in region.notes]
        print_json({"area": stored.id, "goods": told, "region_known": round(region.known, 3), "notes": notes})
        return
    heads = (
        T("Goods"), T("Stays"), T("Other municipalities"), T("Online"), T("Elsewhere"), T("Surveyed"), T("Model alone"),
    )  # fmt: skip
    print_table(
        [_(head) for head in heads],
        [
            [
                _(GOODS[goods]), _share(r.kept),
                *(f"{100 * x:.0f} %" for x in (r.left, r.online, r.elsewhere)),
                "–" if (s := r.surveyed) is None else f"{100 * s.share:.0f} % ({s.source}, {s.year})",
                "–" if r.alone is None else _share(r.alone),
            ]
            for goods, r in found.items()
        ],
    )  # fmt: skip
    say(_(_basis(found.values())))


def _basis(found: Iterable[Retention]) -> Text:
    if any(r.surveyed is not None for r in found):
        return T("Modelled, calibrated to the survey where there is one; the rest rests on the table of spending "
                 "habits (spending.csv), mostly proxies.")  # fmt: skip
    return T("Modelled, not surveyed: it rests on the table of spending habits (spending.csv), mostly proxies.")


def _share(kept: Estimate) -> str:
    return f"{100 * kept.value:.0f} % ({100 * kept.low:.0f} – {100 * kept.high:.0f})"
