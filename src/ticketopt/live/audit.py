"""Is a stored queue right? Loads and tickets against the sum of their events."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from ticketopt.errors import Issue
from ticketopt.live.stores import ASSIGNED, HELD, UNKEPT, Entry, Snapshot

__all__ = ["audit"]

REPAIR = "restore a backup"


def audit(state: Snapshot, entries: Sequence[Entry]) -> tuple[Issue, ...]:
    """Everything wrong with a queue.

    1. An agent's load is the sum of its events' changes.
    2. A ticket with an agent has added exactly its units, to that agent; any other ticket nothing.
    3. No event is newer than the queue.
    """
    issues = []
    loads: defaultdict[str | None, int] = defaultdict(int)
    units: defaultdict[tuple[str, str | None], int] = defaultdict(int)
    for entry in entries:
        event = entry.event
        loads[event.agent_id] += event.change
        if event.change and event.ticket_id is not None and event.kind not in UNKEPT:
            units[event.ticket_id, event.agent_id] += event.change
        if entry.version > state.version:
            issues.append(Issue(f"events[{entry.number}]", "is newer than the queue", REPAIR))
    for name in sorted({*state.agents, *(name for name, change in loads.items() if name is not None and change)}):
        load = state.agents[name].load if name in state.agents else 0
        if load != loads[name]:
            problem = f"has the load {load}, but its events add up to {loads[name]}"
            issues.append(Issue(f"agents[{name!r}]", problem, REPAIR))
    held = {(name, row.agent_id): row.units for name, row in state.tickets.items() if row.state in (ASSIGNED, HELD)}
    for pair in sorted({*held, *(pair for pair, change in units.items() if change)}, key=str):
        if held.get(pair, 0) != units[pair]:
            problem = f"takes {held.get(pair, 0)} units of {pair[1]!r}, but its events add up to {units[pair]}"
            issues.append(Issue(f"tickets[{pair[0]!r}]", problem, REPAIR))
    return tuple(issues)
