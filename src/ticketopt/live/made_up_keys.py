"""Keys of commits without a caller's own: nobody asks for one that was acknowledged, so the next commit forgets it."""

from __future__ import annotations

import threading
import weakref
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from ticketopt.live.stores import Batch, Store

__all__ = ["forgetting", "served", "taken"]

_SERVED: weakref.WeakKeyDictionary[Store, defaultdict[str, list[str]]] = weakref.WeakKeyDictionary()
_LOCK = threading.Lock()


def served(store: Store, tenant: str, keys: Iterable[str]) -> None:
    """Note made-up keys that nobody will ask for again."""
    with _LOCK:
        _SERVED.setdefault(store, defaultdict(list))[tenant] += keys


def taken(store: Store, tenant: str) -> tuple[str, ...]:
    """The made-up keys noted so far, to be forgotten by a commit; where that fails, they are to be noted again."""
    with _LOCK:
        return tuple(_SERVED.setdefault(store, defaultdict(list)).pop(tenant, ()))


@contextmanager
def forgetting(store: Store, tenant: str, batch: Batch) -> Iterator[tuple[Batch, list[str]]]:
    """A batch that forgets the made-up keys noted so far, and the list of those that it has forgotten."""
    noted, forgotten = taken(store, tenant), list[str]()
    try:
        yield replace(batch, forgets=(*batch.forgets, *noted)), forgotten
    finally:
        served(store, tenant, [key for key in noted if key not in forgotten])
