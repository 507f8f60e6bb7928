"""What all tests share: real data when it is there, and an honest word when it is not."""

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[1].parent / "shared" / "data"
REQUIRED = set(filter(None, os.environ.get("KERNWIJZER_REQUIRE", "").split(",")))


def skip_without(what: str, why: str) -> None:
    """Skip a test, saying why; fail instead when `KERNWIJZER_REQUIRE` names what is missing."""
    if what in REQUIRED:
        pytest.fail(f"{what} is required here, but {why}")
    pytest.skip(why)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with real towns beside the project."""
    if not SHARED.is_dir():
        skip_without("shared", "the folder ../shared/data with real towns is not there")
    return SHARED
