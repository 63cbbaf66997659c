"""Which waiting tickets a change could have served: a sound pre-check, so that a backlog costs next to nothing.

Leaving the others out changes no decision:

* Where nobody who may work now has room, no ticket that waits can be served.
* Where every ticket takes one unit, and no rule couples tickets, the plan serves as many as can be, and of them the
  most urgent, the older first among equals (see `exit_prices`). Let all agents together have room for `r` units, and
  let tickets be alike that the same agents may take. A plan that served a ticket outside of the first `r` of those
  alike would leave one of these out; exchanging the two would be better. So the first `r` of each kind are enough,
  with those who are equal to the last of them.
* Room that depends on the queue itself, as a fair share does, is no room to count on: then all are weighed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from math import inf

from ticketopt.live.backlog import Entry, Place
from ticketopt.live.queue_rows import Overlay
from ticketopt.live.recall import Parsed, Recall
from ticketopt.live.stores import Snapshot, StoredTicket
from ticketopt.live.working_hours import is_on_shift
from ticketopt.problem.customers import raised
from ticketopt.problem.policy import Policy

__all__ = ["contenders", "couples"]


def contenders(
    state: Snapshot,
    waiting: Mapping[str, StoredTicket],
    always: Collection[str],
    *,
    policy: Policy,
    now: float,
    recall: Recall,
) -> Mapping[str, StoredTicket]:
    """The waiting tickets that must be weighed, in their order; those in `always`, in order as well, are among them."""
    if not waiting:
        return waiting
    room = _room(state, policy, now, recall)
    if room is None or room >= len(waiting):
        return waiting
    if room == 0:
        return {name: waiting[name] for name in always if name in waiting}
    if couples(policy):
        return waiting

    def parse(name: str, row: StoredTicket) -> Entry:
        parsed = recall.ticket(name, row)
        return Entry(parsed.rules if parsed.is_unit else None, _place(parsed, policy))

    with recall.backlog_lock:
        recall.backlog.follow(waiting if isinstance(waiting, Overlay) else Overlay(waiting), parse, policy)
        if not recall.backlog.is_alike:
            return waiting
        return {name: waiting[name] for name in recall.backlog.first(room, now, always)}


def _room(state: Snapshot, policy: Policy, now: float, recall: Recall) -> int | None:
    """Units that those who may work now can take at most; None where that is not known beforehand."""
    total = 0
    for stored, agent in zip(state.agents.values(), recall.plain_agents(state.agents, now), strict=True):
        if not (agent.is_available and is_on_shift(agent, now)):
            continue
        capacity = policy.capacity if agent.capacity is None else agent.capacity
        if not isinstance(capacity, int):
            return None
        total += max(0, capacity - stored.load)
    return total


def couples(policy: Policy) -> bool:
    """Whether a policy limits several tickets together, or weighs by other goals."""
    limits = (policy.max_new_per_agent, policy.max_urgent_per_agent, policy.max_new_per_team)
    return bool(policy.tiers or policy.separate or policy.together) or any(limit is not None for limit in limits)


def _place(parsed: Parsed, policy: Policy) -> Place:
    """Where a ticket stands among those alike; one of unknown creation time was created when it is weighed."""
    reading = raised(parsed.reading, parsed.ticket, policy) if policy.customer_weights else parsed.reading
    created = parsed.ticket.creation_timestamp
    return -reading.urgency, inf if created is None else created
