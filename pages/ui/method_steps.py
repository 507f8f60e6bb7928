"""The chapter in five steps: from sources to a suggestion, each with what it holds in this area."""

import html
from collections.abc import Sequence

import streamlit as st

from geodata.language import T, Text, TN
from geodata.sources.catalogue import source
from location_model.layers import all_layers, layer_named
from location_model.score import LEAST_COVERAGE
from location_model.suggest import CELL_SPACING_M
from pages.ui import answers, cache, choices, explained, known
from pages.ui.cache import AreaKey
from pages.ui.language import _, date, language, number, percent, rounded
from pages.ui.method_example import N, parts

STYLE = """<style>
.kw-steps {display: flex; gap: 1.7rem; margin: .3rem 0 .6rem !important; padding: 0 !important;}
.kw-steps li {flex: 1; list-style: none; position: relative; border: 1px solid #8886; border-top: 4px solid #2b8c99;
  border-radius: .4rem; padding: .6rem .8rem; margin: 0 !important; font-size: .9rem; line-height: 1.4;}
.kw-steps li + li::before {content: "→"; position: absolute; left: -1.4rem; top: 40%; font-size: 1.15rem; opacity: .6;}
.kw-steps b {display: block; font-size: 1rem; margin-bottom: .25rem;}
.kw-steps span {display: block; margin-top: .5rem; padding-top: .4rem; border-top: 1px dashed #8886; opacity: .8;}
@media (max-width: 768px) {.kw-steps {flex-direction: column; gap: 1.6rem;}
  .kw-steps li + li::before {content: "↓"; left: 50%; top: -1.55rem;}}
</style>"""


def in_steps(key: AreaKey) -> None:
    """From sources to a suggestion, with what each step holds here."""
    area = cache.area(key)
    tables = area.tables
    people = rounded(float(tables.residents.loc[tables.residents["in_study"], "residents"].sum()))
    count = int(tables.premises["in_study"].sum())
    layers = all_layers()
    boxes = (
        (
            T("Sources"),
            T(
                "{count} sources for {area}: the map, timetables, and lists that were given. Each keeps its date and "
                "licence.",
                count=len(area.manifest["sources"]),
                area=area.name,
            ),
        ),
        (
            T("Tables"),
            T(
                "Checked row by row: {premises} premises, about {people} residents. Rows that cannot be read are "
                "listed, never guessed.",
                premises=count,
                people=people,
            ),
        ),
        (
            T("Layers"),
            T(
                "{layers} measures of each of {cells} hexagons, along real streets: who lives, walks, shops and "
                "stops near by.",
                layers=len(layers),
                cells=len(area.grid),
            ),
        ),
        (
            T("Score"),
            T("For a branch, each value is worth 0 to 100 and has a weight. The weighted average is the score."),
        ),
        (
            T("Suggestion"),
            T(
                "The best places that meet the must-haves, at least {metres} m apart, each with its parts and its "
                "reason.",
                metres=round(CELL_SPACING_M),
            ),
        ),
    )
    told = [_(x) for x in _examples(key)]
    boxed([(_(a), _(b), example) for (a, b), example in zip(boxes, told, strict=True)])
    rules = (
        T(
            "**Not known is not zero.** What is not known lowers what we know, not the score; below {least} known "
            "there is no score.",
            least=percent(LEAST_COVERAGE),
        ),
        T(
            "**The same measure everywhere.** What a value is worth does not depend on the town. Ranked within its own "
            "town, and said to be so: {layers}.",
            layers=", ".join(_(x.title) for x in layers if x.within_town),
        ),
        T(
            "**Expert choice is called so.** Weights, and what values are worth, were chosen, not measured; you "
            "can change them with the suggestions."
        ),
        T(
            "**The same data give the same answer.** Distances are whole millimetres and ties have a fixed order; "
            "this area is version {version}, built on {day}.",
            version=area.version,
            day=date(area.manifest["built_at"]),
        ),
    )
    st.markdown("\n".join(f"- {_(rule)}" for rule in rules))


def _examples(key: AreaKey) -> list[Text]:
    """Each step for the heaviest part of the first suggestion; the last three are empty where nothing is suggested."""
    area, branch = cache.area(key), str(choices.value("branch", "bakery", choices.one_of(cache.branches().ids)))
    left_out = sum(len({row["row"] for row in s["skipped"]}) for s in area.manifest["sources"])
    read = TN(
        "Here: one row left out, with its reason.", "Here: {count} rows left out, each with its reason.", left_out
    )
    profile = cache.starting_profile(key, branch).profile
    answer = answers.answer(key, profile, n=N, vacant=False)
    if not answer.sites:
        titles = ", ".join(_(source(i).title) for i in known.ids(area))
        return [T("For instance: {titles}.", titles=titles), read, *3 * [T("No place here has a score.")]]
    first = answer.sites[0]
    best = max(parts(cache.scored(key, profile), first.site.cell), key=lambda p: p.points or 0.0)
    layer = layer_named(best.criterion.layer)
    titles = ", ".join(_(x.title) for x in explained.of_layer(area, layer, cache.branches()))
    phrase = Text(layer.phrase.message, (("value", rounded(best.value or 0.0)),))
    name = cache.branches().get(branch).name(language())
    return [
        T("For instance: {titles}.", titles=titles),
        read,
        T("{place}: {phrase}.", place=first.site.name, phrase=phrase),
        T(
            "Worth {worth}, weight {weight}: {points} of the {score} points.",
            worth=number(best.worth or 0.0),
            weight=number(best.criterion.weight, 1),
            points=number(best.points or 0.0, 1),
            score=number(first.score, 1),
        ),
        T("{branch}, place 1: {place}, score {score}.", branch=name, place=first.site.name, score=number(first.score)),
    ]


def boxed(boxes: Sequence[tuple[str, str, str]]) -> None:
    """Steps as boxes with arrows: title, what happens there, and an example."""
    items = "".join(
        f"<li><b>{i}. {html.escape(title)}</b>{html.escape(text)}<span>{html.escape(example)}</span></li>"
        for i, (title, text, example) in enumerate(boxes, 1)
    )
    st.html(f"{STYLE}<ol class='kw-steps'>{items}</ol>")
