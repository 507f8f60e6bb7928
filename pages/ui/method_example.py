"""The chapter that takes a score apart: the first suggestion of this area, criterion by criterion."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from geodata.language import T, Text
from location_model.draws import WEIGHT_SPREAD
from location_model.layers import layer_named
from location_model.profile import Criterion
from location_model.robustness import CLEAR, DRAWS, EVEN_POINTS
from location_model.score import Scored, value_of
from location_model.suggest import Suggestion
from pages.ui import answers, cache, known, states
from pages.ui.cache import AreaKey
from pages.ui.language import NOT_KNOWN, _, language, number, percent, rounded
from pages.ui.method_layers import branch_choice, in_formulas

N = 10
"""Places asked for: as many as the page of suggestions shows at first."""


def in_example(key: AreaKey) -> None:
    """The formulas, and the first suggestion of this area taken apart."""
    in_formulas()
    branch = branch_choice()
    area, profile = cache.area(key), cache.starting_profile(key, branch).profile
    answer = answers.answer(key, profile, n=N, vacant=False)
    states.notes([_(note) for note in answer.notes])
    if not answer.sites:
        states.empty(T("No place answers this question"), T("Choose another branch or another area."))
        return
    site = answer.sites[0]
    name = cache.branches().get(branch).name(language())
    title = T("{branch} in {area}, place 1: {place}", branch=name, area=area.name, place=site.site.name)
    st.subheader(_(title), anchor=False)
    found = parts(cache.scored(key, profile), site.site.cell)
    parts_table(found)
    told = sum(p.criterion.weight for p in found if p.points is not None)
    whole = sum(c.weight for c in profile.criteria)
    left, right = st.columns(2)
    left.latex(rf"S = 100\cdot\frac{{{_tex(site.score * told / 100)}}}{{{_tex(told)}}} = {_tex(site.score, 1)}")
    right.latex(rf"D = \frac{{{_tex(told)}}}{{{_tex(whole)}}} = {_tex(100 * site.coverage, 0)}\,\%")
    note = _(T("Points are rounded to two decimals, so that adding them up by hand may differ in the last one."))
    bracketed = _(T("A weight in brackets does not count: the value is not known.")) if told < whole else ""
    st.caption(f"{note} {bracketed}")
    how_sure = _(T("How sure"))
    st.markdown(f"**{how_sure}**: {_(_how_sure(site))}")
    sentence = _(T("In a sentence"))
    st.markdown(f"**{sentence}**: {_(site.why)}")
    label = _(T("See all suggestions, and change the weights"))
    st.page_link("pages/suggest.py", label=label, icon=":material/storefront:")


def _how_sure(site: Suggestion) -> Text:
    """Where the interval of a score comes from, and when one place is ahead of another."""
    return T(
        "worked out anew in {draws} draws, the score lies between {low} and {high} in four out of five. In each draw "
        "every weight is off by a share of its own (standard deviation {spread}, house choice), and footfall lies "
        "where the counters leave room, if anybody counted. A place is ahead of another when it scores {even} "
        "point or more higher in {clear} of the draws; else they are too close to call.",
        draws=DRAWS,
        low=number(site.score_low or 0.0, 1),
        high=number(site.score_high or 0.0, 1),
        spread=percent(WEIGHT_SPREAD),
        even=number(EVEN_POINTS),
        clear=percent(CLEAR),
    )


def _tex(value: float, digits: int = 2) -> str:
    """A number as it stands in a formula: a comma without the blank of a list."""
    return number(value, digits).replace(",", "{,}")


@dataclass(frozen=True)
class Part:
    """One criterion of a score: value in its unit, worth 0–100, weight, points. None where it is not known."""

    criterion: Criterion
    value: float | None
    worth: float | None
    points: float | None


def parts(scored: Scored, cell: str) -> list[Part]:
    """A score taken apart, by criterion: the points of those known add up to it."""
    values, points = scored.values(cell), scored.contributions(cell)
    found = []
    for c in scored.profile.criteria:
        if points[c.layer] is None:
            found.append(Part(c, None, None, None))
        else:
            worth = 100 * float(value_of(c.value, values[c.layer]))
            found.append(Part(c, values[c.layer], worth, points[c.layer]))
    return found


def parts_table(found: Sequence[Part]) -> None:
    """The parts with their sums; what is not known has no worth, and its weight does not count."""
    rows = []
    for part in found:
        layer, weight = layer_named(part.criterion.layer), number(part.criterion.weight, 1)
        if part.value is None or part.worth is None or part.points is None:
            words = (_(T("not known")), NOT_KNOWN, f"({weight})", NOT_KNOWN)
        else:
            value = f"{rounded(part.value)} {_(layer.unit)}"
            words = (value, number(part.worth, 1), weight, number(part.points, 2))
        rows.append((_(layer.title), *words))
    known_weight = sum(p.criterion.weight for p in found if p.points is not None)
    total = number(sum(p.points for p in found if p.points is not None), 2)
    rows.append((_(T("Together")), "", "", number(known_weight, 1), total))
    heads = (T("Criterion"), T("Value here"), T("Worth, 0–100"), T("Weight"), T("Points"))
    known.table([_(h) for h in heads], rows, right=(2, 3, 4), total=True)
