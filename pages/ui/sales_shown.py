"""Own sales in words and tables: all shops beside one another, one shop, its customers, and what was not used."""

from collections.abc import Iterator, Sequence

import pandas as pd
import streamlit as st

from geodata.language import T, Text, TN
from geodata.sources.customer_postcodes import Customers
from geodata.sources.sales import SalesReading
from location_model.sales import Sales
from location_model.sales_against import LESS, MORE, NO_DIFFERENCE
from location_model.sales_customers import ShopCustomers
from location_model.sales_figure import Figure
from location_model.sales_places import MODELLED, SOURCED
from location_model.sales_shop import ShopSales
from pages.ui import built_from, own_network, sales_given, states
from pages.ui.built_from import sentence
from pages.ui.cache import AreaKey
from pages.ui.language import _, date, number, rounded
from pages.ui.places import heading_line


def euros(figure: Figure) -> str:
    """An amount rounded to what is known; – where it is not."""
    return f"€ {_sure(figure.value)}" if figure.known else "–"


def _sure(value: float) -> str:
    return rounded(value) if abs(value) < 1000 else number(float(f"{value:.3g}"))


def between(figure: Figure, unit: str = "") -> str:
    """The interval in words; empty where the value was counted."""
    if not figure.known or figure.low == figure.high:
        return ""
    return _(T("between {low} and {high}", low=unit + _sure(figure.low), high=unit + _sure(figure.high)))


def headline(found: Sales) -> str:
    """How many shops do other than expected; empty where no shop can be set beside the model."""
    return headline_of([shop.against_model for shop in found.shops if shop.against_model is not None])


def headline_of(seen: Sequence[Text]) -> str:
    """The verdicts on the shops in a line; empty where there are none."""
    if not seen:
        return ""
    if len(seen) == 1:
        return _(T("One shop can be set beside the model: {verdict}.", verdict=seen[0]))
    more, less = seen.count(MORE), seen.count(LESS)
    if not more + less:
        none = T("Of no shop of the {all} does turnover differ from the model by more than its uncertainty.",
                 all=len(seen))  # fmt: skip
        return _(none)
    above = TN("one takes more than the model expects", "{count} take more than the model expects", more)
    below = TN("one takes less than the model expects", "{count} take less than the model expects", less)
    also = TN("one takes less than it expects", "{count} take less than it expects", less)
    both = T("{more} and {less}", more=above, less=also)
    clear = T("Of {all} shops {said}", all=len(seen), said=both if more and less else above if more else below)
    if more + less == len(seen):
        return f"{_(clear)}."
    return _(T("{clear}; of the others the difference is smaller than its uncertainty.", clear=clear))


def table(found: Sales) -> None:
    """A row a shop: turnover beside what was expected, density, capture, trend."""
    rows = [
        {
            _(T("Shop")): shop.name,
            _(T("Turnover a year")): euros(shop.year),
            _(T("Expected by the model")): between(shop.expected, "€ ") or euros(shop.expected),
            _(T("Beside the model")): "–" if shop.against_model is None else sentence(_(shop.against_model)),
            _(T("€ a m²")): euros(shop.sold_per_m2),
            _(T("Capture rate")): capture(shop),
            _(T("Trend")): trend(shop),
        }
        for shop in found.shops
    ]
    st.dataframe(
        pd.DataFrame(rows), hide_index=True, height="content" if len(rows) <= 12 else 460, key="sales_table",
        alt=_(T("All shops beside one another")),
    )  # fmt: skip


def capture(shop: ShopSales) -> str:
    """In percent with its interval, or why there is none."""
    if not shop.capture.known:
        return sentence(_(shop.capture.basis))
    return f"{rounded(shop.capture.value)} % ({between(shop.capture)})"


def trend(shop: ShopSales) -> str:
    """In percent a year with its interval; – where not known."""
    figure = shop.pattern.trend
    if not figure.known:
        return "–"
    low, high = (f"{round(x):+d}".replace("-", "−") for x in (figure.low, figure.high))
    return _(T("{low} to {high} % a year", low=low, high=high))


def cards(shop: ShopSales) -> None:
    """The figures of one shop, each with its interval or the reason it is not known."""
    shown = (
        (T("Turnover a year"), euros(shop.year), between(shop.year, "€ ") or sentence(_(shop.year.basis)), shop.year),
        (T("€ a m²"), euros(shop.sold_per_m2), _branch(shop), shop.sold_per_m2),
        (T("Capture rate"), f"{rounded(shop.capture.value)} %", between(shop.capture), shop.capture),
        (T("€ a ticket"), f"€ {number(shop.ticket.value, 2)}", "", shop.ticket),
    )  # fmt: skip
    for column, (title, value, below, figure) in zip(st.columns(4), shown, strict=True):
        with column:
            st.metric(_(title), value if figure.known else "–", help=sentence(_(figure.basis)))
            st.caption(below if figure.known else sentence(_(figure.basis)))


def _branch(shop: ShopSales) -> str:
    """What shops of the branch take by the model, and that it was fitted to the own list where it was."""
    if not shop.branch_per_m2.known:
        return ""
    if shop.expected.basis not in (MODELLED, SOURCED):
        fitted = T(
            "median of the branch here: about € {value}, by the {basis}. Without your list Compare reckons with the "
            "table: that gives another amount.",
            value=_sure(shop.branch_per_m2.value), basis=shop.expected.basis,
        )  # fmt: skip
        return _(fitted)
    return _(T("median of the branch here: about € {value} (proxy)", value=_sure(shop.branch_per_m2.value)))


def verdict(shop: ShopSales) -> Iterator[str]:
    """What the figures say, a sentence each."""
    if shop.against_model == NO_DIFFERENCE:
        yield _(T("Turnover is about what the model expects, within the uncertainty: nothing needs explaining."))
    elif shop.against_model is not None:
        yield _(T("Beside the model: {verdict}.", verdict=shop.against_model))
    if shop.against_peers is not None:
        yield _(T("Beside your other shops, for its floor area: {verdict}.", verdict=shop.against_peers))
    yield from (_(text) for text in shop.suggests)


def notes(shop: ShopSales) -> None:
    """What of the list is incomplete, and what more would tell."""
    first, last = date(shop.days.first.date()), date(shop.days.last.date())
    file = sales_given.given(sales_given.SALES)
    span = T("Source: {file}, from {first} to {last}.", file=file.name if file else "", first=first, last=last)
    told = [_(span), *map(_, shop.notes)]
    states.notes([sentence(text) for text in [*told, *([_(shop.more)] if shop.more else [])]])


def customers(found: ShopCustomers) -> None:
    """Customers by postcode, in groups of at least five."""
    rows = [
        {
            _(T("Postcode")): p.postcode,
            _(T("Customers")): number(p.customers),
            _(T("Share")): f"{number(p.share, 1)} %",
            "km": "–" if p.km is None else number(p.km, 1),
        }
        for p in found.postcodes
    ]
    if rows:
        st.dataframe(
            pd.DataFrame(rows), hide_index=True, height="content" if len(rows) <= 8 else 320, key="sales_postcodes",
            alt=_(T("Customers by postcode")),
        )  # fmt: skip
    told = []
    if found.hidden:
        told.append(
            _(TN(
                "One postcode has too few customers to show, or would give away another.",
                "{count} postcodes have too few customers to show, or would give away another.",
                found.hidden,
            ))
        )  # fmt: skip
    if found.not_placed:
        told.append(_(T("In no built area, so without a distance: {codes}.", codes=", ".join(found.not_placed))))
    states.notes(told)


def left_out() -> None:
    """Of each list how many rows and values were not used, in a line above the figures."""
    reads = {kind: read for kind, read in zip(sales_given.KINDS, _reads(), strict=True) if read is not None}
    for kind, read in reads.items():
        file, said = sales_given.given(kind), []
        if rows := int(read.skipped["row"].nunique()):
            said.append(_(TN("one row was left out", "{count} rows were left out", rows)))
        if values := len(getattr(read, "doubts", ())):
            said.append(_(TN("one value was not used", "{count} values were not used", values)))
        if said and file is not None:
            told = T("{file}: {said}. Which and why stands under “About the lists”.", file=file.name,
                     said=", ".join(said))  # fmt: skip
            st.markdown(f":material/rule: {_(told)}")
        for warning in getattr(read, "warnings", ()):
            st.warning(_(warning), icon=":material/warning:")


def _reads() -> tuple[SalesReading | None, SalesReading | None, Customers | None]:
    return sales_given.sales(), sales_given.entries(), sales_given.customers()


def not_used(key: AreaKey) -> None:
    """The rows of each list that were left out, and cells that were not used; of customers only how many and why."""
    reads = _reads()
    shops = own_network.given()
    network = None if shops is None else own_network.network(key, shops)
    whole = network is None or not (len(network.skipped) or len(network.doubts))
    if whole and not any(r is not None and (len(r.skipped) or len(getattr(r, "notes", ()))) for r in reads):
        return
    heading_line(_(T("About the lists")))
    for kind, read in ((sales_given.SALES, sales_given.sales()), (sales_given.ENTRIES, sales_given.entries())):
        file = sales_given.given(kind)
        if read is None or file is None:
            continue
        states.notes([_(note) for note in read.notes if note not in read.warnings])
        if len(read.skipped):
            built_from.skipped_report(file.name, read.skipped, f"{kind}-skipped.csv", key=f"{kind}_skipped")
        if len(read.doubts):
            built_from.doubts_report(file.name, read.doubts, f"{kind}-doubts.csv", key=f"{kind}_doubts")
    lives = sales_given.customers()
    if lives is not None and len(lives.skipped):
        file = sales_given.given(sales_given.CUSTOMERS)
        for reason, rows in lives.skipped.groupby("reason", sort=False):
            states.notes([
                _(TN("{file}: one row skipped: {reason}", "{file}: {count} rows skipped: {reason}", len(rows),
                     file=file.name if file else "", reason=reason))
            ])  # fmt: skip
    if network is not None:
        own_network.not_used(network)
