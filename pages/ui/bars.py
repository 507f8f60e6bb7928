"""Shares as small bars, each with its name, its figure in words and what there is to say about it."""

import html
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

_STYLE = """<style>
.kw-bars {display: grid; grid-template-columns: repeat(auto-fill, minmax(min(18rem, 100%), 1fr)); gap: .6rem 1.5rem;
  font-size: .87rem; line-height: 1.35;}
.kw-bars .head {display: flex; gap: .6rem; align-items: baseline;}
.kw-bars .head b {flex: 1; font-weight: 600; overflow-wrap: anywhere;}
.kw-bars .head span {white-space: nowrap; font-variant-numeric: tabular-nums;}
.kw-bars .line {position: relative; height: 7px; margin: .15rem 0; border-radius: 2px; background: #8882;
  overflow: hidden;}
.kw-bars .line i {position: absolute; top: 0; bottom: 0; background: #2b8c99;}
.kw-bars .line .range {opacity: .45;}
.kw-bars .soft {font-size: .8rem; opacity: .78;}
</style>"""


@dataclass(frozen=True)
class Bar:
    """A share 0–1 with its name, the figure in words and what stands under it. low, high: its interval, if any."""

    title: str
    share: float
    told: str
    under: str = ""
    low: float | None = None
    high: float | None = None


def draw(bars: Sequence[Bar]) -> None:
    """The bars, on a scale from 0 to 100 %: under each other, or side by side where there is room."""
    st.html(f"{_STYLE}<div class='kw-bars'>{''.join(_row(b) for b in bars)}</div>")


def _row(bar: Bar) -> str:
    solid, faint = (bar.share, bar.share) if bar.low is None or bar.high is None else (bar.low, bar.high)
    under = f'<div class="soft">{html.escape(bar.under)}</div>' if bar.under else ""
    return (
        f'<div><div class="head"><b>{html.escape(bar.title)}</b><span>{html.escape(bar.told)}</span></div>'
        f'<div class="line" aria-hidden="true"><i style="left:0;width:{100 * solid:.0f}%"></i>'
        f'<i class="range" style="left:{100 * solid:.0f}%;width:{100 * (faint - solid):.0f}%"></i></div>{under}</div>'
    )
