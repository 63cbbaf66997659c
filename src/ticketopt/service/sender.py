"""The thread that tells the helpdesk who has which ticket, from when the app begins until it ends."""

from __future__ import annotations

import logging
from dataclasses import asdict

from ticketopt.live.outbox import Outbox, Outcome
from ticketopt.service.background import Background
from ticketopt.service.context import Context

__all__ = ["SenderThread"]

log = logging.getLogger("ticketopt.service.outbox")

REST = 5.0
"""Seconds after an error that nobody expected."""


class SenderThread:
    """Sends what the settings say; does nothing where they say so."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._background = Background("outbox", self._run)

    def start(self) -> None:
        """Begin, where there is a helpdesk to be told."""
        if self._context.settings.integration is not None:
            self._background.begin()

    def stop(self) -> None:
        """End once the request under way has ended."""
        self._background.end()

    def _run(self) -> None:
        while not self._background.stop.is_set():
            outbox = self._outbox()
            try:
                outbox.run(self._background.stop)
            except Exception as error:  # the next attempt may go well; what was claimed is due again
                self._context.failed("outbox", self._context.settings.helpdesk_tenant, error)
                self._background.stop.wait(REST)
            finally:
                outbox.close()

    def _outbox(self) -> Outbox:
        context, settings = self._context, self._context.settings
        integration = settings.integration
        assert integration is not None
        return Outbox(
            context.store,
            integration,
            url=settings.helpdesk_url,
            token=settings.helpdesk_token,
            tenant=settings.helpdesk_tenant,
            is_dry_run=settings.outbox == "dry-run",
            tell=self._told,
            clock=context.clock,
        )

    def _told(self, outcome: Outcome) -> None:
        self._context.metrics.delivery(outcome.result)
        level = logging.WARNING if outcome.result in ("dead", "unsettled") else logging.INFO
        log.log(level, "delivery", extra={"details": asdict(outcome)})
