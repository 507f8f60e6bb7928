"""Testerep gives the same answers as when they were last looked at."""

import json
from pathlib import Path

import pytest
from golden.testerep import AREAS, HERE, figures

from geodata.store import Store


def flat(value: object, path: str = "") -> dict[str, object]:
    """Every leaf of nested figures by its path."""
    if isinstance(value, dict):
        return {k: v for key, below in value.items() for k, v in flat(below, f"{path}/{key}").items()}
    return {path: value}


@pytest.mark.slow
def test_testerep_comes_to_what_it_came_to(testerep_dir: Path) -> None:
    wanted = json.loads(HERE.read_text("utf-8"))
    found = {name: figures(Store(testerep_dir).open(name)) for name in AREAS}
    one, other = flat(found), flat(wanted)
    assert one.keys() == other.keys()
    changed = {k: (one[k], other[k]) for k in other if one[k] != pytest.approx(other[k], rel=1e-3, abs=0.11)}
    assert changed == {}
