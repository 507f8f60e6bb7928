"""One sentence why: what a place scores on, and what counts against it."""

import math

from geodata.language import T, Text
from geodata.layers import layer_named
from location_model.score import Scored, value_of

LITTLE, MUCH = 0.35, 0.5


def why(place: str, scored: Scored, cell: str) -> Text:
    """The strongest parts of a cell's score in words, and its weakest, in the layers' own units."""
    values = scored.values(cell)
    weighed = [(c, float(value_of(c.value, values[c.layer]))) for c in scored.profile.criteria if c.weight > 0]
    known = [(c, v) for c, v in weighed if not math.isnan(v)]
    strong = sorted((x for x in known if x[1] >= MUCH), key=lambda x: -x[0].weight * x[1])[:2]
    weak = sorted((x for x in known if x[1] <= LITTLE), key=lambda x: -x[0].weight * (1 - x[1]))[:1]
    words = [_phrase(c.layer, values[c.layer]) for c, _ in strong]
    against = [_phrase(c.layer, values[c.layer]) for c, _ in weak]
    match (words, against):
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


def _phrase(layer: str, value: float) -> Text:
    return Text(layer_named(layer).phrase.message, (("value", rounded(value)),))


def rounded(value: float) -> float:
    """Two digits from ten on, one decimal below: more than that nobody can vouch for."""
    return round(value, 1) if abs(value) < 10 else float(f"{value:.2g}")
