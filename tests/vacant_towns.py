"""Towns that are nothing but premises: enough for models that look at premises alone."""

from types import SimpleNamespace
from typing import cast

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.store import Area
from geodata.tables import validate


def town(xy: np.ndarray, vacant: np.ndarray, **columns: object) -> Area:
    """A stand-in for a stored area with units at points (metres), vacant where told; other columns as given."""
    frame = pd.DataFrame(
        {
            "id": [f"node/{i}" for i in range(len(xy))],
            "state": np.where(vacant, "vacant", "occupied"),
            "source": "osm",
            **columns,
        }
    )
    points = gpd.points_from_xy(*np.asarray(xy, dtype=float).T, crs=3812)
    premises = validate("premises", gpd.GeoDataFrame(frame, geometry=points), where="paper")
    return cast(Area, SimpleNamespace(name="Papierstad", tables=SimpleNamespace(premises=premises)))


def quarters(rng: np.random.Generator, n: int = 400) -> np.ndarray:
    """Places of units: eight shopping streets of 300 m, 800 m apart."""
    street = rng.integers(8, size=n)
    along, aside = rng.uniform(0, 300, n), rng.normal(0, 8, n)
    return np.column_stack([800 * (street % 4) + along, 800 * (street // 4) + aside])
