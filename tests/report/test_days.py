"""Everybody's day: whose tickets, in which order, and how full it is."""

from __future__ import annotations

import ticketopt
from ticketopt.report.days import days, entry_of, most_urgent_first

AGENTS = [
    {"agent_id": "b", "name": "bob", "skills": {"VPN": 9}, "capacity": 3, "current_load": 1},
    {"agent_id": "a", "name": "Ada", "skills": {"SAP": 7}, "capacity": None},
    {"agent_id": "c", "name": "Cleo", "availability_status": "sick"},
]
TICKETS = [
    {"ticket_id": 1, "title": " late ", "urgency": 0.2, "skills": {"VPN": 1}, "previous_agent": "a",
     "creation_timestamp": 10},
    {"ticket_id": 2, "urgency": 0.9, "skills": {"VPN": 2, "Wi-Fi": 1}, "previous_agent": "b",
     "creation_timestamp": 100},
    {"ticket_id": 3, "urgency": 0.2, "pinned_agent": "a", "creation_timestamp": 5},
    {"ticket_id": 4, "urgency": 0.6, "skills": {"Go": 1}, "excluded_agents": ["b"]},
]  # fmt: skip


def test_days_are_by_name_with_the_most_urgent_first_and_a_few_words_each() -> None:
    result = ticketopt.assign(TICKETS, AGENTS, policy={"capacity": None})
    order = most_urgent_first(result.problem)
    assert order == [1, 3, 2, 0]
    ada, bob = days(result, order)
    assert (ada.title, ada.words) == ("Ada's day", "2 new tickets, nothing open before: 2 in all.")
    assert (bob.words, bob.is_full) == ("2 new tickets, 1 open before: 3 of 3. A full day.", True)
    shown = [(e.ticket_id, e.title, e.level, e.why, e.waits) for day in (ada, bob) for e in day.entries]
    assert shown == [
        ("4", "", "high", "new to Go", None),
        ("3", "", "low", "meant for this person", 95.0),
        ("2", "", "critical", "VPN 9/10; had it before", None),
        ("1", "late", "low", "VPN 9/10; was with Ada", 90.0),
    ]


def test_a_day_can_be_more_than_full_and_count_units_of_work() -> None:
    agents = [{"agent_id": 1, "capacity": 5}, {"agent_id": 2, "capacity": 1, "current_load": 3}]
    result = ticketopt.assign([{"ticket_id": 1, "effort": 4, "pinned_agent": 1}], agents)
    one, two = days(result, [0])
    assert one.words == "1 new ticket (4 units of work), nothing open before: 4 of 5."
    assert two.words == "no new tickets, 3 open before: 3 of 1. More than a full day."


def test_a_ticket_that_waits_has_no_agent() -> None:
    result = ticketopt.assign([{"ticket_id": 1}], [{"agent_id": 1, "capacity": 0}])
    entry = entry_of(result, 0)
    assert (entry.agent, entry.why) == ("", "")
