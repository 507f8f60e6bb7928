"""What `suggest` is asked, answered: places of one or several areas, several at once, and look-alikes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyproj

from geodata.branches import BranchTable, read_branches
from geodata.errors import GeodataError
from geodata.language import LANGUAGES, T, Text
from geodata.store import Area, Store
from location_model.branch_market import market_of
from location_model.decision import Arguments, Command, Results
from location_model.draws import known_intervals
from location_model.find_site import NamedSite
from location_model.hours import HoursShare, hours_share
from location_model.layers import layer_named
from location_model.look_alikes import (
    Best,
    LookAlike,
    best_shops,
    examples,
    fewer_known,
    listed,
    look_alikes,
    ranked,
)
from location_model.own_count_tables import footfall_with_own
from location_model.own_shops import built_areas, near, network_around, own_network
from location_model.portfolio import MOST_CANDIDATES, Portfolio, considered, portfolio
from location_model.profile import ScoringProfile, profile_from_json
from location_model.score import Scored, score_area
from location_model.shop_values import relative
from location_model.suggest import Site, Suggestion, Suggestions, suggest, ties


@dataclass(frozen=True, eq=False)
class Answer:
    """Suggestions of each area, and their places ranked together with the id of the area of each.

    several: whether more than one area was asked for; not_built: those of them that are not. hours: by area, where a
    profile names hours that matter. together, alike: None unless asked for.
    """

    profile: ScoringProfile
    areas: tuple[Area, ...]
    several: bool
    not_built: tuple[str, ...]
    found: Mapping[str, Suggestions]
    sites: tuple[tuple[str, Suggestion], ...]
    hours: Mapping[str, HoursShare]
    together: Portfolio | None = None
    alike: tuple[tuple[str, LookAlike], ...] | None = None
    more_notes: tuple[Text, ...] = ()

    @property
    def notes(self) -> tuple[Text, ...]:
        """What a reader should know, by area where there are several."""
        said = []
        for area in self.areas:
            hours = self.hours.get(area.id)
            unsaid = unknown_figures(self.profile, self.found[area.id])
            for note in (*self.found[area.id].notes, *unsaid, *([] if hours is None else [hours.note])):
                said.append(Text("{area}: {note}", (("area", area.name), ("note", note))) if self.several else note)
        return (*said, *self.more_notes)

    def as_json(self, written: Callable[[Text], Any]) -> Results:
        """As `suggest --json` prints it; `written` puts the notes in a language, or in all."""
        within = {area: found.within for area, found in self.found.items()}
        where: dict[str, Any] = {"area": self.areas[0].id}
        if self.several:
            where = {"areas": [area.id for area in self.areas], "not_built": list(self.not_built)}
        document = {
            **where,
            "branch": self.profile.branch,
            "within": within if self.several else within[self.areas[0].id],
            "sites": [
                {**self._where(area), **site.as_json([tied.site.id for tied in even]), **self._hours(area)}
                for (area, site), even in zip(self.sites, ties([site for _area, site in self.sites]), strict=True)
            ],
            "notes": [written(note) for note in self.notes],
        }
        if self.together is not None:
            document["portfolio"] = self.together.as_json()
        if self.alike is not None:
            document["look_alikes"] = [{**self._where(area), **one.as_json()} for area, one in self.alike]
        return document

    def _where(self, area: str) -> dict[str, Any]:
        return {"area": area} if self.several else {}

    def _hours(self, area: str) -> dict[str, Any]:
        hours = self.hours.get(area)
        if hours is None:
            return {}
        return {
            "footfall_in_hours_share": round(hours.share, 4),
            "footfall_in_hours_basis": "counters" if hours.counted else "default profile",
        }


def suggested(arguments: Arguments, data_dir: Path) -> Answer:
    """Answer what was asked.

    Arguments, in the types of JSON: area, or areas with not_built; profile; n; vacant; where asked for, portfolio with
    apart_m, and like_best with best_by, which read own_shops. GeodataError as the parts raise, and for a portfolio over
    several areas.
    """
    store, table = Store(data_dir), read_branches(data_dir)
    areas = tuple(store.open(name) for name in area_ids(arguments))
    several = "areas" in arguments
    profile = profile_from_json(arguments["profile"])
    n, vacant = arguments["n"], arguments["vacant"]
    wanted, k = arguments.get("portfolio"), arguments.get("like_best")
    if wanted and len(areas) > 1:
        raise GeodataError(
            T("several places at once are worked out for one area at a time."),
            where=", ".join(area.name for area in areas),
            remedy=T("Give one area with `--portfolio`; other built areas near it count along as demand."),
        )
    scored = {area.id: score_area(area, table, profile) for area in areas}
    found = {area.id: _suggest(area, scored[area.id], n, vacant) for area in areas}
    hours = {a.id: share for a in areas if (share := hours_share(a, profile.hours)) is not None}
    answer = Answer(profile, areas, several, tuple(arguments.get("not_built", ())), found, _together(found, n), hours)
    if len(areas) > 1 and (apart := relative(profile)):
        answer = replace(
            answer,
            more_notes=(
                T(
                    "Part of the score only ranks places within one town, and is not alike between towns: {layers}.",
                    layers=listed([layer_named(layer).title for layer in apart]),
                ),
            ),
        )
    if wanted:
        own_list = arguments.get("own_shops")
        chosen = _portfolio(areas[0], scored[areas[0].id], vacant, wanted, arguments.get("apart_m", 0.0), own_list)
        answer = replace(answer, together=chosen)
    if k:
        alike, said = _look_alikes(areas, scored, table, arguments, data_dir)
        answer = replace(answer, alike=alike, more_notes=(*answer.more_notes, *said))
    return answer


def unknown_figures(profile: ScoringProfile, found: Suggestions) -> list[Text]:
    """How many units a limit on floor area or rent lets through because theirs is not known."""
    limits, unknown = profile.limits, found.unknown
    told = []
    sized = limits.min_floor_area_m2 is not None or limits.max_floor_area_m2 is not None
    if sized and not limits.known_floor_area_only and (n := unknown.get("floor_area_m2", 0)):
        told.append(
            T("{unknown} of {all} units: floor area not known; they are not ruled out, unless with "
              "--known-floor-area-only.", unknown=n, all=found.fitting)
        )  # fmt: skip
    dear = limits.max_rent_eur_per_year is not None
    if dear and not limits.known_rent_only and (n := unknown.get("rent_eur_per_year", 0)):
        told.append(
            T("{unknown} of {all} units: rent not known; they are not ruled out, unless with --known-rent-only.",
              unknown=n, all=found.fitting)
        )  # fmt: skip
    return told


def _suggest(area: Area, scored: Scored, n: int, vacant: bool) -> Suggestions:
    intervals = known_intervals(area, footfall_with_own(area))
    return suggest(area, scored, n=n, vacant=vacant, intervals=intervals)


def area_ids(arguments: Arguments) -> list[str]:
    """The areas that were asked for and are built."""
    return list(arguments["areas"]) if "areas" in arguments else [arguments["area"]]


def _together(found: Mapping[str, Suggestions], n: int) -> tuple[tuple[str, Suggestion], ...]:
    """The n best of all areas, ranked anew; ties go to the area named first, then its own order."""
    every = [(area, site) for area, answer in found.items() for site in answer.sites]
    best = sorted(every, key=lambda item: -item[1].score)[:n]
    return tuple(
        (area, replace(site, rank=rank, others=tuple(replace(o, rank=rank) for o in site.others)))
        for rank, (area, site) in enumerate(best, start=1)
    )


def _portfolio(
    area: Area, scored: Scored, vacant: bool, n: int, apart_m: float, own_list: str | Path | None
) -> Portfolio:
    choice = suggest(area, scored, n=MOST_CANDIDATES, vacant=vacant)
    sites = _named(area, [s.site for s in choice.sites])
    own = None if own_list is None else near(network_around(area, Path(own_list), area.data_dir).shops, area)
    made = market_of(area, scored.profile.branch, sites, area.data_dir, own=own)
    found = portfolio(made.market, sites, n, own=sorted(made.own.values()), apart_m=apart_m)
    return replace(found, notes=(*considered(choice.fitting, len(sites)), *found.notes))


def _named(area: Area, sites: Sequence[Site]) -> list[NamedSite]:
    if not sites:
        return []
    to_metres = pyproj.Transformer.from_crs(4326, area.study.crs, always_xy=True)
    x, y = to_metres.transform([s.lng for s in sites], [s.lat for s in sites])
    return [NamedSite(s, float(east), float(north)) for s, east, north in zip(sites, x, y, strict=True)]


def _look_alikes(
    areas: Sequence[Area], scored: Mapping[str, Scored], table: BranchTable, arguments: Arguments, data_dir: Path
) -> tuple[tuple[tuple[str, LookAlike], ...], list[Text]]:
    profile = scored[areas[0].id].profile
    built = all_areas(areas, data_dir)
    network = own_network(built, Path(arguments["own_shops"]), table, data_dir)
    best = best_shops(network.of_branch(profile.branch), arguments["like_best"], Best(arguments["best_by"]))
    model = examples(best, built, [area.id for area in areas], table, profile)
    n, vacant = arguments["n"], arguments["vacant"]
    found = [(a.id, one) for a in areas for one in look_alikes(a, scored[a.id], model, n=n, vacant=vacant)]
    notes = [note for note in (fewer_known(len(best), arguments["like_best"]), model.note) if note is not None]
    return tuple(ranked(found, n)), notes


def all_areas(areas: Sequence[Area], data_dir: Path) -> list[Area]:
    """These areas first, then every other one that can be opened: where own shops are looked for."""
    mine = {area.id for area in areas}
    return [*areas, *(area for area in built_areas(Store(data_dir), areas[0]) if area.id not in mine)]


def _kept(answer: Answer) -> Results:
    """The answer as a decision file holds it, notes in every language."""
    return answer.as_json(lambda note: {code: note.to(code) for code in LANGUAGES})


def _read(arguments: Arguments, data_dir: Path) -> list[str]:
    """The areas that matter: every built one where demand, or own shops, come from all around."""
    mine = area_ids(arguments)
    if arguments.get("portfolio") or arguments.get("like_best"):
        mine += [i for i in Store(data_dir).ids() if i not in mine]
    return mine


DECISION = Command("suggest", suggested, _kept, areas=_read, files=("own_shops",), counted=True)
"""The places for the profile as it was decided on, weights learned and own shops placed back then."""
