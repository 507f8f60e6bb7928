"""A layer is one file: dropped in, it is built, weighed and listed without another edit."""

import json
import os
import subprocess
import sys
from pathlib import Path

from towns import squareville

BENCHES = """
import pandas as pd

from geodata.language import T
from geodata.layers.base import Context, Layer
from geodata.network.reach import Need

_NEED = Need("amenity:bench", 400.0)


def benches(ctx: Context) -> pd.Series:
    known = (ctx.tables.amenities["kind"] == "bench").any()
    return ctx.sum_of(_NEED) if known else ctx.sum_of(_NEED) * float("nan")


LAYER = Layer(
    name="benches_within_5_min",
    group="access",
    title=T("Benches"),
    unit=T("benches within 5 minutes' walk"),
    phrase=T("{value} benches within 5 minutes' walk"),
    method=T("Benches within 400 m along streets, as mapped."),
    compute=benches,
    needs=lambda branches: (_NEED,),
    worth=((0, 0.0), (10, 1.0)),
)
"""

WITH_IT = """
import sys
import geodata.layers
geodata.layers.__path__.append(sys.argv.pop(1))
from location_model.__main__ import main
main()
"""


def run(folder: Path, *words: object) -> object:
    ended = subprocess.run(
        [sys.executable, "-c", WITH_IT, str(folder), *map(str, words), "--json"],
        capture_output=True, text=True, check=True, env=os.environ | {"KERNWIJZER_LANGUAGE": "en"},
    )  # fmt: skip
    return json.loads(ended.stdout)


def test_benches_dropped_in_are_counted_weighed_and_listed(tmp_path: Path) -> None:
    folder = tmp_path / "layers"
    folder.mkdir()
    (folder / "benches.py").write_text(BENCHES, "utf-8")
    osm = squareville(8).write(tmp_path / "town.osm.pbf")
    run(folder, "build", "Town", "--osm", osm, "--data", tmp_path)
    asked = ("suggest", "Town", "--branch", "bakery", "--within", "all", "--n", 1, "--data", tmp_path)
    [site] = run(folder, *asked)["sites"]
    assert site["contributions"]["benches_within_5_min"] == 0.0  # known, and of no weight until somebody gives it one
    assert "benches_within_5_min" in [layer["name"] for layer in run(folder, "layers")]
