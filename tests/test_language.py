"""Every text a user can see exists in Dutch, with the same values in it."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from geodata.language import LOCALES_DIR, T, Text, TN

ROOT = Path(__file__).resolve().parents[1]
KEYWORDS = {"T": None, "TN": (1, 2)}
Id = str | tuple[str, str]


def sources() -> list[Path]:
    folders = ("geodata", "location_model", "pages")
    files = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return files + [path for path in [ROOT / "app.py"] if path.exists()]


def messages() -> Iterator[tuple[Id, str]]:
    """Each message of the code, and the place where it stands."""
    for path in sources():
        for line, found, _, _ in extract_from_file("python", path, keywords=KEYWORDS):
            message: Id = found if isinstance(found, str) else (found[0], found[1])
            yield message, f"{path.relative_to(ROOT)}:{line}"


def catalogues() -> dict[str, list[Message]]:
    """The messages of each Dutch catalogue."""
    found = {}
    for path in sorted((LOCALES_DIR / "nl").glob("*.po")):
        with path.open("rb") as file:
            found[path.name] = [m for m in read_po(file, locale="nl", abort_invalid=True) if m.id]
    return found


def forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_every_message_is_a_plain_text_the_extractor_can_see() -> None:
    hidden = []
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS:
                texts = node.args[: 1 if node.func.id == "T" else 2]
                if not all(isinstance(t, ast.Constant) and isinstance(t.value, str) for t in texts):
                    hidden.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert hidden == []


def test_every_message_has_a_dutch_translation() -> None:
    translated = {
        (m.id if isinstance(m.id, str) else tuple(m.id))
        for found in catalogues().values()
        for m in found
        if all(forms(m.string)) and not m.fuzzy
    }
    missing = [f"{place}: {message}" for message, place in messages() if message not in translated]
    assert missing == [], "without a translation in geodata/locales/nl:\n" + "\n".join(missing)


def test_no_translation_is_left_over() -> None:
    used = {message for message, _ in messages()}
    left = [
        f"{name}: {m.id}"
        for name, found in catalogues().items()
        for m in found
        if (m.id if isinstance(m.id, str) else tuple(m.id)) not in used
    ]
    assert left == []


def test_no_translation_is_doubtful() -> None:
    assert [f"{name}: {m.id}" for name, found in catalogues().items() for m in found if m.fuzzy] == []


def test_translations_carry_the_same_values() -> None:
    wrong = []
    for name, found in catalogues().items():
        for message in found:
            names = set().union(*(placeholders(form) for form in forms(message.id)))
            plural = not isinstance(message.id, str)
            for text in forms(message.string):
                # A plural form may leave a value out ("one shop") but not ask for another.
                same = placeholders(text) <= names | {"count"} if plural else placeholders(text) == names
                if not same:
                    wrong.append(f"{name}: {message.id!r} → {text!r}")
    assert wrong == []


def test_a_message_is_translated_one_way() -> None:
    seen: dict[tuple[str, ...], dict[tuple[str, ...], list[str]]] = {}
    for name, found in catalogues().items():
        for message in found:
            seen.setdefault(forms(message.id), {}).setdefault(forms(message.string), []).append(name)
    assert {message: ways for message, ways in seen.items() if len(ways) > 1} == {}


def test_calls_name_the_values_of_their_message() -> None:
    """`T("{a} of {b}", a=…)` would fail only when shown, in front of a user."""
    wrong = []
    for path in sources():
        tree = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        # A layer's phrase is a template: it gets its value where a place is explained.
        templates = [node.value for node in tree if isinstance(node, ast.keyword) and node.arg == "phrase"]
        for node in tree:
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS):
                continue
            if node in templates:
                continue
            names = {keyword.arg for keyword in node.keywords}
            if None in names:  # **values: only the reader of the code can tell
                continue
            texts = [a.value for a in node.args[:2] if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            needed = set().union(*(placeholders(text) for text in texts)) - (
                {"count"} if node.func.id == "TN" else set()
            )
            if needed - names:
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}: {sorted(needed - names)}")
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "dutch", "english"),
    [
        (Text("{n} m", (("n", 1234.5),)), "1.234 m", "1,234 m"),
        (Text("{n} min", (("n", 2.54),)), "2,5 min", "2.5 min"),
        (Text("{n}", (("n", 12300),)), "12.300", "12,300"),
        (
            Text("{t}!", (("t", T("zzz not in any catalogue")),)),
            "zzz not in any catalogue!",
            "zzz not in any catalogue!",
        ),
    ],
)
def test_values_are_written_as_the_reader_writes_them(text: Text, dutch: str, english: str) -> None:
    assert (text.to("nl"), text.to("en")) == (dutch, english)


def test_a_plural_follows_its_count() -> None:
    assert TN("{count} zzz", "{count} zzzs", 1).to("en") == "1 zzz"
    assert TN("{count} zzz", "{count} zzzs", 1200).to("en") == "1,200 zzzs"
