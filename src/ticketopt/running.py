"""How a backend is run: in a thread of its own, so that whoever waits can hear of progress and can stop it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from queue import SimpleQueue
from types import FrameType

from ticketopt.model import Outcome
from ticketopt.solvers import Options

__all__ = ["ListenerError", "interruptible", "own_trouble", "run"]


class ListenerError(Exception):
    """Whoever listened to the progress failed, not the solver; the cause says how."""


@contextmanager
def own_trouble() -> Iterator[None]:
    """Within the block, what a listener raised is raised as it is."""
    try:
        yield
    except ListenerError as error:
        assert error.__cause__ is not None
        raise error.__cause__ from None


def run(
    solve: Callable[[Options], Outcome], options: Options, hear: Callable[[int | None, int | None], None]
) -> Outcome:
    """Call `solve` in another thread, and `hear` in this one whenever it reports.

    What `solve` raises is raised here. What `hear` raises stops the solver and, once that has ended, is the cause of a
    `ListenerError`.
    """
    inbox: SimpleQueue[tuple[int | None, int | None] | Outcome | BaseException] = SimpleQueue()
    heard = replace(options, progress=lambda objective, bound: inbox.put((objective, bound)))
    trouble: Exception | None = None
    threading.Thread(target=_work, args=(solve, heard, inbox), name="ticketopt solver", daemon=True).start()
    while True:
        item = inbox.get()
        if isinstance(item, tuple):
            try:
                if trouble is None:
                    hear(*item)
            except Exception as error:
                trouble = error
                if options.stop is not None:
                    options.stop.set()
        elif trouble is not None:
            raise ListenerError from trouble
        elif isinstance(item, BaseException):
            raise item
        else:
            return item


def _work(
    solve: Callable[[Options], Outcome],
    options: Options,
    inbox: SimpleQueue[tuple[int | None, int | None] | Outcome | BaseException],
) -> None:
    try:
        inbox.put(solve(options))
    except BaseException as error:  # whatever it is, it belongs to the thread that waits
        inbox.put(error)


@contextmanager
def interruptible(stop: threading.Event) -> Iterator[None]:
    """Within the block, Ctrl-C sets `stop`; a second one interrupts as ever.

    It does so only in the main thread, and only where nobody has other plans for Ctrl-C.
    """
    if threading.current_thread() is not threading.main_thread() or (
        signal.getsignal(signal.SIGINT) is not signal.default_int_handler
    ):
        yield
        return

    def handle(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        stop.set()

    signal.signal(signal.SIGINT, handle)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
