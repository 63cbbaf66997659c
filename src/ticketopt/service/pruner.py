"""The thread that forgets what is over, as the settings say, from when the app begins until it ends."""

from __future__ import annotations

import logging
import threading

from ticketopt.live.retention import prune_all
from ticketopt.service.context import Context

__all__ = ["PrunerThread"]

log = logging.getLogger("ticketopt.service.pruner")

HOUR = 3600.0

FAREWELL = 30.0
"""Seconds that the step under way has to end; it changes nothing but what it has committed."""


class PrunerThread:
    """Prunes every queue at the start and then as often as the settings say; does nothing where they keep everything.

    Several processes may prune one store: what one has forgotten is gone for the others.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, where anything is to be forgotten."""
        if self._context.settings.keep and self._thread is None:
            self._stop.clear()
            self._thread = threading.Thread(target=self._run, name="pruner", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End once the queue under way is done."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(FAREWELL)
            self._thread = None

    def _run(self) -> None:
        every = self._context.settings.prune_hours * HOUR
        self._prune()
        while not self._stop.wait(every):
            self._prune()

    def _prune(self) -> None:
        context = self._context
        try:
            counts = prune_all(context.store, now=context.clock(), keep=context.settings.retention, stop=self._stop)
        except Exception as error:  # the next time may go well; what is over stays so
            log.error("pruning failed with %s", type(error).__name__)
            return
        context.metrics.pruned(counts)
        if any(counts.values()):
            log.info("pruned", extra={"details": counts})
