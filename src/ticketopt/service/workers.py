"""Backends that solve in processes of their own: one that hangs, dies or eats memory is killed, and costs one answer.

What a process answers is believed no more than any backend: `ticketopt.solve` checks it, and falls back on greedy.
"""

from __future__ import annotations

import multiprocessing
import os
import queue
import signal
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

from ticketopt.errors import SolverError
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.outcome import Outcome
from ticketopt.solvers import BACKENDS, Backend, Options

__all__ = ["GRACE", "Workers"]

GRACE = 2.0
"""Seconds beyond its time limit after which a process is killed."""

HERE = "greedy"
"""The backend that everything falls back on stays in this process."""

POLL = 0.02


class Workers:
    """Processes that solve, one model at a time each.

    Parameters
    ----------
    count : how many. A solve that finds none free within its time limit has failed.
    memory_bytes : the most memory that a process may map; None is no limit, which is all there is outside POSIX.
    backends : the table whose members work there; they must be importable in a new process.
    grace : seconds beyond the time limit after which a process is killed.
    """

    def __init__(
        self,
        count: int = 2,
        *,
        memory_bytes: int | None = None,
        backends: Mapping[str, Backend] = BACKENDS,
        grace: float = GRACE,
    ) -> None:
        self._memory, self._grace = memory_bytes, grace
        self._table = backends
        self._idle: queue.LifoQueue[_Worker] = queue.LifoQueue()
        self._is_closed = False
        self.restarts = 0
        for _ in range(count):
            self._idle.put(_Worker(memory_bytes))

    @property
    def backends(self) -> dict[str, Backend]:
        """The table, with work that is done in the processes."""
        return {
            name: backend if name == HERE else replace(backend, solve=partial(self._solve, backend))
            for name, backend in self._table.items()
        }

    def close(self) -> None:
        """End the processes; solves under way fail."""
        self._is_closed = True
        with suppress(queue.Empty):
            while True:
                self._idle.get_nowait().kill()

    def _solve(self, backend: Backend, model: AssignmentModel, options: Options) -> Outcome:
        end = time.monotonic() + options.time_limit
        try:
            worker = self._idle.get(timeout=options.time_limit)
        except queue.Empty:
            raise SolverError("no solver process was free in time") from None
        try:
            left = replace(options, time_limit=max(0.01, end - time.monotonic()))
            outcome = worker.solve(backend, model, left, end + self._grace)
        except BaseException:
            worker.kill()
            self.restarts += 1
            if not self._is_closed:
                self._idle.put(_Worker(self._memory))
            raise
        self._idle.put(worker)
        return outcome


class _Worker:
    """One process, and this end of the pipe to it."""

    def __init__(self, memory_bytes: int | None) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, other = context.Pipe()
        self._process = context.Process(target=_serve, args=(other, memory_bytes), name="ticketopt solver", daemon=True)
        self._process.start()
        other.close()

    def solve(self, backend: Backend, model: AssignmentModel, options: Options, end: float) -> Outcome:
        try:
            self._pipe.send((backend.solve, model, options.time_limit, options.seed, options.hint))
            is_told = False
            while True:
                if self._pipe.poll(POLL):
                    kind, content = self._pipe.recv()
                    if kind == "progress":
                        options.report(*content)
                    elif kind == "done":
                        assert isinstance(content, Outcome)
                        return content
                    else:
                        raise SolverError(f"the solver's process failed: {content}")
                if options.stopped and not is_told:
                    self._pipe.send("stop")
                    is_told, end = True, min(end, time.monotonic() + GRACE)
                if time.monotonic() > end:
                    raise SolverError("the solver's process overran its time and was killed")
        except (EOFError, OSError):
            self._process.join(1)
            raise SolverError(f"the solver's process died (exit code {self._process.exitcode})") from None

    def kill(self) -> None:
        """Kill the process and whatever it has started."""
        self._pipe.close()
        if hasattr(os, "killpg") and self._process.pid is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.join()


def _serve(pipe: Connection, memory_bytes: int | None) -> None:
    """The other process: solve what comes, one after another, until the pipe is closed."""
    if hasattr(os, "setsid"):
        os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if memory_bytes is not None:
        _limit_memory(memory_bytes)
    sending = threading.Lock()

    def send(kind: str, content: Any) -> None:
        with sending, suppress(OSError):
            pipe.send((kind, content))

    stop = threading.Event()
    with suppress(EOFError, OSError):
        while True:
            task = pipe.recv()
            if task == "stop":
                stop.set()
                continue
            stop = threading.Event()
            threading.Thread(target=_work, args=(task, stop, send), daemon=True).start()


def _work(task: Any, stop: threading.Event, send: Any) -> None:
    solve, model, time_limit, seed, hint = task
    options = Options(time_limit, seed, hint, lambda *known: send("progress", known), stop)
    try:
        send("done", solve(model, options))
    except BaseException as error:
        send("failed", f"{type(error).__name__}: {error}")


def _limit_memory(memory_bytes: int) -> None:
    try:
        import resource
    except ImportError:  # not on this system
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
