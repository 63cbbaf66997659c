"""How a batch is committed: look the key up, read, decide, commit; again where the queue has changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import uuid4

from ticketopt.errors import StoreError
from ticketopt.live.group import LEAST, check_loads_after, commit_all
from ticketopt.live.line import Change, line_of
from ticketopt.live.made_up_keys import forgetting, served, taken
from ticketopt.live.recall import Recall, after_batch, recall_of
from ticketopt.live.stores import ONCE, Batch, Decided, Kept, Read, Snapshot, Store

__all__ = ["as_decided", "commit_once"]

Decide = Callable[[Snapshot], Batch]
Finish = Callable[[Snapshot, Batch], Batch]


def as_decided(state: Snapshot, batch: Batch) -> Batch:
    """A batch that needs nothing more."""
    return batch


def commit_once(
    store: Store,
    tenant: str,
    decide: Decide,
    *,
    finish: Finish = as_decided,
    key: str | None = None,
    request_hash: str = "",
    tickets: Collection[str] | None = None,
    is_quick: bool = False,
) -> Any:
    """Decide on a queue and keep what was decided, exactly once; return the answer as it is kept.

    What `is_quick` is decided and committed together with whatever came while this process committed the last time; see
    `line.py` and `group.py`. Anything else takes its time, and keeps nobody waiting:

    1. Look the idempotency key up: a request that was kept before has its answer already.
    2. Read the queue in a snapshot, and end it.
    3. Decide, with no transaction open and no lock held.
    4. Commit, where the queue is still at the version that was read.
    5. Else decide again, while nobody else commits, as far as the store can see to that. So a second decision must be
       quick: it is about what of the first one still holds.

    Parameters
    ----------
    decide : from a snapshot to a batch; called again where the queue has changed, so it must change nothing itself,
        and takes its time only once.
    finish : what is added to the batch once it is decided.
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
    line, recall = line_of(store, tenant), recall_of(store, tenant)
    change = Change(decide, finish, tickets, key, request_hash, time.monotonic() + store.lock_timeout)
    if is_quick:
        line.serve(change, lambda changes: commit_all(store, tenant, changes, recall))
        return change.answer()
    known = None if key is None else store.answer(tenant, key, request_hash)
    if known is not None:
        return known[0]
    used_key = f"{ONCE}{uuid4()}" if key is None else key
    state, batch = _decided(partial(store.snapshot, tenant), change, recall)
    if key is None and not batch.changes_anything:
        return batch.answer
    with line.turn(change.end):
        kept = _committed(store, tenant, change, state, batch, used_key)
        while kept is None:
            if time.monotonic() > change.end:
                raise StoreError(f"the queue was changed by others for {store.lock_timeout:g} s; try again")
            kept = _committed_locked(store, tenant, change, used_key)
    if key is None:
        served(store, tenant, [used_key])
    return kept[0]


def _decided(read: Read, change: Change, recall: Recall) -> tuple[Snapshot, Batch]:
    state = recall.read(read, change.tickets)
    began = time.monotonic()
    batch = change.finish(state, change.decide(state))
    change.end += time.monotonic() - began  # deciding is no waiting
    check_loads_after(state, batch)
    return state, batch


def _committed(store: Store, tenant: str, change: Change, state: Snapshot, batch: Batch, key: str) -> tuple[Any] | None:
    """The answer as it is kept; None where the queue has changed meanwhile."""
    with forgetting(store, tenant, batch) as (whole, forgotten):
        kept = store.commit(
            tenant, state.version, whole, key=key, request_hash=change.request_hash, limit=_left(change)
        )
        forgotten[:] = [] if kept is None else whole.forgets
    if isinstance(kept, Kept):
        recall_of(store, tenant).wrote(after_batch(state, batch))
    return kept


def _committed_locked(store: Store, tenant: str, change: Change, key: str) -> tuple[Any] | None:
    """`_committed`, once decided on a queue that nobody changes meanwhile."""
    recall, made, noted = recall_of(store, tenant), list[tuple[Snapshot, Batch]](), taken(store, tenant)
    kept: tuple[Any] | None = None

    def decide(read: Read) -> Decided:
        made.append(_decided(read, change, recall))
        state, batch = made[-1]
        return state.version, replace(batch, forgets=(*batch.forgets, *noted)), key, change.request_hash

    try:
        kept = store.commit_locked(tenant, decide, limit=_left(change))
    finally:
        if kept is None:
            served(store, tenant, noted)
    if isinstance(kept, Kept):
        recall.wrote(after_batch(*made[-1]))
    return kept


def _left(change: Change) -> float:
    """Seconds that a commit may take."""
    return max(LEAST, change.end - time.monotonic())
