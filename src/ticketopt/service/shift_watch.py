"""The thread that has waiting tickets tried again when a shift begins: no request comes just then."""

from __future__ import annotations

import math
from functools import partial
from typing import NamedTuple

from ticketopt.service.background import Background, each
from ticketopt.service.context import Context

__all__ = ["ShiftWatch"]

EVERY = 15.0
"""Seconds between two looks at the clock; a shift begins so late at the most."""


class _Known(NamedTuple):
    """A queue's version, and when the next shift of its team begins, as it was then."""

    version: int
    next_shift: float


class ShiftWatch:
    """Takes up the waiting tickets of every queue of the store when a shift begins there.

    A queue is read again only where it has changed, and decided on only where a shift has begun since the last look, or
    at the first one. Several processes may do so: who comes second finds nothing to do.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._known: dict[str, _Known] = {}
        self._background = Background("shifts", self._run)

    def start(self) -> None:
        """Begin."""
        self._background.begin()

    def stop(self) -> None:
        """End once the queue under way is decided."""
        self._background.end()

    def look(self) -> None:
        """One look at every queue."""
        each(self._context.store.tenants(), self._look_at, partial(self._context.failed, "shifts"))

    def _look_at(self, tenant: str) -> None:
        context = self._context
        if self._background.stop.is_set():
            return
        known, version = self._known.get(tenant), context.store.version(tenant)
        has_begun = known is not None and known.next_shift <= context.clock()
        if known is not None and known.version == version and not has_begun:
            return
        dispatcher = context.dispatcher(tenant)
        if (known is None or has_begun) and dispatcher.take_up():
            context.feeds.notify(tenant)
        upcoming = dispatcher.next_shift()
        self._known[tenant] = _Known(version, math.inf if upcoming is None else upcoming)

    def _run(self) -> None:
        while not self._background.stop.wait(EVERY):
            try:
                self.look()
            except Exception as error:  # the next look may go well
                self._context.failed("shifts", None, error)
