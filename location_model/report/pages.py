"""A comparison as PDF: a page a site, or all of them behind a page that sets them side by side.

Typst lays it out. Everything said reaches it as JSON and is printed as it is: no text is ever read as markup.
"""

import datetime
from collections.abc import Mapping
from typing import Any

from geodata.branches import read_branches
from geodata.errors import GeodataError
from geodata.language import T, Text, TN
from location_model import presets
from location_model.branch_layer import LAYER as SUITABILITY
from location_model.catchment import PARTS
from location_model.compare import Comparison
from location_model.layers import layer_named
from location_model.permit import CATEGORIES, CHECK
from location_model.report import figures, overview
from location_model.report.again import Lists, again, compare_command
from location_model.report.paper import compiled, paper
from location_model.report.site_map import SHADES, SiteMap, content, places_map, site_map
from location_model.report.sources import source_lines
from location_model.report.words import Words, sentence

NO_LISTS: Lists = {}
MOST_NOTES = 12
MAP_TALL, PLACES_TALL = 0.86, 0.62

MODELLED = T("Footfall, turnover and catchment are modelled, not surveyed; intervals hold four times in five.")

CATCHMENTS: dict[str, Text] = {
    "primary": T("primary catchment: the first 50 % of the turnover"),
    "secondary": T("secondary: to 75 %"),
    "tertiary": T("tertiary: to 90 %"),
}


def site_page(
    found: Comparison,
    at: int,
    language: str,
    *,
    made_on: datetime.date | None = None,
    address: str = "",
    lists: Lists = NO_LISTS,
) -> bytes:
    """One A4 page as PDF: what is known of the site at position `at` of a comparison, to defend it with.

    made_on: the day on the page, today unless given. address: of the page in the app that shows the same. lists: the
    retailer's own files that the figures rest on. GeodataError for a position that is not in the comparison.
    """
    if not 0 <= at < len(found.sites):
        raise GeodataError(
            T("there is no site {n} in this comparison of {count}.", n=at + 1, count=len(found.sites)),
            remedy=T("Choose one of the sites compared."),
        )
    words = Words(language)
    page = _site(found, at, _branch_names(found, language), address, lists, words)
    return compiled(paper(found.area, found.branch, [page], words, made_on))


def comparison_pages(
    found: Comparison,
    language: str,
    *,
    made_on: datetime.date | None = None,
    address: str = "",
    lists: Lists = NO_LISTS,
) -> bytes:
    """A page with all sites of a comparison side by side, then a page a site, as one PDF. Otherwise as `site_page`."""
    words = Words(language)
    names = _branch_names(found, language)
    first = overview.page(found, names, words) | {"map": _map(places_map(found, tall=PLACES_TALL), words)}
    pages = [_site(found, at, names, address, lists, words) for at in range(len(found.sites))]
    return compiled(paper(found.area, found.branch, [first, *pages], words, made_on))


def _branch_names(found: Comparison, language: str) -> Mapping[str, str]:
    return {b.id: b.name(language) for b in read_branches(found.area.data_dir).branches}


def _site(
    found: Comparison, at: int, names: Mapping[str, str], address: str, lists: Lists, words: Words
) -> dict[str, Any]:
    site = found.sites[at]
    rent = figures.rent(site, words)
    lines = [[address]] if address else [compare_command(found, lists)]  # weights chosen are in the address alone
    return {
        "kind": "site",
        "title": figures.title(site, words),
        "unit": figures.unit(site, names, words),
        "map": _map(site_map(found, at, tall=MAP_TALL), words, site.catchment is not None),
        "figures": [
            figures.score(site, words),
            figures.turnover(site, figures.top_turnover(found), words),
            figures.footfall(site, words),
            figures.catchment(site, words),
            *([] if rent is None else [rent]),
        ],
        "parts": {
            "head": words(T("What the score is made of")),
            "heads": [words(T("Criterion")), words(T("What is there")), words(T("Points"))],
            "rows": figures.parts(found, site, words),
            "note": words(T("A bar is what a criterion adds to the score, the grey behind it the most it could add.")),
        },
        "firm": {
            "head": words(T("How firm this is")),
            "told": [x for x in [*figures.firmness(site, words), figures.turning(found, at, words)] if x],
            "heads": [words(T("Set against")), words(T("On the score")), words(T("On turnover a year"))],
            "rows": figures.against(found, at, words),
        },
        "permit": {"head": words(T("Permit, an indication")), "told": _permit(found, at, words)},
        "notes": {"head": words(T("Assumed, and not known")), "told": _notes(found, at, words)},
        "sources": {"head": words(T("Sources")), "told": source_lines(found.area, words)},
        "again": again(found.area, lines, lists, words),
    }


def _map(drawn: SiteMap, words: Words, catchment: bool = False) -> dict[str, Any]:
    legend = [(SHADES[part], CATCHMENTS[part]) for part, _ in PARTS] if catchment else []
    alt = T("Map of the place with streets, core and catchment")
    return content(drawn, words, alt, legend, T("The catchment goes on beyond the map."))


def _permit(found: Comparison, at: int, words: Words) -> list[str]:
    permit = found.sites[at].permit
    told = [f"{sentence(words(permit.told))}. {words(permit.why)}"]
    if permit.category is not None:
        told.append(words(T("Category of goods: {category}.", category=CATEGORIES[permit.category])))
    return [*told, words(CHECK)]


def _notes(found: Comparison, at: int, words: Words) -> list[str]:
    """What is not known of the site first, of what weighs; then what its figures rest on."""
    points = found.sites[at].contributions
    weighed = [c.layer for c in found.robust.scored.profile.criteria if c.weight > 0]
    unknown = [words(layer_named(layer).title) for layer in weighed if points[layer] is None]
    told = [words(T("Not known here: {names}.", names=words.listed(unknown)))] if unknown else []
    pairs = [both for d in found.differences if at in (d.a, d.b) and (both := d.both_right) is not None]
    told += [
        words(both.told(*(found.sites[i].named.site.title for i in (both.scored, both.sold)))) for both in pairs[:1]
    ]
    told += [words(MODELLED), words(_weights(found))]
    told += [sentence(words(note)) for note in found.notes]
    told += [sentence(note[words.language]) for note in found.area.manifest["notes"]]
    if found.area.sample:
        told.insert(0, words(T("Sample data: Testerep is an invented region.")))
    if (left := len(told) - MOST_NOTES) > 0:
        more = words(TN("One more note is in the app.", "{count} more notes are in the app.", left))
        told = [*told[:MOST_NOTES], more]
    return told


def _weights(found: Comparison) -> Text:
    """Whose weights they are. Branch suitability weighs only where its model proved itself: both are standard."""
    start = presets.preset(found.branch, read_branches(found.area.data_dir)).profile.criteria
    given = {c.layer: c.weight for c in found.robust.scored.profile.criteria}
    standard = {c.layer: c.weight for c in start}
    moved = any(given.get(x) != w for x, w in standard.items() if x != SUITABILITY.name)
    moved |= given.get(SUITABILITY.name) not in (0.0, presets.SUITABILITY_WEIGHT)
    if moved:
        return T("The weights of the criteria were chosen by the user.")
    return T("The weights of the criteria are the standard ones for this branch: expert choice, not fitted to sales.")
