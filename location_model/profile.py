"""What a branch looks for: criteria with weights and value functions, and hard limits."""

import json
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import TypeAdapter, ValidationError

from geodata.errors import GeodataError
from geodata.language import T

Within = Literal["core", "retail", "all"]
FLOOR_AREA, RENT = "floor_area_m2", "rent_eur_per_year"
"""Columns of units on which a bound can be set."""
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
MOST_POINTS = 6
LONGEST_DRIVE_MINUTES = 240


@dataclass(frozen=True)
class ValueFunction:
    """From a layer's own unit to 0–1: straight lines between breakpoints, flat outside them.

    Breakpoints are in the layer's unit and never fitted per town, so that two towns compare.
    """

    points: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        xs = [x for x, _ in self.points]
        if not 2 <= len(xs) <= MOST_POINTS or xs != sorted(set(xs)) or any(not 0 <= v <= 1 for _, v in self.points):
            raise GeodataError(
                T("a value function needs 2 to 6 rising breakpoints with values from 0 to 1."),
                where=str(self.points),
                remedy=T("Give the breakpoints in rising order."),
            )

    @property
    def kind(self) -> Literal["more", "less", "optimum"]:
        """Whether more is better, less is better, or something between."""
        values = [v for _, v in self.points]
        if values == sorted(values):
            return "more"
        return "less" if values == sorted(values, reverse=True) else "optimum"


def more(none: float, full: float) -> ValueFunction:
    """More is better: 0 at `none`, 1 from `full` on."""
    return ValueFunction(((none, 0.0), (full, 1.0)))


def less(full: float, none: float) -> ValueFunction:
    """Less is better: 1 up to `full`, 0 from `none` on."""
    return ValueFunction(((full, 1.0), (none, 0.0)))


def optimum(none: float, low: float, high: float, much: float, left: float = 0.3) -> ValueFunction:
    """Best between `low` and `high`; 0.0–0.5 at `none`, `left` from `much` on."""
    return ValueFunction(((none, 0.3), (low, 1.0), (high, 1.0), (much, left)))


@dataclass(frozen=True)
class Criterion:
    """A layer, how much it weighs, and what its values are worth."""

    layer: str
    weight: float
    value: ValueFunction


@dataclass(frozen=True)
class Bound:
    """Between what a figure of a unit lies, None = open; a unit of which it is not known stays, unless `known_only`."""

    column: str
    low: float | None
    high: float | None
    known_only: bool

    @property
    def asked(self) -> bool:
        """Whether anything is asked of the figure."""
        return self.low is not None or self.high is not None or self.known_only

    def allows(self, values: Floats) -> Flags:
        """Which values lie within it; those that are not known do, whether they are to be left out or not."""
        low, high = (-np.inf if self.low is None else self.low), (np.inf if self.high is None else self.high)
        return np.isnan(values) | ((values >= low) & (values <= high))


@dataclass(frozen=True)
class Limits:
    """What a site must have. Floor areas in m²; own shops as (lng, lat), kept apart as the crow flies.

    A unit of unknown floor area or rent stays, unless `known_floor_area_only`, `known_rent_only`. depot: the retailer's
    atelier or depot (lng, lat), from which a site lies at most `max_drive_minutes` by car, parking not counted; both or
    neither. GeodataError for a smallest floor area above the largest, for a depot without minutes or minutes without a
    depot, and for one that lies nowhere on earth.
    """

    within: Within = "core"
    min_floor_area_m2: float | None = None
    max_floor_area_m2: float | None = None
    known_floor_area_only: bool = False
    own_shops: tuple[tuple[float, float], ...] = ()
    min_own_distance_m: float = 0.0
    depot: tuple[float, float] | None = None
    max_drive_minutes: float | None = None
    max_rent_eur_per_year: float | None = None
    known_rent_only: bool = False

    @property
    def bounds(self) -> tuple[Bound, ...]:
        """What is asked of figures of a unit, by column of `candidates.vacant_units`."""
        return (
            Bound(FLOOR_AREA, self.min_floor_area_m2, self.max_floor_area_m2, self.known_floor_area_only),
            Bound(RENT, None, self.max_rent_eur_per_year, self.known_rent_only),
        )

    def __post_init__(self) -> None:
        self._check_drive()
        low, high = self.min_floor_area_m2, self.max_floor_area_m2
        if low is not None and high is not None and low > high:
            raise GeodataError(
                T("the smallest floor area, {low} m², is above the largest, {high} m².", low=low, high=high),
                remedy=T("Make the smallest floor area smaller, or the largest larger."),
            )

    def _check_drive(self) -> None:
        if (self.depot is None) != (self.max_drive_minutes is None):
            raise GeodataError(
                T("a drive needs both: where it starts, and how many minutes it may take."),
                remedy=T("Give the atelier or depot and the minutes, or neither."),
            )
        if self.depot is not None and not (-180 <= self.depot[0] <= 180 and -90 <= self.depot[1] <= 90):
            raise GeodataError(
                T("there is no such place on earth: {lng}, {lat}.", lng=str(self.depot[0]), lat=str(self.depot[1])),
                remedy=T("Give the longitude first, then the latitude, in degrees."),
            )
        if self.max_drive_minutes is not None and not 0 < self.max_drive_minutes <= LONGEST_DRIVE_MINUTES:
            raise GeodataError(
                T("a drive of {minutes} minutes cannot be a limit.", minutes=self.max_drive_minutes),
                remedy=T("Give more than 0 and at most {most} minutes.", most=LONGEST_DRIVE_MINUTES),
            )


@dataclass(frozen=True)
class ScoringProfile:
    """Branch, criteria, hard limits and the hours that matter (OSM notation, as `hours.read_hours` reads it)."""

    branch: str
    criteria: tuple[Criterion, ...]
    limits: Limits = Limits()
    hours: str = ""

    def with_weights(self, weights: dict[str, float]) -> "ScoringProfile":
        """The same profile, other weights for the layers named. GeodataError for an unknown layer, a weight below 0."""
        unknown = set(weights) - {c.layer for c in self.criteria}
        if unknown or any(not w >= 0 for w in weights.values()):
            raise GeodataError(
                T("these weights cannot be used: {names}.", names=", ".join(sorted(unknown or weights))),
                remedy=T("Weights are 0 or more, for the layers of the profile."),
            )
        return replace(self, criteria=tuple(replace(c, weight=weights.get(c.layer, c.weight)) for c in self.criteria))


_ADAPTER = TypeAdapter(ScoringProfile)


def profile_as_json(profile: ScoringProfile) -> dict[str, Any]:
    """The profile in the types of JSON; `profile_from_json` makes an equal one of it."""
    document: dict[str, Any] = _ADAPTER.dump_python(profile, mode="json")
    return document


def profile_from_json(document: object, *, where: str = "") -> ScoringProfile:
    """A profile from what `profile_as_json` gave. GeodataError, naming the field, for anything else."""
    try:
        return _ADAPTER.validate_json(json.dumps(document), strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise GeodataError(
            T("this is not a profile: {field} is missing or wrong.", field=".".join(map(str, first["loc"])) or "–"),
            where=where,
            remedy=T("Make the profile again and save it."),
        ) from error
