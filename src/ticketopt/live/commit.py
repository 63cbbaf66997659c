"""How a batch is committed: look the key up, read, decide, commit; again where the queue has changed."""

from __future__ import annotations

import hashlib
import json
import threading
import time
import weakref
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import uuid4

from ticketopt.errors import InvalidInputError, Issue, StoreError
from ticketopt.live.recall import recall_of
from ticketopt.live.stores import ONCE, Batch, Snapshot, Store
from ticketopt.problem.fields import MAX_UNITS, Report, name

__all__ = ["check_loads", "checked_name", "commit_once", "plain", "request_hash_of"]

Decide = Callable[[Snapshot], Batch]

_LOCKS: weakref.WeakKeyDictionary[Store, defaultdict[str, threading.Lock]] = weakref.WeakKeyDictionary()
_LOCKS_LOCK = threading.Lock()

_SERVED: weakref.WeakKeyDictionary[Store, defaultdict[str, list[str]]] = weakref.WeakKeyDictionary()
"""The made-up keys of commits that were acknowledged: nobody will ask for them again."""

LEAST = 0.05
"""Seconds that a commit has at least, so that it says what the store waits for."""


def commit_once(
    store: Store,
    tenant: str,
    decide: Decide,
    *,
    key: str | None = None,
    request_hash: str = "",
    tickets: Collection[str] | None = None,
    is_quick: bool = False,
) -> Any:
    """Decide on a queue and keep what was decided, exactly once; return the answer as it is kept.

    1. Look the idempotency key up: a request that was kept before has its answer already.
    2. Read the queue in a snapshot, and end it.
    3. Decide, with no transaction open and no lock held.
    4. Commit, where the queue is still at the version that was read.
    5. Else decide again. From then on no other thread of this process commits before; other processes still may.

    Where somebody of this process commits just now, what `is_quick` waits for its turn before it reads: what it decided
    meanwhile would be for nothing.

    Parameters
    ----------
    decide : from a snapshot to a batch; called again where the queue has changed, so it must change nothing itself.
    key, request_hash : the idempotency key, and what tells requests apart. Without a key of the caller's own, one is
        made up, so that a commit whose fate a lost connection left open is never made twice. The next commit of
        this process forgets it.
    is_quick : whether deciding takes no longer than waiting may.
    tickets : what the snapshot holds besides the waiting ones; None is every open ticket.

    Raises
    ------
    InvalidInputError
        From `decide`; for a key of another request; where a load would outgrow its limit. Nothing is kept.
    UnknownCommitError
        Where the connection was lost while committing, and the store could not be asked for the key any more.
    StoreError
        Where it cannot be kept, or others were faster for as long as the store's lock timeout.
    """
    end = time.monotonic() + store.lock_timeout
    known = None if key is None else store.answer(tenant, key, request_hash)
    if known is not None:
        return known[0]
    used_key, recall = f"{ONCE}{uuid4()}" if key is None else key, recall_of(store, tenant)

    def attempt(turn: _Turn) -> tuple[Any] | None:
        nonlocal end
        state = recall.read(store, tenant, tickets)
        batch, seconds = _timed(decide, state)
        end += seconds  # deciding is no waiting
        if key is None and not batch.changes_anything:
            return (batch.answer,)
        check_loads(_loads_after(state, batch).items())
        turn.wait(end)
        limit = max(LEAST, end - time.monotonic())
        with _forgetting(store, tenant, batch) as (whole, forgotten):
            kept = store.commit(tenant, state.version, whole, key=used_key, request_hash=request_hash, limit=limit)
            forgotten[:] = [] if kept is None else whole.forgets
        recall.wrote(state, batch, kept)
        return kept

    with _turn(store, tenant, first=end if is_quick else None) as turn:
        while (committed := attempt(turn)) is None:
            if time.monotonic() > end:
                raise StoreError(f"the queue was changed by others for {store.lock_timeout:g} s; try again")
    if key is None:
        _serve(store, tenant, [used_key])
    return committed[0]


def _timed(decide: Decide, state: Snapshot) -> tuple[Batch, float]:
    """A decision, and the seconds that it took."""
    start = time.monotonic()
    batch = decide(state)
    return batch, time.monotonic() - start


def _serve(store: Store, tenant: str, keys: Iterable[str]) -> None:
    """Note made-up keys that nobody will ask for again."""
    with _LOCKS_LOCK:
        _SERVED.setdefault(store, defaultdict(list))[tenant] += keys


@contextmanager
def _forgetting(store: Store, tenant: str, batch: Batch) -> Iterator[tuple[Batch, list[str]]]:
    """A batch that forgets the made-up keys noted so far, and the list of those that it has forgotten."""
    with _LOCKS_LOCK:
        served = _SERVED.setdefault(store, defaultdict(list)).pop(tenant, [])
    forgotten: list[str] = []
    try:
        yield replace(batch, forgets=(*batch.forgets, *served)), forgotten
    finally:
        _serve(store, tenant, [key for key in served if key not in forgotten])


class _Turn:
    """A thread's turn to commit to a queue: it begins once it is waited for, and lasts until the block ends."""

    def __init__(self, lock: threading.Lock, limit: float) -> None:
        self._lock, self._limit, self._is_held = lock, limit, False

    @property
    def is_taken(self) -> bool:
        """Whether it is somebody's turn now."""
        return self._lock.locked()

    def wait(self, end: float) -> None:
        """Wait until it is this thread's turn; nothing, where it is already."""
        if not self._is_held and not self._lock.acquire(timeout=max(0.0, end - time.monotonic())):
            raise StoreError(f"the store was busy for {self._limit:g} s; try again")
        self._is_held = True

    def end(self) -> None:
        if self._is_held:
            self._lock.release()


@contextmanager
def _turn(store: Store, tenant: str, *, first: float | None = None) -> Iterator[_Turn]:
    """The turn of this thread to commit to a queue; where it is somebody's now, it is waited for until `first`."""
    with _LOCKS_LOCK:
        turn = _Turn(_LOCKS.setdefault(store, defaultdict(threading.Lock))[tenant], store.lock_timeout)
    try:
        if first is not None and turn.is_taken:
            turn.wait(first)
        yield turn
    finally:
        turn.end()


def _loads_after(state: Snapshot, batch: Batch) -> dict[str, int]:
    """Agent id -> units of open work, as they will be once the batch is committed."""
    after = {agent_id: agent.load for agent_id, agent in state.agents.items()}
    for event in batch.events:
        if event.agent_id is not None:
            after[event.agent_id] = after.get(event.agent_id, 0) + event.change
    return after


def check_loads(after: Iterable[tuple[object, int]]) -> None:
    """An error for every load that no store can hold; `after` names each agent by its id or its position."""
    repair = f"use larger units, {MAX_UNITS:,} at most"
    issues = [
        Issue(f"agents[{agent!r}].current_load", f"would grow to {load:,}", repair)
        for agent, load in after
        if load > MAX_UNITS
    ]
    if issues:
        raise InvalidInputError(issues)


def request_hash_of(kind: str, request: object) -> str:
    """What tells two requests under one key apart: a hash of all they say, ticket text included."""
    text = json.dumps([kind, plain(request)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def plain(data: object, without: Iterable[str] = ()) -> Any:
    """Data as JSON holds it, with texts as keys; `without` names keys to leave out at the top."""
    if isinstance(data, Mapping):
        return {str(key): plain(value) for key, value in data.items() if key not in without}
    if isinstance(data, (list, tuple)):
        return [plain(value) for value in data]
    return data


def checked_name(value: object, path: str) -> str:
    """A tenant or an idempotency key: a short printable text, or an error."""
    report = Report()
    clean: str = name(value, path, report)
    if report.issues:
        raise InvalidInputError(report.issues)
    return clean
