"""Whether a retail permit may be needed: an indication from floor area and branch, never legal advice.

The Flemish decree on integrated retail policy of 15 July 2016 asks a permit above 400 m² of net retail area, of a
business or of the retail complex it belongs to, and for a change of category. Six categories since 4 March 2024.
"""

from dataclasses import dataclass
from typing import Any

from geodata.language import LANGUAGES, T, Text

THRESHOLD_M2 = 400.0

CATEGORIES: dict[str, Text] = {
    "food": T("food"),
    "personal": T("personal goods"),
    "garden": T("plants, flowers and farm goods"),
    "vehicles": T("vehicles"),
    "bulky": T("other bulky goods"),
    "other": T("other non-bulky goods"),
}
_OF_BRANCH = {
    "supermarket": "food", "convenience": "food", "bakery": "food", "speciality_food": "food",
    "pharmacy": "personal", "drugstore": "personal", "clothes": "personal", "shoes": "personal",
    "jewellery": "personal", "department_store": "other", "media": "other", "sports": "other", "gifts": "other",
    "second_hand": "other", "electronics": "other", "home": "bulky", "diy": "bulky", "vehicles": "vehicles",
}  # fmt: skip
"""Our reading of the decree's categories by branch; what is not retail (services, hospitality) has none."""

INDICATIONS: dict[str, Text] = {
    "likely": T("retail permit probably needed"),
    "unlikely": T("retail permit probably not needed"),
    "area_needed": T("retail permit: permitted area needed to tell"),
    "not_retail": T("no retail permit: not retail in the sense of the decree"),
}

CHECK = T(
    "An indication by Flemish rules, no legal advice: ask for the permitted area, and check plan, ordinance and change "
    "of use."
)


@dataclass(frozen=True)
class Permit:
    """An indication: likely, unlikely, area_needed or not_retail; the category of goods; and why."""

    indication: str
    category: str | None
    why: Text

    @property
    def told(self) -> Text:
        """The indication in words."""
        return INDICATIONS[self.indication]

    def as_json(self) -> dict[str, Any]:
        """As a command prints it."""
        told = {language: f"{self.why.to(language)} {CHECK.to(language)}" for language in LANGUAGES}
        return {"indication": self.indication, "category": self.category, "why": told}


def permit_for(branch: str, floor_area_m2: float | None, former_branch: str | None = None) -> Permit:
    """Whether a retail permit may be needed to open a branch in a unit of this sales floor area (None = not known).

    former_branch: of the shop that was there, where known; another category may need a permit whatever the area.
    """
    category = _OF_BRANCH.get(branch)
    if category is None:
        return Permit("not_retail", None, T("Not retail in the sense of the decree: no retail permit."))
    if floor_area_m2 is None:
        return Permit("area_needed", category, T("The floor area is not known."))
    area = round(floor_area_m2)
    if floor_area_m2 > THRESHOLD_M2:
        return Permit("likely", category, T("About {area} m² is above 400 m².", area=area))
    before = _OF_BRANCH.get(former_branch or "")
    if before and before != category:
        why = T("About {area} m² is below 400 m², but the category of goods changes.", area=area)
        return Permit("area_needed", category, why)
    why = T("About {area} m² is below 400 m², unless it is part of a retail complex.", area=area)
    return Permit("unlikely", category, why)
