"""What a page shows when there is no answer: nothing built, too little known, a mistake in the data, our fault."""

import logging
import traceback
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import streamlit as st

from geodata.errors import GeodataError
from geodata.language import T, Text
from pages.ui.language import _, language

P = ParamSpec("P")
R = TypeVar("R")


def failed(error: GeodataError) -> None:
    """A mistake that the user can mend, in the user's language; never a traceback."""
    st.error(error.text(language()), icon=":material/error:")


def fault(error: Exception) -> bool:
    """A fault of ours: say so calmly. The log has its kind and place; the page does not."""
    if isinstance(error, GeodataError):
        failed(error)
    else:
        st.error(
            _(T("Something went wrong on our side; your choices are kept. Reload the page, or choose another area.")),
            icon=":material/error:",
        )
    return True


def keep_lists_out_of_the_log() -> None:
    """Log of a fault only its kind and place from here on; called twice, it does no more than once.

    What it says may be a cell of somebody's list, for pandas quotes what it stumbles over, and Streamlit logs it all.
    """
    for name in _FAULT_LOGGERS:
        logging.getLogger(name).addFilter(_only_place)


_FAULT_LOGGERS = ("streamlit.error_util", "streamlit.runtime.backend_operation_handler")


def _only_place(record: logging.LogRecord) -> bool:
    if record.exc_info and record.exc_info[1] is not None:
        record.msg, record.args = f"{record.getMessage()}: {place_of(record.exc_info[1])}", ()
        record.exc_info = record.exc_text = None
    return True


def place_of(error: BaseException) -> str:
    """The kind of an error and the lines it came through, with what caused it; not a word of what it says."""
    lines = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    told = f"{type(error).__module__}.{type(error).__name__} at {' > '.join(lines) or 'no known place'}"
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return told if cause is None else f"{told}, because of {place_of(cause)}"


def guarded(draw: Callable[P, R]) -> Callable[P, R | None]:
    """For a fragment, which runs again on its own: a GeodataError becomes a message there too."""

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> R | None:
        try:
            return draw(*args, **kwargs)
        except GeodataError as error:
            failed(error)
            return None

    return drawn


def nothing_built() -> None:
    """No area yet: what to do, here or on the command line."""
    st.subheader(_(T("No area has been built yet")))
    st.write(
        _(
            T(
                "Kernwijzer works on areas that are built once from map data and your own files. "
                "The sample region Testerep needs no data and no internet."
            )
        )
    )
    st.page_link("pages/data.py", label=_(T("Build an area")), icon=":material/construction:")
    st.caption(_(T("Or on the command line: the sample region, or a municipality by name.")))
    st.code("python -m location_model sample\npython -m location_model build Aalst", language="bash")


def notes(texts: list[str]) -> None:
    """What a reader should know about the answer, calmly: a line each, no alarm."""
    for text in texts:
        st.caption(f":material/info: {text}")


def how_good(test: str) -> None:
    """The way to the test of what stands above."""
    where = {"chapter": "validation", "test": test}
    st.page_link("pages/method.py", label=_(T("How good is this?")), icon=":material/verified:", query_params=where)


def empty(what: Text, remedy: Text) -> None:
    """An answer without places: what happened and what to do."""
    with st.container(border=True):
        st.markdown(f"**{_(what)}**")
        st.write(_(remedy))
