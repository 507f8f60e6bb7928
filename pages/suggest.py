"""Suggest: where does this branch belong?"""

import streamlit as st

from geodata.language import T
from pages.ui import cache, frame
from pages.ui.language import _, number

key = frame.area_key()
st.title(_(T("Where does your shop belong?")))
answer = cache.answer(key, cache.starting_profile("bakery").profile, n=10, vacant=False)
for s in answer.sites:
    st.write(f"{s.rank} {s.site.name} {number(s.score)}")
