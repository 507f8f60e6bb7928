"""The ranked list beside the map: one card a place, its score as one bar of parts that add up to it."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from geodata.language import LOCALES, T, Text
from geodata.layers import GROUPS, layer_named
from location_model.profile import ScoringProfile
from location_model.suggest import Suggestion
from pages.ui import colours, mapdata, served
from pages.ui.language import _, language, number

HERE = Path(__file__).parent
GROUP_TITLES: dict[str, Text] = {
    "customers": T("Customers"),
    "shops": T("Shops around"),
    "access": T("Access"),
}


BASES: dict[str, Text] = {"premises list": T("the premises list"), "vacancy list": T("the vacancy list")}
"""What the tables call the user's own lists; tags of OpenStreetMap are said as they are."""


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


def movement(rank: int, before: Mapping[str, int], site: str) -> tuple[str, str, str] | None:
    """How a place moved against the starting weights: a class, a sign, and what it means. None when it did not."""
    if site not in before:
        return "new", _(T("new")), _(T("not in the list with the starting weights"))
    steps = before[site] - rank
    if steps == 0:
        return None
    kind, sign = ("up", "▲") if steps > 0 else ("down", "▼")
    return kind, f"{sign} {abs(steps)}", _(T("place {rank} with the starting weights", rank=before[site]))


def moved(suggestions: Sequence[Suggestion], before: Mapping[str, int]) -> str:
    """How many places rose, fell and are new against the starting weights."""
    kinds = [moved[0] for s in suggestions if (moved := movement(s.rank, before, site_id(s)))]
    up, down, new = (kinds.count(k) for k in ("up", "down", "new"))
    return _(T("Against the starting weights: ▲ {up} rose, ▼ {down} fell, {new} new", up=up, down=down, new=new))


def title(layer: str) -> str:
    """A layer's title."""
    return _(layer_named(layer).title)


def facts(suggestion: Suggestion) -> list[str]:
    """What stands under a place: how much is known, and of a unit its size and what says that it is vacant."""
    known = sum(p is not None for _name, p in suggestion.contributions)
    found = [_(T("what we know: {known} of {all}", known=known, all=len(suggestion.contributions)))]
    if suggestion.site.vacant_by:
        found.append(
            _(T("vacant according to {basis}", basis=BASES.get(suggestion.site.vacant_by, suggestion.site.vacant_by)))
        )
    if suggestion.site.floor_area_m2 is not None:
        found.append(_(T("about {area} m²", area=round(suggestion.site.floor_area_m2, -1))))
    return found


def card(suggestion: Suggestion, profile: ScoringProfile, before: Mapping[str, int] | None) -> dict[str, Any]:
    """A place as the list shows it."""
    given = dict(suggestion.contributions)
    moved = movement(suggestion.rank, before, site_id(suggestion)) if before and suggestion.rank else None
    ordered = [layer for layers in by_group(profile).values() for layer in layers]
    return {
        "id": site_id(suggestion),
        "rank": str(suggestion.rank) if suggestion.rank else "•",
        "name": suggestion.site.name,
        "score": number(suggestion.score),
        "why": _(suggestion.why),
        "facts": facts(suggestion),
        "parts": [None if (p := given[x]) is None else round(p, 1) for x in ordered],
    } | ({"move": moved} if moved else {})


# The script comes by address, once, and the list packed: both would else travel whole at every step of a slider.
_component = st.components.v2.component(
    "ranked_places",
    html='<ol class="places"></ol>',
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
    picked: str | None,
    before: Mapping[str, int] | None,
    on_pick: Callable[[], None],
) -> None:
    """Draw the list. `on_pick` runs when a place is chosen; its id is then in the session state, under the key."""
    shade = part_colours(profile)
    data = {
        "script": served.address_of(served.pack((HERE / "places.js").read_text("utf-8")), private=False, kind="js"),
        "locale": LOCALES[language()].replace("_", "-"),
        "title": _(T("Places, best first")),
        "scoreTitle": _(T("score from 0 to 100")),
        "points": _(T("{points} points", points="#")),
        "notKnown": _(T("not known")),
        "picked": picked,
        "parts": [(title(x), shade[x]) for x in shade],
        "places": [card(s, profile, before) for s in suggestions],
    }
    _component(key=key, data=served.pack(mapdata.dumps(data)), on_picked_change=on_pick)


def parts_legend() -> None:
    """What the colours of the bars stand for, and the styles of the list."""
    style = (HERE / "places.css").read_text("utf-8")
    swatches = "".join(
        f'<span style="white-space:nowrap"><i style="display:inline-block;width:.7em;height:.7em;border-radius:2px;'
        f'background:{colours.shades(g, 1)[0]};margin-right:.35em"></i>{_(title)}</span>'
        for g, title in GROUP_TITLES.items()
    )
    st.html(f'<style>{style}</style><div style="display:flex;gap:1.1em;font-size:.82rem;opacity:.85">{swatches}</div>')
