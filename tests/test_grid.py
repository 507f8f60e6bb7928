"""The grid at coarser resolutions."""

import numpy as np
import pandas as pd

from geodata import hexgrid
from geodata.grid import to_parents


def family() -> tuple[str, list[str]]:
    parent = hexgrid.cells_at([3.9], [51.05], 10)[0]
    return parent, [c for c in hexgrid.cells_within(hexgrid.polygons([parent])[0].buffer(0.01), 11)
                    if hexgrid.parents([c], 10) == [parent]]  # fmt: skip


def test_a_parent_takes_each_layer_by_its_rule_over_what_is_known() -> None:
    parent, children = family()
    assert len(children) == 7
    values = np.arange(7, dtype=np.float32)
    values[6] = np.nan
    grid = pd.DataFrame({"sum": values, "mean": values, "max": values, "none": np.nan}, index=children)
    up = to_parents(grid, {"sum": "sum", "mean": "mean", "max": "max", "none": "mean"}, 10).loc[parent]
    surface = hexgrid.areas_m2(children[:6])
    assert up["sum"] == 15 and up["max"] == 5
    assert up["mean"] == np.float32((values[:6] * surface).sum() / surface.sum())
    assert np.isnan(up["none"])


def test_a_cell_has_its_own_surface() -> None:
    """About 1,840 m² in Flanders, 18 % less than the average hexagon of the globe (2,150 m²)."""
    _, children = family()
    surface = hexgrid.areas_m2(children)
    assert surface.std() > 0 and 1_700 < surface.mean() < 1_950
