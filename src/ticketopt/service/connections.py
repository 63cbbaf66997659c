"""Connections over HTTP/1.1 that cost others nothing: slow senders and slow readers are let go, idle ones make room."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

__all__ = ["HEAD_SECONDS", "READ_SECONDS", "protocol_of"]

HEAD_SECONDS = 10.0
"""Seconds in which the head of a request must have come."""

READ_SECONDS = 60.0
"""Seconds in which a client must take what waits for it to read."""

log = logging.getLogger("ticketopt.service.connections")


class Connection(H11Protocol):
    """A connection that is closed where its peer takes too long, and before others where there are too many.

    Without a request in hand it is *waiting*: new, idle between two requests, or with half a head. One that waits, or
    whose body is still coming, may be closed to make room for a new one: the one that has waited longest.
    """

    most = 1_000
    """So many connections at once."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._timer: asyncio.TimerHandle | None = None
        self._reading: asyncio.TimerHandle | None = None
        self.waits_since = time.monotonic()

    @property
    def is_waiting(self) -> bool:
        """Whether nothing is owed to the peer yet: it has not sent a whole request."""
        return self.cycle is None or self.cycle.response_complete or self.cycle.more_body

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > self.most:
            self._make_room()
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (self._timer, self._reading):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._timer is None and (self.cycle is None or self.cycle.response_complete):
            self._await_head()
        before = self.cycle
        super().data_received(data)
        if self.cycle is not before:
            self._stop_timer()

    def on_response_complete(self) -> None:
        self.waits_since = time.monotonic()
        before = self.cycle
        super().on_response_complete()
        if self.cycle is before and self.conn.trailing_data[0]:  # half a head came with the request before
            self._await_head()

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._reading is None:
            self._reading = self.loop.call_later(READ_SECONDS, self._let_go, "a slow reader")

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None

    def _await_head(self) -> None:
        self._stop_timer()
        self._timer = self.loop.call_later(HEAD_SECONDS, self._let_go, "a slow sender")

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _let_go(self, who: str) -> None:
        log.info("closed the connection of %s", who)
        if not self.transport.is_closing() or self.transport.get_write_buffer_size():
            self.transport.abort()

    def _make_room(self) -> None:
        """Close the connection that has waited longest; this one, where all others are owed an answer."""
        waiting = [one for one in self.connections if isinstance(one, Connection) and one.is_waiting]
        longest = min(waiting, key=lambda one: one.waits_since)
        log.warning("there are more than %d connections; closed one that waited", self.most)
        self.connections.discard(longest)
        longest.transport.abort()


def protocol_of(most: int) -> type[Connection]:
    """The protocol for a server with so many connections at most."""
    return type("LimitedConnection", (Connection,), {"most": most})
