"""What a comparison says in sentences: who is ahead, what is too close to call, and what turns the choice."""

import math
from collections.abc import Sequence

from babel.lists import format_list

from geodata.language import LOCALES, T
from location_model.compare import Compared, Comparison, Difference
from location_model.permit import Permit
from location_model.robustness import told_pair
from location_model.validation.statistics import Estimate
from pages.ui.language import NOT_KNOWN, _, language, number, rounded
from pages.ui.tray import LETTERS

MINUS = "−\u2060"
"""A minus that stays with what follows."""


def euros(value: float) -> str:
    """Euros, two digits: no more precise than they are known."""
    if math.isnan(value):
        return NOT_KNOWN
    whole = rounded(float(f"{abs(value):.2g}")) if abs(value) >= 10 else number(abs(value))
    return f"{MINUS if value < 0 and whole != '0' else ''}€\u00a0{whole}"


def range_of(estimate: Estimate) -> str:
    """The interval in words."""
    return _(T("between {low} and {high}", low=euros(estimate.low), high=euros(estimate.high)))


def listed(items: Sequence[str]) -> str:
    """A, B and C."""
    return format_list(list(items), locale=LOCALES[language()])


def called(found: Comparison, i: int) -> str:
    """A letter and the name of a place."""
    return f"{LETTERS[i]} ({_(found.sites[i].named.site.title)})"


def between_two(found: Comparison, a: int, b: int) -> Difference:
    """The difference of two places, whichever way it was taken."""
    return next(d for d in found.differences if {d.a, d.b} == {a, b})


def best_first(found: Comparison) -> list[int]:
    """The places that have a score, highest first."""
    scored = [i for i, s in enumerate(found.sites) if s.score == s.score]
    return sorted(scored, key=lambda i: -found.sites[i].score)


def level_with(found: Comparison, best: int) -> list[int]:
    """The places that cannot be told apart from the best on the score."""
    others = best_first(found)[1:]
    pairs = {i: between_two(found, best, i).scores for i in others}
    return [i for i, pair in pairs.items() if pair is not None and pair.ahead is None]


def headline(found: Comparison) -> str:
    """Which place comes out best on the score, or which are even."""
    order = best_first(found)
    if not order:
        return _(T("Too little is known of these places to give any of them a score."))
    if even := level_with(found, order[0]):
        together = sorted([order[0], *even])
        names = listed([called(found, i) if len(together) < 3 else LETTERS[i] for i in together])
        return _(T("On the score {places} are too close together to choose.", places=names))
    return _(T("{place} scores best.", place=called(found, order[0])))


def on_turnover(found: Comparison) -> str:
    """Which place takes in most, or that the difference is smaller than its uncertainty; "" where not estimated."""
    known = [i for i, s in enumerate(found.sites) if s.turnover is not None]
    if len(known) < 2:
        return ""
    order = sorted(known, key=lambda i: -_value(found.sites[i]))
    best = order[0]
    even = [i for i in order[1:] if not between_two(found, best, i).turnover_apart]
    if even:
        names = listed([LETTERS[i] for i in sorted([best, *even])])
        text = T("On turnover {places} cannot be told apart: the differences are smaller than their uncertainty.",
                 places=names)  # fmt: skip
        return _(text)
    return _(T("{place} is expected to take in the most.", place=LETTERS[best]))


def _value(site: Compared) -> float:
    return -1.0 if site.turnover is None else site.turnover.value


def pair_told(found: Comparison, pair: Difference) -> str:
    """Two places beside one another: the score, what turns it, and the turnover."""
    a, b = LETTERS[pair.a], LETTERS[pair.b]
    said = [] if pair.scores is None else [_(text) for text in told_pair(pair.scores, a, b)]
    if (gap := pair.turnover) is not None:
        first, second = (a, b) if gap.value >= 0 else (b, a)
        if gap.value < 0:
            gap = Estimate(-gap.value, -gap.high, -gap.low)
        values = {"a": first, "b": second, "eur": euros(gap.value), "range": range_of(gap)}
        said.append(
            _(T("{a} takes in {eur} a year more than {b} ({range}).", **values))
            if pair.turnover_apart
            else _(T("In turnover {a} and {b} differ by less than is known ({range}).", **values))
        )
    if (both := pair.both_right) is not None:
        said.append(_(both.told(LETTERS[both.scored], LETTERS[both.sold])))
    return " ".join(said)


def told_apart(found: Comparison) -> tuple[list[Difference], list[Difference]]:
    """The pairs that matter first, those with the best place; and the rest."""
    order = best_first(found)
    first = [d for d in found.differences if order and order[0] in (d.a, d.b)]
    return first, [d for d in found.differences if d not in first]


def permit_told(permit: Permit) -> str:
    """The indication in words."""
    return _(permit.told)


def what_it_is(site: Compared, branch_names: dict[str, str]) -> str:
    """A vacant unit, a unit in use, or a place on the street; with its floor area where known."""
    named = site.named
    said = {"vacant": T("vacant unit"), "occupied": T("unit in use")}.get(named.state or "", T("place"))
    parts = [_(said)]
    if named.state == "occupied" and named.branch in branch_names:
        parts[0] += f" ({branch_names[named.branch].lower()})"
    if named.floor_area_given:
        parts.append(_(T("{area} m² as given by you", area=round(site.floor_area_m2 or 0))))
    elif site.floor_area_m2 is not None:
        parts.append(_(T("about {area} m²", area=round(site.floor_area_m2))))
    elif named.site.premises_id:
        parts.append(_(T("floor area not known")))
    return ", ".join(parts)
