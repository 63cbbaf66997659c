"""Shares of what there is little of: places, processes, bytes, pairs. Who has least is next.

One tenant, or any two, never hold all of it while another waits: who holds some already leaves places for others, as
many as a third tenant needs. Nothing that is held is taken away, so this asks for three places or more.
"""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager

__all__ = ["Shares"]

SERVED = 3
"""So many tenants find a place, whatever the others hold."""


class Shares:
    """So much of something at once, shared by tenants.

    Those who wait are served in the order of how much their tenants hold, and of their coming. Who may have it, but
    asks for more than is left, is waited for, so that nobody who asks for little passes by for ever.

    What is there is either asked for or taken at once, not both: who takes it at once passes those who wait.

    Parameters
    ----------
    total : how much there is. most_of_tenant : how much of it one tenant may hold; who asks for more at once gets that.
    """

    def __init__(self, total: int, most_of_tenant: int) -> None:
        self._total, self._most_of_tenant = total, most_of_tenant
        self._held: Counter[str] = Counter()
        self._waiting: list[_Asked] = []
        self._lock = threading.Lock()

    @property
    def n_held(self) -> int:
        """How much is held by all."""
        return self._held.total()

    def of(self, tenant: str) -> int:
        """How much a tenant holds."""
        return self._held[tenant]

    def has_room(self, tenant: str, size: int = 1) -> bool:
        """Whether a tenant would get some now, were nobody waiting."""
        held = self._held[tenant]
        kept_free = max(0, SERVED - len(self._held)) if held else 0
        return held + size <= self._most_of_tenant and self.n_held + size + kept_free <= self._total

    def take(self, tenant: str, size: int = 1) -> bool:
        """Hold some at once, or not."""
        with self._lock:
            if not self.has_room(tenant, size):
                return False
            self._held[tenant] += size
            return True

    def give_back(self, tenant: str, size: int = 1) -> None:
        """Hold so much less."""
        with self._lock:
            self._held[tenant] -= size
            if not self._held[tenant]:
                del self._held[tenant]
            self._grant()

    @contextmanager
    def asked(self, tenant: str, size: int = 1) -> Iterator[Future[None]]:
        """Ask for some: it is held once the result is there, until the block ends."""
        one = _Asked(tenant, min(size, self._most_of_tenant))
        with self._lock:
            self._waiting.append(one)
            self._grant()
        try:
            yield one
        finally:
            if one.cancel():
                with self._lock:
                    self._waiting = [other for other in self._waiting if other is not one]
                    self._grant()
            else:
                self.give_back(tenant, one.size)

    @asynccontextmanager
    async def held(self, tenant: str, size: int = 1) -> AsyncIterator[None]:
        """Wait for some, and hold it until the block ends."""
        with self.asked(tenant, size) as one:
            if not one.done():
                await asyncio.wrap_future(one)
            yield

    def _grant(self) -> None:
        """Have those who wait hold what they may."""
        while True:
            able = [one for one in self._waiting if self._held[one.tenant] + one.size <= self._most_of_tenant]
            one = min(able, key=lambda one: self._held[one.tenant], default=None)
            if one is None or not self.has_room(one.tenant, one.size):
                return
            self._waiting.remove(one)
            if one.set_running_or_notify_cancel():
                self._held[one.tenant] += one.size
                one.set_result(None)


class _Asked(Future[None]):
    """What somebody has asked for."""

    def __init__(self, tenant: str, size: int) -> None:
        super().__init__()
        self.tenant, self.size = tenant, size
