"""What a policy says of customers: more urgent tickets, and an agent for each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ticketopt
from ticketopt import Agent, InvalidInputError, Policy, Problem, Ticket
from ticketopt.problem.customers import for_team
from ticketopt.problem.plain import fingerprint, plain_problem, problem_from_plain
from ticketopt.problem.reading import Evidence, Reading

GOLD = Policy(customer_weights={"gold-1": 0.5, 17: 1})


def urgencies(*tickets: Ticket, policy: Policy = GOLD) -> list[float]:
    return Problem(tickets, [], policy).urgency.tolist()


def test_a_weight_closes_its_part_of_the_distance_to_one() -> None:
    tickets = [
        Ticket(ticket_id=1, customer="gold-1", urgency=0.4),
        Ticket(ticket_id=2, customer="gold-1", priority="critical"),
        Ticket(ticket_id=3, customer="gold-1"),
        Ticket(ticket_id=4, customer="17", urgency=0.0),
        Ticket(ticket_id=5, customer="silver", urgency=0.4),
        Ticket(ticket_id=6, urgency=0.4),
    ]
    assert urgencies(*tickets) == [0.7, 1.0, 0.7, 1.0, 0.4, 0.4]
    assert Problem(tickets[:1], [], GOLD).is_urgent.all()


@given(urgency=st.floats(0, 1), weight=st.floats(0, 1))
def test_it_never_lowers_and_never_passes_one(urgency: float, weight: float) -> None:
    ticket = Ticket(ticket_id=1, customer="c", urgency=urgency)
    (raised,) = urgencies(ticket, policy=Policy(customer_weights={"c": weight}))
    assert urgency - 1e-12 <= raised <= 1
    assert raised == pytest.approx(1 - (1 - urgency) * (1 - weight), abs=1e-11)


def test_the_evidence_names_the_customer_and_stands_where_it_is_as_strong() -> None:
    words = Evidence("urgency", "asap", "title", 0.1)
    problem = Problem([Ticket(ticket_id=1, customer="gold-1")], [], GOLD, readings=[Reading({}, 0.5, (words,))])
    assert problem.raised_readings[0].evidence == (Evidence("urgency", "gold-1", "customer", 0.25), words)
    assert problem.readings[0].evidence == (words,)


def test_what_was_raised_is_not_raised_again() -> None:
    problem = Problem([Ticket(ticket_id=1, customer="gold-1", urgency=0.4)], [Agent(agent_id="a")], GOLD)
    again = problem_from_plain(plain_problem(problem))
    assert again.urgency.tolist() == problem.urgency.tolist() == [0.7]
    assert fingerprint(again) == fingerprint(problem)


def test_the_sentence_of_a_ticket_says_whose_it_is() -> None:
    policy = {"customer_weights": {"gold-1": 0.9}, "customer_agents": {"gold-1": "bob"}, "capacity": 9}
    tickets = [{"ticket_id": 1, "title": "printer jam", "customer": "gold-1"}]
    result = ticketopt.assign(tickets, [{"agent_id": "ann"}, {"agent_id": "bob", "current_load": 1}], policy=policy)
    assert result.assigned == {1: "bob"}
    assert "(customer gold-1)" in result[1].rationale
    assert "; the agent of customer gold-1; " in result[1].rationale
    assert result[1].terms["account"] == 0


class TestWrong:
    def test_agents_who_are_not_in_the_team_are_all_listed(self) -> None:
        policy = Policy(customer_agents={"gold-1": "nobody", "silver": "ann", 3: "none"})
        with pytest.raises(InvalidInputError) as error:
            Problem([], [Agent(agent_id="ann")], policy)
        assert [(issue.path, issue.problem) for issue in error.value.issues] == [
            ("policy.customer_agents['gold-1']", "'nobody' is not in the team"),
            ("policy.customer_agents['3']", "'none' is not in the team"),
        ]

    def test_a_customer_who_has_no_ticket_is_fine(self) -> None:
        policy = Policy(customer_agents={"gone": "ann"}, customer_weights={"gone": 1})
        assert Problem([Ticket(ticket_id=1)], [Agent(agent_id="ann")], policy).warnings == ()

    def test_one_customer_twice_and_weights_out_of_range(self) -> None:
        with pytest.raises(InvalidInputError) as error:
            Policy(customer_weights={1: 2, "1": 0.5}, customer_agents={"x": [1]})
        assert [issue.path for issue in error.value.issues] == [
            "policy.customer_weights[1]",
            "policy.customer_weights['1']",
            "policy.customer_agents['x']",
        ]


def test_a_team_that_comes_and_goes_has_wishes_for_those_who_are_there() -> None:
    policy = Policy(customer_agents={"gold-1": "ann", "silver": "bob"})
    assert for_team(policy, [Agent(agent_id="bob")]).customer_agents == {"silver": "bob"}
    assert for_team(policy, [Agent(agent_id="bob"), Agent(agent_id="ann")]) is policy
