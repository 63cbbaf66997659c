"""Libraries that cannot be interrupted, and keep Python's lock, work in a subprocess that can be killed."""

from __future__ import annotations

import importlib
import io
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from typing import IO

import numpy as np

from ticketopt._types import Matrix
from ticketopt.errors import SolverError
from ticketopt.solvers.base import LATENCY, Options

Arrays = Mapping[str, Matrix]

_CODE = (
    "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); from ticketopt.solvers.process import main; main()"
)
"""What the subprocess runs. A Ctrl-C in a terminal reaches it as well; the caller decides what that means."""


def call_in_process(
    function: str, arrays: Arrays, options: Options, *, on_line: Callable[[str], None] = lambda line: None
) -> dict[str, Matrix] | None:
    """Call `function` ("module:name", arrays to arrays) in another process; None if stopped or not ready in time.

    `on_line` is called with every line that the process prints, such as a solver's log. The array "deadline", on the
    clock of `time.monotonic`, is added to what the function gets.

    Raises
    ------
    SolverError
        Where the process fails.
    """
    end = time.monotonic() + options.time_limit
    command = [sys.executable, "-P", "-c", _CODE, function]
    try:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    except OSError as error:
        raise SolverError(f"the solver's process failed to start: {error}") from error
    answer, last = io.BytesIO(), [""]
    assert process.stdin is not None and process.stdout is not None and process.stderr is not None
    threads = [
        threading.Thread(target=_send, args=(process.stdin, {**arrays, "deadline": np.array(end)}), daemon=True),
        threading.Thread(target=_collect, args=(process.stdout, answer), daemon=True),
        threading.Thread(target=_listen, args=(process.stderr, on_line, last), daemon=True),
    ]
    with process:
        for thread in threads:
            thread.start()
        is_killed = _is_late(process, end, options)
        for thread in threads:
            thread.join()
    if is_killed or (options.stopped and process.returncode != 0):
        return None
    if process.returncode != 0:
        raise SolverError(f"the solver's process failed: {last[0]}")
    with np.load(io.BytesIO(answer.getvalue())) as loaded:
        return dict(loaded)


def _is_late(process: subprocess.Popen[bytes], end: float, options: Options) -> bool:
    """Wait for a process, and kill it once the time is up or stop was asked for; whether that was so."""
    while True:
        try:
            process.wait(LATENCY)
            return False
        except subprocess.TimeoutExpired:
            if time.monotonic() > end or options.stopped:
                process.kill()
                return True


def _send(pipe: IO[bytes], arrays: Arrays) -> None:
    packed = io.BytesIO()
    np.savez(packed, allow_pickle=False, **arrays)
    try:
        with pipe:
            pipe.write(packed.getbuffer())
    except OSError:  # the process has ended, or was killed; the thread that waits for it knows how
        return


def _collect(pipe: IO[bytes], answer: io.BytesIO) -> None:
    with pipe:
        answer.write(pipe.read())


def _listen(pipe: IO[bytes], on_line: Callable[[str], None], last: list[str]) -> None:
    with pipe:
        for line in pipe:
            last[0] = line.decode(errors="replace").strip() or last[0]
            on_line(last[0])


def main() -> None:
    """The other process: arrays on standard input, the function's arrays on standard output, all else on its error."""
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)
        module, _, name = sys.argv[1].partition(":")
        function = getattr(importlib.import_module(module), name)
        with np.load(io.BytesIO(sys.stdin.buffer.read())) as arrays:
            found = function(dict(arrays))
        packed = io.BytesIO()  # numpy writes to files by position, which a pipe has not
        np.savez(packed, allow_pickle=False, **found)
        answers.write(packed.getbuffer())
    os._exit(0)  # taking an interpreter with HiGHS down takes so long that the answer could come too late
