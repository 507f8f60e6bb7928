"""Start: what do you want to know?"""

import streamlit as st

from geodata.language import T
from pages.ui import frame
from pages.ui.language import _

area = frame.area()
st.title(_(T("What do you want to know about {name}?", name=area.name)))
st.write(
    _(T("{cells} hexagons, {premises} premises on record.", cells=len(area.grid), premises=len(area.tables.premises)))
)
with st.container(horizontal=True):
    st.page_link("pages/suggest.py", label=_(T("Where does my shop belong?")), icon=":material/storefront:")
    st.page_link("pages/explore.py", label=_(T("What is known about a place?")), icon=":material/map:")
