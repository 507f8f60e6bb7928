"""The peers' side: runs in an environment of its own, reads arrays from one file and writes arrays to another.

    python peers.py PEER INPUT.npz OUTPUT.npz REPEATS

Input: xy (metres), edge_u, edge_v, edge_m, and for each job i: node<i>, column<i>, weight<i> (a row a point),
limits<i> (metres), steepness<i> (s: a weight falls as exp(-s · distance / limit); 0: it does not fall), kind<i>; for
kind "demand" column<i> tells origins ("o") from destinations ("d").
Output: version, cpu_s, wall_s, and sums<i> with the axes steepness × column × limit × node.
This file imports nothing of Kernwijzer.
"""

import os
import sys
import time
from collections.abc import Callable
from importlib.metadata import version

os.environ.setdefault("CITYSEER_QUIET_MODE", "true")

import numpy as np

Arrays = dict[str, np.ndarray]


def jobs(given: Arrays) -> list[Arrays]:
    names = ("node", "column", "weight", "limits", "steepness", "kind")
    count = sum(name.startswith("node") for name in given)
    return [{name: given[f"{name}{i}"] for name in names} for i in range(count)]


def cityseer(given: Arrays) -> list[Callable[[], np.ndarray]]:
    """Building the network and assigning points to it are not counted; each job is one traversal.

    kind "count": land-use accessibility, its fastest way to count; "sum": its weighted statistics; "demand": trips of
    origins shared over destinations, laid on shortest ways.
    """
    from cityseer import rustalgos

    xy = given["xy"]
    network = rustalgos.graph.NetworkStructure()
    for i, (x, y) in enumerate(xy):
        network.add_street_node(str(i), x, y, True, 1.0)
    for k, (u, v) in enumerate(zip(given["edge_u"], given["edge_v"], strict=True)):
        for a, b in ((u, v), (v, u)):
            line = f"LINESTRING ({xy[a][0]} {xy[a][1]}, {xy[b][0]} {xy[b][1]})"
            network.add_street_edge(int(a), int(b), k, str(a), str(b), line)
    network.validate()
    network.build_edge_rtree()

    def job(asked: Arrays) -> Callable[[], np.ndarray]:
        points = rustalgos.data.DataMap()
        for i, node in enumerate(asked["node"]):
            points.insert(i, f"POINT ({xy[node][0]} {xy[node][1]})")
        points.assign_data_to_network(network, 100.0, 50)
        limits, decays = [int(m) for m in asked["limits"]], [f"exp(-{s:g} * p)" for s in asked["steepness"]]
        columns = [str(c) for c in np.unique(asked["column"])]

        def count() -> np.ndarray:
            kinds = {i: str(c) for i, c in enumerate(asked["column"])}
            found = points.accessibility_decays(network, kinds, columns, decays, distances=limits, pbar_disabled=True)
            return np.array([[[r.result[c].count[m] for m in limits] for c in columns] for r in found])

        def total() -> np.ndarray:
            maps = [{i: float(w) for i, w in enumerate(asked["weight"])}]
            found = points.stats_decays(network, maps, decays, distances=limits, measures=["sum"], pbar_disabled=True)
            return np.array([[[s.sum[m] for m in limits] for s in r.result] for r in found])

        def demand() -> np.ndarray:
            ends = []
            for end in ("o", "d"):
                rows = asked["column"] == end
                there = rustalgos.data.DataMap()
                for i, node in enumerate(asked["node"][rows]):
                    there.insert(i, f"POINT ({xy[node][0]} {xy[node][1]})")
                there.assign_data_to_network(network, 100.0, 50)
                ends += [there, {i: float(w) for i, w in enumerate(asked["weight"][rows])}]
            found = network.betweenness_demand_shortest(
                *ends, decays[0], distances=limits, participation=1.0, metric_name="demand", pbar_disabled=True
            )
            return np.array([[[found.metrics["demand"][m] for m in limits]]])

        return {"count": count, "sum": total, "demand": demand}[str(asked["kind"])]

    return [job(asked) for asked in jobs(given)]


def pandana(given: Arrays) -> list[Callable[[], np.ndarray]]:
    """A fresh network each run, because a second precompute on one gives wrong counts; precompute is counted.

    Its only exponential decay is exp(-distance / limit): any steepness but 0 is taken as 1.
    """
    import pandas as pd
    from pandana import Network

    xy, index = given["xy"], pd.RangeIndex(len(given["xy"]))
    x, y = pd.Series(xy[:, 0], index), pd.Series(xy[:, 1], index)
    ends = pd.Series(given["edge_u"]), pd.Series(given["edge_v"])
    metres = pd.DataFrame({"metres": given["edge_m"]})

    def job(asked: Arrays) -> Callable[[], np.ndarray]:
        fresh = [Network(x, y, *ends, metres) for _ in range(int(sys.argv[4]))]
        limits, columns = asked["limits"], np.unique(asked["column"])

        def total() -> np.ndarray:
            network = fresh.pop()
            network.precompute(float(max(limits)))
            for c in columns:
                rows = asked["column"] == c
                network.set(pd.Series(asked["node"][rows]), pd.Series(asked["weight"][rows]), name=str(c))
            return np.array(
                [
                    [
                        [network.aggregate(m, "sum", "exp" if s else "flat", name=str(c)) for m in limits]
                        for c in columns
                    ]
                    for s in asked["steepness"]
                ]
            )

        return total

    return [job(asked) for asked in jobs(given)]


def main() -> None:
    peer, source, target, repeats = sys.argv[1:]
    with np.load(source) as file:
        work = {"cityseer": cityseer, "pandana": pandana}[peer](dict(file))
    cpu, wall = [], []
    for _ in range(int(repeats)):
        wall_start, cpu_start = time.perf_counter(), time.process_time()
        sums = [job() for job in work]
        cpu.append(time.process_time() - cpu_start)
        wall.append(time.perf_counter() - wall_start)
    found = {f"sums{i}": s for i, s in enumerate(sums)}
    np.savez(target, version=np.array(version(peer)), cpu_s=np.median(cpu), wall_s=np.median(wall), **found)


if __name__ == "__main__":
    main()
