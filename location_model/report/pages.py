"""A comparison as PDF: a page a site, or all of them behind a page that sets them side by side.

Typst lays it out. Everything said reaches it as JSON and is printed as it is: no text is ever read as markup.
"""

import datetime
import json
import shlex
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import typst

from geodata.branches import read_branches
from geodata.errors import GeodataError
from geodata.language import T, Text, TN
from location_model import presets
from location_model.branch_layer import LAYER as SUITABILITY
from location_model.catchment import PARTS
from location_model.compare import Comparison
from location_model.decision import app_version
from location_model.layers import layer_named
from location_model.permit import CATEGORIES, CHECK
from location_model.report import figures, overview
from location_model.report.site_map import CORE, SHADES, SiteMap, places_map, site_map
from location_model.report.sources import source_lines
from location_model.report.words import Words, sentence

HERE = Path(__file__).parent
FONTS = "font_source_sans_pro"
"""The typeface comes with this wheel; letters it lacks are taken from those inside typst. None of the machine's own."""

MOST_NOTES = 12
MAP_TALL, PLACES_TALL = 0.86, 0.62

MODELLED = T("Footfall, turnover and catchment are modelled, not surveyed; intervals hold four times in five.")

CATCHMENTS: dict[str, Text] = {
    "primary": T("primary catchment: the first 50 % of the turnover"),
    "secondary": T("secondary: to 75 %"),
    "tertiary": T("tertiary: to 90 %"),
}


def site_page(
    found: Comparison, at: int, language: str, *, made_on: datetime.date | None = None, address: str = ""
) -> bytes:
    """One A4 page as PDF: what is known of the site at position `at` of a comparison, to defend it with.

    made_on: the day on the page, today unless given. address: of the page in the app that shows the same.
    GeodataError for a position that is not in the comparison.
    """
    if not 0 <= at < len(found.sites):
        raise GeodataError(
            T("there is no site {n} in this comparison of {count}.", n=at + 1, count=len(found.sites)),
            remedy=T("Choose one of the sites compared."),
        )
    return _compiled(document(found, language, sites=(at,), whole=False, made_on=made_on, address=address))


def comparison_pages(
    found: Comparison, language: str, *, made_on: datetime.date | None = None, address: str = ""
) -> bytes:
    """A page with all sites of a comparison side by side, then a page a site, as one PDF. Otherwise as `site_page`."""
    every = tuple(range(len(found.sites)))
    return _compiled(document(found, language, sites=every, whole=True, made_on=made_on, address=address))


def document(
    found: Comparison,
    language: str,
    *,
    sites: tuple[int, ...],
    whole: bool,
    made_on: datetime.date | None,
    address: str,
) -> dict[str, Any]:
    """All that the template draws, in the types of JSON: texts and figures as they are read, shares for bars."""
    words = Words(language)
    table = read_branches(found.area.data_dir)
    names = {b.id: b.name(language) for b in table.branches}
    day = made_on or datetime.date.today()
    common = {
        "language": language,
        "product": " ".join(["Kernwijzer", app_version()]).strip(),
        "about": " · ".join([sentence(names.get(found.branch, found.branch)), found.area.name, words.day(day)]),
        "day": [day.year, day.month, day.day],
        "sample": words(T("sample data")) if found.area.sample else "",
        "page_of": words(T("page")),
    }
    pages = [_site(found, at, names, address, words) for at in sites]
    first = overview.page(found, names, words) | {"map": _map(places_map(found, tall=PLACES_TALL), words)}
    return common | {"overview": first if whole else None, "sites": pages}


def _site(found: Comparison, at: int, names: dict[str, str], address: str, words: Words) -> dict[str, Any]:
    site = found.sites[at]
    rent = figures.rent(site, words)
    return {
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
        "again": _again(found, address, words),
    }


def _map(drawn: SiteMap, words: Words, catchment: bool = False) -> dict[str, Any]:
    legend = [{"colour": SHADES[part], "line": False, "told": words(CATCHMENTS[part])} for part, _ in PARTS]
    core = {"colour": CORE, "line": True, "told": words(T("core shopping area, or what stands in for it"))}
    metres = drawn.scale_m
    long = T("{km} km", km=metres // 1000) if metres >= 1000 else T("{metres} m", metres=metres)
    return {
        "svg": drawn.svg,
        "alt": words(T("Map of the place with streets, core and catchment")),
        "pins": [list(pin) for pin in drawn.pins],
        "scale": {"share": metres / drawn.metres, "told": words(long)},
        "legend": [*(legend if catchment else []), *([core] if drawn.core else [])],
        "cut": words(T("The catchment goes on beyond the map.")) if drawn.cut else "",
    }


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


def _again(found: Comparison, address: str, words: Words) -> dict[str, Any]:
    area = found.area
    values = {
        "app": app_version() or "–", "area": area.name, "version": area.version,
        "day": words.day(str(area.manifest["built_at"])),
    }  # fmt: skip
    rents = [f"--rent={s.named.id}={s.rent_eur:g}" for s in found.sites if s.rent_eur is not None]
    command = ["python", "-m", "location_model", "compare", area.id, *(s.named.id for s in found.sites)]
    told = [words(T("With Kernwijzer {app} and {area} as built on {day} (version {version}):", **values))]
    if found.market is not None and found.market.assumed.fitted is not None:
        told.insert(0, words(
            T("These figures are fitted to a list of own shops. It is not part of what stands below: without that list "
              "the figures are others.")
        ))  # fmt: skip
    return {
        "head": words(T("How to get the same figures again")),
        "told": " ".join(told),
        "command": [address] if address else [shlex.quote(x) for x in [*command, f"--branch={found.branch}", *rents]],
    }


@cache
def _fonts() -> str:
    return str(resources.files(FONTS) / "files")


def _compiled(content: dict[str, Any]) -> bytes:
    compiler = typst.Compiler(root=str(HERE), font_paths=[_fonts()], ignore_system_fonts=True)
    given = {"content": json.dumps(content, ensure_ascii=False)}
    made = compiler.compile(input=str(HERE / "report.typ"), format="pdf", sys_inputs=given)
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made
