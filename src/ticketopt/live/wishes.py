"""Who a helpdesk is to be told has a ticket: whoever has it here, where it does not know that already.

What a helpdesk knows is what it said last (`assignee`), or what it will be told (`wished`, the newest last). So what
came from there is not told back; but where a person there has decided before an older wish of ours was seen to arrive,
that decision becomes the wish, so that the older one does not undo it.

A wish for a ticket that is closed is not sent any more (see `outbox.py`). So of one that is opened again, only what the
helpdesk has said itself counts as known there; older wishes are remembered as far as they may still come back.
"""

from __future__ import annotations

from dataclasses import replace

from ticketopt.live.stores import CLOSED, Batch, Snapshot, StoredTicket

__all__ = ["with_deliveries"]

REMEMBERED = 8
"""So many of the newest wishes for a ticket are known when they come back as an echo."""


def with_deliveries(state: Snapshot, batch: Batch) -> Batch:
    """A batch with what is to be told, and rows that remember it. Nothing is told of who has a ticket that is done."""
    wanted: dict[str, str | None] = {}
    rows: dict[str, StoredTicket] = {}
    for name, row in batch.tickets.items():
        wished, before = row.data.get("wished", ()), state.tickets.get(name)
        was_done = before is not None and before.state == CLOSED
        holder = row.data.get("outside", row.agent_id)
        known = wished[-1] if wished and not was_done else row.data.get("assignee")
        if row.state != CLOSED and (holder != known or _is_undone(before, row)):
            wanted[name] = holder
            rows[name] = replace(row, data={**row.data, "wished": [*wished, holder][-REMEMBERED:]})
    return replace(batch, tickets={**batch.tickets, **rows}, deliveries=wanted) if wanted else batch


def _is_undone(before: StoredTicket | None, row: StoredTicket) -> bool:
    """Whether a person at the helpdesk has decided otherwise while our wish was on its way."""
    if before is None or not (wished := before.data.get("wished")) or row.data.get("wished"):
        return False
    return bool(row.data.get("assignee") != wished[-1])
