"""An invented retailer with six bakeries: own shops, daily sales of fourteen months, customers by postcode."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.random import Generator

from geodata.sample.mainland import CITY, TOWN
from geodata.sample.premises import rows_of
from geodata.sample.projection import to_degrees
from geodata.sample.timetable import HOLIDAYS
from geodata.sample.town import Town

BRAND = "Krokant"
FIRST_DAY, DAYS = date(2024, 1, 1), 425
_PLAN = (
    ("testerep-stad", "main", 1.5),
    ("testerep-stad", "station", 1.05),
    ("testerep-stad", "local", 0.7),
    ("testerep-bad", "seaside", 1.1),
    ("sluiskerke", "side", 0.75),
    ("harendijke", "ribbon", 0.85),
)
"""Municipality, kind of street and size of each shop's turnover (ratio)."""


def settle(units: pd.DataFrame) -> pd.DataFrame:
    """The units with the retailer's six bakeries among them, marked in `own` by shop number (0 elsewhere)."""
    units = units.assign(own=0)
    units.loc[units["brand"] == BRAND, ["front", "brand"]] = "De Korenaar", ""
    for number, (owner, mix, _) in enumerate(_PLAN, start=1):
        alone = ~units["branch"].duplicated(keep=False)
        free = units[(units["owner"] == owner) & (units["own"] == 0) & (units["vacant"] == "") & ~alone]
        fit = free[free["mix"] == mix] if (free["mix"] == mix).any() else free
        best = fit[fit["branch"] == "bakery"] if (fit["branch"] == "bakery").any() else fit
        row = best.index[len(best) // 2]
        units.loc[row, ["branch", "key", "value", "surveyed"]] = "bakery", "shop", "bakery", "Brood & banket"
        units.loc[row, ["front", "brand", "own", "hours"]] = BRAND, BRAND, number, "Mo,We-Su 06:30-18:00"
    return units


def write_retailer(shops: Path, sales: Path, customers: Path, town: Town, rng: Generator) -> None:
    """The three files of the retailer; customers are counts, small numbers included."""
    units = town.units[town.units["own"] > 0].sort_values("own")
    by_id = {m.id: m for m in town.region.municipalities}
    degrees = to_degrees(units[["x", "y"]].to_numpy()).tolist()
    rows = []
    for unit, (lon, lat) in zip(rows_of(units), degrees, strict=True):
        m = by_id[unit.owner]
        name = f"{BRAND} {m.name}" + (f" {unit.street}" if unit.owner == "testerep-stad" else "")
        rows.append(
            (f"W{unit.own}", name, unit.street, unit.number, m.postcode, m.name, "bakery", unit.floor_area_m2, lat, lon)
        )
    columns = ["winkel_id", "naam", "straat", "huisnummer", "postcode", "gemeente", "branche", "wvo_m2", "lat", "lon"]
    pd.DataFrame(rows, columns=columns).to_csv(shops, sep=";", decimal=",", index=False, lineterminator="\n")
    _sales(rng).to_csv(sales, sep=";", decimal=",", index=False, lineterminator="\n")
    _customers(town, units).to_csv(customers, sep=";", index=False, lineterminator="\n")


def _sales(rng: Generator) -> pd.DataFrame:
    """Turnover and tickets a day; closed on Tuesdays and some holidays, more by the sea in summer, growing."""
    week = np.array([0.92, 0.0, 1.0, 0.95, 1.08, 1.42, 1.2])
    rows = []
    for i, (owner, _, size) in enumerate(_PLAN):
        stream = rng.spawn(1)[0]
        for n in range(DAYS):
            day = FIRST_DAY + timedelta(days=n)
            factor = week[day.weekday()] * size * (1 + 0.03 * n / 365)
            if (day.month, day.day) in ((1, 1), (12, 25)) or factor == 0:
                continue
            if day in HOLIDAYS:
                factor *= 1.15
            if owner == "testerep-bad":
                factor *= 0.55 + 1.6 * np.exp(-(((day.timetuple().tm_yday - 206) / 38) ** 2))
            if i == 2 and day >= date(2024, 9, 2):
                factor *= 0.82
            tickets = int(stream.poisson(max(1.0, 255 * factor * stream.lognormal(0, 0.09))))
            rows.append((f"W{i + 1}", f"{day:%d/%m/%Y}", round(tickets * stream.normal(6.9, 0.35), 2), tickets))
    return pd.DataFrame(rows, columns=["winkel_id", "datum", "omzet_eur", "tickets"])


def _customers(town: Town, units: pd.DataFrame) -> pd.DataFrame:
    """Customers with a loyalty card per shop and postcode; fewer from farther, some from across the water."""
    centre = {s.municipality: np.array(s.centre) for s in reversed(town.region.settlements)}
    rows = []
    for i, unit in enumerate(rows_of(units)):
        for m in town.region.municipalities:
            away = float(np.hypot(*(centre[m.id] - np.array([unit.x, unit.y]))))
            rows.append((f"W{i + 1}", m.postcode, round(0.035 * m.residents * np.exp(-away / 1900))))
        rows += [
            (f"W{i + 1}", CITY.postcode, (31, 44, 2, 58, 1, 26)[i]),
            (f"W{i + 1}", TOWN.postcode, (4, 3, 0, 9, 0, 6)[i]),
        ]
    return pd.DataFrame([r for r in rows if r[2] > 0], columns=["winkel_id", "postcode", "klanten"])
