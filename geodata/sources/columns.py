"""Which column of a user's file is which field: recognised, given by the user, and remembered.

What is remembered stands in `column_mappings.json` in the data directory, by kind of list and by
the set of headers, so that next year's file of the same make needs no questions.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from rapidfuzz import fuzz, process

from geodata.branches import normalise
from geodata.errors import GeodataError
from geodata.language import T, Text
from geodata.sources.fields import either, title_of

MEMORY = "column_mappings.json"
NEAR_ENOUGH = 88.0
"""rapidfuzz's ratio (0–100) from which a header counts as a misspelt synonym."""


@dataclass(frozen=True)
class Layout:
    """A kind of list: the headers that each field is known by, and what must be there.

    `needs`: of each group at least one field has to be found. `by_words`: the field that a header which is no synonym
    names by its words (`header_words`); "" where it is none, however near a synonym it comes.
    """

    kind: str
    synonyms: Mapping[str, tuple[str, ...]]
    needs: tuple[tuple[str, ...], ...]
    by_words: Callable[[str], str | None] = lambda _words: None


@dataclass(frozen=True)
class ColumnMapping:
    """Field → header of the file. A field without a column is absent."""

    kind: str
    columns: Mapping[str, str] = field(default_factory=dict)

    def apply(self, frame: pd.DataFrame, layout: Layout) -> pd.DataFrame:
        """The frame with the layout's fields as columns; fields without a column are all missing."""
        nothing = pd.Series(pd.NA, index=frame.index, dtype="str")
        return pd.DataFrame({f: frame[self.columns[f]] if f in self.columns else nothing for f in layout.synonyms})

    def save(self, data_dir: Path, headers: Iterable[str]) -> None:
        """Remember the mapping for files of this kind with these headers."""
        known = _read(data_dir)
        known[_signature(self.kind, headers)] = dict(self.columns)
        data_dir.mkdir(parents=True, exist_ok=True)
        fresh = data_dir / f"{MEMORY}.new"
        fresh.write_text(json.dumps(known, ensure_ascii=False, indent=1), encoding="utf-8")
        fresh.replace(data_dir / MEMORY)

    @classmethod
    def load(cls, data_dir: Path, kind: str, headers: Iterable[str]) -> "ColumnMapping | None":
        """What is remembered for files of this kind with these headers; None when nothing is."""
        known = _read(data_dir).get(_signature(kind, headers))
        return None if known is None else cls(kind, known)


def map_columns(
    headers: Iterable[str],
    layout: Layout,
    *,
    where: str,
    given: Mapping[str, str] | None = None,
    data_dir: Path | None = None,
) -> ColumnMapping:
    """Find the column of each field of a layout.

    `given` (field → header, an empty header for "not in this file") goes first and is remembered in
    `data_dir`; then what was remembered there for these headers; then headers that are, or nearly
    are, a synonym. Raises GeodataError listing the file's headers when a needed field is not found
    or a given header does not exist.
    """
    present = list(headers)
    remembered = ColumnMapping.load(data_dir, layout.kind, present) if data_dir else None
    said: dict[str, str] = {**(remembered.columns if remembered else {}), **(given or {})}
    for name, header in said.items():
        if header and header not in present:
            raise GeodataError(
                T("there is no column {header} for {field}.", header=header, field=title_of(name, layout.kind)),
                where=where,
                remedy=_headers(present),
            )
    guessed = _recognise([h for h in present if h not in said.values()], layout, set(said))
    mapping = ColumnMapping(layout.kind, {f: h for f, h in (guessed | said).items() if h})
    for group in layout.needs:
        if not any(name in mapping.columns for name in group):
            raise GeodataError(
                T("no column is recognised as {fields}.", fields=either([title_of(f, layout.kind) for f in group])),
                where=where,
                remedy=T(
                    "The columns of the file are: {headers}. Name the right one {known}.",
                    headers=", ".join(present),
                    known=either(list(dict.fromkeys(layout.synonyms[f][0] for f in group))),
                ),
            )
    if given and data_dir:
        settled = {name: mapping.columns.get(name, "") for name in layout.synonyms}
        ColumnMapping(layout.kind, settled).save(data_dir, present)
    return mapping


def _recognise(headers: list[str], layout: Layout, settled: set[str]) -> dict[str, str]:
    """Exact synonyms, in the layout's order; then by words; then the nearest pairs above the cut-off."""
    plain = {header: header_words(header) for header in headers}
    open_fields = {name: [header_words(s) for s in (name, *synonyms)] for name, synonyms in layout.synonyms.items()}
    open_fields = {name: words for name, words in open_fields.items() if name not in settled}
    found: dict[str, str] = {}
    for name, words in open_fields.items():
        free = {w: h for h, w in reversed(plain.items()) if h not in found.values()}
        match = next((free[w] for w in words if w in free), None)
        if match is not None:
            found[name] = match
    told = {header: layout.by_words(words) for header, words in plain.items() if header not in found.values()}
    for header, named in told.items():
        if named in open_fields:
            found.setdefault(named, header)
    plain = {header: words for header, words in plain.items() if told.get(header) != ""}
    pairs = []
    for name in open_fields.keys() - found.keys():
        for header in plain.keys() - set(found.values()):
            best = process.extractOne(plain[header], open_fields[name], scorer=fuzz.ratio, score_cutoff=NEAR_ENOUGH)
            if best is not None and len(plain[header]) > 3:
                pairs.append((-best[1], name, header))
    for _, name, header in sorted(pairs):
        if name not in found and header not in found.values():
            found[name] = header
    return found


def header_words(header: str) -> str:
    """The words of a header as they are compared: lower case, without accents, signs and doubled blanks."""
    return " ".join("".join(c if c.isalnum() else " " for c in normalise(header)).split())


def _signature(kind: str, headers: Iterable[str]) -> str:
    return f"{kind}: {' | '.join(sorted(normalise(h) for h in headers))}"


def _headers(headers: list[str]) -> Text:
    return T("The columns of the file are: {headers}. Say which one it is.", headers=", ".join(headers))


def _read(data_dir: Path) -> dict[str, dict[str, str]]:
    path = data_dir / MEMORY
    try:
        known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    except ValueError:
        known = {}  # a memory that cannot be read only means asking again
    return known if isinstance(known, dict) else {}
