"""Learn from my turnover: weights that follow what own shops sell, how far to believe them, and the way back."""

import altair as alt
import pandas as pd
import streamlit as st

from geodata.errors import GeodataError
from geodata.language import T, Text
from location_model.learned import FEWEST, Learned
from location_model.own_shops import OwnNetwork, names, turnover_by_shop
from location_model.profile import ScoringProfile
from location_model.shop_ranking import FEWEST as FEWEST_RANKED
from location_model.shop_ranking import Ranking
from pages.ui import colours, must_haves, own_network, places, states, weights
from pages.ui.built_from import sentence
from pages.ui.cache import AreaKey
from pages.ui.charts import written
from pages.ui.language import _, language, number, percent

UPLOAD = "own_shops_to_learn"
DONE = "_learn_done"
"""What a button did, to be said once: the list it changed is higher up."""


def panel(key: AreaKey, start: ScoringProfile) -> None:
    """The list, or where to give it; then what its turnover teaches about the weights of this branch."""
    file = own_network.given()
    if file is None:
        _ask(key)
        return
    st.caption(_(T("{file}: read for this visit alone, nothing of it is stored.", file=file.name)))
    try:
        with st.spinner(_(T("Looking at the places of your shops"))):
            network = own_network.network(key, file)
            _teach(key, file, network, start)
    except GeodataError as error:
        states.failed(error)
    own_network.remove_button("own_shops_forget")


def _ask(key: AreaKey) -> None:
    what = T(
        "Give a list of your shops with their turnover of a year, and where they are: an address or coordinates. From "
        "{least} shops of this branch on, the weights can be learnt from it; from {few} on you see whether the score "
        "ranks them as their turnover does. The shops may lie in any area that is built.",
        least=FEWEST,
        few=FEWEST_RANKED,
    )
    st.write(_(what))
    label = T("Your own shops with their turnover (XLSX or CSV)")
    own_network.field(key, label, UPLOAD, sample="learn_sample", then=only_to_learn)


def only_to_learn() -> None:
    """A list given here keeps no distance until one is asked for."""
    if must_haves.DISTANCE not in st.query_params:
        st.session_state[must_haves.DISTANCE] = 0.0
    st.rerun()


def _teach(key: AreaKey, file: own_network.Given, network: OwnNetwork, start: ScoringProfile) -> None:
    shops = network.of_branch(start.branch)
    if not turnover_by_shop(shops):
        _nothing_sold(network, start)
        return
    try:
        lesson = own_network.lesson(key, file, weights.standard(start))
    except GeodataError as error:  # too few to say anything, or all the same
        st.info(sentence(error.text(language())), icon=":material/info:")
    else:
        if isinstance(lesson, Learned):
            _learned(lesson, shops, start)
        else:
            _ranked(lesson)
        _left_out(lesson, shops)
    _elsewhere(network, start)


def _nothing_sold(network: OwnNetwork, start: ScoringProfile) -> None:
    what = T("No shop of this branch in the list has a turnover.")
    states.empty(what, T("Add a column “turnover per year”, in euros; a column “branch” where you have several."))
    _elsewhere(network, start)


def _elsewhere(network: OwnNetwork, start: ScoringProfile) -> None:
    """The shops nothing is learnt from because of where or what they are."""
    if away := network.in_no_area:
        st.caption(_(T("In none of the areas built: {names}", names=", ".join(away))))
    if others := network.of_other_branches(start.branch):
        st.caption(_(T("Of another branch: {names}", names=", ".join(others))))
    own_network.not_used(network)


def _left_out(lesson: Learned | Ranking, shops: pd.DataFrame) -> None:
    called = dict(zip(shops["id"].astype(str), names(shops), strict=True))
    if lesson.left_out:
        named = ", ".join(f"{called.get(shop, shop)} ({_(why)})" for shop, why in lesson.left_out)
        st.caption(_(T("Not used: {names}", names=named)))


def _ranked(found: Ranking) -> None:
    st.info(_(found.claim), icon=":material/format_list_numbered:")
    st.caption(_(T("Weights can be learnt from {least} shops on.", least=FEWEST)))


def _learned(found: Learned, shops: pd.DataFrame, start: ScoringProfile) -> None:
    show = st.success if found.better_than_mean else st.warning
    show(_(found.claim), icon=":material/verified:" if found.better_than_mean else ":material/warning:")
    if done := st.session_state.pop(DONE, None):
        st.toast(_(done), icon=":material/check:")
    left, right = st.columns([1, 1], gap="large")
    with left:
        _errors(found)
        _weights(found, start)
    with right:
        _scatter(found, shops)
    with st.container(horizontal=True):
        st.button(
            _(T("Use the learnt weights")), icon=":material/school:", on_click=_use, args=(found.profile,),
            key="learn_use", type="primary" if found.better_than_mean else "secondary",
        )  # fmt: skip
        st.button(
            _(T("Back to the standard weights")), icon=":material/restart_alt:", on_click=_back, args=(start,),
            key="learn_back",
        )  # fmt: skip


def _use(profile: ScoringProfile) -> None:
    weights.put(profile)
    st.session_state[DONE] = T("The list and the map now go by the learnt weights.")
    st.rerun()


def _back(start: ScoringProfile) -> None:
    weights.put_back(start)
    st.session_state[DONE] = T("The list and the map go by the standard weights again.")
    st.rerun()


def _errors(found: Learned) -> None:
    """How far off a shop left out is estimated: with the learnt weights, the standard ones, and without any."""
    title = _(T("How far off a shop is estimated that was left out"))
    st.markdown(f"**{title}**")
    mean = found.estimates["turnover"].mean()
    rows: list[tuple[Text, float]] = [
        (T("learnt weights"), found.loo_error),
        (T("standard weights"), found.start_error),
        (T("the mean alone"), found.baseline_error),
    ]
    for column, (label, error) in zip(st.columns(3), rows, strict=True):
        column.metric(_(label), percent(error / mean), help=_(T("€ {error} a year", error=error)))


def _weights(found: Learned, start: ScoringProfile) -> None:
    table = pd.DataFrame(
        {
            _(T("Criterion")): [places.title(c.layer) for c in start.criteria],
            _(T("standard")): [c.weight for c in start.criteria],
            _(T("learnt")): [c.weight for c in found.profile.criteria],
        }
    )
    figures = {name: st.column_config.NumberColumn(format="localized", width="small") for name in table.columns[1:]}
    st.dataframe(
        table, hide_index=True, column_config=figures, key="learn_weights", height="content",
        alt=_(T("Weights by criterion")),
    )  # fmt: skip
    if found.kept:
        kept = ", ".join(places.title(layer) for layer in found.kept)
        told = T(
            "Measured within one town: shops in several teach nothing of it, and its part stays ({names}).", names=kept
        )
        st.caption(_(told))


def _scatter(found: Learned, shops: pd.DataFrame) -> None:
    """Turnover against what the other shops would have said of this one, with the line of agreement."""
    called = dict(zip(shops["id"].astype(str), names(shops), strict=True))
    data = (found.estimates / 1000).assign(shop=[called[str(shop)] for shop in found.estimates.index])
    both = data[["turnover", "estimated"]]
    low, high = min(0.0, float(both.min(axis=None))), 1.08 * float(both.max(axis=None))
    scale = alt.Scale(domain=[low, high], nice=False)
    x = alt.X("turnover:Q", title=_(T("turnover (€ 1,000 a year)")), scale=scale, axis=alt.Axis(format=",.0f"))
    y = alt.Y("estimated:Q", title=_(T("estimated (€ 1,000 a year)")), scale=scale, axis=alt.Axis(format=",.0f"))
    agree = alt.Chart(pd.DataFrame({"turnover": [low, high], "estimated": [low, high]}))
    line = agree.mark_line(color="#888", strokeDash=[5, 4], strokeWidth=1.5).encode(x=x, y=y)
    tooltip = [
        alt.Tooltip("shop:N", title=_(T("Shop"))),
        alt.Tooltip("turnover:Q", title=_(T("turnover (€ 1,000 a year)")), format=",.0f"),
        alt.Tooltip("estimated:Q", title=_(T("estimated (€ 1,000 a year)")), format=",.0f"),
    ]
    hue = colours.shades("customers", 1)[0]
    dots = alt.Chart(data).mark_circle(color=hue, size=75, opacity=1).encode(x=x, y=y, tooltip=tooltip)
    title = _(T("Turnover, and what the other shops say it would be"))
    st.markdown(f"**{title}**")
    told = ", ".join(f"{r.shop} {number(r.turnover)} / {number(r.estimated)}" for r in data.itertuples())
    st.altair_chart(written(alt.layer(line, dots)), height=330, key="learn_scatter", alt=f"{title}: {told}")
    st.caption(_(T("A dot is a shop, estimated from the others alone; on the dashed line the estimate is just right.")))
