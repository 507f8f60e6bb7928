"""What residents spend by branch, and how far they go for it: a table anyone may edit, each value with its source.

`spending.csv` beside this file is the table; a copy of that name in the data directory replaces it. A row a value:
branch, quantity, value, unit, source. Quantities: euros a resident and year, the shares of them that go online and
elsewhere (places no table knows), how fast a minute of travel deters (decay), how strongly floor area draws (exponent),
and the floor area of a shop whose size nobody knows. `proxy` as a source means: an order of magnitude of ours, in
nobody's statistics.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from geodata.errors import GeodataError
from geodata.files import read_own_table, write_own_table
from geodata.language import T, Text

TABLE = Path(__file__).with_name("spending.csv")
PROXY = "proxy"
COLUMNS = ("branch", "quantity", "value", "unit", "source")

EUR, ONLINE, ELSEWHERE, DECAY, EXPONENT, FLOOR = QUANTITIES = (
    "eur_per_resident_year", "online_share", "elsewhere_share", "decay_per_minute", "size_exponent",
    "typical_floor_area_m2",
)  # fmt: skip
TITLES: dict[str, Text] = {
    EUR: T("spending"),
    ONLINE: T("of it online"),
    ELSEWHERE: T("of it elsewhere"),
    DECAY: T("how a minute farther deters"),
    EXPONENT: T("how floor area draws"),
    FLOOR: T("usual floor area"),
}
UNITS: dict[str, Text] = {
    EUR: T("€ a resident and year"),
    ONLINE: T("share, 0–1"),
    ELSEWHERE: T("share, 0–1"),
    DECAY: T("exponent a minute"),
    EXPONENT: T("exponent"),
    FLOOR: T("m² of sales floor"),
}


@dataclass(frozen=True)
class Habits:
    """How residents spend on a branch, with the source of each value.

    eur_per_resident_year: what a resident spends, online included. online_share, elsewhere_share: 0–1 of it, together
    below 1. decay_per_minute: a minute farther makes a shop exp(−decay) as attractive. size_exponent: floor area to
    this power draws. sources: by quantity, `proxy` where it is an order of magnitude of ours.
    """

    branch: str
    eur_per_resident_year: float
    online_share: float
    elsewhere_share: float
    decay_per_minute: float
    size_exponent: float
    typical_floor_area_m2: float
    sources: Mapping[str, str]

    @property
    def in_shops(self) -> float:
        """Share of the spending that is done in shops on record, 0–1."""
        return 1.0 - self.online_share - self.elsewhere_share

    def proxy(self, quantity: str) -> bool:
        """Whether a value is an order of magnitude of ours."""
        return self.sources[quantity] == PROXY


def read_spending(data_dir: Path | None = None) -> list[dict[str, str]]:
    """The rows of the table as text, ours or the user's. GeodataError when they cannot be read."""
    return read_own_table(TABLE, data_dir, set(COLUMNS))


def write_spending(rows: Iterable[Mapping[str, str]], data_dir: Path) -> None:
    """Make these rows the table of a data directory, after checking them as `habits_from` does.

    GeodataError as there, and when the file cannot be written.
    """
    kept = [{column: str(row[column]) for column in COLUMNS} for row in rows]
    habits_from(kept)
    write_own_table(data_dir / TABLE.name, COLUMNS, kept)


def read_habits(data_dir: Path | None = None) -> dict[str, Habits]:
    """Spending habits by branch; a branch without spending is not in it. GeodataError as `habits_from`."""
    return habits_from(read_spending(data_dir))


def habits_from(rows: Iterable[Mapping[str, str]]) -> dict[str, Habits]:
    """Habits by branch from the rows of a table; a branch without a value for spending is left out.

    GeodataError, naming branch and quantity, for a value that cannot be meant, is there twice, or is missing.
    """
    found: dict[str, dict[str, tuple[float, str]]] = {}
    for row in rows:
        branch, quantity = row["branch"].strip(), row["quantity"].strip()
        if quantity not in QUANTITIES or quantity in found.get(branch, {}):
            raise _refused(branch, quantity, quantity)
        try:
            value = float(row["value"])
        except ValueError:
            raise _refused(branch, quantity, row["value"]) from None
        if not 0 <= value < math.inf:
            raise _refused(branch, quantity, row["value"])
        found.setdefault(branch, {})[quantity] = (value, row["source"].strip() or PROXY)
    return {branch: _habits(branch, values) for branch, values in found.items() if EUR in values}


def habits_of(branch: str, data_dir: Path | None = None) -> Habits:
    """The habits of a branch. GeodataError where the table has no spending for it."""
    found = read_habits(data_dir).get(branch)
    if found is None:
        raise GeodataError(
            T("no spending by residents is known for the branch {branch}: turnover is not known.", branch=branch),
            remedy=T("Add it to a file spending.csv in the data directory, with its source."),
        )
    return found


def _habits(branch: str, values: Mapping[str, tuple[float, str]]) -> Habits:
    for quantity in QUANTITIES:
        if quantity not in values:
            raise _refused(branch, quantity, "–")
    if values[ONLINE][0] + values[ELSEWHERE][0] >= 1:
        raise _refused(branch, ELSEWHERE, str(values[ELSEWHERE][0]))
    if not values[FLOOR][0] > 0:
        raise _refused(branch, FLOOR, str(values[FLOOR][0]))
    numbers = {quantity: value for quantity, (value, _) in values.items()}
    return Habits(branch, sources={quantity: source for quantity, (_, source) in values.items()}, **numbers)


def _refused(branch: str, quantity: str, value: str) -> GeodataError:
    return GeodataError(
        T("{value} is no value for {column}.", value=value or "–", column=quantity or "–"),
        where=f"{TABLE.name}, {branch}",
        remedy=T(
            "Each quantity once a branch: numbers of 0 or more, with a point; the shares online and elsewhere "
            "together below 1."
        ),
    )
