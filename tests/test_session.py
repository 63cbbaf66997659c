"""A session equals a fresh solve after every event."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ticketopt import Agent, InvalidInputError, Policy, Problem, Session, Ticket, UnsupportedModelError, formulate
from ticketopt.model import objective
from ticketopt.solve import solve_model

SKILLS = ["network", "mail", "printer"]


def an_agent(random: np.random.Generator, name: str) -> Agent:
    skills = {skill: float(random.integers(0, 11)) for skill in SKILLS if random.random() < 0.7}
    capacity = None if random.random() < 0.3 else int(random.integers(0, 6))
    return Agent(
        agent_id=name,
        skills=skills,
        current_load=int(random.integers(0, 3)),
        capacity=capacity,
        experience_level=float(random.integers(0, 9)),
    )


def a_ticket(random: np.random.Generator, name: str) -> Ticket:
    wanted = {skill: 1.0 for skill in SKILLS if random.random() < 0.5}
    return Ticket(ticket_id=name, skills=wanted, creation_timestamp=float(random.integers(0, 10**6)))


def check(session: Session) -> None:
    model = session.model
    fresh = solve_model(model)
    assert round(session.state.objective * 100_000) == fresh.objective
    order = {agent_id: j for j, agent_id in enumerate(session.state.agent_ids)}
    places = np.array([-1 if a is None else order[a] for a in session.assigned.values()], dtype=np.int64)
    assert objective(model, places) == fresh.objective


def start(random: np.random.Generator, *, change_cost: float = 0.0) -> Session:
    n, n_agents = int(random.integers(0, 9)), int(random.integers(0, 5))
    tickets = [a_ticket(random, f"t{i}") for i in range(n)]
    agents = [an_agent(random, f"a{j}") for j in range(n_agents)]
    return Session(Problem(tickets, agents, Policy(capacity=None)), change_cost=change_cost)


def an_event(session: Session, random: np.random.Generator, k: int) -> None:
    tickets, agents = list(session.assigned), list(session.state.agent_ids)
    before = session.assigned
    kind = random.integers(7)
    if kind == 0 or (not tickets and kind in (1, 2)):
        change = session.add_ticket(a_ticket(random, f"new{k}"))
    elif kind == 1:
        change = session.remove_ticket(str(random.choice(tickets)))
    elif kind == 2:
        change = session.pin(str(random.choice(tickets)), str(random.choice(agents)) if agents else None)
    elif kind == 3 or not agents:
        change = session.add_agent(an_agent(random, f"hired{k}"))
    elif kind == 4:
        change = session.remove_agent(str(random.choice(agents)))
    elif kind == 5:
        change = session.set_capacity(str(random.choice(agents)), int(random.integers(0, 6)))
    else:
        change = session.set_load(str(random.choice(agents)), int(random.integers(0, 6)))
    for ticket_id, old, new in change.moved:
        assert before.pop(ticket_id, None) == old
        assert session.assigned[ticket_id] == new
    assert all(
        session.assigned[ticket_id] == place for ticket_id, place in before.items() if ticket_id in session.assigned
    )


@settings(max_examples=200, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_every_event_equals_a_fresh_solve(seed: int) -> None:
    random = np.random.default_rng(seed)
    session = start(random)
    check(session)
    for k in range(15):
        an_event(session, random, k)
        check(session)


def test_the_start_is_the_problem_as_formulated() -> None:
    random = np.random.default_rng(5)
    tickets = [a_ticket(random, f"t{i}") for i in range(12)]
    agents = [an_agent(random, f"a{j}") for j in range(4)]
    problem = Problem(tickets, agents, Policy(capacity=5))
    ours, theirs = Session(problem).model, formulate(problem)
    assert (ours.pair_cost == theirs.pair_cost).all()
    assert (ours.allowed == theirs.allowed).all()
    assert (ours.load_cost.runs == theirs.load_cost.runs).all()


def test_a_ticket_added_later_costs_what_it_costs_at_the_start() -> None:
    random = np.random.default_rng(6)
    tickets = [a_ticket(random, f"t{i}") for i in range(6)]
    agents = [an_agent(random, f"a{j}") for j in range(4)]
    whole = Session(Problem(tickets, agents, Policy(capacity=5), now=10**6))
    grown = Session(Problem(tickets[:3], agents, Policy(capacity=5), now=10**6))
    for ticket in tickets[3:]:
        grown.add_ticket(ticket)
    assert (whole.model.pair_cost == grown.model.pair_cost).all()


def test_a_change_cost_keeps_a_ticket_where_it_is() -> None:
    ann = Agent(agent_id="ann", skills={"mail": 8}, capacity=1)
    bob = Agent(agent_id="bob", skills={"mail": 9}, capacity=0)
    ticket = Ticket(ticket_id="t", skills={"mail": 1.0})
    for change_cost, expected in [(0.0, "bob"), (5.0, "ann")]:
        session = Session(Problem([ticket], [ann, bob], Policy(balance=0.0)), change_cost=change_cost)
        assert session.assigned == {"t": "ann"}
        session.set_capacity("bob", 1)
        assert session.assigned == {"t": expected}


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
    assert session.pin("t", None).moved == (("t", None, "bob"),)


def test_unknown_ids_and_coupling_rules_are_errors() -> None:
    session = Session(Problem([], [Agent(agent_id="ann", capacity=1)]))
    with pytest.raises(InvalidInputError, match="is not in the session"):
        session.remove_ticket("nobody")
    with pytest.raises(InvalidInputError, match="whole number"):
        session.set_load("ann", -1)
    with pytest.raises(UnsupportedModelError, match="max_new_per_agent"):
        Session(Problem([], [], Policy(max_new_per_agent=1)))
