"""Method: how every layer is computed."""

import streamlit as st

from geodata.language import T
from geodata.layers import all_layers
from pages.ui.language import _

st.title(_(T("How is this computed?")))
for layer in all_layers():
    st.subheader(_(layer.title), anchor=layer.name)
    st.write(_(layer.method))
    st.caption(_(layer.unit))
