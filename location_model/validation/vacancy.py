"""How well vacancy risk tells vacant from occupied units, on ground it has not seen, and what may be claimed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import binomtest, rankdata

from geodata.language import LANGUAGES, T, Text
from geodata.store import Area
from location_model.vacancy_risk import NEIGHBOURHOODS, Flags, Units, predicted, units_of
from location_model.validation.statistics import Estimate, Floats, Ints, bootstrap, spatial_blocks

BLOCKS, SEEDS = 8, 10
EDGES = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 1.0)
"""Classes of predicted probability in which promised and observed vacancy are compared."""

LEAST_SHARE = 0.03
"""Below this share of vacant units the record is likelier incomplete than the town full: 6–8 % is healthy friction."""

CHANCE = 0.5


@dataclass(frozen=True)
class Bin:
    """Units with a predicted probability in [start, end): their number, mean prediction and share that is vacant.

    low, high: Wilson's 95 % interval of the observed share.
    """

    start: float
    end: float
    n: int
    predicted: float
    observed: float
    low: float
    high: float

    def as_json(self) -> dict[str, float | int]:
        """The bin, shares to four digits."""
        shares = {name: round(getattr(self, name), 4) for name in ("predicted", "observed", "low", "high")}
        return {"from": self.start, "to": self.end, "n": self.n, **shares}


@dataclass(frozen=True)
class Skill:
    """How good one way of telling is: medians over the block seeds, and their spread (lowest, highest).

    auc: share of pairs of a vacant and an occupied unit in which the vacant one has the higher probability, ties
    half; its 95 % interval draws neighbourhoods, for the seed in the middle. auc_within_blocks: pairs of one block
    only, what is left when telling one part of town from another does not count. brier: mean squared error of the
    probability; brier_skill: 1 − brier / that of the town's share (Brier 1950). reliability: of the middle seed.
    """

    auc: Estimate
    auc_within_blocks: float
    brier: float
    brier_skill: float
    reliability: tuple[Bin, ...]
    auc_spread: tuple[float, float]
    brier_skill_spread: tuple[float, float]

    @property
    def beats_chance(self) -> bool:
        """Whether the whole interval of the AUC lies above one half."""
        return self.auc.low > CHANCE

    def as_json(self) -> dict[str, Any]:
        """The figures without the spread over seeds."""
        return {
            "auc": self.auc.as_json(),
            "auc_within_blocks": round(self.auc_within_blocks, 4),
            "brier": round(self.brier, 4),
            "brier_skill": round(self.brier_skill, 4),
            "reliability": [b.as_json() for b in self.reliability],
        }


@dataclass(frozen=True)
class VacancyReport:
    """Vacancy risk on one area: without and with neighbours' vacancy, and that vacancy alone with nothing fitted.

    difference: AUC with neighbours minus without, same units and blocks. densest: the block with most vacant units,
    as its share of all units and its share of the vacant ones.
    """

    n: int
    vacant: int
    without_neighbours: Skill
    with_neighbours: Skill
    neighbour_share: Skill
    difference: Estimate
    densest: tuple[float, float]
    claim: Text

    def as_json(self) -> dict[str, Any]:
        """As `validate vacancy --json` prints it."""
        forms = {name: getattr(self, name) for name in ("without_neighbours", "with_neighbours", "neighbour_share")}
        spread = {
            name: {
                "auc": [round(x, 4) for x in skill.auc_spread],
                "brier_skill": [round(x, 4) for x in skill.brier_skill_spread],
            }
            for name, skill in forms.items()
        }
        return {
            "n": self.n,
            "vacant": self.vacant,
            **{name: skill.as_json() for name, skill in forms.items()},
            "difference": self.difference.as_json(),
            "densest_block": {"units": round(self.densest[0], 4), "vacant": round(self.densest[1], 4)},
            "seeds": {"n": SEEDS, "blocks": BLOCKS, **spread},
            "claim": {language: self.claim.to(language) for language in LANGUAGES},
        }


def validate_vacancy(area: Area, *, seed: int = 0) -> VacancyReport:
    """Vacancy risk tested on an area: 8 spatial blocks, each predicted from the other seven, over 10 seeds of blocks.

    With neighbours, their states are known in the tested block too, as after a survey of the street; only a unit's own
    state is hidden. GeodataError below 30 vacant or 30 occupied units.
    """
    units = units_of(area)
    divisions = [spatial_blocks(units.xy, BLOCKS, seed=seed * SEEDS + k, starts=1) for k in range(SEEDS)]
    neighbourhoods = spatial_blocks(units.xy, NEIGHBOURHOODS, seed=seed)
    without, plain = _tested(units, divisions, neighbourhoods, seed, with_neighbours=False)
    with_, informed = _tested(units, divisions, neighbourhoods, seed, with_neighbours=True)
    share = units.neighbour_share(float(units.vacant.mean()))
    alone = _skill(units.vacant, [share] * SEEDS, divisions, neighbourhoods, seed)
    difference = bootstrap(
        lambda vacant, a, b: auc(vacant, a) - auc(vacant, b),
        units.vacant, informed, plain, groups=neighbourhoods, seed=seed,
    )  # fmt: skip
    first = divisions[0]
    most = np.argmax(np.bincount(first, weights=units.vacant))
    densest = float((first == most).mean()), float((first == most)[units.vacant].mean())
    claim = _claim(units, without, with_, densest)
    return VacancyReport(len(units.vacant), int(units.vacant.sum()), without, with_, alone, difference, densest, claim)


def usable_form(report: Mapping[str, Any]) -> str | None:
    """The form of the model that beats chance by a report as JSON: with neighbours first; None where neither does."""
    return next((f for f in ("with_neighbours", "without_neighbours") if report[f]["auc"][1] > CHANCE), None)


def out_of_blocks(units: Units, blocks: Ints, *, with_neighbours: bool) -> Floats:
    """Each unit's probability by a regression that saw no unit of its block."""
    found = np.empty(len(blocks))
    for block in np.unique(blocks):
        inside, outside = np.flatnonzero(blocks == block), np.flatnonzero(blocks != block)
        found[inside] = predicted(units, outside, inside, with_neighbours=with_neighbours)
    return found


def auc(vacant: Flags, score: npt.NDArray[Any]) -> float:
    """Area under the ROC curve: Mann–Whitney's U as a share of the pairs, ties half; NaN with one class only."""
    pairs = _pairs(vacant)
    return _wins(vacant, score) / pairs if pairs else float("nan")


def _tested(
    units: Units, divisions: list[Ints], neighbourhoods: Ints, seed: int, *, with_neighbours: bool
) -> tuple[Skill, Floats]:
    """The skill, and the probabilities over the first blocks."""
    found = [out_of_blocks(units, blocks, with_neighbours=with_neighbours) for blocks in divisions]
    return _skill(units.vacant, found, divisions, neighbourhoods, seed), found[0]


def _skill(vacant: Flags, found: list[Floats], divisions: list[Ints], neighbourhoods: Ints, seed: int) -> Skill:
    areas = np.array([auc(vacant, p) for p in found])
    briers = np.array([np.mean((p - vacant) ** 2) for p in found])
    skills = 1 - briers / np.mean((vacant.mean() - vacant) ** 2)
    middle = int(np.argsort(areas, kind="stable")[len(areas) // 2])
    interval = bootstrap(auc, vacant, found[middle], groups=neighbourhoods, seed=seed)
    return Skill(
        auc=Estimate(float(np.median(areas)), interval.low, interval.high),
        auc_within_blocks=float(np.median([_within(vacant, *pair) for pair in zip(found, divisions, strict=True)])),
        brier=float(np.median(briers)),
        brier_skill=float(np.median(skills)),
        reliability=reliability(vacant, found[middle]),
        auc_spread=(float(areas.min()), float(areas.max())),
        brier_skill_spread=(float(skills.min()), float(skills.max())),
    )


def reliability(vacant: Flags, probability: Floats) -> tuple[Bin, ...]:
    """Promised against observed vacancy by class of probability; empty classes are left out."""
    which = np.clip(np.digitize(probability, EDGES) - 1, 0, len(EDGES) - 2)
    bins = []
    for k in np.unique(which):
        own = which == k
        n, empty = int(own.sum()), int(vacant[own].sum())
        wilson = binomtest(empty, n).proportion_ci(method="wilson")
        bins.append(Bin(EDGES[k], EDGES[k + 1], n, float(probability[own].mean()), empty / n, wilson.low, wilson.high))
    return tuple(bins)


def _within(vacant: Flags, probability: Floats, blocks: Ints) -> float:
    parts = [(vacant[blocks == b], probability[blocks == b]) for b in np.unique(blocks)]
    pairs = sum(_pairs(v) for v, _ in parts)
    return sum(_wins(v, p) for v, p in parts) / pairs if pairs else float("nan")


def _pairs(vacant: Flags) -> int:
    return int(vacant.sum()) * int((~vacant).sum())


def _wins(vacant: Flags, score: npt.NDArray[Any]) -> float:
    n = int(vacant.sum())
    return float(rankdata(score)[vacant].sum() - n * (n + 1) / 2)


def _claim(units: Units, without: Skill, with_: Skill, densest: tuple[float, float]) -> Text:
    sentences = [_without(without.auc, useful=without.beats_chance), _with(with_.auc, useful=with_.beats_chance)]
    if units.vacant.mean() < LEAST_SHARE:
        sentences.append(T("So few units are on record as vacant that some are probably missing."))
    if any(skill.beats_chance and skill.brier_skill <= 0 for skill in (without, with_)):
        sentences.append(T("As probabilities the figures are no better than the town's average: read the order only."))
    if densest[1] >= CHANCE:
        vacant, units_there = (round(100 * x) for x in reversed(densest))
        sentences.append(
            T(
                "{vacant} % of the vacant units stand in one part of town with {units} % of all units: part of the "
                "skill is telling that part from the rest.",
                vacant=vacant,
                units=units_there,
            )
        )
    claim = sentences[0]
    for sentence in sentences[1:]:
        claim = T("{first} {second}", first=claim, second=sentence)
    return claim


def _without(auc: Estimate, *, useful: bool) -> Text:
    figures = _percent(auc)
    if useful:
        return T(
            "Of a vacant and an occupied unit it has not seen, the model gives the vacant one the higher risk in "
            "{value} % of cases (between {low} and {high} %; 50 % is chance).",
            **figures,
        )
    return T(
        "The model cannot tell vacant from occupied units here: {value} % of pairs right (between {low} and {high} %; "
        "50 % is chance). Do not use its figures.",
        **figures,
    )


def _with(auc: Estimate, *, useful: bool) -> Text:
    figures = _percent(auc)
    if useful:
        return T("Where the vacancy next door is known: {value} % (between {low} and {high} %).", **figures)
    return T("Nor does knowing the vacancy next door help enough: {value} % (between {low} and {high} %).", **figures)


def _percent(auc: Estimate) -> dict[str, int]:
    return {"value": round(100 * auc.value), "low": round(100 * auc.low), "high": round(100 * auc.high)}
