"""The ranked list beside the map: one card a place, its score as one bar of parts that add up to it."""

import html
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from geodata.language import LOCALES, T, Text, TN
from location_model.layers import GROUPS, layer_named
from location_model.profile import Limits, ScoringProfile
from location_model.suggest import CELL_SPACING_M, Suggestion, Suggestions, ties
from pages.ui import colours, mapdata, served
from pages.ui.language import _, language, number

HERE = Path(__file__).parent
GROUP_TITLES: dict[str, Text] = {
    "customers": T("Customers"),
    "shops": T("Shops around"),
    "access": T("Access"),
}


BASES: dict[str, Text] = {
    "premises list": T("vacant according to the premises list"),
    "vacancy list": T("vacant according to the vacancy list"),
}
"""What the tables call the user's own lists; anything else is a tag of OpenStreetMap."""

INTERVAL = T("80 % interval of the score: how far off the weights, and passers-by where they were counted, may be")

WITHIN: dict[str, Text] = {
    "core": T("in the core"),
    "retail": T("in the retail areas"),
    "all": T("in the whole area"),
}


def site_id(suggestion: Suggestion) -> str:
    """What a place is known by: its premises where it is a unit, else its cell."""
    return suggestion.site.premises_id or suggestion.site.cell


def by_group(profile: ScoringProfile) -> dict[str, list[str]]:
    """The layers of a profile by group, heaviest first as the starting profile has them."""
    return {g: [c.layer for c in profile.criteria if layer_named(c.layer).group == g] for g in GROUPS}


def part_colours(profile: ScoringProfile) -> dict[str, str]:
    """A colour by layer: a hue a group, a shade a layer."""
    return {
        layer: shade
        for group, layers in by_group(profile).items()
        for layer, shade in zip(layers, colours.shades(group, len(layers)), strict=True)
    }


def movement(rank: int, before: Mapping[str, int], site: str, listed: int) -> tuple[str, str, str] | None:
    """How a place moved against the starting weights: a class, a sign, and what it means. None when it did not.

    New is what was not among the first `listed`.
    """
    if site not in before:
        return "new", _(T("new")), _(T("not in the list with the standard weights"))
    if before[site] > listed:
        was = T("place {rank} with the standard weights", rank=before[site])
        return "new", _(T("new, was {rank}", rank=before[site])), _(was)
    steps = before[site] - rank
    if steps == 0:
        return None
    kind, sign = ("up", "▲") if steps > 0 else ("down", "▼")
    return kind, f"{sign} {abs(steps)}", _(T("place {rank} with the standard weights", rank=before[site]))


def moved(suggestions: Sequence[Suggestion], before: Mapping[str, int]) -> str:
    """How many places rose, fell and are new against the starting weights."""
    listed = len(suggestions)
    kinds = [moved[0] for s in suggestions if (moved := movement(s.rank, before, site_id(s), listed))]
    up, down, new = (kinds.count(k) for k in ("up", "down", "new"))
    return _(T("Compared with the standard weights: ▲ {up} rose, ▼ {down} fell, {new} new", up=up, down=down, new=new))


def heading(answer: Suggestions, *, vacant: bool) -> str:
    """How many are shown, of how many that fit, of how many that there are."""
    count = len(answer.sites)
    if not vacant:
        metres = round(CELL_SPACING_M)
        return _(TN("The best place", "The {count} best places, {metres} m or more apart", count, metres=metres))
    given = {"count": count, "fitting": answer.fitting, "record": answer.on_record, "where": WITHIN[answer.within]}
    return _(T("{count} of {fitting} vacant units ({record} {where})", **given))


def even_with_first(suggestions: Sequence[Suggestion]) -> str:
    """Which of the places listed cannot be told from the best one."""
    ranked = [s for s in suggestions if s.rank]
    first = ties(ranked)[0] if ranked else []
    if len(ranked) < 2:
        return ""
    if not first:
        return _(T("Number 1 is clearly ahead of the others."))
    if len(first) == len(ranked) - 1:
        return _(T("All of these are too close to call: choose on other grounds."))
    return _(T("Too close to call with number 1: {ranks}.", ranks=", ".join(str(s.rank) for s in first)))


def more_than(answer: Suggestions, *, vacant: bool, asked: int) -> bool:
    """Whether there may be places below the last one shown."""
    if vacant:
        return sum(1 + len(s.others) for s in answer.sites) < answer.fitting
    return len(answer.sites) == asked


def vacant_by(basis: str) -> Text:
    """What says that a unit is vacant, for who does not know the tags of OpenStreetMap."""
    if basis in BASES:
        return BASES[basis]
    if basis.startswith("disused:"):
        return T("former shop according to OpenStreetMap")
    return T("vacant according to OpenStreetMap")


def title(layer: str) -> str:
    """A layer's title."""
    return _(layer_named(layer).title)


def facts(suggestion: Suggestion, limits: Limits) -> list[str]:
    """What stands under a place: how much is known, and of a unit its size, its rent and what says that it is vacant.

    A rent that is not known is told where one is asked for.
    """
    site = suggestion.site
    found = [T("what we know: {coverage}", coverage=suggestion.coverage_told)]
    if site.vacant_by:
        found.append(vacant_by(site.vacant_by))
    if site.floor_area_m2 is not None:
        found.append(T("about {area} m²", area=round(site.floor_area_m2)))
    elif site.premises_id:
        found.append(T("floor area not known"))
    if site.rent_eur_per_year is not None:
        found.append(T("rent € {eur} a year", eur=round(site.rent_eur_per_year)))
    elif limits.max_rent_eur_per_year is not None:
        found.append(T("rent not known"))
    if others := len(suggestion.others):
        found.append(TN("one more vacant unit at this place", "{count} more vacant units at this place", others))
    return [_(text) for text in found]


def card(
    suggestion: Suggestion, profile: ScoringProfile, before: Mapping[str, int] | None, listed: int
) -> dict[str, Any]:
    """A place as the list shows it; `listed`: how many the list shows."""
    given = dict(suggestion.contributions)
    moved = movement(suggestion.rank, before, site_id(suggestion), listed) if before and suggestion.rank else None
    ordered = [layer for layers in by_group(profile).values() for layer in layers]
    return {
        "id": site_id(suggestion),
        "rank": str(suggestion.rank) if suggestion.rank else "•",
        "name": _(suggestion.site.title),
        "score": number(suggestion.score),
        "why": _(suggestion.told),
        "facts": facts(suggestion, profile.limits),
        "parts": [None if (p := given[x]) is None else round(p) for x in ordered],
        "ends": None if (low := suggestion.score_low) is None else [round(low), round(suggestion.score_high or low)],
    } | ({"move": moved} if moved else {})


# The script and the words that never change come by address, once, and the list packed: a slider's step is then small.
_component = st.components.v2.component(
    "ranked_places",
    html='<h2 class="kw-h2"></h2><p class="kw-notes"></p><ol class="places"></ol><button class="more"></button>',
    js="""export default async c => {
const data = await new Response(new Blob([c.data]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
(await import(new URL(data.script, document.baseURI))).default({...c, data});}""",
    isolate_styles=False,
)


def ranked_list(
    suggestions: Sequence[Suggestion],
    profile: ScoringProfile,
    *,
    key: str,
    heading_text: str,
    notes: Sequence[str],
    more: bool,
    picked: str | None,
    aside: Sequence[str],
    before: Mapping[str, int] | None,
    on_pick: Callable[[], None],
    on_aside: Callable[[], None],
    on_more: Callable[[], None],
) -> None:
    """Draw the list under a heading and notes, with a button for more places if there are. aside: those to compare.

    `on_pick` runs when a place is chosen, `on_aside` when one is put aside to compare or taken out; its id is then in
    the session state, under the key.
    """
    shade = part_colours(profile)
    listed = sum(s.rank > 0 for s in suggestions)
    fixed = {
        "locale": LOCALES[language()].replace("_", "-"),
        "title": _(T("Places, best first")),
        "scoreTitle": _(T("score from 0 to 100")),
        "ends": f"{_(INTERVAL)}: #",
        "points": _(T("{points} points", points="#")),
        "point": _(T("1 point")),
        "notKnown": _(T("not known")),
        "compare": _(T("+ compare")),
        "inComparison": _(T("✓ chosen")),
        "parts": [(title(x), shade[x]) for x in shade],
    }
    script = f"const fixed = {mapdata.dumps(fixed)};\n{(HERE / 'places.js').read_text('utf-8')}"
    data = {
        "script": served.address_of(served.pack(script), private=False, kind="js"),
        "heading": heading_text,
        "notes": list(notes),
        "more": _(T("Show more")) if more else "",
        "picked": picked,
        "aside": list(aside),
        "places": [card(s, profile, before, listed) for s in suggestions],
    }
    packed = served.pack(mapdata.dumps(data))
    _component(key=key, data=packed, on_picked_change=on_pick, on_aside_change=on_aside, on_more_change=on_more)


def heading_line(text: str) -> None:
    """A heading of the second level, no larger than it needs to be."""
    st.html(f'<h2 class="kw-h2">{html.escape(text)}</h2>')


def parts_legend() -> None:
    """What the colours of the bars stand for, and the styles of the list."""
    style = (HERE / "places.css").read_text("utf-8")
    swatches = "".join(
        f'<span style="white-space:nowrap"><i style="display:inline-block;width:.7em;height:.7em;border-radius:2px;'
        f'background:{colours.shades(g, 1)[0]};margin-right:.35em"></i>{_(title)}</span>'
        for g, title in GROUP_TITLES.items()
    )
    st.html(f'<style>{style}</style><div style="display:flex;gap:1.1em;font-size:.82rem;opacity:.85">{swatches}</div>')
