"""One solver on one model, in a process of its own: times, peak memory, and an end when it takes too long."""

from __future__ import annotations

import multiprocessing
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.instances import model_of
from benchmarks.peers import Peer
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.objective import feasible, objective

ENOUGH_SECONDS = 1.0
"""A measurement is repeated until it has taken this long, or often enough."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """`seconds` of every repetition; `megabytes` above what the process held before; `failure` if there is no plan."""

    seconds: tuple[float, ...] = ()
    megabytes: float = 0.0
    value: int | None = None
    assignment: NDArray[np.int64] | None = None
    failure: str = ""

    @property
    def median(self) -> float:
        return float(np.median(self.seconds)) if self.seconds else float("inf")

    @property
    def spread(self) -> float:
        """Distance of the quartiles."""
        return float(np.subtract(*np.percentile(self.seconds, [75, 25]))) if self.seconds else 0.0


def measure(peer: Peer, model: AssignmentModel, *, repeats: int, patience: float) -> Measurement:
    """Repeat a solve in a child process, which is stopped after `patience` seconds per repetition."""
    entries = peer.entries(model)
    if peer.most and entries > peer.most:
        return Measurement(failure=f"not run: {entries:,} entries")
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_work, args=(peer, model, repeats, patience, theirs))
    child.start()
    theirs.close()
    try:
        if ours.poll(patience * 1.5 + 10):
            found = ours.recv()
            assert isinstance(found, Measurement)
            return found
        return Measurement(failure=f"over {patience:g} s")
    except EOFError:
        return Measurement(failure="out of memory, or killed")
    finally:
        child.kill()
        child.join()


def _work(peer: Peer, model: AssignmentModel, repeats: int, patience: float, pipe: Connection) -> None:
    try:
        peer.solve(model_of("uniform", 5, 3))  # loads the libraries
        reset_peak()
        before = memory("VmRSS")
        seconds: list[float] = []
        assignment = np.zeros(0, dtype=np.int64)
        while len(seconds) < repeats and sum(seconds) < ENOUGH_SECONDS and not (seconds and seconds[0] > patience):
            began = time.perf_counter()
            assignment = peer.solve(model)
            seconds.append(time.perf_counter() - began)
        megabytes = max(0.0, memory("VmHWM") - before)
        if feasible(model, assignment):
            pipe.send(Measurement(tuple(seconds), megabytes, objective(model, assignment), assignment))
        else:
            pipe.send(Measurement(tuple(seconds), megabytes, failure="not feasible"))
    except Exception as error:  # whatever a library does, the others go on
        pipe.send(Measurement(failure=f"{type(error).__name__}: {error}"[:80]))


def reset_peak() -> None:
    """Let the kernel's account of this process's peak memory begin anew."""
    control = Path("/proc/self/clear_refs")
    if control.exists():
        control.write_text("5", encoding="ascii")


def memory(field: str) -> float:
    """Megabytes, by the kernel's account; 0 where there is none."""
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="ascii").splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(field)), 0.0)
