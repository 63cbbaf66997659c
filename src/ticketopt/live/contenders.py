"""Which waiting tickets a change could have served: a sound pre-check, so that a backlog costs next to nothing.

Leaving the others out changes no decision:

* Where nobody who may work now has room, no ticket that waits can be served. Nor can one be where nobody who may take
  it and works now has room for what it takes. It takes nothing from others either, unless they are tied to it.
* Where every ticket that is left takes one unit, and no rule couples tickets, the plan serves as many as can be, and of
  them the most urgent, the older first among equals (see `exit_prices`). Let all agents together have room for `r`
  units, and let tickets be alike that the same agents may take. A plan that served a ticket outside of the first `r` of
  those alike would leave one of these out; exchanging the two would be better. So the first `r` of each kind are
  enough, with those who are equal to the last of them.
* Room that depends on the queue itself, as a fair share does, is no room to count on: then all are weighed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from math import inf

import numpy as np

from ticketopt._types import Bool, Int
from ticketopt.formulation.constraints import CONSTRAINTS
from ticketopt.formulation.incremental import of_agents
from ticketopt.live.backlog import Entry, Kind, Place
from ticketopt.live.queue_rows import Overlay
from ticketopt.live.recall import Parsed, Recall
from ticketopt.live.stores import Snapshot, StoredTicket
from ticketopt.live.working_hours import is_on_shift
from ticketopt.problem.customers import raised
from ticketopt.problem.policy import Policy
from ticketopt.problem.reading import Reading
from ticketopt.problem.records import Ticket, with_field

__all__ = ["contenders", "couples", "in_team"]

RULES = ("pins", "group", "language", "skill_level")
"""The rules that go by nothing but what `recall.RULED_BY` names."""

MOST_RULES = 50_000
"""So many different rules of tickets are remembered with a team; then it begins anew."""


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
    if len(waiting) <= len(always):
        return waiting
    room = _room(state, policy, now, recall)
    if room is None or policy.together:
        return waiting
    if not room.any():
        return {name: waiting[name] for name in always if name in waiting}

    def parse(name: str, row: StoredTicket) -> Entry:
        parsed = recall.ticket(name, row)
        least = 1 if policy.expert_saving else parsed.least
        kind = Kind(parsed.rules, least, parsed.is_unit, parsed.ticket.together is not None)
        return Entry(kind, _place(parsed, policy))

    with recall.backlog_lock:
        backlog = recall.backlog
        backlog.follow(waiting if isinstance(waiting, Overlay) else Overlay(waiting), parse, policy)
        some = {kind.rules: places[0][2] for kind, places in backlog.kinds.items()}
        firsts = {rules: recall.ticket(name, waiting[name]).ticket for rules, name in some.items()}
        reach = _reach(firsts, state, policy, now, recall)
        kinds = [kind for kind in backlog.kinds if kind.is_tied or (reach[kind.rules] & (room >= kind.least)).any()]
        is_alike = not couples(policy) and all(kind.is_unit for kind in kinds)
        names = backlog.first(kinds, int(room.sum()) if is_alike else None, now, always)
        return waiting if len(names) == len(waiting) else {name: waiting[name] for name in names}


def _room(state: Snapshot, policy: Policy, now: float, recall: Recall) -> Int | None:
    """(A,) units that each of those who may work now can take at most; None where that is not known beforehand."""
    room = [0] * len(state.agents)
    team = zip(state.agents.values(), recall.plain_agents(state.agents, now), strict=True)
    for j, (stored, agent) in enumerate(team):
        if not (agent.is_available and is_on_shift(agent, now)):
            continue
        capacity = policy.capacity if agent.capacity is None else agent.capacity
        if not isinstance(capacity, int):
            return None
        room[j] = max(0, capacity - stored.load)
    return np.array(room, dtype=np.int64)


def _reach(
    tickets: Mapping[str, Ticket], state: Snapshot, policy: Policy, now: float, recall: Recall
) -> Mapping[str, Bool]:
    """By rules that a ticket stands for: (A,) the agents who may take it, whether or not they can now."""
    base = recall.team_of(recall.plain_agents(state.agents, now), policy, now)
    if recall.reach is None or recall.reach[0] is not base or len(recall.reach[1]) > MOST_RULES:
        recall.reach = base, {}
    known = recall.reach[1]
    new = [rules for rules in tickets if rules not in known]
    if new:
        team = {str(agent.agent_id): agent for agent in base.agents}
        records = tuple(in_team(tickets[rules], team) for rules in new)
        readings = (Reading(),) * len(records)
        problem = base.with_checked(records, readings, base.agents, of_agents(base, records, readings))
        masks = [mask for name in RULES if (mask := CONSTRAINTS[name].mask(problem)) is not None]
        allowed = np.logical_and.reduce([np.ones((len(new), len(team)), dtype=np.bool_), *masks])
        known.update(zip(new, allowed, strict=True))
    return known


def in_team(ticket: Ticket, team: Mapping[str, object]) -> Ticket:
    """A ticket; a pin to an agent who has gone, or who must not have it, is none."""
    pinned = ticket.pinned_agent
    if pinned is None or (str(pinned) in team and str(pinned) not in map(str, ticket.excluded_agents)):
        return ticket
    return with_field(ticket, "pinned_agent", None)


def couples(policy: Policy) -> bool:
    """Whether a policy limits several tickets together, or weighs by other goals."""
    limits = (policy.max_new_per_agent, policy.max_urgent_per_agent, policy.max_new_per_team)
    return bool(policy.tiers or policy.separate or policy.together) or any(limit is not None for limit in limits)


def _place(parsed: Parsed, policy: Policy) -> Place:
    """Where a ticket stands among those alike; one of unknown creation time was created when it is weighed."""
    reading = raised(parsed.reading, parsed.ticket, policy) if policy.customer_weights else parsed.reading
    created = parsed.ticket.creation_timestamp
    return -reading.urgency, inf if created is None else created
