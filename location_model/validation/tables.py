"""A report as a table, for the command line and pages: a row an estimate, the model first, then what it must beat."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from babel.numbers import format_decimal

from geodata.language import LOCALES, T, Text

NOT_KNOWN = "–"
Figures = float | Sequence[float | None] | None
Table = tuple[list[str], list[list[str]]]

FOOTFALL: Mapping[str, Text] = {
    "model": T("footfall index"),
    "accessibility": T("accessibility index"),
    "flow": T("flow index"),
    "premises_150m": T("premises within 150 m"),
    "betweenness_500m": T("betweenness within 500 m"),
    "mean": T("average of the counters"),
}
SITES: Mapping[str, Text] = {
    "model": T("branch suitability"),
    "jensen": T("co-location (Jensen)"),
    "density": T("premises within 150 m"),
    "permutation": T("branches shuffled"),
}
VACANCY: Mapping[str, Text] = {
    "without_neighbours": T("without the vacancy next door"),
    "with_neighbours": T("with the vacancy next door"),
    "neighbour_share": T("the vacancy next door alone"),
}
"""What the estimates of a report are called."""


def footfall(report: Mapping[str, Any], language: str) -> Table:
    """The index and simpler ones, each calibrated alike on the other counters."""
    heads = (
        T("Right order"), T("Rank correlation"), T("Within ×2"), T("R² (log)"),
        T("In the 80 % interval"), T("Width ×/÷"),
    )  # fmt: skip
    rows = {}
    for key, s in {"model": report["model"], **report["baselines"]}.items():
        order = [percent(s["pairs"], language), figure(s["rank_correlation"], language)]
        if key == "mean":  # one value everywhere has no order: what is left of it comes from leaving out
            order = [NOT_KNOWN, NOT_KNOWN]
        rows[key] = [
            *order,
            percent(s["within_2"], language),
            figure(s["r2"], language),
            percent(s["coverage"], language),
            figure(s["interval_factor"], language, digits=1),
        ]
    return _table(FOOTFALL, heads, rows, language)


def sites(report: Mapping[str, Any], language: str) -> Table:
    """Where the true place ends up among all places: 100 is first, 50 is chance."""
    heads = T("Rank of the true place, 0–100"), T("In the first tenth"), T("In the first fifth")
    rows = {
        key: [
            figure(report[key].get("percentile"), language, digits=1, times=100),
            *(percent(report[key].get(share), language) for share in ("acc10", "acc20")),
        ]
        for key in SITES
        if key in report
    }
    return _table(SITES, heads, rows, language)


def vacancy(report: Mapping[str, Any], language: str) -> Table:
    """With and without neighbours' vacancy, and that vacancy alone with nothing fitted."""
    heads = T("Right order (AUC)"), T("Inside one part of town"), T("Brier score"), T("Brier skill")
    rows = {
        key: [
            percent(report[key]["auc"], language),
            percent(report[key]["auc_within_blocks"], language),
            figure(report[key]["brier"], language, digits=3),
            figure(report[key]["brier_skill"], language),
        ]
        for key in VACANCY
    }
    return _table(VACANCY, heads, rows, language)


TABLES: Mapping[str, Callable[[Mapping[str, Any], str], Table]] = {
    "footfall": footfall,
    "sites": sites,
    "vacancy": vacancy,
}


def figure(value: Figures, language: str, *, digits: int = 2, times: float = 1.0, unit: str = "") -> str:
    """A number, or value (low – high), as the language writes it; – where it is not known."""
    if value is None:
        return NOT_KNOWN
    if isinstance(value, int | float):
        pattern = "0." + "0" * digits if digits else "0"
        return str(format_decimal(times * value, format=pattern, locale=LOCALES[language])) + unit
    first, low, high = (figure(x, language, digits=digits, times=times) for x in value)
    return f"{first}{unit} ({low} – {high})"


def percent(share: Figures, language: str) -> str:
    """A share 0–1, or share (low – high), as whole percentages; – where it is not known."""
    return figure(share, language, digits=0, times=100.0, unit=" %")


def _table(names: Mapping[str, Text], heads: Sequence[Text], rows: Mapping[str, Sequence[str]], language: str) -> Table:
    titles = [T("Estimate").to(language), *(head.to(language) for head in heads)]
    return titles, [[names[key].to(language) if key in names else key, *cells] for key, cells in rows.items()]
