"""An invented chain of six bakeries on the map."""

import pandas as pd

BRAND = "Krokant"
_PLAN = (
    ("testerep-stad", "main"),
    ("testerep-stad", "station"),
    ("testerep-stad", "local"),
    ("testerep-bad", "seaside"),
    ("sluiskerke", "side"),
    ("harendijke", "ribbon"),
)
"""Municipality and kind of street of each shop."""


def settle(units: pd.DataFrame) -> pd.DataFrame:
    """The units with the chain's six bakeries among them, marked in `own` by shop number (0 elsewhere)."""
    units = units.assign(own=0)
    units.loc[units["brand"] == BRAND, ["front", "brand"]] = "De Korenaar", ""
    for number, (owner, mix) in enumerate(_PLAN, start=1):
        alone = ~units["branch"].duplicated(keep=False)
        free = units[(units["owner"] == owner) & (units["own"] == 0) & (units["vacant"] == "") & ~alone]
        fit = free[free["mix"] == mix] if (free["mix"] == mix).any() else free
        best = fit[fit["branch"] == "bakery"] if (fit["branch"] == "bakery").any() else fit
        row = best.index[len(best) // 2]
        units.loc[row, ["branch", "key", "value", "surveyed"]] = "bakery", "shop", "bakery", "Brood & banket"
        units.loc[row, ["front", "brand", "own", "hours"]] = BRAND, BRAND, number, "Mo,We-Su 06:30-18:00"
    return units
