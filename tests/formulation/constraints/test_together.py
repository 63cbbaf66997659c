"""Tickets that go to one agent, as far as they go to anybody."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.brute_force import optimum
from support.seeds import examples
from ticketopt import (
    Agent,
    InvalidInputError,
    Policy,
    Problem,
    Session,
    Status,
    Ticket,
    UnsupportedModelError,
    solve,
    verify,
)
from ticketopt.formulation.constraints import CONSTRAINTS
from ticketopt.formulation.constraints.together import RULE
from ticketopt.formulation.formulate import formulate
from ticketopt.model.objective import objective, row_usage
from ticketopt.model.rows import PackingRows
from ticketopt.problem.linked import MOST_ENTRIES, linked_tickets, n_entries


@st.composite
def groups(draw: st.DrawFn) -> Problem:
    """Up to five tickets with keys, groups of the policy and pins, for up to three agents."""
    team = [Agent(agent_id=j, capacity=draw(st.integers(0, 4))) for j in range(draw(st.integers(1, 3)))]
    size = draw(st.integers(0, 5))
    tickets = [
        Ticket(
            ticket_id=i,
            together=draw(st.sampled_from([None, "x", "y"])),
            pinned_agent=draw(st.sampled_from([None, None, None, *range(len(team))])),
            effort=draw(st.integers(1, 2)),
            urgency=draw(st.sampled_from([0.1, 0.5, 0.9])),
        )
        for i in range(size)
    ]
    named = draw(st.lists(st.integers(0, max(0, size - 1)), unique=True, max_size=3)) if size else []
    return Problem(tickets, team, Policy(together=[named] if len(named) > 1 else []))


def is_kept(problem: Problem, plan: tuple[int, ...]) -> bool:
    """The rule once more, group by group; ids are positions."""
    keys = {ticket.together for ticket in problem.tickets} - {None}
    keyed = [[i for i, ticket in enumerate(problem.tickets) if ticket.together == key] for key in keys]
    for group in (*keyed, *problem.policy.together):
        held = {i: plan[i] for i in group if plan[i] >= 0}
        pin_of = {i: problem.tickets[i].pinned_agent for i in group}
        pins = set(pin_of.values()) - {None}
        free = {j for i, j in held.items() if pin_of[i] is None}
        if len(set(held.values())) > 1 or (pins and not free <= pins):
            return False
    return True


@settings(max_examples=examples(150), deadline=None)
@given(problem=groups())
def test_rows_and_words_are_the_rule(problem: Problem) -> None:
    rows = RULE.rows(problem)
    for plan in product(range(-1, problem.n_agents), repeat=problem.n_tickets):
        given_to = [(i, j) for i, j in enumerate(plan) if j >= 0]
        kept = is_kept(problem, plan)
        assert bool((row_usage(rows, np.array(plan, dtype=np.int64)) <= rows.bound).all()) == kept
        assert (not list(RULE.broken(problem, given_to))) == kept


def test_of_a_group_that_is_pinned_to_two_agents_the_others_go_to_either() -> None:
    tickets = [Ticket(ticket_id=i, together="x", pinned_agent=pin) for i, pin in enumerate((0, 2, None))]
    problem = Problem(tickets, [Agent(agent_id=j) for j in range(3)])
    rows = RULE.rows(problem)
    for j, is_right in ((0, True), (1, False), (2, True)):
        assert bool((row_usage(rows, np.array([-1, -1, j])) <= rows.bound).all()) == is_right
        assert (not list(RULE.broken(problem, [(2, j)]))) == is_right


@settings(max_examples=examples(60), deadline=None)
@given(problem=groups())
def test_every_backend_finds_the_best_plan_of_brute_force(problem: Problem) -> None:
    best = optimum(formulate(problem))
    for solver in ("auto", "cp_sat", "milp"):
        result = solve(problem, solver=solver)
        assert result.status is Status.OPTIMAL
        assert objective(result.model, result.assignment) == best
        assert verify(problem, result) == []
    assert verify(problem, solve(problem, solver="greedy")) == []


def test_two_calls_of_one_customer_go_to_one_agent_though_two_would_share_the_load() -> None:
    tickets = [Ticket(ticket_id=i, together="order 17" if i < 2 else None) for i in range(4)]
    result = solve(Problem(tickets, [Agent(agent_id="a"), Agent(agent_id="b")]))
    assert result.assigned[0] == result.assigned[1] != result.assigned[2] == result.assigned[3]
    assert "; together with 1; " in result[0].rationale
    assert "together" not in result[2].rationale


def test_what_does_not_fit_beside_the_others_waits_and_says_why() -> None:
    tickets = [Ticket(ticket_id=i, together="x", urgency=i / 10) for i in range(3)]
    result = solve(Problem(tickets, [Agent(agent_id="a", capacity=2), Agent(agent_id="b", capacity=1)]))
    assert result.assigned == {1: "a", 2: "a"}
    assert result[0].reason == "limit"
    assert result[0].rationale.startswith("A limit is reached: 0, 1 and 2 go to one agent.")


def test_a_pin_pulls_the_others_even_where_more_would_be_served_elsewhere() -> None:
    tickets = [Ticket(ticket_id=i, together="x", pinned_agent="a" if i == 0 else None) for i in range(3)]
    team = [Agent(agent_id="a", capacity=1), Agent(agent_id="b", capacity=9)]
    result = solve(Problem(tickets, team))
    assert list(result.assigned.values()) == ["a"]
    label = next(label for label in RULE.rows(result.problem).label if "pinned" in label)
    assert label == "0, 1 and 2 go to one agent, and one of them is pinned to a"


def test_one_agent_or_a_key_of_its_own_asks_for_nothing() -> None:
    tickets = [Ticket(ticket_id=i, together="x") for i in range(3)]
    assert formulate(Problem(tickets, [Agent(agent_id="a")])).is_unit
    alone = [Ticket(ticket_id=i, together=i) for i in range(3)]
    assert formulate(Problem(alone, [Agent(agent_id="a"), Agent(agent_id="b")])).is_unit


def test_keys_and_groups_that_share_a_ticket_are_kept_one_by_one() -> None:
    tickets = [Ticket(ticket_id=0, together="x"), Ticket(ticket_id=1, together="x"), Ticket(ticket_id=2)]
    policy = Policy(together=[(1, 2), (0, "gone")])
    assert linked_tickets(tickets, policy) == ((0, 1), (1, 2))
    warned = Problem(tickets, [Agent(agent_id="a")], policy).warnings
    assert [(issue.path, issue.problem) for issue in warned] == [("policy.together[1]", "'gone' is not in the queue")]


class TestContradictions:
    def test_together_and_apart_by_key_and_by_name(self) -> None:
        tickets = [Ticket(ticket_id=i, together="x" if i < 2 else None) for i in range(4)]
        with pytest.raises(InvalidInputError) as error:
            Problem(tickets, [], Policy(separate=[(0, 1), (1, 2), (3, 2)], together=[(2, 0, 3)]))
        assert [(issue.path, issue.problem) for issue in error.value.issues] == [
            ("policy.separate[0]", "keeps 0 and 1 apart, which are to be together"),
            ("policy.separate[2]", "keeps 3 and 2 apart, which are to be together"),
        ]

    @pytest.mark.parametrize("group", [[], ["a"], ["a", "b", "a"], [1, "1"]])
    def test_a_group_is_two_different_tickets_at_least(self, group: list[object]) -> None:
        with pytest.raises(InvalidInputError, match="is not a group of different tickets"):
            Policy(together=[("a", "b"), group])

    def test_a_group_that_is_too_large_is_told_before_memory_runs_out(self) -> None:
        team = [Agent(agent_id=j) for j in range(100)]
        with pytest.raises(InvalidInputError) as error:
            Problem([Ticket(ticket_id=i, together="x") for i in range(150)], team)
        assert "groups of up to 150: too large for a team of 100" in str(error.value)
        assert "this team can have one of 101" in str(error.value)
        assert n_entries(101, 100) <= MOST_ENTRIES < n_entries(102, 100)
        problem = Problem([Ticket(ticket_id=i, together=i // 3) for i in range(150)], team[:3])
        assert len(RULE.rows(problem).row) == 50 * n_entries(3, 3)

    def test_a_session_refuses_by_name(self) -> None:
        team = [Agent(agent_id="a"), Agent(agent_id="b")]
        session = Session(Problem([Ticket(ticket_id=0)], team, Policy(together=[(0, 1)])))
        with pytest.raises(UnsupportedModelError, match="rule 'together'"):
            session.add_ticket(Ticket(ticket_id=1))
        with pytest.raises(UnsupportedModelError, match="rule 'together' couples tickets: 2 has the key 'x'"):
            session.add_ticket(Ticket(ticket_id=2, together="x"))
        assert list(session.assigned) == [0]


def test_fifty_groups_among_two_hundred_tickets_are_solved() -> None:
    rng = np.random.default_rng(1)
    skills = ["VPN", "Mail", "Mac"]
    team = [Agent(agent_id=j, skills={s: float(rng.integers(0, 11)) for s in skills}, capacity=14) for j in range(15)]
    tickets = [
        Ticket(
            ticket_id=i, skills={skills[i % 3]: 1}, urgency=float(rng.random()), together=i // 4 if i < 160 else None
        )
        for i in range(200)
    ]
    problem = Problem(tickets, team)
    result = solve(problem, time_limit=20)
    assert verify(problem, result) == []
    assert (result.assignment >= 0).all()
    assert (result.status, result.solver) == (Status.OPTIMAL, "milp")


@settings(max_examples=examples(100), deadline=None)
@given(problem=groups())
def test_auto_asks_those_first_who_find_what_moves_together(problem: Problem) -> None:
    rows = RULE.rows(problem)
    assert rows.has_ties == bool(problem.linked and problem.n_agents > 1)
    limits = Policy(max_new_per_team=1, max_urgent_per_agent=1, max_new_per_agent=1, separate=[(0, 1)])
    team = [Agent(agent_id=agent.agent_id, team="red") for agent in problem.agents]
    limited = Problem([Ticket(ticket_id=i, urgency=1) for i in range(4)], team, limits)
    assert not PackingRows.join(rule.rows(limited) for rule in CONSTRAINTS.values()).has_ties
