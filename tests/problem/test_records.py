"""Tickets and agents: frozen, clean from birth, and changed one field at a time."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from ticketopt.errors import InvalidInputError
from ticketopt.problem.records import AVAILABILITY, PRIORITY_URGENCY, Agent, Ticket, newest, with_field


def test_fields_are_clean_from_birth_and_stay() -> None:
    ticket = Ticket(ticket_id=1.0, priority="HIGH", effort=2.0, excluded_agents=["a"])  # type: ignore[arg-type]
    assert (ticket.ticket_id, ticket.priority, ticket.effort, ticket.excluded_agents) == (1, "high", 2, ("a",))
    assert [type(value) for value in (ticket.ticket_id, ticket.effort)] == [int, int]
    with pytest.raises(FrozenInstanceError):
        ticket.effort = 3  # type: ignore[misc]


def test_an_agent_without_a_name_is_called_by_its_id() -> None:
    assert [Agent(agent_id=7).name, Agent(agent_id="a", name=" ").name, Agent(agent_id=7, name="Ada").name] == [
        "7", "a", "Ada",
    ]  # fmt: skip


def test_every_status_in_any_spelling_says_whether_work_is_taken() -> None:
    for status, is_available in AVAILABILITY.items():
        agent = Agent(agent_id=1, availability_status=status.replace(" ", "_").upper())
        assert (agent.availability_status, agent.is_available) == (status, is_available)


def test_a_stated_urgency_is_the_number_else_the_priority() -> None:
    for priority, urgency in PRIORITY_URGENCY.items():
        assert Ticket(ticket_id=1, priority=priority).stated_urgency == urgency
    assert Ticket(ticket_id=1, priority="low", urgency=0.9).stated_urgency == 0.9
    assert Ticket(ticket_id=1).stated_urgency is None


def test_one_field_read_anew() -> None:
    agent = Agent(agent_id="a", capacity=3)
    assert with_field(agent, "capacity", None) == Agent(agent_id="a")
    assert agent.capacity == 3
    with pytest.raises(InvalidInputError, match=r"agent 'a'\.capacity: is -1; give a whole number from 0 to 1,000,000"):
        with_field(agent, "capacity", -1)
    with pytest.raises(InvalidInputError, match=r"ticket 4\.effort: is 0"):
        with_field(Ticket(ticket_id=4), "effort", 0)


def test_the_newest_ticket() -> None:
    assert newest([]) == newest([Ticket(ticket_id=1)]) == 0.0
    assert newest([Ticket(ticket_id=k, creation_timestamp=time) for k, time in enumerate((5, None, 9, 7))]) == 9.0
