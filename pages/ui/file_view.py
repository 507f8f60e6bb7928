"""What a file holds, for who gave it: rows that can be used and rows that cannot, its columns, its first rows."""

from pathlib import Path

import streamlit as st

from geodata.language import T, TN
from geodata.sources.fields import TITLES
from pages.ui import built_from, checks, states
from pages.ui.kinds import BY_OPTION, LAYOUTS
from pages.ui.language import _


def show(option: str, path: Path, checked: checks.Checked) -> None:
    """What was read, what was left out and why, which column is what, and the first rows."""
    with st.container(border=True):
        if checked.error and not _missing(option, checked):
            st.error(checks.plain(checked.error), icon=":material/error:")
        elif checked.rows_read is not None:
            st.markdown(_told(option, checked))
        if _missing(option, checked):
            st.warning(_(T("Say below which column is which; then the list can be read.")), icon=":material/help:")
        states.notes([built_from.sentence(_(note)) for note in checked.notes])
        if len(checked.skipped):
            left_out = _(T("left out"))
            name = f"{path.stem}-{left_out}.csv".replace(" ", "-")
            title = _(BY_OPTION[option].title)
            built_from.skipped_report(title, checked.skipped, name, key=f"check_{option}", expanded=True)
        if len(checked.doubts):
            unused = _(T("values not used"))
            name = f"{path.stem}-{unused}.csv".replace(" ", "-")
            title = _(BY_OPTION[option].title)
            built_from.doubts_report(title, checked.doubts, name, key=f"doubts_{option}", expanded=True)
        if checked.first_rows is not None:
            st.caption(_(T("The first rows of the file")))
            first = checked.first_rows.rename_axis(_(T("Row")))
            st.dataframe(first, key=f"first_{option}", alt=_(T("The first rows of the file")))
        if option in LAYOUTS and checked.headers:
            _columns(option, path, checked)


def _told(option: str, checked: checks.Checked) -> str:
    if option not in LAYOUTS:
        return _(TN("**One item read.**", "**{count} items read.**", checked.rows_read or 0))
    if checked.rows_kept is None:
        return _(TN("**One row read.**", "**{count} rows read.**", checked.rows_read or 0))
    kept, read = checked.rows_kept, checked.rows_read
    return _(T("**{kept} of {read} rows can be used.**", kept=kept, read=read))


def _missing(option: str, checked: checks.Checked) -> list[tuple[str, ...]]:
    """The groups of fields of which none was recognised: the user has to say which column it is."""
    needs = LAYOUTS[option].needs if option in LAYOUTS and checked.headers else ()
    return [group for group in needs if not any(name in checked.columns for name in group)]


def _columns(option: str, path: Path, checked: checks.Checked) -> None:
    """Which column is which field; what was not recognised can be chosen, and is remembered for such files."""
    layout = LAYOUTS[option]
    missing = _missing(option, checked)
    found = len(checked.columns)
    label = _(T("Columns: {found} of {all} recognised", found=found, all=len(checked.headers)))
    unused = [h for h in checked.headers if h not in checked.columns.values()]
    with st.expander(label, icon=":material/view_column:", expanded=bool(missing)):
        for group in missing:
            either = ", ".join(_(TITLES[name]) for name in group)
            st.markdown(_(T("One of these is needed: {fields}.", fields=either)))
        st.caption(_(T("Change what is wrong; it is remembered for files with the same columns.")))
        if unused and not missing:
            st.caption(_(T("Not used: {columns}", columns=", ".join(unused))))
        with st.form(f"columns_{option}", border=False):
            needed = {f for group in missing for f in group}
            order = sorted(layout.synonyms, key=lambda f: (f not in needed, f not in checked.columns))
            grid = st.columns(3)
            given = {}
            for i, name in enumerate(order):
                options = ["", *checked.headers]
                now = checked.columns.get(name, "")
                given[name] = grid[i % 3].selectbox(
                    _(TITLES[name]),
                    options,
                    index=options.index(now) if now in options else 0,
                    format_func=lambda h: h or "–",
                    key=f"column_{option}_{path.name}_{name}_{now}",
                )
            if st.form_submit_button(_(T("Read with these columns")), icon=":material/refresh:"):
                error = checks.remember(option, path, given)
                if error is None:
                    st.rerun()
                st.error(checks.plain(error), icon=":material/error:")
