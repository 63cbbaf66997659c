"""Backends that solve in processes of their own: one that hangs, dies or eats memory is killed, and costs one answer.

What a process answers is believed no more than any backend: `ticketopt.solve` checks it, and falls back on greedy.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial

from ticketopt.errors import SolverError
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.outcome import Outcome
from ticketopt.service.shares import Shares
from ticketopt.service.solver_process import SolverProcess
from ticketopt.solvers import BACKENDS, Backend, Options

__all__ = ["GRACE", "Workers"]

GRACE = 2.0
"""Seconds beyond its time limit after which a process is killed."""

HERE = "greedy"
"""The backend that everything falls back on stays in this process."""

QUICK, FEW_PAIRS = "network", 20_000
"""Our own engine for unit effort solves so many pairs in less time than it takes to hand them over, in memory that is
in proportion to them: so it does that in this process."""

LONG_NICE = 5
"""By how much long work yields to short work where both want a processor."""

WAIT = 0.5
"""Seconds between two looks at whether a solve that waits for a process is stopped."""


class Workers:
    """Processes that solve, one model at a time each: some for short work, others for long, so that neither waits.

    Who has fewest is next, and of three or more no two tenants hold all. A process that cannot be started costs one
    answer, and is tried again by the next.

    Parameters
    ----------
    count : of those for short work. A solve that finds none free within its time limit has failed.
    long_count : the most for long work, started when they are wanted. tenant_long_count : those of one tenant.
    memory_bytes : the most memory that a process may map; None is no limit, which is all there is outside POSIX.
    backends : the table whose members work there; they must be importable in a new process.
    grace : seconds beyond the time limit after which a process is killed.
    """

    def __init__(
        self,
        count: int = 3,
        *,
        long_count: int = 4,
        tenant_long_count: int = 2,
        memory_bytes: int | None = None,
        backends: Mapping[str, Backend] = BACKENDS,
        grace: float = GRACE,
    ) -> None:
        self._memory, self._grace = memory_bytes, grace
        self._table = backends
        self._short = _Lane(Shares(count, max(1, count - 1)), n_kept=count)
        self._long = _Lane(Shares(long_count, tenant_long_count), n_kept=1, nice=LONG_NICE)
        self._lock = threading.Lock()
        self._is_closed = False
        self.restarts = 0
        self._short.idle += [SolverProcess(memory_bytes) for _ in range(count)]

    def backends_for(self, tenant: str = "", *, is_long: bool = False) -> dict[str, Backend]:
        """The table, with work that is done in the processes."""
        lane = self._long if is_long else self._short
        return {
            name: backend if name == HERE else replace(backend, solve=partial(self._solve, lane, tenant, backend))
            for name, backend in self._table.items()
        }

    def check(self) -> None:
        """Nothing, where a process for short work lives or can be started; else a `SolverError`."""
        with self._lock:
            lane = self._short
            if lane.places.n_held or any(process.is_alive for process in lane.idle):
                return
        process = SolverProcess(self._memory)
        self._keep(lane, process)

    def close(self) -> None:
        """End the processes; solves under way fail."""
        with self._lock:
            self._is_closed = True
            idle = [*self._short.idle, *self._long.idle]
            self._short.idle.clear()
            self._long.idle.clear()
        for process in idle:
            process.kill()

    def _solve(self, lane: _Lane, tenant: str, backend: Backend, model: AssignmentModel, options: Options) -> Outcome:
        if backend is BACKENDS[QUICK] and model.pair_cost.size <= FEW_PAIRS:
            return backend.solve(model, options)
        end = time.monotonic() + options.time_limit
        with self._place(lane, tenant, options):
            process = self._process(lane)
            left = replace(options, time_limit=max(0.01, end - time.monotonic()))
            try:
                outcome = process.solve(backend, model, left, end + self._grace)
            except BaseException:
                process.kill()
                self.restarts += 1
                self._replace(lane)
                raise
            self._keep(lane, process)
            return outcome

    @contextmanager
    def _place(self, lane: _Lane, tenant: str, options: Options) -> Iterator[None]:
        """Hold a place in a lane; a `SolverError` where there is none in time, or the solve is stopped."""
        end = time.monotonic() + options.time_limit
        with lane.places.asked(tenant) as asked:
            while not asked.done():
                left = end - time.monotonic()
                if left <= 0 or options.stopped or self._is_closed:
                    raise SolverError("no solver process was free in time")
                wait([asked], min(left, WAIT))
            yield

    def _process(self, lane: _Lane) -> SolverProcess:
        """An idle process that lives, or a new one."""
        dead = []
        try:
            with self._lock:
                while lane.idle:
                    process = lane.idle.pop()
                    if process.is_alive:
                        return process
                    dead.append(process)
        finally:
            for process in dead:
                process.kill()
                self.restarts += 1
        return SolverProcess(self._memory, lane.nice)

    def _replace(self, lane: _Lane) -> None:
        """Start a process for the next solve, so that it need not wait; where none can be, it will try itself."""
        if not self._is_closed and lane is self._short:
            with suppress(SolverError):
                self._keep(lane, SolverProcess(self._memory))

    def _keep(self, lane: _Lane, process: SolverProcess) -> None:
        """Have a process wait for the next model, where there are not enough that do."""
        with self._lock:
            is_kept = not self._is_closed and len(lane.idle) < lane.n_kept
            if is_kept:
                lane.idle.append(process)
        if not is_kept:
            process.kill()


@dataclass(slots=True)
class _Lane:
    """Places for solves; `n_kept` processes live on when they have nothing to do."""

    places: Shares
    n_kept: int
    nice: int = 0
    idle: list[SolverProcess] = field(default_factory=list)
