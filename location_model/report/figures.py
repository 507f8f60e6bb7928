"""What is said of one site: key figures, the parts of its score, how firm it is, and what it is set against."""

import math
from collections.abc import Mapping
from typing import Any

from geodata.language import T, Text
from location_model.compare import Compared, Comparison, Difference
from location_model.footfall_estimate import PlaceFootfall
from location_model.layers import GROUPS, layer_named
from location_model.report.words import Words, sentence
from location_model.robustness import percent as chance
from location_model.street_class import BUSIEST_SHARE, CLASSES, class_told
from location_model.validation.statistics import Estimate

HUES = {"customers": "#0b4f6c", "shops": "#b35c00", "access": "#5d3a8e"}
TITLES: dict[str, Text] = {"customers": T("Customers"), "shops": T("Shops around"), "access": T("Access")}

Figure = dict[str, Any]
"""label, value, told: lines below it, and bar: its interval as shares of a scale with the ends of that scale."""


def figure(label: str, value: str, told: list[str], bar: Mapping[str, Any] | None = None) -> Figure:
    """A key figure as the page draws it."""
    return {"label": label, "value": value, "told": told, "bar": bar}


def bar(estimate: Estimate, top: float, ends: tuple[str, str]) -> Mapping[str, Any]:
    """An interval with its middle, on a scale from 0 to `top`."""
    low, value, high = (min(max(x / top, 0.0), 1.0) for x in (estimate.low, estimate.value, estimate.high))
    return {"low": low, "value": value, "high": high, "ends": list(ends)}


def score(site: Compared, words: Words) -> Figure:
    """The score with its 80 % interval, and how much of it is known."""
    known, asked = site.known
    told = [words(T("what we know: {known} of {all}", known=known, all=asked))]
    label = words(T("Score, of 100"))
    if site.firm is None or math.isnan(site.score):
        told.insert(0, words(T("too little is known here for a score ({share} of the weight)",
                               share=words.percent(site.coverage))))  # fmt: skip
        return figure(label, words.not_known, told)
    firm = site.firm
    told.insert(0, words.between(words.whole(firm.score_low), words.whole(firm.score_high)))
    drawn = bar(Estimate(site.score, firm.score_low, firm.score_high), 100.0, ("0", "100"))
    return figure(label, words.whole(site.score), told, drawn)


def top_turnover(found: Comparison) -> float:
    """The end of the scale of turnover that all sites of a comparison share; 0 where none is known."""
    return max((s.turnover.high for s in found.sites if s.turnover is not None), default=0.0)


def turnover(site: Compared, top: float, words: Words) -> Figure:
    """What it is expected to take in, with the interval, and per square metre."""
    label = words(T("Expected turnover a year"))
    if site.turnover is None:
        return figure(label, words.not_known, [])
    told = [words.euro_range(site.turnover)]
    if site.eur_per_m2 is not None:
        told.append(words(T("{eur} per m²", eur=words.euros(site.eur_per_m2.value))))
    ends = ("€\N{NO-BREAK SPACE}0", words.euros(top))
    return figure(label, words.euros(site.turnover.value), told, bar(site.turnover, top, ends) if top > 0 else None)


def footfall(site: Compared, words: Words) -> Figure:
    """The class of the street, and persons a day where somebody counted."""
    label, feet = words(T("Passers-by a day")), site.footfall
    if feet is None or feet.street_class is None:
        return figure(label, words.not_known, [])
    named = class_told(feet.street_class)
    told = [words(T("street {named}: {meaning}", named=named, meaning=_class(feet.street_class)))]
    if feet.low is None or feet.high is None or feet.persons is None:
        return figure(label, words(T("needs a count")), told)
    told.insert(0, words.between(words.persons(feet.low), words.persons(feet.high)))
    if feet.counted is not None:
        low, high = (words.persons(x) for x in feet.counted)
        told.append(words(T("counted in this street itself: {range}", range=words.between(low, high))))
    return figure(label, words.persons(feet.persons), told)


def street(feet: PlaceFootfall | None, words: Words) -> str:
    """The same in one cell of a table."""
    if feet is None or feet.street_class is None:
        return words.not_known
    if feet.low is None or feet.high is None:
        told = words(T("needs a count"))
    else:
        told = words.between(words.persons(feet.low), words.persons(feet.high))
    return f"{words(class_told(feet.street_class))}, {told}"


def _class(name: str) -> Text:
    """What the letter of a street class stands for."""
    at = CLASSES.index(name)
    if at == len(BUSIEST_SHARE):
        return T("not among the busiest {share} % of the streets", share=round(100 * BUSIEST_SHARE[-1]))
    return T("among the busiest {share} % of the streets", share=round(100 * BUSIEST_SHARE[at]))


def catchment(site: Compared, words: Words) -> Figure:
    """From how far the customers come."""
    label, area = words(T("Catchment")), site.catchment
    if area is None:
        return figure(label, words.not_known, [])
    minutes = words.whole(area.median_minutes)
    told = [words(T("half of the turnover comes from within that time, walking or by car"))]
    if math.isnan(area.in_study):
        told.append(words(T("share from the municipality itself: not known")))
    else:
        told.append(words(T("{share} from the municipality itself", share=words.percent(area.in_study))))
    if site.retention is not None:
        share = words.percent(site.retention.value)
        told.append(words(T("modelled local retention of this branch with it open: {share}", share=share)))
    return figure(label, words(T("{minutes} minutes", minutes=minutes)), told)


def rent(site: Compared, words: Words) -> Figure | None:
    """The rent and its share of the turnover; None where no rent is given."""
    if site.rent_eur is None:
        return None
    label, value = words(T("Rent a year")), words.paid(site.rent_eur)
    asked = [words(T("asked, according to the list"))] if site.rent_listed else []
    if site.rent_share is None:
        return figure(label, value, [words(T("share of the turnover: not known")), *asked])
    low, high = (words.percent(x) for x in (site.rent_share.low, site.rent_share.high))
    share = words.percent(site.rent_share.value)
    text = T("{share} of the turnover, {range}", share=share, range=words.between(low, high))
    return figure(label, value, [words(text), *asked])


def parts(found: Comparison, site: Compared, words: Words) -> list[dict[str, Any]]:
    """The criteria by group, each with its value in its unit and its points, as shares of the most any can add."""
    criteria = found.robust.scored.profile.criteria
    known = sum(c.weight for c in criteria if site.contributions[c.layer] is not None)
    top = 100 * max(c.weight for c in criteria) / known if known > 0 else 1.0
    rows = []
    for group in GROUPS:
        for criterion in sorted(criteria, key=lambda c: -c.weight):
            layer = layer_named(criterion.layer)
            if layer.group != group:
                continue
            points, value = site.contributions[criterion.layer], site.values[criterion.layer]
            most = 0.0 if points is None or not known else 100 * criterion.weight / known
            rows.append({
                "title": words(layer.title),
                "value": words.amount(value),
                "unit": "" if math.isnan(value) else words(layer.unit),
                "points": 0.0 if points is None else points / top,
                "most": most / top,
                "told": _points(criterion.weight, points, most, words),
                "colour": HUES[group],
            })  # fmt: skip
    return rows


def _points(weight: float, points: float | None, most: float, words: Words) -> str:
    if weight <= 0:
        return words(T("does not count"))
    if points is None:
        return "–"
    return words(T("{points} of {most}", points=words.points(points), most=words.points(most)))


def firmness(site: Compared, words: Words) -> list[str]:
    """How firm the place of a site among all candidates is, in sentences."""
    firm = site.firm
    if firm is None:
        return [words(T("Without a score it has no rank among the candidates."))]
    chances = {"first": chance(firm.top_1), "three": chance(firm.top_3), "draws": firm.draws, "count": firm.ranked}
    told = [
        words(T("Of {count} candidate places it comes first in {first} % of {draws} draws of the weights and of what "
                "is uncertain, and among the first three in {three} %.", **chances)),
    ]  # fmt: skip
    ranks = {"low": firm.rank_low, "high": firm.rank_high, "count": firm.ranked}
    told.append(
        words(T("In four draws out of five it keeps rank {rank} of {count}.", rank=firm.rank_low, count=firm.ranked))
        if firm.rank_low == firm.rank_high
        else words(T("In four draws out of five it ranks between {low} and {high} of {count}.", **ranks))
    )
    if firm.with_score < 1:
        without = chance(1 - firm.with_score)
        told.append(words(T("In {chance} % of the draws too little is known about it for a score.", chance=without)))
    return told


def against(found: Comparison, at: int, words: Words) -> list[dict[str, str]]:
    """A site beside each other one: on the score and on turnover, or that the difference is not sure."""
    rows = []
    for pair in found.differences:
        if at in (pair.a, pair.b):
            other = pair.b if pair.a == at else pair.a
            ours, theirs = words(T("this place")), words(T("the other"))
            rows.append({
                "name": words(found.sites[other].named.site.title),
                "score": on_score(pair, {at: ours, other: theirs}, words),
                "turnover": gap(pair, at, words),
            })  # fmt: skip
    return rows


def on_score(pair: Difference, called: Mapping[int, str], words: Words) -> str:
    """Which of a pair is ahead on the score, if any. called: what the two are called, by position."""
    if pair.scores is None:
        return words.not_known
    if pair.scores.ahead is None:
        return words(T("too close to call"))
    first = pair.scores.ahead == pair.scores.a
    share = chance(pair.scores.a_above if first else pair.scores.b_above)
    place = called[pair.a if first else pair.b]
    return words(T("{place} is ahead, in {chance} % of the draws", place=place, chance=share))


def gap(pair: Difference, at: int, words: Words) -> str:
    """How much more or less one of a pair takes in than the other."""
    if (found := pair.turnover) is None:
        return words.not_known
    if not pair.turnover_apart:
        return words(T("difference smaller than its uncertainty"))
    ahead = (found.value > 0) == (pair.a == at)
    low, high = sorted((abs(found.low), abs(found.high)))
    values = {"eur": words.euros(abs(found.value)), "range": words.between(words.euros(low), words.euros(high))}
    return words(T("{eur} more ({range})", **values) if ahead else T("{eur} less ({range})", **values))


def turning(found: Comparison, at: int, words: Words) -> str:
    """The smallest change of one weight that turns the choice between this site and another; "" where there is none."""
    flips = [
        (flip, pair.b if pair.a == at else pair.a)
        for pair in found.differences
        if at in (pair.a, pair.b) and pair.scores is not None and (flip := pair.scores.nearest) is not None
    ]
    if not flips:
        return ""
    flip, other = min(flips, key=lambda f: f[0].change)
    return words(T("Against {name}: {turn}", name=found.sites[other].named.site.title, turn=flip.told))


def title(site: Compared, words: Words) -> str:
    """What a place is called at the top of a page: an address as it is, other words with a capital."""
    told = words(site.named.site.title)
    return told if told == site.named.site.name else sentence(told)


def unit(site: Compared, names: Mapping[str, str], words: Words) -> str:
    """A vacant unit, a unit in use or a place on the street, with its floor area."""
    said = {"vacant": T("vacant unit"), "occupied": T("unit in use")}.get(site.named.state or "", T("place"))
    what = words(said)
    if site.named.state == "occupied" and (name := names.get(site.named.branch or "")) is not None:
        what += f" ({name.lower()})"
    area = site.floor_area_m2
    size = T("floor area not known") if area is None else T("about {area} m²", area=round(area))
    if area is not None and site.named.floor_area_given:
        size = T("{area} m² as given by you", area=round(area))
    return f"{what}, {words(size)}"
