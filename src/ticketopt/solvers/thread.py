"""A backend runs in another thread, so that the calling thread can publish its progress and can stop it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from queue import Empty, SimpleQueue
from types import FrameType

from ticketopt.model.outcome import Outcome
from ticketopt.solvers.base import LATENCY, Options

__all__ = ["ListenerError", "interruptible", "run", "unwrapped_listener_errors"]


_Message = tuple[int | None, int | None] | Outcome | BaseException
"""What the solver's thread sends: a cost and a bound, any number of times; then its answer, or what it raised."""


class ListenerError(Exception):
    """The callback for progress failed, not the solver; the cause says how."""


@contextmanager
def unwrapped_listener_errors() -> Iterator[None]:
    """Within the block, an error of a listener is raised as the listener raised it."""
    try:
        yield
    except ListenerError as error:
        assert error.__cause__ is not None
        raise error.__cause__ from None


def run(
    solve: Callable[[Options], Outcome], options: Options, callback: Callable[[int | None, int | None], None]
) -> Outcome:
    """Call `solve` in another thread, and `callback` in this one whenever it reports.

    What `solve` raises is raised here. What `callback` raises stops the solver and, once that has ended, is the cause
    of a `ListenerError`. An interrupt stops it too: the other thread has always ended before this function has, so that
    nothing that it calls back outlives the caller (only one more interrupt leaves it behind).
    """
    stop = threading.Event() if options.stop is None else options.stop
    messages: SimpleQueue[_Message] = SimpleQueue()
    forwarding = replace(options, stop=stop, progress=lambda objective, bound: messages.put((objective, bound)))
    worker = threading.Thread(target=_work, args=(solve, forwarding, messages), name="ticketopt solver", daemon=True)
    worker.start()
    try:
        last = _last(messages, callback, stop)
    except BaseException:
        stop.set()
        raise
    finally:
        worker.join()
    if isinstance(last, BaseException):
        raise last
    return last


def _last(
    messages: SimpleQueue[_Message], callback: Callable[[int | None, int | None], None], stop: threading.Event
) -> Outcome | BaseException:
    """The last message; `callback` is called with all that come before it."""
    failure: Exception | None = None
    while True:
        try:
            item = messages.get(timeout=LATENCY)
        except Empty:  # a signal that came just as this thread went to sleep has not woken it, and is heard now
            continue
        if isinstance(item, tuple):
            try:
                if failure is None:
                    callback(*item)
            except Exception as error:
                failure = error
                stop.set()
        elif failure is not None:
            raise ListenerError from failure
        else:
            return item


def _work(
    solve: Callable[[Options], Outcome],
    options: Options,
    messages: SimpleQueue[_Message],
) -> None:
    try:
        messages.put(solve(options))
    except BaseException as error:  # whatever it is, it belongs to the thread that waits
        messages.put(error)


class _CtrlC:
    """A handler of Ctrl-C.

    The first one sets the events of all blocks, open now or opened afterwards; a second one interrupts as usual.
    """

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
    """Within the block, Ctrl-C sets `stop`, and those of the blocks around it; a second one interrupts as usual.

    It does so only in the main thread, and only where nobody else has set a handler for Ctrl-C.
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
