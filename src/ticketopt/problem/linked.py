"""Tickets that must go to one agent: those with the same key, and the groups that a policy names."""

from __future__ import annotations

from collections.abc import Sequence

from ticketopt.problem.policy import Policy
from ticketopt.problem.record_columns import stating, values_of
from ticketopt.problem.records import Ticket
from ticketopt.problem.report import Report, shown

__all__ = ["MOST_ENTRIES", "check_linked", "linked_tickets", "n_entries"]

MOST_ENTRIES = 2_000_000
"""So many entries in packing rows may keep tickets together, which takes some 100 MB; see `n_entries`."""


def linked_tickets(tickets: Sequence[Ticket], policy: Policy) -> tuple[tuple[int, ...], ...]:
    """Positions of the tickets of every group: two or more in each, and no group twice."""
    by_key: dict[str, list[int]] = {}
    for i in stating(tickets, "together"):
        by_key.setdefault(str(tickets[i].together), []).append(i)
    ids = values_of(tickets, "ticket_id") if policy.together else ()
    where = {str(ticket_id): i for i, ticket_id in enumerate(ids)}
    named = [sorted(where[str(name)] for name in group if str(name) in where) for group in policy.together]
    return tuple(dict.fromkeys(tuple(group) for group in (*by_key.values(), *named) if len(group) > 1))


def n_entries(size: int, n_agents: int) -> int:
    """Entries of the rows that keep so many tickets together: see `ticketopt.formulation.constraints.together`."""
    return (size - 1) * n_agents * (n_agents + size - 2)


def check_linked(tickets: Sequence[Ticket], n_agents: int, policy: Policy, report: Report) -> None:
    """Note tickets that are to be together and apart, groups too large to formulate, and unknown tickets."""
    groups = linked_tickets(tickets, policy)
    if not groups and not policy.together:
        return
    queue = {str(ticket.ticket_id): ticket for ticket in tickets}
    for k, group in enumerate(policy.together):
        for name in group:
            if str(name) not in queue:
                report.warn(f"policy.together[{k}]", f"{shown(name)} is not in the queue", "it changes nothing")
    named = [set(map(str, group)) for group in policy.together]
    for k, pair in enumerate(policy.separate):
        keys = [None if (ticket := queue.get(str(name))) is None else ticket.together for name in pair]
        is_keyed = None not in keys and str(keys[0]) == str(keys[1])
        if is_keyed or any(group.issuperset(map(str, pair)) for group in named):
            words = f"keeps {shown(pair[0])} and {shown(pair[1])} apart, which are to be together"
            report.error(f"policy.separate[{k}]", words, "drop the pair, or do not ask for both together")
    if sum(n_entries(len(group), n_agents) for group in groups) > MOST_ENTRIES:
        largest = max(map(len, groups))
        most = next((size for size in range(largest, 1, -1) if n_entries(size, n_agents) <= MOST_ENTRIES), 1)
        words = f"are to be together in groups of up to {largest:,}: too large for a team of {n_agents:,}"
        report.error(
            "tickets", words, f"ask for smaller groups: this team can have one of {most:,}, or several smaller"
        )
