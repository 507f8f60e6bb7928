"""Method: how every number comes about, what it rests on and what it does not say."""

from collections.abc import Callable

import streamlit as st

from geodata.language import T, Text
from geodata.layers import all_layers, layer_named
from geodata.sources.catalogue import source
from location_model.presets import LABEL
from location_model.profile import Criterion
from location_model.score import LEAST_COVERAGE
from location_model.suggest import CELL_SPACING_M
from pages.ui import cache, choices, explained, frame, known, places, shown, states
from pages.ui.cache import AreaKey
from pages.ui.language import _, date, language, number, percent, rounded
from pages.ui.places import GROUP_TITLES

PART = "chapter"
N = 10


def branch_choice() -> str:
    """The branch, as chosen on the other pages."""
    names = {b.id: b.name(language()) for b in cache.branches().branches}
    by_name = sorted(names, key=lambda b: names[b])
    return choices.select(_(T("Branch")), by_name, "branch", default="bakery", shown=lambda b: names[b], width=260)


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
    explained.steps([(_(a), _(b), example) for (a, b), example in zip(boxes, told, strict=True)])
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
    read = T("Here: {count} rows left out, each with its reason.", count=left_out)
    profile = cache.starting_profile(branch).profile
    answer = cache.answer(key, profile, n=N, vacant=False)
    if not answer.sites:
        titles = ", ".join(_(source(i).title) for i in known.ids(area))
        return [T("For instance: {titles}.", titles=titles), read, *3 * [T("No place here has a score.")]]
    first = answer.sites[0]
    best = max(explained.parts(cache.scored(key, profile), first.site.cell), key=lambda p: p.points or 0.0)
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


def layer_label(name: str) -> str:
    group = "" if name == shown.SCORE else f"{_(GROUP_TITLES[layer_named(name).group])} · "
    return group + _(shown.title(name))


def in_layers(key: AreaKey) -> None:
    """One layer in full, and all of them in a table."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names = shown.names()
        name = choices.select(_(T("Layer")), names, "layer", default="footfall_index", shown=layer_label, width=320)
        branch = branch_choice()
    if name == shown.SCORE:
        in_formulas()
    else:
        layer = layer_named(name)
        st.subheader(_(layer.title), anchor=layer.name)
        left, right = st.columns([3, 2], gap="large")
        with left:
            known.about(explained.layer_facts(key, layer, branch))
        with right:
            explained.decay_chart(layer, cache.branches())
            criterion = next((c for c in cache.starting_profile(branch).profile.criteria if c.layer == name), None)
            if criterion:
                explained.worth_chart(criterion)
                st.caption(f"{cache.branches().get(branch).name(language())} · {_(LABEL)}")
    known.heading(T("All layers"))
    heads = (T("Layer"), T("Group"), T("Unit"), T("How far it looks"), T("In larger hexagons"))
    rows = [
        (
            _(x.title),
            _(GROUP_TITLES[x.group]),
            _(x.unit),
            explained.how_far(x, cache.branches()),
            _(explained.PARENT[x.parent]),
        )
        for x in all_layers()
    ]
    known.table([_(h) for h in heads], rows)


def breakpoints(criterion: Criterion) -> str:
    """A value function as a line of text: value → worth."""
    return ";  ".join(f"{number(x, 0 if x == round(x) else 1)} → {number(100 * v)}" for x, v in criterion.value.points)


def in_weights(key: AreaKey) -> None:
    """The starting profile of a branch: why, how heavy, and what values are worth."""
    branch = branch_choice()
    start = cache.starting_profile(branch)
    st.markdown(f":material/info: **{_(LABEL)}**: {_(start.reasoning)}")
    st.caption(_(T("Left: how heavy each criterion weighs. Beside it: what each value is worth, from 0 to 100.")))
    profile = start.profile
    columns = st.columns([1.1, 1, 1, 1], gap="medium")
    with columns[0]:
        known.heading(T("Weight"))
        explained.weight_bars(profile)
        tenth = percent(1 / sum(c.weight for c in profile.criteria))
        st.caption(_(T("Where everything is known, a weight of 1 is {share} of the score.", share=tenth)))
    for column, (group, title) in zip(columns[1:], GROUP_TITLES.items(), strict=True):
        with column:
            known.heading(title)
            explained.worth_panels(profile, group)
    known.heading(T("The same as a table"))
    heads = (T("Criterion"), T("Weight"), T("Unit"), T("Value → worth, 0–100; straight lines between"))
    rows = [
        (places.title(c.layer), number(c.weight, 1), _(layer_named(c.layer).unit), breakpoints(c))
        for c in profile.criteria
    ]
    known.table([_(h) for h in heads], rows, right=(1,))


def in_formulas() -> None:
    """Score, what we know, and points, written out."""
    st.markdown(
        _(
            T(
                "Of each criterion $i$, $x_i$ is the value at the place, $v_i$ what that is worth (0 to 1), and $w_i$ "
                "its weight."
            )
        )
    )
    columns = st.columns(3)
    formulas = (
        (T("Score"), r"S = 100\,\frac{\sum_{i\ \in\ K} w_i\,v_i(x_i)}{\sum_{i\ \in\ K} w_i}"),
        (T("What we know"), r"D = \frac{\sum_{i\ \in\ K} w_i}{\sum_{i} w_i}"),
        (T("Points of one criterion"), r"p_i = 100\,\frac{w_i\,v_i(x_i)}{\sum_{j\ \in\ K} w_j}"),
    )
    for column, (title, formula) in zip(columns, formulas, strict=True):
        with column:
            st.markdown(f"**{_(title)}**")
            st.latex(formula)
    least = T(
        "*K* are the criteria whose value is known. Below {least} known (house norm) no score is given.",
        least=percent(LEAST_COVERAGE),
    )
    st.caption(_(least))


def in_example(key: AreaKey) -> None:
    """The formulas, and the first suggestion of this area taken apart."""
    in_formulas()
    branch = branch_choice()
    area, profile = cache.area(key), cache.starting_profile(branch).profile
    answer = cache.answer(key, profile, n=N, vacant=False)
    states.notes([_(note) for note in answer.notes])
    if not answer.sites:
        states.empty(T("No place answers this question"), T("Choose another branch or another area."))
        return
    site = answer.sites[0]
    name = cache.branches().get(branch).name(language())
    title = T("{branch} in {area}, place 1: {place}", branch=name, area=area.name, place=site.site.name)
    st.subheader(_(title), anchor=False)
    found = explained.parts(cache.scored(key, profile), site.site.cell)
    explained.parts_table(found)
    told = sum(p.criterion.weight for p in found if p.points is not None)
    whole = sum(c.weight for c in profile.criteria)
    left, right = st.columns(2)
    left.latex(rf"S = 100\cdot\frac{{{_tex(site.score * told / 100)}}}{{{_tex(told)}}} = {_tex(site.score, 1)}")
    right.latex(rf"D = \frac{{{_tex(told)}}}{{{_tex(whole)}}} = {_tex(100 * site.coverage, 0)}\,\%")
    note = _(T("Points are rounded to two decimals, so that adding them up by hand may differ in the last one."))
    bracketed = _(T("A weight in brackets does not count: the value is not known.")) if told < whole else ""
    st.caption(f"{note} {bracketed}")
    sentence = _(T("In a sentence"))
    st.markdown(f"**{sentence}**: {_(site.why)}")
    label = _(T("See all suggestions, and change the weights"))
    st.page_link("pages/suggest.py", label=label, icon=":material/storefront:")


def _tex(value: float, digits: int = 2) -> str:
    """A number as it stands in a formula: a comma without the blank of a list."""
    return number(value, digits).replace(",", "{,}")


def in_limits(key: AreaKey) -> None:
    """What this does not tell, and every source with its licence."""
    known.limits()
    known.heading(T("All sources Kernwijzer knows, and under which licence"))
    known.catalogue(cache.area(key))
    text = T("Licences are as the publisher states them. Map data © OpenStreetMap contributors, ODbL.")
    st.caption(_(text))


PARTS: dict[str, tuple[Text, Callable[[AreaKey], None]]] = {
    "steps": (T("In five steps"), in_steps),
    "layers": (T("Layers"), in_layers),
    "weights": (T("Weights by branch"), in_weights),
    "example": (T("A score taken apart"), in_example),
    "ground": (T("Hexagons and edges"), known.ground),
    "limits": (T("Limits and sources"), in_limits),
}
"""The chapters: a title and what draws it."""

key = frame.area_key()
st.title(_(T("How is this computed?")))
st.caption(_(T("What every number rests on, for whoever has to defend it or doubts it.")))
if choices.arrived("method") and "layer" in st.query_params and PART not in st.query_params:
    st.session_state[PART] = "layers"  # a link to a layer
part = choices.segments(
    _(T("Chapter")), list(PARTS), PART, default="steps", shown=lambda x: _(PARTS[x][0]), label_visibility="collapsed"
)
if part != "layers":
    st.query_params.pop("layer", None)
PARTS[part][1](key)
