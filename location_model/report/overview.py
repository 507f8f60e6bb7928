"""The page before the others: all sites of a comparison side by side, and what sets them apart."""

from collections.abc import Mapping, Sequence
from typing import Any

from geodata.language import T
from location_model.compare import Compared, Comparison, Difference
from location_model.layers import layer_named
from location_model.permit import CHECK
from location_model.report import figures
from location_model.report.words import Words, sentence

LETTERS = "ABCDE"
LAYERS = (
    "residents_within_10_min", "residents_within_10_min_bicycle", "residents_within_5_min_car", "competition_shops",
    "transit_departures_per_weekday", "parking_places_nearby",
)  # fmt: skip
"""Customers, competition and access in their own units."""

MOST_PAIRS = 3
"""All pairs of three places; of more, those with the best."""


def page(found: Comparison, names: Mapping[str, str], words: Words) -> dict[str, Any]:
    """What the first page says; its map is drawn apart."""
    top = figures.top_turnover(found)
    rows = [
        _figures(words(T("Score, of 100")), [figures.score(s, words) for s in found.sites]),
        _figures(words(T("Expected turnover a year")), [figures.turnover(s, top, words) for s in found.sites]),
        *_rents(found.sites, words),
        _plain(words(T("Passers-by a day")), [figures.street(s.footfall, words) for s in found.sites]),
        _catchments(found.sites, words),
    ]
    if (now := found.retention_now) is not None:
        unit = words(T("of this branch, in shops; now {share}", share=words.percent(now.value)))
        if (survey := found.surveyed) is not None:
            unit += f"; {words(survey.told(words.percent(survey.found.share)))}"
        kept = [words.not_known if s.retention is None else words.percent(s.retention.value) for s in found.sites]
        rows.append(_plain(words(T("Modelled local retention, with it open")), kept, unit))
    for name in LAYERS:
        layer = layer_named(name)
        values = [words.amount(s.values.get(name, float("nan"))) for s in found.sites]
        rows.append(_plain(words(layer.title), values, words(layer.unit)))
    rows.append(_plain(words(T("Permit, an indication")), [sentence(words(s.permit.told)) for s in found.sites]))
    return {
        "kind": "overview",
        "title": words(T("Which of these places?")),
        "told": headline(found, words),
        "pairs": {
            "heads": ["", words(T("On the score")), words(T("On turnover a year"))],
            "rows": pairs(found, words),
            "turn": turning(found, words),
        },
        "sites": [
            {"letter": letter, "title": figures.title(s, words), "unit": figures.unit(s, names, words)}
            for letter, s in zip(LETTERS, found.sites, strict=False)
        ],
        "rows": rows,
        "check": words(CHECK),
    }


def _plain(title: str, told: Sequence[str], unit: str = "") -> dict[str, Any]:
    return _figures(title, [figures.figure(title, value, []) for value in told]) | {"unit": unit}


def _figures(title: str, cells: Sequence[figures.Figure]) -> dict[str, Any]:
    return {"title": title, "unit": "", "cells": list(cells)}


def _catchments(sites: Sequence[Compared], words: Words) -> dict[str, Any]:
    """What the minutes mean is said once, before the row."""
    cells = [figures.catchment(s, words) for s in sites]
    meant = next((cell["told"][0] for cell in cells if cell["told"]), "")
    return _figures(words(T("Catchment")), [cell | {"told": cell["told"][1:2]} for cell in cells]) | {"unit": meant}


def _rents(sites: Sequence[Compared], words: Words) -> list[dict[str, Any]]:
    given = [figures.rent(s, words) for s in sites]
    if not any(given):
        return []
    title = words(T("Rent a year"))
    return [_figures(title, [f or figures.figure(title, words.not_known, []) for f in given])]


def best_first(found: Comparison) -> list[int]:
    """The places that have a score, highest first."""
    return sorted((i for i, s in enumerate(found.sites) if s.score == s.score), key=lambda i: -found.sites[i].score)


def headline(found: Comparison, words: Words) -> str:
    """Which place is ahead on the score, or which cannot be told apart."""
    if not (scored := best_first(found)):
        return words(T("Too little is known of these places to give any of them a score."))
    best = scored[0]
    even = [
        i for i in scored[1:]
        if any({d.a, d.b} == {best, i} and d.scores is not None and d.scores.ahead is None for d in found.differences)
    ]  # fmt: skip
    if even:
        together = words.listed([LETTERS[i] for i in sorted([best, *even])])
        return words(T("On the score {places} are too close together to choose.", places=together))
    return words(T("{place} scores best.", place=LETTERS[best]))


def pairs(found: Comparison, words: Words) -> list[dict[str, str]]:
    """All pairs where there are few, or where no place has a score; else the best place beside each other one."""
    best = best_first(found)[:1] if len(found.differences) > MOST_PAIRS else []
    return [
        {
            "name": f"{LETTERS[d.a]} – {LETTERS[d.b]}",
            "score": figures.on_score(d, dict(enumerate(LETTERS)), words),
            "turnover": _gap(d, words),
        }
        for d in found.differences
        if not best or best[0] in (d.a, d.b)
    ]


def turning(found: Comparison, words: Words) -> str:
    """The smallest change of one weight that turns the choice between the best and another; "" where there is none."""
    best = best_first(found)[:1]
    flips = [
        (flip.change, f"{LETTERS[d.a]} – {LETTERS[d.b]}: {words(flip.told)}")
        for d in found.differences
        if best and best[0] in (d.a, d.b) and d.scores is not None and (flip := d.scores.nearest) is not None
    ]
    return min(flips)[1] if flips else ""


def _gap(pair: Difference, words: Words) -> str:
    """The difference in turnover, told of the place that takes in more."""
    ahead = pair.a if pair.turnover is None or pair.turnover.value >= 0 else pair.b
    told = figures.gap(pair, ahead, words)
    return f"{LETTERS[ahead]}: {told}" if pair.turnover_apart else told
