"""Which of my shops should move: what each takes in beside what its place lets expect, and the way to a move."""

import html
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from geodata.errors import GeodataError
from geodata.language import T, TN
from location_model.huff_fit import LEAST_TO_TELL
from location_model.own_shops import OwnNetwork
from location_model.which_to_move import LESS, MORE, ShopGap, ShopGaps, shortest_first, which_to_move
from pages.ui import cache, compared, frame, move_asked, own_network, states, tray
from pages.ui.built_from import sentence
from pages.ui.cache import AreaKey
from pages.ui.compare_words import euros, listed, range_of
from pages.ui.language import NOT_KNOWN, _

UPLOAD = "own_gaps_upload"
MOST_DRAWN = 25
"""Shops drawn with a button each; all of them stand in the table."""
_STYLE = """<style>
.kw-gap .kw-scale {height: 13px; margin: .3rem 0;} .kw-gap .kw-scale .dot {top: 2px; bottom: 2px;}
.kw-gap .kw-scale .mark {width: 3px; margin-left: -1.5px; top: -4px; bottom: -4px; background: var(--kw-ink);
  box-shadow: 0 0 0 1.5px var(--kw-paper);}
.kw-key {display: flex; flex-wrap: wrap; gap: .2rem 1.4rem; font-size: .8rem; opacity: .85;}
.kw-key span {display: inline-flex; align-items: center; gap: .4rem;}
.kw-key .kw-scale {width: 2.2rem; display: inline-block; margin: 0;}
.st-key-own_gaps [data-testid="stHorizontalBlock"] {border-top: 1px solid #8883; padding-top: .35rem;}
</style>"""


def draw(key: AreaKey, branch: str) -> None:
    """The list, or where to give it; then the answer."""
    file = own_network.given()
    if file is None:
        _ask(key)
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_(T("{file}: read for this visit alone, nothing of it is stored.", file=file.name)))
        own_network.remove_button("own_gaps_forget")
    if not compared.sells(branch):
        states.empty(
            T("What a place lets expect cannot be worked out for this branch"),
            T("No spending of residents is known for it. Add it to a file spending.csv in the data directory."),
        )
        return
    try:
        with st.spinner(_(T("Looking at the places of your shops"))):
            network = own_network.network(key, file)
    except GeodataError as error:
        states.failed(error)
        return
    found = _judged_all(key, file, network, branch)
    if found:
        _answer(found)
    else:
        states.empty(
            T("No shop of this branch in the list stands in an area that is built"),
            T("Choose another branch above, or build the areas they stand in on the page “Data”."),
        )
    _not_judged(network, branch)


def _ask(key: AreaKey) -> None:
    with st.container(border=True, key="empty"):
        what = _(T("Give the list of your shops"))
        st.markdown(f"**{what}**")
        st.write(
            _(T("With their turnover of a year and where they are. For each you see whether it takes in what its place "
                "lets expect, and what a move would do. The list is read for this visit alone: it is not stored."))
        )  # fmt: skip
        label = T("Your own shops with their turnover (XLSX or CSV)")
        own_network.field(key, label, UPLOAD, sample="own_gaps_sample")


@st.cache_resource(max_entries=64, show_spinner=False, scope="session")
def _judged(
    folder: str, key: AreaKey, stamp: compared.Stamp, branch: str, here: AreaKey, given: own_network.Given
) -> ShopGaps:
    network = own_network.network(key, given)
    return which_to_move(network, [cache.area(here)], branch, cache.settings().data_dir)


def _judged_all(
    key: AreaKey, file: own_network.Given, network: OwnNetwork, branch: str
) -> list[tuple[AreaKey, ShopGaps]]:
    """The shops of each area, the area that is looked at first; takes seconds an area, once."""
    standing = set(network.of_branch(branch)["area_id"])
    areas = sorted(standing, key=lambda i: (i != key.id, i))
    names, found = cache.area_names(), []
    bar = st.progress(0.0)
    for i, area in enumerate(areas):
        bar.progress(i / len(areas), _(T("Working out what a place lets expect: {area}", area=names.get(area, area))))
        here = cache.current(area)
        try:
            found.append((here, _judged(compared.folder(), key, compared.stamp(), branch, here, file)))
        except GeodataError as error:
            states.failed(error)
    bar.empty()
    return found


def _answer(found: Sequence[tuple[AreaKey, ShopGaps]]) -> None:
    shops = sorted((shop for _area, gaps in found for shop in gaps.shops), key=shortest_first)
    st.markdown(f"**{headline(shops)}**")
    if 0 < sum(shop.gap is not None for shop in shops) < LEAST_TO_TELL:
        few = T("With fewer than {least} shops with a turnover nothing tells how well the model fits: what stands "
                "below is an indication.", least=LEAST_TO_TELL)  # fmt: skip
        st.markdown(f":material/info: {_(few)}")
    st.caption(
        _(T("Taking in less need not be the place: staff, opening hours and the shop itself count too. “Move this one” "
            "works out what another place would bring."))
    )  # fmt: skip
    st.html(f"{_STYLE}{_key()}")
    top = max(max(shop.expected.high, shop.actual or 0.0) for shop in shops)
    names = cache.area_names()
    with st.container(key="own_gaps"):
        for shop in shops[:MOST_DRAWN]:
            _row(shop, names.get(shop.area, shop.area), top)
    with st.expander(_(T("All shops as a table")), icon=":material/table:"):
        st.dataframe(
            as_table(shops, names), hide_index=True, height="content" if len(shops) <= 12 else 460,
            key="own_gaps_table", alt=_(T("All shops beside one another")),
        )  # fmt: skip
    with st.expander(_(T("What this rests on")), icon=":material/info:"):
        for area, gaps in found:
            st.markdown(f"**{names.get(area.id, area.id)}**")
            states.notes([_(note) for note in gaps.notes])


def headline(shops: Sequence[ShopGap]) -> str:
    """Which shops fall short, or that none does beyond doubt; and how many take in more. No verdict on too few."""
    judged = [shop for shop in shops if shop.gap is not None]
    if not judged:
        return _(T("The list gives no turnover: there is nothing to set beside what is expected."))
    if len(judged) < LEAST_TO_TELL:
        few = TN(
            "One shop with a turnover: too few to judge its place.",
            "{count} shops with a turnover: too few to judge their places.",
            len(judged),
        )
        return _(few)
    less = [shop.name for shop in judged if shop.verdict == LESS]
    more = sum(shop.verdict == MORE for shop in judged)
    said = T("None of your shops clearly takes in less than its place lets expect.")
    if less:
        said = TN(
            "{names} takes in less than its place lets expect.",
            "{names} take in less than their places let expect.",
            len(less),
            names=listed(less),
        )
    others = [TN("One takes in more.", "{count} take in more.", more)] if more else []
    return " ".join(_(text) for text in (said, *others))


def _key() -> str:
    """What the marks mean."""
    marks = (
        ('<i class="mark" style="left:50%"></i>', T("turnover in your list")),
        ('<i class="dot" style="left:50%"></i>', T("what the place lets expect")),
        ('<i class="range" style="left:0;width:100%"></i>', T("four in five such turnovers lie in it")),
    )
    keys = "".join(f'<span><span class="kw-scale">{m}</span>{html.escape(_(text))}</span>' for m, text in marks)
    scale = _(T("euros a year, all on one scale"))
    return f"<div class='kw-gap kw-key'>{keys}<span>{html.escape(scale)}</span></div>"


def _row(shop: ShopGap, area: str, top: float) -> None:
    left, right = st.columns([6, 1.4], vertical_alignment="center")
    with left:
        st.html(_picture(shop, area, top))
    with right:
        st.button(
            _(T("Move this one")), icon=":material/moving:", key=f"move_this_{shop.id}", on_click=_move,
            args=(shop.id, shop.area), type="secondary" if shop.verdict == LESS else "tertiary",
        )  # fmt: skip


def _picture(shop: ShopGap, area: str, top: float) -> str:
    e = shop.expected
    low, wide, dot = (100 * x / top for x in (e.low, e.high - e.low, e.value))
    mark = "" if shop.actual is None else f'<i class="mark" style="left:{100 * shop.actual / top:.1f}%"></i>'
    actual = NOT_KNOWN if shop.actual is None else euros(shop.actual)
    told = _(T("expected {eur}, {range}", eur=euros(e.value), range=range_of(e)))
    verdict = html.escape(sentence(_(shop.verdict)))
    said = f"<b>{verdict}</b>" if shop.clear else verdict
    place = f'<span class="kw-soft">{html.escape(area)}</span>'
    return (
        f'<div class="kw-cards kw-gap"><div><div class="kw-card" style="border:0;padding:0"><div class="head">'
        f"<b>{html.escape(shop.name)} {place}</b><span>{actual}</span></div></div>"
        f'<div class="kw-scale" aria-hidden="true"><i class="range" style="left:{low:.1f}%;width:{wide:.1f}%"></i>'
        f'<i class="dot" style="left:{dot:.1f}%"></i>{mark}</div>'
        f'<div class="kw-soft">{said} · {html.escape(told)}</div></div></div>'
    )


def _move(shop: str, area: str) -> None:
    """Ask the move of this shop, in the area it stands in."""
    st.session_state[frame.AREA] = area
    tray.enter(area)
    st.session_state[move_asked.FROM] = shop
    st.session_state["view"] = "move"


def as_table(shops: Sequence[ShopGap], names: dict[str, str]) -> pd.DataFrame:
    """A row a shop, in words and rounded euros."""
    return pd.DataFrame(
        [
            {
                _(T("Shop")): shop.name,
                _(T("Area")): names.get(shop.area, shop.area),
                _(T("Turnover a year")): NOT_KNOWN if shop.actual is None else euros(shop.actual),
                _(T("What the place lets expect")): f"{euros(shop.expected.value)} ({range_of(shop.expected)})",
                _(T("Verdict")): sentence(_(shop.verdict)),
            }
            for shop in shops
        ]
    )


def _not_judged(network: OwnNetwork, branch: str) -> None:
    """The shops nothing is said of because of where or what they are."""
    if away := network.in_no_area:
        st.caption(_(T("In none of the areas built: {names}", names=", ".join(away))))
    if others := network.of_other_branches(branch):
        st.caption(_(T("Of another branch: {names}", names=", ".join(others))))
    own_network.not_used(network)
