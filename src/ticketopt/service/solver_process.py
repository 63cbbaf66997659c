"""A process that solves, and this end of the pipe to it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from ticketopt.errors import SolverError
from ticketopt.model.assignment import AssignmentModel
from ticketopt.model.outcome import Outcome
from ticketopt.solvers import Backend, Options

__all__ = ["SolverProcess"]

POLL = 0.02
"""Seconds between two looks at whether to stop."""

STOPPING = 2.0
"""Seconds that a process has to answer once it is told to stop."""


class SolverProcess:
    """One process, and this end of the pipe to it."""

    def __init__(self, memory_bytes: int | None, nice: int = 0) -> None:
        context = multiprocessing.get_context("spawn")
        arguments = (memory_bytes, nice)
        try:
            self._pipe, other = context.Pipe()
        except OSError as error:
            raise SolverError(f"no solver process could be started: {error.strerror}") from None
        with other:
            try:
                self._process = context.Process(
                    target=_serve, args=(other, *arguments), name="ticketopt solver", daemon=True
                )
                self._process.start()
            except OSError as error:
                self._pipe.close()
                raise SolverError(f"no solver process could be started: {error.strerror}") from None

    @property
    def is_alive(self) -> bool:
        return self._process.is_alive()

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
                    is_told, end = True, min(end, time.monotonic() + STOPPING)
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


def _serve(pipe: Connection, memory_bytes: int | None, nice: int) -> None:
    """The other process: solve what comes, one after another, until the pipe is closed."""
    if hasattr(os, "setsid"):
        os.setsid()
        os.nice(nice)
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
