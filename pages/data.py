"""Data: what this area was built from."""

import streamlit as st

from geodata.language import T
from pages.ui import frame
from pages.ui.language import _, date, language, written

area = frame.area()
st.title(_(T("What {name} was built from", name=area.name)))
st.caption(_(T("Built on {day}", day=date(area.manifest["built_at"]))))
for source in area.manifest["sources"]:
    st.write(f"{', '.join(source['files']) or source['id']} · {written(source['rows_kept'])}")
for note in area.manifest["notes"]:
    st.info(note[language()], icon=":material/info:")
