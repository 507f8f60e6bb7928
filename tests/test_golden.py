"""Testerep gives the same answers as when they were last looked at."""

import json
from pathlib import Path

import pytest
from golden.testerep import HERE, build_two, figures


def flat(value: object, path: str = "") -> dict[str, object]:
    """Every leaf of nested figures by its path."""
    if isinstance(value, dict):
        return {k: v for key, below in value.items() for k, v in flat(below, f"{path}/{key}").items()}
    return {path: value}


@pytest.mark.slow
def test_testerep_comes_to_what_it_came_to(tmp_path: Path) -> None:
    wanted = json.loads(HERE.read_text("utf-8"))
    found = {area.name: figures(area) for area in build_two(tmp_path)}
    one, other = flat(found), flat(wanted)
    assert one.keys() == other.keys()
    changed = {k: (one[k], other[k]) for k in other if one[k] != pytest.approx(other[k], rel=1e-3, abs=0.11)}
    assert changed == {}
