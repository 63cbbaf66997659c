"""Who of a process may commit to a queue when: one after another, and what came meanwhile all at once.

Whoever finds the queue free leads: he takes all who wait, and does the work of them all. What comes while he works
waits, and the first of it leads the next group. Who was just answered is often back at once with the next change: so
after company, a leader gives as many the time to come, for a share of what the last group took. Who is alone does not
wait for company.
"""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from ticketopt.errors import StoreError, UnknownCommitError
from ticketopt.live.stores import Batch, Snapshot, Store

__all__ = ["Change", "Line", "line_of"]

MOST_TOGETHER = 64
"""Changes in one group."""

SHARE, LONGEST = 0.25, 0.02
"""Of the time that the last group took, how much a leader gives as many to come together again; seconds at most."""

INTERRUPTED = "it was interrupted, so that it is unknown whether the change was kept; the same idempotency key tells"


@dataclass(slots=True, eq=False)
class Change:
    """What somebody wants to have committed, and what has become of it.

    Attributes
    ----------
    decide : from a snapshot to a batch. finish : what else goes into the batch, once it is decided.
    tickets : what the snapshot holds besides the waiting ones; None is every open ticket.
    key, request_hash : the caller's idempotency key, if any, and what tells requests apart.
    end : when it is given up, on the clock of `time.monotonic`. was_late : whether others were faster before.
    outcome : the answer, in a tuple, or the error; None so far.
    """

    decide: Callable[[Snapshot], Batch]
    finish: Callable[[Snapshot, Batch], Batch]
    tickets: Collection[str] | None
    key: str | None
    request_hash: str
    end: float
    was_late: bool = False
    outcome: tuple[Any] | Exception | None = None
    called: threading.Event = field(default_factory=threading.Event)

    def answer(self) -> Any:
        """The answer; the error is raised."""
        if isinstance(self.outcome, Exception):
            raise self.outcome
        assert self.outcome is not None, "whoever works on a change says what became of it"
        return self.outcome[0]


class Line:
    """Those of a process who want to commit to a queue."""

    def __init__(self, lock_timeout: float) -> None:
        self._limit, self._turn, self._lock = lock_timeout, threading.Lock(), threading.Lock()
        self._waiting: list[Change] = []
        self._is_led, self._leader = False, 0
        self._came, self._expected, self._took, self._ended = threading.Condition(self._lock), 1, 0.0, 0.0

    def serve(self, change: Change, work: Callable[[Sequence[Change]], None]) -> None:
        """Have `work` say what becomes of a change, in this thread or in another one, together with others.

        What becomes of the others is for `work` to say as well; those it says nothing of are worked on again.
        What is changed from within the work itself is done at once, and the work is as late as if others had done it.
        """
        if self._leader == threading.get_ident():
            while change.outcome is None:
                work([change])
            return
        with self._lock:
            self._waiting.append(change)
            leads, self._is_led = not self._is_led, True
            self._came.notify()
        if not leads:
            change.called.wait(max(0.0, change.end - time.monotonic()))
            with self._lock:
                if not change.called.is_set() and change in self._waiting:
                    self._waiting.remove(change)
                    raise self.busy()
            change.called.wait()  # the leader works on it, and has a limit
            if change.outcome is not None:
                return
        self._lead(change, work)

    def _lead(self, change: Change, work: Callable[[Sequence[Change]], None]) -> None:
        """Work on groups until this change is done, and have the next one lead."""
        group: list[Change] = []
        try:
            while change.outcome is None:
                with self.turn(change.end):
                    group = self._gathered()
                    began = time.monotonic()
                    self._leader = threading.get_ident()
                    work(group)
                self._expect(group, time.monotonic() - began)
                self._part_from(group)
        except StoreError as error:
            change.outcome = error
        finally:
            self._leader = 0
            for other in group:
                other.outcome = other.outcome or UnknownCommitError(INTERRUPTED)
            self._part_from(group)
            with self._lock:
                if change in self._waiting:
                    self._waiting.remove(change)
                self._is_led = bool(self._waiting)
                if self._waiting:
                    self._waiting[0].called.set()

    def _gathered(self) -> list[Change]:
        """Those who wait, once as many have come as just before, or it is time."""
        now = time.monotonic()
        until = now + min(SHARE * self._took, LONGEST) if now < self._ended + self._took else now
        with self._lock:
            while len(self._waiting) < self._expected and (left := until - time.monotonic()) > 0:
                self._came.wait(left)
            group = self._waiting[:MOST_TOGETHER]
            del self._waiting[:MOST_TOGETHER]
            return group

    def _expect(self, group: list[Change], seconds: float) -> None:
        """A group took so long: those whom it served, and those who wait already, may soon be together."""
        with self._lock:
            self._expected = min(MOST_TOGETHER, len(group) + len(self._waiting))
            self._took, self._ended = seconds, time.monotonic()

    def _part_from(self, group: list[Change]) -> None:
        """Let those go who are served; the others are the first again."""
        self._leader = 0
        with self._lock:
            self._waiting[:0] = [one for one in group if one.outcome is None]
        for one in group:
            if one.outcome is not None:
                one.called.set()
        group.clear()

    @contextmanager
    def turn(self, end: float) -> Iterator[None]:
        """Keep others from committing until the block ends; a `StoreError` where one of them takes too long."""
        if not self._turn.acquire(timeout=max(0.0, end - time.monotonic())):
            raise self.busy()
        try:
            yield
        finally:
            self._turn.release()

    def busy(self) -> StoreError:
        return StoreError(f"the store was busy for {self._limit:g} s; try again")


_LINES: weakref.WeakKeyDictionary[Store, dict[str, Line]] = weakref.WeakKeyDictionary()
_LOCK = threading.Lock()


def line_of(store: Store, tenant: str) -> Line:
    """The line of this process for a tenant's queue in a store."""
    with _LOCK:
        lines = _LINES.setdefault(store, {})
        if tenant not in lines:
            lines[tenant] = Line(store.lock_timeout)
        return lines[tenant]
