"""Ids across records: the same words whether rows are read or records are put together."""

from __future__ import annotations

import pytest

from ticketopt.errors import InvalidInputError
from ticketopt.intake.files import read_queue
from ticketopt.problem.problem import Problem
from ticketopt.problem.records import Agent, Ticket


def test_an_id_twice_is_named_with_its_first_place_however_it_comes() -> None:
    words = "agents[2].agent_id: is '1', like agents[0]; give every one its own id"
    with pytest.raises(InvalidInputError) as of_rows:
        read_queue({"tickets": [], "agents": [{"agent_id": 1}, {"agent_id": 2}, {"agent_id": "1"}]})
    with pytest.raises(InvalidInputError) as of_records:
        Problem([], [Agent(agent_id=1), Agent(agent_id=2), Agent(agent_id="1")])
    assert [str(issue) for issue in of_rows.value.issues] == [words]
    assert of_records.value.issues == of_rows.value.issues


def test_three_of_one_id_all_point_at_the_first() -> None:
    with pytest.raises(InvalidInputError) as error:
        Problem([Ticket(ticket_id="a")] * 3, [])
    assert [str(issue).split(";")[0] for issue in error.value.issues] == [
        "tickets[1].ticket_id: is 'a', like tickets[0]",
        "tickets[2].ticket_id: is 'a', like tickets[0]",
    ]


def test_a_problem_is_whole_from_birth() -> None:
    problem = Problem([Ticket(ticket_id=1, urgency=0.9, creation_timestamp=5)], [])
    assert problem.now == 5.0
    assert [reading.urgency for reading in problem.readings] == [0.9]


def test_a_problem_has_its_time_and_readings_by_their_earlier_names() -> None:
    problem = Problem([Ticket(ticket_id=1)], [], now=5.0)
    assert problem.clock == problem.now == 5.0
    assert problem.read == problem.readings


def test_a_group_that_nobody_is_in_is_a_warning_with_the_closest_name() -> None:
    team = [Agent(agent_id="a", team="Network"), Agent(agent_id="b", groups=["VIP desk"])]
    tickets = [Ticket(ticket_id=k, group=group) for k, group in enumerate(["network", "VIP-Desk", "VIP desks"])]
    assert [str(issue) for issue in Problem(tickets, team).warnings] == [
        "tickets[2].group: no agent is in the group 'VIP desks'; did you mean 'VIP desk'? (known: Network, VIP desk)"
    ]
    nobody = Problem(tickets[:1], [Agent(agent_id="a")])
    assert [issue.repair for issue in nobody.warnings] == ["nobody can take the ticket"]


def test_strangers_in_a_list_get_one_warning_that_counts_them() -> None:
    tickets = [Ticket(ticket_id=1, excluded_agents=("x", "a", "y", "z")), Ticket(ticket_id=2, excluded_agents=("x",))]
    problem = Problem(tickets, [Agent(agent_id="a")])
    assert [str(warning) for warning in problem.warnings] == [
        "tickets[0].excluded_agents: 'x' and 2 more are not in the team; it changes nothing",
        "tickets[1].excluded_agents: 'x' is not in the team; it changes nothing",
    ]
