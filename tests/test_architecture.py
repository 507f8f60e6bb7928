"""The house stands as designed: imports go one way, files stay small, the repository speaks of the product."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("geodata", "location_model")
LONGEST_FILE = 300


def own_files(*patterns: str) -> list[Path]:
    """Files of the repository, those not yet committed included, ignored ones not."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return sorted(path for name in set(names.split("\0")) if name and (path := ROOT / name).is_file())


def imported(path: Path) -> set[str]:
    """Top-level names that a module imports, inside functions too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def importers(module: str) -> set[str]:
    """Files outside tests and benchmarks that import a module."""
    product = own_files("*.py", ":!tests", ":!benchmarks")
    return {path.relative_to(ROOT).as_posix() for path in product if module in imported(path)}


def test_the_import_contracts_hold(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    assert lint_imports(no_cache=True, no_logo=True) == 0, capsys.readouterr().out


@pytest.mark.parametrize("module", ["streamlit", "pydeck"])
def test_only_the_app_draws(module: str) -> None:
    assert {name for name in importers(module) if name != "app.py" and not name.startswith("pages/")} == set()


def test_only_hexgrid_knows_h3() -> None:
    assert importers("h3") == {"geodata/hexgrid.py"}


def test_files_hold_one_idea() -> None:
    patterns = [f"{folder}/*.py" for folder in (*PACKAGES, "pages")]
    lengths = {p.relative_to(ROOT).as_posix(): len(p.read_text("utf-8").splitlines()) for p in own_files(*patterns)}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


# Written so that this file does not contain what it looks for.
FOREIGN = re.compile(
    r"/wor[k]/|/tmp/ven[v]|/roo[t]/|/hom[e]/\w|pyp[i]\.org|pythonhoste[d]|registry[.]npmj[s]|deb[.]debia[n]"
    r"|\b(?:Claud[e]|ChatGP[T]|LL[M])\b",
    re.IGNORECASE,
)


def test_the_repository_speaks_of_the_product_alone() -> None:
    found = []
    for path in own_files():
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:  # a picture
            continue
        found += [
            f"{path.relative_to(ROOT)}:{n}: {line[:100]}" for n, line in enumerate(lines, 1) if FOREIGN.search(line)
        ]
    assert found == []


def test_nothing_large_is_committed() -> None:
    assert {p.relative_to(ROOT).as_posix() for p in own_files() if p.stat().st_size > 1_500_000} == set()


def test_requirements_are_exact() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = [line.partition("#")[0].strip() for line in (ROOT / name).read_text("utf-8").splitlines()]
        loose = [
            line for line in lines if line and not line.startswith("-r ") and not re.fullmatch(r"[\w-]+==[\w.]+", line)
        ]
        assert loose == [], name


def test_above_geodata_layers_come_from_one_register() -> None:
    """Branch suitability is missing from the register of geodata, which does not know the model."""
    asks = re.compile(r"^from geodata\.layers import .*\b(all_layers|layer_named)\b", re.MULTILINE)
    product = own_files("location_model/*.py", "pages/*.py", "app.py")
    assert [p.name for p in product if asks.search(p.read_text("utf-8"))] == []
