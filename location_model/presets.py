"""Profiles by branch to start from: expert choice, not measured, each with its line of reasoning.

Breakpoints are in the layer's own unit. Weights add up to about 10, so that a weight of 2 reads as a fifth.
"""

from dataclasses import dataclass, replace

from geodata.branches import BranchTable
from geodata.language import T, Text
from geodata.store import Area
from location_model import branch_layer
from location_model.layers import all_layers
from location_model.profile import Criterion, ScoringProfile, ValueFunction, less, more, optimum

LABEL = T("expert choice, not measured")

SUITABILITY_WEIGHT = 1.5
"""Branch suitability follows where shops are, not whether they do well: it advises, and never decides alone."""

RESIDENTS, FOOTFALL, COMPETITION = "residents_within_10_min", "footfall_index", "competition_shops"
COMPLEMENTS, AROUND, VACANCY = "complementary_shops", "agglomeration_premises", "vacancy_percent_nearby"
TRANSIT, PARKING = "transit_departures_per_weekday", "parking_places_nearby"
BICYCLE, CAR = "residents_within_10_min_bicycle", "residents_within_5_min_car"

_Rows = dict[str, tuple[float, ValueFunction]]

_ALWAYS: _Rows = {
    TRANSIT: (0.8, more(0, 400)),
    PARKING: (0.8, more(0, 250)),
    BICYCLE: (0.5, more(2_000, 30_000)),
    CAR: (0.5, more(2_000, 40_000)),
    VACANCY: (0.7, less(6, 30)),
}

_DAILY: _Rows = _ALWAYS | {
    RESIDENTS: (3.0, more(500, 7_000)),
    FOOTFALL: (1.5, more(0, 40)),
    COMPETITION: (1.5, less(0.2, 2.5)),
    COMPLEMENTS: (1.0, more(0, 2.0)),
    AROUND: (0.5, more(0, 20)),
}
_COMPARISON: _Rows = _ALWAYS | {
    RESIDENTS: (1.0, more(500, 9_000)),
    FOOTFALL: (3.0, more(5, 70)),
    COMPETITION: (1.2, optimum(0, 1, 5, 14)),
    COMPLEMENTS: (1.5, more(0, 4.0)),
    AROUND: (1.2, more(2, 40)),
}
_BULKY: _Rows = _ALWAYS | {
    RESIDENTS: (0.5, more(500, 6_000)),
    FOOTFALL: (1.0, more(0, 40)),
    COMPETITION: (1.2, optimum(0, 0.3, 2, 6)),
    COMPLEMENTS: (0.8, more(0, 2.0)),
    AROUND: (0.8, more(0, 20)),
    PARKING: (2.0, more(20, 400)),
    CAR: (2.5, more(5_000, 50_000)),
}
_HOSPITALITY: _Rows = _ALWAYS | {
    RESIDENTS: (1.2, more(500, 7_000)),
    FOOTFALL: (2.5, more(2, 60)),
    COMPETITION: (1.2, optimum(0, 0.5, 5, 15)),
    COMPLEMENTS: (1.2, more(0, 4.0)),
    AROUND: (1.5, more(1, 30)),
    TRANSIT: (1.2, more(0, 400)),
}
_SERVICES: _Rows = _ALWAYS | {
    RESIDENTS: (2.5, more(500, 7_000)),
    FOOTFALL: (1.2, more(0, 40)),
    COMPETITION: (1.5, less(0.5, 5)),
    COMPLEMENTS: (1.0, more(0, 2.5)),
    AROUND: (1.2, more(0, 20)),
}


@dataclass(frozen=True)
class Preset:
    """A starting profile and why it looks so."""

    profile: ScoringProfile
    reasoning: Text


def _preset(branch: str, base: _Rows, reasoning: Text, changed: _Rows | None = None, hours: str = "") -> Preset:
    rows = base | (changed or {})
    rows |= {x.name: (0.0, ValueFunction(x.worth)) for x in all_layers() if x.worth and x.name not in rows}
    criteria = tuple(Criterion(layer, *row) for layer, row in sorted(rows.items(), key=lambda r: -r[1][0]))
    return Preset(ScoringProfile(branch, criteria, hours=hours), reasoning)


_PRESETS = (
    _preset(
        "supermarket",
        _DAILY,
        T("Weekly shopping: many residents near, room to park, little competition; passers-by matter less."),
        {
            PARKING: (1.8, more(20, 300)),
            CAR: (1.2, more(5_000, 40_000)),
            FOOTFALL: (0.8, more(0, 30)),
            COMPETITION: (2.0, less(0.1, 1.5)),
        },
    ),
    _preset(
        "convenience",
        _DAILY,
        T(
            "Bought on the way: residents within walking distance, stops and passers-by; a second one "
            "next door halves the trade."
        ),
        {TRANSIT: (1.2, more(0, 300))},
    ),
    _preset(
        "bakery",
        _DAILY,
        T("Daily and on foot: homes near by and a route people already walk; a bakery next door takes half."),
        {FOOTFALL: (2.0, more(0, 45))},
        "Mo-Fr 06:00-09:00; Su 07:00-12:00",
    ),
    _preset(
        "speciality_food",
        _DAILY,
        T("Shares its customers with baker and supermarket: wants them near, and homes around."),
        {COMPLEMENTS: (1.8, more(0, 2.5)), FOOTFALL: (2.0, more(0, 45)), COMPETITION: (1.0, optimum(0, 0.2, 1.5, 4))},
    ),
    _preset(
        "pharmacy",
        _DAILY,
        T(
            "Serves its neighbourhood; opening is bound to a national spread of pharmacies, so "
            "distance to the next one weighs."
        ),
        {COMPETITION: (2.2, less(0.1, 1.2))},
    ),
    _preset(
        "drugstore",
        _COMPARISON,
        T("Bought in passing in the main street: footfall and clothing near by carry it."),
        {COMPETITION: (1.5, less(0.5, 3)), RESIDENTS: (1.5, more(500, 8_000))},
    ),
    _preset(
        "beauty",
        _SERVICES,
        T("By appointment: homes near by and easy access; a busy street helps to be found."),
    ),
    _preset(
        "hairdresser",
        _SERVICES,
        T("By appointment and near home; several can live in one neighbourhood."),
        {COMPETITION: (1.5, less(1, 7))},
    ),
    _preset(
        "clothes",
        _COMPARISON,
        T("People compare: other clothing near by draws more than it takes, up to a point; footfall decides."),
    ),
    _preset(
        "shoes",
        _COMPARISON,
        T("Sold where clothes are sold: wants the busiest street and fashion around."),
        {COMPETITION: (1.0, optimum(0, 0.5, 3, 8))},
    ),
    _preset(
        "jewellery",
        _COMPARISON,
        T("A planned visit to the main street: wants fashion around and little vacancy."),
        {VACANCY: (1.2, less(5, 20)), COMPETITION: (1.0, optimum(0, 0.5, 3, 8))},
    ),
    _preset(
        "department_store",
        _COMPARISON,
        T("An anchor: needs the town's busiest street, and access from far."),
        {TRANSIT: (1.2, more(0, 400)), CAR: (1.2, more(5_000, 50_000)), COMPETITION: (1.5, less(0.5, 3))},
    ),
    _preset(
        "media",
        _COMPARISON,
        T("Bought while strolling: passers-by and a pleasant mix around."),
        {COMPETITION: (1.2, less(0.5, 4))},
    ),
    _preset(
        "sports",
        _COMPARISON,
        T("Compared and carried home: fashion around, and parking within reach."),
        {PARKING: (1.5, more(20, 300)), COMPETITION: (1.0, optimum(0, 0.2, 2, 5))},
    ),
    _preset("home", _BULKY, T("Rare, large and compared: access by car and parking, with others of the kind around.")),
    _preset(
        "diy",
        _BULKY,
        T("Bulky goods fetched by car: parking and reach by car decide."),
        {COMPETITION: (1.5, less(0.2, 2))},
    ),
    _preset(
        "electronics",
        _COMPARISON,
        T("Compared before it is bought: footfall and access from the whole town."),
        {COMPETITION: (1.2, optimum(0, 0.2, 2, 6)), PARKING: (1.2, more(20, 300))},
    ),
    _preset(
        "gifts",
        _COMPARISON,
        T("Bought in passing: a strolling public, cafes and fashion around."),
        {COMPETITION: (1.0, optimum(0, 0.5, 3, 8))},
    ),
    _preset(
        "second_hand",
        _COMPARISON,
        T("Finds its public at lower rents: some passers-by, others of the kind near by."),
        {FOOTFALL: (1.8, more(0, 40)), VACANCY: (0.3, less(10, 40))},
    ),
    _preset(
        "restaurant",
        _HOSPITALITY,
        T("An evening out: other places to eat and drink draw along, up to a point."),
        {PARKING: (1.2, more(20, 250))},
    ),
    _preset(
        "cafe",
        _HOSPITALITY,
        T("A break while shopping: footfall and shops around, mostly by day."),
        {FOOTFALL: (3.0, more(5, 60))},
    ),
    _preset(
        "fast_food",
        _HOSPITALITY,
        T("On the way and late: stops, nightlife and passers-by."),
        {TRANSIT: (1.8, more(0, 400)), COMPETITION: (1.5, optimum(0, 0.3, 3, 8))},
    ),
    _preset(
        "bar",
        _HOSPITALITY,
        T("Goes out where others go out: bars and restaurants around, residents not too many above."),
    ),
    _preset(
        "finance",
        _SERVICES,
        T("A planned visit: visible, central, easy to reach by all modes."),
        {FOOTFALL: (1.8, more(2, 50)), TRANSIT: (1.2, more(0, 400))},
    ),
    _preset("services", _SERVICES, T("Near home or on the way: residents and a passing public.")),
    _preset(
        "vehicles",
        _BULKY,
        T("Seen from the road and reached by car: parking and reach by car decide."),
        {FOOTFALL: (0.5, more(0, 30)), COMPETITION: (1.0, optimum(0, 0.3, 2, 6))},
    ),
)
_BY_BRANCH = {p.profile.branch: p for p in _PRESETS}


def preset(branch: str, branches: BranchTable) -> Preset:
    """The starting profile of a branch; one that a user added starts as a comparison shop. GeodataError if unknown."""
    found = branches.get(branch).id
    return _BY_BRANCH.get(found) or _preset(
        found, _COMPARISON, T("No profile is known for this branch: it starts as a shop people compare in.")
    )


def starting_profile(area: Area, branch: str, branches: BranchTable) -> Preset:
    """The starting profile in an area: branch suitability weighs only where something may be claimed for the branch.

    GeodataError for an unknown branch.
    """
    start = preset(branch, branches)
    if not branch_layer.kept(area, branches).claims.holds(start.profile.branch):
        return start
    return replace(start, profile=start.profile.with_weights({branch_layer.LAYER.name: SUITABILITY_WEIGHT}))
