"""Forgetting in queues of plain data."""

from __future__ import annotations

from collections.abc import Iterable

from ticketopt.live.stores.queue_data import PlainQueue
from ticketopt.live.stores.rows import CLOSED, DONE, DUE, ONCE, UNKEPT, Keep, Retention

__all__ = ["prune"]

ONCE_KEPT = Keep(days=1)


def prune(queue: PlainQueue, now: float, keep: Retention) -> dict[str, int]:
    """Forget what is not to be kept, and carry what forgotten events add up to."""
    closed = ((name, queue.written_at.get(name, 0.0)) for name, row in queue.tickets.items() if row.state == CLOSED)
    given = ((key, at) for key, (_, _, at) in queue.answers.items() if not key.startswith(ONCE))
    made_up = ((key, at) for key, (_, _, at) in queue.answers.items() if key.startswith(ONCE))
    sent = ((row.ticket_id, row.at) for row in queue.deliveries.values() if row.state != DUE)
    done = ((job.job_id, job.at) for job in queue.jobs.values() if job.state == DONE)
    old = {
        "closed_tickets": _old(closed, keep.closed_tickets, now),
        "answers": _old(given, keep.answers, now),
        "deliveries": _old(sent, keep.deliveries, now),
        "jobs": _old(done, keep.jobs, now),
    }
    for name in old["closed_tickets"]:
        del queue.tickets[name]
        queue.written_at.pop(name, None)
    for key in [*old["answers"], *_old(made_up, ONCE_KEPT, now)]:
        del queue.answers[key]
    for name in old["deliveries"]:
        del queue.deliveries[name]
    for name in old["jobs"]:
        del queue.jobs[name]
    return {"events": _carry(queue, now, keep.events), **{kind: len(names) for kind, names in old.items()}}


def _old(rows: Iterable[tuple[str, float]], keep: Keep, now: float) -> list[str]:
    """The names of rows, each with its time, that are too old or beyond the newest."""
    newest = sorted(rows, key=lambda row: (-row[1], row[0]))
    kept = newest[: keep.rows]
    return [name for k, (name, at) in enumerate(newest) if k >= len(kept) or at < keep.oldest(now)]


def _carry(queue: PlainQueue, now: float, keep: Keep) -> int:
    beyond = 0 if keep.rows is None else max(0, len(queue.entries) - keep.rows)
    oldest, count = keep.oldest(now), 0
    for count, entry in enumerate([*queue.entries, None]):
        if entry is None or (count >= beyond and entry.at >= oldest):
            break
        event = entry.event
        if event.change and event.agent_id is not None:
            pair = (None if event.kind in UNKEPT else event.ticket_id, event.agent_id)
            queue.carried[pair] = queue.carried.get(pair, 0) + event.change
    queue.carried = {pair: change for pair, change in queue.carried.items() if change}
    queue.entries, queue.n_pruned = queue.entries[count:], queue.n_pruned + count
    return count
