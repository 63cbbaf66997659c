"""The thread that forgets what is over, as the settings say, from when the app begins until it ends."""

from __future__ import annotations

import logging
from functools import partial

from ticketopt.live.retention import prune_all
from ticketopt.service.background import Background
from ticketopt.service.context import Context

__all__ = ["PrunerThread"]

log = logging.getLogger("ticketopt.service.pruner")

HOUR = 3600.0


class PrunerThread:
    """Prunes every queue at the start and then as often as the settings say; does nothing where they keep everything.

    Several processes may prune one store: what one has forgotten is gone for the others.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._background = Background("pruner", self._run)

    def start(self) -> None:
        """Begin, where anything is to be forgotten."""
        if self._context.settings.keep:
            self._background.begin()

    def stop(self) -> None:
        """End once the queue under way is done."""
        self._background.end()

    def _run(self) -> None:
        every = self._context.settings.prune_hours * HOUR
        self._prune()
        while not self._background.stop.wait(every):
            self._prune()

    def _prune(self) -> None:
        context = self._context
        try:
            counts = prune_all(
                context.store,
                now=context.clock(),
                keep=context.settings.retention,
                failed=partial(context.failed, "pruning"),
                stop=self._background.stop,
            )
        except Exception as error:  # the next time may go well; what is over stays so
            context.failed("pruning", None, error)
            return
        context.metrics.pruned(counts)
        if any(counts.values()):
            log.info("pruned", extra={"details": counts})
