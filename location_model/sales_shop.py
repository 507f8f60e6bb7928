"""What is known of one shop from its own sales."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from geodata.language import Text, TN
from location_model.sales_against import against
from location_model.sales_customers import ShopCustomers
from location_model.sales_days import ShopDays
from location_model.sales_figure import Figure, in_languages
from location_model.sales_patterns import Pattern

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, eq=False)
class ShopSales:
    """One shop. `listed`: its row in the list of own shops, None where it is not in it.

    year: turnover a year. passers: persons a day. capture: entries, else tickets, over passers-by; buying: tickets over
    passers-by; buyers: tickets over entries, all %. sold_per_m2, branch_per_m2, peers_per_m2: € a m² and year.
    expected, peers: turnover a year by the model, and as the own other shops would have it on this floor area. more:
    what a longer list would tell.
    """

    shop: str
    listed: Mapping[str, Any] | None
    days: ShopDays
    pattern: Pattern
    year: Figure
    more: Text | None
    ticket: Figure
    buyers: Figure
    passers: Figure
    capture: Figure
    buying: Figure
    sold_per_m2: Figure
    branch_per_m2: Figure
    peers_per_m2: Figure
    expected: Figure
    peers: Figure
    suggests: tuple[Text, ...]
    customers: ShopCustomers | None = None

    @property
    def name(self) -> str:
        """What the retailer calls it."""
        name = self.listed.get("name") if self.listed else None
        return name if isinstance(name, str) and name else self.shop

    @property
    def own_id(self) -> str:
        """Its id in the list of own shops; empty where it is not in it."""
        return str(self.listed["id"]) if self.listed else ""

    @property
    def branch(self) -> str | None:
        """Its branch; None where not known."""
        branch = self.listed.get("branch") if self.listed else None
        return branch if isinstance(branch, str) else None

    @property
    def floor_area_m2(self) -> float | None:
        """Its sales floor area; None where not known."""
        area = float(self.listed["floor_area_m2"]) if self.listed else np.nan
        return area if area > 0 else None

    @property
    def area(self) -> str | None:
        """The id of the built area it stands in; None where in none."""
        area = self.listed.get("area_id") if self.listed else None
        return area if isinstance(area, str) else None

    @property
    def against_model(self) -> Text | None:
        """Actual turnover beside what the model expects; None where either is not known."""
        return against(self.year, self.expected)

    @property
    def against_peers(self) -> Text | None:
        """Actual turnover beside what the own other shops would have; None where either is not known."""
        return against(self.year, self.peers)

    @property
    def notes(self) -> tuple[Text, ...]:
        """What of the list of this shop is not as complete as it looks."""
        told = []
        if self.days.gaps:
            shown = ", ".join(f"{a:%d/%m/%Y} – {b:%d/%m/%Y}" for a, b in self.days.gaps[:5])
            told.append(
                TN(
                    "One day is missing from the list ({gaps}); it is taken as usual, not as 0. Write 0 for a day the "
                    "shop was closed.",
                    "{count} days or months are missing from the list ({gaps}); they are taken as usual, not as 0. "
                    "Write 0 for days the shop was closed.",
                    self.days.count("missing"),
                    gaps=shown + (", …" if len(self.days.gaps) > 5 else ""),
                )
            )
        if self.days.set_aside:
            told.append(
                TN(
                    "One row is set aside: the list has days and whole months, and the kind that covers most is used.",
                    "{count} rows are set aside: the list has days and whole months, and the kind that covers most is "
                    "used.",
                    self.days.set_aside,
                )
            )
        return tuple(told)

    def as_json(self) -> dict[str, Any]:
        """As `sales --json` prints it; each figure with unit, interval, and what it stands on or why it is null."""
        days, found = self.days, self.pattern
        return {
            "shop": self.shop,
            "name": self.name,
            "area": self.area,
            "in_own_shops": self.listed is not None,
            "period": "month" if days.monthly else "day",
            "first": days.first.date().isoformat(),
            "last": days.last.date().isoformat(),
            "open": days.count("open"),
            "closed": days.count("closed"),
            "missing": days.count("missing"),
            "gaps": [[a.isoformat(), b.isoformat()] for a, b in days.gaps],
            "closed_on": [WEEKDAYS[day] for day in days.closing_days],
            "turnover_eur_per_year": self.year.as_json(),
            "expected_eur_per_year": self.expected.as_json(),
            "peers_eur_per_year": self.peers.as_json(),
            "against_model": _told(self.against_model),
            "against_peers": _told(self.against_peers),
            "sales_density_eur_per_m2_year": self.sold_per_m2.as_json(),
            "branch_density_eur_per_m2_year": self.branch_per_m2.as_json(),
            "peers_density_eur_per_m2_year": self.peers_per_m2.as_json(),
            "passers_by_per_day": self.passers.as_json(),
            "capture_rate": self.capture.as_json(),
            "tickets_per_passer_by": self.buying.as_json(),
            "buyers_share": self.buyers.as_json(),
            "eur_per_ticket": self.ticket.as_json(),
            "weekdays": {name: f.as_json() for name, f in zip(WEEKDAYS, found.weekdays, strict=True)},
            "season": {str(i): f.as_json() for i, f in enumerate(found.season, start=1)},
            "trend": found.trend.as_json(),
            "course": found.course.as_json(),
            "outliers": None if found.outliers is None else [o.as_json() for o in found.outliers],
            "customers": None if self.customers is None else self.customers.as_json(),
            "suggests": [in_languages(text) for text in self.suggests],
            "more_data": _told(self.more),
            "notes": [in_languages(text) for text in self.notes],
        }


def _told(text: Text | None) -> dict[str, str] | None:
    return None if text is None else in_languages(text)
