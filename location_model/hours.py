"""The hours that matter to a branch, and which share of the passers-by they hold."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from geodata.count_profile import Profile, count_profile
from geodata.errors import GeodataError
from geodata.language import T, Text
from geodata.store import Area

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_KINDS = ("workday",) * 5 + ("saturday", "sunday")
_DAY = rf"(?:{'|'.join(DAYS)})"
_WEEKS = (
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
    ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
)
"""A day is known by its first two letters. `ma` and `di` are Dutch, unless another day beside them is only French."""
_TO = re.compile(r"(?i)\s*(?:[-–]|\bt/m\b|\btot\b)\s*")
_HOUR = re.compile(r"(?i)\b(\d{1,2})\s?(?:uur|u|h)(\d{2})?(?!\w)")
_NAME = re.compile(r"([^\W\d_]+)\.?")
_CLOCK = r"(\d{1,2}):(\d{2})"
_RULE = re.compile(rf"({_DAY}(?:-{_DAY})?(?:\s*,\s*{_DAY}(?:-{_DAY})?)*)\s+(.+)")
_SPAN = re.compile(rf"{_CLOCK}\s*-\s*{_CLOCK}")


@dataclass(frozen=True)
class Span:
    """Hours of a weekday (0 = Monday); minutes as fractions of an hour, end after begin."""

    day: int
    begin: float
    end: float


@dataclass(frozen=True)
class HoursShare:
    """Share of the passers-by on the days named that come in the hours named, 0–1.

    counted: whether counters of the area say how its days go; else the default profile does.
    """

    hours: str
    share: float
    counted: bool
    basis: Text

    @property
    def note(self) -> Text:
        """In a sentence, where it comes from included."""
        return T(
            "In the hours that matter ({hours}) come {share} % of the passers-by of those days; {basis}.",
            hours=self.hours,
            share=float(round(100 * self.share, 1)),
            basis=self.basis,
        )


def read_hours(text: str) -> tuple[Span, ...]:
    """Weekly hours in OpenStreetMap's notation, as `Mo-Fr 06:00-09:00; Su 07:00-12:00`.

    Days Mo … Su, ranges and lists of them; one or more spans a day. Of an hour named twice it counts once. Also as
    people write them: `ma-vr 6u-9u30`, `lu-ve 7h30-18h`. GeodataError for anything else: holidays, weeks of the month,
    hours past midnight.
    """
    found: list[Span] = []
    for typed, rule in zip(text.split(";"), _as_openstreetmap(text).split(";"), strict=True):
        if not typed.strip():
            continue
        parts = _RULE.fullmatch(rule.strip())
        if parts is None:
            raise _refused(typed.strip())
        for said in parts.group(2).split(","):
            clock = _SPAN.fullmatch(said.strip())
            if clock is None:
                raise _refused(typed.strip())
            h, m, to_h, to_m = map(int, clock.groups())
            begin, end = h + m / 60, to_h + to_m / 60
            if max(m, to_m) > 59 or not begin < end <= 24:
                raise _refused(typed.strip())
            found += [Span(day, begin, end) for day in _days(parts.group(1))]
    return _joined(found)


def share_in(profile: Profile, spans: Sequence[Span]) -> float:
    """Of the passers-by of the days named, the share that comes in these hours, 0–1; each day as busy as it is.

    GeodataError without any hours.
    """
    if not spans:
        raise GeodataError(T("no hours are named."), remedy=T("Write them as Mo-Fr 06:00-09:00; Su 07:00-12:00."))
    inside = sum(
        profile.weekdays[s.day] * profile.share(_KINDS[s.day], np.array([s.begin]), np.array([s.end]))[0] for s in spans
    )
    return float(inside / profile.weekdays[sorted({s.day for s in spans})].sum())


def hours_share(area: Area, hours: str) -> HoursShare | None:
    """The share in an area, by its counters as far as they tell; None where no hours matter."""
    spans = read_hours(hours)
    if not spans:
        return None
    profile = count_profile(area.tables.counts)
    kinds = {_KINDS[s.day] for s in spans}
    return HoursShare(hours, share_in(profile, spans), any(profile.days[k] > 0 for k in kinds), profile.basis)


def _as_openstreetmap(text: str) -> str:
    """Days named in English, Dutch or French, the first in which all of them are days; hours as 6u, 6u30 or 6h30."""
    text = _TO.sub("-", _HOUR.sub(lambda hour: f"{hour[1]}:{hour[2] or '00'}", text))
    names = {name.lower() for name in _NAME.findall(text) if len(name) > 1}
    for week in _WEEKS:
        known = {name: DAYS[at] for name in names for at, day in enumerate(week) if day.startswith(name)}
        if known.keys() == names:
            return _NAME.sub(partial(_day_of, known), text)
    return text


def _day_of(known: Mapping[str, str], name: re.Match[str]) -> str:
    return known.get(name[1].lower(), name[0])


def _days(text: str) -> list[int]:
    """Weekdays of `Mo-We,Fr`; a range may run past Sunday."""
    days = []
    for part in text.split(","):
        first, *last = (DAYS.index(day) for day in part.strip().split("-"))
        length = (last[0] - first) % 7 if last else 0
        days += [(first + k) % 7 for k in range(length + 1)]
    return days


def _joined(spans: list[Span]) -> tuple[Span, ...]:
    """By day and hour, spans that overlap as one."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.day, s.begin)):
        if joined and joined[-1].day == span.day and span.begin <= joined[-1].end:
            joined[-1] = Span(span.day, joined[-1].begin, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)


def _refused(rule: str) -> GeodataError:
    return GeodataError(
        T("these hours cannot be read: {hours}.", hours=rule),
        where="hours",
        remedy=T("Write them as Mo-Fr 06:00-09:00; Su 07:00-12:00."),
    )
