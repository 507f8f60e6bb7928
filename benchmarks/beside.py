"""A peer asked to do the same work in an environment of its own, and its figure beside ours."""

import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.measure import Result, Target
from geodata.network.graph import Network

Agrees = Callable[[tuple[npt.NDArray[np.float64], ...]], bool]


@dataclass(frozen=True)
class Theirs:
    """What a peer needed and found, or why it did not run."""

    kind: str
    cpu_s: float | None = None
    sums: tuple[npt.NDArray[np.float64], ...] = ()


def ask_peer(
    python: Path | None, peer: str, network: Network, jobs: list[dict[str, object]], *, repeats: int
) -> Theirs:
    """What the peer needed for the jobs (see peers.py) and found."""
    if python is None or not python.exists():
        return Theirs(f"{peer}: not installed")
    arrays = {f"{name}{i}": value for i, job in enumerate(jobs) for name, value in job.items()}
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "in.npz"), Path(folder, "out.npz")
        np.savez(
            source, xy=network.xy, edge_u=network.edge_u, edge_v=network.edge_v, edge_m=network.edge_mm / 1000, **arrays
        )
        script = Path(__file__).with_name("peers.py")
        run = subprocess.run(
            [python, script, peer, source, target, str(repeats)], capture_output=True, text=True, check=False
        )
        if run.returncode:
            return Theirs(f"{peer}: {(run.stderr.strip().splitlines() or ['failed'])[-1]}")
        with np.load(target) as found:
            sums = tuple(found[f"sums{i}"] for i in range(len(jobs)))
            return Theirs(f"{peer} {found['version']}", float(found["cpu_s"]), sums)


def beside(
    name: str,
    unit: str,
    target: Target,
    ours: float,
    theirs: Theirs,
    agrees: Callable[[tuple[npt.NDArray[np.float64], ...]], bool],
) -> Result:
    """A result with the peer's cpu seconds as reference; says so where it found something else."""
    kind = theirs.kind
    if theirs.cpu_s is not None and not agrees(theirs.sums):
        kind += ", whose results differ from ours"
    return Result(name, unit, target, ours, theirs.cpu_s, kind)
