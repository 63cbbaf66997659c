"""`memory:` keeps the loads of this process until it ends: for tests, trials and notebooks."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from ticketopt.errors import InvalidInputError, StoreError
from ticketopt.fields import shown
from ticketopt.stores.base import LOCK_TIMEOUT, StoredAgent, Transaction, by_id

__all__ = ["MemoryStore", "open_store"]


class MemoryStore:
    """Loads in memory. Two stores share nothing.

    Parameters
    ----------
    lock_timeout : seconds to wait for other threads' transactions.
    """

    def __init__(self, *, lock_timeout: float = LOCK_TIMEOUT) -> None:
        self._lock_timeout = lock_timeout
        self._lock = threading.Lock()
        self._agents: dict[str, StoredAgent] = {}

    def read(self) -> Mapping[str, StoredAgent]:
        return dict(self._agents)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        if not self._lock.acquire(timeout=self._lock_timeout):
            raise StoreError(f"the store was busy for {self._lock_timeout:g} s; try again")
        try:
            yield _MemoryTransaction(self._agents)
        finally:
            self._lock.release()


class _MemoryTransaction:
    def __init__(self, agents: dict[str, StoredAgent]) -> None:
        self._agents = agents

    def read(self) -> Mapping[str, StoredAgent]:
        return dict(self._agents)

    def commit(self, agents: Iterable[StoredAgent]) -> None:
        self._agents.update(by_id(agents))


def open_store(location: str, *, lock_timeout: float = LOCK_TIMEOUT) -> MemoryStore:
    """A new, empty store. `memory:` has no location."""
    if location:
        raise InvalidInputError.single("store", f"memory: has the location {shown(location)}", 'write just "memory:"')
    return MemoryStore(lock_timeout=lock_timeout)
