"""What residents spend by branch, and how far they go for it: a table anyone may edit, each value with its source.

`spending.csv` beside this file is the table; a copy of that name in the data directory replaces it. Columns: euros a
resident and year, the shares of them that go online and elsewhere (places no table knows), how fast a minute of travel
deters (decay), how strongly floor area draws (exponent), the floor area of a shop whose size nobody knows, and where
the row comes from. `proxy` means: an order of magnitude of ours, in nobody's statistics.
"""

import math
from dataclasses import dataclass
from pathlib import Path

from geodata.errors import GeodataError
from geodata.files import read_own_table
from geodata.language import T

HERE = Path(__file__).with_name("spending.csv")
PROXY = "proxy"
_NUMBERS = (
    "eur_per_resident_year", "online_share", "elsewhere_share", "decay_per_minute", "size_exponent",
    "typical_floor_area_m2",
)  # fmt: skip


@dataclass(frozen=True)
class Habits:
    """How residents spend on a branch.

    eur_per_resident_year: NaN where the branch is not one that money is spent in at a counter. online_share,
    elsewhere_share: 0–1 of it, together below 1. decay_per_minute: a minute farther makes a shop exp(−decay) as
    attractive. size_exponent: floor area to this power draws. source: where the row comes from, or `proxy`.
    """

    branch: str
    eur_per_resident_year: float
    online_share: float
    elsewhere_share: float
    decay_per_minute: float
    size_exponent: float
    typical_floor_area_m2: float
    source: str = PROXY

    @property
    def in_shops(self) -> float:
        """Share of the spending that is done in shops on record, 0–1."""
        return 1.0 - self.online_share - self.elsewhere_share

    @property
    def proxy(self) -> bool:
        """Whether the row is an order of magnitude of ours."""
        return self.source == PROXY


def read_habits(data_dir: Path | None = None) -> dict[str, Habits]:
    """Spending habits by branch. GeodataError, naming branch and column, for a value that cannot be meant."""
    rows = read_own_table(HERE, data_dir, {"branch", "source", *_NUMBERS})
    return {row["branch"]: _habits(row) for row in rows}


def habits_of(branch: str, data_dir: Path | None = None) -> Habits:
    """The habits of a branch. GeodataError where the table has no spending for it."""
    found = read_habits(data_dir).get(branch)
    if found is None or math.isnan(found.eur_per_resident_year):
        raise GeodataError(
            T(
                "no spending by residents is known for the branch {branch}: turnover is not known.",
                branch=branch,
            ),
            remedy=T("Add it to a file spending.csv in the data directory, with its source."),
        )
    return found


def _habits(row: dict[str, str]) -> Habits:
    def number(name: str) -> float:
        text = row[name].strip()
        try:
            return float(text) if text else math.nan
        except ValueError:
            raise _refused(row, name) from None

    values = {name: number(name) for name in _NUMBERS}
    known = not math.isnan(values["eur_per_resident_year"])
    for name, value in values.items():
        if value < 0 or (known and math.isnan(value)):
            raise _refused(row, name)
    if known and values["online_share"] + values["elsewhere_share"] >= 1:
        raise _refused(row, "elsewhere_share")
    return Habits(branch=row["branch"], source=row["source"].strip() or PROXY, **values)


def _refused(row: dict[str, str], name: str) -> GeodataError:
    return GeodataError(
        T("{value} is no value for {column}.", value=row[name] or "–", column=name),
        where=f"spending.csv, {row['branch']}",
        remedy=T("Numbers of 0 or more, with a point; the shares online and elsewhere together below 1."),
    )
