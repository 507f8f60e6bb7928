"""`python benchmarks/lausanne.py FOLDER [--json]`: footfall on real counts, streets held out.

Counters of two-hour counts on a Thursday and a Saturday, on a walking network with 25 places that draw people; shops
are not known. One feature, chosen in advance: the accessibility of those places on the network, Σ w·exp(−d / 400 m),
the middle of the distances people walk to shops and stops; the station, which the whole region uses, weighs six.
Everything is calibrated as the product does it. Other weights and distances are shown as they fell, not chosen from.
"""

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a script, from anywhere

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from rich.console import Console
from rich.table import Table
from sklearn.linear_model import LinearRegression
from sklearn.metrics import ndcg_score

from geodata.network.graph import Network, Snapped, build_network
from geodata.network.reach import Need, Opportunities, reach
from location_model.calibration import calibrate, mean_only
from location_model.validation.footfall import leave_one_out, skill
from location_model.validation.statistics import spatial_blocks

Floats = npt.NDArray[np.float64]

STATION, STATION_WEIGHT, DECAY_M = "Gare", 6.0, 400.0
HOURS = 2.0
SEEDS, BLOCKS = range(20), 6
DRAWS, KS = 300, (1, 3, 5, 10)
TARGETS = {"rank_correlation": 0.57, "r2": 0.19, "coverage": (0.75, 0.88)}


@dataclass(frozen=True, eq=False)
class Lausanne:
    """The network, its lines with centralities, what draws people, and the counters.

    at: the lines each counter counts. persons: a mean of its hours, by counter. xy: where it hangs.
    """

    network: Network
    lines: gpd.GeoDataFrame
    places: gpd.GeoDataFrame
    at: list[npt.NDArray[np.int64]]
    persons: Floats
    xy: Floats

    def seen(self, by_line: Floats) -> Floats:
        """A value by line as the mean of the lines a counter counts."""
        return np.array([by_line[rows].mean() for rows in self.at])

    def accessibility(self, decay_m: float, station: float) -> Floats:
        """What each counter has around it; the index before calibration."""
        network, xy = self.network, np.column_stack([self.places.geometry.x, self.places.geometry.y])
        weight = np.where(self.places["lieu"] == STATION, station, 1.0)
        every = Snapped(np.arange(network.n_nodes, dtype=np.int32), np.zeros(network.n_nodes, np.int32))
        need = Need("places", min(4000.0, 8 * decay_m), decay_m)
        given = {"places": Opportunities(network.snap(xy, within_m=500.0), weight)}
        at_node = reach(network, network.arc_mm, given, [need], every)[need]
        at_edge = (at_node[network.edge_u] + at_node[network.edge_v]) / 2
        total = np.bincount(network.edge_line, weights=at_edge * network.edge_mm, minlength=len(self.lines))
        return self.seen(total / np.bincount(network.edge_line, weights=network.edge_mm, minlength=len(self.lines)))


def load(folder: Path) -> Lausanne:
    """Read the folder; counters that join no segment or never counted are left out, gaps follow the mean profile."""
    counts = pd.read_csv(folder / "comptages.csv", sep=";", decimal=",", encoding="utf-8-sig", index_col="compteur")
    lines, places = gpd.read_file(folder / "reseau.gpkg"), gpd.read_file(folder / "poles.gpkg")
    whole = counts.dropna()
    share = whole.sum() / whole.to_numpy().sum()
    persons = counts.sum(axis=1, min_count=1) / (counts.notna() * share).sum(axis=1) / (HOURS * counts.shape[1])
    names = [n for n in counts.index if persons[n] > 0 and (lines["compteur"] == n).any()]
    at = [np.flatnonzero(lines["compteur"] == n) for n in names]
    middle = lines.geometry.interpolate(0.5, normalized=True)
    points = np.column_stack([middle.x, middle.y])
    xy = [np.asarray(line.coords)[:, :2] for line in lines.geometry]
    _, node = np.unique(np.rint(np.vstack(xy) * 10).astype(np.int64), axis=0, return_inverse=True)
    ids = np.split(node, np.cumsum([len(p) for p in xy])[:-1])
    where = np.array([points[rows].mean(axis=0) for rows in at])
    return Lausanne(build_network(ids, xy), lines, places, at, persons[names].to_numpy(), where)


def indices(data: Lausanne) -> dict[str, Floats]:
    """The model, variants of it that were not chosen, and the baselines; all positive, all larger = busier."""
    station = data.places.geometry[data.places["lieu"] == STATION].iloc[0]
    to_station = np.hypot(*(data.xy - [station.x, station.y]).T)
    away = np.hypot(*(data.xy[:, None] - np.column_stack([data.places.geometry.x, data.places.geometry.y])).T).T
    lines = data.lines
    return {
        "model: accessibility 400 m, station × 6": data.accessibility(DECAY_M, STATION_WEIGHT),
        "variant: 300 m": data.accessibility(300.0, STATION_WEIGHT),
        "variant: 600 m": data.accessibility(600.0, STATION_WEIGHT),
        "variant: station × 1": data.accessibility(DECAY_M, 1.0),
        "mean": np.ones(len(data.persons)),
        "distance to station": 1 / (to_station + 50),
        "kernel 150 m (25 places, no shops)": np.exp(-((away / 150) ** 2) / 2).sum(axis=1) + 1e-6,
        "betweenness 1000 m": data.seen(lines["met_choice_1000"].to_numpy()) + 1,
        "closeness 1000 m": 1 / data.seen(lines["met_meandepth_1000"].to_numpy()),
        "closeness": 1 / data.seen(lines["met_meandepth"].to_numpy()),
    }


def in_blocks(index: Floats, data: Lausanne) -> dict[str, Any]:
    """Each block estimated from the others, pooled; median over the seeds of the blocks, with the spread."""
    found = []
    for seed in SEEDS:
        block = spatial_blocks(data.xy, BLOCKS, seed=seed)
        calibrated, line = np.empty((3, len(index))), np.empty(len(index))
        for b in range(block.max() + 1):
            out, rest = block == b, block != b
            calibrated[:, out] = calibrate(index[rest], data.persons[rest]).predict(index[out])
            least_squares = LinearRegression().fit(np.log(index[rest, None]), np.log(data.persons[rest]))
            line[out] = np.exp(least_squares.predict(np.log(index[out, None])))
        ours, plain = (skill(data.persons, v, *calibrated[1:], resamples=1) for v in (calibrated[0], line))
        rank, plain_rank = ours.rank_correlation.value, plain.rank_correlation.value
        found.append((rank, ours.r2, ours.within_2, ours.coverage, plain_rank, plain.r2))
    names = ("rank_correlation", "r2", "within_2", "coverage", "rank_correlation_least_squares", "r2_least_squares")
    return {n: [float(q) for q in np.quantile(v, [0.5, 0, 1])] for n, v in zip(names, np.transpose(found), strict=True)}


def buffered(index: Floats, data: Lausanne) -> dict[str, Any]:
    """Each counter estimated from those more than 300 m away."""
    table = gpd.GeoDataFrame(
        {"counter": np.arange(len(index)).astype(str), "persons_per_day": data.persons, "log_variance": 0.0},
        geometry=gpd.points_from_xy(*data.xy.T),
    ).assign(half_person_per_day=0.5)
    found = leave_one_out(index, table)
    rank = skill(found["counted"], found["estimated"], found["low"], found["high"])
    rng, given = np.random.default_rng(0), found["counted"].to_numpy()[None]
    chance = np.mean([ndcg_score(given, rng.permutation(given[0])[None], k=10) for _ in range(500)])
    top = ndcg_score(given, found["estimated"].to_numpy()[None], k=10)
    return {**rank.as_json(), "ndcg10": float(top), "ndcg10_chance": float(chance)}


def with_few(index: Floats, data: Lausanne, draws: int = DRAWS) -> dict[int, dict[str, float]]:
    """Calibrated with k counters drawn at random, tried on the rest."""
    rng, table = np.random.default_rng(0), {}
    for k in KS:
        hits = []
        for _ in range(draws):
            chosen = np.zeros(len(index), bool)
            chosen[rng.choice(len(index), k, replace=False)] = True
            y = data.persons[~chosen]
            value, low, high = calibrate(index[chosen], data.persons[chosen]).predict(index[~chosen])
            mean = mean_only(data.persons[chosen])
            held, wide = np.mean((y >= low) & (y <= high)), np.median(high / low) ** 0.5
            hits.append((_within_2(value, y), _within_2(mean, y), held, wide))
        names = ("within_2", "within_2_mean_only", "coverage", "interval_factor")
        table[k] = dict(zip(names, np.mean(hits, axis=0).tolist(), strict=True))
    return table


def _within_2(estimate: Floats | float, y: Floats) -> float:
    return float(np.mean(np.abs(np.log(estimate / y)) <= np.log(2)))


def report(folder: Path) -> dict[str, Any]:
    """All figures, as JSON has them."""
    data = load(folder)
    tried = indices(data)
    model = tried["model: accessibility 400 m, station × 6"]
    return {
        "counters": len(data.persons),
        "targets": TARGETS,
        "blocks": {name: in_blocks(index, data) for name, index in tried.items()},
        "leave_one_out": {name: buffered(index, data) for name, index in tried.items()},
        "k_counters": with_few(model, data),
    }


def show(found: dict[str, Any], console: Console) -> None:
    """Print the figures beside the targets."""
    title = f"{found['counters']} counters, {BLOCKS} blocks left out, {len(SEEDS)} seeds: median (least – most)"
    blocks = Table("index", "ρ", "R²", "within × 2", "coverage", "ρ, R² least squares", title=title)
    for name, f in found["blocks"].items():
        shown = [_spread(f[c]) for c in ("rank_correlation", "r2", "within_2", "coverage")]
        plain = f"{f['rank_correlation_least_squares'][0]:.2f}, {f['r2_least_squares'][0]:.2f}"
        blocks.add_row(name, *shown, plain)
    blocks.caption = f"targets: ρ ≥ {TARGETS['rank_correlation']}, R² ≥ {TARGETS['r2']}"
    columns = ("index", "ρ [95 %]", "R²", "within × 2", "median error", "coverage", "NDCG@10 (chance)")
    single = Table(*columns, title="each counter left out with all within 300 m")
    for name, f in found["leave_one_out"].items():
        value, low, high = (float("nan") if x is None else x for x in f["rank_correlation"])
        shown = [f"{f[c]:.2f}" for c in ("r2", "within_2", "median_error", "coverage")]
        top = f"{f['ndcg10']:.2f} ({f['ndcg10_chance']:.2f})"
        single.add_row(name, f"{value:.2f} [{low:.2f}, {high:.2f}]", *shown, top)
    title = f"calibrated with k counters, {DRAWS} draws; target: coverage .75 – .88"
    few = Table("k", "within × 2", "mean only", "coverage of 80 %", "interval ×/÷", title=title)
    for k, f in found["k_counters"].items():
        shown = [f"{f[c]:.2f}" for c in ("within_2", "within_2_mean_only", "coverage")]
        few.add_row(str(k), *shown, f"{f['interval_factor']:.1f}")
    for table in (blocks, single, few):
        console.print(table)


def _spread(given: list[float]) -> str:
    return f"{given[0]:.2f} ({given[1]:.2f} – {given[2]:.2f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="comptages.csv, reseau.gpkg and poles.gpkg")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    asked = parser.parse_args()
    if missing := [n for n in ("comptages.csv", "reseau.gpkg", "poles.gpkg") if not (asked.folder / n).exists()]:
        sys.exit(f"{asked.folder} lacks {', '.join(missing)}.")
    found = report(asked.folder)
    if asked.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        show(found, Console(width=None if sys.stdout.isatty() else 160))


if __name__ == "__main__":
    main()
