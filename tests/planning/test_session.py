"""After every event a session holds an optimum of `solve` on the same records, with the fewest moves to get there."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.brute_force import plans
from support.seeds import examples
from ticketopt import (
    Agent,
    InvalidInputError,
    Policy,
    Problem,
    Reading,
    Session,
    Ticket,
    UnsupportedModelError,
    formulate,
    solve,
)
from ticketopt.formulation.constraints import CONSTRAINTS, Constraint
from ticketopt.formulation.costs import COST_TERMS, CostTerm
from ticketopt.formulation.formulate import SCALE
from ticketopt.model.objective import objective
from ticketopt.model.rows import PackingRows
from ticketopt.planning.session_changes import Change
from ticketopt.solvers.auto import solve_model

NOW = 10**6
Draw = np.random.Generator


def an_agent(random: Draw, name: str) -> Agent:
    return Agent(
        agent_id=name,
        skills={skill: float(random.choice([0, 5, 7.3, 10])) for skill in "xyz" if random.random() < 0.7},
        current_load=int(random.integers(0, 4)),
        capacity=None if random.random() < 0.5 else int(random.integers(0, 6)),
        experience_level=float(random.integers(0, 5)),
        availability_status=str(random.choice(["available", "available", "offline"])),
        shift_end=None if random.random() < 0.8 else float(NOW + random.integers(-1, 2) * 1000),
        languages=() if random.random() < 0.7 else ("de",),
    )


def a_ticket(random: Draw, name: str, team: list[str]) -> Ticket:
    pinned = str(random.choice(team)) if team and random.random() < 0.1 else None
    return Ticket(
        ticket_id=name,
        skills={skill: float(random.integers(1, 3)) for skill in "xyzw" if random.random() < 0.4},
        requires={"x": 5.0} if random.random() < 0.1 else {},
        urgency=float(random.choice([0.1, 0.4, 0.501, 0.504, 0.7])),
        creation_timestamp=None if random.random() < 0.2 else float(NOW - random.choice([0, 3600, 90_000, -60])),
        previous_agent=str(random.choice(team)) if team and random.random() < 0.2 else None,
        pinned_agent=pinned,
        excluded_agents=tuple(agent for agent in team if agent != pinned and random.random() < 0.1),
        language=None if random.random() < 0.8 else "de",
    )


def by_queue(problem: Problem) -> Any:
    """A term that depends on how many tickets there are."""
    return np.tile((np.arange(problem.n_agents) + problem.n_tickets) % 2 / 1.0, (problem.n_tickets, 1))


def start(random: Draw, change_cost: float = 0.0) -> Session:
    team = [f"a{j}" for j in range(random.integers(0, 4))]
    policy = Policy(
        capacity=[None, "fair_share", 3][random.integers(3)],
        balance=float(random.choice([0, 0.5, 3])),
        weights=[{}, {"waiting": 5, "experience": 1}][random.integers(2)],
        max_new_per_agent=[None, None, 2][random.integers(3)],
    )
    terms = COST_TERMS if random.random() < 0.8 else {**COST_TERMS, "queue": CostTerm("by queue", 0.3, by_queue)}
    queue = [a_ticket(random, f"t{i}", team) for i in range(random.integers(0, 6))]
    problem = Problem(queue, [an_agent(random, name) for name in team], policy, NOW)
    return Session(problem, change_cost=change_cost, terms=terms)


def an_event(session: Session, random: Draw, k: int) -> Callable[[], Change]:
    tickets, team = list(session.assigned), [agent.agent_id for agent in session.problem.agents]
    kind = random.integers(9)
    ticket = str(random.choice(tickets)) if tickets else ""
    agent = str(random.choice(team)) if team else ""
    if kind in (0, 1, 2, 3) and (len(tickets) < 2 or (kind == 0 and len(tickets) < 6)):
        return lambda: session.add_ticket(a_ticket(random, f"new{k}", [str(own) for own in team]))
    if kind in (0, 1):
        return lambda: session.remove_ticket(ticket)
    if kind == 2:
        return lambda: session.pin(ticket, agent if agent and random.random() < 0.6 else None)
    if kind == 3:
        return lambda: session.replace_ticket(a_ticket(random, ticket, [str(own) for own in team]))
    if kind == 4 or not team:
        return lambda: session.remove_agent(agent) if len(team) > 3 else session.add_agent(an_agent(random, f"h{k}"))
    if kind == 5:
        return lambda: session.remove_agent(agent)
    if kind == 6:
        return lambda: session.set_capacity(agent, int(random.integers(0, 6)) if random.random() < 0.8 else None)
    if kind == 7:
        return lambda: session.set_load(agent, int(random.integers(0, 6)))
    return lambda: session.replace_agent(an_agent(random, agent))


def check(session: Session, before: dict[Any, Any], change: Change, change_cost: float) -> None:
    """The plan against every plan there is: exit prices first, then cost and change costs, then the number of moves."""
    model, team = session.model, [agent.agent_id for agent in session.problem.agents]
    old = [team.index(before[t]) if before.get(t) in team else -1 for t in session.assigned]

    def worth(plan: tuple[int, ...], cost: int) -> tuple[int, int, int]:
        exits = sum(int(model.exit_cost[i]) for i, j in enumerate(plan) if j < 0)
        moves = sum(was >= 0 and j != was for was, j in zip(old, plan, strict=True))
        return exits, cost - exits + round(change_cost * SCALE) * moves, moves

    places = [-1 if agent is None else team.index(agent) for agent in session.assigned.values()]
    cost = objective(model, np.array(places, dtype=np.int64))
    assert round(change.objective * SCALE) == cost
    assert worth(tuple(places), cost) == min(worth(*item) for item in plans(model))
    if change_cost == 0:
        assert cost == solve_model(model).objective
    moved = {ticket: (was, to) for ticket, was, to in change.moved}
    for ticket, agent in session.assigned.items():
        if ticket not in before or before[ticket] != agent:
            assert moved.pop(ticket) == (before.get(ticket), agent)
    assert not moved


@settings(max_examples=examples(60), deadline=None)
@given(seed=st.integers(0, 2**32 - 1), change_cost=st.sampled_from([0.0, 0.0, 0.05, 3.0]))
def test_every_event_equals_a_fresh_solve_and_moves_nobody_for_nothing(seed: int, change_cost: float) -> None:
    random = np.random.default_rng(seed)
    session = start(random, change_cost)
    for k in range(8):
        before, event = session.assigned, an_event(session, random, k)
        try:
            change = event()
        except InvalidInputError as error:
            assert "holds the pinned agent" in str(error)
            assert session.assigned == before
            continue
        check(session, before, change, change_cost)


@settings(max_examples=examples(30), deadline=None)
@given(seed=st.integers(0, 2**32 - 1), change_cost=st.sampled_from([0.0, 0.05, 3.0]))
def test_a_pickled_session_goes_on_from_the_plan_it_had(seed: int, change_cost: float) -> None:
    random = np.random.default_rng(seed)
    session = start(random, change_cost)
    for k in range(6):
        try:
            an_event(session, random, k)()
        except InvalidInputError:
            continue
        again = pickle.loads(pickle.dumps(session))
        assert list(again.assigned.items()) == list(session.assigned.items())
        assert again.problem.tickets == session.problem.tickets
        assert (again.state.objective, again.state.prices) == (session.state.objective, session.state.prices)
        before, event = again.assigned, an_event(again, random, k + 100)
        try:
            change = event()
        except InvalidInputError:
            continue
        check(again, before, change, change_cost)


def test_a_copy_of_a_session_is_apart_from_it() -> None:
    session = Session(Problem(plain_queue(4), [Agent(agent_id="a", capacity=9), Agent(agent_id="b", capacity=9)]))
    other = copy.deepcopy(session)
    other.remove_agent("a")
    assert set(other.assigned.values()) == {"b"}
    assert set(session.assigned.values()) == {"a", "b"}


def test_a_rule_that_cannot_be_pickled_is_named() -> None:
    problem = Problem(plain_queue(1), [Agent(agent_id="a")])
    terms = {**COST_TERMS, "mine": CostTerm("my words", 0.1, lambda p: np.zeros((p.n_tickets, p.n_agents)))}
    with pytest.raises((pickle.PicklingError, AttributeError), match=r"test_a_rule_that_cannot_be_pickled.*lambda"):
        pickle.dumps(Session(problem, terms=terms))


def plain_queue(n: int) -> list[Ticket]:
    return [Ticket(ticket_id=i, urgency=i % 7 / 7, creation_timestamp=float(NOW - i)) for i in range(n)]


@pytest.mark.parametrize("capacity", ["fair_share", None])
def test_a_queue_that_grows_leaves_nobody_out_whom_solve_serves(capacity: str | None) -> None:
    session = Session(Problem(plain_queue(20), [Agent(agent_id=j) for j in range(7)], Policy(capacity=capacity), NOW))
    for ticket in plain_queue(90)[20:]:
        session.add_ticket(ticket)
    fresh = solve(session.problem)
    assert None not in session.assigned.values() and not fresh.unassigned
    assert session.state.objective == fresh.objective
    for ticket_id in range(0, 90, 2):
        change = session.remove_ticket(ticket_id)
    assert change.objective == solve(session.problem).objective


def test_with_capacities_left_who_waits_is_whom_solve_leaves_waiting() -> None:
    random = np.random.default_rng(4)
    agents = [Agent(agent_id=j, capacity=3, skills={"x": float(j)}) for j in range(5)]
    session = Session(Problem([], agents, now=NOW))
    for i in range(200):
        urgency, age = float(random.integers(0, 300)) / 1000, float(random.integers(0, 9))
        ticket = Ticket(ticket_id=i, urgency=urgency, creation_timestamp=NOW - age, skills={"x": 1})
        change = session.add_ticket(ticket)
        if i % 10 == 9:
            assert change.objective == solve(session.problem).objective


def test_one_of_two_twins_is_not_moved_for_the_other() -> None:
    queue = [Ticket(ticket_id=i, skills={"y" if i == 0 else "x": 1}, urgency=0.1) for i in range(3)]
    first = Agent(agent_id="a0", skills={"x": 10, "y": 10}, capacity=1)
    other = Agent(agent_id="a9", skills={"y": 5}, capacity=3, experience_level=1)
    for change_cost in (0.0, 0.02):
        policy = Policy(balance=5, weights={"experience": 1})
        session = Session(Problem(queue, [first], policy), change_cost=change_cost)
        assert all(move.before is None for move in session.add_agent(other).moved)


def test_a_change_cost_keeps_a_ticket_where_it_is() -> None:
    ann = Agent(agent_id="ann", skills={"mail": 8}, capacity=1)
    bob = Agent(agent_id="bob", skills={"mail": 9}, capacity=0)
    ticket = Ticket(ticket_id="t", skills={"mail": 1.0})
    for change_cost, expected in [(0.0, "bob"), (5.0, "ann")]:
        session = Session(Problem([ticket], [ann, bob], Policy(balance=0.0)), change_cost=change_cost)
        assert session.assigned == {"t": "ann"}
        change = session.set_capacity("bob", 1)
        assert session.assigned == {"t": expected}
        assert session.state.objective == change.objective
        assert session.state.prices == {"ann": 0, "bob": 0}


@pytest.mark.parametrize("weight", [1e4, 1e6])
def test_costs_so_large_that_levels_run_short_are_those_of_solve(weight: float) -> None:
    zero = CostTerm("dear", weight, lambda p: np.zeros((p.n_tickets, p.n_agents)), by_ticket=True)
    terms = {**COST_TERMS, "dear": zero}
    queue = [Ticket(ticket_id=i, urgency=i % 3 / 3, creation_timestamp=float(NOW - i)) for i in range(150)]
    agents = [Agent(agent_id=j, capacity=20) for j in range(3)]
    session = Session(Problem(queue[:110], agents, now=NOW), terms=terms)
    changes = [session.add_ticket(ticket) for ticket in queue[110:]]
    assert changes[-1].objective == pytest.approx(solve(session.problem, terms=terms).objective, rel=1e-12)
    assert sum(agent is None for agent in session.assigned.values()) == 90
    assert session.remove_ticket(0).objective == pytest.approx(solve(session.problem, terms=terms).objective, rel=1e-12)


def test_no_change_cost_makes_an_urgent_ticket_wait() -> None:
    agents = [Agent(agent_id="ann", skills={"sap": 9}, capacity=1), Agent(agent_id="bob", capacity=1)]
    calm = Ticket(ticket_id="calm", urgency=0.1)
    session = Session(Problem([calm], [agents[0]]), change_cost=1000.0)
    session.add_agent(agents[1])
    session.add_ticket(Ticket(ticket_id="hot", urgency=0.9, excluded_agents=["bob"]))
    assert session.assigned == {"calm": "bob", "hot": "ann"}


def test_a_pin_moves_the_ticket_and_goes_away() -> None:
    agents = [Agent(agent_id="ann", skills={"mail": 8}, capacity=1), Agent(agent_id="bob", capacity=1)]
    session = Session(Problem([Ticket(ticket_id="t", skills={"mail": 1.0})], agents))
    assert session.assigned == {"t": "ann"}
    assert session.pin("t", "bob").moved == (("t", "ann", "bob"),)
    assert session.pin("t", None).moved == (("t", "bob", "ann"),)


def test_a_ticket_pinned_to_an_agent_who_goes_waits_until_the_pin_is_taken_away() -> None:
    agents = [Agent(agent_id="ann", capacity=1), Agent(agent_id="bob", capacity=1)]
    session = Session(Problem([Ticket(ticket_id="t", pinned_agent="ann")], agents))
    assert session.assigned == {"t": "ann"}
    assert session.remove_agent("ann").moved == (("t", "ann", None),)
    assert solve(session.problem).unassigned
    assert session.pin("t", None).moved == (("t", None, "bob"),)


def test_prices_are_what_one_more_unit_saves() -> None:
    random = np.random.default_rng(3)
    for _ in range(40):
        agents = [
            Agent(agent_id=j, skills={s: float(random.integers(0, 11)) for s in "xyz"}, capacity=random.integers(0, 4))
            for j in range(random.integers(1, 4))
        ]
        queue = [
            Ticket(ticket_id=i, skills={random.choice(list("xyz")): 1}, urgency=random.choice([0.1, 0.5, 1.0]))
            for i in range(random.integers(1, 6))
        ]
        problem = Problem(queue, agents, Policy(balance=0))
        state = Session(problem).state
        for j, agent in enumerate(agents):
            assert agent.capacity is not None
            change = Session(problem).set_capacity(j, agent.capacity + 1)
            assert state.prices[j] == pytest.approx(state.objective - change.objective)


def at_most(limit: int, agents: Callable[[Problem], list[list[int]]]) -> Constraint:
    """A custom rule: at most so many tickets for each of these groups of agents."""

    def rows(problem: Problem) -> PackingRows:
        groups, n = agents(problem), problem.n_tickets
        size = sum(len(group) for group in groups) * n
        return PackingRows(
            row=np.repeat(np.arange(len(groups)), [len(group) * n for group in groups]),
            ticket=np.tile(np.arange(n), sum(map(len, groups))),
            agent=np.repeat([j for group in groups for j in group], n).astype(np.int64),
            coefficient=np.ones(size, dtype=np.int64),
            bound=np.full(len(groups), limit),
            label=tuple(f"at most {limit} tickets" for _ in groups),
        )

    return Constraint(f"at most {limit} tickets", "limit", lambda problem, given: iter(()), rows=rows)


def test_a_custom_rule_that_limits_one_agent_is_kept() -> None:
    rules = {**CONSTRAINTS, "one": at_most(1, lambda problem: [[j] for j in range(problem.n_agents)])}
    queue, agents = plain_queue(4), [Agent(agent_id=j, capacity=9) for j in range(2)]
    session = Session(Problem(queue, agents), constraints=rules)
    assert len([agent for agent in session.assigned.values() if agent is not None]) == 2
    session.add_ticket(Ticket(ticket_id="hot", urgency=1.0))
    session.set_load(0, 3)
    fresh = solve(session.problem, constraints=rules)
    assert session.state.objective == fresh.objective
    assert len(fresh.assigned) == 2 and session.assigned["hot"] is not None


def test_a_custom_rule_that_couples_agents_is_refused_by_name_when_it_can_bind() -> None:
    rules = {**CONSTRAINTS, "both": at_most(3, lambda problem: [list(range(problem.n_agents))])}
    agents = [Agent(agent_id=j, capacity=9) for j in range(2)]
    with pytest.raises(UnsupportedModelError, match="rule 'both'"):
        Session(Problem(plain_queue(4), agents), constraints=rules)
    session = Session(Problem(plain_queue(3), agents), constraints=rules)
    before, worth = session.assigned, session.state.objective
    with pytest.raises(UnsupportedModelError, match=r"rule 'both' .*at most 3 tickets"):
        session.add_ticket(Ticket(ticket_id="fourth"))
    assert (session.assigned, session.state.objective) == (before, worth)
    session.remove_ticket(0)
    session.add_ticket(Ticket(ticket_id="third"))
    assert len(session.assigned) == 3


@pytest.mark.parametrize(
    "policy",
    [Policy(max_urgent_per_agent=1), Policy(max_new_per_team=1), Policy(separate=[(0, 1)])],
)
def test_the_houses_own_coupling_rules_are_refused(policy: Policy) -> None:
    agents = [Agent(agent_id=j, team="red", capacity=9) for j in range(2)]
    queue = [Ticket(ticket_id=i, urgency=urgency) for i, urgency in enumerate([1.0, 1.0, 1.0, 0.1])]
    with pytest.raises(UnsupportedModelError, match="couples tickets"):
        Session(Problem(queue, agents, policy))


def test_unequal_effort_is_refused() -> None:
    agents = [Agent(agent_id="ann", capacity=5)]
    with pytest.raises(UnsupportedModelError, match="unequal effort"):
        Session(Problem([Ticket(ticket_id="t", effort=2)], agents))
    session = Session(Problem([], agents))
    for ticket in (Ticket(ticket_id="t", effort=2), Ticket(ticket_id="t", effort_by_agent={"ann": 3})):
        with pytest.raises(UnsupportedModelError, match="unequal effort"):
            session.add_ticket(ticket)
    assert session.assigned == {}


@pytest.mark.parametrize("reading", [Reading({}, -7), Reading({}, float("nan")), Reading({"x": -1.0}, 0.5)])
def test_readings_that_a_problem_refuses_are_refused(reading: Reading) -> None:
    agents = [Agent(agent_id="ann", capacity=5)]
    with pytest.raises(InvalidInputError) as ours:
        Session(Problem([], agents)).add_ticket(Ticket(ticket_id="t"), reading=reading)
    with pytest.raises(InvalidInputError) as theirs:
        Problem([Ticket(ticket_id="t")], agents, readings=[reading])
    assert str(ours.value) == str(theirs.value)


def test_unknown_ids_and_contradictions_are_errors() -> None:
    session = Session(Problem([], [Agent(agent_id="ann", capacity=1)]))
    with pytest.raises(InvalidInputError, match="is not in the session"):
        session.remove_ticket("nobody")
    with pytest.raises(InvalidInputError, match="is not in the session"):
        session.replace_agent(Agent(agent_id="bob"))
    with pytest.raises(InvalidInputError, match="whole number"):
        session.set_load("ann", -1)
    with pytest.raises(InvalidInputError, match="is not in the team"):
        session.add_ticket(Ticket(ticket_id="t", pinned_agent="bob"))
    with pytest.raises(InvalidInputError, match="holds the pinned agent"):
        session.add_ticket(Ticket(ticket_id="t", pinned_agent="ann", excluded_agents=["ann"]))


def test_the_problem_of_a_session_is_what_was_told() -> None:
    ann, ticket = Agent(agent_id="ann", capacity=1), Ticket(ticket_id="t", urgency=0.4)
    session = Session(Problem([], [ann], now=NOW))
    session.add_ticket(ticket, reading=Reading({"x": 1.0}, 0.7))
    session.set_load("ann", 2)
    session.set_capacity("ann", None)
    problem = session.problem
    assert problem.tickets == (ticket,) and problem.readings == (Reading({"x": 1.0}, 0.7),)
    assert problem.agents == (replace(ann, current_load=2, capacity=None),)
    assert (session.model.pair_cost == formulate(problem).pair_cost).all()
