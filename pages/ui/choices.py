"""Choices that are written in the address of the page, so that a view can be shared and survives a reload.

Streamlit's own `bind="query-params"` writes the label that is shown, which differs by language; these write the
value itself. A choice at its default leaves no trace in the address.
"""

import math
from collections.abc import Callable, Sequence

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from geodata.language import T
from geodata.sources.values import MOST_EUR, euros
from pages.ui.language import _
from pages.ui.language import number as written

TYPED = "typed:"
"""Before the name of an amount: the box it is typed in."""


def arrived(name: str) -> bool:
    """Whether a choice is asked for the first time since a page was opened: every page asks for the area first."""
    ctx = get_script_run_ctx()
    page = ctx.page_script_hash if ctx else ""
    if st.session_state.get("_page") != page:
        st.session_state["_page"] = page
        st.session_state["_visit"] = st.session_state.get("_visit", 0) + 1
    asked: dict[str, int] = st.session_state.setdefault("_asked", {})
    before, asked[name] = asked.get(name), st.session_state["_visit"]
    return before != asked[name]


def remember(name: str, default: object, read: Callable[[str], object] = str) -> None:
    """Give the widget called `name` its value from `?name=`, once; what cannot be read is the default.

    A link from another page goes before what was chosen earlier; without a word in the link, the choice stands.
    """
    linked = arrived(name) and name in st.query_params
    if name in st.session_state and not linked:
        return
    value = default
    if name in st.query_params:
        try:
            value = read(st.query_params[name])
        except (ValueError, KeyError):
            value = default
    st.session_state[name] = value


def write(name: str, default: object) -> None:
    """Put the value of the widget called `name` in the address, or take it out where it is the default."""
    value = st.session_state.get(name)
    if value is None or value == default:
        if name in st.query_params:
            del st.query_params[name]
        return
    text = f"{value:.10g}" if isinstance(value, float) else str(int(value) if isinstance(value, bool) else value)
    if st.query_params.get(name) != text:
        st.query_params[name] = text


def value(name: str, default: object, read: Callable[[str], object] = str) -> object:
    """A choice whose widget may not be drawn now: as chosen before, as in the address, or the default."""
    remember(name, default, read)
    write(name, default)
    return st.session_state[name]


def follow(name: str, default: object) -> None:
    """Let a choice that stood at its default stand at the new one, where the default has become another.

    The weights a branch starts with are not the same in every town: who moved no slider has chosen nothing.
    """
    defaults: dict[str, object] = st.session_state.setdefault("_defaults", {})
    before, defaults[name] = defaults.get(name, default), default
    if before != default and st.session_state.get(name) == before:
        forget([name])


def forget(names: Sequence[str]) -> None:
    """Put choices back to their defaults, for use in a callback."""
    for name in names:
        st.session_state.pop(name, None)
        if name in st.query_params:
            del st.query_params[name]


def put(name: str, value: object) -> None:
    """Choose something and say so in the address, drawn now or not, for use in a callback; None empties it."""
    forget([name, f"{TYPED}{name}"])
    st.session_state[name] = value
    write(name, "")


def keep_only(prefix: str | tuple[str, ...], mark: str) -> None:
    """Take choices of another kind (`mark` in their name, none of the prefixes) out of the address."""
    for name in list(st.query_params):
        if mark in name and not name.startswith(prefix):
            del st.query_params[name]


def one_of(options: Sequence[str]) -> Callable[[str], str]:
    """Read a value that must be one of the options."""

    def read(text: str) -> str:
        if text not in options:
            raise ValueError(text)
        return text

    return read


def flag(text: str) -> bool:
    """Read 0 or 1."""
    return text == "1"


def select(
    label: str, options: Sequence[str], name: str, *, default: str, shown: Callable[[str], str], **how: object
) -> str:
    """A searchable list of which the chosen id stands in the address."""
    remember(name, default, one_of(options))
    if st.session_state[name] not in options:
        st.session_state[name] = default
    labels = {option: shown(option) for option in options}
    st.selectbox(label, options, key=name, format_func=labels.__getitem__, persist_state="session", **how)
    write(name, default)
    return str(st.session_state[name])


def segments(
    label: str, options: Sequence[str], name: str, *, default: str, shown: Callable[[str], str], **how: object
) -> str:
    """A few options side by side of which the chosen id stands in the address."""
    remember(name, default, one_of(options))
    if st.session_state[name] not in options:
        st.session_state[name] = default
    labels = {option: shown(option) for option in options}
    st.segmented_control(
        label, options, key=name, format_func=labels.__getitem__, required=True, persist_state="session", **how
    )
    write(name, default)
    return str(st.session_state[name])


def toggle(label: str, name: str, *, default: bool = False, **how: object) -> bool:
    """A switch that stands in the address as 1 when on."""
    remember(name, default, flag)
    st.toggle(label, key=name, persist_state="session", **how)
    write(name, default)
    return bool(st.session_state[name])


def tick(label: str, name: str, *, default: bool = False, **how: object) -> bool:
    """A box that stands in the address as 1 when ticked."""
    remember(name, default, flag)
    st.checkbox(label, key=name, persist_state="session", **how)
    write(name, default)
    return bool(st.session_state[name])


def number(label: str, name: str, *, default: float | None = None, **how: object) -> float | None:
    """A number that may be left empty."""
    remember(name, default, float)
    st.number_input(label, value=None, key=name, persist_state="session", **how)  # emptied, it is empty and not 0
    write(name, default)
    value = st.session_state[name]
    return None if value is None else float(value)


def eur(text: str) -> float:
    """Read an amount from the address. ValueError for one below zero or beyond `MOST_EUR`, or none at all."""
    value = float(text)
    if not 0 <= value <= MOST_EUR:
        raise ValueError(text)
    return value


def _read_eur(text: str) -> float | None:
    """An amount as typed; None for what cannot be read or is beyond `MOST_EUR`."""
    value = euros(text)
    return value if value <= MOST_EUR else None


def amount(label: str, name: str, *, on_change: Callable[[], None] | None = None, **how: object) -> float | None:
    """Euros typed as people write them (`geodata.sources.values.euros`), shown back with thousands apart.

    None while nothing is typed, and for what cannot be read or is too large, which is said. on_change: after it
    was read.
    """
    remember(name, None, eur)
    box = f"{TYPED}{name}"

    def read() -> None:
        st.session_state[name] = _read_eur(st.session_state[box] or "")
        if on_change is not None:
            on_change()

    value = st.session_state[name]
    if value is not None:
        st.session_state[box] = written(value, 0 if value == round(value) else 2)
    elif _read_eur(st.session_state.get(box) or "") is not None:  # emptied elsewhere
        st.session_state[box] = ""
    st.text_input(label, key=box, persist_state="session", on_change=read, **how)
    write(name, None)
    if unreadable(name):
        why = (
            T("This amount cannot be read. Type it like {example}.", example=written(21500))
            if math.isnan(euros(typed(name)))
            else T("This amount seems too large: at most {most} euros are read.", most=round(MOST_EUR))
        )
        st.caption(_(why))
    return None if value is None else float(value)


def typed(name: str) -> str:
    """What stands in the box of an amount."""
    return str(st.session_state.get(f"{TYPED}{name}") or "").strip()


def unreadable(name: str) -> bool:
    """Whether something is typed as an amount and is none."""
    return st.session_state.get(name) is None and typed(name) != ""


def slider(label: str, name: str, *, default: float, **how: object) -> float:
    """A slider whose value stands in the address once it was moved."""
    remember(name, default, float)
    st.slider(label, key=name, persist_state="session", **how)
    write(name, default)
    return float(st.session_state[name])
