"""Explore: what is known about every place?"""

import streamlit as st

from geodata.language import T
from pages.ui import frame
from pages.ui.language import _

area = frame.area()
st.title(_(T("What is known about every place?")))
