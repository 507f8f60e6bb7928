"""A retailer's lists where a model is fitted to them: own shops and their customers' postcodes, and what they change.

Of customers totals are shown alone; where they live is told to the model in groups of at least 5.
"""

import math
from collections.abc import Callable

import pandas as pd
import streamlit as st

from geodata.errors import GeodataError
from geodata.language import T, Text, TN
from location_model.huff_fit import HuffFit
from location_model.validation.statistics import Estimate
from pages.ui import built_from, compared, own_customers, own_network, states
from pages.ui.cache import AreaKey
from pages.ui.compare_words import euros
from pages.ui.compared import Specs
from pages.ui.language import _, number

BETTER = T("Only customers’ postcodes tell well how far people go; turnover tells it to within 15 to 40 % at best.")


TO_MOVE = T("With the list of your shops you see what a move takes from your other shops, in euros.")
TO_FIT = T(
    "With the list of your shops the model is fitted to their turnover and, where you give those too, customers."
)


def popover(key: AreaKey, name: str, why: Text) -> None:
    """Where the lists are given, and let go of; `name` begins the keys of its widgets. why: give the first."""
    shops, lives = own_network.given(), own_customers.given()
    icon = ":material/upload_file:" if shops is None else ":material/task:"
    with st.popover(_(T("Your own shops")), icon=icon, width="content"):
        if shops is None:
            st.caption(_(why))
            own_network.field(key, T("List of your shops (XLSX or CSV)"), f"{name}_upload", sample=f"{name}_sample")
        else:
            st.caption(_(T("Your other shops come from {file}, for this visit alone.", file=shops.name)))
            own_network.remove_button(f"{name}_forget")
        if lives is not None:
            st.caption(_(T("Your customers come from {file}, for this visit alone.", file=lives.name)))
            own_customers.remove_button(f"{name}_customers_forget")
        elif shops is not None:
            own_customers.field(key, f"{name}_customers", sample=f"{name}_customers_sample")
            st.caption(_(BETTER))


def told(key: AreaKey, branch: str, specs: Specs) -> None:
    """What becomes of the lists: which shops and how many customers count, and what of them is not used and why."""
    own_network.told(key, branch)
    if not compared.sells(branch):
        return
    with st.spinner(_(T("Working out who would shop where"))):
        _alone, both = compared.fits(key, branch, specs)
    _customers_told(key, branch, 0 if both is None else both.customers)


def change(key: AreaKey, branch: str, specs: Specs) -> None:
    """What the model rested on before, and what the lists make of it; nothing where nothing was fitted."""
    if not compared.sells(branch):
        return
    alone, both = compared.fits(key, branch, specs)
    fits = [] if alone is None else [(T("Fitted to your turnover"), alone)]
    if both is not None and both.customers:
        fits.append((T("Fitted to your turnover and customers") if both.shops else T("Fitted to your customers"), both))
    if not fits:
        return
    last, spending_eur = fits[-1][1], compared.market(key, branch, specs).market.habits.eur_per_resident_year
    with st.expander(_(T("What your own data change in the model")), icon=":material/tune:", key="own_fit"):
        table = fit_table(fits, spending_eur)
        st.dataframe(table, hide_index=True, height="content", key="own_fit_table",
                     alt=_(T("Values of the model before and after it was fitted to your own data")))  # fmt: skip
        states.notes([_(last.told), *([] if last.customers else [_(BETTER)])])


def _customers_told(key: AreaKey, branch: str, count: int) -> None:
    """How many customers of which list count, and the rows that do not and why."""
    file = own_customers.given()
    if file is None:
        return
    if own_network.given() is None:
        waits = T("{file} waits for the list of your shops: without it nobody knows where these customers go.",
                  file=file.name)  # fmt: skip
        states.notes([_(waits)])
        return
    try:
        read, found = own_customers.read(), compared.with_customers(key, branch)
    except GeodataError as error:
        states.failed(error)
        st.caption(_(T("What you see here is worked out without your customers.")))
        return
    if read is None or found is None:
        return
    few = T("Of {file} too few customers, fewer than 5, live at postcodes that are known here", file=file.name)
    lines = [_(T("{count} customers of {file} count along here", count=count, file=file.name) if count else few)]
    if found.not_listed:
        names = ", ".join(found.not_listed[:8])
        lines.append(_(T("Not in the list of own shops: {names}", names=names)))
    if (lost := found.not_on_record) is not None:
        lines.append(built_from.sentence(_(lost)))
    with st.container(horizontal=True, vertical_alignment="center", key="own_customers_told"):
        states.notes([" · ".join(lines)])
        if len(read.skipped):
            with st.popover(_(T("Customers not used")), icon=":material/rule:", width="content"):
                st.caption(_(TN("One row is left out:", "{count} rows are left out:", len(read.skipped))))
                shown = built_from.skipped_table(read.skipped.head(built_from.MOST_LISTED))
                st.dataframe(
                    shown.drop(columns=_(T("What is there"))), hide_index=True, height=min(38 + 35 * len(shown), 180),
                    alt=_(T("Rows of the list of customers that are left out")),
                )  # fmt: skip


def fit_table(fits: list[tuple[Text, HuffFit]], spending_eur: float) -> pd.DataFrame:
    """A row for each value of the model: from the table, and with its 80 % interval from each fit.

    spending_eur: of a resident and year, as the table has it.
    """

    def half(e: Estimate) -> Estimate:  # the farther people go, the less it decays
        return Estimate(*(math.log(2) / x for x in (e.value, e.high, e.low)))

    def twice(e: Estimate) -> Estimate:
        return Estimate(*(2.0**x for x in (e.value, e.low, e.high)))

    def spent(e: Estimate) -> Estimate:
        return Estimate(*(spending_eur * x for x in (e.value, e.low, e.high)))

    known = fits[0][1].defaults
    rows: tuple[tuple[Text, float, Callable[[HuffFit], Estimate], Callable[[float], str]], ...] = (
        (T("Every so many minutes farther, half as many come"), math.log(2) / known.decay_per_minute,
         lambda f: half(f.decay), lambda x: number(x, 1)),
        (T("A shop twice as large draws so many times as much"), 2.0**known.size_exponent,
         lambda f: twice(f.exponent), lambda x: number(x, 2)),
        (T("A resident spends a year on the branch"), spending_eur * known.spend_factor,
         lambda f: spent(f.spend), euros),
    )  # fmt: skip

    def said(e: Estimate, shown: Callable[[float], str]) -> str:
        between = T("{value} (between {low} and {high})", value=shown(e.value), low=shown(e.low), high=shown(e.high))
        return _(between)

    return pd.DataFrame(
        [
            {_(T("Value")): _(what), _(T("From the table")): shown(before)}
            | {_(label): said(of(fit), shown) for label, fit in fits}
            for what, before, of, shown in rows
        ]
    )
