"""How a backend is run: in a thread of its own, so that whoever waits can hear of progress and can stop it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from queue import SimpleQueue
from types import FrameType

from ticketopt.model.outcome import Outcome
from ticketopt.solvers.base import Options

__all__ = ["ListenerError", "interruptible", "own_trouble", "run"]


_News = tuple[int | None, int | None] | Outcome | BaseException
"""What comes from a solver: a cost and a bound, again and again; then its answer, or what it raised."""


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
    `ListenerError`. An interrupt stops it too: the other thread has always ended before this function has, so that
    nothing that it calls back outlives the caller (only one more interrupt leaves it behind).
    """
    stop = threading.Event() if options.stop is None else options.stop
    inbox: SimpleQueue[_News] = SimpleQueue()
    heard = replace(options, stop=stop, progress=lambda objective, bound: inbox.put((objective, bound)))
    worker = threading.Thread(target=_work, args=(solve, heard, inbox), name="ticketopt solver", daemon=True)
    worker.start()
    try:
        last = _last(inbox, hear, stop)
    except BaseException:
        stop.set()
        raise
    finally:
        worker.join()
    if isinstance(last, BaseException):
        raise last
    return last


def _last(
    inbox: SimpleQueue[_News], hear: Callable[[int | None, int | None], None], stop: threading.Event
) -> Outcome | BaseException:
    """What the solver ends with; `hear` is told all that comes before."""
    trouble: Exception | None = None
    while True:
        item = inbox.get()
        if isinstance(item, tuple):
            try:
                if trouble is None:
                    hear(*item)
            except Exception as error:
                trouble = error
                stop.set()
        elif trouble is not None:
            raise ListenerError from trouble
        else:
            return item


def _work(
    solve: Callable[[Options], Outcome],
    options: Options,
    inbox: SimpleQueue[_News],
) -> None:
    try:
        inbox.put(solve(options))
    except BaseException as error:  # whatever it is, it belongs to the thread that waits
        inbox.put(error)


class _CtrlC:
    """A handler of Ctrl-C: the first sets all events of the blocks that are open, or are opened later; a second one
    interrupts as ever."""

    def __init__(self) -> None:
        self.stops: list[threading.Event] = []
        self.is_used = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if self.is_used:
            signal.default_int_handler(number, frame)
        self.is_used = True
        for stop in self.stops:
            stop.set()

    @contextmanager
    def sets(self, stop: threading.Event) -> Iterator[None]:
        self.stops.append(stop)
        if self.is_used:
            stop.set()
        try:
            yield
        finally:
            self.stops.remove(stop)


@contextmanager
def interruptible(stop: threading.Event) -> Iterator[None]:
    """Within the block, Ctrl-C sets `stop`, and those of the blocks around it; a second one interrupts as ever.

    It does so only in the main thread, and only where nobody else has other plans for Ctrl-C.
    """
    is_main = threading.current_thread() is threading.main_thread()
    now = signal.getsignal(signal.SIGINT) if is_main else None
    if isinstance(now, _CtrlC):
        with now.sets(stop):
            yield
    elif now is signal.default_int_handler:
        handler = _CtrlC()
        signal.signal(signal.SIGINT, handler)
        try:
            with handler.sets(stop):
                yield
        finally:
            signal.signal(signal.SIGINT, signal.default_int_handler)
    else:
        yield
