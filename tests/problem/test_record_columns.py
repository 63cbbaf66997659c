"""Which tickets say something of a field."""

from __future__ import annotations

from ticketopt.problem.record_columns import stating, values_of
from ticketopt.problem.records import Ticket


def test_what_is_none_or_empty_says_nothing() -> None:
    tickets = [
        Ticket(ticket_id=0, requires={"VPN": 5}, pinned_agent=0, effort=3),
        Ticket(ticket_id=1, excluded_agents=("a",), skills={}),
        Ticket(ticket_id=2),
    ]
    found = {name: stating(tickets, name) for name in ("requires", "pinned_agent", "excluded_agents", "skills")}
    assert found == {"requires": [0], "pinned_agent": [0], "excluded_agents": [1], "skills": [1]}
    assert values_of(tickets, "effort") == [3, 1, 1] and stating([], "group") == []
