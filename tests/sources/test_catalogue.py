"""The catalogue of sources, and the texts of all readers in Dutch."""

import ast
import importlib
import re
import string
from pathlib import Path

import pytest

import geodata.sources
from geodata.errors import GeodataError
from geodata.language import T
from geodata.sources.catalogue import SOURCES, source, sources_by_id

FOLDER = Path(geodata.sources.__file__ or "").parent


def test_ids_are_unique_and_found() -> None:
    assert len(sources_by_id()) == len(SOURCES)
    assert source("gtfs").option == "--gtfs"
    with pytest.raises(GeodataError, match="population_raster"):
        source("nothing")


@pytest.mark.parametrize("entry", SOURCES, ids=lambda entry: entry.id)
def test_each_source_says_what_a_user_needs(entry: object) -> None:
    assert entry in SOURCES
    for text in (entry.title, entry.note):  # type: ignore[attr-defined]
        assert text.to("en").strip() and text.to("nl") != text.to("en")
    address = entry.address  # type: ignore[attr-defined]
    assert address == "" or address.startswith("https://")


@pytest.mark.parametrize("module", ["gtfs", "premises_list", "vacancy_list", "address_list", "counts", "markets"])
def test_every_reader_names_a_source_of_the_catalogue(module: str) -> None:
    assert importlib.import_module(f"geodata.sources.{module}").SOURCE in sources_by_id()


def test_residents_name_a_source_of_the_catalogue() -> None:
    tree = ast.parse((FOLDER / "population.py").read_text())
    readings = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and getattr(n.func, "id", "") == "Reading"]
    named = {n.args[1].value for n in readings if isinstance(n.args[1], ast.Constant)}
    assert named == {"population_raster", "population_polygons", "residents_given", "osm"}
    assert named <= sources_by_id().keys()


def messages() -> list[str]:
    """Every literal message in `T(…)` of the readers."""
    found = []
    for path in sorted(FOLDER.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "T":
                assert isinstance(node.args[0], ast.Constant), f"{path.name}:{node.lineno}"
                found.append(str(node.args[0].value))
    return sorted(set(found))


ALIKE = ("Postcode", "Tickets")
"""The same word in both languages."""


@pytest.mark.parametrize("message", messages())
def test_every_message_has_a_dutch_translation_with_the_same_values(message: str) -> None:
    def fields(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    dutch = T(message).to("nl")
    assert dutch != message or message in ALIKE or not re.search("[a-z]{2}", re.sub(r"\{.*?\}", "", message))
    assert fields(dutch) == fields(message)
