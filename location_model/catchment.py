"""Where a shop's customers live: primary, secondary and tertiary catchment, and the neighbourhoods behind them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geodata.network.times import NO_WAY, TICKS_PER_MINUTE
from location_model.demand import ENOUGH_KNOWN, Flags, Market

Floats = npt.NDArray[np.float64]

PARTS = (("primary", 0.50), ("secondary", 0.75), ("tertiary", 0.90))
"""Shares of the turnover, as Flemish retail studies draw them."""


@dataclass(frozen=True, eq=False)
class Catchment:
    """A shop's turnover by neighbourhood, heaviest first.

    table: cell (H3), eur (a year), share (0–1), cumulative, minutes (median travel time), residents, part (primary,
    secondary, tertiary, or beyond). median_minutes: half of the turnover comes from nearer.
    """

    table: pd.DataFrame
    median_minutes: float
    in_study: float
    """Share of the turnover from the municipality itself, 0–1; NaN where too little of the region is known."""

    def as_json(self) -> dict[str, Any]:
        """The three parts with what lies in them."""
        parts = {}
        for name, _ in PARTS:
            rows = self.table[self.table["part"] == name]
            parts[name] = {"cells": rows["cell"].tolist(), "eur": round(float(rows["eur"].sum()))}
        return {
            **parts,
            "median_minutes": round(self.median_minutes, 1),
            "from_municipality": None if np.isnan(self.in_study) else round(self.in_study, 3),
        }


def catchment(market: Market, shop: int, opened: Flags | None = None) -> Catchment:
    """The catchment of a shop in the middle of all assumptions; a candidate as if it were open."""
    opened = market.opened if opened is None else opened
    with_it = opened.copy()
    with_it[shop] = True
    eur = market.world().by_home(shop, with_it)
    minutes = market.ticks[:, shop].astype(np.float64) / TICKS_PER_MINUTE
    homes = market.region.homes.assign(eur=eur, minutes=np.where(market.ticks[:, shop] == NO_WAY, np.nan, minutes))
    homes["cell"] = cells_of(market)
    homes = homes[homes["eur"] > 0]
    by_cell = homes.groupby("cell")
    table = pd.DataFrame({
        "eur": by_cell["eur"].sum(), "minutes": by_cell["minutes"].median(), "residents": by_cell["residents"].sum()
    })  # fmt: skip
    table = table.sort_values(["eur"], ascending=False, kind="stable").reset_index()
    whole = float(table["eur"].sum())
    table["share"] = table["eur"] / whole
    table["cumulative"] = table["share"].cumsum()
    begun = table["cumulative"] - table["share"]
    table["part"] = "beyond"
    for name, share in reversed(PARTS):
        table.loc[begun < share, "part"] = name
    near = homes.sort_values("minutes", kind="stable")
    half = int(np.searchsorted(near["eur"].cumsum().to_numpy(), whole / 2))
    told = whole > 0 and market.region.known >= ENOUGH_KNOWN
    return Catchment(
        table,
        float(near["minutes"].iloc[min(half, len(near) - 1)]) if len(near) else float("nan"),
        float(homes.loc[homes["in_study"], "eur"].sum() / whole) if told else float("nan"),
    )


def cells_of(market: Market) -> list[str]:
    """The neighbourhood of every home of the market's region."""
    return market.region.neighbourhoods
