"""Own sales: what the till says of each shop, beside passers-by, floor area, the model and the own other shops."""

import streamlit as st

from geodata.errors import GeodataError
from geodata.language import T
from location_model.sales import Sales
from location_model.sales_shop import ShopSales
from pages.ui import choices, frame, own_network, sales_charts, sales_given, sales_shown, states
from pages.ui.cache import AreaKey
from pages.ui.language import _
from pages.ui.places import heading_line

SHOP = "shop"
SHOPS_UPLOAD = "own_shops_for_sales"


def draw_empty(key: AreaKey) -> None:
    """No list yet: what one would give, and a sample to try."""
    with st.container(border=True, key="empty"):
        what = _(T("Give the sales of your shops"))
        st.markdown(f"**{what}**")
        st.write(
            _(T("A list from your till with shop, day (or month), turnover and tickets. Three months are enough to "
                "begin; a year shows the season, a year and a month a trend. It is read for this visit alone: nothing "
                "of it is stored, and it stays on the machine that runs Kernwijzer."))
        )  # fmt: skip
        sales_given.uploader(sales_given.SALES)
        if sales_given.has_sample(key):
            st.button(
                _(T("Try it with the sample sales")), icon=":material/experiment:", on_click=sales_given.keep_sample,
                key="sales_sample",
            )  # fmt: skip


def draw_lists() -> None:
    """The lists in use, and the ones that would tell more."""
    with st.popover(_(T("Lists")), icon=":material/folder_open:", key="lists"):
        for kind in sales_given.KINDS:
            file = sales_given.given(kind)
            if file is None:
                sales_given.uploader(kind)
                continue
            st.markdown(f"{_(sales_given.LABELS[kind])}: **{file.name}**")
            st.button(
                _(T("Remove this list")), icon=":material/delete:", on_click=sales_given.forget, args=(kind,),
                key=f"{kind}_remove",
            )  # fmt: skip
        shops = own_network.given()
        if shops is None:
            st.file_uploader(
                _(T("Your own shops with place and floor area (XLSX or CSV)")), key=SHOPS_UPLOAD,
                on_change=own_network.keep, args=(SHOPS_UPLOAD,),
                help=_(T("Read for this visit alone: the list is not stored.")),
            )  # fmt: skip
        else:
            what = _(T("Own shops"))
            st.markdown(f"{what}: **{shops.name}**")
            own_network.remove_button("own_shops_off")
        st.caption(_(T("Read for this visit alone, nothing of it is stored.")))


def draw_shop(shop: ShopSales) -> None:
    """One shop: figures, sentences, patterns."""
    sales_shown.cards(shop)
    for text in sales_shown.verdict(shop):
        st.markdown(text)
    left, right = st.columns(2, gap="medium")
    with left:
        sales_charts.beside(shop)
        sales_charts.weekdays(shop)
    with right:
        sales_charts.course(shop)
        sales_charts.season(shop)
    sales_shown.notes(shop)
    if shop.customers is not None:
        heading_line(_(T("Where the customers live")))
        left, right = st.columns(2, gap="medium")
        with left:
            sales_shown.customers(shop.customers)
        with right:
            sales_charts.decay(shop.customers)


def draw(found: Sales, key: AreaKey) -> None:
    """All shops, then the one that was chosen."""
    if len(found.shops) > 1:
        if told := sales_shown.headline(found):
            st.markdown(f"**{told}**")
        sales_shown.table(found)
    if own_network.given() is None:
        more = T("With a list of your shops (under “Lists”) footfall, floor area and expected turnover come along.")
        states.notes([_(more)])
    elif found.not_listed:
        states.notes([_(T("Not in the list of own shops: {names}", names=", ".join(found.not_listed[:8])))])
    by_id = {shop.shop: shop for shop in found.shops}
    here = next((s.shop for s in found.shops if s.area == key.id), found.shops[0].shop)
    name = choices.select(
        _(T("Shop")), list(by_id), SHOP, default=here, shown=lambda s: by_id[s].name, width=320
    )  # fmt: skip
    draw_shop(by_id[name])


key = frame.area_key()
left, right = st.columns([4, 1], vertical_alignment="bottom")
with left:
    st.title(_(T("What do your own sales say?")))
if sales_given.given(sales_given.SALES) is None:
    draw_empty(key)
else:
    with right:
        draw_lists()
    bar = st.empty()

    def show_progress(done: int, count: int) -> None:
        """The shops that are done so far."""
        if count:
            bar.progress(done / count, text=_(T("Model: {done} of {count} shops done", done=done, count=count)))

    try:
        with st.spinner(_(T("Reading the sales and asking the model"))):
            found = sales_given.answer(key, show_progress)
        bar.empty()
        if found is not None:
            sales_shown.left_out()
            draw(found, key)
            sales_shown.not_used(key)
    except GeodataError as error:
        bar.empty()
        states.failed(error)
