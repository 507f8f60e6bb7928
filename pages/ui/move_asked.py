"""What is asked of a move: which shop, to which of the places, and what it costs."""

from dataclasses import dataclass

import pyproj
import streamlit as st

from geodata.language import T, Text
from geodata.place_names import premises_addresses
from location_model.break_even import Costs, half_known
from location_model.find_site import NamedSite
from location_model.own_shops import names
from location_model.relocate import Relocation
from location_model.saved import Move
from pages.ui import cache, choices, compare_money, compare_words, compared, move_book, own_lists
from pages.ui.cache import AreaKey
from pages.ui.language import _, number
from pages.ui.tray import LETTERS, MOVE

FROM, TO, GONE, GONE_TO, SHOWN_TO = MOVE
"""Shop and place; then the shop that an address asks for and that is not there, while it is not; the place that was
asked for and is not among the places, until another is chosen; and the place that was last shown.
"""
PERCENT = "margin"
COSTS: dict[str, tuple[str, Text]] = {
    "fit_out": ("fit_out_eur", T("Fit-out, once (€)")),
    "lease_end": ("lease_end_eur", T("Ending the lease, once (€)")),
    "rent_now": ("rent_before_eur", T("Rent now (€ a year)")),
    "rent_there": ("rent_after_eur", T("Rent there (€ a year)")),
    "staff_now": ("staff_before_eur", T("Staff now (€ a year)")),
    "staff_there": ("staff_after_eur", T("Staff there (€ a year)")),
}
"""Name of the choice, field of `Costs`, and label."""
RENTS, STAFF = ("rent_now", "rent_there"), ("staff_now", "staff_there")


@st.cache_resource(max_entries=24, show_spinner=False)
def _open_shops(folder: str, key: AreaKey, branch: str) -> dict[str, str]:
    area = cache.area(key)
    premises = area.tables.premises
    found = premises[premises["in_study"] & (premises["state"] == "occupied") & (premises["branch"] == branch)]
    address = premises_addresses(found, area.tables)
    both = zip(found["name"], address, strict=True)
    said = [", ".join(x for x in pair if isinstance(x, str) and x) for pair in both]
    return dict(sorted(zip(found["id"].astype(str), said, strict=True), key=lambda shop: shop[1].casefold()))


def shops(key: AreaKey, branch: str) -> dict[str, str]:
    """Shops that may move: those of the retailer's list first, then every open one of the branch in the area."""
    mine = compared.own(key)
    listed: dict[str, str] = {}
    if mine is not None:
        mine = mine[mine["branch"].isna() | (mine["branch"] == branch)]
        listed = {
            str(i): _(T("{name} (your list)", name=name)) for i, name in zip(mine["id"], names(mine), strict=True)
        }
    return listed | _open_shops(compared.folder(), key, branch)


def ends(key: AreaKey, branch: str, sites: dict[str, NamedSite]) -> tuple[str | None, str | None]:
    """The shop that moves and the place it moves to, as they are named."""
    found = shops(key, branch)
    _hold(found)
    unnamed = _(T("a shop without a name or address"))
    start = to = None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if found:
            start = choices.select(
                _(T("Shop that moves")), ["", *found], FROM, default="", width=340,
                shown=lambda i: (found[i] or unnamed) if i else _(T("Choose a shop")),
            )  # fmt: skip
        else:
            st.caption(_(T("No open shop of this branch is on record here.")))
        if sites:
            to = _place(sites)
        own_lists.popover(key, "move", own_lists.TO_MOVE)
    if not start and GONE in st.session_state:
        st.query_params[FROM] = st.session_state[GONE]  # asked for still, should the page be opened anew
        missing = T("The shop of this address, {shop}, is not on record here. If it stands in your list of own shops, "
                    "give that list again with the button “Your own shops”.", shop=st.session_state[GONE])  # fmt: skip
        st.info(_(missing), icon=":material/upload_file:")
    if to is not None and GONE_TO in st.session_state:
        instead = T("The place that was asked for, {place}, is not among the places to move to. {title} is taken "
                    "instead.", place=st.session_state[GONE_TO], title=sites[to].site.title)  # fmt: skip
        st.info(_(instead), icon=":material/wrong_location:")
    return start or None, to


def _place(sites: dict[str, NamedSite]) -> str:
    """The place to move to. It stands in the address by its own name: a letter means another where a place is gone.

    Where it is gone itself the first stands in; `GONE_TO` holds it, unless it was here and has been taken out.
    """
    specs = list(sites)
    choices.remember(TO, specs[0], lambda text: dict(zip(LETTERS, specs, strict=False)).get(text, text))
    if st.session_state.get(GONE_TO) in specs:
        st.session_state[TO] = st.session_state.pop(GONE_TO)
    if st.session_state[TO] not in specs:
        if st.session_state[TO] not in ("", st.session_state.get(SHOWN_TO)):
            st.session_state[GONE_TO] = st.session_state[TO]
        st.session_state[TO] = specs[0]
    titles = {spec: f"{LETTERS[i]} {_(s.site.title)}" for i, (spec, s) in enumerate(sites.items())}
    chosen = choices.segments(
        _(T("To")), specs, TO, default="", shown=titles.__getitem__,
        on_change=lambda: st.session_state.pop(GONE_TO, None),
    )  # fmt: skip
    st.session_state[SHOWN_TO] = chosen
    return chosen


def _hold(found: dict[str, str]) -> None:
    """Keep a shop that is asked for and not there until it is, as one of a list that has yet to be given, or until
    another is chosen.
    """
    chosen, asked = st.session_state.get(FROM), st.query_params.get(FROM)
    if asked and asked not in found:
        st.session_state[GONE] = asked
    if chosen in found:
        st.session_state.pop(GONE, None)
    elif st.session_state.get(GONE) in found:
        st.session_state[FROM] = st.session_state.pop(GONE)


def _known_rents(key: AreaKey, sites: dict[str, NamedSite], start: str, to: str) -> dict[str, tuple[float, Text]]:
    """Rents that need not be typed, € a year, with where each comes from: a list, or what was typed to compare."""
    found: dict[str, tuple[float, Text]] = {}
    mine = compared.own(key)
    if mine is not None:
        listed = mine.loc[mine["id"].astype(str) == start, "rent_eur_per_year"].dropna()
        if len(listed):
            found["rent_now"] = float(listed.iloc[0]), T("from your list")
    if (there := compare_money.rents(sites).get(to)) is not None:
        found["rent_there"] = there, T("from the comparison")
    elif (asked := sites[to].site.rent_eur_per_year) is not None:
        found["rent_there"] = asked, T("asked, according to the list")
    return found


def costs(key: AreaKey, sites: dict[str, NamedSite], start: str, to: str) -> Costs | Text:
    """What the move costs, as typed, or what is missing for it: a blank is no rent of 0, nor staff of 0 beside staff.

    Where a rent is not typed, that of the list of own shops, of the comparison or of a list of vacancies stands in.
    """
    known = _known_rents(key, sites, start, to)
    typed: dict[str, float] = {}
    with st.container(key="move_costs"):
        columns = [*st.columns(4), *st.columns(4)]  # two rows: on a phone they keep their order
        for i, (name, (field, label)) in enumerate(COSTS.items()):
            with columns[i]:
                stands_in, source = known.get(name, (None, None))
                hint = None if stands_in is None else number(stands_in)
                value = choices.amount(_(label), name, placeholder=hint)
                if value is None and source is not None and not choices.typed(name):
                    st.caption(_(source))
                    value = stands_in
            if value is not None:
                typed[field] = value
        with columns[len(COSTS)]:
            share = choices.number(
                _(T("Margin (% of turnover)")), PERCENT, default=100 * Costs.margin, min_value=0.0, max_value=100.0,
                step=1.0, format="%.0f", help=_(T("What is left of a euro of turnover before rent and staff.")),
            )  # fmt: skip
        if sites[to].site.floor_area_m2 is None:
            with columns[len(COSTS) + 1]:
                choices.number(
                    _(T("Floor area there (m²)")), compare_money.floor_area_of(to), min_value=1.0, step=10.0,
                    format="%.0f", placeholder=_(T("not known")),
                )  # fmt: skip
    if wrong := unreadable():
        amounts = compare_words.listed([f"“{_(label)}”" for label in wrong])
        return T("Mend {amounts} first: what stands there cannot be read. Until then nobody can say when the move "
                 "earns itself back.", amounts=amounts)  # fmt: skip
    if not {"rent_before_eur", "rent_after_eur"} <= typed.keys():
        return T("Fill in both rents to see when the move earns itself back.")
    if half_known(typed):
        return T("Fill in both staff costs, now and there, to see when the move earns itself back.")
    return Costs(**typed, margin=Costs.margin if share is None else share / 100)


def unreadable() -> list[Text]:
    """The labels of the amounts that are typed and cannot be read."""
    return [label for name, (_field, label) in COSTS.items() if choices.unreadable(name)]


@dataclass(frozen=True)
class Asked:
    """A move as it was asked. start, to: as they are named; shop, place: as people call them; costs: one by one."""

    start: str
    to: str
    shop: str
    place: str
    costs: tuple[move_book.Asked, ...]


def as_asked(key: AreaKey, branch: str, sites: dict[str, NamedSite], start: str, to: str) -> Asked:
    """The move with what each of its costs is and where that comes from."""
    known = _known_rents(key, sites, start, to)
    costs = []
    staff = any(st.session_state.get(name) is not None for name in STAFF)
    for name, (_field, label) in COSTS.items():
        value, source = st.session_state.get(name), T("typed")
        if value is None:
            stands_in = None if choices.typed(name) else known.get(name)
            needed = name in RENTS or (staff and name in STAFF)
            blank = T("not filled in") if needed else T("left blank: counts as 0")
            value, source = stands_in or (None, blank)
        costs.append(move_book.Asked(label, value, source))
    share = st.session_state.get(PERCENT)
    margin = Costs.margin if share is None else share / 100
    source = T("standard (proxy)") if margin == Costs.margin else T("typed")
    costs.append(move_book.Asked(T("Margin (% of turnover)"), margin, source, share=True))
    shop = shops(key, branch).get(start) or _(T("a shop without a name or address"))
    return Asked(start, to, shop, _(sites[to].site.title), tuple(costs))


def kept() -> Move | None:
    """What was asked of a move, to be saved; None where nothing was."""
    costs = {field: st.session_state.get(name) for name, (field, _label) in COSTS.items()}
    share = st.session_state.get(PERCENT)
    if share is not None and share != 100 * Costs.margin:
        costs["margin"] = share / 100
    typed = tuple((field, float(value)) for field, value in costs.items() if value is not None)
    start = str(st.session_state.get(FROM) or st.session_state.get(GONE) or "")
    return Move(start, str(st.session_state.get(TO) or ""), typed) if start or typed else None


def put(saved: Move | None) -> None:
    """Choose a move as it was saved, for use in a callback; without one, none."""
    move = saved or Move()
    costs = dict(move.costs)
    for name, (field, _label) in COSTS.items():
        choices.put(name, costs.get(field))
    choices.put(PERCENT, 100 * costs.get("margin", Costs.margin))
    choices.put(FROM, move.start)
    choices.put(TO, move.to)
    for gone in (GONE, GONE_TO):
        st.session_state.pop(gone, None)
    if move.start:
        st.session_state[GONE] = move.start  # until it is found: it may stand in a list that has yet to be given


def pins(key: AreaKey, found: Relocation, to: NamedSite) -> dict[str, tuple[float, float, str]]:
    """Where the shop is and where it goes, by what their pins say."""
    shop = found.move.market.shops.iloc[found.move.start]
    crs = cache.area(key).study.crs
    lng, lat = pyproj.Transformer.from_crs(crs, 4326, always_xy=True).transform(shop["x"], shop["y"])
    name = shop["name"] if isinstance(shop["name"], str) else _(T("the shop now"))
    ends = {_(T("now")): (round(lng, 5), round(lat, 5), name)}
    return ends | {_(T("new")): (round(to.site.lng, 5), round(to.site.lat, 5), _(to.site.title))}
