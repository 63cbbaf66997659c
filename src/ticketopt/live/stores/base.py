"""What a store is: queues that survive, each changed by whole batches.

A queue belongs to a tenant. A batch names the version of the queue it was decided on; it is kept only where that is
still the version, as a whole or not at all, and its answer with it under an idempotency key. So nobody has to
hold a lock while deciding, and still no load gets lost and nothing is done twice.

A store keeps agents as they were given, and tickets as the numbers that deciding needs. It never keeps ticket text.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from ticketopt.errors import InvalidInputError
from ticketopt.live.stores.backup_file import Row, Write
from ticketopt.live.stores.rows import Batch, Delivery, Entry, Job, Retention, Snapshot, StoredAgent, StoredTicket
from ticketopt.problem.fields import shown

__all__ = [
    "LOCK_TIMEOUT",
    "Decided",
    "Read",
    "Store",
    "StoreFactory",
    "commit_unlocked",
    "other_request",
    "unknown_cursor",
]

LOCK_TIMEOUT = 60.0
"""Seconds to wait for others before a change is given up."""


class Read(Protocol):
    """Reads one queue, as `Store.snapshot` does."""

    def __call__(self, *, tickets: Collection[str] | None = None, known: int | None = None) -> Snapshot: ...


Decided = tuple[int, Batch, str, str]
"""The version that was decided on, the batch, its key and its request's hash: what `Store.commit` takes."""


class Store(Protocol):
    """Queues by tenant. Safe to use from many threads. Every method raises a `StoreError` where it cannot do its work.

    `lock_timeout` is how long a change may wait for others, in seconds.
    """

    lock_timeout: float

    def ready(self, *, limit: float = 0.5) -> None:
        """Return where the store can be read and written, within about `limit` seconds. Nothing is changed.

        Raises
        ------
        StoreError
            Where it cannot: it is locked, read-only, damaged, down, hung, or its connections are all in use.
        """
        ...

    def answer(self, tenant: str, key: str, request_hash: str) -> tuple[Any] | None:
        """The answer kept under a key, in a tuple; None for a new key.

        Raises
        ------
        InvalidInputError
            Where the key belongs to another request.
        """
        ...

    def kept_among(self, tenant: str, keys: Collection[str]) -> set[str]:
        """Those of some keys that an answer is kept under, whosever request it was."""
        ...

    def snapshot(self, tenant: str, *, tickets: Collection[str] | None = None, known: int | None = None) -> Snapshot:
        """The queue now: all agents; all open tickets, or else the waiting ones and those named, closed or not.

        Where the queue is still at the version `known`, it may be those named alone, without agents.
        """
        ...

    def events(self, tenant: str, *, after: int = 0, limit: int | None = None) -> list[Entry]:
        """The events after a number, in order, at most `limit`; a negative `after` counts from the end."""
        ...

    def history(self, tenant: str) -> tuple[Snapshot, list[Entry]]:
        """The whole queue, closed tickets included, with all its events, as of one moment.

        What older events added up to, where they are not kept any more, comes first: events "carried" of number 0.
        """
        ...

    def commit(
        self,
        tenant: str,
        version: int,
        batch: Batch,
        *,
        key: str | None = None,
        request_hash: str = "",
        limit: float | None = None,
    ) -> tuple[Any] | None:
        """Keep a batch and return `Kept((answer,))`, durable.

        None where the version has changed, or a key of the batch's `others` is kept already; then nothing is kept.
        A key that is kept already is answered as the first time, and nothing else happens. `limit` is how many seconds
        it may take, where that is not `lock_timeout`.

        Raises
        ------
        InvalidInputError
            Where the key belongs to another request.
        UnknownCommitError
            Where it is unknown whether the batch was kept: the same key tells.
        """
        ...

    def commit_locked(
        self, tenant: str, decide: Callable[[Read], Decided | None], *, limit: float | None = None
    ) -> tuple[Any] | None:
        """`commit` what is decided on a queue that no other process changes meanwhile, where the store can see to that.

        `decide` is called again after a failure that passes. Where it returns None, nothing is kept, and None returned.
        """
        ...

    def version(self, tenant: str) -> int:
        """How many batches the queue has seen: a cheap way to learn that nothing has changed."""
        ...

    def counts(self, tenant: str) -> dict[str, int]:
        """State -> how many tickets are in it; a state that none is in is left out."""
        ...

    def agents(
        self, tenant: str, *, after: str | None = None, limit: int | None = None
    ) -> list[tuple[str, StoredAgent]]:
        """Agents by id, in the store's order, at most `limit` of those that come after one.

        Raises
        ------
        InvalidInputError
            Where the agent that `after` names is not there (any more).
        """
        ...

    def ticket(self, tenant: str, ticket_id: str) -> StoredTicket | None:
        """One ticket, closed or not; None where it is not known."""
        ...

    def tickets(
        self,
        tenant: str,
        *,
        states: Collection[str] | None = None,
        agent: str | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> list[tuple[str, StoredTicket]]:
        """Tickets by id, in the store's order, at most `limit` of those that come after one.

        Only those in one of `states`, and of that agent, where they are named.

        Raises
        ------
        InvalidInputError
            Where the ticket that `after` names is not there (any more).
        """
        ...

    def tenants(self) -> list[str]:
        """Whose queues have been changed at least once, or have a job, sorted."""
        ...

    def due_deliveries(self, tenant: str, *, now: float, lease: float, limit: int = 100) -> list[Delivery]:
        """Claim deliveries that are due, the oldest wishes first, at most `limit`.

        Whoever has one holds it for `lease` seconds, and nobody else gets it meanwhile, nor a newer wish for the same
        ticket: so a ticket's deliveries are sent one after the other. Where it is not settled by then, it is due again.
        """
        ...

    def settle_delivery(
        self, tenant: str, delivery: Delivery, *, state: str, due_at: float | None = None, error: str | None = None
    ) -> bool:
        """Say what became of a claimed delivery, and let it go.

        It is "sent", "due" (again, at `due_at`), "dead" or "withdrawn".

        Where there is a newer wish, that one is due now. False, and nothing changes, where the lease was lost.
        """
        ...

    def deliveries(
        self, tenant: str, *, state: str | None = None, after: int = 0, limit: int | None = 100
    ) -> list[Delivery]:
        """The deliveries with numbers after one, in order, at most `limit`; only those in a state, if named."""
        ...

    def resend(self, tenant: str, ticket_ids: Collection[str] | None = None, *, now: float) -> int:
        """Have deliveries sent again, dead or sent: those of the tickets named, or else all dead ones; count them."""
        ...

    def prune(self, tenant: str, *, now: float, keep: Retention) -> dict[str, int]:
        """Forget what is not to be kept any more; field of `Retention` -> how many rows went.

        In small steps, between which others go on. Keys that nobody has given are forgotten after a day.
        """
        ...

    def backup(self, path: Path) -> int:
        """Write everything, as of one moment, to a file that `restore` takes; return how many rows.

        Others go on meanwhile. A file that is there is replaced once the new one is complete.
        """
        ...

    def dump(self, write: Write) -> None:
        """Hand over every row, as of one moment; see `backup_file.py`."""
        ...

    def load(self, rows: Iterable[Row]) -> int:
        """Take every row, or none; return how many.

        Raises
        ------
        StoreError
            Where the store holds queues already, and for rows that are none.
        """
        ...

    def put_job(self, tenant: str, job: Job, *, held: float | None = None) -> bool:
        """Keep a new job, where there is none with its id but this very one; False where there is another.

        Where `held` is the `until` of a claim, the job takes the place of the one with its id, if that still is its
        claim. So whoever has lost a job has no say any more, and a claim is made longer.
        """
        ...

    def job(self, tenant: str, job_id: str) -> Job | None:
        """A job by its id."""
        ...

    def jobs(self, tenant: str, *, state: str | None = None, limit: int | None = 100) -> list[Job]:
        """The oldest jobs, at most `limit`; only those in a state, if named."""
        ...

    def claim_job(self, tenant: str, *, now: float, lease: float) -> Job | None:
        """Take the oldest job that waits, or whose runner has not been heard of for its lease; None for none."""
        ...


class StoreFactory(Protocol):
    """Opens a store at a location: the part of its URL after the scheme."""

    def __call__(self, location: str, *, lock_timeout: float) -> Store: ...


def other_request() -> InvalidInputError:
    """The error for a key that another request has used."""
    return InvalidInputError.single("idempotency_key", "was used for another request", "use a new key")


def unknown_cursor(after: str) -> InvalidInputError:
    """The error for a page after something that is not there."""
    return InvalidInputError.single("after", f"{shown(after)} is not in the queue", "start at the beginning")


def commit_unlocked(
    store: Store, tenant: str, decide: Callable[[Read], Decided | None], limit: float | None
) -> tuple[Any] | None:
    """`Store.commit_locked` where nobody can be kept away: all threads of a process follow each other anyhow."""
    decided = decide(partial(store.snapshot, tenant))
    if decided is None:
        return None
    version, batch, key, request_hash = decided
    return store.commit(tenant, version, batch, key=key, request_hash=request_hash, limit=limit)
