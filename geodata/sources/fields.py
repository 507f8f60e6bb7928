"""What the fields of lists are called, for who has to say which column is which."""

from collections.abc import Sequence

from geodata.language import T, Text

TITLES: dict[str, Text] = {
    "id": T("Number or code"),
    "name": T("Name"),
    "brand": T("Formula"),
    "chain": T("Part of a chain"),
    "state": T("In use or vacant"),
    "branch": T("Branch"),
    "main_branch": T("Main branch"),
    "floor_area": T("Sales floor area (m²)"),
    "gross_floor_area": T("Gross floor area (m²)"),
    "vacant_since": T("Vacant since"),
    "opening_hours": T("Opening hours"),
    "turnover": T("Turnover (€ a year)"),
    "rent": T("Rent (€ a year)"),
    "rent_per_year": T("Rent (€ a year)"),
    "rent_per_month": T("Rent (€ a month)"),
    "rent_per_m2_per_year": T("Rent (€ per m² a year)"),
    "premises": T("Premises"),
    "kind": T("Kind of building"),
    "registered": T("Registered on"),
    "struck_off": T("Struck off on"),
    "counter": T("Counter"),
    "title": T("Name of the counter"),
    "date": T("Date"),
    "hours": T("Hours"),
    "hour_from": T("From (hour)"),
    "hour_to": T("To (hour)"),
    "pedestrians": T("Pedestrians"),
    "pedestrians_in": T("Pedestrians, one way"),
    "pedestrians_out": T("Pedestrians, other way"),
    "day_kind": T("Kind of day"),
    "shop": T("Shop"),
    "sales.turnover": T("Turnover (€)"),
    "customers": T("Customers"),
    "currency": T("Currency"),
    "turnover_eur": T("Turnover (€)"),
    "tickets": T("Tickets"),
    "entries": T("Store entries"),
    "days": T("Market day"),
    "stalls": T("Stalls"),
    "x": T("Longitude or X"),
    "y": T("Latitude or Y"),
    "point": T("Coordinates in one column"),
    "address": T("Address in one column"),
    "street": T("Street"),
    "house_number": T("House number"),
    "postcode": T("Postcode"),
    "place": T("Municipality"),
}
"""By field; where one kind of list means something else by it, by kind and field."""


def title_of(field: str, kind: str = "") -> Text | str:
    """What people call a field of a kind of list; what is no field stays as it is."""
    own = TITLES.get(f"{kind}.{field}")
    return TITLES.get(field, field) if own is None else own


def either(names: Sequence[Text | str]) -> Text | str:
    """‘A’, ‘B’ or ‘C’."""
    told: Text | str = T("‘{name}’", name=names[0])
    for name in names[1:-1]:
        told = T("{first}, ‘{last}’", first=told, last=name)
    return T("{first} or ‘{last}’", first=told, last=names[-1]) if len(names) > 1 else told
