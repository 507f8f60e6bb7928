"""Counters: where they hang, on which days they counted, and what they saw of the simulated walkers."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from numpy.random import Generator

from geodata.sample.projection import to_degrees
from geodata.sample.region import MARKET, Floats, Point
from geodata.sample.town import Town
from geodata.sample.walkers import Flows

HOURS = range(8, 21)
STAD_DAYS: tuple[tuple[date, str, str, float], ...] = (
    (date(2025, 3, 11), "weekday", "gewone dag", 0.97),
    (date(2025, 3, 12), "market", "marktdag", 1.0),
    (date(2025, 3, 14), "weekday", "gewone dag", 1.12),
    (date(2025, 3, 15), "saturday", "gewone dag", 1.0),
    (date(2025, 3, 16), "sunday", "gewone dag", 1.0),
    (date(2025, 5, 1), "sunday", "feestdag", 1.25),
    (date(2025, 6, 14), "saturday", "evenement", 1.7),
    (date(2025, 10, 7), "weekday", "gewone dag", 1.02),
    (date(2025, 10, 8), "market", "marktdag", 0.94),
    (date(2025, 10, 11), "saturday", "gewone dag", 1.05),
)
"""Date, the kind of day that was simulated, what the list calls it, and the weather or crowd of that day (ratio)."""
RESORT_DAYS: tuple[tuple[date, str, str, float], ...] = (
    (date(2025, 2, 11), "weekday", "gewone dag", 0.55),
    (date(2025, 2, 15), "saturday", "gewone dag", 0.7),
    (date(2025, 7, 15), "weekday", "gewone dag", 3.0),
    (date(2025, 7, 19), "saturday", "gewone dag", 3.2),
    (date(2025, 7, 21), "sunday", "feestdag", 7.5),
)
STAD_COUNTERS: tuple[tuple[str, str, float], ...] = (
    ("Brug", "Brugstraat", 0.8),
    ("Laadkaai", "@quay", 0.0),
    ("Grote Markt zuid", "Grote Markt", 0.75),
    ("Lange Schipstraat (midden)", "Lange Schipstraat", 0.4),
)
"""Beside those hung in the streets of the centre, drawn by lot: busy and quiet ones, as the streets of a centre are."""

DRAWN, CENTRE_M, APART_M = 28, 400.0, 45.0
RESORT_COUNTERS: tuple[tuple[str, str, float], ...] = (
    ("Zeedijk west", "Zeedijk", 0.25), ("Zeedijk Kursaal", "Zeedijk", 0.5), ("Zeedijk oost", "Zeedijk", 0.72),
    ("Zeelaan strand", "Zeelaan", 0.85), ("Zeelaan dorp", "Zeelaan", 0.2), ("Koninklijke Baan",
        "Koninklijke Baan", 0.47),
)  # fmt: skip
_QUAY: Point = (1330.0, -330.0)


def write_counts(path: Path, town: Town, flows: tuple[Flows, Flows], rng: Generator) -> None:
    """Hourly counts as a semicolon-separated file with decimal commas; a few counters failed for some hours."""
    lots, *streams = rng.spawn(3)
    hung = [
        [(name, _edge(town, flow, street, share)) for name, street, share in counters]
        for flow, counters in zip(flows, (STAD_COUNTERS, RESORT_COUNTERS), strict=True)
    ]
    hung[0] += _by_lot(town, flows[0], lots)
    frames = [
        _count(flow, counters, days, stream)
        for flow, counters, days, stream in zip(flows, hung, (STAD_DAYS, RESORT_DAYS), streams, strict=True)
    ]
    pd.concat(frames).to_csv(path, sep=";", decimal=",", index=False, encoding="utf-8-sig", lineterminator="\r\n")


def _by_lot(town: Town, flow: Flows, rng: Generator) -> list[tuple[str, int]]:
    """Named streets within 400 m of the market, 45 m apart at least."""
    middles = _middles(flow)
    lines = [s for s in town.streets if s.name and s.tags["in"] == "testerep-stad"]
    tree = shapely.STRtree([shapely.LineString(s.line) for s in lines])
    near = np.flatnonzero(np.hypot(*(middles - MARKET).T) < CENTRE_M)
    chosen: list[int] = []
    hung: list[tuple[str, int]] = []
    for edge in rng.permutation(near).tolist():
        here = shapely.Point(middles[edge])
        street = lines[int(tree.nearest(here))]
        apart = all(np.hypot(*(middles[edge] - middles[other])) >= APART_M for other in chosen)
        if len(hung) < DRAWN and apart and here.distance(shapely.LineString(street.line)) < 1.0:
            chosen.append(edge)
            number = 1 + sum(name.startswith(f"{street.name} (") for name, _ in hung)
            hung.append((f"{street.name} ({number})", edge))
    return hung


def _middles(flow: Flows) -> Floats:
    return np.asarray((flow.graph.nodes[flow.graph.a] + flow.graph.nodes[flow.graph.b]) / 2)


def _count(
    flow: Flows, counters: list[tuple[str, int]], days: tuple[tuple[date, str, str, float], ...], rng: Generator
) -> pd.DataFrame:
    middles = _middles(flow)
    rows = []
    for name, edge in counters:
        lon, lat = to_degrees(middles[edge : edge + 1] + rng.normal(0, 1.2, 2))[0].tolist()
        bias = rng.normal(1.0, 0.06)
        for day, kind, label, crowd in days:
            swing, broken = rng.lognormal(0, 0.07), rng.random() < 0.02
            for hour in HOURS:
                expected = flow.by_day[kind][edge, hour] * crowd * bias * swing * rng.lognormal(0, 0.1)
                seen = int(rng.poisson(max(0.4, expected)))
                if not (broken and hour > 13):
                    rows.append(
                        (name, lat, lon, f"{day:%d/%m/%Y}", f"{hour:02d}:00", f"{hour + 1:02d}:00", seen, label)
                    )
    columns = ["Teller", "Breedtegraad", "Lengtegraad", "Datum", "Van", "Tot", "Voetgangers", "Soort dag"]
    return pd.DataFrame(rows, columns=columns)


def _edge(town: Town, flow: Flows, street: str, share: float) -> int:
    """The edge a share of the way along a street (or nearest to the quay that hides an attractor)."""
    middles = _middles(flow)
    if street == "@quay":
        return int(np.argmin(np.hypot(*(middles - _QUAY).T)))
    lines = [s for s in town.streets if s.name == street and (s.tags["in"] in ("testerep-stad", "testerep-bad"))]
    path = np.vstack([s.line for s in lines])
    goal = path[int(share * (len(path) - 1))]
    return int(np.argmin(np.hypot(*(middles - goal).T)))
