"""Reports of tests as they are kept, small enough to read: figures made up, forms as the library gives them."""

import json
from pathlib import Path
from typing import Any

from geodata.store import Area
from location_model.validation import reports

CLAIM = {"nl": "Dit mag beweerd worden.", "en": "This may be claimed."}


def skill(pairs: float) -> dict[str, Any]:
    """One estimate of footfall."""
    return {
        "n": 4, "rank_correlation": [0.8, 0.51, 0.94], "r2": 0.42, "pairs": pairs, "within_2": 0.5,
        "median_error": 0.4, "coverage": 0.75, "interval_factor": 3.5,
    }  # fmt: skip


FOOTFALL = {
    "area": "squareville",
    "n": 4,
    "buffer_m": 300.0,
    "model": skill(0.84),
    "baselines": {"premises_150m": skill(0.77), "mean": skill(0.16)},
    "scatter": [
        {"counter": "Markt", "counted": 9800.4, "estimated": 4900.2, "low": 1300.0, "high": 18000.0, "counters": 3},
        {"counter": "Ring", "counted": 400.0, "estimated": 1600.0, "low": 500.0, "high": 6000.0, "counters": 3},
        {"counter": "Steeg", "counted": 12.0, "estimated": 40.0, "low": 10.0, "high": 150.0, "counters": 3},
        {"counter": "Ver", "counted": 300.0, "estimated": None, "low": None, "high": None, "counters": 0},
    ],
    "notes": [{"nl": "Een teller hangt te ver van de straat.", "en": "A counter hangs too far from the street."}],
    "claim": CLAIM,
}


def form(auc: list[float]) -> dict[str, Any]:
    """One form of vacancy risk."""
    bins = [
        {"from": 0.0, "to": 0.05, "n": 80, "predicted": 0.03, "observed": 0.05, "low": 0.02, "high": 0.12},
        {"from": 0.2, "to": 0.3, "n": 1020, "predicted": 0.25, "observed": 0.24, "low": 0.2, "high": 0.29},
    ]
    return {"auc": auc, "auc_within_blocks": 0.63, "brier": 0.1368, "brier_skill": 0.0813, "reliability": bins}


VACANCY = {
    "n": 1100,
    "vacant": 249,
    "without_neighbours": form([0.72, 0.66, 0.76]),
    "with_neighbours": form([0.75, 0.69, 0.79]),
    "neighbour_share": form([0.73, 0.64, 0.77]),
    "difference": [0.031, -0.01, 0.061],
    "claim": CLAIM,
}


def found(percentile: float, tenth: float, fifth: float) -> dict[str, Any]:
    """Where true places end up."""
    return {
        "percentile": [percentile, percentile - 0.02, percentile + 0.02],
        "acc10": [tenth, tenth - 0.03, tenth + 0.03],
        "acc20": [fifth, fifth - 0.03, fifth + 0.03],
    }


SITES = {
    "n": 60,
    "model": found(0.703, 0.3, 0.47),
    "jensen": found(0.63, 0.22, 0.39),
    "density": found(0.5, 0.1, 0.2),
    "difference": [0.072, 0.057, 0.088],
    "permutation": found(0.497, 0.1, 0.2),
    "branches": [
        {"branch": "bakery", "n": 22, "model": [0.55, 0.42, 0.66], "jensen": [0.5, 0.4, 0.6], "claimed": False},
        {"branch": "vehicles", "n": 38, "model": [0.88, 0.8, 0.93], "jensen": [0.85, 0.8, 0.9], "claimed": True},
    ],
    "claim": CLAIM,
}


REPORTS = {"footfall": FOOTFALL, "sites": SITES, "vacancy": VACANCY}


def keep(test: str, area: Area, data_dir: Path, **outcome: Any) -> Path:
    """Put a report, or a refusal, where the pages look for it."""
    path = data_dir / "validation" / area.id / area.version / f"{test}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    told = {"format": reports.FORMAT, "made_at": "2026-11-23T10:00:00+00:00", "seconds": 4.2, **outcome}
    path.write_text(json.dumps(told), "utf-8")
    return path
