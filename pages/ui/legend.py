"""What the colours of a map stand for: unit, range, and what grey and white mean."""

import html
from collections.abc import Sequence

import streamlit as st

from geodata.language import T, Text
from pages.ui import colours
from pages.ui.language import _
from pages.ui.maps import ATTRIBUTION


def _swatch(colour: colours.Rgb, text: str) -> str:
    return (
        f'<span style="white-space:nowrap"><i style="display:inline-block;width:1em;height:.8em;border-radius:2px;'
        f'border:1px solid #8886;background:{colours.css(colour)};margin-right:.3em;vertical-align:-.05em"></i>'
        f"{html.escape(text)}</span>"
    )


def _hatched() -> str:
    grey = colours.css(colours.not_known())
    lines = f"repeating-linear-gradient(135deg,{grey} 0 3px,currentColor 3px 4px)"
    text = html.escape(_(T("partly not known: reaches past the end of the data")))
    return (
        f'<span style="white-space:nowrap"><i style="display:inline-block;width:1em;height:.8em;border-radius:2px;'
        f'border:1px solid #8886;background:{lines};margin-right:.3em;vertical-align:-.05em"></i>{text}</span>'
    )


def scale(title: str, texts: Sequence[str], *, none: str, not_known: str, sample: bool, edge: bool = False) -> None:
    """A legend of rising classes; `none` names the white class. `edge`: some cells are hatched."""
    rising = [_swatch(c, t) for c, t in zip(colours.amounts(len(texts)), texts, strict=True)]
    white, grey = _swatch(colours.none(), none), _swatch(colours.not_known(), not_known)
    _row([f"<b>{html.escape(title)}</b>", white, *rising, grey, *([_hatched()] if edge else [])], sample)


def classes(title: str, entries: Sequence[tuple[colours.Rgb, str]], *, sample: bool) -> None:
    """A legend of a few classes, each with its own colour."""
    _row([f"<b>{html.escape(title)}</b>", *(_swatch(colour, text) for colour, text in entries)], sample)


BORDERS: dict[str, Text] = {"core": T("border of the core"), "retail": T("border of the retail areas")}


def score(*, sample: bool, edge: bool = False, border: str = "core") -> None:
    """The legend of a score map. `edge`: some cells are hatched. `border`: what is outlined; "" for nothing."""
    steps = colours.amounts(10)
    stops = ",".join(f"{colours.css(c)} {10 * i}% {10 * i + 10}%" for i, c in enumerate(steps))
    bar = f'<i style="display:inline-block;width:13em;height:.8em;background:linear-gradient(to right,{stops})"></i>'
    line = '<i style="display:inline-block;width:1.3em;border-top:2px solid;vertical-align:.3em;margin-right:.3em"></i>'
    title = _(T("Score"))
    entries = [
        f"<span><b>{html.escape(title)}</b> 0 {bar} 100</span>",
        _swatch(colours.not_known(), _(T("too little known (less than 60 % of the weight)"))),
        *([f"<span>{line}{html.escape(_(BORDERS[border]))}</span>"] if border else []),
        *([_hatched()] if edge else []),
    ]
    _row(entries, sample)


def _row(entries: Sequence[str], sample: bool) -> None:
    """The entries in a line, and whose map data these are."""
    source = html.escape(_(T("sample data: an invented region"))) if sample else ATTRIBUTION
    st.html(
        '<div style="display:flex;flex-wrap:wrap;gap:.15em 1.1em;font-size:.8rem">'
        f'{"".join(entries)}<span style="opacity:.75">{source}</span></div>'
    )
