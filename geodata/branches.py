"""The branch table: which branches there are and how sources name them.

`branches.csv` beside this file is the table; a copy named `branches.csv` in the data directory
replaces it. Columns: names in two languages on three levels (group, main branch, branch), the
kind of goods, `visits_per_day` (first guess, not measured: used where trips are modelled),
`complements` (branches that draw the same customer, expert choice), and the OSM tags and surveyed
names that belong to it. `chains.csv` lists formulas with 7 outlets or more nationally.
"""

import unicodedata
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from geodata.errors import GeodataError
from geodata.files import read_own_table
from geodata.language import T

HERE = Path(__file__).parent
_COLUMNS = {
    "id", "name_nl", "name_en", "main_nl", "main_en", "group_nl", "group_en", "goods", "visits_per_day", "complements",
    "osm", "survey_names",
}  # fmt: skip


def normalise(name: str) -> str:
    """Lower case, without accents and doubled blanks: how names are compared everywhere."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return " ".join(plain.casefold().split())


@dataclass(frozen=True)
class Branch:
    """One branch with its names and what belongs to it."""

    id: str
    names: tuple[tuple[str, str], ...]
    main: tuple[tuple[str, str], ...]
    group: tuple[tuple[str, str], ...]
    goods: str
    visits_per_day: float
    complements: tuple[str, ...]
    osm: tuple[str, ...]
    survey_names: tuple[str, ...]

    def name(self, language: str) -> str:
        """The branch's name in "nl" or "en"."""
        return dict(self.names)[language]


@dataclass(frozen=True, eq=False)
class BranchTable:
    """All branches, with look-ups by id, OSM tag and surveyed name."""

    branches: tuple[Branch, ...]
    chains: frozenset[str]

    @cached_property
    def by_id(self) -> dict[str, Branch]:
        return {b.id: b for b in self.branches}

    @cached_property
    def by_tag(self) -> dict[str, str]:
        """OSM `key=value` → branch id."""
        return {tag: b.id for b in self.branches for tag in b.osm}

    @cached_property
    def by_survey_name(self) -> dict[str, str]:
        """Normalised surveyed name, Dutch or English name or id → branch id."""
        own = {normalise(n): b.id for b in self.branches for n in (b.id, *dict(b.names).values())}
        return {normalise(n): b.id for b in self.branches for n in b.survey_names} | own

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(b.id for b in self.branches)

    def get(self, branch: str) -> Branch:
        """A branch by id or by name in either language; GeodataError with near names otherwise."""
        from rapidfuzz import process

        found = self.by_id.get(branch) or self.by_id.get(self.by_survey_name.get(normalise(branch), ""))
        if found:
            return found
        matches = process.extract(normalise(branch), list(self.by_survey_name), limit=9)
        ids = list(dict.fromkeys(self.by_survey_name[match[0]] for match in matches))[:3]
        near = [f"{i} ({self.by_id[i].name('nl')})" for i in ids if i in self.by_id]
        raise GeodataError(
            T("there is no branch called {name}.", name=branch),
            remedy=T("Nearest: {near}. `branches` lists them all.", near=", ".join(near)),
        )

    def is_chain(self, brand: str | None) -> bool | None:
        """Whether a formula is on the national list; None when no formula is known."""
        if not isinstance(brand, str) or not brand:
            return None
        return True if normalise(brand) in self.chains else None


def read_branches(data_dir: Path | None = None) -> BranchTable:
    """The branch table and the list of chains; files in the data directory go before ours."""
    rows = read_own_table(HERE / "branches.csv", data_dir, _COLUMNS)
    chains = read_own_table(HERE / "chains.csv", data_dir, {"name", "aliases"})
    names = {normalise(n) for r in chains for n in (r["name"], *_split(r["aliases"]))}
    branches = tuple(
        Branch(
            id=r["id"],
            names=(("nl", r["name_nl"]), ("en", r["name_en"])),
            main=(("nl", r["main_nl"]), ("en", r["main_en"])),
            group=(("nl", r["group_nl"]), ("en", r["group_en"])),
            goods=r["goods"],
            visits_per_day=float(r["visits_per_day"] or 0),
            complements=_split(r["complements"]),
            osm=_split(r["osm"]),
            survey_names=_split(r["survey_names"]),
        )
        for r in rows
    )
    return BranchTable(branches, frozenset(names))


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())
