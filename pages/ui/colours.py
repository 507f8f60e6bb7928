"""Colours: one set for amounts, one for groups of criteria, one for not known. By theme, so that high stands out."""

import streamlit as st

Rgb = tuple[int, int, int]

_VIRIDIS: tuple[Rgb, ...] = (
    (68, 1, 84), (72, 36, 117), (64, 67, 135), (52, 94, 141), (41, 120, 142),
    (32, 144, 141), (34, 167, 132), (68, 190, 112), (121, 209, 81), (189, 222, 38), (253, 231, 37),
)  # fmt: skip
"""Eleven steps of viridis (Smith and Van der Walt, public domain), dark to light."""

_GROUPS = {"customers": ("#0b4f6c", "#4a8fb0"), "shops": ("#b35c00", "#eda348"), "access": ("#5d3a8e", "#a98fd0")}
_GROUPS_DARK = {"customers": ("#6fb7d8", "#3a7d9c"), "shops": ("#f2ad57", "#b8731f"), "access": ("#b9a2e0", "#7b5fb0")}


def dark() -> bool:
    """Whether this visit has the dark theme."""
    return st.context.theme.type == "dark"


def amounts(steps: int) -> list[Rgb]:
    """Colours for rising amounts: pale to deep on white, deep to bright on black."""
    scale = _VIRIDIS if dark() else _VIRIDIS[::-1]
    last = len(scale) - 1
    return [scale[round(i * last / max(1, steps - 1))] for i in range(steps)]


_LOST: tuple[Rgb, ...] = ((253, 208, 150), (241, 149, 62), (179, 88, 6))
_WON: tuple[Rgb, ...] = ((203, 196, 226), (148, 130, 190), (84, 39, 136))
"""Steps away from zero, of ColorBrewer's PuOr (Brewer, Apache 2.0): told apart by colour-blind people and in grey."""


def differences() -> tuple[Rgb, ...]:
    """Three steps of less, from much to little, and three of more, from little to much."""
    less, more = _LOST, _WON
    if dark():
        less, more = ((122, 70, 20), (196, 110, 35), (250, 170, 90)), ((78, 62, 118), (129, 108, 184), (190, 172, 240))
    return (*less[::-1], *more)


def not_known() -> Rgb:
    """Grey."""
    return (92, 98, 102) if dark() else (188, 192, 194)


def none() -> Rgb:
    """White on white, with an outline; the background's own colour on black."""
    return (30, 36, 39) if dark() else (255, 255, 255)


def streets() -> Rgb:
    """Lines of the background."""
    return (74, 84, 88) if dark() else (203, 208, 210)


def ink() -> Rgb:
    """Text and outlines."""
    return (235, 240, 241) if dark() else (23, 33, 36)


def paper() -> Rgb:
    """What stands under text."""
    return (20, 25, 27) if dark() else (255, 255, 255)


def css(colour: Rgb) -> str:
    """As a style sheet writes it."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def shades(group: str, n: int) -> list[str]:
    """n shades of a group's hue, strong to soft."""
    first, last = (_GROUPS_DARK if dark() else _GROUPS)[group]
    a, b = (tuple(int(h[i : i + 2], 16) for i in (1, 3, 5)) for h in (first, last))
    mix = [i / max(1, n - 1) for i in range(n)]
    return [
        css((round(a[0] + (b[0] - a[0]) * t), round(a[1] + (b[1] - a[1]) * t), round(a[2] + (b[2] - a[2]) * t)))
        for t in mix
    ]
