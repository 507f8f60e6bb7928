"""An invented group of twelve bakeries under their own names: floor area, rent, and turnover by a recipe of its own.

The recipe shares no code and no parameter with the score: homes as the crow flies, passers-by by kind of street, a
share lost to each bakery near, and what only the baker can explain as noise.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.random import Generator

from geodata.sample.premises import rows_of
from geodata.sample.projection import to_degrees
from geodata.sample.region import Floats
from geodata.sample.town import Town

SHOPS = {
    "testerep-stad": 4, "testerep-bad": 2, "sluiskerke": 2, "harendijke": 2, "testerep-dorp": 1, "wulpenhoek": 1,
}  # fmt: skip
_PASSERS = {"main": 130, "square": 110, "station": 110, "seaside": 90, "side": 60, "ribbon": 40}
"""Customers a day from the street by its kind; 20 elsewhere."""
RENT_EUR_PER_M2 = {"main": 420, "square": 360, "station": 320, "seaside": 300, "side": 220, "ribbon": 150}
OTHER_RENT_EUR_PER_M2 = 120
"""€ a m² a year by kind of street, and elsewhere."""
_HOMES_M, _RIVALS_M = 450.0, 260.0
_OPEN_DAYS, _TICKET_EUR = 305, 6.8
_BAKER, _LEASE = 0.12, 0.1
"""What the place does not explain (standard deviations of a logarithm)."""


def write_bakery_group(path: Path, town: Town, rng: Generator) -> pd.DataFrame:
    """The list as a retailer keeps it: Dutch headers, amounts with dots and commas; two shops by address alone.

    Returns the shops: rows of `town.units` with their id (`shop`) and `turnover` in € a year.
    """
    units = _choose(town.units, rng)
    turnover = _turnover(town, units) * rng.lognormal(0, _BAKER, len(units))
    per_m2 = units["mix"].map(RENT_EUR_PER_M2).fillna(OTHER_RENT_EUR_PER_M2)
    rent = (per_m2 * units["floor_area_m2"]).to_numpy() * rng.lognormal(0, _LEASE, len(units))
    by_id = {m.id: m for m in town.region.municipalities}
    degrees = to_degrees(units[["x", "y"]].to_numpy()).round(6)
    rows = []
    for i, unit in enumerate(rows_of(units)):
        m = by_id[unit.owner]
        lon, lat = ("", "") if i in (1, 6) else (str(x).replace(".", ",") for x in degrees[i])
        rows.append(
            (
                f"B{i + 1}", unit.front, "Bakkerij", unit.street, unit.number, m.postcode, m.name,
                round(unit.floor_area_m2), _euro(turnover[i]), _euro(rent[i]), lon, lat,
            )
        )  # fmt: skip
    columns = [
        "Winkelnummer", "Naam", "Branche", "Straat", "Huisnummer", "Postcode", "Gemeente", "WVO (m²)", "Omzet per jaar",
        "Huur per jaar", "Lengtegraad", "Breedtegraad",
    ]  # fmt: skip
    pd.DataFrame(rows, columns=columns).to_csv(path, sep=";", index=False, lineterminator="\r\n", encoding="utf-8-sig")
    return units.assign(shop=[f"B{i + 1}" for i in range(len(units))], turnover=turnover)


def _choose(units: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """Bakeries of each municipality that stand alone, as many as there are."""
    free = units[(units["branch"] == "bakery") & (units["own"] == 0) & (units["vacant"] == "") & (units["brand"] == "")]
    free = free[free["floor_area_m2"] < 200]
    rows: list[int] = []
    for owner, count in SHOPS.items():
        there = free.index[free["owner"] == owner].to_numpy()
        rows += sorted(rng.choice(there, min(count, len(there)), replace=False).tolist())
    return units.loc[rows]


def _turnover(town: Town, shops: pd.DataFrame) -> Floats:
    """€ a year that the place of each shop would bring an average baker."""
    others = town.units[(town.units["branch"] == "bakery") & (town.units["vacant"] == "")]
    homes = np.exp(-_apart(shops, town.buildings) / _HOMES_M) @ town.homes
    rivals = np.exp(-_apart(shops, others) / _RIVALS_M).sum(axis=1) - 1
    customers = (0.07 * homes + shops["mix"].map(_PASSERS).fillna(20).to_numpy()) / (1 + 0.12 * rivals)
    return np.asarray(customers * _OPEN_DAYS * _TICKET_EUR)


def _apart(these: pd.DataFrame, those: pd.DataFrame) -> Floats:
    """Metres between all pairs, as the crow flies."""
    gap = these[["x", "y"]].to_numpy()[:, None] - those[["x", "y"]].to_numpy()[None]
    return np.asarray(np.hypot(gap[..., 0], gap[..., 1]))


def _euro(amount: float) -> str:
    """1.250.000,00"""
    return f"{round(amount, -2):,.2f}".translate(str.maketrans(",.", ".,"))
