"""Why a place: what it scores on and what counts against it, what sets it apart from the others listed first."""

import math
from collections.abc import Mapping, Sequence
from statistics import median

from geodata.language import T, Text
from location_model.branch_layer import LAYER as SUITABILITY
from location_model.layers import layer_named
from location_model.profile import Criterion
from location_model.score import Scored, value_of

LITTLE, MUCH = 0.35, 0.5
"""Worth this little, a value can be a weak point; worth this much, a strong one."""

APART = 1.0
"""Points from the middle of the places listed that set a place apart."""

BEHIND = 3.0
"""As many points below the middle of the places listed make a value below `MUCH` a weak point."""

WEIGHTED = "(weighted by distance)"
BETTER_THAN = 99.0
"""% of the premises a place can be better than: it is one of them itself."""

Points = dict[str, float]
Facts = Sequence[Text]


def points_of(scored: Scored, cell: str) -> Points:
    """Points of each known criterion at a cell."""
    return {layer: points for layer, points in scored.contributions(cell).items() if points is not None}


def typical(listed: Sequence[Points]) -> Points:
    """The median points of each criterion over the places listed, where known."""
    layers = {layer: None for points in listed for layer in points}
    return {layer: median(points[layer] for points in listed if layer in points) for layer in layers}


def strong_and_weak(scored: Scored, cell: str, middle: Mapping[str, float]) -> tuple[list[Text], list[Text]]:
    """At most two strong points and one weak point, in the layers' own units.

    First what differs from `middle`, the typical points of the places listed; then what weighs most.
    """
    values, points = scored.values(cell), points_of(scored, cell)
    worth = {c.layer: float(value_of(c.value, values[c.layer])) for c in scored.profile.criteria}
    known = [c for c in scored.profile.criteria if c.weight > 0 and not math.isnan(worth[c.layer])]
    ahead = {c.layer: points[c.layer] - middle.get(c.layer, points[c.layer]) for c in known}
    missed = {c.layer: c.weight * (1 - worth[c.layer]) for c in known}

    def strength(c: Criterion) -> tuple[float, float]:
        return (ahead[c.layer] if ahead[c.layer] >= APART else 0.0, points[c.layer])

    def weakness(c: Criterion) -> tuple[float, float]:
        return (-ahead[c.layer] if ahead[c.layer] <= -APART else 0.0, missed[c.layer])

    strong = sorted((c for c in known if worth[c.layer] >= MUCH), key=strength, reverse=True)[:2]
    low = (c for c in known if worth[c.layer] <= LITTLE or (worth[c.layer] < MUCH and ahead[c.layer] <= -BEHIND))
    weak = sorted(low, key=weakness, reverse=True)[:1]
    return [_phrase(c, values[c.layer], good=True) for c in strong], [
        _phrase(c, values[c.layer], good=False) for c in weak
    ]


def why(place: Text, strong: Facts, weak: Facts) -> Text:
    """One sentence that names the place, what it scores on, and what counts against it."""
    match (strong, weak):
        case ([first, second], [less]):
            return T(
                "{place} scores on {first} and {second}; against it: {less}.",
                place=place,
                first=first,
                second=second,
                less=less,
            )
        case ([first, second], []):
            return T("{place} scores on {first} and {second}.", place=place, first=first, second=second)
        case ([first], [less]):
            return T("{place} scores on {first}; against it: {less}.", place=place, first=first, less=less)
        case ([first], []):
            return T("{place} scores on {first}.", place=place, first=first)
        case (_, [less]):
            return T("{place} has no strong point for this branch; against it most: {less}.", place=place, less=less)
        case _:
            return T("{place} is average on everything that is known.", place=place)


def told(strong: Facts, weak: Facts) -> Text:
    """The same, to stand under the name of the place."""
    match (strong, weak):
        case ([first, second], [less]):
            return T("Strong: {first} and {second}. Weak: {less}.", first=first, second=second, less=less)
        case ([first, second], []):
            return T("Strong: {first} and {second}.", first=first, second=second)
        case ([first], [less]):
            return T("Strong: {first}. Weak: {less}.", first=first, less=less)
        case ([first], []):
            return T("Strong: {first}.", first=first)
        case (_, [less]):
            return T("No strong point for this branch. Weak: {less}.", less=less)
        case _:
            return T("Average on everything that is known.")


def _phrase(criterion: Criterion, value: float, *, good: bool) -> Text:
    """The layer's phrase; "only" before a value that is good, or bad, because it is low."""
    best = max(criterion.value.points, key=lambda p: p[1])[0]
    low = criterion.value.kind == "less" if good else value < best
    phrase = layer_named(criterion.layer).phrase.message
    number = min(rounded(value), BETTER_THAN) if criterion.layer == SUITABILITY.name else rounded(value)
    if low and 0 < number < 1 and WEIGHTED in phrase:  # part of a shop: nobody sees it in the street
        return Text(phrase, (("value", T("hardly any")),))
    said = T("only {number}", number=number) if low and number else number
    return Text(phrase, (("value", said),))


def rounded(value: float) -> float:
    """Two digits from ten on, one decimal below: more than that nobody can vouch for."""
    return round(value, 1) if abs(value) < 10 else float(f"{value:.2g}")
